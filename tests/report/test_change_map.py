"""The map of change: the colour tells the direction, the frame what is beyond noise."""

from __future__ import annotations

import numpy as np
import pytest

from hairtrack.imaging.change_grid import Grid
from hairtrack.report import change_map

GRID = Grid(left=10.0, top=20.0, side=40.0, rows=2, columns=3)
PHOTO = np.full((120, 160, 3), 128, np.uint8)
DELTA = np.array([[-30.0, 30.0, 0.0], [np.nan, -5.0, 12.0]])


def middle(picture, row, column, *, off=(14, 14)):
    """Return the colour within a square, away from its triangle."""
    return picture[int(20 + 40 * row) + off[0] - 9, int(10 + 40 * column) + off[1] - 9]


def test_blue_is_less_and_orange_is_more() -> None:
    none = np.zeros(DELTA.shape, bool)
    picture = change_map.draw_change(PHOTO, GRID, DELTA, none)
    ground = picture[5, 5].astype(int)
    assert np.ptp(ground) < 20
    less, more = (middle(picture, 0, c).astype(int) for c in (0, 1))
    assert less[2] > less[0] + 100
    assert more[0] > more[2] + 100
    faint = middle(picture, 1, 1).astype(int)
    assert 0 < faint[2] - faint[0] < less[2] - less[0]
    assert np.array_equal(middle(picture, 0, 2), picture[5, 5])
    assert np.array_equal(middle(picture, 1, 0), picture[5, 5])
    height, width, _ = picture.shape
    assert (height > 120, width) == (True, 160)  # with a legend below
    with pytest.raises(ValueError, match="rows, columns"):
        change_map.draw_change(PHOTO, GRID, DELTA.T, none.T)


def test_only_squares_beyond_are_framed() -> None:
    beyond = np.array([[True, False, False], [False, False, True]])
    picture = change_map.draw_change(PHOTO, GRID, DELTA, beyond)
    white = (picture[:120] == 255).all(axis=2)
    assert white[20:60, 10:50].any()
    assert white[60:100, 90:130].any()
    assert not white[22:58, 53:88].any()
    # Down for less: the triangle is wider above its middle than below; up the other way.
    less, more = white[24:56, 14:46], white[64:96, 94:126]
    assert less[:16].sum() > less[16:].sum()
    assert more[:16].sum() < more[16:].sum()
