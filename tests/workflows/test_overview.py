"""What a person sees first: alerts, what comes next, and one series for each view."""

import datetime as dt
from dataclasses import replace

import pytest

from hairtrack.change.assessment import assess
from hairtrack.change.records import AnalysisPlan, VisitReading
from hairtrack.course import plans
from hairtrack.course.aftercare import State
from hairtrack.course.entries import (
    Answer,
    Kind,
    Settings,
    Severity,
    Status,
    Symptom,
    Treatment,
)
from hairtrack.records import WHOLE, View
from hairtrack.workflows import Library, assess_series
from hairtrack.workflows import course as courses
from hairtrack.workflows.editing import update_photo
from hairtrack.workflows.overview import find_course_status, load_overview
from hairtrack.workflows.series import Series, VisitSummary

DAY = dt.date(2025, 3, 10)
ZONE = "Europe/Berlin"


@pytest.fixture
def library(tmp_path):
    """Return a library with eight weekly sessions at ten, the first two done."""
    with Library.create(tmp_path / "library") as opened:
        settings = Settings(subject="me", zone=ZONE, started_on=DAY)
        courses.save_settings(opened, settings)
        treatment = Treatment(subject="me", kind=Kind.MESOTHERAPY_CHEMICAL, started_on=DAY)
        choice = plans.PlanChoice(start=DAY, zone=ZONE, sessions=8)
        made = courses.plan_course(opened, treatment, choice, template="A")
        for session in made[:2]:
            courses.save_entry(opened, replace(session, status=Status.DONE))
        yield opened


def find_status(library, text):
    at = dt.datetime.fromisoformat(text)
    course = courses.load_course(library, subject="me")
    return find_course_status(
        library, course, now=plans.local_time(at.date(), at.time(), ZONE)
    )


def test_in_the_morning_of_session_3_photographs_are_asked_for(library):
    found = find_status(library, "2025-03-24 08:00")
    assert found.next_session.number == 3
    assert found.photo_day.day == dt.date(2025, 3, 24)
    assert found.photo_day.why == "just before the session"
    assert "week 2" in found.start
    assert {t.state for t in found.timers if t.hours} == {State.ENDED}
    assert found.alerts == ()


def test_in_the_evening_of_session_3_its_timers_run(library):
    found = find_status(library, "2025-03-24 20:00")
    assert found.latest.number == 3
    assert [one.number for one in found.overdue] == [3]
    running = {
        t.topic: t.until.isoformat() for t in found.timers if t.state is State.APPLIES
    }
    assert running == {
        "washing": "2025-03-26T10:00:00+01:00",
        "sun": "2025-03-26T10:00:00+01:00",
        "topicals": "2025-03-25T10:00:00+01:00",
        "exercise": "2025-03-26T10:00:00+01:00",
        "alcohol": "2025-03-26T10:00:00+01:00",
    }
    assert found.next_session.number == 4
    assert found.photo_day.day == dt.date(2025, 3, 31)


def test_a_year_later_nothing_is_planned_and_the_season_has_matched(library):
    for session in courses.load_course(library, subject="me").sessions:
        courses.save_entry(library, replace(session, status=Status.DONE))
    found = find_status(library, "2026-03-09 08:00")
    assert found.next_session is None
    assert found.photo_day.day == dt.date(2026, 3, 9)
    assert found.photo_day.why == "week 52 of treatment"
    assert "week 52" in found.start
    assert find_status(library, "2026-03-24 08:00").photo_day is None


def test_the_loudest_alert_comes_first_and_old_ones_stay_in_the_diary(library):
    for sign, day in (("pus", 20), ("breathing", 18), ("bruise", 21)):
        at = plans.local_time(dt.date(2025, 3, day), dt.time(12), ZONE)
        entry = Symptom(subject="me", at=at, sign=sign, severity=Severity.MILD)
        courses.save_entry(library, entry)
    courses.save_entry(library, Answer(subject="me", check="diabetes", yes=True, day=DAY))
    found = find_status(library, "2025-03-24 20:00")
    assert [alert.level for alert in found.alerts] == ["emergency", "contact"]
    assert [(hit.asks, hit.source) for hit in found.hits] == [("Diabetes", "A")]
    assert find_status(library, "2025-06-24 20:00").alerts == ()
    assert len(courses.load_course(library, subject="me").symptoms) == 3


@pytest.mark.parametrize(("later", "count"), [((30, 31), 0), ((31, 56), 0), ((55, 56), 1)])
def test_a_loss_on_the_last_two_visits_asks_for_the_clinician(library, later, count):
    levels = (30, 31, 30, 31, 30, 31, *later)
    readings = [
        VisitReading(
            day=DAY + dt.timedelta(weeks=week),
            values=tuple((level + step) / 100 for step in (-1, 0, 1)),
        )
        for week, level in enumerate(levels, start=-4)
    ]
    assessment = assess(readings, plan=AnalysisPlan(start=DAY))
    visits = tuple(
        VisitSummary(subject="me", visit=one.day, day=0, view=View.VERTEX, reading=one)
        for one in readings
    )
    series = Series(
        subject="me",
        view=View.VERTEX,
        zone=WHOLE,
        week_zero=DAY,
        visits=visits,
        assessment=assessment,
    )
    course = courses.load_course(library, subject="me")
    found = find_course_status(
        library, course, now=dt.datetime(2025, 4, 1, tzinfo=dt.UTC), assessed=[series]
    )
    assert [(one.level, one.day) for one in found.alerts] == [
        ("contact", readings[-1].day)
    ] * count


def test_the_clinics_hours_go_first(library):
    course = courses.load_course(library, subject="me")
    settings = replace(course.settings, hours=(("washing", 6.0), ("touching", 4.0)))
    courses.save_settings(library, settings)
    found = {t.topic: t for t in find_status(library, "2025-03-24 15:00").timers}
    assert (found["washing"].state, found["washing"].source) == (State.APPLIES, "clinic")
    assert found["touching"].state is State.ENDED


def test_an_empty_course_says_that_no_start_is_declared(tmp_path):
    with Library.create(tmp_path / "empty") as library:
        course = courses.load_course(library, subject="me")
        found = find_course_status(
            library, course, now=dt.datetime(2025, 3, 1, tzinfo=dt.UTC)
        )
    assert "No start of treatment is declared" in found.start
    assert (found.next_session, found.photo_day, found.latest) == (None, None, None)
    assert found.timers == ()


NOW = dt.datetime(2025, 6, 10, tzinfo=dt.UTC)


def test_the_overview_holds_the_assessed_series_of_every_view(own):
    """One without numbers has no verdict and comes last."""

    def load():
        found = load_overview(own, subject="me", now=NOW).series
        return [one for one in found if one.zone == WHOLE]

    assert load() == assess_series(own, subject="me", today=NOW.date())
    (series,) = load()
    assert (len(series.visits), len(series.photos)) == (2, 3)
    photo = own.catalog.photos()[-1]
    update_photo(own, photo.digest, view=View.FRONTAL)
    first, second = load()
    assert first.assessment is not None
    assert (second.view, second.assessment) == (View.FRONTAL, None)
    assert [one.photo.digest for one in second.photos] == [photo.digest]
