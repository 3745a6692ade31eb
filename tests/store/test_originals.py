"""Photographs lie under their digest, whole or not at all, wherever they are kept.

The suite at the top runs on every kind of place; S3 is the server of moto, spoken to over
HTTP by the same client that speaks to the real one.
"""

import errno
import os
import pickle
import subprocess
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hairtrack.errors import LibraryError, PhotoDamaged, PhotoMissing
from hairtrack.store import digest_of, files, open_originals
from hairtrack.store.originals import INCOMING, MARKER, VERSION

DATA = b"\xff\xd8 not really a photograph \xff\xd9"


@pytest.fixture(params=["local", "memory", "s3"])
def place(request, tmp_path):
    """Return a place of each kind that nobody has used."""
    if request.param == "local":
        return str(tmp_path / "originals")
    if request.param == "memory":
        return f"memory://{tmp_path.name}"
    return f"{request.getfixturevalue('bucket')}/{tmp_path.name}"


@pytest.fixture
def originals(place):
    originals = open_originals(place, library_id="one")
    originals.create()
    return originals


@pytest.fixture
def local(tmp_path):
    originals = open_originals(tmp_path / "originals", library_id="one")
    originals.create()
    return originals


# ---- every place ------------------------------------------------------------------


def test_bytes_come_back_under_their_digest_once_and_in_order(originals):
    digest = originals.put(DATA)
    assert digest == originals.put(DATA) == digest_of(DATA)
    assert originals.get(digest) == DATA
    kept = {digest, *(originals.put(bytes([n])) for n in range(8))}
    assert list(originals.names()) == sorted(kept)
    # What does not belong there is named.
    originals._save("ab/letter.txt", b"dear")
    originals._save(f"zz/{digest}", DATA)
    assert set(originals.names()) == {*kept, "ab/letter.txt", f"zz/{digest}"}


