"""A library's measurements become readings, and readings verdicts."""

import datetime as dt
import xml.etree.ElementTree as ET

import numpy as np
import pytest

from hairtrack.change.records import Verdict
from hairtrack.errors import LibraryError
from hairtrack.records import (
    Measurement,
    Method,
    Photo,
    Quality,
    Registration,
    TakenFrom,
    View,
    ZoneMeasurement,
)
from hairtrack.store import digest_of
from hairtrack.workflows import Declaration, Library, assess_series, draw_agreement
from hairtrack.workflows.editing import change_subject
from hairtrack.workflows.verdicts import compare_visits

METHOD = Method(name="m", version="1")
START = dt.date(2025, 3, 3)
TODAY = dt.date(2025, 12, 1)
WEEKS = [-4, -2, 0, *range(2, 29, 2)]


def add(library, name, level, *, week=0, view=View.VERTEX, width=100, **photo):
    digest = digest_of(name.encode())
    library.catalog.add_photo(
        Photo(
            digest=digest,
            subject="me",
            visit=START + dt.timedelta(weeks=week),
            view=view,
            taken_at=None,
            taken_from=TakenFrom.PERSON,
            width=width,
            height=80,
            **photo,
        )
    )
    library.catalog.set_baseline(digest)  # the first one stays
    eye = ((1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 1.0))
    names = ("scalp", "crown", "grid_r1c1")
    library.catalog.add_measurement(
        Measurement(
            photo=digest,
            baseline=library.catalog.baselines()["me", view],
            view=view,
            method=METHOD,
            quality=Quality(numbers=(("brightness", 0.7), ("head_width_px", 50.0))),
            registration=Registration(
                matrix=eye, model="affine", inliers=9, rms_px=0.5, scale=1.0, overlap=0.9
            ),
            zones=tuple(
                ZoneMeasurement(zone=z, visible_scalp=level, standard_error=0.05, area_px=9)
                for z in names
            ),
        )
    )


@pytest.fixture(scope="module")
def library(tmp_path_factory):
    rng = np.random.default_rng(1)
    with Library.create(tmp_path_factory.mktemp("judged") / "library") as library:
        for view, fall in ((View.VERTEX, 0.08), (View.OCCIPITAL, 0.0)):
            for week in WEEKS:
                level = 0.35 - fall * min(1.0, max(0.0, (week - 4) / 20))
                for shot in range(3):
                    name = f"{view} {week} {shot}"
                    add(library, name, level + rng.normal(0, 0.01), week=week, view=view)
        yield library


def test_readings_are_the_visits_with_their_conditions(library):
    (judged,) = assess_series(library, subject="me", view=View.VERTEX)
    readings = judged.readings
    assert [reading.day for reading in readings] == [
        START + dt.timedelta(weeks=w) for w in WEEKS
    ]
    assert {len(reading.values) for reading in readings} == {3}
    conditions = readings[1].conditions
    assert conditions.brightness == pytest.approx(0.7)
    assert conditions.residual == pytest.approx(0.5 / 50)
    assert conditions.scale == pytest.approx(1.0)
    assert conditions.hair_state is None
    assert assess_series(library, subject="me", view=View.VERTEX, zone="grid_r1c1") == []


def test_every_zone_is_told_at_once_as_it_is_alone(library):
    told = assess_series(library, view=View.VERTEX, zone=None, today=TODAY)
    for one in told:
        assert assess_series(library, view=View.VERTEX, zone=one.zone, today=TODAY) == [one]


def test_a_fall_of_8_points_after_the_start_is_a_gain(library):
    first, second = assess_series(library, declared=Declaration(start=START), today=TODAY)
    assert [str(first.view), str(second.view)] == ["occipital", "vertex"]
    assert second.course.verdict is Verdict.GAIN
    # SD of a visit is 0.6 points; 16 visits know the change to about 0.4.
    assert second.course.analyses[0].estimate.delta_pp == pytest.approx(-8.0, abs=1.5)
    assert first.course.verdict is Verdict.NO_LARGER
    assert second.course.primary
    assert second.icc.value > 0.5
    assert any("No primary zone" in said for said in second.course.cautions)
    assert second.method == METHOD


