"""The folder of kept photographs; each lies under the SHA-256 of its bytes."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

from hairtrack.errors import LibraryError
from hairtrack.store.files import make_private_folder, sync_folder, write_durably

MARKER = "hairtrack-originals"
"""File that tells a mounted folder of originals from an empty mount point."""


def digest_of(data: bytes) -> str:
    """Return the identity of a photograph: the SHA-256 of its kept bytes, in hex."""
    return hashlib.sha256(data).hexdigest()


@dataclass(frozen=True)
class Originals:
    """Photographs on disk, found by their digest.

    Attributes
    ----------
    folder : Path
        Holds ``ab/abcdef...``, a file for each photograph, and a marker file.
    """

    folder: Path

    @classmethod
    def create(cls, folder: Path, *, library_id: str) -> Originals:
        """Make the folder, or complete one that a crash left half made.

        Raises
        ------
        LibraryError
            It is there already and belongs to another library.
        """
        if (folder / MARKER).exists():
            return cls.open(folder, library_id=library_id)
        make_private_folder(folder)
        write_durably(folder / MARKER, library_id.encode())
        return cls(folder)

    @classmethod
    def open(cls, folder: Path, *, library_id: str) -> Originals:
        """Return the existing folder of this very library.

        Raises
        ------
        LibraryError
            The folder is missing, not mounted, or belongs to another library.
        """
        try:
            found = (folder / MARKER).read_text(encoding="utf-8")
        except OSError:
            raise LibraryError(
                f"The photographs of this library are not at {folder}: the folder was "
                "moved, or its disk is not connected."
            ) from None
        if found != library_id:
            raise LibraryError(f"The photographs at {folder} belong to another library.")
        return cls(folder)

    def path(self, digest: str) -> Path:
        """Return where the photograph with this digest lies, or would lie."""
        return self.folder / digest[:2] / digest

    def put(self, data: bytes) -> str:
        """Keep `data` and return its digest once it is safely on disk.

        Bytes that are already there are not written again, unless the copy on
        disk is damaged: then it is replaced.
        """
        digest = digest_of(data)
        path = self.path(digest)
        if self._holds(path, digest):
            return digest
        make_private_folder(path.parent)
        write_durably(path, data)
        return digest

    def read(self, digest: str) -> bytes:
        """Return the kept bytes.

        Raises
        ------
        LibraryError
            The photograph is missing, or no longer what was kept.
        """
        return read_original(self.path(digest), digest=digest)

    def delete(self, digest: str) -> None:
        """Remove a photograph; one that is not there is no fault."""
        path = self.path(digest)
        path.unlink(missing_ok=True)
        if path.parent.is_dir():
            sync_folder(path.parent)

    @staticmethod
    def _holds(path: Path, digest: str) -> bool:
        return path.is_file() and digest_of(path.read_bytes()) == digest


def read_original(path: Path, *, digest: str) -> bytes:
    """Read one kept photograph and check it against its digest.

    Raises
    ------
    LibraryError
        The file is missing, or its bytes are no longer what was kept.
    """
    try:
        data = path.read_bytes()
    except OSError:
        raise LibraryError(
            f"The photograph {digest[:12]} is missing from the library ({path})."
        ) from None
    if digest_of(data) != digest:
        raise LibraryError(
            f"The photograph {digest[:12]} was damaged on disk after it was kept ({path}); "
            "import it again to mend it."
        )
    return data
