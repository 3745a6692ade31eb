"""How far repeats differ when nothing changes, and what that means for one visit or two.

Two variances: of a photograph, combed anew, about its visit; and of visits beyond what
their photographs explain. Both are pooled from the person's own data. With few of them
they are shrunk to a prior that is labelled *assumed*: the posterior mean of a variance
under a scaled inverse chi-squared prior, with as many degrees of freedom as both have
together. From 8 degrees of freedom between visits on, the person's own data stand alone.

Bland-Altman limits and the intraclass correlation describe the same repeats.
"""

from __future__ import annotations

import math
import statistics
from collections.abc import Sequence
from dataclasses import dataclass

from scipy import special

from hairtrack.change.records import (
    Change,
    Comparability,
    Grade,
    Noise,
    Repeatability,
    VisitReading,
    VisitValue,
)
from hairtrack.statistics import Interval, pool_variance, t_quantile

OWN_DOF = 8
"""Degrees of freedom between visits from which on only the person's own data count; a rule
set beforehand (docs/statistics.md)."""

ASSUMED_WITHIN_PP, ASSUMED_BETWEEN_PP, ASSUMED_DOF = 3.0, 1.5, 4.0
"""The noise assumed before there are data, a working figure (docs/statistics.md): the SD
of one photograph, combed anew, about its visit; SD of visits beyond what their photographs
explain; and how many degrees of freedom both count for."""

_OUTLIER_CHANCE = 0.01
"""Chance that a visit without outliers has a shot flagged."""


def shrink(own_variance: float, own_dof: float, *, assumed: float) -> tuple[float, float]:
    """Shrink a variance towards an assumed one; return it and its degrees of freedom.

    Parameters
    ----------
    own_variance, own_dof : float
        Of the data; from `OWN_DOF` on they are returned unchanged.
    assumed : float
        Variance of the prior, which has `ASSUMED_DOF` degrees of freedom.

    Examples
    --------
    >>> shrink(1.0, 4, assumed=9.0)
    (5.0, 8.0)
    >>> shrink(1.0, 20, assumed=9.0)
    (1.0, 20)
    """
    if own_dof >= OWN_DOF:
        return own_variance, own_dof
    both = own_dof + ASSUMED_DOF
    return (own_variance * own_dof + assumed * ASSUMED_DOF) / both, both


def name_noise(dof: float) -> Noise:
    """Return where noise with so many degrees of freedom of its own comes from."""
    if dof >= OWN_DOF:
        return Noise.OWN
    return Noise.PARTLY_ASSUMED if dof > 0 else Noise.ASSUMED


def measure_repeatability(
    readings: Sequence[VisitReading], *, steady: tuple[float, int] | None = None
) -> Repeatability:
    """Measure the noise of one subject, view and zone.

    Parameters
    ----------
    readings : sequence of VisitReading
        All visits of the series; repeats within them count, whatever changes between.
    steady : (float, int), optional
        Variance (pp squared) of visits' means among which nothing changes, and its
        degrees of freedom: those before treatment, or the residuals of a trend.
    """
    groups = [[100 * shot for shot in reading.values] for reading in readings]
    variance, dof = pool_variance(groups)
    within, _ = shrink(variance, dof, assumed=ASSUMED_WITHIN_PP**2)
    photos = len(groups) / sum(1 / len(group) for group in groups) if groups else 1.0
    total, between_dof = steady or (0.0, 0)
    assumed = ASSUMED_BETWEEN_PP**2 + within / photos
    visits, both = shrink(total, between_dof, assumed=assumed)
    sem = math.sqrt(visits)
    return Repeatability(
        within_pp=math.sqrt(within),
        between_pp=math.sqrt(max(0.0, visits - within / photos)),
        within_dof=dof,
        between_dof=between_dof,
        dof=both,
        sem_pp=sem,
        sdc95_pp=t_quantile(0.975, both) * math.sqrt(2) * sem,
        photos_per_visit=photos,
        noise=name_noise(between_dof),
    )


def variance_of_visit(photos: int, known: Repeatability) -> float:
    """Return the variance of the mean of so many photographs, pp squared."""
    least = known.sem_pp**2 - known.within_pp**2 / known.photos_per_visit
    if least >= 0:
        return least + known.within_pp**2 / photos
    return known.sem_pp**2 * known.photos_per_visit / photos


