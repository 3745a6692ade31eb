"""What a person corrects in a library; nothing is overwritten that cannot be undone.

Every change is in the library's change log. Numbers that a change makes
invalid stay under their key and hold again when it is undone; `run_pending`
measures what has none.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from hairtrack.errors import LibraryError, PhotoError
from hairtrack.records import Photo, Subject, TakenFrom, View, Visit
from hairtrack.store import editing
from hairtrack.workflows.library import Library
from hairtrack.workflows.preferences import rename_in_preferences

FEWEST_DIGITS = 6
UNDO_DAYS = 30
"""A deleted photograph can be brought back at least so long."""


def find_photo(library: Library, digits: str) -> Photo:
    """Return the photograph, deleted or not, whose digest begins with these digits.

    Parameters
    ----------
    library : Library
        Open library.
    digits : str
        At least 6 hex digits.

    Raises
    ------
    LibraryError
        There is none, or several.
    """
    digits = digits.strip().lower()
    if len(digits) < FEWEST_DIGITS or set(digits) - set("0123456789abcdef"):
        raise LibraryError(
            f"{digits!r} names no photograph: give at least {FEWEST_DIGITS} of the digits "
            "that `hairtrack photo list` shows."
        )
    found = library.catalog.find_photos(digits)
    if len(found) != 1:
        what = "several photographs" if found else "no photograph"
        raise LibraryError(f"This library has {what} whose digest begins with {digits}.")
    return found[0]


def refile(library: Library, digest: str, **changes: Any) -> Photo:
    """Change how a photograph is filed; return it as it is filed then.

    Parameters
    ----------
    library : Library
        Open library.
    digest : str
        Of the photograph.
    **changes
        Any of `subject`, `view`, `visit`, `taken_at`, `hair_state`, `camera` and
        `note`. A new `visit` alone keeps the time of day.

    Raises
    ------
    LibraryError
        There is no such photograph.
    """
    photo = library.catalog.photo(digest)
    if photo is None:
        raise LibraryError(f"This library has no photograph {digest[:12]}.")
    if changes.get("visit", photo.visit) != photo.visit:
        changes = _redate(photo, **changes)
    new = replace(photo, **changes)
    editing.save_photo(library.catalog, new)
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
    library : Library
        Open library.
    digest : str
        Of the photograph.
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
    photo = library.catalog.photo(digest)
    if photo is None:
        raise LibraryError(f"This library has no photograph {digest[:12]}.")
    kept = None
    if region is not None or polygon_xy is not None:
        kept = _encode_outline(photo, region, polygon_xy)
    return editing.save_outline(library.catalog, digest, kept)


def delete_photo(library: Library, digest: str) -> bool:
    """Put a photograph aside; it can be brought back until it is purged."""
    return editing.delete_photo(library.catalog, digest)


def restore_photo(library: Library, digest: str) -> bool:
    """Bring a deleted photograph back as it was filed, with its numbers."""
    return editing.restore_photo(library.catalog, digest)


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
    editing.purge_photos(library.catalog, gone)
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
        raise LibraryError(f"There is a subject {name!r} already; choose another name.")
    subject = Subject(name=name)
    editing.save_subject(library.catalog, subject)
    return subject


def change_subject(library: Library, name: str, **changes: Any) -> Subject:
    """Declare start of treatment and primary zone of a subject.

    Parameters
    ----------
    library : Library
        Open library.
    name : str
        Subject, who must be there.
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
        raise LibraryError(f"This library has no subject {name!r}.")
    new = replace(subject, **changes)
    if (new.primary_view is None) != (new.primary_zone is None):
        raise LibraryError("A primary zone is declared together with its view.")
    if new.primary_view is not None:
        _check_zone(new)
    editing.save_subject(library.catalog, new)
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
    editing.rename_subject(library.catalog, name, to=to)
    rename_in_preferences(library.folder, name, to=to)


def change_visit(library: Library, subject: str, date: dt.date, **changes: Any) -> Visit:
    """Tell of the hair on one day of photographs.

    Parameters
    ----------
    library : Library
        Open library.
    subject : str
        Whose hair.
    date : datetime.date
        Day of the photographs.
    **changes
        Any of `hair_state`, `hair_length_mm`, `haircut_on`, `dyed_on` and `note`.

    Returns
    -------
    Visit
        As it is kept then.

    Raises
    ------
    LibraryError
        There are no photographs of that day, or haircut or dyeing lie after it.
    """
    known = [v for v in library.catalog.visits(subject=subject) if v.date == date]
    if not known:
        raise LibraryError(f"There is no visit of {subject} on {date}.")
    new = replace(known[0], **changes)
    check_days(new)
    editing.save_visit(library.catalog, new)
    return new


def check_days(visit: Visit) -> None:
    """Refuse a haircut or dyeing that lies after its visit.

    Raises
    ------
    LibraryError
        One of them does.
    """
    for day in (visit.haircut_on, visit.dyed_on):
        if day is not None and day > visit.date:
            raise LibraryError(f"The day {day} lies after the visit of {visit.date}.")


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
            f"The outline has {scalp.shape[1]} x {scalp.shape[0]} pixels, the photo "
            f"{photo.width} x {photo.height}; they must be the same."
        )
    if not scalp.any():
        raise PhotoError("The outline encloses nothing of the photo.")
    return codec.encode_png(scalp.astype("uint8") * 255)


def _check_zone(subject: Subject) -> None:
    known = list_zones(View(subject.primary_view or ""))
    if subject.primary_zone not in known:
        raise LibraryError(
            f"The view {subject.primary_view} has no zone {subject.primary_zone!r}; it has "
            f"{', '.join(known)}."
        )
