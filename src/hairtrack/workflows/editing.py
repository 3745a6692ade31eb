"""Corrections of a library; each can be undone.

The audit table of the catalogue records every change. Numbers that a change makes
invalid stay under their key and hold again when it is undone; `run_pending`
measures what has none.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from hairtrack import batch
from hairtrack.errors import LibraryError, NoHeadFound, PhotoError
from hairtrack.messages import Message, join
from hairtrack.records import (
    WHOLE,
    Photo,
    Subject,
    TakenFrom,
    View,
    Visit,
    list_zones,
)
from hairtrack.store import editing as store
from hairtrack.workflows.importing import check_day
from hairtrack.workflows.library import Library, rename_in_preferences
from hairtrack.workflows.measuring import (
    check_region,
    decode_colour,
    read_outline,
    read_picture,
    reduce_region,
)
from hairtrack.workflows.series import PhotoResult

if TYPE_CHECKING:
    from hairtrack.imaging.outline import Stroke
    from hairtrack.workflows.measuring import Region

Point = tuple[float, float]

MIN_DIGITS = 6
_DRAWN_POINTS = 48
"""Points of an outline that a person drew before."""

UNDO_DAYS = 30
"""A deleted photograph can be brought back at least so long."""


def find_photo(library: Library, digits: str) -> Photo:
    """Return the photograph, deleted or not, whose digest begins with these digits.

    Raises
    ------
    LibraryError
        There is none, or several; or these are not at least 6 hex digits.
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
    """Return a photograph of the library; LibraryError if there is none."""
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
        `note`. A new `visit` alone keeps the time of day. A day or time that is given
        counts as told by a person, the same one too.

    Raises
    ------
    LibraryError
        There is no such photograph.
    PhotoError
        The day cannot be.
    """
    photo = need_photo(library, digest)
    visit = check_day(changes.get("visit", photo.visit))
    if visit != photo.visit and photo.taken_at is not None:
        moved = dt.datetime.combine(visit, photo.taken_at.timetz())
        changes = {"taken_at": moved} | changes
    if "visit" in changes or "taken_at" in changes:
        changes |= {"taken_from": TakenFrom.PERSON}
    new = replace(photo, **changes)
    store.save_photo(library.catalog, new)
    library.originals.keep_record(new)
    return new


def delete_photo(library: Library, digest: str) -> bool:
    """Delete a photograph; it can be restored until it is purged."""
    return store.delete_photo(library.catalog, digest)


def restore_photo(library: Library, digest: str) -> bool:
    """Restore a deleted photograph as it was filed, with its numbers."""
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
    library.catalog.database.check()
    for digest in gone:
        library.originals.delete(digest)
    store.purge_photos(library.catalog, gone)
    if gone:
        library.renew_copies()
    return len(gone)


def add_subject(library: Library, name: str) -> Subject:
    """Make a subject without photographs; LibraryError if the name is empty or taken."""
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


def rename_subject(library: Library, name: str, *, to: str) -> None:
    """Give a subject another name."""
    to = " ".join(to.split())
    if not to:
        raise LibraryError("A subject needs a name.")
    store.rename_subject(library.catalog, name, to=to)
    for photo in library.catalog.photos(subject=to, deleted=None):
        library.originals.keep_record(photo)
    library.renew_copies()
    rename_in_preferences(library.folder, name, to=to)


def change_visit(
    library: Library, subject: str, date: dt.date, **changes: Any
) -> tuple[Visit, Undo]:
    """Change what is known of the hair on one day of photographs.

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
    """Refuse a haircut or dyeing after its visit."""
    for day in (visit.haircut_on, visit.dyed_on):
        if day is not None and day > visit.date:
            raise LibraryError(
                "The day {day} lies after the visit of {date}.", day=day, date=visit.date
            )


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
    """Change how photographs are filed, all in the same way.

    Parameters
    ----------
    **changes
        As `update_photo` takes them.

    Raises
    ------
    LibraryError
        One of them is not in the library; nothing is changed then.
    """
    return _each(
        library,
        digests,
        lambda digest: update_photo(library, digest, **changes),
        on_progress=on_progress,
    )


def delete_photos(
    library: Library, digests: Iterable[str], *, on_progress: batch.Progress | None = None
) -> Undo:
    """Delete photographs; LibraryError, and nothing is changed, if one is not there."""
    return _each(
        library,
        digests,
        lambda digest: delete_photo(library, digest),
        on_progress=on_progress,
    )


