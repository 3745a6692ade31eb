"""Records of a change are frozen plain values."""

import dataclasses
import datetime as dt
import pickle

import pytest

from hairtrack.change import records

RECORDS = [
    value
    for value in vars(records).values()
    if dataclasses.is_dataclass(value) and value.__module__ == records.__name__
]


@pytest.mark.parametrize("record", RECORDS, ids=lambda record: record.__name__)
def test_records_are_frozen_keyword_only_and_hold_no_arrays(record):
    assert record.__dataclass_params__.frozen
    assert hasattr(record, "__slots__")
    for field in dataclasses.fields(record):
        assert field.kw_only
        assert not any(word in str(field.type) for word in ("NDArray", "Any"))


def test_the_level_of_a_visit_is_the_mean_of_its_photographs():
    reading = records.VisitReading(day=dt.date(2025, 1, 1), values=(0.3, 0.32, 0.4))
    assert reading.level == pytest.approx(0.34)
    assert pickle.loads(pickle.dumps(reading)) == reading
