"""Places on disk that a person types: one plain sentence for each that cannot be used."""

from __future__ import annotations

import os
import re
from pathlib import Path

from hairtrack.errors import LibraryError
from hairtrack.store.files import explain
from hairtrack.store.originals import LocalOriginals
from hairtrack.workflows.library import Library


def check_new(text: str, *, library: Path, empty_folder: bool = False) -> Path:
    """Return where something new may be written.

    Parameters
    ----------
    text : str
        As a person typed it; ``~`` is the home folder.
    library : Path
        Folder of the library, where nothing else may go.
    empty_folder : bool
        A folder that is there already will do if nothing is in it.

    Raises
    ------
    LibraryError
        It is no whole path, is taken, lies inside the library, or its folder is not
        there or cannot be written.
    """
    path = _read(text)
    try:
        free = empty_folder and path.is_dir() and not any(path.iterdir())
        if (path.exists() or path.is_symlink()) and not free:
            raise LibraryError(
                f"There is something at {path} already; choose another name."
            )
        if path.resolve().is_relative_to(library.resolve()):
            raise LibraryError(
                f"{path} lies inside the library; choose a folder outside of it."
            )
        if not path.parent.is_dir():
            raise LibraryError(f"There is no folder {path.parent}; make it first.")
    except OSError as error:
        raise LibraryError(explain(error, path)) from error
    if not os.access(path.parent, os.W_OK | os.X_OK):
        raise LibraryError(f"Nothing can be written in {path.parent}: it is protected.")
    return path


def check_file(text: str) -> Path:
    """Return a file that is there.

    Raises
    ------
    LibraryError
        It is no whole path, or no file is there.
    """
    path = _read(text)
    try:
        if path.is_file():
            return path
    except OSError as error:
        raise LibraryError(explain(error, path)) from error
    raise LibraryError(f"There is no file {path}.")


def check_folder(text: str) -> Path:
    """Return a folder that is there and can be looked into.

    Raises
    ------
    LibraryError
        It is no whole path, no folder, or protected.
    """
    path = _read(text)
    try:
        if not path.is_dir():
            raise LibraryError(f"There is no folder {path}.")
    except OSError as error:
        raise LibraryError(explain(error, path)) from error
    if not os.access(path, os.R_OK | os.X_OK):
        raise LibraryError(f"The folder {path} cannot be looked into: it is protected.")
    return path


def make_name(text: str) -> str:
    """Return a name of a person's choice as part of a file's name.

    Examples
    --------
    >>> make_name("Subject 2 / ../x")
    'Subject-2-x'
    """
    return re.sub(r"[^\w]+", "-", text).strip("-_")[:60] or "subject"


def measure_size(library: Library) -> int | None:
    """Return the bytes of all kept photographs; `None` where they are not on this disk."""
    originals = library.originals
    if not isinstance(originals, LocalOriginals):
        return None
    try:
        return sum(
            _size(originals.path(p.digest)) for p in library.catalog.photos(deleted=None)
        )
    except OSError as error:
        raise LibraryError(explain(error, originals.folder)) from error


def _size(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0


def _read(text: str) -> Path:
    text = text.strip()
    if not text:
        raise LibraryError("Type the place first.")
    if "\0" in text:
        raise LibraryError("This is no path.")
    try:
        path = Path(text).expanduser()
    except RuntimeError:
        raise LibraryError(f"There is no home folder behind {text}.") from None
    if not path.is_absolute():
        raise LibraryError(
            f"{text} is not a whole path: let it begin with {Path.home()}, for example."
        )
    return path
