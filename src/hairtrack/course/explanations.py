"""What is said of a course, in one place for screen and command line.

It tells what sources state and what was entered or measured; it never says
what to do about it beyond whom to speak to, and never that a treatment helped.
"""

from __future__ import annotations

import datetime as dt

from hairtrack.course.aftercare import CLINIC, PhotoWindow, State, Timer, Window
from hairtrack.course.diary import Alert, Level, MatchedDose
from hairtrack.course.entries import Kind, Part, Session
from hairtrack.course.facts import Facts
from hairtrack.course.timeline import Event, EventKind, Phase

NO_ADVICE = (
    "These are statements of the named sources, side by side. hairtrack gives no diagnosis "
    "and no advice on treatment; the clinic's instructions go before all of it."
)
ASSOCIATION = (
    "Phases describe when something was seen, not why: association is not cause. Season, "
    "haircut, light and other treatments differ between phases as well."
)
HIT = "Speak to the clinician before the session."

_KINDS = {
    Kind.MESOTHERAPY_CHEMICAL: "mesotherapy, injected",
    Kind.MESOTHERAPY_MECHANICAL: "mesotherapy, mechanical",
    Kind.MESOTHERAPY_ELECTROPORATION: "mesotherapy, electroporation",
    Kind.PRP: "PRP",
}
_LEVELS = {
    Level.EMERGENCY: "Emergency: call now",
    Level.CONTACT: "Contact your clinician",
    Level.NOTE: "Commonly reported",
}


def describe_kind(kind: Kind) -> str:
    """Name a kind of treatment."""
    return _KINDS.get(kind, str(kind))


def describe_source(key: str, facts: Facts) -> str:
    """Name a source in a word or two: "document B", "the clinic", "study Olsen 2002"."""
    if key == CLINIC:
        return "the clinic"
    source = facts.source(key)
    if source.kind == "own":
        return "a rule of this program"
    if source.kind == "document":
        return f"document {key}"
    return source.title.partition(",")[0] if source.kind == "study" else source.title


def describe_moment(moment: dt.datetime) -> str:
    """Say a moment on the clock of its place: "Monday 3 March 2025, 10:00"."""
    return f"{moment:%A} {moment.day} {moment:%B %Y, %H:%M}"


def describe_session(session: Session, of: int) -> str:
    """Name a session: "session 3 of 8"."""
    if session.part is Part.SERIES:
        return f"session {session.number} of {of}"
    return f"maintenance session {session.number} of {of}"


def describe_timer(timer: Timer, facts: Facts, *, kind: Kind) -> str:
    """Say until when one thing applies, and who states it."""
    if timer.state is State.UNSPOKEN:
        return (
            f"{timer.title}: no source speaks of it for {describe_kind(kind)}; ask the "
            "clinic and enter its time."
        )
    if timer.until is None:
        said = "; ".join(
            f"{fact.says} ({describe_source(fact.source, facts)})" for fact in timer.others
        )
        return f"{timer.title}: {said}. No number is stated; enter the clinic's."
    source = describe_source(timer.source, facts)
    at, hours = describe_moment(timer.until), f"{timer.hours:g}"
    if timer.state is State.APPLIES:
        return f"{timer.title}: until {at} ({hours} hours, {source})"
    return f"{timer.title}: ended {at} ({hours} hours, {source})"


def describe_level(level: Level) -> str:
    """Say how loud an alert is."""
    return _LEVELS[level]


def describe_alert(alert: Alert, facts: Facts) -> str:
    """Say an alert with its source."""
    return (
        f"{describe_level(alert.level)}: {alert.about}. {alert.says} "
        f"({facts.source(alert.source).title})."
    )


def describe_event(event: Event, facts: Facts) -> str:
    """Say one thing of the timeline."""
    told = {
        EventKind.START: "Declared start of treatment (week 0)",
        EventKind.STOP: "Treatment stopped",
        EventKind.SESSION: f"Session {event.about}",
        EventKind.MAINTENANCE: f"Maintenance session {event.about}",
        EventKind.MEASUREMENT: f"Visible scalp {event.about}",
        EventKind.TREATMENT: event.about,
        EventKind.REMARK: event.about.capitalize(),
        EventKind.SYMPTOM: event.about,
    }[event.kind]
    if event.kind is EventKind.SYMPTOM:
        told = next((s.title for s in facts.signs if s.key == event.about), event.about)
    if event.kind is EventKind.TREATMENT:
        told = _describe_treatment(event.about)
    if event.ahead:
        told = f"{told} (planned)"
    return f"{told}: {event.note}" if event.note else told


def _describe_treatment(about: str) -> str:
    kind, _, word = about.partition(" ")
    told = describe_kind(Kind(kind))
    return f"{told[0].upper()}{told[1:]}: {word}"


def describe_start(
    started_on: dt.date | None, first_visit: dt.date | None, *, today: dt.date
) -> str:
    """Say from where weeks are counted, and what nothing is said about."""
    if started_on is None:
        return (
            "No start of treatment is declared: everything counts since tracking began, "
            "and there are no weeks of treatment."
        )
    week, began = (today - started_on).days // 7, started_on.isoformat()
    told = f"Week 0 began on {began}; today is in week {week}."
    if week < 0:
        told = f"Week 0 began on {began}; it lies ahead."
    if first_visit is None or first_visit <= started_on:
        return told
    begun = (first_visit - started_on).days // 7
    since = (
        f"Photographs begin in week {begun}, in mid-course: nothing is said about the time "
        "before them."
    )
    return f"{told} {since}"


def describe_phase(phase: Phase) -> str:
    """Say what was measured in one phase, and how sure it is."""
    name = str(phase.name).capitalize()
    if phase.mean is None:
        return f"{name}: no visit measured."
    visits = "1 visit" if phase.visits == 1 else f"{phase.visits} visits"
    told = f"mean visible scalp {100 * phase.mean:.1f} % of {visits}"
    if phase.interval:
        low, high = (100 * end for end in phase.interval)
        told = f"{told} (95 % interval {low:.1f} to {high:.1f} %)"
    if phase.delta_pp is None:
        return f"{name}: {told}."
    return f"{name}: {told}; {_describe_difference(phase)}"


def _describe_difference(phase: Phase) -> str:
    size = f"{abs(phase.delta_pp or 0.0):.1f} points"
    told = f"more scalp shows than in the first phase: {size}"
    if (phase.delta_pp or 0.0) < 0:
        told = f"less scalp shows than in the first phase: {size}"
    if phase.delta_interval_pp is None:
        return f"{told}, how sure is not known yet."
    low, high = phase.delta_interval_pp
    half = f"{(high - low) / 2:.1f}"
    if low <= 0 <= high:
        return f"{told}, give or take {half}, which is within what visits differ."
    return f"{told}, give or take {half}."


def describe_dose(marked: MatchedDose) -> str:
    """Say a missed dose and the session near it."""
    day = marked.dose.day.isoformat()
    if marked.session is None:
        return f"{day}: dose missed"
    near = marked.session.at.date().isoformat()
    if marked.paused:
        return (
            f"{day}: dose missed, near the session of {near} (a source asks to leave it "
            "out then)"
        )
    return f"{day}: dose missed, near the session of {near}"


def describe_window(found: PhotoWindow) -> str:
    """Say where a photograph lies between sessions; empty where nothing is in the way."""
    if found.window is Window.CLEAR or found.session is None:
        return ""
    day = found.session.at.date().isoformat()
    if found.window is Window.AFTER:
        return f"within 72 hours after the session of {day}"
    return f"perhaps within 72 hours after the session of {day}"
