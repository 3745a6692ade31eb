"""A remembered folder: what is new in it, nothing outside it, trouble in sentences."""

from __future__ import annotations

import os

import pytest

from hairtrack.errors import FolderError, PhotoError
from hairtrack.workflows import Library, import_photo
from hairtrack.workflows.editing import delete_photo
from hairtrack.workflows.sources import (
    check_folder,
    find_digest,
    find_new_photos,
    get_watch_folder,
    set_watch_folder,
)


@pytest.fixture
def library(tmp_path):
    with Library.create(tmp_path / "library") as opened:
        yield opened


@pytest.fixture
def folder(tmp_path, make_small):
    """Return a folder with two photographs, one below, and other things."""
    place = tmp_path / "phone"
    (place / "temporal_left").mkdir(parents=True)
    (place / "a.jpg").write_bytes(make_small(1))
    (place / "temporal_left" / "b.JPG").write_bytes(make_small(2))
    (place / "notes.txt").write_text("x")
    (place / ".hidden.jpg").write_bytes(make_small(3))
    return place


def test_what_the_library_does_not_know_is_new(library, folder, make_small) -> None:
    found = find_new_photos(library, folder)
    assert [one.name for one in found.sources.values()] == [
        "a.jpg",
        os.path.join("temporal_left", "b.JPG"),
    ]
    assert (found.known, found.skipped, found.linked) == (0, 1, 0)
    digest, source = list(found.sources.items())[1]
    assert source.folder == "temporal_left"
    photo, new = import_photo(library, source.read(), name=source.file_name)
    assert (photo.digest, new) == (digest, True)
    again = find_new_photos(library, folder)
    assert (len(again.sources), again.known) == (1, 1)
    delete_photo(library, digest)
    assert find_new_photos(library, folder).known == 1, "deleted is not offered again"


def test_the_same_photograph_under_two_names_is_new_once(library, folder) -> None:
    (folder / "copy.jpg").write_bytes((folder / "a.jpg").read_bytes())
    assert len(find_new_photos(library, folder).sources) == 2


def test_a_file_that_is_no_photograph_is_told(library, folder) -> None:
    (folder / "c.jpg").write_bytes(b"nothing")
    (folder / "d.jpg").write_bytes(b"")
    found = find_new_photos(library, folder)
    assert len(found.sources) == 2
    assert [one.photo for one in found.refused] == ["c.jpg", "d.jpg"]
    assert all(one.reason.endswith(".") for one in found.refused)


def test_no_link_leads_out_of_the_folder(library, folder, tmp_path, make_small) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "secret.jpg").write_bytes(make_small(9))
    (folder / "link.jpg").symlink_to(outside / "secret.jpg")
    (folder / "dangling.jpg").symlink_to(outside / "nothing.jpg")
    (folder / "linked").symlink_to(outside)
    (folder / "inner.jpg").symlink_to(folder / "a.jpg")
    found = find_new_photos(library, folder)
    assert (len(found.sources), found.linked) == (2, 2)


def test_a_file_that_became_a_link_is_not_read(library, folder, tmp_path) -> None:
    (tmp_path / "secret.jpg").write_bytes(b"secret")
    source = next(iter(find_new_photos(library, folder).sources.values()))
    (folder / "a.jpg").unlink()
    (folder / "a.jpg").symlink_to(tmp_path / "secret.jpg")
    with pytest.raises(PhotoError, match="link"):
        source.read()


def test_a_folder_is_remembered_for_its_subject(library, folder) -> None:
    assert get_watch_folder(library, "me") == ""
    assert set_watch_folder(library, "me", f' "{folder}" ') == folder
    assert get_watch_folder(library, "me") == str(folder)
    assert get_watch_folder(library, "anna") == ""


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("", "Type the folder"),
        ("{at}/gone", "There is no folder"),
        ("{at}/a.jpg", "is a file"),
        ("{at}/" + "n" * 300, "cannot be read"),
        ("a\0b", "cannot be read"),
    ],
)
def test_a_folder_that_cannot_be_used_is_told_in_a_sentence(
    library, folder, typed, told
) -> None:
    with pytest.raises(FolderError, match=told) as caught:
        set_watch_folder(library, "me", typed.format(at=folder))
    assert str(caught.value).endswith(".")
    assert get_watch_folder(library, "me") == ""


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read every folder")
def test_folders_that_may_not_be_read_are_told(library, folder) -> None:
    (folder / "temporal_left").chmod(0)
    found = find_new_photos(library, folder)
    (folder / "temporal_left").chmod(0o700)
    assert [one.photo for one in found.refused] == ["temporal_left"]
    folder.chmod(0)
    with pytest.raises(FolderError, match="may not be read"):
        check_folder(str(folder))
    folder.chmod(0o700)


def test_digests_may_be_remembered_and_progress_is_told(library, folder) -> None:
    asked: list[str] = []
    told: list[tuple[int, int]] = []

    def remember(path: str, size: int, changed_ns: int) -> str:
        asked.append(path)
        assert size == os.stat(path).st_size
        return find_digest(path, size, changed_ns)

    find_new_photos(
        library,
        folder,
        find_digest=remember,
        on_progress=lambda done, of: told.append((done, of)),
    )
    assert [os.path.basename(path) for path in asked] == ["a.jpg", "b.JPG"]
    assert told == [(0, 2), (1, 2)]
