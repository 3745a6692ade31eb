"""What a person prefers on this computer: language, units, folders that are looked into.

They lie beside the catalogue, in ``preferences.json``, and move no number. A file that
is missing or damaged stands for the defaults: it holds nothing that cannot be chosen
again.
"""

from __future__ import annotations

import enum
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from hairtrack.errors import LibraryError
from hairtrack.store.files import explain, write_durably

__all__ = [
    "Preferences",
    "Units",
    "forget_subject",
    "keep_preferences",
    "read_preferences",
    "rename_in_preferences",
]

FILE = "preferences.json"


class Units(enum.StrEnum):
    """Units of lengths on the screen; what is kept is always metric."""

    METRIC = "metric"
    IMPERIAL = "imperial"


@dataclass(frozen=True, slots=True, kw_only=True)
class Preferences:
    """What a person prefers.

    Attributes
    ----------
    language : str
        Code of the language of the app; empty, it follows the browser.
    units : Units
        Of lengths on the screen.
    folders : mapping of str to str
        Subject -> folder in which the app looks for new photographs.
    """

    language: str = ""
    units: Units = Units.METRIC
    folders: Mapping[str, str] = field(default_factory=dict)


def read_preferences(library: Path) -> Preferences:
    """Return what is kept in the folder of a library, or the defaults."""
    try:
        said = json.loads((library / FILE).read_text(encoding="utf-8"))
        return _check(said)
    except (OSError, ValueError, TypeError, AttributeError):
        return Preferences()


def keep_preferences(library: Path, preferences: Preferences) -> None:
    """Keep preferences.

    Raises
    ------
    LibraryError
        The disk is full or protected.
    """
    path = library / FILE
    try:
        write_durably(path, json.dumps(asdict(preferences), indent=1).encode())
    except OSError as error:
        raise LibraryError(explain(error, path)) from error


def rename_in_preferences(library: Path, name: str, *, to: str) -> None:
    """Carry what is kept of a subject to the new name."""
    kept = read_preferences(library)
    if name in kept.folders:
        folders = {to if one == name else one: at for one, at in kept.folders.items()}
        keep_preferences(library, replace(kept, folders=folders))


def forget_subject(library: Path, name: str) -> None:
    """Drop what is kept of a subject."""
    kept = read_preferences(library)
    if name in kept.folders:
        folders = {one: at for one, at in kept.folders.items() if one != name}
        keep_preferences(library, replace(kept, folders=folders))


def _check(said: Mapping[str, Any]) -> Preferences:
    folders = said.get("folders", {})
    return Preferences(
        language=str(said.get("language", "")),
        units=Units(said.get("units", Units.METRIC)),
        folders={str(name): str(folder) for name, folder in folders.items()},
    )
