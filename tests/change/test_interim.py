"""Looks are held when they are due, on what was known then."""

import numpy as np
import pytest

from hairtrack.change.interim import analyze_interim, judge_estimate
from hairtrack.change.records import AnalysisPlan, Verdict
from hairtrack.change.trend import TimeSeries, estimate_now, fit_until
from hairtrack_phantom.simulation import START

WEEKS = [-4, -2, 0, *range(2, 53, 2)]


@pytest.fixture
def lay_out(make_visit):
    def lay_out(weeks, level, *, start=START, seed=1, sd=0.5, **plan):
        rng = np.random.default_rng(seed)
        kept = [(make_visit(w, level(w) + rng.normal(0, sd)), 0.0) for w in weeks]
        return TimeSeries.of(kept, plan=AnalysisPlan(start=start, **plan), broken=False)

    return lay_out


def fall(week, size=-4.0):
    return 35 + size * min(1.0, max(0.0, (week - 8) / 16))


def test_looks_are_held_at_24_36_and_52(lay_out):
    looks = analyze_interim(lay_out(WEEKS, fall))
    assert [look.week for look in looks] == [24, 36, 52]
    assert [(look.day - START).days // 7 for look in looks] == [24, 36, 52]
    assert {look.verdict for look in looks} == {Verdict.GAIN}
    # Three looks of at least 15 visits at SD 0.5 know 4 points to about 0.4.
    assert looks[0].estimate.delta_pp == pytest.approx(-4.0, abs=1.2)
    assert looks[0].joint_interval_pp[0] < looks[0].estimate.interval_pp[0]


def test_a_look_rests_on_nothing_later(lay_out):
    early = analyze_interim(lay_out([w for w in WEEKS if w <= 30], fall))
    late = analyze_interim(lay_out(WEEKS, fall))
    assert early == late[:1]


def test_a_missed_week_moves_its_look_to_the_next_visit(lay_out):
    weeks = [w for w in WEEKS if w not in (24, 26, 36, 38, 40, 42, 44, 46, 48, 50)]
    looks = analyze_interim(lay_out(weeks, fall))
    assert [(look.week, (look.day - START).days // 7) for look in looks] == [
        (24, 28),
        (52, 52),
    ]
    assert (
        looks[1].level > analyze_interim(lay_out(WEEKS, fall))[2].level
    )  # its share was kept


def test_too_few_visits_hold_no_look(lay_out):
    assert analyze_interim(lay_out([-2, 0, 12, 16, 20, 24], fall)) == ()
    assert (
        analyze_interim(lay_out([0, 4, 8, 12, 16, 20, 24], fall)) == ()
    )  # one before the start
    assert len(analyze_interim(lay_out([-2, 0, 8, 12, 16, 20, 24], fall))) == 1


def test_season_is_fitted_from_a_year_on(lay_out):
    looks = analyze_interim(lay_out(WEEKS, fall))
    assert [look.estimate.season for look in looks] == [False, False, True]


def test_a_step_is_no_loss_before_it_is_explained(lay_out):
    def step(week):
        return 35 + 4 * (week >= 17)

    looks = analyze_interim(lay_out(WEEKS, step))
    assert looks[0].verdict is Verdict.NOT_ENOUGH_DATA
    day = looks[0].day.replace(month=5, day=1)  # week 17 is 30 April
    assert analyze_interim(lay_out(WEEKS, step, joined=(day,)))[0].verdict is Verdict.LOSS


def test_a_slow_loss_is_a_loss(lay_out):
    assert (
        analyze_interim(lay_out(WEEKS, lambda week: fall(week, 4.0)))[0].verdict
        is Verdict.LOSS
    )


def test_no_change_within_the_margin_is_said(lay_out):
    looks = analyze_interim(lay_out(WEEKS, lambda _: 35.0))
    assert {look.verdict for look in looks} == {Verdict.NO_LARGER}
    tight = analyze_interim(lay_out(WEEKS, lambda _: 35.0, margin_pp=0.1))
    assert {look.verdict for look in tight} == {Verdict.WITHIN_NOISE}


def test_without_a_start_it_is_a_line_since_tracking_began(lay_out):
    series = lay_out(WEEKS, lambda week: 35 + week / 10, start=None, sd=0.01)
    assert series.since == "tracking"
    found = estimate_now(series, fit_until(series, len(WEEKS), season=False))
    assert found.delta_pp == pytest.approx(5.6, abs=0.1)
    assert found.slope_pp == pytest.approx(0.4, abs=0.02)


def test_few_visits_are_judged_with_assumed_noise(lay_out):
    series = lay_out([-2, 0, 8, 14], fall, sd=0.0)
    found = estimate_now(series, fit_until(series, 4))
    assert found.dof == 6  # two of its own, four assumed
    assert found.sd_pp > 1
    assert judge_estimate(found, 3.0) is Verdict.WITHIN_NOISE


def test_before_24_weeks_the_change_so_far_is_told(lay_out):
    series = lay_out(
        [w for w in WEEKS if w <= 14], lambda w: 35 - 4 * max(0.0, (w - 4) / 20), sd=0.0
    )
    found = estimate_now(series, fit_until(series, len(series.days)))
    assert found.delta_pp == pytest.approx(-2.0, abs=0.01)
