"""Known variances come back, few data are drawn to the prior, outliers are flagged."""

import datetime as dt
import math

import numpy as np
import pytest

from hairtrack.change.records import Comparability, Grade, Noise, VisitReading
from hairtrack.change.repeatability import (
    bland_altman,
    change_between,
    intraclass_correlation,
    measure_repeatability,
    pair_photos,
    shrink,
    value_visit,
)

STUDENT_975 = {4: 2.776, 20: 2.086}
"""As printed in any table."""


def test_spreads_are_pooled_by_their_degrees_of_freedom(make_visit):
    visits = [make_visit(week, 30 + week, spread=2.0) for week in range(10)]
    known = measure_repeatability(visits)
    assert known.within_pp == pytest.approx(2.0)  # shots at -2, 0, 2: SD 2
    assert known.within_dof == 20


def test_without_data_all_is_assumed():
    known = measure_repeatability([])
    assert known.noise is Noise.ASSUMED
    assert known.sem_pp == pytest.approx(math.hypot(3.0, 1.5))
    assert known.sdc95_pp == pytest.approx(
        STUDENT_975[4] * math.sqrt(2) * known.sem_pp, rel=1e-3
    )


def test_sdc_with_many_own_visits_is_1_96_root_2_sem(make_visit):
    visits = [make_visit(week, 30) for week in range(9)]
    known = measure_repeatability(visits, steady=(4.0, 2000))
    assert known.noise is Noise.OWN
    assert known.sem_pp == pytest.approx(2.0)
    assert known.sdc95_pp == pytest.approx(1.96 * math.sqrt(2) * 2.0, rel=2e-3)


def test_noise_is_ones_own_only_from_8_degrees_of_freedom(make_visit):
    for freedom, noise, dof in (
        (1, "partly assumed", 5),
        (7, "partly assumed", 11),
        (8, "own", 8),
    ):
        known = measure_repeatability([make_visit(0, 30)], steady=(1.0, freedom))
        assert (str(known.noise), known.dof) == (noise, dof)
    # A purely personal figure from one degree of freedom would be 0 here.
    visits = [make_visit(0, 30), make_visit(2, 30)]
    assert measure_repeatability(visits, steady=(0.0, 1)).sdc95_pp > 4
    assert shrink(1.0, 3, assumed=4.0) == (pytest.approx(19 / 7), 7)


def test_an_interval_covers_as_often_as_it_says():
    """Noise that is known: 95 % of 800 differences of two visits hold 0."""
    rng = np.random.default_rng(3)
    steady = (1.0 + 2.0**2 / 3, 1000)
    held = 0
    for _ in range(800):
        means = rng.normal(30, 1.0, 2)
        shots = means[:, None] + rng.normal(0, 2.0, (2, 3))
        pair = [
            VisitReading(day=day, values=tuple(s / 100))
            for day, s in zip(("2025-01-01", "2025-03-01"), shots, strict=True)
        ]
        change = change_between(*pair, measure_repeatability(pair, steady=steady))
        held += change.interval_pp[0] <= 0 <= change.interval_pp[1]
    # 95 % of 800 is 760 with a binomial SD of 6.2; three of them.
    assert abs(held - 760) <= 19


def test_less_scalp_is_negative_and_doubt_widens(make_visit):
    known = measure_repeatability([make_visit(w, 30) for w in range(9)], steady=(1.0, 20))
    first, last = make_visit(0, 34), make_visit(20, 30)
    change = change_between(first, last, known)
    assert change.delta_pp == pytest.approx(-4.0)
    assert change.beyond_noise
    assert change.sdc95_pp == pytest.approx(STUDENT_975[20] * math.sqrt(2), rel=1e-3)
    doubt = Comparability(grade=Grade.DOUBTFUL, reasons=("dark",), extra_pp=3.0)
    wider = change_between(first, last, known, comparability=doubt)
    assert wider.sdc95_pp == pytest.approx(STUDENT_975[20] * math.sqrt(2 + 9), rel=1e-3)
    assert not wider.beyond_noise
    refused = Comparability(grade=Grade.REFUSED, reasons=("wet",))
    change = change_between(first, last, known, comparability=refused)
    assert change.beyond_noise is None


def test_an_odd_shot_is_flagged_and_still_counts(make_visit):
    known = measure_repeatability([make_visit(w, 30) for w in range(9)])
    odd, two = make_readings([(0.30, 0.31, 0.45), (0.1, 0.6)])
    value = value_visit(odd, known)
    assert value.outliers == (2,)
    assert value.level == pytest.approx(odd.level)
    # Of two shots neither is the odd one.
    assert value_visit(two, known).outliers == ()
    assert value_visit(make_visit(0, 30), known).outliers == ()


def test_few_false_outliers():
    """1 % of visits of equal shots: of 2000, 20 with a binomial SD of 4.4."""
    rng = np.random.default_rng(9)
    visits = [
        VisitReading(day="2025-01-01", values=tuple(s))
        for s in rng.normal(0.3, 0.02, (2000, 3))
    ]
    known = measure_repeatability(visits)
    flagged = sum(bool(value_visit(visit, known).outliers) for visit in visits)
    # The worst of three shots counts, and Bonferroni is a little shy of 1 %.
    assert 5 <= flagged <= 34


def test_more_shots_narrow_a_visit_only_so_far(make_visit):
    known = measure_repeatability(
        [make_visit(w, 30, spread=3.0) for w in range(9)], steady=(4.0, 20)
    )
    one, three, many = (value_visit(make_visit(0, 30, shots=n), known) for n in (1, 3, 300))
    widths = [v.interval[1] - v.interval[0] for v in (one, three, many)]
    assert widths[0] > widths[1] > widths[2]
    # Between visits 1 pp remains: 4 - 9 / 3.
    assert 100 * widths[2] == pytest.approx(2 * STUDENT_975[20], rel=0.02)


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
    for groups, told in (
        ([(0.3,), (0.4,)], "repeats"),
        ([(0.3, 0.3), (0.4, 0.4)], "differ"),
    ):
        with pytest.raises(ValueError, match=told):
            intraclass_correlation(make_readings(groups))


def test_bland_altman_by_hand():
    found = bland_altman([(0.30, 0.31), (0.40, 0.40), (0.35, 0.38), (0.2, 0.2)])
    assert found.bias_pp == pytest.approx(1.0)
    assert found.sd_pp == pytest.approx(np.std([1, 0, 3, 0], ddof=1))
    assert found.limits_pp == pytest.approx((1 - 1.96 * 2**0.5, 1 + 1.96 * 2**0.5))
    assert found.bias_interval_pp[1] - 1 == pytest.approx(3.182 * 2**0.5 / 2, rel=1e-3)
    assert found.points[2] == pytest.approx((36.5, 3.0))
    with pytest.raises(ValueError, match="three pairs"):
        bland_altman([(0.3, 0.3), (0.3, 0.4)])
    assert pair_photos(make_readings([(0.1, 0.2, 0.3), (0.4,)])) == [(0.1, 0.2)]
