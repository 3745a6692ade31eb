"""The progress chart: the visits, the fitted trend, the noise, and the events.

It is written as Vega-Lite itself: Altair validates every part of a chart each time it is
drawn, which took longer than everything else on the page. The tests validate it instead.
"""

from __future__ import annotations

import datetime as dt
import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from hairtrack.app.formatting import Scale
from hairtrack.app.i18n import N_, _, format_day_short
from hairtrack.app.progress.data import (
    LANES,
    find_domain,
    find_too_early,
    list_breaks,
    list_levels,
    list_marks,
    list_points,
    list_trend,
    span_on_scale,
    stamp,
)
from hairtrack.workflows.series import Series

__all__ = [
    "ENDS",
    "PICK",
    "ChartOptions",
    "Palette",
    "date_axis",
    "draw_chart",
    "level_axis",
    "to_date",
]

PICK = "pick"
"""Name of the selection: the photograph behind a point."""

ENDS = {
    Scale.SCALP: (N_("more scalp shows"), N_("less scalp shows")),
    Scale.COVER: (N_("more hair cover"), N_("less hair cover")),
}
"""What lies at the upper and at the lower end of the axis."""

_PLOT_PX, _LANE_PX, _WORDS_PX = 330, 18, 20
_SEGMENT = {"field": "stretch", "type": "nominal"}
_LATE_SHARE = 2 / 3
"""From this share of the days on, words stand before their day, so that they have room."""

_MIN_SPAN = 12.0
"""The axis never spans less, in per cent: small differences must look small."""

Spec = dict[str, Any]
_Rows = Sequence[dict[str, Any]]


@dataclass(frozen=True, slots=True, kw_only=True)
class ChartOptions:
    """How the chart is drawn.

    Attributes
    ----------
    scale : Scale
        Visible scalp, or hair cover.
    dark : bool
        On a dark page.
    shots : bool
        Every photograph as a point of its own.
    level_error : bool
        How well the level itself is known.
    opened : str or None
        Digest of the photograph that is shown below; its point bears a ring.
    """

    scale: Scale = Scale.SCALP
    dark: bool = False
    shots: bool = True
    level_error: bool = False
    opened: str | None = None


def draw_chart(series: Series, look: ChartOptions) -> Spec:
    """Draw the course of one view and zone.

    Parameters
    ----------
    series : Series
        A series with at least one visit that has a value.
    look : ChartOptions
        How.

    Returns
    -------
    dict
        Vega-Lite, with a selection named `PICK` of the field ``photo``.
    """
    return _Drawing(series, look).draw()


