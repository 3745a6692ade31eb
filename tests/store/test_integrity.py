"""Every row that is damaged, gone or put in is named, and none that is as it was."""

import random
import shutil
import sqlite3
from contextlib import closing

import numpy as np
import pytest
from factories import fill_course, make_measurement, make_photo

from hairtrack.course.entries import Session, Treatment
from hairtrack.errors import LibraryError
from hairtrack.records import Subject
from hairtrack.store import Catalog, Courses, check_catalog, digest_of, editing

FIRST, SECOND = digest_of(b"0"), digest_of(b"1")


def fill(catalog):
    first = make_photo("0")
    for number in range(3):
        photo = make_photo(f"{number}", day=3 + number)
        catalog.add_photo(photo)
        catalog.set_baseline(photo.digest)
        catalog.add_measurement(make_measurement(photo, first))
    editing.save_outline(catalog, SECOND, b"a picture")
    editing.save_subject(catalog, Subject(name="anna", started_at=first.visit))


@pytest.fixture
def catalog(tmp_path):
    with Catalog.create(tmp_path / "catalog.sqlite") as catalog:
        fill(catalog)
        yield catalog


def tamper(catalog, *orders):
    """Change rows behind the catalogue's back, as a fault of the disk would."""
    with closing(sqlite3.connect(catalog.path)) as connection:
        connection.execute("PRAGMA ignore_check_constraints = ON")
        for order in orders:
            connection.execute(order)
        connection.commit()


@pytest.mark.parametrize(
    ("order", "where"),
    [
        ("UPDATE photos SET visit = '2025-03-04' WHERE visit = '2025-03-03'", "photos"),
        ("UPDATE photos SET note = 'x' WHERE visit = '2025-03-03'", "photos"),
        ("UPDATE photos SET deleted_at = '2025' WHERE visit = '2025-03-03'", "photos"),
        ("UPDATE photos SET width = 11 WHERE visit = '2025-03-03'", "photos"),
        ("UPDATE measurements SET zones = replace(zones, '0.25', '0.251')", "measurements"),
        ("UPDATE measurements SET refused = '\"no\"' WHERE id = 3", "measurements 3"),
        ("UPDATE measurements SET quality = 'broken' WHERE id = 3", "measurements"),
        ("UPDATE visits SET date = 'broken' WHERE date = '2025-03-05'", "visits"),
        ("UPDATE subjects SET started_at = '2025-03-02'", "subjects"),
        ("UPDATE baselines SET chosen_at = ''", "baselines"),
        ("UPDATE outlines SET region = x'00'", "outlines"),
        ("UPDATE methods SET version = '2'", "methods"),
        ("UPDATE audit SET action = 'photo purged' WHERE id = 2", "audit 2"),
        ("UPDATE library SET created_at = ''", "library"),
    ],
)
def test_a_damaged_row_is_named(catalog, order, where):
    tamper(catalog, order)
    faults = check_catalog(catalog)
    assert {f.where.startswith(where) for f in faults if f.kind == "row damaged"} == {True}
    assert all("anna" not in fault.sentence + fault.where for fault in faults)


def test_all_faults_are_listed(catalog):
    tamper(catalog, "UPDATE photos SET note = 'x'", "UPDATE measurements SET view = 'x'")
    assert len(check_catalog(catalog)) == 6


def test_100_of_100_losses_and_edits_in_any_table_are_found(catalog, tmp_path):
    """Rows lost or changed behind the catalogue's back, its own sums included."""
    fill_course(Courses(catalog))
    Courses(catalog).save_clinic_file("[sources]")
    catalog.database.scrub()
    names = "SELECT name FROM sqlite_master WHERE type = 'table'"
    with closing(sqlite3.connect(catalog.path)) as connection:
        tables = [name for (name,) in connection.execute(names)]
        rows = [
            (t, n) for t in tables for (n,) in connection.execute(f"SELECT rowid FROM {t}")
        ]
    assert {table for table, _ in rows} == set(tables)
    chance = random.Random(7)
    for number in range(100):
        path = tmp_path / f"{number}.sqlite"
        shutil.copy(catalog.path, path)
        injected = inject(path, *chance.choice(rows), chance)
        assert is_found(path), injected


