"""The catalogue keeps exactly what it is given, once, and refuses what it cannot read."""

import dataclasses
import datetime as dt
from concurrent.futures import ThreadPoolExecutor

import pytest
import sqlalchemy as sa
from factories import METHOD as FOUND_BY
from factories import make_measurement, make_photo
from hypothesis import given, settings
from hypothesis import strategies as st

from hairtrack.records import (
    WHOLE,
    HairState,
    Measurement,
    Method,
    Photo,
    Quality,
    QualityFlag,
    Registration,
    TakenFrom,
    View,
    ZoneMeasurement,
)
from hairtrack.store import Catalog, Courses, digest_of, editing
from hairtrack.store import catalog as module

METHOD = Method(name="shade", version="1", parameters=(("cv2", "5.0.0"),))
NEWER = Method(name="shade", version="2", parameters=(("cv2", "5.0.0"),))
NOON = dt.datetime(2025, 3, 3, 12, tzinfo=dt.timezone(dt.timedelta(hours=2)))


@pytest.fixture
def catalog(address):
    with Catalog.create(address) as catalog:
        yield catalog


def photo(name, *, subject="me", day=1, view=View.VERTEX, hour=12):
    at = dt.datetime(2025, 3, day, hour)
    other = {"taken_at": at, "taken_from": TakenFrom.EXIF, "view": view}
    return make_photo(name, subject=subject, day=day, **other)


def measurement(moving, baseline, *, method=METHOD, value=0.25, refused=None):
    zones = (
        ZoneMeasurement(zone=WHOLE, visible_scalp=value, standard_error=0.05, area_px=900),
        ZoneMeasurement(
            zone="rim", visible_scalp=None, standard_error=None, area_px=0, seen=0.0
        ),
    )
    return Measurement(
        photo=moving.digest,
        baseline=baseline.digest,
        view=moving.view,
        method=method,
        quality=Quality(flags=(QualityFlag.DARK,), numbers=(("sharpness", 0.5),)),
        registration=Registration(
            matrix=((1.0, 0.0, 2.5), (0.0, 1.0, -3.0), (0.0, 0.0, 1.0)),
            model="similarity",
            inliers=40,
            rms_px=0.7,
            scale=1.01,
            overlap=0.93,
        ),
        zones=() if refused else zones,
        refused=refused,
    )


def test_every_field_of_a_photo_comes_back_once_and_as_filed(catalog):
    kept = Photo(
        digest=digest_of(b"a"),
        subject="Zoë; DROP TABLE photos",
        visit=NOON.date(),
        view=View.TEMPORAL_LEFT,
        taken_at=NOON,
        taken_from=TakenFrom.PERSON,
        width=1,
        height=2,
        hair_state=HairState.WET,
        camera="Phone 12",
        note="after washing\nat home",
    )
    assert catalog.add_photo(kept)
    assert not catalog.add_photo(photo("a", subject="other"))
    assert catalog.photo(kept.digest) == kept
    assert catalog.photo(digest_of(b"b")) is None
    assert catalog.subjects() == ["Zoë; DROP TABLE photos"]
    # Imported after it was deleted, it comes back as it was filed.
    editing.delete_photo(catalog, kept.digest)
    assert catalog.photos() == []
    assert catalog.add_photo(photo("a", subject="other"))
    assert catalog.photos() == [kept]
    timeless = make_photo("b", subject="me", taken_from=TakenFrom.FILE_NAME)
    catalog.add_photo(timeless)
    assert catalog.photo(timeless.digest) == timeless


def test_photos_come_by_subject_view_and_time(catalog):
    late, early = photo("late", day=9), photo("early", day=2)
    evening, morning = photo("evening", hour=20), photo("morning", hour=6)
    other, midline = photo("other", subject="aa"), photo("m", view=View.MIDLINE)
    for each in (late, early, evening, morning, other, midline):
        catalog.add_photo(each)
    assert catalog.photos() == [other, midline, morning, evening, early, late]
    assert catalog.photos(subject="aa") == [other]
    assert catalog.photos(subject="me", view=View.MIDLINE) == [midline]
    assert catalog.find_photos(late.digest[:6]) == [late]
    assert catalog.photo(late.digest[:6]) is None
    assert len(catalog.find_photos("")) == 6


def test_the_first_baseline_of_a_series_stays(catalog):
    first, second, midline = photo("1"), photo("2"), photo("3", view=View.MIDLINE)
    for each in (first, second, midline):
        catalog.add_photo(each)
        catalog.set_baseline(each.digest)
    assert catalog.baselines() == {
        ("me", View.VERTEX): first.digest,
        ("me", View.MIDLINE): midline.digest,
    }
    with pytest.raises(ValueError, match="no photo"):
        catalog.set_baseline(digest_of(b"unknown"))


def test_every_field_of_a_measurement_comes_back(catalog):
    base, moving = photo("base"), photo("moving", day=5)
    for each in (base, moving):
        catalog.add_photo(each)
    assert catalog.latest_method() is None
    kept = measurement(moving, base)
    refused = measurement(base, base, refused="No head was found.")
    for one in (kept, refused):
        assert catalog.add_measurement(one)
        assert not catalog.add_measurement(dataclasses.replace(one, quality=Quality()))
    assert read_all(catalog, METHOD) == [refused, kept]  # by the time of the photo
    with pytest.raises(sa.exc.IntegrityError):
        catalog.add_measurement(measurement(photo("unknown"), base))
    assert read_all(catalog, METHOD) == [refused, kept]  # by the time of the photo


