"""How far repeats differ when nothing changes, and what that means for one visit or two.

Two variances: of a photograph, combed anew, about its visit; and of visits
beyond what their photographs explain. Both are pooled from the person's own
data. With few of them they are shrunk to a prior that is labelled *assumed*:
the posterior mean of a variance under a scaled inverse chi-squared prior, with
as many degrees of freedom as both have together. From 8 degrees of freedom
between visits on, the person's own data stand alone.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from hairtrack.change.records import (
    Change,
    Comparability,
    Grade,
    Noise,
    Prior,
    Reading,
    Repeatability,
    VisitValue,
)
from hairtrack.change.trend import quantile

__all__ = [
    "OWN_FREEDOM",
    "change_between",
    "measure_repeatability",
    "name_noise",
    "shrink",
    "value_visit",
    "variance_of_visit",
]

OWN_FREEDOM = 8
"""From so many degrees of freedom between visits on, noise is a person's own."""

_OUTLIER_CHANCE = 0.01
"""Chance that a visit without outliers has a shot flagged."""


def shrink(
    own_variance: float, own_freedom: float, *, assumed: float, weight: float
) -> tuple[float, float]:
    """Return a variance drawn towards an assumed one, and its degrees of freedom.

    Parameters
    ----------
    own_variance, own_freedom : float
        Of the data; with `OWN_FREEDOM` and more they are handed back.
    assumed, weight : float
        Variance of the prior, and its degrees of freedom.

    Examples
    --------
    >>> shrink(1.0, 4, assumed=9.0, weight=4)
    (5.0, 8)
    >>> shrink(1.0, 20, assumed=9.0, weight=4)
    (1.0, 20)
    """
    if own_freedom >= OWN_FREEDOM:
        return own_variance, own_freedom
    both = own_freedom + weight
    return (own_variance * own_freedom + assumed * weight) / both, both


def name_noise(freedom: float) -> Noise:
    """Say whose noise it is."""
    if freedom >= OWN_FREEDOM:
        return Noise.OWN
    return Noise.PARTLY_ASSUMED if freedom > 0 else Noise.ASSUMED


def measure_repeatability(
    readings: Sequence[Reading],
    *,
    steady: tuple[float, int] | None = None,
    prior: Prior | None = None,
) -> Repeatability:
    """Measure the noise of one subject, view and zone.

    Parameters
    ----------
    readings : sequence of Reading
        All visits of the series; repeats within them count, whatever changes between.
    steady : (float, int), optional
        Variance (pp squared) of visits' means among which nothing changes, and its
        degrees of freedom: those before treatment, or the residuals of a trend.
    prior : Prior, optional
        What is assumed; the documented one by default.

    Returns
    -------
    Repeatability
    """
    prior = prior or Prior()
    groups = [[100 * shot for shot in reading.shots] for reading in readings]
    freedom = sum(len(group) - 1 for group in groups)
    squares = sum(_squares_about_mean(group) for group in groups)
    within, _ = shrink(
        squares / freedom if freedom else 0.0,
        freedom,
        assumed=prior.within_pp**2,
        weight=prior.freedom,
    )
    shots = len(groups) / sum(1 / len(group) for group in groups) if groups else 1.0
    total, between_freedom = steady or (0.0, 0)
    assumed = prior.between_pp**2 + within / shots
    variance, both = shrink(total, between_freedom, assumed=assumed, weight=prior.freedom)
    sem = math.sqrt(variance)
    return Repeatability(
        within_pp=math.sqrt(within),
        between_pp=math.sqrt(max(0.0, variance - within / shots)),
        within_freedom=freedom,
        between_freedom=between_freedom,
        freedom=both,
        sem_pp=sem,
        sdc95_pp=quantile(0.975, both) * math.sqrt(2) * sem,
        shots=shots,
        noise=name_noise(between_freedom),
    )


def variance_of_visit(shots: int, known: Repeatability) -> float:
    """Return the variance of the mean of so many photographs, pp squared."""
    least = known.sem_pp**2 - known.within_pp**2 / known.shots
    if least >= 0:
        return least + known.within_pp**2 / shots
    return known.sem_pp**2 * known.shots / shots


def value_visit(reading: Reading, known: Repeatability) -> VisitValue:
    """Return the mean of a visit with its 95 % interval; doubtful shots are flagged.

    The interval is that of repeats: error that is the same on every photograph of
    a head is not in it. Nothing is dropped.

    Parameters
    ----------
    reading : Reading
        The visit.
    known : Repeatability
        Noise of its series.

    Returns
    -------
    VisitValue
    """
    count = len(reading.shots)
    error = math.sqrt(variance_of_visit(count, known))
    half = quantile(0.975, known.freedom) * error / 100
    return VisitValue(
        day=reading.day,
        level=reading.level,
        interval=(max(0.0, reading.level - half), min(1.0, reading.level + half)),
        n=count,
        outliers=_find_outliers(reading.shots, known),
    )


def change_between(
    first: Reading,
    last: Reading,
    known: Repeatability,
    *,
    comparability: Comparability | None = None,
) -> Change:
    """Return how two visits differ, and whether that is more than noise.

    Parameters
    ----------
    first, last : Reading
        Two visits of one series.
    known : Repeatability
        Its noise.
    comparability : Comparability, optional
        Its doubt widens the interval; refused visits get no judgement.

    Returns
    -------
    Change
    """
    graded = comparability or Comparability()
    variance = sum(variance_of_visit(len(r.shots), known) for r in (first, last))
    error = math.sqrt(variance + graded.extra_pp**2)
    half = quantile(0.975, known.freedom) * error
    delta = 100 * (last.level - first.level)
    refused = graded.grade is Grade.REFUSED
    return Change(
        first=first.day,
        last=last.day,
        delta_pp=delta,
        interval_pp=(delta - half, delta + half),
        sdc95_pp=half,
        beyond_noise=None if refused else abs(delta) > half,
        n=len(first.shots) + len(last.shots),
        noise=known.noise,
        comparability=graded,
    )


def _squares_about_mean(values: Sequence[float]) -> float:
    mean = sum(values) / len(values)
    return sum((value - mean) ** 2 for value in values)


def _find_outliers(shots: Sequence[float], known: Repeatability) -> tuple[int, ...]:
    """Return the places of shots too far from the mean of the others.

    The chance is shared among the shots of the visit (Bonferroni). Of two shots
    nobody can say which is the odd one, so neither is flagged.
    """
    count = len(shots)
    if count < 3:
        return ()
    freedom = known.within_freedom if known.within_freedom >= OWN_FREEDOM else known.freedom
    limit = quantile(1 - _OUTLIER_CHANCE / 2 / count, freedom)
    limit *= known.within_pp / 100 * math.sqrt(1 + 1 / (count - 1))
    others = [(sum(shots) - shot) / (count - 1) for shot in shots]
    far = [abs(shot - other) for shot, other in zip(shots, others, strict=True)]
    worst = max(range(count), key=lambda place: far[place])
    return (worst,) if far[worst] > limit else ()
