"""The settings that durability rests on, writers that wait their turn, plain errors."""

import sqlite3
from concurrent.futures import ProcessPoolExecutor
from contextlib import closing
from multiprocessing import get_context

import pytest
import sqlalchemy as sa
from factories import make_photo

from hairtrack.errors import LibraryError
from hairtrack.store import Catalog, check_catalog
from hairtrack.store.database import Database, is_server

PROCESSES, EACH = 8, 5


def test_settings_of_a_file(tmp_path):
    database = Database.make(tmp_path / "a.sqlite")
    with database.reading() as connection:
        found = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys", "secure_delete")
        }
    database.close()
    full = 2
    assert found.pop("synchronous") == full
    assert found == {"journal_mode": "wal", "foreign_keys": 1, "secure_delete": 1}


def test_a_server_commits_to_disk_and_reads_one_state(postgres):
    database = Database(postgres)
    with database.reading() as connection:
        told = {
            name: connection.exec_driver_sql(f"SHOW {name}").scalar()
            for name in ("transaction_isolation", "transaction_read_only")
        }
        assert connection.exec_driver_sql("SHOW synchronous_commit").scalar() == "on"
    database.close()
    assert told == {
        "transaction_isolation": "repeatable read",
        "transaction_read_only": "on",
    }


def test_libraries_in_one_database_do_not_see_each_other(postgres):
    assert is_server(postgres)
    with Catalog.create(postgres) as one, Catalog.create(postgres) as other:
        assert one.address != other.address
        assert one.library_id != other.library_id
        with Catalog.open(one.address) as again:
            assert again.library_id == one.library_id
        with pytest.raises(LibraryError, match="pg_dump"):
            _ = one.path


def test_a_server_that_is_not_there_is_one_plain_sentence(tmp_path):
    pytest.importorskip("psycopg")
    with pytest.raises(LibraryError, match="cannot be used") as told:
        Catalog.open(f"postgresql:///none?host={tmp_path}")
    assert "\n" not in str(told.value)
    with pytest.raises(LibraryError, match="pgpass"):  # a password is not kept
        Database("postgresql://me:secret@host/name")


def test_a_broken_rule_is_a_bug_and_no_trouble_with_the_library(tmp_path):
    database = Database.make(tmp_path / "a.sqlite")
    with database.writing() as connection:
        connection.exec_driver_sql("CREATE TABLE a (x UNIQUE)")
        connection.exec_driver_sql("INSERT INTO a VALUES (1)")
    with pytest.raises(sa.exc.IntegrityError), database.writing() as connection:
        connection.exec_driver_sql("INSERT INTO a VALUES (1)")
    database.close()


def write_some(job):
    """Add photographs from a process of its own; return what went wrong, if anything."""
    address, writer = job
    try:
        with Catalog.open(address) as catalog:
            for number in range(EACH):
                subject = f"subject {number}"
                catalog.add_photo(make_photo(f"{writer} {number}", subject=subject))
    except LibraryError as error:
        return str(error)


def test_processes_that_write_at_once_wait_for_each_other(address):
    """Deferred transactions under eight writers mostly end as "locked"."""
    with Catalog.create(address) as catalog:
        jobs = [(catalog.address, number) for number in range(PROCESSES)]
        with ProcessPoolExecutor(PROCESSES, get_context("fork")) as pool:
            faults = list(pool.map(write_some, jobs))
        assert faults == [None] * PROCESSES
        assert len(catalog.photos()) == PROCESSES * EACH
        assert check_catalog(catalog) == []


def test_scrubbing_removes_what_deleted_rows_left_or_says_who_is_in_the_way(tmp_path):
    path = tmp_path / "a.sqlite"
    secret = b"a very private sentence"
    database = Database.make(path)
    with database.writing() as connection:
        connection.exec_driver_sql("CREATE TABLE a (x)")
        connection.exec_driver_sql("INSERT INTO a VALUES (?)", (secret.decode(),))
    files = [path, path.with_name("a.sqlite-wal")]
    assert any(secret in file.read_bytes() for file in files)
    with closing(sqlite3.connect(path, isolation_level=None)) as reader:
        reader.execute("BEGIN").close()
        reader.execute("SELECT * FROM a").fetchall()
        assert not database.scrub()
        reader.execute("COMMIT").close()
    with database.writing() as connection:
        connection.exec_driver_sql("DELETE FROM a")
    assert database.scrub()
    assert not any(secret in file.read_bytes() for file in files if file.exists())
    database.close()


@pytest.fixture
def filled(tmp_path):
    with Catalog.create(tmp_path / "catalog.sqlite") as catalog:
        for number in range(5):
            catalog.add_photo(make_photo(f"{number}"))
        yield catalog


def test_a_copy_is_one_private_file_and_replaces_none(filled, tmp_path):
    filled.database.copy_to(tmp_path / "copy")
    assert oct((tmp_path / "copy").stat().st_mode & 0o777) == "0o600"
    assert not list(tmp_path.glob("copy-*"))
    with pytest.raises(FileExistsError):
        filled.database.copy_to(tmp_path / "copy")


def test_a_damaged_catalogue_is_not_copied_in_silence(filled, tmp_path):
    filled.close()
    with sqlite3.connect(filled.path) as raw:
        raw.execute("PRAGMA wal_checkpoint(TRUNCATE)").close()
        size = raw.execute("PRAGMA page_size").fetchone()[0]
    raw.close()
    data = bytearray(filled.path.read_bytes())
    for page in range(2, len(data) // size):
        data[page * size : page * size + 100] = bytes(100)
    filled.path.write_bytes(data)
    with pytest.raises(LibraryError, match=r"damaged|cannot be copied"):
        filled.database.copy_to(tmp_path / "copy")
