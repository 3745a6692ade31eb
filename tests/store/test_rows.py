"""A row does not change without its checksum, and the tables refuse nonsense."""

import pytest
import sqlalchemy as sa

from hairtrack.errors import LibraryError
from hairtrack.store import rows, schema

METADATA = sa.MetaData()
TABLE = sa.Table(
    "notes",
    METADATA,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("day", sa.String),
    sa.Column("level", sa.Float),
    sa.Column("words", sa.JSON),
    sa.Column("picture", sa.LargeBinary),
    sa.Column("checksum", sa.String),
)
ROW = {
    "id": 1,
    "day": "2025-03-03",
    "level": 0.1 + 0.2,
    "words": ["a", {"b": None}],
    "picture": b"\x00\xff",
}


@pytest.fixture
def connection():
    engine = sa.create_engine("sqlite://")
    METADATA.create_all(engine)
    schema.METADATA.create_all(engine)
    with engine.begin() as connection:
        rows.insert(connection, TABLE, ROW)
        yield connection
    engine.dispose()


def test_the_definition_of_the_checksum_never_changes():
    """Libraries hold checksums made by it; this one was computed once and for all."""
    assert rows.row_checksum("notes", ROW) == (
        "073328213ed2fae7cbe790ed6cf5050ec9ae82c189a1dbc0f16017003c37a5c9"
    )


def test_a_row_has_the_checksum_of_what_went_in_and_a_new_one_when_updated(connection):
    row = rows.find(connection, TABLE, id=1)
    for values in (ROW, row):
        assert row["checksum"] == rows.row_checksum("notes", values)
    assert rows.next_id(connection, TABLE) == 2
    rows.update(connection, TABLE, row, level=0.5)
    row = rows.find(connection, TABLE, id=1)
    assert row["level"] == 0.5
    assert row["checksum"] == rows.row_checksum("notes", row)


def test_any_other_value_has_another_checksum():
    checksums = {rows.row_checksum("notes", ROW), rows.row_checksum("other", ROW)}
    for other in (
        {"id": 2},
        {"day": "2025-03-04"},
        {"level": 0.3},
        {"level": None},
        {"words": ["a", {"b": 0}]},
        {"picture": b"\x00\xfe"},
    ):
        checksums.add(rows.row_checksum("notes", ROW | other))
    assert len(checksums) == 8


def test_a_damaged_row_is_not_updated(connection):
    connection.exec_driver_sql("UPDATE notes SET level = 0.9")
    row = rows.find(connection, TABLE, id=1)
    with pytest.raises(LibraryError, match=r"notes.*damaged.*backup"):
        rows.update(connection, TABLE, row, day=None)
    assert rows.find(connection, TABLE, id=1) == row


PHOTO = {
    "digest": "a" * 64,
    "subject_id": 1,
    "visit": "2025-03-03",
    "view": "vertex",
    "taken_from": "exif",
    "width": 10,
    "height": 10,
    "hair_state": "dry",
    "camera": "",
    "note": "",
    "imported_at": "",
    "checksum": "",
}
SUBJECT = {"id": 1, "name": "me", "created_at": "", "checksum": ""}
VISIT = {"subject_id": 1, "date": "2025-03-03", "hair_state": "dry", "note": ""}
LIBRARY = {"id": 1, "library_id": "x", "created_at": "", "checksum": ""}


@pytest.mark.parametrize(
    ("table", "good", "bad"),
    [
        ("library", LIBRARY, {"id": 2}),
        ("photos", PHOTO, {"view": "from above"}),
        ("photos", PHOTO, {"digest": "abc"}),
        ("photos", PHOTO, {"width": 0}),
        ("photos", PHOTO, {"visit": None}),
        ("photos", PHOTO, {"taken_from": "dream"}),
        ("subjects", SUBJECT, {"name": ""}),
        ("subjects", SUBJECT, {"primary_zone": "crown"}),
        ("visits", VISIT | {"checksum": ""}, {"hair_length_mm": -1.0}),
        ("visits", VISIT | {"checksum": ""}, {"hair_length_mm": b"\x00\x00\x80>"}),
        ("visits", VISIT | {"checksum": ""}, {"hair_state": "purple"}),
    ],
    ids=lambda value: str(value) if isinstance(value, dict) and len(value) == 1 else "",
)
def test_a_table_refuses_nonsense_and_takes_the_rest(connection, table, good, bad):
    def write(values):
        names, places = ", ".join(values), ", ".join("?" * len(values))
        order = f"INSERT INTO {table} ({names}) VALUES ({places})"
        connection.exec_driver_sql(order, tuple(values.values()))

    with pytest.raises(sa.exc.IntegrityError):
        write(good | bad)
    write(good)