def inject(path, table, row, chance):
    """Delete a row, or change one of its values; return what was done."""
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA ignore_check_constraints = ON")
        columns = [
            name for _, name, *_ in connection.execute(f"PRAGMA table_info({table})")
        ]
        column = f'"{chance.choice(columns)}"'
        (old,) = connection.execute(
            f"SELECT {column} FROM {table} WHERE rowid = ?", (row,)
        ).fetchone()
        new = {str: "x", bytes: b"x", type(None): "x"}.get(type(old), 1000)
        if chance.random() < 0.5:
            connection.execute(f"DELETE FROM {table} WHERE rowid = ?", (row,))
            column = "lost"
        else:
            order = f"UPDATE {table} SET {column} = ? WHERE rowid = ?"
            connection.execute(order, (new if old is None else old + new, row))
        connection.commit()
    return table, row, column, old


def is_found(path):
    try:
        with Catalog.open(path) as catalog:
            return bool(check_catalog(catalog))
    except LibraryError:
        return True


def test_a_row_of_yesterday_in_place_of_todays_is_found(catalog):
    row = f"FROM photos WHERE digest = '{SECOND}'"
    tamper(catalog, f"CREATE TABLE yesterday AS SELECT * {row}")
    editing.delete_photo(catalog, SECOND)
    assert check_catalog(catalog) == []
    orders = f"DELETE {row}", "INSERT INTO photos SELECT * FROM yesterday"
    tamper(catalog, *orders, "DROP TABLE yesterday")
    assert [fault.kind for fault in check_catalog(catalog)] == ["row replaced"]


def test_no_false_alarm_after_any_change(address):
    with Catalog.create(address) as catalog:
        assert check_catalog(catalog) == []
        fill(catalog)
        courses = Courses(catalog)
        for subject in ("anna", "berta"):
            fill_course(courses, subject=subject)
        assert check_catalog(catalog) == []
        editing.rename_subject(catalog, "berta", to="S-02")
        editing.save_photo(catalog, make_photo("2", day=9, subject="S-02"))
        courses.remove(*courses.entries(Treatment, subject="anna"))
        editing.delete_photo(catalog, FIRST)
        editing.purge_photos(catalog, [FIRST])
        assert check_catalog(catalog) == []
        assert courses.entries(Session, subject="anna") == []
        editing.erase_subject(catalog, "anna")
        courses.save_clinic_file("")
        assert check_catalog(catalog) == []


def test_flipped_bits_in_the_file_are_noticed(catalog, tmp_path):
    """SQLite's own check misses such bits in values; every one here must show.

    Bits are flipped in the bytes of values: of digests, dates and names.
    """
    catalog.database.scrub()
    data = catalog.path.read_bytes()
    rng = np.random.default_rng(3)
    for number in range(12):
        word = [FIRST, "2025-03-04", "anna", SECOND][number % 4].encode()
        place = data.rindex(word) + int(rng.integers(len(word)))
        broken = bytearray(data)
        broken[place] ^= 1 << int(rng.integers(3))
        path = tmp_path / f"{number}.sqlite"
        path.write_bytes(broken)
        with Catalog.open(path) as other:
            assert check_catalog(other)


def test_a_database_that_is_no_database_any_more_is_a_fault_and_no_crash(catalog):
    catalog.database.scrub()
    data = bytearray(catalog.path.read_bytes())
    data[5000 : len(data) - 5000 : 7] = b"\xff" * len(data[5000 : len(data) - 5000 : 7])
    catalog.path.write_bytes(data)
    assert check_catalog(catalog)
