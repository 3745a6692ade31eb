"""Interim analyses: when they are due, their boundaries, and sudden steps."""

import datetime as dt

import numpy as np
import pytest

from hairtrack.change.interim import (
    MIN_STEP_GAIN,
    SPENT,
    analyze_interim,
    find_step,
    holm,
    judge_estimate,
    normal_score,
    solve_boundary,
)
from hairtrack.change.records import AnalysisPlan, Verdict
from hairtrack.change.trend import TimeSeries, estimate_now, fit_until, shape_after_start
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


def test_looks_are_held_at_24_36_and_52_and_rest_on_nothing_later(lay_out):
    looks = analyze_interim(lay_out(WEEKS, fall))
    assert [look.week for look in looks] == [24, 36, 52]
    assert [(look.day - START).days // 7 for look in looks] == [24, 36, 52]
    assert {look.verdict for look in looks} == {Verdict.GAIN}
    # Three looks of at least 15 visits at SD 0.5 know 4 points to about 0.4.
    assert looks[0].estimate.delta_pp == pytest.approx(-4.0, abs=1.2)
    assert looks[0].joint_interval_pp[0] < looks[0].estimate.interval_pp[0]
    assert [look.estimate.season for look in looks] == [False, False, True]
    early = analyze_interim(lay_out([w for w in WEEKS if w <= 30], fall))
    assert early == looks[:1]
    slow = analyze_interim(lay_out(WEEKS, lambda week: fall(week, 4.0)))
    assert slow[0].verdict is Verdict.LOSS


def test_a_missed_week_moves_its_look_to_the_next_visit(lay_out):
    weeks = [w for w in WEEKS if w not in (24, 26, 36, 38, 40, 42, 44, 46, 48, 50)]
    looks = analyze_interim(lay_out(weeks, fall))
    held = [(look.week, (look.day - START).days // 7) for look in looks]
    assert held == [(24, 28), (52, 52)]
    # Its share was kept.
    assert looks[1].level > analyze_interim(lay_out(WEEKS, fall))[2].level


@pytest.mark.parametrize(
    ("weeks", "count"),
    [
        ([-2, 0, 12, 16, 20, 24], 0),
        ([0, 4, 8, 12, 16, 20, 24], 0),  # one before the start
        ([-2, 0, 8, 12, 16, 20, 24], 1),
    ],
)
def test_too_few_visits_hold_no_look(lay_out, weeks, count):
    assert len(analyze_interim(lay_out(weeks, fall))) == count


def test_a_step_is_no_loss_before_it_is_explained(lay_out):
    def step(week):
        return 35 + 4 * (week >= 17)

    looks = analyze_interim(lay_out(WEEKS, step))
    assert looks[0].verdict is Verdict.NOT_ENOUGH_DATA
    day = looks[0].day.replace(month=5, day=1)  # week 17 is 30 April
    assert analyze_interim(lay_out(WEEKS, step, joined=(day,)))[0].verdict is Verdict.LOSS


def test_no_change_within_the_margin_is_said(lay_out):
    looks = analyze_interim(lay_out(WEEKS, lambda _: 35.0))
    assert {look.verdict for look in looks} == {Verdict.NO_LARGER}
    tight = analyze_interim(lay_out(WEEKS, lambda _: 35.0, margin_pp=0.1))
    assert {look.verdict for look in tight} == {Verdict.WITHIN_NOISE}


def test_without_a_start_it_is_a_line_since_tracking_began(lay_out):
    weeks = [week for week in WEEKS if week <= 46]
    series = lay_out(weeks, lambda week: 35 + week / 10, start=None, sd=0.01)
    assert series.since == "tracking"
    found = estimate_now(series, fit_until(series, len(weeks)))
    assert found.delta_pp == pytest.approx(5.0, abs=0.1)
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


def test_pocock_boundary_of_three_equal_looks():
    """Constant bound 2.289 (Pocock 1977); the error it spends, from tables, comes back."""
    times = np.array([1.0, 2.0, 3.0])
    correlation = np.sqrt(np.minimum.outer(times, times) / np.maximum.outer(times, times))
    rng = np.random.default_rng(1)
    deviates = rng.multivariate_normal(np.zeros(3), correlation, 400_000)
    crossed = np.maximum.accumulate(np.abs(deviates) > 2.289, axis=1)
    spent = crossed.mean(axis=0)
    assert spent[2] == pytest.approx(0.05, abs=0.0015)  # 4 binomial SD of 0.00034
    # Bounds feel correlations rounded to 1/50 and the simulated spending: 0.02.
    assert solve_boundary(correlation, tuple(spent)) == pytest.approx([2.289] * 3, abs=0.02)


def test_looks_together_spend_what_they_may():
    correlation = np.array([[1, 0.8, 0.6], [0.8, 1, 0.75], [0.6, 0.75, 1]])
    bounds = solve_boundary(correlation, list(SPENT.values()))
    rng = np.random.default_rng(2)
    deviates = np.abs(rng.multivariate_normal(np.zeros(3), correlation, 200_000))
    crossed = (deviates > np.array(bounds)).any(axis=1).mean()
    assert crossed == pytest.approx(0.05, abs=0.002)  # 4 binomial SD of 0.0005


def test_quantiles_and_holm_are_those_of_the_tables():
    (bound,) = solve_boundary(np.eye(1), [0.05])
    assert bound == pytest.approx(1.960, abs=2e-3)
    assert normal_score(2.086, 20) == pytest.approx(1.960, abs=1e-3)
    assert normal_score(-2.776, 4) == pytest.approx(-1.960, abs=1e-3)
    # Holm stops at the first that stands.
    assert holm([0.01, 0.04, 0.03, 0.005]) == (True, False, False, True)
    assert holm([]) == ()
    assert holm([0.05, 0.05]) == (False, False)


STEP_WEEKS = np.concatenate([[-4.0, -2.0, 0.0], np.arange(2.0, 53.0, 2.0)])
DAYS = [dt.date(2025, 1, 1) + dt.timedelta(weeks=int(week)) for week in STEP_WEEKS]
SHAPE = shape_after_start(STEP_WEEKS)


def test_a_step_is_found_on_its_day():
    noise = np.random.default_rng(1).normal(0, 0.5, len(STEP_WEEKS))
    found = find_step(DAYS, 30 + 3 * (STEP_WEEKS >= 30) + noise, SHAPE)
    assert (found.after, found.day) == (DAYS[16], DAYS[17])
    assert STEP_WEEKS[17] == 30
    assert found.delta_pp == pytest.approx(3.0, abs=0.6)  # SD of the two means is 0.19
    assert found.better > MIN_STEP_GAIN
    # To less scalp, where only losses matter; a slow course; few visits.
    down = 30 - 3 * (STEP_WEEKS >= 30) + noise
    assert find_step(DAYS, down, SHAPE).delta_pp < -2
    assert find_step(DAYS, down, SHAPE, upwards=True) is None
    slow = 30 + 4 * SHAPE + np.random.default_rng(2).normal(0, 0.3, len(STEP_WEEKS))
    assert find_step(DAYS, slow, SHAPE) is None
    assert find_step(DAYS[:5], np.array([30.0, 30, 30, 40, 40]), SHAPE[:5]) is None


def test_noise_is_seldom_a_step():
    """At most 5 % by Bonferroni; of 400, 20 with a binomial SD of 4.4."""
    rng = np.random.default_rng(3)
    seen = sum(
        find_step(DAYS, rng.normal(30, 2, len(STEP_WEEKS)), SHAPE) is not None
        for _ in range(400)
    )
    assert 1 <= seen <= 33
