"""Everything about one subject leaves the catalogue, the key of its log entries too."""

from __future__ import annotations

from hairtrack.store import log, schema
from hairtrack.store.catalog import Catalog
from hairtrack.store.editing import remove_photo_rows
from hairtrack.store.sealed import find


def erase_subject(catalog: Catalog, name: str) -> bool:
    """Remove all rows of a subject; return False when there is no such subject.

    The entries of the log stay, chained as they are, but without the key that
    went with the subject's row nobody can tell whose they were. SQLite writes
    zeros over what is deleted; `Catalog.database.scrub` then empties its log.
    """
    with catalog.database.writing() as connection:
        row = find(connection, schema.subjects, name=name)
        if row is None:
            return False
        number = row["id"]
        remove_photo_rows(connection, schema.photos.c.subject_id == number)
        for table in (schema.baselines, schema.visits):
            connection.execute(table.delete().where(table.c.subject_id == number))
        connection.execute(schema.subjects.delete().where(schema.subjects.c.id == number))
        log.append(connection, "subject erased", key=row["log_key"])
        return True
