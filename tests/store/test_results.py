"""Which numbers hold, after a photograph, its baseline or an outline changed."""

import dataclasses
import datetime as dt

import pytest

from hairtrack.records import Measurement, Method, Photo, TakenFrom, View, ZoneMeasurement
from hairtrack.store import Catalog, digest_of, editing, results

METHOD = Method(name="m", version="1")


@pytest.fixture
def catalog(address):
    with Catalog.create(address) as catalog:
        yield catalog


@pytest.fixture
def pair(catalog):
    """A baseline and a later photograph, both measured: 0.3 and 0.2."""
    first, later = add(catalog, "first", day=3), add(catalog, "later", day=9)
    catalog.set_baseline(first.digest)
    measure(catalog, first, first, 0.3)
    measure(catalog, later, first, 0.2)
    return first, later


def add(catalog, name, *, day):
    photo = Photo(
        digest=digest_of(name.encode()),
        subject="anna",
        visit=dt.date(2025, 3, day),
        view=View.VERTEX,
        taken_at=None,
        taken_from=TakenFrom.PERSON,
        width=10,
        height=10,
    )
    catalog.add_photo(photo)
    return photo


def measure(catalog, photo, baseline, level, *, refused=None, **outlines):
    zone = {"standard_error": 0.1, "area_px": 9}
    zones = [ZoneMeasurement(zone=n, visible_scalp=level, **zone) for n in ("scalp", "rim")]
    catalog.add_measurement(
        Measurement(
            photo=photo.digest,
            baseline=baseline.digest,
            view=View.VERTEX,
            method=METHOD,
            zones=() if refused else tuple(zones),
            refused=refused,
            **outlines,
        )
    )


def levels(catalog):
    found = catalog.results(method=METHOD.key)
    assert catalog.done(method=METHOD.key) == set(found)
    return {
        digest: m.zones[0].visible_scalp if m.zones else m.refused
        for digest, m in found.items()
    }


def test_numbers_in_the_zones_of_the_baseline_hold(catalog, pair):
    first, later = pair
    assert levels(catalog) == {first.digest: 0.3, later.digest: 0.2}
    assert catalog.results(method="another") == {}
    assert catalog.results(method=METHOD.key, view=View.MIDLINE) == {}


def test_one_zone_may_be_asked_for(catalog, pair):
    found = catalog.results(method=METHOD.key, subject="anna", zone="rim")
    assert {tuple(z.zone for z in m.zones) for m in found.values()} == {("rim",)}


def test_while_the_baseline_is_away_the_next_one_holds(catalog, pair):
    first, later = pair
    editing.delete_photo(catalog, first.digest)
    assert levels(catalog) == {}
    assert catalog.baselines() == {}
    catalog.set_baseline(later.digest)
    measure(catalog, later, later, 0.25)
    assert levels(catalog) == {later.digest: 0.25}
    editing.restore_photo(catalog, first.digest)
    assert catalog.baselines() == {("anna", View.VERTEX): first.digest}
    assert levels(catalog) == {first.digest: 0.3, later.digest: 0.2}


def test_a_photo_in_another_view_keeps_no_numbers_of_this_one(catalog, pair):
    first, later = pair
    editing.save_photo(catalog, dataclasses.replace(later, view=View.MIDLINE))
    assert levels(catalog) == {first.digest: 0.3}
    editing.save_photo(catalog, later)
    assert levels(catalog) == {first.digest: 0.3, later.digest: 0.2}


def test_a_new_outline_leaves_its_photo_pending(catalog, pair):
    first, later = pair
    editing.save_outline(catalog, later.digest, b"picture")
    assert levels(catalog) == {first.digest: 0.3}
    measure(catalog, later, first, 0.22, outline=digest_of(b"picture"))
    assert levels(catalog)[later.digest] == 0.22
    editing.save_outline(catalog, later.digest, None)
    assert levels(catalog)[later.digest] == 0.2


def test_a_new_outline_of_the_baseline_leaves_the_series_pending(catalog, pair):
    first, later = pair
    editing.save_outline(catalog, first.digest, b"picture")
    assert levels(catalog) == {}
    drawn = digest_of(b"picture")
    measure(catalog, later, first, 0.21, baseline_outline=drawn)
    measure(catalog, first, first, 0.31, outline=drawn, baseline_outline=drawn)
    assert levels(catalog) == {first.digest: 0.31, later.digest: 0.21}


def test_a_refusal_as_a_baseline_of_its_own_holds_until_an_outline_is_drawn(catalog, pair):
    bare = add(catalog, "bare", day=1)
    measure(catalog, bare, bare, None, refused="No head.")
    assert levels(catalog)[bare.digest] == "No head."
    assert catalog.alone(method=METHOD.key) == {bare.digest: True, pair[0].digest: False}
    editing.save_outline(catalog, bare.digest, b"picture")
    assert bare.digest not in levels(catalog)
    assert bare.digest not in catalog.alone(method=METHOD.key)


def test_purging_a_baseline_takes_the_numbers_that_rest_on_it(catalog, pair):
    first, later = pair
    editing.delete_photo(catalog, first.digest)
    editing.purge_photos(catalog, [first.digest])
    with catalog.database.reading() as connection:
        assert results.heads(connection, METHOD.key) == []
    assert [p.digest for p in catalog.photos()] == [later.digest]


def test_numbers_are_read_in_parts(catalog):
    """A database takes only so many parameters in one question."""
    with catalog.database.reading() as connection:
        assert results.load(connection, []) == []
    assert [len(part) for part in results._parts(range(1900))] == [900, 900, 100]


def test_methods_are_told_of_the_series_they_measured(catalog, pair):
    later = Method(name="m", version="2")
    catalog.add_measurement(
        dataclasses.replace(
            catalog.results(method=METHOD.key)[pair[0].digest], method=later
        )
    )
    assert catalog.methods() == [METHOD.key, later.key]
    assert catalog.methods(subject="anna", view=View.VERTEX) == [METHOD.key, later.key]
    assert catalog.methods(subject="anna", view=View.MIDLINE) == []
    assert catalog.methods(subject="bert") == []
