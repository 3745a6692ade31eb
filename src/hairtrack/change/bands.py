"""What is drawn about a course: how well the course is known, and what is noise."""

from __future__ import annotations

import datetime as dt

import numpy as np

from hairtrack.change import trend
from hairtrack.change.records import Course, Expected, VisitValue
from hairtrack.change.replay import Series, know_spread

__all__ = ["find_reference", "trace_course"]

_STRETCHES = 60
"""The course is drawn in so many pieces: a yearly wave looks smooth."""


def trace_course(series: Series, fit: trend.Fit) -> tuple[Expected, ...]:
    """Return the fitted course from the first visit of a series to its last.

    Parameters
    ----------
    series : Series
        Visits that may be compared.
    fit : Fit
        Of all of them.

    Returns
    -------
    tuple of Expected
        On the days of the visits, where the shape bends, and evenly between. The
        intervals rest on the same spread as those of `estimate_now`.
    """
    days = _choose_days(series)
    weeks = np.array([(day - series.origin).days / 7 for day in days])
    sd, freedom = know_spread(series, fit)
    levels, errors = trend.expect(fit, weeks, series.shape_at(weeks))
    halves = trend.quantile(0.975, freedom) * errors * sd / fit.sd
    return tuple(
        Expected(
            day=day,
            level=_as_fraction(level),
            interval=(_as_fraction(level - half), _as_fraction(level + half)),
        )
        for day, level, half in zip(days, levels, halves, strict=True)
    )


def find_reference(course: Course) -> VisitValue | None:
    """Return the visit from which noise is reckoned: the first that counts.

    A later visit that differs from it by no more than the smallest detectable
    change, `Repeatability.sdc95_pp`, may be no different at all.
    """
    cuts = [found.day for found in course.breaks if not found.joined]
    apart = {day for day, _ in course.left_out}
    counted = (
        visit
        for visit in course.visits
        if visit.day not in apart and not (cuts and visit.day < cuts[-1])
    )
    return next(counted, None)


def _choose_days(series: Series) -> list[dt.date]:
    first, last = series.days[0], series.days[-1]
    step = max(1, (last - first).days // _STRETCHES)
    even = range(0, (last - first).days, step)
    bends = [
        series.origin + dt.timedelta(weeks=week)
        for week in (trend.ONSET_WEEK, trend.FULL_WEEK)
        if series.treated
    ]
    days = {first + dt.timedelta(days=count) for count in even} | set(series.days)
    return sorted(days | {day for day in bends if first < day < last})


def _as_fraction(level_pp: float) -> float:
    return float(min(1.0, max(0.0, level_pp / 100)))
