"""What a person is told of the course on one day: next, now, and what asks for a look."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from hairtrack.course import diary, explanations, plans
from hairtrack.course.aftercare import Timer, find_latest_session, list_timers
from hairtrack.course.entries import Session
from hairtrack.course.facts import Check
from hairtrack.course.plans import PhotoDay
from hairtrack.workflows.course import Course, list_photo_days
from hairtrack.workflows.judging import Judged, judge, judge_change
from hairtrack.workflows.library import Library

ALERT_DAYS = 30
"""An entry of the diary is told at the top for so long; it stays in the diary for good."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Today:
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


def tell_today(
    library: Library,
    course: Course,
    *,
    now: dt.datetime,
    judged: Sequence[Judged] | None = None,
) -> Today:
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
    return Today(
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
            change = judge_change(judged, first=first, last=reading.day)
            apart = change.beyond_noise is None
            smallest = float("inf") if apart else change.sdc95_pp
            changes.append((reading.day, change.delta_pp, smallest))
        found += diary.check_losses(changes, course.facts)
    return found
