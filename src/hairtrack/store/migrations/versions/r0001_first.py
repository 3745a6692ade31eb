"""Form 1: the tables of the first released version."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "r0001"
down_revision = None

METADATA = sa.MetaData()


_VIEW = (
    "view IN ('vertex', 'midline', 'frontal', 'temporal_left', 'temporal_right', "
    "'occipital')"
)

library = sa.Table(
    "library",
    METADATA,
    sa.Column("id", sa.Integer, sa.CheckConstraint("id = 1"), primary_key=True),
    sa.Column("library_id", sa.String, nullable=False),
    sa.Column("schema_version", sa.Integer, nullable=False),
    sa.Column("created_at", sa.String, nullable=False),
)

subjects = sa.Table(
    "subjects",
    METADATA,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("name", sa.String, sa.CheckConstraint("name <> ''"), nullable=False),
    sa.Column("created_at", sa.String, nullable=False),
    sa.UniqueConstraint("name"),
)

photos = sa.Table(
    "photos",
    METADATA,
    sa.Column(
        "digest", sa.String(64), sa.CheckConstraint("length(digest) = 64"), primary_key=True
    ),
    sa.Column("subject_id", sa.ForeignKey("subjects.id"), nullable=False),
    sa.Column("visit", sa.Date, nullable=False),
    sa.Column("view", sa.String, sa.CheckConstraint(_VIEW), nullable=False),
    sa.Column("taken_at", sa.String),
    sa.Column(
        "taken_from",
        sa.String,
        sa.CheckConstraint("taken_from IN ('exif', 'file name', 'person', 'unknown')"),
        nullable=False,
    ),
    sa.Column("width", sa.Integer, sa.CheckConstraint("width > 0"), nullable=False),
    sa.Column("height", sa.Integer, sa.CheckConstraint("height > 0"), nullable=False),
    sa.Column(
        "hair_state",
        sa.String,
        sa.CheckConstraint("hair_state IN ('unknown', 'dry', 'wet', 'oily')"),
        nullable=False,
    ),
    sa.Column("camera", sa.String, nullable=False),
    sa.Column("note", sa.String, nullable=False),
    sa.Column("imported_at", sa.String, nullable=False),
    sa.Index("photos_by_series", "subject_id", "view", "visit"),
)

baselines = sa.Table(
    "baselines",
    METADATA,
    sa.Column("subject_id", sa.ForeignKey("subjects.id"), primary_key=True),
    sa.Column("view", sa.String, sa.CheckConstraint(_VIEW), primary_key=True),
    sa.Column("photo", sa.ForeignKey("photos.digest"), nullable=False),
    sa.Column("chosen_at", sa.String, nullable=False),
)

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


def upgrade() -> None:
    """Make the tables."""
    METADATA.create_all(op.get_bind())


def downgrade() -> None:
    """Drop the tables."""
    METADATA.drop_all(op.get_bind())
