"""Changes of the tables after the first release, made by Alembic.

A revision goes into `versions` (``alembic revision`` writes its frame), and its name
into `schema.REVISION`. SQLite cannot alter a constraint: use ``batch_alter_table``.

References
----------
https://alembic.sqlalchemy.org/en/latest/cookbook.html#sharing-a-connection-across-one-or-more-programmatic-migration-commands
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import sqlalchemy as sa

from hairtrack.errors import LibraryError
from hairtrack.messages import Message
from hairtrack.store.schema import METADATA, REVISION

if TYPE_CHECKING:
    from alembic.config import Config

INCOMPLETE = Message(
    "The catalogue of this library is incomplete; restore a backup, or rebuild the library "
    "with `hairtrack salvage`."
)
UNRELEASED = ("r0001", "r0002", "r0003", "0001")
"""Tables of versions before the first release; nothing leads from them to the present."""


def create_tables(connection: sa.Connection) -> None:
    """Make the tables of a new catalogue."""
    from alembic import command

    METADATA.create_all(connection)
    command.stamp(_config(connection), REVISION)


def read_revision(connection: sa.Connection) -> str | None:
    """Return the name of the tables that are there, `None` where there are none."""
    names = sa.inspect(connection).get_table_names()
    if "library" not in names:
        return None
    if "alembic_version" not in names:
        return UNRELEASED[0]
    return connection.execute(sa.text("SELECT version_num FROM alembic_version")).scalar()


def check_revision(connection: sa.Connection, found: str | None) -> None:
    """Refuse tables that no revision leads to the present ones from.

    Raises
    ------
    LibraryError
        They are not complete, or of a newer or an unreleased hairtrack.
    """
    if found == REVISION:
        return
    if found is None:
        raise LibraryError(INCOMPLETE)
    if found in UNRELEASED:
        raise LibraryError(
            "This library was made by a version of hairtrack before the first release, "
            "and this version cannot read it. Export each subject with that version "
            "(`hairtrack export`) and import the photographs into a new library."
        )
    if found not in _known_revisions(connection):
        raise LibraryError(
            "This library was made by a newer hairtrack (its tables have version "
            "{found}, this program knows {schema_version}); update hairtrack.",
            found=found,
            schema_version=REVISION,
        )


def upgrade(connection: sa.Connection) -> None:
    """Run the revisions that are missing, in the transaction of the caller."""
    from alembic import command

    command.upgrade(_config(connection), REVISION)


def _known_revisions(connection: sa.Connection) -> set[str]:
    from alembic.script import ScriptDirectory

    script = ScriptDirectory.from_config(_config(connection))
    return {one.revision for one in script.walk_revisions()}


def _config(connection: sa.Connection) -> Config:
    from alembic.config import Config

    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    return config
