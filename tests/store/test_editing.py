"""What a person changes is changed, can be undone, and is in the audit table."""

import dataclasses
import datetime as dt
import json

import pytest
import sqlalchemy as sa
from factories import DAY, fill_course, make_photo

from hairtrack.errors import LibraryError
from hairtrack.records import HairState, Subject, TakenFrom, View, Visit
from hairtrack.store import Catalog, Courses, check_catalog, digest_of, editing, schema


@pytest.fixture
def catalog(address):
    with Catalog.create(address) as catalog:
        catalog.add_photo(make_photo("a"))
        catalog.add_photo(make_photo("b", day=4))
        yield catalog
        assert check_catalog(catalog) == []


def actions(catalog):
    with catalog.database.reading() as connection:
        query = sa.select(schema.audit).order_by(schema.audit.c.id)
        return [dict(row) for row in connection.execute(query).mappings()]


def test_a_photo_is_filed_as_told_and_back(catalog):
    before = catalog.photo(make_photo("a").digest)
    for changes in (
        {"view": View.MIDLINE},
        {"visit": dt.date(2025, 4, 1), "taken_from": TakenFrom.FILE_NAME},
        {"subject": "Zoë"},
        {"hair_state": HairState.PRODUCT, "camera": "Phone", "note": "secret words"},
        {"taken_at": dt.datetime(2025, 3, 3, 9)},
    ):
        new = dataclasses.replace(before, **changes)
        assert editing.save_photo(catalog, new)
        assert catalog.photo(new.digest) == new
        assert not editing.save_photo(catalog, new)
        assert editing.save_photo(catalog, before)
        assert catalog.photo(new.digest) == before
    told = json.dumps(actions(catalog))
    assert not any(word in told for word in ("secret", "Zo", "Phone", "anna"))


def test_a_visit_without_photos_goes_unless_something_is_known_of_it(catalog):
    editing.save_photo(catalog, make_photo("a", day=9))
    assert [visit.date.day for visit in catalog.visits()] == [4, 9]
    editing.save_visit(catalog, Visit(subject="anna", date=dt.date(2025, 3, 9), note="cut"))
    editing.save_photo(catalog, make_photo("a", day=4))
    assert [visit.date.day for visit in catalog.visits()] == [4, 9]


def test_a_deleted_photo_comes_back_as_it_was(catalog):
    before = catalog.photo(make_photo("a").digest)
    assert editing.delete_photo(catalog, before.digest)
    assert not editing.delete_photo(catalog, before.digest)
    assert [p.digest for p in catalog.photos()] == [make_photo("b").digest]
    (gone,) = catalog.photos(deleted=True)
    assert gone.deleted_at is not None
    assert len(catalog.photos(deleted=None)) == 2
    assert editing.restore_photo(catalog, before.digest)
    assert not editing.restore_photo(catalog, before.digest)
    assert catalog.photo(before.digest) == before


def test_only_a_deleted_photo_is_purged(catalog):
    digest = make_photo("a").digest
    with pytest.raises(LibraryError, match="not deleted"):
        editing.purge_photos(catalog, [digest])
    editing.save_outline(catalog, digest, b"picture")
    editing.delete_photo(catalog, digest)
    editing.purge_photos(catalog, [digest])
    assert catalog.photo(digest) is None
    assert [visit.date.day for visit in catalog.visits()] == [4]


def test_an_unknown_photo_is_refused_and_leaves_no_trace(catalog):
    before = actions(catalog)
    other = make_photo("other", subject="nobody yet")
    with pytest.raises(LibraryError, match="no photograph"):
        editing.save_photo(catalog, other)
    with pytest.raises(LibraryError, match="no photograph"):
        editing.delete_photo(catalog, other.digest)
    assert actions(catalog) == before
    assert catalog.subjects() == ["anna"]


def test_an_outline_is_kept_and_taken_back_and_kept(catalog):
    digest = make_photo("a").digest
    assert editing.save_outline(catalog, digest, b"picture")
    assert not editing.save_outline(catalog, digest, b"picture")
    drawn = catalog.photo(digest).outline
    assert drawn == digest_of(b"picture")
    assert catalog.outline(digest, drawn) == b"picture"
    assert editing.save_outline(catalog, digest, None)
    assert catalog.photo(digest).outline is None
    assert editing.save_outline(catalog, digest, b"picture")
    with pytest.raises(LibraryError, match="lost or damaged"):
        catalog.outline(digest, digest_of(b"another"))


def test_a_primary_zone_is_declared_with_its_time(catalog):
    start = dt.date(2025, 3, 1)
    assert editing.save_subject(catalog, Subject(name="anna", started_at=start))
    assert catalog.subject("anna") == Subject(name="anna", started_at=start)
    declared = Subject(
        name="anna", started_at=start, primary_view=View.VERTEX, primary_zone="crown"
    )
    assert editing.save_subject(catalog, declared)
    kept = catalog.subject("anna")
    assert abs(kept.declared_at - dt.datetime.now(dt.UTC)) < dt.timedelta(minutes=5)
    assert dataclasses.replace(kept, declared_at=None) == declared
    assert not editing.save_subject(catalog, declared)
    assert actions(catalog)[-1]["action"] == "subject changed"


