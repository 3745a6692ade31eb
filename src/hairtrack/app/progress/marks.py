"""What stands along the chart: week 0 and what is too early, breaks, sessions, haircuts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from hairtrack.app.language import N_, _, say
from hairtrack.app.words import tell_day
from hairtrack.change.assessment import FIRST_READING_WEEK
from hairtrack.course.timeline import Event, EventKind
from hairtrack.workflows.charting import Charted

__all__ = ["LANES", "Lane", "Mark", "find_domain", "find_too_early", "list_marks"]


@dataclass(frozen=True, slots=True)
class Lane:
    """A row of marks of one shape; the legend shows its sign and says what it is."""

    shape: str
    filled: bool
    sign: str
    told: str


LANES = (
    Lane("triangle-up", True, "▲", N_("treatment session")),
    Lane("diamond", True, "◆", N_("haircut, dye and the like")),
    Lane("square", True, "■", N_("treatment begun or stopped")),
    Lane("circle", False, "○", N_("day for photographs")),
)
_SESSIONS, _HAIR, _TREATMENT, _PHOTO_DAYS = range(len(LANES))

_KINDS = {
    EventKind.SESSION: _SESSIONS,
    EventKind.MAINTENANCE: _SESSIONS,
    EventKind.REMARK: _HAIR,
    EventKind.TREATMENT: _TREATMENT,
    EventKind.STOP: _TREATMENT,
}


@dataclass(frozen=True, slots=True)
class Mark:
    """One thing on one day, in the lane of its kind."""

    day: dt.date
    lane: int
    told: str


def find_too_early(charted: Charted) -> tuple[dt.date, dt.date] | None:
    """Return week 0 and week 12 of the treatment, where a start is declared."""
    if charted.started_on is None:
        return None
    return charted.started_on, charted.started_on + dt.timedelta(weeks=FIRST_READING_WEEK)


def find_domain(charted: Charted) -> tuple[dt.date, dt.date]:
    """Return the first and last day that the chart shows.

    All visits; and of a treatment that began shortly before or during them its start,
    and all of what is too early to tell.
    """
    first, last = charted.measured[0].visit, charted.measured[-1].visit
    early = find_too_early(charted)
    if early and early[1] >= first and early[0] <= last:
        first, last = min(first, early[0]), max(last, early[1])
    margin = dt.timedelta(days=max(3, round((last - first).days * 0.03)))
    return first - margin, last + margin


def list_marks(charted: Charted) -> list[Mark]:
    """Return what stands in the lanes within the days that the chart shows."""
    first, last = find_domain(charted)
    from hairtrack.course.explanations import describe_event
    from hairtrack.course.facts import packaged_facts

    facts = packaged_facts()
    found = [
        Mark(event.day, _KINDS[event.kind], say(describe_event(event, facts)))
        for event in _of_lanes(charted)
    ]
    found += [
        Mark(one.day, _PHOTO_DAYS, _("Day for photographs: {why}", why=say(one.why)))
        for one in charted.photo_days
    ]
    return [
        Mark(one.day, one.lane, f"{tell_day(one.day)}: {one.told}")
        for one in found
        if first <= one.day <= last
    ]


def _of_lanes(charted: Charted) -> Iterator[Event]:
    return (event for event in charted.events if event.kind in _KINDS)
