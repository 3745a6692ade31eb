"""Injection-site watch on a library: the squares of the vertex grid that were treated.

A place that is treated is marked as a square of the vertex view's grid, the
same squares that every vertex photograph is measured in. Each is compared with
the squares that were not treated, and the smallest difference that counts is
read from photographs of one visit. What differs from day to day is not in it,
and many squares are looked at, so an alert is a reason to look, not a finding.
"""

from __future__ import annotations

import datetime as dt
import math
import statistics
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

from hairtrack.course.diary import Alert
from hairtrack.course.entries import Status
from hairtrack.course.watch import SiteChange, SiteValue, judge_sites, watch_sites
from hairtrack.records import GRID, Measurement, View, ZoneMeasurement
from hairtrack.statistics import t_quantile
from hairtrack.workflows.course import Course
from hairtrack.workflows.library import Library
from hairtrack.workflows.progressing import measured_by

FEWEST_FREEDOM = 4
"""Below so many degrees of freedom between repeats nothing is said of a place."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteWatch:
    """How treated places went, what is told of it, and why nothing is, where so."""

    changes: tuple[SiteChange, ...] = ()
    alerts: tuple[Alert, ...] = ()
    why_not: str = ""


def watch_course(library: Library, course: Course) -> SiteWatch:
    """Compare the treated squares of the vertex view with the others, visit by visit."""
    treated = _list_treated(course)
    if not treated:
        return SiteWatch(why_not="No session names squares of the vertex view.")
    shots = _list_shots(library, course.subject)
    values, sdc = [], {}
    for site in treated:
        visits = [(day, _pair(found, site, treated)) for day, found in shots]
        pairs = [(day, pair) for day, pair in visits if pair]
        values += [_mean(day, site, pair) for day, pair in pairs]
        smallest = _smallest([[here - rest for here, rest in pair] for _, pair in pairs])
        if smallest is not None:
            sdc[site] = smallest
    if not sdc:
        return SiteWatch(
            why_not="Too few repeated photographs of the vertex view; take three a visit."
        )
    days = course.facts.rule("site_watch").days or 0
    changes = watch_sites(values, treated, sdc_pp=sdc, days=days)
    return SiteWatch(
        changes=tuple(changes), alerts=tuple(judge_sites(changes, course.facts))
    )


def _list_treated(course: Course) -> dict[str, list[dt.date]]:
    treated: dict[str, list[dt.date]] = {}
    for session in course.sessions:
        if session.status is Status.DONE:
            for zone in session.zones:
                if zone.startswith(GRID):
                    treated.setdefault(zone, []).append(session.at.date())
    return treated


def _list_shots(library: Library, subject: str) -> list[tuple[dt.date, list[Measurement]]]:
    """Return the measured vertex photographs of each visit."""
    method = library.catalog.latest_method()
    results = measured_by(library, method, subject=subject, view=View.VERTEX, grid=True)
    photos = library.catalog.photos(subject=subject, view=View.VERTEX)
    visits = []
    for day, group in groupby(photos, key=lambda photo: photo.visit):
        found = [results[p.digest] for p in group if p.digest in results]
        visits.append((day, [one for one in found if one.refused is None]))
    return visits


def _pair(
    found: Iterable[Measurement], site: str, treated: Iterable[str]
) -> list[tuple[float, float]]:
    """Return visible scalp of the square and of the others, of each photograph."""
    pairs = []
    for one in found:
        grid = [z for z in one.zones if z.zone.startswith(GRID)]
        here = next((z.visible_scalp for z in grid if z.zone == site), None)
        others = [z for z in grid if z.zone not in treated]
        rest = _weigh(others or [z for z in grid if z.zone != site])
        if here is not None and rest is not None:
            pairs.append((here, rest))
    return pairs


def _weigh(zones: Iterable[ZoneMeasurement]) -> float | None:
    known = [(z.visible_scalp, z.area_px) for z in zones if z.visible_scalp is not None]
    area = sum(size for _, size in known)
    return sum(value * size for value, size in known) / area if area else None


def _mean(day: dt.date, site: str, pairs: Sequence[tuple[float, float]]) -> SiteValue:
    here = statistics.fmean(here for here, _ in pairs)
    return SiteValue(
        day=day, site=site, here=here, rest=statistics.fmean(rest for _, rest in pairs)
    )


def _smallest(visits: Iterable[Sequence[float]]) -> float | None:
    """Return the smallest detectable change of a difference, in points, from repeats."""
    groups = [group for group in visits if group]
    freedom = sum(len(group) - 1 for group in groups)
    if freedom < FEWEST_FREEDOM:
        return None
    squares = sum((v - statistics.fmean(group)) ** 2 for group in groups for v in group)
    fewest = min(len(group) for group in groups)
    return 100 * t_quantile(0.975, freedom) * math.sqrt(squares / freedom * 2 / fewest)