@settings(
    max_examples=5,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(data=st.binary(max_size=2000))
def test_any_bytes_come_back(originals, data):
    assert originals.get(originals.put(data)) == data


@pytest.mark.parametrize("damage", [DATA[:-1] + b"\x00", DATA[:-5], b"", DATA + b"x"])
def test_damage_is_noticed_and_mended_by_putting_it_again(originals, damage):
    digest = originals.put(DATA)
    originals._save(f"{digest[:2]}/{digest}", damage)
    with pytest.raises(PhotoDamaged, match="import it again"):
        originals.get(digest)
    originals.put(DATA)
    assert originals.get(digest) == DATA


def test_deleted_is_gone_and_may_be_asked_for_twice(originals):
    other = originals.put(b"other")
    digest = originals.put(DATA)
    for _ in range(2):
        originals.delete(digest)
        with pytest.raises(PhotoMissing, match="missing"):
            originals.get(digest)
    assert list(originals.names()) == [other]


@pytest.mark.parametrize("name", ["", "../../etc/passwd", "ab", "A" * 64, "0" * 63 + "\n"])
def test_a_name_that_is_no_digest_is_wrong_use(originals, name):
    for ask in (originals.get, originals.delete):
        with pytest.raises(ValueError, match="no digest"):
            ask(name)


def test_it_is_ready_again_after_it_was_made_twice_and_sent_to_another_process(originals):
    digest = originals.put(DATA)
    originals.create()
    again = pickle.loads(pickle.dumps(originals))
    again.check_ready()
    assert again.get(digest) == DATA
    assert list(again.names()) == [digest]


def test_an_empty_mount_point_is_not_taken_for_the_originals(originals):
    """A disk that is not connected must not pass for lost photographs."""
    digest = originals.put(DATA)
    originals._remove(MARKER)
    for ask in (
        originals.check_ready,
        originals.check_there,
        lambda: originals.get(digest_of(b"other")),
        lambda: list(originals.names()),
        lambda: originals.delete(digest),
    ):
        with pytest.raises(LibraryError, match="not connected") as caught:
            ask()
        assert not isinstance(caught.value, PhotoMissing)
    assert originals.get(digest) == DATA


def test_the_photographs_of_another_library_are_refused(place, originals):
    other = open_originals(place, library_id="two")
    for ask in (other.check_ready, other.create):
        with pytest.raises(LibraryError, match="another library"):
            ask()


def test_a_newer_store_is_refused_and_an_older_one_without_a_version_known(originals):
    originals._save(MARKER, f"one {VERSION + 1}".encode())
    with pytest.raises(LibraryError, match="newer hairtrack"):
        originals.check_ready()
    originals._save(MARKER, b"one")
    originals.check_ready()


def test_eight_writers_of_the_same_photographs_lose_none(originals):
    with ThreadPoolExecutor(8) as pool:
        digests = set(pool.map(lambda n: originals.put(bytes([n % 5])), range(16)))
    assert list(originals.names()) == sorted(digests)
    assert {originals.get(digest) for digest in digests} == {bytes([n]) for n in range(5)}


# ---- a disk of this computer ------------------------------------------------------


def test_only_the_owner_may_look_and_nothing_is_written_twice(local):
    path = local.path(local.put(DATA))
    before = path.stat().st_ino
    local.put(DATA)
    assert path.stat().st_ino == before
    modes = {oct(p.stat().st_mode & 0o777) for p in local.folder.rglob("*") if p.is_file()}
    assert modes == {"0o600"}
    folders = [local.folder, *(p for p in local.folder.rglob("*") if p.is_dir())]
    assert {oct(folder.stat().st_mode & 0o777) for folder in folders} == {"0o700"}


def test_a_mount_point_whose_disk_went_away_is_not_filled(local, tmp_path):
    local.folder.rename(tmp_path / "disk")
    local.folder.mkdir()
    with pytest.raises(LibraryError, match="not connected"):
        local.put(DATA)
    assert list(local.folder.iterdir()) == []


def test_what_a_write_cut_short_has_left_is_no_photograph_and_is_cleaned(local):
    digest = local.put(DATA)
    left = local.folder / INCOMING / ".incoming-x"
    left.write_bytes(DATA[:5])
    assert list(local.names()) == [digest]
    local.clean()
    assert not left.exists()
    assert local.get(digest) == DATA


@pytest.mark.parametrize(
    ("number", "sentence"),
    [
        (errno.ENOSPC, "is full"),
        (errno.EROFS, "only be read"),
        (errno.EIO, "cannot be used"),
    ],
)
def test_trouble_with_the_disk_is_one_sentence_and_leaves_nothing(
    local, monkeypatch, number, sentence
):
    def refuse(_):
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(files, "sync_file", refuse)
    with pytest.raises(LibraryError, match=sentence) as caught:
        local.put(DATA)
    assert str(caught.value).count("\n") == 0
    assert list(local.names()) == []
    assert list((local.folder / INCOMING).iterdir()) == []


def test_what_the_disk_does_not_give_back_gets_no_name(local, monkeypatch):
    """A disk that lies: the bytes change between being written and being read back."""
    real = files.sync_file

    def corrupt(handle):
        os.pwrite(handle, b"!", 3)
        real(handle)

    monkeypatch.setattr(files, "sync_file", corrupt)
    with pytest.raises(LibraryError, match="does not give back"):
        local.put(DATA)
    assert list(local.names()) == []


@pytest.mark.skipif(
    not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root mounts"
)
def test_a_disk_that_can_only_be_read_is_refused(local):
    digest = local.put(DATA)
    for options in ("bind", "remount,bind,ro"):
        done = subprocess.run(
            ["mount", "-o", options, local.folder, local.folder], capture_output=True
        )
        if done.returncode:
            pytest.skip(f"mounting is not allowed here: {done.stderr.decode().strip()}")
    try:
        with pytest.raises(LibraryError, match="only be read"):
            local.check_ready()
        with pytest.raises(LibraryError, match="only be read"):
            local.put(b"new")
        local.check_there()
        assert local.get(digest) == DATA
    finally:
        subprocess.run(["umount", local.folder], check=True)


# ---- a place that does not answer -------------------------------------------------


@pytest.mark.parametrize(
    ("place", "told"),
    [
        # Port 9 of this computer, where nobody listens.
        ("http://127.0.0.1:9/photographs", r"127\.0\.0\.1:9/photographs"),
        ("gopher://somewhere", "cannot be reached"),
    ],
)
def test_a_far_place_that_does_not_answer_is_one_sentence(place, told):
    with pytest.raises(LibraryError, match=told) as caught:
        open_originals(place, library_id="one").check_ready()
    assert "\n" not in str(caught.value)
