"""Form 3: the treatment course.

Downgrading loses it; the declared start stays, for it stands with the subject.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "r0003"
down_revision = "r0002"

METADATA = sa.MetaData()

_TEXT = sa.String().with_variant(sa.String(collation="C"), "postgresql")

_KINDS = (
    "'mesotherapy_chemical', 'mesotherapy_mechanical', 'mesotherapy_electroporation', "
    "'prp', 'microneedling', 'minoxidil', 'finasteride', 'dutasteride', 'laser', "
    "'transplant', 'other'"
)

subjects = sa.Table("subjects", METADATA, sa.Column("id", sa.Integer, primary_key=True))
library = sa.Table("library", sa.MetaData(), sa.Column("schema_version", sa.Integer))


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, _TEXT, nullable=False)


def _json(name: str) -> sa.Column[object]:
    return sa.Column(name, sa.JSON, nullable=False)


def _subject(*, primary_key: bool = False) -> sa.Column[int]:
    key = sa.ForeignKey("subjects.id", ondelete="CASCADE")
    return sa.Column("subject_id", key, nullable=False, primary_key=primary_key)


def _treatment() -> sa.Column[int]:
    key = sa.ForeignKey("treatments.id", ondelete="CASCADE")
    return sa.Column("treatment", key, nullable=False)


def _seal() -> sa.Column[str]:
    return sa.Column("row_digest", sa.String(64), nullable=False)


def _table(name: str, *columns: sa.schema.SchemaItem) -> sa.Table:
    number = sa.Column("id", sa.Integer, primary_key=True, autoincrement=False)
    index = sa.Index(f"{name}_by_subject", "subject_id")
    return sa.Table(name, METADATA, number, _subject(), *columns, _seal(), index)


_TABLES = [
    _table(
        "treatments",
        _text("kind"),
        sa.Column("started_on", sa.Date),
        sa.Column("stopped_on", sa.Date),
        _text("given"),
        _text("operator"),
        _json("zones"),
        _text("note"),
        sa.CheckConstraint(f"kind IN ({_KINDS})"),
    ),
    _table(
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
        _json("zones"),
        _text("note"),
        sa.CheckConstraint("part IN ('series', 'maintenance')"),
        sa.CheckConstraint("status IN ('planned', 'done', 'skipped')"),
    ),
    _table(
        "symptoms",
        _text("at"),
        _text("zone"),
        _text("sign"),
        _text("severity"),
        _text("place"),
        _text("note"),
        _json("pictures"),
        sa.CheckConstraint("severity IN ('mild', 'moderate', 'severe')"),
    ),
    _table(
        "missed_doses",
        _treatment(),
        sa.Column("day", sa.Date, nullable=False),
        _text("note"),
    ),
    _table(
        "remarks",
        sa.Column("day", sa.Date, nullable=False),
        _text("mark"),
        _text("note"),
        sa.CheckConstraint("mark IN ('haircut', 'dye', 'other')"),
    ),
    _table(
        "answers",
        _text("check"),
        sa.Column("yes", sa.Boolean, nullable=False),
        sa.Column("day", sa.Date, nullable=False),
    ),
    sa.Table(
        "course_settings",
        METADATA,
        _subject(primary_key=True),
        _text("zone"),
        sa.Column("stopped_on", sa.Date),
        _json("hours"),
        _seal(),
    ),
    sa.Table(
        "course_pictures",
        METADATA,
        _subject(primary_key=True),
        sa.Column("digest", sa.String(64), primary_key=True),
        sa.Column("jpeg", sa.LargeBinary, nullable=False),
        _seal(),
    ),
    sa.Table(
        "clinic_facts",
        METADATA,
        sa.Column("id", sa.Integer, sa.CheckConstraint("id = 1"), primary_key=True),
        _text("toml"),
        _seal(),
    ),
]


def upgrade() -> None:
    """Make the tables of the course."""
    connection = op.get_bind()
    METADATA.create_all(connection, tables=_TABLES)
    connection.execute(library.update().values(schema_version=3))


def downgrade() -> None:
    """Drop the tables of the course."""
    connection = op.get_bind()
    METADATA.drop_all(connection, tables=_TABLES)
    connection.execute(library.update().values(schema_version=2))
