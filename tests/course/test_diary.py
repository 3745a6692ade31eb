import datetime as dt
from dataclasses import replace

import pytest

from hairtrack.course import diary
from hairtrack.course.diary import Level
from hairtrack.course.entries import (
    Answer,
    Course,
    Dose,
    Kind,
    Session,
    Settings,
    Severity,
    Status,
    Symptom,
    Treatment,
)
from hairtrack.course.facts import packaged_facts

FACTS = packaged_facts()
DAY = dt.date(2025, 3, 10)
AT = dt.datetime(2025, 3, 10, 10, tzinfo=dt.UTC)


def judge(sign, severity=Severity.MILD, *, at=AT, begun=None):
    symptom = Symptom(subject="me", at=at, sign=sign, severity=severity)
    treatments = [Treatment(id=1, subject="me", kind=Kind.MINOXIDIL, started_on=begun)]
    found = diary.check_symptom(symptom, FACTS, treatments=treatments if begun else [])
    return [alert.level for alert in found]


@pytest.mark.parametrize("one", FACTS.signs, ids=lambda one: one.key)
def test_red_flags_are_told_at_once_and_a_severe_sign_is_never_suppressed(one):
    symptom = Symptom(subject="me", at=AT, sign=one.key, severity=Severity.MILD)
    alerts = diary.check_symptom(symptom, FACTS)
    assert [str(alert.level) for alert in alerts] == ([one.alert] if one.alert else [])
    assert all(alert.source == one.source for alert in alerts)
    severe = judge(one.key, Severity.SEVERE)
    assert Level.EMERGENCY in severe or Level.CONTACT in severe


@pytest.mark.parametrize(
    ("days", "told"), [(13, False), (14, True), (62, True), (63, False), (-1, False)]
)
def test_shedding_is_commonly_reported_in_weeks_2_to_8_of_minoxidil(days, told):
    begun = DAY - dt.timedelta(days=days)
    assert (Level.NOTE in judge("shedding", begun=begun)) == told


def test_the_note_on_minoxidil_never_takes_a_red_flag_away():
    begun = DAY - dt.timedelta(weeks=4)
    assert judge("shedding", Severity.SEVERE, begun=begun) == [Level.CONTACT, Level.NOTE]
    assert judge("diffuse_loss", begun=begun) == [Level.CONTACT, Level.NOTE]
    assert judge("of a clinic that is gone", Severity.SEVERE) == [Level.CONTACT]


def test_the_last_answer_holds():
    answers = [
        Answer(id=1, subject="me", check="diabetes", yes=True, day=DAY),
        Answer(id=2, subject="me", check="kidney", yes=True, day=DAY),
        Answer(id=3, subject="me", check="diabetes", yes=False, day=DAY),
    ]
    assert [check.key for check in diary.list_yes_answers(answers, FACTS)] == ["kidney"]


@pytest.mark.parametrize(
    ("days", "near", "paused"),
    [
        (-3, False, False),
        (-2, True, False),
        (0, True, True),
        (1, True, True),
        (2, True, False),
    ],
)
def test_a_missed_dose_near_a_session_is_marked(days, near, paused):
    treatments = (
        Treatment(id=1, subject="me", kind=Kind.MESOTHERAPY_CHEMICAL),
        Treatment(id=2, subject="me", kind=Kind.MINOXIDIL),
    )
    session = Session(treatment=1, subject="me", number=1, at=AT, status=Status.DONE)
    dose = Dose(subject="me", treatment=2, day=DAY + dt.timedelta(days=days))
    course = Course(
        subject="me",
        settings=Settings(subject="me"),
        facts=FACTS,
        treatments=treatments,
        sessions=(session,),
        doses=(dose, replace(dose, taken=True)),
    )
    (marked,) = diary.match_missed_doses(course)
    assert (marked.session is not None) == near
    # Document B asks to leave topical products out for 24 hours after injections.
    assert marked.paused == paused
