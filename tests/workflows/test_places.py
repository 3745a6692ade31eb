"""Each place that cannot be used is told in one sentence, and nothing is overwritten."""

import os
from pathlib import Path

import pytest

from hairtrack.errors import LibraryError
from hairtrack.workflows.library import (
    check_file,
    check_new_path,
    measure_library_size,
    to_file_name,
)


@pytest.fixture
def library(tmp_path):
    (tmp_path / "library").mkdir()
    return tmp_path / "library"


def test_a_free_place_is_taken_as_typed(tmp_path, library, monkeypatch):
    path = tmp_path / "copy.zip"
    assert check_new_path(f"  {path} ", library=library) == path
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    assert check_new_path("~/copy.zip", library=library) == path


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "Type the place"),
        ("copy.zip", "not a whole path"),
        ("../copy.zip", "not a whole path"),
        ("{at}/library/copy.zip", "inside the library"),
        ("{at}/library/../library/x/copy.zip", "inside the library"),
        ("{at}/none/copy.zip", "There is no folder"),
        ("{at}/there.txt", "something at"),
        ("{at}/dangling", "something at"),
        ("{at}/a\0b", "no path"),
        ("~nobody-of-that-name/copy.zip", "no home folder"),
        ("{at}/" + "x" * 400, "cannot be used"),
    ],
)
def test_a_place_that_cannot_be_used_is_told(tmp_path, library, text, told):
    (tmp_path / "there.txt").write_text("kept")
    (tmp_path / "dangling").symlink_to(tmp_path / "nowhere")
    with pytest.raises(LibraryError, match=told):
        check_new_path(text.format(at=tmp_path), library=library)
    assert (tmp_path / "there.txt").read_text() == "kept"


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="root may write anywhere")
def test_a_protected_folder_is_told(tmp_path, library):
    (tmp_path / "closed").mkdir(mode=0o500)
    with pytest.raises(LibraryError, match="protected"):
        check_new_path(f"{tmp_path}/closed/copy.zip", library=library)


def test_an_empty_folder_will_do_where_a_folder_is_asked_for(tmp_path, library):
    (tmp_path / "new").mkdir()
    at = str(tmp_path / "new")
    assert check_new_path(at, library=library, empty_folder=True) == tmp_path / "new"
    with pytest.raises(LibraryError, match="something at"):
        check_new_path(at, library=library)
    (tmp_path / "new" / "file").touch()
    with pytest.raises(LibraryError, match="something at"):
        check_new_path(at, library=library, empty_folder=True)


def test_files_and_folders_must_be_there(tmp_path):
    file = tmp_path / "copy.zip"
    file.write_bytes(b"x")
    assert check_file(str(file)) == file
    with pytest.raises(LibraryError, match="no file"):
        check_file(str(tmp_path))


def test_a_name_becomes_part_of_a_files_name():
    assert to_file_name("../../etc/<b>ä</b>") == "etc-b-ä-b"
    assert to_file_name("///") == "subject"
    assert len(to_file_name("x" * 400)) == 60


def test_the_size_is_that_of_all_kept_photographs(small):
    files = Path(small.originals.place).glob("??/*")
    assert measure_library_size(small) == sum(file.stat().st_size for file in files) > 0
