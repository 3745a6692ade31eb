"""Verdicts in words: what was measured, how sure it is, and what would tell more."""

from __future__ import annotations

import datetime as dt
import math

import numpy as np

from hairtrack.change.interim import MIN_STEP_GAIN, SPENT
from hairtrack.change.records import (
    Assessment,
    Change,
    Estimate,
    Interval,
    Noise,
    Repeatability,
    Verdict,
)
from hairtrack.change.repeatability import OWN_DOF, variance_of_visit
from hairtrack.change.trend import MIN_DOF, TimeSeries
from hairtrack.statistics import t_quantile

__all__ = [
    "advise_on_saturation",
    "describe_change",
    "describe_delta",
    "describe_interval",
    "describe_verdict",
    "list_alerts",
    "list_cautions",
    "list_needs",
    "say_day",
]


def describe_delta(delta_pp: float) -> str:
    """Say a change of visible scalp in words.

    Examples
    --------
    >>> describe_delta(-3.14)
    'less scalp shows: 3.1 points'
    >>> describe_delta(0.04)
    'as much scalp shows as before'
    """
    size = f"{abs(delta_pp):.1f}"
    if size == "0.0":
        return "as much scalp shows as before"
    if delta_pp < 0:
        return f"less scalp shows: {size} points"
    return f"more scalp shows: {size} points"


def describe_interval(interval_pp: Interval) -> str:
    """Say an interval of a change in words.

    Examples
    --------
    >>> describe_interval((-5.02, 1.2))
    'between 5.0 points less and 1.2 points more'
    """
    low, high = (_say_side(end) for end in interval_pp)
    return f"between {low} and {high}"


def describe_verdict(course: Assessment) -> str:
    """Say a verdict in one or two sentences.

    Parameters
    ----------
    course : Assessment
        What can be said of a zone.

    Returns
    -------
    str
    """
    if course.verdict is Verdict.TOO_EARLY:
        return "Too early: before week 12 of a treatment nothing is read from the visits."
    if course.provisional:
        return _tell_provisional(course)
    look = course.analyses[-1]
    judged = _tell_verdict(course.verdict, look.estimate, course.margin_pp)
    said = f"{judged}, at the formal look of week {look.week} ({say_day(look.day)})."
    if course.latest_verdict is None or course.estimate is None:
        return said
    now = describe_delta(course.estimate.delta_pp)
    return f"{said} Since then, provisionally: {now}."


def describe_change(change: Change) -> str:
    """Say how two visits differ and whether that is more than noise.

    Parameters
    ----------
    change : Change
        Two visits.

    Returns
    -------
    str
    """
    said = f"{_tell_size(change.delta_pp, change.interval_pp)}."
    if change.beyond_noise is None:
        reasons = "; ".join(change.comparability.reasons)
        return f"{said} These two visits cannot be compared: {reasons}."
    least = f"{change.sdc95_pp:.1f} points"
    if change.noise is Noise.ASSUMED:
        least = f"{least}, which is assumed so far"
    elif change.noise is Noise.PARTLY_ASSUMED:
        least = f"{least}, which is partly assumed so far"
    if change.beyond_noise:
        judged = f"That is more than repeats differ by ({least})."
    else:
        judged = f"That is within what repeats differ by ({least}): it may be none."
    doubt = "; ".join(change.comparability.reasons)
    doubtful = f"What makes it doubtful: {doubt}." if doubt else ""
    return " ".join(part for part in (said, judged, doubtful) if part)


def _tell_provisional(course: Assessment) -> str:
    if course.estimate is None or course.verdict is Verdict.NOT_ENOUGH_DATA:
        return "Not enough data for a verdict yet."
    said = _tell_verdict(course.verdict, course.estimate, course.margin_pp)
    said = said[0].lower() + said[1:]
    return f"Provisional, not a finding: {said}."


def _tell_verdict(verdict: Verdict, estimate: Estimate, margin_pp: float) -> str:
    change = describe_delta(estimate.delta_pp)
    known = f"95 %: {describe_interval(estimate.interval_pp)}"
    if verdict is Verdict.NO_LARGER:
        return f"No change larger than {margin_pp:g} points ({change}; {known})"
    if verdict is Verdict.WITHIN_NOISE:
        return f"Within noise ({change}; {known})"
    if verdict is Verdict.NOT_ENOUGH_DATA:
        return f"Not enough is known to judge the change ({change}; {known})"
    return _tell_size(estimate.delta_pp, estimate.interval_pp)


