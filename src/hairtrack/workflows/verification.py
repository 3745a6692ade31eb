"""Whether every photograph and row of a library is still what was kept."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from hairtrack import batch
from hairtrack.errors import LibraryError, PhotoDamaged, PhotoMissing
from hairtrack.messages import Message
from hairtrack.records import Fault, Photo
from hairtrack.store import check_catalog, is_digest
from hairtrack.store.files import (
    PRIVATE_FILE,
    Note,
    read_noted,
)
from hairtrack.workflows.library import Library

CHECKPOINT = "verify-checkpoint.txt"
MAX_AGE = dt.timedelta(days=7)
"""An interrupted run that began earlier is begun again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Verified:
    """What a verification looked at, and what it found.

    Attributes
    ----------
    photos : int
        Photographs in the catalogue.
    read : int
        Kept photographs whose bytes this run read.
    resumed : int
        Kept photographs that an interrupted run had found whole before.
    faults : tuple of Fault
        All that is wrong.
    """

    photos: int
    read: int
    resumed: int
    faults: tuple[Fault, ...]


def verify(
    library: Library, *, fresh: bool = False, on_progress: batch.Progress | None = None
) -> Verified:
    """Check every kept photograph against its digest, and the catalogue against both.

    A run that follows an interrupted one does not read again what that one found whole.

    Raises
    ------
    LibraryError
        The place of the photographs is not there, such as a disk that is not connected.
    """
    library.originals.check_there()
    known = _known(library)
    with _checkpoint(library.folder / CHECKPOINT, fresh=fresh) as (whole, note):
        every = sorted(known)
        due = [digest for digest in every if digest not in whole]
        faults = []
        for done, digest in enumerate(due, start=1):
            fault = _check(library, known[digest])
            if fault is None:
                note(digest)
            else:
                faults.append(fault)
            if on_progress:
                on_progress(len(every) - len(due) + done, len(every))
        faults += _compare_names(library, whole.intersection(every))
        faults += check_catalog(library.catalog)
    return Verified(
        photos=len(known),
        read=len(due),
        resumed=len(every) - len(due),
        faults=tuple(faults),
    )


def _known(library: Library) -> dict[str, Photo]:
    return {photo.digest: photo for photo in library.catalog.photos(deleted=None)}


def _check(library: Library, photo: Photo) -> Fault | None:
    """Read one kept photograph; a disk that went away ends the run."""
    try:
        library.originals.get(photo.digest)
    except PhotoMissing:
        return _missing(photo)
    except PhotoDamaged:
        sentence = Message(
            "The bytes of {name} are no longer what was kept; import it again to mend it.",
            name=_name(photo),
        )
        return _fault("damaged", photo.digest, sentence)
    except LibraryError as error:
        library.originals.check_there()
        return _fault("unreadable", photo.digest, error.message)
    return None


def _compare_names(library: Library, whole: set[str]) -> list[Fault]:
    """Compare names and rows as they are at the end: what is too much, what went away."""
    names = set(library.originals.names())
    coming, left = read_noted(library.folder)
    known = _known(library)
    faults = [_missing(known[digest]) for digest in sorted(whole & set(known) - names)]
    for name in sorted(names - set(known) - coming):
        if name in left:
            sentence = Message(
                "An import that was stopped left this photograph; the next import or "
                "`hairtrack erase` removes it."
            )
        elif is_digest(name):
            sentence = Message("The catalogue does not know this photograph.")
        else:
            sentence = Message("hairtrack did not put this file there.")
        faults.append(_fault("extra", name, sentence))
    return faults


def _missing(photo: Photo) -> Fault:
    sentence = Message(
        "The bytes of {name} are missing; import it again or restore it from a backup.",
        name=_name(photo),
    )
    return _fault("missing", photo.digest, sentence)


def _name(photo: Photo) -> str:
    """Name a photograph as a person knows it, without saying whose it is."""
    return Message(
        "the photograph of {visit}, {view} ({digest})",
        visit=photo.visit,
        view=photo.view,
        digest=photo.digest[:8],
    )


def _fault(kind: str, name: str, sentence: str) -> Fault:
    return Fault(kind=kind, where=f"originals: {name}", sentence=sentence)


@contextmanager
def _checkpoint(path: Path, *, fresh: bool) -> Iterator[tuple[set[str], Note]]:
    """Give what an interrupted run found whole, and a way to note more.

    The file goes when the run comes to its end, so that the next one reads all.
    """
    whole = set() if fresh else _read_checkpoint(path)
    if not whole:
        path.unlink(missing_ok=True)
    handle = os.open(path, os.O_CREAT | os.O_APPEND | os.O_WRONLY, PRIVATE_FILE)

    def note(line: str) -> None:
        os.write(handle, f"{line}\n".encode())

    try:
        if not whole:
            note(dt.datetime.now(dt.UTC).isoformat())
        yield whole, note
    finally:
        os.close(handle)
    path.unlink(missing_ok=True)


def _read_checkpoint(path: Path) -> set[str]:
    """Return the digests of an interrupted run; a line cut short is none."""
    try:
        began, *lines = path.read_text(encoding="ascii").splitlines()
        age = dt.datetime.now(dt.UTC) - dt.datetime.fromisoformat(began)
    except (OSError, ValueError, TypeError):
        return set()
    if not dt.timedelta(0) <= age <= MAX_AGE:
        return set()
    return {line for line in lines if is_digest(line)}
