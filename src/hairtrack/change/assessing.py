"""From visits to a verdict, by rules that are fixed before anything is seen."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Mapping, Sequence

from hairtrack.change import control as controls
from hairtrack.change import needs
from hairtrack.change.bands import trace_course
from hairtrack.change.comparability import find_breaks, grade_pair
from hairtrack.change.looks import holm
from hairtrack.change.records import (
    Break,
    Comparability,
    Course,
    Estimate,
    Grade,
    Plan,
    Reading,
    Repeatability,
    Step,
    Verdict,
)
from hairtrack.change.repeatability import measure_repeatability, value_visit
from hairtrack.change.replay import Series, estimate_now, fit_until, hold_looks, lean
from hairtrack.change.steps import find_step
from hairtrack.change.trend import Fit

__all__ = ["FIRST_READING_WEEK", "assess", "hold_family"]

FIRST_READING_WEEK = 12
"""Before it every verdict on a treatment is "too early"."""

Kept = list[tuple[Reading, float]]
Reasons = tuple[tuple[dt.date, str], ...]


def assess(
    readings: Sequence[Reading],
    *,
    plan: Plan | None = None,
    control: Sequence[Reading] = (),
    today: dt.date | None = None,
) -> Course:
    """Say what can be said of one subject, view and zone.

    Parameters
    ----------
    readings : sequence of Reading
        Visits; one a day.
    plan : Plan, optional
        What was fixed beforehand.
    control : sequence of Reading
        The same visits in a zone that pattern loss spares; what it did is taken off.
    today : datetime.date, optional
        For what is still needed; by default the day of the latest visit.

    Returns
    -------
    Course
    """
    plan = plan or Plan()
    visits = sorted((r for r in readings if r.shots), key=lambda r: r.day)
    breaks = find_breaks(visits, days=plan.breaks, joined=plan.joined)
    kept, left_out, doubtful = _choose_visits(visits, breaks, plan)
    kept, levels, unmatched = _take_off(kept, control, plan)
    if not kept:
        return _nothing_yet(visits, (*left_out, *unmatched), plan, today)
    broken = any(not found.joined for found in breaks)
    series = Series.of(kept, plan=plan, broken=broken, levels=levels)
    fit = fit_until(series, len(series.days))
    known = _know_noise(visits, series, fit)
    course = Course(
        verdict=Verdict.NOT_ENOUGH_DATA,
        provisional=True,
        since=series.since,
        origin=series.origin,
        week=series.week,
        looks=hold_looks(series),
        reading=estimate_now(series, fit) if fit else None,
        primary=plan.primary,
        margin_pp=plan.margin_pp,
        repeatability=known,
        visits=tuple(value_visit(visit, known) for visit in visits),
        left_out=(*left_out, *unmatched),
        doubtful=doubtful,
        trend=trace_course(series, fit) if fit else (),
        breaks=tuple(breaks),
        step=_find_step(series),
        control=_watch_control(kept, control, plan, broken),
    )
    decided = _decide(course)
    return dataclasses.replace(
        decided,
        alerts=needs.list_alerts(decided, series, known),
        cautions=needs.list_cautions(decided),
        needed=needs.list_needs(decided, series, today=today or visits[-1].day),
    )


def hold_family(courses: Mapping[str, Course]) -> dict[str, Course]:
    """Return the courses with the verdicts of all but the primary held together (Holm).

    Parameters
    ----------
    courses : mapping of str to Course
        All zones that are looked at, under any names.

    Returns
    -------
    dict
        The same; gains and losses that may be chance, since so many zones were
        looked at, are turned into "within noise".
    """
    others = [name for name, c in courses.items() if not c.primary and c.looks]
    chances = [
        min(0.05 * look.p_value / look.level for look in courses[name].looks)
        for name in others
    ]
    fallen = dict(zip(others, holm(chances), strict=True))
    told = (
        f"Alone this would be called; among {len(others)} zones beside the primary one "
        "it may be chance."
    )
    held = dict(courses)
    for name in others:
        course = courses[name]
        if course.verdict in (Verdict.GAIN, Verdict.LOSS) and not fallen[name]:
            held[name] = dataclasses.replace(
                course, verdict=Verdict.WITHIN_NOISE, cautions=(*course.cautions, told)
            )
    return held


def _know_noise(
    visits: Sequence[Reading], series: Series, fit: Fit | None
) -> Repeatability:
    """Return the noise of a series: its repeats, and its visits about their course.

    Before there is a course it is that of the visits before treatment.
    """
    before = series.levels_pp[series.weeks <= 0]
    steady: tuple[float, int] | None = None
    if fit is not None:
        steady = fit.sd**2, fit.freedom
    elif len(before) > 1:
        steady = float(before.var(ddof=1)), len(before) - 1
    return measure_repeatability(visits, steady=steady, prior=series.plan.prior)


def _nothing_yet(
    visits: Sequence[Reading], left_out: Reasons, plan: Plan, today: dt.date | None
) -> Course:
    known = measure_repeatability(visits, prior=plan.prior)
    course = Course(
        verdict=Verdict.NOT_ENOUGH_DATA,
        provisional=True,
        since="treatment" if plan.start else "tracking",
        origin=plan.start,
        week=0.0,
        primary=plan.primary,
        margin_pp=plan.margin_pp,
        repeatability=known,
        visits=tuple(value_visit(visit, known) for visit in visits),
        left_out=left_out,
    )
    return dataclasses.replace(course, needed=needs.list_needs(course, None, today=today))


def _choose_visits(
    visits: Sequence[Reading], breaks: Sequence[Break], plan: Plan
) -> tuple[Kept, Reasons, Reasons]:
    """Return the visits since the last break that can be compared, refused, doubtful.

    All are graded against one of the first: the one that most agree with, so that
    one odd visit at the start does not throw out all that follow.
    """
    cuts = [found.day for found in breaks if not found.joined]
    stretch = [r for r in visits if not cuts or r.day >= cuts[-1]]
    early = [r for r in stretch if plan.start is None or r.day <= plan.start]
    everything_joined = tuple(found.day for found in breaks)

    def grade(anchor: Reading) -> list[Comparability]:
        return [
            grade_pair(*_in_order(anchor, r), season=False, joined=everything_joined)
            for r in stretch
        ]

    graded = min(
        (grade(anchor) for anchor in (early or stretch)[:4]),
        key=lambda found: sum(c.grade is Grade.REFUSED for c in found),
        default=[],
    )
    pairs = list(zip(stretch, graded, strict=True))
    kept = [(r, c.extra_pp) for r, c in pairs if c.grade is not Grade.REFUSED]
    told = [
        tuple((r.day, "; ".join(c.reasons)) for r, c in pairs if c.grade is grade_)
        for grade_ in (Grade.REFUSED, Grade.DOUBTFUL)
    ]
    return kept, told[0], told[1]


def _in_order(one: Reading, other: Reading) -> tuple[Reading, Reading]:
    return (one, other) if one.day <= other.day else (other, one)


def _take_off(
    kept: Kept, control: Sequence[Reading], plan: Plan
) -> tuple[Kept, list[float] | None, Reasons]:
    """Return visits and levels with the control's change taken off, and days without."""
    if not control or not kept:
        return kept, None, ()
    levels = {reading.day: reading.level for reading in control if reading.shots}
    matched = [(r, extra) for r, extra in kept if r.day in levels]
    alone = tuple(
        (r.day, "the control zone was not measured") for r, _ in kept if r.day not in levels
    )
    if not matched:
        return [], None, alone
    days = [reading.day for reading, _ in matched]
    before = [
        i for i, day in enumerate(days) if plan.start is not None and day <= plan.start
    ]
    adjusted = controls.adjust(
        [reading.level for reading, _ in matched],
        [levels[day] for day in days],
        baseline=before or range(min(3, len(days))),
    )
    return matched, adjusted, alone


