"""Tables of the catalogue, as the newest migration leaves them.

Rows refer to photographs by digest. A number is keyed by photograph, baseline,
method and the outlines that a person drew, so that measuring again changes
nothing. The checks refuse what SQLite would otherwise store silently, such as
a numpy scalar as bytes. `row_digest` seals a row: see `hairtrack.store.sealed`.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from hairtrack.records import HairState, TakenFrom, View

SCHEMA_VERSION = 3
"""Raised with every migration; a library with a higher one is refused."""

METADATA = sa.MetaData()

_TEXT = sa.String().with_variant(sa.String(collation="C"), "postgresql")
"""Sorted by code point on every database."""


def _one_of(column: str, values: type[View] | type[TakenFrom] | type[HairState]) -> str:
    return f"{column} IN ({', '.join(repr(str(value)) for value in values)})"


def _number() -> sa.Column[int]:
    """Return the column of a row's number, which the catalogue gives itself."""
    return sa.Column("id", sa.Integer, primary_key=True, autoincrement=False)


def _view(**options: Any) -> sa.Column[str]:
    return sa.Column("view", _TEXT, sa.CheckConstraint(_one_of("view", View)), **options)


def _hair_state() -> sa.Column[str]:
    check = sa.CheckConstraint(_one_of("hair_state", HairState))
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
"""One row: which library this is, which tables it has, and the last entry of its log."""

subjects = sa.Table(
    "subjects",
    METADATA,
    _number(),
    sa.Column("name", _TEXT, sa.CheckConstraint("name <> ''"), nullable=False),
    sa.Column("created_at", _TEXT, nullable=False),
    sa.Column("started_at", sa.Date),
    sa.Column("primary_view", _TEXT, sa.CheckConstraint(_one_of("primary_view", View))),
    sa.Column("primary_zone", _TEXT),
    sa.Column("declared_at", _TEXT),
    sa.Column("log_key", sa.String(64), nullable=False),
    _seal(),
    sa.UniqueConstraint("name"),
    sa.CheckConstraint("(primary_view IS NULL) = (primary_zone IS NULL)"),
)
"""Persons photographed, under a pseudonym. Without `log_key`, which goes with the row,
the entries of the log that concern a person cannot be told from others."""

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
"""Days of photographs, and what is known of the hair on them."""

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
        sa.CheckConstraint(_one_of("taken_from", TakenFrom)),
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
"""Kept photographs. `taken_at` is ISO 8601, with an offset where one is known."""

outlines = sa.Table(
    "outlines",
    METADATA,
    sa.Column("photo", sa.ForeignKey("photos.digest"), primary_key=True),
    sa.Column("digest", sa.String(64), primary_key=True),
    sa.Column("region", sa.LargeBinary, nullable=False),
    sa.Column("drawn_at", _TEXT, nullable=False),
    _seal(),
)
"""Scalp outlines that a person drew, as PNG; `photos.outline` names the one that holds."""

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
"""Photographs chosen as baselines of a subject and view. The first that is still there
holds; a later one was chosen while it was away."""

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
"""One attempt at one photograph; a refused one keeps its reason and no number."""

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
"""Visible scalp of each zone of a measurement, in the order they were given. The seal
of the measurement covers them."""

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
"""The change log, one entry chained to the next; triggers bar its rows from changing."""
