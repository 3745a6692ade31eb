"""Whether every photograph and row of a library is still what was kept."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path

from hairtrack import batch
from hairtrack.errors import LibraryError, PhotoDamaged, PhotoMissing
from hairtrack.messages import Message
from hairtrack.records import Fault, Photo
from hairtrack.store import check_catalog, is_digest
from hairtrack.store.files import JOURNALS, LOCK, UNFINISHED, read_noted
from hairtrack.store.originals import INCOMING, LocalOriginals
from hairtrack.workflows.library import (
    CATALOG,
    COPIES,
    MARKER,
    ORIGINALS,
    PREFERENCES_FILE,
    Library,
)

_OWN_FILES = (MARKER, f"{CATALOG}*", COPIES, ORIGINALS, LOCK, JOURNALS, PREFERENCES_FILE)

_UNFINISHED_AFTER = 3600
"""Seconds after which a file that is not whole was left by a process that ended."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Verified:
    """What a verification looked at, and what it found.

    Attributes
    ----------
    photos : int
        Photographs in the catalogue; the bytes of each were read.
    faults : tuple of Fault
        All that is wrong.
    """

    photos: int
    faults: tuple[Fault, ...]


def verify(library: Library, *, on_progress: batch.Progress | None = None) -> Verified:
    """Check every kept photograph against its digest, and the catalogue against both.

    Raises
    ------
    LibraryError
        The place of the photographs is not there, such as a disk that is not connected.
    """
    library.originals.check_there()
    known = _known(library)
    faults = []
    for done, digest in enumerate(sorted(known), start=1):
        fault = _check(library, known[digest])
        if fault is not None:
            faults.append(fault)
        if on_progress:
            on_progress(done, len(known))
    faults += _list_extra(library)
    faults += check_catalog(library.catalog)
    return Verified(photos=len(known), faults=tuple(faults))


def _known(library: Library) -> dict[str, Photo]:
    return {photo.digest: photo for photo in library.catalog.photos(deleted=None)}


def _check(library: Library, photo: Photo) -> Fault | None:
    """Read one kept photograph; a disk that went away ends the run."""
    name = Message(
        "the photograph of {visit}, {view} ({digest})",
        visit=photo.visit,
        view=photo.view,
        digest=photo.digest[:8],
    )
    try:
        library.originals.get(photo.digest)
    except PhotoMissing:
        sentence = Message(
            "The bytes of {name} are missing; import it again or restore it from a backup.",
            name=name,
        )
        return _fault("missing", photo.digest, sentence)
    except PhotoDamaged:
        sentence = Message(
            "The bytes of {name} are no longer what was kept; import it again to mend it.",
            name=name,
        )
        return _fault("damaged", photo.digest, sentence)
    except LibraryError as error:
        library.originals.check_there()
        return _fault("unreadable", photo.digest, error.message)
    return None


def _list_extra(library: Library) -> Iterator[Fault]:
    """Yield the files that belong to nothing, in the library and among its photographs."""
    names = set(library.originals.names())
    coming, left = read_noted(library.folder)  # before the rows, which come last
    known = _known(library).keys()
    records = {f"{digest[:2]}/{digest}.json" for digest in known}
    for name in sorted(names - coming - known - records):
        if name in left:
            sentence = Message(
                "An import that was stopped left this photograph; the next import or "
                "`hairtrack erase` removes it."
            )
        elif is_digest(name):
            sentence = Message("The catalogue does not know this photograph.")
        else:
            sentence = Message("hairtrack did not put this file there.")
        yield _fault("extra", name, sentence)
    unfinished = [*(library.folder / COPIES).glob(f"{UNFINISHED}*")]
    if isinstance(library.originals, LocalOriginals):
        unfinished += (library.originals.folder / INCOMING).glob("*")
    for file in sorted(filter(_was_left, unfinished)):
        sentence = Message(
            "A process that ended left this unfinished file; the next import removes it."
        )
        place = "library" if file.parent.name == COPIES else "originals"
        where = f"{place}: {file.parent.name}/{file.name}"
        yield Fault(kind="extra", where=where, sentence=sentence)
    for file in sorted(library.folder.iterdir()):
        if not any(fnmatch(file.name, own) for own in _OWN_FILES) and _was_left(file):
            sentence = Message("hairtrack did not put this file there.")
            yield Fault(kind="extra", where=f"library: {file.name}", sentence=sentence)


def _was_left(file: Path) -> bool:
    """Return whether nobody is writing a file any more."""
    try:
        return time.time() - file.lstat().st_mtime > _UNFINISHED_AFTER
    except FileNotFoundError:
        return False


def _fault(kind: str, name: str, sentence: str) -> Fault:
    return Fault(kind=kind, where=f"originals: {name}", sentence=sentence)
