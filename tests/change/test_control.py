"""What light does to both zones is taken off; what the target does alone stays."""

import math

import pytest

from hairtrack.change.assessment import FLOOR, adjust, log_scalp


def test_more_shadow_on_both_is_no_change():
    target = [0.4, 0.4**1.1, 0.4**0.9]
    control = [0.08, 0.08**1.1, 0.08**0.9]
    assert adjust(target, control, baseline=[0]) == pytest.approx([0.4] * 3)


def test_taken_in_points_the_same_shadow_would_be_a_false_gain():
    """The figures of the module's docstring: 3.5 and 1.8 points leave 1.7."""
    target, control = (100 * (v - v**1.1) for v in (0.4, 0.08))
    assert target == pytest.approx(3.5, abs=0.05)
    assert target - control == pytest.approx(1.7, abs=0.05)


def test_a_change_of_the_target_alone_stays():
    assert adjust([0.4, 0.36], [0.1, 0.1], baseline=[0]) == pytest.approx([0.4, 0.36])


def test_the_baseline_may_be_several_visits():
    found = adjust([0.4, 0.4, 0.4], [0.1, 0.12, math.sqrt(0.012)], baseline=[0, 1])
    assert found[2] == pytest.approx(0.4)


def test_logs_of_nearly_nothing_are_floored():
    assert log_scalp(0.0) == log_scalp(FLOOR) == math.log(FLOOR)
    assert adjust([0.4, 0.4], [0.0, 0.001], baseline=[0]) == pytest.approx([0.4, 0.4])


def test_zones_without_a_baseline_are_a_mistake():
    with pytest.raises(ValueError, match="baseline"):
        adjust([0.4], [0.1], baseline=[])
    with pytest.raises(ValueError, match="together"):
        adjust([0.4], [0.1, 0.1], baseline=[0])
