"""Home: a series for each view, what comes next, and the first run."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from hairtrack.app.cache import cached_query
from hairtrack.app.formatting import Scale, capitalize, choose_scale, escape, format_view
from hairtrack.app.frame import (
    MEASURED,
    choose_subject,
    link,
    offer_measuring,
    on_library,
    open_page,
    progress_bar,
)
from hairtrack.app.i18n import _, format_day, format_number, ngettext, translate
from hairtrack.app.pictures import cached_photo, show_picture
from hairtrack.app.treatment.common import explain_no_day, show_alerts
from hairtrack.change.explanations import describe_verdict
from hairtrack.change.records import Assessment, VisitValue
from hairtrack.course.explanations import describe_kind, describe_moment, describe_session
from hairtrack.course.plans import count_sessions
from hairtrack.errors import HairtrackError
from hairtrack.records import Photo
from hairtrack.workflows import Library
from hairtrack.workflows.overview import Overview, load_overview
from hairtrack.workflows.samples import SUBJECT, load_sample_course
from hairtrack.workflows.series import Series

__all__ = ["draw_pictures", "show", "show_card", "show_welcome"]


@on_library
def show(library: Library) -> None:
    """Show one series for each view of one subject."""
    subjects = library.catalog.subjects()
    if not subjects:
        show_welcome(library)
        return
    st.title(_("Home"), anchor=False)
    offer_measuring(library)
    subject = choose_subject(subjects)
    found = cached_query(
        load_overview, library, subject=subject, now=dt.datetime.now(dt.UTC)
    )
    _show_alerts(found)
    _show_next(found)
    if not found.series:
        st.info(_("No photographs of this subject yet."), icon=":material/info:")
        link(_("Add photographs"), "photographs")
        return
    scale = choose_scale()
    frames = [(series, show_card(series, scale)) for series in found.series]
    for series, frame in frames:
        draw_pictures(library, series, frame)


def _show_alerts(found: Overview) -> None:
    if found.status.alerts:
        show_alerts(found.status.alerts, found.course.facts)
        link(_("Open the treatment"), "treatment", key="alerts")


def _show_next(found: Overview) -> None:
    """Tell the next days for photographs and sessions, and where they come from."""
    left, right = st.columns(2)
    with left.container(border=True, height="stretch"):
        st.markdown(f"**{_('Next photographs')}**")
        day = found.status.photo_day
        if day is None:
            st.caption(explain_no_day(found.course))
        else:
            st.subheader(escape(format_day(day.day)), anchor=False)
            st.caption(escape(capitalize(translate(day.why))))
        link(_("Add photographs"), "photographs")
    with right.container(border=True, height="stretch"):
        st.markdown(f"**{_('Next session')}**")
        session = found.status.next_session
        if session is None:
            st.caption(_("None is planned."))
        else:
            st.subheader(escape(describe_moment(session.at)), anchor=False)
            count = count_sessions(session, found.course.sessions)
            told = translate(describe_session(session, count))
            kind = translate(describe_kind(found.course.kind_of(session)))
            st.caption(escape(f"{capitalize(told)}, {kind}"))
        link(_("Treatment"), "treatment")


_BLUE = "#2b80b6"
_MIN_SPAN = 12.0
_PICTURE_PX = 380
_MAX_NEEDS = 3


def show_card(series: Series, scale: Scale) -> DeltaGenerator:
    """Show what is known of a view; return the place for its two pictures."""
    with st.container(border=True):
        st.markdown(f"**{escape(format_view(series.view))}**")
        left, right = st.columns([5, 4], gap="large")
        with left:
            if series.assessment is None:
                st.info(_("Nothing of this view could be measured yet."))
            else:
                _show_verdict(series.assessment)
                _show_number(series.assessment, scale)
            _offer_pages(series)
        with right:
            if series.assessment is not None:
                _show_chart(series, scale)
            frame = st.container(horizontal=True)
    return frame


def draw_pictures(library: Library, series: Series, frame: DeltaGenerator) -> None:
    """Show a photograph of the first and of the latest visit, once all words stand."""
    days = [row.visit for row in series.measured_visits or series.visits]
    ends = dict.fromkeys((days[0], days[-1]))
    first_of = {one.photo.visit: one.photo for one in reversed(series.photos)}
    photos = [first_of[day] for day in ends]
    with frame:
        for photo in photos:
            with st.container(width=155):
                _draw_photo(library, photo)


def _draw_photo(library: Library, photo: Photo) -> None:
    day = format_day(photo.visit)
    try:
        picture = cached_photo(library, photo.digest, longest=_PICTURE_PX)
    except HairtrackError as error:
        st.caption(escape(error.message))
        return
    show_picture(picture, alt=_("The head on {day}", day=day))
    st.caption(escape(day))


def _show_verdict(course: Assessment) -> None:
    for alert in course.alerts:
        st.warning(escape(alert), icon=":material/priority_high:")
    st.subheader(escape(describe_verdict(course)), anchor=False)
    for need in course.needed[:_MAX_NEEDS]:
        st.markdown(f":material/arrow_right: {escape(need)}")


def _show_number(course: Assessment, scale: Scale) -> None:
    """Show the latest level, and the change with its interval."""
    if not course.visits:
        return
    last = course.visits[-1]
    low, high = last.interval
    columns = st.columns(2)
    with columns[0]:
        st.metric(
            f"{_(scale.value)}, {format_day(last.day)}", scale.format_level(last.level)
        )
        half = format_number(50 * (high - low))
        st.caption(_("give or take {half} points (95 %, repeats)", half=half))
    reading = course.estimate
    if reading is not None and course.origin is not None:
        with columns[1]:
            since = format_day(course.origin)
            st.metric(
                _("Change since {day}", day=since),
                _("{points} points", points=format_number(abs(reading.delta_pp))),
            )
            told = scale.format_change(reading.delta_pp, reading.interval_pp)
            st.caption(f"{told} (95 %)")


def _offer_pages(series: Series) -> None:
    told = ngettext("{count} visit", "{count} visits", len(series.visits))
    photos = len(series.photos)
    told += ", " + ngettext("{count} photograph", "{count} photographs", photos)
    st.caption(escape(told))
    with st.container(horizontal=True):
        for title, path, icon, usable in (
            (_("Progress"), "progress", ":material/show_chart:", True),
            (_("Compare"), "compare", ":material/compare:", len(series.visits) > 1),
        ):
            key = f"{path}_{series.view}"
            if usable and st.button(title, key=key, icon=icon):
                st.session_state["view"] = series.view
                open_page(path)


def _show_chart(series: Series, scale: Scale) -> None:
    if series.assessment is None:
        return
    visits = series.assessment.visits
    if len(visits) < 2:
        return
    chart = draw_small(visits, scale)
    st.vega_lite_chart(chart, width="stretch", alt=_describe(visits, scale))


def _describe(visits: Sequence[VisitValue], scale: Scale) -> str:
    first, last = visits[0], visits[-1]
    return _(
        "{scale} on {visits}: {first} on {first_day}, {last} on {last_day}",
        scale=_(scale.value),
        visits=ngettext("{count} visit", "{count} visits", len(visits)),
        first=scale.format_level(first.level),
        first_day=format_day(first.day),
        last=scale.format_level(last.level),
        last_day=format_day(last.day),
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
        _("Visit"): format_day(visit.day),
        _("Level"): scale.format_level(visit.level),
        "said": f"{format_day(visit.day)}: {scale.format_level(visit.level)}",
    }


def show_welcome(library: Library) -> None:
    """Greet a person whose library is empty."""
    st.title(_("Is it changing anything?"), anchor=False)
    st.write(
        _(
            "hairtrack measures in photographs how much scalp shows through the hair, "
            "visit after visit, and says how sure it is. Everything stays on this computer."
        )
    )
    left, right = st.columns(2, gap="medium")
    with left.container(border=True, height="stretch"):
        st.subheader(_("With your photographs"), anchor=False)
        st.write(
            _(
                "Files, a folder or the camera. One visit shows how much scalp shows; two "
                "can be compared; about six months say whether it changes."
            )
        )
        if st.button(_("Add photographs"), type="primary", icon=":material/add_a_photo:"):
            open_page("photographs")
        link(_("How to take them: the guide to print"), "settings")
    with right.container(border=True, height="stretch"):
        st.subheader(_("With a sample"), anchor=False)
        st.write(
            _(
                "42 drawn photographs of seven visits, with an invented course of "
                "sessions. They are measured now, as yours would be, and can be erased "
                "again on the page Library."
            )
        )
        if st.button(_("Load the sample course"), icon=":material/science:"):
            _load_sample(library)


def _load_sample(library: Library) -> None:
    with progress_bar(_("Adding the sample photographs"), MEASURED) as tell:
        found, _run = load_sample_course(library, workers=1, on_progress=tell)
    if found.stopped is not None:
        st.warning(escape(found.stopped), icon=":material/info:")
        return
    st.session_state["subject"] = SUBJECT
    st.rerun()
