"""The catalogue: what is known about every photograph of a library.

Every write is one transaction that takes the write lock at its start, is on disk when
the call returns and may be repeated without harm. What a person changes afterwards is
in `hairtrack.store.editing`.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import uuid
from pathlib import Path

import sqlalchemy as sa

from hairtrack.errors import LibraryError
from hairtrack.records import Measurement, Method, Photo, Series, Subject, View, Visit
from hairtrack.serialization import from_plain
from hairtrack.store import migrations, results, rows, schema
from hairtrack.store.database import Database, is_server

_DIGITS = 64


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
    def open(cls, address: Path | str) -> Catalog:
        """Open an existing catalogue; one of an earlier version is brought up to date.

        Raises
        ------
        LibraryError
            It is missing, damaged, no catalogue, or made by a newer hairtrack.
        """
        if not is_server(address) and not Path(address).is_file():
            raise LibraryError(
                "The catalogue of this library is missing: {address}.", address=address
            )
        catalog = cls(Database(address))
        try:
            catalog._check_version()
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
        """Return what differs after every change: what was worked out before is old then.

        The last entry of the audit table, and what it does not tell of: the last
        measurement, the number of baselines, and the checksum of the clinic's facts.
        """
        with self.database.reading() as connection:
            return results.state(connection)

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

    def overview(self) -> list[Series]:
        """Return one line for each subject and view, with counts and the last visit."""
        table = schema.photos
        counts = (
            sa.select(
                table.c.subject_id,
                table.c.view,
                sa.func.min(table.c.visit).label("first"),
                sa.func.max(table.c.visit).label("last"),
                sa.func.count(sa.distinct(table.c.visit)).label("visits"),
                sa.func.count().label("photos"),
            )
            .where(table.c.deleted_at.is_(None))
            .group_by(table.c.subject_id, table.c.view)
            .subquery()
        )
        names = schema.subjects
        query = (
            sa.select(names.c.name.label("subject"), counts)
            .join_from(counts, names, names.c.id == counts.c.subject_id)
            .order_by(names.c.name, counts.c.view)
        )
        with self.database.reading() as connection:
            return from_plain(list[Series], connection.execute(query).mappings().all())

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
            if (row["subject_id"], row["view"]) not in results.baselines(connection):
                results.choose_baseline(connection, row)

    def baselines(self) -> dict[tuple[str, View], str]:
        """Return (subject, view) -> digest of the baseline that holds."""
        with self.database.reading() as connection:
            held = results.baselines(connection)
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
            results.insert(connection, measurement, key)
            return True

    def results(
        self,
        *,
        method: str,
        subject: str | None = None,
        view: View | None = None,
        zone: str | None = None,
        grid: bool = True,
    ) -> dict[str, Measurement]:
        """Return photograph -> what the method says of it as it is filed now.

        Parameters
        ----------
        method : str
            Its key.
        subject, view : optional
            Only these.
        zone : str, optional
            Only this zone of each.
        grid : bool
            False leaves the squares of the change grid out.
        """
        with self.database.reading() as connection:
            held = results.current(connection, method, subject=subject, view=view)
            found = results.load(connection, list(held.values()), zone=zone, grid=grid)
        return {measurement.photo: measurement for measurement in found}

    def done(self, *, method: str) -> set[str]:
        """Return the photographs with a result by this method as they are filed now."""
        with self.database.reading() as connection:
            return set(results.current(connection, method))

    def alone(self, *, method: str) -> dict[str, bool]:
        """Return photographs measured in their own zones -> whether that was refused."""
        with self.database.reading() as connection:
            return results.alone(connection, method)

    def latest_method(self) -> Method | None:
        """Return the method of the newest result, or `None` when there is none."""
        with self.database.reading() as connection:
            row = results.latest_method(connection)
        return None if row is None else from_plain(Method, row)

    def methods(self, *, subject: str | None = None, view: View | None = None) -> list[str]:
        """Return the keys of all methods that gave results here, as they are sorted."""
        with self.database.reading() as connection:
            return results.methods(connection, subject=subject, view=view)

    # ---- versions -----------------------------------------------------------------

    def _check_version(self) -> None:
        """Refuse tables of another version, or bring them up to date."""
        with self.database.reading() as connection:
            found = migrations.read_revision(connection)
            migrations.check_revision(connection, found)
            if found is not None and rows.find(connection, schema.library) is None:
                migrations.check_revision(connection, None)
        if found != schema.REVISION:
            with self.database.writing() as connection:
                migrations.upgrade(connection)


def _method_id(connection: sa.Connection, method: Method) -> int:
    table = schema.methods
    found = rows.find(connection, table, key=method.key)
    if found is not None:
        return int(found["id"])
    number = rows.next_id(connection, table)
    values = rows.to_row(method, table) | {"id": number, "key": method.key}
    rows.insert(connection, table, values)
    return number
