"""Records become plain values and come back as they were."""

import dataclasses
import datetime as dt
import json
import pickle
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from factories import make_photo as photo

from hairtrack.course.entries import (
    Answer,
    Dose,
    Kind,
    Mark,
    Part,
    Remark,
    Session,
    Settings,
    Severity,
    Status,
    Symptom,
    Treatment,
)
from hairtrack.messages import Message
from hairtrack.records import (
    HairState,
    Measurement,
    Method,
    Quality,
    QualityFlag,
    Registration,
    Subject,
    View,
    Visit,
    ZoneMeasurement,
)
from hairtrack.serialization import from_plain, to_plain

DAY = dt.date(2025, 3, 10)
SECOND_0230 = dt.datetime(2025, 10, 26, 2, 30, fold=1, tzinfo=ZoneInfo("Europe/Berlin"))
"""The second half past two of that night, an hour after the first."""

HALF = np.float32(0.5)
MEASUREMENT = Measurement(
    photo="p",
    baseline="b",
    view=View.VERTEX,
    method=Method(name="m", version="1", parameters=(("cv2", "5"), ("numpy", "2"))),
    quality=Quality(flags=(QualityFlag.DARK,), numbers=(("sharpness", HALF),)),
    registration=Registration(
        matrix=tuple(map(tuple, np.eye(3, dtype=np.float32))),
        model="affine",
        inliers=np.int64(9),
        rms_px=HALF,
        scale=1,
        overlap=HALF,
    ),
    zones=(
        ZoneMeasurement(
            zone="scalp", visible_scalp=HALF, standard_error=1, area_px=np.int64(7)
        ),
        ZoneMeasurement(zone="rim", visible_scalp=None, standard_error=None, area_px=0),
    ),
)


RECORDS = [
    MEASUREMENT,
    Measurement(
        photo="p", baseline="b", view=View.VERTEX, method=MEASUREMENT.method, refused="No."
    ),
    photo("d"),
    photo("d", taken_at=dt.datetime(2025, 3, 3, 23, 30), hair_state=HairState.WET),
    photo("d", taken_at=dt.datetime(2025, 3, 3, 9, tzinfo=dt.UTC), deleted_at=SECOND_0230),
    photo(
        "d", taken_at=dt.datetime(2025, 3, 3, tzinfo=dt.timezone(dt.timedelta(hours=-3.5)))
    ),
    Subject(name="Zoë", started_at=DAY, primary_view=View.VERTEX, primary_zone="crown"),
    Visit(subject="me", date=DAY, hair_length_mm=3, haircut_on=DAY, note="x"),
    Treatment(subject="me", kind=Kind.PRP, started_on=DAY, zones=("crown", "grid_r4c3")),
    Session(
        treatment=1,
        subject="me",
        number=3,
        at=SECOND_0230,
        part=Part.MAINTENANCE,
        status=Status.DONE,
        minutes=30,
    ),
    Symptom(
        subject="me",
        at=SECOND_0230,
        sign="pain",
        severity=Severity.SEVERE,
        pictures=("ab" * 32,),
    ),
    Dose(subject="me", treatment=1, day=DAY, note="forgot"),
    Remark(subject="me", day=DAY, mark=Mark.DYE, note="red"),
    Answer(subject="me", check="diabetes", yes=True, day=DAY),
    Settings(subject="me", zone="Asia/Kolkata", hours=(("sun", 60),)),
]


def list_types(plain):
    if isinstance(plain, dict):
        return set().union({str}, *map(list_types, plain.values()))
    if isinstance(plain, list):
        return set().union(*map(list_types, plain))
    return {type(plain)}


@pytest.mark.parametrize("record", RECORDS, ids=lambda record: type(record).__name__)
def test_a_record_comes_back_as_it_was_from_plain_values_alone(record):
    """Given raw, sqlite3 stores a numpy scalar as bytes, and json refuses it."""
    plain = to_plain(record)
    assert list_types(plain) <= {str, int, float, bool, type(None)}
    back = from_plain(type(record), json.loads(json.dumps(plain)))
    assert back == record
    for name in ("at", "taken_at"):
        if (time := getattr(record, name, None)) is not None:
            assert getattr(back, name).utcoffset() == time.utcoffset()
            assert getattr(getattr(back, name).tzinfo, "key", None) == getattr(
                time.tzinfo, "key", None
            )


def test_floats_are_floats_and_bytes_are_text():
    plain = to_plain(MEASUREMENT)
    assert type(plain["registration"]["scale"]) is float
    assert to_plain({"a": (b"\x00", HALF, [DAY])}) == {"a": ["AA==", 0.5, ["2025-03-10"]]}


def test_a_message_comes_back():
    message = Message("The photo has {width} pixels on {day}.", width=3, day=DAY)
    assert from_plain(Message, to_plain(message)) == message


@pytest.mark.parametrize("plain", [{"subject": "me"}, {"day": "never"}, {"mark": "x"}])
def test_what_makes_no_record_is_refused(plain):
    known = to_plain(Remark(subject="me", day=DAY, mark=Mark.DYE))
    broken = plain if len(plain) == 1 and "subject" in plain else known | plain
    with pytest.raises((ValueError, KeyError, TypeError)):
        from_plain(Remark, broken)


def test_records_compare_by_value_and_travel_between_processes():
    assert pickle.loads(pickle.dumps(MEASUREMENT)) == MEASUREMENT
    assert hash(dataclasses.replace(MEASUREMENT)) == hash(MEASUREMENT)
    assert MEASUREMENT.zone("rim") is MEASUREMENT.zones[1]
    assert MEASUREMENT.zone("crown") is None


def test_the_key_of_a_method_is_one_plain_line_that_tells_it_apart():
    method = MEASUREMENT.method
    assert method.key == "m 1 cv2=5 numpy=2"
    assert Method(name="m", version="1").key == "m 1"
    for changes in (
        {"version": "2"},
        {"parameters": (("cv2", "4.14.0"), ("numpy", "2"))},
        {"parameters": ()},
        {"name": "other"},
    ):
        assert dataclasses.replace(method, **changes).key != method.key
