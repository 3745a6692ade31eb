"""Outlines: a region becomes points and the points the region again."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hairtrack.imaging import outline, region


def draw_ellipse(a, b, *, turn=0.0, size=200):
    y, x = np.mgrid[:size, :size] - size / 2
    u = x * np.cos(turn) + y * np.sin(turn)
    v = y * np.cos(turn) - x * np.sin(turn)
    return (u / a) ** 2 + (v / b) ** 2 <= 1


@settings(max_examples=25, deadline=None)
@given(st.floats(30, 90), st.floats(30, 90), st.floats(0, 3.1))
def test_a_head_comes_back_from_its_points(a, b, turn) -> None:
    scalp = draw_ellipse(a, b, turn=turn)
    points = outline.trace(scalp)
    assert 8 <= len(points) <= 28
    back = region.fill(points, scalp.shape)
    # 28 chords of a circle lose under 1 % of its area; pixels and fewer points add some.
    assert (back & scalp).sum() / (back | scalp).sum() > 0.95


def test_more_points_follow_more_closely() -> None:
    scalp = draw_ellipse(80, 60)
    areas = [
        (region.fill(outline.trace(scalp, points=n), scalp.shape) ^ scalp).sum()
        for n in (8, 16, 64)
    ]
    assert areas[0] > areas[1] > areas[2]


def test_the_largest_piece_is_traced() -> None:
    scalp = draw_ellipse(50, 50)
    scalp[:5, :5] = True
    points = np.array(outline.trace(scalp))
    assert points.min() > 40


def test_points_beyond_the_picture_are_cut_off() -> None:
    inside = region.fill([(-50, -50), (30, -50), (30, 30), (-50, 30)], (40, 60))
    assert inside.shape == (40, 60)
    assert inside[:30, :30].all()
    assert not inside[32:, :].any()


def test_an_empty_region_has_no_outline() -> None:
    with pytest.raises(ValueError, match="no outline"):
        outline.trace(np.zeros((9, 9), bool))
    with pytest.raises(ValueError, match="3 points"):
        outline.trace(np.ones((9, 9), bool), points=2)


def test_rings_hold_pieces_and_holes():
    region = np.zeros((60, 80), bool)
    region[5:50, 5:50] = True
    region[20:30, 20:30] = False
    region[10:20, 60:75] = True
    rings = outline.trace_rings(region)
    assert len(rings) == 3
    corners = {point for ring in rings for point in ring}
    assert {(5.0, 5.0), (49.0, 49.0), (60.0, 10.0), (74.0, 19.0)} <= corners
    assert outline.trace_rings(np.zeros((9, 9), bool)) == []
