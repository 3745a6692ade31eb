"""What the course shows in words: statements of sources, dates and measurements.

It never says what to do beyond whom to speak to, and never that a treatment helped.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import TYPE_CHECKING

from hairtrack.course.aftercare import CLINIC, PhotoWindow, State, Timer, Window
from hairtrack.course.diary import Alert, Level, MatchedDose
from hairtrack.course.entries import Kind, Part, Session
from hairtrack.course.facts import Facts
from hairtrack.messages import N_, Message, capitalized, join, plural_message
from hairtrack.statistics import Interval

if TYPE_CHECKING:
    from hairtrack.course.timeline import Event, Phase

NO_ADVICE = Message(
    "These are statements of the named sources, side by side. hairtrack gives no diagnosis "
    "and no advice on treatment; the clinic's instructions go before all of it."
)
ASSOCIATION = Message(
    "Phases describe when something was seen, not why: association is not cause. Season, "
    "haircut, light and other treatments differ between phases as well."
)
SPEAK_FIRST = Message("Speak to the clinician before the session.")

_KINDS = {
    Kind.MESOTHERAPY_CHEMICAL: Message("mesotherapy, injected"),
    Kind.MESOTHERAPY_MECHANICAL: Message("mesotherapy, mechanical"),
    Kind.MESOTHERAPY_ELECTROPORATION: Message("mesotherapy, electroporation"),
    Kind.PRP: Message("PRP"),
    Kind.MICRONEEDLING: Message("microneedling"),
    Kind.MINOXIDIL: Message("minoxidil"),
    Kind.FINASTERIDE: Message("finasteride"),
    Kind.DUTASTERIDE: Message("dutasteride"),
    Kind.LASER: Message("laser"),
    Kind.TRANSPLANT: Message("transplant"),
    Kind.OTHER: Message("other"),
}
_LEVELS = {
    Level.EMERGENCY: Message("Emergency: call now"),
    Level.CONTACT: Message("Contact your clinician"),
    Level.NOTE: Message("Commonly reported"),
}


def describe_kind(kind: Kind) -> Message:
    """Name a kind of treatment."""
    return _KINDS[kind]


def describe_source(key: str, facts: Facts) -> Message:
    """Name a source in a word or two: "MesoHair", "the clinic", "Olsen 2002"."""
    if key == CLINIC:
        return Message("the clinic")
    source = facts.source(key)
    if source.kind == "own":
        return Message("a rule of this program")
    title = source.title.partition(",")[0] if source.kind == "study" else source.title
    return Message("{title}", title=source.name or title)


def describe_moment(moment: dt.datetime) -> Message:
    """Write a moment on the clock of its place: "Monday 3 March 2025, 10:00"."""
    return Message("{moment}", moment=moment)


def describe_session(session: Session, sessions: Iterable[Session]) -> Message:
    """Name a session among all: "session 3 of 8"."""
    part = session.treatment, session.part
    same = sum((other.treatment, other.part) == part for other in sessions)
    text = N_("session {number} of {total}")
    if session.part is Part.MAINTENANCE:
        text = N_("maintenance session {number} of {total}")
    return Message(text, number=session.number, total=max(same, session.number))


def describe_timer(timer: Timer, facts: Facts, *, kind: Kind) -> Message:
    """Describe until when one thing applies, and who states it."""
    if timer.state is State.NO_SOURCE:
        return Message(
            "{topic}: no source speaks of it for {treatment}; ask the clinic and enter its "
            "time.",
            topic=timer.title,
            treatment=describe_kind(kind),
        )
    if timer.until is None:
        statements = [
            Message(
                "{statement} ({source})",
                statement=fact.says,
                source=describe_source(fact.source, facts),
            )
            for fact in timer.others
        ]
        return Message(
            "{topic}: {statements}. No number is stated; enter the clinic's.",
            topic=timer.title,
            statements=join(statements, "; "),
        )
    text = N_("{topic}: ended {moment} ({hours:g} hours, {source})")
    if timer.state is State.APPLIES:
        text = N_("{topic}: until {moment} ({hours:g} hours, {source})")
    return Message(
        text,
        topic=timer.title,
        moment=timer.until,
        hours=timer.hours,
        source=describe_source(timer.source, facts),
    )


def describe_level(level: Level) -> Message:
    """Name how urgent an alert is."""
    return _LEVELS[level]


def describe_alert(alert: Alert, facts: Facts) -> Message:
    """Describe an alert with its source."""
    return Message(
        "{level}: {about}. {statement} ({source}).",
        level=describe_level(alert.level),
        about=alert.about,
        statement=alert.says,
        source=facts.source(alert.source).title,
    )


def describe_event(event: Event) -> Message:
    """Describe one thing of the timeline."""
    told = event.about
    if event.ahead:
        told = Message("{event} (planned)", event=told)
    return Message("{event}: {note}", event=told, note=event.note) if event.note else told


def describe_start(
    started_on: dt.date | None, first_visit: dt.date | None, *, today: dt.date
) -> Message:
    """Describe from where weeks are counted, and what nothing is known about."""
    if started_on is None:
        return Message(
            "No start of treatment is declared: everything counts since tracking began, "
            "and there are no weeks of treatment."
        )
    week = (today - started_on).days // 7
    told = Message(
        "Week 0 began on {day}; today is in week {week}.", day=started_on, week=week
    )
    if week < 0:
        told = Message("Week 0 begins on {day}; it lies ahead.", day=started_on)
    if first_visit is None or first_visit <= started_on:
        return told
    since = Message(
        "Photographs begin in week {week}, in mid-course: nothing is said about the time "
        "before them.",
        week=(first_visit - started_on).days // 7,
    )
    return join((told, since), " ")


def describe_phase(phase: Phase) -> Message:
    """Describe what was measured in one phase, and how sure it is."""
    name = capitalized(phase.name)
    if phase.mean is None:
        return Message("{phase}: no visit measured.", phase=name)
    visits = plural_message("{count} visit", "{count} visits", count=phase.visits)
    told = Message(
        "mean visible scalp {level:.1f} % of {visits}",
        level=100 * phase.mean,
        visits=visits,
    )
    if phase.interval:
        told = Message(
            "{mean} (95 % interval {low:.1f} to {high:.1f} %)",
            mean=told,
            low=100 * phase.interval[0],
            high=100 * phase.interval[1],
        )
    if phase.delta_pp is None:
        return Message("{phase}: {measured}.", phase=name, measured=told)
    return Message(
        "{phase}: {measured}; {difference}",
        phase=name,
        measured=told,
        difference=_describe_difference(phase.delta_pp, phase.delta_interval_pp),
    )


def _describe_difference(delta_pp: float, interval_pp: Interval | None) -> Message:
    points = abs(delta_pp)
    told = Message(
        "more scalp shows than in the first phase: {points:.1f} points", points=points
    )
    if delta_pp < 0:
        told = Message(
            "less scalp shows than in the first phase: {points:.1f} points", points=points
        )
    if interval_pp is None:
        return Message("{difference}, how sure is not known yet.", difference=told)
    low, high = interval_pp
    half = (high - low) / 2
    if low <= 0 <= high:
        return Message(
            "{difference}, give or take {half:.1f}, which is within what visits differ.",
            difference=told,
            half=half,
        )
    return Message("{difference}, give or take {half:.1f}.", difference=told, half=half)


def describe_dose(matched: MatchedDose) -> Message:
    """Describe a missed dose and the session near it."""
    day = matched.dose.day
    if matched.session is None:
        return Message("{day}: dose missed", day=day)
    near = matched.session.at.date()
    if matched.paused:
        return Message(
            "{day}: dose missed, near the session of {session} (a source asks to leave it "
            "out then)",
            day=day,
            session=near,
        )
    return Message(
        "{day}: dose missed, near the session of {session}", day=day, session=near
    )


def describe_window(found: PhotoWindow) -> Message | None:
    """Describe where a photograph lies between sessions; `None` where nothing is near."""
    if found.window is Window.CLEAR or found.session is None:
        return None
    day = found.session.at.date()
    if found.window is Window.AFTER:
        return Message("within 72 hours after the session of {day}", day=day)
    return Message("perhaps within 72 hours after the session of {day}", day=day)
