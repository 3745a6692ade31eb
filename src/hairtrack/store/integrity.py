"""Does the catalogue still say what was written? Every fault is named, none is mended."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from hairtrack.errors import LibraryError
from hairtrack.messages import Message
from hairtrack.records import Fault
from hairtrack.store import schema
from hairtrack.store.catalog import Catalog
from hairtrack.store.rows import add_up, find, row_checksum

_AT_A_TIME = 500

_Rows = Sequence[Mapping[Any, Any]]


def check_catalog(catalog: Catalog) -> list[Fault]:
    """Compare every row with its checksum, and every table with what is kept of its rows.

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
                if table is not schema.table_digests:
                    faults += _check_table(connection, table)
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
    found: list[str] = []
    unread = 0
    for where, row in _read(connection, table):
        if row is None or row["checksum"] != row_checksum(table.name, row):
            yield _damaged(where)
        if row is None:
            unread += 1
        else:
            found.append(row["checksum"])
    kept = find(connection, schema.table_digests, name=table.name)
    expected = kept["rows"] if kept else 0
    if len(found) + unread != expected:
        sentence = Message(
            "Table {table} has {found} rows; {expected} were written. Restore a backup.",
            table=table.name,
            found=len(found) + unread,
            expected=expected,
        )
        less = len(found) + unread < expected
        kind = Message("row missing") if less else Message("row unknown")
        yield Fault(kind=kind, where=table.name, sentence=sentence)
    elif not unread and (kept["digest"] if kept else add_up([])) != _add_up(found):
        sentence = Message(
            "A row of table {table} is not the one that was written; restore a backup.",
            table=table.name,
        )
        yield Fault(kind=Message("row replaced"), where=table.name, sentence=sentence)


def _add_up(checksums: list[str]) -> str:
    """Return the sum of checksums, empty where one of them is none."""
    try:
        return add_up(checksums)
    except ValueError:
        return ""


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
