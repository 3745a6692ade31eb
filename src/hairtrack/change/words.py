"""Verdicts in plain words: what was measured and how sure it is, never why."""

from __future__ import annotations

from hairtrack.change.needs import say_day
from hairtrack.change.records import Change, Course, Estimate, Interval, Noise, Verdict

__all__ = ["describe_delta", "tell_change", "tell_interval", "tell_verdict"]


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
    return f"{'less' if delta_pp < 0 else 'more'} scalp shows: {size} points"


def tell_interval(interval_pp: Interval) -> str:
    """Say an interval of a change in words.

    Examples
    --------
    >>> tell_interval((-5.02, 1.2))
    'between 5.0 points less and 1.2 points more'
    """
    low, high = (_say_side(end) for end in interval_pp)
    return f"between {low} and {high}"


def tell_verdict(course: Course) -> str:
    """Say a verdict in one or two sentences.

    Parameters
    ----------
    course : Course
        What can be said of a zone.

    Returns
    -------
    str
    """
    if course.verdict is Verdict.TOO_EARLY:
        return "Too early: before week 12 of a treatment nothing is read from the visits."
    if course.provisional:
        return _tell_provisional(course)
    look = course.looks[-1]
    at = f"at the formal look of week {look.week} ({say_day(look.day)})"
    said = f"{_tell_verdict(course.verdict, look.estimate, course.margin_pp)}, {at}."
    if course.leaning is None or course.reading is None:
        return said
    now = describe_delta(course.reading.delta_pp)
    return f"{said} Since then, provisionally: {now}."


def tell_change(change: Change) -> str:
    """Say how two visits differ and whether that is more than noise.

    Parameters
    ----------
    change : Change
        Two visits.

    Returns
    -------
    str
    """
    known = tell_interval(change.interval_pp)
    said = f"{_capital(describe_delta(change.delta_pp))} (95 %: {known})."
    if change.beyond_noise is None:
        reasons = "; ".join(change.comparability.reasons)
        return f"{said} These two visits cannot be compared: {reasons}."
    least = f"{change.sdc95_pp:.1f} points"
    own = "" if change.noise is Noise.OWN else f", which is {change.noise} so far"
    if change.beyond_noise:
        judged = f"That is more than repeats differ by ({least}{own})"
    else:
        judged = f"That is within what repeats differ by ({least}{own}): it may be none"
    doubt = "; ".join(change.comparability.reasons)
    return f"{said} {judged}." + (f" Doubtful: {doubt}." if doubt else "")


def _tell_provisional(course: Course) -> str:
    if course.reading is None or course.verdict is Verdict.NOT_ENOUGH_DATA:
        return "Not enough data for a verdict yet."
    said = _tell_verdict(course.verdict, course.reading, course.margin_pp)
    return f"Provisional, not a finding: {said[0].lower()}{said[1:]}."


def _tell_verdict(verdict: Verdict, estimate: Estimate, margin_pp: float) -> str:
    change = describe_delta(estimate.delta_pp)
    known = f"95 %: {tell_interval(estimate.interval_pp)}"
    if verdict is Verdict.NO_LARGER:
        return f"No change larger than {margin_pp:g} points ({change}; {known})"
    if verdict is Verdict.WITHIN_NOISE:
        return f"Within noise ({change}; {known})"
    if verdict is Verdict.NOT_ENOUGH_DATA:
        return f"Not enough is known to judge the change ({change}; {known})"
    return f"{_capital(change)} ({known})"


def _say_side(delta_pp: float) -> str:
    return f"{abs(delta_pp):.1f} points {'less' if delta_pp < 0 else 'more'}"


def _capital(text: str) -> str:
    return text[0].upper() + text[1:]