def _watch_control(
    kept: Kept, control: Sequence[Reading], plan: Plan, broken: bool
) -> Estimate | None:
    """Return what the control zone did by itself."""
    days = {reading.day for reading, _ in kept}
    own: Kept = [(r, 0.0) for r in sorted(control, key=lambda r: r.day) if r.day in days]
    if not own:
        return None
    series = Series.of(own, plan=plan, broken=broken)
    fit = fit_until(series, len(own))
    return estimate_now(series, fit) if fit else None


def _find_step(series: Series) -> Step | None:
    count = len(series.days)
    step = find_step(series.days, series.levels_pp, series.shape(count))
    if step and any(step.after < day <= step.day for day in series.plan.joined):
        return None
    return step


def _decide(course: Course) -> Course:
    """Take the latest look's verdict; before the first one a provisional reading."""
    leaning = lean(course.reading, course.margin_pp) if course.reading else None
    if course.looks:
        last = course.looks[-1]
        newer = bool(course.reading and course.reading.n > last.estimate.n)
        return dataclasses.replace(
            course,
            verdict=last.verdict,
            provisional=False,
            leaning=leaning if newer else None,
        )
    if course.since == "treatment" and course.week < FIRST_READING_WEEK:
        return dataclasses.replace(course, verdict=Verdict.TOO_EARLY)
    if leaning is None:
        return course
    return dataclasses.replace(course, verdict=leaning, leaning=leaning)
