"""All that a person wants to know first: a card for each view, and what comes next."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from hairtrack.course import diary, explanations, plans
from hairtrack.course.aftercare import Timer, find_latest_session, list_timers
from hairtrack.course.entries import Session
from hairtrack.course.facts import Check
from hairtrack.course.plans import PhotoDay, count_sessions
from hairtrack.records import Photo, View
from hairtrack.workflows.course import Course, list_photo_days, load_course
from hairtrack.workflows.library import Library
from hairtrack.workflows.series import Judged, compare_visits, judge

__all__ = ["Card", "CourseStatus", "Overview", "load_course_status", "load_overview"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """What is told of one view.

    Attributes
    ----------
    view : View
        Standard direction.
    judged : Judged or None
        The whole scalp of this view; `None` while nothing of it was measured.
    first, last : Photo
        A photograph of the first and of the latest visit, for the eye.
    visits, photos : int
        How many there are, measured or not.
    """

    view: View
    judged: Judged | None
    first: Photo
    last: Photo
    visits: int
    photos: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Overview:
    """What a person is told first.

    Attributes
    ----------
    cards : tuple of Card
        One for each view with photographs, the primary one first.
    course : Course
        The treatment course, for the names of its sources.
    next_session : Session or None
        The next planned one.
    sessions : int
        How many its part of the treatment has.
    photo_day : PhotoDay or None
        The next day for photographs.
    alerts : tuple of Alert
        Red flags, the loudest first.
    """

    cards: tuple[Card, ...]
    course: Course
    next_session: Session | None
    sessions: int
    photo_day: PhotoDay | None
    alerts: tuple[diary.Alert, ...]


def load_overview(library: Library, *, subject: str, now: dt.datetime) -> Overview:
    """Return what a person is told first.

    Parameters
    ----------
    library : Library
        Open library.
    subject : str
        Of whom.
    now : datetime.datetime
        Time zone aware.
    """
    course = load_course(library, subject=subject)
    judged = judge(library, subject=subject, today=now.date())
    today = load_course_status(library, course, now=now, judged=judged)
    coming = today.next_session
    return Overview(
        cards=tuple(_list_cards(library, subject, judged)),
        course=course,
        next_session=coming,
        sessions=count_sessions(coming, course.sessions) if coming else 0,
        photo_day=today.photo_day,
        alerts=today.alerts,
    )


def _list_cards(library: Library, subject: str, judged: list[Judged]) -> list[Card]:
    photos = library.catalog.photos(subject=subject)
    told = {one.view: one for one in judged}
    cards = []
    for view in View:
        own = [photo for photo in photos if photo.view == view]
        if own:
            first, last = _ends(own, told.get(view))
            days = {photo.visit for photo in own}
            cards.append(
                Card(
                    view=view,
                    judged=told.get(view),
                    first=first,
                    last=last,
                    visits=len(days),
                    photos=len(own),
                )
            )
    return sorted(cards, key=lambda card: card.judged is None or not _is_primary(card))


def _ends(photos: list[Photo], judged: Judged | None) -> tuple[Photo, Photo]:
    """Return a photograph of the first and of the last visit that has a value."""
    days = [reading.day for reading in judged.readings] if judged else []
    measured = [photo for photo in photos if photo.visit in days] or photos
    first = min(measured, key=lambda photo: photo.visit)
    return first, max(measured, key=lambda photo: photo.visit)


def _is_primary(card: Card) -> bool:
    return card.judged is not None and card.judged.assessment.primary


ALERT_DAYS = 30
"""An entry of the diary is told at the top for so long; it stays in the diary for good."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CourseStatus:
    """What a person is told of the course at one moment.

    Attributes
    ----------
    now : datetime.datetime
        The moment, on the clock of the course.
    start : str
        From where weeks are counted, in a sentence.
    next_session : Session or None
        The next planned one.
    overdue : tuple of Session
        Sessions whose time has passed and of which nothing was said since.
    photo_day : PhotoDay or None
        The next day for photographs.
    latest : Session or None
        The latest session that has begun.
    timers : tuple of Timer
        What applies after it.
    hits : tuple of Check
        Items of the checklist answered with yes.
    alerts : tuple of Alert
        From the diary and the measurements, the loudest first.
    """

    now: dt.datetime
    start: str
    next_session: Session | None
    overdue: tuple[Session, ...]
    photo_day: PhotoDay | None
    latest: Session | None
    timers: tuple[Timer, ...]
    hits: tuple[Check, ...]
    alerts: tuple[diary.Alert, ...]


def load_course_status(
    library: Library,
    course: Course,
    *,
    now: dt.datetime,
    judged: Sequence[Judged] | None = None,
) -> CourseStatus:
    """Return what a person is told of the course at one moment.

    Parameters
    ----------
    library : Library
        Open library.
    course : Course
        As `load_course` gives it.
    now : datetime.datetime
        Time zone aware.
    judged : sequence of Judged, optional
        What `judge` says of the subject, if the caller knows it already.
    """
    place = plans.load_time_zone(course.settings.zone)
    now = now.astimezone(place)
    latest = find_latest_session(course.sessions, now=now)
    timers: list[Timer] = []
    if latest is not None:
        own = dict(course.settings.hours)
        kind = course.kind_of(latest)
        timers = list_timers(latest, course.facts, kind=kind, now=now, own_hours=own)
    visits = [photo.visit for photo in library.catalog.photos(subject=course.subject)]
    days = list_photo_days(course)
    return CourseStatus(
        now=now,
        start=explanations.describe_start(
            course.settings.started_on, min(visits, default=None), today=now.date()
        ),
        next_session=plans.find_next_session(course.sessions, now=now),
        overdue=tuple(plans.list_overdue_sessions(course.sessions, now=now)),
        photo_day=plans.find_next_photo_day(days, now=now),
        latest=latest,
        timers=tuple(timers),
        hits=tuple(diary.list_yes_answers(course.answers, course.facts)),
        alerts=tuple(_list_alerts(library, course, judged, today=now.date())),
    )


def _list_alerts(
    library: Library, course: Course, judged: Sequence[Judged] | None, *, today: dt.date
) -> list[diary.Alert]:
    recent = [s for s in course.symptoms if 0 <= (today - s.at.date()).days <= ALERT_DAYS]
    found = [
        alert
        for symptom in recent
        for alert in diary.check_symptom(
            symptom, course.facts, treatments=course.treatments
        )
    ]
    if judged is None:
        judged = judge(library, subject=course.subject)
    found += _judge_losses(course, judged)
    levels = list(diary.Level)
    return sorted(found, key=lambda one: (levels.index(one.level), -one.day.toordinal()))


def _judge_losses(course: Course, series: Sequence[Judged]) -> list[diary.Alert]:
    """Return alerts for losses of two visits running, against the first visit of a view."""
    found = []
    for judged in series:
        changes = []
        for reading in judged.readings[1:]:
            first = judged.readings[0].day
            change = compare_visits(judged, first=first, last=reading.day)
            apart = change.beyond_noise is None
            smallest = float("inf") if apart else change.sdc95_pp
            changes.append((reading.day, change.delta_pp, smallest))
        found += diary.check_losses(changes, course.facts)
    return found
