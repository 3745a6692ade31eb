"""Corrections of one or many photographs at once, each with all that takes it back.

`editing` changes one thing and remembers nothing. What is here returns an `Undo`: the
records as they were. A change and its undo are both in the library's change log.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Any

from hairtrack import batch
from hairtrack.errors import LibraryError
from hairtrack.records import Photo, TakenFrom, Visit
from hairtrack.store import editing as rows
from hairtrack.workflows import editing
from hairtrack.workflows.library import Library


@dataclass(frozen=True, slots=True, kw_only=True)
class Undo:
    """What was before a change.

    Attributes
    ----------
    photos : tuple of Photo
        As they were filed; those not deleted then come back.
    visits : tuple of Visit
        What was known of these days.
    """

    photos: tuple[Photo, ...] = ()
    visits: tuple[Visit, ...] = ()


def change_photos(
    library: Library,
    digests: Iterable[str],
    *,
    on_progress: batch.Progress | None = None,
    **changes: Any,
) -> Undo:
    """File photographs anew, all in the same way.

    Parameters
    ----------
    library : Library
        Open library.
    digests : iterable of str
        Which photographs.
    on_progress : callable, optional
        Called with (done, all).
    **changes
        As `editing.refile` takes them. A new `taken_at` is told by a person.

    Raises
    ------
    LibraryError
        One of them is not in the library; nothing is changed then.
    """
    if "taken_at" in changes:
        changes = {"taken_from": TakenFrom.PERSON} | changes
    return _each(
        library,
        digests,
        lambda digest: editing.refile(library, digest, **changes),
        on_progress=on_progress,
    )


def delete_photos(
    library: Library, digests: Iterable[str], *, on_progress: batch.Progress | None = None
) -> Undo:
    """Put photographs aside.

    Raises
    ------
    LibraryError
        One of them is not in the library; nothing is changed then.
    """
    return _each(
        library,
        digests,
        lambda digest: editing.delete_photo(library, digest),
        on_progress=on_progress,
    )


def reset_outline(library: Library, digest: str) -> Undo:
    """Let the program find the scalp of a photograph again where a person drew it."""
    return _each(library, [digest], lambda one: editing.draw_outline(library, one))


def change_visit(library: Library, subject: str, date: dt.date, **changes: Any) -> Undo:
    """Tell of the hair on one day, as `editing.change_visit` does."""
    before = _find_visit(library, subject, date)
    editing.change_visit(library, subject, date, **changes)
    return Undo(visits=() if before is None else (before,))


def redate_visit(library: Library, subject: str, date: dt.date, *, to: dt.date) -> Undo:
    """Move a whole visit to another day: its photographs and what is known of it.

    Where something is known of the other day already, that holds.

    Raises
    ------
    LibraryError
        There is no such visit, or haircut or dyeing would lie after it.
    """
    known = _find_visit(library, subject, date)
    if known is None:
        raise LibraryError(f"There is no visit of {subject} on {date}.")
    blank = Visit(subject=subject, date=to)
    there = _find_visit(library, subject, to) or blank
    carried = there == blank
    if carried:
        editing.check_days(replace(known, date=to))
    photos = library.catalog.photos(subject=subject, deleted=None)
    moved = [photo.digest for photo in photos if photo.visit == date]
    before = change_photos(library, moved, visit=to)
    if carried and moved:
        rows.save_visit(library.catalog, replace(known, date=to))
        _save_visits(library, [Visit(subject=subject, date=date)])
    return replace(before, visits=(known, there))


def undo(library: Library, before: Undo) -> None:
    """Take a change back: every record is again as it was.

    Raises
    ------
    LibraryError
        A photograph was purged or erased meanwhile; the others are as they were.
    """
    _save_visits(library, before.visits)  # a day that got them is blank, and goes with them
    gone = 0
    for photo in before.photos:
        now = library.catalog.photo(photo.digest)
        if now is None:
            gone += 1
        else:
            _put_back(library, photo, now)
    _save_visits(library, before.visits)
    if gone:
        raise LibraryError(f"{gone} of {len(before.photos)} photographs are gone for good.")


def _put_back(library: Library, photo: Photo, now: Photo) -> None:
    catalog = library.catalog
    if photo.deleted_at is None and now.deleted_at is not None:
        rows.restore_photo(catalog, photo.digest)
    if photo.outline != now.outline:
        drawn = photo.outline and catalog.outline(photo.digest, photo.outline)
        rows.save_outline(catalog, photo.digest, drawn or None)
    rows.save_photo(catalog, photo)


def _each(
    library: Library,
    digests: Iterable[str],
    change: Callable[[str], object],
    *,
    on_progress: batch.Progress | None = None,
) -> Undo:
    """Change photographs one after the other; first make sure that all are there."""
    found = [(digest, library.catalog.photo(digest)) for digest in digests]
    for digest, photo in found:
        if photo is None:
            raise LibraryError(f"This library has no photograph {digest[:12]}.")
    for done, (digest, _) in enumerate(found, start=1):
        change(digest)
        if on_progress:
            on_progress(done, len(found))
    return Undo(photos=tuple(photo for _, photo in found if photo is not None))


def _find_visit(library: Library, subject: str, date: dt.date) -> Visit | None:
    visits = library.catalog.visits(subject=subject)
    return next((visit for visit in visits if visit.date == date), None)


def _save_visits(library: Library, visits: Iterable[Visit]) -> None:
    """Save what is known of those days that there are."""
    for visit in visits:
        if _find_visit(library, visit.subject, visit.date) is not None:
            rows.save_visit(library.catalog, visit)
