"""The catalogue copied while others write, and all rows of one subject."""

from __future__ import annotations

import base64
import datetime as dt
import os
import sqlite3
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from hairtrack.errors import LibraryError
from hairtrack.messages import Message
from hairtrack.records import Photo
from hairtrack.store import schema
from hairtrack.store.catalog import Catalog
from hairtrack.store.files import PRIVATE_FILE

Rows = dict[str, list[dict[str, Any]]]

_SECRET = ("log_key", "row_digest")
"""Columns that serve the catalogue and say nothing about the subject."""


def copy_catalog(catalog: Catalog, target: Path) -> None:
    """Write the catalogue, as it is at one moment, into one new file.

    References
    ----------
    https://www.sqlite.org/backup.html

    Raises
    ------
    LibraryError
        It cannot be read, is damaged, or does not lie in a file.
    """
    os.close(os.open(target, os.O_CREAT | os.O_EXCL | os.O_WRONLY, PRIVATE_FILE))
    try:
        with (
            closing(sqlite3.connect(catalog.path)) as source,
            closing(sqlite3.connect(target)) as copy,
        ):
            source.backup(copy)
            copy.execute("PRAGMA journal_mode=DELETE").close()
            (said,) = copy.execute("PRAGMA integrity_check(1)").fetchone()
    except sqlite3.Error as error:
        raise LibraryError(
            Message("The catalogue cannot be copied: {error}.", error=error)
        ) from error
    if said != "ok":
        raise LibraryError(
            Message(
                "The catalogue of this library is damaged: `hairtrack verify` says where."
            )
        )


def all_photos(catalog: Catalog) -> list[Photo]:
    """Return every photograph whose bytes are kept, deleted ones too."""
    return catalog.photos(deleted=None)


def subject_rows(catalog: Catalog, name: str) -> Rows:
    """Return every row that belongs to a subject, of every table, as plain values.

    Rows belong to whom their foreign keys lead to, so that a new table comes
    along by itself; what the rows refer to, such as methods, comes with them.

    Returns
    -------
    dict
        Table -> rows; dates as ISO 8601, bytes in base 64.
    """
    wanted = _conditions(name)
    with catalog.database.reading() as connection:
        return {
            table.name: [
                {key: _plain(value) for key, value in row.items() if key not in _SECRET}
                for row in connection.execute(
                    sa.select(table).where(wanted[table])
                ).mappings()
            ]
            for table in schema.METADATA.sorted_tables
            if table in wanted
        }


def _conditions(name: str) -> Mapping[sa.Table, sa.ColumnElement[bool]]:
    """Return table -> which of its rows belong to the subject."""
    wanted: dict[sa.Table, sa.ColumnElement[bool]] = {
        schema.subjects: schema.subjects.c.name == name
    }
    tables = schema.METADATA.sorted_tables
    for table in tables:
        leads = [
            sa.and_(
                *(
                    element.parent.in_(sa.select(element.column).where(wanted[parent]))
                    for element in key.elements
                )
            )
            for key in table.foreign_key_constraints
            if (parent := key.referred_table) in wanted
        ]
        if leads:
            wanted[table] = sa.or_(*leads)
    for table in list(wanted):
        for key in table.foreign_key_constraints:
            if key.referred_table not in wanted:
                (element,) = key.elements
                used = sa.select(element.parent).where(wanted[table])
                wanted[key.referred_table] = element.column.in_(used)
    return wanted


def _plain(value: object) -> object:
    if isinstance(value, dt.date | dt.datetime):
        return value.isoformat()
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    return value
