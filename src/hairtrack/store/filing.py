"""Where photographs are filed: queries, and the rows of subjects and visits they need."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa

from hairtrack.records import HairState, View
from hairtrack.store import log, schema
from hairtrack.store.sealed import change, find, insert, next_id

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


def need_subject(connection: sa.Connection, name: str) -> sa.RowMapping:
    """Return the row of a subject, made if there is none."""
    table = schema.subjects
    if find(connection, table, name=name) is None:
        values = {"id": next_id(connection, table), "name": name}
        values |= {"created_at": log.now(), "log_key": log.new_key()}
        insert(connection, table, values)
    found = find(connection, table, name=name)
    assert found is not None
    return found


def need_visit(connection: sa.Connection, subject_id: int, date: dt.date) -> sa.RowMapping:
    """Return the row of a visit, made if there is none."""
    key = {"subject_id": subject_id, "date": date}
    if find(connection, schema.visits, **key) is None:
        empty = {"hair_state": str(HairState.UNKNOWN), "note": ""}
        insert(connection, schema.visits, key | empty)
    found = find(connection, schema.visits, **key)
    assert found is not None
    return found


def bring_back(connection: sa.Connection, row: sa.RowMapping) -> bool:
    """Undo the deletion of a photograph; return False when it was not deleted."""
    if row["deleted_at"] is None:
        return False
    change(connection, schema.photos, row, deleted_at=None)
    key = log_key(connection, row["subject_id"])
    log.append(connection, "photo restored", key=key, photo=row["digest"])
    return True


def log_key(connection: sa.Connection, subject_id: int) -> str:
    """Return the key of a subject's entries in the log."""
    table = schema.subjects
    query = sa.select(table.c.log_key).where(table.c.id == subject_id)
    return str(connection.execute(query).scalar_one())
