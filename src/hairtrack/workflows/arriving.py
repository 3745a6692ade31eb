"""A folder on this computer in which photographs arrive, and what in it is new.

A phone's photographs come over a cable or a synced folder. The folder is named once for
each subject and remembered; what the library knows, deleted or not, is not offered again.
Nothing is changed in it, and no link leads out of it.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

from hairtrack import batch
from hairtrack.errors import FolderError, PhotoError, UnreadablePhoto
from hairtrack.store import digest_of
from hairtrack.workflows.library import Library
from hairtrack.workflows.preferences import keep_preferences, read_preferences
from hairtrack.workflows.reading import PHOTO_SUFFIXES, read_file
from hairtrack.workflows.sources import Refusal, Source

__all__ = ["Arrived", "check_folder", "find_new", "remember_folder", "remembered_folder"]

FindDigest = Callable[[str, int, int], str]
"""Takes path, size and time of change (ns) of a file; may remember what it found."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrived:
    """What lies in a folder.

    Attributes
    ----------
    sources : mapping of str to Source
        Digest -> photograph that the library does not know, in order of their names.
    known : int
        Photographs that it knows.
    refused : tuple of Refusal
        Photographs that cannot be taken, and folders that cannot be read.
    passed_over : int
        Other files. Hidden ones are not counted.
    linked : int
        Links to files that lie elsewhere; they are left alone.
    """

    sources: Mapping[str, Source] = field(default_factory=dict)
    known: int = 0
    refused: tuple[Refusal, ...] = ()
    passed_over: int = 0
    linked: int = 0


def remembered_folder(library: Library, subject: str) -> str:
    """Return the folder in which the photographs of a subject arrive; empty if none."""
    return read_preferences(library.folder).folders.get(subject, "")


def remember_folder(library: Library, subject: str, folder: str) -> Path:
    """Check a folder that a person typed, and keep it for this subject.

    Returns
    -------
    Path
        The folder.

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
        keep_preferences(library.folder, replace(kept, folders=folders))
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
        reason = f"There is no folder {typed} on this computer; look at how it is written."
    except NotADirectoryError:
        reason = f"{typed} is a file, not a folder."
    except PermissionError:
        reason = f"The folder {typed} may not be read by this program."
    except (OSError, ValueError, RuntimeError) as error:
        told = getattr(error, "strerror", None) or error
        reason = f"The folder {typed} cannot be read: {told}."
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


def find_new(
    library: Library,
    folder: Path,
    *,
    find_digest: FindDigest = find_digest,
    on_progress: batch.Progress | None = None,
) -> Arrived:
    """List the photographs below a folder that the library does not know.

    Parameters
    ----------
    library : Library
        Open library.
    folder : Path
        From `check_folder`; searched with its subfolders.
    find_digest : callable, optional
        Another way to the digest of a file, one that remembers.
    on_progress : callable, optional
        Called with (finished, all) as files are read.

    Returns
    -------
    Arrived

    Raises
    ------
    FolderError
        The folder is gone, or may not be read.
    """
    folder = check_folder(str(folder))
    refused: list[Refusal] = []
    files, passed_over, linked = _list_photos(folder, refused)
    known = {photo.digest for photo in library.catalog.photos(deleted=None)}
    sources: dict[str, Source] = {}
    kept = 0
    for number, path in enumerate(files):
        if on_progress:
            on_progress(number, len(files))
        try:
            said = path.stat()
            digest = find_digest(str(path), said.st_size, said.st_mtime_ns)
        except OSError as error:
            reason = f"The file cannot be read: {error.strerror}."
            refused.append(Refusal(photo=str(path.relative_to(folder)), reason=reason))
        except PhotoError as error:
            refused.append(Refusal(photo=str(path.relative_to(folder)), reason=str(error)))
        else:
            kept += digest in known
            if digest not in known:
                sources.setdefault(digest, _source(folder, path))
    return Arrived(
        sources=sources,
        known=kept,
        refused=tuple(refused),
        passed_over=passed_over,
        linked=linked,
    )


def _source(folder: Path, path: Path) -> Source:
    return Source(
        name=str(path.relative_to(folder)),
        file_name=path.name,
        folder=path.parent.name,
        read=partial(_read_inside, folder, path),
    )


def _read_inside(folder: Path, path: Path) -> bytes:
    """Read a file that lies in the folder now, too."""
    if not _lies_inside(folder, path):
        raise UnreadablePhoto("This is a link to a file elsewhere, not a photo.")
    return read_file(path)


def _lies_inside(folder: Path, path: Path) -> bool:
    try:
        return path.resolve(strict=True).is_relative_to(folder.resolve())
    except (OSError, RuntimeError):
        return False


def _list_photos(folder: Path, refused: list[Refusal]) -> tuple[list[Path], int, int]:
    """Return the photographs, and how many other files and links out of it there are."""

    def tell(error: OSError) -> None:
        name = str(Path(error.filename).relative_to(folder))
        reason = f"This folder cannot be read: {error.strerror}."
        refused.append(Refusal(photo=name, reason=reason))

    found: list[Path] = []
    passed_over = linked = 0
    for path in _walk(folder, tell):
        if path.suffix.lower() not in PHOTO_SUFFIXES:
            passed_over += 1
        elif _lies_inside(folder, path):
            found.append(path)
        else:
            linked += 1
    return found, passed_over, linked


def _walk(folder: Path, tell: Callable[[OSError], None]) -> Iterator[Path]:
    """Yield the files below a folder in order; no hidden ones, no linked folders."""
    for parent, folders, files in os.walk(folder, onerror=tell):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        yield from (Path(parent, f) for f in sorted(files) if not f.startswith("."))
