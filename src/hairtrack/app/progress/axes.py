"""The axes of the progress chart: round per cent, and dates in the person's language."""

from __future__ import annotations

import datetime as dt
import json
import math
from typing import Any

from hairtrack.app.language import spell_short

__all__ = ["date_axis", "level_axis", "to_date"]

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
    labels = {day.isoformat(): spell_short(day, month_only=month_only) for day in ticks}
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
