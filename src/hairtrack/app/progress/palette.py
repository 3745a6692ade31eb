"""The colours of the progress chart: blue, orange and grey are told apart by any eye.

Lines have at least 3:1 on their ground and text 4.5:1; nothing is told by colour alone.
"""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Palette"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Palette:
    """Colours on a light or a dark page; grounds are drawn nearly transparent."""

    ground: str
    text: str
    quiet: str
    data: str
    noise: str
    early: str
    mark: str

    @staticmethod
    def of(*, dark: bool) -> Palette:
        """Return the colours for a page."""
        return _DARK if dark else _LIGHT


_LIGHT = Palette(
    ground="#ffffff",
    text="#0f1a22",
    quiet="#465560",
    data="#1f6fa8",
    noise="#5a6771",
    early="#c77700",
    mark="#3b4852",
)
_DARK = Palette(
    ground="#11171c",
    text="#e9eff3",
    quiet="#a9b7c0",
    data="#62b0e8",
    noise="#9aa8b2",
    early="#e0a050",
    mark="#c3ced6",
)
