"""What a person offers: folders, archives within limits, and a folder that is watched."""

import os
import random
import socket
import stat
import struct
import time
import zipfile
from pathlib import Path

import numpy as np
import pytest

from hairtrack.errors import (
    ColourMissing,
    FolderError,
    PhotoError,
    PhotoTooLarge,
    UnreadablePhoto,
)
from hairtrack.imaging import codec
from hairtrack.workflows import import_photo, sources
from hairtrack.workflows.editing import delete_photo
from hairtrack.workflows.measuring import decode_colour
from hairtrack.workflows.sources import (
    find_digest,
    find_new_photos,
    get_watch_folder,
    open_sources,
    read_file,
    set_watch_folder,
)

PHOTO = random.Random(1).randbytes(5000)


# ---- files and folders ----------------------------------------------------------------


@pytest.fixture
def mixed(tmp_path):
    """Return a folder of photographs among other files."""
    for name in ("b.JPG", "a.jpeg", "truth.csv", "README.md", "old.tif", ".hidden.jpg"):
        (tmp_path / name).write_bytes(b"x")
    for name in ("deeper/c.heic", ".thumbnails/d.jpg"):
        (tmp_path / name).parent.mkdir()
        (tmp_path / name).write_bytes(b"x")
    return tmp_path


@pytest.mark.parametrize(
    ("offered", "names", "skipped"),
    [
        (["."], ["a.jpeg", "b.JPG", "old.tif", "c.heic"], 2),
        (["truth.csv", "gone.jpg"], ["truth.csv", "gone.jpg"], 0),
        (["old.tif", ".", "old.tif"], ["old.tif", "a.jpeg", "b.JPG", "c.heic"], 2),
    ],
)
def test_photographs_in_order_each_once_other_files_counted(mixed, offered, names, skipped):
    with open_sources([mixed / name for name in offered]) as found:
        assert [source.file_name for source in found.sources] == names
        assert (found.skipped, found.refused) == (skipped, ())


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such files")
def test_a_pipe_socket_or_device_is_named_and_not_waited_for(tmp_path):
    os.mkfifo(tmp_path / "pipe.jpg")
    os.mkfifo(tmp_path / "pipe.zip")
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(str(tmp_path / "s.jpg"))
    (tmp_path / "zero.jpg").symlink_to("/dev/zero")
    with open_sources([tmp_path]) as found:
        assert [Path(one.photo).name for one in found.refused] == ["pipe.zip"]
        assert "pipe, socket or device" in found.refused[0].error
        for source in found.sources:
            with pytest.raises(UnreadablePhoto, match="cannot be read"):
                source.read()
        assert len(found.sources) == 3
    listener.close()


def test_a_folder_that_may_not_be_read_is_named(mixed, monkeypatch):
    """Root may read every folder, so the refusal of the system is imitated."""
    real = os.scandir

    def scandir(path):
        if str(path).endswith("deeper"):
            raise PermissionError(13, "Permission denied", str(path))
        return real(path)

    monkeypatch.setattr(os, "scandir", scandir)
    with open_sources([mixed]) as found:
        (refused,) = found.refused
    assert (refused.photo, len(found.sources)) == ("deeper", 3)
    assert refused.error == "This folder cannot be read: Permission denied."


def test_a_huge_file_is_refused_without_being_read_whole(tmp_path):
    path = tmp_path / "huge.jpg"
    with path.open("wb") as file:
        file.truncate(5_000_000_000)
    data = read_file(path)
    assert len(data) < 70e6
    with pytest.raises(PhotoTooLarge):
        codec.decode(data)
    for name in ("gone.jpg", "."):
        with pytest.raises(UnreadablePhoto, match=r"The file cannot be read: .+\."):
            read_file(tmp_path / name)


