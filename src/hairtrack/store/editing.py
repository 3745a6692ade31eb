"""What a person changes afterwards; each change is one transaction.

Records are saved whole: read one, replace what is wrong, save it. Deleting a photograph
only puts it aside; `purge_photos` removes its rows for good. The audit table tells of
each change. All rows of one subject can be collected for an export, or erased.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterable, Mapping
from typing import Any

import sqlalchemy as sa

from hairtrack.errors import LibraryError
from hairtrack.records import Photo, Subject, Visit
from hairtrack.serialization import to_plain
from hairtrack.store import rows, schema
from hairtrack.store.catalog import Catalog
from hairtrack.store.rows import add_audit, find, now, to_row, update


def save_photo(catalog: Catalog, photo: Photo) -> bool:
    """File a photograph as this record says; return False when nothing differs.

    Subject, visit, view, date, hair state, camera and note may be changed. Its
    numbers under the old filing stay, and hold again when it is filed back.

    Raises
    ------
    LibraryError
        There is no such photograph, or its row is damaged.
    """
    with catalog.database.writing() as connection:
        row = _need_photo(connection, photo.digest)
        number = rows.need_subject(connection, photo.subject)["id"]
        rows.need_visit(connection, number, photo.visit)
        fixed = {"digest", "width", "height", "outline", "deleted_at"}
        filed = to_row(photo, schema.photos) | {"subject_id": number}
        new = _differences(row, filed, without=fixed)
        if not new:
            _drop_visit(connection, number, photo.visit.isoformat())
            return False
        update(connection, schema.photos, row, **new)
        _drop_visit(connection, row["subject_id"], row["visit"])
        add_audit(connection, "photo changed", subject_id=number, photo=photo.digest)
        return True


def delete_photo(catalog: Catalog, digest: str) -> bool:
    """Put a photograph aside; return False when it was aside already.

    Raises
    ------
    LibraryError
        There is no such photograph, or its row is damaged.
    """
    with catalog.database.writing() as connection:
        row = _need_photo(connection, digest)
        if row["deleted_at"] is not None:
            return False
        update(connection, schema.photos, row, deleted_at=now())
        _audit_photo(connection, "photo deleted", row)
        return True


def restore_photo(catalog: Catalog, digest: str) -> bool:
    """Undo a deletion; return False when the photograph was not deleted.

    Raises
    ------
    LibraryError
        There is no such photograph, or its row is damaged.
    """
    with catalog.database.writing() as connection:
        return rows.bring_back(connection, _need_photo(connection, digest))


def purge_photos(catalog: Catalog, digests: Iterable[str]) -> None:
    """Remove deleted photographs for good: rows, outlines and numbers.

    Raises
    ------
    LibraryError
        One of them is not there, or was not deleted before.
    """
    with catalog.database.writing() as connection:
        for digest in digests:
            row = _need_photo(connection, digest)
            if row["deleted_at"] is None:
                raise LibraryError(
                    "The photograph {digest} is not deleted; delete it first.",
                    digest=digest[:12],
                )
            rows.delete_owned(connection, schema.photos, schema.photos.c.digest == digest)
            _drop_visit(connection, row["subject_id"], row["visit"])
            _audit_photo(connection, "photo purged", row)


def save_outline(catalog: Catalog, digest: str, region: bytes | None) -> bool:
    """Keep the scalp outline that a person drew; return False when nothing differs.

    Numbers taken within another outline stay, and hold again when it does.

    Parameters
    ----------
    catalog : Catalog
        Open catalogue.
    digest : str
        Of the photograph.
    region : bytes or None
        PNG of the photograph's size, white on scalp; `None` to let the program
        find the scalp again.

    Raises
    ------
    LibraryError
        There is no such photograph, or its row is damaged.
    """
    with catalog.database.writing() as connection:
        row = _need_photo(connection, digest)
        outline = None if region is None else hashlib.sha256(region).hexdigest()
        if outline == row["outline"]:
            return False
        key = {"photo": digest, "digest": outline}
        if region is not None and find(connection, schema.outlines, **key) is None:
            values = key | {"region": region, "drawn_at": now()}
            rows.insert(connection, schema.outlines, values)
        update(connection, schema.photos, row, outline=outline)
        done = "outline drawn" if region is not None else "outline taken back"
        _audit_photo(connection, done, row)
        return True


def save_subject(catalog: Catalog, subject: Subject) -> bool:
    """Keep declared start and primary zone of a subject; make the subject if needed.

    The time of a declaration is set here.

    Returns
    -------
    bool
        False when nothing differs.
    """
    with catalog.database.writing() as connection:
        row = rows.need_subject(connection, subject.name)
        told = to_row(subject, schema.subjects)
        new = _differences(row, told, without={"name", "declared_at"})
        if not new:
            return False
        if new.keys() & {"primary_view", "primary_zone"}:
            new["declared_at"] = None if subject.primary_zone is None else now()
        update(connection, schema.subjects, row, **new)
        add_audit(connection, "subject changed", subject_id=row["id"])
        return True


def rename_subject(catalog: Catalog, name: str, *, to: str) -> None:
    """Give a subject another name.

    Raises
    ------
    LibraryError
        There is no such subject, or the new name is taken.
    """
    with catalog.database.writing() as connection:
        row = find(connection, schema.subjects, name=name)
        if row is None:
            raise LibraryError("This library has no subject {name!r}.", name=name)
        if find(connection, schema.subjects, name=to) is not None:
            raise LibraryError(
                "There is a subject {to!r} already; file photographs with it instead.",
                to=to,
            )
        update(connection, schema.subjects, row, name=to)
        add_audit(connection, "subject renamed", subject_id=row["id"])


def save_visit(catalog: Catalog, visit: Visit) -> bool:
    """Keep what is known of the hair on one day; return False when nothing differs.

    A day without photographs goes when nothing is known of it any more.

    Raises
    ------
    LibraryError
        There are no photographs of that subject and day.
    """
    with catalog.database.writing() as connection:
        owner = find(connection, schema.subjects, name=visit.subject)
        key = {"subject_id": owner and owner["id"], "date": visit.date.isoformat()}
        row = find(connection, schema.visits, **key)
        if row is None:
            raise LibraryError(
                "There is no visit of {subject} on {date}.",
                subject=visit.subject,
                date=visit.date,
            )
        new = _differences(row, to_row(visit, schema.visits))
        if not new:
            return False
        update(connection, schema.visits, row, **new)
        add_audit(connection, "visit changed", subject_id=row["subject_id"])
        _drop_visit(connection, row["subject_id"], row["date"])
        return True


def subject_rows(catalog: Catalog, name: str) -> dict[str, list[dict[str, Any]]]:
    """Return every row that belongs to a subject, of every table, as plain values.

    Foreign keys tell to whom a row belongs, so that a new table is included by itself;
    what the rows refer to, such as methods, is included too.

    Returns
    -------
    dict
        Table -> rows; bytes in base 64.
    """
    subjects = schema.subjects
    owned = rows.find_owned(subjects, subjects.c.name == name)
    numbers = sa.select(subjects.c.id).where(subjects.c.name == name)
    owned[schema.audit] = schema.audit.c.subject_id.in_(numbers)
    measured = sa.select(schema.measurements.c.method_id).where(owned[schema.measurements])
    owned[schema.methods] = schema.methods.c.id.in_(measured)
    with catalog.database.reading() as connection:
        found = {
            table.name: connection.execute(sa.select(table).where(which)).mappings()
            for table, which in owned.items()
        }
        return {
            table: [
                {key: to_plain(row[key]) for key in row if key != "checksum"}
                for row in group
            ]
            for table, group in found.items()
        }


def erase_subject(catalog: Catalog, name: str) -> bool:
    """Remove all rows of a subject; return False when there is no such subject.

    Of the audit table one entry stays: that a subject with this number was erased.
    SQLite writes zeros over what is deleted; `Database.scrub` then empties its log.
    """
    with catalog.database.writing() as connection:
        row = find(connection, schema.subjects, name=name)
        if row is None:
            return False
        number = row["id"]
        add_audit(connection, "subject erased", subject_id=number)
        _remove_audit(connection, number)
        rows.delete_owned(connection, schema.subjects, schema.subjects.c.id == number)
        return True


def _remove_audit(connection: sa.Connection, number: int) -> None:
    """Delete the entries of a subject, and of photographs that belong to no other one."""
    table, photos = schema.audit, schema.photos
    mine = table.c.subject_id == number
    told = set(connection.execute(sa.select(table.c.photo).where(mine)).scalars())
    others = sa.select(photos.c.digest).where(photos.c.subject_id != number)
    for photo in told - {"", *connection.execute(others).scalars()}:
        rows.delete(connection, table, table.c.photo == photo)
    rows.delete(connection, table, mine, table.c.action != "subject erased")


def _need_photo(connection: sa.Connection, digest: str) -> sa.RowMapping:
    row = find(connection, schema.photos, digest=digest)
    if row is None:
        raise LibraryError("This library has no photograph {digest}.", digest=digest[:12])
    return row


def _differences(
    row: Mapping[Any, Any], values: Mapping[str, Any], *, without: Iterable[str] = ()
) -> dict[str, Any]:
    """Return the values that a row does not have yet."""
    return {
        name: value
        for name, value in values.items()
        if name not in without and row[name] != value
    }


def _audit_photo(connection: sa.Connection, action: str, photo: Mapping[Any, Any]) -> None:
    add_audit(connection, action, subject_id=photo["subject_id"], photo=photo["digest"])


def _drop_visit(connection: sa.Connection, subject_id: int, date: str) -> None:
    """Remove a visit of which no photograph is left and nothing is known."""
    table, photos = schema.visits, schema.photos
    here = (photos.c.subject_id == subject_id) & (photos.c.visit == date)
    empty = to_row(Visit(subject="", date=dt.date.fromisoformat(date)), table)
    rows.delete(
        connection,
        table,
        table.c.subject_id == subject_id,
        *(table.c[name].is_not_distinct_from(value) for name, value in empty.items()),
        ~sa.exists(sa.select(photos.c.digest).where(here)),
    )
