"""A library is opened only where one is, whole, and made only where there is room."""

import contextlib
import json
from dataclasses import replace
from pathlib import Path

import pytest
from factories import make_photo

from hairtrack.errors import LibraryError
from hairtrack.store import digest_of
from hairtrack.workflows import Library, default_folder
from hairtrack.workflows.editing import rename_subject
from hairtrack.workflows.library import (
    PREFERENCES_FILE,
    Preferences,
    Units,
    erase,
    measure_library_size,
    read_path,
    read_preferences,
    save_preferences,
    to_file_name,
)

MARKER = "hairtrack-library.json"


@pytest.fixture
def folder(tmp_path):
    folder = tmp_path / "library"
    with Library.create(folder) as library:
        library.originals.put(b"bytes of a photograph")
        library.catalog.add_photo(make_photo("bytes of a photograph", subject="me"))
    return folder


@pytest.mark.parametrize("way_in", [Library.open, Library.create])
def test_what_was_kept_is_there_when_it_is_opened_again(folder, way_in):
    with way_in(folder) as library:
        (photo,) = library.catalog.photos()
        assert library.originals.get(photo.digest) == b"bytes of a photograph"
        marker = json.loads((folder / MARKER).read_text())
        told = {"kind": "hairtrack library", "id": library.catalog.library_id, "version": 1}
        assert marker == told


def test_nobody_else_may_read_anything_in_it(folder, tmp_path):
    modes = {oct(path.stat().st_mode & 0o077) for path in [folder, *folder.rglob("*")]}
    assert modes == {"0o0"}
    (tmp_path / "empty").mkdir(mode=0o755)
    Library.create(tmp_path / "empty").close()
    assert oct((tmp_path / "empty").stat().st_mode & 0o777) == "0o700"


@pytest.mark.parametrize("missing", [True, False])
def test_where_there_is_no_library_none_is_opened(tmp_path, missing):
    folder = tmp_path / "nothing" if missing else tmp_path
    with pytest.raises(LibraryError, match="no hairtrack library"):
        Library.open(folder)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("place", "told"),
    [
        (".", "other files"),
        ("letter.txt", "is a file"),
        ("letter.txt/library", "No library can be made"),
    ],
)
def test_no_library_is_made_over_anything_else(tmp_path, place, told):
    (tmp_path / "letter.txt").write_text("dear")
    with pytest.raises(LibraryError, match=told):
        Library.create(tmp_path / place)
    assert [path.name for path in tmp_path.iterdir()] == ["letter.txt"]


@pytest.mark.parametrize("gone", ["originals/hairtrack-originals", "catalog.sqlite"])
def test_a_library_with_a_part_missing_is_refused_and_not_made_anew(folder, gone):
    """An unmounted disk must not pass for a library that lost its photographs."""
    (folder / gone).unlink()
    for way_in in (Library.open, Library.create):
        with pytest.raises(LibraryError, match=r"not at|missing"):
            way_in(folder)
    assert not (folder / gone).exists()


@pytest.mark.parametrize(
    ("lost", "told"),
    [
        (["hairtrack-library.json"], "restore"),
        (["hairtrack-library.json", "catalog.sqlite"], "another library"),
    ],
)
def test_nothing_is_made_over_photographs_that_are_there(folder, lost, told):
    for name in lost:
        (folder / name).unlink()
    with pytest.raises(LibraryError, match=told):
        Library.create(folder)
    assert not (folder / MARKER).exists()


def test_originals_of_another_library_are_refused(folder, tmp_path):
    Library.create(tmp_path / "other").close()
    (folder / "originals").rename(tmp_path / "set aside")
    (tmp_path / "other" / "originals").rename(folder / "originals")
    with pytest.raises(LibraryError, match="another library"):
        Library.open(folder)


@pytest.mark.parametrize("steps", [1, 2, 3])
def test_a_library_half_made_by_a_crash_is_completed(tmp_path, steps):
    """The steps of making one: folder, catalogue, originals, marker."""
    folder = tmp_path / "library"
    Library.create(folder).close()
    for name in [MARKER, "originals/hairtrack-originals", "catalog.sqlite"][:steps]:
        (folder / name).unlink()
    Library.create(folder).close()
    with Library.open(folder) as library:
        assert library.catalog.photos() == []


@pytest.mark.parametrize("marker", ['{"version": 99}', '{"kind": "x", "version": 2}'])
def test_a_library_of_a_newer_program_is_refused_before_anything_is_opened(folder, marker):
    (folder / MARKER).write_text(marker)
    (folder / "catalog.sqlite").write_bytes(b"tables of the future")
    for way_in in (Library.open, Library.create):
        with pytest.raises(LibraryError, match="newer hairtrack"):
            way_in(folder)


@pytest.mark.parametrize("marker", ["", "[1]", '{"version": "new"}', "{", "\0\0\0"])
def test_a_damaged_marker_is_one_sentence(folder, marker):
    (folder / MARKER).write_text(marker)
    with pytest.raises(LibraryError, match="damaged"):
        Library.open(folder)


