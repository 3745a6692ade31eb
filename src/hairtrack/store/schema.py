"""Tables of the catalogue.

Rows refer to photographs by digest. A number is keyed by photograph, baseline, method
and the outlines that a person drew, so that measuring again changes nothing. Days and
times are ISO 8601, as `hairtrack.serialization` writes them. The checks refuse what
SQLite would otherwise store silently, such as a numpy scalar as bytes. Every row has a
`checksum`; see `hairtrack.store.rows`.

A new library gets these tables as they stand here. A later change of them needs a
revision in `hairtrack.store.migrations`, and its name in `REVISION`.
"""

from __future__ import annotations

import enum
from typing import Any

import sqlalchemy as sa

from hairtrack.course.entries import (
    Answer,
    Dose,
    Entry,
    Kind,
    Mark,
    Part,
    Remark,
    Session,
    Severity,
    Status,
    Symptom,
    Treatment,
)
from hairtrack.records import HairState, TakenFrom, View

REVISION = "0002"
"""Alembic's name of these tables, as `alembic_version` holds it."""

METADATA = sa.MetaData()

_TEXT = sa.String().with_variant(sa.String(collation="C"), "postgresql")
"""Sorted by code point on every database."""


def _text(name: str, *rules: Any, **options: Any) -> sa.Column[str]:
    return sa.Column(name, _TEXT, *rules, **({"nullable": False} | options))


def _optional(name: str) -> sa.Column[str]:
    return sa.Column(name, _TEXT)


def _one_of(name: str, values: type[enum.StrEnum], **options: Any) -> sa.Column[str]:
    known = ", ".join(repr(str(value)) for value in values)
    return _text(name, sa.CheckConstraint(f"{name} IN ({known})"), **options)


def _number() -> sa.Column[int]:
    """Return the column of a row's number, which the catalogue gives itself."""
    return sa.Column("id", sa.Integer, primary_key=True, autoincrement=False)


def _json(name: str) -> sa.Column[Any]:
    return sa.Column(name, sa.JSON, nullable=False)


def _checksum() -> sa.Column[str]:
    return sa.Column("checksum", sa.String(64), nullable=False)


library = sa.Table(
    "library",
    METADATA,
    sa.Column("id", sa.Integer, sa.CheckConstraint("id = 1"), primary_key=True),
    _text("library_id"),
    _text("created_at"),
    _checksum(),
)
"""One row: which library this is."""

subjects = sa.Table(
    "subjects",
    METADATA,
    _number(),
    _text("name", sa.CheckConstraint("name <> ''"), unique=True),
    _text("created_at"),
    _optional("started_at"),
    _one_of("primary_view", View, nullable=True),
    _optional("primary_zone"),
    _optional("declared_at"),
    _checksum(),
    sa.CheckConstraint("(primary_view IS NULL) = (primary_zone IS NULL)"),
)
"""Persons photographed, under a pseudonym."""

visits = sa.Table(
    "visits",
    METADATA,
    sa.Column("subject_id", sa.ForeignKey("subjects.id"), primary_key=True),
    _text("date", primary_key=True),
    _one_of("hair_state", HairState),
    sa.Column(
        "hair_length_mm", sa.Float, sa.CheckConstraint("hair_length_mm BETWEEN 0 AND 3000")
    ),
    _optional("haircut_on"),
    _optional("dyed_on"),
    _text("note"),
    _checksum(),
)
"""Days of photographs, and what is known of the hair on them."""

photos = sa.Table(
    "photos",
    METADATA,
    sa.Column(
        "digest", sa.String(64), sa.CheckConstraint("length(digest) = 64"), primary_key=True
    ),
    sa.Column("subject_id", sa.ForeignKey("subjects.id"), nullable=False),
    _text("visit"),
    _one_of("view", View),
    _optional("taken_at"),
    _one_of("taken_from", TakenFrom),
    sa.Column("width", sa.Integer, sa.CheckConstraint("width > 0"), nullable=False),
    sa.Column("height", sa.Integer, sa.CheckConstraint("height > 0"), nullable=False),
    _one_of("hair_state", HairState),
    _text("camera"),
    _text("note"),
    _text("imported_at"),
    sa.Column("outline", sa.String(64)),
    _optional("deleted_at"),
    _checksum(),
    sa.ForeignKeyConstraint(["subject_id", "visit"], ["visits.subject_id", "visits.date"]),
    sa.Index("photos_by_series", "subject_id", "view", "visit", "deleted_at"),
    sa.Index("photos_by_visit", "subject_id", "visit"),
)
"""Photographs."""

outlines = sa.Table(
    "outlines",
    METADATA,
    sa.Column("photo", sa.ForeignKey("photos.digest"), primary_key=True),
    sa.Column("digest", sa.String(64), primary_key=True),
    sa.Column("region", sa.LargeBinary, nullable=False),
    _text("drawn_at"),
    _checksum(),
)
"""Scalp outlines that a person drew, as PNG; `photos.outline` names the current one."""

