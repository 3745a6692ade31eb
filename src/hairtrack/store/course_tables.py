"""Tables of the treatment course, and records to their rows and back.

Every row belongs to a subject and goes with it. Times are kept as ISO 8601
with their offset, beside the name of the time zone they were entered in.
"""

from __future__ import annotations

import datetime as dt
import enum
from collections.abc import Mapping
from dataclasses import fields
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from hairtrack.course.entries import (
    Answer,
    Entry,
    Kind,
    Mark,
    MissedDose,
    Part,
    Remark,
    Session,
    Severity,
    Status,
    Symptom,
    Treatment,
)
from hairtrack.store import schema
from hairtrack.store.sealed import SEAL

Record = TypeVar("Record", Treatment, Session, Symptom, MissedDose, Remark, Answer)


def _one_of(name: str, values: type[enum.StrEnum]) -> sa.CheckConstraint:
    return sa.CheckConstraint(f"{name} IN ({', '.join(repr(str(v)) for v in values)})")


def _subject(**options: Any) -> sa.Column[int]:
    key = sa.ForeignKey("subjects.id", ondelete="CASCADE")
    return sa.Column("subject_id", key, nullable=False, **options)


def _number() -> sa.Column[int]:
    return sa.Column("id", sa.Integer, primary_key=True, autoincrement=False)


def _seal() -> sa.Column[str]:
    return sa.Column(SEAL, sa.String(64), nullable=False)


def _treatment() -> sa.Column[int]:
    key = sa.ForeignKey("treatments.id", ondelete="CASCADE")
    return sa.Column("treatment", key, nullable=False)


def _text(name: str) -> sa.Column[str]:
    kind = sa.String().with_variant(sa.String(collation="C"), "postgresql")
    return sa.Column(name, kind, nullable=False)


def _table(name: str, *columns: sa.schema.SchemaItem) -> sa.Table:
    index = sa.Index(f"{name}_by_subject", "subject_id")
    columns = (_number(), _subject(), *columns, _seal(), index)
    return sa.Table(name, schema.METADATA, *columns)


treatments = _table(
    "treatments",
    _text("kind"),
    sa.Column("started_on", sa.Date),
    sa.Column("stopped_on", sa.Date),
    _text("given"),
    _text("operator"),
    sa.Column("zones", sa.JSON, nullable=False),
    _text("note"),
    _one_of("kind", Kind),
)
"""What is done to whom; several may run at once."""

sessions = _table(
    "sessions",
    _treatment(),
    sa.Column("number", sa.Integer, sa.CheckConstraint("number > 0"), nullable=False),
    _text("at"),
    _text("zone"),
    _text("part"),
    _text("status"),
    _text("plan"),
    sa.Column("minutes", sa.Integer),
    _text("given"),
    _text("operator"),
    sa.Column("zones", sa.JSON, nullable=False),
    _text("note"),
    _one_of("part", Part),
    _one_of("status", Status),
)
"""Sessions, planned and past."""

symptoms = _table(
    "symptoms",
    _text("at"),
    _text("zone"),
    _text("sign"),
    _text("severity"),
    _text("place"),
    _text("note"),
    sa.Column("pictures", sa.JSON, nullable=False),
    _one_of("severity", Severity),
)
"""The diary."""

missed_doses = _table(
    "missed_doses", _treatment(), sa.Column("day", sa.Date, nullable=False), _text("note")
)
"""Days on which a dose was left out."""

remarks = _table(
    "remarks",
    sa.Column("day", sa.Date, nullable=False),
    _text("mark"),
    _text("note"),
    _one_of("mark", Mark),
)
"""Haircuts, dye and other things that change how hair looks."""

answers = _table(
    "answers",
    _text("check"),
    sa.Column("yes", sa.Boolean, nullable=False),
    sa.Column("day", sa.Date, nullable=False),
)
"""Answers to the checklist before a session."""

course_settings = sa.Table(
    "course_settings",
    schema.METADATA,
    _subject(primary_key=True),
    _text("zone"),
    sa.Column("stopped_on", sa.Date),
    sa.Column("hours", sa.JSON, nullable=False),
    _seal(),
)
"""One row for each subject that has a course; its start stands with the subject."""

course_pictures = sa.Table(
    "course_pictures",
    schema.METADATA,
    _subject(primary_key=True),
    sa.Column("digest", sa.String(64), primary_key=True),
    sa.Column("jpeg", sa.LargeBinary, nullable=False),
    _seal(),
)
"""Pictures of the diary: never measured, never in the series of photographs."""

clinic_facts = sa.Table(
    "clinic_facts",
    schema.METADATA,
    sa.Column("id", sa.Integer, sa.CheckConstraint("id = 1"), primary_key=True),
    _text("toml"),
    _seal(),
)
"""The clinic's own fact file, for the whole library; one row at most."""

TABLES: dict[type[Entry], sa.Table] = {
    Treatment: treatments,
    Session: sessions,
    Symptom: symptoms,
    MissedDose: missed_doses,
    Remark: remarks,
    Answer: answers,
}

COURSE_TABLES = [*TABLES.values(), course_settings, course_pictures, clinic_facts]

_ENUMS: dict[str, type[enum.StrEnum]] = {
    "kind": Kind,
    "part": Part,
    "status": Status,
    "severity": Severity,
    "mark": Mark,
}


def to_row(record: Entry) -> dict[str, Any]:
    """Return the row of a record, less its number and its subject."""
    row: dict[str, Any] = {}
    for field in fields(record):
        value = getattr(record, field.name)
        if field.name in ("id", "subject"):
            continue
        if isinstance(value, dt.datetime):
            row["zone"] = getattr(value.tzinfo, "key", "UTC")
            row["at"] = value.astimezone(ZoneInfo(row["zone"])).isoformat()
        else:
            row[field.name] = plain(value)
        if isinstance(value, dt.date) and not isinstance(value, dt.datetime):
            row[field.name] = value
    return row


def to_record(kind: type[Record], row: Mapping[Any, Any], *, subject: str) -> Record:
    """Return the record of a row."""
    values: dict[str, Any] = {}
    for field in fields(kind):
        name = field.name
        if name == "subject":
            values[name] = subject
        elif name == "at":
            at = dt.datetime.fromisoformat(row["at"])
            values[name] = at.astimezone(ZoneInfo(row["zone"]))
        elif isinstance(row[name], list):
            values[name] = tuple(row[name])
        else:
            values[name] = _ENUMS[name](row[name]) if name in _ENUMS else row[name]
    return kind(**values)


def plain(value: Any) -> Any:
    """Return a value as JSON has it."""
    if isinstance(value, dict):
        return {name: plain(inner) for name, inner in value.items()}
    if isinstance(value, tuple | list):
        return [plain(inner) for inner in value]
    if isinstance(value, enum.StrEnum):
        return str(value)
    return value.isoformat() if isinstance(value, dt.date) else value
