"""PNG: header facts, and lossless removal of private chunks.

References
----------
W3C, "Portable Network Graphics (PNG) Specification (Third Edition)", 2025.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator

from hairtrack.imaging.codec.header import (
    MAX_PIECES,
    Header,
    cut_off,
    damaged,
    moving,
    too_many_parts,
)
from hairtrack.imaging.codec.metadata import (
    MAX_PROFILE,
    clean_profile,
    read_exif,
    write_exif,
)
from hairtrack.messages import Message

__all__ = ["SIGNATURE", "parse"]

SIGNATURE = b"\x89PNG\r\n\x1a\n"
_PIXELS = {b"IHDR", b"PLTE", b"IDAT", b"IEND"}
_COLOUR = {b"tRNS", b"sRGB", b"gAMA", b"cHRM", b"cICP", b"sBIT"}
_SAMPLES = {0: 1, 2: 3, 3: 3, 4: 2, 6: 4}
"""Samples of a pixel for each kind of colour; a palette is decoded to three."""

_Chunk = tuple[bytes, bytes]


def parse(data: bytes) -> Header:
    """Return the header of a PNG that is complete to its end."""
    chunks = list(_split(data))
    names = [name for name, _ in chunks]
    if names[0] != b"IHDR" or len(chunks[0][1]) != 13 or b"IDAT" not in names:
        raise damaged(Message("this PNG holds no picture"))
    if b"acTL" in names:
        raise moving()
    width, height, depth, colour = struct.unpack_from(">IIBB", chunks[0][1])
    if colour not in _SAMPLES or depth not in (1, 2, 4, 8, 16):
        raise damaged(Message("this PNG holds no picture"))
    metadata, profile = read_exif(_find(chunks, b"eXIf")), _read_profile(chunks)
    stored = (_SAMPLES[colour] + (b"tRNS" in names)) * max(1, depth // 8)
    return Header(
        format="PNG",
        width=width,
        height=height,
        coded=sum(len(body) for name, body in chunks if name == b"IDAT"),
        stored=stored,
        working=stored if stored == 3 else stored + 3,
        channels=1 if colour in (0, 4) else 3,
        icc=profile,
        metadata=metadata,
        stripped=_strip(chunks, blob=write_exif(metadata), profile=profile),
    )


def _strip(chunks: list[_Chunk], *, blob: bytes, profile: bytes) -> bytes:
    kept: list[_Chunk] = []
    for name, body in chunks:
        if name in _PIXELS or name in _COLOUR:
            kept.append((name, body))
        if name == b"IHDR" and blob:
            kept.append((b"eXIf", blob))
        if name == b"IHDR" and profile:
            kept.append((b"iCCP", b"icc\0\0" + zlib.compress(profile)))
    return SIGNATURE + b"".join(_wrap(name, body) for name, body in kept)


def _split(data: bytes) -> Iterator[_Chunk]:
    """Yield the chunks down to the last, IEND; what follows it is ignored."""
    at = len(SIGNATURE)
    for _ in range(MAX_PIECES):
        if at + 12 > len(data):
            raise cut_off()
        size, name = struct.unpack_from(">I4s", data, at)
        if at + 12 + size > len(data):
            raise cut_off()
        body = data[at + 8 : at + 8 + size]
        (checksum,) = struct.unpack_from(">I", data, at + 8 + size)
        if zlib.crc32(body, zlib.crc32(name)) != checksum:
            raise damaged(Message("a checksum is wrong"))
        yield name, body
        if name == b"IEND":
            return
        at += 12 + size
    raise too_many_parts()


def _wrap(name: bytes, body: bytes) -> bytes:
    checksum = zlib.crc32(body, zlib.crc32(name))
    return struct.pack(">I4s", len(body), name) + body + struct.pack(">I", checksum)


def _read_profile(chunks: list[_Chunk]) -> bytes:
    """Return the cleaned colour profile; a damaged or endless one counts as none."""
    packed = _find(chunks, b"iCCP")
    end = packed.find(b"\0")
    if end < 0:
        return b""
    try:
        unpacked = zlib.decompressobj().decompress(packed[end + 2 :], MAX_PROFILE + 1)
    except zlib.error:
        return b""
    return clean_profile(unpacked)


def _find(chunks: list[_Chunk], wanted: bytes) -> bytes:
    """Return the content of the first chunk of a name, empty if there is none."""
    return next((body for name, body in chunks if name == wanted), b"")
