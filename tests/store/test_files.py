"""A file is wholly there or not there at all."""

import os
import stat

import pytest

from hairtrack.store import files


def test_the_content_is_there_and_only_its_owner_may_read_it(tmp_path):
    files.write_durably(tmp_path / "a", b"first")
    files.write_durably(tmp_path / "a", b"second")
    assert (tmp_path / "a").read_bytes() == b"second"
    assert oct((tmp_path / "a").stat().st_mode & 0o777) == "0o600"
    assert os.listdir(tmp_path) == ["a"]


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


def test_a_private_folder_is_private_and_may_be_asked_for_twice(tmp_path):
    folder = tmp_path / "outer" / "inner"
    files.make_private_folder(folder)
    files.make_private_folder(folder)
    assert oct(folder.stat().st_mode & 0o777) == "0o700"
