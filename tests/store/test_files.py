"""A file is wholly there or not at all, and what killed imports left is cleared up."""

import os
import stat
from contextlib import suppress

import pytest

from hairtrack.errors import LibraryError
from hairtrack.store import digest_of, files


def test_the_content_is_there_and_only_its_owner_may_read_it(tmp_path):
    folder = tmp_path / "outer" / "inner"
    for data in (b"first", b"second"):
        files.make_private_folder(folder)
        files.write_durably(folder / "a", data)
    assert (folder / "a").read_bytes() == b"second"
    assert oct((folder / "a").stat().st_mode & 0o777) == "0o600"
    assert oct(folder.stat().st_mode & 0o777) == "0o700"
    assert os.listdir(folder) == ["a"]


def test_a_failed_write_leaves_the_old_content_and_no_litter(tmp_path, monkeypatch):
    files.write_durably(tmp_path / "a", b"first")

    def full_disk(_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(files.os, "fsync", full_disk)
    with pytest.raises(OSError, match="No space left"):
        files.write_durably(tmp_path / "a", b"second")
    assert (tmp_path / "a").read_bytes() == b"first"
    assert os.listdir(tmp_path) == ["a"]


def test_content_is_on_disk_before_its_name_and_the_name_before_the_answer(
    tmp_path, monkeypatch
):
    """The order is the promise: no crash may leave a name on half a file.

    Killing the process would not show a missing fsync, so the calls are listened to.
    """
    steps = []
    real_fsync, real_replace = os.fsync, files.Path.replace

    def fsync(handle):
        is_folder = stat.S_ISDIR(os.fstat(handle).st_mode)
        steps.append("folder" if is_folder else "file")
        real_fsync(handle)

    def replace(self, target):
        steps.append("rename")
        return real_replace(self, target)

    monkeypatch.setattr(files.os, "fsync", fsync)
    monkeypatch.setattr(files.Path, "replace", replace)
    files.make_private_folder(tmp_path / "new")
    files.write_durably(tmp_path / "new" / "a", b"content")
    assert steps == ["folder", "file", "rename", "folder"]


ONE, TWO = digest_of(b"one"), digest_of(b"two")


def test_what_was_noted_and_not_finished_is_cleared_up_once(tmp_path):
    """A killed process has left its notes; what the kill cut short is no digest."""
    lines = (ONE, TWO, ONE[:20], "../../etc/passwd")
    (tmp_path / files.JOURNALS.replace("*", "dead")).write_text("\n".join(lines))
    cleared = []
    for _ in range(2):
        with files.import_lock(tmp_path, clean=cleared.append):
            pass
    assert cleared == [{ONE, TWO}, set()]
    assert os.listdir(tmp_path) == [files.LOCK]
    with (
        suppress(KeyboardInterrupt),
        files.import_lock(tmp_path, clean=cleared.append) as note,
    ):
        note(ONE)
        raise KeyboardInterrupt
    with files.import_lock(tmp_path, clean=cleared.append):
        pass
    assert cleared[2:] == [set(), {ONE}]


def test_an_import_that_ends_well_leaves_no_note(tmp_path):
    with files.import_lock(tmp_path, clean=lambda _: None) as note:
        note(ONE)
        (journal,) = tmp_path.glob(files.JOURNALS)
        assert journal.read_text() == f"{ONE}\n"
        assert stat.S_IMODE(journal.stat().st_mode) == 0o600
    assert os.listdir(tmp_path) == [files.LOCK]


def test_nothing_is_cleared_up_under_somebody_who_is_at_it(tmp_path):
    cleared = []
    with files.import_lock(tmp_path, clean=cleared.append) as note:
        note(ONE)
        with files.import_lock(tmp_path, clean=cleared.append) as other:
            other(TWO)
        assert cleared == [set()]
        assert len(list(tmp_path.glob(files.JOURNALS))) == 1
    assert cleared == [set()]


def test_a_folder_that_is_gone_is_one_sentence(tmp_path):
    with pytest.raises(LibraryError, match="cannot be used"):
        files.import_lock(tmp_path / "gone", clean=lambda _: None).__enter__()
