"""Archives are read within limits, member by member, and never written out."""

import io
import random
import stat
import struct
import time
import zipfile

import pytest

from hairtrack.errors import PhotoError, PhotoTooLarge, UnreadablePhoto
from hairtrack.workflows import sources
from hairtrack.workflows.sources import open_sources

PHOTO = random.Random(1).randbytes(5000)


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
    path = make_zip(tmp_path / "crown.zip", members, compression=compression)
    found, offered = read_all(path)
    assert found == {"IMG_1.JPG": PHOTO, "b.heic": b"b" * 9}
    assert (offered.skipped, offered.refused) == (1, ())
    assert [s.folder for s in offered.sources] == ["crown", "crown"]
    assert offered.sources[0].name == f"{path}: IMG_1.JPG"


def test_of_a_name_only_the_last_part_counts_and_nothing_is_written(tmp_path):
    names = ["../../up.jpg", "/etc/abs.jpg", "C:\\win\\back.jpg", "a/b/deep.jpg"]
    (tmp_path / "in").mkdir()
    path = make_zip(tmp_path / "in" / "slip.zip", [(name, PHOTO) for name in names])
    before = sorted(tmp_path.rglob("*"))
    found, _ = read_all(path)
    assert list(found) == ["up.jpg", "abs.jpg", "back.jpg", "deep.jpg"]
    assert sorted(tmp_path.rglob("*")) == before


def test_folders_and_what_a_mac_adds_are_not_counted(tmp_path):
    members = [("a/", b""), ("__MACOSX/a/._1.jpg", b"x"), ("a/.DS_Store", b"x")]
    _, offered = read_all(make_zip(tmp_path / "a.zip", [*members, ("a/1.jpg", PHOTO)]))
    assert len(offered.sources) == 1
    assert offered.skipped == 0


def test_archives_in_folders_are_found_and_archives_in_archives_are_not_opened(tmp_path):
    inner = make_zip(tmp_path / "inner.zip", [("1.jpg", PHOTO)]).read_bytes()
    (tmp_path / "inner.zip").unlink()
    make_zip(tmp_path / "outer.zip", [("inner.zip", inner), ("2.jpg", PHOTO)])
    with open_sources([tmp_path]) as offered:
        assert [source.file_name for source in offered.sources] == ["2.jpg"]
        assert offered.skipped == 1


def test_a_bomb_is_refused_before_it_is_inflated(tmp_path):
    bomb = make_zip(
        tmp_path / "bomb.zip",
        [("1.jpg", bytes(50_000_000))],
        compression=zipfile.ZIP_DEFLATED,
    )
    begin = time.monotonic()
    found, offered = read_all(bomb)
    assert found == {}
    assert "swells" in offered.refused[0].reason
    assert time.monotonic() - begin < 2


def test_a_bomb_among_photographs_is_refused_alone(tmp_path):
    with zipfile.ZipFile(tmp_path / "mixed.zip", "w") as archive:
        archive.writestr("1.jpg", PHOTO * 200)
        archive.writestr("2.jpg", bytes(3_000_000), zipfile.ZIP_DEFLATED)
    found, _ = read_all(tmp_path / "mixed.zip")
    assert found["1.jpg"] == PHOTO * 200
    assert isinstance(found["2.jpg"], PhotoTooLarge)


def test_members_that_lie_over_each_other_are_refused(tmp_path):
    """One deflated kernel, many names: the bomb that passes every limit of one member."""
    make_zip(tmp_path / "a.zip", [("1.jpg", PHOTO)])
    data = (tmp_path / "a.zip").read_bytes()
    at = data.index(b"PK\x01\x02")
    entry, end = data[at : data.index(b"PK\x05\x06")], data[data.index(b"PK\x05\x06") :]
    many = entry * 50
    end = end[:8] + struct.pack("<HHII", 50, 50, len(many), at) + end[20:]
    (tmp_path / "a.zip").write_bytes(data[:at] + many + end)
    found, offered = read_all(tmp_path / "a.zip")
    assert found == {}
    assert "over each other" in offered.refused[0].reason


def patch_entry(path, offset, form, *values):
    """Write into the first entry of the table of contents, and the like local header."""
    data = bytearray(path.read_bytes())
    struct.pack_into(form, data, data.index(b"PK\x01\x02") + offset, *values)
    path.write_bytes(data)


