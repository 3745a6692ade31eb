"""A stretch of comparable visits, and what each formal look saw of it.

The course is replayed from its first visit, so that the verdict of a look rests
on what was known at that look and on nothing later.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import special

from hairtrack.change import trend
from hairtrack.change.looks import SPENT, normal_score, solve_boundary
from hairtrack.change.records import Estimate, Look, Plan, Reading, Verdict
from hairtrack.change.repeatability import (
    measure_repeatability,
    name_noise,
    shrink,
    variance_of_visit,
)
from hairtrack.change.steps import MUCH_BETTER, find_step

__all__ = [
    "MIN_FREEDOM",
    "Series",
    "estimate_now",
    "fit_until",
    "hold_looks",
    "know_spread",
    "lean",
]

MIN_FREEDOM = 5
"""Degrees of freedom of the residuals that a formal look needs."""

_MIN_BEFORE, _MIN_LATE, _LATE_WEEK = 2, 3, 12
"""Visits before treatment and from week 12 on that a formal look needs."""

_SLOPE_WEEKS = 24.0
_NEARLY_A_YEAR = 51.5
_EARLY = 3 / 7
"""A look may be held so many weeks early: a visit three days before its day counts."""

_Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Series:
    """Visits that may be compared, as arrays in order of time.

    Attributes
    ----------
    days : tuple of datetime.date
        Days of the visits.
    weeks, levels_pp, relative : (N,) float
        Weeks since `origin`; level in per cent; variance over that of a usual visit.
    shots : (N,) int
        Photographs.
    since : str
        "treatment", "tracking" or "break".
    origin : datetime.date
        Week 0.
    plan : Plan
        What was fixed beforehand.
    """

    days: tuple[dt.date, ...]
    weeks: _Floats
    levels_pp: _Floats
    relative: _Floats
    shots: NDArray[np.int_]
    since: str
    origin: dt.date
    plan: Plan

    @classmethod
    def of(
        cls,
        kept: Sequence[tuple[Reading, float]],
        *,
        plan: Plan,
        broken: bool,
        levels: Sequence[float] | None = None,
    ) -> Series:
        """Lay out visits and the doubt of each (SD, pp); `levels` replace their own."""
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
            relative=_weigh(kept, plan),
            shots=np.array([len(reading.shots) for reading in readings]),
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

    def shape(self, count: int) -> _Floats:
        """Return the assumed share of the change on the first `count` visits."""
        return self.shape_at(self.weeks[:count])

    def shape_at(self, weeks: _Floats) -> _Floats:
        """Return that share at weeks in order, from the first visit to the last."""
        return (trend.shape_after_start if self.treated else trend.shape_of_line)(weeks)

    def is_enough(self, count: int) -> bool:
        """Return whether the first `count` visits suffice for a formal look."""
        weeks = self.weeks[:count]
        if count < MIN_FREEDOM + 2 or len(weeks) < 2:
            return False
        if not self.treated:
            return True
        before, late = np.sum(weeks <= 0), np.sum(weeks >= _LATE_WEEK)
        return bool(before >= _MIN_BEFORE and late >= _MIN_LATE)


def fit_until(
    series: Series, count: int, *, season: bool | None = None
) -> trend.Fit | None:
    """Fit the first `count` visits; `None` while they cannot tell anything."""
    weeks, shape = series.weeks[:count], series.shape(count)
    if season is None:
        season = has_season(series, count)
    if count < (5 if season else 3) or np.ptp(shape) == 0:
        return None
    return trend.fit_shape(
        weeks,
        series.levels_pp[:count],
        shape,
        relative=series.relative[:count],
        season=season,
    )


def has_season(series: Series, count: int) -> bool:
    """Return whether so many visits span a year and leave room for a yearly wave."""
    weeks = series.weeks[:count]
    span = weeks[-1] - weeks[0]
    return bool(span >= _NEARLY_A_YEAR and count >= MIN_FREEDOM + 4)


def hold_looks(series: Series) -> tuple[Look, ...]:
    """Return the formal looks that were due and could be held."""
    counts = _find_looks(series)
    fits = [fit for fit in (fit_until(series, count) for _, count in counts) if fit]
    looks: list[Look] = []
    bounds: tuple[float, ...] = ()
    if fits:
        spent = [SPENT[week] for week, _ in counts]
        bounds = solve_boundary(_correlate(fits), spent)
    for (week, count), fit, bound in zip(counts, fits, bounds, strict=True):
        looks.append(_judge(series, week, count, fit, bound, looks))
    return tuple(looks)


def estimate_now(series: Series, fit: trend.Fit) -> Estimate:
    """Return the change as of the latest visit."""
    sd, freedom = know_spread(series, fit)
    found = _estimate(series, len(series.days), fit, sd=sd, freedom=freedom)
    slope = _find_slope(series)
    if slope is None:
        return found
    return dataclasses.replace(found, slope_pp=slope[0], slope_interval_pp=slope[1])


def know_spread(series: Series, fit: trend.Fit) -> tuple[float, float]:
    """Return the SD of a visit about the course, pp, and its degrees of freedom.

    With few visits the residual variance is shrunk to what is assumed.
    """
    prior = series.plan.prior
    assumed = prior.between_pp**2 + prior.within_pp**2 / max(1, series.shots.min())
    variance, freedom = shrink(
        fit.sd**2, fit.freedom, assumed=assumed, weight=prior.freedom
    )
    return math.sqrt(variance), freedom


def lean(estimate: Estimate, margin_pp: float) -> Verdict:
    """Say what an estimate tells by itself, as if nobody had looked before."""
    low, high = estimate.interval_pp
    if high < 0:
        return Verdict.GAIN
    if low > 0:
        return Verdict.LOSS
    return _within(estimate, margin_pp)


def _within(estimate: Estimate, margin_pp: float) -> Verdict:
    low, high = estimate.interval90_pp
    inside = -margin_pp < low and high < margin_pp
    return Verdict.NO_LARGER if inside else Verdict.WITHIN_NOISE


def _weigh(kept: Sequence[tuple[Reading, float]], plan: Plan) -> _Floats:
    """Return each visit's variance over the usual one: fewer shots, doubtful light."""
    counts = {len(reading.shots) for reading, _ in kept}
    if len(counts) == 1 and not any(extra for _, extra in kept):
        return np.ones(len(kept))
    known = measure_repeatability([reading for reading, _ in kept], prior=plan.prior)
    variances = [variance_of_visit(len(r.shots), known) + extra**2 for r, extra in kept]
    return np.array(variances) / known.sem_pp**2


