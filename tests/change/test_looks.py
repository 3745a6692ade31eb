"""Boundaries known from the literature, and by simulation."""

import numpy as np
import pytest

from hairtrack.change.interim import SPENT, holm, normal_score, solve_boundary


def test_one_look_is_the_usual_quantile():
    (bound,) = solve_boundary(np.eye(1), [0.05])
    assert bound == pytest.approx(1.960, abs=2e-3)


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


def test_the_schedule_ends_at_5_per_cent():
    assert list(SPENT) == [24, 36, 52]
    assert list(SPENT.values()) == sorted(SPENT.values())
    assert SPENT[52] == 0.05


def test_a_t_statistic_as_a_normal_deviate():
    assert normal_score(2.086, 20) == pytest.approx(1.960, abs=1e-3)
    assert normal_score(-2.776, 4) == pytest.approx(-1.960, abs=1e-3)


def test_holm_stops_at_the_first_that_stands():
    assert holm([0.01, 0.04, 0.03, 0.005]) == (True, False, False, True)
    assert holm([]) == ()
    assert holm([0.02, 0.02], level=0.02) == (False, False)
