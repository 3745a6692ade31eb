"""A row under a seal cannot change without a trace, nor be changed when it was damaged."""

import datetime as dt

import pytest
import sqlalchemy as sa

from hairtrack.errors import LibraryError
from hairtrack.store import sealed

METADATA = sa.MetaData()
TABLE = sa.Table(
    "notes",
    METADATA,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("day", sa.Date),
    sa.Column("level", sa.Float),
    sa.Column("words", sa.JSON),
    sa.Column("picture", sa.LargeBinary),
    sa.Column("row_digest", sa.String),
)
ROW = {
    "id": 1,
    "day": dt.date(2025, 3, 3),
    "level": 0.1 + 0.2,
    "words": ["a", {"b": None}],
    "picture": b"\x00\xff",
}


@pytest.fixture
def connection():
    engine = sa.create_engine("sqlite://")
    METADATA.create_all(engine)
    with engine.begin() as connection:
        sealed.insert(connection, TABLE, ROW)
        yield connection
    engine.dispose()


def test_the_definition_of_the_seal_never_changes():
    """Kept libraries bear seals made by it; this one was computed once and for all."""
    assert sealed.seal("notes", ROW) == (
        "073328213ed2fae7cbe790ed6cf5050ec9ae82c189a1dbc0f16017003c37a5c9"
    )


def test_what_comes_back_bears_the_seal_of_what_went_in(connection):
    row = sealed.find(connection, TABLE, id=1)
    assert row["row_digest"] == sealed.seal("notes", ROW) == sealed.seal("notes", row)


@pytest.mark.parametrize(
    "other",
    [
        {"id": 2},
        {"day": dt.date(2025, 3, 4)},
        {"level": 0.3},
        {"level": None},
        {"words": ["a", {"b": 0}]},
        {"picture": b"\x00\xfe"},
    ],
    ids=str,
)
def test_any_other_value_has_another_seal(other):
    assert sealed.seal("notes", ROW | other) != sealed.seal("notes", ROW)
    assert sealed.seal("other", ROW) != sealed.seal("notes", ROW)


def test_a_change_is_sealed_again(connection):
    sealed.change(connection, TABLE, sealed.find(connection, TABLE, id=1), level=0.5)
    row = sealed.find(connection, TABLE, id=1)
    assert row["level"] == 0.5
    assert row["row_digest"] == sealed.seal("notes", row)


def test_a_damaged_row_is_not_covered_up(connection):
    connection.exec_driver_sql("UPDATE notes SET level = 0.9")
    row = sealed.find(connection, TABLE, id=1)
    with pytest.raises(LibraryError, match=r"notes.*damaged.*backup"):
        sealed.change(connection, TABLE, row, day=None)
    assert sealed.find(connection, TABLE, id=1) == row


def test_a_measurement_is_sealed_with_its_zones():
    zones = [{"zone": "scalp", "visible_scalp": 0.5}, {"zone": "rim", "visible_scalp": 0.1}]
    whole = sealed.seal_measurement(ROW, zones)
    assert whole != sealed.seal_measurement(ROW, zones[:1])
    assert whole != sealed.seal_measurement(ROW, zones[::-1])
    assert whole == sealed.seal_measurement(ROW, iter(zones))


def test_rows_are_numbered_without_gaps(connection):
    assert sealed.next_id(connection, TABLE) == 2
    connection.execute(TABLE.delete())
    assert sealed.next_id(connection, TABLE) == 1
