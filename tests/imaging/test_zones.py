"""Zones: partitions, directions, and the way into another photo."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hairtrack.imaging import zones
from hairtrack.records import View

TURNS = {"up": 0, "left": 1, "down": 2, "right": 3}
"""Quarter turns, counter-clockwise, that bring an upward front to this direction."""


def ellipse(shape=(300, 240), *, centre=(120.0, 150.0), axes=(90.0, 120.0)):
    y, x = np.mgrid[: shape[0], : shape[1]]
    return ((x - centre[0]) / axes[0]) ** 2 + ((y - centre[1]) / axes[1]) ** 2 <= 1


@pytest.mark.parametrize("view", View)
def test_whole_is_the_scalp_and_all_zones_lie_in_it(view):
    scalp = ellipse()
    drawn = zones.draw(scalp, view=view)
    assert drawn.names[0] == "scalp"
    assert len(set(drawn.names)) == len(drawn.names)
    np.testing.assert_array_equal(drawn["scalp"], scalp)
    assert not any((drawn[name] & ~scalp).any() for name in drawn.names)
    np.testing.assert_array_equal(drawn.areas_px, [drawn[n].sum() for n in drawn.names])
    assert drawn.seen == tuple(float(drawn[n].any()) for n in drawn.names)
    if view in PARTITIONS:
        times = sum(drawn[name].astype(int) for name in PARTITIONS[view])
        np.testing.assert_array_equal(times, scalp.astype(int))


PARTITIONS = {
    View.VERTEX: ("crown", "mid_scalp", "rim"),
    View.FRONTAL: ("temple_left", "hairline", "temple_right", "mid"),
    View.TEMPORAL_LEFT: ("temple", "side", "back"),
    View.TEMPORAL_RIGHT: ("temple", "side", "back"),
    View.OCCIPITAL: ("left", "centre", "right"),
}


def test_grid_squares_are_squares_that_divide_the_scalp():
    scalp = ellipse()
    drawn = zones.draw(scalp, view="vertex")
    squares = [drawn[name] for name in drawn.names if name.startswith("grid_")]
    assert len(squares) == zones.GRID_ROWS * zones.GRID_COLUMNS
    np.testing.assert_array_equal(sum(s.astype(int) for s in squares), scalp.astype(int))
    side = max(181 / zones.GRID_COLUMNS, 241 / zones.GRID_ROWS)
    # A whole square has side^2 px, to one row and one column of rounding.
    assert squares[12].sum() == pytest.approx(side**2, abs=2 * side)
    scalp[:80] = False
    scalp[30, 120] = True  # keeps the bounding ellipse
    drawn = zones.draw(scalp, view="vertex", front="up")
    assert not drawn["grid_r1c1"].any()
    assert drawn.seen[drawn.names.index("grid_r1c1")] == 0
    assert drawn.labels.nbytes == scalp.size, "a large picture: one byte a pixel"


def test_crown_lies_at_the_back_and_has_the_documented_size():
    scalp = ellipse()
    drawn = zones.draw(scalp, view="vertex", front="down")
    rows, columns = np.nonzero(drawn["crown"])
    # 0.38 of the half length (120.5) behind the centre (150), which is up here.
    assert rows.mean() == pytest.approx(150 - 0.38 * 120.5, abs=0.5)
    assert columns.mean() == pytest.approx(120, abs=0.5)
    radius = 0.36 * 90.5
    assert drawn["crown"].sum() == pytest.approx(np.pi * radius**2, rel=0.01)


@pytest.mark.parametrize("view", View)
@pytest.mark.parametrize("front", TURNS)
def test_turning_picture_and_front_together_turns_the_zones(view, front):
    scalp = ellipse()
    scalp[150:, 120:] &= ellipse(axes=(70.0, 110.0))[150:, 120:]
    upright = zones.draw(scalp, view=view, front="up")
    turned = zones.draw(np.rot90(scalp, TURNS[front]), view=view, front=front)
    for name in upright.names:
        np.testing.assert_array_equal(turned[name], np.rot90(upright[name], TURNS[front]))


def test_left_is_the_subjects_left():
    # A face towards us, nose down: the subject's left is on our right.
    facing = zones.draw(ellipse(), view="frontal")
    assert np.nonzero(facing["temple_left"])[1].min() > 120
    # The back of a head, crown up: the subject's left is on our left.
    behind = zones.draw(ellipse(), view="occipital")
    assert np.nonzero(behind["left"])[1].max() < 120
    assert np.nonzero(behind["upper"])[0].max() < 151
    # The left side of a head: the nose points to our left.
    side = zones.draw(ellipse(), view="temporal_left")
    assert np.nonzero(side["temple"])[1].max() < 120


def test_hairline_band_follows_the_front_edge():
    scalp = ellipse()
    scalp[250:, 100:140] = False  # a receded notch in the middle of the front
    band = zones.draw(scalp, view="frontal")["hairline"]
    column = np.flatnonzero(band[:, 120])
    assert column.max() == 249
    assert len(column) == pytest.approx(0.25 * 241, abs=2)


def test_part_is_divided_in_thirds_of_its_length():
    drawn = zones.draw(ellipse(), view="midline", front="down")
    thirds = [drawn[f"part_{name}"] for name in ("front", "middle", "back")]
    np.testing.assert_array_equal(np.logical_or.reduce(thirds), drawn["part"])
    heights = [np.ptp(np.nonzero(third)[0]) + 1 for third in thirds]
    assert heights == pytest.approx([241 / 3] * 3, abs=2)
    assert np.nonzero(thirds[0])[0].mean() > np.nonzero(thirds[2])[0].mean()


@settings(max_examples=25)
@given(
    st.floats(-0.5, 0.5), st.floats(0.6, 1.5), st.floats(-20, 20), st.floats(-2e-4, 2e-4)
)
def test_projected_zone_is_where_the_matrix_says(angle, scale, shift, tilt):
    drawn = zones.draw(ellipse(), view="vertex")
    c, s = scale * np.cos(angle), scale * np.sin(angle)
    matrix = np.array([[c, -s, shift + 40], [s, c, -shift], [tilt, tilt / 2, 1]])
    carried = zones.project(drawn, tuple(map(tuple, matrix)), (280, 310, 3))
    assert carried.labels.shape == (280, 310)
    y, x = np.mgrid[:280, :310]
    to_x, to_y, depth = np.tensordot(matrix, np.stack([x, y, np.ones_like(x)]), 1)
    u, v = np.rint(to_x / depth).astype(int), np.rint(to_y / depth).astype(int)
    inside = (u >= 0) & (u < 240) & (v >= 0) & (v < 300)
    expected = np.zeros((280, 310), bool)
    expected[inside] = drawn["crown"][v[inside], u[inside]]
    # Coordinates within 1/32 px of a boundary may round either way in cv2.
    assert (carried["crown"] != expected).mean() < 2e-3


def test_seen_tells_what_a_photo_cuts_off():
    drawn = zones.draw(ellipse(), view="vertex", front="up")
    same = zones.project(drawn, ((1, 0, 0), (0, 1, 0), (0, 0, 1)), (300, 240))
    np.testing.assert_array_equal(same.labels, drawn.labels)
    assert same.seen == drawn.seen
    shifted = ((1, 0, 120), (0, 1, 0), (0, 0, 1))  # shows x >= 120 of the baseline
    carried = zones.project(drawn, shifted, (300, 240))
    # Half of the head, plus the centre column's half.
    assert carried.seen[0] == pytest.approx(0.5, abs=0.01)
    half = carried.within(np.arange(300)[:, None] + np.zeros((1, 240)) < 150)
    assert half.seen[0] == pytest.approx(0.25, abs=0.01)
    assert not half["scalp"][150:].any()


def test_wrong_use_is_refused():
    drawn = zones.draw(ellipse(), view="vertex")
    for scalp, options, told in (
        (ellipse(), {"front": "north"}, "front"),
        (ellipse(), {"view": "top"}, "View"),
        (np.zeros((20, 20), bool), {}, "bool"),
        (np.ones((20, 20)), {}, "bool"),
    ):
        with pytest.raises(ValueError, match=told):
            zones.draw(scalp, **{"view": "vertex"} | options)
    with pytest.raises(KeyError):
        drawn["nape"]
    with pytest.raises(ValueError, match="region"):
        drawn.within(np.ones((3, 3), bool))
