"""One read of the catalogue gives every visit of a series, and what was not measured."""

import datetime as dt

import pytest
import sqlalchemy as sa
from factories import METHOD, make_measurement, make_photo

from hairtrack.records import HairState, Method, Quality, QualityFlag, View
from hairtrack.workflows import Library, progress
from hairtrack.workflows.editing import change_subject, delete_photo, restore_photo
from hairtrack.workflows.series import list_photo_results, read_series

NEW = Method(name="m", version="2")
START = dt.date(2025, 3, 3)


@pytest.fixture
def library(tmp_path, address):
    server = address if isinstance(address, str) else None
    with Library.create(tmp_path / "library", catalog=server) as library:
        yield library


def add(library, name, *, week=0, subject="me", **facts):
    visit = START + dt.timedelta(weeks=week)
    photo = make_photo(name, subject=subject, visit=visit, **facts)
    library.catalog.add_photo(photo)
    return photo


def measure(library, photo, level, *, brightness=0.7, flags=(), **other):
    catalog = library.catalog
    catalog.set_baseline(photo.digest)
    baseline = catalog.photo(catalog.baselines()[photo.subject, photo.view])
    numbers = (("brightness", brightness), ("head_width_px", 50.0))
    other["quality"] = Quality(flags=flags, numbers=numbers)
    catalog.add_measurement(make_measurement(photo, baseline, level, **other))


def test_a_row_is_the_mean_of_a_visit(library):
    """Its error does not shrink with their number: it is mostly the same on each."""
    assert progress(library) == []
    for name, level in (("a", 0.30), ("b", 0.32), ("c", 0.37)):
        measure(library, add(library, name, week=2), level, error=0.04)
    measure(library, add(library, "first"), 0.5)
    first, row = progress(library)
    assert (row.visit, row.day, row.shots) == (START + dt.timedelta(weeks=2), 14, 3)
    assert row.visible_scalp == pytest.approx(0.33)
    assert row.standard_error == pytest.approx(0.04)
    assert row.spread == pytest.approx(0.0360555, abs=1e-6)  # n - 1 in the denominator
    assert first.spread is None
    assert row.method == METHOD
    assert [row.visible_scalp for row in progress(library, zone="rim")] == [None, None]


def test_a_visit_without_numbers_has_none_and_says_why(library):
    """An empty zone is None, and not zero."""
    dark, far = QualityFlag.DARK, QualityFlag.FAR
    measure(library, add(library, "a"), 0.3, refused="No head was found.", flags=(far,))
    add(library, "b")
    empty = add(library, "c", week=1)
    measure(library, empty, None, error=None, flags=(dark, far))
    measure(library, add(library, "d", week=1), None, error=None, flags=(far,))
    row, second = progress(library)
    assert (row.visible_scalp, row.standard_error, row.shots) == (None, None, 0)
    assert (row.refused, row.pending) == (1, 1)
    assert row.reasons == ("No head was found.",)
    assert (second.visible_scalp, second.standard_error, second.shots) == (None, None, 2)
    assert second.flags == (dark, far)


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
    assert [(r.subject, r.view, r.day, r.visible_scalp) for r in rows] == [
        ("anna", View.VERTEX, 0, 0.3),
        ("me", View.MIDLINE, 7, 0.2),
        ("me", View.VERTEX, 0, 0.1),
    ]
    assert progress(library, subject="me", view=View.VERTEX) == rows[2:]


def test_weeks_count_from_the_start_that_is_declared_or_given(library):
    add(library, "a")
    add(library, "b", week=4)
    change_subject(library, "me", started_at=START + dt.timedelta(weeks=1))
    assert [row.day for row in progress(library)] == [-7, 21]
    change_subject(library, "me", started_at=None)
    assert [row.day for row in progress(library)] == [0, 28]
    (series,) = read_series(library, start=START + dt.timedelta(weeks=3))
    assert [(row.day, row.week) for row in series.visits] == [(-21, -3), (7, 1)]


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


def test_photographs_of_a_day_are_one_reading_with_its_conditions(library):
    for name, level, brightness in (("a", 0.30, 0.6), ("b", 0.32, 0.8), ("c", None, 0.7)):
        measure(library, add(library, name), level, brightness=brightness)
    measure(library, add(library, "d"), 0.9, refused="No head was found.")
    wet = {"hair_state": HairState.WET, "camera": "phone"}
    measure(library, add(library, "e", week=1, **wet), 0.40)
    (series,) = read_series(library)
    first, second = series.readings
    assert (first.day, sorted(first.values)) == (START, [0.30, 0.32])
    assert first.conditions.brightness == pytest.approx((0.6 + 0.8 + 0.7) / 3)
    assert (first.conditions.residual, first.conditions.scale) == (None, None)
    assert second.values == (0.40,)
    assert (second.conditions.hair_state, second.conditions.camera) == ("wet", "phone")
    assert [one.visible_scalp for one in series.values] == [pytest.approx(0.31), 0.40]


def test_every_measured_zone_is_a_series_but_not_the_grid(library):
    measure(library, add(library, "a"), 0.3)
    add(library, "b", view=View.MIDLINE)
    found = [(one.view, one.zone) for one in read_series(library, zone=None)]
    measured = [(View.VERTEX, "scalp"), (View.VERTEX, "crown")]
    assert found == [(View.MIDLINE, "scalp"), *measured]
    photos = [one.photo.view for one in list_photo_results(library)]
    assert photos == [View.MIDLINE, View.VERTEX]


def test_the_number_of_queries_does_not_grow_with_photographs(library):
    """One read gives a series to the chart, the table and the comparison."""

    def count():
        asked = []

        def note(*arguments):
            asked.append(arguments[2])

        engine = library.catalog.database.engine
        sa.event.listen(engine, "before_cursor_execute", note)
        try:
            read_series(library, subject="me", zone=None)
        finally:
            sa.event.remove(engine, "before_cursor_execute", note)
        return len([statement for statement in asked if statement.startswith("SELECT")])

    measure(library, add(library, "a"), 0.3)
    few = count()
    for number in range(6):
        measure(library, add(library, f"{number}", week=number), 0.3)
    assert count() == few
    assert few <= 8