def _find_looks(series: Series) -> list[tuple[int, int]]:
    """Return (week, visits until then) of each look: its first visit that suffices."""
    found = []
    ends = [*list(SPENT)[1:], math.inf]
    for week, end in zip(SPENT, ends, strict=True):
        for place, at in enumerate(series.weeks):
            if week - _EARLY <= at < end - _EARLY and series.is_enough(place + 1):
                found.append((week, place + 1))
                break
    return found


def _correlate(fits: Sequence[trend.Fit]) -> _Floats:
    """Return how the looks' statistics hang together when nothing changes."""
    covariance = fits[-1].covariance
    contrasts = np.zeros((len(fits), len(covariance)))
    for row, fit in enumerate(fits):
        contrasts[row, : len(fit.contrast)] = fit.contrast
    both = contrasts @ covariance @ contrasts.T
    scale = np.sqrt(np.diag(both))
    return np.asarray(both / np.outer(scale, scale), float)


def _judge(
    series: Series,
    week: int,
    count: int,
    fit: trend.Fit,
    bound: float,
    before: Sequence[Look],
) -> Look:
    estimate = _estimate(series, count, fit, sd=fit.sd, freedom=fit.freedom)
    score = normal_score(fit.change / fit.error, fit.freedom)
    chance = 2 * float(special.ndtr(-abs(score)))
    half = trend.quantile(1 - float(special.ndtr(-bound)), fit.freedom) * fit.error
    side = Verdict.GAIN if fit.change < 0 else Verdict.LOSS
    called = abs(score) >= bound or _is_upheld(side, estimate, before)
    verdict = side if called else _within(estimate, series.plan.margin_pp)
    if verdict is Verdict.LOSS and _is_step(series, count):
        verdict = Verdict.NOT_ENOUGH_DATA
    return Look(
        week=week,
        day=series.days[count - 1],
        verdict=verdict,
        estimate=estimate,
        joint_interval_pp=(fit.change - half, fit.change + half),
        p_value=chance,
        level=2 * float(special.ndtr(-bound)),
    )


def _is_upheld(side: Verdict, estimate: Estimate, before: Sequence[Look]) -> bool:
    """Return whether an earlier look called it and its own interval still does."""
    low, high = estimate.interval_pp
    return bool(before) and before[-1].verdict is side and (low > 0 or high < 0)


def _is_step(series: Series, count: int) -> bool:
    step = find_step(
        series.days[:count], series.levels_pp[:count], series.shape(count), upwards=True
    )
    if step is None or step.better < MUCH_BETTER:
        return False
    return not any(step.after < day <= step.day for day in series.plan.joined)


def _estimate(
    series: Series, count: int, fit: trend.Fit, *, sd: float, freedom: float
) -> Estimate:
    """Return the change so far: the fitted one, or its share before week 24."""
    share = float(series.shape(count)[-1])
    delta, error = share * fit.change, share * fit.error * sd / max(fit.sd, 1e-12)
    half, half90 = (trend.quantile(p, freedom) * error for p in (0.975, 0.95))
    return Estimate(
        delta_pp=delta,
        interval_pp=(delta - half, delta + half),
        interval90_pp=(delta - half90, delta + half90),
        sd_pp=sd,
        autocorrelation=fit.phi,
        freedom=freedom,
        n=count,
        shots=int(series.shots[:count].sum()),
        season=has_season(series, count),
        noise=name_noise(fit.freedom),
    )


def _find_slope(series: Series) -> tuple[float, tuple[float, float]] | None:
    """Return points in four weeks over the latest 24 weeks, and their 95 % interval."""
    latest = series.weeks >= series.week - _SLOPE_WEEKS
    if latest.sum() < MIN_FREEDOM:
        return None
    fit = trend.fit_line(series.weeks[latest], series.levels_pp[latest])
    half = trend.quantile(0.975, fit.freedom) * 4 * fit.error
    return 4 * fit.change, (4 * fit.change - half, 4 * fit.change + half)
