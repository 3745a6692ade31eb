"""What is kept of the treatment course: one table for each kind of entry."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
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
from hairtrack.messages import Message
from hairtrack.store import log, schema
from hairtrack.store.catalog import Catalog
from hairtrack.store.course_tables import (
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
from hairtrack.store.filing import need_subject
from hairtrack.store.sealed import change, find, insert, next_id


class Courses:
    """The entries of all courses in one catalogue.

    Parameters
    ----------
    catalog : Catalog
        Open catalogue; its transactions are used.
    """

    def __init__(self, catalog: Catalog) -> None:
        self._database = catalog.database

    def add(self, *records: Entry) -> list[int]:
        """Keep new records in one transaction; return their numbers.

        Raises
        ------
        CourseError
            A session or a dose names no treatment of its subject.
        """
        with self._database.writing() as connection:
            numbers = [_add(connection, record) for record in records]
            _log(connection, "course entries added", records)
            return numbers

    def replace(self, *records: Entry) -> None:
        """Write records over those of the same number, all or none.

        Raises
        ------
        CourseError
            There is none of this number.
        """
        with self._database.writing() as connection:
            for record in records:
                row = _need(connection, record)
                _check_treatment(connection, record, row["subject_id"])
                change(connection, TABLES[type(record)], row, **to_row(record))
            _log(connection, "course entries changed", records)

    def replan(self, treatment: Treatment, sessions: Iterable[Session]) -> int:
        """Keep a treatment and its plan in place of the sessions still planned for it.

        Returns
        -------
        int
            Number of the treatment, which is kept first when it is new.
        """
        with self._database.writing() as connection:
            number = treatment.id or _add(connection, treatment)
            table = TABLES[Session]
            planned = (table.c.treatment == number, table.c.status == str(Status.PLANNED))
            connection.execute(table.delete().where(*planned))
            for session in sessions:
                _add(connection, replace(session, treatment=number))
            _log(connection, "course planned", [treatment])
        return number

    def remove(self, *records: Entry) -> None:
        """Forget records; a treatment takes its sessions and doses with it."""
        with self._database.writing() as connection:
            for record in records:
                table = TABLES[type(record)]
                row = _need(connection, record)
                connection.execute(table.delete().where(table.c.id == row["id"]))
            _log(connection, "course entries removed", records)

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
        with self._database.reading() as connection:
            found = connection.execute(query).mappings().all()
        return [to_record(kind, row, subject=subject) for row in found]

    def settings(self, subject: str) -> Settings:
        """Return what holds for a subject's course; the zone is empty until one is set."""
        with self._database.reading() as connection:
            owner = find(connection, schema.subjects, name=subject)
            number = None if owner is None else owner["id"]
            row = find(connection, course_settings, subject_id=number)
        hours = row["hours"] if row else []
        return Settings(
            subject=subject,
            zone=row["zone"] if row else "",
            started_on=owner["started_at"] if owner else None,
            stopped_on=row["stopped_on"] if row else None,
            hours=tuple((topic, float(value)) for topic, value in hours),
        )

    def save_settings(self, settings: Settings) -> None:
        """Write what holds for a subject's course; its start goes to the subject."""
        table = course_settings
        with self._database.writing() as connection:
            owner = need_subject(connection, settings.subject)
            values = {
                "zone": settings.zone,
                "stopped_on": settings.stopped_on,
                "hours": [[topic, float(hours)] for topic, hours in settings.hours],
            }
            row = find(connection, table, subject_id=owner["id"])
            if row is None:
                insert(connection, table, values | {"subject_id": owner["id"]})
            else:
                change(connection, table, row, **values)
            log.append(connection, "course settings changed", key=owner["log_key"])
            if owner["started_at"] != settings.started_on:
                told = [plain(owner["started_at"]), plain(settings.started_on)]
                change(connection, schema.subjects, owner, started_at=settings.started_on)
                log.append(
                    connection, "subject changed", key=owner["log_key"], started_at=told
                )

    def add_picture(self, subject: str, digest: str, jpeg: bytes) -> None:
        """Keep a picture of the diary; the same one twice is one."""
        with self._database.writing() as connection:
            owner = need_subject(connection, subject)
            key = {"subject_id": owner["id"], "digest": digest}
            if find(connection, course_pictures, **key) is None:
                insert(connection, course_pictures, key | {"jpeg": jpeg})

    def picture(self, subject: str, digest: str) -> bytes | None:
        """Return a picture of the diary, or `None`."""
        query = (
            sa.select(course_pictures.c.jpeg)
            .join_from(course_pictures, schema.subjects)
            .where(schema.subjects.c.name == subject, course_pictures.c.digest == digest)
        )
        with self._database.reading() as connection:
            found = connection.execute(query).scalar()
        return None if found is None else bytes(found)

    def clinic_file(self) -> str:
        """Return the clinic's fact file, empty where there is none."""
        with self._database.reading() as connection:
            return connection.execute(sa.select(clinic_facts.c.toml)).scalar() or ""

    def save_clinic_file(self, toml: str) -> None:
        """Keep the clinic's fact file; an empty one takes it away."""
        with self._database.writing() as connection:
            connection.execute(clinic_facts.delete())
            if toml:
                insert(connection, clinic_facts, {"id": 1, "toml": toml})

    def export_course(self, subject: str) -> dict[str, Any]:
        """Return all that is kept of a subject's course, as plain values for JSON.

        Pictures are named by their digest; `picture` gives their bytes.
        """
        found: dict[str, Any] = {
            "subject": subject,
            "settings": plain(asdict(self.settings(subject))),
        }
        for kind, table in TABLES.items():
            records = self.entries(kind, subject=subject)  # type: ignore[type-var]
            found[table.name] = [plain(asdict(record)) for record in records]
        return found

    def erase_course(self, subject: str) -> None:
        """Forget all of a subject's course; the subject itself stays."""
        with self._database.writing() as connection:
            owner = find(connection, schema.subjects, name=subject)
            if owner is None:
                return
            for table in (*reversed(TABLES.values()), course_settings, course_pictures):
                connection.execute(table.delete().where(table.c.subject_id == owner["id"]))
            log.append(connection, "course erased", key=owner["log_key"])


