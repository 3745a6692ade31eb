"""Offered files: looked at, corrected, filed; one bad file stops none of the others."""

from __future__ import annotations

import datetime as dt
import errno

import pytest

from hairtrack.app.photographs.checks import (
    Candidate,
    add_photos,
    file_under,
    list_candidates,
)
from hairtrack.records import TakenFrom, View
from hairtrack.store import files
from hairtrack.workflows import Filing, Library, Suggestion
from hairtrack.workflows.importing import ImportResult
from hairtrack.workflows.previews import Preview, preview
from hairtrack.workflows.sources import Source

DAY = dt.date(2025, 3, 3)
CLOCK = dt.datetime(2025, 3, 3, 8, 30, tzinfo=dt.UTC)


def look(key: str, source: Source) -> Preview:
    return preview(source.read(), name=source.file_name)


def offer(*given: tuple[str, bytes], folder: str = "") -> list[tuple[str, Source]]:
    return [
        (
            f"k{number}",
            Source(name=name, file_name=name, folder=folder, read=lambda data=data: data),
        )
        for number, (name, data) in enumerate(given)
    ]


def see(*given: tuple[str, bytes], folder: str = "") -> list[Candidate]:
    return list_candidates(offer(*given, folder=folder), look=look, usual=View.FRONTAL)


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


@pytest.fixture
def given(course) -> list[tuple[str, bytes]]:
    return [(path.name, path.read_bytes()) for path in sorted(course.glob("*.jpg"))]


def test_good_and_bad_files_are_told_apart(given) -> None:
    told: list[tuple[int, int]] = []
    files = offer(given[0], ("x.jpg", b"no photograph"), ("y.jpg", b""))
    first, *bad = list_candidates(
        files,
        look=look,
        usual=View.VERTEX,
        on_progress=lambda done, of: told.append((done, of)),
    )
    assert first.refused is None
    assert first.found.suggestion.visit == DAY
    assert first.found.picture.startswith(b"\xff\xd8")
    assert [c.found for c in bad] == [None, None]
    assert all(c.refused for c in bad)
    assert told == [(0, 3), (1, 3), (2, 3)]


def test_the_view_is_that_of_the_name_else_of_the_folder_else_the_usual(given) -> None:
    data = given[0][1]
    (named,) = see(("a_midline.jpg", data), folder="occipital")
    (lying,) = see(("a.jpg", data), folder="occipital")
    (plain,) = see(("a.jpg", data), folder="camera roll")
    views = [one.found.suggestion.view for one in (named, lying, plain)]
    assert views == [View.MIDLINE, View.OCCIPITAL, View.FRONTAL]


def test_the_same_photograph_twice_is_told(given) -> None:
    first, second, again = see(given[0], given[1], ("copy.jpg", given[0][1]))
    assert (first.same_as, second.same_as) == (None, None)
    assert again.same_as == given[0][0]


def test_files_are_taken_in_once(given, library) -> None:
    candidates = see(*given, given[0])
    filing = Filing(subject="me", view=View.VERTEX)
    seen: list[tuple[int, int]] = []
    intake = add_photos(
        library,
        [(candidate, filing) for candidate in candidates],
        on_progress=lambda done, of: seen.append((done, of)),
    )
    assert intake.stopped is None
    assert [one.new for one in intake.results] == [True, True, True, False]
    assert intake.results[0].digest == intake.results[-1].digest
    assert len(library.catalog.photos()) == 3
    assert seen == [(number, 4) for number in range(5)]


def test_a_file_that_turns_out_bad_is_told(library) -> None:
    (candidate,) = see(("x.jpg", b"no photograph"))
    intake = add_photos(library, [(candidate, Filing())], on_progress=lambda *_: None)
    (one,) = intake.results
    assert isinstance(one, ImportResult)
    assert one.digest is None
    assert one.refused


def test_a_full_disk_ends_it_with_what_came_in(given, library, monkeypatch) -> None:
    written: list[int] = []
    real = files.sync_file

    def sync(handle: int) -> None:
        if written:
            raise OSError(errno.ENOSPC, "No space left on device")
        written.append(handle)
        real(handle)

    monkeypatch.setattr(files, "sync_file", sync)
    chosen = [(one, Filing()) for one in see(*given)]
    intake = add_photos(library, chosen, on_progress=lambda *_: None)
    assert [one.new for one in intake.results] == [True]
    assert "is full" in intake.stopped
    assert len(library.catalog.photos()) == 1
