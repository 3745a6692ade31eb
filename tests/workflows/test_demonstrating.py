"""The demonstration runs anywhere, twice, without harm."""

import pytest

from hairtrack.errors import LibraryError
from hairtrack.workflows import Library, default_demo_folder, demo, find_samples


def test_a_second_run_adds_and_measures_nothing(course, tmp_path):
    first = demo(tmp_path / "demo", samples=course)
    second = demo(tmp_path / "demo", samples=course)
    assert (len(first.imported.added), first.ran.measured) == (3, 3)
    assert (len(second.imported.added), second.ran.measured) == (0, 0)
    assert second.rows == first.rows
    assert [row.shots for row in first.rows] == [2, 1]
    assert {row.subject for row in first.rows} == {"sample"}


def test_each_set_of_samples_has_a_folder_of_its_own(course, tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    monkeypatch.setenv("HOME", str(tmp_path))
    (tmp_path / "other.jpg").write_bytes(b"")
    folders = {default_demo_folder(course), default_demo_folder(tmp_path)}
    assert len(folders) == 2
    assert default_demo_folder(course) in folders
    assert {folder.name[:5] for folder in folders} == {"demo-"}


def test_a_folder_of_other_things_is_left_alone(course, tmp_path):
    (tmp_path / "letter.txt").write_text("dear")
    with pytest.raises(LibraryError, match="other files"):
        demo(tmp_path, samples=course)


def test_the_samples_are_found_from_anywhere(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    samples = find_samples()
    assert samples.is_absolute()
    assert (samples / "truth.csv").is_file()


def test_an_own_library_is_not_touched(course, tmp_path, monkeypatch):
    monkeypatch.setenv("HAIRTRACK_LIBRARY", str(tmp_path / "mine"))
    demo(tmp_path / "demo", samples=course)
    assert not (tmp_path / "mine").exists()
    with Library.open(tmp_path / "demo") as library:
        assert len(library.catalog.photos()) == 3


def test_the_sample_course_has_a_start_a_primary_zone_and_eight_sessions(
    tmp_path, course, monkeypatch
) -> None:
    from hairtrack.course.entries import Status
    from hairtrack.records import View
    from hairtrack.workflows import Library, count_pending, samples
    from hairtrack.workflows.course import load_course

    monkeypatch.setattr(samples, "find_samples", lambda: course)
    told = []
    with Library.create(tmp_path / "library") as library:
        for number in (3, 0):
            found = samples.load_sample_course(
                library, on_progress=lambda *n: told.append(n)
            )
            assert len(found.added) == number
        assert count_pending(library) == 0
        subject = library.catalog.subject(samples.SUBJECT)
        assert subject.started_at == samples.SAMPLE_START
        assert (subject.primary_view, subject.primary_zone) == (View.VERTEX, "scalp")
        sessions = load_course(library, subject=samples.SUBJECT).sessions
        assert [one.number for one in sessions] == list(range(1, 9))
        assert {one.status for one in sessions} == {Status.DONE}
    assert told[-1] == (0, 0)
    assert (3, 3) in told
