"""What a person corrects takes effect in the numbers, and can be undone."""

import datetime as dt
import io
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from hairtrack.errors import LibraryError, PhotoError
from hairtrack.imaging import pipeline
from hairtrack.records import HairState, TakenFrom, View
from hairtrack.store import check_catalog
from hairtrack.workflows import compare, count_pending, editing, progress, run_pending
from hairtrack.workflows.editing import DrawnOutline
from hairtrack.workflows.previews import render_overlay
from hairtrack.workflows.series import list_photo_results


@pytest.fixture
def library(own):
    """Two photographs of a first visit, one of a later; whole at the end."""
    yield own
    assert check_catalog(own.catalog) == []


def draw_region(inside, **options):
    buffer = io.BytesIO()
    Image.fromarray(inside.astype(np.uint8) * 255).save(buffer, "PNG", **options)
    return buffer.getvalue()


def test_a_photo_is_found_by_its_first_digits(library):
    for photo in library.catalog.photos():
        assert editing.find_photo(library, photo.digest[:8].upper()) == photo
    for digits in ("", "12345", "../../etc", "zzzzzzzz", "0" * 64):
        with pytest.raises(LibraryError):
            editing.find_photo(library, digits)


def test_a_new_day_keeps_the_time_and_says_who_says_so(library):
    photo = library.catalog.photos()[0]
    kept = editing.update_photo(library, photo.digest, note="wet", hair_state=HairState.WET)
    noted = replace(photo, note="wet", hair_state=HairState.WET)
    assert kept == noted  # the date is left alone
    day = dt.date(2025, 3, 5)
    kept = editing.update_photo(library, photo.digest, visit=day)
    at = dt.datetime.combine(day, photo.taken_at.time())
    assert kept == replace(noted, visit=day, taken_at=at, taken_from=TakenFrom.PERSON)
    assert library.catalog.photo(photo.digest) == kept
    assert [row.visit.day for row in progress(library)] == [3, 5, 2]


def test_a_photo_filed_elsewhere_and_back_has_its_numbers_without_measuring(library):
    before = progress(library)
    last = library.catalog.photos()[-1]
    for changes in ({"view": View.MIDLINE}, {"subject": "other"}):
        editing.update_photo(library, last.digest, **changes)
        assert count_pending(library) == 1
        assert progress(library) != before
        editing.update_photo(library, last.digest, view=last.view, subject=last.subject)
        assert count_pending(library) == 0
        assert progress(library) == before


def test_a_corrected_outline_is_measured_within(library):
    """A half of the scalp has half the area, and another share of skin."""
    last = library.catalog.photos()[-1]
    method = pipeline.method().key
    before = library.catalog.results(method=method)[last.digest]
    rows, columns = np.mgrid[: last.height, : last.width]
    circle = (rows - 240) ** 2 + (columns - 240) ** 2 < 120**2
    assert editing.save_outline(library, last.digest, draw_region(circle))
    assert not editing.save_outline(library, last.digest, draw_region(circle))
    assert count_pending(library) == 1
    done = run_pending(library)
    after = library.catalog.results(method=method)[last.digest]
    assert after.outline == library.catalog.photo(last.digest).outline != ""
    assert done.measured + len(done.refused) == 1
    if after.refused is None:
        # all that is measured lies inside the circle
        assert after.zone("scalp").area_px <= circle.sum()
        shot = next(s for s in list_photo_results(library) if s.photo.digest == last.digest)
        assert render_overlay(library, shot)
    assert editing.save_outline(library, last.digest, None)
    assert library.catalog.results(method=method)[last.digest] == before


def test_the_outline_of_the_baseline_redraws_the_zones_of_the_series(library):
    first = library.catalog.photos()[0]
    corners = ((40, 40), (440, 40), (440, 440), (40, 440))
    editing.save_outline(library, first.digest, DrawnOutline(outline_xy=corners))
    assert count_pending(library) == 3
    run_pending(library)
    assert count_pending(library) == 0
    found = library.catalog.results(method=pipeline.method().key)
    drawn = library.catalog.photo(first.digest).outline
    assert {m.baseline_outline for m in found.values()} == {drawn}
    assert found[first.digest].zone("scalp").area_px == 401 * 401


