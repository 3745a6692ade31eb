"""Rows of the catalogue: read, inserted, updated and deleted, with their checksums.

A flipped bit inside a value passes every check of a database, and so does a lost row. Each
row has a checksum, compared before the row is updated, so that no update hides damage; of
each table the number of rows and the sum of their checksums are kept.
`hairtrack.store.integrity` compares all of them.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from hairtrack.errors import LibraryError
from hairtrack.records import View, Visit
from hairtrack.serialization import to_plain
from hairtrack.store import schema

PHOTOS = sa.select(schema.photos, schema.subjects.c.name.label("subject")).join_from(
    schema.photos, schema.subjects
)
ORDER = (
    schema.subjects.c.name,
    schema.photos.c.view,
    schema.photos.c.visit,
    sa.func.substr(schema.photos.c.taken_at, 1, 19).nulls_first(),
    schema.photos.c.digest,
)
VISITS = (
    sa.select(schema.visits, schema.subjects.c.name.label("subject"))
    .join_from(schema.visits, schema.subjects)
    .order_by(schema.subjects.c.name, schema.visits.c.date)
)


def series(
    subject: str | None = None, view: View | None = None
) -> list[sa.ColumnElement[bool]]:
    """Return what narrows a query to a subject and a view."""
    wanted: list[sa.ColumnElement[bool]] = []
    if subject is not None:
        wanted.append(schema.subjects.c.name == subject)
    if view is not None:
        wanted.append(schema.photos.c.view == str(view))
    return wanted


def presence(deleted: bool | None) -> list[sa.ColumnElement[bool]]:
    """Return what narrows a query to photographs that are there, or were deleted."""
    at = schema.photos.c.deleted_at
    if deleted is None:
        return []
    return [at.is_not(None) if deleted else at.is_(None)]


def now() -> str:
    """Return the time as the catalogue writes it."""
    return dt.datetime.now(dt.UTC).isoformat(timespec="seconds")


def to_row(record: Any, table: sa.Table) -> dict[str, Any]:
    """Return those fields of a record that the table has columns for."""
    plain = to_plain(record)
    return {name: value for name, value in plain.items() if name in table.columns}


def row_checksum(table: str, values: Mapping[Any, Any]) -> str:
    """Return the SHA-256 over the name of a table and the names and values of a row.

    The definition never changes: stored rows have checksums made by it.

    Parameters
    ----------
    table : str
        Name of the table.
    values : mapping
        Every column; the checksum itself is left out.

    Examples
    --------
    >>> row_checksum("visits", {"note": "dry", "date": "2025-03-03"})[:16]
    '0082231ded528e21'
    """
    plain = {
        name: hashlib.sha256(value).hexdigest() if isinstance(value, bytes) else value
        for name, value in values.items()
        if name != "checksum"
    }
    text = json.dumps([table, plain], sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode("ascii")).hexdigest()


def find(connection: sa.Connection, table: sa.Table, **key: Any) -> sa.RowMapping | None:
    """Return the row with this key, or `None`."""
    query = sa.select(table).where(*_same(table, key))
    return connection.execute(query).mappings().first()


def insert(connection: sa.Connection, table: sa.Table, *values: Mapping[Any, Any]) -> None:
    """Write new rows with their checksums; columns that are not named are empty."""
    names = [column.name for column in table.columns if column.name != "checksum"]
    new = [{name: one.get(name) for name in names} for one in values]
    checksums = [row_checksum(table.name, row) for row in new]
    whole = [row | {"checksum": c} for row, c in zip(new, checksums, strict=True)]
    connection.execute(table.insert(), whole)
    _count(connection, table, added=checksums)


def update(
    connection: sa.Connection, table: sa.Table, row: Mapping[Any, Any], **values: Any
) -> None:
    """Write new values into a row, with its new checksum.

    Raises
    ------
    LibraryError
        The row is not what was written.
    """
    if row["checksum"] != row_checksum(table.name, row):
        raise LibraryError(
            "A row of the catalogue (table {name}) was damaged on disk; it is "
            "left as it is. Restore a backup.",
            name=table.name,
        )
    key = {column.name: row[column.name] for column in table.primary_key}
    values["checksum"] = row_checksum(table.name, dict(row) | values)
    connection.execute(table.update().where(*_same(table, key)).values(values))
    _count(connection, table, added=[values["checksum"]], removed=[row["checksum"]])


def delete(
    connection: sa.Connection, table: sa.Table, *which: sa.ColumnElement[bool]
) -> None:
    """Delete the rows that all conditions hold for; no other row may refer to them."""
    gone = connection.execute(sa.select(table.c.checksum).where(*which)).scalars().all()
    if gone:
        connection.execute(table.delete().where(*which))
        _count(connection, table, removed=gone)


def delete_owned(
    connection: sa.Connection, table: sa.Table, which: sa.ColumnElement[bool]
) -> None:
    """Delete rows of a table and all rows of other tables that rest on them."""
    owned = find_owned(table, which)
    for one in reversed(owned):
        delete(connection, one, owned[one])


def find_owned(
    table: sa.Table, which: sa.ColumnElement[bool]
) -> dict[sa.Table, sa.ColumnElement[bool]]:
    """Return table -> which of its rows rest on rows of a table, itself first.

    Foreign keys tell, so that a new table is included by itself.
    """
    owned = {table: which}
    for one in schema.METADATA.sorted_tables:
        leads = [
            sa.and_(
                *(
                    element.parent.in_(sa.select(element.column).where(owned[parent]))
                    for element in key.elements
                )
            )
            for key in one.foreign_key_constraints
            if (parent := key.referred_table) in owned
        ]
        if leads:
            owned[one] = sa.or_(*leads)
    return owned


def add_up(checksums: Iterable[str], *, start: str = "0") -> str:
    """Return the sum of checksums modulo 2**256, in hex; their order does not matter."""
    total = sum((int(one, 16) for one in checksums), int(start, 16))
    return f"{total % 2**256:064x}"


def find_changed_tables(connection: sa.Connection) -> list[str]:
    """Return the tables whose checksums do not add up to what is kept of them."""
    kept = connection.execute(sa.select(schema.table_digests)).mappings().all()
    digests = {row["name"]: row["digest"] for row in kept}
    changed = []
    for table in schema.METADATA.sorted_tables:
        if table is not schema.table_digests:
            found = connection.execute(sa.select(table.c.checksum)).scalars()
            try:
                same = add_up(found) == digests.get(table.name, add_up([]))
            except (TypeError, ValueError):
                same = False
            if not same:
                changed.append(table.name)
    return changed


def _count(
    connection: sa.Connection,
    table: sa.Table,
    *,
    added: Sequence[str] = (),
    removed: Sequence[str] = (),
) -> None:
    """Keep the number of rows and the sum of their checksums."""
    kept = find(connection, schema.table_digests, name=table.name)
    count, digest = (kept["rows"], kept["digest"]) if kept else (0, "0")
    less = (f"{-int(one, 16) % 2**256:x}" for one in removed)
    values = {
        "name": table.name,
        "rows": count + len(added) - len(removed),
        "digest": add_up([*added, *less], start=digest),
    }
    if kept is None:
        connection.execute(schema.table_digests.insert().values(values))
    else:
        same = schema.table_digests.c.name == table.name
        connection.execute(schema.table_digests.update().where(same).values(values))


def next_id(connection: sa.Connection, table: sa.Table) -> int:
    """Return the number of the next row; the caller holds the write lock."""
    last = connection.execute(sa.select(sa.func.max(table.c.id))).scalar()
    return 1 if last is None else int(last) + 1


def add_audit(
    connection: sa.Connection, action: str, *, subject_id: int, photo: str = ""
) -> None:
    """Add an entry to the audit table: now, this happened to this subject or photograph."""
    entry = {"id": next_id(connection, schema.audit), "at": now(), "action": action}
    insert(connection, schema.audit, entry | {"subject_id": subject_id, "photo": photo})


def need_subject(connection: sa.Connection, name: str) -> sa.RowMapping:
    """Return the row of a subject, made if there is none."""
    table = schema.subjects
    if find(connection, table, name=name) is None:
        number = next_id(connection, table)
        insert(connection, table, {"id": number, "name": name, "created_at": now()})
    found = find(connection, table, name=name)
    assert found is not None
    return found


def need_visit(connection: sa.Connection, subject_id: int, date: dt.date) -> None:
    """Make the row of a visit if there is none."""
    key = {"subject_id": subject_id, "date": date.isoformat()}
    if find(connection, schema.visits, **key) is None:
        empty = to_row(Visit(subject="", date=date), schema.visits)
        insert(connection, schema.visits, empty | key)


def bring_back(connection: sa.Connection, row: sa.RowMapping) -> bool:
    """Undo the deletion of a photograph; return False when it was not deleted."""
    if row["deleted_at"] is None:
        return False
    update(connection, schema.photos, row, deleted_at=None)
    key = {"subject_id": row["subject_id"], "photo": row["digest"]}
    add_audit(connection, "photo restored", **key)
    return True


def _same(table: sa.Table, key: Mapping[Any, Any]) -> list[sa.ColumnElement[bool]]:
    return [table.c[name] == value for name, value in key.items()]
