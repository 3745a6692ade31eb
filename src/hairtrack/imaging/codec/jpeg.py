"""JPEG: header facts, and lossless removal of private segments.

References
----------
ITU-T T.81 (the segments), ITU-T T.871 (JFIF), ICC.1:2022 annex B.4 (the profile).
"""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator
from typing import NamedTuple

from hairtrack.errors import PhotoTooLarge, UnsupportedFormat
from hairtrack.imaging.codec.header import (
    MAX_PIECES,
    Header,
    cut_off,
    damaged,
    too_many_parts,
)
from hairtrack.imaging.codec.metadata import (
    EXIF_PREFIX,
    Metadata,
    clean_profile,
    read_exif,
    write_exif,
)
from hairtrack.messages import Message

__all__ = ["parse", "replace_metadata"]

_SOI, _EOI, _SOS = 0xD8, 0xD9, 0xDA
_APP0, _APP1, _APP2, _APP14 = 0xE0, 0xE1, 0xE2, 0xEE
_FRAMES = {*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC}
_ORDINARY, _PROGRESSIVE = {0xC0, 0xC1, 0xC2}, 0xC2
"""Frames of Huffman codes. The others (lossless, arithmetic) no camera writes."""

_TABLES = {0xC4, 0xCC, 0xDB, 0xDC, 0xDD}
"""Huffman and arithmetic tables, quantisation, number of lines, restart interval."""

_MARKER = re.compile(rb"\xff[^\x00\x01\xff\xd0-\xd7]")
"""A marker that ends coded data; not a stuffed 0xFF byte, filling or a restart."""

_ICC = b"ICC_PROFILE\x00"
_LONGEST = 65_535 - 2 - len(_ICC) - 2
"""Bytes of a profile that one segment holds."""

_MAX_SCANS = 100
"""A progressive photo has about 10 scans; thousands are made to stop a decoder."""

_MAX_SCANNED = 500_000_000
"""Pixels times scans: 10 scans of 50 MP take a second or two."""


class _Segment(NamedTuple):
    marker: int
    body: bytes
    """After the two bytes of length."""
    coded: bytes
    """Coded data that follows a start of scan."""


def parse(data: bytes) -> Header:
    """Return the header of a JPEG that is complete to its end of image."""
    segments = list(_split(data))
    frames = [s for s in segments if s.marker in _FRAMES]
    if len(frames) != 1 or len(frames[0].body) < 6 or segments[-1].marker != _SOS:
        raise damaged(Message("this JPEG holds no single picture"))
    frame = frames[0]
    precision, height, width, channels = struct.unpack_from(">BHHB", frame.body)
    usual = frame.marker in _ORDINARY and precision == 8 and channels in (1, 3, 4)
    if not usual or len(frame.body) != 6 + 3 * channels:
        raise UnsupportedFormat("This is a rare kind of JPEG; save it as an ordinary one.")
    scans = sum(s.marker == _SOS for s in segments)
    if scans > _MAX_SCANS:
        raise damaged(Message("this JPEG has far too many scans"))
    if scans > 1 and scans * width * height > _MAX_SCANNED:
        raise PhotoTooLarge(
            "This JPEG is progressive: {count:.0f} megapixels in {scans} scans take too "
            "long to open. Save it as an ordinary (baseline) JPEG.",
            count=width * height / 1e6,
            scans=scans,
        )
    whole = scans > 1 or frame.marker == _PROGRESSIVE
    metadata = _read_metadata(segments)
    return Header(
        format="JPEG",
        width=width,
        height=height,
        coded=sum(len(s.coded) for s in segments),
        working=(10 if channels == 4 else 3) + whole * _measure_coefficients(frame.body),
        channels=channels,
        icc=_join_profile(segments),
        metadata=metadata,
        stripped=_assemble(segments, metadata),
    )


