"""The chart of one view: visits, trend, and what happened; more where it is asked for.

It is written as Vega-Lite itself: Altair validates every part of a chart each time it is
drawn, which took longer than everything else on the page. The tests validate it instead.
"""

from __future__ import annotations

import datetime as dt
import json
import math
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from hairtrack.app.chart_rows import (
    LANES,
    find_domain,
    find_too_early,
    list_breaks,
    list_levels,
    list_marks,
    list_points,
    list_trend,
    stamp,
)
from hairtrack.app.i18n import N_, _, format_day_short
from hairtrack.workflows.series import Series

__all__ = ["EXTRAS", "PICK", "ChartOptions", "Palette", "date_axis", "draw_chart"]

PICK = "pick"
"""Name of the selection: the photograph behind a point."""

EXTRAS = {
    "shots": N_("Single photographs (small rings)"),
    "noise": N_("Smallest detectable change (grey band)"),
    "early": N_("Weeks 0 to 12, too early to tell (orange)"),
    "breaks": N_("Breaks in the series (dashed)"),
    "level": N_("How well the level itself is known (pale band)"),
}
"""What the chart can show besides visits, trend and marks."""

_PLOT_PX, _LANE_PX, _WORDS_PX = 164, 18, 20
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
    title : str
        Stands above it, and in pictures of it.
    extras : collection of str
        Keys of `EXTRAS`.
    dark : bool
        On a dark page.
    opened : str or None
        Digest of the photograph that is shown beside it; its point bears a ring.
    """

    title: str = ""
    extras: Collection[str] = ()
    dark: bool = False
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
        self.points = list_points(series, shots="shots" in look.extras)
        self.levels = list_levels(series)
        self.trend = list_trend(series)
        self.marks = list_marks(series)
        self.lanes = sorted({mark.lane for mark in self.marks})
        self.early = find_too_early(series) if "early" in look.extras else None
        self.breaks = list_breaks(series) if "breaks" in look.extras else []
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
            *self._draw_trend(),
            *self._draw_breaks(),
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
        """Name the chart, and the upper end of its axis."""
        return {
            "text": self.look.title,
            "subtitle": _("▲ more scalp shows   ▼ less scalp shows"),
            "anchor": "start",
            "frame": "group",
            "fontSize": 14,
            "subtitleFontSize": 13,
            "color": self.ink.text,
            "subtitleColor": self.ink.quiet,
            "offset": 8,
        }

    def _x(self) -> Spec:
        return {
            "field": "day",
            "type": "temporal",
            "title": None,
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
        """Choose the axis so that all that is drawn is seen."""
        rows = [*self.points, *self.trend]
        if "level" in self.look.extras:
            rows += self.levels
        lows, highs = [r["low"] for r in rows], [r["high"] for r in rows]
        if "noise" in self.look.extras and self.series.noise:
            lows.append(100 * self.series.noise[0])
            highs.append(100 * self.series.noise[1])
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
        at, noise = self.series.reference, self.series.noise
        if "noise" not in self.look.extras or noise is None or at is None:
            return []
        low, high = (round(100 * end, 2) for end in noise)
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
        if "level" not in self.look.extras:
            return []
        area = {"type": "area", "color": self.ink.data, "opacity": 0.1, "aria": False}
        return [_layer(self.levels, area, detail=_SEGMENT, **self._band())]

    # ---- visits and trend ---------------------------------------------------------

    def _draw_trend(self) -> list[Spec]:
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
        """Draw visits filled, photographs as rings; a click picks the photograph."""
        large, small = _choose_sizes(len(self.levels))
        mark: Spec = {"type": "point", "color": self.ink.data, "fill": self.ink.data}
        mark |= {"cursor": "pointer", "opacity": 1}
        told = {
            "when": _("Day"),
            "what": _("What"),
            "value": _("Visible scalp"),
            "doubts": _("Doubts"),
        }
        drawn = _layer(
            self.points,
            mark,
            y=self._y(),
            size=_either("datum.visit", large, small),
            strokeWidth=_either("datum.visit", 2, 1.1),
            strokeOpacity=_either("datum.visit", 1, 0.75),
            fillOpacity=_either("datum.visit && datum.counts", 1, 0),
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

    def _draw_breaks(self) -> list[Spec]:
        """Draw every break as a rule across the chart, with a word above."""
        if not self.breaks:
            return []
        told = {False: _("not compared across"), True: _("break, joined")}
        rows = [
            {"day": stamp(day), "what": told[found.joined]} for found, day in self.breaks
        ]
        rule: Spec = {"type": "rule", "color": self.ink.quiet, "aria": False}
        rule |= {"strokeWidth": 1.3, "strokeDash": [6, 4]}
        ends = {"y": {"value": 0}, "y2": {"value": self.height}}
        y = self.words_px - _WORDS_PX / 2
        return [_layer(rows, rule, **ends), *self._write(rows, y=y)]

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
            sign: Spec = {"type": "point", "shape": lane.shape, "filled": True}
            sign |= {"size": 70, "opacity": 1}
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
