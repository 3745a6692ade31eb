"""The trend of one zone: a regression with a late onset, correlated visits and a season.

The level is assumed to stay until week 4, to move in a straight line until week 24
and to hold from then on. Where the start is not known, it is assumed to move in a
straight line throughout. One shape fixed beforehand keeps the test exact; its power for
other onsets is in docs/statistics.md. From 52 weeks on a yearly wave is fitted as well.

Errors of visits two weeks apart may be correlated, and less so the longer apart (a
continuous first-order autoregression). The correlation is estimated by restricted
likelihood, under the assumption that it is small.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hairtrack.change.records import (
    AnalysisPlan,
    Estimate,
    TrendPoint,
    VisitReading,
)
from hairtrack.change.repeatability import (
    ASSUMED_BETWEEN_PP,
    ASSUMED_WITHIN_PP,
    measure_repeatability,
    name_noise,
    shrink,
    variance_of_visit,
)
from hairtrack.statistics import t_interval, t_quantile

_Floats = NDArray[np.float64]

ONSET_WEEK, FULL_WEEK = 4.0, 24.0
"""Assumed shape: nothing before, a straight line between, level after."""

YEAR_WEEKS = 365.25 / 7

_PHI = np.array([0.0, 0.15, 0.3, 0.45, 0.6, 0.75])
"""Correlations of visits two weeks apart that are tried."""

_PHI_SPREAD = 0.25
"""How large that correlation is assumed to be (half-normal)."""

MIN_DOF = 5
"""Degrees of freedom of the residuals that an interim analysis needs."""

_MIN_BEFORE, _MIN_LATE, _LATE_WEEK = 2, 3, 12
"""Visits before treatment, and from week 12 on, that an interim analysis needs."""

BASELINE_VISITS = 3
"""Visits of a good baseline: before treatment, or the first ones."""

_SLOPE_WEEKS = 24.0
_NEARLY_A_YEAR = 51.5

_MIN_SD = 0.01
"""Points; visits that agree to the last digit are copies, so the SD is never 0."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Fit:
    """Weighted least squares fit of a trend.

    Attributes
    ----------
    change : float
        Coefficient of the shape, pp.
    error : float
        Its standard error.
    sd : float
        Residual SD of a visit, pp.
    dof : int
        Degrees of freedom of `sd`.
    phi : float
        Fitted correlation of visits two weeks apart.
    contrast : (N,) float
        Weights of the visits in `change`.
    covariance : (N, N) float
        Of the visits, in units of `sd` squared.
    coefficients : (P,) float
        Level, change and, with a yearly wave, its two parts.
    information : (P, P) float
        Inverse of their covariance, in units of `sd` squared.
    season : bool
        Whether the yearly wave was fitted.
    """

    change: float
    error: float
    sd: float
    dof: int
    phi: float
    contrast: _Floats
    covariance: _Floats
    coefficients: _Floats
    information: _Floats
    season: bool


def shape_after_start(weeks: _Floats) -> _Floats:
    """Return the assumed share of the full change at weeks since the start.

    Examples
    --------
    >>> shape_after_start(np.array([-2.0, 4.0, 14.0, 24.0, 52.0])).tolist()
    [0.0, 0.0, 0.5, 1.0, 1.0]
    """
    share = (weeks - ONSET_WEEK) / (FULL_WEEK - ONSET_WEEK)
    return np.asarray(np.clip(share, 0.0, 1.0), float)


def fit_shape(
    weeks: _Floats,
    levels_pp: _Floats,
    shape: _Floats,
    *,
    relative: _Floats | None = None,
    season: bool = False,
) -> Fit:
    """Fit level + change x shape (+ yearly wave) by restricted likelihood.

    Parameters
    ----------
    weeks, levels_pp, shape : (N,) float
        Time, level in per cent, and assumed share of the change, of every visit.
    relative : (N,) float, optional
        Variance of each visit over that of a usual one.
    season : bool
        Whether a yearly wave is fitted.

    Returns
    -------
    Fit

    Raises
    ------
    ValueError
        If there are not more visits than coefficients, or the shape is flat.

    References
    ----------
    Patterson and Thompson, Biometrika 58, 545 (1971): restricted likelihood.
    """
    design = _design(weeks, shape, season=season)
    count, terms = design.shape
    if count <= terms or np.ptp(shape) == 0:
        raise ValueError(
            "more visits than coefficients are needed, and some change of shape"
        )
    weight = np.ones(count) if relative is None else np.sqrt(relative)
    apart = np.abs(weeks[:, None] - weeks[None, :]) / 2.0
    covariances = _PHI[:, None, None] ** apart * np.outer(weight, weight)
    inverses = np.linalg.inv(covariances)
    informations = design.T @ inverses @ design
    projections = np.linalg.solve(informations, design.T @ inverses)
    residuals = levels_pp - (design @ projections @ levels_pp[:, None])[..., 0]
    squares = np.einsum("gi,gij,gj->g", residuals, inverses, residuals)
    unlikely = (
        np.linalg.slogdet(covariances)[1]
        + np.linalg.slogdet(informations)[1]
        + (count - terms) * np.log(np.maximum(squares, 1e-12))
        + (_PHI / _PHI_SPREAD) ** 2
    )
    best = int(np.argmin(unlikely))
    dof = count - terms
    sd = max(float(np.sqrt(squares[best] / dof)), _MIN_SD)
    contrast = projections[best, 1]
    covariance = covariances[best]
    return Fit(
        change=float(contrast @ levels_pp),
        error=sd * float(np.sqrt(contrast @ covariance @ contrast)),
        sd=sd,
        dof=dof,
        phi=float(_PHI[best]),
        contrast=contrast,
        covariance=covariance,
        coefficients=projections[best] @ levels_pp,
        information=informations[best],
        season=season,
    )


