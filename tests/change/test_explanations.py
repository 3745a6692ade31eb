"""Verdicts in words: direction, size, doubt; never the bare sign or a cause."""

import numpy as np
import pytest

from hairtrack.change.assessment import assess
from hairtrack.change.explanations import (
    describe_change,
    describe_delta,
    describe_interval,
    describe_verdict,
)
from hairtrack.change.records import AnalysisPlan, Comparability, Grade
from hairtrack.change.repeatability import change_between, measure_repeatability
from hairtrack_phantom.simulation import START, Scenario, simulate_visits

PLAN = AnalysisPlan(start=START)


@pytest.mark.parametrize(
    ("delta_pp", "words"),
    [
        (-3.14, "less scalp shows: 3.1 points"),
        (2.0, "more scalp shows: 2.0 points"),
        (0.0, "as much scalp shows as before"),
        (-0.049, "as much scalp shows as before"),
        (-0.051, "less scalp shows: 0.1 points"),
    ],
)
def test_a_difference_in_words(delta_pp, words):
    assert describe_delta(delta_pp) == words


def test_an_interval_in_words():
    assert describe_interval((-3.0, -1.0)) == "between 3.0 points less and 1.0 points less"


def tell(life, *, until=52, seed=5):
    visits = simulate_visits(life, np.random.default_rng(seed)).target
    seen = [v for v in visits if (v.day - START).days <= 7 * until]
    return describe_verdict(assess(seen, plan=PLAN))


def test_a_gain_a_loss_and_none():
    gain = tell(Scenario(delta_pp=-8.0, missing=0.0))
    assert gain.startswith("Less scalp shows: ")
    assert "at the formal look of week 52" in gain
    assert tell(Scenario(delta_pp=8.0, missing=0.0)).startswith("More scalp shows: ")
    assert tell(Scenario(sd_pp=0.5)).startswith("No change larger than 3 points")
    assert tell(Scenario(sd_pp=4.0)).startswith("Within noise")


def test_early_and_provisional_are_worded_so():
    life = Scenario(delta_pp=-8.0, missing=0.0)
    assert tell(life, until=10).startswith("Too early")
    assert tell(life, until=20).startswith("Provisional, not a finding: ")
    assert "Since then, provisionally: " in tell(life, until=30)
    assert describe_verdict(assess([])).startswith("Not enough data")


def test_two_visits_in_words(make_visit):
    known = measure_repeatability([])
    first, last = make_visit(0, 40), make_visit(20, 20)
    change = change_between(first, last, known)
    assert "more than repeats differ by" in describe_change(change)
    assert "assumed" in describe_change(change)
    assert "may be none" in describe_change(change_between(first, first, known))
    wet = Comparability(grade=Grade.REFUSED, reasons=("the hair is wet on one",))
    refused = change_between(first, last, known, comparability=wet)
    assert describe_change(refused).endswith("cannot be compared: the hair is wet on one.")


def test_no_verdict_names_a_cause_or_praises():
    told = [
        tell(Scenario(delta_pp=d, missing=0.0), until=w)
        for d in (-8, 0, 8)
        for w in (10, 20, 40)
    ]
    for word in ("works", "proven", "regrown", "because"):
        assert not any(word in one for one in told)
