"""Records to plain values for JSON and the database, and back; cattrs does the work.

Plain values are `None`, bool, int, float, str, lists, and dicts with str keys. Dates
and times are ISO 8601; a time in a named zone carries the name in brackets, as in
RFC 9557 (``2025-03-03T10:00:00+01:00[Europe/Berlin]``). Bytes are base 64. Numpy
scalars become Python numbers: SQLite would store them as bytes.

References
----------
https://catt.rs
https://www.rfc-editor.org/rfc/rfc9557
"""

from __future__ import annotations

import base64
import datetime as dt
import enum
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

import cattrs

from hairtrack.messages import Message

__all__ = ["from_plain", "to_plain"]

Record = TypeVar("Record")


def to_plain(value: Any) -> Any:
    """Return a record, or anything that holds records, as plain values.

    Examples
    --------
    >>> from hairtrack.records import Method
    >>> to_plain(Method(name="shade", version="1", parameters=(("cv2", "5.0"),)))
    {'name': 'shade', 'version': '1', 'parameters': [['cv2', '5.0']]}
    """
    return _CONVERTER.unstructure(value)


def from_plain(kind: type[Record], plain: Any) -> Record:
    """Return the record of this kind; keys that it has no field for are ignored.

    Raises
    ------
    ValueError, TypeError, KeyError
        The values do not make such a record.
    """
    return _CONVERTER.structure(plain, kind)


def _write_time(value: dt.datetime) -> str:
    zone = getattr(value.tzinfo, "key", None)
    return value.isoformat() if zone is None else f"{value.isoformat()}[{zone}]"


def _read_time(text: str, _: object) -> dt.datetime:
    moment, _, zone = text.partition("[")
    value = dt.datetime.fromisoformat(moment)
    return value.astimezone(ZoneInfo(zone.removesuffix("]"))) if zone else value


def _make_converter() -> cattrs.Converter:
    made = cattrs.Converter(
        detailed_validation=False, unstruct_collection_overrides={tuple: list}
    )
    for number in (int, float):
        made.register_unstructure_hook(number, number)
    made.register_unstructure_hook(bool, bool)
    made.register_unstructure_hook_func(
        lambda kind: getattr(kind, "__module__", "") == "numpy", lambda value: value.item()
    )
    made.register_unstructure_hook(enum.StrEnum, str)
    made.register_unstructure_hook(dt.date, dt.date.isoformat)
    made.register_unstructure_hook(dt.datetime, _write_time)
    made.register_unstructure_hook(bytes, lambda value: base64.b64encode(value).decode())
    made.register_unstructure_hook(Message, str.__str__)
    made.register_structure_hook(dt.date, lambda text, _: dt.date.fromisoformat(text))
    made.register_structure_hook(dt.datetime, _read_time)
    made.register_structure_hook(bytes, lambda text, _: base64.b64decode(text))
    return made


_CONVERTER = _make_converter()
