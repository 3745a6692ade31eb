"""What the chart shows is what the library holds, of one method."""

import datetime as dt

import pytest

from hairtrack.course.entries import Mark, Remark, Settings
from hairtrack.course.timeline import EventKind
from hairtrack.records import Measurement, Method, Photo, TakenFrom, View, ZoneMeasurement
from hairtrack.store import digest_of
from hairtrack.workflows import Library, assess_series, progress
from hairtrack.workflows.course import (
    add_entry,
    list_photo_days,
    load_course,
    save_settings,
)
from hairtrack.workflows.series import Series
from hairtrack.workflows.verdicts import load_series

METHOD, OLDER = Method(name="m", version="2"), Method(name="m", version="1")
START = dt.date(2025, 3, 3)
TODAY = dt.date(2025, 12, 1)
LEVELS = {-4: 0.35, -2: 0.36, 0: 0.35, 4: 0.35, 8: 0.34, 12: 0.33, 16: 0.32, 20: 0.31}


def on(week):
    return START + dt.timedelta(weeks=week)


def add(library, week, number, level, method):
    digest = digest_of(f"{week} {number}".encode())
    library.catalog.add_photo(
        Photo(
            digest=digest,
            subject="me",
            visit=on(week),
            view=View.VERTEX,
            taken_at=None,
            taken_from=TakenFrom.PERSON,
            width=100,
            height=80,
        )
    )
    library.catalog.set_baseline(digest)
    zones = [
        ZoneMeasurement(zone=name, visible_scalp=level, standard_error=0.02, area_px=900)
        for name in ("scalp", "crown")
    ]
    library.catalog.add_measurement(
        Measurement(
            photo=digest,
            baseline=library.catalog.baselines()["me", View.VERTEX],
            view=View.VERTEX,
            method=method,
            zones=tuple(zones),
        )
    )


@pytest.fixture
def library(tmp_path):
    with Library.create(tmp_path / "library") as library:
        for method in (OLDER, METHOD):
            for week, level in LEVELS.items():
                for number in range(3):
                    moved = level + (number - 1) / 100 + (method is OLDER) / 10
                    add(library, week, number, moved, method)
        save_settings(library, Settings(subject="me", zone="UTC", started_on=START))
        yield library


def chart(library) -> Series:
    return load_series(library, subject="me", view=View.VERTEX, zone="crown", today=TODAY)


def test_all_numbers_are_those_of_the_newest_method(library) -> None:
    found = chart(library)
    assert found.method == METHOD
    assert found.others == (OLDER.key,)
    assert [row.visible_scalp for row in found.measured] == pytest.approx(
        list(LEVELS.values())
    )
    assert {shot.measurement.method for shot in found.shots} == {METHOD}


def test_it_is_what_the_other_workflows_say(library) -> None:
    found = chart(library)
    (judged,) = assess_series(
        library, subject="me", view=View.VERTEX, zone="crown", today=TODAY
    )
    assert found.course == judged.assessment
    assert list(found.rows) == progress(
        library, subject="me", view=View.VERTEX, zone="crown"
    )
    assert {tuple(z.zone for z in s.measurement.zones) for s in found.shots} == {("crown",)}
    assert len(found.shots) == 3 * len(LEVELS)


def test_what_was_judged_before_is_taken(library) -> None:
    every = assess_series(library, subject="me", zone=None, today=TODAY)
    again = load_series(
        library, subject="me", view=View.VERTEX, zone="crown", today=TODAY, assessed=every
    )
    assert again == chart(library)


def test_noise_is_reckoned_from_the_first_visit(library) -> None:
    found = chart(library)
    half = found.course.repeatability.sdc95_pp / 100
    assert found.reference.day == on(-4)
    assert found.noise == pytest.approx((0.35 - half, 0.35 + half))


def test_what_happened_is_told_with_it(library) -> None:
    add_entry(library, Remark(subject="me", day=on(30), mark=Mark.HAIRCUT))
    found = chart(library)
    assert found.started_on == START
    kinds = [(event.day, event.kind) for event in found.events]
    assert kinds == [(START, EventKind.START), (on(30), EventKind.REMARK)]
    course = load_course(library, subject="me")
    assert found.photo_days == tuple(list_photo_days(course))
    assert found.photo_days


def test_a_haircut_between_visits_breaks_the_course(library) -> None:
    add_entry(library, Remark(subject="me", day=on(10), mark=Mark.HAIRCUT))
    found = chart(library)
    assert [one.day for one in found.course.breaks] == [on(12)]
    assert found.course.trend[0].day == on(12)
    assert found.reference.day == on(12)


def test_a_series_that_was_never_measured_has_no_course(library) -> None:
    empty = load_series(library, subject="me", view=View.MIDLINE, today=TODAY)
    assert empty.course is None
    assert empty.rows == empty.shots == empty.measured == ()
    assert empty.noise is None
    assert empty.reference is None