def test_what_is_declared_decides(library):
    declared = Declaration(start=START, primary=(View.VERTEX, "crown"))
    (judged,) = assess_series(library, view=View.VERTEX, declared=declared, today=TODAY)
    assert not judged.assessment.primary
    (crown,) = assess_series(
        library, view=View.VERTEX, zone="crown", declared=declared, today=TODAY
    )
    assert crown.course.primary
    assert not any("No primary zone" in said for said in crown.course.cautions)


def test_without_a_start_it_is_since_tracking_began(library):
    (judged,) = assess_series(library, view=View.VERTEX, today=TODAY)
    assert judged.assessment.since == "tracking"


def test_a_control_and_context_come_when_asked_for(library):
    declared = Declaration(
        start=START, control=(View.OCCIPITAL, "scalp"), treatment="minoxidil"
    )
    (judged,) = assess_series(library, view=View.VERTEX, declared=declared, today=TODAY)
    assert judged.assessment.control is not None
    assert {trial.source for trial in judged.context} == {
        "olsen2002",
        "olsen2007",
        "lucky2004",
    }
    with pytest.raises(LibraryError, match="no trial"):
        assess_series(library, declared=Declaration(treatment="snake oil"))
    with pytest.raises(LibraryError, match="never measured"):
        assess_series(library, declared=Declaration(control=(View.FRONTAL, "scalp")))


def test_two_visits_are_judged_by_the_noise_of_the_series(library):
    (judged,) = assess_series(
        library, view=View.VERTEX, declared=Declaration(start=START), today=TODAY
    )
    first, last = START, START + dt.timedelta(weeks=28)
    change = compare_visits(judged, first=first, last=last)
    assert change.beyond_noise
    assert change.n == 6
    cut = Declaration(haircuts=(START + dt.timedelta(weeks=9),))
    refused = compare_visits(judged, first=first, last=last, declared=cut)
    assert refused.beyond_noise is None
    assert "cut" in refused.comparability.reasons[-1]
    with pytest.raises(LibraryError, match="could be measured"):
        compare_visits(judged, first=first, last=dt.date(2020, 1, 1))


def test_agreement_is_drawn(library, tmp_path):
    path = tmp_path / "agreement.svg"
    found = draw_agreement(library, path, subject="me", view=View.VERTEX)
    assert found.n == len(WEEKS)
    # Differences of two shots of SD 1 point.
    assert found.sd_pp == pytest.approx(2**0.5, rel=0.5)
    assert ET.parse(path).getroot().tag.endswith("svg")


def test_agreement_needs_repeats(tmp_path):
    with Library.create(tmp_path / "few") as few:
        add(few, "vertex -4 0", 0.3)
        with pytest.raises(LibraryError, match="there are 0"):
            draw_agreement(few, tmp_path / "a.svg")


def test_an_empty_library_has_nothing_to_judge(tmp_path):
    with Library.create(tmp_path / "empty") as empty:
        assert assess_series(empty) == []


def test_what_the_library_keeps_of_a_subject_counts(tmp_path):
    with Library.create(tmp_path / "kept") as kept:
        for week in (-2, 0, 2):
            add(kept, f"vertex {week} 0", 0.3, week=week)
        change_subject(
            kept, "me", started_at=START, primary_view=View.VERTEX, primary_zone="crown"
        )
        (judged,) = assess_series(kept, today=TODAY)
        (other,) = assess_series(
            kept, declared=Declaration(start=START + dt.timedelta(weeks=2)), today=TODAY
        )
    assert (judged.assessment.since, judged.assessment.origin) == ("treatment", START)
    assert not judged.assessment.primary
    assert other.course.origin == START + dt.timedelta(weeks=2)  # what is asked goes first