def replace_metadata(data: bytes, metadata: Metadata) -> bytes:
    """Return the same coded picture with another orientation and capture time."""
    return _assemble(list(_split(data)), metadata)


def _assemble(segments: list[_Segment], metadata: Metadata) -> bytes:
    """Write known segments in the usual order; the rest stays behind."""
    parts = [b"\xff\xd8"]
    parts += [_wrap(_APP0, s.body[:12] + b"\0\0") for s in segments if _is_jfif(s)][:1]
    if blob := write_exif(metadata):
        parts.append(_wrap(_APP1, EXIF_PREFIX + blob))
    parts += _split_profile(_join_profile(segments))
    parts += [_wrap(_APP14, s.body[:12]) for s in segments if _is_adobe(s)][:1]
    for segment in segments:
        if segment.marker in _TABLES or segment.marker in _FRAMES:
            parts.append(_wrap(segment.marker, segment.body))
        elif segment.marker == _SOS:
            parts += [_wrap(_SOS, segment.body), segment.coded]
    return b"".join([*parts, b"\xff\xd9"])


def _split(data: bytes) -> Iterator[_Segment]:
    """Yield the segments between start and end of the first image; the rest is ignored."""
    at = 2
    for _ in range(MAX_PIECES):
        at, marker = _find_marker(data, at)
        if marker == _EOI:
            return
        size = int.from_bytes(data[at : at + 2])
        if size < 2 or at + size > len(data):
            raise cut_off()
        body, at = data[at + 2 : at + size], at + size
        coded = b""
        if marker == _SOS:
            end = _find_marker(data, at)[0] - 2
            coded, at = data[at:end], end
        yield _Segment(marker, body, coded)
    raise too_many_parts()


def _measure_coefficients(frame: bytes) -> float:
    """Return the bytes that a pixel takes if all coefficients are kept at once."""
    factors = [(frame[i] >> 4, frame[i] & 15) for i in range(7, len(frame), 3)]
    across = max(h for h, _ in factors) or 1
    down = max(v for _, v in factors) or 1
    return 2 * sum(h * v for h, v in factors) / (across * down)


def _find_marker(data: bytes, at: int) -> tuple[int, int]:
    """Return where the next marker ends, and the marker."""
    found = _MARKER.search(data, at)
    if found is None:
        raise cut_off()
    return found.end(), data[found.end() - 1]


def _wrap(marker: int, body: bytes) -> bytes:
    return struct.pack(">BBH", 0xFF, marker, len(body) + 2) + body


def _is_jfif(segment: _Segment) -> bool:
    return (
        segment.marker == _APP0
        and segment.body.startswith(b"JFIF\0")
        and len(segment.body) >= 14
    )


def _is_adobe(segment: _Segment) -> bool:
    return (
        segment.marker == _APP14
        and segment.body.startswith(b"Adobe")
        and len(segment.body) >= 12
    )


def _is_profile(segment: _Segment) -> bool:
    return segment.marker == _APP2 and segment.body.startswith(_ICC)


def _join_profile(segments: list[_Segment]) -> bytes:
    """Return the cleaned colour profile, whose pieces carry their number."""
    pieces = [s.body[len(_ICC) :] for s in segments if _is_profile(s)]
    profile = b"".join(piece[2:] for piece in sorted(pieces, key=lambda piece: piece[:1]))
    return clean_profile(profile)


def _split_profile(profile: bytes) -> list[bytes]:
    """Return the segments of a colour profile; none of an empty one."""
    pieces = [profile[i : i + _LONGEST] for i in range(0, len(profile), _LONGEST)]
    return [
        _wrap(_APP2, _ICC + bytes([number, len(pieces)]) + piece)
        for number, piece in enumerate(pieces, start=1)
    ]


def _read_metadata(segments: list[_Segment]) -> Metadata:
    for segment in segments:
        if segment.marker == _APP1 and segment.body.startswith(EXIF_PREFIX):
            return read_exif(segment.body)
    return Metadata()
