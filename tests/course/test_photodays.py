import datetime as dt
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from hairtrack.course import plans
from hairtrack.course.aftercare import Window, find_photo_window
from hairtrack.course.entries import Status
from hairtrack.course.facts import packaged_facts
from hairtrack.course.plans import find_next_photo_day, list_photo_days

FACTS = packaged_facts()
START = dt.date(2025, 3, 10)


def plan(**options):
    choice = plans.PlanChoice(**{"start": START, "sessions": 8} | options)
    return plans.make_plan(choice, subject="me", treatment=1)


def test_two_visits_before_the_start_then_just_before_sessions_then_the_weeks():
    days = list_photo_days(plan(), FACTS, start=START)
    assert [(d.day - START).days for d in days] == [-14, -1, *range(0, 50, 7), 84, 168, 364]
    assert {d.why for d in days if d.session} == {"just before the session"}


def test_a_week_that_falls_after_a_session_waits_until_the_scalp_is_calm():
    # Week 12 is 2 June; a session the day before moves the photographs to 5 June,
    # the first day that lies wholly after its 72 hours.
    days = list_photo_days(plan(start=dt.date(2025, 6, 1), sessions=1), FACTS, start=START)
    assert dt.date(2025, 6, 5) in [d.day for d in days if d.why == "week 12 of treatment"]


def test_without_a_start_there_are_only_sessions():
    assert len(list_photo_days(plan(), FACTS, start=None)) == 8
    assert list_photo_days([], FACTS, start=None) == []


def test_a_day_before_a_session_is_over_when_the_session_begins_or_is_done():
    made = plan()
    days = list_photo_days(made, FACTS, start=None)
    before = made[0].at - dt.timedelta(hours=1)
    assert find_next_photo_day(days, now=before).day == START
    assert find_next_photo_day(days, now=made[0].at).day == START + dt.timedelta(weeks=1)
    done = [replace(made[0], status=Status.DONE), *made[1:]]
    left = find_next_photo_day(list_photo_days(done, FACTS, start=None), now=before)
    assert left.day == START + dt.timedelta(weeks=1)


@settings(max_examples=20, deadline=None)
@given(
    every=st.sampled_from(["1 day", "2 days", "3 days", "4 days", "1 week", "1 month"]),
    shift=st.integers(-100, 400),
    number=st.integers(1, 30),
)
def test_no_day_lies_wholly_within_the_hours_after_another_session(every, shift, number):
    made = plan(every=every, sessions=number, start=START + dt.timedelta(days=shift))
    days = list_photo_days(made, FACTS, start=START)
    assert [d.day for d in days] == sorted({d.day for d in days})
    for day in days:
        when = day.session.at if day.session else day.day
        others = [one for one in made if day.session is None or one.at < day.session.at]
        assert find_photo_window(when, others, hours=72).window is not Window.AFTER
