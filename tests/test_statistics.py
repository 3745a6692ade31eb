import statistics

import pytest
from scipy import stats

from hairtrack.statistics import (
    difference_half_width,
    pool_variance,
    t_interval,
    t_quantile,
)


@pytest.mark.parametrize("dof", [1, 2, 3, 4, 5, 8, 29, 30, 200])
@pytest.mark.parametrize("probability", [0.9, 0.95, 0.975, 0.999])
def test_quantiles_are_those_of_scipy(probability, dof):
    known = stats.t.ppf(probability, dof)
    assert t_quantile(probability, dof) == pytest.approx(known, rel=1e-9)


def test_intervals_are_those_of_the_textbook():
    one, two = [0.30, 0.33, 0.31, 0.36], [0.22, 0.27, 0.25]
    mean, error = statistics.fmean(one), stats.sem(one)
    for confidence in (0.9, 0.95):
        known = stats.t.interval(confidence, 3, mean, error)
        assert t_interval(mean, error, 3, confidence=confidence) == pytest.approx(known)
    low, high = stats.t.interval(0.95, 3, mean, error)
    assert difference_half_width(*pool_variance([one]), [4]) == pytest.approx(
        (high - low) / 2
    )
    interval = stats.ttest_ind(one, two).confidence_interval(0.95)
    assert difference_half_width(*pool_variance([one, two]), [4, 3]) == pytest.approx(
        (interval.high - interval.low) / 2
    )


def test_without_repeats_there_is_no_interval():
    assert pool_variance([[0.3], [0.2], []]) == (0.0, 0)
    assert difference_half_width(0.0, 0, [1, 1]) is None
