"""History: everything on one time axis, and the phases of the treatment."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import altair as alt
import streamlit as st

from hairtrack.app.formatting import escape, format_view
from hairtrack.app.frame import choose_view
from hairtrack.app.i18n import N_, _, format_day, translate
from hairtrack.app.treatment.common import clock, show_caption
from hairtrack.course.entries import Course
from hairtrack.course.explanations import (
    ASSOCIATION,
    describe_event,
    describe_phase,
    describe_window,
)
from hairtrack.course.plans import list_photo_days
from hairtrack.course.timeline import (
    Event,
    EventKind,
    Value,
    list_events,
    list_phases,
)
from hairtrack.records import View
from hairtrack.workflows import Library
from hairtrack.workflows.course import flag_photos
from hairtrack.workflows.series import read_series

_LANES = {
    EventKind.START: N_("Start and stop"),
    EventKind.STOP: N_("Start and stop"),
    EventKind.TREATMENT: N_("Treatments"),
    EventKind.SESSION: N_("Sessions"),
    EventKind.MAINTENANCE: N_("Maintenance"),
    EventKind.SYMPTOM: N_("Diary"),
    EventKind.REMARK: N_("Hair"),
    EventKind.MEASUREMENT: N_("Photographs"),
}
_BLUE = "#2b80b6"


def show(library: Library, course: Course) -> None:
    """Show the axis, the phases, and days for photographs."""
    photos = library.catalog.photos(subject=course.subject)
    views = [view for view in View if any(photo.view == view for photo in photos)]
    view = choose_view(views) if views else None
    found = read_series(library, subject=course.subject, view=view) if view else []
    values = found[0].values if found else []
    events = list_events(course, today=clock(course).date(), values=values)
    if not events:
        st.info(_("Nothing yet: enter a treatment, or add photographs."))
        return
    st.altair_chart(
        _draw(events, today=clock(course).date()),
        width="stretch",
        alt=_("All events by day; the list below holds the same"),
    )
    with st.expander(_("As a list")):
        for event in events:
            told = translate(describe_event(event))
            st.markdown(escape(f"{format_day(event.day)}: {told}"))
    if view is not None:
        _show_phases(course, values)
    _show_photographs(library, course)


def _draw(events: Sequence[Event], *, today: dt.date) -> alt.LayerChart | alt.FacetChart:
    lanes = [_(lane) for lane in dict.fromkeys(_LANES.values())]
    held = {_(_LANES[event.kind]) for event in events}
    values = [
        {
            "day": event.day.isoformat() + "T00:00:00",
            "lane": _(_LANES[event.kind]),
            _("What"): translate(describe_event(event)),
            _("When"): format_day(event.day),
            "ahead": event.ahead,
        }
        for event in events
    ]
    x = alt.X(
        "day:T",
        title=None,
        axis=alt.Axis(
            format="%m/%Y", labelOverlap=True, labelSeparation=14, tickCount=6, aria=False
        ),
    )
    order = [lane for lane in lanes if lane in held]
    y = alt.Y("lane:N", title=None, sort=order, axis=alt.Axis(aria=False))
    tips = [alt.Tooltip(f"{name}:N") for name in (_("What"), _("When"))]
    marks = (
        alt.Chart(alt.InlineData(values=values))
        .mark_point(size=110, filled=True, color=_BLUE)
        .encode(
            x=x,
            y=y,
            tooltip=tips,
            description=alt.Description(f"{_('What')}:N"),
            fillOpacity=alt.condition("datum.ahead", alt.value(0.0), alt.value(1.0)),
        )
    )
    line = [{"day": today.isoformat() + "T00:00:00", _("What"): _("Today")}]
    now = (
        alt.Chart(alt.InlineData(values=line))
        .mark_rule(color=_BLUE, strokeDash=[4, 4], aria=False)
        .encode(x=x, tooltip=tips[:1])
    )
    drawn = alt.layer(now, marks)
    return drawn.properties(height=40 * len(order) + 40, width="container")


def _show_phases(course: Course, values: Sequence[Value]) -> None:
    st.subheader(_("Phases"), anchor=False)
    phases = list_phases(course.settings, course.sessions, values)
    if not phases:
        st.write(_("Enter the start of treatment under *Now*, and phases appear here."))
        return
    for phase in phases:
        st.markdown(f"- {escape(describe_phase(phase))}")
    season = course.facts.rule("season")
    source = translate(course.facts.source(season.source).title)
    show_caption(f"{translate(ASSOCIATION)} {translate(season.says)} ({source}).")


def _show_photographs(library: Library, course: Course) -> None:
    days = list_photo_days(course)
    windows = flag_photos(library, course)
    flagged = [
        (photo, told)
        for photo in library.catalog.photos(subject=course.subject)
        if (told := describe_window(windows[photo.digest]))
    ]
    if days:
        with st.expander(_("Days for photographs")):
            for one in days:
                st.markdown(escape(f"{format_day(one.day)}: {translate(one.why)}"))
    if flagged:
        with st.expander(_("Photographs too near a session")):
            for photo, told in flagged:
                view = format_view(photo.view)
                st.markdown(escape(f"{format_day(photo.visit)}, {view}: {translate(told)}"))