def test_an_outline_that_cannot_be_one_is_refused(library):
    first = library.catalog.photos()[0]
    outside = DrawnOutline(outline_xy=((-9, -9), (-5, -9), (-5, -5)))
    for outline, told in (
        (b"no picture", "."),
        (draw_region(np.ones((10, 10))), "10 x 10"),
        (outside, "next to nothing"),
    ):
        with pytest.raises(PhotoError, match=told):
            editing.save_outline(library, first.digest, outline)
    with pytest.raises(PhotoError, match="next to nothing"):
        editing.preview_outline(library, list_photo_results(library)[0], outside)
    assert library.catalog.photo(first.digest) == first
    with pytest.raises(LibraryError, match="no photograph"):
        editing.save_outline(library, "0" * 64, outside)


def test_an_outline_keeps_nothing_of_the_file_but_the_outline(library):
    first = library.catalog.photos()[0]
    info = PngInfo()
    info.add_text("Author", "Jane Private")
    noted = draw_region(np.ones((first.height, first.width)), pnginfo=info)
    assert b"Private" in noted
    editing.save_outline(library, first.digest, noted)
    drawn = library.catalog.photo(first.digest).outline
    assert b"Private" not in library.catalog.outline(first.digest, drawn)


def test_purging_removes_only_what_was_deleted_long_ago(library):
    first, _, last = library.catalog.photos()
    editing.delete_photo(library, last.digest)
    assert editing.purge_photos(library, days=30) == 0
    later = dt.datetime.now(dt.UTC) + dt.timedelta(days=31)
    assert editing.purge_photos(library, days=30, now=later) == 1
    assert library.catalog.photo(last.digest) is None
    assert library.originals.get(first.digest)
    with pytest.raises(LibraryError):
        library.originals.get(last.digest)


def test_a_primary_zone_must_be_one_of_its_view(library):
    start = dt.date(2025, 3, 1)
    kept = editing.change_subject(
        library, "me", started_at=start, primary_view=View.VERTEX, primary_zone="crown"
    )
    assert kept.declared_at is not None
    assert [row.day for row in progress(library)] == [2, 93]
    for wrong in ({"primary_zone": "temple"}, {"primary_view": None}):
        with pytest.raises(LibraryError):
            editing.change_subject(library, "me", **wrong)
    assert library.catalog.subject("me") == kept
    with pytest.raises(LibraryError, match="no subject"):
        editing.change_subject(library, "nobody", started_at=start)


def test_a_subject_gets_another_name(library):
    editing.rename_subject(library, "me", to=" S-01 ")
    assert library.catalog.subjects() == ["S-01"]
    with pytest.raises(LibraryError, match="needs a name"):
        editing.rename_subject(library, "S-01", to=" ")


def test_a_haircut_lies_before_its_visit(kept):
    told, _ = editing.change_visit(kept, "me", DAY, haircut_on=DAY, hair_length_mm=30.0)
    assert kept.catalog.visits(subject="me")[0] == told
    before = state(kept)
    with pytest.raises(LibraryError, match="after the visit"):
        editing.change_visit(kept, "me", DAY, dyed_on=DAY + dt.timedelta(days=1))
    with pytest.raises(LibraryError, match="lies after the visit"):
        editing.redate_visit(kept, "me", DAY, to=dt.date(2023, 6, 1))
    for change in (
        lambda: editing.change_visit(kept, "me", dt.date(2020, 1, 1), note="x"),
        lambda: editing.redate_visit(kept, "me", dt.date(2020, 1, 1), to=DAY),
    ):
        with pytest.raises(LibraryError, match="no visit"):
            change()
    assert state(kept) == before


def test_an_upgrade_measures_the_whole_history_and_mixes_nothing(library, monkeypatch):
    before = progress(library)
    old = pipeline.method()
    monkeypatch.setattr(pipeline, "METHOD_VERSION", "next")
    pipeline.method.cache_clear()
    try:
        assert count_pending(library) == 3
        assert progress(library) == before  # until the first new number, the old ones
        told = []
        run_pending(library, on_progress=lambda *state: told.append(state))
        assert told[0] == (0, 3)
        assert told[-1] == (3, 3)
        assert {row.method.version for row in progress(library)} == {"next"}
        found = compare(library, view=View.VERTEX)
        assert found.first.method == found.last.method == pipeline.method()
        assert len(library.catalog.results(method=old.key)) == 3
        again = [progress_by(library, m) for m in (old, pipeline.method())]
        assert again[0] == again[1]  # the same program under another version
    finally:
        pipeline.method.cache_clear()


def progress_by(library, method):
    found = library.catalog.results(method=method.key)
    return {d: [z.visible_scalp for z in m.zones] for d, m in found.items()}


