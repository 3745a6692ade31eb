"""An erased subject leaves no row, and no key that would tell her entries in the log."""

import datetime as dt

import pytest
import sqlalchemy as sa

from hairtrack.records import Photo, Subject, TakenFrom, View
from hairtrack.store import (
    Catalog,
    check_catalog,
    check_log,
    digest_of,
    editing,
    erasing,
    log,
    schema,
)


@pytest.fixture
def catalog(address):
    with Catalog.create(address) as catalog:
        for number, subject in enumerate(["anna", "anna", "berta"]):
            photo = Photo(
                digest=digest_of(f"{number}".encode()),
                subject=subject,
                visit=dt.date(2025, 3, 3),
                view=View.VERTEX,
                taken_at=None,
                taken_from=TakenFrom.PERSON,
                width=10,
                height=10,
            )
            catalog.add_photo(photo)
            catalog.set_baseline(photo.digest)
        yield catalog


def rows_of(catalog, table):
    with catalog.database.reading() as connection:
        return [dict(r) for r in connection.execute(sa.select(table)).mappings()]


def test_every_row_of_hers_goes_and_no_other(catalog):
    editing.delete_photo(catalog, digest_of(b"1"))
    (other,) = [row for row in rows_of(catalog, schema.photos) if row["subject_id"] == 2]
    assert erasing.erase_subject(catalog, "anna")
    assert not erasing.erase_subject(catalog, "anna")
    assert catalog.subjects() == ["berta"]
    assert rows_of(catalog, schema.photos) == [other]
    assert len(rows_of(catalog, schema.visits)) == 1
    assert len(rows_of(catalog, schema.baselines)) == 1
    assert check_catalog(catalog) == check_log(catalog) == []
    catalog.database.scrub()
    assert check_catalog(catalog) == check_log(catalog) == []


def test_the_key_of_her_entries_is_destroyed(catalog):
    (key,) = [r["log_key"] for r in rows_of(catalog, schema.subjects) if r["id"] == 1]
    entries = rows_of(catalog, schema.changes)
    hers = [e for e in entries if e["subject"] == log.tag(key, "subject")]
    assert len(hers) == 3
    erasing.erase_subject(catalog, "anna")
    assert rows_of(catalog, schema.changes)[: len(entries)] == entries
    everything = repr([rows_of(catalog, table) for table in schema.METADATA.sorted_tables])
    assert key not in everything
    assert "anna" not in everything


def test_a_subject_of_the_same_name_later_has_another_key(catalog):
    before = rows_of(catalog, schema.subjects)[0]["log_key"]
    erasing.erase_subject(catalog, "anna")
    editing.save_subject(catalog, Subject(name="anna"))
    assert before not in [row["log_key"] for row in rows_of(catalog, schema.subjects)]
