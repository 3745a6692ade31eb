"""Each photograph is measured once, against a baseline that stays."""

import datetime as dt
import subprocess
import sys

import cv2
import numpy as np
import pytest

from hairtrack.imaging import codec, pipeline
from hairtrack.records import WHOLE, Photo, QualityFlag, TakenFrom, View
from hairtrack.workflows import (
    Library,
    count_pending,
    import_photo,
    import_photos,
    progress,
    run_pending,
)
from hairtrack.workflows.editing import change_subject, save_outline, update_photo
from hairtrack.workflows.measuring import find_memory


def results(library):
    found = library.catalog.results(method=pipeline.method().key)
    return [found[p.digest] for p in library.catalog.photos() if p.digest in found]


def test_every_photograph_gets_its_numbers_in_the_zones_of_the_first(measured):
    with Library.open(measured) as library:
        photos, found = library.catalog.photos(), results(library)
    assert [m.photo for m in found] == [photo.digest for photo in photos]
    assert {m.baseline for m in found} == {photos[0].digest}
    assert [m.refused for m in found] == [None] * 3
    for measurement in found:
        whole = measurement.zone("scalp")
        assert 0 < whole.visible_scalp < 1
        assert whole.standard_error > 0
        assert measurement.registration is not None


def test_running_again_measures_nothing_and_a_later_import_leaves_the_baseline(
    own, draw_photo
):
    """Every number of the series is taken in the baseline's zones."""
    before, baselines = results(own), own.catalog.baselines()
    summary = run_pending(own)
    assert (summary.measured, summary.refused, summary.failed) == (0, (), ())
    assert results(own) == before
    data, _ = draw_photo(9, taken_at=dt.datetime(2024, 1, 2))
    import_photo(own, data)
    assert count_pending(own) == 1
    summary = run_pending(own)
    assert summary.measured + len(summary.refused) == 1
    assert own.catalog.baselines() == baselines


def test_processes_give_the_same_numbers_as_one_process(own, course, tmp_path):
    with Library.create(tmp_path / "other") as other:
        import_photos(other, [course])
        summary = run_pending(other, workers=2)
        assert summary.measured == 3
        assert results(other) == results(own)


def test_the_baseline_is_the_earliest_photograph_with_a_scalp(
    library, without_colour, course
):
    grey, _ = import_photo(library, without_colour)
    first, later = import_photos(library, sorted(course.glob("*.jpg"))[:2]).added
    told = []
    summary = run_pending(library, on_progress=lambda *state: told.append(state))
    assert library.catalog.baselines() == {("me", View.VERTEX): first.digest}
    assert summary.measured == 2
    (refusal,) = summary.refused
    assert refusal.photo.startswith("2025-03-03 vertex")
    assert {m.photo: m.refused is None for m in results(library)} == {
        grey.digest: False,
        first.digest: True,
        later.digest: True,
    }
    assert told == [(0, 3), (1, 3), (2, 3), (3, 3)]


def test_a_grey_photograph_is_flagged_and_refused_and_not_tried_again(
    library, without_colour
):
    photo, _ = import_photo(library, without_colour)
    assert library.originals.get(photo.digest)
    assert len(run_pending(library).refused) == 1
    again = run_pending(library)
    assert (again.measured, again.refused) == (0, ())
    (row,) = progress(library)
    assert (row.refused, row.pending, len(row.reasons)) == (1, 0, 1)
    (found,) = results(library)
    assert "colour" in found.refused
    assert found.quality.flags == (QualityFlag.GREY,)
    assert found.zones == ()


def test_a_lost_photograph_fails_this_time_and_is_tried_next_time(library, course):
    """The baseline gives its place to no other."""
    first, _ = import_photos(library, sorted(course.glob("*.jpg"))[:2]).added
    path = library.originals.path(first.digest)
    aside = path.rename(path.with_name("aside"))
    (failed,) = run_pending(library).failed
    assert "missing" in failed.error
    assert library.catalog.baselines() == {}
    aside.rename(path)
    assert run_pending(library).measured == 2
    assert library.catalog.baselines() == {("me", View.VERTEX): first.digest}


