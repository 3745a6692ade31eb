"""Tables of the catalogue.

Rows refer to photographs by digest. A number is keyed by photograph, baseline
and method, so that measuring again changes nothing. The checks refuse what
SQLite would otherwise store silently, such as a numpy scalar as bytes.
"""

from __future__ import annotations

import sqlalchemy as sa

from hairtrack.records import HairState, TakenFrom, View

SCHEMA_VERSION = 1
"""Raised whenever a table changes; a library with a higher one is refused."""

METADATA = sa.MetaData()


def _one_of(column: str, values: type[View] | type[TakenFrom] | type[HairState]) -> str:
    return f"{column} IN ({', '.join(repr(str(value)) for value in values)})"


library = sa.Table(
    "library",
    METADATA,
    sa.Column("id", sa.Integer, sa.CheckConstraint("id = 1"), primary_key=True),
    sa.Column("library_id", sa.String, nullable=False),
    sa.Column("schema_version", sa.Integer, nullable=False),
    sa.Column("created_at", sa.String, nullable=False),
)
"""One row: which library this is, and which tables it has."""

subjects = sa.Table(
    "subjects",
    METADATA,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("name", sa.String, sa.CheckConstraint("name <> ''"), nullable=False),
    sa.Column("created_at", sa.String, nullable=False),
    sa.UniqueConstraint("name"),
)
"""Persons photographed, under a name of their own choice (a pseudonym)."""

photos = sa.Table(
    "photos",
    METADATA,
    sa.Column(
        "digest", sa.String(64), sa.CheckConstraint("length(digest) = 64"), primary_key=True
    ),
    sa.Column("subject_id", sa.ForeignKey("subjects.id"), nullable=False),
    sa.Column("visit", sa.Date, nullable=False),
    sa.Column("view", sa.String, sa.CheckConstraint(_one_of("view", View)), nullable=False),
    sa.Column("taken_at", sa.String),
    sa.Column(
        "taken_from",
        sa.String,
        sa.CheckConstraint(_one_of("taken_from", TakenFrom)),
        nullable=False,
    ),
    sa.Column("width", sa.Integer, sa.CheckConstraint("width > 0"), nullable=False),
    sa.Column("height", sa.Integer, sa.CheckConstraint("height > 0"), nullable=False),
    sa.Column(
        "hair_state",
        sa.String,
        sa.CheckConstraint(_one_of("hair_state", HairState)),
        nullable=False,
    ),
    sa.Column("camera", sa.String, nullable=False),
    sa.Column("note", sa.String, nullable=False),
    sa.Column("imported_at", sa.String, nullable=False),
    sa.Index("photos_by_series", "subject_id", "view", "visit"),
)
"""Kept photographs. `taken_at` is ISO 8601, with an offset where one is known."""

baselines = sa.Table(
    "baselines",
    METADATA,
    sa.Column("subject_id", sa.ForeignKey("subjects.id"), primary_key=True),
    sa.Column(
        "view", sa.String, sa.CheckConstraint(_one_of("view", View)), primary_key=True
    ),
    sa.Column("photo", sa.ForeignKey("photos.digest"), nullable=False),
    sa.Column("chosen_at", sa.String, nullable=False),
)
"""The photograph that all others of one subject and view are compared with."""

methods = sa.Table(
    "methods",
    METADATA,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("key", sa.String, nullable=False),
    sa.Column("name", sa.String, nullable=False),
    sa.Column("version", sa.String, nullable=False),
    sa.Column("parameters", sa.JSON, nullable=False),
    sa.UniqueConstraint("key"),
)
"""What made the numbers: method, model and library versions."""

measurements = sa.Table(
    "measurements",
    METADATA,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("photo", sa.ForeignKey("photos.digest"), nullable=False),
    sa.Column("baseline", sa.ForeignKey("photos.digest"), nullable=False),
    sa.Column("method_id", sa.ForeignKey("methods.id"), nullable=False),
    sa.Column("view", sa.String, nullable=False),
    sa.Column("flags", sa.JSON, nullable=False),
    sa.Column("numbers", sa.JSON, nullable=False),
    sa.Column("registration", sa.JSON(none_as_null=True)),
    sa.Column("refused", sa.String),
    sa.Column("measured_at", sa.String, nullable=False),
    sa.UniqueConstraint("photo", "baseline", "method_id"),
)
"""One attempt at one photograph; a refused one keeps its reason and no number."""

zones = sa.Table(
    "zones",
    METADATA,
    sa.Column("measurement_id", sa.ForeignKey("measurements.id"), primary_key=True),
    sa.Column("position", sa.Integer, primary_key=True),
    sa.Column("zone", sa.String, nullable=False),
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
"""Visible scalp of each zone of a measurement, in the order they were given."""
