"""What a person corrects in a library; nothing is overwritten that cannot be undone.

The audit table of the catalogue tells of every change. Numbers that a change makes
invalid stay under their key and hold again when it is undone; `run_pending`
measures what has none.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from hairtrack import batch
from hairtrack.errors import LibraryError, PhotoError
from hairtrack.messages import Message, join
from hairtrack.records import Photo, Subject, TakenFrom, View, Visit
from hairtrack.store import editing as store
from hairtrack.workflows.library import Library, rename_in_preferences

MIN_DIGITS = 6
UNDO_DAYS = 30
"""A deleted photograph can be brought back at least so long."""


def find_photo(library: Library, digits: str) -> Photo:
    """Return the photograph, deleted or not, whose digest begins with these digits.

    Parameters
    ----------
    digits : str
        At least 6 hex digits.

    Raises
    ------
    LibraryError
        There is none, or several.
    """
    digits = digits.strip().lower()
    if len(digits) < MIN_DIGITS or set(digits) - set("0123456789abcdef"):
        raise LibraryError(
            "{digits!r} names no photograph: give at least {min_digits} of the "
            "digits that `hairtrack photo list` shows.",
            digits=digits,
            min_digits=MIN_DIGITS,
        )
    found = library.catalog.find_photos(digits)
    if len(found) != 1:
        what = Message("several photographs") if found else Message("no photograph")
        raise LibraryError(
            "This library has {what} whose digest begins with {digits}.",
            what=what,
            digits=digits,
        )
    return found[0]


def need_photo(library: Library, digest: str) -> Photo:
    """Return a photograph of the library.

    Raises
    ------
    LibraryError
        There is none with this digest.
    """
    photo = library.catalog.photo(digest)
    if photo is None:
        raise LibraryError("This library has no photograph {digest}.", digest=digest[:12])
    return photo


def update_photo(library: Library, digest: str, **changes: Any) -> Photo:
    """Change how a photograph is filed; return it as it is filed then.

    Parameters
    ----------
    **changes
        Any of `subject`, `view`, `visit`, `taken_at`, `hair_state`, `camera` and
        `note`. A new `visit` alone keeps the time of day.

    Raises
    ------
    LibraryError
        There is no such photograph.
    """
    photo = need_photo(library, digest)
    if changes.get("visit", photo.visit) != photo.visit:
        changes = _redate(photo, **changes)
    new = replace(photo, **changes)
    store.save_photo(library.catalog, new)
    return new


def draw_outline(
    library: Library,
    digest: str,
    *,
    region: bytes | None = None,
    polygon_xy: Sequence[tuple[float, float]] | None = None,
) -> bool:
    """Correct the scalp outline of a photograph; without one the program finds it again.

    The photograph, or the whole series where it is the baseline, is pending then.

    Parameters
    ----------
    region : bytes, optional
        PNG of the photograph's size, white where scalp is.
    polygon_xy : sequence of (float, float), optional
        Corners of the outline, px.

    Returns
    -------
    bool
        False when nothing differs.

    Raises
    ------
    PhotoError
        The region cannot be read, marks nothing or is of another size.
    LibraryError
        There is no such photograph.
    """
    photo = need_photo(library, digest)
    kept = None
    if region is not None or polygon_xy is not None:
        kept = _encode_outline(photo, region, polygon_xy)
    return store.save_outline(library.catalog, digest, kept)


def delete_photo(library: Library, digest: str) -> bool:
    """Put a photograph aside; it can be brought back until it is purged."""
    return store.delete_photo(library.catalog, digest)


def restore_photo(library: Library, digest: str) -> bool:
    """Bring a deleted photograph back as it was filed, with its numbers."""
    return store.restore_photo(library.catalog, digest)


def purge_photos(
    library: Library,
    *,
    days: int = UNDO_DAYS,
    subject: str | None = None,
    now: dt.datetime | None = None,
) -> int:
    """Remove for good what was deleted at least so many days ago; return how many.

    Files go first: what a crash interrupts, the next purge completes. With a `subject`
    only photographs of that one go.
    """
    latest = (now or dt.datetime.now(dt.UTC)) - dt.timedelta(days=days)
    gone = [
        photo.digest
        for photo in library.catalog.photos(subject=subject, deleted=True)
        if photo.deleted_at is not None and photo.deleted_at <= latest
    ]
    for digest in gone:
        library.originals.delete(digest)
    store.purge_photos(library.catalog, gone)
    return len(gone)


def add_subject(library: Library, name: str) -> Subject:
    """Make a subject who has no photographs yet.

    Raises
    ------
    LibraryError
        The name is empty or taken.
    """
    name = " ".join(name.split())
    if not name:
        raise LibraryError("A subject needs a name.")
    if library.catalog.subject(name) is not None:
        raise LibraryError(
            "There is a subject {name!r} already; choose another name.", name=name
        )
    subject = Subject(name=name)
    store.save_subject(library.catalog, subject)
    return subject


def change_subject(library: Library, name: str, **changes: Any) -> Subject:
    """Declare start of treatment and primary zone of a subject.

    Parameters
    ----------
    **changes
        Any of `started_at`, `primary_view` and `primary_zone`.

    Returns
    -------
    Subject
        As it is kept then.

    Raises
    ------
    LibraryError
        There is no such subject, or only one of view and zone is declared.
    """
    subject = library.catalog.subject(name)
    if subject is None:
        raise LibraryError("This library has no subject {name!r}.", name=name)
    new = replace(subject, **changes)
    if (new.primary_view is None) != (new.primary_zone is None):
        raise LibraryError("A primary zone is declared together with its view.")
    if new.primary_view is not None:
        _check_zone(new)
    store.save_subject(library.catalog, new)
    return library.catalog.subject(name) or new


def list_zones(view: View) -> tuple[str, ...]:
    """Return the names of all zones of a view, the whole scalp first."""
    import numpy as np

    from hairtrack.imaging import zones

    return tuple(zones.draw(np.ones((60, 60), np.bool_), view=view).names)


def rename_subject(library: Library, name: str, *, to: str) -> None:
    """Give a subject another name."""
    to = " ".join(to.split())
    if not to:
        raise LibraryError("A subject needs a name.")
    store.rename_subject(library.catalog, name, to=to)
    rename_in_preferences(library.folder, name, to=to)


def change_visit(
    library: Library, subject: str, date: dt.date, **changes: Any
) -> tuple[Visit, Undo]:
    """Tell of the hair on one day of photographs.

    Parameters
    ----------
    **changes
        Any of `hair_state`, `hair_length_mm`, `haircut_on`, `dyed_on` and `note`.

    Returns
    -------
    visit : Visit
        As it is stored now.
    undo : Undo
        Takes the change back.

    Raises
    ------
    LibraryError
        There are no photographs of that day, or haircut or dyeing lie after it.
    """
    before = _need_visit(library, subject, date)
    new = replace(before, **changes)
    _check_days(new)
    store.save_visit(library.catalog, new)
    return new, Undo(visits=(before,))


def _check_days(visit: Visit) -> None:
    """Refuse a haircut or dyeing that lies after its visit.

    Raises
    ------
    LibraryError
        One of them does.
    """
    for day in (visit.haircut_on, visit.dyed_on):
        if day is not None and day > visit.date:
            raise LibraryError(
                "The day {day} lies after the visit of {date}.", day=day, date=visit.date
            )


def _redate(photo: Photo, **changes: Any) -> dict[str, Any]:
    """Complete a new day with the time of day, and with who says so."""
    at = photo.taken_at
    moved = None if at is None else dt.datetime.combine(changes["visit"], at.timetz())
    return {"taken_at": moved} | changes | {"taken_from": TakenFrom.PERSON}


def _encode_outline(
    photo: Photo, region: bytes | None, polygon_xy: Sequence[tuple[float, float]] | None
) -> bytes:
    from hairtrack.imaging import codec
    from hairtrack.imaging.outline import fill_polygon

    shape = (photo.height, photo.width)
    if region is not None:
        scalp = codec.decode_region(region)
    else:
        scalp = fill_polygon(polygon_xy or (), shape)
    if scalp.shape != shape:
        raise PhotoError(
            "The outline has {shape} x {shape2} pixels, the photo {width} x "
            "{height}; they must be the same.",
            shape=scalp.shape[1],
            shape2=scalp.shape[0],
            width=photo.width,
            height=photo.height,
        )
    if not scalp.any():
        raise PhotoError("The outline encloses nothing of the photo.")
    return codec.encode_png(scalp.astype("uint8") * 255)


def _check_zone(subject: Subject) -> None:
    known = list_zones(View(subject.primary_view or ""))
    if subject.primary_zone not in known:
        raise LibraryError(
            "The view {primary_view} has no zone {primary_zone!r}; it has {known}.",
            primary_view=subject.primary_view,
            primary_zone=subject.primary_zone,
            known=join(known, ", "),
        )


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
    **changes
        As `update_photo` takes them. A new `taken_at` is told by a person.

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
        lambda digest: update_photo(library, digest, **changes),
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
        lambda digest: delete_photo(library, digest),
        on_progress=on_progress,
    )


def reset_outline(library: Library, digest: str) -> Undo:
    """Let the program find the scalp of a photograph again where a person drew it."""
    return _each(library, [digest], lambda one: draw_outline(library, one))


def redate_visit(library: Library, subject: str, date: dt.date, *, to: dt.date) -> Undo:
    """Move a whole visit to another day: its photographs and what is known of it.

    Where something is known of the other day already, that holds.

    Raises
    ------
    LibraryError
        There is no such visit, or haircut or dyeing would lie after it.
    """
    known = _need_visit(library, subject, date)
    blank = Visit(subject=subject, date=to)
    there = _find_visit(library, subject, to) or blank
    carried = there == blank
    if carried:
        _check_days(replace(known, date=to))
    photos = library.catalog.photos(subject=subject, deleted=None)
    moved = [photo.digest for photo in photos if photo.visit == date]
    before = change_photos(library, moved, visit=to)
    if carried and moved:
        store.save_visit(library.catalog, replace(known, date=to))
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
        raise LibraryError(
            "{gone} of {photos} photographs are gone for good.",
            gone=gone,
            photos=len(before.photos),
        )


def _put_back(library: Library, photo: Photo, now: Photo) -> None:
    catalog = library.catalog
    if photo.deleted_at is None and now.deleted_at is not None:
        store.restore_photo(catalog, photo.digest)
    if photo.outline != now.outline:
        drawn = photo.outline and catalog.outline(photo.digest, photo.outline)
        store.save_outline(catalog, photo.digest, drawn or None)
    store.save_photo(catalog, photo)


def _each(
    library: Library,
    digests: Iterable[str],
    change: Callable[[str], object],
    *,
    on_progress: batch.Progress | None = None,
) -> Undo:
    """Change photographs one after the other; first make sure that all are there."""
    found = [need_photo(library, digest) for digest in digests]
    for done, photo in enumerate(found, start=1):
        change(photo.digest)
        if on_progress:
            on_progress(done, len(found))
    return Undo(photos=tuple(found))


def _find_visit(library: Library, subject: str, date: dt.date) -> Visit | None:
    visits = library.catalog.visits(subject=subject)
    return next((visit for visit in visits if visit.date == date), None)


def _need_visit(library: Library, subject: str, date: dt.date) -> Visit:
    visit = _find_visit(library, subject, date)
    if visit is None:
        raise LibraryError(
            "There is no visit of {subject} on {date}.", subject=subject, date=date
        )
    return visit


def _save_visits(library: Library, visits: Iterable[Visit]) -> None:
    """Save what is known of those days that there are."""
    for visit in visits:
        if _find_visit(library, visit.subject, visit.date) is not None:
            store.save_visit(library.catalog, visit)
