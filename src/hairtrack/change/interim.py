"""Interim analyses at weeks 24, 36 and 52, and sudden changes.

The three analyses together err in at most 5 % of courses. The error is spent by a
schedule fixed beforehand (Lan and DeMets 1983): 3.5 % by week 24, 4.25 % by week 36, 5 %
by week 52. An analysis that was not possible leaves its share to the next. The
correlation of the analyses follows from the dates alone, so the boundary is computed for
the person's own dates, by numerical integration of the normal distribution, and carried
to Student's t by equal tail probabilities (Jennison and Turnbull 2000). Each analysis
uses only what was known on its day.

A treatment cannot move hair cover between two visits by as much as it moves in months; a
haircut, another lamp or another comb can. Where one step explains the visits better than
the slow shape does, it is reported. Where it does so much better, a loss is withheld
until the person has said what happened on that day.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from scipy import optimize, special

from hairtrack.change.records import Estimate, InterimAnalysis, Step, Verdict
from hairtrack.change.trend import Fit, TimeSeries, estimate_until, fit_until
from hairtrack.statistics import t_quantile

_Floats = NDArray[np.float64]

SPENT = {24: 0.035, 36: 0.0425, 52: 0.05}
"""Week of an analysis -> chance of a false gain or loss spent until then, both sides."""

_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(24)

_EARLY = 3 / 7
"""An analysis may come so many weeks early: a visit three days before its day counts."""

_FINENESS = 50
"""Correlations are rounded to 1/50: it moves a critical value by 0.01 at most."""


def normal_score(statistic: float, dof: float) -> float:
    """Return the normal deviate with the tail probability of a t statistic."""
    tail = float(special.stdtr(dof, -abs(statistic)))
    return float(np.copysign(-special.ndtri(max(tail, 1e-300)), statistic))


def solve_boundary(correlation: _Floats, spent: Sequence[float]) -> tuple[float, ...]:
    """Return the critical normal deviate of each analysis.

    Parameters
    ----------
    correlation : (K, K) float
        Of the statistics of the analyses; K is 1 to 3.
    spent : sequence of float
        Error spent up to each analysis, rising.

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


def holm(p_values: Sequence[float]) -> tuple[bool, ...]:
    """Return which of several hypotheses are rejected at a familywise error of 5 %.

    References
    ----------
    Holm, Scandinavian Journal of Statistics 6, 65 (1979).

    Examples
    --------
    >>> holm([0.04, 0.01, 0.3])
    (False, True, False)
    """
    order = sorted(range(len(p_values)), key=lambda i: p_values[i])
    rejected = [False] * len(p_values)
    for place, index in enumerate(order):
        if p_values[index] > 0.05 / (len(p_values) - place):
            break
        rejected[index] = True
    return tuple(rejected)


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


def analyze_interim(series: TimeSeries) -> tuple[InterimAnalysis, ...]:
    """Return the interim analyses that were due and possible."""
    counts = _find_looks(series)
    fits = [fit for fit in (fit_until(series, count) for _, count in counts) if fit]
    looks: list[InterimAnalysis] = []
    bounds: tuple[float, ...] = ()
    if fits:
        spent = [SPENT[week] for week, _ in counts]
        bounds = solve_boundary(_correlate(fits), spent)
    for (week, count), fit, bound in zip(counts, fits, bounds, strict=True):
        looks.append(_judge(series, week, count, fit, bound, looks))
    return tuple(looks)


def judge_estimate(estimate: Estimate, margin_pp: float) -> Verdict:
    """Return the verdict of one estimate alone, ignoring earlier analyses."""
    low, high = estimate.interval_pp
    if high < 0:
        return Verdict.GAIN
    if low > 0:
        return Verdict.LOSS
    return _judge_size(estimate, margin_pp)


def _judge_size(estimate: Estimate, margin_pp: float) -> Verdict:
    low, high = estimate.interval90_pp
    inside = -margin_pp < low and high < margin_pp
    return Verdict.NO_LARGER if inside else Verdict.WITHIN_NOISE


