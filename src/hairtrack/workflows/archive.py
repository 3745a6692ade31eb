"""Back up and restore a library; export a person.

An archive is a zip that holds ``catalog.sqlite``, ``originals/ab/abcdef...`` and, written
last, ``manifest.json`` with the SHA-256 and the size of each of them.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import re
import shutil
import tempfile
import time
import zipfile
import zlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import hairtrack
from hairtrack import batch
from hairtrack.errors import LibraryError, PhotoDamaged, PhotoMissing
from hairtrack.records import Photo
from hairtrack.store import Catalog, open_originals
from hairtrack.store.editing import subject_rows
from hairtrack.store.files import (
    PRIVATE_FILE,
    PRIVATE_FOLDER,
    explain,
    make_private_folder,
    plain_errors,
    sync_file,
    sync_folder,
    write_durably,
)
from hairtrack.workflows import library as layout
from hairtrack.workflows.library import CATALOG, ORIGINALS, Library

KIND = "hairtrack backup"
VERSION = 1
MANIFEST = "manifest.json"

_NAME = re.compile(r"catalog\.sqlite|originals/([0-9a-f]{2})/\1[0-9a-f]{62}")
_WORKPLACE = ".hairtrack-incoming-"
_LEFT_AFTER = 24 * 3600
"""Seconds after which an unfinished backup or export belongs to nobody."""
_BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError)

Write = Callable[[str, bytes], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Archived:
    """What is in a backup or an export, or came out of a backup.

    Attributes
    ----------
    path : Path
        The file or folder that was written.
    photos : int
        Photographs in it.
    lost : tuple of str
        Digests of photographs that were missing or damaged when it was made.
    """

    path: Path
    photos: int
    lost: tuple[str, ...] = ()


def back_up(
    library: Library, file: Path, *, on_progress: batch.Progress | None = None
) -> Archived:
    """Write the whole library into one new file, while others may use and change it.

    The catalogue is copied at one moment; its photographs are read afterwards.
    The archive gets its name when it is complete, on disk and has been read
    back.

    Raises
    ------
    LibraryError
        The file exists, cannot be written, or a photograph was erased meanwhile.
    """
    file = Path(file)
    if file.exists():
        raise LibraryError(
            "There is something at {out} already; choose another place.", out=file
        )
    library.originals.check_there()
    with _workplace(file.parent) as place:
        copy, archive = place / CATALOG, place / "archive"
        library.catalog.database.copy_to(copy)
        digests = _digests(copy)
        bar = _Bar(on_progress, 2 * len(digests))
        lost = _write_archive(library, archive, copy=copy, digests=digests, bar=bar)
        for _ in _read_archive(archive, bar=bar):
            pass
        archive.rename(file)
        sync_folder(file.parent)
    return Archived(path=file, photos=len(digests) - len(lost), lost=tuple(lost))


def restore(
    file: Path, folder: Path, *, on_progress: batch.Progress | None = None
) -> Archived:
    """Make a library from a backup in a new or empty folder, every byte checked.

    Nothing is a library until all of it is there: the marker is written last.

    Parameters
    ----------
    file : Path
        Archive that `back_up` wrote.

    Raises
    ------
    LibraryError
        The folder is not empty, or the backup is damaged, not whole, no backup
        or made by a newer hairtrack.
    """
    file, folder = Path(file), Path(folder)
    with build_library(folder) as place:
        manifest = _unpack(file, place, on_progress)
        digests = _digests(place / CATALOG)
    lost = tuple(manifest["lost"])
    return Archived(path=folder, photos=len(digests) - len(lost), lost=lost)


@contextmanager
def build_library(folder: Path) -> Iterator[Path]:
    """Give a place for catalogue and photographs of a new library; its marker comes last.

    Raises
    ------
    LibraryError
        The folder is not empty, or cannot be written.
    """
    _check_empty(folder)
    with plain_errors(folder):
        make_private_folder(folder)
        folder.chmod(PRIVATE_FOLDER)
    with _workplace(folder, left_after=0) as place:
        yield place
        with Catalog.open(place / CATALOG) as catalog:
            library_id = catalog.library_id
        for part in (ORIGINALS, CATALOG):
            (place / part).rename(folder / part)
        sync_folder(folder)
        marker = {"kind": layout.KIND, "id": library_id, "version": layout.VERSION}
        write_durably(folder / layout.MARKER, json.dumps(marker).encode())


class _Bar:
    """Counts photographs for a progress bar."""

    def __init__(self, on_progress: batch.Progress | None, total: int) -> None:
        self.on_progress, self.total, self.done = on_progress, total, 0

    def step(self) -> None:
        """Count one more."""
        self.done += 1
        if self.on_progress:
            self.on_progress(min(self.done, self.total), self.total)


def _digests(catalog: Path) -> set[str]:
    with Catalog.open(catalog) as opened:
        return {photo.digest for photo in opened.photos(deleted=None)}


def _write_archive(
    library: Library, path: Path, *, copy: Path, digests: set[str], bar: _Bar
) -> list[str]:
    """Write catalogue, photographs and manifest; return the digests that are lost."""
    files: dict[str, dict[str, Any]] = {}
    lost: list[str] = []

    with _zip_writer(path) as write:

        def add(name: str, data: bytes) -> None:
            files[name] = {"sha256": hashlib.sha256(data).hexdigest(), "size": len(data)}
            write(name, data)

        add(CATALOG, copy.read_bytes())
        for digest in sorted(digests):
            data = _read_original(library, digest)
            if data is None:
                lost.append(digest)
            else:
                add(f"{ORIGINALS}/{digest[:2]}/{digest}", data)
            bar.step()
        manifest = _make_manifest(library.catalog.library_id, files, lost)
        write(MANIFEST, manifest.encode())
    return lost


def _read_original(library: Library, digest: str) -> bytes | None:
    """Return a kept photograph, or `None` if it is lost; erased is not lost."""
    try:
        return library.originals.get(digest)
    except (PhotoMissing, PhotoDamaged) as error:
        if library.catalog.photo(digest) is None:
            raise LibraryError(
                "A photograph was erased while the backup was made; make it again."
            ) from error
        return None


def _make_manifest(library_id: str, files: dict[str, Any], lost: list[str]) -> str:
    manifest = {
        "kind": KIND,
        "version": VERSION,
        "library": library_id,
        "made_at": dt.datetime.now(dt.UTC).isoformat(timespec="seconds"),
        "hairtrack": hairtrack.__version__,
        "files": files,
        "lost": lost,
    }
    return json.dumps(manifest, indent=1)


def _unpack(file: Path, place: Path, on_progress: batch.Progress | None) -> dict[str, Any]:
    """Write everything in the archive below `place`; return the manifest."""
    manifest = _read_manifest(file)
    bar = _Bar(on_progress, len(manifest["files"]))
    originals = open_originals(place / ORIGINALS, library_id=manifest["library"])
    originals.create()
    kept = set()
    for name, data in _read_archive(file, bar=bar):
        if name == CATALOG:
            with plain_errors(place):
                write_durably(place / name, data)
        else:
            kept.add(originals.put(data))
    with Catalog.open(place / CATALOG) as catalog:
        photos = catalog.photos(deleted=None)
        same = catalog.library_id == manifest["library"]
    if not same or {photo.digest for photo in photos} != kept | set(manifest["lost"]):
        raise LibraryError(
            "The backup {file} is not whole: its catalogue and its photographs "
            "do not belong together.",
            file=file,
        )
    for photo in photos:
        if photo.digest in kept:
            originals.keep_record(photo)
    return manifest


def _read_archive(file: Path, *, bar: _Bar) -> Iterator[tuple[str, bytes]]:
    """Yield name and content of each file, checked; in the end name all that is wrong.

    Raises
    ------
    LibraryError
        The archive is no backup, or anything in it is missing, damaged or too much.
    """
    files = _read_manifest(file)["files"]
    with zipfile.ZipFile(file) as archive:
        inside = Counter(info.filename for info in archive.infolist())
        wanted = Counter([MANIFEST, *files])
        wrong = {name for name in inside | wanted if inside[name] != wanted[name]}
        for name, listed in files.items():
            data = _read_member(archive, name, listed)
            if data is None:
                wrong.add(name)
            else:
                yield name, data
            bar.step()
    if wrong:
        raise LibraryError(
            "The backup {file} is damaged: {wrong} of {files} files are "
            "missing, changed or too much, such as {wrong2}.",
            file=file,
            wrong=len(wrong),
            files=len(files),
            wrong2=min(wrong),
        )


def _read_member(
    archive: zipfile.ZipFile, name: str, listed: dict[str, Any]
) -> bytes | None:
    try:
        info = archive.getinfo(name)
        if info.file_size != listed["size"] or info.compress_type != zipfile.ZIP_STORED:
            return None
        data = archive.read(info)
    except (KeyError, *_BROKEN):
        return None
    return data if hashlib.sha256(data).hexdigest() == listed["sha256"] else None


def _read_manifest(file: Path) -> dict[str, Any]:
    try:
        with zipfile.ZipFile(file) as archive:
            manifest = json.loads(archive.read(MANIFEST))
    except OSError as error:
        raise LibraryError(explain(error, file)) from error
    except (KeyError, ValueError, *_BROKEN) as error:
        raise LibraryError(
            "{file} is no backup by hairtrack, or is damaged.", file=file
        ) from error
    _check_manifest(manifest, file)
    return dict(manifest)


def _check_manifest(manifest: Any, file: Path) -> None:
    if not isinstance(manifest, dict) or manifest.get("kind") != KIND:
        raise LibraryError("{file} is no backup by hairtrack.", file=file)
    if not isinstance(version := manifest.get("version"), int) or version > VERSION:
        raise LibraryError(
            "The backup {file} was made by a newer hairtrack (version "
            "{version}, this program knows {version2}); update hairtrack.",
            file=file,
            version=version,
            version2=VERSION,
        )
    names = manifest["files"]
    if CATALOG not in names or not all(_NAME.fullmatch(name) for name in names):
        raise LibraryError(
            "The backup {file} is damaged: its list of files is not right.", file=file
        )


def _check_empty(folder: Path) -> None:
    if folder.exists() and not folder.is_dir():
        raise LibraryError("{folder} is a file, not a folder for a library.", folder=folder)
    inside = [entry.name for entry in folder.iterdir()] if folder.is_dir() else []
    if any(not name.startswith(("lost+found", _WORKPLACE)) for name in inside):
        raise LibraryError(
            "The folder {folder} is not empty; choose an empty or a new folder.",
            folder=folder,
        )


@contextmanager
def _workplace(folder: Path, *, left_after: float = _LEFT_AFTER) -> Iterator[Path]:
    """Give an empty private folder inside `folder`, which is gone afterwards.

    Those of killed runs go too, once they are `left_after` seconds old.
    """
    with plain_errors(folder):
        for left in folder.glob(f"{_WORKPLACE}*"):
            if time.time() - left.stat().st_mtime >= left_after:
                shutil.rmtree(left, ignore_errors=True)
        place = Path(tempfile.mkdtemp(prefix=_WORKPLACE, dir=folder))
        try:
            yield place
        finally:
            shutil.rmtree(place, ignore_errors=True)


@contextmanager
def _zip_writer(place: Path) -> Iterator[Write]:
    place.touch(PRIVATE_FILE)
    with place.open("wb") as file:
        with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as archive:
            yield archive.writestr
        file.flush()
        sync_file(file.fileno())


# ---- export ---------------------------------------------------------------------------

Rows = dict[str, list[dict[str, Any]]]

SUFFIXES = {"JPEG": ".jpg", "PNG": ".png", "WebP": ".webp", "HEIC": ".heic"}


def export(
    library: Library,
    subject: str,
    out: Path,
    *,
    on_progress: batch.Progress | None = None,
) -> Archived:
    """Write everything about one subject: photographs, tables, JSON and a README.

    Parameters
    ----------
    out : Path
        New or empty folder, or a new file whose name ends in ``.zip``.

    Raises
    ------
    LibraryError
        There is no such subject, or the place is taken or cannot be written.
    """
    from hairtrack.report import export as tables

    out = Path(out)
    rows = _only_own(subject_rows(library.catalog, subject))
    if not rows["subjects"]:
        raise LibraryError(
            "There is no subject {subject} in this library.", subject=subject
        )
    photos = library.catalog.photos(subject=subject, deleted=None)
    with _open_output(out) as write:
        files, lost = _write_photos(library, photos, write, on_progress)
        write("photographs.csv", tables.write_photo_table(photos, files))
        write("visible_scalp.csv", tables.write_value_table(rows, files))
        write("everything.json", _everything(rows, subject, lost))
        write("README.txt", tables.write_readme(subject, lost))
    return Archived(path=out, photos=len(files), lost=tuple(lost))


def _write_photos(
    library: Library,
    photos: Iterable[Photo],
    write: Write,
    on_progress: batch.Progress | None,
) -> tuple[dict[str, str], list[str]]:
    """Write the photographs; return digest -> name of its file, and what is lost."""
    from hairtrack.imaging import codec

    files: dict[str, str] = {}
    lost: list[str] = []
    total = len(every := list(photos))
    for done, photo in enumerate(every, start=1):
        try:
            data = library.originals.get(photo.digest)
        except (PhotoMissing, PhotoDamaged):
            lost.append(photo.digest)
        else:
            suffix = SUFFIXES[codec.probe(data).format]
            same = [
                p for p in every[:done] if (p.visit, p.view) == (photo.visit, photo.view)
            ]
            name = f"{photo.visit}_{photo.view}_{len(same)}_{photo.digest[:8]}{suffix}"
            files[photo.digest] = f"photographs/{name}"
            write(files[photo.digest], data)
        if on_progress:
            on_progress(done, total)
    return files, lost


def _only_own(rows: Rows) -> Rows:
    """Leave out results of photographs that now belong to another subject."""
    photos = {row["digest"] for row in rows["photos"]}
    results = [row for row in rows["measurements"] if row["photo"] in photos]
    return rows | {"measurements": results}


def _everything(rows: Rows, subject: str, lost: list[str]) -> bytes:
    document = {
        "subject": subject,
        "exported_at": dt.datetime.now(dt.UTC).isoformat(timespec="seconds"),
        "hairtrack": hairtrack.__version__,
        "lost_photographs": lost,
        "tables": rows,
    }
    return json.dumps(document, indent=1, ensure_ascii=False).encode()


@contextmanager
def _open_output(out: Path) -> Iterator[Write]:
    """Give a way to write files into a folder or an archive, named when it is whole."""
    if out.is_file() or (out.is_dir() and (out.suffix == ".zip" or any(out.iterdir()))):
        raise LibraryError(
            "There is something at {out} already; choose another place.", out=out
        )
    with plain_errors(out.parent):
        make_private_folder(out.parent)
    with _workplace(out.parent) as place:
        made = place / "made"
        with _zip_writer(made) if out.suffix == ".zip" else _folder_writer(made) as write:
            yield write
        made.replace(out)
        sync_folder(out.parent)


@contextmanager
def _folder_writer(place: Path) -> Iterator[Write]:
    make_private_folder(place / "photographs")
    yield lambda name, data: write_durably(place / name, data)
