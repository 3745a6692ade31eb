"""Import photographs: find their date, file them, remove private metadata.

A photograph's date comes from the camera (EXIF), else from its file name, else
from the person; without a date it is refused, for a course is an order in time.
Its name is not kept: names of files can be names of people.
"""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from hairtrack import batch
from hairtrack.errors import LibraryError, PhotoError
from hairtrack.messages import Message
from hairtrack.records import SHOTS, HairState, Photo, TakenFrom, View
from hairtrack.store import digest_of
from hairtrack.store.files import Note
from hairtrack.workflows.library import Library
from hairtrack.workflows.measuring import read_picture
from hairtrack.workflows.sources import Refusal, Source, open_sources

if TYPE_CHECKING:
    from hairtrack.imaging.codec import Decoded

DEFAULT_SUBJECT = "me"
DEFAULT_VIEW = View.VERTEX

EARLIEST_DAY = dt.date(1990, 1, 1)
"""Earlier than digital photographs of a scalp; clocks that lost their time say 1970."""

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
        By default the view named in the file's name or that of its folder, else
        the view of the subject's only series, else the vertex.
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
    """View and date that a photograph itself holds."""

    view: View
    visit: dt.date | None
    taken_at: dt.datetime | None
    taken_from: TakenFrom


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportResult:
    """What became of one offered photograph.

    Attributes
    ----------
    name : str
        Of the file, as a person knows it.
    photo : Photo or None
        As it is filed; `None` if it was refused.
    new : bool
        False if the library had it already.
    refused : str or None
        Why it was not taken.
    """

    name: str
    photo: Photo | None = None
    new: bool = False
    refused: str | None = None

    @property
    def digest(self) -> str | None:
        """Identity of the photograph in the library."""
        return None if self.photo is None else self.photo.digest


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportRun:
    """What became of the files that were offered.

    Attributes
    ----------
    results : tuple of ImportResult
        One for each photograph, and for each archive that cannot be read.
    skipped : int
        Files in folders and archives that are no photographs.
    stopped : str or None
        Why the import ended early; the same import completes it.
    """

    results: tuple[ImportResult, ...] = ()
    skipped: int = 0
    stopped: str | None = None

    @property
    def added(self) -> tuple[Photo, ...]:
        """Photographs that are new in the library."""
        return tuple(one.photo for one in self.results if one.photo and one.new)

    @property
    def known(self) -> tuple[tuple[str, Photo], ...]:
        """Names of files whose photograph was there already, and how it is filed."""
        known = (one for one in self.results if not one.new)
        return tuple((one.name, one.photo) for one in known if one.photo)

    @property
    def refused(self) -> tuple[Refusal, ...]:
        """What could not be taken, with the reason."""
        return tuple(
            Refusal(photo=one.name, error=one.refused)
            for one in self.results
            if one.refused
        )


def import_sources(
    library: Library,
    chosen: Iterable[tuple[Source, Filing]],
    *,
    on_progress: batch.Progress | None = None,
) -> ImportRun:
    """Import photographs one after the other; a bad one does not stop the others.

    Returns
    -------
    ImportRun
        When the disk fills up or a person interrupts, `stopped` says so.

    Raises
    ------
    LibraryError
        The library cannot take photographs in at all.
    """
    chosen = list(chosen)
    results: list[ImportResult] = []
    stopped = None
    if on_progress:
        on_progress(0, len(chosen))
    try:
        with library.import_lock() as note:
            for done, (source, filing) in enumerate(chosen, start=1):
                results.append(_import_one(library, note, source, filing))
                if on_progress:
                    on_progress(done, len(chosen))
    except LibraryError as error:
        if all(one.photo is None for one in results):
            raise
        stopped = error.message
    except KeyboardInterrupt:
        stopped = Message("Interrupted; the same command completes the import.")
    return ImportRun(results=tuple(results), stopped=stopped)