def test_a_member_that_is_larger_than_it_says_ends_where_it_said(tmp_path):
    path = make_zip(
        tmp_path / "a.zip", [("1.jpg", PHOTO)], compression=zipfile.ZIP_DEFLATED
    )
    patch_entry(path, 24, "<I", 100)
    found, _ = read_all(path)
    assert isinstance(found["1.jpg"], UnreadablePhoto)


def test_a_member_that_says_it_is_huge_is_refused_unread(tmp_path):
    path = make_zip(tmp_path / "a.zip", [("1.jpg", PHOTO)])
    patch_entry(path, 24, "<I", 4_000_000_000)
    found, offered = read_all(path)
    assert found == {}
    assert "swells" in offered.refused[0].reason


def test_links_locked_and_strange_members_are_refused_alone(tmp_path):
    link = zipfile.ZipInfo("link.jpg")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr(link, "/etc/passwd")
        archive.writestr("lzma.jpg", PHOTO, zipfile.ZIP_LZMA)
        archive.writestr("good.jpg", PHOTO)
    make_zip(tmp_path / "locked.zip", [("1.jpg", PHOTO)])
    patch_entry(tmp_path / "locked.zip", 8, "<H", 1)
    found, _ = read_all(tmp_path / "a.zip")
    assert "link" in str(found["link.jpg"])
    assert "packed" in str(found["lzma.jpg"])
    assert found["good.jpg"] == PHOTO
    assert "password" in str(read_all(tmp_path / "locked.zip")[0]["1.jpg"])


def test_a_damaged_member_stops_no_other(tmp_path):
    path = make_zip(tmp_path / "a.zip", [("1.jpg", PHOTO), ("2.jpg", PHOTO[::-1])])
    data = bytearray(path.read_bytes())
    data[2000] ^= 1
    path.write_bytes(data)
    found, _ = read_all(path)
    assert "damaged" in str(found["1.jpg"])
    assert found["2.jpg"] == PHOTO[::-1]


@pytest.mark.parametrize("content", [b"", b"hello", b"PK\x05\x06" + bytes(10)])
def test_what_is_no_archive_is_said_in_one_sentence(tmp_path, content):
    (tmp_path / "a.zip").write_bytes(content)
    _, offered = read_all(tmp_path / "a.zip")
    assert offered.refused[0].reason.startswith("The archive cannot be read: ")
    assert read_all(tmp_path / "gone.zip")[1].refused[0].reason.endswith(".")


def test_too_many_names_are_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(sources, "MAX_ENTRIES", 5)
    path = make_zip(tmp_path / "a.zip", [(f"{n}.jpg", b"x") for n in range(6)])
    assert "holds 6 files" in read_all(path)[1].refused[0].reason


def test_a_table_of_contents_that_fills_the_memory_is_not_read(tmp_path):
    """Its length stands in the last record; the file itself is sparse."""
    path = tmp_path / "a.zip"
    length = 2_000_000_000
    with path.open("wb") as file:
        file.truncate(length)
        file.seek(length)
        file.write(b"PK\x05\x06" + struct.pack("<HHHHIIH", 0, 0, 9, 9, length, 0, 0))
    begin = time.monotonic()
    assert "table of contents" in read_all(path)[1].refused[0].reason
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


def test_an_image_that_is_an_archive_too_is_an_image(tmp_path):
    """A polyglot is what its name says: nothing in its tail is looked at."""
    tail = io.BytesIO()
    make_zip(tail, [("1.jpg", PHOTO)])
    (tmp_path / "a.jpg").write_bytes(PHOTO + tail.getvalue())
    found, _ = read_all(tmp_path / "a.jpg")
    assert list(found) == ["a.jpg"]


def test_an_archive_in_memory_is_listed_like_one_on_disk(tmp_path):
    file = io.BytesIO()
    make_zip(file, [("a/1.jpg", PHOTO), ("a/notes.txt", b"x"), ("__MACOSX/1.jpg", b"x")])
    (source,), others = sources.list_archive(file.getvalue(), name="in/vertex.zip")
    assert (source.file_name, source.folder, others) == ("1.jpg", "vertex", 1)
    assert source.name == "in/vertex.zip: 1.jpg"
    assert source.read() == PHOTO


def test_an_archive_in_memory_that_is_none_is_refused():
    with pytest.raises(sources.RefusedArchive, match="cannot be read"):
        sources.list_archive(b"no archive", name="a.zip")
