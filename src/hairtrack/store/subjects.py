"""All rows of one subject: collected for an export, or removed for good."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from hairtrack.serialization import to_plain
from hairtrack.store import rows, schema
from hairtrack.store.catalog import Catalog


def subject_rows(catalog: Catalog, name: str) -> dict[str, list[dict[str, Any]]]:
    """Return every row that belongs to a subject, of every table, as plain values.

    Foreign keys tell to whom a row belongs, so that a new table is included by itself;
    what the rows refer to, such as methods, is included too.

    Returns
    -------
    dict
        Table -> rows; bytes in base 64.
    """
    wanted = _conditions(name)
    with catalog.database.reading() as connection:
        found = {
            table.name: connection.execute(sa.select(table).where(wanted[table])).mappings()
            for table in schema.METADATA.sorted_tables
            if table in wanted
        }
        return {
            table: [
                {key: to_plain(row[key]) for key in row if key != "checksum"}
                for row in group
            ]
            for table, group in found.items()
        }


def remove_photos(connection: sa.Connection, which: sa.ColumnElement[bool]) -> None:
    """Delete the rows of photographs with all numbers that rest on them."""
    gone = sa.select(schema.photos.c.digest).where(which)
    measured = schema.measurements
    rests = measured.c.photo.in_(gone) | measured.c.baseline.in_(gone)
    inner = schema.zones.c.measurement_id.in_(sa.select(measured.c.id).where(rests))
    connection.execute(schema.zones.delete().where(inner))
    connection.execute(measured.delete().where(rests))
    for table in (schema.baselines, schema.outlines):
        connection.execute(table.delete().where(table.c.photo.in_(gone)))
    connection.execute(schema.photos.delete().where(which))


def erase_subject(catalog: Catalog, name: str) -> bool:
    """Remove all rows of a subject; return False when there is no such subject.

    Of the audit table one entry stays: that a subject with this number was erased.
    SQLite writes zeros over what is deleted; `Database.scrub` then empties its log.
    """
    with catalog.database.writing() as connection:
        row = rows.find(connection, schema.subjects, name=name)
        if row is None:
            return False
        number = row["id"]
        rows.add_audit(connection, "subject erased", subject_id=number)
        _remove_audit(connection, number)
        remove_photos(connection, schema.photos.c.subject_id == number)
        for table in (schema.baselines, schema.visits):
            connection.execute(table.delete().where(table.c.subject_id == number))
        connection.execute(schema.subjects.delete().where(schema.subjects.c.id == number))
        return True


def _remove_audit(connection: sa.Connection, number: int) -> None:
    """Delete the entries of a subject, and of photographs that belong to no other one."""
    table, photos = schema.audit, schema.photos
    mine = table.c.subject_id == number
    told = set(connection.execute(sa.select(table.c.photo).where(mine)).scalars())
    others = sa.select(photos.c.digest).where(photos.c.subject_id != number)
    for photo in told - {"", *connection.execute(others).scalars()}:
        connection.execute(table.delete().where(table.c.photo == photo))
    connection.execute(table.delete().where(mine, table.c.action != "subject erased"))


def _conditions(name: str) -> Mapping[sa.Table, sa.ColumnElement[bool]]:
    """Return table -> which of its rows belong to the subject."""
    subjects = schema.subjects
    numbers = sa.select(subjects.c.id).where(subjects.c.name == name)
    wanted: dict[sa.Table, sa.ColumnElement[bool]] = {
        subjects: subjects.c.name == name,
        schema.audit: schema.audit.c.subject_id.in_(numbers),
    }
    for table in schema.METADATA.sorted_tables:
        leads = [
            sa.and_(
                *(
                    element.parent.in_(sa.select(element.column).where(wanted[parent]))
                    for element in key.elements
                )
            )
            for key in table.foreign_key_constraints
            if (parent := key.referred_table) in wanted
        ]
        if leads:
            wanted[table] = sa.or_(*leads)
    for table in list(wanted):
        for key in table.foreign_key_constraints:
            if key.referred_table not in wanted:
                (element,) = key.elements
                used = sa.select(element.parent).where(wanted[table])
                wanted[key.referred_table] = element.column.in_(used)
    return wanted
