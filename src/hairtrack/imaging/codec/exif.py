"""The few EXIF entries that matter, read with care and written afresh.

References
----------
CIPA DC-008-2023, "Exchangeable image file format for digital still cameras".
"""

from __future__ import annotations

import datetime as dt
import re
import struct

from hairtrack.imaging.codec.header import Origin

__all__ = ["PREFIX", "read_origin", "write_origin"]

PREFIX = b"Exif\x00\x00"
"""What stands before the TIFF structure in a JPEG segment."""

_MAKE, _MODEL, _ORIENTATION, _EXIF_IFD = 0x010F, 0x0110, 0x0112, 0x8769
_TAKEN, _DIGITISED = (0x9003, 0x9011), (0x9004, 0x9012)
_TIMES = (_TAKEN, _DIGITISED)
_SHORT, _LONG, _ASCII = 3, 4, 2
_UNIT = {_ASCII: 1, _SHORT: 2, _LONG: 4}
_MAX_ENTRIES = 512
_DATE = re.compile(r"(\d{4})[:-](\d\d)[:-](\d\d)[ T](\d\d):(\d\d):(\d\d)")
_OFFSET = re.compile(r"([+-])(\d\d):(\d\d)")

_Value = int | str
_Entries = dict[int, _Value]


def read_origin(blob: bytes) -> Origin:
    """Return orientation, capture time and camera; what is damaged counts as absent.

    The capture time is `DateTimeOriginal`, or else `DateTimeDigitized`; never
    `DateTime`, which an editor moves.
    """
    tiff = blob.removeprefix(PREFIX)
    order = {b"II*\x00": "<", b"MM\x00*": ">"}.get(tiff[:4])
    if order is None:
        return Origin()
    root = _read_entries(tiff, order, _unpack(order + "I", tiff, 4))
    pointer = root.get(_EXIF_IFD)
    inner = _read_entries(tiff, order, pointer) if isinstance(pointer, int) else {}
    turned = root.get(_ORIENTATION)
    times = [_parse_time(inner.get(day), inner.get(zone)) for day, zone in _TIMES]
    return Origin(
        orientation=turned if isinstance(turned, int) and 1 <= turned <= 8 else 1,
        taken_at=next((time for time in times if time), None),
        camera=_name_camera(root.get(_MAKE), root.get(_MODEL)),
    )


def write_origin(origin: Origin) -> bytes:
    """Return a TIFF structure with orientation and capture time only, b"" if neither."""
    inner: list[tuple[int, bytes]] = []
    if (taken := origin.taken_at) is not None:
        day = f"{taken.year:04}:{taken.month:02}:{taken.day:02}"
        inner.append((_TAKEN[0], f"{day} {taken:%H:%M:%S}\0".encode()))
        if (offset := taken.utcoffset()) is not None:
            inner.append((_TAKEN[1], _format_offset(offset)))
    if origin.orientation == 1 and not inner:
        return b""
    count = (origin.orientation != 1) + bool(inner)
    after = 8 + 2 + 12 * count + 4
    root = b""
    if origin.orientation != 1:
        root += struct.pack(">HHIHH", _ORIENTATION, _SHORT, 1, origin.orientation, 0)
    if inner:
        root += struct.pack(">HHII", _EXIF_IFD, _LONG, 1, after)
    head = b"MM\x00*" + struct.pack(">IH", 8, count) + root + bytes(4)
    return head + (_write_texts(inner, after) if inner else b"")


def _write_texts(entries: list[tuple[int, bytes]], start: int) -> bytes:
    """Return an IFD of long texts that begins at `start`."""
    at = start + 2 + 12 * len(entries) + 4
    table = values = b""
    for tag, text in entries:
        table += struct.pack(">HHII", tag, _ASCII, len(text), at + len(values))
        values += text
    return struct.pack(">H", len(entries)) + table + bytes(4) + values


def _read_entries(tiff: bytes, order: str, start: int | None) -> _Entries:
    """Return the whole numbers and texts of one IFD."""
    entries: _Entries = {}
    count = None if start is None else _unpack(order + "H", tiff, start)
    if start is None or count is None:
        return entries
    for i in range(min(count, _MAX_ENTRIES)):
        at = start + 2 + 12 * i
        if at + 12 > len(tiff):
            break
        tag, kind, number = struct.unpack_from(order + "HHI", tiff, at)
        value = _read_value(tiff, order, at + 8, kind, number)
        if value is not None:
            entries.setdefault(tag, value)
    return entries


def _read_value(tiff: bytes, order: str, at: int, kind: int, number: int) -> _Value | None:
    if kind == _ASCII:
        begin = at if number <= 4 else _unpack(order + "I", tiff, at)
        if begin is None or number > 4096 or begin + number > len(tiff):
            return None
        return tiff[begin : begin + number].split(b"\0")[0].decode("latin-1").strip()
    if kind in (_SHORT, _LONG) and number == 1:
        return _unpack(order + ("H" if kind == _SHORT else "I"), tiff, at)
    return None


def _unpack(form: str, data: bytes, at: int) -> int | None:
    if at + struct.calcsize(form) > len(data):
        return None
    return int(struct.unpack_from(form, data, at)[0])


def _parse_time(date: _Value | None, zone: _Value | None) -> dt.datetime | None:
    found = _DATE.fullmatch(date) if isinstance(date, str) else None
    if found is None:
        return None
    try:
        year, month, day, hour, minute, second = (int(part) for part in found.groups())
        zoned = _parse_offset(zone)
        return dt.datetime(year, month, day, hour, minute, second, tzinfo=zoned)
    except ValueError:
        return None


def _parse_offset(zone: _Value | None) -> dt.timezone | None:
    if zone == "Z":
        return dt.UTC
    found = _OFFSET.fullmatch(zone) if isinstance(zone, str) else None
    if found is None or int(found[2]) > 14 or int(found[3]) > 59:
        return None
    ahead = dt.timedelta(hours=int(found[2]), minutes=int(found[3]))
    return dt.timezone(-ahead if found[1] == "-" else ahead)


def _format_offset(offset: dt.timedelta) -> bytes:
    minutes = round(offset.total_seconds() / 60)
    hours, rest = divmod(abs(minutes), 60)
    return f"{'-' if minutes < 0 else '+'}{hours:02}:{rest:02}\0".encode()


def _name_camera(make: _Value | None, model: _Value | None) -> str:
    """Return "Apple iPhone 15", and "Canon EOS R6" rather than "Canon Canon EOS R6"."""
    maker, name = (part if isinstance(part, str) else "" for part in (make, model))
    if name.lower().startswith(maker.lower()):
        maker = ""
    text = f"{maker} {name}".strip()
    return "".join(c for c in text if c.isprintable())[:80]