def test_photographs_may_lie_elsewhere_and_are_found_again(tmp_path):
    place = tmp_path / "disk" / "photographs"
    with Library.create(tmp_path / "library", originals=str(place)) as library:
        digest = library.originals.put(b"bytes")
    assert not (tmp_path / "library" / "originals").exists()
    with Library.open(tmp_path / "library") as library:
        assert library.originals.get(digest) == b"bytes"
    place.rename(tmp_path / "unplugged")
    with pytest.raises(LibraryError, match="not connected"):
        Library.open(tmp_path / "library")


def test_what_a_killed_import_left_is_cleaned_and_nothing_else(folder):
    """A noted photograph without a row goes; one with a row and one nobody noted stay."""
    with Library.open(folder) as library:
        (photo,) = library.catalog.photos()
        stray = library.originals.put(b"put there by a person, for a reason")
        with contextlib.suppress(KeyboardInterrupt), library.import_lock() as note:
            note(photo.digest)
            note(digest_of(b"never acknowledged"))
            library.originals.put(b"never acknowledged")
            raise KeyboardInterrupt
        (library.originals.folder / ".incoming" / ".incoming-1").write_bytes(b"half")
        assert len(list(library.originals.names())) == 3
        with library.import_lock():
            assert set(library.originals.names()) == {photo.digest, stray}
        assert list((library.originals.folder / ".incoming").iterdir()) == []
        assert not list(folder.glob("importing-*"))


def test_the_person_may_say_where_the_library_lies(monkeypatch):
    monkeypatch.setenv("HAIRTRACK_LIBRARY", "~/elsewhere")
    assert default_folder() == Path.home() / "elsewhere"
    monkeypatch.delenv("HAIRTRACK_LIBRARY")
    assert default_folder().parts[-2:] == ("hairtrack", "library")


def test_the_catalogue_may_lie_on_a_server(tmp_path, postgres, monkeypatch):
    """The marker leads there; the folder holds the photographs and no catalogue."""
    with Library.create(tmp_path / "one", catalog=postgres) as library:
        made = library.catalog.library_id
    monkeypatch.setenv("HAIRTRACK_CATALOG", postgres)
    Library.create(tmp_path / "two").close()
    monkeypatch.delenv("HAIRTRACK_CATALOG")
    for name, same in (("one", True), ("two", False)):
        assert not (tmp_path / name / "catalog.sqlite").exists()
        with Library.open(tmp_path / name) as library:
            assert (library.catalog.library_id == made) == same
            assert str(library.catalog.address).startswith("postgresql")


# ---- paths that a person types --------------------------------------------------------


def test_a_path_is_taken_as_typed(tmp_path, monkeypatch):
    path = tmp_path / "copy.zip"
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    for typed in (f"  {path} ", "~/copy.zip"):
        assert read_path(typed, outside=tmp_path / "library") == path
    for typed, told in (
        ("", "Type the place"),
        ("../copy.zip", "not a whole path"),
        (f"{tmp_path}/library/../library/x/copy.zip", "inside the library"),
        (f"{tmp_path}/a\0b", "no path"),
        ("~nobody-of-that-name/copy.zip", "no home folder"),
    ):
        with pytest.raises(LibraryError, match=told):
            read_path(typed, outside=tmp_path / "library")


def test_a_name_becomes_part_of_a_files_name():
    assert to_file_name("../../etc/<b>ä</b>") == "etc-b-ä-b"
    assert to_file_name("///") == "subject"
    assert len(to_file_name("x" * 400)) == 60


def test_the_size_is_that_of_all_kept_photographs(small):
    files = Path(small.originals.place).glob(f"??/{64 * '?'}")
    assert measure_library_size(small) == sum(file.stat().st_size for file in files) > 0


# ---- preferences ----------------------------------------------------------------------

SOME = Preferences(language="de", units=Units.IMPERIAL, folders={"anna": "/photos/a"})


def test_what_is_preferred_is_read_again_and_damage_stands_for_the_defaults(tmp_path):
    assert read_preferences(tmp_path) == Preferences()
    save_preferences(tmp_path, SOME)
    assert read_preferences(tmp_path) == SOME
    with pytest.raises(LibraryError, match="cannot be used"):
        save_preferences(tmp_path / "gone", SOME)
    for damage in ("", "[]", '{"units": "ells"}', '{"folders": 3}'):
        (tmp_path / PREFERENCES_FILE).write_text(damage)
        assert read_preferences(tmp_path) == Preferences()


def test_folders_follow_a_new_name_and_leave_with_the_subject(small):
    save_preferences(small.folder, SOME)
    rename_subject(small, "anna", to="B")
    assert read_preferences(small.folder).folders == {"B": "/photos/a"}
    erase(small, "B")
    assert read_preferences(small.folder) == replace(SOME, folders={})
    assert b"photos" not in (small.folder / PREFERENCES_FILE).read_bytes()
