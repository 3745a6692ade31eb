"""Sessions and photo days as an iCalendar file."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from hairtrack.course.entries import Course, Status
from hairtrack.course.plans import list_photo_days

if TYPE_CHECKING:
    import icalendar

_STATUS = {
    Status.PLANNED: "TENTATIVE",
    Status.DONE: "CONFIRMED",
    Status.SKIPPED: "CANCELLED",
}

SESSION_MINUTES = 30
"""Length of an entry where the length of the session is not known."""


def to_icalendar(course: Course, *, calendar_id: str, now: dt.datetime) -> bytes:
    """Return sessions and days for photographs as an iCalendar file (RFC 5545).

    Parameters
    ----------
    course : Course
        Skipped sessions are written as cancelled, so that a calendar removes them.
    calendar_id : str
        Distinguishes the entries of two libraries; an entry written again replaces
        the earlier one.
    now : datetime.datetime
        When the file is made, time zone aware.
    """
    import icalendar

    calendar = icalendar.Calendar()
    calendar.add("prodid", "-//hairtrack//course//EN")
    calendar.add("version", "2.0")
    for session in course.sessions:
        event = _event(f"session-{session.id}", calendar_id, now)
        kind = str(course.kind_of(session)).replace("_", ", ")
        part = "" if session.part == "series" else "maintenance "
        event.add("summary", f"Hair: {part}session {session.number} ({kind})")
        event.add("dtstart", session.at)
        length = dt.timedelta(minutes=session.minutes or SESSION_MINUTES)
        end = (session.at.astimezone(dt.UTC) + length).astimezone(session.at.tzinfo)
        event.add("dtend", end)
        event.add("status", _STATUS[session.status])
        calendar.add_component(event)
    for one in list_photo_days(course):
        event = _event(f"photos-{one.day.isoformat()}", calendar_id, now)
        event.add("summary", f"Hair: photographs ({one.why})")
        event.add("dtstart", one.day)
        event.add("dtend", one.day + dt.timedelta(days=1))
        event.add("transp", "TRANSPARENT")
        calendar.add_component(event)
    calendar.add_missing_timezones()
    written: bytes = calendar.to_ical()
    return written


def _event(name: str, calendar_id: str, now: dt.datetime) -> icalendar.Event:
    import icalendar

    event = icalendar.Event()
    event.add("uid", f"{name}@{calendar_id}.hairtrack")
    event.add("dtstamp", now.astimezone(dt.UTC))
    return event