@pytest.mark.parametrize(
    ("answer", "baseline"), [("2010-01-03", "2010-01-03"), ("2025-04-01", "2025-03-03")]
)
def test_a_baseline_of_a_day_long_before_all_others_is_asked_about(
    library, draw_photo, course, answer, baseline
):
    """A clock that lost its time is no first visit; the day, given once more, is."""
    early, _ = import_photo(library, draw_photo(9, taken_at=dt.datetime(2010, 1, 3, 5))[0])
    import_photos(library, [course])
    for _ in range(2):
        summary = run_pending(library)
        assert (summary.measured, library.catalog.baselines()) == (0, {})
        (asked,) = summary.failed
        assert asked.photo.startswith("2010-01-03")
        assert "clock" in asked.error
    update_photo(library, early.digest, visit=dt.date.fromisoformat(answer))
    assert run_pending(library).failed == ()
    (digest,) = library.catalog.baselines().values()
    assert str(library.catalog.photo(digest).visit) == baseline


def test_the_declared_start_tells_which_day_is_early(library, draw_photo):
    """Old photographs alone are as plausible as any."""
    import_photo(library, draw_photo(9, taken_at=dt.datetime(2010, 1, 3, 5))[0])
    change_subject(library, "me", started_at=dt.date(2025, 3, 1))
    assert len(run_pending(library).failed) == 1
    change_subject(library, "me", started_at=dt.date(2012, 3, 1))
    assert run_pending(library).failed == ()


@pytest.fixture
def make_large(draw_photo):
    """Return a function that draws a head on a photograph of any size."""

    def make(side, *, shot=0, day=3):
        image = cv2.resize(codec.decode(draw_photo(shot)[0]), (side, side))
        taken_at = dt.datetime(2025, 3, day, 8)
        return codec.encode_jpeg(image, quality=90, taken_at=taken_at)

    return make


def test_a_very_large_photograph_is_measured_reduced(library, make_large):
    """Outlines drawn on the whole photograph fit; the number is that of a smaller one."""
    large, _ = import_photo(library, make_large(3648))
    small, _ = import_photo(library, make_large(1824, day=4))
    assert (large.width, large.height) == (3648, 3648)
    assert large.measured_shape == small.measured_shape == (1824, 1824)
    run_pending(library)
    found = [measurement.zone(WHOLE) for measurement in results(library)]
    assert found[0].area_px == pytest.approx(found[1].area_px, rel=0.05)
    assert found[0].visible_scalp == pytest.approx(found[1].visible_scalp, abs=0.03)
    drawn = np.zeros((3648, 3648), bool)
    drawn[900:2700, 900:2700] = True
    save_outline(library, large.digest, codec.encode_png(drawn))
    kept = library.catalog.photo(large.digest).outline
    region = codec.decode_region(library.catalog.outline(large.digest, kept))
    np.testing.assert_array_equal(region, drawn[::2, ::2])
    run_pending(library)
    assert results(library)[0].zone(WHOLE).area_px == 900 * 900


MEASURE = """
import sys
from hairtrack.imaging import pipeline, registration
from hairtrack.workflows import Library, run_pending

def read_peak():  # ru_maxrss counts what the parent had, too
    with open("/proc/self/status") as file:
        return next(int(line.split()[1]) for line in file if line.startswith("VmHWM"))

before = read_peak()
with Library.open(sys.argv[1]) as library:
    assert run_pending(library).measured == 2
print(read_peak() - before)
"""


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="counts memory in kB")
def test_a_photograph_of_60_megapixels_takes_at_most_400_mb(library, make_large):
    """Above the interpreter and its libraries; the networks are part of it."""
    photos = [import_photo(library, make_large(7746, shot=n))[0] for n in range(2)]
    command = [sys.executable, "-c", MEASURE, library.folder]
    told = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    assert 150e6 < 1024 * int(told) < 400e6
    assert 1024 * int(told) < find_memory(photos[0]) < 700e6


@pytest.mark.parametrize(
    ("megapixels", "taken"), [(1, 377e6), (12, 563e6), (24, 449e6), (60, 628e6)]
)
def test_workers_are_counted_by_what_photographs_took(megapixels, taken):
    """What a process took that measured a baseline and another one, in all."""
    side = round((megapixels * 1e6) ** 0.5)
    day = {"visit": dt.date(2025, 3, 3), "taken_at": None, "taken_from": TakenFrom.PERSON}
    photo = Photo(digest="", subject="me", view=View.VERTEX, width=side, height=side, **day)
    assert 0.8 * taken < find_memory(photo) < 1.3 * taken
