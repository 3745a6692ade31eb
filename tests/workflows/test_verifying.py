"""Every fault is found and named, in one run or in several; a lost disk is no loss."""

import datetime as dt
import random
import sqlite3

import pytest

from hairtrack.errors import LibraryError
from hairtrack.store import digest_of
from hairtrack.workflows import import_photo, verify
from hairtrack.workflows.verification import CHECKPOINT, MAX_AGE


class Killed(BaseException):
    """Stands for a process that ends in the middle."""


def stop_after(reads):
    def on_progress(done, _):
        if done == reads:
            raise Killed

    return on_progress


def paths(library):
    return [library.originals.path(photo.digest) for photo in library.catalog.photos()]


def kinds(found):
    return sorted(fault.kind for fault in found.faults)


def test_a_whole_library_has_no_fault(small):
    told = []
    found = verify(small, on_progress=lambda *state: told.append(state))
    assert (found.photos, found.read, found.resumed, found.faults) == (6, 6, 0, ())
    assert told[-1] == (6, 6)
    assert not (small.folder / CHECKPOINT).exists()


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


def test_importing_again_mends_what_is_missing_or_damaged(small, make_small):
    first, second, *_ = paths(small)
    first.unlink()
    second.write_bytes(b"")
    assert len(verify(small).faults) == 2
    for number in range(6):
        import_photo(small, make_small(number))
    assert verify(small).faults == ()


@pytest.mark.parametrize("stop", [1, 3, 6])
def test_an_interrupted_run_goes_on_and_still_covers_everything(small, stop):
    """Faults before the stop, after it, and such as arose in between are all named."""
    first, *_, last = sorted(paths(small))
    first.write_bytes(b"")
    with pytest.raises(Killed):
        verify(small, on_progress=stop_after(stop))
    last.unlink()
    early = small.originals.put(random.Random(1).randbytes(9))
    found = verify(small)
    assert kinds(found) == ["damaged", "extra", "missing"]
    assert {f.where.split()[-1] for f in found.faults} == {first.name, last.name, early}
    assert found.resumed == stop - 1  # the first was damaged, so it is read again
    assert found.read + found.resumed == 6
    assert verify(small).resumed == 0


def test_what_came_in_during_the_interruption_is_read(small, make_small):
    with pytest.raises(Killed):
        verify(small, on_progress=stop_after(4))
    photo, _ = import_photo(small, make_small(50))
    small.originals.path(photo.digest).write_bytes(b"")
    assert kinds(verify(small)) == ["damaged"]


def test_what_is_on_its_way_in_is_not_too_much(small):
    with small.import_lock() as note:
        digest = digest_of(b"bytes without a row yet")
        note(digest)
        small.originals.put(b"bytes without a row yet")
        assert verify(small).faults == ()
    assert kinds(verify(small)) == ["extra"]


def test_fresh_forgets_an_interrupted_run(small):
    with pytest.raises(Killed):
        verify(small, on_progress=stop_after(5))
    found = verify(small, fresh=True)
    assert (found.read, found.resumed) == (6, 0)


def test_an_old_or_damaged_checkpoint_skips_nothing(small):
    names = [path.name for path in paths(small)]
    long_ago = dt.datetime.now(dt.UTC) - MAX_AGE - dt.timedelta(hours=1)
    ahead = dt.datetime.now(dt.UTC) + dt.timedelta(days=1)
    for began in (long_ago.isoformat(), ahead.isoformat(), "yesterday", "2024-01-01", ""):
        (small.folder / CHECKPOINT).write_text("\n".join([began, *names]))
        assert verify(small).read == 6
    now = dt.datetime.now(dt.UTC).isoformat()
    (small.folder / CHECKPOINT).write_text("\n".join([now, names[0], names[1][:40]]))
    assert verify(small).read == 5


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


def test_a_row_that_was_lost_leaves_its_photograph_as_extra(small):
    digest = small.catalog.photos()[0].digest
    with sqlite3.connect(small.catalog.path) as raw:
        raw.execute("DELETE FROM photos WHERE digest = ?", [digest])
    raw.close()
    assert f"originals: {digest}" in {f.where for f in verify(small).faults}


def test_a_row_without_a_photograph_is_missing(small):
    new = digest_of(b"never kept")
    with sqlite3.connect(small.catalog.path) as raw:
        raw.execute(
            "UPDATE photos SET digest = ? WHERE digest = ?",
            [new, small.catalog.photos()[0].digest],
        )
    raw.close()
    found = verify(small)
    assert {"extra", "missing"} <= set(kinds(found))