baselines = sa.Table(
    "baselines",
    METADATA,
    sa.Column("subject_id", sa.ForeignKey("subjects.id"), primary_key=True),
    _one_of("view", View, primary_key=True),
    sa.Column("place", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("photo", sa.ForeignKey("photos.digest"), nullable=False),
    _text("chosen_at"),
    _checksum(),
    sa.UniqueConstraint("subject_id", "view", "photo"),
    sa.Index("baselines_by_photo", "photo"),
)
"""Photographs chosen as baselines of a subject and view. The first that is still there
is used; a later one was chosen while it was deleted."""

methods = sa.Table(
    "methods",
    METADATA,
    _number(),
    _text("key", unique=True),
    _text("name"),
    _text("version"),
    _json("parameters"),
    _checksum(),
)
"""What made the numbers: method, model and library versions."""

measurements = sa.Table(
    "measurements",
    METADATA,
    _number(),
    sa.Column("photo", sa.ForeignKey("photos.digest"), nullable=False),
    sa.Column("baseline", sa.ForeignKey("photos.digest"), nullable=False),
    sa.Column("method_id", sa.ForeignKey("methods.id"), nullable=False),
    sa.Column("outline", sa.String(64), nullable=False),
    sa.Column("baseline_outline", sa.String(64), nullable=False),
    _text("view"),
    _json("quality"),
    sa.Column("registration", sa.JSON(none_as_null=True)),
    _json("zones"),
    _json("grid"),
    sa.Column("refused", sa.JSON(none_as_null=True)),
    _text("measured_at"),
    _checksum(),
    sa.UniqueConstraint("photo", "baseline", "method_id", "outline", "baseline_outline"),
    sa.Index("measurements_by_baseline", "baseline"),
)
"""One attempt at one photograph; a refused one has its reason and no number. `zones` holds
visible scalp and standard error of each zone, `grid` those of the squares of the grid."""

audit = sa.Table(
    "audit",
    METADATA,
    _number(),
    _text("at"),
    _text("action"),
    sa.Column("subject_id", sa.Integer),
    _text("photo"),
    _checksum(),
    sa.Index("audit_by_subject", "subject_id"),
    sa.Index("audit_by_photo", "photo"),
)
"""When what happened to which subject and photograph. Entries are only added; those of
a subject go when the subject is erased."""


def _subject_key(**options: Any) -> sa.Column[int]:
    return sa.Column("subject_id", sa.ForeignKey("subjects.id"), nullable=False, **options)


def _treatment() -> sa.Column[int]:
    return sa.Column("treatment", sa.ForeignKey("treatments.id"), nullable=False)


def _entries(name: str, *columns: sa.schema.SchemaItem) -> sa.Table:
    """Return a table of the treatment course; its rows belong to a subject."""
    index = sa.Index(f"{name}_by_subject", "subject_id")
    return sa.Table(name, METADATA, _number(), _subject_key(), *columns, _checksum(), index)


treatments = _entries(
    "treatments",
    _one_of("kind", Kind),
    _optional("started_on"),
    _optional("stopped_on"),
    _text("given"),
    _text("operator"),
    _json("zones"),
    _text("note"),
)
"""What is done to whom; several may run at once."""

sessions = _entries(
    "sessions",
    _treatment(),
    sa.Column("number", sa.Integer, sa.CheckConstraint("number > 0"), nullable=False),
    _text("at"),
    _one_of("part", Part),
    _one_of("status", Status),
    _text("plan"),
    sa.Column("minutes", sa.Integer),
    _text("given"),
    _text("operator"),
    _json("zones"),
    _text("note"),
)
"""Sessions, planned and past."""

symptoms = _entries(
    "symptoms",
    _text("at"),
    _text("sign"),
    _one_of("severity", Severity),
    _text("place"),
    _text("note"),
    _json("pictures"),
)
"""The diary."""

doses = _entries(
    "doses",
    _treatment(),
    _text("day"),
    sa.Column("taken", sa.Boolean, nullable=False),
    _text("note"),
)
"""Days on which a dose was taken or left out."""

remarks = _entries("remarks", _text("day"), _one_of("mark", Mark), _text("note"))
"""Haircuts, dye and other things that change how hair looks."""

answers = _entries(
    "answers", _text("check"), sa.Column("yes", sa.Boolean, nullable=False), _text("day")
)
"""Answers to the checklist before a session."""

course_settings = sa.Table(
    "course_settings",
    METADATA,
    _subject_key(primary_key=True),
    _text("zone"),
    _optional("stopped_on"),
    _json("hours"),
    _checksum(),
)
"""One row for each subject that has a course; its start stands with the subject."""

course_pictures = sa.Table(
    "course_pictures",
    METADATA,
    _subject_key(primary_key=True),
    sa.Column("digest", sa.String(64), primary_key=True),
    sa.Column("jpeg", sa.LargeBinary, nullable=False),
    _checksum(),
)
"""Pictures of the diary: never measured, never in the series of photographs."""

clinic_facts = sa.Table(
    "clinic_facts",
    METADATA,
    sa.Column("id", sa.Integer, sa.CheckConstraint("id = 1"), primary_key=True),
    _text("toml"),
    _checksum(),
)
"""The clinic's own fact file, for the whole library; one row at most."""

table_digests = sa.Table(
    "table_digests",
    METADATA,
    _text("name", primary_key=True),
    sa.Column("rows", sa.Integer, nullable=False),
    sa.Column("digest", sa.String(64), nullable=False),
)
"""Number of rows of every other table and the sum of their checksums modulo 2**256, kept
with each transaction: a lost row leaves no other trace."""

ENTRY_TABLES: dict[type[Entry], sa.Table] = {
    Treatment: treatments,
    Session: sessions,
    Symptom: symptoms,
    Dose: doses,
    Remark: remarks,
    Answer: answers,
}
