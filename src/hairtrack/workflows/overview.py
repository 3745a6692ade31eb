"""The first page: a series for each view, and where the course stands."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from hairtrack.course import explanations, plans
from hairtrack.course.aftercare import Timer, find_latest_session, list_timers
from hairtrack.course.diary import Alert, Level, check_symptom, list_yes_answers
from hairtrack.course.entries import Course, Session
from hairtrack.course.facts import Check
from hairtrack.course.plans import PhotoDay
from hairtrack.messages import Message
from hairtrack.records import WHOLE, View
from hairtrack.workflows.course import load_course
from hairtrack.workflows.library import Library
from hairtrack.workflows.series import Series
from hairtrack.workflows.verdicts import assess_series

__all__ = ["CourseStatus", "Overview", "find_course_status", "load_overview"]

ALERT_DAYS = 30
"""Days for which an entry of the diary raises an alert; it stays in the diary."""


class Overview(NamedTuple):
    """What the first page shows: every zone of each view, the treatment course, its status.

    The zone that decides comes first, then the whole views.
    """

    series: tuple[Series, ...]
    course: Course
    status: CourseStatus


def load_overview(library: Library, *, subject: str, now: dt.datetime) -> Overview:
    """Return what the first page shows; `now` is time zone aware."""
    course = load_course(library, subject=subject)
    found = assess_series(library, subject=subject, zone=None, today=now.date())
    views = list(View)
    found.sort(
        key=lambda one: (not _is_primary(one), one.zone != WHOLE, views.index(one.view))
    )
    whole = [series for series in found if series.zone == WHOLE]
    status = find_course_status(library, course, now=now, assessed=whole)
    return Overview(series=tuple(found), course=course, status=status)


def _is_primary(series: Series) -> bool:
    return series.assessment is not None and series.assessment.primary


@dataclass(frozen=True, slots=True, kw_only=True)
class CourseStatus:
    """Where the course stands at one moment.

    Attributes
    ----------
    now : datetime.datetime
        The moment, on the clock of the course.
    start : str
        From where weeks are counted, in a sentence.
    next_session : Session or None
        The next planned one.
    overdue : tuple of Session
        Planned sessions whose time has passed.
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
    alerts: tuple[Alert, ...]


def find_course_status(
    library: Library,
    course: Course,
    *,
    now: dt.datetime,
    assessed: Sequence[Series] | None = None,
) -> CourseStatus:
    """Return where the course stands at one moment.

    Parameters
    ----------
    now : datetime.datetime
        Time zone aware.
    assessed : sequence of Series, optional
        What `assess_series` returned for the subject, if it was called already.
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
    days = [one for one in plans.list_photo_days(course) if one.day not in visits]
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
        hits=tuple(list_yes_answers(course.answers, course.facts)),
        alerts=tuple(_list_alerts(library, course, assessed, today=now.date())),
    )


def _list_alerts(
    library: Library, course: Course, assessed: Sequence[Series] | None, *, today: dt.date
) -> list[Alert]:
    recent = [s for s in course.symptoms if 0 <= (today - s.at.date()).days <= ALERT_DAYS]
    found = [
        alert
        for symptom in recent
        for alert in check_symptom(symptom, course.facts, treatments=course.treatments)
    ]
    if assessed is None:
        assessed = assess_series(library, subject=course.subject, today=today)
    rule = course.facts.rule("loss_twice")
    found += [
        Alert(
            level=Level.CONTACT,
            about=Message("More scalp shows"),
            says=rule.says,
            source=rule.source,
            day=series.readings[-1].day,
        )
        for series in assessed
        if series.assessment is not None and series.assessment.alerts
    ]
    levels = list(Level)
    return sorted(found, key=lambda one: (levels.index(one.level), -one.day.toordinal()))
