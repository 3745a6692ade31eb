"""From the visits of one zone to a verdict, by rules fixed before anything is seen.

A control zone takes off what happened to the whole scalp or to the camera. Hair at the
back of the head is spared in pattern loss. If light or camera move both zones, the
target's own change is what it did beyond the control: a difference in differences on
log(visible scalp).

Where hair throws random shadows, log(visible scalp) = - hair x shadow, so ten per cent
more shadow for every hair moves the log by ten per cent *of itself*: by more where hair
is dense. The control's difference is therefore taken in the proportion of the two zones'
logs at the baseline. Taken one to one, the same shadow would pass for a change of several
points; in percentage points, for 1.7.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import math
import statistics
from collections.abc import Mapping, Sequence

from hairtrack.change import explanations
from hairtrack.change.comparability import find_breaks, grade_pair
from hairtrack.change.interim import (
    analyze_interim,
    find_unmarked_step,
    holm,
    judge_estimate,
)
from hairtrack.change.records import (
    AnalysisPlan,
    Assessment,
    Break,
    Comparability,
    Estimate,
    Grade,
    Repeatability,
    Verdict,
    VisitReading,
)
from hairtrack.change.repeatability import measure_repeatability, value_visit
from hairtrack.change.trend import (
    BASELINE_VISITS,
    Fit,
    TimeSeries,
    estimate_now,
    fit_until,
    trace_trend,
)
from hairtrack.messages import Message, join

Kept = list[tuple[VisitReading, float]]
Reasons = tuple[tuple[dt.date, Message], ...]


def assess(
    readings: Sequence[VisitReading],
    *,
    plan: AnalysisPlan | None = None,
    control: Sequence[VisitReading] = (),
    today: dt.date | None = None,
) -> Assessment:
    """Assess one subject, view and zone.

    Parameters
    ----------
    readings : sequence of VisitReading
        Visits; one a day.
    plan : AnalysisPlan, optional
        What was fixed beforehand.
    control : sequence of VisitReading
        The same visits in a zone that pattern loss spares; its change is taken off.
    today : datetime.date, optional
        Day for which `needed` is worked out; by default that of the latest visit.
    """
    plan = plan or AnalysisPlan()
    visits = sorted((r for r in readings if r.values), key=lambda r: r.day)
    breaks = find_breaks(visits, days=plan.breaks, joined=plan.joined)
    kept, left_out, doubtful = _choose_visits(visits, breaks, plan)
    kept, levels, unmatched = _subtract_control(kept, control, plan)
    if not kept:
        known = measure_repeatability(visits)
        assessment = Assessment(
            since="treatment" if plan.start else "tracking",
            origin=plan.start,
            primary=plan.primary,
            margin_pp=plan.margin_pp,
            repeatability=known,
            visits=tuple(value_visit(visit, known) for visit in visits),
            left_out=(*left_out, *unmatched),
        )
        needed = tuple(explanations.list_needs(assessment, None, today=today))
        return dataclasses.replace(assessment, needed=needed)
    broken = any(not found.joined for found in breaks)
    series = TimeSeries.of(kept, plan=plan, broken=broken, levels=levels)
    fit = fit_until(series, len(series.days))
    known = _measure_noise(visits, series, fit)
    assessment = Assessment(
        since=series.since,
        origin=series.origin,
        week=series.week,
        analyses=analyze_interim(series),
        estimate=estimate_now(series, fit) if fit else None,
        primary=plan.primary,
        margin_pp=plan.margin_pp,
        repeatability=known,
        visits=tuple(value_visit(visit, known) for visit in visits),
        left_out=(*left_out, *unmatched),
        doubtful=doubtful,
        trend=trace_trend(series, fit) if fit else (),
        breaks=tuple(breaks),
        step=find_unmarked_step(series, len(series.days)),
        control=_estimate_control(kept, control, plan, broken),
    )
    decided = _decide(assessment)
    return dataclasses.replace(
        decided,
        alerts=explanations.list_alerts(series, known),
        cautions=explanations.list_cautions(decided),
        needed=tuple(
            explanations.list_needs(decided, series, today=today or visits[-1].day)
        ),
    )


def hold_family(assessments: Mapping[str, Assessment]) -> dict[str, Assessment]:
    """Correct the verdicts of all zones but the primary for their number (Holm).

    Parameters
    ----------
    assessments : mapping of str to Assessment
        All zones, under any names.

    Returns
    -------
    dict
        The same; gains and losses that may be chance, given the number of zones, become
        "within noise".
    """
    others = [name for name, c in assessments.items() if not c.primary and c.analyses]
    chances = [
        min(0.05 * one.p_value / one.level for one in assessments[name].analyses)
        for name in others
    ]
    fallen = dict(zip(others, holm(chances), strict=True))
    told = Message(
        "Alone this would count as a change; among {count} parts of the head it may be "
        "chance.",
        count=len(others),
    )
    held = dict(assessments)
    for name in others:
        assessment = assessments[name]
        if assessment.verdict in (Verdict.GAIN, Verdict.LOSS) and not fallen[name]:
            held[name] = dataclasses.replace(
                assessment,
                verdict=Verdict.WITHIN_NOISE,
                cautions=(*assessment.cautions, told),
            )
    return held


def _measure_noise(
    visits: Sequence[VisitReading], series: TimeSeries, fit: Fit | None
) -> Repeatability:
    """Return the noise of repeats and of visits about the trend, or before treatment."""
    before = series.levels_pp[series.weeks <= 0]
    steady: tuple[float, int] | None = None
    if fit is not None:
        steady = fit.sd**2, fit.dof
    elif len(before) > 1:
        steady = float(before.var(ddof=1)), len(before) - 1
    return measure_repeatability(visits, steady=steady)


def _choose_visits(
    visits: Sequence[VisitReading], breaks: Sequence[Break], plan: AnalysisPlan
) -> tuple[Kept, Reasons, Reasons]:
    """Return the visits since the last break that can be compared, refused, doubtful.

    All are graded against one of the first: the one that most agree with, so that
    one odd visit at the start does not throw out all that follow.
    """
    cuts = [found.day for found in breaks if not found.joined]
    stretch = [r for r in visits if not cuts or r.day >= cuts[-1]]
    early = [r for r in stretch if plan.start is None or r.day <= plan.start]
    everything_joined = tuple(found.day for found in breaks)

    def grade(anchor: VisitReading) -> list[Comparability]:
        return [
            grade_pair(
                min(anchor, r, key=lambda one: one.day),
                max(r, anchor, key=lambda one: one.day),
                season=False,
                joined=everything_joined,
            )
            for r in stretch
        ]

    graded: list[Comparability] = []
    fewest = math.inf
    for anchor in (early or stretch)[:4]:
        found = grade(anchor)
        refused = sum(c.grade is Grade.REFUSED for c in found)
        if refused < fewest:
            graded, fewest = found, refused
        if not refused:
            break
    pairs = list(zip(stretch, graded, strict=True))
    kept = [(r, c.extra_pp) for r, c in pairs if c.grade is not Grade.REFUSED]
    told = [
        tuple((r.day, join(c.reasons, "; ")) for r, c in pairs if c.grade is grade_)
        for grade_ in (Grade.REFUSED, Grade.DOUBTFUL)
    ]
    return kept, told[0], told[1]


def _subtract_control(
    kept: Kept, control: Sequence[VisitReading], plan: AnalysisPlan
) -> tuple[Kept, list[float] | None, Reasons]:
    """Return visits and levels with the control's change taken off, and days without."""
    if not control or not kept:
        return kept, None, ()
    levels = {reading.day: reading.level for reading in control if reading.values}
    missing = Message("the control zone was not measured")
    alone = tuple((r.day, missing) for r, _ in kept if r.day not in levels)
    matched = [(r, extra) for r, extra in kept if r.day in levels]
    if not matched:
        return [], None, alone
    start = plan.start or dt.date.min
    before = [place for place, (r, _) in enumerate(matched) if r.day <= start]
    adjusted = adjust(
        [r.level for r, _ in matched],
        [levels[r.day] for r, _ in matched],
        baseline=before or range(min(BASELINE_VISITS, len(matched))),
    )
    return matched, adjusted, alone


