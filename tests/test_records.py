from __future__ import annotations

import dataclasses
import pickle

import pytest

from hairtrack import records
from hairtrack.records import (
    Measurement,
    Method,
    Quality,
    QualityFlag,
    Registration,
    View,
    ZoneMeasurement,
)

RECORDS = [
    value
    for value in vars(records).values()
    if dataclasses.is_dataclass(value) and value.__module__ == records.__name__
]

MEASUREMENT = Measurement(
    photo="a" * 64,
    baseline="b" * 64,
    view=View.VERTEX,
    method=Method(name="hairtrack", version="1", parameters=(("cv2", "5.0.0"),)),
    quality=Quality(flags=(QualityFlag.DARK,), numbers=(("brightness", 0.1),)),
    registration=Registration(
        matrix=((1.0, 0.0, 2.0), (0.0, 1.0, -3.0), (0.0, 0.0, 1.0)),
        model="similarity",
        inliers=40,
        rms_px=0.8,
        scale=1.0,
        overlap=0.97,
    ),
    zones=(
        ZoneMeasurement(zone="scalp", visible_scalp=0.3, standard_error=0.02, area_px=9000),
        ZoneMeasurement(zone="rim", visible_scalp=None, standard_error=None, area_px=0),
    ),
)


@pytest.mark.parametrize("record", RECORDS, ids=lambda record: record.__name__)
def test_records_are_frozen_keyword_only_and_slotted(record: type) -> None:
    settings = record.__dataclass_params__  # type: ignore[attr-defined]
    assert settings.frozen
    assert all(field.kw_only for field in dataclasses.fields(record))
    assert hasattr(record, "__slots__")


@pytest.mark.parametrize("record", RECORDS, ids=lambda record: record.__name__)
def test_records_hold_no_arrays(record: type) -> None:
    for field in dataclasses.fields(record):
        assert not any(word in str(field.type) for word in ("NDArray", "ndarray", "Any"))


def test_records_compare_by_value_and_travel_between_processes() -> None:
    assert pickle.loads(pickle.dumps(MEASUREMENT)) == MEASUREMENT
    assert hash(dataclasses.replace(MEASUREMENT)) == hash(MEASUREMENT)


def test_zone_is_found_by_name() -> None:
    assert MEASUREMENT.zone("rim") is MEASUREMENT.zones[1]
    assert MEASUREMENT.zone("crown") is None


@pytest.mark.parametrize(
    "other",
    [
        Method(name="hairtrack", version="2", parameters=(("cv2", "5.0.0"),)),
        Method(name="hairtrack", version="1", parameters=(("cv2", "4.14.0"),)),
        Method(name="hairtrack", version="1"),
        Method(name="other", version="1", parameters=(("cv2", "5.0.0"),)),
    ],
)
def test_key_tells_methods_apart(other: Method) -> None:
    assert other.key != MEASUREMENT.method.key


def test_key_is_one_plain_line() -> None:
    assert MEASUREMENT.method.key == "hairtrack 1 cv2=5.0.0"
    assert Method(name="hairtrack", version="1").key == "hairtrack 1"


def test_words_are_those_that_are_stored() -> None:
    assert [str(view) for view in View] == [
        "vertex",
        "midline",
        "frontal",
        "temporal_left",
        "temporal_right",
        "occipital",
    ]
    assert View("temporal_left") is View.TEMPORAL_LEFT