def test_another_method_stands_beside_the_old_one(catalog):
    base = photo("base")
    catalog.add_photo(base)
    catalog.add_measurement(measurement(base, base))
    catalog.add_measurement(measurement(base, base, method=NEWER, value=0.5))
    assert values(catalog, METHOD) == [0.25]
    assert values(catalog, NEWER) == [0.5]
    assert catalog.latest_method() == NEWER


@settings(max_examples=20, deadline=None, database=None)
@given(
    fractions=st.lists(st.none() | st.floats(0, 1), max_size=8),
    text=st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=30),
)
def test_any_numbers_and_words_come_back(tmp_path_factory, fractions, text):
    with Catalog.create(tmp_path_factory.mktemp("c") / "catalog.sqlite") as catalog:
        base = dataclasses.replace(photo("base"), note=text, camera=text)
        zones = tuple(
            ZoneMeasurement(zone=f"z{n}", visible_scalp=f, standard_error=f, area_px=n)
            for n, f in enumerate(fractions)
        )
        kept = Measurement(
            photo=base.digest,
            baseline=base.digest,
            view=base.view,
            method=METHOD,
            zones=zones,
            refused=text or None,
        )
        catalog.add_photo(base)
        catalog.add_measurement(kept)
        assert catalog.photos() == [base]
        assert read_all(catalog, METHOD) == [kept]


def test_two_makers_make_one_catalogue(tmp_path):
    path = tmp_path / "catalog.sqlite"

    def make(_):
        with Catalog.create(path) as catalog:
            return catalog.library_id

    with ThreadPoolExecutor(4) as pool:
        assert len(set(pool.map(make, range(8)))) == 1


def test_photos_are_listed_by_subject_without_the_deleted(catalog):
    kept = [photo("d", subject="anna", view=View.MIDLINE), photo("a", day=2)]
    gone = photo("e", day=30)
    for each in (gone, *reversed(kept)):
        catalog.add_photo(each)
    editing.delete_photo(catalog, gone.digest)
    assert catalog.photos() == kept


def read_all(catalog, method):
    """Return every result of a method, those in the zones of earlier baselines too."""
    with catalog.database.reading() as connection:
        found = [head["id"] for head in module._heads(connection, method.key)]
        return module._load(connection, found, grid=True)


def values(catalog, method):
    return [m.zones[0].visible_scalp for m in read_all(catalog, method)]


def test_the_state_differs_after_every_change(catalog) -> None:
    one, courses = photo("a"), Courses(catalog)
    seen = [catalog.state()]
    assert catalog.state() == seen[0]
    for change in (
        lambda: catalog.add_photo(one),
        lambda: catalog.set_baseline(one.digest),
        lambda: catalog.add_measurement(measurement(one, one)),
        lambda: editing.delete_photo(catalog, one.digest),
        lambda: courses.save_clinic_file("[sources]"),
        lambda: courses.save_clinic_file("[topics]"),
    ):
        change()
        seen.append(catalog.state())
    assert len(set(seen)) == 7


@pytest.fixture
def pair(catalog):
    """A baseline and a later photograph, both measured: 0.3 and 0.2."""
    first, later = add(catalog, "first", day=3), add(catalog, "later", day=9)
    catalog.set_baseline(first.digest)
    measure(catalog, first, first, 0.3)
    measure(catalog, later, first, 0.2)
    return first, later


def add(catalog, name, *, day):
    catalog.add_photo(made := make_photo(name, day=day))
    return made


def measure(catalog, photo, baseline, level, **other):
    catalog.add_measurement(make_measurement(photo, baseline, level, **other))


def levels(catalog):
    found = catalog.results(method=FOUND_BY.key)
    assert catalog.done(method=FOUND_BY.key) == set(found)
    return {
        digest: m.zones[0].visible_scalp if m.zones else m.refused
        for digest, m in found.items()
    }


def test_numbers_in_the_zones_of_the_baseline_hold(catalog, pair):
    first, later = pair
    assert levels(catalog) == {first.digest: 0.3, later.digest: 0.2}
    assert catalog.results(method="another") == {}
    assert catalog.results(method=FOUND_BY.key, view=View.MIDLINE) == {}
    # A photo in another view keeps no numbers of this one.
    editing.save_photo(catalog, dataclasses.replace(later, view=View.MIDLINE))
    assert levels(catalog) == {first.digest: 0.3}
    editing.save_photo(catalog, later)
    assert levels(catalog) == {first.digest: 0.3, later.digest: 0.2}


def test_the_grid_may_be_left_out(catalog, pair):
    found = catalog.results(method=FOUND_BY.key, subject="anna")
    assert {m.zones[-1].zone for m in found.values()} == {"grid_r1c1"}
    found = catalog.results(method=FOUND_BY.key, grid=False)
    zones = {tuple(z.zone for z in m.zones) for m in found.values()}
    assert zones == {("scalp", "crown")}


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
    # Purged, it takes the numbers along that rest on it.
    editing.delete_photo(catalog, first.digest)
    editing.purge_photos(catalog, [first.digest])
    (left,) = read_all(catalog, FOUND_BY)
    assert (left.photo, left.baseline) == (later.digest, later.digest)
    assert [p.digest for p in catalog.photos()] == [later.digest]


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
    assert catalog.alone(method=FOUND_BY.key) == {bare.digest: True, pair[0].digest: False}
    editing.save_outline(catalog, bare.digest, b"picture")
    assert bare.digest not in levels(catalog)
    assert bare.digest not in catalog.alone(method=FOUND_BY.key)