def value_visit(reading: VisitReading, known: Repeatability) -> VisitValue:
    """Return the mean of a visit with its 95 % interval; outliers are flagged.

    The interval is that of repeats; error that is the same on every photograph of a head
    is not included. No photograph is dropped.
    """
    count = len(reading.values)
    error = math.sqrt(variance_of_visit(count, known))
    half = t_quantile(0.975, known.dof) * error / 100
    return VisitValue(
        day=reading.day,
        level=reading.level,
        interval=(max(0.0, reading.level - half), min(1.0, reading.level + half)),
        n=count,
        outliers=_find_outliers(reading.values, known),
    )


def change_between(
    first: VisitReading,
    last: VisitReading,
    known: Repeatability,
    *,
    comparability: Comparability | None = None,
) -> Change:
    """Return how two visits differ, and whether that is more than noise.

    Parameters
    ----------
    first, last : VisitReading
        Two visits of one series.
    known : Repeatability
        Its noise.
    comparability : Comparability, optional
        Its doubt widens the interval; refused visits are not judged.
    """
    graded = comparability or Comparability()
    variance = sum(variance_of_visit(len(r.values), known) for r in (first, last))
    error = math.sqrt(variance + graded.extra_pp**2)
    half = t_quantile(0.975, known.dof) * error
    delta = 100 * (last.level - first.level)
    refused = graded.grade is Grade.REFUSED
    return Change(
        first=first.day,
        last=last.day,
        delta_pp=delta,
        interval_pp=(delta - half, delta + half),
        sdc95_pp=half,
        beyond_noise=None if refused else abs(delta) > half,
        n=len(first.values) + len(last.values),
        noise=known.noise,
        comparability=graded,
    )


def _find_outliers(values: Sequence[float], known: Repeatability) -> tuple[int, ...]:
    """Return the indices of photographs too far from the mean of the others.

    The chance is shared among the photographs of the visit (Bonferroni). Of two
    photographs nobody can say which is the outlier, so neither is flagged.
    """
    count = len(values)
    if count < 3:
        return ()
    dof = known.within_dof if known.within_dof >= OWN_DOF else known.dof
    limit = t_quantile(1 - _OUTLIER_CHANCE / 2 / count, dof)
    limit *= known.within_pp / 100 * math.sqrt(1 + 1 / (count - 1))
    others = [(sum(values) - value) / (count - 1) for value in values]
    far = [abs(value - other) for value, other in zip(values, others, strict=True)]
    worst = max(range(count), key=lambda place: far[place])
    return (worst,) if far[worst] > limit else ()


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
        Mean (per cent) and difference (points) of each of the `n` pairs.
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
class IntraclassCorrelation:
    """Intraclass correlation: form, 95 % interval, visits, photographs a visit."""

    form: str
    value: float
    interval: Interval
    visits: int
    photos_per_visit: float


def pair_photos(readings: Sequence[VisitReading]) -> list[tuple[float, float]]:
    """Return the first two photographs of every visit that has two."""
    return [(r.values[0], r.values[1]) for r in readings if len(r.values) > 1]


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
    t = t_quantile(0.975, count - 1)
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


def intraclass_correlation(readings: Sequence[VisitReading]) -> IntraclassCorrelation:
    """Return ICC(1,1): how much of the spread of single photographs lies between visits.

    One way, random effects, absolute agreement, single photograph: the photographs of one
    visit are no matched raters. It says how well photographs tell *these
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
    groups = [reading.values for reading in readings if reading.values]
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
    dof = visits - 1, total - visits
    ratio = (between / dof[0]) / (inside / dof[1])
    low = ratio / special.fdtri(*dof, 0.975)
    high = ratio * special.fdtri(*dof[::-1], 0.975)
    value, least, most = ((f - 1) / (f + size - 1) for f in (ratio, low, high))
    return IntraclassCorrelation(
        form="ICC(1,1)",
        value=float(value),
        interval=(float(least), float(most)),
        visits=visits,
        photos_per_visit=float(size),
    )
