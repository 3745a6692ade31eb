"""Verdicts, needs and alerts in words: direction, size, doubt; never a cause."""

import dataclasses
import datetime as dt
import re

import numpy as np
import pytest

from hairtrack.change.assessment import assess
from hairtrack.change.explanations import (
    advise_on_saturation,
    describe_change,
    describe_delta,
    describe_interval,
    describe_verdict,
    explain_verdict,
)
from hairtrack.change.records import AnalysisPlan, Comparability, Grade, Verdict
from hairtrack.change.repeatability import change_between, measure_repeatability
from hairtrack.records import WHOLE, View
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


def tell(life, *, until=52, seed=5):
    visits = simulate_visits(life, np.random.default_rng(seed)).target
    seen = [v for v in visits if (v.day - START).days <= 7 * until]
    return describe_verdict(assess(seen, plan=PLAN))


GAIN, LOSS = Scenario(delta_pp=-8.0, missing=0.0), Scenario(delta_pp=8.0, missing=0.0)


@pytest.mark.parametrize(
    ("life", "until", "begins", "ends"),
    [
        (GAIN, 52, "The top of your head looks fuller. Visible", "This is probably real."),
        (LOSS, 52, "The top of your head looks thinner. Visible", "This is probably real."),
        (GAIN, 10, "Too early to tell. ", "week 12 of the treatment on, 26 March 2025."),
        (GAIN, 20, "The top of your head may look fuller. ", "at the check of week 24."),
        (GAIN, 30, "The top of your head looks fuller. ", "This is probably real."),
        (Scenario(sd_pp=0.5), 52, "The top of your head looks the same. ", "is unlikely."),
        (
            Scenario(sd_pp=4.0),
            52,
            "The top of your head shows no clear change. ",
            "chance.",
        ),
    ],
)
def test_the_sentence_of_a_verdict(life, until, begins, ends):
    told = tell(life, until=until)
    assert told.startswith(begins)
    assert told.endswith(ends)


def test_nothing_seen_and_one_visit(make_visit):
    assert describe_verdict(assess([])) == "No answer yet: no visit could be measured."
    one = assess([make_visit(0, 35)])
    assert describe_verdict(one) == "No answer yet: there is only one visit."


@pytest.mark.parametrize("life", [GAIN, LOSS, Scenario(sd_pp=0.5)], ids=str)
def test_the_sentence_and_its_reason_tell_the_estimate(life):
    """The words hold the numbers of the trend, rounded as they say."""
    visits = simulate_visits(life, np.random.default_rng(5)).target
    found = assess(visits, plan=PLAN)
    now = found.estimate
    trend = [100 * point.level for point in found.trend]
    # A yearly wave is in the trend that is drawn, and not in the change; no wave here.
    assert now.start_pp == pytest.approx(trend[0], abs=1)
    assert now.start_pp + now.delta_pp == pytest.approx(trend[-1], abs=1)
    said = re.search(
        r"from ([0-9.]+) % to ([0-9.]+) % in 52 weeks", describe_verdict(found)
    )
    spec = ".1f" if "." in said[1] else ".0f"
    assert said[1] == format(now.start_pp, spec)
    assert said[2] == format(now.start_pp + now.delta_pp, spec)
    why = explain_verdict(found)[0]
    assert f"{abs(now.delta_pp):.1f} points {'less' if now.delta_pp < 0 else 'more'}" in why
    for end in now.interval_pp:
        assert f"{abs(end):.1f} points {'less' if end < 0 else 'more'}" in why


def test_a_change_that_is_not_certain_is_not_called_real():
    found = assess(simulate_visits(GAIN, np.random.default_rng(5)).target, plan=PLAN)
    for verdict in (Verdict.WITHIN_NOISE, Verdict.NO_LARGER):
        told = describe_verdict(dataclasses.replace(found, verdict=verdict))
        assert "may look fuller" in told
        assert "This is not certain yet: " in told
        assert "probably real" not in told
    told = describe_verdict(dataclasses.replace(found, latest_verdict=Verdict.WITHIN_NOISE))
    assert "looked fuller at the check of week 52, but the newest photographs" in told
    assert "probably real" not in told


def test_every_part_of_the_head_has_its_name():
    found = assess(simulate_visits(GAIN, np.random.default_rng(5)).target, plan=PLAN)
    for view in View:
        for zone in (WHOLE, "crown", "mid_scalp"):
            told = describe_verdict(found, view=view, zone=zone)
            assert re.match(r"(The |Your |This )[a-z ]+ looks fuller\.", told), told


def test_two_visits_in_words(make_visit):
    told = describe_interval((-3.0, -1.0))
    assert told == "between 3.0 points less and 1.0 points less"
    known = measure_repeatability([])
    first, last = make_visit(0, 40), make_visit(20, 20)
    change = change_between(first, last, known)
    assert describe_change(change).startswith("Between these two visits: less scalp shows")
    assert "more than chance explains" in describe_change(change)
    assert "assumed" in describe_change(change)
    assert "may be no change" in describe_change(change_between(first, first, known))
    wet = Comparability(grade=Grade.REFUSED, reasons=("the hair is wet on one",))
    refused = change_between(first, last, known, comparability=wet)
    assert describe_change(refused).endswith("cannot be compared: the hair is wet on one.")


def test_no_verdict_names_a_cause_or_praises():
    told = [
        tell(Scenario(delta_pp=d, missing=0.0), until=w)
        for d in (-8, 0, 8)
        for w in (10, 20, 40)
    ]
    for word in ("works", "proven", "regrown", "because", "you should", "Provisional"):
        assert not any(word in one for one in told)


def needs(visits, **options):
    return " ".join(assess(visits, plan=PLAN, **options).needed)


def test_what_is_needed_next_is_said(make_visit):
    visits = [make_visit(week, 35) for week in (-4, -2, 0, 4, 8)]
    assert "The next check is on 18 June 2025, in week 24." in needs(visits)
    due = needs(visits, today=START + dt.timedelta(weeks=25))
    assert "check of week 24 is due" in due
    assert "3 more visits are needed for a check." in needs(visits[1:])
    told = needs([make_visit(-3, 35, shots=1)], today=START - dt.timedelta(days=9))
    assert "2 more visits before treatment starts on 1 January 2025." in told
    assert "three photographs" in told


def test_an_unexplained_step_is_asked_about(make_visit):
    visits = [make_visit(w, 35 + 4 * (w >= 17) + 0.3 * (w % 4)) for w in range(-4, 27, 2)]
    assert "Note whether the hair was cut, dyed or changed between 23 April" in needs(
        visits
    )


def test_loss_on_two_visits_running_alerts_before_week_12(make_visit):
    calm = [make_visit(w, 30 + w % 2) for w in (-4, -3, -2, -1, 0, 2)]
    once = [*calm, make_visit(4, 55)]
    twice = [*once, make_visit(6, 56)]
    assert assess(calm, plan=PLAN).alerts == ()
    assert assess(once, plan=PLAN).alerts == ()
    (alert,) = assess(twice, plan=PLAN).alerts
    assert "two visits in a row" in alert
    assert "clinician" in alert


@pytest.mark.parametrize(("scalp", "advised"), [(0.1, True), (0.15, True), (0.2, False)])
def test_dense_hair_is_sent_to_the_parted_view(scalp, advised):
    said = advise_on_saturation(scalp)
    assert (said is not None) == advised
    assert not advised or "parting" in said
