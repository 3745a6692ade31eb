"""Steps from one form of the tables to the next, run by Alembic.

Each step holds the tables as they were and as they became, written out, so
that it does the same for ever. Steps run inside one transaction that holds the
write lock: a library is wholly in one form or wholly in the next.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

if TYPE_CHECKING:
    from alembic.script import ScriptDirectory

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
    from alembic.migration import MigrationContext

    script = _script()
    tables = sa.inspect(connection).get_table_names()
    if "library" in tables and "alembic_version" not in tables:
        MigrationContext.configure(connection).stamp(script, FIRST)
    _run(connection, lambda now, _: script._upgrade_revs(revision, now))


def downgrade(connection: sa.Connection, *, revision: str) -> None:
    """Take the tables back to an earlier form; what it has no place for is lost.

    Parameters
    ----------
    connection : sa.Connection
        In a writing transaction.
    revision : str
        Name of the form.
    """
    script = _script()
    _run(connection, lambda now, _: script._downgrade_revs(revision, now))


def _run(connection: sa.Connection, steps: Callable[[Any, Any], Any]) -> None:
    from alembic.migration import MigrationContext
    from alembic.operations import Operations

    context = MigrationContext.configure(connection, opts={"fn": steps})
    with Operations.context(context):
        context.run_migrations()


@cache
def _script() -> ScriptDirectory:
    """Return the steps; reading them takes longer than running them."""
    from alembic.script import ScriptDirectory

    return ScriptDirectory(str(Path(__file__).parent))
