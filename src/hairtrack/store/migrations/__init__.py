"""Steps from one form of the tables to the next, run by Alembic.

Each step holds the tables as they were and as they became, written out, so
that it does the same for ever. Steps run inside one transaction that holds the
write lock: a library is wholly in one form or wholly in the next.
"""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa

FIRST = "r0001"
"""What the first released version made; its libraries do not name their form."""


def upgrade(connection: sa.Connection, *, revision: str = "head") -> None:
    """Bring the tables up to a form, from whatever earlier one they are in.

    Parameters
    ----------
    connection : sa.Connection
        In a writing transaction.
    revision : str
        Name of the form; the newest by default.
    """
    from alembic import command

    config = _config(connection)
    tables = sa.inspect(connection).get_table_names()
    if "library" in tables and "alembic_version" not in tables:
        command.stamp(config, FIRST)
    command.upgrade(config, revision)


def downgrade(connection: sa.Connection, *, revision: str) -> None:
    """Take the tables back to an earlier form; what it has no place for is lost.

    Parameters
    ----------
    connection : sa.Connection
        In a writing transaction.
    revision : str
        Name of the form.
    """
    from alembic import command

    command.downgrade(_config(connection), revision)


def _config(connection: sa.Connection):  # type: ignore[no-untyped-def]
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config
