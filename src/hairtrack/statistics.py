"""Statistics that several layers need: pooled variance, Student's t, intervals."""

from __future__ import annotations

import math
from collections.abc import Sequence

Interval = tuple[float, float]
"""Lower and upper end."""


def t_quantile(probability: float, dof: float) -> float:
    """Return a quantile of Student's t distribution.

    Examples
    --------
    >>> round(t_quantile(0.975, 1), 3), round(t_quantile(0.975, 4), 3)
    (12.706, 2.776)
    """
    from scipy import special

    return float(special.stdtrit(dof, probability))


def t_interval(
    center: float, error: float, dof: float, *, confidence: float = 0.95
) -> Interval:
    """Return the two-sided interval of an estimate with a standard error.

    Examples
    --------
    >>> low, high = t_interval(10.0, 1.0, 4)
    >>> round(low, 3), round(high, 3)
    (7.224, 12.776)
    """
    half = t_quantile(0.5 + confidence / 2, dof) * error
    return center - half, center + half


def pool_variance(groups: Sequence[Sequence[float]]) -> tuple[float, int]:
    """Return the variance within groups, pooled over them, and its degrees of freedom.

    The variance is 0 with 0 degrees of freedom where no group has two values.

    Examples
    --------
    >>> pool_variance([(1.0, 3.0), (10.0, 12.0), (7.0,)])
    (2.0, 2)
    """
    dof = sum(len(group) - 1 for group in groups if group)
    squares = sum(_sum_of_squares(group) for group in groups if group)
    return (squares / dof if dof else 0.0), dof


def difference_half_width(
    variance: float, dof: float, counts: Sequence[float]
) -> float | None:
    """Return half the 95 % interval of a mean, or of a difference of two means.

    Parameters
    ----------
    variance : float
        Pooled variance of a single value.
    dof : float
        Its degrees of freedom.
    counts : sequence of float
        Number of independent values in each mean.

    Returns
    -------
    float or None
        `None` without degrees of freedom.

    Examples
    --------
    >>> round(difference_half_width(2.0, 2, (2, 2)), 2)
    6.08
    """
    if dof < 1:
        return None
    error = math.sqrt(variance * sum(1 / count for count in counts))
    return t_quantile(0.975, dof) * error


def _sum_of_squares(values: Sequence[float]) -> float:
    mean = sum(values) / len(values)
    return sum((value - mean) ** 2 for value in values)
