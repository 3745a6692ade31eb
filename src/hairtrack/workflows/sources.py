"""What a person offers for import: files, folders, and zip archives of photographs.

An archive is never extracted. Each member is read into memory, one at a time,
within limits that hold before anything is inflated; of its name only the last
part is looked at, and never used as a path.
"""

from __future__ import annotations

import datetime as dt
import errno
import io
import os
import stat
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

from hairtrack import batch
from hairtrack.errors import (
    FolderError,
    HairtrackError,
    PhotoError,
    PhotoTooLarge,
    UnreadablePhoto,
)
from hairtrack.messages import Message
from hairtrack.store import digest_of
from hairtrack.workflows.library import Library, read_preferences, save_preferences

PHOTO_SUFFIXES = (
    *(".jpg", ".jpeg", ".jpe", ".jfif", ".png", ".webp", ".heic", ".heif", ".hif"),
    *(".avif", ".gif", ".bmp", ".tif", ".tiff", ".dng"),
)
"""Names of photographs in a folder; those that cannot be read are refused with a reason."""

MAX_BYTES = 64 * 1024 * 1024
"""Enough for the codec to see that a file is too large."""


ARCHIVE_SUFFIX = ".zip"
MAX_ENTRIES = 50_000
MAX_DIRECTORY_BYTES = 8 * 1024 * 1024
MAX_RATIO = 100
"""Inflated over deflated size; photographs hardly shrink, bombs do."""