def _design(weeks: _Floats, shape: _Floats, *, season: bool) -> _Floats:
    columns = [np.ones_like(weeks), shape]
    if season:
        turn = 2 * np.pi * weeks / YEAR_WEEKS
        columns += [np.cos(turn), np.sin(turn)]
    return np.stack(columns, axis=1)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class TimeSeries:
    """Visits that may be compared, as arrays in order of time.

    Attributes
    ----------
    days : tuple of datetime.date
        Days of the visits.
    weeks, levels_pp, relative : (N,) float
        Weeks since `origin`; level in per cent; variance over that of a usual visit.
    photos : (N,) int
        Photographs.
    since : str
        "treatment", "tracking" or "break".
    origin : datetime.date
        Week 0.
    plan : AnalysisPlan
        What was fixed beforehand.
    """

    days: tuple[dt.date, ...]
    weeks: _Floats
    levels_pp: _Floats
    relative: _Floats
    photos: NDArray[np.int_]
    since: str
    origin: dt.date
    plan: AnalysisPlan

    @classmethod
    def of(
        cls,
        kept: Sequence[tuple[VisitReading, float]],
        *,
        plan: AnalysisPlan,
        broken: bool,
        levels: Sequence[float] | None = None,
    ) -> TimeSeries:
        """Arrange visits and the doubt of each (SD, pp); `levels` replace their own."""
        readings = [reading for reading, _ in kept]
        before = plan.start is not None and readings[0].day <= plan.start
        origin = plan.start if before and plan.start else readings[0].day
        since = "treatment" if before else "break" if broken else "tracking"
        days = tuple(reading.day for reading in readings)
        own = [reading.level for reading in readings] if levels is None else levels
        return cls(
            days=days,
            weeks=np.array([(day - origin).days / 7 for day in days]),
            levels_pp=100 * np.array(own, float),
            relative=_weigh(kept),
            photos=np.array([len(reading.values) for reading in readings]),
            since=since,
            origin=origin,
            plan=plan,
        )

    @property
    def week(self) -> float:
        """Weeks from week 0 to the latest visit."""
        return float(self.weeks[-1])

    @property
    def treated(self) -> bool:
        """Whether week 0 is the start of a treatment, with a visit before it."""
        return self.since == "treatment"

    def shape(self, weeks: _Floats) -> _Floats:
        """Return the assumed share of the change at weeks in order."""
        if self.treated:
            return shape_after_start(weeks)
        span = max(float(weeks[-1] - weeks[0]), 1e-9)
        return np.asarray((weeks - weeks[0]) / span, float)

    @property
    def baseline(self) -> NDArray[np.int_]:
        """Indices of the visits before treatment; without a treatment, of the first."""
        if self.treated:
            return np.flatnonzero(self.weeks <= 0)
        return np.arange(min(BASELINE_VISITS, len(self.days)))

    def count_missing(self, count: int | None = None) -> int:
        """Return how many later visits an analysis of the first `count` still needs."""
        weeks = self.weeks[:count]
        missing = MIN_DOF + 2 - len(weeks)
        if self.treated:
            missing = max(missing, _MIN_LATE - int(np.sum(weeks >= _LATE_WEEK)))
        return max(0, missing)

    def is_enough(self, count: int) -> bool:
        """Return whether the first `count` visits suffice for an interim analysis."""
        before = np.sum(self.weeks[:count] <= 0)
        return not self.count_missing(count) and bool(
            before >= _MIN_BEFORE or not self.treated
        )


