"""The treatment course of a subject: kept, planned, and laid beside what was measured."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Mapping
from dataclasses import replace

from hairtrack.course import diary, ical, plans
from hairtrack.course.aftercare import PhotoWindow, find_photo_window
from hairtrack.course.entries import (
    Answer,
    Course,
    Dose,
    Entry,
    Part,
    Remark,
    Session,
    Settings,
    Status,
    Symptom,
    Treatment,
)
from hairtrack.course.facts import Facts, add_clinic, packaged_facts
from hairtrack.errors import CourseError
from hairtrack.messages import join
from hairtrack.store import Courses
from hairtrack.workflows.library import Library

_PICTURE_LONGEST = 1600


def local_zone() -> str:
    """Return the IANA name of this computer's time zone."""
    import tzlocal

    return str(tzlocal.get_localzone_name())


def load_course(library: Library, *, subject: str) -> Course:
    """Return what is kept of a subject's course; an empty one where nothing is."""
    kept = library.courses
    settings = kept.settings(subject)
    return Course(
        subject=subject,
        settings=settings if settings.zone else replace(settings, zone=local_zone()),
        facts=load_facts(library),
        treatments=tuple(kept.entries(Treatment, subject=subject)),
        sessions=tuple(
            sorted(kept.entries(Session, subject=subject), key=lambda one: (one.at, one.id))
        ),
        symptoms=tuple(
            sorted(kept.entries(Symptom, subject=subject), key=lambda one: (one.at, one.id))
        ),
        doses=tuple(kept.entries(Dose, subject=subject)),
        remarks=tuple(kept.entries(Remark, subject=subject)),
        answers=tuple(kept.entries(Answer, subject=subject)),
        visits=tuple(library.catalog.visits(subject=subject)),
    )


def load_facts(library: Library) -> Facts:
    """Return the packaged facts, and the clinic's beside them where it gave any."""
    text = library.courses.clinic_file()
    return add_clinic(packaged_facts(), text) if text else packaged_facts()


def save_clinic_file(library: Library, text: str) -> Facts:
    """Check a clinic's fact file and keep it; an empty one takes it away.

    Raises
    ------
    CourseError
        One sentence says what is wrong in it; the one before stays.
    """
    facts = add_clinic(packaged_facts(), text) if text else packaged_facts()
    library.courses.save_clinic_file(text)
    return facts


def save_settings(library: Library, settings: Settings) -> None:
    """Keep what holds for a whole course.

    Raises
    ------
    CourseError
        An unknown time zone or topic, or a stop before the start.
    """
    plans.load_time_zone(settings.zone)
    topics = {topic.key for topic in load_facts(library).topics if topic.group == "after"}
    for topic, hours in settings.hours:
        if topic not in topics:
            raise CourseError(
                "There is no topic {topic!r}; there are {topics}.",
                topic=topic,
                topics=join(sorted(topics), ", "),
            )
        if not 0 <= hours <= 24 * 365:
            raise CourseError("The clinic's time must lie between 0 hours and a year.")
    _check_order(settings.started_on, settings.stopped_on)
    library.courses.save_settings(settings)


def save_entry(library: Library, entry: Entry) -> int:
    """Keep a new entry, or write one over that of its number; return the number.

    Raises
    ------
    CourseError
        It names something that is not there, or ends before it starts.
    """
    if isinstance(entry, Treatment):
        _check_order(entry.started_on, entry.stopped_on)
    facts = load_facts(library)
    if isinstance(entry, Symptom) and entry.sign not in {s.key for s in facts.signs}:
        names = join((sign.key for sign in facts.signs), ", ")
        raise CourseError(
            "There is no sign {sign!r}; there are {names}.", sign=entry.sign, names=names
        )
    if isinstance(entry, Answer) and entry.check not in {c.key for c in facts.checks}:
        names = join((check.key for check in facts.checks), ", ")
        raise CourseError(
            "There is no item {check!r}; there are {names}.", check=entry.check, names=names
        )
    if entry.id:
        library.courses.replace(entry)
        return entry.id
    (number,) = library.courses.add(entry)
    return number


