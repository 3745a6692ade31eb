"""Fits give back what was put in, with an error that is right."""

import numpy as np
import pytest

from hairtrack.change.trend import fit_line, fit_shape, shape_after_start
from hairtrack.statistics import t_quantile

WEEKS = np.concatenate([[-4.0, -2.0], np.arange(0.0, 53.0, 2.0)])


def test_a_course_without_noise_is_found_exactly():
    levels = 35 - 4 * shape_after_start(WEEKS)
    fit = fit_shape(WEEKS, levels, shape_after_start(WEEKS))
    assert fit.change == pytest.approx(-4.0, abs=1e-9)
    assert fit.sd == pytest.approx(0.01)  # never quite certain
    assert fit.dof == len(WEEKS) - 2


def test_a_yearly_wave_is_taken_off():
    shape = shape_after_start(WEEKS)
    levels = 35 - 4 * shape + np.cos(2 * np.pi * (WEEKS - 9) * 7 / 365.25)
    assert fit_shape(WEEKS, levels, shape, season=True).change == pytest.approx(-4.0)
    assert abs(fit_shape(WEEKS, levels, shape).change + 4) > 0.1


def test_errors_are_those_of_ordinary_least_squares_without_correlation():
    rng = np.random.default_rng(4)
    levels = 35 + rng.normal(0, 1, len(WEEKS))
    fit = fit_shape(WEEKS, levels, shape_after_start(WEEKS))
    design = np.stack([np.ones_like(WEEKS), shape_after_start(WEEKS)], axis=1)
    found, squares, *_ = np.linalg.lstsq(design, levels)
    error = np.sqrt(squares[0] / fit.dof * np.linalg.inv(design.T @ design)[1, 1])
    assert fit.phi == 0
    assert fit.change == pytest.approx(found[1])
    assert fit.error == pytest.approx(error)


def test_correlated_errors_are_seen_and_widen():
    rng = np.random.default_rng(8)
    weeks = np.arange(0.0, 120.0, 2.0)
    noise = rng.normal(size=len(weeks))
    for place in range(1, len(weeks)):
        noise[place] = 0.7 * noise[place - 1] + np.sqrt(1 - 0.49) * noise[place]
    correlated = fit_line(weeks, noise)
    shuffled = fit_line(weeks, rng.permutation(noise))
    # 60 visits know a correlation of 0.7 to about 0.1; the grid has steps of 0.15.
    assert 0.4 <= correlated.phi <= 0.75
    assert shuffled.phi <= 0.15
    assert correlated.error > 1.4 * shuffled.error


def test_a_doubtful_visit_counts_for_less():
    shape = shape_after_start(WEEKS)
    levels = 35 - 4 * shape
    levels[-1] += 10
    relative = np.ones_like(WEEKS)
    plain = fit_shape(WEEKS, levels, shape, relative=relative).change
    relative[-1] = 1e4
    assert (
        abs(fit_shape(WEEKS, levels, shape, relative=relative).change + 4) < 0.1
    )  # its neighbours hang on to it
    assert abs(plain + 4) > 0.3


def test_too_few_visits_are_a_mistake():
    with pytest.raises(ValueError, match="more visits"):
        fit_shape(WEEKS[:2], WEEKS[:2], WEEKS[:2])
    with pytest.raises(ValueError, match="shape"):
        fit_shape(WEEKS[:3], WEEKS[:3], np.zeros(3))


@pytest.mark.parametrize(("freedom", "value"), [(1, 12.706), (4, 2.776), (20, 2.086)])
def test_quantiles_are_those_of_the_table(freedom, value):
    assert t_quantile(0.975, freedom) == pytest.approx(value, abs=5e-4)
