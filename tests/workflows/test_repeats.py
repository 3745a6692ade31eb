"""What repeats say of a change: known variances, known quantiles."""

import datetime as dt
import math

import numpy as np
import pytest

from hairtrack.records import View
from hairtrack.workflows import ProgressRow
from hairtrack.workflows.repeats import Repeats, change_between, pool_repeats

# 97.5 % quantiles of Student's t, as printed in any table.
STUDENT = {4: 2.776, 8: 2.306, 18: 2.101, 120: 1.980}


def make_row(*, day=0, level=0.4, spread=0.02, shots=3):
    return ProgressRow(
        subject="me",
        visit=dt.date(2025, 3, 3) + dt.timedelta(days=day),
        day=day,
        view=View.VERTEX,
        visible_scalp=level,
        spread=spread,
        shots=shots,
    )


@pytest.mark.parametrize(("freedom", "quantile"), STUDENT.items())
def test_half_width_is_that_of_students_t(freedom, quantile):
    repeats = Repeats(sd=0.03, freedom=freedom)
    # The expansion is within 0.5 % from 4 degrees of freedom on.
    assert repeats.half_width(1) == pytest.approx(0.03 * quantile, rel=5e-3)


def test_half_width_shrinks_with_shots_and_grows_with_a_second_mean():
    repeats = Repeats(sd=0.03, freedom=20)
    assert repeats.half_width(9) == pytest.approx(repeats.half_width(1) / 3)
    assert repeats.half_width(3, 3) == pytest.approx(math.sqrt(2) * repeats.half_width(3))


def test_spreads_are_pooled_by_their_degrees_of_freedom():
    rows = [make_row(spread=0.01, shots=3), make_row(spread=0.03, shots=5)]
    pooled = pool_repeats(rows)
    assert pooled.freedom == 6
    assert pooled.sd == pytest.approx(math.sqrt((2 * 0.01**2 + 4 * 0.03**2) / 6))


def test_visits_with_one_photograph_say_nothing_of_repeats():
    assert pool_repeats([make_row(spread=None, shots=1)] * 9) is None


def test_too_few_repeats_give_none():
    assert pool_repeats([make_row(shots=4)]) is None
    assert pool_repeats([make_row(shots=5)]) is not None
    assert pool_repeats([]) is None


def test_less_scalp_is_negative():
    repeats = Repeats(sd=0.02, freedom=16)
    first, last = make_row(level=0.40), make_row(level=0.37, day=90)
    delta, (low, high) = change_between(first, last, repeats=repeats)
    assert delta == pytest.approx(-3.0)
    assert low < delta < high
    assert high - low == pytest.approx(200 * repeats.half_width(3, 3))


def test_without_repeats_there_is_a_change_but_no_interval():
    delta, interval = change_between(make_row(level=0.3), make_row(level=0.5), repeats=None)
    assert delta == pytest.approx(20.0)
    assert interval is None


def test_a_visit_without_a_value_is_a_mistake():
    with pytest.raises(ValueError, match="value"):
        change_between(make_row(level=None), make_row(), repeats=None)


def test_the_interval_covers_no_change_as_often_as_it_says():
    """Nine visits of three shots, nothing changes: 95 % of intervals hold 0."""
    rng = np.random.default_rng(7)
    held = 0
    for _ in range(600):
        shots = rng.normal(0.4, 0.02, size=(9, 3))
        rows = [
            make_row(level=float(s.mean()), spread=float(s.std(ddof=1)), day=30 * i)
            for i, s in enumerate(shots)
        ]
        _, (low, high) = change_between(rows[0], rows[-1], repeats=pool_repeats(rows))
        held += low <= 0 <= high
    # 600 trials at 95 %: the count's standard deviation is 5.3, so 3 of them are 16.
    assert abs(held - 570) <= 16
