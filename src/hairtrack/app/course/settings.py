"""What holds for the whole course: start, stop, time zone, the clinic's own times."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from zoneinfo import available_timezones

import streamlit as st

from hairtrack.app.course.parts import keep, show_note
from hairtrack.app.language import _, say
from hairtrack.workflows import Library
from hairtrack.workflows.course import Course, save_settings

__all__ = ["ask_settings"]


def ask_settings(library: Library, course: Course) -> None:
    """Ask what holds for the whole course."""
    settings = course.settings
    own = dict(settings.hours)
    with st.form("settings"):
        left, right = st.columns(2)
        start = left.date_input(_("Start of treatment (week 0)"), settings.started_on)
        stop = right.date_input(_("All treatment stopped, if so"), settings.stopped_on)
        zones = sorted(available_timezones() | {settings.zone})
        zone = st.selectbox(_("Time zone"), zones, index=zones.index(settings.zone))
        show_note(
            _(
                "Hours after a session that your clinic gave; empty where it gave none. "
                "They go before what any document states."
            )
        )
        columns = st.columns(2)
        hours = {}
        for place, topic in enumerate(t for t in course.facts.topics if t.group == "after"):
            hours[topic.key] = columns[place % 2].number_input(
                _("{topic} (hours)", topic=say(topic.title)),
                min_value=0.0,
                max_value=8760.0,
                value=own.get(topic.key),
                step=1.0,
                key=f"hours_{topic.key}",
            )
        sent = st.form_submit_button(_("Keep these"), type="primary")
    if sent:
        changed = replace(
            settings,
            started_on=start if isinstance(start, dt.date) else None,
            stopped_on=stop if isinstance(stop, dt.date) else None,
            zone=zone,
            hours=tuple((topic, n) for topic, n in hours.items() if n is not None),
        )
        keep(lambda: save_settings(library, changed), _("Kept"))
