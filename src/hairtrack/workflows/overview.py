"""All that a person wants to know first: a card for each view, and what comes next."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from hairtrack.course import diary
from hairtrack.course.entries import Session
from hairtrack.course.plans import PhotoDay, count_sessions
from hairtrack.records import Photo, View
from hairtrack.workflows.course import Course, load_course
from hairtrack.workflows.course_today import tell_today
from hairtrack.workflows.judging import Judged, judge
from hairtrack.workflows.library import Library

__all__ = ["Card", "Overview", "survey"]


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


def survey(library: Library, *, subject: str, now: dt.datetime) -> Overview:
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
    today = tell_today(library, course, now=now, judged=judged)
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
    return card.judged is not None and card.judged.course.primary
