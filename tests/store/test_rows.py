"""At the border numpy scalars become plain numbers, and nothing else changes."""

import datetime as dt
import json

import numpy as np

from hairtrack.records import (
    Measurement,
    Method,
    Photo,
    Quality,
    Registration,
    TakenFrom,
    View,
    ZoneMeasurement,
)
from hairtrack.store import rows

METHOD = Method(name="m", version="1", parameters=(("cv2", "5"), ("numpy", "2")))


def test_numpy_scalars_become_plain_numbers():
    """Given raw, sqlite3 keeps them as bytes and json refuses them."""
    half = np.float32(0.5)
    matrix = tuple(map(tuple, np.eye(3, dtype=np.float32)))
    measurement = Measurement(
        photo="p",
        baseline="b",
        view=View.VERTEX,
        method=METHOD,
        quality=Quality(numbers=(("sharpness", half),)),
        registration=Registration(
            matrix=matrix,
            model="affine",
            inliers=np.int64(9),
            rms_px=half,
            scale=half,
            overlap=half,
        ),
        zones=(
            ZoneMeasurement(
                zone="scalp",
                visible_scalp=half,
                standard_error=half,
                area_px=np.int64(7),
                seen=half,
            ),
        ),
    )
    row = rows.from_measurement(measurement)
    (zone,) = rows.from_zones(measurement.zones, measurement_id=3)
    assert json.loads(json.dumps([row, zone])) == [row, zone]
    kinds = {type(value) for value in zone.values()}
    assert kinds == {int, str, float}


def test_a_time_keeps_its_offset_and_a_time_without_one_gains_none():
    for zone in (None, dt.UTC, dt.timezone(-dt.timedelta(hours=3, minutes=30))):
        photo = Photo(
            digest="d",
            subject="me",
            visit=dt.date(2025, 3, 3),
            view=View.FRONTAL,
            taken_at=dt.datetime(2025, 3, 3, 23, 30, tzinfo=zone),
            taken_from=TakenFrom.EXIF,
            width=10,
            height=20,
        )
        back = rows.to_photo(rows.from_photo(photo) | {"subject": "me"})
        assert back == photo
        assert back.taken_at.utcoffset() == photo.taken_at.utcoffset()


def test_a_method_comes_back_with_the_same_key():
    back = rows.to_method(rows.from_method(METHOD))
    assert back == METHOD
    assert rows.from_method(back)["key"] == METHOD.key
