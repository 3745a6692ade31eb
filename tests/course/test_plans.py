"""Dates of sessions and days for photographs: month ends, clock changes, invariants."""

import datetime as dt
from dataclasses import replace
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hairtrack.course import plans
from hairtrack.course.aftercare import Window, find_photo_window
from hairtrack.course.entries import (
    Course,
    Part,
    Session,
    Settings,
    Severity,
    Status,
    Symptom,
)
from hairtrack.course.facts import packaged_facts
from hairtrack.course.plans import (
    PlanChoice,
    find_next_photo_day,
    make_plan,
)
from hairtrack.errors import CourseError

FACTS = packaged_facts()
MARCH = dt.date(2025, 3, 10)
PLACES = ["UTC", "Europe/Berlin", "America/New_York", "Asia/Kolkata", "Australia/Lord_Howe"]


MONTHLY = {"maintenance_every": "1 month", "maintenance": 1}


def plan(template="", **options):
    choice = PlanChoice(**{"start": MARCH} | options)
    found = next((one for one in FACTS.templates if one.key == template), None)
    made = make_plan(choice, subject="me", treatment=1, template=found)
    return [replace(one, id=number) for number, one in enumerate(made, start=1)]


def days(sessions):
    return [session.at.date() for session in sessions]


def test_plans_are_those_of_the_documents():
    made = plan("A", sessions=8)
    assert days(made) == [MARCH + dt.timedelta(weeks=n) for n in range(8)]
    assert {session.minutes for session in made} == {30}
    weekly, fortnightly = plan("E"), plan("E", every="2 weeks")
    # 10 March to 10 July are 122 days: 17 weeks and 3 days, 18 weekly dates.
    assert (len(weekly), len(fortnightly)) == (18, 9)
    last, end = days(weekly)[-1], dt.date(2025, 7, 10)
    assert last < end <= last + dt.timedelta(weeks=1)
    # Document D leaves number and interval to the clinician.
    assert len(plan("D", sessions=7, every="10 days")) == 7
    with pytest.raises(CourseError, match="say how many"):
        plan("D")


def test_document_b_then_maintenance_at_the_clinics_interval():
    after = {"maintenance_every": "3 months", "maintenance": 2}
    made = plan("B", sessions=4, every="2 weeks", **after)
    assert [one.part for one in made] == [Part.SERIES] * 4 + [Part.MAINTENANCE] * 2
    assert days(made)[3:] == [dt.date(2025, month, 21) for month in (4, 7, 10)]
    assert [one.number for one in made] == [1, 2, 3, 4, 1, 2]


@pytest.mark.parametrize(
    ("template", "options", "told"),
    [
        ("A", {"sessions": 9}, "states 8 sessions"),
        ("A", {"sessions": 8, "every": "2 weeks"}, "states 1 week"),
        ("A", {"sessions": 8, "maintenance_every": "3 months"}, "says nothing of"),
        ("B", {"sessions": 7}, "states 4 to 6 sessions"),
        ("C-hereditary", {"sessions": 4}, "5 to 15"),
        ("C-hereditary", {"sessions": 5, "every": "2 weeks"}, "1 week or 1 month"),
        ("C-hereditary", {"sessions": 5} | MONTHLY, "6 months or 4 months"),
        ("C-other", {"sessions": 10} | MONTHLY, "names no"),
        ("E", {"sessions": 8}, "no number of sessions"),
        ("", {"sessions": 0}, "1 to 200"),
        ("", {"every": "often"}, "no interval"),
        ("", {"every": "0 weeks"}, "no interval"),
        ("", {"zone": "Mars/Olympus"}, "no time zone"),
        ("", {"zone": "../etc"}, "no time zone"),
        ("", {"sessions": 200, "every": "1000 months"}, "end of the calendar"),
        ("", {"maintenance_every": "1 month"}, "maintenance"),
    ],
)
def test_what_a_source_does_not_state_is_refused_in_a_sentence(template, options, told):
    with pytest.raises(CourseError, match=told):
        plan(template, **{"sessions": 3, "maintenance": 0} | options)


def test_months_are_counted_from_the_first_date_and_do_not_drift():
    made = plan(start=dt.date(2025, 1, 31), every="1 month", sessions=5)
    ends = [(1, 31), (2, 28), (3, 31), (4, 30), (5, 31)]
    assert [(day.month, day.day) for day in days(made)] == ends
    leap = plan(start=dt.date(2023, 12, 31), every="1 month", sessions=3)
    assert days(leap)[2] == dt.date(2024, 2, 29)


def test_ten_stays_ten_and_an_hour_that_does_not_exist_is_an_hour_later():
    made = plan(start=dt.date(2025, 3, 24), zone="Europe/Berlin", sessions=2)
    assert [one.at.hour for one in made] == [10, 10]
    apart = made[1].at.astimezone(dt.UTC) - made[0].at.astimezone(dt.UTC)
    assert apart == dt.timedelta(hours=7 * 24 - 1)
    for day, told in (
        (dt.date(2025, 3, 30), "2025-03-30T03:30:00+02:00"),
        (dt.date(2025, 10, 26), "2025-10-26T02:30:00+02:00"),  # there are two
    ):
        at = plans.local_time(day, dt.time(2, 30), "Europe/Berlin")
        assert at.isoformat() == told


DATES = st.dates(dt.date(1990, 1, 1), dt.date(2060, 12, 31))


