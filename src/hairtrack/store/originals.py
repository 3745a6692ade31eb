"""The kept photographs, each under the SHA-256 of its bytes; one interface, many places.

::

    Originals                    put, get, names, delete, check_ready
    |-- LocalOriginals           a folder, written with fsync
    `-- RemoteOriginals          whatever fsspec reaches, such as S3

A photograph has its name only when all of it is kept and has been read back.
"""

from __future__ import annotations

import abc
import errno
import hashlib
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hairtrack.errors import HairtrackError, LibraryError, PhotoDamaged, PhotoMissing
from hairtrack.messages import Message
from hairtrack.records import Photo
from hairtrack.serialization import to_plain
from hairtrack.store.files import (
    PRIVATE_FILE,
    explain,
    is_digest,
    make_private_folder,
    sync_folder,
    write_durably,
)

MARKER = "hairtrack-originals"
"""Tells the photographs of a library from an empty mount point: its id and a version."""

VERSION = 1
"""Of the way photographs lie; a store of a higher one is refused."""

INCOMING = ".incoming"
"""Folder of files that are not whole yet."""

RECORD = ".json"
"""What the name of a record adds to that of its photograph."""

RECORDED = ("subject", "visit", "view", "taken_at", "taken_from")
"""Fields of a photograph that its record holds."""

PROBE = "hairtrack-probe"
"""Written to an object store and removed, to see that it can be written."""


def digest_of(data: bytes) -> str:
    """Return the identity of a photograph: the SHA-256 of its kept bytes, in hex."""
    return hashlib.sha256(data).hexdigest()


