"""A new library has the tables of today; Alembic leads to those of tomorrow."""

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from hairtrack.errors import LibraryError
from hairtrack.store import Catalog, check_catalog, migrations, schema

NEXT = """
import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade():
    op.add_column("visits", sa.Column("weather", sa.String))
"""


@pytest.fixture
def path(tmp_path):
    path = tmp_path / "catalog.sqlite"
    Catalog.create(path).close()
    return path


def test_the_tables_are_those_that_the_program_knows(address):
    with Catalog.create(address) as catalog, catalog.database.reading() as connection:
        context = MigrationContext.configure(connection)
        assert compare_metadata(context, schema.METADATA) == []
        assert context.get_current_revision() == schema.REVISION
    script = ScriptDirectory(str(Path(migrations.__file__).parent))
    assert script.get_heads() == [schema.REVISION]


NAME_IT = "UPDATE alembic_version SET version_num = '{}'"


@pytest.mark.parametrize(
    ("order", "match"),
    [
        (NAME_IT.format("0099"), r"newer hairtrack.*0099.*update"),
        (NAME_IT.format("r0003"), "before the first release"),
        ("DROP TABLE alembic_version", "before the first release"),
        ("DELETE FROM library", "incomplete"),
    ],
)
def test_tables_of_another_version_are_refused_and_left_alone(path, order, match):
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(order)
        connection.commit()
    before = path.read_bytes()
    with pytest.raises(LibraryError, match=match):
        Catalog.open(path)
    if "version_num" in order:
        with pytest.raises(LibraryError, match=match):
            Catalog.create(path)
    assert path.read_bytes() == before


@pytest.fixture
def tomorrow(tmp_path, monkeypatch):
    """Let the program know one revision more."""
    folder = tmp_path / "migrations"
    shutil.copytree(Path(migrations.__file__).parent, folder)
    (folder / "versions" / "weather.py").write_text(NEXT)
    monkeypatch.setattr(migrations, "__file__", str(folder / "__init__.py"))
    monkeypatch.setattr(migrations, "REVISION", "0003")
    monkeypatch.setattr(schema, "REVISION", "0003")
    return folder


def test_an_older_library_is_brought_up_to_date_when_it_is_opened(path, tomorrow):
    for _ in range(2):
        with Catalog.open(path) as catalog, catalog.database.reading() as connection:
            assert migrations.read_revision(connection) == "0003"
            connection.exec_driver_sql("SELECT weather FROM visits")
            assert check_catalog(catalog) == []


def test_a_revision_that_fails_leaves_the_library_as_it_was(path, tomorrow):
    broken = NEXT + "    raise RuntimeError\n"
    (tomorrow / "versions" / "weather.py").write_text(broken)
    with pytest.raises(RuntimeError):
        Catalog.open(path)
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("SELECT * FROM alembic_version").fetchall() == [("0002",)]
        with pytest.raises(sqlite3.OperationalError, match="weather"):
            connection.execute("SELECT weather FROM visits")
