"""Corrections of one or many photographs, and the library as it was after their undo."""

import datetime as dt

import pytest

from hairtrack.errors import LibraryError
from hairtrack.records import HairState, TakenFrom, View, Visit
from hairtrack.store import check_catalog
from hairtrack.workflows import editing
from hairtrack.workflows.editing import (
    change_photos,
    change_visit,
    delete_photos,
    redate_visit,
    reset_outline,
    undo,
)

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
        {"taken_at": dt.datetime(2024, 1, 1, 17)},
        {"note": "other", "camera": "other", "hair_state": HairState.WET},
    ],
    ids=lambda changes: "-".join(changes),
)
def test_a_change_of_several_is_taken_back_whole(kept, changes):
    before, mine = state(kept), digests(kept)
    told = []
    done = change_photos(kept, mine, on_progress=lambda *n: told.append(n), **changes)
    for digest in mine:
        photo = kept.catalog.photo(digest)
        assert {name: getattr(photo, name) for name in changes} == changes
    assert told == [(1, 3), (2, 3), (3, 3)]
    undo(kept, done)
    assert state(kept) == before


def test_a_new_hour_is_told_by_a_person(kept):
    first = digests(kept)[0]
    assert kept.catalog.photo(first).taken_from is TakenFrom.EXIF
    change_photos(kept, [first], taken_at=dt.datetime(2024, 1, 1, 17))
    assert kept.catalog.photo(first).taken_from is TakenFrom.PERSON


def test_deleted_photographs_come_back_where_they_were(kept):
    before = state(kept)
    done = delete_photos(kept, digests(kept))
    assert digests(kept) == []
    undo(kept, done)
    assert state(kept) == before


def test_an_outline_that_was_drawn_comes_back(kept):
    first = digests(kept)[0]
    drawn = editing.DrawnOutline(outline_xy=((5, 5), (50, 5), (30, 50)))
    editing.save_outline(kept, first, drawn)
    drawn = kept.catalog.photo(first).outline
    done = reset_outline(kept, first)
    assert kept.catalog.photo(first).outline is None
    undo(kept, done)
    assert kept.catalog.photo(first).outline == drawn is not None


def test_what_is_known_of_a_day_is_taken_back(kept):
    _, done = change_visit(kept, "me", DAY, hair_length_mm=30.0, note="cut at home")
    assert kept.catalog.visits(subject="me")[0].hair_length_mm == 30
    undo(kept, done)
    assert kept.catalog.visits(subject="me")[0] == Visit(subject="me", date=DAY)


def test_a_visit_moves_with_all_that_is_known_of_it(kept):
    editing.change_visit(kept, "me", DAY, haircut_on=dt.date(2023, 12, 30), note="short")
    first = digests(kept)[0]
    editing.delete_photo(kept, first)
    before = state(kept)
    to = dt.date(2024, 2, 2)
    done = redate_visit(kept, "me", DAY, to=to)
    visits = kept.catalog.visits(subject="me")
    assert [visit.date for visit in visits] == [
        dt.date(2024, 1, 3),
        dt.date(2024, 1, 5),
        to,
    ]
    assert visits[-1].note == "short"
    assert kept.catalog.photo(first).visit == to  # a deleted one belongs to it too
    undo(kept, done)
    assert state(kept) == before


def test_a_visit_moved_onto_another_leaves_that_ones_words(kept):
    to = dt.date(2024, 1, 3)
    editing.change_visit(kept, "me", DAY, note="first")
    editing.change_visit(kept, "me", to, note="second")
    before = state(kept)
    done = redate_visit(kept, "me", DAY, to=to)
    assert [v.note for v in kept.catalog.visits(subject="me")] == ["first", "second", ""]
    assert [p.visit for p in kept.catalog.photos(subject="me")][:2] == [to, to]
    undo(kept, done)
    assert state(kept) == before


def test_a_visit_does_not_move_before_its_haircut(kept):
    editing.change_visit(kept, "me", DAY, haircut_on=DAY)
    before = state(kept)
    with pytest.raises(LibraryError, match="lies after the visit"):
        redate_visit(kept, "me", DAY, to=dt.date(2023, 6, 1))
    with pytest.raises(LibraryError, match="no visit"):
        redate_visit(kept, "me", dt.date(2020, 1, 1), to=DAY)
    assert state(kept) == before


def test_nothing_is_changed_when_one_is_not_there(kept):
    before = state(kept)
    with pytest.raises(LibraryError, match="no photograph"):
        delete_photos(kept, [*digests(kept), "0" * 64])
    assert state(kept) == before


def test_what_was_purged_meanwhile_is_told(kept):
    mine = digests(kept)
    done = delete_photos(kept, mine[:2])
    editing.purge_photos(kept, days=0)
    with pytest.raises(LibraryError, match="2 of 2 photographs are gone for good"):
        undo(kept, done)
    assert digests(kept) == mine[2:]
