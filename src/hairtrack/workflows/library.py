"""A library on disk: one folder with the catalogue, the originals and a marker."""

from __future__ import annotations

import datetime as dt
import enum
import json
import os
import re
import shutil
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any

from hairtrack import batch
from hairtrack.errors import LibraryError
from hairtrack.messages import Message
from hairtrack.serialization import from_plain, to_plain
from hairtrack.store import Catalog, Courses, Originals, open_originals
from hairtrack.store.database import Database
from hairtrack.store.editing import erase_subject
from hairtrack.store.files import (
    LOCK,
    PRIVATE_FOLDER,
    UNFINISHED,
    Note,
    clear_up,
    explain,
    import_lock,
    make_private_folder,
    write_durably,
)
from hairtrack.store.originals import LocalOriginals

MARKER = "hairtrack-library.json"
KIND = "hairtrack library"
VERSION = 1
"""Of the folder's layout; a library of a higher one is refused."""

ENVIRONMENT = "HAIRTRACK_LIBRARY"
ENVIRONMENT_CATALOG = "HAIRTRACK_CATALOG"

CATALOG = "catalog.sqlite"
ORIGINALS = "originals"
COPIES = "catalog-copies"
MAX_COPIES = 3
"""Copies of the catalogue, each of another day of use."""


