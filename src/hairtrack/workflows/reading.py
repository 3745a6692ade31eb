"""Files that a person names: which of them are photographs, and what is in them."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from hairtrack.errors import ColourMissing, UnreadablePhoto

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

PHOTO_SUFFIXES = (
    *(".jpg", ".jpeg", ".jpe", ".jfif", ".png", ".webp", ".heic", ".heif", ".hif"),
    *(".avif", ".gif", ".bmp", ".tif", ".tiff", ".dng"),
)
"""Names of photographs in a folder; those that cannot be read are refused aloud."""

MAX_BYTES = 64 * 1024 * 1024
"""Enough for the codec to see that a file is too large."""


def find_photos(
    paths: Iterable[Path | str], *, suffixes: Sequence[str] = PHOTO_SUFFIXES
) -> tuple[list[Path], int]:
    """List photographs: given files as they are, folders searched in sorted order.

    Parameters
    ----------
    paths : iterable of path
        Files and folders.
    suffixes : sequence of str
        How the names of what is wanted in a folder end.

    Returns
    -------
    photos : list of Path
        Each once. A path that does not exist stays in: reading it says so.
    skipped : int
        Number of other files in the folders. Hidden ones are not counted.
    """
    found: dict[Path, None] = {}
    skipped = 0
    for path in map(Path, paths):
        if not path.is_dir():
            found.setdefault(path)
            continue
        for file in _walk(path):
            if file.suffix.lower() in suffixes:
                found.setdefault(file)
            else:
                skipped += 1
    return list(found), skipped


def read_file(path: Path) -> bytes:
    """Read a file that should be a photograph; a huge one only as far as its refusal.

    Raises
    ------
    UnreadablePhoto
        The file is not there or may not be read.
    """
    try:
        with path.open("rb") as file:
            return file.read(MAX_BYTES)
    except OSError as error:
        reason = error.strerror or str(error)
        raise UnreadablePhoto(
            "The file cannot be read: {reason}.", reason=reason
        ) from error


def decode_colour(data: bytes) -> NDArray[np.uint8]:
    """Decode a photograph that is to be measured: sRGB (H, W, 3) uint8.

    Raises
    ------
    ColourMissing
        The photograph is grey.
    PhotoError
        It cannot be decoded.
    """
    from hairtrack.imaging import codec

    decoded = codec.read(data)
    if decoded.grey:
        raise ColourMissing(
            "The photo has no colour, so hair and skin cannot be told apart; "
            "take it again in colour."
        )
    return decoded.image


def _walk(folder: Path) -> Iterator[Path]:
    """Yield the files below a folder, sorted; no hidden ones, no linked folders."""
    for parent, folders, files in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        yield from _visible(Path(parent), sorted(files))


def _visible(parent: Path, names: Sequence[str]) -> Iterator[Path]:
    return (parent / name for name in names if not name.startswith("."))
