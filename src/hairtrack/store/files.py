"""Writing a file so that it is either wholly there or not there at all."""

from __future__ import annotations

import errno
import os
import tempfile
from pathlib import Path

from hairtrack.messages import Message

PRIVATE_FOLDER = 0o700
PRIVATE_FILE = 0o600

UNFINISHED = ".incoming-"
"""How the name of a file begins until all of it is on disk."""


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
