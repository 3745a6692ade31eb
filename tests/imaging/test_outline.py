"""Outlines: a region becomes points and the points the region again."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hairtrack.imaging import outline


def draw_ellipse(a, b, *, turn=0.0, size=200):
    y, x = np.mgrid[:size, :size] - size / 2
    u = x * np.cos(turn) + y * np.sin(turn)
    v = y * np.cos(turn) - x * np.sin(turn)
    return (u / a) ** 2 + (v / b) ** 2 <= 1


@settings(max_examples=25)
@given(st.floats(30, 90), st.floats(30, 90), st.floats(0, 3.1))
def test_a_head_comes_back_from_its_points(a, b, turn) -> None:
    scalp = draw_ellipse(a, b, turn=turn)
    points = outline.trace(scalp)
    assert 8 <= len(points) <= 28
    back = outline.fill_polygon(points, scalp.shape)
    # 28 chords of a circle lose under 1 % of its area; pixels and fewer points add some.
    assert (back & scalp).sum() / (back | scalp).sum() > 0.95


def test_an_outline_by_its_corners_is_filled_and_cut_off_at_the_edge() -> None:
    inside = outline.fill_polygon([(2, 1), (7, 1), (7, 4), (2, 4)], (6, 9))
    expected = np.zeros((6, 9), bool)
    expected[1:5, 2:8] = True
    assert np.array_equal(inside, expected)
    cut = outline.fill_polygon([(-5, -5), (3.4, -5), (3.4, 20), (-5, 20)], (6, 9))
    assert np.array_equal(cut, np.mgrid[:6, :9][1] <= 3)
    with pytest.raises(ValueError, match="three corners"):
        outline.fill_polygon([(0, 0), (1, 1)], (6, 9))


def test_more_points_follow_the_largest_piece_more_closely() -> None:
    scalp = draw_ellipse(80, 60)
    whole = scalp.copy()
    whole[:5, :5] = True
    areas = [
        (outline.fill_polygon(outline.trace(whole, points=n), scalp.shape) ^ scalp).sum()
        for n in (8, 16, 64)
    ]
    assert areas[0] > areas[1] > areas[2]
    assert areas[2] < 0.01 * scalp.sum()
    with pytest.raises(ValueError, match="no outline"):
        outline.trace(np.zeros((9, 9), bool))
    with pytest.raises(ValueError, match="3 points"):
        outline.trace(np.ones((9, 9), bool), points=2)


BOX = [(20, 20), (59, 20), (59, 59), (20, 59)]


@pytest.mark.parametrize("width", [9, 24, 61.5])
@pytest.mark.parametrize(
    "path", [((40.0, 90.0), (160.0, 90.0)), ((30.5, 100.2), (150.0, 150.0))]
)
def test_a_stroke_covers_what_a_round_brush_passes(width, path) -> None:
    stroke = outline.Stroke(add=True, path_xy=path, width=width)
    shape = (240, 240)
    drawn = outline.render(BOX, [stroke], shape)
    y, x = np.mgrid[:240, :240]
    start, way = np.array(path[0]), np.subtract(path[1], path[0])
    along = ((x - start[0]) * way[0] + (y - start[1]) * way[1]) / (way @ way)
    along = np.clip(along, 0, 1)
    far = np.hypot(x - start[0] - along * way[0], y - start[1] - along * way[1])
    wanted = outline.fill_polygon(BOX, shape) | (far <= width / 2)
    # Pixels whose centre lies on the rim itself may fall to either side.
    assert (drawn ^ wanted).sum() <= 0.01 * wanted.sum()


def test_the_later_stroke_lies_over_the_earlier() -> None:
    shape = (100, 100)
    dab = {"path_xy": ((40.0, 40.0),), "width": 20.0}
    erased = outline.render(BOX, [outline.Stroke(add=False, **dab)], shape)
    assert not erased[40, 40]
    assert erased[25, 25]
    strokes = [outline.Stroke(add=False, **dab), outline.Stroke(add=True, **dab)]
    assert np.array_equal(
        outline.render(BOX, strokes, shape), outline.fill_polygon(BOX, shape)
    )


def test_a_brush_may_leave_the_frame() -> None:
    with pytest.raises(ValueError, match="at least one point"):
        outline.render(BOX, [outline.Stroke(add=True, path_xy=(), width=3)], (90, 90))
    stroke = outline.Stroke(add=True, path_xy=((0.0, 0.0), (99.0, 0.0)), width=30)
    drawn = outline.render(BOX, [stroke], (100, 100))
    assert drawn[:15].all()
    assert not drawn[16:19].any()


def test_holes_and_pieces_come_back_too() -> None:
    scalp = draw_ellipse(80, 60)
    assert outline.trace_rest(scalp, outline.trace(scalp, points=48)) == ()
    scalp[95:106, 90:112] = False
    scalp[5:25, 5:25] = True
    points = outline.trace(scalp, points=48)
    rest = outline.trace_rest(scalp, points)
    assert [one.add for one in rest] == [True, False]
    back = outline.render(points, rest, scalp.shape)
    # 48 chords, and corners of the pieces rounded by the grain of 3 px.
    assert (back & scalp).sum() / (back | scalp).sum() > 0.97
    assert not back[98:103, 93:109].any()
    assert back[8:22, 8:22].all()
