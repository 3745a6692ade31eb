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
    if delta_pp < 0:
        return f"less scalp shows: {size} points"
    return f"more scalp shows: {size} points"


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
    judged = _tell_verdict(course.verdict, look.estimate, course.margin_pp)
    said = f"{judged}, at the formal look of week {look.week} ({say_day(look.day)})."
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


def _tell_provisional(course: Course) -> str:
    if course.reading is None or course.verdict is Verdict.NOT_ENOUGH_DATA:
        return "Not enough data for a verdict yet."
    said = _tell_verdict(course.verdict, course.reading, course.margin_pp)
    said = said[0].lower() + said[1:]
    return f"Provisional, not a finding: {said}."


def _tell_verdict(verdict: Verdict, estimate: Estimate, margin_pp: float) -> str:
    change = describe_delta(estimate.delta_pp)
    known = f"95 %: {tell_interval(estimate.interval_pp)}"
    if verdict is Verdict.NO_LARGER:
        return f"No change larger than {margin_pp:g} points ({change}; {known})"
    if verdict is Verdict.WITHIN_NOISE:
        return f"Within noise ({change}; {known})"
    if verdict is Verdict.NOT_ENOUGH_DATA:
        return f"Not enough is known to judge the change ({change}; {known})"
    return _tell_size(estimate.delta_pp, estimate.interval_pp)


def _tell_size(delta_pp: float, interval_pp: Interval) -> str:
    size, known = f"{abs(delta_pp):.1f}", tell_interval(interval_pp)
    if size == "0.0":
        return f"As much scalp shows as before (95 %: {known})"
    if delta_pp < 0:
        return f"Less scalp shows: {size} points (95 %: {known})"
    return f"More scalp shows: {size} points (95 %: {known})"


def _say_side(delta_pp: float) -> str:
    size = f"{abs(delta_pp):.1f}"
    return f"{size} points less" if delta_pp < 0 else f"{size} points more"