def _tell_size(delta_pp: float, interval_pp: Interval) -> str:
    size, known = f"{abs(delta_pp):.1f}", describe_interval(interval_pp)
    if size == "0.0":
        return f"As much scalp shows as before (95 %: {known})"
    if delta_pp < 0:
        return f"Less scalp shows: {size} points (95 %: {known})"
    return f"More scalp shows: {size} points (95 %: {known})"


def _say_side(delta_pp: float) -> str:
    size = f"{abs(delta_pp):.1f}"
    return f"{size} points less" if delta_pp < 0 else f"{size} points more"


MAX_COVER = 0.85
"""Above this hair cover a denser head hardly shows (random-shadow model)."""

_PHOTOS = 3
_BASELINE_VISITS = 3


def say_day(day: dt.date) -> str:
    """Say a date as "3 March 2025"."""
    return f"{day.day} {day:%B %Y}"


def advise_on_saturation(visible_scalp: float) -> str | None:
    """Advise the parted view where hair hides nearly all the skin, else `None`."""
    if 1 - visible_scalp < MAX_COVER:
        return None
    return (
        f"Hair covers {100 * (1 - visible_scalp):.0f} % here: more of it would hide hardly "
        "any more skin. The parted midline view shows a change better."
    )


def list_alerts(
    course: Assessment, series: TimeSeries, known: Repeatability
) -> tuple[str, ...]:
    """Return alerts: more scalp than noise explains on the two latest visits running.

    They do not wait for a week or a look.
    """
    base = _baseline(series)
    if len(series.days) - len(base) < 2 or len(base) == 0:
        return ()
    level = float(np.mean(series.levels_pp[base]))
    for place in (-1, -2):
        variance = variance_of_visit(int(series.photos[place]), known)
        variance = variance * float(series.relative[place]) + known.sem_pp**2 / len(base)
        if series.levels_pp[place] - level <= t_quantile(0.975, known.dof) * math.sqrt(
            variance
        ):
            return ()
    told = (
        "More scalp shows than repeats differ by, on two visits running "
        f"({say_day(series.days[-2])} and {say_day(series.days[-1])}): show it to your "
        "clinician, unless a haircut, wet hair or another lamp explains it."
    )
    return (told,)


def list_cautions(course: Assessment) -> tuple[str, ...]:
    """Return how far to trust a verdict."""
    return tuple(
        said
        for said in (
            _on_origin(course),
            _on_noise(course),
            _on_step(course),
            _on_control(course),
            _on_season(course),
            _on_correlation(course),
            _on_outliers(course),
            _on_family(course),
        )
        if said
    )


def list_needs(
    course: Assessment, series: TimeSeries | None, *, today: dt.date | None
) -> tuple[str, ...]:
    """Return what would tell more, with dates."""
    found = [*_need_photos(course), *_need_baseline(course, series, today)]
    if course.step and course.verdict is Verdict.NOT_ENOUGH_DATA and course.analyses:
        found.append(
            "Say whether the hair was cut or changed between "
            f"{say_day(course.step.after)} and {say_day(course.step.day)}."
        )
    found += _need_time(course, series, today)
    return tuple(found)


def _baseline(series: TimeSeries) -> np.ndarray:
    """Return the places of the visits that form the baseline."""
    if series.treated:
        return np.flatnonzero(series.weeks <= 0)
    return np.arange(min(_BASELINE_VISITS, len(series.days)))


def _on_origin(course: Assessment) -> str | None:
    if course.origin is None or course.since == "treatment":
        return None
    if course.since == "break":
        return (
            f"Compared since {say_day(course.origin)}: {_last_reason(course)}, so earlier "
            "visits are not compared unless you join them."
        )
    return (
        f"Since tracking began on {say_day(course.origin)}. Nothing is said about the time "
        "before."
    )


def _last_reason(course: Assessment) -> str:
    return next(found.reason for found in reversed(course.breaks) if not found.joined)


def _on_noise(course: Assessment) -> str | None:
    known = course.repeatability
    if known is None or known.noise is Noise.OWN:
        return None
    if known.noise is Noise.ASSUMED:
        return "How far your repeats differ is still assumed."
    return "How far your repeats differ is still partly assumed."


