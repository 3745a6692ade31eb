"""The catalogue: what is known about every photograph of a library.

Every write is one transaction that takes the write lock at its start, is on disk when
the call returns and may be repeated without harm. What a person changes afterwards is
in `hairtrack.store.editing`.

A number holds for the zones and outlines that hold now. A photograph that was moved,
deleted or given another outline leaves numbers behind under their own key; they hold
again when the change is undone.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from hairtrack.errors import LibraryError
from hairtrack.messages import Message
from hairtrack.records import GRID, Measurement, Method, Photo, Subject, View, Visit
from hairtrack.serialization import from_plain
from hairtrack.store import migrations, rows, schema
from hairtrack.store.database import Database, is_server

_DIGITS = 64
_AT_A_TIME = 900
"""Parameters that a database takes in one question."""


class Catalog:
    """Photographs, subjects, visits, baselines and measurements of one library.

    Use it as a context manager, or call `close`. It may be shared by threads.

    Parameters
    ----------
    database : Database
        Where it lies. Use `create` or `open`, which check what is there.
    """

    def __init__(self, database: Database) -> None:
        self.database = database

    @classmethod
    def create(cls, address: Path | str) -> Catalog:
        """Make a catalogue, or complete one that a crash left half made.

        Parameters
        ----------
        address : Path or str
            An SQLite file, or the address of a PostgreSQL database, such as
            ``postgresql://host/name``; there each library has its own schema.
        """
        catalog = cls(Database.make(address))
        try:
            with catalog.database.writing() as connection:
                if migrations.read_revision(connection) is None:
                    migrations.create_tables(connection)
                if rows.find(connection, schema.library) is None:
                    values = {"id": 1, "library_id": uuid.uuid4().hex}
                    rows.insert(
                        connection, schema.library, values | {"created_at": rows.now()}
                    )
            catalog._check_version()
        except BaseException:
            catalog.close()
            raise
        return catalog

    @classmethod
    def open(
        cls,
        address: Path | str,
        *,
        before_upgrade: Callable[[Database], None] | None = None,
    ) -> Catalog:
        """Open an existing catalogue; one of an earlier version is brought up to date.

        Parameters
        ----------
        address : Path or str
            As for `create`.
        before_upgrade : callable, optional
            Called before the tables of an earlier version are changed.

        Raises
        ------
        LibraryError
            It is missing, damaged, no catalogue, or made by a newer hairtrack.
        """
        if not is_server(address) and not Path(address).is_file():
            raise LibraryError(
                "The catalogue of this library is missing: {address}.", address=address
            )
        if not is_server(address) and Path(address).stat().st_size == 0:
            raise LibraryError(migrations.INCOMPLETE)
        catalog = cls(Database(address, check=_find_damage))
        try:
            catalog._check_version(before_upgrade)
        except BaseException:
            catalog.close()
            raise
        return catalog

    @property
    def address(self) -> Path | str:
        """Where it lies, as `open` takes it."""
        return self.database.address

    @property
    def path(self) -> Path:
        """The SQLite file; a `LibraryError` where the catalogue lies in PostgreSQL."""
        return self.database.path

    def close(self) -> None:
        """Let go of the database."""
        self.database.close()

    def __enter__(self) -> Catalog:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def library_id(self) -> str:
        """Identity of the library, chosen at random when it was made."""
        with self.database.reading() as connection:
            query = sa.select(schema.library.c.library_id)
            return str(connection.execute(query).scalar_one())

    def state(self) -> str:
        """Return what differs after every change of a row."""
        digests = sa.select(schema.table_digests.c.digest).order_by("name")
        with self.database.reading() as connection:
            found = " ".join(connection.execute(digests).scalars())
        return hashlib.sha256(found.encode()).hexdigest()

    # ---- subjects, visits and photographs -----------------------------------------

    def subjects(self) -> list[str]:
        """Return the names of all subjects, sorted."""
        names = sa.select(schema.subjects.c.name).order_by(schema.subjects.c.name)
        with self.database.reading() as connection:
            return list(connection.execute(names).scalars())

    def subject(self, name: str) -> Subject | None:
        """Return what is known of a subject, or `None`."""
        with self.database.reading() as connection:
            row = rows.find(connection, schema.subjects, name=name)
        return None if row is None else from_plain(Subject, row)

    def visits(self, *, subject: str | None = None) -> list[Visit]:
        """Return the days of photographs by subject and date."""
        query = rows.VISITS.where(*rows.series(subject))
        with self.database.reading() as connection:
            return from_plain(list[Visit], connection.execute(query).mappings().all())

    def week_zero(self, *, subject: str | None = None) -> dict[str, dt.date]:
        """Return subject -> declared start of the treatment, else day of the first visit.

        Only subjects with photographs are named.
        """
        names, photos = schema.subjects, schema.photos
        first = sa.func.min(photos.c.visit)
        query = (
            sa.select(names.c.name, names.c.started_at, first)
            .join_from(names, photos)
            .where(*rows.series(subject), *rows.presence(False))
            .group_by(names.c.name, names.c.started_at)
        )
        with self.database.reading() as connection:
            found = connection.execute(query).all()
        return {name: dt.date.fromisoformat(start or visit) for name, start, visit in found}

    def add_photo(self, photo: Photo) -> bool:
        """Record a kept photograph; return False when it is already there.

        A photograph that is there stays as it is filed, whatever `photo` says;
        one that was deleted comes back as it was filed.
        """
        with self.database.writing() as connection:
            row = rows.find(connection, schema.photos, digest=photo.digest)
            if row is not None:
                return rows.bring_back(connection, row)
            number = rows.need_subject(connection, photo.subject)["id"]
            rows.need_visit(connection, number, photo.visit)
            values = rows.to_row(photo, schema.photos)
            values |= {"outline": None, "deleted_at": None}
            values |= {"subject_id": number, "imported_at": rows.now()}
            rows.insert(connection, schema.photos, values)
            rows.add_audit(connection, "photo added", subject_id=number, photo=photo.digest)
            return True

    def photo(self, digest: str) -> Photo | None:
        """Return the photograph with this digest, deleted or not, or `None`."""
        found = self.find_photos(digest)
        return found[0] if len(digest) == _DIGITS and found else None

    def find_photos(self, beginning: str) -> list[Photo]:
        """Return the photographs, deleted or not, whose digest begins like this."""
        query = rows.PHOTOS.where(
            schema.photos.c.digest.between(beginning, beginning + "g")
        )
        with self.database.reading() as connection:
            return from_plain(list[Photo], connection.execute(query).mappings().all())

    def photos(
        self,
        *,
        subject: str | None = None,
        view: View | None = None,
        deleted: bool | None = False,
    ) -> list[Photo]:
        """Return photographs by subject, view, visit, time and digest.

        Parameters
        ----------
        subject, view : optional
            Only these.
        deleted : bool or None
            True for those that were deleted and can be brought back; `None` for all.
        """
        wanted = [*rows.series(subject, view), *rows.presence(deleted)]
        query = rows.PHOTOS.where(*wanted).order_by(*rows.ORDER)
        with self.database.reading() as connection:
            return from_plain(list[Photo], connection.execute(query).mappings().all())

    def outline(self, photo: str, digest: str) -> bytes:
        """Return the scalp outline (PNG) of this digest that a person drew on a photograph.

        Raises
        ------
        LibraryError
            It is lost or damaged.
        """
        with self.database.reading() as connection:
            row = rows.find(connection, schema.outlines, photo=photo, digest=digest)
        if row is None or hashlib.sha256(row["region"]).hexdigest() != digest:
            raise LibraryError(
                "The scalp outline of the photograph {photo} was lost or damaged "
                "on disk; draw it again.",
                photo=photo[:12],
            )
        return bytes(row["region"])

    # ---- baselines ----------------------------------------------------------------

    def set_baseline(self, digest: str) -> None:
        """Make this photograph the baseline of its subject and view.

        A series that has a baseline keeps it: its numbers would change meaning.
        """
        with self.database.writing() as connection:
            row = rows.find(connection, schema.photos, digest=digest)
            if row is None or row["deleted_at"] is not None:
                raise ValueError(f"no photo {digest}")
            if (row["subject_id"], row["view"]) not in _baselines(connection):
                _choose_baseline(connection, row)

    def baselines(self) -> dict[tuple[str, View], str]:
        """Return (subject, view) -> digest of the baseline that holds."""
        with self.database.reading() as connection:
            held = _baselines(connection)
        return {(row["name"], View(row["view"])): row["photo"] for row in held.values()}

    # ---- measurements -------------------------------------------------------------

    def add_measurement(self, measurement: Measurement) -> bool:
        """Record one result; return False when the same one is already there."""
        with self.database.writing() as connection:
            key = {
                "photo": measurement.photo,
                "baseline": measurement.baseline,
                "method_id": _method_id(connection, measurement.method),
                "outline": measurement.outline,
                "baseline_outline": measurement.baseline_outline,
            }
            if rows.find(connection, schema.measurements, **key) is not None:
                return False
            _insert_measurement(connection, measurement, key)
            return True

    def results(
        self,
        *,
        method: str,
        subject: str | None = None,
        view: View | None = None,
        grid: bool = True,
    ) -> dict[str, Measurement]:
        """Return photograph -> what the method says of it as it is filed now.

        Parameters
        ----------
        method : str
            Its key.
        subject, view : optional
            Only these.
        grid : bool
            False leaves the squares of the change grid out.
        """
        with self.database.reading() as connection:
            held = _current(connection, method, subject=subject, view=view)
            found = _load(connection, list(held.values()), grid=grid)
        return {measurement.photo: measurement for measurement in found}

    def done(self, *, method: str) -> set[str]:
        """Return the photographs with a result by this method as they are filed now."""
        with self.database.reading() as connection:
            return set(_current(connection, method))

    def alone(self, *, method: str) -> dict[str, bool]:
        """Return photographs measured in their own zones -> whether that was refused."""
        with self.database.reading() as connection:
            return {
                head["photo"]: head["refused"] is not None
                for head in _heads(connection, method)
                if head["baseline"] == head["photo"]
                and head["outline"] == (head["drawn"] or "")
            }

    def latest_method(self) -> Method | None:
        """Return the method of the newest result, or `None` when there is none."""
        query = (
            sa.select(schema.methods)
            .join_from(schema.measurements, schema.methods)
            .order_by(schema.measurements.c.id.desc())
            .limit(1)
        )
        with self.database.reading() as connection:
            row = connection.execute(query).mappings().first()
        return None if row is None else from_plain(Method, row)

    # ---- versions -----------------------------------------------------------------

    def _check_version(
        self, before_upgrade: Callable[[Database], None] | None = None
    ) -> None:
        """Refuse tables of another version, or bring them up to date."""
        with self.database.reading() as connection:
            found = migrations.read_revision(connection)
            migrations.check_revision(connection, found)
            if found is not None and rows.find(connection, schema.library) is None:
                migrations.check_revision(connection, None)
        if found != schema.REVISION:
            if before_upgrade:
                before_upgrade(self.database)
            with self.database.writing() as connection:
                migrations.upgrade(connection)


def _find_damage(connection: sa.Connection) -> str:
    """Return what is damaged, so that nothing is written over it; empty if nothing is."""
    if connection.dialect.name == "sqlite":
        told = str(connection.exec_driver_sql("PRAGMA quick_check(1)").scalar())
        if told != "ok":
            return told
    return ", ".join(rows.find_changed_tables(connection))


def _method_id(connection: sa.Connection, method: Method) -> int:
    table = schema.methods
    found = rows.find(connection, table, key=method.key)
    if found is not None:
        return int(found["id"])
    number = rows.next_id(connection, table)
    values = rows.to_row(method, table) | {"id": number, "key": method.key}
    rows.insert(connection, table, values)
    return number


def _baselines(
    connection: sa.Connection, *, subject: str | None = None
) -> dict[tuple[int, str], sa.RowMapping]:
    """Return (subject's number, view) -> the baseline that holds.

    It is the first chosen one that is still a photograph of the series. Each row
    has the subject's `name` and the `outline` drawn on the photograph.
    """
    table, photos, names = schema.baselines, schema.photos, schema.subjects
    query = (
        sa.select(table, names.c.name, photos.c.outline)
        .join_from(table, photos, photos.c.digest == table.c.photo)
        .join(names, names.c.id == table.c.subject_id)
        .where(
            photos.c.subject_id == table.c.subject_id,
            photos.c.view == table.c.view,
            photos.c.deleted_at.is_(None),
            *rows.series(subject),
        )
        .order_by(names.c.name, table.c.view, table.c.place)
    )
    held: dict[tuple[int, str], sa.RowMapping] = {}
    for row in connection.execute(query).mappings():
        held.setdefault((row["subject_id"], row["view"]), row)
    return held


def _choose_baseline(connection: sa.Connection, photo: Mapping[Any, Any]) -> None:
    """Enter a photograph as the next baseline of its series, unless it is one already."""
    table = schema.baselines
    key = {"subject_id": photo["subject_id"], "view": photo["view"]}
    same = [table.c[name] == value for name, value in key.items()]
    chosen = connection.execute(sa.select(table).where(*same)).mappings().all()
    if all(row["photo"] != photo["digest"] for row in chosen):
        values = {"photo": photo["digest"], "chosen_at": rows.now()}
        place = 1 + max((row["place"] for row in chosen), default=-1)
        rows.insert(connection, table, key | values | {"place": place})
        rows.add_audit(
            connection,
            "baseline chosen",
            subject_id=photo["subject_id"],
            photo=photo["digest"],
        )


def _heads(
    connection: sa.Connection,
    method: str,
    *,
    subject: str | None = None,
    view: View | None = None,
) -> Sequence[sa.RowMapping]:
    """Return what identifies each result by a method, in the order of photographs.

    `drawn` is the outline that holds on the photograph, `filed` its view.
    """
    table, photos = schema.measurements, schema.photos
    columns = (
        *(table.c.id, table.c.photo, table.c.baseline, table.c.view, table.c.refused),
        *(table.c.outline, table.c.baseline_outline, photos.c.subject_id),
        *(photos.c.outline.label("drawn"), photos.c.view.label("filed")),
    )
    query = (
        sa.select(*columns)
        .join_from(photos, schema.subjects)
        .join(table, table.c.photo == photos.c.digest)
        .join(schema.methods)
        .where(
            schema.methods.c.key == method,
            *rows.series(subject, view),
            *rows.presence(False),
        )
        .order_by(*rows.ORDER, table.c.baseline, table.c.id)
    )
    return connection.execute(query).mappings().all()


def _current(
    connection: sa.Connection,
    method: str,
    *,
    subject: str | None = None,
    view: View | None = None,
) -> dict[str, int]:
    """Return photograph -> number of the result that holds, in the order of photographs.

    It was taken in the zones of the baseline that holds. A photograph on which no
    scalp was found when it was tried as a baseline itself keeps that refusal.
    """
    held = _baselines(connection, subject=subject)
    chosen: dict[str, int] = {}
    for head in _heads(connection, method, subject=subject, view=view):
        if head["view"] != head["filed"] or head["outline"] != (head["drawn"] or ""):
            continue
        baseline = held.get((head["subject_id"], head["filed"]))
        if baseline is not None and head["baseline"] == baseline["photo"]:
            if head["baseline_outline"] == (baseline["outline"] or ""):
                chosen[head["photo"]] = head["id"]
        elif head["baseline"] == head["photo"] and head["refused"] is not None:
            chosen.setdefault(head["photo"], head["id"])
    return chosen


def _insert_measurement(
    connection: sa.Connection, measurement: Measurement, key: Mapping[str, Any]
) -> None:
    """Write a measurement; `key` is what no other one has together."""
    table = schema.measurements
    values = rows.to_row(measurement, table) | dict(key)
    values |= {"id": rows.next_id(connection, table), "measured_at": rows.now()}
    if isinstance(measurement.refused, Message):
        values["refused"] = measurement.refused.dump()
    values["grid"] = [zone for zone in values["zones"] if zone["zone"].startswith(GRID)]
    values["zones"] = [z for z in values["zones"] if not z["zone"].startswith(GRID)]
    rows.insert(connection, table, values)


def _load(
    connection: sa.Connection, numbers: Sequence[int], *, grid: bool
) -> list[Measurement]:
    """Return the measurements with these numbers, in this order."""
    table = schema.measurements
    methods = {
        row["id"]: row for row in connection.execute(sa.select(schema.methods)).mappings()
    }
    columns = [column for column in table.columns if grid or column.name != "grid"]
    found: dict[int, Measurement] = {}
    for start in range(0, len(numbers), _AT_A_TIME):
        some = table.c.id.in_(numbers[start : start + _AT_A_TIME])
        query = sa.select(*columns).where(some)
        for row in connection.execute(query).mappings():
            zones = [*row["zones"], *row.get("grid", ())]
            more = {"method": methods[row["method_id"]], "zones": zones}
            made = from_plain(Measurement, {**row, **more})
            if isinstance(row["refused"], Mapping):
                made = replace(made, refused=Message.load(row["refused"]))
            found[row["id"]] = made
    return [found[number] for number in numbers]
