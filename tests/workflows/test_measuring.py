"""Each photograph is measured once, against a baseline that stays."""

import datetime as dt

from hairtrack.imaging import pipeline
from hairtrack.records import QualityFlag, View
from hairtrack.workflows import (
    Library,
    count_pending,
    import_photo,
    import_photos,
    progress,
    run_pending,
)


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
