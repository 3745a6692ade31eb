"""What is still needed is said with its date, and alerts do not wait."""

import datetime as dt

import pytest

from hairtrack.change.assessment import assess
from hairtrack.change.explanations import advise_on_saturation
from hairtrack.change.records import AnalysisPlan
from hairtrack_phantom.simulation import START

PLAN = AnalysisPlan(start=START)


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