def test_a_subject_is_renamed_with_all_that_is_hers(catalog):
    editing.rename_subject(catalog, "anna", to="S-01")
    assert {p.subject for p in catalog.photos()} == {"S-01"}
    assert catalog.subject("anna") is None
    assert "S-01" not in json.dumps(actions(catalog))
    catalog.add_photo(make_photo("c", subject="berta"))
    for name, to in (("berta", "S-01"), ("nobody", "x")):
        with pytest.raises(LibraryError):
            editing.rename_subject(catalog, name, to=to)


def test_what_is_told_of_a_visit_comes_back(catalog):
    told = Visit(
        subject="anna",
        date=DAY,
        hair_state=HairState.OILY,
        hair_length_mm=32.5,
        haircut_on=dt.date(2025, 2, 20),
        dyed_on=dt.date(2024, 12, 1),
        note="after the sea",
    )
    assert editing.save_visit(catalog, told)
    assert not editing.save_visit(catalog, told)
    assert catalog.visits(subject="anna")[0] == told
    with pytest.raises(LibraryError, match="no visit"):
        editing.save_visit(catalog, dataclasses.replace(told, date=dt.date(2020, 1, 1)))


def test_every_change_is_one_entry_of_the_audit_table(catalog):
    digest = make_photo("a").digest
    editing.save_photo(catalog, make_photo("a", view=View.MIDLINE))
    editing.save_photo(catalog, make_photo("a", view=View.MIDLINE, subject="berta"))
    editing.delete_photo(catalog, digest)
    editing.restore_photo(catalog, digest)
    found = actions(catalog)
    assert [(entry["action"], entry["subject_id"]) for entry in found] == [
        ("photo added", 1),
        ("photo added", 1),
        ("photo changed", 1),
        ("photo changed", 2),
        ("photo deleted", 2),
        ("photo restored", 2),
    ]
    assert {entry["photo"] for entry in found[2:]} == {digest}
    assert [entry["id"] for entry in found] == [1, 2, 3, 4, 5, 6]


@pytest.fixture
def two(address):
    with Catalog.create(address) as catalog:
        for number, subject in enumerate(["anna", "anna", "berta"]):
            kept = make_photo(f"{number}", subject=subject)
            catalog.add_photo(kept)
            catalog.set_baseline(kept.digest)
            fill_course(Courses(catalog), subject=subject)
        yield catalog
        assert check_catalog(catalog) == []


def read(catalog, table):
    with catalog.database.reading() as connection:
        return [dict(r) for r in connection.execute(sa.select(table)).mappings()]


def test_rows_of_one_subject_only(two):
    found = editing.subject_rows(two, "anna")
    assert [row["name"] for row in found["subjects"]] == ["anna"]
    assert {row["digest"] for row in found["photos"]} == {
        one.digest for one in two.photos(subject="anna")
    }
    values = found["photos"][0].values()
    assert all(type(value) in (str, int, float, type(None)) for value in values)
    assert editing.subject_rows(two, "nobody")["subjects"] == []


def test_every_row_of_a_subject_goes_and_no_other(two):
    editing.delete_photo(two, digest_of(b"1"))
    (other,) = [row for row in read(two, schema.photos) if row["subject_id"] == 2]
    entries = [row for row in read(two, schema.audit) if row["subject_id"] == 2]
    assert editing.erase_subject(two, "anna")
    assert not editing.erase_subject(two, "anna")
    assert two.subjects() == ["berta"]
    assert read(two, schema.photos) == [other]
    assert len(read(two, schema.visits)) == len(read(two, schema.baselines)) == 1
    everything = repr([read(two, table) for table in schema.METADATA.sorted_tables])
    assert not any(
        word in everything for word in ("anna", digest_of(b"0"), digest_of(b"1"))
    )
    *same, last = read(two, schema.audit)
    assert same == entries
    assert (last["action"], last["subject_id"], last["photo"]) == ("subject erased", 1, "")
    assert check_catalog(two) == []
    two.database.scrub()


@pytest.mark.parametrize("erased", ["anna", "berta"])
@pytest.mark.parametrize("then", ["stays", "comes back", "is purged"])
def test_a_photo_that_changed_hands_leaves_no_entry_of_the_erased(two, erased, then):
    moved = digest_of(b"0")
    editing.save_photo(two, make_photo("0", subject="berta"))
    if then == "comes back":
        editing.save_photo(two, make_photo("0"))
    elif then == "is purged":
        editing.delete_photo(two, moved)
        editing.purge_photos(two, [moved])
    assert check_catalog(two) == []
    editing.erase_subject(two, erased)
    assert check_catalog(two) == []
    owner = two.photo(moved)
    told = {row["photo"] for row in read(two, schema.audit)}
    assert (moved in told) == (owner is not None)