_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_BROKEN = (
    *(zipfile.BadZipFile, zlib.error, struct.error, EOFError, OSError),
    *(NotImplementedError, RuntimeError, ValueError, OverflowError),
)
"""What reading a damaged or hostile archive raises."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """A photograph that was not taken or not measured, and why."""

    photo: str
    error: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """One photograph that is offered.

    Attributes
    ----------
    name : str
        As a person knows it; only for showing.
    file_name : str
        Last part of its name; may hold date and view.
    folder : str
        Name of its folder or archive; may hold the view.
    read : callable
        Returns its content, or raises a `PhotoError`.
    saved_on : datetime.date or None
        When the file was last written, if known.
    """

    name: str
    file_name: str
    folder: str
    read: Callable[[], bytes]
    saved_on: dt.date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Offered:
    """All that is offered, as long as the archives are open.

    Attributes
    ----------
    sources : tuple of Source
        Photographs, in order.
    refused : tuple of Refusal
        Archives and folders that cannot be read.
    skipped : int
        Other files in folders and archives. Hidden ones are not counted.
    """

    sources: tuple[Source, ...]
    refused: tuple[Refusal, ...]
    skipped: int


class RefusedArchive(HairtrackError):
    """An archive that is not read, with one sentence."""


@contextmanager
def open_sources(paths: Iterable[Path | str]) -> Iterator[Offered]:
    """List the photographs in files, folders and zip archives; archives stay open.

    Parameters
    ----------
    paths : iterable of path
        Photographs, zip archives, and folders that are searched for both.
    """
    refused: list[Refusal] = []
    files, skipped = _find_files(paths, refused)
    sources: list[Source] = []
    with ExitStack() as stack:
        for path in files:
            if path.suffix.lower() != ARCHIVE_SUFFIX:
                sources.append(_from_file(path))
                continue
            try:
                found, others = _open_archive(path, stack)
            except RefusedArchive as error:
                refused.append(Refusal(photo=str(path), error=error.message))
                continue
            sources += found
            skipped += others
        yield Offered(sources=tuple(sources), refused=tuple(refused), skipped=skipped)


def _find_files(
    paths: Iterable[Path | str], refused: list[Refusal]
) -> tuple[list[Path], int]:
    """Return each photograph and archive once, and how many other files there are.

    A path that does not exist stays in: reading it says so.
    """
    found: dict[Path, None] = {}
    skipped = 0
    for path in map(Path, paths):
        if not path.is_dir():
            found.setdefault(path)
            continue
        for file in _walk(path, refused):
            if file.suffix.lower() in (*PHOTO_SUFFIXES, ARCHIVE_SUFFIX):
                found.setdefault(file)
            else:
                skipped += 1
    return list(found), skipped


def read_file(path: Path) -> bytes:
    """Read a file that should be a photograph; a huge one only as far as its refusal.

    Raises
    ------
    UnreadablePhoto
        The file is not there, may not be read, or is a pipe, socket or device.
    """
    try:
        with open(path, "rb", opener=_open_regular) as file:
            return file.read(MAX_BYTES)
    except OSError as error:
        raise UnreadablePhoto(
            "The file cannot be read: {reason}.", reason=error.strerror or error
        ) from error


def _open_regular(path: str, flags: int) -> int:
    """Open a file without waiting for it; refuse a pipe or device, which may never end."""
    handle = os.open(path, flags | getattr(os, "O_NONBLOCK", 0))
    if not stat.S_ISREG(os.fstat(handle).st_mode):
        os.close(handle)
        raise OSError(errno.EINVAL, Message("it is a pipe, socket or device"))
    return handle


class _BoundedFile(io.FileIO):
    """A file that is not read into memory at one go, whatever its headers say."""

    most = MAX_DIRECTORY_BYTES

    def read(self, size: int | None = -1, /) -> bytes:
        if size is not None and size > self.most:
            raise zipfile.BadZipFile(Message("its table of contents is too long"))
        wanted = self.most if size is None or size < 0 else size
        return super().read(wanted) or b""


def _from_file(path: Path) -> Source:
    folder = path.absolute().parent.name
    return Source(
        name=str(path), file_name=path.name, folder=folder, read=partial(read_file, path)
    )


def _open_archive(path: Path, stack: ExitStack) -> tuple[list[Source], int]:
    """Return the photographs in an archive, and how many other files are in it."""
    with _plain_errors():
        file = stack.enter_context(_BoundedFile(path, opener=_open_regular))
        archive = stack.enter_context(zipfile.ZipFile(file))
        file.most = 2 * MAX_BYTES
        size = path.stat().st_size
    return _list_members(archive, size=size, name=str(path), folder=path.stem)


def list_archive(data: bytes, *, name: str) -> tuple[list[Source], int]:
    """List the photographs in an archive in memory.

    Parameters
    ----------
    name : str
        Its name, for display and for the view it may hold.

    Returns
    -------
    sources : list of Source
        Each is inflated when it is read.
    skipped : int
        Other files in it.

    Raises
    ------
    RefusedArchive
        It cannot be read, or gives wrong sizes of what is in it.
    """
    with _plain_errors():
        archive = zipfile.ZipFile(io.BytesIO(data))
    stem = name.rpartition("/")[2].removesuffix(ARCHIVE_SUFFIX)
    return _list_members(archive, size=len(data), name=name, folder=stem)


@contextmanager
def _plain_errors() -> Iterator[None]:
    try:
        yield
    except _BROKEN as error:
        said = error.strerror if isinstance(error, OSError) and error.strerror else error
        raise RefusedArchive("The archive cannot be read: {said}.", said=said) from error


def _list_members(
    archive: zipfile.ZipFile, *, size: int, name: str, folder: str
) -> tuple[list[Source], int]:
    members = [info for info in archive.infolist() if not _is_hidden(info)]
    if len(members) > MAX_ENTRIES:
        raise RefusedArchive(
            "The archive holds {members} files; the limit is {max_entries}.",
            members=len(members),
            max_entries=MAX_ENTRIES,
        )
    suffixes = (*PHOTO_SUFFIXES, ARCHIVE_SUFFIX)
    photos = [info for info in members if _base(info).lower().endswith(suffixes)]
    _check_sizes(photos, size)
    found = [
        Source(
            name=f"{name}: {_base(info)}",
            file_name=_base(info),
            folder=folder,
            read=partial(_read_member, archive, info),
            saved_on=_read_day(info),
        )
        for info in photos
    ]
    return found, len(members) - len(photos)


def _read_day(info: zipfile.ZipInfo) -> dt.date | None:
    try:
        return dt.date(*info.date_time[:3])
    except ValueError:
        return None


def _check_sizes(members: list[zipfile.ZipInfo], size: int) -> None:
    """Refuse an archive whose members lie over each other or would fill the memory."""
    if sum(info.compress_size for info in members) > size:
        raise RefusedArchive("The archive is not honest: its files lie over each other.")
    if sum(info.file_size for info in members) > MAX_RATIO * size:
        raise RefusedArchive("The archive is not honest: it swells more than photos can.")


def _read_member(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> bytes:
    """Inflate one member within its limits.

    Raises
    ------
    PhotoTooLarge, UnreadablePhoto
        It is too large, a link, locked, damaged or deflated in an unusual way.
    """
    if _base(info).lower().endswith(ARCHIVE_SUFFIX):
        raise UnreadablePhoto("An archive inside an archive is not read; unpack it first.")
    if info.file_size > MAX_BYTES:
        raise PhotoTooLarge(
            "The file has {file_size:.0f} MB; that is too much.",
            file_size=info.file_size / 1000000.0,
        )
    if info.file_size > MAX_RATIO * max(1, info.compress_size):
        raise PhotoTooLarge("The file swells more than a photo can; it is not unpacked.")
    if stat.S_ISLNK(info.external_attr >> 16):
        raise UnreadablePhoto("This is a link to another file, not a photo.")
    if info.flag_bits & 1:
        raise UnreadablePhoto("The archive is locked with a password; unpack it.")
    if info.compress_type not in _METHODS:
        raise UnreadablePhoto("The archive is packed in a way unknown here; unpack it.")
    try:
        with archive.open(info) as member:
            return member.read(info.file_size)
    except _BROKEN as error:
        raise UnreadablePhoto("The archive is damaged where this file lies.") from error


def _is_hidden(info: zipfile.ZipInfo) -> bool:
    """Return whether it is a folder, or what a Mac puts beside each file."""
    parts = info.filename.replace("\\", "/").split("/")
    return info.is_dir() or "__MACOSX" in parts or parts[-1].startswith(".")


def _base(info: zipfile.ZipInfo) -> str:
    return info.filename.replace("\\", "/").rpartition("/")[2]


FindDigest = Callable[[str, int, int], str]
"""Takes path, size and time of change (ns) of a file; may remember what it found."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewPhotos:
    """The photographs of a folder.

    Attributes
    ----------
    sources : mapping of str to Source
        Digest -> photograph that the library does not know, in order of their names.
    known : int
        Photographs that it knows.
    refused : tuple of Refusal
        Photographs that cannot be taken, and folders that cannot be read.
    skipped : int
        Other files. Hidden ones are not counted.
    linked : int
        Links to files that lie elsewhere; they are left alone.
    """

    sources: Mapping[str, Source] = field(default_factory=dict)
    known: int = 0
    refused: tuple[Refusal, ...] = ()
    skipped: int = 0
    linked: int = 0


