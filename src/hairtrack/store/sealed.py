"""Rows under a seal: a digest of the row beside it, so that damage is noticed.

A flipped bit inside a value passes every check of a database. A row is sealed
when it is written and checked before it is changed, so that no change covers
damage up.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Iterable, Mapping
from typing import Any

import sqlalchemy as sa

from hairtrack.errors import LibraryError

SEAL = "row_digest"


def seal(table: str, values: Mapping[Any, Any]) -> str:
    """Return the digest of a row: SHA-256 over its table, and its names and values.

    The definition never changes: kept rows bear digests made by it.

    Parameters
    ----------
    table : str
        Name of the table.
    values : mapping
        Every column; the seal itself is left out.

    Examples
    --------
    >>> seal("visits", {"note": "dry", "date": dt.date(2025, 3, 3)})[:16]
    '0082231ded528e21'
    """
    plain = {name: _plain(value) for name, value in values.items() if name != SEAL}
    text = json.dumps([table, plain], sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode("ascii")).hexdigest()


def seal_measurement(values: Mapping[Any, Any], zones: Iterable[Mapping[Any, Any]]) -> str:
    """Return the digest of a measurement's row together with those of its zones."""
    return seal("measurements", {**values, "zones": [dict(zone) for zone in zones]})


def find(connection: sa.Connection, table: sa.Table, **key: Any) -> sa.RowMapping | None:
    """Return the row with this key, or `None`."""
    query = sa.select(table).where(*_same(table, key))
    return connection.execute(query).mappings().first()


def insert(connection: sa.Connection, table: sa.Table, values: Mapping[Any, Any]) -> None:
    """Write a new row under its seal; columns that are not named are empty."""
    row = {c.name: values.get(c.name) for c in table.columns if c.name != SEAL}
    connection.execute(table.insert().values(row | {SEAL: seal(table.name, row)}))


def change(
    connection: sa.Connection, table: sa.Table, row: Mapping[Any, Any], **values: Any
) -> None:
    """Write new values into a row and seal it again.

    Raises
    ------
    LibraryError
        The row is not what it was when it was sealed.
    """
    if row[SEAL] != seal(table.name, row):
        raise LibraryError(
            f"An entry of the catalogue (table {table.name}) was damaged on disk after it "
            "was written; it is left as it is. Restore a backup."
        )
    key = {column.name: row[column.name] for column in table.primary_key}
    new = dict(row) | values
    values[SEAL] = seal(table.name, new)
    connection.execute(table.update().where(*_same(table, key)).values(values))


def next_id(connection: sa.Connection, table: sa.Table) -> int:
    """Return the number of the next row; whoever asks holds the write lock."""
    last = connection.execute(sa.select(sa.func.max(table.c.id))).scalar()
    return 1 if last is None else int(last) + 1


def _same(table: sa.Table, key: Mapping[Any, Any]) -> list[sa.ColumnElement[bool]]:
    return [table.c[name] == value for name, value in key.items()]


def _plain(value: Any) -> Any:
    if isinstance(value, bytes):
        return hashlib.sha256(value).hexdigest()
    if isinstance(value, dt.date):
        return value.isoformat()
    return value