def import_photos(
    library: Library,
    paths: Iterable[Path | str],
    *,
    filing: Filing | Callable[[Source], Filing] | None = None,
    on_progress: batch.Progress | None = None,
) -> ImportRun:
    """Take files, and the photographs in folders and zip archives, into the library.

    One that cannot be taken does not stop the others. The files themselves are
    left as they are. A repeated import completes one that was cancelled or
    killed.

    Parameters
    ----------
    paths : iterable of path
        Photographs, zip archives, and folders that are searched with all their
        subfolders.
    filing : Filing or callable, optional
        Where they are filed, or a function that says so for each.

    Raises
    ------
    LibraryError
        The library cannot take photographs in at all.
    """
    with open_sources(paths) as offered:
        choose = filing if callable(filing) else lambda _source: filing or Filing()
        chosen = [(source, choose(source)) for source in offered.sources]
        run = import_sources(library, chosen, on_progress=on_progress)
    refused = (ImportResult(name=r.photo, refused=r.error) for r in offered.refused)
    return replace(run, results=(*refused, *run.results), skipped=offered.skipped)


def import_photo(
    library: Library, data: bytes, *, name: str = "", filing: Filing | None = None
) -> tuple[Photo, bool]:
    """Take one photograph into the library.

    Parameters
    ----------
    name : str
        Its name, only read for a date and a view; never used as a path.

    Returns
    -------
    photo : Photo
        As it is filed; a photograph that was there stays as it was.
    new : bool
        False if the library had it already.

    Raises
    ------
    PhotoError
        It cannot be decoded, or its date is unknown.
    LibraryError
        The library cannot take it in.
    """
    source = Source(name=name, file_name=name, folder="", read=lambda: data)
    with library.import_lock() as note:
        return _take(library, note, source, filing or Filing())


def default_view(library: Library, subject: str) -> View:
    """Return the view of a subject's only series; the vertex if there is none, or several.

    A series is one that has its baseline, so that importing does not move the answer.
    """
    views = [view for name, view in library.catalog.baselines() if name == subject]
    return views[0] if len(views) == 1 else DEFAULT_VIEW


def suggest_view(name: str, *, folder: str = "", usual: View = DEFAULT_VIEW) -> View:
    """Return the view in a file's name, else in that of its folder, else the usual."""
    return find_view(name) or find_view(folder) or usual


def suggest(taken_at: dt.datetime | None, *, name: str, view: View) -> Suggestion:
    """Return view and date: that of the camera, else the one in the file's name.

    A day that cannot be is none, so that a person is asked for it.
    """
    if taken_at is not None and _is_set(taken_at):
        return Suggestion(
            view=view, visit=taken_at.date(), taken_at=taken_at, taken_from=TakenFrom.EXIF
        )
    visit, time = find_date(name) or (None, None)
    if visit is None or not _is_possible(visit):
        return Suggestion(
            view=view, visit=None, taken_at=None, taken_from=TakenFrom.UNKNOWN
        )
    return Suggestion(view=view, visit=visit, taken_at=time, taken_from=TakenFrom.FILE_NAME)


def check_day(day: dt.date) -> dt.date:
    """Return a day on which a photograph may have been taken.

    Raises
    ------
    PhotoError
        It lies before 1990 or after tomorrow.
    """
    if not _is_possible(day):
        raise PhotoError(
            "The day {day} cannot be: it lies before {earliest} or in the future.",
            day=day,
            earliest=EARLIEST_DAY,
        )
    return day


def _is_possible(day: dt.date) -> bool:
    """Tomorrow is possible: a camera may keep the time of a place further east."""
    return EARLIEST_DAY <= day <= dt.date.today() + dt.timedelta(days=1)


def _is_set(taken_at: dt.datetime) -> bool:
    """Return whether a camera knew the time; many begin at midnight of a 1 January."""
    at_start = (taken_at.month, taken_at.day, taken_at.hour) == (1, 1, 0)
    return _is_possible(taken_at.date()) and not at_start


def find_view(name: str) -> View | None:
    """Return the view in a file's name, such as "2025-03-03_temporal-left.jpg"."""
    words = re.sub(r"[^a-z]+", "_", name.lower())
    by_length = sorted(View, key=len, reverse=True)
    return next((view for view in by_length if view.value in words), None)