def fit_until(series: TimeSeries, count: int) -> Fit | None:
    """Fit the first `count` visits; `None` where they are too few.

    A yearly wave is fitted where they span a year and leave room for it.
    """
    weeks = series.weeks[:count]
    shape = series.shape(weeks)
    season = bool(weeks[-1] - weeks[0] >= _NEARLY_A_YEAR and count >= MIN_DOF + 4)
    if count < (5 if season else 3) or np.ptp(shape) == 0:
        return None
    return fit_shape(
        weeks,
        series.levels_pp[:count],
        shape,
        relative=series.relative[:count],
        season=season,
    )


def estimate_now(series: TimeSeries, fit: Fit) -> Estimate:
    """Return the change as of the latest visit."""
    sd, dof = estimate_spread(series, fit)
    found = estimate_until(series, len(series.days), fit, sd=sd, dof=dof)
    latest = series.weeks >= series.week - _SLOPE_WEEKS
    if latest.sum() < MIN_DOF:
        return found
    weeks = series.weeks[latest]
    line = fit_shape(weeks, series.levels_pp[latest], weeks - weeks[0])
    slope = 4 * line.change
    return dataclasses.replace(
        found,
        slope_pp=slope,
        slope_interval_pp=t_interval(slope, 4 * line.error, line.dof),
    )


def estimate_spread(series: TimeSeries, fit: Fit) -> tuple[float, float]:
    """Return the SD of a visit about the trend, pp, shrunk if visits are few; its dof."""
    assumed = ASSUMED_BETWEEN_PP**2 + ASSUMED_WITHIN_PP**2 / max(1, series.photos.min())
    variance, dof = shrink(fit.sd**2, fit.dof, assumed=assumed)
    return math.sqrt(variance), dof


def _weigh(kept: Sequence[tuple[VisitReading, float]]) -> _Floats:
    """Return each visit's variance over that of a usual one."""
    counts = {len(reading.values) for reading, _ in kept}
    if len(counts) == 1 and not any(extra for _, extra in kept):
        return np.ones(len(kept))
    known = measure_repeatability([reading for reading, _ in kept])
    variances = [variance_of_visit(len(r.values), known) + extra**2 for r, extra in kept]
    return np.array(variances) / known.sem_pp**2


def estimate_until(
    series: TimeSeries, count: int, fit: Fit, *, sd: float, dof: float
) -> Estimate:
    """Return the change so far: the fitted change, or its share before week 24."""
    share = float(series.shape(series.weeks[:count])[-1])
    delta, error = share * fit.change, share * fit.error * sd / fit.sd
    return Estimate(
        start_pp=float(fit.coefficients[0]),
        delta_pp=delta,
        interval_pp=t_interval(delta, error, dof),
        interval90_pp=t_interval(delta, error, dof, confidence=0.9),
        sd_pp=sd,
        autocorrelation=fit.phi,
        dof=dof,
        n=count,
        photos=int(series.photos[:count].sum()),
        season=fit.season,
        noise=name_noise(fit.dof),
    )


_STRETCHES = 60
"""Pieces in which the trend is drawn: enough for a yearly wave to look smooth."""


def trace_trend(series: TimeSeries, fit: Fit) -> tuple[TrendPoint, ...]:
    """Return the fitted trend from the first visit of a series to its last.

    Its points are the days of the visits, those where the shape bends, and days evenly
    between. The intervals use the same spread as those of `estimate_now`.
    """
    days = _choose_days(series)
    weeks = np.array([(day - series.origin).days / 7 for day in days])
    sd, dof = estimate_spread(series, fit)
    design = _design(weeks, series.shape(weeks), season=fit.season)
    levels = design @ fit.coefficients
    spread = np.linalg.solve(fit.information, design.T)
    errors = fit.sd * np.sqrt(np.einsum("mp,pm->m", design, spread))
    halves = t_quantile(0.975, dof) * errors * sd / fit.sd
    lines = np.clip(np.stack([levels, levels - halves, levels + halves]) / 100, 0, 1)
    return tuple(
        TrendPoint(day=day, level=level, interval=(low, high))
        for day, level, low, high in zip(days, *lines.tolist(), strict=True)
    )


def _choose_days(series: TimeSeries) -> list[dt.date]:
    first, last = series.days[0], series.days[-1]
    step = max(1, (last - first).days // _STRETCHES)
    even = range(0, (last - first).days, step)
    bends = [
        series.origin + dt.timedelta(weeks=week)
        for week in (ONSET_WEEK, FULL_WEEK)
        if series.treated
    ]
    days = {first + dt.timedelta(days=count) for count in even} | set(series.days)
    return sorted(days | {day for day in bends if first < day < last})