def _find_looks(series: TimeSeries) -> list[tuple[int, int]]:
    """Return (week, visits until then) of each analysis: its first visit that suffices."""
    found = []
    ends = [*list(SPENT)[1:], math.inf]
    for week, end in zip(SPENT, ends, strict=True):
        for place, at in enumerate(series.weeks):
            if week - _EARLY <= at < end - _EARLY and series.is_enough(place + 1):
                found.append((week, place + 1))
                break
    return found


def _correlate(fits: Sequence[Fit]) -> _Floats:
    """Return the correlation of the analyses when nothing changes."""
    covariance = fits[-1].covariance
    contrasts = np.zeros((len(fits), len(covariance)))
    for row, fit in enumerate(fits):
        contrasts[row, : len(fit.contrast)] = fit.contrast
    both = contrasts @ covariance @ contrasts.T
    scale = np.sqrt(np.diag(both))
    return np.asarray(both / np.outer(scale, scale), float)


def _judge(
    series: TimeSeries,
    week: int,
    count: int,
    fit: Fit,
    bound: float,
    before: Sequence[InterimAnalysis],
) -> InterimAnalysis:
    estimate = estimate_until(series, count, fit, sd=fit.sd, dof=fit.dof)
    score = normal_score(fit.change / fit.error, fit.dof)
    chance = 2 * float(special.ndtr(-abs(score)))
    half = t_quantile(1 - float(special.ndtr(-bound)), fit.dof) * fit.error
    side = Verdict.GAIN if fit.change < 0 else Verdict.LOSS
    upheld = bool(before) and before[-1].verdict is side and estimate.excludes_zero
    called = abs(score) >= bound or upheld
    verdict = side if called else _judge_size(estimate, series.plan.margin_pp)
    if verdict is Verdict.LOSS:
        step = find_unmarked_step(series, count, upwards=True)
        if step is not None and step.better >= MIN_STEP_GAIN:
            verdict = Verdict.NOT_ENOUGH_DATA
    return InterimAnalysis(
        week=week,
        day=series.days[count - 1],
        verdict=verdict,
        estimate=estimate,
        joint_interval_pp=(fit.change - half, fit.change + half),
        p_value=chance,
        level=2 * float(special.ndtr(-bound)),
    )


MIN_STEP_GAIN = 2.0
"""Log likelihood by which a step must beat the slow trend before a loss is withheld: about
the cost of one more parameter, its day, in the Bayesian information criterion."""

_CHANCE = 0.05
"""Chance, over all days together, of a step where there is only noise."""


def find_unmarked_step(
    series: TimeSeries, count: int, *, upwards: bool = False
) -> Step | None:
    """Return the step among the first `count` visits, unless the person joined it."""
    shape = series.shape(series.weeks[:count])
    step = find_step(series.days[:count], series.levels_pp[:count], shape, upwards=upwards)
    if step and any(step.after < day <= step.day for day in series.plan.joined):
        return None
    return step


def find_step(
    days: Sequence[dt.date], levels_pp: _Floats, shape: _Floats, *, upwards: bool = False
) -> Step | None:
    """Return the step that explains the visits better than the slow trend, or `None`.

    Parameters
    ----------
    days : sequence of datetime.date
        Days of the visits, in order.
    levels_pp, shape : (N,) float
        Levels in per cent, and the slow trend's assumed share of the change.
    upwards : bool
        Find only steps to more visible scalp.
    """
    count = len(days)
    if count < 6:
        return None
    later = np.arange(count)[None, :] >= np.arange(1, count)[:, None]
    after = later.sum(axis=1)
    step = (later @ levels_pp) / after - (~later @ levels_pp) / (count - after)
    total = float(np.sum((levels_pp - levels_pp.mean()) ** 2))
    gained = step**2 * after * (count - after) / count
    if upwards:
        gained = np.where(step > 0, gained, -np.inf)
    best = int(np.argmax(gained))
    left = total - float(gained[best])
    centred = shape - shape.mean()
    slow = float((centred @ levels_pp) ** 2 / max(centred @ centred, 1e-9))
    limit = t_quantile(1 - _CHANCE / 2 / (count - 1), count - 2) ** 2
    if gained[best] <= max(slow, limit * max(left, 1e-9) / (count - 2)):
        return None
    better = count / 2 * np.log((total - slow) / max(left, 1e-9))
    return Step(
        after=days[best],
        day=days[best + 1],
        delta_pp=float(step[best]),
        better=float(better),
    )
