"""Everything about one person leaves the library, as far as a program can reach."""

from __future__ import annotations

from dataclasses import dataclass

from hairtrack import batch
from hairtrack.errors import LibraryError
from hairtrack.store.erasing import erase_subject
from hairtrack.workflows.library import Library
from hairtrack.workflows.preferences import forget_subject

_BEYOND = (
    "backups, exports and other copies made before",
    "what the disk keeps of deleted files: snapshots, and the spare blocks of an SSD "
    "(wear-levelling); only encryption of the disk protects these",
    "the chain of the change log: on which days something was filed or changed, under an "
    "id that leads back to nobody any more",
)
_BEYOND_SERVER = ("PostgreSQL's own files: its write-ahead log, replicas and archives",)


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
    beyond : tuple of str
        Where traces may remain that no program can remove from here.
    """

    photos: int
    compacted: bool
    beyond: tuple[str, ...]


def erase(
    library: Library, subject: str, *, on_progress: batch.Progress | None = None
) -> Erased:
    """Remove photographs, numbers, notes and outlines of a subject, for good.

    Nothing derived is kept on disk besides: pictures and thumbnails are drawn
    when they are shown. Files go first, so that erasing again completes what a
    crash interrupted. A subject that is gone already only has the database
    compacted.

    Parameters
    ----------
    library : Library
        Open library.
    subject : str
        Whose data.
    on_progress : callable, optional
        Called with (finished, all) as photographs are removed.

    Returns
    -------
    Erased

    Raises
    ------
    LibraryError
        There is no such subject; the database was compacted all the same.
    """
    photos = library.catalog.photos(subject=subject, deleted=None)
    for number, photo in enumerate(photos):
        if on_progress:
            on_progress(number, len(photos))
        library.originals.delete(photo.digest)
    forget_subject(library.folder, subject)
    found = erase_subject(library.catalog, subject)
    compacted = library.catalog.database.scrub()
    if not found:
        raise LibraryError(f"This library has no subject {subject!r}.")
    if on_progress and photos:
        on_progress(len(photos), len(photos))
    return Erased(photos=len(photos), compacted=compacted, beyond=list_beyond(library))


def list_beyond(library: Library) -> tuple[str, ...]:
    """Return where traces of an erased person may remain, to be told before and after."""
    server = isinstance(library.catalog.address, str)
    return _BEYOND + (_BEYOND_SERVER if server else ())
