"""The tables refuse what SQLite would otherwise store without a word."""

import pytest
import sqlalchemy as sa

from hairtrack.store import schema

PHOTO = {
    "digest": "a" * 64,
    "subject_id": 1,
    "visit": None,
    "view": "vertex",
    "taken_from": "exif",
    "width": 10,
    "height": 10,
    "hair_state": "dry",
    "camera": "",
    "note": "",
    "imported_at": "",
    "row_digest": "",
}
SUBJECT = {"id": 1, "name": "me", "created_at": "", "log_key": "", "row_digest": ""}
VISIT = {
    "subject_id": 1,
    "date": "2025-03-03",
    "hair_state": "dry",
    "note": "",
    "row_digest": "",
}
ZONE = {
    "measurement_id": 1,
    "position": 0,
    "zone": "scalp",
    "visible_scalp": 0.5,
    "standard_error": 0.1,
    "area_px": 10,
    "seen": 1.0,
}


@pytest.fixture
def connection():
    engine = sa.create_engine("sqlite://")
    schema.METADATA.create_all(engine)
    with engine.connect() as connection:
        yield connection
    engine.dispose()


def insert(connection, table, values):
    names = ", ".join(values)
    places = ", ".join("?" * len(values))
    connection.exec_driver_sql(
        f"INSERT INTO {table} ({names}) VALUES ({places})", tuple(values.values())
    )


@pytest.mark.parametrize(
    ("table", "good", "bad"),
    [
        ("photos", PHOTO | {"visit": "2025-03-03"}, {"view": "from above"}),
        ("photos", PHOTO | {"visit": "2025-03-03"}, {"digest": "abc"}),
        ("photos", PHOTO | {"visit": "2025-03-03"}, {"width": 0}),
        ("photos", PHOTO | {"visit": "2025-03-03"}, {"visit": None}),
        ("photos", PHOTO | {"visit": "2025-03-03"}, {"taken_from": "dream"}),
        ("zones", ZONE, {"visible_scalp": b"\x00\x00\x80>"}),
        ("zones", ZONE, {"visible_scalp": 1.5}),
        ("zones", ZONE, {"visible_scalp": -0.1}),
        ("zones", ZONE, {"standard_error": -0.1}),
        ("zones", ZONE, {"area_px": -1}),
        ("subjects", SUBJECT, {"name": ""}),
        ("subjects", SUBJECT, {"primary_zone": "crown"}),
        ("visits", VISIT, {"hair_length_mm": -1.0}),
        ("visits", VISIT, {"hair_length_mm": b"\x00\x00\x80>"}),
        ("visits", VISIT, {"hair_state": "purple"}),
    ],
    ids=lambda value: str(value) if isinstance(value, dict) and len(value) == 1 else "",
)
def test_nonsense_is_refused_and_sense_is_not(connection, table, good, bad):
    with pytest.raises(sa.exc.IntegrityError):
        insert(connection, table, good | bad)
    insert(connection, table, good)


def test_an_empty_zone_has_neither_value_nor_error(connection):
    insert(connection, "zones", ZONE | {"visible_scalp": None, "standard_error": None})


def test_there_is_one_library_in_a_catalogue(connection):
    row = {"id": 1, "library_id": "x", "schema_version": 1, "created_at": ""}
    insert(connection, "library", row)
    with pytest.raises(sa.exc.IntegrityError):
        insert(connection, "library", row | {"id": 2})