@dataclass(frozen=True)
class Library:
    """An open library; use it as a context manager, or call `close`.

    Attributes
    ----------
    folder : Path
        Where it lies; only its owner may look inside.
    catalog : Catalog
        What is known about the photographs.
    originals : Originals
        The photographs.
    """

    folder: Path
    catalog: Catalog
    originals: Originals

    @property
    def courses(self) -> Courses:
        """The treatment courses."""
        return Courses(self.catalog)

    @classmethod
    def create(
        cls,
        folder: Path | str,
        *,
        catalog: str | None = None,
        originals: str | None = None,
    ) -> Library:
        """Make a library in a new or empty folder; open the one that is there.

        The marker is written last: a library that a crash left half made has
        none, holds no photograph yet, and is completed here.

        Parameters
        ----------
        folder : path
            Where it lies.
        catalog : str, optional
            Address of a PostgreSQL database for the catalogue of a new library;
            else $HAIRTRACK_CATALOG, else a file inside `folder`.
        originals : str, optional
            Folder or URL of the photographs of a new library, such as
            ``s3://bucket/name``; by default inside `folder`.

        Raises
        ------
        LibraryError
            The folder holds other things, or cannot be written.
        """
        folder = Path(folder)
        if (folder / MARKER).is_file():
            return cls.open(folder)
        try:
            _check_free(folder)
            make_private_folder(folder)
            folder.chmod(PRIVATE_FOLDER)
            address = catalog or os.environ.get(ENVIRONMENT_CATALOG)
            made = Catalog.create(address or folder / CATALOG)
        except OSError as error:
            raise LibraryError(
                "No library can be made at {folder}: {error}.", folder=folder, error=error
            ) from error
        try:
            return cls._complete(folder, made, originals)
        except BaseException:
            made.close()
            raise

    @classmethod
    def open(cls, folder: Path | str) -> Library:
        """Open an existing library.

        Raises
        ------
        LibraryError
            There is none, part of it is missing, or a newer hairtrack made it.
        """
        folder = Path(folder)
        marker = read_marker(folder)
        catalog = Catalog.open(
            marker.get("catalog") or folder / CATALOG,
            before_upgrade=partial(_copy_catalog, folder),
        )
        try:
            place = marker.get("originals") or folder / ORIGINALS
            originals = open_originals(place, library_id=catalog.library_id)
            originals.check_there()
        except BaseException:
            catalog.close()
            raise
        library = cls(folder, catalog, originals)
        library.copy_catalog()
        return library

    @classmethod
    def _complete(cls, folder: Path, catalog: Catalog, place: str | None) -> Library:
        if catalog.photos(deleted=None):
            raise LibraryError(
                "The folder {folder} has a catalogue with photographs but lacks "
                "its marker {marker}: it is not whole; restore it from a backup.",
                folder=folder,
                marker=MARKER,
            )
        library_id = catalog.library_id
        originals = open_originals(place or folder / ORIGINALS, library_id=library_id)
        originals.create()
        marker = {"kind": KIND, "id": library_id, "version": VERSION}
        if isinstance(catalog.address, str):
            marker["catalog"] = catalog.address
        if place is not None:
            marker["originals"] = place
        write_durably(folder / MARKER, json.dumps(marker).encode())
        return cls(folder, catalog, originals)

    def copy_catalog(self) -> None:
        """Copy the catalogue once a day, for `hairtrack salvage`.

        A library is copied when it is opened for the first time on a day, and a new one
        when it is closed. An empty one has nothing to copy. A disk that is full or
        protected, or a damaged catalogue, does not stop anybody.
        """
        with suppress(LibraryError):
            copied = (self.folder / COPIES / f"{dt.date.today()}.sqlite").exists()
            if not copied and self.catalog.path.is_file() and self.catalog.subjects():
                _copy_catalog(self.folder, self.catalog.database)

    def renew_copies(self) -> None:
        """Replace all copies of the catalogue by a new one: what was erased is in none."""
        shutil.rmtree(self.folder / COPIES, ignore_errors=True)
        self.copy_catalog()

    @contextmanager
    def import_lock(self) -> Iterator[Note]:
        """Take photographs in; what a killed process has left is cleared up first.

        Yields
        ------
        callable
            To be called with each digest before its bytes are kept.

        Raises
        ------
        LibraryError
            The photographs are not there, or can only be read; or the catalogue is
            damaged.
        """
        self.originals.check_ready()
        self.catalog.database.check()
        with import_lock(self.folder, clean=self._clean) as note:
            yield note

    def clear_up(self) -> bool:
        """Remove what killed imports left; return False while another one is running."""
        return clear_up(self.folder, clean=self._clean)

    def _clean(self, noted: set[str]) -> None:
        """Remove unfinished files, and noted photographs that never got their row."""
        self.originals.clean()
        for copy in (self.folder / COPIES).glob(f"{UNFINISHED}*"):
            copy.unlink(missing_ok=True)
        for digest in sorted(noted):
            if self.catalog.photo(digest) is None:
                self.originals.delete(digest)

    def close(self) -> None:
        """Let go of the catalogue."""
        self.copy_catalog()
        self.catalog.close()

    def __enter__(self) -> Library:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _copy_catalog(folder: Path, database: Database) -> None:
    """Write or replace the copy of this day, and keep the last ones."""
    copies = folder / COPIES
    unfinished = copies / f"{UNFINISHED}{uuid.uuid4().hex}"
    if not isinstance(database.address, Path):
        return
    with suppress(LibraryError, OSError):
        make_private_folder(copies)
        try:
            database.copy_to(unfinished)
            unfinished.replace(copies / f"{dt.date.today()}.sqlite")
        finally:
            unfinished.unlink(missing_ok=True)
        for old in set(copies.iterdir()) - set(list_copies(folder)[:MAX_COPIES]):
            old.unlink()


def list_copies(folder: Path) -> list[Path]:
    """Return the copies of a library's catalogue, the newest first."""
    return sorted((folder / COPIES).glob("*.sqlite"), reverse=True)


def default_folder() -> Path:
    """Return the person's library: $HAIRTRACK_LIBRARY, or the usual data folder."""
    named = os.environ.get(ENVIRONMENT)
    return Path(named).expanduser() if named else data_folder() / "library"


def data_folder() -> Path:
    """Return the folder where this system keeps the data of programs."""
    import platformdirs

    return platformdirs.user_data_path("hairtrack", appauthor=False)


