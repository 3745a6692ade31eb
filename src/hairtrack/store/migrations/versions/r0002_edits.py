"""Form 2: visits, edits that can be undone, outlines, seals and the change log.

Downgrading loses what form 1 has no place for: visits, outlines and their
numbers, declared starts and zones, and the log. Deleted photographs come back.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from itertools import groupby
from operator import itemgetter
from typing import Any

import sqlalchemy as sa
from alembic import op

from hairtrack.store import log
from hairtrack.store.migrations.rebuild import SetAside
from hairtrack.store.migrations.versions import r0001_first as first
from hairtrack.store.sealed import insert, seal_measurement

revision = "r0002"
down_revision = "r0001"

METADATA = sa.MetaData()

_TEXT = sa.String().with_variant(sa.String(collation="C"), "postgresql")


_VIEWS = "'vertex', 'midline', 'frontal', 'temporal_left', 'temporal_right', 'occipital'"


def _number() -> sa.Column[int]:
    return sa.Column("id", sa.Integer, primary_key=True, autoincrement=False)


def _view(**options: Any) -> sa.Column[str]:
    return sa.Column("view", _TEXT, sa.CheckConstraint(f"view IN ({_VIEWS})"), **options)


def _hair_state() -> sa.Column[str]:
    check = sa.CheckConstraint("hair_state IN ('unknown', 'dry', 'wet', 'oily', 'product')")
    return sa.Column("hair_state", _TEXT, check, nullable=False)


def _seal() -> sa.Column[str]:
    return sa.Column("row_digest", sa.String(64), nullable=False)


library = sa.Table(
    "library",
    METADATA,
    sa.Column("id", sa.Integer, sa.CheckConstraint("id = 1"), primary_key=True),
    sa.Column("library_id", _TEXT, nullable=False),
    sa.Column("schema_version", sa.Integer, nullable=False),
    sa.Column("created_at", _TEXT, nullable=False),
    sa.Column("log_head", _TEXT, nullable=False, server_default=""),
)

subjects = sa.Table(
    "subjects",
    METADATA,
    _number(),
    sa.Column("name", _TEXT, sa.CheckConstraint("name <> ''"), nullable=False),
    sa.Column("created_at", _TEXT, nullable=False),
    sa.Column("started_at", sa.Date),
    sa.Column("primary_view", _TEXT, sa.CheckConstraint(f"primary_view IN ({_VIEWS})")),
    sa.Column("primary_zone", _TEXT),
    sa.Column("declared_at", _TEXT),
    sa.Column("log_key", sa.String(64), nullable=False),
    _seal(),
    sa.UniqueConstraint("name"),
    sa.CheckConstraint("(primary_view IS NULL) = (primary_zone IS NULL)"),
)

visits = sa.Table(
    "visits",
    METADATA,
    sa.Column("subject_id", sa.ForeignKey("subjects.id"), primary_key=True),
    sa.Column("date", sa.Date, primary_key=True),
    _hair_state(),
    sa.Column(
        "hair_length_mm", sa.Float, sa.CheckConstraint("hair_length_mm BETWEEN 0 AND 3000")
    ),
    sa.Column("haircut_on", sa.Date),
    sa.Column("dyed_on", sa.Date),
    sa.Column("note", _TEXT, nullable=False),
    _seal(),
)

photos = sa.Table(
    "photos",
    METADATA,
    sa.Column(
        "digest", sa.String(64), sa.CheckConstraint("length(digest) = 64"), primary_key=True
    ),
    sa.Column("subject_id", sa.ForeignKey("subjects.id"), nullable=False),
    sa.Column("visit", sa.Date, nullable=False),
    _view(nullable=False),
    sa.Column("taken_at", _TEXT),
    sa.Column(
        "taken_from",
        _TEXT,
        sa.CheckConstraint("taken_from IN ('exif', 'file name', 'person', 'unknown')"),
        nullable=False,
    ),
    sa.Column("width", sa.Integer, sa.CheckConstraint("width > 0"), nullable=False),
    sa.Column("height", sa.Integer, sa.CheckConstraint("height > 0"), nullable=False),
    _hair_state(),
    sa.Column("camera", _TEXT, nullable=False),
    sa.Column("note", _TEXT, nullable=False),
    sa.Column("imported_at", _TEXT, nullable=False),
    sa.Column("outline", sa.String(64)),
    sa.Column("deleted_at", _TEXT),
    _seal(),
    sa.ForeignKeyConstraint(["subject_id", "visit"], ["visits.subject_id", "visits.date"]),
    sa.Index("photos_by_series", "subject_id", "view", "visit", "deleted_at"),
    sa.Index("photos_by_visit", "subject_id", "visit"),
)

outlines = sa.Table(
    "outlines",
    METADATA,
    sa.Column("photo", sa.ForeignKey("photos.digest"), primary_key=True),
    sa.Column("digest", sa.String(64), primary_key=True),
    sa.Column("region", sa.LargeBinary, nullable=False),
    sa.Column("drawn_at", _TEXT, nullable=False),
    _seal(),
)

baselines = sa.Table(
    "baselines",
    METADATA,
    sa.Column("subject_id", sa.ForeignKey("subjects.id"), primary_key=True),
    _view(primary_key=True),
    sa.Column("place", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("photo", sa.ForeignKey("photos.digest"), nullable=False),
    sa.Column("chosen_at", _TEXT, nullable=False),
    _seal(),
    sa.UniqueConstraint("subject_id", "view", "photo"),
    sa.Index("baselines_by_photo", "photo"),
)

methods = sa.Table(
    "methods",
    METADATA,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("key", _TEXT, nullable=False),
    sa.Column("name", _TEXT, nullable=False),
    sa.Column("version", _TEXT, nullable=False),
    sa.Column("parameters", sa.JSON, nullable=False),
    sa.UniqueConstraint("key"),
)

measurements = sa.Table(
    "measurements",
    METADATA,
    _number(),
    sa.Column("photo", sa.ForeignKey("photos.digest"), nullable=False),
    sa.Column("baseline", sa.ForeignKey("photos.digest"), nullable=False),
    sa.Column("method_id", sa.ForeignKey("methods.id"), nullable=False),
    sa.Column("outline", sa.String(64), nullable=False),
    sa.Column("baseline_outline", sa.String(64), nullable=False),
    sa.Column("view", _TEXT, nullable=False),
    sa.Column("flags", sa.JSON, nullable=False),
    sa.Column("numbers", sa.JSON, nullable=False),
    sa.Column("registration", sa.JSON(none_as_null=True)),
    sa.Column("refused", _TEXT),
    sa.Column("measured_at", _TEXT, nullable=False),
    _seal(),
    sa.UniqueConstraint("photo", "baseline", "method_id", "outline", "baseline_outline"),
    sa.Index("measurements_by_baseline", "baseline"),
)

zones = sa.Table(
    "zones",
    METADATA,
    sa.Column("measurement_id", sa.ForeignKey("measurements.id"), primary_key=True),
    sa.Column("position", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("zone", _TEXT, nullable=False),
    sa.Column(
        "visible_scalp", sa.Float, sa.CheckConstraint("visible_scalp BETWEEN 0 AND 1")
    ),
    sa.Column(
        "standard_error", sa.Float, sa.CheckConstraint("standard_error BETWEEN 0 AND 10")
    ),
    sa.Column("area_px", sa.Integer, sa.CheckConstraint("area_px >= 0"), nullable=False),
    sa.Column("seen", sa.Float, sa.CheckConstraint("seen BETWEEN 0 AND 1"), nullable=False),
    sa.UniqueConstraint("measurement_id", "zone"),
)

changes = sa.Table(
    "changes",
    METADATA,
    _number(),
    sa.Column("at", _TEXT, nullable=False),
    sa.Column("action", _TEXT, nullable=False),
    sa.Column("subject", _TEXT, nullable=False),
    sa.Column("photo", _TEXT, nullable=False),
    sa.Column("detail", sa.JSON, nullable=False),
    sa.Column("previous", _TEXT, nullable=False),
    sa.Column("digest", _TEXT, nullable=False),
)

_STAY = "The change log is only added to."


def upgrade() -> None:
    """Rebuild the tables; seal every row, and enter every photograph in the log."""
    connection = op.get_bind()
    aside = SetAside(connection, first.METADATA)
    METADATA.create_all(connection)
    for row in aside.rows("library", order=["id"]):
        connection.execute(library.insert().values(row | {"schema_version": 2}))
    keys = {}
    for row in aside.rows("subjects", order=["id"]):
        keys[row["id"]] = log.new_key()
        insert(connection, subjects, row | {"log_key": keys[row["id"]]})
    _bring_photos(connection, aside)
    for row in aside.rows("baselines", order=["subject_id", "view"]):
        insert(connection, baselines, row | {"place": 0})
    for row in aside.rows("methods", order=["id"]):
        connection.execute(methods.insert().values(row))
    for row, inner in _measured(aside):
        full = row | {"outline": "", "baseline_outline": ""}
        seal = seal_measurement(full, inner)
        connection.execute(measurements.insert().values(full | {"row_digest": seal}))
        if inner:
            connection.execute(zones.insert(), inner)
    _enter(connection, keys)
    aside.forget()
    _bar_changes(connection)


def downgrade() -> None:
    """Rebuild the tables of form 1 with what they have a place for."""
    connection = op.get_bind()
    _free_changes(connection)
    aside = SetAside(connection, METADATA)
    first.METADATA.create_all(connection)
    for row in aside.rows("library", order=["id"]):
        _add(connection, first.library, row | {"schema_version": 1})
    for name in ("subjects", "photos"):
        for row in aside.rows(name, order=[_first_column(name)]):
            _add(connection, first.METADATA.tables[name], row)
    for row in _held_baselines(connection, aside):
        _add(connection, first.baselines, row)
    for row in aside.rows("methods", order=["id"]):
        _add(connection, first.methods, row)
    for row, inner in _measured(aside):
        if not (row["outline"] or row["baseline_outline"]):
            _add(connection, first.measurements, row)
            for zone in inner:
                _add(connection, first.zones, zone)
    aside.forget()


def _bring_photos(connection: sa.Connection, aside: SetAside) -> None:
    known = set()
    for row in aside.rows("photos", order=["digest"]):
        visit = (row["subject_id"], row["visit"])
        if visit not in known:
            known.add(visit)
            values = {"subject_id": visit[0], "date": visit[1], "note": ""}
            insert(connection, visits, values | {"hair_state": "unknown"})
        insert(connection, photos, row)


def _measured(
    aside: SetAside,
) -> Iterator[tuple[dict[str, Any], list[dict[str, Any]]]]:
    """Yield each measurement with its zones."""
    by_measurement = groupby(
        aside.rows("zones", order=["measurement_id", "position"]),
        key=itemgetter("measurement_id"),
    )
    ahead = next(by_measurement, None)
    for row in aside.rows("measurements", order=["id"]):
        if ahead is None or ahead[0] != row["id"]:
            yield row, []
        else:
            yield row, list(ahead[1])
            ahead = next(by_measurement, None)


def _enter(connection: sa.Connection, keys: dict[int, str]) -> None:
    """Begin the log with the photographs that were there before it."""
    now = dt.datetime.now(dt.UTC).isoformat(timespec="seconds")
    query = sa.select(photos.c.digest, photos.c.subject_id).order_by(photos.c.digest)
    previous = ""
    for number, (digest, subject) in enumerate(connection.execute(query).all(), start=1):
        entry = {
            "id": number,
            "at": now,
            "action": "photo added",
            "subject": log.tag(keys[subject], "subject"),
            "photo": log.tag(keys[subject], digest),
            "detail": {},
            "previous": previous,
        }
        previous = entry["digest"] = log.digest(entry)
        connection.execute(changes.insert().values(entry))
    connection.execute(library.update().values(log_head=previous))


def _held_baselines(connection: sa.Connection, aside: SetAside) -> Iterator[dict[str, Any]]:
    """Yield the first baseline of each series that is still one of its photographs."""
    table = first.photos
    query = sa.select(table.c.digest, table.c.subject_id, table.c.view)
    series = {digest: (s, view) for digest, s, view in connection.execute(query)}
    done = set()
    for row in aside.rows("baselines", order=["subject_id", "view", "place"]):
        key = (row["subject_id"], row["view"])
        if key not in done and series.get(row["photo"]) == key:
            done.add(key)
            yield row


def _add(connection: sa.Connection, table: sa.Table, row: dict[str, Any]) -> None:
    values = {column.name: row[column.name] for column in table.columns}
    if values.get("hair_state") == "product":
        values["hair_state"] = "unknown"
    connection.execute(table.insert().values(values))


def _first_column(table: str) -> str:
    return str(METADATA.tables[table].columns.values()[0].name)


def _bar_changes(connection: sa.Connection) -> None:
    if connection.dialect.name == "sqlite":
        for event in ("UPDATE", "DELETE"):
            connection.exec_driver_sql(
                f"CREATE TRIGGER changes_stay_{event.lower()} BEFORE {event} ON changes "
                f"BEGIN SELECT RAISE(ABORT, '{_STAY}'); END"
            )
        return
    connection.exec_driver_sql(
        "CREATE FUNCTION changes_stay() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{_STAY}'; END $$"
    )
    connection.exec_driver_sql(
        "CREATE TRIGGER changes_stay BEFORE UPDATE OR DELETE OR TRUNCATE ON changes "
        "FOR EACH STATEMENT EXECUTE FUNCTION changes_stay()"
    )


def _free_changes(connection: sa.Connection) -> None:
    if connection.dialect.name == "sqlite":
        for event in ("update", "delete"):
            connection.exec_driver_sql(f"DROP TRIGGER changes_stay_{event}")
        return
    connection.exec_driver_sql("DROP TRIGGER changes_stay ON changes")
    connection.exec_driver_sql("DROP FUNCTION changes_stay()")