@settings(max_examples=40, deadline=None)
@given(
    start=DATES,
    count=st.integers(1, 12),
    unit=st.sampled_from(["day", "week", "month"]),
    number=st.integers(1, 40),
    zone=st.sampled_from(PLACES),
    time=st.times().map(lambda t: t.replace(second=0, microsecond=0, fold=0)),
)
def test_every_plan_begins_on_its_day_and_goes_forward(
    start, count, unit, number, zone, time
):
    every = f"{count} {unit}s"
    made = plan(start=start, every=every, sessions=number, zone=zone, time=time)
    assert len(made) == number
    assert days(made)[0] == start
    assert [one.number for one in made] == list(range(1, number + 1))
    assert all(a.at < b.at for a, b in pairwise(made))
    assert all(one.at.tzinfo == ZoneInfo(zone) for one in made)
    if unit == "month":
        assert all(day.day == min(start.day, day.day) for day in days(made))
        assert all(day.day == start.day for day in days(made) if start.day <= 28)
    else:
        step = dt.timedelta(days=count * (7 if unit == "week" else 1))
        assert days(made) == [start + n * step for n in range(number)]


@settings(max_examples=40, deadline=None)
@given(
    start=DATES,
    which=st.integers(0, 7),
    shift=st.integers(-30, 60),
    rest=st.booleans(),
    zone=st.sampled_from(PLACES),
)
def test_moving_changes_what_was_asked_and_nothing_else(start, which, shift, rest, zone):
    made = plan("A", start=start, sessions=8, zone=zone)
    session = made[which]
    day = session.at.date() + dt.timedelta(days=shift)
    to = plans.local_time(day, session.at.time(), zone)
    changed = plans.move_session(made, session, to=to, rest=rest)
    assert {one.id for one in changed} == {
        one.id for one in made if one.id == session.id or (rest and one.at > session.at)
    }
    before = {one.id: one for one in made}
    for one in changed:
        assert one.at.date() - before[one.id].at.date() == dt.timedelta(days=shift)
        assert one.at.time() == before[one.id].at.time()
        assert replace(one, at=before[one.id].at) == before[one.id]


@settings(max_examples=40, deadline=None)
@given(which=st.sets(st.integers(0, 7)))
def test_skipping_keeps_numbers_and_the_next_is_never_a_skipped_one(which):
    made = plan("A", sessions=8)
    after = [plans.skip_session(one) if n in which else one for n, one in enumerate(made)]
    assert [one.number for one in after] == list(range(1, 9))
    found = plans.find_next_session(after, now=made[0].at)
    left = [one for one in after if one.status is Status.PLANNED]
    assert found == (left[0] if left else None)


def test_next_and_overdue_part_the_planned_at_the_moment():
    made = plan("A", sessions=8)
    now = made[2].at
    assert plans.find_next_session(made, now=now) == made[2]
    assert plans.list_overdue_sessions(made, now=now) == made[:2]
    assert plans.find_next_session(made, now=made[7].at + dt.timedelta(seconds=1)) is None
    done = replace(made[0], status=Status.DONE)
    with pytest.raises(CourseError, match="was done"):
        plans.skip_session(done)
    with pytest.raises(CourseError, match="it stays"):
        plans.move_session([done], done, to=done.at)


START = MARCH


def list_days(sessions, *, start=None):
    settings = Settings(subject="me", started_on=start)
    course = Course(subject="me", settings=settings, facts=FACTS, sessions=tuple(sessions))
    return plans.list_photo_days(course)


def plan_weekly(**options):
    return plan(**{"sessions": 8} | options)


def test_two_visits_before_the_start_then_just_before_sessions_then_the_weeks():
    days = list_days(plan_weekly(), start=START)
    assert [(d.day - START).days for d in days] == [-14, -1, *range(0, 50, 7), 84, 168, 364]
    assert {d.why for d in days if d.session} == {"just before the session"}
    assert len(list_days(plan_weekly())) == 8
    assert list_days([]) == []


def test_a_week_that_falls_after_a_session_waits_until_the_scalp_is_calm():
    # Week 12 is 2 June; a session the day before moves the photographs to 5 June,
    # the first day that lies wholly after its 72 hours.
    days = list_days(plan_weekly(start=dt.date(2025, 6, 1), sessions=1), start=START)
    assert dt.date(2025, 6, 5) in [d.day for d in days if d.why == "week 12 of treatment"]


def test_a_day_before_a_session_is_over_when_the_session_begins_or_is_done():
    made = plan_weekly()
    days = list_days(made)
    before = made[0].at - dt.timedelta(hours=1)
    assert find_next_photo_day(days, now=before).day == START
    assert find_next_photo_day(days, now=made[0].at).day == START + dt.timedelta(weeks=1)
    done = [replace(made[0], status=Status.DONE), *made[1:]]
    left = find_next_photo_day(list_days(done), now=before)
    assert left.day == START + dt.timedelta(weeks=1)


@settings(max_examples=20, deadline=None)
@given(
    every=st.sampled_from(["1 day", "2 days", "3 days", "4 days", "1 week", "1 month"]),
    shift=st.integers(-100, 400),
    number=st.integers(1, 30),
)
def test_no_day_lies_wholly_within_the_hours_after_another_session(every, shift, number):
    made = plan_weekly(every=every, sessions=number, start=START + dt.timedelta(days=shift))
    days = list_days(made, start=START)
    assert [d.day for d in days] == sorted({d.day for d in days})
    for day in days:
        when = day.session.at if day.session else day.day
        others = [one for one in made if day.session is None or one.at < day.session.at]
        assert find_photo_window(when, others, hours=72).window is not Window.AFTER


def test_a_time_without_its_zone_is_refused():
    naive = dt.datetime(2025, 3, 3, 10)
    with pytest.raises(ValueError, match="time zone"):
        Session(treatment=1, subject="me", number=1, at=naive)
    with pytest.raises(ValueError, match="time zone"):
        Symptom(subject="me", at=naive, sign="pain", severity=Severity.MILD)