def _on_step(course: Assessment) -> str | None:
    step = course.step
    if step is None:
        return None
    after, day = say_day(step.after), say_day(step.day)
    size = f"{abs(step.delta_pp):.1f} points"
    size = f"{size} more scalp" if step.delta_pp > 0 else f"{size} less scalp"
    if step.better < MIN_STEP_GAIN:
        return (
            f"One step between {after} and {day} ({size}) would explain the course as well "
            "as a slow change: if the hair was cut or the lamp changed then, say so."
        )
    return (
        f"The change seems to have come at once, between {after} and {day} ({size}): a "
        "haircut, dye, another comb or another lamp does that; growth does not."
    )


def _on_control(course: Assessment) -> str | None:
    moved = course.control
    if moved is None:
        return None
    low, high = moved.interval_pp
    if low <= 0 <= high:
        return "The control zone did not move beyond noise; what it did is taken off."
    return (
        "The back changed too: camera, haircut and a change of the whole scalp cannot be "
        "told apart. What it did is taken off, which is right for pattern loss only."
    )


def _on_season(course: Assessment) -> str | None:
    if course.estimate is None or course.estimate.season or course.week < 12:
        return None
    return "Hair cover moves with the season; before week 52 that is not taken off."


def _on_correlation(course: Assessment) -> str | None:
    if course.estimate is None or course.estimate.autocorrelation < 0.25:
        return None
    return "Neighbouring visits err alike; the intervals are wider for it."


def _on_outliers(course: Assessment) -> str | None:
    odd = [visit for visit in course.visits if visit.outliers]
    if not odd:
        return None
    days = ", ".join(say_day(visit.day) for visit in odd)
    return (
        f"One photograph stands far from the others of its visit ({days}); it still counts."
    )


def _on_family(course: Assessment) -> str | None:
    return None if course.primary else "This is not the zone declared beforehand."


def _need_photos(course: Assessment) -> list[str]:
    if course.visits and course.visits[-1].n >= _PHOTOS:
        return []
    return [
        "Take three photographs of this view on every visit, combing anew between them."
    ]


def _need_baseline(
    course: Assessment, series: TimeSeries | None, today: dt.date | None
) -> list[str]:
    if series is None or not series.treated:
        if course.since == "tracking":
            return ["Declare the start of treatment, if there is one."]
        return []
    missing = _BASELINE_VISITS - len(_baseline(series))
    if missing > 0 and today is not None and today <= series.origin:
        return [f"{_visits(missing)} before treatment starts on {say_day(series.origin)}."]
    return []


def _need_time(
    course: Assessment, series: TimeSeries | None, today: dt.date | None
) -> list[str]:
    if series is None or today is None:
        return ["One more visit."] if not course.visits else []
    held = max((look.week for look in course.analyses), default=0)
    ends = [*list(SPENT)[1:], math.inf]
    passed = (today - series.origin).days / 7
    ahead = [
        week for week, end in zip(SPENT, ends, strict=True) if week > held and passed < end
    ]
    found = []
    if ahead:
        day = series.origin + dt.timedelta(weeks=ahead[0])
        found.append(
            f"Wait until {say_day(day)}: the formal look of week {ahead[0]}."
            if day > today
            else f"The formal look of week {ahead[0]} is due: the next visit counts for it."
        )
    short = _visits_short(series)
    if short and not course.analyses:
        found.insert(0, f"{_visits(short)} for a formal look.")
    known = course.repeatability
    own = OWN_DOF - known.between_dof if known else 0
    if own > 0 and not short:
        found.append(f"{_visits(own)} until the noise is your own.")
    if course.verdict is Verdict.WITHIN_NOISE and (more := _visits_to_margin(course)):
        found.append(
            f"About {_visits(more).lower()} to tell changes of {course.margin_pp:g} points."
        )
    return found


def _visits_short(series: TimeSeries) -> int:
    """Return how many visits are missing for a formal look."""
    weeks = series.weeks
    missing = MIN_DOF + 2 - len(weeks)
    if series.treated:
        missing = max(missing, 3 - int(np.sum(weeks >= 12)))
    return max(0, missing)


def _visits_to_margin(course: Assessment) -> int:
    """Return how many visits make the 90 % interval fit into the margin, roughly."""
    if course.estimate is None:
        return 0
    low, high = course.estimate.interval90_pp
    ratio = (high - low) / 2 / course.margin_pp
    if ratio <= 1:
        return 0
    return min(99, math.ceil(course.estimate.n * (ratio**2 - 1)))


def _visits(count: int) -> str:
    return "One more visit" if count == 1 else f"{count} more visits"
