"""Squares of the baseline's frame: known heads give known squares, moved ones the same."""

from __future__ import annotations

import numpy as np
import pytest

from hairtrack.imaging import change_grid

IDENTITY = ((1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 1.0))


def draw_head(size=240, *, shift=(0, 0)):
    """Return scalp and hair of a disc: bare on its left half, 0.75 hair on its right."""
    y, x = np.mgrid[:size, :size]
    u, v = x - 120 - shift[0], y - 120 - shift[1]
    scalp = u**2 + v**2 <= 96**2
    return scalp, np.where(u < 0, 0.0, 0.75).astype(np.float32) * scalp


def test_the_grid_covers_the_scalp_in_twelve_squares_across() -> None:
    grid = change_grid.make_grid(draw_head()[0])
    assert (grid.columns, grid.rows) == (12, 12)  # 193 px high and wide
    assert grid.side == pytest.approx(193 / 12)
    assert grid.left == 23.5
    with pytest.raises(ValueError, match="some scalp"):
        change_grid.make_grid(np.zeros((5, 5), bool))


def test_every_square_has_the_mean_of_its_pixels() -> None:
    scalp, hair = draw_head()
    grid = change_grid.make_grid(scalp)
    found = change_grid.average(hair, scalp, IDENTITY, scalp, grid)
    known = ~np.isnan(found)
    assert known.sum() >= 0.75 * np.pi / 4 * found.size
    # The border between the halves lies within one column; bilinear sampling blurs 1 px.
    assert np.allclose(found[:, :5][known[:, :5]], 1.0, atol=1e-4)
    assert np.allclose(found[:, 7:][known[:, 7:]], 0.25, atol=1e-4)
    assert np.isnan(found[0, 0])
    # What a photograph does not show has no value.
    half = scalp.copy()
    half[:, 120:] = False
    found = change_grid.average(hair, half, IDENTITY, scalp, grid)
    assert np.isnan(found[:, 7:]).all()
    assert (~np.isnan(found[:, 2:5])).any()
    with pytest.raises(ValueError, match="hair is"):
        change_grid.average(hair[:5], scalp, IDENTITY, scalp, grid)


def test_a_moved_photograph_gives_the_same_squares() -> None:
    scalp, hair = draw_head()
    grid = change_grid.make_grid(scalp)
    still = change_grid.average(hair, scalp, IDENTITY, scalp, grid)
    moved_scalp, moved_hair = draw_head(shift=(15, -9))
    back = ((1.0, 0.0, -15.0), (0.0, 1.0, 9.0), (0.0, 0.0, 1.0))
    moved = change_grid.average(moved_hair, moved_scalp, back, scalp, grid)
    both = ~np.isnan(still) & ~np.isnan(moved)
    assert both.sum() == (~np.isnan(still)).sum()
    assert np.abs(still - moved)[both].max() < 1e-3


def test_the_spread_between_photographs_is_found_again() -> None:
    rng = np.random.default_rng(4)
    shots = [0.4 + rng.normal(0, 0.05, (12, 12)) for _ in range(3)]
    shots[1][0, 0] = np.nan
    mean, variance, freedom = change_grid.pool(shots)
    assert np.isnan(mean[0, 0])
    assert freedom == 2
    # 143 squares of 2 degrees of freedom: 6 % is the standard error of a variance here
    # times 0.7; 25 % is over four of them.
    assert variance == pytest.approx(0.05**2, rel=0.25)
    _, variance, freedom = change_grid.pool(shots[:1])
    assert np.isnan(variance)
    assert freedom == 0
    with pytest.raises(ValueError, match="at least one"):
        change_grid.pool([])
