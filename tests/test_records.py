from __future__ import annotations

import dataclasses
import pickle

from hairtrack.records import (
    Measurement,
    Method,
    Quality,
    QualityFlag,
    Registration,
    View,
    ZoneMeasurement,
)

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


def test_records_compare_by_value_and_travel_between_processes() -> None:
    assert pickle.loads(pickle.dumps(MEASUREMENT)) == MEASUREMENT
    assert hash(dataclasses.replace(MEASUREMENT)) == hash(MEASUREMENT)
    assert MEASUREMENT.zone("rim") is MEASUREMENT.zones[1]
    assert MEASUREMENT.zone("crown") is None


def test_key_is_one_plain_line_that_tells_methods_apart() -> None:
    assert MEASUREMENT.method.key == "hairtrack 1 cv2=5.0.0"
    assert Method(name="hairtrack", version="1").key == "hairtrack 1"
    for changes in (
        {"version": "2"},
        {"parameters": (("cv2", "4.14.0"),)},
        {"parameters": ()},
        {"name": "other"},
    ):
        other = dataclasses.replace(MEASUREMENT.method, **changes)
        assert other.key != MEASUREMENT.method.key
