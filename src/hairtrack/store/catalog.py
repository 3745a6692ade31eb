"""The catalogue: what is known about every kept photograph, in one SQLite file.

Every write is one transaction that takes the write lock at its start
(``BEGIN IMMEDIATE``), is on disk when the call returns (``synchronous=FULL``)
and may be repeated without harm.
"""

from __future__ import annotations

import datetime as dt
import os
import sqlite3
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from hairtrack.errors import LibraryError
from hairtrack.records import Measurement, Method, Photo, View
from hairtrack.store import rows, schema
from hairtrack.store.files import PRIVATE_FILE

BUSY_SECONDS = 30.0


class Catalog:
    """Photographs, subjects, baselines and measurements of one library.

    Use it as a context manager, or call `close`. It may be shared by threads.

    Parameters
    ----------
    path : Path
        The SQLite file. Use `create` or `open`, which check what is there.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._engine = _engine(path)

    @classmethod
    def create(cls, path: Path) -> Catalog:
        """Make a catalogue, or complete one that a crash left half made."""
        if not path.exists():
            os.close(os.open(path, os.O_CREAT | os.O_WRONLY, PRIVATE_FILE))
        catalog = cls(path)
        with catalog._writing() as connection:
            schema.METADATA.create_all(connection)
            if connection.execute(sa.select(schema.library)).first() is None:
                connection.execute(
                    schema.library.insert().values(
                        id=1,
                        library_id=uuid.uuid4().hex,
                        schema_version=schema.SCHEMA_VERSION,
                        created_at=_now(),
                    )
                )
        catalog._check_version()
        return catalog

    @classmethod
    def open(cls, path: Path) -> Catalog:
        """Open an existing catalogue.

        Raises
        ------
        LibraryError
            It is missing, damaged, no catalogue, or made by a newer hairtrack.
        """
        if not path.is_file():
            raise LibraryError(f"The catalogue of this library is missing: {path}.")
        catalog = cls(path)
        try:
            catalog._check_version()
        except BaseException:
            catalog.close()
            raise
        return catalog

    def close(self) -> None:
        """Let go of the file."""
        self._engine.dispose()

    def __enter__(self) -> Catalog:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def library_id(self) -> str:
        """Identity of the library, chosen at random when it was made."""
        with self._reading() as connection:
            return str(
                connection.execute(sa.select(schema.library.c.library_id)).scalar_one()
            )

    # ---- subjects and photographs -------------------------------------------------

    def subjects(self) -> list[str]:
        """Return the names of all subjects, sorted."""
        names = sa.select(schema.subjects.c.name).order_by(schema.subjects.c.name)
        with self._reading() as connection:
            return list(connection.execute(names).scalars())

    def add_photo(self, photo: Photo) -> bool:
        """Record a kept photograph; return False when it is already there.

        A photograph that is there stays as it is filed, whatever `photo` says.
        """
        with self._writing() as connection:
            if _photo_row(connection, photo.digest) is not None:
                return False
            subject_id = _subject_id(connection, photo.subject)
            values = rows.from_photo(photo) | {
                "subject_id": subject_id,
                "imported_at": _now(),
            }
            connection.execute(schema.photos.insert().values(values))
            return True

    def photo(self, digest: str) -> Photo | None:
        """Return the photograph with this digest, or `None`."""
        with self._reading() as connection:
            row = _photo_row(connection, digest)
        return None if row is None else rows.to_photo(row)

    def photos(
        self, *, subject: str | None = None, view: View | None = None
    ) -> list[Photo]:
        """Return photographs by subject, view, visit, time and digest."""
        query = _PHOTOS.where(*_series(subject, view)).order_by(
            schema.subjects.c.name,
            schema.photos.c.view,
            schema.photos.c.visit,
            sa.func.substr(schema.photos.c.taken_at, 1, 19),
            schema.photos.c.digest,
        )
        with self._reading() as connection:
            return [rows.to_photo(row) for row in connection.execute(query).mappings()]

    # ---- baselines ----------------------------------------------------------------

    def set_baseline(self, digest: str) -> None:
        """Make this photograph the baseline of its subject and view, for good.

        A series that has a baseline keeps it: its numbers would change meaning.
        """
        with self._writing() as connection:
            row = _photo_row(connection, digest)
            if row is None:
                raise ValueError(f"no photo {digest}")
            key = {"subject_id": row["subject_id"], "view": row["view"]}
            if not _holds(connection, schema.baselines, key):
                connection.execute(
                    schema.baselines.insert().values(photo=digest, chosen_at=_now(), **key)
                )

    def baselines(self) -> dict[tuple[str, View], str]:
        """Return (subject, view) -> digest of the baseline."""
        query = sa.select(
            schema.subjects.c.name, schema.baselines.c.view, schema.baselines.c.photo
        ).join_from(schema.baselines, schema.subjects)
        with self._reading() as connection:
            found = connection.execute(query).all()
        return {(name, View(view)): photo for name, view, photo in found}

    # ---- measurements -------------------------------------------------------------

    def add_measurement(self, measurement: Measurement) -> bool:
        """Record one result; return False when the same one is already there."""
        with self._writing() as connection:
            method_id = _method_id(connection, measurement.method)
            key = {
                "photo": measurement.photo,
                "baseline": measurement.baseline,
                "method_id": method_id,
            }
            if _holds(connection, schema.measurements, key):
                return False
            values = rows.from_measurement(measurement) | key | {"measured_at": _now()}
            measurement_id = _insert(connection, schema.measurements, values)
            zones = rows.from_zones(measurement.zones, measurement_id=measurement_id)
            if zones:
                connection.execute(schema.zones.insert(), zones)
            return True

    def measurements(
        self, *, method: str, subject: str | None = None, view: View | None = None
    ) -> list[Measurement]:
        """Return what the method with this key gave, in the order of `photos`."""
        order = {
            photo.digest: place
            for place, photo in enumerate(self.photos(subject=subject, view=view))
        }
        with self._reading() as connection:
            found = connection.execute(
                _MEASUREMENTS.where(schema.methods.c.key == method, *_series(subject, view))
            ).mappings()
            heads = {row["id"]: row for row in found}
            zones = _zones_of(connection, method)
        records = [
            rows.to_measurement(row, zones.get(id_, [])) for id_, row in heads.items()
        ]
        return sorted(records, key=lambda m: (order[m.photo], m.baseline))

    def tried(self, *, method: str) -> set[tuple[str, str]]:
        """Return the (photo, baseline) pairs that have a result by this method."""
        query = (
            sa.select(schema.measurements.c.photo, schema.measurements.c.baseline)
            .join_from(schema.measurements, schema.methods)
            .where(schema.methods.c.key == method)
        )
        with self._reading() as connection:
            return {(photo, baseline) for photo, baseline in connection.execute(query)}

    def latest_method(self) -> Method | None:
        """Return the method of the newest result, or `None` when there is none."""
        query = (
            sa.select(schema.methods)
            .join_from(schema.measurements, schema.methods)
            .order_by(schema.measurements.c.id.desc())
            .limit(1)
        )
        with self._reading() as connection:
            row = connection.execute(query).mappings().first()
        return None if row is None else rows.to_method(row)

    # ---- transactions -------------------------------------------------------------

    def _check_version(self) -> None:
        with self._reading() as connection:
            found = connection.execute(sa.select(schema.library.c.schema_version)).scalar()
        if found is None:
            raise LibraryError(
                f"The catalogue {self.path} is not complete; restore a backup."
            )
        if found > schema.SCHEMA_VERSION:
            raise LibraryError(
                f"This library was made by a newer hairtrack (its tables have version "
                f"{found}, this program knows {schema.SCHEMA_VERSION}); update hairtrack."
            )

    @contextmanager
    def _writing(self) -> Iterator[sa.Connection]:
        with _plain_errors(self.path), self._engine.begin() as connection:
            yield connection

    @contextmanager
    def _reading(self) -> Iterator[sa.Connection]:
        with _plain_errors(self.path), self._engine.connect() as connection:
            yield connection.execution_options(hairtrack_reads=True)


def _engine(path: Path) -> sa.Engine:
    engine = sa.create_engine(
        sa.URL.create("sqlite", database=str(path)), connect_args={"timeout": BUSY_SECONDS}
    )

    @sa.event.listens_for(engine, "connect")
    def prepare(connection: sqlite3.Connection, _: object) -> None:
        connection.isolation_level = None
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
            connection.execute(f"PRAGMA {pragma}").close()

    @sa.event.listens_for(engine, "begin")
    def begin(connection: sa.Connection) -> None:
        reads = connection.get_execution_options().get("hairtrack_reads", False)
        connection.exec_driver_sql("BEGIN" if reads else "BEGIN IMMEDIATE")

    return engine


@contextmanager
def _plain_errors(path: Path) -> Iterator[None]:
    """Turn trouble with the file into one plain sentence; a broken rule stays a bug."""
    try:
        yield
    except sa.exc.IntegrityError:
        raise
    except sa.exc.DatabaseError as error:
        raise LibraryError(f"The catalogue {path} cannot be used: {error.orig}.") from error


def _now() -> str:
    return dt.datetime.now(dt.UTC).isoformat(timespec="seconds")


_PHOTOS = sa.select(schema.photos, schema.subjects.c.name.label("subject")).join_from(
    schema.photos, schema.subjects
)
_MEASUREMENTS = (
    sa.select(
        schema.measurements,
        schema.methods.c.name.label("method_name"),
        schema.methods.c.version.label("method_version"),
        schema.methods.c.parameters.label("method_parameters"),
    )
    .join_from(schema.measurements, schema.methods)
    .join(schema.photos, schema.photos.c.digest == schema.measurements.c.photo)
    .join(schema.subjects)
)


def _series(subject: str | None, view: View | None) -> list[sa.ColumnElement[bool]]:
    wanted: list[sa.ColumnElement[bool]] = []
    if subject is not None:
        wanted.append(schema.subjects.c.name == subject)
    if view is not None:
        wanted.append(schema.photos.c.view == str(view))
    return wanted


def _insert(connection: sa.Connection, table: sa.Table, values: dict[str, Any]) -> int:
    statement = table.insert().values(values).returning(table.c.id)
    return int(connection.execute(statement).scalar_one())


def _holds(connection: sa.Connection, table: sa.Table, key: dict[str, Any]) -> bool:
    same = [table.c[name] == value for name, value in key.items()]
    return connection.execute(sa.select(table).where(*same)).first() is not None


def _photo_row(connection: sa.Connection, digest: str) -> sa.RowMapping | None:
    return (
        connection.execute(_PHOTOS.where(schema.photos.c.digest == digest))
        .mappings()
        .first()
    )


def _subject_id(connection: sa.Connection, name: str) -> int:
    table = schema.subjects
    found = connection.execute(sa.select(table.c.id).where(table.c.name == name)).scalar()
    if found is not None:
        return int(found)
    return _insert(connection, table, {"name": name, "created_at": _now()})


def _method_id(connection: sa.Connection, method: Method) -> int:
    table = schema.methods
    found = connection.execute(
        sa.select(table.c.id).where(table.c.key == method.key)
    ).scalar()
    if found is not None:
        return int(found)
    return _insert(connection, table, rows.from_method(method))


def _zones_of(connection: sa.Connection, method: str) -> dict[int, list[Any]]:
    query = (
        sa.select(schema.zones)
        .join_from(schema.zones, schema.measurements)
        .join(schema.methods)
        .where(schema.methods.c.key == method)
        .order_by(schema.zones.c.measurement_id, schema.zones.c.position)
    )
    zones: dict[int, list[Any]] = {}
    for row in connection.execute(query).mappings():
        zones.setdefault(row["measurement_id"], []).append(row)
    return zones
