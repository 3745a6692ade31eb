"""Header of a photograph, and the limits that it must keep before decoding."""

from __future__ import annotations

from dataclasses import dataclass, field

from hairtrack.errors import (
    PhotoTooLarge,
    PhotoTooSmall,
    UnreadablePhoto,
    UnsupportedFormat,
)
from hairtrack.imaging.codec.metadata import Metadata
from hairtrack.messages import Message

__all__ = [
    "MAX_BYTES",
    "MAX_PIECES",
    "MAX_PIXELS",
    "MIN_SIDE",
    "Header",
    "check_cost",
    "check_size",
    "cut_off",
    "damaged",
    "moving",
    "too_many_parts",
]

MAX_BYTES = 60_000_000
"""Largest file: the best phones write 5 to 15 MB, a 16-bit PNG of 12 MP about 60."""

MAX_PIXELS = 120_000_000
"""Largest picture: phones reach 108 MP; decoded, 120 MP are 360 MB."""

MAX_MEMORY = 420_000_000
"""Bytes that decoding may take: 120 MP of an ordinary JPEG, 52 MP of an HEIC."""

MAX_PIECES = 20_000
"""Parts of one file; libraries write a 60 MB PNG in about 7,300 of 8 kB."""

_MAX_RATIO = 3000
"""Pixel bytes for each coded byte, beyond the first 3 MB; deflate reaches 1032."""

_MAX_LARGE_RATIO = 100
"""The same beyond 48 MB (16 MP). Camera files have 5 to 30, and noise keeps them there."""

MIN_SIDE = 64
"""Smallest short side in px: below it a head is a few dozen pixels wide."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Header:
    """Facts of a photograph, read from its container.

    Attributes
    ----------
    format : str
        "JPEG", "PNG", "WebP" or "HEIC".
    width, height : int
        In px, as stored: before `metadata.orientation` is applied.
    channels : int
        Colour channels: 1, 3, or 4 for CMYK.
    coded : int
        Bytes of the coded picture itself.
    stored, working : float
        Bytes that a pixel takes as it is stored, and while it is decoded.
    stripped : bytes
        The same file with only tables, coded picture, colours, orientation and time.
    icc : bytes
        Colour profile; empty if there is none.
    metadata : Metadata
        Orientation, capture time and camera.
    """

    format: str
    width: int
    height: int
    coded: int
    working: float
    stripped: bytes
    stored: float = 3
    channels: int = 3
    icc: bytes = b""
    metadata: Metadata = field(default_factory=Metadata)

    @property
    def oriented_size(self) -> tuple[int, int]:
        """Width and height in px after the orientation has been applied."""
        if self.metadata.orientation >= 5:
            return self.height, self.width
        return self.width, self.height


def cut_off() -> UnreadablePhoto:
    """Return the error for a file without its end."""
    return UnreadablePhoto("The photo is cut off: its end is missing. Copy it again.")


def damaged(how: Message) -> UnreadablePhoto:
    """Return the error for a file that is whole but wrong."""
    return UnreadablePhoto("The photo is damaged: {how}. Copy it again.", how=how)


def too_many_parts() -> UnreadablePhoto:
    """Return the error for a file with too many parts to read."""
    return UnreadablePhoto("This file has far too many parts for a photo.")


def moving() -> UnsupportedFormat:
    """Return the error for an animation or a video."""
    return UnsupportedFormat("This is a moving picture; choose a still photograph.")


def check_size(width: int, height: int) -> None:
    """Refuse a picture with no, too few or too many pixels."""
    if width <= 0 or height <= 0:
        raise damaged(Message("it has no size"))
    if width * height > MAX_PIXELS:
        raise PhotoTooLarge(
            "The photo has {count:.0f} megapixels; the limit is {limit:.0f}.",
            count=width * height / 1e6,
            limit=MAX_PIXELS / 1e6,
        )
    if min(width, height) < MIN_SIDE:
        raise PhotoTooSmall(
            "The photo has only {width} x {height} pixels; it needs at least "
            "{least} on its short side.",
            width=width,
            height=height,
            least=MIN_SIDE,
        )


def check_cost(header: Header, *, drawn: bool = False) -> None:
    """Refuse a picture that takes too much memory, or has too little data for its size.

    `drawn` allows large plain areas, as in a picture that a person painted.
    """
    pixels = header.width * header.height
    if pixels * header.working > MAX_MEMORY:
        raise PhotoTooLarge(
            "Opening this photo would take {needed:.0f} MB of memory, more than "
            "{limit:.0f}: save it as an ordinary JPEG.",
            needed=pixels * header.working / 1e6,
            limit=MAX_MEMORY / 1e6,
        )
    most = 3e6 + _MAX_RATIO * header.coded
    if not drawn:
        most = min(most, 48e6 + _MAX_LARGE_RATIO * header.coded)
    if pixels * header.stored > most:
        raise UnreadablePhoto(
            "This file claims {count:.0f} megapixels but holds hardly any data: it "
            "is no photo.",
            count=pixels / 1e6,
        )
