"""What a person changes afterwards; each change is one transaction and is in the log.

Records go in whole: read one, replace what is wrong, save it. Deleting a
photograph only puts it aside; `purge` removes its rows for good.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from typing import Any

import sqlalchemy as sa

from hairtrack.errors import LibraryError
from hairtrack.messages import Message
from hairtrack.records import HairState, Photo, Subject, Visit
from hairtrack.store import filing, log, rows, schema
from hairtrack.store.catalog import Catalog
from hairtrack.store.sealed import change, find, insert

_UNTOLD = ("note", "camera", "name")
"""Free text: the log says that it changed, and not what it was or became."""


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
        subject = filing.need_subject(connection, photo.subject)
        filing.need_visit(connection, subject["id"], photo.visit)
        told = rows.from_photo(photo) | {"subject_id": subject["id"]}
        for name in ("digest", "width", "height", "outline", "deleted_at"):
            del told[name]
        new = _differences(row, told)
        if not new:
            _drop_visit(connection, subject["id"], photo.visit)
            return False
        change(connection, schema.photos, row, **new)
        _drop_visit(connection, row["subject_id"], row["visit"])
        _log_filing(connection, row, new)
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
        change(connection, schema.photos, row, deleted_at=log.now())
        _append(connection, "photo deleted", row)
        return True


def restore_photo(catalog: Catalog, digest: str) -> bool:
    """Undo a deletion; return False when the photograph was not deleted.

    Raises
    ------
    LibraryError
        There is no such photograph, or its row is damaged.
    """
    with catalog.database.writing() as connection:
        return filing.bring_back(connection, _need_photo(connection, digest))


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
                    Message(
                        "The photograph {digest} is not deleted; delete it first.",
                        digest=digest[:12],
                    )
                )
            remove_photo_rows(connection, schema.photos.c.digest == digest)
            _drop_visit(connection, row["subject_id"], row["visit"])
            _append(connection, "photo purged", row)


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
            values = key | {"region": region, "drawn_at": log.now()}
            insert(connection, schema.outlines, values)
        change(connection, schema.photos, row, outline=outline)
        done = "outline drawn" if region is not None else "outline taken back"
        _append(connection, done, row)
        return True


def save_subject(catalog: Catalog, subject: Subject) -> bool:
    """Keep declared start and primary zone of a subject; make the subject if needed.

    The time of a declaration is set here, and the log holds it too.

    Returns
    -------
    bool
        False when nothing differs.
    """
    with catalog.database.writing() as connection:
        row = filing.need_subject(connection, subject.name)
        new = _differences(row, rows.from_subject(subject))
        if not new:
            return False
        declared = {}
        if new.keys() & {"primary_view", "primary_zone"}:
            declared = {"declared_at": None if subject.primary_zone is None else log.now()}
        change(connection, schema.subjects, row, **new, **declared)
        log.append(connection, "subject changed", key=row["log_key"], **_tell(row, new))
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
            raise LibraryError(Message("This library has no subject {name!r}.", name=name))
        if find(connection, schema.subjects, name=to) is not None:
            raise LibraryError(
                Message(
                    "There is a subject {to!r} already; file photographs with it instead.",
                    to=to,
                )
            )
        change(connection, schema.subjects, row, name=to)
        log.append(connection, "subject changed", key=row["log_key"], name="changed")


def save_visit(catalog: Catalog, visit: Visit) -> bool:
    """Keep what is known of the hair on one day; return False when nothing differs.

    A day without photographs goes when nothing is known of it any more.

    Raises
    ------
    LibraryError
        There are no photographs of that subject and day.
    """
    with catalog.database.writing() as connection:
        row = (
            connection.execute(
                filing.VISITS.where(
                    schema.subjects.c.name == visit.subject,
                    schema.visits.c.date == visit.date,
                )
            )
            .mappings()
            .first()
        )
        if row is None:
            raise LibraryError(
                Message(
                    "There is no visit of {subject} on {date}.",
                    subject=visit.subject,
                    date=visit.date,
                )
            )
        stored = {column.name: row[column.name] for column in schema.visits.columns}
        new = _differences(stored, rows.from_visit(visit))
        if not new:
            return False
        change(connection, schema.visits, stored, **new)
        key, day = filing.log_key(connection, row["subject_id"]), visit.date.isoformat()
        log.append(connection, "visit changed", key=key, visit=day, **_tell(stored, new))
        _drop_visit(connection, row["subject_id"], visit.date)
        return True


def remove_photo_rows(connection: sa.Connection, which: sa.ColumnElement[bool]) -> None:
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


def _need_photo(connection: sa.Connection, digest: str) -> sa.RowMapping:
    row = find(connection, schema.photos, digest=digest)
    if row is None:
        raise LibraryError(
            Message("This library has no photograph {digest}.", digest=digest[:12])
        )
    return row


def _differences(row: Mapping[Any, Any], told: Mapping[Any, Any]) -> dict[str, Any]:
    return {name: value for name, value in told.items() if row[name] != value}


def _tell(row: Mapping[Any, Any], new: Mapping[Any, Any]) -> dict[str, Any]:
    """Return changes as the log tells them: from and to, but never what a person wrote."""
    return {
        name: "changed" if name in _UNTOLD else [_plain(row[name]), _plain(value)]
        for name, value in new.items()
    }


def _plain(value: Any) -> Any:
    return value if value is None or isinstance(value, (str, float)) else str(value)


def _append(connection: sa.Connection, action: str, photo: Mapping[Any, Any]) -> None:
    key = filing.log_key(connection, photo["subject_id"])
    log.append(connection, action, key=key, photo=photo["digest"])


def _log_filing(
    connection: sa.Connection, row: Mapping[Any, Any], new: Mapping[Any, Any]
) -> None:
    """Tell of a changed photograph under its subject, or under both when that changed."""
    key = filing.log_key(connection, row["subject_id"])
    detail = {name: value for name, value in new.items() if name != "subject_id"}
    if "subject_id" not in new:
        told = _tell(row, detail)
        log.append(connection, "photo changed", key=key, photo=row["digest"], **told)
        return
    log.append(connection, "photo assigned elsewhere", key=key, photo=row["digest"])
    key = filing.log_key(connection, new["subject_id"])
    told = _tell(row, detail)
    log.append(connection, "photo assigned here", key=key, photo=row["digest"], **told)


def _drop_visit(connection: sa.Connection, subject_id: int, date: object) -> None:
    """Remove a visit of which no photograph is left and nothing is known."""
    table, photos = schema.visits, schema.photos
    left = sa.select(photos.c.digest).where(
        photos.c.subject_id == subject_id, photos.c.visit == date
    )
    unknown = [
        table.c[name].is_(None) for name in ("hair_length_mm", "haircut_on", "dyed_on")
    ]
    connection.execute(
        table.delete().where(
            table.c.subject_id == subject_id,
            table.c.date == date,
            table.c.note == "",
            table.c.hair_state == str(HairState.UNKNOWN),
            ~sa.exists(left),
            *unknown,
        )
    )
