"""Whether two visits may be compared, graded from how their photographs were taken.

Each reason has a doubt: the SD in percentage points that it may add to a difference.
Doubts and limits are assumed, not measured, unless a source is named; doubts add as
squares. A reason whose effect has no known bound refuses the pair.
"""

from __future__ import annotations

import datetime as dt
import itertools
import math
from collections.abc import Iterator, Sequence

from hairtrack.change.records import Break, Comparability, Conditions, Grade, VisitReading
from hairtrack.messages import Message

PP_PER_STOP = 13.6
"""Points by which a stop less light moved coverage on phantoms without a grey card
(docs/accuracy.md)."""

MAX_STOPS = 0.35, 1.0
"""Difference of brightness that is doubtful, and that is refused."""

MAX_TINT = 1.25
"""Ratio of warmth, or of tint, above which the light has another colour."""

MAX_SOFTER = 1.3
"""Ratio of sharpness above which one visit is blurred beside the other."""

MAX_GLARE = 0.02
"""Difference in shining share of the scalp; shine reads as hair or hides it."""

MAX_SCALE = 1.25
"""Ratio of the head's sizes in the picture above which the camera stood elsewhere."""

MAX_RESIDUAL = 0.03, 0.08
"""Residual of registration over the head's width: doubtful, refused."""

MAX_LENGTH = 1.25
"""Ratio of hair lengths above which coverage moves by the length alone."""

MIN_HOURS_AFTER_SESSION = 72.0
"""Hours for redness, swelling and oil after a session, as in rules.photo_window of
course/facts.toml."""

SEASON_DAYS = 61.0
"""Visits further apart in the year may differ by season."""

_YEAR = 365.25

Doubt = tuple[Message, float]
_REFUSE = math.inf

_STATES = {
    "wet": Message("the hair is wet on one of them only"),
    "oily": Message("the hair is oily on one of them only"),
    "product": Message("the hair has product in it on one of them only"),
}


def grade_pair(
    first: VisitReading,
    last: VisitReading,
    *,
    season: bool = True,
    joined: Sequence[dt.date] = (),
) -> Comparability:
    """Grade two visits of one series.

    Parameters
    ----------
    first, last : VisitReading
        The visits; unknown conditions do not count against them.
    season : bool
        Whether the time of the year counts.
    joined : sequence of datetime.date
        Days of breaks that the person joins.
    """
    one, other = first.conditions, last.conditions
    doubts = [*_judge_light(one, other), *_judge_picture(one, other)]
    doubts += _judge_hair(one, other)
    if season:
        doubts += _judge_season(first.day, last.day)
    breaks = find_breaks([first, last], joined=joined)
    doubts += [(found.reason, _REFUSE) for found in breaks if not found.joined]
    if not doubts:
        return Comparability()
    reasons = tuple(reason for reason, _ in doubts)
    if any(math.isinf(doubt) for _, doubt in doubts):
        return Comparability(grade=Grade.REFUSED, reasons=reasons)
    extra = math.sqrt(sum(doubt * doubt for _, doubt in doubts))
    return Comparability(grade=Grade.DOUBTFUL, reasons=reasons, extra_pp=extra)


def find_breaks(
    readings: Sequence[VisitReading],
    *,
    days: Sequence[dt.date] = (),
    joined: Sequence[dt.date] = (),
) -> list[Break]:
    """Return where a series is broken: haircuts, dye, another camera.

    Parameters
    ----------
    readings : sequence of VisitReading
        Visits in order of time.
    days : sequence of datetime.date
        Further days of haircuts and the like.
    joined : sequence of datetime.date
        Days of breaks that the person joins.

    Returns
    -------
    list of Break
        In order of time, each on the first visit after it.
    """
    found = []
    for before, after in itertools.pairwise(readings):
        reasons = [*_what_broke(before, after)]
        reasons += [
            Message("the hair was cut or changed on {day}", day=day)
            for day in days
            if before.day < day <= after.day
        ]
        if reasons:
            over = any(before.day < day <= after.day for day in joined)
            found.append(Break(day=after.day, reason=_list(reasons), joined=over))
    return found


def light_stops(brightness: float) -> float:
    """Return an sRGB code in (0, 1] as stops of light below white."""
    code = min(max(brightness, 1e-3), 1.0)
    linear = code / 12.92 if code <= 0.04045 else ((code + 0.055) / 1.055) ** 2.4
    return math.log2(linear)


def _what_broke(before: VisitReading, after: VisitReading) -> Iterator[Message]:
    one, other = before.conditions, after.conditions
    if other.haircut_on and before.day < other.haircut_on <= after.day:
        yield Message("the hair was cut on {day}", day=other.haircut_on)
    if other.dyed_on and before.day < other.dyed_on <= after.day:
        yield Message("the hair was dyed on {day}", day=other.dyed_on)
    if one.camera and other.camera and one.camera != other.camera:
        yield Message("another camera was used")


def _judge_light(one: Conditions, other: Conditions) -> Iterator[Doubt]:
    if one.brightness is not None and other.brightness is not None:
        stops = abs(light_stops(other.brightness) - light_stops(one.brightness))
        if stops > MAX_STOPS[0]:
            yield (
                Message("the light is much brighter on one of them"),
                _REFUSE if stops > MAX_STOPS[1] else PP_PER_STOP * stops / 2,
            )
    if max(_ratio(one.warmth, other.warmth), _ratio(one.tint, other.tint)) > MAX_TINT:
        yield Message("the light has another colour"), 2.0
    if one.glare is not None and other.glare is not None:
        more = abs(other.glare - one.glare)
        if more > MAX_GLARE:
            yield Message("the scalp shines more on one of them"), 100 * more


def _judge_picture(one: Conditions, other: Conditions) -> Iterator[Doubt]:
    if _ratio(one.sharpness, other.sharpness) > MAX_SOFTER:
        yield Message("one of them is less sharp"), 2.0
    if _ratio(one.scale, other.scale) > MAX_SCALE:
        yield Message("the camera was at another distance"), 2.0
    some, much = MAX_RESIDUAL
    residual = max(one.residual or 0.0, other.residual or 0.0)
    if residual > some:
        yield (
            Message("they could not be laid over each other well"),
            (_REFUSE if residual > much else 100 * residual / 2),
        )


def _judge_hair(one: Conditions, other: Conditions) -> Iterator[Doubt]:
    states = {c.hair_state for c in (one, other)}
    for state in _STATES:
        if state in states and len(states) > 1:
            yield _STATES[state], _REFUSE
    if _ratio(one.hair_length_mm, other.hair_length_mm) > MAX_LENGTH:
        yield Message("the hair has another length"), _REFUSE
    for conditions in (one, other):
        hours = conditions.hours_since_treatment
        if hours is not None and 0 <= hours < MIN_HOURS_AFTER_SESSION:
            yield Message("one of them was taken within 72 hours after a session"), 3.0
            break


def _judge_season(first: dt.date, last: dt.date) -> Iterator[Doubt]:
    apart = abs((last - first).days) % _YEAR
    if min(apart, _YEAR - apart) > SEASON_DAYS:
        yield Message("they are from different seasons"), 1.0


def _list(reasons: Sequence[Message]) -> Message:
    listed = reasons[0]
    for reason in reasons[1:]:
        listed = Message("{one} and {other}", one=listed, other=reason)
    return listed


def _ratio(one: float | None, other: float | None) -> float:
    """Return how many times the larger exceeds the smaller; 1 where one is unknown."""
    if not one or not other or min(one, other) <= 0:
        return 1.0
    return max(one, other) / min(one, other)
