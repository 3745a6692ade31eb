"""Simulated lives are what they say they are."""

import numpy as np
import pytest

from hairtrack.change.comparability import light_stops
from hairtrack_phantom.simulation import CONTROL, START, TARGET, Scenario, simulate_visits


def levels(readings):
    return np.array([100 * reading.level for reading in readings])


def test_visits_come_as_often_as_asked_and_again_from_the_same_seed():
    life = Scenario(every=4, missing=0.0)
    lived, again = (simulate_visits(life, np.random.default_rng(0)) for _ in range(2))
    assert lived == again
    weeks = [(reading.day - START).days / 7 for reading in lived.target]
    assert weeks == [-4, -2, 0, *range(4, 53, 4)]
    assert [r.day for r in lived.control] == [r.day for r in lived.target]


def test_the_scatter_of_a_visit_is_the_one_asked_for():
    rng = np.random.default_rng(1)
    found = np.concatenate(
        [levels(simulate_visits(Scenario(sd_pp=2.0), rng).target) for _ in range(200)]
    )
    # About 5300 visits: the SD is known to 1 %, 4 of them.
    assert found.std() == pytest.approx(2.0, rel=0.04)
    assert found.mean() == pytest.approx(100 * TARGET, abs=0.12)


def test_the_change_is_full_from_its_week():
    life = Scenario(sd_pp=1e-9, delta_pp=-4.0, missing=0.0)
    found = levels(simulate_visits(life, np.random.default_rng(2)).target)
    assert found[:7] == pytest.approx([30.0] * 7)
    assert found[14:] == pytest.approx([26.0] * 15)


def test_drift_moves_both_zones_by_the_same_shadow():
    lived = simulate_visits(Scenario(sd_pp=1e-9, drift_pp=2.0), np.random.default_rng(3))
    target, control = (levels(zone) / 100 for zone in (lived.target, lived.control))
    shadow = np.log(target) / np.log(TARGET)
    assert np.log(control) / np.log(CONTROL) == pytest.approx(shadow)
    assert np.ptp(target) > 0.005
    lived = simulate_visits(Scenario(sd_pp=1e-9, drift_pp=20.0), np.random.default_rng(3))
    light = [light_stops(reading.conditions.brightness) for reading in lived.target]
    assert np.corrcoef(light, levels(lived.target))[0, 1] > 0.9


def test_errors_hang_together_as_asked():
    rng = np.random.default_rng(5)
    life = Scenario(sd_pp=1.0, autocorrelation=0.6, missing=0.0)
    rows = np.array([levels(simulate_visits(life, rng).target) for _ in range(400)])
    after = np.corrcoef(rows[:, 10], rows[:, 11])[0, 1]
    # Only a third of the variance is between visits: 0.2, known to 0.05.
    assert after == pytest.approx(0.2, abs=0.15)
