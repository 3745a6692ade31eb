"""A full disk, a disk that can only be read, and a damaged catalogue."""

import datetime as dt
import os
import shutil
import sqlite3
import subprocess
from contextlib import closing, contextmanager

import numpy as np
import pytest

from hairtrack.errors import LibraryError
from hairtrack.imaging import codec
from hairtrack.records import View
from hairtrack.store import Catalog, editing, migrations
from hairtrack.workflows import (
    Filing,
    Library,
    back_up,
    import_photo,
    progress,
    salvage,
    verify,
)
from hairtrack.workflows.editing import purge_photos, rename_subject, update_photo
from hairtrack.workflows.library import MAX_COPIES, erase, list_copies

posix = pytest.mark.skipif(os.name != "posix" or os.geteuid() != 0, reason="root mounts")


@contextmanager
def mounted(*arguments):
    done = subprocess.run(["mount", *arguments], capture_output=True)
    if done.returncode:
        pytest.skip(f"mounting is not allowed here: {done.stderr.decode().strip()}")
    try:
        yield
    finally:
        subprocess.run(["umount", arguments[-1]], check=True)


@pytest.fixture
def folder(small):
    """Return the folder of a library of six photographs that nobody has open."""
    small.close()
    return small.folder


def fill_up(disk):
    with open(disk / "ballast", "wb", buffering=0) as file:
        try:
            while True:
                file.write(bytes(4096))
        except OSError:
            pass
    assert shutil.disk_usage(disk).free == 0


@posix
@pytest.mark.parametrize("killed", [False, True])
def test_a_full_disk_can_be_read_and_erasing_frees_it(folder, tmp_path, make_small, killed):
    disk = tmp_path / "disk"
    disk.mkdir()
    noise = np.random.default_rng(0).integers(0, 255, (500, 500, 3), dtype=np.uint8)
    large = codec.encode_jpeg(noise, quality=95, taken_at=dt.datetime(2025, 3, 3))
    with Library.open(folder) as library:
        import_photo(library, large, filing=Filing(subject="anna"))
    with mounted("-t", "tmpfs", "-o", "size=3m", "tmpfs", disk):
        place = shutil.copytree(folder, disk / "library")
        if killed:  # what it wrote last is still in SQLite's log
            leave_a_log(place)
        fill_up(disk)
        with Library.open(place) as library:
            there = 6 if killed else 7
            assert len(library.catalog.photos()) == there
            assert progress(library) is not None
            assert verify(library).faults == ()
            assert back_up(library, tmp_path / "backup.zip").photos == 7
            with pytest.raises(LibraryError, match=r"disk of .* is full"):
                import_photo(library, make_small(9))
            assert erase(library, "anna").photos == 4
            assert library.catalog.subjects() == ["me"]
            assert verify(library).faults == ()
            assert shutil.disk_usage(disk).free > 0


def leave_a_log(place):
    """Delete a photograph as a process does that is killed before its end."""
    with Library.open(place) as library:
        editing.delete_photo(library.catalog, library.catalog.photos()[0].digest)
        path = library.catalog.path
        parts = [path, path.with_name(f"{path.name}-wal")]
        held = [part.read_bytes() for part in parts]
    for part, data in zip(parts, held, strict=True):
        part.write_bytes(data)


@posix
def test_a_library_that_can_only_be_read_is_viewed_verified_and_backed_up(
    folder, tmp_path, make_small
):
    with mounted("-o", "bind", folder, folder):
        subprocess.run(["mount", "-o", "remount,bind,ro", folder, folder], check=True)
        with Library.open(folder) as library:
            assert len(library.catalog.photos()) == 6
            assert verify(library).faults == ()
            assert back_up(library, tmp_path / "backup.zip").photos == 6
            for change in (
                lambda: import_photo(library, make_small(9)),
                lambda: editing.rename_subject(library.catalog, "anna", to="x"),
                lambda: erase(library, "anna"),
            ):
                with pytest.raises(LibraryError, match="can only be read"):
                    change()
            assert len(list(library.originals.names())) == 6


