import dataclasses
import datetime as dt
import json
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa
from factories import fill_course

from hairtrack.course.entries import (
    Dose,
    Kind,
    Mark,
    Remark,
    Session,
    Settings,
    Status,
    Symptom,
    Treatment,
)
from hairtrack.errors import CourseError
from hairtrack.records import Subject
from hairtrack.store import Catalog, Courses, editing, schema

DAY = dt.date(2025, 3, 10)
AT = dt.datetime(2025, 3, 10, 10, tzinfo=ZoneInfo("Europe/Berlin"))


@pytest.fixture
def catalog(tmp_path):
    with Catalog.create(tmp_path / "catalog.sqlite") as opened:
        yield opened


@pytest.fixture
def courses(catalog):
    return Courses(catalog)


def fill(courses, subject="me"):
    return fill_course(courses, subject=subject, at=AT)


def test_entries_come_back_in_order_and_of_their_subject_only(courses):
    fill(courses)
    fill(courses, "someone else")
    (session,) = courses.entries(Session, subject="me")
    assert session.at == AT
    assert session.at.tzinfo == ZoneInfo("Europe/Berlin")
    assert courses.entries(Session, subject="nobody") == []
    assert courses.settings("me").hours == (("sun", 60.0),)
    assert courses.settings("nobody") == Settings(subject="nobody", zone="")
    assert courses.picture("me", "ab" * 32) == b"jpeg"
    assert courses.picture("nobody", "ab" * 32) is None


def test_a_session_of_another_subjects_treatment_is_refused_and_nothing_is_kept(courses):
    number = fill(courses)
    stray = Session(treatment=number, subject="someone else", number=1, at=AT)
    remark = Remark(subject="someone else", day=DAY, mark=Mark.DYE)
    with pytest.raises(CourseError, match="no treatment with number"):
        courses.add(remark, stray)
    assert courses.entries(Remark, subject="someone else") == []


def test_replacing_is_all_or_none(courses):
    fill(courses)
    (session,) = courses.entries(Session, subject="me")
    done = dataclasses.replace(session, status=Status.DONE)
    missing = dataclasses.replace(session, id=99)
    with pytest.raises(CourseError, match="no session with number 99"):
        courses.replace(done, missing)
    assert courses.entries(Session, subject="me")[0].status is Status.PLANNED
    courses.replace(done)
    assert courses.entries(Session, subject="me")[0].status is Status.DONE
    with pytest.raises(CourseError, match="There is no"):
        courses.replace(dataclasses.replace(done, subject="someone else"))


def test_a_treatment_takes_its_sessions_and_doses_with_it(courses):
    fill(courses)
    (treatment,) = courses.entries(Treatment, subject="me")
    courses.remove(treatment)
    assert courses.entries(Session, subject="me") == []
    assert courses.entries(Dose, subject="me") == []
    assert len(courses.entries(Symptom, subject="me")) == 1


def test_a_new_plan_takes_the_place_of_planned_sessions_only(courses):
    treatment = Treatment(subject="me", kind=Kind.PRP)
    planned = [Session(treatment=0, subject="me", number=n, at=AT) for n in (1, 2)]
    number = courses.replan(treatment, planned)
    first, _ = courses.entries(Session, subject="me")
    courses.replace(dataclasses.replace(first, status=Status.DONE))
    (kept,) = courses.entries(Treatment, subject="me")
    assert kept.id == number
    assert courses.replan(kept, planned[:1]) == number
    assert [s.status for s in courses.entries(Session, subject="me")] == ["done", "planned"]
    assert len(courses.entries(Treatment, subject="me")) == 1


def test_settings_and_the_clinics_file_are_written_over(courses, catalog):
    fill(courses)
    assert catalog.subject("me").started_at == DAY
    editing.save_subject(catalog, Subject(name="me", started_at=None))
    assert courses.settings("me").started_on is None
    courses.save_settings(Settings(subject="me", zone="UTC"))
    assert courses.settings("me") == Settings(subject="me", zone="UTC")
    assert courses.clinic_file() == ""
    for text in ("a = 1", "a = 2", ""):
        courses.save_clinic_file(text)
        assert courses.clinic_file() == text


def test_the_export_is_json_and_holds_everything(courses):
    fill(courses)
    found = json.loads(json.dumps(courses.export_course("me")))
    assert found["settings"]["started_on"] == "2025-03-10"
    names = {"treatments", "sessions", "symptoms", "doses", "remarks", "answers"}
    assert {name: len(found[name]) for name in names} == dict.fromkeys(names, 1)
    assert found["sessions"][0]["at"] == "2025-03-10T10:00:00+01:00[Europe/Berlin]"
    assert courses.export_course("nobody")["treatments"] == []


def test_the_audit_table_tells_that_entries_changed_and_not_what_they_say(courses, catalog):
    courses.add(Remark(subject="me", day=DAY, mark=Mark.OTHER, note="a secret"))
    with catalog.database.reading() as connection:
        entries = connection.execute(sa.select(schema.audit)).mappings().all()
    assert [entry["action"] for entry in entries] == ["course entries added"]
    assert "secret" not in str(entries)