def _estimate_control(
    kept: Kept, control: Sequence[VisitReading], plan: AnalysisPlan, broken: bool
) -> Estimate | None:
    """Return the change of the control zone."""
    days = {reading.day for reading, _ in kept}
    own: Kept = [(r, 0.0) for r in sorted(control, key=lambda r: r.day) if r.day in days]
    if not own:
        return None
    series = TimeSeries.of(own, plan=plan, broken=broken)
    fit = fit_until(series, len(own))
    return estimate_now(series, fit) if fit else None


def _decide(assessment: Assessment) -> Assessment:
    """Take the verdict of the latest analysis; before the first one a provisional one."""
    now = assessment.estimate
    latest = judge_estimate(now, assessment.margin_pp) if now else None
    if assessment.analyses:
        last = assessment.analyses[-1]
        return dataclasses.replace(
            assessment,
            verdict=last.verdict,
            provisional=False,
            latest_verdict=latest if now and now.n > last.estimate.n else None,
        )
    early = assessment.week < explanations.FIRST_READING_WEEK
    if assessment.since == "treatment" and early:
        return dataclasses.replace(assessment, verdict=Verdict.TOO_EARLY)
    verdict = latest or Verdict.NOT_ENOUGH_DATA
    return dataclasses.replace(assessment, verdict=verdict, latest_verdict=latest)


FLOOR = 0.02
"""Lower limit of visible scalp: logs of smaller values are noise."""

_MAX_SHARE = 2.0


def log_scalp(level: float) -> float:
    """Return log(visible scalp), floored, and below 0 also where all is scalp."""
    return math.log(min(max(level, FLOOR), 1 - FLOOR))


def adjust(
    levels: Sequence[float], controls: Sequence[float], *, baseline: Sequence[int]
) -> list[float]:
    """Return the levels with the control's change taken off.

    Parameters
    ----------
    levels, controls : sequence of float
        Visible scalp of target and control on the same visits, fractions.
    baseline : sequence of int
        Places of the visits from which differences are taken.

    Returns
    -------
    list of float
        Fractions. Their scatter holds the control's own.

    Raises
    ------
    ValueError
        If the lengths differ, or there is no baseline.

    Examples
    --------
    Ten per cent more shadow on both zones is no change of the target:

    >>> before, after = (0.4, 0.08), (0.4**1.1, 0.08**1.1)
    >>> [round(v, 3) for v in adjust(*zip(before, after), baseline=[0])]
    [0.4, 0.4]
    """
    if len(levels) != len(controls) or not baseline:
        raise ValueError("target and control go together, and need a baseline")
    target = [log_scalp(level) for level in levels]
    control = [log_scalp(level) for level in controls]
    start = statistics.fmean(control[place] for place in baseline)
    share = min(statistics.fmean(target[place] for place in baseline) / start, _MAX_SHARE)
    return [
        min(1.0, math.exp(t - share * (c - start)))
        for t, c in zip(target, control, strict=True)
    ]
