"""After a session: what applies until when, and when photographs can be compared.

A time is the longest that any source states in numbers for this kind of treatment; the
clinic's own time takes precedence. Where a source says "a few days", there is no timer.
Hours are elapsed hours, also where the clocks change.
"""

from __future__ import annotations

import datetime as dt
import enum
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from hairtrack.course.entries import Kind, Session, Status
from hairtrack.course.facts import Fact, Facts

CLINIC = "clinic"
"""Source of a time that the person entered as the clinic's own."""


class State(enum.StrEnum):
    """Whether something still applies."""

    APPLIES = "applies"
    ENDED = "ended"
    NO_TIME = "unstated"
    """A source mentions it, but states no time in numbers."""
    NO_SOURCE = "unspoken"
    """No source mentions it for this kind of treatment."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Timer:
    """One topic of aftercare after one session.

    Attributes
    ----------
    topic, title : str
        Key and name.
    until : datetime.datetime or None
        When it ends, in the zone of the session; `None` without a number.
    source : str
        Key of the one source of that time; "clinic" for the clinic's own.
    others : tuple of Fact
        All statements of sources for this kind of treatment.
    """

    topic: str
    title: str
    state: State
    until: dt.datetime | None = None
    hours: float | None = None
    source: str = ""
    others: tuple[Fact, ...] = ()


class Window(enum.StrEnum):
    """Where a photograph lies between sessions."""

    CLEAR = "clear"
    AFTER = "after a session"
    UNSURE = "perhaps after a session"


@dataclass(frozen=True, slots=True, kw_only=True)
class PhotoWindow:
    """Whether a photograph was taken too soon after a session, and after which."""

    window: Window
    session: Session | None = None


def list_timers(
    session: Session,
    facts: Facts,
    *,
    kind: Kind,
    now: dt.datetime,
    own_hours: Mapping[str, float] | None = None,
) -> list[Timer]:
    """Return one timer for each topic of aftercare.

    Parameters
    ----------
    session : Session
        The timers run from its time.
    facts : Facts
        What sources say; those of a clinic's file take precedence.
    kind : Kind
        Kind of treatment.
    now : datetime.datetime
        Time zone aware.
    own_hours : mapping of str to float, optional
        Hours that the person entered as the clinic's own; they take precedence.
    """
    timers = []
    for topic in (topic for topic in facts.topics if topic.group == "after"):
        said = tuple(f for f in facts.about(topic.key) if not f.kinds or kind in f.kinds)
        hours, source = _choose_hours(said, facts, (own_hours or {}).get(topic.key))
        until = None if hours is None else add_hours(session.at, hours)
        if until is None:
            state = State.NO_TIME if said else State.NO_SOURCE
        else:
            state = State.APPLIES if now < until else State.ENDED
        timers.append(
            Timer(
                topic=topic.key,
                title=topic.title,
                state=state,
                until=until,
                hours=hours,
                source=source,
                others=said,
            )
        )
    return timers


def _choose_hours(
    said: Iterable[Fact], facts: Facts, own: float | None
) -> tuple[float | None, str]:
    """Return hours and their source: the person's, the clinic file's, or the strictest."""
    if own is not None:
        return own, CLINIC
    timed = [(fact.hours, fact.source) for fact in said if fact.hours is not None]
    clinics = [one for one in timed if facts.source(one[1]).kind == "clinic"]
    return max(clinics or timed, key=lambda one: one[0], default=(None, ""))


def add_hours(moment: dt.datetime, hours: float) -> dt.datetime:
    """Return the moment so many elapsed hours later, on the same place's clock."""
    return (moment.astimezone(dt.UTC) + dt.timedelta(hours=hours)).astimezone(moment.tzinfo)


def find_latest_session(sessions: Iterable[Session], *, now: dt.datetime) -> Session | None:
    """Return the latest session that has begun and was not skipped, or `None`."""
    begun = [one for one in _held(sessions) if one.at <= now]
    return max(begun, key=lambda one: one.at, default=None)


def find_photo_window(
    taken: dt.datetime | dt.date, sessions: Iterable[Session], *, hours: float
) -> PhotoWindow:
    """Return whether a photograph was taken within some hours after a session.

    Parameters
    ----------
    taken : datetime.datetime or datetime.date
        When. A time without a zone is in that of the session; a day alone may be any
        of its hours.
    sessions : iterable of Session
        All of the subject; skipped ones do not count.
    hours : float
        Length of the window.
    """
    found = PhotoWindow(window=Window.CLEAR)
    for session in sorted(_held(sessions), key=lambda one: one.at):
        least, most = _hours_between(session.at, taken)
        if least >= 0 and most < hours:
            return PhotoWindow(window=Window.AFTER, session=session)
        if most >= 0 and least < hours:
            found = PhotoWindow(window=Window.UNSURE, session=session)
    return found


def hours_since_session(
    taken: dt.datetime | dt.date, sessions: Iterable[Session]
) -> float | None:
    """Return the hours since the last session before a photograph, for its comparability.

    `None` where there was none, or where a day alone does not tell which came first.
    """
    past = [_hours_between(one.at, taken) for one in _held(sessions)]
    if any(least < 0 <= most and least != most for least, most in past):
        return None
    return min((least for least, _ in past if least >= 0), default=None)


def _held(sessions: Iterable[Session]) -> list[Session]:
    return [session for session in sessions if session.status is not Status.SKIPPED]


def _hours_between(start: dt.datetime, end: dt.datetime | dt.date) -> tuple[float, float]:
    """Return the least and the most hours that can lie between."""
    if isinstance(end, dt.datetime):
        aware = end if end.tzinfo else end.replace(tzinfo=start.tzinfo)
        hours = (aware - start.astimezone(dt.UTC)) / dt.timedelta(hours=1)
        return hours, hours
    first = dt.datetime.combine(end, dt.time.min, start.tzinfo)
    last = dt.datetime.combine(end, dt.time.max, start.tzinfo)
    return _hours_between(start, first)[0], _hours_between(start, last)[0]
