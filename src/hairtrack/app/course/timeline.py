"""Timeline: everything on one axis, and the phases of the course beside each other."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import altair as alt
import streamlit as st

from hairtrack.app import words
from hairtrack.app.course.parts import clock, show_note
from hairtrack.app.frame import choose_view
from hairtrack.course.facts import Facts
from hairtrack.course.timeline import Event, EventKind
from hairtrack.course.words import ASSOCIATION, tell_event, tell_phase, tell_window
from hairtrack.records import View
from hairtrack.workflows import Library
from hairtrack.workflows.course import (
    Course,
    flag_photos,
    list_events,
    list_phases,
    list_photo_days,
)
from hairtrack.workflows.sites import watch_course

__all__ = ["show"]

_LANES = {
    EventKind.START: "Start and stop",
    EventKind.STOP: "Start and stop",
    EventKind.TREATMENT: "Treatments",
    EventKind.SESSION: "Sessions",
    EventKind.MAINTENANCE: "Maintenance",
    EventKind.SYMPTOM: "Diary",
    EventKind.REMARK: "Hair",
    EventKind.MEASUREMENT: "Photographs",
}
_BLUE = "#2b80b6"


def show(library: Library, course: Course) -> None:
    """Show the axis, the phases, days for photographs and treated places."""
    photos = library.catalog.photos(subject=course.subject)
    views = [view for view in View if any(photo.view == view for photo in photos)]
    view = choose_view(views) if views else None
    events = list_events(library, course, today=clock(course).date(), view=view)
    if not events:
        st.info("Nothing has happened yet: make a plan, or add photographs.")
        return
    st.altair_chart(
        _draw(events, course.facts, today=clock(course).date()),
        width="stretch",
        alt="Everything of the course by day; the list below holds the same",
    )
    with st.expander("The same as a list"):
        for event in events:
            st.markdown(words.escape(f"{event.day}: {tell_event(event, course.facts)}"))
    if view is not None:
        _show_phases(library, course, view)
    _show_photographs(library, course)
    _show_sites(library, course)


def _draw(
    events: Sequence[Event], facts: Facts, *, today: dt.date
) -> alt.LayerChart | alt.FacetChart:
    lanes = list(dict.fromkeys(_LANES.values()))
    held = {_LANES[event.kind] for event in events}
    values = [
        {
            "day": event.day.isoformat() + "T00:00:00",
            "lane": _LANES[event.kind],
            "What": tell_event(event, facts),
            "When": words.tell_day(event.day),
            "ahead": event.ahead,
        }
        for event in events
    ]
    x = alt.X(
        "day:T",
        title=None,
        axis=alt.Axis(format="%b %Y", labelOverlap=True, labelSeparation=14, tickCount=6),
    )
    order = [lane for lane in lanes if lane in held]
    y = alt.Y("lane:N", title=None, sort=order)
    tips = [alt.Tooltip("What:N"), alt.Tooltip("When:N")]
    marks = (
        alt.Chart(alt.InlineData(values=values))
        .mark_point(size=110, filled=True, color=_BLUE)
        .encode(
            x=x,
            y=y,
            tooltip=tips,
            fillOpacity=alt.condition("datum.ahead", alt.value(0.0), alt.value(1.0)),
        )
    )
    line = [{"day": today.isoformat() + "T00:00:00", "What": "Today"}]
    now = (
        alt.Chart(alt.InlineData(values=line))
        .mark_rule(color=_BLUE, strokeDash=[4, 4])
        .encode(x=x, tooltip=[alt.Tooltip("What:N")])
    )
    drawn = alt.layer(now, marks)
    return drawn.properties(height=40 * len(order) + 40, width="container")


def _show_phases(library: Library, course: Course, view: View) -> None:
    st.subheader("Phases", anchor=False)
    phases = list_phases(library, course, view=view)
    if not phases:
        st.write("Declare the start of treatment under *Plan*, and phases appear here.")
        return
    for phase in phases:
        st.markdown(f"- {words.escape(tell_phase(phase))}")
    season = course.facts.rule("season")
    show_note(f"{ASSOCIATION} {season.says} ({course.facts.source(season.source).title}).")


def _show_photographs(library: Library, course: Course) -> None:
    days = list_photo_days(course)
    flagged = [
        (photo, told)
        for photo in library.catalog.photos(subject=course.subject)
        if (told := tell_window(flag_photos(library, course)[photo.digest]))
    ]
    if days:
        with st.expander("Days for photographs"):
            for one in days:
                st.markdown(words.escape(f"{one.day}: {one.why}"))
    if flagged:
        with st.expander("Photographs too near a session"):
            for photo, told in flagged:
                view = words.tell_view(photo.view)
                st.markdown(words.escape(f"{photo.visit}, {view}: {told}"))


def _show_sites(library: Library, course: Course) -> None:
    st.subheader("Treated places", anchor=False)
    found = watch_course(library, course)
    if found.why_not:
        st.write(found.why_not)
    for one in found.changes:
        way = "more" if one.delta_pp > 0 else "less"
        beyond = "beyond" if one.beyond else "within"
        told = (
            f"{one.day}, square {one.site.removeprefix('grid_')}: against the rest {way} "
            f"scalp shows than before, {abs(one.delta_pp):.1f} points; {beyond} the "
            f"{one.sdc_pp:.1f} that repeated photographs of one visit differ"
        )
        st.markdown(words.escape(told))
    show_note(
        "Squares that were treated against those that were not. What differs from day to "
        "day is not counted, and many squares are looked at: a reason to look, no finding."
    )