class _Drawing:
    """One chart: its rows, the frame they lie in, and a layer for each thing shown."""

    def __init__(self, series: Series, look: ChartOptions) -> None:
        self.series, self.look = series, look
        self.ink = Palette.of(dark=look.dark)
        self.points = list_points(series, look.scale, shots=look.shots)
        self.levels = list_levels(series, look.scale)
        self.trend = list_trend(series, look.scale)
        self.marks = list_marks(series)
        self.lanes = sorted({mark.lane for mark in self.marks})
        self.early = find_too_early(series)
        self.breaks = list_breaks(series)
        self.days = find_domain(series)
        self.words_px = _WORDS_PX * ((self.early is not None) + bool(self.breaks))
        self.lanes_px = _LANE_PX * len(self.lanes)
        self.height = self.words_px + _PLOT_PX + self.lanes_px
        self.low, self.high = self._find_span()

    def draw(self) -> Spec:
        layers = [
            *self._shade_early(),
            *self._shade_noise(),
            *self._shade_level(),
            self._join_visits(),
            *self._trace_course(),
            *self._rule_days(),
            self._draw_bars(),
            self._draw_points(),
            *self._ring_opened(),
            *self._draw_marks(),
        ]
        point = {"type": "point", "fields": ["photo"], "toggle": False, "clear": False}
        return {
            "title": self._draw_title(),
            "width": "container",
            "height": self.height,
            "autosize": {"type": "fit-x", "contains": "padding"},
            "encoding": {"x": self._x()},
            "layer": layers,
            "params": [{"name": PICK, "select": point, "views": ["points"]}],
            "config": {"view": {"stroke": None}},
            "usermeta": {"embedOptions": {"renderer": "svg"}},
        }

    # ---- the frame ----------------------------------------------------------------

    def _draw_title(self) -> Spec:
        """Name the upper end of the axis."""
        return {
            "text": f"▲ {_(ENDS[self.look.scale][0])}",
            "anchor": "start",
            "frame": "group",
            "fontSize": 13,
            "fontWeight": "normal",
            "color": self.ink.quiet,
            "offset": 8,
        }

    def _x(self) -> Spec:
        return {
            "field": "day",
            "type": "temporal",
            "title": f"▼ {_(ENDS[self.look.scale][1])}",
            "scale": {"domain": [to_date(day) for day in self.days]},
            "axis": date_axis(self.days, color=self.ink.quiet),
        }

    def _y(self, field: str = "level") -> Spec:
        """Return the axis of levels, with room for words above and for signs below."""
        per_px = (self.high - self.low) / _PLOT_PX
        frame = [self.low - self.lanes_px * per_px, self.high + self.words_px * per_px]
        return {
            "field": field,
            "type": "quantitative",
            "title": None,
            "scale": {"domain": frame, "zero": False, "nice": False},
            "axis": level_axis(self.low, self.high, color=self.ink.quiet),
        }

    def _find_span(self) -> tuple[float, float]:
        """Choose the axis so that all is seen, and so that noise is seen with it."""
        rows = [*self.points, *self.trend, *(self.levels if self.look.level_error else [])]
        lows, highs = [r["low"] for r in rows], [r["high"] for r in rows]
        if self.series.noise:
            low, high = span_on_scale(self.series.noise, self.look.scale)
            lows, highs = [*lows, low], [*highs, high]
        low, high = min(lows), max(highs)
        missing = max(0.0, _MIN_SPAN - (high - low)) / 2
        pad = 0.04 * (high - low + 2 * missing) + missing
        return low - pad, high + pad

    # ---- grounds ------------------------------------------------------------------

    def _shade_early(self) -> list[Spec]:
        if self.early is None or self.early[1] <= self.days[0]:
            return []
        start = max(self.early[0], self.days[0])
        row: Spec = {"day": stamp(start), "until": stamp(self.early[1])}
        row["what"] = _("week 0: too early to tell until week 12")
        ground = {"type": "rect", "color": self.ink.early, "opacity": 0.11, "aria": False}
        reach = {"x2": {"field": "until"}, "y": {"value": 0}, "y2": {"value": self.height}}
        return [_layer([row], ground, **reach), *self._write([row], y=_WORDS_PX / 2)]

    def _shade_noise(self) -> list[Spec]:
        at = self.series.reference
        if self.series.noise is None or at is None:
            return []
        low, high = span_on_scale(self.series.noise, self.look.scale)
        ends = {"day": stamp(at.day), "until": stamp(self.days[1])}
        mark = {"color": self.ink.noise, "aria": False}
        ground = mark | {"type": "rect", "opacity": 0.16}
        rule = mark | {"type": "rule", "strokeWidth": 1, "strokeDash": [2, 3]}
        until = {"field": "until"}
        return [
            _layer([ends | {"low": low, "high": high}], ground, x2=until, **self._band()),
            _layer([ends | {"level": e} for e in (low, high)], rule, x2=until, y=self._y()),
        ]

    def _shade_level(self) -> list[Spec]:
        if not self.look.level_error:
            return []
        area = {"type": "area", "color": self.ink.data, "opacity": 0.1, "aria": False}
        return [_layer(self.levels, area, detail=_SEGMENT, **self._band())]

    # ---- the course ---------------------------------------------------------------

    def _join_visits(self) -> Spec:
        """Join the visits of a stretch by a thin line; nothing crosses a break."""
        line = {"type": "line", "color": self.ink.data, "strokeWidth": 1, "aria": False}
        return _layer(self.levels, line | {"opacity": 0.45}, y=self._y(), detail=_SEGMENT)

    def _trace_course(self) -> list[Spec]:
        mark = {"color": self.ink.data, "aria": False}
        band = mark | {"type": "area", "opacity": 0.2}
        line = mark | {"type": "line", "strokeWidth": 2.5}
        return [
            _layer(self.trend, band, **self._band()),
            _layer(self.trend, line, y=self._y()),
        ]

    def _draw_bars(self) -> Spec:
        shown = [row for row in self.points if row["high"] > row["low"]]
        rule = {"type": "rule", "color": self.ink.data, "strokeWidth": 1.6, "aria": False}
        return _layer(shown, rule, **self._band())

    def _draw_points(self) -> Spec:
        """Draw visits filled and photographs as rings; a click picks the photograph."""
        large, small = _choose_sizes(len(self.levels))
        mark: Spec = {"type": "point", "color": self.ink.data, "fill": self.ink.data}
        mark |= {"cursor": "pointer", "opacity": 1}
        told = {
            "when": _("Day"),
            "what": _("What"),
            "value": _(self.look.scale.value),
            "repeats": _("Repeats differ by"),
            "doubts": _("Doubts"),
        }
        drawn = _layer(
            self.points,
            mark,
            y=self._y(),
            size=_either("datum.mean", large, small),
            strokeWidth=_either("datum.mean", 2, 1.1),
            strokeOpacity=_either("datum.mean", 1, 0.75),
            fillOpacity=_either("datum.mean && datum.counts", 1, 0),
            description=_text("told"),
            tooltip=[_text(field) | {"title": title} for field, title in told.items()],
        )
        return drawn | {"name": "points"}

    def _ring_opened(self) -> list[Spec]:
        opened = [row for row in self.points if row["photo"] == self.look.opened]
        ring: Spec = {"type": "point", "size": 330, "strokeWidth": 2, "filled": False}
        ring |= {"color": self.ink.text, "aria": False, "opacity": 1}
        return [_layer(opened[:1], ring, y=self._y())] if opened else []

    # ---- what happened ------------------------------------------------------------

    def _rule_days(self) -> list[Spec]:
        """Draw week 0 and every break as rules across the chart, with a word above."""
        layers = []
        if self.early and self.days[0] <= self.early[0] <= self.days[1]:
            layers.append(self._rule([{"day": stamp(self.early[0])}], dash=[1, 0]))
        if self.breaks:
            told = {False: _("not compared across"), True: _("break, joined")}
            rows = [
                {"day": stamp(day), "what": told[found.joined]}
                for found, day in self.breaks
            ]
            y = self.words_px - _WORDS_PX / 2
            layers += [self._rule(rows, dash=[6, 4]), *self._write(rows, y=y)]
        return layers

    def _draw_marks(self) -> list[Spec]:
        """Draw a row of signs for each kind of thing, at the foot of the chart."""
        layers = []
        for place, number in enumerate(self.lanes):
            lane = LANES[number]
            rows = [
                {"day": stamp(mark.day), "what": mark.told}
                for mark in self.marks
                if mark.lane == number
            ]
            sign: Spec = {"type": "point", "shape": lane.shape, "filled": lane.filled}
            sign |= {"size": 70 if lane.filled else 34, "strokeWidth": 1.3, "opacity": 1}
            y = self.height - self.lanes_px + (place + 0.5) * _LANE_PX
            layers.append(
                _layer(
                    rows,
                    sign | {"color": self.ink.mark},
                    y={"value": y},
                    description=_text("what"),
                    tooltip=[_text("what") | {"title": _(lane.told)}],
                )
            )
        return layers

    def _rule(self, rows: _Rows, *, dash: list[int]) -> Spec:
        rule: Spec = {"type": "rule", "color": self.ink.quiet, "aria": False}
        rule |= {"strokeWidth": 1.3, "strokeDash": dash}
        ends = {"y": {"value": 0}, "y2": {"value": self.height}}
        return _layer(rows, rule, **ends)

    def _write(self, rows: _Rows, *, y: float) -> list[Spec]:
        """Write words to the right of their day; late in the chart to the left of it."""
        first, last = self.days
        turn = stamp(first + (last - first) * _LATE_SHARE)
        sides = [
            ("left", 5, [row for row in rows if row["day"] < turn]),
            ("right", -5, [row for row in rows if row["day"] >= turn]),
        ]
        mark = {"type": "text", "fontSize": 12, "color": self.ink.text, "aria": False}
        return [
            _layer(
                some, mark | {"align": align, "dx": dx}, y={"value": y}, text=_text("what")
            )
            for align, dx, some in sides
            if some
        ]

    def _band(self) -> Spec:
        return {"y": self._y("low"), "y2": {"field": "high"}}


