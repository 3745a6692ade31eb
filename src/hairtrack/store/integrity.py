"""Does the catalogue still say what was written? Every fault is named, none is mended."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any

import sqlalchemy as sa

from hairtrack.errors import LibraryError
from hairtrack.messages import Message
from hairtrack.records import Fault
from hairtrack.store import results, schema
from hairtrack.store.catalog import Catalog
from hairtrack.store.rows import row_checksum

_AT_A_TIME = 500

_Rows = Sequence[Mapping[Any, Any]]


def check_catalog(catalog: Catalog) -> list[Fault]:
    """Compare every row with its checksum, and the photographs with the audit table.

    Parameters
    ----------
    catalog : Catalog
        Open catalogue.

    Returns
    -------
    list of Fault
        Empty when every row is as it was written and none is missing.
    """
    faults: list[Fault] = []
    try:
        with catalog.database.reading() as connection:
            faults += _check_database(connection)
            for table in schema.METADATA.sorted_tables:
                if table is schema.measurements:
                    faults += _check_measurements(connection)
                elif "checksum" in table.columns:
                    faults += _check_table(connection, table)
            faults += _check_presence(connection)
    except LibraryError as error:
        faults.append(_database_fault(str(error)))
    return faults


def _check_database(connection: sa.Connection) -> Iterator[Fault]:
    """Ask SQLite itself; PostgreSQL holds its rules at every write."""
    if connection.dialect.name != "sqlite":
        return
    for (told,) in connection.exec_driver_sql("PRAGMA integrity_check"):
        if told != "ok":
            yield _database_fault(
                Message("SQLite finds the catalogue damaged: {told}.", told=told)
            )
    for table, number, parent, _ in connection.exec_driver_sql("PRAGMA foreign_key_check"):
        sentence = Message(
            "Row {number} of {table} refers to a row of {parent} that is gone.",
            number=number,
            table=table,
            parent=parent,
        )
        yield Fault(
            kind=Message("row missing"), where=f"{table} {number}", sentence=sentence
        )


def _check_table(connection: sa.Connection, table: sa.Table) -> Iterator[Fault]:
    for where, row in _read(connection, table):
        if row is None or row["checksum"] != row_checksum(table.name, row):
            yield _damaged(where)


def _check_measurements(connection: sa.Connection) -> Iterator[Fault]:
    zones = schema.zones
    by_measurement = groupby(
        _read(connection, zones), key=lambda found: _owner(found[1], found[0])
    )
    inner: dict[Any, list[Mapping[Any, Any] | None]] = {}
    waiting = iter(by_measurement)
    for where, row in _read(connection, schema.measurements):
        if row is None:
            yield _damaged(where)
            continue
        while row["id"] not in inner and (group := next(waiting, None)) is not None:
            inner[group[0]] = [found for _, found in group[1]]
        mine = inner.pop(row["id"], [])
        inside = [zone for zone in mine if zone is not None]
        if len(inside) < len(mine) or row["checksum"] != results.checksum(row, inside):
            yield _damaged(where)


def _owner(row: Mapping[Any, Any] | None, where: str) -> Any:
    return where if row is None else row["measurement_id"]


def _check_presence(connection: sa.Connection) -> Iterator[Fault]:
    """Compare the photographs with those that the audit table says there must be."""
    table = schema.audit
    query = (
        sa.select(table.c.action, table.c.photo)
        .where(table.c.photo != "")
        .order_by(table.c.id)
    )
    expected: set[str] = set()
    for action, photo in connection.execute(query):
        if action == "photo purged":
            expected.discard(photo)
        else:
            expected.add(photo)
    there = set(connection.execute(sa.select(schema.photos.c.digest)).scalars())
    for digest in sorted(there - expected):
        yield Fault(
            kind=Message("row unknown"),
            where=f"photos {digest[:12]}",
            sentence=Message(
                "The audit table does not tell of the photograph {digest}.",
                digest=digest[:12],
            ),
        )
    for digest in sorted(expected - there):
        yield Fault(
            kind=Message("row missing"),
            where=f"photos {digest[:12]}",
            sentence=Message(
                "The photograph {digest} is in the audit table, but not in the catalogue.",
                digest=digest[:12],
            ),
        )


def _read(
    connection: sa.Connection, table: sa.Table
) -> Iterator[tuple[str, Mapping[Any, Any] | None]]:
    """Yield where each row lies, and the row, or `None` where it cannot be read."""
    start = 0
    query = sa.select(table).order_by(*table.primary_key)
    while True:
        part = query.limit(_AT_A_TIME).offset(start)
        found = _try(connection, part)
        if found is not None:
            yield from ((_where(table, row), row) for row in found)
        else:
            found = []
            for number in range(start, start + _AT_A_TIME):
                one = _try(connection, query.limit(1).offset(number))
                if one == []:
                    break
                found.append({})
                where = f"{table.name}, row {number + 1}"
                yield (where, None) if one is None else (_where(table, one[0]), one[0])
        start += len(found)
        if len(found) < _AT_A_TIME:
            return


def _try(connection: sa.Connection, query: sa.Select[Any]) -> _Rows | None:
    """Return the rows, or `None` where a value is no longer of its kind."""
    try:
        return list(connection.execute(query).mappings())
    except (TypeError, ValueError):
        return None


def _where(table: sa.Table, row: Mapping[Any, Any]) -> str:
    key: Iterable[str] = (str(row[column.name])[:12] for column in table.primary_key)
    return f"{table.name} {' '.join(key)}"


def _damaged(where: str) -> Fault:
    sentence = Message(
        "An entry of the catalogue ({where}) is not what was written; restore a backup.",
        where=where,
    )
    return Fault(kind=Message("row damaged"), where=where, sentence=sentence)


def _database_fault(sentence: str) -> Fault:
    return Fault(kind="database", where="catalogue", sentence=sentence)
