"""A step is told from a slope, and noise from both."""

import datetime as dt

import numpy as np
import pytest

from hairtrack.change.interim import MIN_STEP_GAIN, find_step
from hairtrack.change.trend import shape_after_start

WEEKS = np.concatenate([[-4.0, -2.0, 0.0], np.arange(2.0, 53.0, 2.0)])
DAYS = [dt.date(2025, 1, 1) + dt.timedelta(weeks=int(week)) for week in WEEKS]
SHAPE = shape_after_start(WEEKS)


def test_a_step_is_found_on_its_day():
    rng = np.random.default_rng(1)
    levels = 30 + 3 * (WEEKS >= 30) + rng.normal(0, 0.5, len(WEEKS))
    found = find_step(DAYS, levels, SHAPE)
    assert (found.after, found.day) == (DAYS[16], DAYS[17])
    assert WEEKS[17] == 30
    assert found.delta_pp == pytest.approx(3.0, abs=0.6)  # SD of the two means is 0.19
    assert found.better > MIN_STEP_GAIN


def test_a_slow_course_is_no_step():
    levels = 30 + 4 * SHAPE + np.random.default_rng(2).normal(0, 0.3, len(WEEKS))
    assert find_step(DAYS, levels, SHAPE) is None


def test_steps_to_less_scalp_are_left_out_when_only_losses_matter():
    levels = 30 - 3 * (WEEKS >= 30) + np.random.default_rng(1).normal(0, 0.5, len(WEEKS))
    assert find_step(DAYS, levels, SHAPE).delta_pp < -2
    assert find_step(DAYS, levels, SHAPE, upwards=True) is None


def test_noise_is_seldom_a_step():
    """At most 5 % by Bonferroni; of 400, 20 with a binomial SD of 4.4."""
    rng = np.random.default_rng(3)
    seen = sum(
        find_step(DAYS, rng.normal(30, 2, len(WEEKS)), SHAPE) is not None
        for _ in range(400)
    )
    assert 1 <= seen <= 33


def test_few_visits_tell_no_step():
    assert find_step(DAYS[:5], np.array([30.0, 30, 30, 40, 40]), SHAPE[:5]) is None