# ---- undo ------------------------------------------------------------------------------

DAY = dt.date(2024, 1, 1)


def state(library):
    """Return all that a person has said, as plain values."""
    catalog = library.catalog
    return catalog.photos(deleted=None), catalog.visits()


@pytest.fixture
def kept(small):
    """The library of six photographs, each on a day of its own; whole at the end."""
    yield small
    assert check_catalog(small.catalog) == []


def digests(library, subject="me"):
    return [photo.digest for photo in library.catalog.photos(subject=subject)]


@pytest.mark.parametrize(
    "changes",
    [
        {"view": View.OCCIPITAL},
        {"subject": "anna"},
        {"visit": dt.date(2024, 5, 5)},
        {"taken_at": dt.datetime(2024, 1, 1, 17), "taken_from": TakenFrom.PERSON},
        {"note": "other", "camera": "other", "hair_state": HairState.WET},
    ],
    ids=lambda changes: "-".join(changes),
)
def test_a_change_of_several_is_taken_back_whole(kept, changes):
    before, mine = state(kept), digests(kept)
    told = []
    asked = {name: changes[name] for name in changes if name != "taken_from"}
    done = editing.change_photos(kept, mine, on_progress=lambda *n: told.append(n), **asked)
    for digest in mine:
        photo = kept.catalog.photo(digest)
        assert {name: getattr(photo, name) for name in changes} == changes
    assert told == [(1, 3), (2, 3), (3, 3)]
    editing.undo(kept, done)
    assert state(kept) == before


def test_deleted_photographs_come_back_where_they_were(kept):
    before = state(kept)
    with pytest.raises(LibraryError, match="no photograph"):
        editing.delete_photos(kept, [*digests(kept), "0" * 64])
    assert state(kept) == before  # all or none
    done = editing.delete_photos(kept, digests(kept))
    assert digests(kept) == []
    editing.undo(kept, done)
    assert state(kept) == before


def test_an_outline_and_what_is_known_of_a_day_are_taken_back(kept):
    first = digests(kept)[0]
    drawn = DrawnOutline(outline_xy=((5, 5), (50, 5), (30, 50)))
    editing.save_outline(kept, first, drawn)
    before = state(kept)
    done = editing.reset_outline(kept, first)
    assert kept.catalog.photo(first).outline is None
    editing.undo(kept, done)
    assert state(kept) == before
    assert kept.catalog.photo(first).outline is not None
    _, done = editing.change_visit(kept, "me", DAY, hair_length_mm=30.0, note="cut at home")
    assert kept.catalog.visits(subject="me")[0].hair_length_mm == 30
    editing.undo(kept, done)
    assert state(kept) == before


def test_a_visit_moves_with_all_that_is_known_of_it(kept):
    editing.change_visit(kept, "me", DAY, haircut_on=dt.date(2023, 12, 30), note="short")
    first = digests(kept)[0]
    editing.delete_photo(kept, first)
    before = state(kept)
    to = dt.date(2024, 2, 2)
    done = editing.redate_visit(kept, "me", DAY, to=to)
    visits = kept.catalog.visits(subject="me")
    assert [visit.date for visit in visits] == [
        DAY + dt.timedelta(days=2),
        DAY + dt.timedelta(days=4),
        to,
    ]
    assert visits[-1].note == "short"
    assert kept.catalog.photo(first).visit == to  # a deleted one belongs to it too
    editing.undo(kept, done)
    assert state(kept) == before


def test_a_visit_moved_onto_another_leaves_that_ones_words(kept):
    to = dt.date(2024, 1, 3)
    editing.change_visit(kept, "me", DAY, note="first")
    editing.change_visit(kept, "me", to, note="second")
    before = state(kept)
    done = editing.redate_visit(kept, "me", DAY, to=to)
    assert [v.note for v in kept.catalog.visits(subject="me")] == ["first", "second", ""]
    assert [p.visit for p in kept.catalog.photos(subject="me")][:2] == [to, to]
    editing.undo(kept, done)
    assert state(kept) == before


def test_what_was_purged_meanwhile_is_told(kept):
    mine = digests(kept)
    done = editing.delete_photos(kept, mine[:2])
    editing.purge_photos(kept, days=0)
    with pytest.raises(LibraryError, match="2 of 2 photographs are gone for good"):
        editing.undo(kept, done)
    assert digests(kept) == mine[2:]