def _add(connection: sa.Connection, record: Entry) -> int:
    table = TABLES[type(record)]
    owner = need_subject(connection, record.subject)
    _check_treatment(connection, record, owner["id"])
    number = next_id(connection, table)
    insert(connection, table, to_row(record) | {"id": number, "subject_id": owner["id"]})
    return number


def _need(connection: sa.Connection, record: Entry) -> sa.RowMapping:
    """Return the row of a record that is kept, of the same subject."""
    row = find(connection, TABLES[type(record)], id=record.id)
    owner = find(connection, schema.subjects, name=record.subject)
    if row is None or owner is None or row["subject_id"] != owner["id"]:
        raise CourseError(_missing(type(record), record.id))
    return row


def _check_treatment(connection: sa.Connection, record: Entry, subject_id: int) -> None:
    if isinstance(record, Session | MissedDose):
        key = {"id": record.treatment, "subject_id": subject_id}
        if find(connection, treatments, **key) is None:
            raise CourseError(_missing(Treatment, record.treatment))


def _log(connection: sa.Connection, action: str, records: Sequence[Entry]) -> None:
    """Enter in the log what kinds of entries changed; never what they say."""
    for subject in dict.fromkeys(record.subject for record in records):
        owner = need_subject(connection, subject)
        tables = [TABLES[type(one)].name for one in records if one.subject == subject]
        log.append(connection, action, key=owner["log_key"], tables=tables)


def _missing(kind: type[Entry], number: int) -> str:
    names = {MissedDose: Message("missed dose"), Symptom: Message("diary entry")}
    return Message(
        "There is no {value} with number {number}.",
        value=names.get(kind, kind.__name__.lower()),
        number=number,
    )
