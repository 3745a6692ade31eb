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
from hairtrack.messages import Message, join, uncapitalized
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
        return Message("as much scalp shows as before")
    if delta_pp < 0:
        return Message("less scalp shows: {size} points", size=size)
    return Message("more scalp shows: {size} points", size=size)


def describe_interval(interval_pp: Interval) -> str:
    """Say an interval of a change in words.

    Examples
    --------
    >>> describe_interval((-5.02, 1.2))
    'between 5.0 points less and 1.2 points more'
    """
    low, high = (_say_side(end) for end in interval_pp)
    return Message("between {low} and {high}", low=low, high=high)


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
        return Message(
            "Too early: before week 12 of a treatment nothing is read from the visits."
        )
    if course.provisional:
        return _tell_provisional(course)
    look = course.analyses[-1]
    judged = _tell_verdict(course.verdict, look.estimate, course.margin_pp)
    said = Message(
        "{judged}, at the formal look of week {week} ({day}).",
        judged=judged,
        week=look.week,
        day=say_day(look.day),
    )
    if course.latest_verdict is None or course.estimate is None:
        return said
    now = describe_delta(course.estimate.delta_pp)
    return Message("{said} Since then, provisionally: {now}.", said=said, now=now)


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
        reasons = join(change.comparability.reasons, "; ")
        return Message(
            "{said} These two visits cannot be compared: {reasons}.",
            said=said,
            reasons=reasons,
        )
    least = Message("{sdc95_pp:.1f} points", sdc95_pp=change.sdc95_pp)
    if change.noise is Noise.ASSUMED:
        least = Message("{least}, which is assumed so far", least=least)
    elif change.noise is Noise.PARTLY_ASSUMED:
        least = Message("{least}, which is partly assumed so far", least=least)
    if change.beyond_noise:
        judged = Message("That is more than repeats differ by ({least}).", least=least)
    else:
        judged = Message(
            "That is within what repeats differ by ({least}): it may be none.", least=least
        )
    doubt = join(change.comparability.reasons, "; ")
    doubtful = Message("What makes it doubtful: {doubt}.", doubt=doubt) if doubt else ""
    return join((part for part in (said, judged, doubtful) if part), " ")


def _tell_provisional(course: Assessment) -> str:
    if course.estimate is None or course.verdict is Verdict.NOT_ENOUGH_DATA:
        return Message("Not enough data for a verdict yet.")
    said = _tell_verdict(course.verdict, course.estimate, course.margin_pp)
    said = uncapitalized(said)
    return Message("Provisional, not a finding: {said}.", said=said)


def _tell_verdict(verdict: Verdict, estimate: Estimate, margin_pp: float) -> str:
    change = describe_delta(estimate.delta_pp)
    known = Message("95 %: {interval}", interval=describe_interval(estimate.interval_pp))
    if verdict is Verdict.NO_LARGER:
        return Message(
            "No change larger than {margin_pp:g} points ({change}; {known})",
            margin_pp=margin_pp,
            change=change,
            known=known,
        )
    if verdict is Verdict.WITHIN_NOISE:
        return Message("Within noise ({change}; {known})", change=change, known=known)
    if verdict is Verdict.NOT_ENOUGH_DATA:
        return Message(
            "Not enough is known to judge the change ({change}; {known})",
            change=change,
            known=known,
        )
    return _tell_size(estimate.delta_pp, estimate.interval_pp)


def _tell_size(delta_pp: float, interval_pp: Interval) -> str:
    size, known = f"{abs(delta_pp):.1f}", describe_interval(interval_pp)
    if size == "0.0":
        return Message("As much scalp shows as before (95 %: {known})", known=known)
    if delta_pp < 0:
        return Message(
            "Less scalp shows: {size} points (95 %: {known})", size=size, known=known
        )
    return Message(
        "More scalp shows: {size} points (95 %: {known})", size=size, known=known
    )


def _say_side(delta_pp: float) -> str:
    size = f"{abs(delta_pp):.1f}"
    return (
        Message("{size} points less", size=size)
        if delta_pp < 0
        else Message("{size} points more", size=size)
    )


MAX_COVER = 0.85
"""Above this hair cover a denser head hardly shows (random-shadow model)."""

_PHOTOS = 3
_BASELINE_VISITS = 3


def say_day(day: dt.date) -> str:
    """Say a date as "3 March 2025"."""
    return Message("{day}", day=day)