def read_marker(folder: Path) -> dict[str, Any]:
    """Return what the marker says; refuse what is no library, or of a newer hairtrack."""
    try:
        marker = json.loads((folder / MARKER).read_text(encoding="utf-8"))
        version = int(marker.get("version", 1))
    except (FileNotFoundError, NotADirectoryError):
        raise LibraryError(
            "There is no hairtrack library at {folder}; `hairtrack import` makes one.",
            folder=folder,
        ) from None
    except OSError as error:
        raise LibraryError(explain(error, folder)) from error
    except (ValueError, AttributeError, TypeError):
        raise LibraryError(
            "The marker {marker} of the library at {folder} is damaged; restore a backup.",
            marker=MARKER,
            folder=folder,
        ) from None
    if version > VERSION:
        raise LibraryError(
            "The library at {folder} was made by a newer hairtrack (version "
            "{version}, this program knows {version2}); update hairtrack.",
            folder=folder,
            version=version,
            version2=VERSION,
        )
    return dict(marker)


def _check_free(folder: Path) -> None:
    """Refuse a folder that holds anything but a half-made library."""
    if not folder.exists():
        return
    if not folder.is_dir():
        raise LibraryError("{folder} is a file, not a folder for a library.", folder=folder)
    others = [
        entry.name
        for entry in folder.iterdir()
        if not entry.name.startswith((CATALOG, UNFINISHED))
        and entry.name not in (ORIGINALS, COPIES, LOCK)
    ]
    if others:
        raise LibraryError(
            "The folder {folder} holds other files; choose an empty or a new "
            "folder for the library.",
            folder=folder,
        )


PREFERENCES_FILE = "preferences.json"


class Units(enum.StrEnum):
    """Units of lengths on the screen; what is kept is always metric."""

    METRIC = "metric"
    IMPERIAL = "imperial"


@dataclass(frozen=True, slots=True, kw_only=True)
class Preferences:
    """What a person prefers.

    Attributes
    ----------
    language : str
        Code of the language of the app; empty, it follows the browser.
    units : Units
        Of lengths on the screen.
    folders : mapping of str to str
        Subject -> folder in which the app looks for new photographs.
    """

    language: str = ""
    units: Units = Units.METRIC
    folders: Mapping[str, str] = field(default_factory=dict)


def read_preferences(library: Path) -> Preferences:
    """Return what is kept in the folder of a library, or the defaults."""
    try:
        said = json.loads((library / PREFERENCES_FILE).read_text(encoding="utf-8"))
        return from_plain(Preferences, said)
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        return Preferences()


def save_preferences(library: Path, preferences: Preferences) -> None:
    """Keep preferences.

    Raises
    ------
    LibraryError
        The disk is full or protected.
    """
    path = library / PREFERENCES_FILE
    try:
        write_durably(path, json.dumps(to_plain(preferences), indent=1).encode())
    except OSError as error:
        raise LibraryError(explain(error, path)) from error


def rename_in_preferences(library: Path, name: str, *, to: str | None) -> None:
    """Carry what is kept of a subject to the new name, or drop it where there is none."""
    kept = read_preferences(library)
    if name in kept.folders:
        folders = dict(kept.folders)
        folder = folders.pop(name)
        if to is not None:
            folders[to] = folder
        save_preferences(library, replace(kept, folders=folders))


def read_path(text: str, *, outside: Path) -> Path:
    """Return a path that a person typed; ``~`` is the home folder.

    Parameters
    ----------
    outside : Path
        Folder of the library, where nothing else may go.

    Raises
    ------
    LibraryError
        It is no whole path, or lies inside the library.
    """
    text = text.strip()
    if not text:
        raise LibraryError("Type the place first.")
    try:
        path = Path(text).expanduser()
        inside = path.resolve().is_relative_to(outside.resolve())
    except (OSError, ValueError):
        raise LibraryError("This is no path.") from None
    except RuntimeError:
        raise LibraryError("There is no home folder behind {text}.", text=text) from None
    if not path.is_absolute():
        raise LibraryError(
            "{text} is not a whole path: let it begin with {home}, for example.",
            text=text,
            home=Path.home(),
        )
    if inside:
        raise LibraryError(
            "{path} lies inside the library; choose a folder outside of it.", path=path
        )
    return path


