"""Photographs come in: dated, filed, stripped of what tells where and by whom.

A photograph's date comes from the camera (EXIF), else from its file name, else
from the person; without a date it is refused, for a course is an order in time.
Its name is not kept: names of files can be names of people.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from hairtrack.errors import PhotoError
from hairtrack.records import HairState, Photo, TakenFrom, View
from hairtrack.store import digest_of
from hairtrack.workflows.library import Library
from hairtrack.workflows.reading import find_photos, read_file

if TYPE_CHECKING:
    from hairtrack.imaging.codec import Decoded

DEFAULT_SUBJECT = "me"
DEFAULT_VIEW = View.VERTEX

_DATE = re.compile(
    r"(?<!\d)((?:19|20)\d\d)([-_.]?)(0[1-9]|1[0-2])\2(0[1-9]|[12]\d|3[01])"
    r"(?:(?!\d)|(?=\d{6}(?!\d)))"
)
_TIME = re.compile(
    r"(?:[-_ T]|at| ){0,3}([01]\d|2[0-3])([-.:_]?)([0-5]\d)\2([0-5]\d)(?:\d{3})?(?!\d)"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Filing:
    """Where a person wants photographs filed; `None` leaves it to the photograph.

    Attributes
    ----------
    subject : str
        Whose photographs these are, under any name of your choice.
    view : View or None
        By default the view named in the file's name, else the vertex.
    date : datetime.date or None
        Day of photographs that carry no date themselves.
    taken_at : datetime or None
        Time that overrules what the photograph says (one photograph only).
    hair_state : HairState
        How the hair was.
    note : str
        Anything worth remembering.
    """

    subject: str = DEFAULT_SUBJECT
    view: View | None = None
    date: dt.date | None = None
    taken_at: dt.datetime | None = None
    hair_state: HairState = HairState.UNKNOWN
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestion:
    """What a photograph says about itself; a person may know better."""

    view: View
    visit: dt.date | None
    taken_at: dt.datetime | None
    taken_from: TakenFrom


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """A photograph that was not taken or not measured, and why."""

    photo: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """What became of the files that were offered.

    Attributes
    ----------
    added : tuple of Photo
        New in the library.
    known : tuple of (str, Photo)
        Name of a file whose photograph was there already, and how it is filed.
    refused : tuple of Refusal
        Photographs that could not be taken, with the reason.
    passed_over : int
        Files in folders that are no photographs.
    """

    added: tuple[Photo, ...] = ()
    known: tuple[tuple[str, Photo], ...] = ()
    refused: tuple[Refusal, ...] = ()
    passed_over: int = 0


def import_photos(
    library: Library, paths: Iterable[Path | str], *, filing: Filing | None = None
) -> Imported:
    """Take files, and the photographs in folders, into the library.

    One that cannot be taken does not stop the others. The files themselves
    are left as they are.

    Parameters
    ----------
    library : Library
        Open library.
    paths : iterable of path
        Photographs, and folders that are searched with all their subfolders.
    filing : Filing, optional
        Subject, view and date, as far as a person gives them.

    Returns
    -------
    Imported
    """
    filing = filing or Filing()
    added, known, refused = [], [], []
    files, passed_over = find_photos(paths)
    for path in files:
        try:
            photo, new = import_photo(
                library, read_file(path), name=path.name, filing=filing
            )
        except PhotoError as error:
            refused.append(Refusal(photo=str(path), reason=str(error)))
            continue
        if new:
            added.append(photo)
        else:
            known.append((str(path), photo))
    return Imported(
        added=tuple(added),
        known=tuple(known),
        refused=tuple(refused),
        passed_over=passed_over,
    )


def import_photo(
    library: Library, data: bytes, *, name: str = "", filing: Filing | None = None
) -> tuple[Photo, bool]:
    """Take one photograph into the library.

    Parameters
    ----------
    library : Library
        Open library.
    data : bytes
        The file's content.
    name : str
        Its name, only read for a date and a view; never used as a path.
    filing : Filing, optional
        Subject, view and date, as far as a person gives them.

    Returns
    -------
    photo : Photo
        As it is filed; a photograph that was there stays as it was.
    new : bool
        False if the library had it already.

    Raises
    ------
    PhotoError
        It cannot be decoded, or nobody knows its date.
    """
    from hairtrack.imaging import codec

    filing = filing or Filing()
    decoded = codec.read(data)
    suggestion = _suggest(decoded.taken_at, name)
    photo = _file(decoded, suggestion, filing, digest=digest_of(kept := codec.strip(data)))
    library.originals.put(kept)
    new = library.catalog.add_photo(photo)
    return library.catalog.photo(photo.digest) or photo, new


def suggest(data: bytes, *, name: str) -> Suggestion:
    """Say view and date of a photograph as far as it tells them, without decoding it.

    Raises
    ------
    PhotoError
        The bytes are no photograph that can be taken.
    """
    from hairtrack.imaging import codec

    return _suggest(codec.probe(data).taken_at, name)


def find_view(name: str) -> View | None:
    """Return the view that a file's name tells, such as "2025-03-03_temporal-left.jpg"."""
    words = re.sub(r"[^a-z]+", "_", name.lower())
    by_length = sorted(View, key=len, reverse=True)
    return next((view for view in by_length if view.value in words), None)


