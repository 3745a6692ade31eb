"""The progress chart: visible scalp over the course, with both of its errors."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

import altair as alt

from hairtrack.app.words import tell_day, tell_flag
from hairtrack.change.records import Interval
from hairtrack.records import ZoneMeasurement
from hairtrack.workflows.progressing import ProgressRow
from hairtrack.workflows.showing import Shot

__all__ = ["draw_progress"]

_LEAST_SPAN = 12.0
"""The axis never spans less, in per cent: small differences must look small."""

_NORMAL_975 = 1.96


_BLUE = "#2b80b6"
"""At least 4:1 on a white and on a dark page alike; all other colours are the theme's."""


def draw_progress(
    rows: Sequence[ProgressRow],
    shots: Sequence[Shot],
    *,
    zone: str,
    intervals: Mapping[dt.date, Interval],
) -> alt.LayerChart:
    """Draw the course of one view and zone.

    Parameters
    ----------
    rows : sequence of ProgressRow
        Visits with a value, in order.
    shots : sequence of Shot
        The photographs of these visits.
    zone : str
        Zone whose visible scalp is drawn.
    intervals : mapping of date to (float, float)
        95 % interval of each visit's mean from repeats, fractions; without one
        there is no bar.

    Returns
    -------
    altair.LayerChart
    """
    visits = [_visit_values(row, intervals.get(row.visit)) for row in rows]
    points = _shot_values(rows, shots, zone=zone)
    y = alt.Y(
        "visible:Q",
        title=None,
        scale=alt.Scale(domain=list(_span(visits, points)), zero=False, nice=False),
        axis=alt.Axis(tickCount=6, labelExpr="datum.label + ' %'"),
    )
    x = alt.X(
        "day:T",
        title="▼ less scalp shows",
        scale=alt.Scale(domain=_days(rows)),
        axis=_date_axis(),
    )
    layers = [
        _draw_band(visits, x=x),
        _draw_line(visits, x=x, y=y),
        _draw_bars(visits, x=x),
        _draw_shots(points, x=x, y=y),
        _draw_means(visits, x=x, y=y),
    ]
    top = alt.Title(
        "▲ more scalp shows",
        anchor="start",
        frame="group",
        dx=8,
        offset=-22,
        fontSize=13,
        fontWeight="normal",
    )
    chart = alt.layer(*layers).properties(height=360, width="container", title=top)
    styled: alt.LayerChart = chart.configure_view(stroke=None)
    return styled


def _visit_values(row: ProgressRow, interval: Interval | None) -> dict[str, Any]:
    level = 100 * (row.visible_scalp or 0.0)
    error = 100 * _NORMAL_975 * (row.standard_error or 0.0)
    bar_low, bar_high = (100 * end for end in interval) if interval else (level, level)
    half = (bar_high - bar_low) / 2
    shots = "1 photograph" if row.shots == 1 else f"{row.shots} photographs"
    return {
        "day": _stamp(row.visit),
        "visible": round(level, 2),
        "low": round(max(0.0, level - error), 2),
        "high": round(min(100.0, level + error), 2),
        "bar_low": round(bar_low, 2),
        "bar_high": round(bar_high, 2),
        "Visit": tell_day(row.visit),
        "Visible scalp": f"{level:.1f} %",
        "Repeats differ by": f"± {half:.1f} points" if half else "not known yet",
        "Level is known to": f"± {error:.1f} points",
        "From": shots,
        "Doubts": ", ".join(tell_flag(flag) for flag in row.flags) or "none",
    }


def _shot_values(
    rows: Sequence[ProgressRow], shots: Sequence[Shot], *, zone: str
) -> list[dict[str, Any]]:
    """Return a point for each measured photograph, those of a visit side by side."""
    step = dt.timedelta(hours=max(6.0, _course_days(rows) * 24 * 0.008))
    values = []
    for row in rows:
        found = [
            (shot, _zone(shot, zone)) for shot in shots if shot.photo.visit == row.visit
        ]
        measured = [(shot, z) for shot, z in found if z and z.visible_scalp is not None]
        for number, (shot, z) in enumerate(measured):
            beside = (number - (len(measured) - 1) / 2) * step
            at = dt.datetime.combine(row.visit, dt.time()) + beside
            level = 100 * (z.visible_scalp or 0.0)
            flags = shot.measurement.quality.flags if shot.measurement else ()
            values.append(
                {
                    "day": at.isoformat(),
                    "visible": round(level, 2),
                    "Photograph": f"{number + 1} of {tell_day(row.visit)}",
                    "Visible scalp": f"{level:.1f} %",
                    "Doubts": ", ".join(tell_flag(flag) for flag in flags) or "none",
                }
            )
    return values


