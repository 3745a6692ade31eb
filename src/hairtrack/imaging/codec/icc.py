"""A colour profile with its colours only: no names, dates or serial numbers of screens.

References
----------
ICC.1:2022, clauses 7.2 (header), 7.3 (tag table) and 9.2 (tags).
"""

from __future__ import annotations

import struct

from hairtrack.imaging.codec.header import MAX_PROFILE

__all__ = ["clean"]

_HEADER, _ROW = 128, 12
_KINDS = {b"scnr", b"mntr", b"prtr", b"spac"}
_SPACES = {b"RGB ", b"GRAY", b"CMYK"}
_COLOURS = {b"wtpt", b"bkpt", b"chad", b"cicp", b"rXYZ", b"gXYZ", b"bXYZ"}
_COLOURS |= {b"rTRC", b"gTRC", b"bTRC", b"kTRC", b"A2B0", b"A2B1", b"A2B2"}
_COLOURS |= {b"B2A0", b"B2A1", b"B2A2"}
_MAX_TAGS = 100
_KEPT = ((8, 24), (36, 40), (64, 80))
"""Version, class and colour spaces; signature; intent and illuminant."""


def clean(profile: bytes) -> bytes:
    """Return the profile with only what makes colours of codes; b"" if it is none.

    It is never longer than it was, and cleaning it again changes nothing.
    """
    tags = _read_tags(profile) if _is_profile(profile) else {}
    if not tags:
        return b""
    head = bytearray(_HEADER)
    for start, end in _KEPT:
        head[start:end] = profile[start:end]
    rows, values = b"", b""
    places: dict[bytes, int] = {}
    first = _HEADER + 4 + _ROW * len(tags)
    for name, value in tags.items():  # channels often share one curve
        if value not in places:
            places[value] = first + len(values)
            values += value + bytes(-len(value) % 4)
        rows += name + struct.pack(">II", places[value], len(value))
    struct.pack_into(">I", head, 0, first + len(values))
    cleaned = bytes(head) + struct.pack(">I", len(tags)) + rows + values
    return cleaned if len(cleaned) <= len(profile) else b""


def _is_profile(profile: bytes) -> bool:
    return (
        _HEADER + 4 <= len(profile) <= MAX_PROFILE
        and profile[36:40] == b"acsp"
        and profile[12:16] in _KINDS
        and profile[16:20] in _SPACES
        and struct.unpack_from(">I", profile, _HEADER)[0] <= _MAX_TAGS
    )


def _read_tags(profile: bytes) -> dict[bytes, bytes]:
    """Return the tags that are kept; none at all if one of them is cut off."""
    tags: dict[bytes, bytes] = {}
    (count,) = struct.unpack_from(">I", profile, _HEADER)
    if _HEADER + 4 + _ROW * count > len(profile):
        return {}
    for i in range(count):
        name, start, size = struct.unpack_from(">4sII", profile, _HEADER + 4 + _ROW * i)
        if name in _COLOURS and start + size > len(profile):
            return {}
        if name in _COLOURS:
            tags.setdefault(name, profile[start : start + size])
    return tags
