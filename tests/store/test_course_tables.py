import datetime as dt
from zoneinfo import ZoneInfo

import pytest

from hairtrack.course.entries import (
    Answer,
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
from hairtrack.store.course_tables import COURSE_TABLES, TABLES, plain, to_record, to_row

DAY = dt.date(2025, 3, 10)
BERLIN = dt.datetime(2025, 10, 26, 2, 30, fold=1, tzinfo=ZoneInfo("Europe/Berlin"))

RECORDS = [
    Treatment(
        subject="me",
        kind=Kind.PRP,
        started_on=DAY,
        given="a",
        operator="b",
        zones=("crown", "grid_r4c3"),
        note="c",
    ),
    Session(
        treatment=1,
        subject="me",
        number=3,
        at=BERLIN,
        part=Part.MAINTENANCE,
        status=Status.DONE,
        plan="B",
        minutes=30,
        zones=("grid_r1c1",),
    ),
    Symptom(
        subject="me",
        at=BERLIN,
        sign="pain",
        severity=Severity.SEVERE,
        place="left",
        pictures=("ab" * 32,),
    ),
    MissedDose(subject="me", treatment=1, day=DAY, note="forgot"),
    Remark(subject="me", day=DAY, mark=Mark.DYE, note="red"),
    Answer(subject="me", check="diabetes", yes=True, day=DAY),
]


@pytest.mark.parametrize("record", RECORDS, ids=lambda record: type(record).__name__)
def test_a_record_comes_back_as_it_was(record):
    row = to_row(record) | {"id": 0}
    back = to_record(type(record), row, subject="me")
    assert back == record
    if hasattr(record, "at"):
        # The second 02:30 of that night, an hour after the first.
        assert back.at.utcoffset() == dt.timedelta(hours=1)
        assert back.at.tzinfo == ZoneInfo("Europe/Berlin")


def test_every_kind_of_entry_has_its_table_and_goes_with_the_subject():
    assert set(TABLES) == {type(record) for record in RECORDS}
    for table in COURSE_TABLES:
        assert table.metadata is schema.METADATA
        if table.name != "clinic_facts":
            (key,) = table.c.subject_id.foreign_keys
            assert (key.column.table.name, key.ondelete) == ("subjects", "CASCADE")


def test_plain_values_are_those_of_json():
    assert plain({"a": (Kind.PRP, DAY, 1.5, None)}) == {
        "a": ["prp", "2025-03-10", 1.5, None]
    }
