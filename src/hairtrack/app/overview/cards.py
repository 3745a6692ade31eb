"""A card for one view: the verdict, the number with its interval, what is needed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from hairtrack.app import words
from hairtrack.app.language import _, number
from hairtrack.app.links import open_page
from hairtrack.app.pictures import photo_once, show_picture
from hairtrack.app.scales import Scale
from hairtrack.change.explanations import describe_verdict
from hairtrack.change.records import Assessment, VisitValue
from hairtrack.errors import HairtrackError
from hairtrack.records import Photo
from hairtrack.workflows import Library
from hairtrack.workflows.overview import Card

__all__ = ["draw_pictures", "show_card"]

_BLUE = "#2b80b6"
_MIN_SPAN = 12.0
_PICTURE_PX = 380
_MAX_NEEDS = 3


def show_card(card: Card, scale: Scale) -> DeltaGenerator:
    """Show what is known of a view; return the place for its two pictures."""
    with st.container(border=True):
        st.markdown(f"**{words.escape(words.tell_view(card.view))}**")
        left, right = st.columns([5, 4], gap="large")
        with left:
            if card.judged is None:
                st.info(_("Nothing of this view could be measured yet."))
            else:
                _show_verdict(card.judged.course)
                _show_number(card.judged.course, scale)
            _offer_pages(card)
        with right:
            if card.judged is not None:
                _show_chart(card, scale)
            frame = st.container(horizontal=True)
    return frame


def draw_pictures(library: Library, card: Card, frame: DeltaGenerator) -> None:
    """Show a photograph of the first and of the latest visit, once all words stand."""
    photos = (
        [card.first] if card.first.visit == card.last.visit else [card.first, card.last]
    )
    with frame:
        for photo in photos:
            with st.container(width=155):
                _draw_photo(library, photo)


def _draw_photo(library: Library, photo: Photo) -> None:
    day = words.tell_day(photo.visit)
    try:
        picture = photo_once(library, photo.digest, longest=_PICTURE_PX)
    except HairtrackError as error:
        st.caption(words.escape(str(error)))
        return
    show_picture(picture, alt=_("The head on {day}", day=day))
    st.caption(words.escape(day))


def _show_verdict(course: Assessment) -> None:
    for alert in course.alerts:
        st.warning(words.escape(alert), icon=":material/priority_high:")
    st.subheader(words.escape(describe_verdict(course)), anchor=False)
    for need in course.needed[:_MAX_NEEDS]:
        st.markdown(f":material/arrow_right: {words.escape(need)}")


def _show_number(course: Assessment, scale: Scale) -> None:
    """Show the latest level, and the change with its interval."""
    if not course.visits:
        return
    last = course.visits[-1]
    low, high = last.interval
    columns = st.columns(2)
    with columns[0]:
        st.metric(
            f"{_(scale.value)}, {words.tell_day(last.day)}", scale.tell_level(last.level)
        )
        half = number(50 * (high - low))
        st.caption(_("give or take {half} points (95 %, repeats)", half=half))
    reading = course.estimate
    if reading is not None and course.origin is not None:
        with columns[1]:
            since = words.tell_day(course.origin)
            st.metric(
                _("Change since {day}", day=since),
                _("{points} points", points=number(abs(reading.delta_pp))),
            )
            told = scale.tell_change(reading.delta_pp, reading.interval_pp)
            st.caption(f"{told} (95 %)")


def _offer_pages(card: Card) -> None:
    told = words.tell_count(card.visits, "visit")
    told += ", " + words.tell_count(card.photos, "photograph")
    st.caption(words.escape(told))
    with st.container(horizontal=True):
        for title, path, icon, usable in (
            (_("Progress"), "progress", ":material/show_chart:", True),
            (_("Compare"), "compare", ":material/compare:", card.visits > 1),
        ):
            key = f"{path}_{card.view}"
            if usable and st.button(title, key=key, icon=icon):
                st.session_state["view"] = card.view
                open_page(path)


def _show_chart(card: Card, scale: Scale) -> None:
    if card.judged is None:
        return
    visits = card.judged.course.visits
    if len(visits) < 2:
        return
    chart = draw_small(visits, scale)
    st.vega_lite_chart(chart, width="stretch", alt=_describe(visits, scale))


def _describe(visits: Sequence[VisitValue], scale: Scale) -> str:
    first, last = visits[0], visits[-1]
    return _(
        "{scale} on {visits}: {first} on {first_day}, {last} on {last_day}",
        scale=_(scale.value),
        visits=words.tell_count(len(visits), "visit"),
        first=scale.tell_level(first.level),
        first_day=words.tell_day(first.day),
        last=scale.tell_level(last.level),
        last_day=words.tell_day(last.day),
    )


def draw_small(visits: Sequence[VisitValue], scale: Scale) -> dict[str, Any]:
    """Draw the visits with their intervals, small: the whole of it is on Progress.

    Returns
    -------
    dict
        In Vega-Lite as it is: to build and check it with Altair takes ten times as long.
    """
    values = [_value(visit, scale) for visit in visits]
    low = min(one["low"] for one in values)
    high = max(one["high"] for one in values)
    spare = max(0.0, _MIN_SPAN - (high - low)) / 2 + 1
    axis = {"tickCount": 3, "labelExpr": "datum.label + ' %'", "aria": False}
    span = {"domain": [max(0, low - spare), min(100, high + spare)], "zero": False}
    bare = {"labels": False, "ticks": False, "grid": False, "aria": False}
    x = {"field": "day", "type": "temporal", "title": None, "axis": bare}
    y = {"type": "quantitative", "title": None, "scale": span, "axis": axis}
    level = {"x": x, "y": y | {"field": "level"}}
    bar = {"x": x, "y": y | {"field": "low"}, "y2": {"field": "high"}}
    said = {"field": "said", "type": "nominal"}
    tips = [{"field": name, "type": "nominal"} for name in (_("Visit"), _("Level"))]
    ink = {"color": _BLUE, "aria": False}
    return {
        "data": {"values": values},
        "height": 130,
        "layer": [
            {"mark": ink | {"type": "rule", "strokeWidth": 1.5}, "encoding": bar},
            {"mark": ink | {"type": "line", "opacity": 0.6}, "encoding": level},
            {
                "mark": {
                    "type": "point",
                    "filled": True,
                    "size": 60,
                    "color": _BLUE,
                    "opacity": 1,
                },
                "encoding": level | {"tooltip": tips, "description": said},
            },
        ],
        "config": {"view": {"stroke": None}},
    }


def _value(visit: VisitValue, scale: Scale) -> dict[str, Any]:
    low, level, high = sorted(
        100 * scale.turn(one) for one in (*visit.interval, visit.level)
    )
    return {
        "day": dt.datetime.combine(visit.day, dt.time()).isoformat(),
        "level": round(level, 2),
        "low": round(low, 2),
        "high": round(high, 2),
        _("Visit"): words.tell_day(visit.day),
        _("Level"): scale.tell_level(visit.level),
        "said": f"{words.tell_day(visit.day)}: {scale.tell_level(visit.level)}",
    }
