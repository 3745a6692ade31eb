"""Formal looks at weeks 24, 36 and 52, which together err in 5 % of courses at most.

The error is spent by a schedule fixed beforehand (Lan and DeMets 1983): 3.5 %
by week 24, 4.25 % by week 36, 5 % by week 52. A look that could not be held keeps its
share for the next. What the looks have in common, since each sees the visits of
those before, is known from the dates alone; so the boundary is computed for the
person's own dates, by numerical integration of the normal distribution, and
carried to Student's t by equal tail probabilities (Jennison and Turnbull 2000).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from scipy import optimize, special

__all__ = ["SPENT", "holm", "normal_score", "solve_boundary"]

SPENT = {24: 0.035, 36: 0.0425, 52: 0.05}
"""Week of a look -> chance of a false gain or loss spent until then, both sides."""

_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(24)

_FINENESS = 50
"""Correlations are rounded to 1/50: it moves a critical value by 0.01 at most."""

_Floats = NDArray[np.float64]


def normal_score(statistic: float, freedom: float) -> float:
    """Return the normal deviate with the tail probability of a t statistic."""
    tail = float(special.stdtr(freedom, -abs(statistic)))
    return float(np.copysign(-special.ndtri(max(tail, 1e-300)), statistic))


def solve_boundary(correlation: _Floats, spent: Sequence[float]) -> tuple[float, ...]:
    """Return the critical normal deviate of each look.

    Parameters
    ----------
    correlation : (K, K) float
        Of the looks' statistics; K is 1 to 3.
    spent : sequence of float
        Error spent up to each look, rising.

    Returns
    -------
    tuple of float

    Examples
    --------
    >>> [round(c, 2) for c in solve_boundary(np.eye(2), (0.025, 0.049375))]
    [2.24, 2.24]
    """
    found: list[float] = []
    for look in range(len(spent)):
        below = correlation[: look + 1, : look + 1][np.tril_indices(look + 1, -1)]
        steps = tuple(round(float(value) * _FINENESS) for value in below)
        found.append(_solve(steps, tuple(found), spent[look]))
    return tuple(found)


def holm(p_values: Sequence[float], *, level: float = 0.05) -> tuple[bool, ...]:
    """Return which of several hypotheses fall when all are to err together at `level`.

    References
    ----------
    Holm, Scandinavian Journal of Statistics 6, 65 (1979).

    Examples
    --------
    >>> holm([0.04, 0.01, 0.3])
    (False, True, False)
    """
    order = sorted(range(len(p_values)), key=lambda i: p_values[i])
    fallen = [False] * len(p_values)
    for place, index in enumerate(order):
        if p_values[index] > level / (len(p_values) - place):
            break
        fallen[index] = True
    return tuple(fallen)


@lru_cache(maxsize=4096)
def _solve(below: tuple[int, ...], found: tuple[float, ...], spent: float) -> float:
    """Return the next critical value; `below` is the lower triangle by rows, in steps."""
    size = len(found) + 1
    correlation = np.eye(size)
    rows, columns = np.tril_indices(size, -1)
    values = np.clip(np.array(below, float) / _FINENESS, -0.98, 0.98)
    correlation[rows, columns] = correlation[columns, rows] = values

    def excess(bound: float) -> float:
        return 1 - _stay_inside(correlation, (*found, bound)) - spent

    return round(float(optimize.brentq(excess, 0.5, 8.0, xtol=1e-3)), 3)


def _stay_inside(correlation: _Floats, bounds: tuple[float, ...]) -> float:
    """Return the chance that all deviates stay inside their bounds."""
    if len(bounds) == 1:
        return float(1 - 2 * special.ndtr(-bounds[0]))
    inner, last = bounds[:-1], bounds[-1]
    grids = np.meshgrid(*(bound * _NODES for bound in inner), indexing="ij")
    points = np.stack([grid.ravel() for grid in grids], axis=1)
    shares = np.meshgrid(*(bound * _WEIGHTS for bound in inner), indexing="ij")
    share = np.prod(np.stack([grid.ravel() for grid in shares]), axis=0)
    known = correlation[:-1, :-1]
    inverse = np.linalg.inv(known)
    density = np.exp(-0.5 * np.einsum("pi,ij,pj->p", points, inverse, points))
    density /= np.sqrt((2 * np.pi) ** len(inner) * np.linalg.det(known))
    slope = inverse @ correlation[:-1, -1]
    mean = points @ slope
    spread = math.sqrt(max(1 - float(correlation[-1, :-1] @ slope), 1e-6))
    inside = special.ndtr((last - mean) / spread) - special.ndtr((-last - mean) / spread)
    return float(np.sum(share * density * inside))
