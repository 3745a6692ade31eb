"""The timeline of a course, and the measurements of its phases.

Phases are described, not judged: a difference between them may have any cause.
"""

from __future__ import annotations

import datetime as dt
import enum
import statistics
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from hairtrack.course.entries import Course, Mark, Part, Session, Settings, Status
from hairtrack.course.explanations import describe_kind
from hairtrack.messages import N_, Message, capitalized
from hairtrack.statistics import Interval, difference_half_width, pool_variance


class EventKind(enum.StrEnum):
    """Kinds of events on the timeline."""

    START = "start"
    TREATMENT = "treatment"
    SESSION = "session"
    MAINTENANCE = "maintenance"
    SYMPTOM = "symptom"
    REMARK = "remark"
    MEASUREMENT = "measurement"
    STOP = "stop"


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One event: what it is, and the person's note; `ahead` in the future."""

    day: dt.date
    kind: EventKind
    about: Message
    note: str = ""
    ahead: bool = False


class PhaseName(enum.StrEnum):
    """Phases that are compared."""

    BEFORE = N_("before treatment")
    DURING = N_("during the course")
    AFTER = N_("after the course")
    STOPPED = N_("after stopping")


@dataclass(frozen=True, slots=True, kw_only=True)
class Value:
    """Visible scalp of one visit, a fraction."""

    day: dt.date
    visible_scalp: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Phase:
    """One phase and its visits.

    Attributes
    ----------
    first, last : datetime.date or None
        Its first and last day; `None` where it is open.
    mean, interval : float or None, (float, float) or None
        Mean visible scalp of its visits, a fraction, and the 95 % interval of that mean,
        from how far the visits of a phase differ.
    delta_pp : float or None
        100 x (mean - mean of the first phase that has visits).
    delta_interval_pp : (float, float) or None
        95 % interval of `delta_pp`.
    """

    name: PhaseName
    first: dt.date | None
    last: dt.date | None
    visits: int = 0
    mean: float | None = None
    interval: Interval | None = None
    delta_pp: float | None = None
    delta_interval_pp: Interval | None = None


def list_events(
    course: Course, *, today: dt.date, values: Iterable[Value] = ()
) -> list[Event]:
    """Return everything that happened or is planned, by day."""
    events = [*_list_treatments(course), *_list_sessions(course, today)]
    titles = {sign.key: sign.title for sign in course.facts.signs}
    events += [
        Event(
            day=one.at.date(),
            kind=EventKind.SYMPTOM,
            about=Message("{title}", title=titles.get(one.sign, one.sign)),
            note=one.note,
        )
        for one in course.symptoms
    ]
    noted = [
        (day, mark, "")
        for visit in course.visits
        for day, mark in ((visit.haircut_on, Mark.HAIRCUT), (visit.dyed_on, Mark.DYE))
        if day is not None
    ]
    noted += [(one.day, one.mark, one.note) for one in course.remarks]
    remarks = {(day, mark): note for day, mark, note in noted}
    events += [
        Event(day=day, kind=EventKind.REMARK, about=capitalized(mark), note=note)
        for (day, mark), note in remarks.items()
    ]
    events += [
        Event(
            day=one.day,
            kind=EventKind.MEASUREMENT,
            about=Message("Visible scalp {level:.1f} %", level=100 * one.visible_scalp),
        )
        for one in values
    ]
    order = list(EventKind)
    return sorted(events, key=lambda event: (event.day, order.index(event.kind)))


def _list_treatments(course: Course) -> Iterator[Event]:
    start, stop = course.settings.started_on, course.settings.stopped_on
    if start:
        told = Message("Declared start of treatment (week 0)")
        yield Event(day=start, kind=EventKind.START, about=told)
    if stop:
        yield Event(day=stop, kind=EventKind.STOP, about=Message("Treatment stopped"))
    for one in course.treatments:
        name = describe_kind(one.kind)
        begun = Message("{treatment!c}: begun", treatment=name)
        ended = Message("{treatment!c}: ended", treatment=name)
        for day, told in ((one.started_on, begun), (one.stopped_on, ended)):
            if day:
                kind = EventKind.TREATMENT
                yield Event(day=day, kind=kind, about=told, note=one.given)


def _list_sessions(course: Course, today: dt.date) -> Iterator[Event]:
    for one in course.sessions:
        if one.status is Status.SKIPPED:
            continue
        kind, told = EventKind.SESSION, Message("Session {number}", number=one.number)
        if one.part is Part.MAINTENANCE:
            kind = EventKind.MAINTENANCE
            told = Message("Maintenance session {number}", number=one.number)
        day = one.at.date()
        yield Event(day=day, kind=kind, about=told, note=one.note, ahead=day > today)


def list_phases(
    settings: Settings, sessions: Iterable[Session], values: Iterable[Value]
) -> list[Phase]:
    """Return the phases of a course, with what was measured in them.

    The course is its first series: it begins at the declared start and ends
    with the last session of that series that was not skipped. Maintenance
    belongs to the time after the course. Without a declared start there are
    no phases.
    """
    start, stop = settings.started_on, settings.stopped_on
    if start is None:
        return []
    series = [
        s for s in sessions if s.part is Part.SERIES and s.status is not Status.SKIPPED
    ]
    end = max((s.at.date() for s in series), default=None)
    if stop is not None and (end is None or end > stop):
        end = stop
    day = dt.timedelta(days=1)
    spans: list[tuple[PhaseName, dt.date | None, dt.date | None]]
    spans = [(PhaseName.BEFORE, None, start - day), (PhaseName.DURING, start, end)]
    if end is not None and end != stop:
        spans.append((PhaseName.AFTER, max(start, end + day), stop))
    if stop is not None:
        spans.append((PhaseName.STOPPED, max(start, stop + day), None))
    known = list(values)
    groups = [
        [v.visible_scalp for v in known if _inside(v.day, first, last)]
        for _, first, last in spans
    ]
    base = next((group for group in groups if group), [])
    return [
        _summarize(name, first, last, group, base)
        for (name, first, last), group in zip(spans, groups, strict=True)
    ]


def _inside(day: dt.date, first: dt.date | None, last: dt.date | None) -> bool:
    return (first is None or day >= first) and (last is None or day <= last)


def _summarize(
    name: PhaseName,
    first: dt.date | None,
    last: dt.date | None,
    group: list[float],
    base: list[float],
) -> Phase:
    if not group:
        return Phase(name=name, first=first, last=last)
    mean = statistics.fmean(group)
    variance, dof = pool_variance([group])
    half = difference_half_width(variance, dof, [len(group)])
    phase = Phase(
        name=name,
        first=first,
        last=last,
        visits=len(group),
        mean=mean,
        interval=None if half is None else (mean - half, mean + half),
    )
    if group is base:
        return phase
    delta = 100 * (mean - statistics.fmean(base))
    variance, dof = pool_variance([group, base])
    apart = difference_half_width(variance, dof, [len(group), len(base)])
    interval = None if apart is None else (delta - 100 * apart, delta + 100 * apart)
    return replace(phase, delta_pp=delta, delta_interval_pp=interval)