def _layer(rows: _Rows, mark: Spec, **encoding: object) -> Spec:
    return {"data": {"values": list(rows)}, "mark": mark, "encoding": encoding}


def _text(field: str) -> Spec:
    return {"field": field, "type": "nominal"}


def _either(test: str, yes: float, no: float) -> Spec:
    return {"condition": {"test": test, "value": yes}, "value": no}


def _choose_sizes(visits: int) -> tuple[float, float]:
    """Return the areas of a visit's point and of a photograph's, px^2: many are small."""
    return max(42.0, min(110.0, 3300 / visits)), max(16.0, min(30.0, 1200 / visits))


_MAX_TICKS = 8


def level_axis(low: float, high: float, *, color: str) -> dict[str, Any]:
    """Return an axis with round levels in per cent from `low` to `high`."""
    step = next(n for n in (1, 2, 5, 10, 20, 50) if (high - low) / n <= _MAX_TICKS)
    first, last = math.ceil(low / step), math.floor(high / step)
    ticks = [n * step for n in range(first, last + 1) if 0 <= n * step <= 100]
    # Vega would describe an axis in English; the chart has a description of its own.
    return {
        "values": ticks,
        "labelExpr": "datum.label + ' %'",
        "labelColor": color,
        "aria": False,
    }


def date_axis(days: tuple[dt.date, dt.date], *, color: str) -> dict[str, Any]:
    """Dates along the bottom, in the language of the session; its title at the left."""
    ticks, month_only = _choose_days(*days)
    labels = {
        day.isoformat(): format_day_short(day, month_only=month_only) for day in ticks
    }
    return {
        "values": [to_date(day) for day in ticks],
        "labelExpr": f"({json.dumps(labels)})[timeFormat(datum.value, '%Y-%m-%d')]",
        "labelColor": color,
        "labelOverlap": True,
        "labelSeparation": 12,
        "grid": False,
        "aria": False,
        "titleAnchor": "start",
        "titleAlign": "left",
        "titleFontSize": 13,
        "titleFontWeight": "normal",
        "titleColor": color,
        "titlePadding": 10,
    }


