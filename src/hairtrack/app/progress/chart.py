"""The progress chart: the visits, the fitted course, what is noise, and what happened."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import altair as alt

from hairtrack.app.language import N_, _
from hairtrack.app.progress import marks, values
from hairtrack.app.progress.axes import date_axis, level_axis, to_date
from hairtrack.app.progress.palette import Palette
from hairtrack.app.scales import Scale
from hairtrack.workflows.charting import Charted

__all__ = ["ENDS", "PICK", "Look", "draw_chart"]

PICK = "pick"
"""Name of the selection: the photograph behind a point."""

ENDS = {
    Scale.SCALP: (N_("more scalp shows"), N_("less scalp shows")),
    Scale.COVER: (N_("more hair cover"), N_("less hair cover")),
}
"""What lies at the upper and at the lower end of the axis."""

_PLOT_PX, _LANE_PX = 330, 18
_LEAST_SPAN = 12.0
"""The axis never spans less, in per cent: small differences must look small."""

_Rows = Sequence[dict[str, Any]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
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


def draw_chart(charted: Charted, look: Look) -> alt.LayerChart:
    """Draw the course of one view and zone.

    Parameters
    ----------
    charted : Charted
        A series with at least one visit that has a value.
    look : Look
        How.

    Returns
    -------
    altair.LayerChart
        With a selection named `PICK` of the field ``photo``.
    """
    return _Drawing(charted, look).draw()


class _Drawing:
    """One chart: its rows, the frame they lie in, and a layer for each thing shown."""

    def __init__(self, charted: Charted, look: Look) -> None:
        self.charted, self.look = charted, look
        self.ink = Palette.of(dark=look.dark)
        self.points = values.list_points(charted, look.scale, shots=look.shots)
        self.levels = values.list_levels(charted, look.scale)
        self.trend = values.list_trend(charted, look.scale)
        self.marks = marks.list_marks(charted)
        self.lanes = sorted({mark.lane for mark in self.marks})
        self.early = marks.find_too_early(charted)
        self.breaks = values.list_breaks(charted)
        self.days = marks.find_domain(charted)
        self.words_px = 20 * (self.early is not None) + 20 * bool(self.breaks)
        self.lanes_px = _LANE_PX * len(self.lanes)
        self.height = self.words_px + _PLOT_PX + self.lanes_px
        self._lay_axes()

    def draw(self) -> alt.LayerChart:
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
        top, _low = ENDS[self.look.scale]
        title = alt.Title(
            f"▲ {_(top)}",
            anchor="start",
            frame="group",
            fontSize=13,
            fontWeight="normal",
            color=self.ink.quiet,
            offset=8,
        )
        chart = alt.layer(*layers).properties(
            height=self.height,
            width="container",
            title=title,
            autosize=alt.AutoSizeParams(type="fit-x", contains="padding"),
            usermeta={"embedOptions": {"renderer": "svg"}},
        )
        styled: alt.LayerChart = chart.configure_view(stroke=None)
        return styled

    def _lay_axes(self) -> None:
        low, high = self._find_span()
        per_px = (high - low) / _PLOT_PX
        frame = low - self.lanes_px * per_px, high + self.words_px * per_px
        self.scale = alt.Scale(domain=list(frame), zero=False, nice=False)
        self.axis = level_axis(low, high, color=self.ink.quiet)
        self.y = self._y("level")
        self.x = alt.X(
            "day:T",
            title=f"▼ {_(ENDS[self.look.scale][1])}",
            scale=alt.Scale(domain=[to_date(day) for day in self.days]),
            axis=date_axis(self.days, color=self.ink.quiet),
        )

    def _find_span(self) -> tuple[float, float]:
        """Choose the axis so that all is seen, and so that noise is seen with it."""
        rows = [*self.points, *self.trend, *(self.levels if self.look.level_error else [])]
        lows, highs = [r["low"] for r in rows], [r["high"] for r in rows]
        if self.charted.noise:
            low, high = values.span_on_scale(self.charted.noise, self.look.scale)
            lows, highs = [*lows, low], [*highs, high]
        low, high = min(lows), max(highs)
        missing = max(0.0, _LEAST_SPAN - (high - low)) / 2
        pad = 0.04 * (high - low + 2 * missing) + missing
        return low - pad, high + pad

    # ---- grounds ------------------------------------------------------------------

    def _shade_early(self) -> list[alt.Chart]:
        if self.early is None or self.early[1] <= self.days[0]:
            return []
        start = max(self.early[0], self.days[0])
        row = {"day": values.stamp(start), "until": values.stamp(self.early[1])}
        ground = _chart([row]).mark_rect(color=self.ink.early, opacity=0.11, aria=False)
        told = _("week 0: too early to tell until week 12")
        words = self._write([row | {"what": told}], y=9)
        return [
            ground.encode(
                x=self.x, x2="until:T", y=alt.value(0), y2=alt.value(self.height)
            ),
            words,
        ]

    def _shade_noise(self) -> list[alt.Chart]:
        at = self.charted.reference
        if self.charted.noise is None or at is None:
            return []
        low, high = values.span_on_scale(self.charted.noise, self.look.scale)
        ends = {"day": values.stamp(at.day), "until": values.stamp(self.days[1])}
        ground = _chart([ends | {"low": low, "high": high}]).mark_rect(
            color=self.ink.noise, opacity=0.16, aria=False
        )
        rules = _chart([ends | {"level": end} for end in (low, high)]).mark_rule(
            color=self.ink.noise, strokeWidth=1, strokeDash=[2, 3], aria=False
        )
        return [
            ground.encode(x=self.x, x2="until:T", y=self._y("low"), y2="high:Q"),
            rules.encode(x=self.x, x2="until:T", y=self.y),
        ]

    def _shade_level(self) -> list[alt.Chart]:
        if not self.look.level_error:
            return []
        area = _chart(self.levels).mark_area(color=self.ink.data, opacity=0.1, aria=False)
        return [area.encode(x=self.x, y=self._y("low"), y2="high:Q", detail="stretch:N")]

    # ---- the course ---------------------------------------------------------------

    def _join_visits(self) -> alt.Chart:
        """Join the visits of a stretch by a thin line; nothing crosses a break."""
        line = _chart(self.levels).mark_line(
            color=self.ink.data, strokeWidth=1, opacity=0.45, aria=False
        )
        drawn: alt.Chart = line.encode(x=self.x, y=self.y, detail="stretch:N")
        return drawn

    def _trace_course(self) -> list[alt.Chart]:
        band = _chart(self.trend).mark_area(color=self.ink.data, opacity=0.2, aria=False)
        line = _chart(self.trend).mark_line(
            color=self.ink.data, strokeWidth=2.5, aria=False
        )
        return [
            band.encode(x=self.x, y=self._y("low"), y2="high:Q"),
            line.encode(x=self.x, y=self.y),
        ]

    def _draw_bars(self) -> alt.Chart:
        shown = [row for row in self.points if row["high"] > row["low"]]
        bars = _chart(shown).mark_rule(color=self.ink.data, strokeWidth=1.6, aria=False)
        drawn: alt.Chart = bars.encode(x=self.x, y=self._y("low"), y2="high:Q")
        return drawn

    def _draw_points(self) -> alt.Chart:
        """Draw visits filled and photographs as rings; a click picks the photograph."""
        large, small = _choose_sizes(len(self.levels))
        pick = alt.selection_point(
            name=PICK, fields=["photo"], toggle=False, clear=False, empty=False
        )
        mark = _chart(self.points).mark_point(
            color=self.ink.data, fill=self.ink.data, cursor="pointer", opacity=1
        )
        drawn: alt.Chart = mark.encode(
            x=self.x,
            y=self.y,
            size=alt.condition("datum.mean", alt.value(large), alt.value(small)),
            strokeWidth=alt.condition("datum.mean", alt.value(2), alt.value(1.1)),
            strokeOpacity=alt.condition("datum.mean", alt.value(1), alt.value(0.75)),
            fillOpacity=alt.condition(
                "datum.mean && datum.counts", alt.value(1), alt.value(0)
            ),
            description="told:N",
            tooltip=[
                alt.Tooltip("when:N", title=_("Day")),
                alt.Tooltip("what:N", title=_("What")),
                alt.Tooltip("value:N", title=_(self.look.scale.value)),
                alt.Tooltip("repeats:N", title=_("Repeats differ by")),
                alt.Tooltip("doubts:N", title=_("Doubts")),
            ],
        ).add_params(pick)
        return drawn

    def _ring_opened(self) -> list[alt.Chart]:
        opened = [row for row in self.points if row["photo"] == self.look.opened]
        if not opened:
            return []
        ring = _chart(opened[:1]).mark_point(
            size=330, strokeWidth=2, color=self.ink.text, filled=False, aria=False
        )
        return [ring.encode(x=self.x, y=self.y)]

    # ---- what happened ------------------------------------------------------------

    def _rule_days(self) -> list[alt.Chart]:
        """Draw week 0 and every break as rules across the chart, with a word above."""
        layers = []
        if self.early and self.days[0] <= self.early[0] <= self.days[1]:
            start = [{"day": values.stamp(self.early[0])}]
            layers.append(self._rule(start, dash=[1, 0]))
        if self.breaks:
            told = {False: _("not compared across"), True: _("break, joined")}
            rows = [
                {"day": values.stamp(day), "what": told[found.joined]}
                for found, day in self.breaks
            ]
            layers += [
                self._rule(rows, dash=[6, 4]),
                self._write(rows, y=self.words_px - 11),
            ]
        return layers

    def _rule(self, rows: _Rows, *, dash: list[int]) -> alt.Chart:
        rule = _chart(rows).mark_rule(
            color=self.ink.quiet, strokeWidth=1.3, strokeDash=dash, aria=False
        )
        drawn: alt.Chart = rule.encode(x=self.x, y=alt.value(0), y2=alt.value(self.height))
        return drawn

    def _write(self, rows: _Rows, *, y: float) -> alt.Chart:
        text = _chart(rows).mark_text(
            align="left", dx=5, fontSize=12, color=self.ink.text, aria=False
        )
        drawn: alt.Chart = text.encode(x=self.x, y=alt.value(y), text="what:N")
        return drawn

    def _draw_marks(self) -> list[alt.Chart]:
        """Draw a row of signs for each kind of thing, at the foot of the chart."""
        layers = []
        for place, number in enumerate(self.lanes):
            lane = marks.LANES[number]
            rows = [
                {"day": values.stamp(mark.day), "what": mark.told}
                for mark in self.marks
                if mark.lane == number
            ]
            y = self.height - self.lanes_px + (place + 0.5) * _LANE_PX
            signs = _chart(rows).mark_point(
                shape=lane.shape,
                filled=lane.filled,
                size=70 if lane.filled else 34,
                strokeWidth=1.3,
                color=self.ink.mark,
                opacity=1,
            )
            tip = alt.Tooltip("what:N", title=_(lane.told))
            layers.append(
                signs.encode(x=self.x, y=alt.value(y), tooltip=[tip], description="what:N")
            )
        return layers

    def _y(self, field: str) -> alt.Y:
        return alt.Y(f"{field}:Q", title=None, scale=self.scale, axis=self.axis)


def _choose_sizes(visits: int) -> tuple[float, float]:
    """Return the areas of a visit's point and of a photograph's, px^2: many are small."""
    return max(42.0, min(110.0, 3300 / visits)), max(16.0, min(30.0, 1200 / visits))


def _chart(rows: _Rows) -> alt.Chart:
    return alt.Chart(alt.InlineData(values=list(rows)))
