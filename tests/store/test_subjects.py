"""The rows of a subject are exported whole, and erased without a trace."""

import datetime as dt

import pytest
import sqlalchemy as sa

from hairtrack.records import Photo, TakenFrom, View
from hairtrack.store import Catalog, check_catalog, digest_of, editing, schema
from hairtrack.store.subjects import erase_subject, subject_rows


@pytest.fixture
def catalog(address):
    with Catalog.create(address) as catalog:
        for number, subject in enumerate(["anna", "anna", "berta"]):
            catalog.add_photo(photo(number, subject))
            catalog.set_baseline(photo(number, subject).digest)
        yield catalog
        assert check_catalog(catalog) == []


def photo(number, subject):
    return Photo(
        digest=digest_of(f"{number}".encode()),
        subject=subject,
        visit=dt.date(2025, 3, 3),
        view=View.VERTEX,
        taken_at=None,
        taken_from=TakenFrom.PERSON,
        width=10,
        height=10,
    )


def read(catalog, table):
    with catalog.database.reading() as connection:
        return [dict(r) for r in connection.execute(sa.select(table)).mappings()]


def test_rows_of_one_subject_only(catalog):
    found = subject_rows(catalog, "anna")
    assert [row["name"] for row in found["subjects"]] == ["anna"]
    assert {row["digest"] for row in found["photos"]} == {
        one.digest for one in catalog.photos(subject="anna")
    }
    values = found["photos"][0].values()
    assert all(type(value) in (str, int, float, type(None)) for value in values)
    assert subject_rows(catalog, "nobody")["subjects"] == []


def test_every_row_of_a_subject_goes_and_no_other(catalog):
    editing.delete_photo(catalog, digest_of(b"1"))
    (other,) = [row for row in read(catalog, schema.photos) if row["subject_id"] == 2]
    entries = [row for row in read(catalog, schema.audit) if row["subject_id"] == 2]
    assert erase_subject(catalog, "anna")
    assert not erase_subject(catalog, "anna")
    assert catalog.subjects() == ["berta"]
    assert read(catalog, schema.photos) == [other]
    assert len(read(catalog, schema.visits)) == len(read(catalog, schema.baselines)) == 1
    everything = repr([read(catalog, table) for table in schema.METADATA.sorted_tables])
    assert not any(
        word in everything for word in ("anna", digest_of(b"0"), digest_of(b"1"))
    )
    *same, last = read(catalog, schema.audit)
    assert same == entries
    assert (last["action"], last["subject_id"], last["photo"]) == ("subject erased", 1, "")
    assert check_catalog(catalog) == []
    catalog.database.scrub()


@pytest.mark.parametrize("erased", ["anna", "berta"])
@pytest.mark.parametrize("then", ["stays", "comes back", "is purged"])
def test_a_photo_that_changed_hands_leaves_no_entry_of_the_erased(catalog, erased, then):
    moved = digest_of(b"0")
    editing.save_photo(catalog, photo(0, "berta"))
    if then == "comes back":
        editing.save_photo(catalog, photo(0, "anna"))
    elif then == "is purged":
        editing.delete_photo(catalog, moved)
        editing.purge_photos(catalog, [moved])
    assert check_catalog(catalog) == []
    erase_subject(catalog, erased)
    assert check_catalog(catalog) == []
    owner = catalog.photo(moved)
    told = {row["photo"] for row in read(catalog, schema.audit)}
    assert (moved in told) == (owner is not None)