def test_a_grey_photograph_is_not_decoded_for_measuring():
    grey = np.repeat(np.arange(100, dtype=np.uint8)[:, None], 100, axis=1)
    colour = np.dstack([grey, grey, grey // 2])
    assert decode_colour(codec.encode_png(colour)).tolist() == colour.tolist()
    for levels in (grey, np.dstack([grey] * 3)):
        with pytest.raises(ColourMissing, match="no colour"):
            decode_colour(codec.encode_png(levels))


# ---- archives -------------------------------------------------------------------------


def make_zip(path, members, *, compression=zipfile.ZIP_STORED):
    with zipfile.ZipFile(path, "w", compression) as archive:
        for name, data in members:
            archive.writestr(name, data)
    return path


def read_all(path):
    """Return name -> content, or the error, of each photograph of one archive."""
    with open_sources([path]) as offered:
        found = {}
        for source in offered.sources:
            try:
                found[source.file_name] = source.read()
            except PhotoError as error:
                found[source.file_name] = error
        return found, offered


@pytest.mark.parametrize("compression", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
def test_photographs_come_out_as_they_went_in(tmp_path, compression):
    members = [("vertex/IMG_1.JPG", PHOTO), ("b.heic", b"b" * 9), ("notes.txt", b"")]
    members += [("a/", b""), ("__MACOSX/a/._1.jpg", b"x"), ("a/.DS_Store", b"x")]
    path = make_zip(tmp_path / "crown.zip", members, compression=compression)
    found, offered = read_all(path)
    assert found == {"IMG_1.JPG": PHOTO, "b.heic": b"b" * 9}
    assert (offered.skipped, offered.refused) == (1, ())
    assert [s.folder for s in offered.sources] == ["crown", "crown"]
    assert offered.sources[0].name == f"{path}: IMG_1.JPG"
    in_memory, others = sources.list_archive(path.read_bytes(), name="in/crown.zip")
    assert [one.read() for one in in_memory] == list(found.values())
    assert (in_memory[0].name, others) == ("in/crown.zip: IMG_1.JPG", 1)
    assert in_memory[0].folder == "crown"


def test_of_a_name_only_the_last_part_counts_and_nothing_is_written(tmp_path):
    names = ["../../up.jpg", "/etc/abs.jpg", "C:\\win\\back.jpg", "a/b/deep.jpg"]
    (tmp_path / "in").mkdir()
    path = make_zip(tmp_path / "in" / "slip.zip", [(name, PHOTO) for name in names])
    before = sorted(tmp_path.rglob("*"))
    found, _ = read_all(path)
    assert list(found) == ["up.jpg", "abs.jpg", "back.jpg", "deep.jpg"]
    assert sorted(tmp_path.rglob("*")) == before


def test_an_archive_in_an_archive_is_named_and_not_opened(tmp_path):
    """A polyglot is what its name says: nothing in its tail is looked at."""
    inner = make_zip(tmp_path / "inner", [("1.jpg", PHOTO)]).read_bytes()
    make_zip(tmp_path / "outer.zip", [("inner.zip", inner), ("2.jpg", PHOTO)])
    (tmp_path / "3.jpg").write_bytes(PHOTO + inner)
    found, _ = read_all(tmp_path)
    assert found["2.jpg"] == PHOTO
    assert "archive inside an archive" in str(found["inner.zip"])
    assert found["3.jpg"] == PHOTO + inner
    assert len(found) == 3


def test_a_bomb_is_refused_before_it_is_inflated(tmp_path, monkeypatch):
    deflated = zipfile.ZIP_DEFLATED
    bomb = make_zip(
        tmp_path / "a.zip", [("1.jpg", bytes(50_000_000))], compression=deflated
    )
    begin = time.monotonic()
    found, offered = read_all(bomb)
    assert found == {}
    assert "swells" in offered.refused[0].error
    assert time.monotonic() - begin < 2
    with zipfile.ZipFile(tmp_path / "mixed.zip", "w") as archive:
        archive.writestr("1.jpg", PHOTO * 200)
        archive.writestr("2.jpg", bytes(3_000_000), deflated)
    found, _ = read_all(tmp_path / "mixed.zip")
    assert found["1.jpg"] == PHOTO * 200
    assert isinstance(found["2.jpg"], PhotoTooLarge)
    monkeypatch.setattr(sources, "MAX_ENTRIES", 5)
    path = make_zip(tmp_path / "many.zip", [(f"{n}.jpg", b"x") for n in range(6)])
    assert "holds 6 files" in read_all(path)[1].refused[0].error


def test_members_that_lie_over_each_other_are_refused(tmp_path):
    """One deflated kernel, many names: the bomb that passes every limit of one member."""
    data = make_zip(tmp_path / "a.zip", [("1.jpg", PHOTO)]).read_bytes()
    at = data.index(b"PK\x01\x02")
    entry, end = data[at : data.index(b"PK\x05\x06")], data[data.index(b"PK\x05\x06") :]
    many = entry * 50
    end = end[:8] + struct.pack("<HHII", 50, 50, len(many), at) + end[20:]
    (tmp_path / "a.zip").write_bytes(data[:at] + many + end)
    found, offered = read_all(tmp_path / "a.zip")
    assert found == {}
    assert "over each other" in offered.refused[0].error


def patch_entry(path, offset, form, *values):
    """Write into the first entry of the table of contents, and the like local header."""
    data = bytearray(path.read_bytes())
    struct.pack_into(form, data, data.index(b"PK\x01\x02") + offset, *values)
    path.write_bytes(data)
    return read_all(path)


def test_a_member_of_another_size_than_it_says_is_refused(tmp_path):
    deflated = zipfile.ZIP_DEFLATED
    path = make_zip(tmp_path / "a.zip", [("1.jpg", PHOTO)], compression=deflated)
    found, _ = patch_entry(path, 24, "<I", 100)
    assert isinstance(found["1.jpg"], UnreadablePhoto)
    path = make_zip(tmp_path / "b.zip", [("1.jpg", PHOTO)])
    found, offered = patch_entry(path, 24, "<I", 4_000_000_000)
    assert found == {}
    assert "swells" in offered.refused[0].error


def test_links_locked_strange_and_damaged_members_are_refused_alone(tmp_path):
    link = zipfile.ZipInfo("link.jpg")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("damaged.jpg", PHOTO)
        archive.writestr(link, "/etc/passwd")
        archive.writestr("lzma.jpg", PHOTO, zipfile.ZIP_LZMA)
        archive.writestr("good.jpg", PHOTO[::-1])
    data = bytearray((tmp_path / "a.zip").read_bytes())
    data[2000] ^= 1
    (tmp_path / "a.zip").write_bytes(data)
    found, _ = read_all(tmp_path / "a.zip")
    for name, word in {"link": "link", "lzma": "packed", "damaged": "damaged"}.items():
        assert word in str(found[f"{name}.jpg"])
    assert found["good.jpg"] == PHOTO[::-1]
    found, _ = patch_entry(make_zip(tmp_path / "b.zip", [("1.jpg", PHOTO)]), 8, "<H", 1)
    assert "password" in str(found["1.jpg"])


@pytest.mark.parametrize("content", [b"", b"hello", b"PK\x05\x06" + bytes(10)])
def test_what_is_no_archive_is_said_in_one_sentence(tmp_path, content):
    (tmp_path / "a.zip").write_bytes(content)
    _, offered = read_all(tmp_path / "a.zip")
    assert offered.refused[0].error.startswith("The archive cannot be read: ")
    assert read_all(tmp_path / "gone.zip")[1].refused[0].error.endswith(".")
    with pytest.raises(sources.RefusedArchive, match="cannot be read"):
        sources.list_archive(content, name="a.zip")


def test_a_table_of_contents_that_fills_the_memory_is_not_read(tmp_path):
    """Its length stands in the last record; the file itself is sparse."""
    path = tmp_path / "a.zip"
    length = 2_000_000_000
    with path.open("wb") as file:
        file.truncate(length)
        file.seek(length)
        file.write(b"PK\x05\x06" + struct.pack("<HHHHIIH", 0, 0, 9, 9, length, 0, 0))
    begin = time.monotonic()
    assert "table of contents" in read_all(path)[1].refused[0].error
    assert time.monotonic() - begin < 2


def test_any_damage_anywhere_ends_in_a_sentence(tmp_path):
    """Bytes changed at random in table, headers and data: refused, or read as declared."""
    base = make_zip(tmp_path / "a.zip", [("1.jpg", PHOTO[:200]), ("2.jpg", b"2" * 50)])
    data, rng = base.read_bytes(), random.Random(2)
    for _ in range(300):
        broken = bytearray(data)
        for _ in range(rng.randint(1, 4)):
            broken[rng.randrange(len(broken))] = rng.randrange(256)
        base.write_bytes(broken[: rng.choice([len(broken)] * 3 + [rng.randrange(1, 400)])])
        found, _ = read_all(base)
        for result in found.values():
            assert isinstance(result, bytes | PhotoError)


# ---- a folder that is watched ---------------------------------------------------------


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


def test_what_the_library_does_not_know_is_new(library, folder):
    (folder / "copy.jpg").write_bytes((folder / "a.jpg").read_bytes())
    found = find_new_photos(library, folder)
    names = [one.name for one in found.sources.values()]
    assert names == ["a.jpg", os.path.join("temporal_left", "b.JPG")]
    assert (found.known, found.skipped, found.linked) == (0, 1, 0)
    digest, source = list(found.sources.items())[1]
    assert source.folder == "temporal_left"
    photo, new = import_photo(library, source.read(), name=source.file_name)
    assert (photo.digest, new) == (digest, True)
    again = find_new_photos(library, folder)
    assert (len(again.sources), again.known) == (1, 1)
    delete_photo(library, digest)
    assert find_new_photos(library, folder).known == 1, "deleted is not offered again"


def test_what_cannot_be_taken_is_told_and_no_link_leads_out(library, folder, make_small):
    outside = folder.parent / "outside"
    outside.mkdir()
    (outside / "secret.jpg").write_bytes(make_small(9))
    (folder / "link.jpg").symlink_to(outside / "secret.jpg")
    (folder / "dangling.jpg").symlink_to(outside / "nothing.jpg")
    (folder / "linked").symlink_to(outside)
    (folder / "inner.jpg").symlink_to(folder / "a.jpg")
    (folder / "c.jpg").write_bytes(b"nothing")
    os.mkfifo(folder / "pipe.jpg")
    found = find_new_photos(library, folder)
    assert (len(found.sources), found.linked) == (2, 2)
    assert [one.photo for one in found.refused] == ["c.jpg", "pipe.jpg"]
    assert all(one.error.endswith(".") for one in found.refused)


def test_a_file_that_became_a_link_is_not_read(library, folder, tmp_path):
    (tmp_path / "secret.jpg").write_bytes(b"secret")
    source = next(iter(find_new_photos(library, folder).sources.values()))
    (folder / "a.jpg").unlink()
    (folder / "a.jpg").symlink_to(tmp_path / "secret.jpg")
    with pytest.raises(PhotoError, match="link"):
        source.read()


def test_a_folder_is_remembered_for_its_subject(library, folder):
    for typed, told in (
        ("", "Type the folder"),
        (f"{folder}/gone", "There is no folder"),
        (f"{folder}/a.jpg", "is a file"),
        (f"{folder}/" + "n" * 300, "cannot be read"),
        ("a\0b", "cannot be read"),
    ):
        with pytest.raises(FolderError, match=told) as caught:
            set_watch_folder(library, "me", typed)
        assert str(caught.value).endswith(".")
        assert get_watch_folder(library, "me") == ""
    assert set_watch_folder(library, "me", f' "{folder}" ') == folder
    assert get_watch_folder(library, "me") == str(folder)
    assert get_watch_folder(library, "anna") == ""


def test_digests_may_be_remembered_and_progress_is_told(library, folder):
    asked, told = [], []

    def remember(path, size, changed_ns):
        asked.append(path)
        assert size == os.stat(path).st_size
        return find_digest(path, size, changed_ns)

    find_new_photos(
        library, folder, find_digest=remember, on_progress=lambda *state: told.append(state)
    )
    assert [os.path.basename(path) for path in asked] == ["a.jpg", "b.JPG"]
    assert told == [(0, 2), (1, 2)]
