"""Rows of the table are means of what was measured, and say what was not."""

import datetime as dt

import pytest

from hairtrack.records import (
    Measurement,
    Method,
    Photo,
    Quality,
    QualityFlag,
    TakenFrom,
    View,
    ZoneMeasurement,
)
from hairtrack.store import digest_of
from hairtrack.workflows import Library, progress
from hairtrack.workflows.editing import change_subject, delete_photo, restore_photo

OLD = Method(name="m", version="1")
NEW = Method(name="m", version="2")
START = dt.date(2025, 3, 3)


@pytest.fixture
def library(tmp_path, address):
    server = address if isinstance(address, str) else None
    with Library.create(tmp_path / "library", catalog=server) as library:
        yield library


def add(library, name, *, week=0, view=View.VERTEX, subject="me"):
    photo = Photo(
        digest=digest_of(name.encode()),
        subject=subject,
        visit=START + dt.timedelta(weeks=week),
        view=view,
        taken_at=None,
        taken_from=TakenFrom.PERSON,
        width=10,
        height=10,
    )
    library.catalog.add_photo(photo)
    return photo


def measure(library, photo, level, *, error=0.05, method=OLD, flags=(), refused=None):
    zone = ZoneMeasurement(
        zone="scalp", visible_scalp=level, standard_error=error, area_px=100
    )
    library.catalog.set_baseline(photo.digest)
    library.catalog.add_measurement(
        Measurement(
            photo=photo.digest,
            baseline=library.catalog.baselines()[photo.subject, photo.view],
            view=photo.view,
            method=method,
            quality=Quality(flags=flags),
            zones=() if refused else (zone,),
            refused=refused,
        )
    )


def test_an_empty_library_has_no_rows(library):
    assert progress(library) == []


def test_a_row_is_the_mean_of_a_visit(library):
    for name, level in (("a", 0.30), ("b", 0.32), ("c", 0.37)):
        measure(library, add(library, name, week=2), level, error=0.04)
    measure(library, add(library, "first"), 0.5)
    _, row = progress(library)
    assert (row.visit, row.day, row.shots) == (START + dt.timedelta(weeks=2), 14, 3)
    assert row.visible_scalp == pytest.approx(0.33)
    assert row.spread == pytest.approx(0.0360555, abs=1e-6)  # n - 1 in the denominator
    assert row.method == OLD


def test_more_photographs_do_not_shrink_the_error_of_the_level(library):
    """It is mostly the same on each of them."""
    for name in "abcd":
        measure(library, add(library, name), 0.3, error=0.06)
    (row,) = progress(library)
    assert row.standard_error == pytest.approx(0.06)


def test_one_photograph_has_no_spread(library):
    measure(library, add(library, "a"), 0.3)
    (row,) = progress(library)
    assert row.spread is None


def test_a_visit_without_numbers_has_none_and_says_why(library):
    measure(library, add(library, "a"), 0.3, refused="No head was found.")
    add(library, "b")
    (row,) = progress(library)
    assert (row.visible_scalp, row.standard_error, row.shots) == (None, None, 0)
    assert (row.refused, row.pending) == (1, 1)
    assert row.reasons == ("No head was found.",)


def test_an_empty_zone_is_none_and_not_zero(library):
    measure(library, add(library, "a"), None, error=None)
    (row,) = progress(library)
    assert (row.visible_scalp, row.standard_error, row.shots) == (None, None, 1)


def test_flags_of_all_shots_are_told_once(library):
    dark, far = QualityFlag.DARK, QualityFlag.FAR
    measure(library, add(library, "a"), 0.3, flags=(far,))
    measure(library, add(library, "b"), 0.3, flags=(dark, far))
    (row,) = progress(library)
    assert row.flags == (dark, far)


def test_numbers_of_two_methods_never_mix(library):
    first, second = add(library, "a"), add(library, "b", week=1)
    measure(library, first, 0.3)
    measure(library, second, 0.3)
    measure(library, first, 0.4, method=NEW)
    rows = progress(library)
    assert [row.visible_scalp for row in rows] == [0.4, None]
    assert [row.pending for row in rows] == [0, 1]


def test_views_and_subjects_have_their_own_rows(library):
    measure(library, add(library, "a"), 0.1)
    measure(library, add(library, "b", view=View.MIDLINE, week=1), 0.2)
    measure(library, add(library, "c", subject="anna", week=3), 0.3)
    rows = progress(library)
    assert [(r.subject, str(r.view), r.day) for r in rows] == [
        ("anna", "vertex", 0),
        ("me", "midline", 7),
        ("me", "vertex", 0),
    ]
    assert [r.visible_scalp for r in progress(library, subject="me", view=View.VERTEX)] == [
        0.1
    ]


def test_another_zone_may_be_asked_for(library):
    measure(library, add(library, "a"), 0.3)
    assert [row.visible_scalp for row in progress(library, zone="crown")] == [None]


def test_weeks_count_from_the_declared_start(library):
    add(library, "a")
    add(library, "b", week=4)
    change_subject(library, "me", started_at=START + dt.timedelta(weeks=1))
    assert [row.day for row in progress(library)] == [-7, 21]
    change_subject(library, "me", started_at=None)
    assert [row.day for row in progress(library)] == [0, 28]


def test_numbers_of_another_baseline_are_pending(library):
    """The baseline is away, the next one takes its place; undone, all is as it was."""
    first, second = add(library, "a"), add(library, "b", week=1)
    measure(library, first, 0.3)
    measure(library, second, 0.2)
    before = progress(library)
    delete_photo(library, first.digest)
    (row,) = progress(library)
    assert (row.visible_scalp, row.pending) == (None, 1)
    measure(library, second, 0.25)
    (row,) = progress(library)
    assert (row.visible_scalp, row.pending) == (0.25, 0)
    restore_photo(library, first.digest)
    assert progress(library) == before
