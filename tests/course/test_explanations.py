import datetime as dt
import re
from dataclasses import replace

import pytest

from hairtrack.course import explanations
from hairtrack.course.aftercare import PhotoWindow, Window, list_timers
from hairtrack.course.diary import Alert, Level, MatchedDose
from hairtrack.course.entries import Dose, Kind, Part, Session
from hairtrack.course.facts import packaged_facts
from hairtrack.course.timeline import Event, EventKind, Phase, PhaseName
from hairtrack.messages import Message

FACTS = packaged_facts()
AT = dt.datetime(2025, 3, 10, 10, tzinfo=dt.UTC)
SESSION = Session(treatment=1, subject="me", number=3, at=AT)
PRAISE = re.compile(r"\b(works?|proven|regrown|success|improved)\b", re.IGNORECASE)


@pytest.mark.parametrize("kind", list(Kind))
def test_every_timer_names_its_source_or_asks_for_the_clinics(kind):
    told = [
        explanations.describe_timer(timer, FACTS, kind=kind)
        for timer in list_timers(SESSION, FACTS, kind=kind, now=AT)
    ]
    for one in told:
        assert "Hair mesotherapy Q&A" in one or "ask the clinic" in one
        assert not PRAISE.search(one)
    if kind is Kind.MESOTHERAPY_CHEMICAL:
        assert told[0] == (
            "Washing: until Wednesday 12 March 2025, 10:00 (48 hours, Hair mesotherapy Q&A)"
        )


def test_an_alert_says_what_to_do_and_names_its_source():
    for level, told in (
        (Level.EMERGENCY, "Emergency: call now"),
        (Level.CONTACT, "Contact your clinician"),
        (Level.NOTE, "Commonly reported"),
    ):
        alert = Alert(level=level, about="Fever", says="Seen", source="B", day=AT.date())
        found = explanations.describe_alert(alert, FACTS)
        assert found.startswith(f"{told}: Fever. Seen (Hair mesotherapy")


def test_sessions_are_counted_within_their_part():
    eight = [replace(SESSION, number=number) for number in range(1, 9)]
    assert explanations.describe_session(SESSION, eight) == "session 3 of 8"
    assert explanations.describe_session(SESSION, [SESSION]) == "session 3 of 3"
    later = Session(treatment=1, subject="me", number=1, at=AT, part=Part.MAINTENANCE)
    two = [*eight, later, replace(later, number=2)]
    assert explanations.describe_session(later, two) == "maintenance session 1 of 2"


def test_an_event_ahead_is_told_with_its_note():
    about = Message("Session {number}", number=3)
    event = Event(
        day=AT.date(), kind=EventKind.SESSION, about=about, note="a note", ahead=True
    )
    assert explanations.describe_event(event) == "Session 3 (planned): a note"


def test_a_phase_is_described_with_its_interval_and_not_praised():
    phase = Phase(
        name=PhaseName.AFTER,
        first=None,
        last=None,
        visits=4,
        mean=0.23,
        interval=(0.21, 0.25),
        delta_pp=-4.4,
        delta_interval_pp=(-7.2, -1.6),
    )
    told = explanations.describe_phase(phase)
    assert "less scalp shows than in the first phase: 4.4 points, give or take 2.8." in told
    assert not PRAISE.search(told + explanations.ASSOCIATION + explanations.NO_ADVICE)
    assert explanations.describe_phase(
        Phase(name=PhaseName.BEFORE, first=None, last=None)
    ) == ("Before treatment: no visit measured.")


def test_doses_and_photographs_name_the_session():
    dose = Dose(subject="me", treatment=1, day=AT.date())
    told = explanations.describe_dose(MatchedDose(dose=dose, session=SESSION, paused=True))
    assert "near the session of 10 March 2025" in told
    assert explanations.describe_window(PhotoWindow(window=Window.CLEAR)) is None
    unsure = PhotoWindow(window=Window.UNSURE, session=SESSION)
    assert explanations.describe_window(unsure).startswith("perhaps within 72 hours")