DAMAGES = {
    "zeroed": lambda data: data[:8192] + bytes(len(data) - 12288) + data[-4096:],
    "cut": lambda data: data[: len(data) // 2],
    "noise": lambda data: data[:4096] + b"\xa5" * 20000 + data[24096:],
    "no database": lambda data: b"\xff" * len(data),
    "empty": lambda data: b"",
}


@pytest.mark.parametrize("damage", [*DAMAGES, "lost row"])
def test_nothing_is_written_into_a_damaged_catalogue(folder, make_small, damage):
    path = folder / "catalog.sqlite"
    if damage == "lost row":
        with closing(sqlite3.connect(path)) as connection:
            connection.execute("DELETE FROM photos WHERE rowid = 3")
            connection.commit()
    else:
        path.write_bytes(DAMAGES[damage](path.read_bytes()))
    before, originals = path.read_bytes(), set((folder / "originals").rglob("*"))
    for change in (
        lambda library: import_photo(library, make_small(9)),
        lambda library: erase(library, "me"),
    ):
        refused = pytest.raises(LibraryError, match=r"salvage|incomplete")
        with refused, Library.open(folder) as library:
            change(library)
    assert path.read_bytes() == before
    assert set((folder / "originals").rglob("*")) == originals


def test_a_library_is_salvaged_from_a_copy_and_the_records(small, tmp_path, make_small):
    """The copy is of this morning; a photograph of noon has only its record."""
    small.renew_copies()
    filing = Filing(subject="anna", view=View.OCCIPITAL, date=dt.date(2025, 4, 1))
    noon, _ = import_photo(small, make_small(9), filing=filing)
    expected = small.catalog.photos()
    small.close()
    small.catalog.path.write_bytes(b"\xff" * 9000)
    done = salvage(small.folder, tmp_path / "new")
    assert (done.photos, done.recorded) == (7, (noon.digest,))
    assert (done.unfiled, done.lost) == ((), ())
    with Library.open(tmp_path / "new") as library:
        assert library.catalog.photos() == expected
        assert verify(library).faults == ()
    assert small.catalog.path.read_bytes() == b"\xff" * 9000


def test_a_library_without_any_copy_is_salvaged_from_its_records(small, tmp_path):
    first, second, lost, *_ = small.catalog.photos()
    update_photo(small, first.digest, view=View.MIDLINE, note="told to nobody")
    rename_subject(small, "anna", to="S-01")
    expected = {p.digest: (p.subject, p.visit, p.view) for p in small.catalog.photos()}
    small.close()
    for gone in ("catalog.sqlite", "hairtrack-library.json"):
        (small.folder / gone).unlink()
    shutil.rmtree(small.folder / "catalog-copies", ignore_errors=True)
    small.originals.path(second.digest).with_suffix(".json").unlink()
    small.originals.path(lost.digest).write_bytes(b"")
    expected[second.digest] = ("salvaged", second.visit, View.VERTEX)
    del expected[lost.digest]
    done = salvage(small.folder, tmp_path / "new")
    assert (done.photos, done.unfiled, done.lost) == (5, (second.digest,), (lost.digest,))
    with Library.open(tmp_path / "new") as library:
        found = {p.digest: (p.subject, p.visit, p.view) for p in library.catalog.photos()}
        assert found == expected
        assert verify(library).faults == ()


def list_days(folder):
    return [path.stem for path in list_copies(folder)]


@pytest.fixture
def set_day(monkeypatch):
    """Return a function that lets the program think it is another day of 2026."""

    def set_day(month, day):
        today = dt.date(2026, month, day)
        monkeypatch.setattr(dt, "date", type("Date", (dt.date,), {"today": lambda: today}))

    return set_day


def test_the_catalogue_is_copied_once_a_day_of_use(tmp_path, make_small, set_day):
    """A new library when it is closed, another one before the first work of a day."""
    folder = tmp_path / "library"
    set_day(1, 1)
    with Library.create(folder) as library:
        pass
    assert list_days(folder) == []  # nothing to lose yet
    for day in range(1, 7):
        set_day(1, day)
        for number in range(2):
            with Library.create(folder) as library:
                import_photo(library, make_small(2 * day + number))
        (folder / "catalog-copies" / ".incoming-killed").touch()
    assert list_days(folder) == ["2026-01-06", "2026-01-05", "2026-01-04"][:MAX_COPIES]
    photos = []
    for copy in list_copies(folder):
        with Catalog.open(copy) as catalog:
            photos.append(len(catalog.photos()))
    assert photos == [10, 8, 6]
    set_day(1, 7)
    Library.open(folder).close()
    assert len([*(folder / "catalog-copies").iterdir()]) == MAX_COPIES


def test_the_catalogue_is_copied_before_its_tables_are_changed(folder, monkeypatch):
    """In place of the copy of this day, which knows less."""
    Library.open(folder).close()
    with Library.open(folder) as library:
        editing.rename_subject(library.catalog, "anna", to="S-01")
    with closing(sqlite3.connect(folder / "catalog.sqlite")) as connection:
        connection.execute("UPDATE alembic_version SET version_num = 'earlier'")
        connection.commit()
    monkeypatch.setattr(migrations, "check_revision", lambda *_: None)
    monkeypatch.setattr(migrations, "upgrade", lambda _: pytest.fail("stopped here"))
    with pytest.raises(pytest.fail.Exception):
        Library.open(folder)
    (copy,) = list_copies(folder)
    with closing(sqlite3.connect(copy)) as connection:
        names = connection.execute("SELECT name FROM subjects ORDER BY name").fetchall()
        assert names == [("S-01",), ("me",)]
        assert connection.execute("SELECT * FROM alembic_version").fetchone() == (
            "earlier",
        )


@pytest.mark.parametrize("how", ["erased", "purged", "renamed"])
def test_no_copy_and_no_record_tells_of_who_is_gone(small, how):
    small.renew_copies()
    if how == "erased":
        erase(small, "anna")
    elif how == "renamed":
        rename_subject(small, "anna", to="S-01")
    else:
        for photo in small.catalog.photos(subject="anna"):
            editing.delete_photo(small.catalog, photo.digest)
        purge_photos(small, days=0)
    places = [*(small.folder / "catalog-copies").iterdir()]
    places += (small.folder / "originals").rglob("*.json")
    told = b"".join(place.read_bytes() for place in places)
    assert (b"note 1" if how == "purged" else b"anna") not in told
    assert len(list_copies(small.folder)) == 1
