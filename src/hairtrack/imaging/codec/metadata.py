"""The metadata that is kept: orientation, capture time, and the colours of a profile.

Pillow reads EXIF. EXIF and profiles are written here, byte for byte: the digest of the
kept bytes is the identity of a photograph, so it must not depend on a library's version.

References
----------
CIPA DC-008-2023, "Exchangeable image file format for digital still cameras".
ICC.1:2022, clauses 7.2 (header), 7.3 (tag table) and 9.2 (tags).
"""

from __future__ import annotations

import datetime as dt
import re
import struct
import warnings
from dataclasses import dataclass
from typing import Any

from PIL import ExifTags, Image

__all__ = [
    "EXIF_PREFIX",
    "MAX_PROFILE",
    "Metadata",
    "clean_profile",
    "read_exif",
    "write_exif",
]

EXIF_PREFIX = b"Exif\x00\x00"
"""Prefix of the TIFF structure in a JPEG segment."""

MAX_PROFILE = 4_000_000
"""Bytes of a colour profile: a camera's has 1 to 4 kB, a printer's up to 3 MB."""

_TIMES = (
    (ExifTags.Base.DateTimeOriginal, ExifTags.Base.OffsetTimeOriginal),
    (ExifTags.Base.DateTimeDigitized, ExifTags.Base.OffsetTimeDigitized),
)
_DATE = re.compile(r"(\d{4})[:-](\d\d)[:-](\d\d)[ T](\d\d):(\d\d):(\d\d)")
_OFFSET = re.compile(r"([+-])(\d\d):(\d\d)")

_MAX_EXIF = 1_000_000
"""Bytes of EXIF that are read. Phones write less than 100 kB; a JPEG holds 64 kB."""

_SHORT, _LONG, _ASCII = 3, 4, 2
"""Types of EXIF values."""

_PROFILE_HEADER, _PROFILE_ROW = 128, 12
_PROFILE_CLASSES = {b"scnr", b"mntr", b"prtr", b"spac"}
_COLOUR_SPACES = {b"RGB ", b"GRAY", b"CMYK"}
_COLOUR_TAGS = {b"wtpt", b"bkpt", b"chad", b"cicp", b"rXYZ", b"gXYZ", b"bXYZ"}
_COLOUR_TAGS |= {b"rTRC", b"gTRC", b"bTRC", b"kTRC", b"A2B0", b"A2B1", b"A2B2"}
_COLOUR_TAGS |= {b"B2A0", b"B2A1", b"B2A2"}
_MAX_TAGS = 100
_KEPT_HEADER = ((8, 24), (36, 40), (64, 80))
"""Version, class and colour spaces; signature; intent and illuminant."""

# A damaged EXIF is ignored, so Pillow need not warn of it.
warnings.filterwarnings("ignore", category=UserWarning, module=r"PIL\.TiffImagePlugin")


@dataclass(frozen=True, slots=True, kw_only=True)
class Metadata:
    """What is read from the EXIF of a photograph; see `codec.PhotoInfo`."""

    orientation: int = 1
    """1 to 8."""
    taken_at: dt.datetime | None = None
    camera: str = ""


def read_exif(blob: bytes) -> Metadata:
    """Return orientation, capture time and camera; what is damaged is ignored.

    The capture time is `DateTimeOriginal`, or else `DateTimeDigitized`; never
    `DateTime`, which editing programs change.
    """
    if blob.removeprefix(EXIF_PREFIX)[:4] not in (b"II*\x00", b"MM\x00*"):
        return Metadata()
    exif = Image.Exif()
    try:
        exif.load(blob[:_MAX_EXIF])
        inner = exif.get_ifd(ExifTags.IFD.Exif)
        orientation = exif.get(ExifTags.Base.Orientation)
        make, model = exif.get(ExifTags.Base.Make), exif.get(ExifTags.Base.Model)
    except Exception:  # a damaged EXIF makes Pillow raise errors of many kinds
        return Metadata()
    times = [_parse_time(inner.get(day), inner.get(zone)) for day, zone in _TIMES]
    if not (isinstance(orientation, int) and 1 <= orientation <= 8):
        orientation = 1
    return Metadata(
        orientation=orientation,
        taken_at=next((time for time in times if time), None),
        camera=_name_camera(_clean_text(make), _clean_text(model)),
    )


