"""Whoever comes alone clears up after those who were killed, and after nobody else."""

import os
import stat
from contextlib import suppress

import pytest

from hairtrack.errors import LibraryError
from hairtrack.store import digest_of
from hairtrack.store.import_lock import JOURNALS, LOCK, import_lock

ONE, TWO = digest_of(b"one"), digest_of(b"two")


def left_by_a_killed_process(folder, *lines):
    (folder / JOURNALS.replace("*", "dead")).write_text("\n".join(lines))


def test_what_was_noted_and_not_finished_is_cleared_up_once(tmp_path):
    left_by_a_killed_process(tmp_path, ONE, TWO)
    cleared = []
    with import_lock(tmp_path, clean=cleared.append):
        pass
    assert cleared == [{ONE, TWO}]
    with import_lock(tmp_path, clean=cleared.append):
        pass
    assert cleared[1:] == [set()]
    assert os.listdir(tmp_path) == [LOCK]


def test_an_import_that_ends_well_leaves_no_note(tmp_path):
    with import_lock(tmp_path, clean=lambda _: None) as note:
        note(ONE)
        (journal,) = tmp_path.glob(JOURNALS)
        assert journal.read_text() == f"{ONE}\n"
        assert stat.S_IMODE(journal.stat().st_mode) == 0o600
    assert os.listdir(tmp_path) == [LOCK]


def test_an_import_that_ends_in_trouble_leaves_its_note_for_the_next(tmp_path):
    cleared = []
    with suppress(KeyboardInterrupt), import_lock(tmp_path, clean=cleared.append) as note:
        note(ONE)
        raise KeyboardInterrupt
    with import_lock(tmp_path, clean=cleared.append):
        pass
    assert cleared == [set(), {ONE}]


def test_nothing_is_cleared_up_under_somebody_who_is_at_it(tmp_path):
    cleared = []
    with import_lock(tmp_path, clean=cleared.append) as note:
        note(ONE)
        with import_lock(tmp_path, clean=cleared.append) as other:
            other(TWO)
        assert cleared == [set()]
        assert len(list(tmp_path.glob(JOURNALS))) == 1
    assert cleared == [set()]


def test_a_note_cut_short_by_the_kill_is_no_digest(tmp_path):
    left_by_a_killed_process(tmp_path, ONE, TWO[:20], "../../etc/passwd")
    cleared = []
    with import_lock(tmp_path, clean=cleared.append):
        pass
    assert cleared == [{ONE}]


def test_a_folder_that_is_gone_is_one_sentence(tmp_path):
    with pytest.raises(LibraryError, match="cannot be used"):
        import_lock(tmp_path / "gone", clean=lambda _: None).__enter__()