def find_date(name: str) -> tuple[dt.date, dt.datetime | None] | None:
    """Return the day in a file's name, and the time where there is one.

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


def _import_one(
    library: Library, note: Note, source: Source, filing: Filing
) -> ImportResult:
    try:
        photo, new = _take(library, note, source, filing)
    except PhotoError as error:
        return ImportResult(name=source.name, refused=error.message)
    return ImportResult(name=source.name, photo=photo, new=new)


def _take(
    library: Library, note: Note, source: Source, filing: Filing
) -> tuple[Photo, bool]:
    """Keep the bytes, then the row: a row never stands for bytes that are not there.

    Bytes that are known are put as well, which mends a damaged copy.
    """
    from hairtrack.imaging import codec

    data = source.read()
    kept = codec.strip(data)
    digest = digest_of(kept)
    known = library.catalog.photo(digest)
    if known is not None and known.deleted_at is None:
        library.originals.put(kept)
        library.originals.keep_record(known)
        return known, False
    decoded = read_picture(data)
    usual = default_view(library, filing.subject)
    view = suggest_view(source.file_name, folder=source.folder, usual=usual)
    found = suggest(decoded.taken_at, name=source.file_name, view=view)
    photo = _file(decoded, found, filing, digest=digest)
    note(digest)
    library.originals.put(kept)
    new = library.catalog.add_photo(photo)
    kept_as = library.catalog.photo(digest) or photo
    library.originals.keep_record(kept_as)
    return kept_as, new


def _file(decoded: Decoded, found: Suggestion, filing: Filing, *, digest: str) -> Photo:
    """Join what the photograph holds with what the person gives."""
    visit, taken_at, taken_from = found.visit, found.taken_at, found.taken_from
    if filing.taken_at is not None:
        visit, taken_at, taken_from = (
            filing.taken_at.date(),
            filing.taken_at,
            TakenFrom.PERSON,
        )
    if visit is None:
        visit, taken_from = filing.date, TakenFrom.PERSON
    if visit is None and decoded.taken_at is not None:
        raise PhotoError(
            "The clock of the camera was not set: the photo says {day}. Give the day, on "
            "the command line with --date YYYY-MM-DD.",
            day=decoded.taken_at.date(),
        )
    if visit is None:
        raise PhotoError(
            "The photo does not say when it was taken, and neither does its "
            "name; give the day, on the command line with --date YYYY-MM-DD."
        )
    return Photo(
        digest=digest,
        subject=filing.subject,
        visit=check_day(visit),
        view=filing.view or found.view,
        taken_at=taken_at,
        taken_from=taken_from,
        width=decoded.width,
        height=decoded.height,
        hair_state=filing.hair_state,
        camera=decoded.camera,
        note=filing.note,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class ViewShots:
    """How many photographs of a view one visit has."""

    view: View
    shots: int

    @property
    def missing(self) -> int:
        """How many more are asked for."""
        return max(0, SHOTS - self.shots)


def count_shots(
    photos: Iterable[Photo],
    visit: dt.date,
    *,
    refused: Collection[str] = (),
    offered: Iterable[View] = (),
) -> tuple[ViewShots, ...]:
    """Count the photographs of a visit by view.

    Parameters
    ----------
    photos : iterable of Photo
        Of one subject.
    refused : collection of str
        Digests of photographs that cannot be measured; they do not count.
    offered : iterable of View
        One for each photograph of that day that is not in the library yet.

    Returns
    -------
    tuple of ViewShots
        For the views of the subject's earlier visits and of this one, in the order of
        `View`.
    """
    photos = list(photos)
    here = Counter(offered)
    here += Counter(
        one.view for one in photos if one.visit == visit and one.digest not in refused
    )
    wanted = {one.view for one in photos if one.visit <= visit} | set(here)
    return tuple(ViewShots(view=view, shots=here[view]) for view in View if view in wanted)
