"""Every row that is damaged, gone or put in is named, and none that is as it was."""

import datetime as dt
import sqlite3
from contextlib import closing

import numpy as np
import pytest

from hairtrack.records import (
    Measurement,
    Method,
    Photo,
    Subject,
    TakenFrom,
    View,
    ZoneMeasurement,
)
from hairtrack.store import Catalog, check_catalog, digest_of, editing

METHOD = Method(name="m", version="1")
FIRST, SECOND = digest_of(b"0"), digest_of(b"1")


def fill(catalog):
    for number in range(3):
        photo = Photo(
            digest=digest_of(f"{number}".encode()),
            subject="anna",
            visit=dt.date(2025, 3, 3 + number),
            view=View.VERTEX,
            taken_at=None,
            taken_from=TakenFrom.PERSON,
            width=10,
            height=10,
        )
        catalog.add_photo(photo)
        catalog.set_baseline(photo.digest)
        zone = {"visible_scalp": 0.25, "standard_error": 0.1, "area_px": 9}
        catalog.add_measurement(
            Measurement(
                photo=photo.digest,
                baseline=FIRST,
                view=View.VERTEX,
                method=METHOD,
                zones=tuple(ZoneMeasurement(zone=name, **zone) for name in ("a", "b")),
            )
        )
    editing.save_outline(catalog, SECOND, b"a picture")
    editing.save_subject(catalog, Subject(name="anna", started_at=dt.date(2025, 3, 1)))


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


def test_a_catalogue_as_it_was_written_has_no_faults(address):
    with Catalog.create(address) as catalog:
        assert check_catalog(catalog) == []
        fill(catalog)
        assert check_catalog(catalog) == []


@pytest.mark.parametrize(
    ("order", "where"),
    [
        ("UPDATE photos SET visit = '2025-03-04' WHERE visit = '2025-03-03'", "photos"),
        ("UPDATE photos SET note = 'x' WHERE visit = '2025-03-03'", "photos"),
        ("UPDATE photos SET deleted_at = '2025' WHERE visit = '2025-03-03'", "photos"),
        ("UPDATE photos SET width = 11 WHERE visit = '2025-03-03'", "photos"),
        ("UPDATE zones SET visible_scalp = 0.2500001 WHERE zone = 'b'", "measurements"),
        ("DELETE FROM zones WHERE measurement_id = 2 AND zone = 'b'", "measurements 2"),
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


def test_a_photo_that_is_gone_or_put_in_is_told_by_the_audit_table(catalog):
    row = f"FROM photos WHERE digest = '{SECOND}'"
    tamper(
        catalog,
        f"CREATE TEMP TABLE t AS SELECT * {row}",
        f"DELETE {row}",
        f"UPDATE t SET digest = '{'0' * 64}'",
        "INSERT INTO photos SELECT * FROM t",
    )
    kinds = [fault.kind for fault in check_catalog(catalog)]
    assert kinds.count("row unknown") == 1
    assert "row missing" in kinds


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
