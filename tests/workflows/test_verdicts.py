"""A library's measurements become verdicts, the same for chart, table and overview."""

import datetime as dt
import xml.etree.ElementTree as ET

import numpy as np
import pytest
from factories import METHOD, make_measurement, make_photo

from hairtrack.change.records import Verdict
from hairtrack.course.entries import Kind, Mark, Remark, Session, Settings, Treatment
from hairtrack.course.timeline import EventKind
from hairtrack.errors import LibraryError
from hairtrack.records import HairState, Method, Quality, Registration, View
from hairtrack.store import Courses
from hairtrack.workflows import (
    Declaration,
    Library,
    assess_series,
    draw_agreement,
    progress,
)
from hairtrack.workflows.course import (
    load_course,
    save_entry,
    save_settings,
)
from hairtrack.workflows.editing import change_subject, change_visit
from hairtrack.workflows.verdicts import compare_visits

START = dt.date(2025, 3, 3)
TODAY = dt.date(2025, 12, 1)
WEEKS = [-4, -2, 0, *range(2, 29, 2)]


def add(library, name, level, *, week=0, view=View.VERTEX):
    catalog, visit = library.catalog, START + dt.timedelta(weeks=week)
    photo = make_photo(name, subject="me", visit=visit, view=view, width=100)
    catalog.add_photo(photo)
    catalog.set_baseline(photo.digest)  # the first one stays
    eye = ((1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 1.0))
    values = {
        "quality": Quality(numbers=(("brightness", 0.7), ("head_width_px", 50.0))),
        "registration": Registration(
            matrix=eye, model="affine", inliers=9, rms_px=0.5, scale=1.0, overlap=0.9
        ),
    }
    baseline = catalog.photo(catalog.baselines()["me", view])
    catalog.add_measurement(make_measurement(photo, baseline, level, error=0.05, **values))


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
    (grid,) = assess_series(library, subject="me", view=View.VERTEX, zone="grid_r1c1")
    assert grid.assessment is None


def test_every_zone_is_told_at_once_as_it_is_alone(library):
    told = assess_series(library, view=View.VERTEX, zone=None, today=TODAY)
    for one in told:
        assert assess_series(library, view=View.VERTEX, zone=one.zone, today=TODAY) == [one]


def test_a_fall_of_8_points_after_the_start_is_a_gain(library):
    first, second = assess_series(library, declared=Declaration(start=START), today=TODAY)
    assert [first.view, second.view] == [View.OCCIPITAL, View.VERTEX]
    assert first.assessment.verdict is Verdict.NO_LARGER
    assert second.assessment.verdict is Verdict.GAIN
    # SD of a visit is 0.6 points; 16 visits know the change to about 0.4.
    assert second.assessment.analyses[0].estimate.delta_pp == pytest.approx(-8.0, abs=1.5)
    assert second.icc.value > 0.5
    assert second.method == METHOD
    (alone,) = assess_series(library, view=View.VERTEX, today=TODAY)
    assert alone.assessment.since == "tracking"


def test_what_is_declared_decides(library):
    def judge(zone, **declared):
        declared = Declaration(start=START, **declared)
        wanted = {"view": View.VERTEX, "zone": zone, "today": TODAY}
        (judged,) = assess_series(library, declared=declared, **wanted)
        said = any("chosen beforehand" in one for one in judged.assessment.cautions)
        return judged.assessment.primary, said

    assert judge("scalp") == (True, True)
    primary = (View.VERTEX, "crown")
    assert not judge("scalp", primary=primary)[0]
    assert judge("crown", primary=primary) == (True, False)


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


def test_agreement_is_drawn_of_repeats(library, tmp_path):
    path = tmp_path / "agreement.svg"
    found = draw_agreement(library, path, subject="me", view=View.VERTEX)
    assert found.n == len(WEEKS)
    # Differences of two shots of SD 1 point.
    assert found.sd_pp == pytest.approx(2**0.5, rel=0.5)
    assert ET.parse(path).getroot().tag.endswith("svg")
    with Library.create(tmp_path / "few") as few:
        assert assess_series(few) == []
        add(few, "vertex -4 0", 0.3)
        with pytest.raises(LibraryError, match="there are 0"):
            draw_agreement(few, tmp_path / "a.svg")


def test_what_the_library_keeps_of_a_subject_counts(kept):
    change_subject(
        kept, "me", started_at=START, primary_view=View.VERTEX, primary_zone="crown"
    )
    (judged,) = assess_series(kept, today=TODAY)
    later = START + dt.timedelta(weeks=2)
    (other,) = assess_series(kept, declared=Declaration(start=later), today=TODAY)
    assert (judged.assessment.since, judged.assessment.origin) == ("treatment", START)
    assert not judged.assessment.primary
    assert other.assessment.origin == later, "what is asked goes first"


