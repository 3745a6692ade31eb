"""The demonstration runs anywhere, twice, without harm."""

import datetime as dt

import pytest

from hairtrack.course.entries import Status
from hairtrack.errors import LibraryError
from hairtrack.records import View
from hairtrack.workflows import Library, default_demo_folder, demo, find_samples, samples
from hairtrack.workflows.course import load_course


def test_the_sample_course_has_a_start_a_primary_zone_and_eight_sessions(course, tmp_path):
    first, second = (demo(tmp_path / "demo", samples=course, workers=1) for _ in range(2))
    assert (len(first.imported.added), first.ran.measured) == (3, 3)
    assert (len(second.imported.added), second.ran.measured) == (0, 0)
    assert second.rows == first.rows
    assert [(row.subject, row.shots) for row in first.rows] == [
        ("sample", 2),
        ("sample", 1),
    ]
    with Library.open(tmp_path / "demo") as library:
        subject = library.catalog.subject(samples.SUBJECT)
        sessions = load_course(library, subject=samples.SUBJECT).sessions
        visits = sorted({photo.visit for photo in library.catalog.photos()})
    assert subject.started_at == visits[1]
    assert (subject.primary_view, subject.primary_zone) == (View.VERTEX, "scalp")
    assert [one.number for one in sessions] == list(range(1, 9))
    assert {one.status for one in sessions} == {Status.DONE}


def test_each_set_of_samples_has_a_folder_of_its_own(course, tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    found = find_samples()
    assert found.is_absolute()
    assert (found / "truth.csv").is_file()
    folders = [default_demo_folder(one) for one in (course, found, course)]
    assert folders[0] == folders[2] != folders[1]
    assert {folder.name[:5] for folder in folders} == {"demo-"}


def test_a_folder_of_other_things_is_left_alone(course, tmp_path):
    (tmp_path / "letter.txt").write_text("dear")
    with pytest.raises(LibraryError, match="other files"):
        demo(tmp_path, samples=course)


def test_the_latest_visit_of_the_sample_is_today(tmp_path, make_small):
    """The days between the visits stay; a later run moves nothing."""
    folder = tmp_path / "samples"
    folder.mkdir()
    for number, day in enumerate(("2025-03-03", "2025-03-10", "2025-08-18")):
        (folder / f"{day}_vertex_1.jpg").write_bytes(make_small(number))
    demo(tmp_path / "demo", samples=folder, workers=1)
    with Library.open(tmp_path / "demo") as library:
        visits = [one.visit for one in library.catalog.photos()]
    assert (dt.date.today() - visits[-1]).days <= 1  # a test may run past midnight
    assert [(day - visits[0]).days for day in visits] == [0, 7, 168]
