"""HEIC, the format of iPhones: header, pixels, and its metadata blanked in place.

A HEIC file is made of boxes; one of them lists items (coded pictures, EXIF, XMP) and
where their bytes lie. Everything that no decoder needs is overwritten with zeros, so that
no box moves.

References
----------
ISO/IEC 14496-12:2022 (boxes, item location), ISO/IEC 23008-12:2022 (image items).
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from hairtrack.errors import UnreadablePhoto, UnsupportedFormat
from hairtrack.imaging.codec.header import (
    MAX_PIECES,
    Header,
    cut_off,
    damaged,
    moving,
    too_many_parts,
)
from hairtrack.imaging.codec.metadata import (
    Metadata,
    clean_profile,
    read_exif,
    write_exif,
)
from hairtrack.messages import Message

if TYPE_CHECKING:
    from cv2.typing import MatLike
    from pi_heif import HeifFile

__all__ = ["decode_pixels", "is_heif", "parse"]

_STILL = {b"heic", b"heix", b"heim", b"heis"}
_MOVING = {b"hevc", b"hevx", b"hevm", b"hevs", b"msf1"}
_META_KEPT = {b"hdlr", b"pitm", b"iinf", b"iloc", b"iref", b"iprp", b"idat"}
_PROPERTIES_KEPT = {b"hvcC", b"ispe", b"colr", b"irot", b"imir", b"pixi", b"clap", b"pasp"}
_PROPERTIES_KEPT |= {b"auxC", b"clli", b"mdcv", b"cclv", b"amve", b"lsel", b"rloc"}
_HDR_CURVES = {16: "PQ", 18: "HLG"}

_MAX_ITEMS = 5_000
"""A 48 MP photo of 512 px tiles has about 200 items, of one extent each."""

_MAX_PARTS = 2_000
"""Tiles of one grid: 120 MP of 256 px tiles are 1,831."""

_TAKEN = {b"hvc1", b"grid", b"iden"}
"""Kinds of item that a photograph may be made of."""


def is_heif(data: bytes) -> bool:
    """Tell whether the bytes begin like an HEIC still picture or sequence."""
    return data[4:8] == b"ftyp" and bool(_list_brands(data) & (_STILL | _MOVING))


def parse(data: bytes) -> Header:
    """Return the header of an HEIC file whose items all lie inside it."""
    if data[8:12] in _MOVING:
        raise moving()
    meta, items = _find_items(data)
    metadata = _read_metadata(data, items)
    photo = _open(data)
    width, height = photo.size
    if photo.info.get("nclx_profile", {}).get("transfer_characteristics") in _HDR_CURVES:
        raise UnsupportedFormat("This is an HDR picture; save it as an ordinary JPEG.")
    return Header(
        format="HEIC",
        width=int(width),
        height=int(height),
        coded=sum(end - start for start, end in items.list_coded()),
        working=8,
        channels=1 if photo.mode.startswith(("L", "I")) else 3,
        icc=clean_profile(bytes(photo.info.get("icc_profile") or b"")),
        metadata=metadata,
        stripped=_strip(data, meta, items, metadata),
    )


def decode_pixels(data: bytes) -> MatLike:
    """Return the pixels, already oriented: (H, W) or (H, W, 3 or 4), uint8 or uint16."""
    photo = _open(data)
    try:
        return np.array(photo)  # a copy: the memory is the photo's, which ends here
    except (ValueError, EOFError, SyntaxError, RuntimeError, OSError) as error:
        raise _contradiction() from error


def _strip(data: bytes, meta: Box, items: Items, metadata: Metadata) -> bytes:
    """Return the same file with every byte blanked that no decoder needs.

    Lengths and places stay as they are. What is left: the boxes that describe
    the picture, the coded picture itself, and its capture time.
    """
    blank = _copy_needed(data, meta, items)
    blob = write_exif(metadata)
    for start, end in _list_exif_spans(items)[:1]:  # where the camera's EXIF was
        if blob and 4 + len(blob) <= end - start:
            blank[start + 4 : start + 4 + len(blob)] = blob
    return bytes(blank)


def _copy_needed(data: bytes, meta: Box, items: Items) -> bytearray:
    """Return the file with zeros in place of everything but boxes and coded picture."""
    blank = bytearray(len(data))
    for box in split_boxes(data, 0, len(data)):
        _copy(data, blank, Span(box.start, box.body))
        if box.kind == b"ftyp":
            _copy(data, blank, Span(box.body, box.end))
        elif box.kind not in (b"meta", b"mdat"):
            blank[box.start + 4 : box.start + 8] = b"free"
    _copy_meta(data, blank, meta)
    for span in items.list_coded():
        _copy(data, blank, span)
    return blank


def _list_brands(data: bytes) -> set[bytes]:
    end = min(int.from_bytes(data[:4]), 512, len(data))
    return {data[8:12]} | {data[i : i + 4] for i in range(16, end - 3, 4)}


def _open(data: bytes) -> HeifFile:
    """Return the opened file; no pixel is decoded yet.

    The decoder is shown the picture only: an XMP item with a damaged name kills
    the process (pi-heif 1.4).
    """
    import pi_heif  # behind its door: it costs 40 ms that most photos do not need

    meta, items = _find_items(data)
    shown = _copy_needed(data, meta, items)
    needed = items.list_needed()
    for item, place in items.kind_places.items():
        if item not in needed:
            shown[place : place + 4] = b"free"
    try:
        photo = pi_heif.open_heif(bytes(shown), convert_hdr_to_8bit=True)
    except (ValueError, EOFError, SyntaxError, RuntimeError, OSError) as error:
        raise _contradiction() from error
    if not len(photo):
        raise _contradiction()
    return photo


def _find_items(data: bytes) -> tuple[Box, Items]:
    metas = [b for b in split_boxes(data, 0, len(data)) if b.kind == b"meta"]
    if len(metas) != 1:
        raise _contradiction()
    items = read_items(data, metas[0])
    if items.primary not in items.kinds:
        raise _contradiction()
    return metas[0], items


def _list_exif_spans(items: Items) -> list[Span]:
    """Return where EXIF lies in one piece, as every camera writes it."""
    exifs = [items.spans.get(i, []) for i, kind in items.kinds.items() if kind == b"Exif"]
    return [spans[0] for spans in exifs if len(spans) == 1]


def _read_metadata(data: bytes, items: Items) -> Metadata:
    """Return capture time and camera; the file itself says how it is turned."""
    for start, end in _list_exif_spans(items):
        skip = int.from_bytes(data[start : start + 4])
        return replace(read_exif(data[start + 4 + skip : end]), orientation=1)
    return Metadata()


def _copy(data: bytes, blank: bytearray, span: Span) -> None:
    blank[span.start : span.end] = data[span.start : span.end]


def _copy_meta(data: bytes, blank: bytearray, meta: Box) -> None:
    """Copy what describes the picture; the other boxes become free space."""
    _copy(data, blank, Span(meta.start, meta.body + 4))
    for box in split_boxes(data, meta.body + 4, meta.end):
        if box.kind not in _META_KEPT:
            _write_free(data, blank, box)
        elif box.kind == b"idat":
            _copy(data, blank, Span(box.start, box.body))
        else:
            _copy(data, blank, Span(box.start, box.end))
        if box.kind == b"hdlr":  # ends in a name that the writer chose
            name = min(box.body + 24, box.end)
            blank[name : box.end] = bytes(box.end - name)
        elif box.kind == b"iprp":
            _blank_properties(data, blank, box)
        elif box.kind == b"iinf":
            for _, place, end in _walk_entries(data, box):  # names and content types
                blank[place + 4 : end] = bytes(end - place - 4)


def _blank_properties(data: bytes, blank: bytearray, iprp: Box) -> None:
    """Turn unknown properties (descriptions, times) into free space of equal length."""
    for store in split_boxes(data, iprp.body, iprp.end):
        if store.kind == b"ipco":
            for box in split_boxes(data, store.body, store.end):
                if box.kind not in _PROPERTIES_KEPT:
                    _write_free(data, blank, box)
                elif data[box.body : box.body + 4] in (b"prof", b"rICC"):
                    profile = clean_profile(data[box.body + 4 : box.end])
                    room = box.end - box.body - 4
                    blank[box.body + 4 : box.end] = profile.ljust(room, b"\0")


def _write_free(data: bytes, blank: bytearray, box: Box) -> None:
    blank[box.start : box.end] = bytes(box.end - box.start)
    _copy(data, blank, Span(box.start, box.body))
    blank[box.start + 4 : box.start + 8] = b"free"


def _contradiction() -> UnreadablePhoto:
    """Return the error for boxes that do not fit into one another."""
    return damaged(Message("this HEIC file contradicts itself"))


def _not_taken() -> UnsupportedFormat:
    return UnsupportedFormat("This kind of HEIC file is not taken; save it as JPEG.")


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
    """What the meta box says of the items of a file, by their numbers."""

    primary: int
    kinds: dict[int, bytes]
    """Such as b"hvc1", b"grid" or b"Exif"."""
    kind_places: dict[int, int]
    """Where in the file these four bytes stand."""
    spans: dict[int, list[Span]]
    parts: dict[int, list[int]]
    """Items that go with an item: the tiles of a grid, its alpha."""

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
            raise _contradiction()
        if self.kinds.get(item) not in _TAKEN:
            raise _not_taken()
        yield item
        for part in sorted(set(parts)):
            yield from self._walk(part, (*above, item))


class _Reader:
    """Reads the whole numbers of a box one after the other."""

    def __init__(self, data: bytes, box: Box) -> None:
        self.data, self.at, self.end = data, box.body, box.end

    def take(self, size: int) -> int:
        """Return the next number of `size` bytes; 0 if `size` is 0."""
        if self.at + size > self.end:
            raise _contradiction()
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
            raise _contradiction()
        if at + size > end:
            raise cut_off()
        yield Box(kind, at, body, at + size)
        at += size
    raise too_many_parts()


def read_items(data: bytes, meta: Box) -> Items:
    """Return the items that a meta box describes."""
    inside = {box.kind: box for box in split_boxes(data, meta.body + 4, meta.end)}
    if not {b"pitm", b"iinf", b"iloc"} <= set(inside):
        raise _contradiction()
    pitm = _Reader(data, inside[b"pitm"])
    version = pitm.take(4) >> 24
    places = {item: place for item, place, _ in _walk_entries(data, inside[b"iinf"])}
    return Items(
        primary=pitm.take(2 if version == 0 else 4),
        kinds={item: data[place : place + 4] for item, place in places.items()},
        kind_places=places,
        spans=_read_spans(data, inside[b"iloc"], inside.get(b"idat")),
        parts=_read_parts(data, inside[b"iref"]) if b"iref" in inside else {},
    )


def _walk_entries(data: bytes, iinf: Box) -> Iterator[tuple[int, int, int]]:
    """Yield number of each item, position of its kind, and end of its entry."""
    reader = _Reader(data, iinf)
    reader.take(2 if reader.take(4) >> 24 == 0 else 4)
    for number, box in enumerate(split_boxes(data, reader.at, iinf.end)):
        if number >= _MAX_ITEMS:
            raise too_many_parts()
        entry = _Reader(data, box)
        version = entry.take(4) >> 24
        if box.kind != b"infe" or version not in (2, 3):
            raise _not_taken()
        item = entry.take(2 if version == 2 else 4)
        entry.take(2)
        place = entry.at
        entry.take(4)
        yield item, place, box.end


def _read_spans(data: bytes, iloc: Box, idat: Box | None) -> dict[int, list[Span]]:
    reader = _Reader(data, iloc)
    version = reader.take(4) >> 24
    sizes = reader.take(2)
    widths = [sizes >> shift & 15 for shift in (12, 8, 4, 0)]
    if version > 2 or not set(widths) <= {0, 4, 8}:
        raise _not_taken()
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
            raise too_many_parts()
        if method > 1 or local or (method == 1 and idat is None):
            raise _not_taken()
        home = idat if method == 1 else None
        area = Span(home.body, home.end) if home else Span(0, len(data))
        spans[item] = [
            _read_extent(reader, widths, base, area, indexed=version > 0)
            for _ in range(extents)
        ]
        byte_budget -= sum(end - start for start, end in spans[item])
        if byte_budget < 0:  # no item shares its bytes with another
            raise _contradiction()
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
    reader = _Reader(data, iref)
    long = 2 if reader.take(4) >> 24 == 0 else 4
    parts: dict[int, list[int]] = {}
    budget = 10 * _MAX_ITEMS
    for box in split_boxes(data, reader.at, iref.end):
        entry = _Reader(data, box)
        item, count = entry.take(long), entry.take(2)
        budget -= 1 + count
        if budget < 0:
            raise too_many_parts()
        targets = [entry.take(long) for _ in range(count)]
        if box.kind == b"dimg":
            parts.setdefault(item, []).extend(targets)
        elif box.kind == b"auxl":  # alpha, without which a decoder stops; depth; gain
            for target in targets:
                parts.setdefault(target, []).append(item)
    return parts