@dataclass(frozen=True)
class Originals(abc.ABC):
    """Photographs of one library, found by their digest; small, and may be pickled.

    Attributes
    ----------
    place : str
        Folder or URL. Holds ``ab/abcdef...`` for each photograph, its record
        ``ab/abcdef....json``, and a marker.
    library_id : str
        Library that the photographs belong to.
    """

    place: str
    library_id: str

    def put(self, data: bytes) -> str:
        """Keep `data` and return its digest once it is safely there.

        Bytes that are already there are not written again, unless the copy
        there is damaged: then it is replaced.

        Raises
        ------
        LibraryError
            The place is full, may only be read, or cannot be reached.
        """
        digest = digest_of(data)
        name = _name(digest)
        with self._plain_errors():
            if self._load_or_none(name) != data:
                self._save(name, data)
        return digest

    def get(self, digest: str) -> bytes:
        """Return the kept bytes.

        Raises
        ------
        PhotoMissing, PhotoDamaged
            The photograph is not there, or no longer what was kept.
        LibraryError
            The place cannot be reached.
        """
        name = _name(digest)
        with self._plain_errors():
            data = self._load_or_none(name)
            if data is None:
                self._check_marker()
        if data is None:
            raise PhotoMissing(
                "The photograph {digest} is missing from the library ({place}).",
                digest=digest[:12],
                place=self.place,
            )
        if digest_of(data) != digest:
            raise PhotoDamaged(
                "The photograph {digest} was damaged after it was kept ({place}); "
                "import it again to mend it.",
                digest=digest[:12],
                place=self.place,
            )
        return data

    def keep_record(self, photo: Photo) -> None:
        """Keep beside a photograph how it is filed, for `hairtrack salvage`.

        It is no part of what was promised: a full disk or a power cut may lose it.
        """
        plain = to_plain(photo)
        told = {name: plain[name] for name in RECORDED}
        name, data = _name(photo.digest) + RECORD, json.dumps(told).encode()
        with suppress(LibraryError), self._plain_errors():
            if self._load_or_none(name) != data:
                self._save(name, data)

    def record(self, digest: str) -> dict[str, Any]:
        """Return what `keep_record` kept of a photograph, empty if that is lost."""
        with self._plain_errors():
            data = self._load_or_none(_name(digest) + RECORD)
        try:
            told = json.loads(data or b"{}")
        except ValueError:
            return {}
        return told if isinstance(told, dict) and set(told) == set(RECORDED) else {}

    def names(self) -> Iterator[str]:
        """Yield the digest of each photograph, and where anything else lies, sorted.

        Raises
        ------
        LibraryError
            The place cannot be reached.
        """
        with self._plain_errors():
            self._check_marker()
            listed = sorted(self._list())
        there = set(listed)
        for name in listed:
            digest = name.rpartition("/")[2]
            if is_digest(digest) and name == _name(digest):
                yield digest
            elif name.endswith(RECORD) and name.removesuffix(RECORD) in there:
                continue  # its record
            elif name != MARKER and not name.startswith(f"{INCOMING}/"):
                yield name

    def delete(self, digest: str) -> None:
        """Remove a photograph and its record; one that is not there is no trouble.

        Raises
        ------
        LibraryError
            The place may only be read, or cannot be reached.
        """
        name = _name(digest)
        with self._plain_errors():
            self._check_marker()
            self._remove(name + RECORD)
            self._remove(name)

    def check_there(self) -> None:
        """Make sure that these are the photographs of this library.

        Raises
        ------
        LibraryError
            They are not there, such as on a disk that is not connected, belong
            to another library or were kept by a newer hairtrack.
        """
        with self._plain_errors():
            self._check_marker()

    def check_ready(self) -> None:
        """Make sure that these are the photographs of this library and can be added to.

        Raises
        ------
        LibraryError
            As `check_there`, or they can only be read.
        """
        with self._plain_errors():
            self._check_marker()
            self._check_writable()

    def create(self) -> None:
        """Make the place ready, or complete one that a crash left half made.

        Raises
        ------
        LibraryError
            It belongs to another library, or cannot be written.
        """
        with self._plain_errors():
            if self._load_or_none(MARKER) is None:
                self._save(MARKER, f"{self.library_id} {VERSION}".encode())
        self.check_ready()

    @abc.abstractmethod
    def clean(self) -> None:
        """Remove what writes cut short have left; nobody else may be writing.

        Raises
        ------
        LibraryError
            The place may only be read, or cannot be reached.
        """

    def _check_marker(self) -> None:
        found = self._load_or_none(MARKER)
        if found is None:
            raise LibraryError(
                "The photographs of this library are not at {place}: they were "
                "moved, or their disk is not connected.",
                place=self.place,
            )
        owner, _, version = found.decode("utf-8", "replace").partition(" ")
        if version.isdigit() and int(version) > VERSION:
            raise LibraryError(
                "The photographs at {place} were kept by a newer hairtrack "
                "(version {version}, this program knows {version2}); update "
                "hairtrack.",
                place=self.place,
                version=version,
                version2=VERSION,
            )
        if owner != self.library_id:
            raise LibraryError(
                "The photographs at {place} belong to another library.", place=self.place
            )

    def _load_or_none(self, name: str) -> bytes | None:
        try:
            return self._load(name)
        except FileNotFoundError:
            return None

    @contextmanager
    def _plain_errors(self) -> Iterator[None]:
        """Turn trouble with the disk into one plain sentence."""
        try:
            yield
        except OSError as error:
            raise LibraryError(explain(error, self.place)) from error

    @abc.abstractmethod
    def _load(self, name: str) -> bytes:
        """Return a file's content; `FileNotFoundError` if there is none."""

    @abc.abstractmethod
    def _save(self, name: str, data: bytes) -> None:
        """Keep a file, whole or not at all, and read it back, before returning."""

    @abc.abstractmethod
    def _remove(self, name: str) -> None:
        """Remove a file that may be there."""

    @abc.abstractmethod
    def _list(self) -> Iterator[str]:
        """Yield the path of every file, relative to the place, with ``/``."""

    @abc.abstractmethod
    def _check_writable(self) -> None:
        """Raise `OSError` if nothing can be added."""


