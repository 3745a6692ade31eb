"""HEIC, the format of iPhones: facts, pixels, and its private bytes blanked in place.

References
----------
ISO/IEC 14496-12:2022 (boxes, item location), ISO/IEC 23008-12:2022 (image items).
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from hairtrack.errors import UnsupportedFormat
from hairtrack.imaging.codec import exif, icc
from hairtrack.imaging.codec.boxes import (
    CONTRADICTION,
    Box,
    Items,
    Span,
    list_names,
    read_items,
    split_boxes,
)
from hairtrack.imaging.codec.header import Header, Origin, damaged

if TYPE_CHECKING:
    from cv2.typing import MatLike
    from pi_heif import HeifFile

__all__ = ["decode_pixels", "is_heif", "parse", "strip"]

_STILL = {b"heic", b"heix", b"heim", b"heis"}
_MOVING = {b"hevc", b"hevx", b"hevm", b"hevs", b"msf1"}
_META_KEPT = {b"hdlr", b"pitm", b"iinf", b"iloc", b"iref", b"iprp", b"idat"}
_PROPERTIES_KEPT = {b"hvcC", b"ispe", b"colr", b"irot", b"imir", b"pixi", b"clap", b"pasp"}
_PROPERTIES_KEPT |= {b"auxC", b"clli", b"mdcv", b"cclv", b"amve", b"lsel", b"rloc"}
_HDR_CURVES = {16: "PQ", 18: "HLG"}


def is_heif(data: bytes) -> bool:
    """Tell whether the bytes begin like an HEIC still picture or sequence."""
    return data[4:8] == b"ftyp" and bool(_list_brands(data) & (_STILL | _MOVING))


def parse(data: bytes) -> Header:
    """Return the facts of an HEIC file whose items all lie inside it."""
    if data[8:12] in _MOVING:
        raise UnsupportedFormat("This is a moving picture; choose a still photograph.")
    items = _find_items(data)[1]
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
        icc=icc.clean(bytes(photo.info.get("icc_profile") or b"")),
        origin=_read_origin(data, items),
    )


def decode_pixels(data: bytes) -> MatLike:
    """Return the pixels, already oriented: (H, W) or (H, W, 3 or 4), uint8 or uint16."""
    photo = _open(data)
    try:
        return np.array(photo)  # a copy: the memory is the photo's, which ends here
    except (ValueError, EOFError, SyntaxError, RuntimeError, OSError) as error:
        raise damaged(CONTRADICTION) from error


def strip(data: bytes) -> bytes:
    """Return the same file with every byte blanked that no decoder needs.

    Lengths and places stay as they are. What is left: the boxes that describe
    the picture, the coded picture itself, and its capture time.
    """
    meta, items = _find_items(data)
    blank = _copy_needed(data, meta, items)
    _write_origin(blank, items, _read_origin(data, items))
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
        raise damaged(CONTRADICTION) from error
    if not len(photo):
        raise damaged(CONTRADICTION)
    return photo


def _find_items(data: bytes) -> tuple[Box, Items]:
    metas = [b for b in split_boxes(data, 0, len(data)) if b.kind == b"meta"]
    if len(metas) != 1:
        raise damaged(CONTRADICTION)
    items = read_items(data, metas[0])
    if items.primary not in items.kinds:
        raise damaged(CONTRADICTION)
    return metas[0], items


def _list_exif_spans(items: Items) -> list[Span]:
    """Return where EXIF lies in one piece, as every camera writes it."""
    exifs = [items.spans.get(i, []) for i, kind in items.kinds.items() if kind == b"Exif"]
    return [spans[0] for spans in exifs if len(spans) == 1]


def _read_origin(data: bytes, items: Items) -> Origin:
    """Return capture time and camera; the file itself says how it is turned."""
    for start, end in _list_exif_spans(items):
        skip = int.from_bytes(data[start : start + 4])
        return replace(exif.read_origin(data[start + 4 + skip : end]), orientation=1)
    return Origin()


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
            name = Span(min(box.body + 24, box.end), box.end)
            blank[name.start : name.end] = bytes(name.end - name.start)
        elif box.kind == b"iprp":
            _blank_properties(data, blank, box)
        elif box.kind == b"iinf":
            for name in list_names(data, box):
                blank[name.start : name.end] = bytes(name.end - name.start)


def _blank_properties(data: bytes, blank: bytearray, iprp: Box) -> None:
    """Turn unknown properties (descriptions, times) into free space of equal length."""
    for store in split_boxes(data, iprp.body, iprp.end):
        if store.kind == b"ipco":
            for box in split_boxes(data, store.body, store.end):
                if box.kind not in _PROPERTIES_KEPT:
                    _write_free(data, blank, box)
                elif data[box.body : box.body + 4] in (b"prof", b"rICC"):
                    profile = icc.clean(data[box.body + 4 : box.end])
                    room = box.end - box.body - 4
                    blank[box.body + 4 : box.end] = profile.ljust(room, b"\0")


def _write_free(data: bytes, blank: bytearray, box: Box) -> None:
    blank[box.start : box.end] = bytes(box.end - box.start)
    _copy(data, blank, Span(box.start, box.body))
    blank[box.start + 4 : box.start + 8] = b"free"


def _write_origin(blank: bytearray, items: Items, origin: Origin) -> None:
    """Put the capture time where the camera's EXIF was, if it fits."""
    blob = exif.write_origin(origin)
    for start, end in _list_exif_spans(items)[:1]:
        if blob and 4 + len(blob) <= end - start:
            blank[start + 4 : start + 4 + len(blob)] = blob
