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
from hairtrack.messages import Message, capitalized, join

NO_ADVICE = Message(
    "These are statements of the named sources, side by side. "
    "hairtrack gives no diagnosis and no advice on treatment; the "
    "clinic's instructions go before all of it."
)
ASSOCIATION = Message(
    "Phases describe when something was seen, not why: association is "
    "not cause. Season, haircut, light and other treatments differ "
    "between phases as well."
)
HIT = Message("Speak to the clinician before the session.")

_KINDS = {
    Kind.MESOTHERAPY_CHEMICAL: Message("mesotherapy, injected"),
    Kind.MESOTHERAPY_MECHANICAL: Message("mesotherapy, mechanical"),
    Kind.MESOTHERAPY_ELECTROPORATION: Message("mesotherapy, electroporation"),
    Kind.PRP: "PRP",
}
_LEVELS = {
    Level.EMERGENCY: Message("Emergency: call now"),
    Level.CONTACT: Message("Contact your clinician"),
    Level.NOTE: Message("Commonly reported"),
}


def describe_kind(kind: Kind) -> str:
    """Name a kind of treatment."""
    return _KINDS.get(kind, str(kind))


def describe_source(key: str, facts: Facts) -> str:
    """Name a source in a word or two: "document B", "the clinic", "study Olsen 2002"."""
    if key == CLINIC:
        return Message("the clinic")
    source = facts.source(key)
    if source.kind == "own":
        return Message("a rule of this program")
    if source.kind == "document":
        return Message("document {key}", key=key)
    return source.title.partition(",")[0] if source.kind == "study" else source.title


def describe_moment(moment: dt.datetime) -> str:
    """Say a moment on the clock of its place: "Monday 3 March 2025, 10:00"."""
    return Message("{moment}", moment=moment)


def describe_session(session: Session, of: int) -> str:
    """Name a session: "session 3 of 8"."""
    if session.part is Part.SERIES:
        return Message("session {number} of {of}", number=session.number, of=of)
    return Message("maintenance session {number} of {of}", number=session.number, of=of)


def describe_timer(timer: Timer, facts: Facts, *, kind: Kind) -> str:
    """Say until when one thing applies, and who states it."""
    if timer.state is State.UNSPOKEN:
        return Message(
            "{title}: no source speaks of it for {kind}; ask the clinic and "
            "enter its time.",
            title=timer.title,
            kind=describe_kind(kind),
        )
    if timer.until is None:
        said = join(
            (
                Message(
                    "{says} ({source})",
                    says=fact.says,
                    source=describe_source(fact.source, facts),
                )
                for fact in timer.others
            ),
            "; ",
        )
        return Message(
            "{title}: {said}. No number is stated; enter the clinic's.",
            title=timer.title,
            said=said,
        )
    source = describe_source(timer.source, facts)
    at, hours = describe_moment(timer.until), f"{timer.hours:g}"
    if timer.state is State.APPLIES:
        return Message(
            "{title}: until {at} ({hours} hours, {source})",
            title=timer.title,
            at=at,
            hours=hours,
            source=source,
        )
    return Message(
        "{title}: ended {at} ({hours} hours, {source})",
        title=timer.title,
        at=at,
        hours=hours,
        source=source,
    )


def describe_level(level: Level) -> str:
    """Say how loud an alert is."""
    return _LEVELS[level]


def describe_alert(alert: Alert, facts: Facts) -> str:
    """Say an alert with its source."""
    return Message(
        "{level}: {about}. {says} ({title}).",
        level=describe_level(alert.level),
        about=alert.about,
        says=alert.says,
        title=facts.source(alert.source).title,
    )


def describe_event(event: Event, facts: Facts) -> str:
    """Say one thing of the timeline."""
    told = {
        EventKind.START: Message("Declared start of treatment (week 0)"),
        EventKind.STOP: Message("Treatment stopped"),
        EventKind.SESSION: Message("Session {about}", about=event.about),
        EventKind.MAINTENANCE: Message("Maintenance session {about}", about=event.about),
        EventKind.MEASUREMENT: Message("Visible scalp {about}", about=event.about),
        EventKind.TREATMENT: event.about,
        EventKind.REMARK: event.about.capitalize(),
        EventKind.SYMPTOM: event.about,
    }[event.kind]
    if event.kind is EventKind.SYMPTOM:
        told = next((s.title for s in facts.signs if s.key == event.about), event.about)
    if event.kind is EventKind.TREATMENT:
        told = _describe_treatment(event.about)
    if event.ahead:
        told = Message("{told} (planned)", told=told)
    return Message("{told}: {note}", told=told, note=event.note) if event.note else told