def advise_on_saturation(visible_scalp: float) -> str | None:
    """Advise the parted view where hair hides nearly all the skin, else `None`."""
    if 1 - visible_scalp < MAX_COVER:
        return None
    return Message(
        "Hair covers {visible_scalp:.0f} % here: more of it would hide "
        "hardly any more skin. The parted midline view shows a change "
        "better.",
        visible_scalp=100 * (1 - visible_scalp),
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
    told = Message(
        "More scalp shows than repeats differ by, on two visits running "
        "({day} and {day2}): show it to your clinician, unless a haircut, "
        "wet hair or another lamp explains it.",
        day=say_day(series.days[-2]),
        day2=say_day(series.days[-1]),
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
            Message(
                "Say whether the hair was cut or changed between {day} and {day2}.",
                day=say_day(course.step.after),
                day2=say_day(course.step.day),
            )
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
        return Message(
            "Compared since {day}: {last_reason}, so earlier visits are not "
            "compared unless you join them.",
            day=say_day(course.origin),
            last_reason=_last_reason(course),
        )
    return Message(
        "Since tracking began on {day}. Nothing is said about the time before.",
        day=say_day(course.origin),
    )


def _last_reason(course: Assessment) -> str:
    return next(found.reason for found in reversed(course.breaks) if not found.joined)


def _on_noise(course: Assessment) -> str | None:
    known = course.repeatability
    if known is None or known.noise is Noise.OWN:
        return None
    if known.noise is Noise.ASSUMED:
        return Message("How far your repeats differ is still assumed.")
    return Message("How far your repeats differ is still partly assumed.")


def _on_step(course: Assessment) -> str | None:
    step = course.step
    if step is None:
        return None
    after, day = say_day(step.after), say_day(step.day)
    size = Message("{delta_pp:.1f} points", delta_pp=abs(step.delta_pp))
    size = (
        Message("{size} more scalp", size=size)
        if step.delta_pp > 0
        else Message("{size} less scalp", size=size)
    )
    if step.better < MIN_STEP_GAIN:
        return Message(
            "One step between {after} and {day} ({size}) would explain the "
            "course as well as a slow change: if the hair was cut or the lamp "
            "changed then, say so.",
            after=after,
            day=day,
            size=size,
        )
    return Message(
        "The change seems to have come at once, between {after} and {day} "
        "({size}): a haircut, dye, another comb or another lamp does that; "
        "growth does not.",
        after=after,
        day=day,
        size=size,
    )


def _on_control(course: Assessment) -> str | None:
    moved = course.control
    if moved is None:
        return None
    low, high = moved.interval_pp
    if low <= 0 <= high:
        return Message(
            "The control zone did not move beyond noise; what it did is taken off."
        )
    return Message(
        "The back changed too: camera, haircut and a change of the whole "
        "scalp cannot be told apart. What it did is taken off, which is "
        "right for pattern loss only."
    )


def _on_season(course: Assessment) -> str | None:
    if course.estimate is None or course.estimate.season or course.week < 12:
        return None
    return Message(
        "Hair cover moves with the season; before week 52 that is not taken off."
    )


def _on_correlation(course: Assessment) -> str | None:
    if course.estimate is None or course.estimate.autocorrelation < 0.25:
        return None
    return Message("Neighbouring visits err alike; the intervals are wider for it.")


def _on_outliers(course: Assessment) -> str | None:
    odd = [visit for visit in course.visits if visit.outliers]
    if not odd:
        return None
    days = join((say_day(visit.day) for visit in odd), ", ")
    return Message(
        "One photograph stands far from the others of its visit ({days}); it still counts.",
        days=days,
    )


def _on_family(course: Assessment) -> str | None:
    return None if course.primary else Message("This is not the zone declared beforehand.")


def _need_photos(course: Assessment) -> list[str]:
    if course.visits and course.visits[-1].n >= _PHOTOS:
        return []
    return [
        Message(
            "Take three photographs of this view on every visit, combing anew between them."
        )
    ]


def _need_baseline(
    course: Assessment, series: TimeSeries | None, today: dt.date | None
) -> list[str]:
    if series is None or not series.treated:
        if course.since == "tracking":
            return [Message("Declare the start of treatment, if there is one.")]
        return []
    missing = _BASELINE_VISITS - len(_baseline(series))
    if missing > 0 and today is not None and today <= series.origin:
        return [
            Message(
                "{visits} before treatment starts on {day}.",
                visits=_visits(missing),
                day=say_day(series.origin),
            )
        ]
    return []


def _need_time(
    course: Assessment, series: TimeSeries | None, today: dt.date | None
) -> list[str]:
    if series is None or today is None:
        return [Message("One more visit.")] if not course.visits else []
    held = max((look.week for look in course.analyses), default=0)
    ends = [*list(SPENT)[1:], math.inf]
    passed = (today - series.origin).days / 7
    ahead = [
        week for week, end in zip(SPENT, ends, strict=True) if week > held and passed < end
    ]
    found: list[str] = []
    if ahead:
        day = series.origin + dt.timedelta(weeks=ahead[0])
        found.append(
            Message(
                "Wait until {day}: the formal look of week {ahead}.",
                day=say_day(day),
                ahead=ahead[0],
            )
            if day > today
            else Message(
                "The formal look of week {ahead} is due: the next visit counts for it.",
                ahead=ahead[0],
            )
        )
    short = _visits_short(series)
    if short and not course.analyses:
        found.insert(0, Message("{visits} for a formal look.", visits=_visits(short)))
    known = course.repeatability
    own = OWN_DOF - known.between_dof if known else 0
    if own > 0 and not short:
        found.append(Message("{visits} until the noise is your own.", visits=_visits(own)))
    if course.verdict is Verdict.WITHIN_NOISE and (more := _visits_to_margin(course)):
        found.append(
            Message(
                "About {visits} to tell changes of {margin_pp:g} points.",
                visits=uncapitalized(_visits(more)),
                margin_pp=course.margin_pp,
            )
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
    return (
        Message("One more visit")
        if count == 1
        else Message("{count} more visits", count=count)
    )
