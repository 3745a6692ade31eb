"""Bland-Altman and ICC against figures worked out by hand."""

import datetime as dt

import numpy as np
import pytest

from hairtrack.change.records import VisitReading
from hairtrack.change.repeatability import bland_altman, intraclass_correlation, pair_photos

SHROUT_FLEISS = [
    (9, 2, 5, 8),
    (6, 1, 3, 2),
    (8, 4, 6, 8),
    (7, 1, 2, 6),
    (10, 5, 6, 9),
    (6, 2, 4, 7),
]
"""The example of their paper: ICC(1,1) is 0.17, its interval -0.13 to 0.72."""


def make_readings(groups):
    return [
        VisitReading(day=dt.date(2025, 1, 1 + i), values=tuple(g))
        for i, g in enumerate(groups)
    ]


def test_icc_is_that_of_shrout_and_fleiss():
    found = intraclass_correlation(make_readings(SHROUT_FLEISS))
    assert found.form == "ICC(1,1)"
    assert found.value == pytest.approx(0.17, abs=0.005)
    assert found.interval == pytest.approx((-0.13, 0.72), abs=0.01)
    assert (found.visits, found.photos_per_visit) == (6, 4)


def test_icc_needs_repeats_and_spread():
    with pytest.raises(ValueError, match="repeats"):
        intraclass_correlation(make_readings([(0.3,), (0.4,)]))
    with pytest.raises(ValueError, match="differ"):
        intraclass_correlation(make_readings([(0.3, 0.3), (0.4, 0.4)]))


def test_bland_altman_by_hand():
    found = bland_altman([(0.30, 0.31), (0.40, 0.40), (0.35, 0.38), (0.2, 0.2)])
    assert found.bias_pp == pytest.approx(1.0)
    assert found.sd_pp == pytest.approx(np.std([1, 0, 3, 0], ddof=1))
    assert found.limits_pp == pytest.approx((1 - 1.96 * 2**0.5, 1 + 1.96 * 2**0.5))
    assert found.bias_interval_pp[1] - 1 == pytest.approx(3.182 * 2**0.5 / 2, rel=1e-3)
    assert found.points[2] == pytest.approx((36.5, 3.0))


def test_fewer_than_three_pairs_say_nothing():
    with pytest.raises(ValueError, match="three pairs"):
        bland_altman([(0.3, 0.3), (0.3, 0.4)])


def test_pairs_are_the_first_two_of_each_visit():
    assert pair_photos(make_readings([(0.1, 0.2, 0.3), (0.4,)])) == [(0.1, 0.2)]