def _describe_treatment(about: str) -> str:
    kind, _, word = about.partition(" ")
    told = describe_kind(Kind(kind))
    return Message("{told}: {word}", told=capitalized(told), word=word)


def describe_start(
    started_on: dt.date | None, first_visit: dt.date | None, *, today: dt.date
) -> str:
    """Say from where weeks are counted, and what nothing is said about."""
    if started_on is None:
        return Message(
            "No start of treatment is declared: everything counts since "
            "tracking began, and there are no weeks of treatment."
        )
    week, began = (today - started_on).days // 7, started_on.isoformat()
    told = Message(
        "Week 0 began on {began}; today is in week {week}.", began=began, week=week
    )
    if week < 0:
        told = Message("Week 0 began on {began}; it lies ahead.", began=began)
    if first_visit is None or first_visit <= started_on:
        return told
    begun = (first_visit - started_on).days // 7
    since = Message(
        "Photographs begin in week {begun}, in mid-course: nothing is said "
        "about the time before them.",
        begun=begun,
    )
    return f"{told} {since}"


def describe_phase(phase: Phase) -> str:
    """Say what was measured in one phase, and how sure it is."""
    name = str(phase.name).capitalize()
    if phase.mean is None:
        return Message("{name}: no visit measured.", name=name)
    visits = (
        "1 visit" if phase.visits == 1 else Message("{visits} visits", visits=phase.visits)
    )
    told = Message(
        "mean visible scalp {mean:.1f} % of {visits}", mean=100 * phase.mean, visits=visits
    )
    if phase.interval:
        low, high = (100 * end for end in phase.interval)
        told = Message(
            "{told} (95 % interval {low:.1f} to {high:.1f} %)",
            told=told,
            low=low,
            high=high,
        )
    if phase.delta_pp is None:
        return Message("{name}: {told}.", name=name, told=told)
    return Message(
        "{name}: {told}; {difference}",
        name=name,
        told=told,
        difference=_describe_difference(phase),
    )


def _describe_difference(phase: Phase) -> str:
    size = Message("{value:.1f} points", value=abs(phase.delta_pp or 0.0))
    told = Message("more scalp shows than in the first phase: {size}", size=size)
    if (phase.delta_pp or 0.0) < 0:
        told = Message("less scalp shows than in the first phase: {size}", size=size)
    if phase.delta_interval_pp is None:
        return Message("{told}, how sure is not known yet.", told=told)
    low, high = phase.delta_interval_pp
    half = f"{(high - low) / 2:.1f}"
    if low <= 0 <= high:
        return Message(
            "{told}, give or take {half}, which is within what visits differ.",
            told=told,
            half=half,
        )
    return Message("{told}, give or take {half}.", told=told, half=half)


def describe_dose(marked: MatchedDose) -> str:
    """Say a missed dose and the session near it."""
    day = marked.dose.day.isoformat()
    if marked.session is None:
        return Message("{day}: dose missed", day=day)
    near = marked.session.at.date().isoformat()
    if marked.paused:
        return Message(
            "{day}: dose missed, near the session of {near} (a source asks to "
            "leave it out then)",
            day=day,
            near=near,
        )
    return Message("{day}: dose missed, near the session of {near}", day=day, near=near)


def describe_window(found: PhotoWindow) -> str:
    """Say where a photograph lies between sessions; empty where nothing is in the way."""
    if found.window is Window.CLEAR or found.session is None:
        return ""
    day = found.session.at.date().isoformat()
    if found.window is Window.AFTER:
        return Message("within 72 hours after the session of {day}", day=day)
    return Message("perhaps within 72 hours after the session of {day}", day=day)
