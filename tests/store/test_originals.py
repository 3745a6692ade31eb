"""Photographs lie under their digest, whole or not at all."""

import pytest

from hairtrack.errors import LibraryError
from hairtrack.store import Originals, digest_of

DATA = b"\xff\xd8 not really a photograph \xff\xd9"


@pytest.fixture
def originals(tmp_path):
    return Originals.create(tmp_path / "originals", library_id="one")


def test_bytes_come_back_under_their_digest(originals):
    digest = originals.put(DATA)
    assert digest == digest_of(DATA)
    assert originals.read(digest) == DATA
    assert originals.path(digest).read_bytes() == DATA


def test_the_same_bytes_twice_are_one_file(originals):
    digest = originals.put(DATA)
    before = originals.path(digest).stat().st_ino
    assert originals.put(DATA) == digest
    assert originals.path(digest).stat().st_ino == before


def test_a_damaged_copy_is_noticed_and_mended(originals):
    path = originals.path(originals.put(DATA))
    path.write_bytes(DATA[:-1] + b"\x00")
    with pytest.raises(LibraryError, match="damaged"):
        originals.read(digest_of(DATA))
    originals.put(DATA)
    assert originals.read(digest_of(DATA)) == DATA


def test_a_lost_photograph_is_said_to_be_missing(originals):
    with pytest.raises(LibraryError, match="missing"):
        originals.read(digest_of(b"never kept"))


def test_only_the_owner_may_look(originals):
    path = originals.path(originals.put(DATA))
    assert oct(path.stat().st_mode & 0o777) == "0o600"
    assert oct(path.parent.stat().st_mode & 0o777) == "0o700"
    assert oct(originals.folder.stat().st_mode & 0o777) == "0o700"


def test_an_empty_mount_point_is_not_taken_for_the_originals(originals, tmp_path):
    with pytest.raises(LibraryError, match="not connected"):
        Originals.open(tmp_path / "elsewhere", library_id="one")
    with pytest.raises(LibraryError, match="another library"):
        Originals.open(originals.folder, library_id="two")
    assert Originals.open(originals.folder, library_id="one") == originals
