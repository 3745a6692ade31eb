"""What is printed of a verdict: plain values for machines, sentences for people."""

import datetime as dt
import json

import numpy as np
import pytest
import typer

from hairtrack.change.assessment import assess
from hairtrack.change.records import AnalysisPlan
from hairtrack.cli import judge
from hairtrack.course.facts import packaged_facts
from hairtrack.records import Method, View
from hairtrack.workflows import Series
from hairtrack_phantom.simulation import START, Scenario, simulate_visits


@pytest.fixture(scope="module")
def judged():
    visits = simulate_visits(
        Scenario(delta_pp=-6.0, missing=0.0), np.random.default_rng(1)
    ).target
    return Series(
        subject="me",
        view=View.VERTEX,
        zone="scalp",
        week_zero=START,
        assessment=assess(visits, plan=AnalysisPlan(start=START)),
        method=Method(name="m", version="7"),
        context=tuple(packaged_facts().trials_of("prp")),
    )


def test_every_number_comes_with_interval_n_and_method(judged):
    found = json.loads(json.dumps(judge.series_to_json(judged)))
    assert found["verdict"] == "gain"
    assert found["method"] == {"name": "m", "version": "7"}
    assert found["rules"]
    look = found["analyses"][0]
    assert {"delta_pp", "interval_pp", "n", "photos"} <= set(look["estimate"])
    assert look["day"] == "2025-06-18"
    assert len(look["joint_interval_pp"]) == 2
    assert found["visits"][0]["interval"][0] < found["visits"][0]["level"]
    assert found["repeatability"]["noise"] == "own"
    assert found["context"][0]["source"] == "kieling2024"


def test_people_read_verdict_noise_and_context(judged, capsys):
    judge.print_progress([judged])
    told = capsys.readouterr().out
    assert "me, vertex" in told
    assert "  Less scalp shows: " in told
    assert "(SD, own)" in told
    assert "+27.6 hairs/cm²" in told
    assert "no promise" in told


def test_what_was_typed_becomes_what_was_declared():
    day = dt.datetime(2025, 3, 3)
    declared = judge.declare(
        start=day, primary="vertex/crown", control="occipital", joined=[day]
    )
    assert declared.start == day.date()
    assert declared.primary == (View.VERTEX, "crown")
    assert declared.control == (View.OCCIPITAL, "scalp")
    assert declared.joined == (day.date(),)
    assert judge.is_personal(declared)
    assert not judge.is_personal(judge.declare(control="occipital"))


def test_a_zone_of_no_view_is_wrong_use():
    with pytest.raises(typer.BadParameter, match="moon"):
        judge.declare(primary="moon")