def plan_course(
    library: Library,
    treatment: Treatment,
    choice: plans.PlanChoice,
    *,
    template: str = "",
) -> list[Session]:
    """Keep a plan for a treatment, in place of its sessions that are still planned.

    Parameters
    ----------
    treatment : Treatment
        A kept one, or a new one, which is then kept.
    choice : Choice
        Dates, interval and number.
    template : str
        Key of the template; empty for a free plan.

    Raises
    ------
    CourseError
        The template is unknown, or does not leave this choice.
    """
    facts = load_facts(library)
    known = {one.key: one for one in facts.templates}
    if template and template not in known:
        raise CourseError(
            "There is no template {template!r}; there are {known}.",
            template=template,
            known=join(known, ", "),
        )
    planned = plans.make_plan(
        choice,
        subject=treatment.subject,
        treatment=treatment.id,
        template=known.get(template),
    )
    kept = library.courses
    before = _count_held(kept, treatment)
    planned = [replace(one, number=one.number + before[one.part]) for one in planned]
    number = kept.replan(treatment, planned)
    sessions = kept.entries(Session, subject=treatment.subject)
    return [session for session in sessions if session.treatment == number]


def move_session(
    library: Library,
    course: Course,
    session: Session,
    *,
    day: dt.date,
    time: dt.time | None = None,
    rest: bool = False,
) -> list[Session]:
    """Move a planned session, and with `rest` those after it; return what changed.

    Raises
    ------
    CourseError
        It is done or skipped.
    """
    zone = getattr(session.at.tzinfo, "key", course.settings.zone)
    to = plans.local_time(day, time or session.at.time(), zone)
    same = [one for one in course.sessions if one.treatment == session.treatment]
    changed = plans.move_session(same, session, to=to, rest=rest)
    library.courses.replace(*changed)
    return changed


def find_session(course: Course, number: int) -> Session:
    """Return a session by the number of its record; CourseError where there is none."""
    for session in course.sessions:
        if session.id == number:
            return session
    raise CourseError("There is no session with number {number}.", number=number)


def add_symptom(
    library: Library, symptom: Symptom, *, pictures: Mapping[str, bytes] | None = None
) -> list[diary.Alert]:
    """Keep an entry of the diary with its pictures; return its alerts.

    Parameters
    ----------
    pictures : mapping of str to bytes, optional
        Name -> bytes of photographs. A reduced copy without the camera's notes
        is kept; it is never measured.

    Raises
    ------
    CourseError
        The sign is unknown.
    PhotoError
        A photograph cannot be read; nothing is kept then.
    """
    small = [_reduce(data) for data in (pictures or {}).values()]
    digests = tuple(hashlib.sha256(jpeg).hexdigest() for jpeg in small)
    kept = library.courses
    for digest, jpeg in zip(digests, small, strict=True):
        kept.add_picture(symptom.subject, digest, jpeg)
    save_entry(library, replace(symptom, pictures=digests))
    treatments = kept.entries(Treatment, subject=symptom.subject)
    return diary.check_symptom(symptom, load_facts(library), treatments=treatments)


def flag_photos(library: Library, course: Course) -> dict[str, PhotoWindow]:
    """Return digest -> position of each photograph between sessions."""
    hours = course.facts.rule("photo_window").hours or 0.0
    return {
        photo.digest: find_photo_window(
            photo.taken_at or photo.visit, course.sessions, hours=hours
        )
        for photo in library.catalog.photos(subject=course.subject)
    }


def write_calendar(library: Library, course: Course, *, now: dt.datetime) -> bytes:
    """Return sessions and days for photographs as an iCalendar file."""
    library_id = library.catalog.library_id
    return ical.to_icalendar(course, calendar_id=library_id, now=now)


def _count_held(kept: Courses, treatment: Treatment) -> dict[Part, int]:
    """Return the highest number of the sessions that a new plan leaves in place."""
    last = dict.fromkeys(Part, 0)
    for one in kept.entries(Session, subject=treatment.subject):
        if treatment.id and one.treatment == treatment.id and one.status != Status.PLANNED:
            last[one.part] = max(last[one.part], one.number)
    return last


def _check_order(start: dt.date | None, stop: dt.date | None) -> None:
    if start is not None and stop is not None and stop < start:
        raise CourseError("The treatment cannot stop before it starts.")


def _reduce(data: bytes) -> bytes:
    from hairtrack.imaging import codec
    from hairtrack.report import figures

    return figures.encode_jpeg(codec.decode(data), longest=_PICTURE_LONGEST)