class LocalOriginals(Originals):
    """A folder on a disk of this computer; only its owner may look inside."""

    @property
    def folder(self) -> Path:
        """The folder."""
        return Path(self.place)

    def path(self, digest: str) -> Path:
        """Return where the photograph with this digest lies, or would lie."""
        return self.folder / _name(digest)

    def clean(self) -> None:
        """Empty the folder of files that are not whole."""
        with self._plain_errors():
            for unfinished in (self.folder / INCOMING).glob("*"):
                unfinished.unlink(missing_ok=True)

    def _load(self, name: str) -> bytes:
        return (self.folder / name).read_bytes()

    def _save(self, name: str, data: bytes) -> None:
        path = self.folder / name
        if name != MARKER:
            self._check_marker()  # else a missing disk's mount point would be filled
        make_private_folder(path.parent)
        if name.endswith(RECORD):
            path.touch(PRIVATE_FILE)
            path.write_bytes(data)
            return
        make_private_folder(self.folder / INCOMING)
        write_durably(path, data, by=self.folder / INCOMING)
        if path.parent != self.folder:
            # The folder may be of a process that was killed before it synced its name.
            sync_folder(self.folder)

    def _remove(self, name: str) -> None:
        path = self.folder / name
        if path.exists():
            path.unlink()
            sync_folder(path.parent)

    def _list(self) -> Iterator[str]:
        for parent, _, files in os.walk(self.folder, onerror=_raise):
            inside = Path(parent).relative_to(self.folder)
            yield from ((inside / file).as_posix() for file in files)

    def _check_writable(self) -> None:
        if not os.access(self.folder, os.W_OK):
            raise PermissionError(errno.EACCES, "read-only")


class RemoteOriginals(Originals):
    """Photographs under a URL such as ``s3://bucket/photographs`` (extra `cloud`).

    An object store takes an object whole or not at all. Credentials come from where
    its own library looks for them (environment, configuration), never from the marker.

    References
    ----------
    https://filesystem-spec.readthedocs.io
    """

    def clean(self) -> None:
        """Do nothing: an object store keeps no half objects."""

    def _load(self, name: str) -> bytes:
        system, root = self._system()
        data: bytes = system.cat_file(f"{root}/{name}")
        return data

    def _save(self, name: str, data: bytes) -> None:
        system, root = self._system()
        path = f"{root}/{name}"
        try:
            system.pipe_file(path, data)
        except FileNotFoundError:
            system.makedirs(path.rpartition("/")[0], exist_ok=True)
            system.pipe_file(path, data)
        if system.cat_file(path) != data:
            raise OSError(
                errno.EIO, Message("it does not give back what was written to it")
            )

    def _remove(self, name: str) -> None:
        system, root = self._system()
        if system.exists(f"{root}/{name}"):
            system.rm_file(f"{root}/{name}")

    def _list(self) -> Iterator[str]:
        system, root = self._system()
        for path in system.find(root):
            name = str(path).removeprefix(f"{root}/")
            if name != PROBE:
                yield name

    def _check_writable(self) -> None:
        self._save(PROBE, b"")
        self._remove(PROBE)

    def _system(self) -> tuple[Any, str]:
        """Return the file system, which fsspec makes once, and the path in it."""
        try:
            from fsspec.core import url_to_fs

            system, root = url_to_fs(self.place, use_listings_cache=False)
        except ImportError as error:
            raise LibraryError(
                "Photographs at {place} need more than is installed ({error}); pip "
                "install 'hairtrack[cloud]'.",
                place=self.place,
                error=error,
            ) from error
        return system, str(root).rstrip("/")

    @contextmanager
    def _plain_errors(self) -> Iterator[None]:
        """Turn what any of the many libraries may raise into one plain sentence."""
        with super()._plain_errors():
            try:
                yield
            except (HairtrackError, OSError):
                raise
            except Exception as error:
                said = " ".join(str(error).split()) or type(error).__name__
                raise LibraryError(
                    "The photographs at {place} cannot be reached: {said}.",
                    place=self.place,
                    said=said,
                ) from error


def open_originals(place: Path | str, *, library_id: str) -> Originals:
    """Return the photographs at a folder or a URL; nothing is looked at yet.

    Examples
    --------
    >>> type(open_originals("s3://bucket/photographs", library_id="1")).__name__
    'RemoteOriginals'
    """
    if "://" in str(place):
        return RemoteOriginals(str(place), library_id)
    return LocalOriginals(str(place), library_id)


def _name(digest: str) -> str:
    if not is_digest(digest):
        raise ValueError(f"no digest of a photograph: {digest!r}")
    return f"{digest[:2]}/{digest}"


def _raise(error: OSError) -> None:
    raise error