def chart(library, view=View.VERTEX, zone="crown"):
    (found,) = assess_series(library, subject="me", view=view, zone=zone, today=TODAY)
    return found


def test_the_chart_shows_what_the_table_and_the_verdict_say(library):
    found = chart(library)
    rows = progress(library, view=View.VERTEX, zone="crown")
    levels = [row.visible_scalp for row in rows]
    assert [row.visible_scalp for row in found.visits] == levels
    assert [visit.level for visit in found.assessment.visits] == pytest.approx(levels)
    every = assess_series(library, subject="me", zone=None, today=TODAY)
    assert found in every
    half = found.assessment.repeatability.sdc95_pp / 100
    level = found.reference.level
    assert found.noise == pytest.approx((level - half, level + half))
    empty = chart(library, zone="moon")
    assert {row.reading for row in empty.visits} == {None}
    assert len(empty.visits) == len(found.visits)
    assert empty.assessment is None
    assert (empty.noise, empty.reference) == (None, None)


@pytest.fixture
def kept(tmp_path):
    with Library.create(tmp_path / "kept") as kept:
        for week in (-4, -2, 0, 4, 8, 12):
            add(kept, f"vertex {week} 0", 0.3, week=week)
        yield kept


def test_events_and_breaks_come_with_the_chart(kept):
    save_settings(kept, Settings(subject="me", zone="UTC", started_on=START))
    cut, joined = START + dt.timedelta(weeks=10), START + dt.timedelta(weeks=12)
    save_entry(kept, Remark(subject="me", day=cut, mark=Mark.HAIRCUT))
    found = chart(kept)
    assert found.started_on == START
    kinds = [(event.day, event.kind) for event in found.events]
    assert kinds == [(START, EventKind.START), (cut, EventKind.REMARK)]
    assert [one.day for one in found.assessment.breaks] == [joined]
    assert found.reference.day == joined


def test_the_newest_method_is_shown(kept):
    older = chart(kept).method
    photo, newer = kept.catalog.photos()[0], Method(name="m", version="2")
    kept.catalog.add_measurement(make_measurement(photo, photo, 0.2, method=newer))
    found = chart(kept)
    assert older != found.method == newer


def test_sessions_haircuts_and_notes_belong_to_the_conditions(kept):
    day_before = dt.datetime.combine(START - dt.timedelta(days=1), dt.time(10), dt.UTC)
    courses = Courses(kept.catalog)
    (number,) = courses.add(Treatment(subject="me", kind=Kind.PRP))
    cut, noted = START - dt.timedelta(days=9), START - dt.timedelta(days=3)
    courses.add(
        Session(treatment=number, subject="me", number=1, at=day_before),
        Remark(subject="me", day=cut, mark=Mark.HAIRCUT),
        Remark(subject="me", day=START + dt.timedelta(days=9), mark=Mark.DYE),
    )
    readings = {one.day: one.conditions for one in chart(kept).readings}
    # Of a day alone the earliest hour counts: fourteen after the session.
    assert readings[START].hours_since_treatment == pytest.approx(14)
    assert (readings[START].haircut_on, readings[START].dyed_on) == (cut, None)
    told = {"hair_state": HairState.OILY, "hair_length_mm": 30.0, "haircut_on": noted}
    change_visit(kept, "me", START, **told)
    found = {one.day: one.conditions for one in chart(kept).readings}[START]
    assert {name: getattr(found, name) for name in told} == told


# ---- one definition of week 0 ---------------------------------------------------------


def test_week_zero_is_the_same_for_table_chart_comparison_and_verdict(kept):
    start = START + dt.timedelta(weeks=2)
    change_subject(kept, "me", started_at=start)
    days = [row.day for row in progress(kept)]
    assert days == [7 * (week - 2) for week in (-4, -2, 0, 4, 8, 12)]
    (series,) = assess_series(kept, today=TODAY)
    assert [row.day for row in series.visits] == days
    assert series.week_zero == series.started_on == series.assessment.origin == start
    assert load_course(kept, subject="me").settings.started_on == start
    (asked,) = assess_series(kept, declared=Declaration(start=START), today=TODAY)
    assert [row.day for row in asked.visits] == [day + 14 for day in days]


def test_a_declared_start_is_not_asked_for_again(kept):
    def is_asked():
        (found,) = assess_series(kept, today=TODAY)
        return any("Enter the start" in need for need in found.assessment.needed)

    assert is_asked()
    # Before the first visit, so the visits cannot be compared with one before it.
    change_subject(kept, "me", started_at=START - dt.timedelta(weeks=9))
    assert not is_asked()
