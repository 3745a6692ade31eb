"""Every form of the tables becomes the next, and the one before, with all that is in it."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from hairtrack.errors import LibraryError
from hairtrack.records import HairState, TakenFrom, View
from hairtrack.store import (
    Catalog,
    check_catalog,
    check_log,
    digest_of,
    editing,
    migrations,
    schema,
)
from hairtrack.store.database import Database
from hairtrack.store.migrations.versions import r0001_first as first

DUMP = (Path(__file__).parent / "data" / "first_version.sql").read_text(encoding="utf-8")
"""Of a catalogue that the first released version wrote: all it had a place for."""

FIRST, LATER = digest_of(b"first"), digest_of(b"later")


@pytest.fixture
def old(tmp_path):
    """Return the file of a catalogue of the first version."""
    path = tmp_path / "catalog.sqlite"
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(DUMP)
    return path


def read_all(database, metadata):
    with database.reading() as connection:
        return {
            table.name: sorted(map(repr, connection.execute(sa.select(table))))
            for table in metadata.sorted_tables
            if table.name != "library"
        }


def test_opening_a_catalogue_of_the_first_version_loses_nothing(old):
    database = Database(old)
    before = read_all(database, first.METADATA)
    database.close()
    with Catalog.open(old) as catalog:
        assert read_all(catalog.database, first.METADATA) == before
        assert f"'{catalog.library_id}'" in DUMP
        assert check_catalog(catalog) == []
        assert check_log(catalog) == []


def test_what_the_first_version_wrote_is_read_as_it_was_meant(old):
    with Catalog.open(old) as catalog:
        photo = catalog.photo(FIRST)
        assert photo.hair_state is HairState.WET
        assert photo.note == "after washing; it's at home"
        assert photo.taken_at.isoformat() == "2025-03-03T12:00:00+02:00"
        assert [str(v.date) for v in catalog.visits(subject="me")] == [
            "2025-03-03",
            "2025-03-09",
        ]
        assert catalog.baselines()["me", View.VERTEX] == FIRST
        results = catalog.results(method="shade 1 cv2=5.0.0")
        assert results[LATER].zone("scalp").visible_scalp == 0.25
        assert results[LATER].registration.matrix[0][2] == 2.5
        refused = results[digest_of(b"same")]
        assert refused.refused == "No head was found."
        assert catalog.photo(refused.photo).taken_from is TakenFrom.FILE_NAME
        assert catalog.latest_method().version == "2"


def test_the_tables_are_those_that_the_program_knows(address):
    with Catalog.create(address) as catalog, catalog.database.reading() as connection:
        context = MigrationContext.configure(connection)
        assert compare_metadata(context, schema.METADATA) == []


def test_a_database_knows_its_form(address):
    with Catalog.create(address) as catalog, catalog.database.reading() as connection:
        found = connection.execute(sa.select(schema.library.c.schema_version)).scalar()
        newest = migrations._script().get_current_head()
        form = MigrationContext.configure(connection).get_current_revision()
    assert found == schema.SCHEMA_VERSION == int(newest.removeprefix("r"))
    assert form == newest


def test_down_and_up_again_keeps_what_the_first_version_has_a_place_for(old):
    with Catalog.open(old) as catalog:
        editing.delete_photo(catalog, FIRST)
        editing.save_outline(catalog, LATER, b"a picture")
        before = read_all(catalog.database, first.METADATA)
        with catalog.database.writing() as connection:
            migrations.downgrade(connection, revision="r0001")
        assert read_all(catalog.database, first.METADATA) == before
        with catalog.database.reading() as connection:
            left = set(sa.inspect(connection).get_table_names())
        assert left == {*first.METADATA.tables, "alembic_version"}
    with Catalog.open(old) as catalog:
        assert catalog.photo(FIRST).deleted_at is None
        assert len(catalog.photos()) == 4
        assert check_catalog(catalog) == check_log(catalog) == []


def test_up_and_down_on_a_server(postgres):
    with Catalog.create(postgres) as catalog:
        for revision in ("r0001", "base"):
            with catalog.database.writing() as connection:
                migrations.downgrade(connection, revision=revision)
        with catalog.database.writing() as connection:
            migrations.upgrade(connection)
        with catalog.database.reading() as connection:
            context = MigrationContext.configure(connection)
            assert compare_metadata(context, schema.METADATA) == []


def test_a_step_that_fails_leaves_the_old_form(old):
    """A broken row of old: the whole step is undone, and the sentence says so."""
    with closing(sqlite3.connect(old)) as connection:
        connection.execute("PRAGMA ignore_check_constraints = ON")
        connection.execute(
            "UPDATE photos SET view = 'from above' WHERE digest = ?", (LATER,)
        )
        connection.commit()
    with pytest.raises(sa.exc.IntegrityError):
        Catalog.open(old)
    with closing(sqlite3.connect(old)) as connection:
        assert connection.execute("SELECT schema_version FROM library").fetchone() == (1,)
        assert connection.execute("SELECT count(*) FROM photos").fetchone() == (4,)


def test_a_form_of_a_newer_program_is_refused(old):
    with closing(sqlite3.connect(old)) as connection:
        newer = schema.SCHEMA_VERSION + 1
        connection.execute(f"UPDATE library SET schema_version = {newer}")
        connection.commit()
    with pytest.raises(LibraryError, match="made by a newer hairtrack"):
        Catalog.open(old)