def to_file_name(text: str) -> str:
    """Return a name of a person's choice as part of a file's name.

    Examples
    --------
    >>> to_file_name("Subject 2 / ../x")
    'Subject-2-x'
    """
    return re.sub(r"[^\w]+", "-", text).strip("-_")[:60] or "subject"


def measure_library_size(library: Library) -> int | None:
    """Return the bytes of all kept photographs; `None` where they are not on this disk."""
    originals = library.originals
    if not isinstance(originals, LocalOriginals):
        return None
    try:
        return sum(
            _size(originals.path(p.digest)) for p in library.catalog.photos(deleted=None)
        )
    except OSError as error:
        raise LibraryError(explain(error, originals.folder)) from error


def _size(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0


_REMAINING = (
    Message("backups, exports and other copies made before"),
    Message(
        "what the disk keeps of deleted files: snapshots, and the spare "
        "blocks of an SSD (wear-levelling); only encryption of the disk "
        "protects these"
    ),
    Message(
        "one entry of the audit table: that a subject was erased on this day, under a "
        "number"
    ),
)
_UNFINISHED = Message(
    "a photograph that an import left when it was stopped: another import is running now; "
    "erase again after it"
)
_REMAINING_SERVER = (
    Message("PostgreSQL's own files: its write-ahead log, replicas and archives"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Erased:
    """What was erased, and what is out of reach.

    Attributes
    ----------
    photos : int
        Photographs removed, deleted ones included.
    compacted : bool
        False where another program that has the library open kept the database
        from dropping its old pages; erasing again, with the program closed, does it.
    remaining : tuple of str
        Where traces may remain that no program can remove from here.
    """

    photos: int
    compacted: bool
    remaining: tuple[str, ...]


def erase(
    library: Library, subject: str, *, on_progress: batch.Progress | None = None
) -> Erased:
    """Remove photographs, numbers, notes and outlines of a subject, for good.

    Nothing derived is kept on disk besides: pictures and thumbnails are drawn
    when they are shown. Files go first, so that erasing again completes what a
    crash interrupted; photographs that killed imports left go too. A subject that is
    gone already only has the database compacted.

    Raises
    ------
    LibraryError
        There is no such subject; the sentence says whether the database was compacted.
    """
    library.catalog.database.check()
    shutil.rmtree(library.folder / COPIES, ignore_errors=True)
    photos = library.catalog.photos(subject=subject, deleted=None)
    for number, photo in enumerate(photos):
        if on_progress:
            on_progress(number, len(photos))
        library.originals.delete(photo.digest)
    alone = library.clear_up()
    rename_in_preferences(library.folder, subject, to=None)
    found = erase_subject(library.catalog, subject)
    compacted = library.catalog.database.scrub()
    library.renew_copies()
    if not found and compacted:
        raise LibraryError(
            "This library has no subject {subject!r}. The database was compacted: nothing "
            "of a subject that was erased before is left in it.",
            subject=subject,
        )
    if not found:
        raise LibraryError(
            "This library has no subject {subject!r}. Another program has the library "
            "open, so the database was not compacted: close it and erase again.",
            subject=subject,
        )
    if on_progress and photos:
        on_progress(len(photos), len(photos))
    remaining = list_remaining_traces(library)
    if not alone:
        remaining = (_UNFINISHED, *remaining)
    return Erased(photos=len(photos), compacted=compacted, remaining=remaining)


def list_remaining_traces(library: Library) -> tuple[str, ...]:
    """Return where traces of an erased person may remain."""
    server = isinstance(library.catalog.address, str)
    return _REMAINING + (_REMAINING_SERVER if server else ())
