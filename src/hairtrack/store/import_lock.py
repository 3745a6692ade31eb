"""Who is taking photographs in, and what a process that was killed while at it has left.

Whoever takes photographs in shares a lock, which the system releases when a
process dies, and notes each digest before its bytes are kept. Whoever comes
when nobody else is there clears up: a noted photograph without a row was never
acknowledged. What nobody noted is left alone, whatever it is.
"""

from __future__ import annotations

import os
import uuid
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from hairtrack.errors import LibraryError
from hairtrack.store.files import PRIVATE_FILE, explain
from hairtrack.store.originals import is_digest

try:
    import fcntl
except ImportError:  # Windows: nothing is cleared up, `verify` names what was left
    fcntl = None  # type: ignore[assignment]

LOCK = "importing.lock"
JOURNALS = "importing-*.txt"

Note = Callable[[str], None]
"""Called with the digest of a photograph before its bytes are kept."""


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
    with _plain_errors(folder):
        lock = os.open(folder / LOCK, os.O_CREAT | os.O_RDWR, PRIVATE_FILE)
    try:
        if _lock_alone(lock):
            _clear_up(folder, clean)
        _lock_beside_others(lock)
        yield lambda digest: _note(journal, digest)
        journal.unlink(missing_ok=True)
    finally:
        os.close(lock)


def read_noted(folder: Path) -> set[str]:
    """Return the digests of photographs on their way in, or left on it by the dead."""
    with _plain_errors(folder):
        return _read(folder.glob(JOURNALS))


def _clear_up(folder: Path, clean: Callable[[set[str]], None]) -> None:
    with _plain_errors(folder):
        journals = list(folder.glob(JOURNALS))
        clean(_read(journals))
        for journal in journals:
            journal.unlink()


def _read(journals: Iterable[Path]) -> set[str]:
    noted: set[str] = set()
    for journal in journals:
        with suppress(FileNotFoundError):
            noted.update(journal.read_text(encoding="ascii", errors="replace").split())
    return {digest for digest in noted if is_digest(digest)}


def _note(journal: Path, digest: str) -> None:
    with _plain_errors(journal.parent):
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


def _lock_beside_others(lock: int) -> None:
    if fcntl is not None:
        fcntl.flock(lock, fcntl.LOCK_SH)


@contextmanager
def _plain_errors(folder: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise LibraryError(explain(error, folder)) from error
