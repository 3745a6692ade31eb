"""The rows of the progress chart: values of visits and photographs, and events."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from hairtrack.app.formatting import Scale, format_flag
from hairtrack.app.i18n import N_, _, format_day, format_number, ngettext, translate
from hairtrack.change.explanations import FIRST_READING_WEEK
from hairtrack.change.records import Break
from hairtrack.course.timeline import Event, EventKind
from hairtrack.records import ZoneMeasurement
from hairtrack.statistics import Interval
from hairtrack.workflows.series import PhotoResult, Series, VisitSummary

__all__ = [
    "LANES",
    "Lane",
    "Mark",
    "describe_zones",
    "find_domain",
    "find_intervals",
    "find_too_early",
    "list_breaks",
    "list_levels",
    "list_marks",
    "list_points",
    "list_trend",
    "on_scale",
    "span_on_scale",
    "stamp",
]

Row = dict[str, Any]

_NORMAL_975 = 1.96


def on_scale(visible_scalp: float, scale: Scale) -> float:
    """Return a level in per cent of the scale."""
    return round(100 * scale.turn(visible_scalp), 2)


def span_on_scale(interval: Interval, scale: Scale) -> Interval:
    """Return an interval in per cent of the scale, the lower end first."""
    low, high = (on_scale(end, scale) for end in interval)
    return min(low, high), max(low, high)


def stamp(day: dt.date) -> str:
    """Return a day as the chart reads it: midnight on the clock of the browser."""
    return dt.datetime.combine(day, dt.time()).isoformat()


def find_intervals(series: Series) -> dict[dt.date, Interval]:
    """Return day -> 95 % interval of its mean from repeats, fractions."""
    visits = series.assessment.visits if series.assessment else ()
    return {visit.day: visit.interval for visit in visits}


def list_points(series: Series, scale: Scale, *, shots: bool) -> list[Row]:
    """Return a point for every visit and, before them, one for every photograph.

    Each leads to a photograph: the mean of a visit to the first that has a value.
    """
    means, singles = [], []
    measured = _group_measured(series)
    places = describe_zones(series.photos)
    intervals = find_intervals(series)
    step = dt.timedelta(hours=max(6.0, _days(series.measured_visits) * 24 * 0.008))
    for row in series.measured_visits:
        found = measured.get(row.visit, [])
        if found:
            means.append(_mean(row, found[0][0], intervals.get(row.visit), scale, series))
        for place, (shot, zone) in enumerate(found):
            beside = (place - (len(found) - 1) / 2) * step
            at = dt.datetime.combine(row.visit, dt.time()) + beside
            what = places[shot.photo.digest]
            singles.append(_single(shot, zone, scale, what, at=at))
    return [*(singles if shots else []), *means]


def list_levels(series: Series, scale: Scale) -> list[Row]:
    """Return every visit with the error of its level, by stretch between breaks."""
    rows = []
    cuts = [found.day for found, _ in list_breaks(series) if not found.joined]
    for row in series.measured_visits:
        level = row.visible_scalp or 0.0
        half = _NORMAL_975 * (row.standard_error or 0.0)
        span = max(0.0, level - half), min(1.0, level + half)
        low, high = span_on_scale(span, scale)
        rows.append(
            {
                "day": stamp(row.visit),
                "level": on_scale(level, scale),
                "low": low,
                "high": high,
                "stretch": sum(day <= row.visit for day in cuts),
            }
        )
    return rows


def list_trend(series: Series, scale: Scale) -> list[Row]:
    """Return the fitted course with its 95 % band."""
    if series.assessment is None:
        return []
    rows = []
    for one in series.assessment.trend:
        low, high = span_on_scale(one.interval, scale)
        level = on_scale(one.level, scale)
        rows.append({"day": stamp(one.day), "level": level, "low": low, "high": high})
    return rows


def list_breaks(series: Series) -> list[tuple[Break, dt.date]]:
    """Return every break with the day in the middle of the gap that it lies in."""
    days = [row.visit for row in series.measured_visits]
    found = []
    for one in series.assessment.breaks if series.assessment else ():
        before = max((day for day in days if day < one.day), default=one.day)
        found.append((one, before + (one.day - before) / 2))
    return found


def describe_zones(shots: Sequence[PhotoResult]) -> dict[str, str]:
    """Return digest -> "photograph 1 of 3" of its visit, measured or not."""
    told = {}
    for _day, group in groupby(shots, key=lambda shot: shot.photo.visit):
        digests = [shot.photo.digest for shot in group]
        for place, digest in enumerate(digests, start=1):
            told[digest] = _(
                "photograph {place} of {count}", place=place, count=len(digests)
            )
    return told


def _mean(
    row: VisitSummary,
    first: PhotoResult,
    interval: Interval | None,
    scale: Scale,
    series: Series,
) -> Row:
    level = on_scale(row.visible_scalp or 0.0, scale)
    low, high = span_on_scale(interval, scale) if interval else (level, level)
    half = (high - low) / 2
    told = ngettext("{count} photograph", "{count} photographs", row.shots)
    noise = (
        _("± {points} points", points=format_number(half)) if half else _("not known yet")
    )
    apart = dict(series.assessment.left_out) if series.assessment else {}
    doubts = [format_flag(flag) for flag in row.flags]
    if row.visit in apart:
        doubts.append(_("left out: {reason}", reason=translate(apart[row.visit])))
    return {
        "day": stamp(row.visit),
        "level": level,
        "low": low,
        "high": high,
        "photo": first.photo.digest,
        "mean": True,
        "counts": row.visit not in apart,
        "when": format_day(row.visit),
        "what": _("mean of {photographs}", photographs=told),
        "value": f"{format_number(level)} %",
        "repeats": noise,
        "doubts": ", ".join(doubts) or _("none"),
        "told": f"{format_day(row.visit)}: {format_number(level)} %, {noise}",
    }


def _single(
    shot: PhotoResult, zone: ZoneMeasurement, scale: Scale, what: str, *, at: dt.datetime
) -> Row:
    level = on_scale(zone.visible_scalp or 0.0, scale)
    flags = shot.measurement.quality.flags if shot.measurement else ()
    day = format_day(shot.photo.visit)
    return {
        "day": at.isoformat(),
        "level": level,
        "low": level,
        "high": level,
        "photo": shot.photo.digest,
        "mean": False,
        "counts": True,
        "when": day,
        "what": what,
        "value": f"{format_number(level)} %",
        "repeats": "",
        "doubts": ", ".join(format_flag(flag) for flag in flags) or _("none"),
        "told": f"{day}, {what}: {format_number(level)} %",
    }


def _group_measured(
    series: Series,
) -> dict[dt.date, list[tuple[PhotoResult, ZoneMeasurement]]]:
    """Return day -> its photographs with a value."""
    groups: dict[dt.date, list[tuple[PhotoResult, ZoneMeasurement]]] = {}
    for shot in series.photos:
        found = shot.measurement.zone(series.zone) if shot.measurement else None
        if found and found.visible_scalp is not None:
            groups.setdefault(shot.photo.visit, []).append((shot, found))
    return groups


def _days(rows: Sequence[VisitSummary]) -> int:
    return (rows[-1].visit - rows[0].visit).days if rows else 0


@dataclass(frozen=True, slots=True)
class Lane:
    """A row of marks of one shape; the legend shows its sign and says what it is."""

    shape: str
    filled: bool
    sign: str
    told: str


LANES = (
    Lane("triangle-up", True, "▲", N_("treatment session")),
    Lane("diamond", True, "◆", N_("haircut, dye and the like")),
    Lane("square", True, "■", N_("treatment begun or stopped")),
    Lane("circle", False, "○", N_("day for photographs")),
)
_SESSIONS, _HAIR, _TREATMENT, _PHOTO_DAYS = range(len(LANES))

_KINDS = {
    EventKind.SESSION: _SESSIONS,
    EventKind.MAINTENANCE: _SESSIONS,
    EventKind.REMARK: _HAIR,
    EventKind.TREATMENT: _TREATMENT,
    EventKind.STOP: _TREATMENT,
}


@dataclass(frozen=True, slots=True)
class Mark:
    """One thing on one day, in the lane of its kind."""

    day: dt.date
    lane: int
    told: str


def find_too_early(series: Series) -> tuple[dt.date, dt.date] | None:
    """Return week 0 and week 12 of the treatment, where a start is declared."""
    if series.started_on is None:
        return None
    return series.started_on, series.started_on + dt.timedelta(weeks=FIRST_READING_WEEK)


def find_domain(series: Series) -> tuple[dt.date, dt.date]:
    """Return the first and last day that the chart shows.

    All visits; and of a treatment that began shortly before or during them its start,
    and all of what is too early to tell.
    """
    first, last = series.measured_visits[0].visit, series.measured_visits[-1].visit
    early = find_too_early(series)
    if early and early[1] >= first and early[0] <= last:
        first, last = min(first, early[0]), max(last, early[1])
    margin = dt.timedelta(days=max(3, round((last - first).days * 0.03)))
    return first - margin, last + margin


def list_marks(series: Series) -> list[Mark]:
    """Return what stands in the lanes within the days that the chart shows."""
    first, last = find_domain(series)
    from hairtrack.course.explanations import describe_event
    from hairtrack.course.facts import packaged_facts

    facts = packaged_facts()
    found = [
        Mark(event.day, _KINDS[event.kind], translate(describe_event(event, facts)))
        for event in _of_lanes(series)
    ]
    found += [
        Mark(one.day, _PHOTO_DAYS, _("Day for photographs: {why}", why=translate(one.why)))
        for one in series.photo_days
    ]
    return [
        Mark(one.day, one.lane, f"{format_day(one.day)}: {one.told}")
        for one in found
        if first <= one.day <= last
    ]


def _of_lanes(series: Series) -> Iterator[Event]:
    return (event for event in series.events if event.kind in _KINDS)
