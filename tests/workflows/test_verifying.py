"""Every fault is found and named, wherever it lies; a lost disk is no loss."""

import os
import sqlite3

import pytest

from hairtrack.errors import LibraryError
from hairtrack.store import digest_of
from hairtrack.workflows import import_photo, verify


def paths(library):
    return [library.originals.path(photo.digest) for photo in library.catalog.photos()]


def kinds(found):
    return sorted(fault.kind for fault in found.faults)


def test_importing_again_mends_what_is_missing_or_damaged(small, make_small):
    told = []
    found = verify(small, on_progress=lambda *state: told.append(state))
    assert (found.photos, found.faults, told[-1]) == (6, (), (6, 6))
    first, second, *_ = paths(small)
    first.unlink()
    second.write_bytes(b"")
    assert len(verify(small).faults) == 2
    for number in range(6):
        import_photo(small, make_small(number))
    assert verify(small).faults == ()


def test_all_faults_are_listed_not_the_first(small):
    gone, flipped, short, empty, swapped, whole = paths(small)
    gone.unlink()
    data = bytearray(flipped.read_bytes())
    data[len(data) // 2] ^= 1
    flipped.write_bytes(data)
    short.write_bytes(short.read_bytes()[:-1])
    empty.write_bytes(b"")
    swapped.write_bytes(whole.read_bytes())
    extra = small.originals.put(b"nobody knows this")
    (small.originals.folder / "letter.txt").write_text("dear")
    found = verify(small)
    assert kinds(found) == ["damaged"] * 4 + ["extra"] * 2 + ["missing"]
    where = {fault.where for fault in found.faults}
    bad = {gone.name, flipped.name, short.name, empty.name, swapped.name, extra}
    assert where == {f"originals: {name}" for name in [*bad, "letter.txt"]}
    assert all(fault.sentence.endswith(".") for fault in found.faults)
    assert "anna" not in str(found.faults)


def test_an_interrupted_run_is_forgotten_and_the_next_one_reads_all(small):
    """Damage done since to what was read already is found."""

    def stop(done, _):
        if done == 4:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        verify(small, on_progress=stop)
    for path in paths(small):
        path.write_bytes(b"")
    assert kinds(verify(small)) == ["damaged"] * 6


def test_files_that_belong_to_nothing_are_told_wherever_they_lie(small):
    """Those that somebody may be writing at the moment are left out."""
    names = ["letter.txt", "originals/.incoming/.incoming-x", "catalog-copies/.incoming-y"]
    places = [small.folder / name for name in names]
    small.renew_copies()
    for place in places:
        place.write_text("x")
    assert verify(small).faults == ()
    for place in places:
        os.utime(place, (1e9, 1e9))
    where = {fault.where for fault in verify(small).faults}
    assert where == {
        "library: letter.txt",
        "originals: .incoming/.incoming-x",
        "library: catalog-copies/.incoming-y",
    }
    with small.import_lock():
        assert [place.exists() for place in places] == [True, False, False]


def test_what_is_on_its_way_in_is_not_too_much(small):
    with small.import_lock() as note:
        digest = digest_of(b"bytes without a row yet")
        note(digest)
        small.originals.put(b"bytes without a row yet")
        assert verify(small).faults == ()
    assert kinds(verify(small)) == ["extra"]


def test_a_disk_that_goes_away_is_not_six_lost_photographs(small, tmp_path):
    def unplug(done, _):
        if done == 2:
            small.originals.folder.rename(tmp_path / "unplugged")
            small.originals.folder.mkdir()

    with pytest.raises(LibraryError, match="not connected"):
        verify(small, on_progress=unplug)
    with pytest.raises(LibraryError, match="not connected"):
        verify(small)
    assert len(small.catalog.photos()) == 6


def test_rows_and_photographs_that_lost_each_other_are_told(small):
    lost, renamed, *_ = (photo.digest for photo in small.catalog.photos())
    with sqlite3.connect(small.catalog.path) as raw:
        raw.execute("DELETE FROM photos WHERE digest = ?", [lost])
        new = digest_of(b"never kept")
        raw.execute("UPDATE photos SET digest = ? WHERE digest = ?", [new, renamed])
    raw.close()
    found = verify(small)
    extra = {fault.where for fault in found.faults if fault.kind == "extra"}
    assert extra == {f"originals: {digest}" for digest in (lost, renamed)}
    assert [f.where for f in found.faults if f.kind == "missing"] == [f"originals: {new}"]
