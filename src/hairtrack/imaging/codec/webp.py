"""WebP: header facts, and lossless removal of private chunks.

References
----------
RFC 9649, "WebP Image Format", 2024.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator

from hairtrack.imaging.codec.header import (
    MAX_PIECES,
    Header,
    cut_off,
    damaged,
    moving,
    too_many_parts,
)
from hairtrack.imaging.codec.metadata import clean_profile, read_exif, write_exif
from hairtrack.messages import Message

__all__ = ["parse"]

_ICC_FLAG, _ALPHA_FLAG, _EXIF_FLAG = 0x20, 0x10, 0x08
_ANIMATION_FLAG = 0x02

_CODED = (b"ALPH", b"VP8 ", b"VP8L")

_Chunks = dict[bytes, bytes]


def parse(data: bytes) -> Header:
    """Return the header of a WebP that is complete to its end."""
    chunks = _collect(data)
    width, height, alpha = _measure_picture(chunks)
    canvas = chunks.get(b"VP8X")
    if canvas is not None and canvas[4:10] != _pack_size(width, height):
        raise damaged(Message("this WebP contradicts itself"))
    metadata = read_exif(chunks.get(b"EXIF", b""))
    profile = clean_profile(chunks.get(b"ICCP", b""))
    return Header(
        format="WebP",
        width=width,
        height=height,
        coded=sum(len(chunks.get(name, b"")) for name in _CODED),
        working=11 if alpha or b"VP8L" in chunks else 5,
        icc=profile,
        metadata=metadata,
        stripped=_strip(chunks, blob=write_exif(metadata), profile=profile),
    )


def _strip(chunks: _Chunks, *, blob: bytes, profile: bytes) -> bytes:
    width, height, alpha = _measure_picture(chunks)
    kept: _Chunks = {b"ICCP": profile} if profile else {}
    kept |= {name: chunks[name] for name in _CODED if name in chunks}
    if b"VP8X" not in chunks:  # then a decoder overlooks alpha, and it must stay so
        kept.pop(b"ALPH", None)
    if blob:
        kept[b"EXIF"] = blob
    extended = b""
    if len(kept) > 1:
        flags = _ICC_FLAG * (b"ICCP" in kept) | _EXIF_FLAG * (b"EXIF" in kept)
        head = bytes([flags | _ALPHA_FLAG * alpha, 0, 0, 0])
        extended = _wrap(b"VP8X", head + _pack_size(width, height))
    body = b"WEBP" + extended + b"".join(_wrap(name, kept[name]) for name in kept)
    return struct.pack("<4sI", b"RIFF", len(body)) + body


def _collect(data: bytes) -> _Chunks:
    """Return the first chunk of each name; refuse a moving picture."""
    chunks: _Chunks = {}
    for name, body in _split(data):
        chunks.setdefault(name, body)
    flags = int.from_bytes(chunks.get(b"VP8X", b"")[:1])
    if flags & _ANIMATION_FLAG or b"ANIM" in chunks or b"ANMF" in chunks:
        raise moving()
    return chunks


def _split(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Yield the chunks inside the RIFF box; what follows it is ignored."""
    end = 8 + struct.unpack_from("<I", data, 4)[0]
    if end > len(data):
        raise cut_off()
    at = 12
    for _ in range(MAX_PIECES):
        if at + 8 > end:
            return
        name, size = struct.unpack_from("<4sI", data, at)
        if at + 8 + size > end:
            raise damaged(Message("this WebP contradicts itself"))
        yield name, data[at + 8 : at + 8 + size]
        at += 8 + size + size % 2
    raise too_many_parts()


def _measure_picture(chunks: _Chunks) -> tuple[int, int, bool]:
    """Return width and height in px of the coded picture, and whether it has alpha."""
    lossy, lossless = chunks.get(b"VP8 ", b""), chunks.get(b"VP8L", b"")
    if len(lossy) >= 10 and lossy[3:6] == b"\x9d\x01\x2a" and not lossless:
        width, height = struct.unpack_from("<HH", lossy, 6)
        return width & 0x3FFF, height & 0x3FFF, {b"ALPH", b"VP8X"} <= set(chunks)
    if len(lossless) >= 5 and lossless[0] == 0x2F and not lossy:
        bits = int.from_bytes(lossless[1:5], "little")
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1, bool(bits >> 28 & 1)
    raise damaged(Message("this WebP holds no single picture"))


def _pack_size(width: int, height: int) -> bytes:
    """Return the size as the canvas (VP8X) holds it; nothing for a picture of no size."""
    if not (width and height):
        return b""
    return (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")


def _wrap(name: bytes, body: bytes) -> bytes:
    return struct.pack("<4sI", name, len(body)) + body + b"\0" * (len(body) % 2)
