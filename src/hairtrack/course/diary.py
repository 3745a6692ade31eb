"""The diary: which entries ask for a clinician or for emergency help, by which source.

The diary does not say what a sign means. A severe sign always asks for the clinician,
even where it is commonly reported at that time.
"""

from __future__ import annotations

import datetime as dt
import enum
from collections.abc import Iterable
from dataclasses import dataclass

from hairtrack.course.aftercare import list_timers
from hairtrack.course.entries import (
    Answer,
    Course,
    Dose,
    Kind,
    Session,
    Severity,
    Status,
    Symptom,
    Treatment,
)
from hairtrack.course.facts import OWN, Check, Facts, Rule
from hairtrack.messages import Message

SHEDDING = ("shedding", "diffuse_loss", "patchy_loss")
"""Signs for which the note on shedding with minoxidil is shown."""

DOSE_DAYS = 2
"""Days before or after a session within which a missed dose is marked; own choice."""


class Level(enum.StrEnum):
    """How urgent an alert is, the most urgent first."""

    EMERGENCY = "emergency"
    CONTACT = "contact"
    NOTE = "note"


@dataclass(frozen=True, slots=True, kw_only=True)
class Alert:
    """Something to show at once: the topic, and what the source says."""

    level: Level
    about: str
    says: str
    source: str
    day: dt.date


@dataclass(frozen=True, slots=True, kw_only=True)
class MatchedDose:
    """A missed dose, the session near it, and whether a source asks for a pause then."""

    dose: Dose
    session: Session | None = None
    paused: bool = False


def check_symptom(
    symptom: Symptom, facts: Facts, *, treatments: Iterable[Treatment] = ()
) -> list[Alert]:
    """Return the alerts for one entry of the diary, the most urgent first.

    Parameters
    ----------
    symptom : Symptom
        The entry; a sign that no fact file knows counts as something else.
    facts : Facts
        Signs with their sources.
    treatments : iterable of Treatment
        All of the subject; shedding gets a note in the first weeks of minoxidil.
    """
    known = {sign.key: sign for sign in facts.signs}
    sign = known.get(symptom.sign, known["other"])
    day = symptom.at.date()
    alerts: list[tuple[Level, str, str]] = []
    if sign.alert:
        alerts.append((Level(sign.alert), sign.says, sign.source))
    elif symptom.severity is Severity.SEVERE:
        told = Message("A severe sign always asks for the clinician")
        alerts.append((Level.CONTACT, told, OWN))
    rule = facts.rule("minoxidil_shedding")
    if sign.key in SHEDDING and _in_shedding_weeks(day, treatments, rule):
        alerts.append((Level.NOTE, rule.says, rule.source))
    return [
        Alert(level=level, about=sign.title, says=says, source=source, day=day)
        for level, says, source in alerts
    ]


def _in_shedding_weeks(day: dt.date, treatments: Iterable[Treatment], rule: Rule) -> bool:
    first, last = rule.weeks
    starts = [t.started_on for t in treatments if t.kind is Kind.MINOXIDIL]
    return any(s is not None and first <= (day - s).days // 7 <= last for s in starts)


def list_yes_answers(answers: Iterable[Answer], facts: Facts) -> list[Check]:
    """Return the items of the checklist whose latest answer is yes."""
    last: dict[str, bool] = {}
    for answer in sorted(answers, key=lambda one: (one.day, one.id)):
        last[answer.check] = answer.yes
    return [check for check in facts.checks if last.get(check.key)]


def match_missed_doses(course: Course) -> list[MatchedDose]:
    """Return missed doses by day, each with the session near it, if any."""
    held = [session for session in course.sessions if session.status is not Status.SKIPPED]
    marked = []
    missed = [one for one in course.doses if not one.taken]
    for dose in sorted(missed, key=lambda one: (one.day, one.id)):
        near = [s for s in held if abs((dose.day - s.at.date()).days) <= DOSE_DAYS]
        session = min(near, key=lambda s: abs((dose.day - s.at.date()).days), default=None)
        paused = any(_is_paused(dose.day, s, course) for s in near)
        marked.append(MatchedDose(dose=dose, session=session, paused=paused))
    return marked


def _is_paused(day: dt.date, session: Session, course: Course) -> bool:
    """Return whether a source asks for a pause of topical products on this day."""
    kind = course.kind_of(session)
    timers = list_timers(session, course.facts, kind=kind, now=session.at)
    until = next((t.until for t in timers if t.topic == "topicals"), None)
    return until is not None and session.at.date() <= day <= until.date()