def find_date(name: str) -> tuple[dt.date, dt.datetime | None] | None:
    """Return the day, and the time where there is one, that a file's name tells.

    Examples
    --------
    >>> find_date("IMG_20240131_142233.jpg")
    (datetime.date(2024, 1, 31), datetime.datetime(2024, 1, 31, 14, 22, 33))
    >>> find_date("2024-01-31 crown.jpg")
    (datetime.date(2024, 1, 31), None)
    >>> find_date("DSC_0815.jpg") is None
    True
    """
    for found in _DATE.finditer(name):
        try:
            day = dt.date(int(found[1]), int(found[3]), int(found[4]))
        except ValueError:
            continue
        clock = _TIME.match(name, found.end())
        if clock is None:
            return day, None
        hour, minute, second = int(clock[1]), int(clock[3]), int(clock[4])
        return day, dt.datetime.combine(day, dt.time(hour, minute, second))
    return None


def _suggest(taken_at: dt.datetime | None, name: str) -> Suggestion:
    view = find_view(name) or DEFAULT_VIEW
    if taken_at is not None:
        return Suggestion(
            view=view, visit=taken_at.date(), taken_at=taken_at, taken_from=TakenFrom.EXIF
        )
    visit, time = find_date(name) or (None, None)
    origin = TakenFrom.UNKNOWN if visit is None else TakenFrom.FILE_NAME
    return Suggestion(view=view, visit=visit, taken_at=time, taken_from=origin)


def _file(decoded: Decoded, told: Suggestion, filing: Filing, *, digest: str) -> Photo:
    """Join what the photograph tells with what the person says."""
    visit, taken_at, taken_from = told.visit, told.taken_at, told.taken_from
    if filing.taken_at is not None:
        visit, taken_at, taken_from = (
            filing.taken_at.date(),
            filing.taken_at,
            TakenFrom.PERSON,
        )
    if visit is None:
        visit, taken_from = filing.date, TakenFrom.PERSON
    if visit is None:
        raise PhotoError(
            "The photo does not say when it was taken, and neither does its name; give the "
            "day, on the command line with --date YYYY-MM-DD."
        )
    return Photo(
        digest=digest,
        subject=filing.subject,
        visit=visit,
        view=filing.view or told.view,
        taken_at=taken_at,
        taken_from=taken_from,
        width=decoded.width,
        height=decoded.height,
        hair_state=filing.hair_state,
        camera=decoded.camera,
        note=filing.note,
    )
