"""Timers run in elapsed hours from the session; a photograph's window is exact."""

import datetime as dt

import pytest
from factories import CLINIC
from hypothesis import given, settings
from hypothesis import strategies as st

from hairtrack.course import aftercare, plans
from hairtrack.course.aftercare import State, Window, find_photo_window, list_timers
from hairtrack.course.entries import Kind, Session, Status
from hairtrack.course.facts import add_clinic, packaged_facts

FACTS = packaged_facts()
INJECTED = Kind.MESOTHERAPY_CHEMICAL


def session(text="2025-03-10 10:00", zone="Europe/Berlin", status=Status.DONE):
    at = dt.datetime.fromisoformat(text)
    moment = plans.local_time(at.date(), at.time(), zone)
    return Session(treatment=1, subject="me", number=1, at=moment, status=status)


def timers(one=None, *, kind=INJECTED, after=0.0, facts=FACTS, **own):
    one = one or session()
    now = aftercare.add_hours(one.at, after)
    found = list_timers(one, facts, kind=kind, now=now, own_hours=own)
    return {timer.topic: timer for timer in found}


def test_the_strictest_stated_value_holds_with_its_source_to_the_minute():
    found = timers()
    stated = {t: (timer.hours, timer.source) for t, timer in found.items() if timer.hours}
    two_days = dict.fromkeys(("washing", "sun", "exercise", "alcohol"), (48, "B"))
    assert stated == two_days | {"topicals": (24, "B")}
    without = {topic for topic in found if found[topic].state is State.NO_TIME}
    assert without == {"touching", "pool", "dye"}
    assert {fact.source for fact in found["washing"].others} == {"B", "D"}
    for after, state in ((0, State.APPLIES), (47.99, State.APPLIES), (48, State.ENDED)):
        assert timers(after=after)["washing"].state is state


@pytest.mark.parametrize("kind", [kind for kind in Kind if kind is not INJECTED])
def test_a_kind_that_no_source_speaks_of_asks_for_the_clinics_values(kind):
    found = timers(kind=kind)
    assert {timer.state for timer in found.values()} == {State.NO_SOURCE}
    assert all(timer.until is None and timer.source == "" for timer in found.values())
    own = timers(kind=kind, washing=12)
    assert own["washing"].state is State.APPLIES
    assert own["washing"].source == aftercare.CLINIC


def test_the_clinics_own_value_overrides_even_when_it_is_shorter():
    found = timers(washing=6, touching=4, pool=72)
    assert (found["washing"].hours, found["washing"].source) == (6, "clinic")
    assert found["touching"].hours == 4
    assert found["pool"].hours == 72
    with_file = timers(facts=add_clinic(FACTS, CLINIC.replace("72", "12")))
    assert (with_file["washing"].hours, with_file["washing"].source) == (12, "ours")
    both = timers(facts=add_clinic(FACTS, CLINIC), washing=6)
    assert (both["washing"].hours, both["washing"].source) == (6, "clinic")


@pytest.mark.parametrize(
    ("start", "end"),
    [
        ("2025-03-29 10:00", "2025-03-31T11:00:00+02:00"),  # an hour left out between
        ("2025-10-25 10:00", "2025-10-27T09:00:00+01:00"),  # an hour twice between
        ("2025-12-30 10:00", "2026-01-01T10:00:00+01:00"),
    ],
)
def test_forty_eight_hours_are_elapsed_hours(start, end):
    assert timers(session(start))["washing"].until.isoformat() == end


def test_the_latest_session_is_the_last_that_has_begun():
    first, second = session(), session("2025-03-17 10:00")
    skipped = session("2025-03-24 10:00", status=Status.SKIPPED)
    now = skipped.at + dt.timedelta(days=1)
    assert aftercare.find_latest_session([first, second, skipped], now=now) == second
    before = first.at - dt.timedelta(minutes=1)
    assert aftercare.find_latest_session([first], now=before) is None


@pytest.mark.parametrize(
    ("hours", "window"),
    [(-0.01, Window.CLEAR), (0, Window.AFTER), (71.9, Window.AFTER), (72, Window.CLEAR)],
)
def test_a_photograph_is_asked_for_before_and_not_within_72_hours_after(hours, window):
    one = session()
    taken = aftercare.add_hours(one.at, hours)
    assert find_photo_window(taken, [one], hours=72).window is window


@pytest.mark.parametrize(
    ("day", "window"),
    [
        (9, Window.CLEAR),
        (10, Window.UNSURE),  # before or after: the hour is not known
        (11, Window.AFTER),
        (12, Window.AFTER),
        (13, Window.UNSURE),  # the window ends at ten
        (14, Window.CLEAR),
    ],
)
def test_of_a_day_alone_every_hour_is_possible(day, window):
    found = find_photo_window(dt.date(2025, 3, day), [session()], hours=72)
    assert found.window is window
    assert (found.session is None) == (window is Window.CLEAR)


def test_a_time_without_zone_is_on_the_clock_of_the_session():
    there = [session(zone="Asia/Kolkata")]
    for minute, window in ((-1, Window.CLEAR), (1, Window.AFTER)):
        taken = dt.datetime(2025, 3, 10, 10) + dt.timedelta(minutes=minute)
        assert find_photo_window(taken, there, hours=72).window is window


def test_hours_since_the_last_session_that_was_held():
    two = [session(), session("2025-03-17 10:00")]
    taken = two[1].at + dt.timedelta(hours=30)
    for at, hours in (
        (taken, 30),
        (two[0].at - dt.timedelta(hours=1), None),
        (dt.date(2025, 3, 17), None),  # which came first?
        (dt.date(2025, 3, 18), 14),
    ):
        assert aftercare.hours_since_session(at, two) == pytest.approx(hours)
    skipped = session(status=Status.SKIPPED)
    taken = skipped.at + dt.timedelta(hours=1)
    assert find_photo_window(taken, [skipped], hours=72).window is Window.CLEAR
    assert aftercare.hours_since_session(taken, [skipped]) is None


@settings(max_examples=40, deadline=None)
@given(
    hours=st.floats(-200, 200),
    zone=st.sampled_from(["UTC", "Europe/Berlin", "America/New_York"]),
    start=st.datetimes(dt.datetime(2000, 1, 1), dt.datetime(2040, 1, 1)),
)
def test_a_day_is_never_surer_than_a_time_of_it(hours, zone, start):
    one = session(start.isoformat(timespec="minutes"), zone)
    taken = aftercare.add_hours(one.at, hours)
    exact = find_photo_window(taken, [one], hours=72).window
    by_day = find_photo_window(taken.date(), [one], hours=72).window
    assert by_day in (exact, Window.UNSURE)
