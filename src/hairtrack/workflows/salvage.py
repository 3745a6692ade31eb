"""Rebuild a library whose catalogue was lost or damaged.

The rows come from the newest copy of the catalogue that is whole. Photographs that it does
not know are filed by the record beside them, else by what they hold themselves.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hairtrack import batch
from hairtrack.errors import LibraryError, PhotoDamaged, PhotoMissing
from hairtrack.records import Photo, TakenFrom, View
from hairtrack.serialization import from_plain
from hairtrack.store import Catalog, Originals, check_catalog, is_digest, open_originals
from hairtrack.store import originals as kept
from hairtrack.store.database import Database
from hairtrack.workflows import archive, library

SUBJECT = "salvaged"
"""Subject of photographs of which nothing is known any more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Salvaged(archive.Archived):
    """What was rebuilt.

    Attributes
    ----------
    rows : str
        Name of the file that the rows come from; empty without any.
    recorded, unfiled : tuple of str
        Digests of photographs that the rows did not know: filed by their record, and those
        without one, filed under `SUBJECT`.
    """

    rows: str = ""
    recorded: tuple[str, ...] = ()
    unfiled: tuple[str, ...] = ()


def salvage(
    folder: Path, new: Path, *, on_progress: batch.Progress | None = None
) -> Salvaged:
    """Rebuild what can be rebuilt of a library in a new folder; the old one is only read.

    Parameters
    ----------
    folder, new : Path
        The damaged library, and a new or empty folder.

    Raises
    ------
    LibraryError
        The photographs are not there, or the new folder cannot be written.
    """
    old = _find_originals(folder)
    recorded: list[str] = []
    unfiled: list[str] = []
    lost: list[str] = []
    with archive.build_library(new) as place:
        rows = _copy_rows(folder, place / library.CATALOG)
        with Catalog.create(place / library.CATALOG) as catalog:
            target = open_originals(
                place / library.ORIGINALS, library_id=catalog.library_id
            )
            target.create()
            digests = [name for name in old.names() if is_digest(name)]
            for done, digest in enumerate(digests, start=1):
                try:
                    target.put(data := old.get(digest))
                except (PhotoMissing, PhotoDamaged):
                    lost.append(digest)
                    continue
                if catalog.photo(digest) is None:
                    record = old.record(digest)
                    (recorded if record else unfiled).append(digest)
                    catalog.add_photo(_file(digest, data, record))
                if (photo := catalog.photo(digest)) is not None:
                    target.keep_record(photo)
                if on_progress:
                    on_progress(done, len(digests))
            photos = {photo.digest for photo in catalog.photos(deleted=None)}
            lost += sorted(photos - set(digests))
    return Salvaged(
        path=new,
        photos=len(photos - set(lost)),
        rows=rows,
        recorded=tuple(recorded),
        unfiled=tuple(unfiled),
        lost=tuple(lost),
    )


def _find_originals(folder: Path) -> Originals:
    """Return the photographs of a library of which anything may be damaged."""
    try:
        marker = library.read_marker(folder)
    except LibraryError:
        marker = {}
    if isinstance(marker.get("catalog"), str):
        raise LibraryError(
            "The catalogue of this library lies in PostgreSQL; its own tools restore it."
        )
    place = marker.get("originals") or folder / library.ORIGINALS
    known = str(marker.get("id", ""))
    if not known and (Path(place) / kept.MARKER).is_file():
        known = (Path(place) / kept.MARKER).read_text(errors="replace").partition(" ")[0]
    found = open_originals(place, library_id=known)
    found.check_there()
    return found


def _copy_rows(folder: Path, target: Path) -> str:
    """Copy the newest catalogue that is whole; return its name, empty if none is."""
    for path in (folder / library.CATALOG, *library.list_copies(folder)):
        try:
            if path.is_file():
                database = Database(path)
                try:
                    database.copy_to(target)
                finally:
                    database.close()
                with Catalog.open(target) as catalog:
                    if not check_catalog(catalog):
                        return path.name
        except LibraryError:
            pass
        target.unlink(missing_ok=True)
    return ""


def _file(digest: str, data: bytes, record: dict[str, Any]) -> Photo:
    """File a photograph by its record, else by the day that it holds."""
    from hairtrack.imaging import codec

    info = codec.probe(data)
    if record:
        size = {"width": info.width, "height": info.height}
        return from_plain(
            Photo, {**record, **size, "digest": digest, "camera": info.camera}
        )
    day = info.taken_at.date() if info.taken_at else dt.date.today()
    return Photo(
        digest=digest,
        width=info.width,
        height=info.height,
        subject=SUBJECT,
        visit=day,
        view=View.VERTEX,
        taken_at=info.taken_at,
        taken_from=TakenFrom.EXIF if info.taken_at else TakenFrom.UNKNOWN,
        camera=info.camera,
    )
