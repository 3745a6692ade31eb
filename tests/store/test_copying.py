"""A copy of the catalogue is whole though others write, and holds one moment."""

import datetime as dt
import sqlite3
import threading

import pytest

from hairtrack.errors import LibraryError
from hairtrack.records import Photo, TakenFrom, View
from hairtrack.store import Catalog, digest_of
from hairtrack.store.copying import all_photos, copy_catalog, subject_rows


@pytest.fixture
def catalog(tmp_path):
    with Catalog.create(tmp_path / "catalog.sqlite") as catalog:
        for number in range(5):
            add(catalog, number)
        yield catalog


def add(catalog, number):
    photo = Photo(
        digest=digest_of(str(number).encode()),
        subject="anna" if number % 2 else "me",
        visit=dt.date(2025, 3, 3),
        view=View.VERTEX,
        taken_at=None,
        taken_from=TakenFrom.PERSON,
        width=10,
        height=10,
    )
    catalog.add_photo(photo)


def test_a_copy_made_while_another_writes_is_one_moment(catalog, tmp_path):
    stop = threading.Event()

    def write():
        number = 5
        while not stop.is_set():
            add(catalog, number)
            number += 1

    writer = threading.Thread(target=write)
    writer.start()
    try:
        for number in range(5):
            copy_catalog(catalog, tmp_path / f"{number}.sqlite")
    finally:
        stop.set()
        writer.join()
    live = [repr(photo) for photo in all_photos(catalog)]
    for number in range(5):
        with Catalog.open(tmp_path / f"{number}.sqlite") as copy:
            photos = [repr(photo) for photo in all_photos(copy)]
            assert copy.library_id == catalog.library_id
        assert len(photos) >= 5
        assert set(photos) <= set(live)


def test_a_copy_is_one_private_file_and_replaces_none(catalog, tmp_path):
    copy_catalog(catalog, tmp_path / "copy")
    assert oct((tmp_path / "copy").stat().st_mode & 0o777) == "0o600"
    assert not list(tmp_path.glob("copy-*"))
    with pytest.raises(FileExistsError):
        copy_catalog(catalog, tmp_path / "copy")


def test_a_damaged_catalogue_is_not_copied_in_silence(catalog, tmp_path):
    catalog.close()
    with sqlite3.connect(catalog.path) as raw:
        raw.execute("PRAGMA wal_checkpoint(TRUNCATE)").close()
        size = raw.execute("PRAGMA page_size").fetchone()[0]
    raw.close()
    data = bytearray(catalog.path.read_bytes())
    for page in range(2, len(data) // size):
        data[page * size : page * size + 100] = bytes(100)
    catalog.path.write_bytes(data)
    with pytest.raises(LibraryError, match=r"damaged|cannot be copied"):
        copy_catalog(catalog, tmp_path / "copy")


def test_rows_of_one_subject_only(catalog):
    rows = subject_rows(catalog, "anna")
    assert [row["name"] for row in rows["subjects"]] == ["anna"]
    assert {row["digest"] for row in rows["photos"]} == {
        photo.digest for photo in catalog.photos(subject="anna")
    }
    assert all(
        type(value) in (str, int, float, type(None)) for value in rows["photos"][0].values()
    )
    assert subject_rows(catalog, "nobody")["subjects"] == []
