"""Plans: the dates of sessions and the days on which photographs are due.

Sessions are planned from a template that a source states, or freely.

Dates are wall-clock dates of the place where the person lives: a session at
ten stays at ten when the clocks change. Months are counted from the first
date, so that a course begun on the 31st does not drift.

Photographs are due before the start, just before each session, and at the weeks from
which a change can be judged, never within the hours after a session. These rules are this
program's own and stand in the fact file.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import count, takewhile
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from dateutil.relativedelta import relativedelta

from hairtrack.course.aftercare import Window, add_hours, find_photo_window
from hairtrack.course.entries import Course, Part, Session, Status
from hairtrack.course.facts import Template
from hairtrack.errors import CourseError
from hairtrack.messages import Message

MAX_SESSIONS = 200

_PAST_THE_END = Message("The plan runs past the end of the calendar.")


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanChoice:
    """What a person chooses for a plan.

    Attributes
    ----------
    start : datetime.date
        Day of the first session.
    time : datetime.time
        Hour of the sessions, on the clock of the place.
    every, maintenance_every : str
        Time between sessions: "1 week", "10 days", "1 month"; empty for no maintenance.
    sessions : int or None
        How many; `None` where a template states the length instead.
    maintenance : int
        How many sessions of maintenance to plan.
    """

    start: dt.date
    time: dt.time = dt.time(10)
    zone: str = "UTC"
    every: str = "1 week"
    sessions: int | None = None
    maintenance_every: str = ""
    maintenance: int = 0


def load_time_zone(name: str) -> ZoneInfo:
    """Return a time zone.

    Raises
    ------
    CourseError
        There is none of this name.
    """
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise CourseError(
            "There is no time zone {name!r}; names are like Europe/Berlin or Asia/Kolkata.",
            name=name,
        ) from error


def local_time(day: dt.date, time: dt.time, zone: str) -> dt.datetime:
    """Return the moment at which the clocks of a place show this.

    An hour skipped in spring becomes the hour after it; of an hour that occurs twice in
    autumn the first is used.
    """
    place = load_time_zone(zone)
    moment = dt.datetime.combine(day, time.replace(tzinfo=None), place)
    try:
        return moment.astimezone(dt.UTC).astimezone(place)
    except OverflowError as error:
        raise CourseError(_PAST_THE_END) from error


def make_plan(
    choice: PlanChoice, *, subject: str, treatment: int, template: Template | None = None
) -> list[Session]:
    """Return the sessions of a course, those of maintenance last.

    Parameters
    ----------
    choice : PlanChoice
        What the person chooses.
    subject, treatment : str, int
        Who is treated, and the number of the treatment.
    template : Template, optional
        Plan as a source states it; without it the plan is free.

    Raises
    ------
    CourseError
        The choice is not one that the template leaves, or no date or zone.
    """
    series = _list_dates(choice, template)
    later = _list_maintenance(choice, series[-1])
    return [
        Session(
            treatment=treatment,
            subject=subject,
            number=number,
            at=local_time(day, choice.time, choice.zone),
            part=part,
            plan=template.key if template else "",
            minutes=template.minutes if template else None,
        )
        for part, dates in ((Part.SERIES, series), (Part.MAINTENANCE, later))
        for number, day in enumerate(dates, start=1)
    ]


def move_session(
    sessions: Iterable[Session], session: Session, *, to: dt.datetime, rest: bool = False
) -> list[Session]:
    """Return the sessions that change when one is moved.

    Parameters
    ----------
    sessions : iterable of Session
        All of its treatment.
    to : datetime.datetime
        Its new time, in the zone of the plan.
    rest : bool
        Move those planned after it by as many days too.

    Raises
    ------
    CourseError
        It is done or skipped, or a date leaves the calendar.
    """
    if not _is_planned(session):
        raise CourseError(
            "Session {number} is {status}; it stays.",
            number=session.number,
            status=session.status,
        )
    days = dt.timedelta(days=(to.date() - session.at.date()).days)
    moved = [replace(session, at=to)]
    for other in sessions if rest else ():
        if other.id != session.id and other.at > session.at and _is_planned(other):
            zone = getattr(other.at.tzinfo, "key", "UTC")
            try:
                day = other.at.date() + days
            except OverflowError as error:
                raise CourseError(_PAST_THE_END) from error
            moved.append(replace(other, at=local_time(day, other.at.time(), zone)))
    return moved


def skip_session(session: Session) -> Session:
    """Return the session as skipped; its number stays its own.

    Raises
    ------
    CourseError
        It was done.
    """
    if session.status is Status.DONE:
        raise CourseError(
            "Session {number} was done; it cannot be skipped.", number=session.number
        )
    return replace(session, status=Status.SKIPPED)


def find_next_session(sessions: Iterable[Session], *, now: dt.datetime) -> Session | None:
    """Return the next planned session, or `None`."""
    ahead = [one for one in sessions if _is_planned(one) and one.at >= now]
    return min(ahead, key=lambda one: one.at, default=None)


def list_overdue_sessions(
    sessions: Iterable[Session], *, now: dt.datetime
) -> list[Session]:
    """Return planned sessions whose time has passed."""
    past = [one for one in sessions if _is_planned(one) and one.at < now]
    return sorted(past, key=lambda one: one.at)


def _list_dates(choice: PlanChoice, template: Template | None) -> list[dt.date]:
    """Return the dates of the series; those of maintenance come after it."""
    every = _parse_period(choice.every)
    if template is not None:
        _check(choice, template)
        if template.months is not None:
            end = _add(choice.start, relativedelta(months=template.months))
            dates = (_add(choice.start, every, n) for n in count())
            return list(takewhile(lambda day: day < end, dates))
    number = choice.sessions
    if number is None or not 1 <= number <= MAX_SESSIONS:
        raise CourseError(
            "A plan has 1 to {most} sessions; say how many.", most=MAX_SESSIONS
        )
    return [_add(choice.start, every, n) for n in range(number)]


def _list_maintenance(choice: PlanChoice, last: dt.date) -> list[dt.date]:
    if not choice.maintenance_every:
        return []
    if not 1 <= choice.maintenance <= MAX_SESSIONS:
        raise CourseError("Plan 1 to {most} sessions of maintenance.", most=MAX_SESSIONS)
    every = _parse_period(choice.maintenance_every)
    return [_add(last, every, n + 1) for n in range(choice.maintenance)]


def _parse_period(text: str) -> relativedelta:
    """Read a period such as "2 weeks"."""
    number, _, unit = text.strip().lower().partition(" ")
    unit = unit.strip().removesuffix("s")
    known = unit in ("day", "week", "month") and number.isdecimal()
    if not known or not 1 <= int(number) <= 1000:
        raise CourseError(
            "{text!r} is no interval; write it as 1 week, 10 days or 3 months.", text=text
        )
    return relativedelta(**{f"{unit}s": int(number)})


def _add(start: dt.date, every: relativedelta, times: int = 1) -> dt.date:
    """Return the date so many periods later; the last of a month where it is shorter."""
    try:
        later: dt.date = start + every * times
    except (ValueError, OverflowError) as error:
        raise CourseError(_PAST_THE_END) from error
    return later


def _is_planned(session: Session) -> bool:
    return session.status is Status.PLANNED


def _check(choice: PlanChoice, template: Template) -> None:
    """Refuse what the source does not state."""
    source, counts = template.source, template.sessions
    if template.months is not None and choice.sessions is not None:
        raise CourseError(
            "Source {source} states no number of sessions; leave it out.", source=source
        )
    if counts and choice.sessions not in counts:
        stated = Message("{first} to {last}", first=counts[0], last=counts[-1])
        if len(counts) == 1:
            stated = Message("{number}", number=counts[0])
        raise CourseError(
            "Source {source} states {stated} sessions; plan freely for another number.",
            source=source,
            stated=stated,
        )
    if not _is_stated(choice.every, template.every):
        raise CourseError(
            "Source {source} states {stated}; plan freely for another interval.",
            source=source,
            stated=_one_of(template.every),
        )
    if choice.maintenance_every:
        _check_maintenance(choice.maintenance_every, template)


def _check_maintenance(every: str, template: Template) -> None:
    source = template.source
    if not template.maintenance:
        raise CourseError(
            "Source {source} says nothing of maintenance; plan it freely.", source=source
        )
    if template.maintenance == "none":
        raise CourseError(
            "Source {source} names no maintenance; plan it freely.", source=source
        )
    if not _is_stated(every, template.maintenance_every):
        raise CourseError(
            "Source {source} states maintenance every {stated}; plan freely for another.",
            source=source,
            stated=_one_of(template.maintenance_every),
        )


def _is_stated(every: str, stated: Sequence[str]) -> bool:
    return not stated or _parse_period(every) in map(_parse_period, stated)


def _one_of(values: Sequence[str]) -> Message:
    listed = Message("{text}", text=values[0])
    for value in values[1:]:
        listed = Message("{one} or {other}", one=listed, other=value)
    return listed


@dataclass(frozen=True, slots=True, kw_only=True)
class PhotoDay:
    """A day to take photographs, why, and the session that follows."""

    day: dt.date
    why: Message
    session: Session | None = None


def list_photo_days(course: Course) -> list[PhotoDay]:
    """Return the days for photographs, in order."""
    held = [one for one in course.sessions if one.status is not Status.SKIPPED]
    held.sort(key=lambda one: one.at)
    hours = course.facts.rule("photo_window").hours or 0.0
    days = {one.day: one for one in _around_start(course, held, hours=hours)}
    for session in held:
        before = [other for other in held if other.at < session.at]
        if find_photo_window(session.at, before, hours=hours).window is not Window.AFTER:
            day, why = session.at.date(), Message("just before the session")
            days.setdefault(day, PhotoDay(day=day, why=why, session=session))
    return [days[day] for day in sorted(days)]


def find_next_photo_day(days: Iterable[PhotoDay], *, now: dt.datetime) -> PhotoDay | None:
    """Return the first day for photographs that is not over, or `None`.

    A day just before a session is over when the session begins or is done.
    """
    ahead = [
        one
        for one in days
        if one.day >= now.date()
        and (one.session is None or (_is_planned(one.session) and one.session.at > now))
    ]
    return min(ahead, key=lambda one: one.day, default=None)


def _around_start(
    course: Course, held: list[Session], *, hours: float
) -> Iterable[PhotoDay]:
    facts, start = course.facts, course.settings.started_on
    if start is None:
        return
    fortnight = facts.rule("baseline_visits").days or 0
    for day in (start - dt.timedelta(days=fortnight), start - dt.timedelta(days=1)):
        if find_photo_window(day, held, hours=hours).window is Window.CLEAR:
            yield PhotoDay(day=day, why=Message("before treatment starts"))
    sitting = {session.at.date() for session in held}
    for week in facts.rule("later_visits").weeks:
        day = _clear_day(start + dt.timedelta(weeks=week), held, hours=hours)
        if day not in sitting:
            yield PhotoDay(day=day, why=Message("week {week} of treatment", week=week))


def _clear_day(day: dt.date, held: list[Session], *, hours: float) -> dt.date:
    """Return the day, or the first after it that is a session's own or wholly clear."""
    while True:
        found = find_photo_window(day, held, hours=hours)
        if found.session is None or found.session.at.date() == day:
            return day
        after = add_hours(found.session.at, hours).date() + dt.timedelta(days=1)
        sittings = [s.at.date() for s in held if s.at.date() > day]
        day = max(day + dt.timedelta(days=1), min([after, *sittings]))
