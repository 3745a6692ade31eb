"""Days on which photographs are asked for: before treatment, before sessions, at weeks.

The rules are this program's own and stand in the fact file: two visits before
the start, one just before each session, and at the weeks from which a change
can be judged, never within the hours after a session.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from hairtrack.course.aftercare import Window, add_hours, judge_photo
from hairtrack.course.entries import Session, Status
from hairtrack.course.facts import Facts


@dataclass(frozen=True, slots=True, kw_only=True)
class PhotoDay:
    """A day to take photographs, why, and the session before which they are taken."""

    day: dt.date
    why: str
    session: Session | None = None


def list_photo_days(
    sessions: Iterable[Session], facts: Facts, *, start: dt.date | None
) -> list[PhotoDay]:
    """Return the days for photographs, in order.

    Parameters
    ----------
    sessions : iterable of Session
        All of the subject.
    facts : Facts
        The rules.
    start : datetime.date or None
        Declared start of treatment.
    """
    held = sorted(
        (one for one in sessions if one.status is not Status.SKIPPED),
        key=lambda one: one.at,
    )
    hours = facts.rule("photo_window").hours or 0.0
    days = {day.day: day for day in _around_start(facts, start, held, hours=hours)}
    for session in held:
        before = [other for other in held if other.at < session.at]
        if judge_photo(session.at, before, hours=hours).window is not Window.AFTER:
            day = session.at.date()
            days.setdefault(
                day, PhotoDay(day=day, why="just before the session", session=session)
            )
    return [days[day] for day in sorted(days)]


def find_next_photo_day(days: Iterable[PhotoDay], *, now: dt.datetime) -> PhotoDay | None:
    """Return the first day for photographs that is not over, or `None`.

    A day just before a session is over when the session begins or is done.
    """
    ahead = [
        one
        for one in days
        if one.day >= now.date() and (one.session is None or _is_ahead(one.session, now))
    ]
    return min(ahead, key=lambda one: one.day, default=None)


def _is_ahead(session: Session, now: dt.datetime) -> bool:
    return session.status is Status.PLANNED and session.at > now


def _around_start(
    facts: Facts, start: dt.date | None, held: list[Session], *, hours: float
) -> Iterable[PhotoDay]:
    if start is None:
        return
    fortnight = facts.rule("baseline_visits").days or 0
    for day in (start - dt.timedelta(days=fortnight), start - dt.timedelta(days=1)):
        if judge_photo(day, held, hours=hours).window is Window.CLEAR:
            yield PhotoDay(day=day, why="before treatment starts")
    sitting = {session.at.date() for session in held}
    for week in facts.rule("later_visits").weeks:
        day = _clear_day(start + dt.timedelta(weeks=week), held, hours=hours)
        if day not in sitting:
            yield PhotoDay(day=day, why=f"week {week} of treatment")


def _clear_day(day: dt.date, held: list[Session], *, hours: float) -> dt.date:
    """Return the day, or the first after it that is a session's own or wholly clear."""
    while True:
        found = judge_photo(day, held, hours=hours)
        if found.session is None or found.session.at.date() == day:
            return day
        after = add_hours(found.session.at, hours).date() + dt.timedelta(days=1)
        day = max(day + dt.timedelta(days=1), min(after, _next_sitting(day, held, after)))


def _next_sitting(day: dt.date, held: list[Session], default: dt.date) -> dt.date:
    return min((s.at.date() for s in held if s.at.date() > day), default=default)