def redate_visit(library: Library, subject: str, date: dt.date, *, to: dt.date) -> Undo:
    """Move a whole visit to another day: its photographs and what is known of it.

    Where something is known of the other day already, that holds.

    Raises
    ------
    LibraryError
        There is no such visit, or haircut or dyeing would lie after it.
    PhotoError
        The other day cannot be.
    """
    known = _need_visit(library, subject, date)
    blank = Visit(subject=subject, date=check_day(to))
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
    """Undo a change: restore every record as it was.

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
    library.originals.keep_record(photo)


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


# ---- outlines of the scalp ------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawnOutline:
    """A scalp as a person drew it: an outline, and then strokes of a brush.

    Attributes
    ----------
    outline_xy : tuple of (float, float)
        At least three points (x, y) in px of the photograph.
    strokes : tuple of Stroke
        In the order in which they were drawn.
    """

    outline_xy: tuple[Point, ...]
    strokes: tuple[Stroke, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ScalpOutline:
    """A photograph with the outline of its scalp.

    Attributes
    ----------
    picture : bytes
        JPEG, without metadata.
    drawn : DrawnOutline
        The outline, with holes and pieces beside it that a person drew earlier.
    found : bool
        False where the program found no scalp and the outline is only a start.
    size : (int, int)
        Width and height of the photograph, px.
    """

    picture: bytes
    drawn: DrawnOutline
    found: bool
    size: tuple[int, int]


def load_outline(
    library: Library, shot: PhotoResult, *, longest: int = 1000
) -> ScalpOutline:
    """Find the scalp of a kept photograph and draw its outline as points.

    Parameters
    ----------
    shot : PhotoResult
        A kept photograph, measured or not.

    Raises
    ------
    LibraryError
        The photograph is lost or damaged on disk.
    """
    from hairtrack.imaging import detection, outline
    from hairtrack.report import figures

    image = read_picture(library.originals.get(shot.photo.digest)).image
    height, width = image.shape[:2]
    strokes: tuple[Stroke, ...] = ()
    try:
        scalp = _read_drawn(library, shot.photo.digest)
        if scalp is None:
            points = outline.trace(detection.find_scalp(image, view=shot.photo.view))
        else:
            points = outline.trace(scalp, points=_DRAWN_POINTS)
            strokes = outline.trace_rest(scalp, points)
        found = True
    except NoHeadFound:
        points, found = _start(width, height), False
    return ScalpOutline(
        picture=figures.encode_jpeg(image, longest=longest),
        drawn=DrawnOutline(outline_xy=tuple(points), strokes=strokes),
        found=found,
        size=(width, height),
    )


def save_outline(library: Library, digest: str, drawn: DrawnOutline | bytes | None) -> bool:
    """Keep a scalp that a person drew; with `None` the program finds it again.

    The photograph, or the whole series where it is the baseline, is pending then.

    Parameters
    ----------
    drawn : DrawnOutline, bytes or None
        Bytes are a PNG of the photograph's size, white where scalp is.

    Returns
    -------
    bool
        False when nothing differs.

    Raises
    ------
    PhotoError
        The PNG cannot be read or is of another size, or marks next to nothing.
    LibraryError
        There is no such photograph.
    """
    from hairtrack.imaging import codec

    photo = need_photo(library, digest)
    if drawn is None:
        return store.save_outline(library.catalog, digest, None)
    shape = photo.measured_shape
    if isinstance(drawn, DrawnOutline):
        scalp = _render(drawn, shape)
    else:
        scalp = check_region(codec.decode_region(drawn), (photo.height, photo.width))
        scalp = reduce_region(scalp, shape)
    return store.save_outline(library.catalog, digest, codec.encode_png(scalp))


def reset_outline(library: Library, digest: str) -> Undo:
    """Let the program find the scalp of a photograph again where a person drew it."""
    return _each(library, [digest], lambda one: save_outline(library, one, None))


def preview_outline(library: Library, shot: PhotoResult, drawn: DrawnOutline) -> float:
    """Measure a photograph with the scalp that a person drew; nothing is stored.

    Returns
    -------
    float
        Visible scalp of the whole, a fraction.

    Raises
    ------
    PhotoError
        The outline holds nothing that can be measured, or nothing fits the baseline.
    LibraryError
        The photograph or its baseline is lost or damaged on disk.
    """
    from hairtrack.imaging import pipeline

    photo = shot.photo
    image = decode_colour(library.originals.get(photo.digest))
    scalp = _render(drawn, (image.shape[0], image.shape[1]))
    digest = library.catalog.baselines().get((photo.subject, photo.view))
    if digest is None or digest == photo.digest:
        baseline = pipeline.prepare_baseline(image, view=photo.view, scalp=scalp)
    else:
        first = decode_colour(library.originals.get(digest))
        earlier = _read_drawn(library, digest)
        baseline = pipeline.prepare_baseline(first, view=photo.view, scalp=earlier)
    found = pipeline.analyze(image, baseline, scalp=scalp).zones
    whole = next(zone for zone in found if zone.zone == WHOLE)
    if whole.visible_scalp is None:
        raise PhotoError("Too little of the baseline's scalp lies inside this outline.")
    return whole.visible_scalp


def _render(drawn: DrawnOutline, shape: tuple[int, int]) -> Region:
    """Return the region that was drawn; refuse next to nothing."""
    from hairtrack.imaging import outline

    return check_region(outline.render(drawn.outline_xy, drawn.strokes, shape), shape)


def _read_drawn(library: Library, digest: str) -> Region | None:
    """Return the scalp that a person drew on a photograph, if one holds."""
    photo = library.catalog.photo(digest)
    return read_outline(library, digest, photo.outline or "") if photo else None


def _start(width: int, height: int) -> list[Point]:
    """Return an octagon in the middle, to be dragged into place."""
    turns = [k * math.pi / 4 for k in range(8)]
    return [
        (width * (0.5 + 0.35 * math.cos(turn)), height * (0.5 + 0.35 * math.sin(turn)))
        for turn in turns
    ]
