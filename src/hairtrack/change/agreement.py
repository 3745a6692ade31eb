"""Agreement of repeats: Bland-Altman limits and the intraclass correlation."""

from __future__ import annotations

import math
import statistics
from collections.abc import Sequence
from dataclasses import dataclass

from scipy import special

from hairtrack.change.records import Interval, Reading
from hairtrack.change.trend import quantile

__all__ = ["Agreement", "Icc", "bland_altman", "icc", "pair_shots"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """How two readings of the same thing differ, second minus first.

    Attributes
    ----------
    bias_pp, bias_interval_pp : float, (float, float)
        Mean difference and its 95 % interval.
    sd_pp : float
        SD of the differences.
    limits_pp : (float, float)
        95 % limits of agreement, bias -+ 1.96 SD.
    lower_pp, upper_pp : (float, float)
        95 % intervals of the lower and of the upper limit.
    points : tuple of (float, float)
        Mean (per cent) and difference (points) of every pair.
    n : int
        Pairs.
    """

    bias_pp: float
    bias_interval_pp: Interval
    sd_pp: float
    limits_pp: Interval
    lower_pp: Interval
    upper_pp: Interval
    points: tuple[tuple[float, float], ...]
    n: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Icc:
    """Intraclass correlation with its form, 95 % interval, visits and shots a visit."""

    form: str
    value: float
    interval: Interval
    visits: int
    shots: float


def pair_shots(readings: Sequence[Reading]) -> list[tuple[float, float]]:
    """Return the first two photographs of every visit that has two."""
    return [(r.shots[0], r.shots[1]) for r in readings if len(r.shots) > 1]


def bland_altman(pairs: Sequence[tuple[float, float]]) -> Agreement:
    """Return bias and 95 % limits of agreement of paired fractions.

    Raises
    ------
    ValueError
        If there are fewer than three pairs.

    References
    ----------
    Bland and Altman, Lancet 327, 307 (1986); the interval of a limit is their
    approximation, SD x sqrt(3 / n).
    """
    count = len(pairs)
    if count < 3:
        raise ValueError("three pairs are needed at least")
    differences = [100 * (second - first) for first, second in pairs]
    bias, sd = statistics.fmean(differences), statistics.stdev(differences)
    t = quantile(0.975, count - 1)
    of_bias, of_limit = t * sd / math.sqrt(count), t * sd * math.sqrt(3 / count)
    low, high = bias - 1.96 * sd, bias + 1.96 * sd
    means = [50 * (first + second) for first, second in pairs]
    return Agreement(
        bias_pp=bias,
        bias_interval_pp=(bias - of_bias, bias + of_bias),
        sd_pp=sd,
        limits_pp=(low, high),
        lower_pp=(low - of_limit, low + of_limit),
        upper_pp=(high - of_limit, high + of_limit),
        points=tuple(zip(means, differences, strict=True)),
        n=count,
    )


def icc(readings: Sequence[Reading]) -> Icc:
    """Return ICC(1,1): how much of the spread of single shots lies between visits.

    One way, random effects, absolute agreement, single photograph: the shots of
    one visit are no matched raters. It says how well photographs tell *these
    visits* apart; where nothing changes it is near 0 however good they are.

    Raises
    ------
    ValueError
        If there are not two visits, or no repeats, or no spread at all.

    References
    ----------
    Shrout and Fleiss, Psychological Bulletin 86, 420 (1979). McGraw and Wong,
    Psychological Methods 1, 30 (1996).
    """
    groups = [reading.shots for reading in readings if reading.shots]
    visits, total = len(groups), sum(len(group) for group in groups)
    if visits < 2 or total <= visits:
        raise ValueError("two visits and some repeats are needed")
    grand = sum(map(sum, groups)) / total
    means = [statistics.fmean(group) for group in groups]
    between = sum(len(g) * (m - grand) ** 2 for g, m in zip(groups, means, strict=True))
    inside = sum((s - m) ** 2 for g, m in zip(groups, means, strict=True) for s in g)
    if inside == 0:
        raise ValueError("the repeats do not differ at all")
    size = (total - sum(len(group) ** 2 for group in groups) / total) / (visits - 1)
    freedom = visits - 1, total - visits
    ratio = (between / freedom[0]) / (inside / freedom[1])
    low = ratio / special.fdtri(*freedom, 0.975)
    high = ratio * special.fdtri(*freedom[::-1], 0.975)
    value, least, most = ((f - 1) / (f + size - 1) for f in (ratio, low, high))
    return Icc(
        form="ICC(1,1)",
        value=float(value),
        interval=(float(least), float(most)),
        visits=visits,
        shots=float(size),
    )