def _choose_days(first: dt.date, last: dt.date) -> tuple[list[dt.date], bool]:
    """Return the days under which a date stands: a month's first, or every few weeks."""
    span = (last - first).days
    if span <= 120:
        step = dt.timedelta(
            days=next(n for n in (7, 14, 28) if span / n <= _MAX_TICKS or n == 28)
        )
        count = span // step.days
        return [first + number * step for number in range(1, count + 1)], False
    months = next((n for n in (1, 2, 3, 6, 12) if span / 30.4 / n <= _MAX_TICKS + 1), 24)
    starts = [
        dt.date(year, month, 1)
        for year in range(first.year, last.year + 1)
        for month in range(1, 13, min(months, 12))
    ]
    return [day for day in starts if first <= day <= last], True


def to_date(day: dt.date) -> dict[str, int]:
    """Return a day as an axis reads it: midnight on the clock of the browser."""
    return {"year": day.year, "month": day.month, "date": day.day}


@dataclass(frozen=True, slots=True, kw_only=True)
class Palette:
    """Colours on a light or a dark page; grounds are drawn nearly transparent."""

    ground: str
    text: str
    quiet: str
    data: str
    noise: str
    early: str
    mark: str

    @staticmethod
    def of(*, dark: bool) -> Palette:
        """Return the colours for a page."""
        return _DARK if dark else _LIGHT


_LIGHT = Palette(
    ground="#ffffff",
    text="#0f1a22",
    quiet="#465560",
    data="#1f6fa8",
    noise="#5a6771",
    early="#c77700",
    mark="#3b4852",
)
_DARK = Palette(
    ground="#11171c",
    text="#e9eff3",
    quiet="#a9b7c0",
    data="#62b0e8",
    noise="#9aa8b2",
    early="#e0a050",
    mark="#c3ced6",
)
