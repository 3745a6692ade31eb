"""Verdicts, needs and alerts in words: direction, size, doubt; never a cause."""

import datetime as dt

import numpy as np
import pytest

from hairtrack.change.assessment import assess
from hairtrack.change.explanations import (
    advise_on_saturation,
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


def needs(visits, **options):
    return " ".join(assess(visits, plan=PLAN, **options).needed)


def test_the_next_look_is_named_with_its_date(make_visit):
    visits = [make_visit(week, 35) for week in (-4, -2, 0, 4, 8)]
    assert "Wait until 18 June 2025: the formal look of week 24." in needs(visits)


def test_a_look_that_is_due_is_said(make_visit):
    visits = [make_visit(week, 35) for week in (-4, -2, 0, 4, 8)]
    due = needs(visits, today=START + dt.timedelta(weeks=25))
    assert "look of week 24 is due" in due


def test_missing_baseline_and_shots_are_asked_for(make_visit):
    told = needs([make_visit(-3, 35, shots=1)], today=START - dt.timedelta(days=9))
    assert "2 more visits before treatment starts on 1 January 2025." in told
    assert "three photographs" in told


def test_more_visits_are_counted(make_visit):
    assert "3 more visits for a formal look." in needs(
        [make_visit(w, 35) for w in (-2, 0, 4, 8)]
    )


def test_an_unexplained_step_is_asked_about(make_visit):
    visits = [make_visit(w, 35 + 4 * (w >= 17) + 0.3 * (w % 4)) for w in range(-4, 27, 2)]
    assert "Say whether the hair was cut or changed between 23 April" in needs(visits)


def test_loss_on_two_visits_running_alerts_before_week_12(make_visit):
    calm = [make_visit(w, 30 + w % 2) for w in (-4, -3, -2, -1, 0, 2)]
    once = [*calm, make_visit(4, 55)]
    twice = [*once, make_visit(6, 56)]
    assert assess(calm, plan=PLAN).alerts == ()
    assert assess(once, plan=PLAN).alerts == ()
    (alert,) = assess(twice, plan=PLAN).alerts
    assert "two visits running" in alert
    assert "clinician" in alert


@pytest.mark.parametrize(("scalp", "advised"), [(0.1, True), (0.15, True), (0.2, False)])
def test_dense_hair_is_sent_to_the_parted_view(scalp, advised):
    said = advise_on_saturation(scalp)
    assert (said is not None) == advised
    assert not advised or "midline" in said