def write_exif(metadata: Metadata) -> bytes:
    """Return a TIFF structure with orientation and capture time only, b"" if neither."""
    inner: list[tuple[int, bytes]] = []
    if (taken := metadata.taken_at) is not None:
        day = f"{taken.year:04}:{taken.month:02}:{taken.day:02}"
        inner.append((_TIMES[0][0], f"{day} {taken:%H:%M:%S}\0".encode()))
        if (offset := taken.utcoffset()) is not None:
            inner.append((_TIMES[0][1], _format_offset(offset)))
    turned = metadata.orientation != 1
    if not turned and not inner:
        return b""
    count = turned + bool(inner)
    after = 8 + 2 + 12 * count + 4
    root = b""
    if turned:
        tag = ExifTags.Base.Orientation
        root += struct.pack(">HHIHH", tag, _SHORT, 1, metadata.orientation, 0)
    if inner:
        root += struct.pack(">HHII", ExifTags.IFD.Exif, _LONG, 1, after)
    head = b"MM\x00*" + struct.pack(">IH", 8, count) + root + bytes(4)
    return head + (_write_texts(inner, after) if inner else b"")


def clean_profile(profile: bytes) -> bytes:
    """Return a colour profile with its colours only, or b"" if it is not a usable one.

    Names, dates and serial numbers of screens are left out. The result is never longer
    than the profile, and cleaning it again changes nothing.
    """
    tags = _read_colour_tags(profile) if _is_profile(profile) else {}
    if not tags:
        return b""
    head = bytearray(_PROFILE_HEADER)
    for start, end in _KEPT_HEADER:
        head[start:end] = profile[start:end]
    rows, values = b"", b""
    offsets: dict[bytes, int] = {}
    first = _PROFILE_HEADER + 4 + _PROFILE_ROW * len(tags)
    for name, value in tags.items():  # channels often share one curve
        if value not in offsets:
            offsets[value] = first + len(values)
            values += value + bytes(-len(value) % 4)
        rows += name + struct.pack(">II", offsets[value], len(value))
    struct.pack_into(">I", head, 0, first + len(values))
    cleaned = bytes(head) + struct.pack(">I", len(tags)) + rows + values
    return cleaned if len(cleaned) <= len(profile) else b""


def _clean_text(value: Any) -> str:
    return value.split("\0")[0].strip() if isinstance(value, str) else ""


def _parse_time(date: Any, zone: Any) -> dt.datetime | None:
    found = _DATE.fullmatch(_clean_text(date))
    if found is None:
        return None
    try:
        year, month, day, hour, minute, second = (int(part) for part in found.groups())
        zoned = _parse_offset(_clean_text(zone))
        return dt.datetime(year, month, day, hour, minute, second, tzinfo=zoned)
    except ValueError:
        return None


def _parse_offset(zone: str) -> dt.timezone | None:
    if zone == "Z":
        return dt.UTC
    found = _OFFSET.fullmatch(zone)
    if found is None or int(found[2]) > 14 or int(found[3]) > 59:
        return None
    ahead = dt.timedelta(hours=int(found[2]), minutes=int(found[3]))
    return dt.timezone(-ahead if found[1] == "-" else ahead)


def _name_camera(maker: str, name: str) -> str:
    """Return "Apple iPhone 15", and "Canon EOS R6" rather than "Canon Canon EOS R6"."""
    if name.lower().startswith(maker.lower()):
        maker = ""
    text = f"{maker} {name}".strip()
    return "".join(c for c in text if c.isprintable())[:80]


def _format_offset(offset: dt.timedelta) -> bytes:
    minutes = round(offset.total_seconds() / 60)
    hours, rest = divmod(abs(minutes), 60)
    return f"{'-' if minutes < 0 else '+'}{hours:02}:{rest:02}\0".encode()


def _write_texts(entries: list[tuple[int, bytes]], start: int) -> bytes:
    """Return an IFD of texts that begins at `start`; each is longer than 4 bytes."""
    at = start + 2 + 12 * len(entries) + 4
    table = values = b""
    for tag, text in entries:
        table += struct.pack(">HHII", tag, _ASCII, len(text), at + len(values))
        values += text
    return struct.pack(">H", len(entries)) + table + bytes(4) + values


def _is_profile(profile: bytes) -> bool:
    return (
        _PROFILE_HEADER + 4 <= len(profile) <= MAX_PROFILE
        and profile[36:40] == b"acsp"
        and profile[12:16] in _PROFILE_CLASSES
        and profile[16:20] in _COLOUR_SPACES
        and struct.unpack_from(">I", profile, _PROFILE_HEADER)[0] <= _MAX_TAGS
    )


def _read_colour_tags(profile: bytes) -> dict[bytes, bytes]:
    """Return the tags that are kept; none at all if one of them is cut off."""
    tags: dict[bytes, bytes] = {}
    (count,) = struct.unpack_from(">I", profile, _PROFILE_HEADER)
    if _PROFILE_HEADER + 4 + _PROFILE_ROW * count > len(profile):
        return {}
    for i in range(count):
        row = _PROFILE_HEADER + 4 + _PROFILE_ROW * i
        name, start, size = struct.unpack_from(">4sII", profile, row)
        if name not in _COLOUR_TAGS:
            continue
        if start + size > len(profile):
            return {}
        tags.setdefault(name, profile[start : start + size])
    return tags
