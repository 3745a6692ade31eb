import datetime as dt
from dataclasses import replace
from zoneinfo import ZoneInfo

import icalendar

from hairtrack.course import ical, plans
from hairtrack.course.entries import Course, Kind, Settings, Status, Treatment
from hairtrack.course.facts import packaged_facts

NOW = dt.datetime(2025, 3, 1, 12, tzinfo=dt.UTC)


def write(sessions, *, start=None):
    course = Course(
        subject="me",
        settings=Settings(subject="me", started_on=start),
        facts=packaged_facts(),
        treatments=(Treatment(id=1, subject="me", kind=Kind.MESOTHERAPY_CHEMICAL),),
        sessions=tuple(sessions),
    )
    data = ical.to_icalendar(course, calendar_id="abc", now=NOW)
    return icalendar.Calendar.from_ical(data)


def list_sessions(calendar):
    return [e for e in calendar.walk("VEVENT") if e["UID"].startswith("session-")]


def plan():
    choice = plans.PlanChoice(start=dt.date(2025, 3, 24), zone="Europe/Berlin", sessions=2)
    made = plans.make_plan(choice, subject="me", treatment=1)
    return [replace(one, id=number) for number, one in enumerate(made, start=1)]


def test_sessions_come_back_at_their_hour_on_both_sides_of_the_clock_change():
    events = list_sessions(write(plan()))
    assert [event.decoded("dtstart") for event in events] == [
        dt.datetime(2025, 3, 24, 10, tzinfo=ZoneInfo("Europe/Berlin")),
        dt.datetime(2025, 3, 31, 10, tzinfo=ZoneInfo("Europe/Berlin")),
    ]
    offsets = [event.decoded("dtstart").utcoffset() for event in events]
    assert offsets == [dt.timedelta(hours=1), dt.timedelta(hours=2)]
    assert {event.decoded("dtend") - event.decoded("dtstart") for event in events} == {
        dt.timedelta(minutes=30)
    }


def test_an_entry_replaces_the_one_of_before_and_a_skipped_one_is_cancelled():
    made = plan()
    moved = [replace(made[0], at=made[0].at + dt.timedelta(days=1)), made[1]]
    first, second = ([e["UID"] for e in list_sessions(write(one))] for one in (made, moved))
    assert first == second
    assert len(set(first)) == 2
    assert all(uid.endswith("@abc.hairtrack") for uid in first)
    calendar = write([replace(made[0], status=Status.SKIPPED), made[1]])
    told = [str(event["STATUS"]) for event in list_sessions(calendar)]
    assert told == ["CANCELLED", "TENTATIVE"]
    (zone,) = calendar.walk("VTIMEZONE")
    assert zone["TZID"] == "Europe/Berlin"


def test_days_for_photographs_last_the_whole_day():
    events = write([], start=dt.date(2026, 1, 1)).walk("VEVENT")
    event = events[1]
    assert event.decoded("dtstart") == dt.date(2025, 12, 31)
    assert event.decoded("dtend") == dt.date(2026, 1, 1)
    assert str(event["SUMMARY"]) == "Hair: photographs (before treatment starts)"
