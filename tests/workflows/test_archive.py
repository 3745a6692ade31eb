"""What comes out of a backup is what went in, to the last number, or nothing comes out."""

import json
import os
import random
import sqlite3
import stat
import threading
import zipfile

import pytest

from hairtrack.errors import LibraryError
from hairtrack.workflows import Library, back_up, import_photo, progress, restore, verify


def tables(library):
    """Return every row of every table."""
    with sqlite3.connect(library.catalog.path) as raw:
        names = [
            n for (n,) in raw.execute("SELECT name FROM sqlite_master WHERE type='table'")
        ]
        found = {
            name: sorted(map(repr, raw.execute(f"SELECT * FROM {name}"))) for name in names
        }
    raw.close()
    return found


def photographs(library):
    return {digest: library.originals.get(digest) for digest in library.originals.names()}


@pytest.fixture
def archive(small, tmp_path):
    back_up(small, tmp_path / "backup.zip")
    return tmp_path / "backup.zip"


def rewrite(path, change):
    """Write the archive anew with its files, name -> content, changed."""
    with zipfile.ZipFile(path) as archive:
        files = {info.filename: archive.read(info) for info in archive.infolist()}
    change(files)
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in files.items():
            archive.writestr(name, data)


def edit_manifest(path, **values):
    def change(files):
        files["manifest.json"] = json.dumps(json.loads(files["manifest.json"]) | values)

    rewrite(path, change)


def test_every_row_and_every_byte_comes_back(small, tmp_path):
    told = []
    done = back_up(small, tmp_path / "b.zip", on_progress=lambda *state: told.append(state))
    assert (done.photos, done.lost) == (6, ())
    assert told[-1] == (12, 12)
    back = restore(tmp_path / "b.zip", tmp_path / "back")
    assert (back.photos, back.lost) == (6, ())
    with Library.open(tmp_path / "back") as restored:
        assert tables(restored) == tables(small)
        assert photographs(restored) == photographs(small)
        for photo in restored.catalog.photos():
            assert restored.originals.record(photo.digest)["subject"] == photo.subject
        assert restored.originals.record("0" * 64) == {}
        assert verify(restored).faults == ()


def test_every_number_of_a_measured_course_is_equal(own, tmp_path):
    back_up(own, tmp_path / "b.zip")
    restore(tmp_path / "b.zip", tmp_path / "back")
    with Library.open(tmp_path / "back") as restored:
        assert progress(restored) == progress(own)
        assert tables(restored) == tables(own)


def test_backup_and_restored_library_are_private_and_leave_no_litter(archive, tmp_path):
    """What a killed restore has left in an empty folder goes too."""
    (tmp_path / "back" / ".hairtrack-incoming-x" / "originals").mkdir(parents=True)
    restore(archive, tmp_path / "back")
    assert stat.S_IMODE(archive.stat().st_mode) == 0o600
    everything = list((tmp_path / "back").rglob("*"))
    assert {stat.S_IMODE(path.stat().st_mode) & 0o077 for path in everything} == {0}
    assert sorted(os.listdir(tmp_path)) == ["back", "backup.zip", "small"]
    assert not list((tmp_path / "back").glob(".*"))


def test_nothing_that_is_there_is_written_over(small, archive, tmp_path):
    before = archive.read_bytes()
    with pytest.raises(LibraryError, match="choose another place"):
        back_up(small, archive)
    assert archive.read_bytes() == before
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "letter.txt").write_text("dear")
    for folder in (small.folder, tmp_path / "other"):
        before = sorted(folder.rglob("*"))
        with pytest.raises(LibraryError, match="not empty"):
            restore(archive, folder)
        assert sorted(folder.rglob("*")) == before


def test_what_a_killed_backup_left_goes_with_the_next_one(small, tmp_path):
    """After a day: until then somebody may still be writing it."""
    for name in ("old", "new"):
        (tmp_path / f".hairtrack-incoming-{name}" / "originals").mkdir(parents=True)
    os.utime(tmp_path / ".hairtrack-incoming-old", (1e9, 1e9))
    back_up(small, tmp_path / "b.zip")
    assert [path.name for path in tmp_path.glob(".*")] == [".hairtrack-incoming-new"]


