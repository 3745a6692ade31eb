"""What is known of a photograph before a pixel is decoded."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

from hairtrack.errors import PhotoTooLarge, PhotoTooSmall, UnreadablePhoto

__all__ = [
    "MAX_BYTES",
    "MAX_PIXELS",
    "MIN_SIDE",
    "Header",
    "Origin",
    "check_size",
    "cut_off",
    "damaged",
]

MAX_BYTES = 60_000_000
"""Largest file: the best phones write 5 to 15 MB, a 16-bit PNG of 12 MP about 60."""

MAX_PIXELS = 120_000_000
"""Largest picture: phones reach 108 MP; decoded, 120 MP are 360 MB."""

MIN_SIDE = 64
"""Smallest short side in px: below it a head is a few dozen pixels wide."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """The little that is kept of where a photograph comes from.

    Attributes
    ----------
    orientation : int
        EXIF orientation, 1 to 8.
    taken_at : datetime or None
        Capture time; time zone aware only if the camera wrote its offset.
    camera : str
        Make and model, never a serial number; "" if unknown.
    """

    orientation: int = 1
    taken_at: dt.datetime | None = None
    camera: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Header:
    """Facts of one photograph, read from its container.

    Attributes
    ----------
    format : str
        "JPEG", "PNG", "WebP" or "HEIC".
    width, height : int
        In px, as stored: before `origin.orientation` is applied.
    channels : int
        Colour channels: 1, 3, or 4 for CMYK.
    icc : bytes
        Colour profile; empty if there is none.
    origin : Origin
        Orientation, capture time and camera.
    """

    format: str
    width: int
    height: int
    channels: int = 3
    icc: bytes = b""
    origin: Origin = field(default_factory=Origin)

    @property
    def oriented_size(self) -> tuple[int, int]:
        """Width and height in px after the orientation has been applied."""
        if self.origin.orientation >= 5:
            return self.height, self.width
        return self.width, self.height


def cut_off() -> UnreadablePhoto:
    """Return the error for a file without its end."""
    return UnreadablePhoto("The photo is cut off: its end is missing. Copy it again.")


def damaged(how: str) -> UnreadablePhoto:
    """Return the error for a file that is whole but wrong."""
    return UnreadablePhoto(f"The photo is damaged: {how}. Copy it again.")


def check_size(width: int, height: int) -> None:
    """Refuse a picture with no, too few or too many pixels."""
    if width <= 0 or height <= 0:
        raise damaged("it has no size")
    if width * height > MAX_PIXELS:
        raise PhotoTooLarge(
            f"The photo has {width * height / 1e6:.0f} megapixels; "
            f"the limit is {MAX_PIXELS / 1e6:.0f}."
        )
    if min(width, height) < MIN_SIDE:
        raise PhotoTooSmall(
            f"The photo has only {width} x {height} pixels; "
            f"it needs at least {MIN_SIDE} on its short side."
        )
