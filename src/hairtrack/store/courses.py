"""What is kept of the treatment course: one table for each kind of entry."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any, TypeVar

import sqlalchemy as sa

from hairtrack.course.entries import (
    Answer,
    Dose,
    Entry,
    Remark,
    Session,
    Settings,
    Status,
    Symptom,
    Treatment,
)
from hairtrack.errors import CourseError
from hairtrack.messages import Message
from hairtrack.serialization import from_plain, to_plain
from hairtrack.store import schema
from hairtrack.store.catalog import Catalog
from hairtrack.store.rows import (
    add_audit,
    delete,
    delete_owned,
    find,
    insert,
    need_subject,
    next_id,
    to_row,
    update,
)
from hairtrack.store.schema import ENTRY_TABLES

Record = TypeVar("Record", Treatment, Session, Symptom, Dose, Remark, Answer)


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
            _audit(connection, "course entries added", records)
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
                table = ENTRY_TABLES[type(record)]
                update(connection, table, row, **to_row(record, table))
            _audit(connection, "course entries changed", records)

    def replan(self, treatment: Treatment, sessions: Iterable[Session]) -> int:
        """Keep a treatment and its plan in place of the sessions still planned for it.

        Returns
        -------
        int
            Number of the treatment, which is kept first when it is new.
        """
        with self._database.writing() as connection:
            number = treatment.id or _add(connection, treatment)
            table = ENTRY_TABLES[Session]
            planned = (table.c.treatment == number, table.c.status == str(Status.PLANNED))
            delete(connection, table, *planned)
            for session in sessions:
                _add(connection, replace(session, treatment=number))
            _audit(connection, "course planned", [treatment])
        return number

    def remove(self, *records: Entry) -> None:
        """Forget records; a treatment takes its sessions and doses with it."""
        with self._database.writing() as connection:
            for record in records:
                table = ENTRY_TABLES[type(record)]
                row = _need(connection, record)
                delete_owned(connection, table, table.c.id == row["id"])
            _audit(connection, "course entries removed", records)

    def entries(self, kind: type[Record], *, subject: str) -> list[Record]:
        """Return a subject's records of one kind by their number."""
        table = ENTRY_TABLES[kind]
        query = (
            sa.select(table)
            .join_from(table, schema.subjects)
            .where(schema.subjects.c.name == subject)
            .order_by(table.c.id)
        )
        with self._database.reading() as connection:
            found = connection.execute(query).mappings().all()
        return [from_plain(kind, {**row, "subject": subject}) for row in found]

    def settings(self, subject: str) -> Settings:
        """Return what holds for a subject's course; the zone is empty until one is set."""
        with self._database.reading() as connection:
            owner = find(connection, schema.subjects, name=subject)
            number = None if owner is None else owner["id"]
            row = find(connection, schema.course_settings, subject_id=number)
        kept = row or {"zone": "", "hours": []}
        started = owner and owner["started_at"]
        return from_plain(Settings, {**kept, "subject": subject, "started_on": started})

    def save_settings(self, settings: Settings) -> None:
        """Write what holds for a subject's course; its start goes to the subject."""
        table = schema.course_settings
        with self._database.writing() as connection:
            owner = need_subject(connection, settings.subject)
            number, started = owner["id"], to_plain(settings.started_on)
            row = find(connection, table, subject_id=number)
            if row is None:
                insert(connection, table, to_row(settings, table) | {"subject_id": number})
            else:
                update(connection, table, row, **to_row(settings, table))
            add_audit(connection, "course settings changed", subject_id=number)
            if owner["started_at"] != started:
                update(connection, schema.subjects, owner, started_at=started)
                add_audit(connection, "subject changed", subject_id=number)

    def add_picture(self, subject: str, digest: str, jpeg: bytes) -> None:
        """Keep a picture of the diary; the same one twice is one."""
        with self._database.writing() as connection:
            owner = need_subject(connection, subject)
            key = {"subject_id": owner["id"], "digest": digest}
            if find(connection, schema.course_pictures, **key) is None:
                insert(connection, schema.course_pictures, key | {"jpeg": jpeg})

    def picture(self, subject: str, digest: str) -> bytes | None:
        """Return a picture of the diary, or `None`."""
        query = (
            sa.select(schema.course_pictures.c.jpeg)
            .join_from(schema.course_pictures, schema.subjects)
            .where(
                schema.subjects.c.name == subject, schema.course_pictures.c.digest == digest
            )
        )
        with self._database.reading() as connection:
            found = connection.execute(query).scalar()
        return None if found is None else bytes(found)

    def clinic_file(self) -> str:
        """Return the clinic's fact file, empty where there is none."""
        with self._database.reading() as connection:
            return connection.execute(sa.select(schema.clinic_facts.c.toml)).scalar() or ""

    def save_clinic_file(self, toml: str) -> None:
        """Keep the clinic's fact file; an empty one takes it away."""
        with self._database.writing() as connection:
            delete(connection, schema.clinic_facts)
            if toml:
                insert(connection, schema.clinic_facts, {"id": 1, "toml": toml})

    def export_course(self, subject: str) -> dict[str, Any]:
        """Return all that is kept of a subject's course, as plain values for JSON.

        Pictures are named by their digest; `picture` gives their bytes.
        """
        found: dict[str, Any] = {
            "subject": subject,
            "settings": to_plain(self.settings(subject)),
        }
        for kind, table in ENTRY_TABLES.items():
            found[table.name] = to_plain(self.entries(kind, subject=subject))
        return found


def _add(connection: sa.Connection, record: Entry) -> int:
    table = ENTRY_TABLES[type(record)]
    owner = need_subject(connection, record.subject)
    _check_treatment(connection, record, owner["id"])
    number = next_id(connection, table)
    values = to_row(record, table) | {"id": number, "subject_id": owner["id"]}
    insert(connection, table, values)
    return number


def _need(connection: sa.Connection, record: Entry) -> sa.RowMapping:
    """Return the row of a record that is kept, of the same subject."""
    row = find(connection, ENTRY_TABLES[type(record)], id=record.id)
    owner = find(connection, schema.subjects, name=record.subject)
    if row is None or owner is None or row["subject_id"] != owner["id"]:
        raise CourseError(_missing(type(record), record.id))
    return row


def _check_treatment(connection: sa.Connection, record: Entry, subject_id: int) -> None:
    if isinstance(record, Session | Dose):
        key = {"id": record.treatment, "subject_id": subject_id}
        if find(connection, schema.treatments, **key) is None:
            raise CourseError(_missing(Treatment, record.treatment))


def _audit(connection: sa.Connection, action: str, records: Sequence[Entry]) -> None:
    for subject in dict.fromkeys(record.subject for record in records):
        add_audit(connection, action, subject_id=need_subject(connection, subject)["id"])


def _missing(kind: type[Entry], number: int) -> str:
    name = Message("diary entry") if kind is Symptom else kind.__name__.lower()
    return Message(
        "There is no {value} with number {number}.",
        value=name,
        number=number,
    )
