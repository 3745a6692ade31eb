"""The boxes of an HEIF file, and which of its bytes belong to which item.

References
----------
ISO/IEC 14496-12:2022 (boxes, item location), ISO/IEC 23008-12:2022 (image items).
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from hairtrack.errors import UnsupportedFormat
from hairtrack.imaging.codec.header import MAX_PIECES, cut_off, damaged, too_many

__all__ = [
    "CONTRADICTION",
    "Box",
    "Items",
    "Span",
    "list_names",
    "read_items",
    "split_boxes",
]

CONTRADICTION = "this HEIC file contradicts itself"
"""What is wrong where boxes do not fit into one another."""

_MAX_ITEMS = 5_000
"""A 48 MP photo of 512 px tiles has about 200 items, of one extent each."""

_MAX_PARTS = 2_000
"""Tiles of one grid: 120 MP of 256 px tiles are 1,831."""

_TAKEN = {b"hvc1", b"grid", b"iden"}
"""Kinds of item that a photograph may be made of."""


class Span(NamedTuple):
    """Bytes from `start` to before `end` of the file."""

    start: int
    end: int


class Box(NamedTuple):
    """One box; its content begins at `body`, after length and name."""

    kind: bytes
    start: int
    body: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Items:
    """What the meta box says of the items of a file.

    Attributes
    ----------
    primary : int
        Number of the item that is the photograph.
    kinds : dict of int to bytes
        Kind of each item, such as b"hvc1", b"grid" or b"Exif".
    kind_places : dict of int to int
        Where in the file these four bytes stand.
    spans : dict of int to list of Span
        Where the bytes of each item lie.
    parts : dict of int to list of int
        Items that go with an item: the tiles of a grid, its alpha.
    """

    primary: int
    kinds: dict[int, bytes]
    kind_places: dict[int, int]
    spans: dict[int, list[Span]]
    parts: dict[int, list[int]]

    def list_needed(self) -> set[int]:
        """Return the items without which the photograph cannot be decoded."""
        return set(self._walk(self.primary, ()))

    def list_coded(self) -> list[Span]:
        """Return where the bytes of the needed items lie."""
        return [span for item in self.list_needed() for span in self.spans.get(item, [])]

    def _walk(self, item: int, above: tuple[int, ...]) -> Iterator[int]:
        """Yield an item and its parts; refuse a circle, and what is no picture."""
        parts = self.parts.get(item, [])
        if item in above or len(above) > 3 or len(parts) > _MAX_PARTS:
            raise damaged(CONTRADICTION)
        if self.kinds.get(item) not in _TAKEN:
            raise UnsupportedFormat("This kind of HEIC file is not taken; save it as JPEG.")
        yield item
        for part in sorted(set(parts)):
            yield from self._walk(part, (*above, item))


class _Reader:
    """Reads whole numbers one after the other."""

    def __init__(self, data: bytes, start: int, end: int) -> None:
        self.data, self.at, self.end = data, start, end

    def take(self, size: int) -> int:
        """Return the next number of `size` bytes; 0 if `size` is 0."""
        if self.at + size > self.end:
            raise damaged(CONTRADICTION)
        self.at += size
        return int.from_bytes(self.data[self.at - size : self.at])


def split_boxes(data: bytes, start: int, end: int) -> Iterator[Box]:
    """Yield the boxes between two places of the file."""
    at = start
    for _ in range(MAX_PIECES):
        if at + 8 > end:
            return
        size, kind = struct.unpack_from(">I4s", data, at)
        body = at + 8
        if size == 1 and at + 16 <= end:
            (size,) = struct.unpack_from(">Q", data, at + 8)
            body = at + 16
        elif size == 0:
            size = end - at
        if size < body - at:
            raise damaged(CONTRADICTION)
        if at + size > end:
            raise cut_off()
        yield Box(kind, at, body, at + size)
        at += size
    raise too_many("parts")


def read_items(data: bytes, meta: Box) -> Items:
    """Return the items that a meta box describes."""
    inside = {box.kind: box for box in split_boxes(data, meta.body + 4, meta.end)}
    if not {b"pitm", b"iinf", b"iloc"} <= set(inside):
        raise damaged(CONTRADICTION)
    pitm = _open(data, inside[b"pitm"])
    version = pitm.take(4) >> 24
    places = _find_kinds(data, inside[b"iinf"])
    return Items(
        primary=pitm.take(2 if version == 0 else 4),
        kinds={item: data[place : place + 4] for item, place in places.items()},
        kind_places=places,
        spans=_read_spans(data, inside[b"iloc"], inside.get(b"idat")),
        parts=_read_parts(data, inside[b"iref"]) if b"iref" in inside else {},
    )


def _open(data: bytes, box: Box) -> _Reader:
    return _Reader(data, box.body, box.end)


def list_names(data: bytes, iinf: Box) -> list[Span]:
    """Return where names and content types of the items stand: text of the writer."""
    return [Span(place + 4, end) for _, place, end in _walk_entries(data, iinf)]


def _find_kinds(data: bytes, iinf: Box) -> dict[int, int]:
    return {item: place for item, place, _ in _walk_entries(data, iinf)}


def _walk_entries(data: bytes, iinf: Box) -> Iterator[tuple[int, int, int]]:
    """Yield number of each item, where its kind stands, and where its entry ends."""
    reader = _open(data, iinf)
    reader.take(2 if reader.take(4) >> 24 == 0 else 4)
    for number, box in enumerate(split_boxes(data, reader.at, iinf.end)):
        if number >= _MAX_ITEMS:
            raise too_many("parts")
        entry = _open(data, box)
        version = entry.take(4) >> 24
        if box.kind != b"infe" or version not in (2, 3):
            raise UnsupportedFormat("This kind of HEIC file is not taken; save it as JPEG.")
        item = entry.take(2 if version == 2 else 4)
        entry.take(2)
        place = entry.at
        entry.take(4)
        yield item, place, box.end


def _read_spans(data: bytes, iloc: Box, idat: Box | None) -> dict[int, list[Span]]:
    reader = _open(data, iloc)
    version = reader.take(4) >> 24
    sizes = reader.take(2)
    widths = [sizes >> shift & 15 for shift in (12, 8, 4, 0)]
    if version > 2 or not set(widths) <= {0, 4, 8}:
        raise UnsupportedFormat("This kind of HEIC file is not taken; save it as JPEG.")
    long = 4 if version == 2 else 2
    spans: dict[int, list[Span]] = {}
    extent_budget, byte_budget = _MAX_ITEMS, len(data)
    for _ in range(reader.take(long)):
        item = reader.take(long)
        method = reader.take(2) & 15 if version else 0
        local = reader.take(2) != 0
        base = reader.take(widths[2])
        extents = reader.take(2)
        extent_budget -= extents
        if extent_budget < 0:
            raise too_many("parts")
        if method > 1 or local or (method == 1 and idat is None):
            raise UnsupportedFormat("This kind of HEIC file is not taken; save it as JPEG.")
        home = idat if method == 1 else None
        area = Span(home.body, home.end) if home else Span(0, len(data))
        spans[item] = [
            _read_extent(reader, widths, base, area, indexed=version > 0)
            for _ in range(extents)
        ]
        byte_budget -= sum(end - start for start, end in spans[item])
        if byte_budget < 0:  # no item shares its bytes with another
            raise damaged(CONTRADICTION)
    return spans


def _read_extent(
    reader: _Reader, widths: list[int], base: int, area: Span, *, indexed: bool
) -> Span:
    """Return one extent inside `area`; a length of 0 reaches to the end of it."""
    if indexed:
        reader.take(widths[3])
    start = area.start + base + reader.take(widths[0])
    length = reader.take(widths[1])
    end = start + length if length else area.end
    if start > area.end or end > area.end:
        raise cut_off()
    return Span(start, end)


def _read_parts(data: bytes, iref: Box) -> dict[int, list[int]]:
    reader = _open(data, iref)
    long = 2 if reader.take(4) >> 24 == 0 else 4
    parts: dict[int, list[int]] = {}
    budget = 10 * _MAX_ITEMS
    for box in split_boxes(data, reader.at, iref.end):
        entry = _open(data, box)
        item, count = entry.take(long), entry.take(2)
        budget -= 1 + count
        if budget < 0:
            raise too_many("parts")
        targets = [entry.take(long) for _ in range(count)]
        if box.kind == b"dimg":
            parts.setdefault(item, []).extend(targets)
        elif box.kind == b"auxl":  # alpha, without which a decoder stops; depth; gain
            for target in targets:
                parts.setdefault(target, []).append(item)
    return parts
