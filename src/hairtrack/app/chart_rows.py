"""The rows of the chart and of its table: visits, photographs, the trend, events."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from hairtrack.app.formatting import format_flag, format_percent
from hairtrack.app.i18n import N_, _, format_day, format_number, ngettext, translate
from hairtrack.change.explanations import FIRST_READING_WEEK
from hairtrack.change.records import Break
from hairtrack.course.timeline import EventKind
from hairtrack.statistics import Interval
from hairtrack.workflows import VisitSummary
from hairtrack.workflows.series import PhotoResult, Series

__all__ = [
    "LANES",
    "Lane",
    "Mark",
    "find_domain",
    "find_too_early",
    "list_breaks",
    "list_levels",
    "list_marks",
    "list_points",
    "list_trend",
    "list_visits",
    "number_photos",
    "stamp",
]

Row = dict[str, Any]

_NORMAL_975 = 1.96


def stamp(day: dt.date) -> str:
    """Return a day as the chart reads it: midnight on the clock of the browser."""
    return dt.datetime.combine(day, dt.time()).isoformat()


def list_points(series: Series, *, shots: bool) -> list[Row]:
    """Return a point for every visit and, before them, one for every photograph.

    Each leads to a photograph: that of a visit to the first that has a value.
    """
    visits, singles = [], []
    places = number_photos(series.photos)
    rows = series.measured_visits
    days = (rows[-1].visit - rows[0].visit).days if rows else 0
    step = dt.timedelta(hours=max(6.0, days * 24 * 0.008))
    for row in rows:
        found = _list_values(series, row.visit)
        if found:
            visits.append(_point_of_visit(row, found[0][0], series))
        for place, (shot, level) in enumerate(found):
            at = dt.datetime.combine(row.visit, dt.time())
            at += (place - (len(found) - 1) / 2) * step
            what = places[shot.photo.digest]
            singles.append(_point_of_photo(shot, level, what, at=at))
    return [*(singles if shots else []), *visits]


def list_levels(series: Series) -> list[Row]:
    """Return every visit with the 95 % error of its level, by stretch between breaks."""
    rows = []
    cuts = [found.day for found, _ in list_breaks(series) if not found.joined]
    for row in series.measured_visits:
        level, half = row.visible_scalp or 0.0, _NORMAL_975 * (row.standard_error or 0.0)
        span = _in_percent(level, (max(0.0, level - half), min(1.0, level + half)))
        stretch = sum(day <= row.visit for day in cuts)
        rows.append({"day": stamp(row.visit), "stretch": stretch, **span})
    return rows


def list_trend(series: Series) -> list[Row]:
    """Return the trend with its 95 % band."""
    trend = series.assessment.trend if series.assessment else ()
    return [{"day": stamp(t.day), **_in_percent(t.level, t.interval)} for t in trend]


def list_breaks(series: Series) -> list[tuple[Break, dt.date]]:
    """Return every break with the day in the middle of the gap that it lies in."""
    days = [row.visit for row in series.measured_visits]
    found = []
    for one in series.assessment.breaks if series.assessment else ():
        before = max((day for day in days if day < one.day), default=one.day)
        found.append((one, before + (one.day - before) / 2))
    return found


def list_visits(series: Series) -> list[dict[str, str | int | float | None]]:
    """Return every visit in numbers, as they are written to the table and to files."""
    intervals = _find_intervals(series)
    trend = {t.day: t for t in (series.assessment.trend if series.assessment else ())}
    rows: list[dict[str, str | int | float | None]] = []
    for row in series.visits:
        fitted, error = trend.get(row.visit), row.standard_error
        rows.append(
            {
                "subject": row.subject,
                "view": row.view.value,
                "zone": row.zone,
                "visit": row.visit.isoformat(),
                "day": row.day,
                "visible_scalp_per_cent": _to_points(row.visible_scalp),
                "visit_95_points": _halve(intervals.get(row.visit)),
                "trend_per_cent": _to_points(fitted.level if fitted else None),
                "trend_95_points": _halve(fitted.interval if fitted else None),
                "level_95_points": _to_points(error and _NORMAL_975 * error),
                "shots": row.shots,
                "refused": row.refused,
                "flags": ", ".join(format_flag(flag) for flag in row.flags),
                "method": row.method.key if row.method else "",
            }
        )
    return rows


def number_photos(shots: Sequence[PhotoResult]) -> dict[str, str]:
    """Return digest -> "photograph 1 of 3" of its visit, measured or not."""
    told = {}
    for _day, group in groupby(shots, key=lambda shot: shot.photo.visit):
        digests = [shot.photo.digest for shot in group]
        for place, digest in enumerate(digests, start=1):
            told[digest] = _(
                "photograph {place} of {count}", place=place, count=len(digests)
            )
    return told


def _point_of_visit(row: VisitSummary, first: PhotoResult, series: Series) -> Row:
    level = row.visible_scalp or 0.0
    interval = _find_intervals(series).get(row.visit, (level, level))
    left_out = dict(series.assessment.left_out) if series.assessment else {}
    doubts = [format_flag(flag) for flag in row.flags]
    if row.visit in left_out:
        doubts.append(_("left out: {reason}", reason=translate(left_out[row.visit])))
    half = format_number(50 * (interval[1] - interval[0]))
    return {
        "day": stamp(row.visit),
        **_in_percent(level, interval),
        "photo": first.photo.digest,
        "visit": True,
        "counts": row.visit not in left_out,
        "when": format_day(row.visit),
        "what": ngettext("{count} photograph", "{count} photographs", row.shots),
        "value": f"{format_percent(level)} ± {half}",
        "doubts": ", ".join(doubts) or _("none"),
        "told": f"{format_day(row.visit)}: {format_percent(level)} ± {half}",
    }


def _point_of_photo(shot: PhotoResult, level: float, what: str, *, at: dt.datetime) -> Row:
    flags = shot.measurement.quality.flags if shot.measurement else ()
    day = format_day(shot.photo.visit)
    return {
        "day": at.isoformat(),
        **_in_percent(level, (level, level)),
        "photo": shot.photo.digest,
        "visit": False,
        "counts": True,
        "when": day,
        "what": what,
        "value": format_percent(level),
        "doubts": ", ".join(format_flag(flag) for flag in flags) or _("none"),
        "told": f"{day}, {what}: {format_percent(level)}",
    }


def _list_values(series: Series, day: dt.date) -> list[tuple[PhotoResult, float]]:
    """Return the photographs of a visit that have a value in the zone."""
    found = []
    for shot in series.photos:
        zone = shot.measurement.zone(series.zone) if shot.measurement else None
        if shot.photo.visit == day and zone and zone.visible_scalp is not None:
            found.append((shot, zone.visible_scalp))
    return found


def _find_intervals(series: Series) -> dict[dt.date, Interval]:
    visits = series.assessment.visits if series.assessment else ()
    return {visit.day: visit.interval for visit in visits}


def _in_percent(level: float, interval: Interval) -> dict[str, float]:
    names = ("level", level), ("low", interval[0]), ("high", interval[1])
    return {name: round(100 * value, 2) for name, value in names}


def _halve(interval: Interval | None) -> float | None:
    return None if interval is None else _to_points((interval[1] - interval[0]) / 2)


def _to_points(fraction: float | None) -> float | None:
    return None if fraction is None else round(100 * fraction, 3)


@dataclass(frozen=True, slots=True)
class Lane:
    """A row of marks of one shape below the chart; its sign says what it is."""

    shape: str
    sign: str
    told: str


LANES = (
    Lane("triangle-up", "▲", N_("treatment session")),
    Lane("diamond", "◆", N_("haircut or dye")),
    Lane("square", "■", N_("start or stop of treatment")),
)
_KINDS = {
    EventKind.SESSION: 0,
    EventKind.MAINTENANCE: 0,
    EventKind.REMARK: 1,
    EventKind.TREATMENT: 2,
    EventKind.STOP: 2,
}


@dataclass(frozen=True, slots=True)
class Mark:
    """One thing on one day, in the lane of its kind."""

    day: dt.date
    lane: int
    told: str


def list_marks(series: Series) -> list[Mark]:
    """Return what happened within the days that the chart shows."""
    from hairtrack.course.explanations import describe_event

    first, last = find_domain(series)
    return [
        Mark(
            event.day,
            _KINDS[event.kind],
            f"{format_day(event.day)}: {translate(describe_event(event))}",
        )
        for event in series.events
        if event.kind in _KINDS and first <= event.day <= last
    ]


def find_too_early(series: Series) -> tuple[dt.date, dt.date] | None:
    """Return week 0 and week 12 of the treatment, where a start is known."""
    if series.started_on is None:
        return None
    return series.started_on, series.started_on + dt.timedelta(weeks=FIRST_READING_WEEK)


def find_domain(series: Series) -> tuple[dt.date, dt.date]:
    """Return the first and last day that the chart shows: all visits, and the start."""
    first, last = series.measured_visits[0].visit, series.measured_visits[-1].visit
    early = find_too_early(series)
    if early and early[1] >= first and early[0] <= last:
        first, last = min(first, early[0]), max(last, early[1])
    margin = dt.timedelta(days=max(3, round((last - first).days * 0.03)))
    return first - margin, last + margin
