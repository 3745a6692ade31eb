"""Injection-site watch: whether more scalp shows at treated places than at the rest.

Numbers only. The rest of the scalp goes through the same camera, light and
haircut, so what both do alike cancels.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import groupby

from hairtrack.course.diary import Alert, Level
from hairtrack.course.facts import Facts
from hairtrack.records import GRID


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteValue:
    """Visible scalp of one place and of the rest, on one visit.

    Attributes
    ----------
    day : datetime.date
        Day of the photographs.
    site : str
        Name of the place.
    here, rest : float
        Visible scalp there and elsewhere, fractions.
    """

    day: dt.date
    site: str
    here: float
    rest: float


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteChange:
    """How one place went against the rest since the first visit of the series.

    `delta_pp` is the place's change less that of the rest, in percentage
    points: positive is more scalp at the place. `beyond` says that it exceeds
    the smallest detectable change.
    """

    day: dt.date
    site: str
    delta_pp: float
    sdc_pp: float
    beyond: bool


def watch_sites(
    values: Iterable[SiteValue],
    treated: Mapping[str, Iterable[dt.date]],
    *,
    sdc_pp: Mapping[str, float],
    days: int,
) -> list[SiteChange]:
    """Return how treated places went against the rest, as long as they are watched.

    Parameters
    ----------
    values : iterable of SiteValue
        Visits in any order; the last before the first treatment of a place, or
        else the first of all, is what the others are compared with.
    treated : mapping of str to dates
        Place -> days of its sessions; other places are left out.
    sdc_pp : mapping of str to float
        Smallest detectable change of the difference place less rest, in points.
    days : int
        How long after a session a place is watched.

    Returns
    -------
    list of SiteChange
        By place and day.
    """
    found = []
    ordered = sorted(values, key=lambda one: (one.site, one.day))
    for site, group in groupby(ordered, key=lambda one: one.site):
        sittings = sorted(treated.get(site, ()))
        if not sittings or site not in sdc_pp:
            continue
        visits = list(group)
        before = [one for one in visits if one.day <= sittings[0]]
        start = before[-1] if before else visits[0]
        for one in visits:
            ago = [(one.day - day).days for day in sittings if day < one.day]
            if one.day > start.day and ago and min(ago) <= days:
                found.append(_compare(start, one, sdc_pp[site]))
    return found


def judge_sites(changes: Iterable[SiteChange], facts: Facts) -> list[Alert]:
    """Return an alert for each place whose last change is beyond what can be detected."""
    rule = facts.rule("site_watch")
    last = {change.site: change for change in sorted(changes, key=lambda one: one.day)}
    return [
        Alert(
            level=Level.CONTACT,
            about=f"More scalp shows at {_name(site)} than at the rest",
            says=rule.says,
            source=rule.source,
            day=change.day,
        )
        for site, change in sorted(last.items())
        if change.beyond
    ]


def _name(site: str) -> str:
    """Name a place as the drawing of the head does."""
    if not site.startswith(GRID):
        return site
    row, _, column = site.removeprefix(f"{GRID}r").partition("c")
    return f"square {row}-{column}"


def _compare(start: SiteValue, one: SiteValue, sdc_pp: float) -> SiteChange:
    delta = 100 * ((one.here - start.here) - (one.rest - start.rest))
    return SiteChange(
        day=one.day, site=one.site, delta_pp=delta, sdc_pp=sdc_pp, beyond=delta > sdc_pp
    )
