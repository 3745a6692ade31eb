"""Offered files: looked at, corrected, filed; one bad file stops none of the others."""

from __future__ import annotations

import datetime as dt

import pytest

from hairtrack.app.adding.uploads import Taken, file_under, look_at, take_in
from hairtrack.records import TakenFrom, View
from hairtrack.workflows import Filing, Library, Suggestion
from hairtrack.workflows.showing import Preview, preview

DAY = dt.date(2025, 3, 3)
CLOCK = dt.datetime(2025, 3, 3, 8, 30, tzinfo=dt.UTC)


def look(content: str, name: str, data: bytes) -> Preview:
    return preview(data, name=name)


def make_preview(*, taken_at: dt.datetime | None, visit: dt.date | None) -> Preview:
    suggestion = Suggestion(
        view=View.VERTEX, visit=visit, taken_at=taken_at, taken_from=TakenFrom.EXIF
    )
    return Preview(digest="0" * 64, suggestion=suggestion, picture=b"")


def test_a_day_left_alone_leaves_the_photograph_its_say() -> None:
    found = make_preview(taken_at=CLOCK, visit=DAY)
    filing = file_under(found, subject="me", view=View.MIDLINE, day=DAY)
    assert filing == Filing(subject="me", view=View.MIDLINE)


def test_a_corrected_day_overrules_and_keeps_the_time() -> None:
    found = make_preview(taken_at=CLOCK, visit=DAY)
    filing = file_under(found, subject="me", view=View.VERTEX, day=dt.date(2025, 3, 4))
    assert filing.taken_at == CLOCK.replace(day=4)


def test_a_day_is_given_where_the_photograph_has_none() -> None:
    found = make_preview(taken_at=None, visit=None)
    filing = file_under(found, subject="me", view=View.VERTEX, day=DAY)
    assert filing == Filing(subject="me", view=View.VERTEX, date=DAY)


@pytest.fixture
def library(tmp_path):
    with Library.create(tmp_path / "library") as library:
        yield library


def test_good_and_bad_files_are_told_apart(course, library) -> None:
    good = min(course.glob("*.jpg"))
    files = [(good.name, good.read_bytes()), ("x.jpg", b"no photograph"), ("y.jpg", b"")]
    first, *bad = look_at(files, look=look)
    assert first.refused is None
    assert first.found.suggestion.visit == DAY
    assert first.found.suggestion.view is View.VERTEX
    assert first.found.picture.startswith(b"\xff\xd8")
    assert [c.found for c in bad] == [None, None]
    assert all(c.refused for c in bad)
    assert len({c.key for c in (first, *bad)}) == 3


def test_files_are_taken_in_once(course, library) -> None:
    files = [(path.name, path.read_bytes()) for path in sorted(course.glob("*.jpg"))]
    candidates = look_at([*files, files[0]], look=look)
    filing = Filing(subject="me", view=View.VERTEX)
    seen: list[tuple[int, int]] = []
    taken = take_in(
        library,
        [(candidate, filing) for candidate in candidates],
        on_progress=lambda done, of: seen.append((done, of)),
    )
    assert [one.new for one in taken] == [True, True, True, False]
    assert taken[0].digest == taken[-1].digest
    assert len(library.catalog.photos()) == 3
    assert seen == [(number, 4) for number in range(4)]


def test_a_file_that_turns_out_bad_is_told(library) -> None:
    (candidate,) = look_at([("x.jpg", b"no photograph")], look=look)
    taken = take_in(library, [(candidate, Filing())], on_progress=lambda *_: None)
    assert isinstance(taken[0], Taken)
    assert taken[0].digest is None
    assert taken[0].refused
