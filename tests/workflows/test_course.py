import datetime as dt
from dataclasses import replace

import pytest
from factories import CLINIC

from hairtrack.course import plans
from hairtrack.course.aftercare import Window
from hairtrack.course.entries import (
    Answer,
    Kind,
    Settings,
    Severity,
    Status,
    Symptom,
    Treatment,
)
from hairtrack.course.timeline import list_events, list_phases
from hairtrack.errors import CourseError, PhotoError
from hairtrack.imaging import codec
from hairtrack.records import View
from hairtrack.workflows import course as courses
from hairtrack.workflows.series import read_series

DAY = dt.date(2025, 3, 10)
CHOICE = plans.PlanChoice(start=DAY, zone="Europe/Berlin", sessions=8)


def plan(library, kind=Kind.MESOTHERAPY_CHEMICAL, choice=CHOICE, template="A"):
    treatment = Treatment(subject="me", kind=kind)
    return courses.plan_course(library, treatment, choice, template=template)


def load(library):
    return courses.load_course(library, subject="me")


def symptom(sign="bruise", severity=Severity.MILD):
    at = dt.datetime(2025, 3, 11, 9, tzinfo=dt.UTC)
    return Symptom(subject="me", at=at, sign=sign, severity=severity)


def test_a_plan_is_kept_and_goes_with_its_treatment(library):
    made = plan(library)
    course = load(library)
    assert list(course.sessions) == made
    assert [one.number for one in made] == list(range(1, 9))
    assert course.kind_of(made[0]) is Kind.MESOTHERAPY_CHEMICAL
    library.courses.remove(course.treatments[0])
    assert load(library).sessions == ()


def test_a_refused_plan_keeps_nothing(library):
    with pytest.raises(CourseError, match="states 8 sessions"):
        plan(library, choice=replace(CHOICE, sessions=9))
    with pytest.raises(CourseError, match="no template 'Z'"):
        plan(library, template="Z")
    assert load(library).treatments == ()


def test_a_new_plan_goes_on_counting_after_sessions_that_were_done(library):
    first, *_ = plan(library)
    courses.save_entry(library, replace(first, status=Status.DONE))
    (treatment,) = load(library).treatments
    later = replace(CHOICE, start=DAY + dt.timedelta(weeks=3), sessions=2, every="2 weeks")
    made = courses.plan_course(library, treatment, later)
    kept = [(one.number, one.status) for one in made]
    assert kept == [(1, "done"), (2, "planned"), (3, "planned")]


def test_moving_one_and_those_after_it_is_kept(library):
    plan(library)
    course = load(library)
    day = course.sessions[2].at.date() + dt.timedelta(days=2)
    courses.move_session(library, course, course.sessions[2], day=day, rest=True)
    moved = load(library).sessions
    shift = [
        (b.at.date() - a.at.date()).days
        for a, b in zip(course.sessions, moved, strict=True)
    ]
    assert shift == [0, 0, 2, 2, 2, 2, 2, 2]
    with pytest.raises(CourseError, match="no session with number 99"):
        courses.find_session(course, 99)


def test_settings_are_checked_and_kept(library):
    kept = Settings(
        subject="me", zone="Asia/Kolkata", started_on=DAY, hours=(("sun", 60.0),)
    )
    courses.save_settings(library, kept)
    assert load(library).settings == kept
    for bad, told in [
        (replace(kept, zone="Nowhere"), "no time zone"),
        (replace(kept, stopped_on=DAY - dt.timedelta(days=1)), "stop before it starts"),
        (replace(kept, hours=(("singing", 1.0),)), "no topic 'singing'"),
        (replace(kept, hours=(("sun", float("nan")),)), "between 0 hours and a year"),
    ]:
        with pytest.raises(CourseError, match=told):
            courses.save_settings(library, bad)
    assert load(library).settings == kept


def test_unknown_signs_and_items_are_refused(library):
    yesterday = DAY - dt.timedelta(days=1)
    laser = {"subject": "me", "kind": Kind.LASER, "started_on": DAY}
    for entry, told in (
        (symptom("luck"), "no sign"),
        (Answer(subject="me", check="luck", yes=True, day=DAY), "no item"),
        (Treatment(**laser, stopped_on=yesterday), "stop before it starts"),
    ):
        with pytest.raises(CourseError, match=told):
            courses.save_entry(library, entry)


def test_a_picture_of_the_diary_is_small_bare_and_never_measured(library, draw_photo):
    data, _ = draw_photo(3, taken_at=dt.datetime(2025, 3, 11, 9))
    alerts = courses.add_symptom(library, symptom("pus"), pictures={"a.jpg": data})
    assert [alert.level for alert in alerts] == ["contact"]
    (kept,) = load(library).symptoms
    jpeg = library.courses.picture("me", kept.pictures[0])
    assert b"Exif" not in jpeg
    assert max(codec.decode(jpeg).shape) <= 1600
    assert library.catalog.photos() == []
    with pytest.raises(PhotoError):
        courses.add_symptom(library, symptom(), pictures={"a.jpg": b"hello"})
    assert load(library).symptoms == (kept,)


def test_the_clinics_file_is_checked_before_it_is_kept(library):
    courses.save_clinic_file(library, CLINIC)
    with pytest.raises(CourseError):
        courses.save_clinic_file(library, "nonsense [")
    assert load(library).facts.source("ours").title == "Our clinic"
    courses.save_clinic_file(library, "")
    assert len(load(library).facts.sources) == len(courses.packaged_facts().sources)


def test_photographs_near_a_session_are_flagged(own):
    # Photographs of 3 March at 8:30 and 8:31, and of 2 June; sessions the day before
    # the first and at nine on the last day.
    treatment = Treatment(subject="me", kind=Kind.PRP)
    first, last = sorted({photo.visit for photo in own.catalog.photos()})
    for day in (first - dt.timedelta(days=1), last):
        one = replace(CHOICE, start=day, time=dt.time(9), sessions=1)
        courses.plan_course(own, treatment, one)
    found = courses.flag_photos(own, load(own))
    by_day = {photo.visit: found[photo.digest].window for photo in own.catalog.photos()}
    assert by_day == {first: Window.AFTER, last: Window.CLEAR}


def test_measurements_stand_on_the_timeline_and_in_the_phases(own):
    courses.save_settings(own, Settings(subject="me", started_on=dt.date(2025, 3, 4)))
    course = load(own)
    (series,) = read_series(own, subject="me", view=View.VERTEX)
    values = series.values
    events = list_events(course, today=dt.date(2025, 7, 1), values=values)
    assert [event.kind for event in events] == ["measurement", "start", "measurement"]
    before, during = list_phases(course.settings, course.sessions, values)
    change = values[1].visible_scalp - values[0].visible_scalp
    assert during.delta_pp == pytest.approx(100 * change)
    assert (before.visits, during.visits) == (1, 1)
