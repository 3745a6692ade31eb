"""What a person offers for import: files, folders, and zip archives of photographs.

An archive is never extracted. Each member is read into memory, one at a time,
within limits that hold before anything is inflated; of its name only the last
part is looked at, and never used as a path.
"""

from __future__ import annotations

import io
import stat
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from hairtrack.errors import HairtrackError, PhotoTooLarge, UnreadablePhoto
from hairtrack.workflows.reading import (
    MAX_BYTES,
    PHOTO_SUFFIXES,
    find_photos,
    read_file,
)

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
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """One photograph that is offered.

    Attributes
    ----------
    name : str
        As a person knows it; only for showing.
    file_name : str
        Last part of its name; tells date and view.
    folder : str
        Name of the folder or archive it lies in; tells the view.
    read : callable
        Returns its content, or raises a `PhotoError`.
    """

    name: str
    file_name: str
    folder: str
    read: Callable[[], bytes]


@dataclass(frozen=True, slots=True, kw_only=True)
class Offered:
    """All that is offered, as long as the archives are open.

    Attributes
    ----------
    sources : tuple of Source
        Photographs, in order.
    refused : tuple of Refusal
        Archives that cannot be read.
    passed_over : int
        Other files in folders and archives. Hidden ones are not counted.
    """

    sources: tuple[Source, ...]
    refused: tuple[Refusal, ...]
    passed_over: int


class RefusedArchive(HairtrackError):
    """An archive that is not read, with one sentence."""


@contextmanager
def open_sources(paths: Iterable[Path | str]) -> Iterator[Offered]:
    """List the photographs in files, folders and zip archives; archives stay open.

    Parameters
    ----------
    paths : iterable of path
        Photographs, zip archives, and folders that are searched for both.

    Yields
    ------
    Offered
    """
    files, passed_over = find_photos(paths, suffixes=(*PHOTO_SUFFIXES, ARCHIVE_SUFFIX))
    sources: list[Source] = []
    refused: list[Refusal] = []
    with ExitStack() as stack:
        for path in files:
            if path.suffix.lower() != ARCHIVE_SUFFIX:
                sources.append(_from_file(path))
                continue
            try:
                found, others = _open_archive(path, stack)
            except RefusedArchive as error:
                refused.append(Refusal(photo=str(path), reason=str(error)))
                continue
            sources += found
            passed_over += others
        yield Offered(
            sources=tuple(sources), refused=tuple(refused), passed_over=passed_over
        )


class _BoundedFile(io.FileIO):
    """A file that is not read into memory at one go, whatever its headers say."""

    most = MAX_DIRECTORY_BYTES

    def read(self, size: int | None = -1, /) -> bytes:
        if size is not None and size > self.most:
            raise zipfile.BadZipFile("its table of contents is too long")
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
        file = stack.enter_context(_BoundedFile(path))
        archive = stack.enter_context(zipfile.ZipFile(file))
        file.most = 2 * MAX_BYTES
        size = path.stat().st_size
    return _list_members(archive, size=size, name=str(path), folder=path.stem)


def list_archive(data: bytes, *, name: str) -> tuple[list[Source], int]:
    """List the photographs in an archive that lies in memory.

    Parameters
    ----------
    data : bytes
        The archive.
    name : str
        Its name, for showing and for a view that it may tell.

    Returns
    -------
    sources : list of Source
        Each is inflated when it is read.
    passed_over : int
        Other files in it.

    Raises
    ------
    RefusedArchive
        It cannot be read, or is not honest about what is in it.
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
        raise RefusedArchive(f"The archive cannot be read: {said}.") from error


def _list_members(
    archive: zipfile.ZipFile, *, size: int, name: str, folder: str
) -> tuple[list[Source], int]:
    members = [info for info in archive.infolist() if not _is_hidden(info)]
    if len(members) > MAX_ENTRIES:
        raise RefusedArchive(
            f"The archive holds {len(members)} files; the limit is {MAX_ENTRIES}."
        )
    photos = [info for info in members if _base(info).lower().endswith(PHOTO_SUFFIXES)]
    _check_sizes(photos, size)
    found = [
        Source(
            name=f"{name}: {_base(info)}",
            file_name=_base(info),
            folder=folder,
            read=partial(_read_member, archive, info),
        )
        for info in photos
    ]
    return found, len(members) - len(photos)


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
    if info.file_size > MAX_BYTES:
        raise PhotoTooLarge(
            f"The file has {info.file_size / 1e6:.0f} MB; that is too much."
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
    """Tell folders, and what a Mac puts beside each file, from files."""
    parts = info.filename.replace("\\", "/").split("/")
    return info.is_dir() or "__MACOSX" in parts or parts[-1].startswith(".")


def _base(info: zipfile.ZipInfo) -> str:
    return info.filename.replace("\\", "/").rpartition("/")[2]