def _zone(shot: Shot, name: str) -> ZoneMeasurement | None:
    return shot.measurement.zone(name) if shot.measurement else None


def _stamp(day: dt.date) -> str:
    return dt.datetime.combine(day, dt.time()).isoformat()


def _course_days(rows: Sequence[ProgressRow]) -> int:
    return (rows[-1].visit - rows[0].visit).days if rows else 0


def _days(rows: Sequence[ProgressRow]) -> list[alt.DateTime]:
    margin = dt.timedelta(days=max(3, round(_course_days(rows) * 0.04)))
    ends = (rows[0].visit - margin, rows[-1].visit + margin)
    return [alt.DateTime(year=d.year, month=d.month, date=d.day) for d in ends]


def _span(
    visits: Sequence[dict[str, Any]], points: Sequence[dict[str, Any]]
) -> tuple[float, float]:
    """Choose the axis so that all is seen, with room for the words at both ends."""
    lows = [v["low"] for v in visits] + [v["bar_low"] for v in visits]
    highs = [v["high"] for v in visits] + [v["bar_high"] for v in visits]
    levels = [p["visible"] for p in points]
    low, high = min(lows + levels), max(highs + levels)
    missing = max(0.0, _LEAST_SPAN - (high - low)) / 2
    pad = 0.09 * (high - low + 2 * missing) + missing
    return max(0.0, low - pad), min(100.0, high + pad)


def _date_axis() -> alt.Axis:
    """Dates along the bottom; its title stands inside the plot, at the end of the axis."""
    return alt.Axis(
        format="%-d %b %Y",
        labelOverlap=True,
        labelSeparation=14,
        tickCount=6,
        grid=False,
        titleAnchor="start",
        titleAlign="left",
        titleBaseline="bottom",
        titleX=8,
        titleY=-8,
        titleFontSize=13,
        titleFontWeight="normal",
    )


def _data(values: Sequence[dict[str, Any]]) -> alt.InlineData:
    return alt.InlineData(values=list(values))


def _draw_band(visits: Sequence[dict[str, Any]], *, x: alt.X) -> alt.Chart:
    mark = alt.Chart(_data(visits)).mark_area(
        color=_BLUE, opacity=0.12, tooltip=None, aria=False
    )
    drawn: alt.Chart = mark.encode(x=x, y=alt.Y("low:Q", title=None), y2="high:Q")
    return drawn


def _draw_line(visits: Sequence[dict[str, Any]], *, x: alt.X, y: alt.Y) -> alt.Chart:
    mark = alt.Chart(_data(visits)).mark_line(
        color=_BLUE, strokeWidth=2, opacity=0.75, tooltip=None, aria=False
    )
    drawn: alt.Chart = mark.encode(x=x, y=y)
    return drawn


def _draw_bars(visits: Sequence[dict[str, Any]], *, x: alt.X) -> alt.Chart:
    shown = [visit for visit in visits if visit["bar_high"] > visit["bar_low"]]
    mark = alt.Chart(_data(shown)).mark_errorbar(
        color=_BLUE, thickness=2, ticks={"width": 9, "color": _BLUE, "thickness": 2}
    )
    drawn: alt.Chart = mark.encode(x=x, y=alt.Y("bar_low:Q", title=None), y2="bar_high:Q")
    return drawn


def _draw_shots(points: Sequence[dict[str, Any]], *, x: alt.X, y: alt.Y) -> alt.Chart:
    mark = alt.Chart(_data(points)).mark_point(
        color=_BLUE, size=34, filled=False, strokeWidth=1.2, opacity=0.65
    )
    drawn: alt.Chart = mark.encode(
        x=x, y=y, tooltip=_tips("Photograph", "Visible scalp", "Doubts")
    )
    return drawn


def _draw_means(visits: Sequence[dict[str, Any]], *, x: alt.X, y: alt.Y) -> alt.Chart:
    mark = alt.Chart(_data(visits)).mark_point(
        color=_BLUE, size=130, filled=True, opacity=1
    )
    names = ("Visit", "Visible scalp", "Repeats differ by", "Level is known to", "From")
    drawn: alt.Chart = mark.encode(x=x, y=y, tooltip=_tips(*names, "Doubts"))
    return drawn


def _tips(*names: str) -> list[alt.Tooltip]:
    return [alt.Tooltip(f"{name}:N") for name in names]