def get_watch_folder(library: Library, subject: str) -> str:
    """Return the folder in which the photographs of a subject arrive; empty if none."""
    return read_preferences(library.folder).folders.get(subject, "")


def set_watch_folder(library: Library, subject: str, folder: str) -> Path:
    """Check a folder that a person typed, and keep it for this subject.

    Raises
    ------
    FolderError
        It is not there, no folder, or may not be read.
    LibraryError
        It cannot be kept.
    """
    path = check_folder(folder)
    kept = read_preferences(library.folder)
    if kept.folders.get(subject) != str(path):
        folders = {**kept.folders, subject: str(path)}
        save_preferences(library.folder, replace(kept, folders=folders))
    return path


def check_folder(folder: str) -> Path:
    """Return the folder that a person typed.

    Raises
    ------
    FolderError
        It is not there, no folder, or may not be read.
    """
    typed = folder.strip().strip("\"'")
    if not typed:
        raise FolderError("Type the folder in which new photographs arrive.")
    try:
        path = Path(typed).expanduser().absolute()
        with os.scandir(path):
            return path
    except FileNotFoundError:
        reason = Message(
            "There is no folder {typed} on this computer; look at how it is written.",
            typed=typed,
        )
    except NotADirectoryError:
        reason = Message("{typed} is a file, not a folder.", typed=typed)
    except PermissionError:
        reason = Message("The folder {typed} may not be read by this program.", typed=typed)
    except (OSError, ValueError, RuntimeError) as error:
        told = getattr(error, "strerror", None) or error
        reason = Message(
            "The folder {typed} cannot be read: {told}.", typed=typed, told=told
        )
    raise FolderError(reason)


