"""A step that changes constraints: set the rows aside, make the tables anew, bring back.

SQLite cannot alter a constraint, and what PostgreSQL can alter it names by
itself; making the tables anew is one way for both.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import sqlalchemy as sa

_AT_A_TIME = 500


class SetAside:
    """Rows of tables that were dropped, until they are brought back.

    Parameters
    ----------
    connection : sa.Connection
        In a writing transaction.
    metadata : sa.MetaData
        The tables; all of them are dropped.
    """

    def __init__(self, connection: sa.Connection, metadata: sa.MetaData) -> None:
        self._connection = connection
        self._copies: dict[str, sa.Table] = {}
        elsewhere = sa.MetaData()
        for table in metadata.sorted_tables:
            copy = sa.Table(
                f"aside_{table.name}",
                elsewhere,
                *(sa.Column(column.name, column.type) for column in table.columns),
            )
            copy.create(connection)
            connection.execute(copy.insert().from_select(copy.c.keys(), sa.select(table)))
            self._copies[table.name] = copy
        metadata.drop_all(connection)

    def rows(self, table: str, *, order: Sequence[str]) -> Iterator[dict[str, Any]]:
        """Yield the rows of a table that was dropped, in this order."""
        copy = self._copies[table]
        query = sa.select(copy).order_by(*(copy.c[name] for name in order))
        start = 0
        while True:
            part = query.limit(_AT_A_TIME).offset(start)
            found = self._connection.execute(part).mappings().all()
            yield from (dict(row) for row in found)
            start += len(found)
            if len(found) < _AT_A_TIME:
                return

    def forget(self) -> None:
        """Drop what was set aside."""
        for copy in self._copies.values():
            copy.drop(self._connection)
