"""Lengths on the screen, in both systems."""

import pytest

from hairtrack.app.formatting import current_units, format_length
from hairtrack.workflows.library import Preferences, Units, save_preferences


@pytest.mark.parametrize(
    ("mm", "metric", "imperial"),
    [
        (0, "0 mm", "0.0 in"),
        (35, "35 mm", "1.4 in"),
        (99, "99 mm", "3.9 in"),
        (100, "10 cm", "3.9 in"),
        (600, "60 cm", "24 in"),
    ],
)
def test_a_length_is_told_in_the_persons_units(mm, metric, imperial) -> None:
    assert format_length(mm, units=Units.METRIC) == metric
    assert format_length(mm, units=Units.IMPERIAL) == imperial


def test_without_units_those_of_the_preferences_hold(tmp_path, monkeypatch) -> None:
    monkeypatch.setenv("HAIRTRACK_LIBRARY", str(tmp_path))
    assert format_length(600) == "60 cm"
    save_preferences(tmp_path, Preferences(units=Units.IMPERIAL))
    assert current_units() is Units.IMPERIAL
    assert format_length(600) == "24 in"
