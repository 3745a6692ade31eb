"""Verdicts in words: what was measured, how sure it is, and what would tell more."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterator

import numpy as np

from hairtrack.change.interim import MIN_STEP_GAIN, SPENT
from hairtrack.change.records import (
    Assessment,
    Change,
    Estimate,
    Noise,
    Repeatability,
    Step,
    Verdict,
)
from hairtrack.change.repeatability import OWN_DOF, variance_of_visit
from hairtrack.change.trend import MIN_DOF, TimeSeries
from hairtrack.messages import Message, join, plural_message, uncapitalized
from hairtrack.statistics import Interval, t_quantile

MAX_COVER = 0.85
"""Above this hair cover a denser head hardly shows (random-shadow model)."""

_PHOTOS = 3
_BASELINE_VISITS = 3


def describe_delta(delta_pp: float) -> Message:
    """Describe a change of visible scalp.

    Examples
    --------
    >>> print(describe_delta(-3.14))
    less scalp shows: 3.1 points
    >>> print(describe_delta(0.04))
    as much scalp shows as before
    """
    size = abs(delta_pp)
    if f"{size:.1f}" == "0.0":
        return Message("as much scalp shows as before")
    if delta_pp < 0:
        return Message("less scalp shows: {points:.1f} points", points=size)
    return Message("more scalp shows: {points:.1f} points", points=size)


def describe_interval(interval_pp: Interval) -> Message:
    """Describe an interval of a change.

    Examples
    --------
    >>> print(describe_interval((-5.02, 1.2)))
    between 5.0 points less and 1.2 points more
    """
    low, high = (
        Message("{points:.1f} points less", points=-end)
        if end < 0
        else Message("{points:.1f} points more", points=end)
        for end in interval_pp
    )
    return Message("between {low} and {high}", low=low, high=high)


def describe_verdict(assessment: Assessment) -> Message:
    """Describe a verdict in one or two sentences."""
    if assessment.verdict is Verdict.TOO_EARLY:
        return Message(
            "Too early: before week 12 of a treatment nothing is read from the visits."
        )
    now = assessment.estimate
    if assessment.provisional:
        if now is None or assessment.verdict is Verdict.NOT_ENOUGH_DATA:
            return Message("Not enough data for a verdict yet.")
        judged = _describe_estimate(assessment.verdict, now, assessment.margin_pp)
        return Message(
            "Provisional, not a finding: {verdict}.", verdict=uncapitalized(judged)
        )
    last = assessment.analyses[-1]
    said = Message(
        "{verdict}, at the formal look of week {week} ({day}).",
        verdict=_describe_estimate(assessment.verdict, last.estimate, assessment.margin_pp),
        week=last.week,
        day=last.day,
    )
    if assessment.latest_verdict is None or now is None:
        return said
    return Message(
        "{verdict} Since then, provisionally: {change}.",
        verdict=said,
        change=describe_delta(now.delta_pp),
    )


def describe_change(change: Change) -> Message:
    """Describe how two visits differ and whether that is more than noise."""
    said = Message("{change}.", change=_describe_size(change.delta_pp, change.interval_pp))
    doubt = join(change.comparability.reasons, "; ")
    if change.beyond_noise is None:
        refused = Message("These two visits cannot be compared: {reasons}.", reasons=doubt)
        return join((said, refused), " ")
    least = Message("{points:.1f} points", points=change.sdc95_pp)
    if change.noise is Noise.ASSUMED:
        least = Message("{points}, which is assumed so far", points=least)
    elif change.noise is Noise.PARTLY_ASSUMED:
        least = Message("{points}, which is partly assumed so far", points=least)
    if change.beyond_noise:
        judged = Message("That is more than repeats differ by ({points}).", points=least)
    else:
        judged = Message(
            "That is within what repeats differ by ({points}): it may be none.",
            points=least,
        )
    if not change.comparability.reasons:
        return join((said, judged), " ")
    doubtful = Message("What makes it doubtful: {reasons}.", reasons=doubt)
    return join((said, judged, doubtful), " ")


def _describe_estimate(verdict: Verdict, estimate: Estimate, margin_pp: float) -> Message:
    change = describe_delta(estimate.delta_pp)
    interval = describe_interval(estimate.interval_pp)
    if verdict is Verdict.NO_LARGER:
        return Message(
            "No change larger than {margin:g} points ({change}; 95 %: {interval})",
            margin=margin_pp,
            change=change,
            interval=interval,
        )
    if verdict is Verdict.WITHIN_NOISE:
        return Message(
            "Within noise ({change}; 95 %: {interval})", change=change, interval=interval
        )
    if verdict is Verdict.NOT_ENOUGH_DATA:
        return Message(
            "Not enough is known to judge the change ({change}; 95 %: {interval})",
            change=change,
            interval=interval,
        )
    return _describe_size(estimate.delta_pp, estimate.interval_pp)


def _describe_size(delta_pp: float, interval_pp: Interval) -> Message:
    return Message(
        "{change!c} (95 %: {interval})",
        change=describe_delta(delta_pp),
        interval=describe_interval(interval_pp),
    )


def advise_on_saturation(visible_scalp: float) -> Message | None:
    """Advise the parted view where hair hides nearly all the skin, else `None`."""
    if 1 - visible_scalp < MAX_COVER:
        return None
    return Message(
        "Hair covers {cover:.0f} % here: more of it would hide hardly any more skin. The "
        "parted midline view shows a change better.",
        cover=100 * (1 - visible_scalp),
    )


def list_alerts(series: TimeSeries, known: Repeatability) -> tuple[Message, ...]:
    """Return an alert where the two latest visits both show more scalp than noise explains.

    It does not wait for an interim analysis.
    """
    base = _find_baseline(series)
    if len(series.days) - len(base) < 2 or len(base) == 0:
        return ()
    level = float(np.mean(series.levels_pp[base]))
    for index in (-1, -2):
        variance = variance_of_visit(int(series.photos[index]), known)
        variance = variance * float(series.relative[index]) + known.sem_pp**2 / len(base)
        half = t_quantile(0.975, known.dof) * math.sqrt(variance)
        if series.levels_pp[index] - level <= half:
            return ()
    told = Message(
        "More scalp shows than repeats differ by, on two visits running ({first} and "
        "{last}): show it to your clinician, unless a haircut, wet hair or another lamp "
        "explains it.",
        first=series.days[-2],
        last=series.days[-1],
    )
    return (told,)


def list_cautions(assessment: Assessment) -> tuple[Message, ...]:
    """Return how far a verdict can be trusted."""
    cautions = [
        *_caution_on_origin(assessment),
        *_caution_on_noise(assessment),
        *([_describe_step(assessment.step)] if assessment.step else []),
        *_caution_on_control(assessment),
        *_caution_on_visits(assessment),
    ]
    if not assessment.primary:
        cautions.append(Message("This is not the zone declared beforehand."))
    return tuple(cautions)


def _caution_on_origin(assessment: Assessment) -> Iterator[Message]:
    if assessment.since == "break":
        last = [found for found in assessment.breaks if not found.joined][-1]
        yield Message(
            "Compared since {day}: {reason}, so earlier visits are not compared unless you "
            "join them.",
            day=assessment.origin,
            reason=last.reason,
        )
    elif assessment.since == "tracking":
        yield Message(
            "Since tracking began on {day}. Nothing is said about the time before.",
            day=assessment.origin,
        )


def _caution_on_noise(assessment: Assessment) -> Iterator[Message]:
    noise = assessment.repeatability.noise if assessment.repeatability else Noise.OWN
    if noise is Noise.ASSUMED:
        yield Message("How far your repeats differ is still assumed.")
    elif noise is Noise.PARTLY_ASSUMED:
        yield Message("How far your repeats differ is still partly assumed.")


def _describe_step(step: Step) -> Message:
    points = abs(step.delta_pp)
    size = Message("{points:.1f} points less scalp", points=points)
    if step.delta_pp > 0:
        size = Message("{points:.1f} points more scalp", points=points)
    if step.better < MIN_STEP_GAIN:
        return Message(
            "One step between {after} and {day} ({size}) would explain the course as well "
            "as a slow change: if the hair was cut or the lamp changed then, say so.",
            after=step.after,
            day=step.day,
            size=size,
        )
    return Message(
        "The change seems to have come at once, between {after} and {day} ({size}): a "
        "haircut, dye, another comb or another lamp does that; growth does not.",
        after=step.after,
        day=step.day,
        size=size,
    )


def _caution_on_control(assessment: Assessment) -> Iterator[Message]:
    moved = assessment.control
    if moved and moved.interval_pp[0] <= 0 <= moved.interval_pp[1]:
        yield Message(
            "The control zone did not move beyond noise; what it did is taken off."
        )
    elif moved:
        yield Message(
            "The back changed too: camera, haircut and a change of the whole scalp cannot "
            "be told apart. What it did is taken off, which is right for pattern loss only."
        )


def _caution_on_visits(assessment: Assessment) -> Iterator[Message]:
    now = assessment.estimate
    if now and not now.season and assessment.week >= 12:
        yield Message(
            "Hair cover moves with the season; before week 52 that is not taken off."
        )
    if now and now.autocorrelation >= 0.25:
        yield Message("Neighbouring visits err alike; the intervals are wider for it.")
    days = [visit.day for visit in assessment.visits if visit.outliers]
    if days:
        yield Message(
            "One photograph stands far from the others of its visit ({days}); it still "
            "counts.",
            days=join([Message("{day}", day=day) for day in days], ", "),
        )


def list_needs(
    assessment: Assessment, series: TimeSeries | None, *, today: dt.date | None
) -> tuple[Message, ...]:
    """Return what would tell more, with dates."""
    return tuple(_list_needs(assessment, series, today))


def _list_needs(
    assessment: Assessment, series: TimeSeries | None, today: dt.date | None
) -> Iterator[Message]:
    if not assessment.visits or assessment.visits[-1].n < _PHOTOS:
        yield Message(
            "Take three photographs of this view on every visit, combing anew between them."
        )
    yield from _need_baseline(assessment, series, today)
    step = assessment.step
    if step and assessment.verdict is Verdict.NOT_ENOUGH_DATA and assessment.analyses:
        yield Message(
            "Say whether the hair was cut or changed between {after} and {day}.",
            after=step.after,
            day=step.day,
        )
    if series is not None and today is not None:
        yield from _need_time(assessment, series, today)
    elif not assessment.visits:
        yield Message("One more visit.")


def _need_baseline(
    assessment: Assessment, series: TimeSeries | None, today: dt.date | None
) -> Iterator[Message]:
    if series is None or not series.treated:
        declared = series is not None and series.plan.start is not None
        if assessment.since == "tracking" and not declared:
            yield Message("Declare the start of treatment, if there is one.")
        return
    missing = _BASELINE_VISITS - len(_find_baseline(series))
    if missing > 0 and today is not None and today <= series.origin:
        yield plural_message(
            "One more visit before treatment starts on {day}.",
            "{count} more visits before treatment starts on {day}.",
            count=missing,
            day=series.origin,
        )


def _need_time(
    assessment: Assessment, series: TimeSeries, today: dt.date
) -> Iterator[Message]:
    short = _count_missing(series)
    if short and not assessment.analyses:
        yield plural_message(
            "One more visit for a formal look.",
            "{count} more visits for a formal look.",
            count=short,
        )
    yield from _need_next_analysis(assessment, series, today)
    known = assessment.repeatability
    own = OWN_DOF - known.between_dof if known else 0
    if own > 0 and not short:
        yield plural_message(
            "One more visit until the noise is your own.",
            "{count} more visits until the noise is your own.",
            count=own,
        )
    more = _count_visits_to_margin(assessment)
    if assessment.verdict is Verdict.WITHIN_NOISE and more:
        yield plural_message(
            "About one more visit to tell changes of {margin:g} points.",
            "About {count} more visits to tell changes of {margin:g} points.",
            count=more,
            margin=assessment.margin_pp,
        )


def _need_next_analysis(
    assessment: Assessment, series: TimeSeries, today: dt.date
) -> Iterator[Message]:
    held = max((one.week for one in assessment.analyses), default=0)
    passed = (today - series.origin).days / 7
    ends = [*list(SPENT)[1:], math.inf]
    ahead = [
        week for week, end in zip(SPENT, ends, strict=True) if week > held and passed < end
    ]
    if not ahead:
        return
    week = ahead[0]
    day = series.origin + dt.timedelta(weeks=week)
    if day > today:
        yield Message(
            "Wait until {day}: the formal look of week {week}.", day=day, week=week
        )
    else:
        yield Message(
            "The formal look of week {week} is due: the next visit counts for it.",
            week=week,
        )


def _find_baseline(series: TimeSeries) -> np.ndarray:
    """Return the indices of the visits that form the baseline."""
    if series.treated:
        return np.flatnonzero(series.weeks <= 0)
    return np.arange(min(_BASELINE_VISITS, len(series.days)))


def _count_missing(series: TimeSeries) -> int:
    """Return how many visits are missing for an interim analysis."""
    weeks = series.weeks
    missing = MIN_DOF + 2 - len(weeks)
    if series.treated:
        missing = max(missing, 3 - int(np.sum(weeks >= 12)))
    return max(0, missing)


def _count_visits_to_margin(assessment: Assessment) -> int:
    """Return how many visits make the 90 % interval fit into the margin, roughly."""
    if assessment.estimate is None:
        return 0
    low, high = assessment.estimate.interval90_pp
    ratio = (high - low) / 2 / assessment.margin_pp
    if ratio <= 1:
        return 0
    return min(99, math.ceil(assessment.estimate.n * (ratio**2 - 1)))
