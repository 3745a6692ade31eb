"""What is kept of the treatment course: one table for each kind of entry."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, replace
from typing import Any

import sqlalchemy as sa

from hairtrack.course.entries import (
    Entry,
    MissedDose,
    Session,
    Settings,
    Status,
    Symptom,
    Treatment,
)
from hairtrack.errors import CourseError
from hairtrack.store import catalog as catalogs
from hairtrack.store import schema
from hairtrack.store.catalog import Catalog
from hairtrack.store.course_tables import (
    COURSE_TABLES,
    TABLES,
    Record,
    clinic_facts,
    course_pictures,
    course_settings,
    plain,
    to_record,
    to_row,
    treatments,
)


class Courses:
    """The entries of all courses in one catalogue.

    Parameters
    ----------
    catalog : Catalog
        Open catalogue; its transactions are used.
    """

    def __init__(self, catalog: Catalog) -> None:
        self._catalog = catalog
        with catalog._writing() as connection:
            schema.METADATA.create_all(connection, tables=COURSE_TABLES)

    def add(self, *records: Entry) -> list[int]:
        """Keep new records in one transaction; return their numbers.

        Raises
        ------
        CourseError
            A session or a dose names no treatment of its subject.
        """
        with self._catalog._writing() as connection:
            return [_add(connection, record) for record in records]

    def replace(self, *records: Entry) -> None:
        """Write records over those of the same number, all or none.

        Raises
        ------
        CourseError
            There is none of this number.
        """
        with self._catalog._writing() as connection:
            for record in records:
                table = TABLES[type(record)]
                values = to_row(record) | {
                    "subject_id": _subject_id(connection, record.subject)
                }
                same = (table.c.id == record.id, table.c.subject_id == values["subject_id"])
                _check_treatment(connection, record, values["subject_id"])
                done = connection.execute(table.update().where(*same).values(values))
                if not done.rowcount:
                    raise CourseError(_missing(type(record), record.id))

    def replan(self, treatment: Treatment, sessions: Iterable[Session]) -> int:
        """Keep a treatment and its plan in place of the sessions still planned for it.

        Returns
        -------
        int
            Number of the treatment, which is kept first when it is new.
        """
        with self._catalog._writing() as connection:
            number = treatment.id or _add(connection, treatment)
            table = TABLES[Session]
            planned = (table.c.treatment == number, table.c.status == str(Status.PLANNED))
            connection.execute(table.delete().where(*planned))
            for session in sessions:
                _add(connection, replace(session, treatment=number))
        return number

    def remove(self, *records: Entry) -> None:
        """Forget records; a treatment takes its sessions and doses with it."""
        with self._catalog._writing() as connection:
            for record in records:
                table = TABLES[type(record)]
                connection.execute(table.delete().where(table.c.id == record.id))

    def find(self, kind: type[Record], number: int, *, subject: str) -> Record:
        """Return one record of a subject by its number.

        Raises
        ------
        CourseError
            There is none.
        """
        for record in self.entries(kind, subject=subject):
            if record.id == number:
                return record
        raise CourseError(_missing(kind, number))

    def entries(self, kind: type[Record], *, subject: str) -> list[Record]:
        """Return a subject's records of one kind by their number."""
        table = TABLES[kind]
        query = (
            sa.select(table)
            .join_from(table, schema.subjects)
            .where(schema.subjects.c.name == subject)
            .order_by(table.c.id)
        )
        with self._catalog._reading() as connection:
            found = connection.execute(query).mappings().all()
        return [to_record(kind, row, subject=subject) for row in found]

    def settings(self, subject: str) -> Settings | None:
        """Return what was set for a subject, or `None`."""
        query = (
            sa.select(course_settings)
            .join_from(course_settings, schema.subjects)
            .where(schema.subjects.c.name == subject)
        )
        with self._catalog._reading() as connection:
            row = connection.execute(query).mappings().first()
        if row is None:
            return None
        return Settings(
            subject=subject,
            zone=row["zone"],
            started_on=row["started_on"],
            stopped_on=row["stopped_on"],
            hours=tuple((topic, float(hours)) for topic, hours in row["hours"]),
        )

    def keep_settings(self, settings: Settings) -> None:
        """Write what holds for a subject's course over what was there."""
        with self._catalog._writing() as connection:
            subject_id = _subject_id(connection, settings.subject)
            table = course_settings
            connection.execute(table.delete().where(table.c.subject_id == subject_id))
            values = {
                "subject_id": subject_id,
                "zone": settings.zone,
                "started_on": settings.started_on,
                "stopped_on": settings.stopped_on,
                "hours": [[topic, float(hours)] for topic, hours in settings.hours],
            }
            connection.execute(table.insert().values(values))

    def add_picture(self, subject: str, digest: str, jpeg: bytes) -> None:
        """Keep a picture of the diary; the same one twice is one."""
        with self._catalog._writing() as connection:
            subject_id = _subject_id(connection, subject)
            table = course_pictures
            same = (table.c.subject_id == subject_id, table.c.digest == digest)
            if connection.execute(sa.select(table.c.digest).where(*same)).first() is None:
                values = {"subject_id": subject_id, "digest": digest, "jpeg": jpeg}
                connection.execute(table.insert().values(values))

    def picture(self, subject: str, digest: str) -> bytes | None:
        """Return a picture of the diary, or `None`."""
        query = (
            sa.select(course_pictures.c.jpeg)
            .join_from(course_pictures, schema.subjects)
            .where(schema.subjects.c.name == subject, course_pictures.c.digest == digest)
        )
        with self._catalog._reading() as connection:
            found = connection.execute(query).scalar()
        return None if found is None else bytes(found)

    def clinic_file(self) -> str:
        """Return the clinic's fact file, empty where there is none."""
        with self._catalog._reading() as connection:
            return connection.execute(sa.select(clinic_facts.c.toml)).scalar() or ""

    def keep_clinic_file(self, toml: str) -> None:
        """Keep the clinic's fact file; an empty one takes it away."""
        with self._catalog._writing() as connection:
            connection.execute(clinic_facts.delete())
            if toml:
                connection.execute(clinic_facts.insert().values(id=1, toml=toml))

    def export_course(self, subject: str) -> dict[str, Any]:
        """Return all that is kept of a subject's course, as plain values for JSON.

        Pictures are named by their digest; `picture` gives their bytes.
        """
        settings = self.settings(subject)
        found: dict[str, Any] = {
            "subject": subject,
            "settings": None if settings is None else plain(asdict(settings)),
        }
        for kind, table in TABLES.items():
            records = self.entries(kind, subject=subject)  # type: ignore[type-var]
            found[table.name] = [plain(asdict(record)) for record in records]
        return found

    def erase_course(self, subject: str) -> None:
        """Forget all of a subject's course; the subject itself stays."""
        with self._catalog._writing() as connection:
            subject_id = _subject_id(connection, subject)
            for table in (*reversed(TABLES.values()), course_settings, course_pictures):
                connection.execute(table.delete().where(table.c.subject_id == subject_id))


def _add(connection: sa.Connection, record: Entry) -> int:
    table = TABLES[type(record)]
    subject_id = _subject_id(connection, record.subject)
    _check_treatment(connection, record, subject_id)
    values = to_row(record) | {"subject_id": subject_id}
    statement = table.insert().values(values).returning(table.c.id)
    return int(connection.execute(statement).scalar_one())


def _check_treatment(connection: sa.Connection, record: Entry, subject_id: int) -> None:
    if isinstance(record, Session | MissedDose):
        same = (treatments.c.id == record.treatment, treatments.c.subject_id == subject_id)
        if connection.execute(sa.select(treatments.c.id).where(*same)).first() is None:
            raise CourseError(_missing(Treatment, record.treatment))


def _subject_id(connection: sa.Connection, name: str) -> int:
    return catalogs._subject_id(connection, name)


def _missing(kind: type[Entry], number: int) -> str:
    names = {MissedDose: "missed dose", Symptom: "diary entry"}
    return f"There is no {names.get(kind, kind.__name__.lower())} with number {number}."