def find_digest(path: str, size: int, changed_ns: int) -> str:
    """Return the digest that a photograph would have in the library.

    Raises
    ------
    PhotoError
        It cannot be taken.
    """
    from hairtrack.imaging import codec

    return digest_of(codec.strip(read_file(Path(path))))


def find_new_photos(
    library: Library,
    folder: Path,
    *,
    find_digest: FindDigest = find_digest,
    on_progress: batch.Progress | None = None,
) -> NewPhotos:
    """List the photographs below a folder that the library does not know.

    Parameters
    ----------
    folder : Path
        From `check_folder`; searched with its subfolders.

    Raises
    ------
    FolderError
        The folder is gone, or may not be read.
    """
    folder = check_folder(str(folder))
    refused: list[Refusal] = []
    files, skipped, linked = [], 0, 0
    for path in _walk(folder, refused):
        if path.suffix.lower() not in PHOTO_SUFFIXES:
            skipped += 1
        elif _lies_inside(folder, path):
            files.append(path)
        else:
            linked += 1
    known = {photo.digest for photo in library.catalog.photos(deleted=None)}
    sources: dict[str, Source] = {}
    kept = 0
    for number, path in enumerate(files):
        if on_progress:
            on_progress(number, len(files))
        name = str(path.relative_to(folder))
        try:
            said = path.stat()
            digest = find_digest(str(path), said.st_size, said.st_mtime_ns)
        except OSError as error:
            reason = Message("The file cannot be read: {reason}.", reason=error.strerror)
            refused.append(Refusal(photo=name, error=reason))
        except PhotoError as error:
            refused.append(Refusal(photo=name, error=error.message))
        else:
            kept += digest in known
            if digest not in known:
                source = replace(
                    _from_file(path),
                    name=name,
                    read=partial(_read_inside, folder, path),
                    saved_on=dt.date.fromtimestamp(said.st_mtime),
                )
                sources.setdefault(digest, source)
    return NewPhotos(
        sources=sources,
        known=kept,
        refused=tuple(refused),
        skipped=skipped,
        linked=linked,
    )


def _read_inside(folder: Path, path: Path) -> bytes:
    """Read a file that is still inside the folder."""
    if not _lies_inside(folder, path):
        raise UnreadablePhoto("This is a link to a file elsewhere, not a photo.")
    return read_file(path)


def _lies_inside(folder: Path, path: Path) -> bool:
    try:
        return path.resolve(strict=True).is_relative_to(folder.resolve())
    except (OSError, RuntimeError):
        return False


def _walk(folder: Path, refused: list[Refusal]) -> Iterator[Path]:
    """Yield the files below a folder in order; no hidden ones, no linked folders.

    Folders that cannot be read are added to `refused`.
    """

    def refuse(error: OSError) -> None:
        name = str(Path(error.filename).relative_to(folder))
        reason = Message("This folder cannot be read: {strerror}.", strerror=error.strerror)
        refused.append(Refusal(photo=name, error=reason))

    for parent, folders, files in os.walk(folder, onerror=refuse):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        yield from (Path(parent, f) for f in sorted(files) if not f.startswith("."))
