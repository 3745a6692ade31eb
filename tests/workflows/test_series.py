"""Photographs of one day become one visit with its conditions."""

import datetime as dt

import pytest

from hairtrack.course.entries import Kind, Mark, Remark, Session, Treatment
from hairtrack.records import (
    HairState,
    Measurement,
    Method,
    Photo,
    Quality,
    TakenFrom,
    View,
    ZoneMeasurement,
)
from hairtrack.store import Courses, digest_of
from hairtrack.workflows import Library
from hairtrack.workflows.editing import change_visit
from hairtrack.workflows.series import read_series

METHOD = Method(name="m", version="1")
DAY = dt.date(2025, 3, 3)


@pytest.fixture
def library(tmp_path):
    with Library.create(tmp_path / "library") as library:
        yield library


def add(library, name, level, *, day=DAY, brightness=0.7, refused=None, **photo):
    digest = digest_of(name.encode())
    library.catalog.add_photo(
        Photo(
            digest=digest,
            subject="me",
            visit=day,
            view=View.VERTEX,
            taken_at=None,
            taken_from=TakenFrom.PERSON,
            width=100,
            height=80,
            **photo,
        )
    )
    library.catalog.set_baseline(digest)  # the first one stays
    zone = ZoneMeasurement(zone="scalp", visible_scalp=level, standard_error=0.1, area_px=9)
    library.catalog.add_measurement(
        Measurement(
            photo=digest,
            baseline=library.catalog.baselines()["me", View.VERTEX],
            view=View.VERTEX,
            method=METHOD,
            quality=Quality(numbers=(("brightness", brightness), ("head_width_px", 50.0))),
            zones=() if refused else (zone,),
            refused=refused,
        )
    )


def read(library):
    return read_series(library, "me", METHOD)


def test_shots_of_a_day_are_one_visit(library):
    add(library, "a", 0.30, brightness=0.6)
    add(library, "b", 0.32, brightness=0.8)
    add(library, "c", 0.40, day=DAY + dt.timedelta(days=9))
    add(library, "d", None)
    add(library, "e", 0.9, refused="No head was found.")
    first, second = read(library)[View.VERTEX, "scalp"]
    assert (first.day, sorted(first.values)) == (DAY, [0.30, 0.32])
    assert first.conditions.brightness == pytest.approx((0.6 + 0.8 + 0.7) / 3)
    assert second.values == (0.40,)


def test_wet_hair_and_camera_are_carried(library):
    add(library, "a", 0.3, hair_state=HairState.WET, camera="phone")
    (reading,) = read(library)[View.VERTEX, "scalp"]
    assert reading.conditions.hair_state == "wet"
    assert reading.conditions.camera == "phone"


def test_the_baseline_itself_has_no_residual(library):
    add(library, "a", 0.3)
    (reading,) = read(library)[View.VERTEX, "scalp"]
    assert reading.conditions.residual is None
    assert reading.conditions.scale is None


def test_visits_without_any_value_are_no_readings(library):
    add(library, "a", None)
    assert read(library) == {}


def test_the_course_tells_of_sessions_haircuts_and_dye(library):
    add(library, "first", 0.4)
    kept = Courses(library.catalog)
    (number,) = kept.add(Treatment(subject="me", kind=Kind.PRP))
    day_before = dt.datetime.combine(DAY - dt.timedelta(days=1), dt.time(10), dt.UTC)
    kept.add(
        Session(treatment=number, subject="me", number=1, at=day_before),
        Remark(subject="me", day=DAY - dt.timedelta(days=9), mark=Mark.HAIRCUT),
        Remark(subject="me", day=DAY + dt.timedelta(days=9), mark=Mark.DYE),
    )
    (reading,) = read(library)[View.VERTEX, "scalp"]
    # Of a day alone the earliest hour counts: fourteen after the session.
    assert reading.conditions.hours_since_treatment == pytest.approx(14)
    assert reading.conditions.haircut_on == DAY - dt.timedelta(days=9)
    assert reading.conditions.dyed_on is None


def test_what_the_library_keeps_of_a_day_counts(library):
    cut = DAY - dt.timedelta(days=3)
    add(library, "a", 0.3)
    change_visit(
        library, "me", DAY, hair_state=HairState.OILY, hair_length_mm=30.0, haircut_on=cut
    )
    (reading,) = read(library)[View.VERTEX, "scalp"]
    assert reading.conditions.hair_state == "oily"
    assert reading.conditions.hair_length_mm == 30.0
    assert reading.conditions.haircut_on == cut
    assert reading.conditions.dyed_on is None
