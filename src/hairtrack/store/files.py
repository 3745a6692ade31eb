"""Files that are written whole or not at all, and the lock of those who import.

Whoever takes photographs in shares a lock, which the system releases when a process dies,
and notes each digest before its bytes are kept. Whoever comes when nobody else is there
clears up: a noted photograph without a row was never acknowledged. What nobody noted is
left alone, whatever it is.
"""

from __future__ import annotations

import errno
import os
import re
import tempfile
import uuid
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from hairtrack.errors import LibraryError
from hairtrack.messages import Message

try:
    import fcntl
except ImportError:  # Windows: nothing is cleared up, `verify` names what was left
    fcntl = None  # type: ignore[assignment]

PRIVATE_FOLDER = 0o700
PRIVATE_FILE = 0o600

UNFINISHED = ".incoming-"
"""How the name of a file begins until all of it is on disk."""

LOCK = "importing.lock"
JOURNALS = "importing-*.txt"

Note = Callable[[str], None]
"""Called with the digest of a photograph before its bytes are kept."""

_DIGEST = re.compile(r"[0-9a-f]{64}")


def is_digest(name: str) -> bool:
    """Tell the name of a kept photograph from that of anything else."""
    return _DIGEST.fullmatch(name) is not None


def make_private_folder(folder: Path) -> None:
    """Make `folder` and its missing parents; only its owner may look inside.

    The entry of each new folder is on disk when this returns.
    """
    if folder.is_dir():
        return
    make_private_folder(folder.parent)
    folder.mkdir(mode=PRIVATE_FOLDER, exist_ok=True)
    sync_folder(folder.parent)


def write_durably(path: Path, data: bytes, *, by: Path | None = None) -> None:
    """Write `data` to `path`: temporary file, fsync, read back, rename, fsync of folder.

    After a crash at any point `path` holds its old content or the new, whole.

    Parameters
    ----------
    path : Path
        Target; its folder must exist. An existing file is replaced.
    data : bytes
        Content.
    by : Path, optional
        Folder of the temporary file, on the same disk; by default that of `path`.

    Raises
    ------
    OSError
        The disk refuses, or does not give back what was written; nothing was
        changed.
    """
    handle, name = tempfile.mkstemp(dir=by or path.parent, prefix=UNFINISHED)
    temporary = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            sync_file(file.fileno())
        temporary.chmod(PRIVATE_FILE)
        _read_back(temporary, data)
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    sync_folder(path.parent)


def sync_file(handle: int) -> None:
    """Wait until the content of an open file is on disk, and let the next read go there."""
    os.fsync(handle)
    if hasattr(os, "posix_fadvise"):
        os.posix_fadvise(handle, 0, 0, os.POSIX_FADV_DONTNEED)


def sync_folder(folder: Path) -> None:
    """Wait until the names in `folder` are on disk (Windows has no such call)."""
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def explain(error: OSError, place: Path | str) -> str:
    """Return one plain sentence for trouble with a disk."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return Message(
            "The disk of {place} is full; make room and run the same command again.",
            place=place,
        )
    if error.errno in (errno.EROFS, errno.EACCES, errno.EPERM):
        return Message(
            "{place} can only be read: its disk or folder is protected from writing.",
            place=place,
        )
    return Message(
        "{place} cannot be used: {value}.", place=place, value=error.strerror or error
    )


def _read_back(path: Path, data: bytes) -> None:
    if path.read_bytes() != data:
        raise OSError(
            errno.EIO, Message("the disk does not give back what was written to it")
        )


@contextmanager
def plain_errors(place: Path | str) -> Iterator[None]:
    """Turn trouble with a disk into one plain sentence."""
    try:
        yield
    except OSError as error:
        raise LibraryError(explain(error, place)) from error


@contextmanager
def import_lock(folder: Path, *, clean: Callable[[set[str]], None]) -> Iterator[Note]:
    """Take photographs in, beside others who may do the same.

    Parameters
    ----------
    folder : Path
        The library.
    clean : callable
        Called with the digests that others noted before they died, while nobody
        else takes anything in.

    Yields
    ------
    callable
        To be called with each digest before its bytes are kept.

    Raises
    ------
    LibraryError
        The folder cannot be written.
    """
    journal = folder / JOURNALS.replace("*", uuid.uuid4().hex)
    with _open_lock(folder, os.O_CREAT | os.O_RDWR) as lock:
        if _lock_alone(lock):
            _clear_up(folder, clean)
        if fcntl is not None:
            fcntl.flock(lock, fcntl.LOCK_SH)
        yield lambda digest: _note(journal, digest)
        journal.unlink(missing_ok=True)


def clear_up(folder: Path, *, clean: Callable[[set[str]], None]) -> bool:
    """Clear up what killed imports left; return False while an import is running."""
    with _open_lock(folder, os.O_CREAT | os.O_RDWR) as lock:
        alone = _lock_alone(lock)
        if alone:
            _clear_up(folder, clean)
    return alone


def read_noted(folder: Path) -> tuple[set[str], set[str]]:
    """Return the photographs on their way in, and those that killed imports left."""
    noted = _read(folder.glob(JOURNALS))
    if not noted:
        return set(), set()
    try:
        with _open_lock(folder, os.O_RDONLY) as lock:
            alone = _lock_alone(lock)
    except LibraryError:
        alone = True
    return (set(), noted) if alone else (noted, set())


@contextmanager
def _open_lock(folder: Path, flags: int) -> Iterator[int]:
    with plain_errors(folder):
        lock = os.open(folder / LOCK, flags, PRIVATE_FILE)
    try:
        yield lock
    finally:
        os.close(lock)


def _clear_up(folder: Path, clean: Callable[[set[str]], None]) -> None:
    with plain_errors(folder):
        journals = list(folder.glob(JOURNALS))
        clean(_read(journals))
        for journal in journals:
            journal.unlink()


def _read(journals: Iterable[Path]) -> set[str]:
    noted: set[str] = set()
    for journal in journals:
        with suppress(OSError):
            noted.update(journal.read_text(encoding="ascii", errors="replace").split())
    return {digest for digest in noted if is_digest(digest)}


def _note(journal: Path, digest: str) -> None:
    with plain_errors(journal.parent):
        handle = os.open(journal, os.O_CREAT | os.O_APPEND | os.O_WRONLY, PRIVATE_FILE)
        try:
            os.write(handle, f"{digest}\n".encode())
        finally:
            os.close(handle)


def _lock_alone(lock: int) -> bool:
    """Lock out everybody else, or return False because somebody is there."""
    if fcntl is None:
        return False
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