def test_a_flipped_bit_anywhere_is_noticed_or_harmless(small, archive, tmp_path):
    """Each of 60 flips: refused, or the restored library equals the first in every row."""
    data, rng = archive.read_bytes(), random.Random(3)
    expected = tables(small), photographs(small)
    for number in range(60):
        broken = bytearray(data)
        broken[rng.randrange(len(broken))] ^= 1 << rng.randrange(8)
        archive.write_bytes(broken)
        folder = tmp_path / f"back{number}"
        try:
            restore(archive, folder)
        except LibraryError:
            assert list(folder.glob("*")) == []
            continue
        with Library.open(folder) as restored:
            assert (tables(restored), photographs(restored)) == expected


def test_what_is_no_backup_is_refused(archive, tmp_path):
    whole = archive.read_bytes()
    for length in (0, 10, 5000, -1):
        archive.write_bytes(whole[:length])
        with pytest.raises(LibraryError, match="no backup by hairtrack"):
            restore(archive, tmp_path / "back")
    for values, told in (
        ({"files": {"catalog.sqlite": {}, "../slip": {}}}, "list of files"),
        ({"version": 99}, "newer hairtrack"),
        ({"kind": "photo album"}, "no backup"),
    ):
        archive.write_bytes(whole)
        edit_manifest(archive, **values)
        with pytest.raises(LibraryError, match=told):
            restore(archive, tmp_path / "back")
    with pytest.raises(LibraryError, match="No such file"):
        restore(tmp_path / "gone.zip", tmp_path / "back")


def test_missing_changed_and_added_files_are_counted(archive, tmp_path):
    def change(files):
        first, second, *_ = sorted(name for name in files if name.startswith("originals/"))
        del files[first]
        files[second] = files[second][::-1]
        files["originals/../../slip"] = b"x"

    rewrite(archive, change)
    with pytest.raises(LibraryError, match="3 of 7 files"):
        restore(archive, tmp_path / "back")
    assert not (tmp_path / "slip").exists()
    assert list((tmp_path / "back").iterdir()) == []


def test_lost_photographs_are_named_and_the_others_are_saved(small, tmp_path):
    first, second, *_ = small.catalog.photos()
    small.originals.path(first.digest).unlink()
    small.originals.path(second.digest).write_bytes(b"")
    done = back_up(small, tmp_path / "b.zip")
    assert done.photos == 4
    assert set(done.lost) == {first.digest, second.digest}
    back = restore(tmp_path / "b.zip", tmp_path / "back")
    assert set(back.lost) == set(done.lost)
    with Library.open(tmp_path / "back") as restored:
        assert {f.kind for f in verify(restored).faults} == {"missing"}
        assert len(restored.catalog.photos()) == 6
    # A disk that is not there is no empty backup.
    small.originals.folder.rename(tmp_path / "unplugged")
    with pytest.raises(LibraryError, match="not connected"):
        back_up(small, tmp_path / "gone.zip")
    assert not (tmp_path / "gone.zip").exists()


def test_a_backup_under_load_is_the_library_at_one_moment(small, tmp_path, make_small):
    """What was acknowledged before is in it; every row in it is a row of the library."""
    before = {photo.digest for photo in small.catalog.photos()}
    stop, added = threading.Event(), []

    def write():
        with Library.open(small.folder) as beside:
            number = 100
            while not stop.is_set() or not added:
                added.append(import_photo(beside, make_small(number))[0].digest)
                number += 1

    writer = threading.Thread(target=write)
    writer.start()
    try:
        for number in range(3):
            back_up(small, tmp_path / f"{number}.zip")
    finally:
        stop.set()
        writer.join()
    live = {repr(photo) for photo in small.catalog.photos()}
    for number in range(3):
        restore(tmp_path / f"{number}.zip", tmp_path / f"back{number}")
        with Library.open(tmp_path / f"back{number}") as restored:
            photos = restored.catalog.photos()
            assert before <= {photo.digest for photo in photos}
            assert {repr(photo) for photo in photos} <= live
            assert verify(restored).faults == ()
