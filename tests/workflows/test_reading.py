"""What counts as a photograph in a folder, and what reading it may say."""

import numpy as np
import pytest

from hairtrack.errors import ColourMissing, PhotoTooLarge, UnreadablePhoto
from hairtrack.imaging import codec
from hairtrack.workflows.measuring import decode_colour
from hairtrack.workflows.sources import find_files, read_file


@pytest.fixture
def folder(tmp_path):
    for name in ("b.JPG", "a.jpeg", "truth.csv", "README.md", "old.tif", ".hidden.jpg"):
        (tmp_path / name).write_bytes(b"x")
    for name in ("deeper/c.heic", ".thumbnails/d.jpg"):
        (tmp_path / name).parent.mkdir()
        (tmp_path / name).write_bytes(b"x")
    return tmp_path


def test_photographs_of_a_folder_in_order_other_files_counted(folder):
    found, skipped = find_files([folder])
    assert [path.name for path in found] == ["a.jpeg", "b.JPG", "old.tif", "c.heic"]
    assert skipped == 2


def test_a_named_file_is_taken_at_its_word(folder):
    found, skipped = find_files([folder / "truth.csv", folder / "gone.jpg"])
    assert [path.name for path in found] == ["truth.csv", "gone.jpg"]
    assert skipped == 0


def test_a_file_named_twice_is_read_once(folder):
    found, _ = find_files([folder / "a.jpeg", folder, folder / "a.jpeg"])
    assert [path.name for path in found].count("a.jpeg") == 1


@pytest.mark.parametrize("name", ["gone.jpg", "deeper"])
def test_what_cannot_be_read_is_said_in_a_sentence(folder, name):
    with pytest.raises(UnreadablePhoto, match=r"The file cannot be read: .+\."):
        read_file(folder / name)


def test_a_huge_file_is_refused_without_being_read_whole(tmp_path):
    path = tmp_path / "huge.jpg"
    with path.open("wb") as file:
        file.truncate(5_000_000_000)
    data = read_file(path)
    assert len(data) < 70e6
    with pytest.raises(PhotoTooLarge):
        codec.decode(data)


def test_a_grey_photograph_is_not_decoded_for_measuring():
    grey = np.repeat(np.arange(100, dtype=np.uint8)[:, None], 100, axis=1)
    colour = np.dstack([grey, grey, grey // 2])
    assert decode_colour(codec.encode_png(colour)).tolist() == colour.tolist()
    for levels in (grey, np.dstack([grey] * 3)):
        with pytest.raises(ColourMissing, match="no colour"):
            decode_colour(codec.encode_png(levels))
