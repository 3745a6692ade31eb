"""The alternative scale says the same in other words."""

from __future__ import annotations

import pytest

from hairtrack.app.formatting import Scale


@pytest.mark.parametrize(
    ("delta", "scalp", "cover"),
    [
        (-3.14, "Less scalp shows: 3.1 points", "More hair cover: 3.1 points"),
        (3.14, "More scalp shows: 3.1 points", "Less hair cover: 3.1 points"),
        (0.01, "As much scalp shows as before", "As much hair cover as before"),
    ],
)
def test_a_change_has_its_sign_in_words(delta, scalp, cover) -> None:
    assert Scale.SCALP.format_change(delta) == scalp
    assert Scale.COVER.format_change(delta) == cover
    assert Scale.COVER.format_change(delta, (delta - 2, delta + 2)).endswith("take 2.0")


def test_levels_add_up_to_a_hundred() -> None:
    assert Scale.SCALP.format_level(0.351) == "35.1 %"
    assert Scale.COVER.format_level(0.351) == "64.9 %"
    assert Scale.COVER.format_level(None) == Scale.SCALP.format_level(None) == "no value"
