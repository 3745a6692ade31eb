"""Does the catalogue still say what was written? Every fault is named, none is mended."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any

import sqlalchemy as sa

from hairtrack.errors import LibraryError
from hairtrack.messages import Message
from hairtrack.records import Fault, Method
from hairtrack.store import log, rows, schema
from hairtrack.store.catalog import Catalog
from hairtrack.store.course_tables import COURSE_TABLES
from hairtrack.store.sealed import SEAL, seal, seal_measurement

_AT_A_TIME = 500
_SEALED = (
    schema.subjects,
    schema.visits,
    schema.photos,
    schema.outlines,
    schema.baselines,
    *COURSE_TABLES,
)

_Rows = Sequence[Mapping[Any, Any]]


def check_catalog(catalog: Catalog) -> list[Fault]:
    """Compare every row with its seal and with the log; list all faults.

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
            for table in _SEALED:
                faults += _check_table(connection, table)
            faults += _check_measurements(connection)
            faults += _check_methods(connection)
            faults += _check_presence(connection)
    except LibraryError as error:
        faults.append(_database_fault(str(error)))
    return faults


def check_log(catalog: Catalog) -> list[Fault]:
    """Follow the chain of the change log from its first entry to its last.

    Parameters
    ----------
    catalog : Catalog
        Open catalogue.

    Returns
    -------
    list of Fault
        Empty when no entry was altered, put in or taken out.
    """
    try:
        with catalog.database.reading() as connection:
            head = connection.execute(sa.select(schema.library.c.log_head)).scalar_one()
            entries, faults = [], []
            for where, row in _read(connection, schema.changes):
                if row is None:
                    faults.append(_damaged(where, kind=Message("log damaged")))
                else:
                    entries.append(row)
            broken = log.break_points(entries, head=head)
            faults += [
                Fault(kind=Message("log damaged"), where="changes", sentence=sentence)
                for sentence in broken
            ]
            return faults
    except LibraryError as error:
        return [_database_fault(str(error))]


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
        if row is None or row[SEAL] != seal(table.name, row):
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
        if None in mine or row[SEAL] != seal_measurement(row, [z for z in mine if z]):
            yield _damaged(where)


def _owner(row: Mapping[Any, Any] | None, where: str) -> Any:
    return where if row is None else row["measurement_id"]


def _check_methods(connection: sa.Connection) -> Iterator[Fault]:
    for where, row in _read(connection, schema.methods):
        if row is None or not _holds(row):
            yield _damaged(where)


def _holds(row: Mapping[Any, Any]) -> bool:
    try:
        method: Method = rows.to_method(row)
    except (TypeError, ValueError):
        return False
    return bool(method.key == row["key"])


def _check_presence(connection: sa.Connection) -> Iterator[Fault]:
    """Compare the photographs there are with those that the log says there must be."""
    owners = sa.select(schema.subjects.c.id, schema.subjects.c.log_key)
    keys: dict[int, str] = dict(map(tuple, connection.execute(owners)))
    known = {log.tag(key, "subject") for key in keys.values()}
    expected: set[str] = set()
    table = schema.changes
    told = sa.select(table.c.action, table.c.subject, table.c.photo).order_by(table.c.id)
    for action, subject, photo in connection.execute(told):
        if subject in known and action in log.ADDED:
            expected.add(photo)
        elif action in log.REMOVED:
            expected.discard(photo)
    there = sa.select(schema.photos.c.digest, schema.photos.c.subject_id)
    for digest, subject in connection.execute(there):
        tag = log.tag(keys[subject], digest) if subject in keys else ""
        if tag in expected:
            expected.discard(tag)
        else:
            yield Fault(
                kind=Message("row unknown"),
                where=Message("photos {digest}", digest=digest[:12]),
                sentence=Message(
                    "The change log knows nothing of the photograph {digest}.",
                    digest=digest[:12],
                ),
            )
    for tag in sorted(expected):
        yield Fault(
            kind=Message("row missing"),
            where=Message("changes {tag}", tag=tag[:12]),
            sentence=Message(
                "A photograph that the change log tells of is not in the catalogue."
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


def _damaged(where: str, *, kind: str = Message("row damaged")) -> Fault:
    sentence = Message(
        "An entry of the catalogue ({where}) is not what was written; restore a backup.",
        where=where,
    )
    return Fault(kind=kind, where=where, sentence=sentence)


def _database_fault(sentence: str) -> Fault:
    return Fault(kind="database", where="catalogue", sentence=sentence)
