"""Visible scalp on a grid in the baseline's frame, for the map of change.

Zones are measured in the pixels of the photograph. For the map the hair fraction itself
is warped into the baseline's frame, so that photographs compare cell by cell. It varies
slowly over many pixels, so warping it hardly moves the mean of a cell.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt
from skimage import measure

from hairtrack.records import Matrix

__all__ = ["ACROSS", "Grid", "average", "make_grid", "pool"]

ACROSS = 12
"""Cells in one width of the scalp: about 1.3 cm each on a head of 16 cm."""

MIN_SHARE = 0.5
"""A cell has no value if less than this share of it is scalp, or of its scalp is seen."""

_FINE = 24
"""Samples along the side of a cell."""

_Bools = npt.NDArray[np.bool_]
_Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Grid:
    """Equal square cells over the scalp of a baseline, from a corner; px."""

    left: float
    top: float
    side: float
    rows: int
    columns: int


def make_grid(scalp: _Bools) -> Grid:
    """Cover the scalp of a baseline with a grid.

    Parameters
    ----------
    scalp : (H, W) bool
        Scalp of the baseline.

    Raises
    ------
    ValueError
        If the scalp is empty.

    Examples
    --------
    >>> import numpy as np
    >>> grid = make_grid(np.ones((60, 120), bool))
    >>> grid.side, grid.rows, grid.columns
    (10.0, 6, 12)
    """
    if not scalp.any():
        raise ValueError("a grid needs some scalp")
    rows = np.flatnonzero(scalp.any(axis=1))
    columns = np.flatnonzero(scalp.any(axis=0))
    side = float(columns[-1] - columns[0] + 1) / ACROSS
    return Grid(
        left=float(columns[0]) - 0.5,
        top=float(rows[0]) - 0.5,
        side=side,
        rows=int(np.ceil((rows[-1] - rows[0] + 1) / side - 1e-9)),
        columns=ACROSS,
    )


def average(
    hair: npt.NDArray[np.float32],
    scalp: _Bools,
    matrix: Matrix,
    baseline_scalp: _Bools,
    grid: Grid,
) -> _Floats:
    """Average the visible scalp of one photograph over the grid of its baseline.

    Parameters
    ----------
    hair : (H, W) float32
        Hair fraction of each pixel of the photograph.
    scalp : (H, W) bool
        Scalp of the photograph.
    matrix : 3x3 tuple
        Photograph -> baseline, px.
    baseline_scalp : (h, w) bool
        Scalp of the baseline.
    grid : Grid
        From `make_grid` of the same baseline.

    Returns
    -------
    (rows, columns) float64
        Fraction of visible scalp; nan for a cell with too little scalp, or too
        little of it seen.

    Raises
    ------
    ValueError
        If `hair` and `scalp` differ in shape.
    """
    if hair.shape != scalp.shape:
        raise ValueError(f"hair is {hair.shape}, scalp {scalp.shape} (H, W)")
    seen = _resample(scalp.astype(np.float32), np.asarray(matrix, np.float64), grid)
    bare = _resample((1 - hair) * scalp, np.asarray(matrix, np.float64), grid)
    drawn = _resample(baseline_scalp.astype(np.float32), np.eye(3), grid)
    ground = _sum(drawn)
    shown = _sum(drawn * seen)
    enough = (ground >= MIN_SHARE * _FINE**2) & (shown >= MIN_SHARE * ground)
    value = np.divide(
        _sum(drawn * bare), shown, out=np.full_like(shown, np.nan), where=shown > 0
    )
    return np.where(enough, np.clip(value, 0, 1), np.nan)


def pool(shots: Sequence[_Floats]) -> tuple[_Floats, float, int]:
    """Average the photographs of one visit, cell by cell.

    Parameters
    ----------
    shots : sequence of (rows, columns) float64
        From `average`, of one grid.

    Returns
    -------
    mean : (rows, columns) float64
        nan where any photograph has no value.
    variance : float
        Of a single cell between photographs, mean over all cells; nan for one
        photograph.
    freedom : int
        Photographs less one: the errors of the cells of one photograph are correlated.

    Raises
    ------
    ValueError
        If there is no photograph.
    """
    if not shots:
        raise ValueError("a visit needs at least one photograph")
    stack = np.stack(shots)
    mean = np.asarray(stack.mean(axis=0), np.float64)
    known = ~np.isnan(mean)
    if len(shots) < 2 or not known.any():
        return mean, float("nan"), 0
    variance = float(stack[:, known].var(axis=0, ddof=1).mean())
    return mean, variance, len(shots) - 1


def _resample(
    plane: npt.NDArray[np.float32], matrix: npt.NDArray[np.float64], grid: Grid
) -> npt.NDArray[np.float32]:
    """Warp a plane of a photograph onto the fine canvas of a grid."""
    share = _FINE / grid.side
    place = np.array(
        [
            [share, 0, -grid.left * share - 0.5],
            [0, share, -grid.top * share - 0.5],
            [0, 0, 1],
        ]
    )
    size = (grid.columns * _FINE, grid.rows * _FINE)
    return np.asarray(cv2.warpPerspective(plane, place @ matrix, size), np.float32)


def _sum(plane: npt.NDArray[np.float32]) -> _Floats:
    return np.asarray(measure.block_reduce(plane.astype(np.float64), _FINE, np.sum))
