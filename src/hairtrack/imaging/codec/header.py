"""What is known of a photograph before a pixel is decoded."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

from hairtrack.errors import PhotoTooLarge, PhotoTooSmall, UnreadablePhoto

__all__ = [
    "MAX_BYTES",
    "MAX_PIECES",
    "MAX_PIXELS",
    "MAX_PROFILE",
    "MIN_SIDE",
    "Header",
    "Origin",
    "check_cost",
    "check_size",
    "cut_off",
    "damaged",
    "too_many",
]

MAX_BYTES = 60_000_000
"""Largest file: the best phones write 5 to 15 MB, a 16-bit PNG of 12 MP about 60."""

MAX_PIXELS = 120_000_000
"""Largest picture: phones reach 108 MP; decoded, 120 MP are 360 MB."""

MAX_MEMORY = 420_000_000
"""Bytes that decoding may take: 120 MP of an ordinary JPEG, 52 MP of an HEIC."""

MAX_PIECES = 20_000
"""Parts of one file; libraries write a 60 MB PNG in about 7,300 of 8 kB."""

MAX_PROFILE = 4_000_000
"""A colour profile of a camera has 1 to 4 kB, a printer's up to 3 MB."""

_MAX_RATIO = 3000
"""Pixel bytes for each coded byte, beyond the first 3 MB; deflate reaches 1032."""

_MAX_LARGE_RATIO = 100
"""The same beyond 48 MB (16 MP). Camera files have 5 to 30, and noise keeps them there."""

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
    coded : int
        Bytes of the coded picture itself.
    stored, working : float
        Bytes that a pixel takes as it is stored, and while it is decoded.
    icc : bytes
        Colour profile; empty if there is none.
    origin : Origin
        Orientation, capture time and camera.
    """

    format: str
    width: int
    height: int
    coded: int
    working: float
    stored: float = 3
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


def too_many(what: str) -> UnreadablePhoto:
    """Return the error for a file that is made to keep a reader busy."""
    return UnreadablePhoto(f"This file has far too many {what} for a photo.")


def check_cost(header: Header, *, drawn: bool = False) -> None:
    """Refuse a picture that takes too much memory, or has too little data for its size.

    `drawn` allows large plain areas, as in a picture that a person painted.
    """
    pixels = header.width * header.height
    if pixels * header.working > MAX_MEMORY:
        raise PhotoTooLarge(
            f"Opening this photo would take {pixels * header.working / 1e6:.0f} MB of "
            f"memory, more than {MAX_MEMORY / 1e6:.0f}: save it as an ordinary JPEG."
        )
    raw = pixels * header.stored
    most = 3e6 + _MAX_RATIO * header.coded
    if not drawn:
        most = min(most, 48e6 + _MAX_LARGE_RATIO * header.coded)
    if raw > most:
        raise UnreadablePhoto(
            f"This file claims {pixels / 1e6:.0f} megapixels but holds hardly any data: "
            "it is no photo."
        )


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
