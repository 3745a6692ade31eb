"""A place that thins against the rest is told; one that goes with the rest is not."""

import datetime as dt
import shutil
from dataclasses import replace

import numpy as np
import pytest

from hairtrack.course import plans
from hairtrack.course.entries import Kind, Status, Treatment
from hairtrack.records import (
    Measurement,
    Method,
    Photo,
    TakenFrom,
    View,
    ZoneMeasurement,
)
from hairtrack.workflows import Library
from hairtrack.workflows import course as courses
from hairtrack.workflows.sites import watch_course

DAY = dt.date(2025, 3, 10)
METHOD = Method(name="hairtrack", version="test")
SQUARES = [f"grid_r{r}c{c}" for r in range(1, 7) for c in range(1, 6)]
SITE = "grid_r4c3"


def measure(rng, *, site, rest, day, number, baseline):
    """Return a photograph and its numbers; repeats differ by half a point."""
    digest = f"{day:%Y%m%d}{number}".ljust(64, "0")
    zones = tuple(
        ZoneMeasurement(
            zone=name,
            visible_scalp=float((site if name == SITE else rest) + rng.normal(0, 0.005)),
            standard_error=0.03,
            area_px=100,
        )
        for name in SQUARES
    )
    photo = Photo(
        digest=digest,
        subject="me",
        visit=day,
        view=View.VERTEX,
        taken_at=None,
        taken_from=TakenFrom.PERSON,
        width=100,
        height=100,
    )
    found = Measurement(
        photo=digest,
        baseline=baseline or digest,
        view=View.VERTEX,
        method=METHOD,
        zones=zones,
    )
    return photo, found


def fill(library, visits, *, shots=3):
    """Keep visits of (weeks, visible scalp at the site, at the rest)."""
    rng = np.random.default_rng(0)
    baseline = ""
    for weeks, site, rest in visits:
        for number in range(shots):
            day = DAY + dt.timedelta(weeks=weeks)
            photo, found = measure(
                rng, site=site, rest=rest, day=day, number=number, baseline=baseline
            )
            library.catalog.add_photo(photo)
            if not baseline:
                baseline = photo.digest
                library.catalog.set_baseline(baseline)
            library.catalog.add_measurement(found)


@pytest.fixture
def library(tmp_path):
    """Return a library with one session at the site."""
    with Library.create(tmp_path / "library") as opened:
        choice = plans.PlanChoice(start=DAY, sessions=1)
        treatment = Treatment(subject="me", kind=Kind.MESOTHERAPY_CHEMICAL)
        (session,) = courses.plan_course(opened, treatment, choice)
        done = replace(session, status=Status.DONE, zones=("crown", SITE))
        courses.replace_entry(opened, done)
        yield opened


def watch(library):
    return watch_course(library, courses.load_course(library, subject="me"))


def test_a_place_that_thins_against_the_rest_is_told(library):
    fill(library, [(-1, 0.30, 0.20), (8, 0.40, 0.20), (20, 0.42, 0.20)])
    found = watch(library)
    # Ten points, with half a point between repeats: 0.5 x sqrt(2 / 3) on a mean of three.
    assert [one.delta_pp for one in found.changes] == pytest.approx([10, 12], abs=1.5)
    assert 0.3 < found.changes[0].sdc_pp < 3
    (alert,) = found.alerts
    assert "square 4-3" in alert.about
    assert alert.source == "jocd12320"


def test_a_haircut_that_bares_all_alike_is_not(library):
    fill(library, [(-1, 0.30, 0.20), (8, 0.40, 0.30), (20, 0.41, 0.31)])
    found = watch(library)
    assert [one.delta_pp for one in found.changes] == pytest.approx([0, 0], abs=1.5)
    assert found.alerts == ()


def test_after_a_year_nothing_more_is_told(library):
    fill(library, [(-1, 0.30, 0.20), (8, 0.30, 0.20), (60, 0.50, 0.20)])
    assert [one.day for one in watch(library).changes] == [DAY + dt.timedelta(weeks=8)]


def test_without_repeats_or_places_it_says_why_not(library, tmp_path):
    fill(library, [(-1, 0.30, 0.20), (8, 0.40, 0.20)], shots=1)
    assert "repeated photographs" in watch(library).why_not
    with Library.create(tmp_path / "other") as other:
        assert "No session names squares" in watch(other).why_not


def test_on_measured_photographs_it_reads_the_grid(measured, tmp_path):
    shutil.copytree(measured, tmp_path / "copy")
    with Library.open(tmp_path / "copy") as library:
        treatment = Treatment(subject="me", kind=Kind.PRP)
        choice = plans.PlanChoice(start=dt.date(2025, 3, 4), sessions=1)
        (session,) = courses.plan_course(library, treatment, choice)
        courses.replace_entry(library, replace(session, status=Status.DONE, zones=(SITE,)))
        # Two photographs and one: a single degree of freedom is too few.
        assert "repeated photographs" in watch(library).why_not
