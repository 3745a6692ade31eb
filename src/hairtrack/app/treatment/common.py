"""What the sections of Treatment share: the clock, alerts, parts of the head."""

from __future__ import annotations

import datetime as dt

import streamlit as st

from hairtrack.app.formatting import escape, format_zone
from hairtrack.app.i18n import _, format_day, translate
from hairtrack.course.diary import Alert, Level
from hairtrack.course.entries import Course, Kind
from hairtrack.course.explanations import describe_level
from hairtrack.course.facts import Facts
from hairtrack.course.plans import load_time_zone

MEDICINES = (Kind.MINOXIDIL, Kind.FINASTERIDE, Kind.DUTASTERIDE)
"""Kinds that are taken every day; the others are done in sessions."""

_ZONES = ("crown", "mid_scalp", "rim", "part", "hairline", "temple_left", "temple_right")


def clock(course: Course) -> dt.datetime:
    """Return the time on the clock of the course."""
    return dt.datetime.now(dt.UTC).astimezone(load_time_zone(course.settings.zone))


def show_alerts(alerts: tuple[Alert, ...] | list[Alert], facts: Facts) -> None:
    """Show alerts, the most urgent first, each with its source."""
    for alert in alerts:
        told = escape(
            _(
                "{day}. {level}: {about}. {says} ({source}).",
                day=format_day(alert.day),
                level=translate(describe_level(alert.level)),
                about=translate(alert.about),
                says=translate(alert.says),
                source=translate(facts.source(alert.source).title),
            )
        )
        if alert.level is Level.EMERGENCY:
            st.error(told, icon=":material/emergency:")
        elif alert.level is Level.CONTACT:
            st.warning(told, icon=":material/call:")
        else:
            st.info(told, icon=":material/info:")


def show_caption(text: str) -> None:
    """Say something small, as it is."""
    st.caption(escape(text))


def ask_zones(key: str, chosen: tuple[str, ...] = ()) -> tuple[str, ...]:
    """Ask which parts of the head were treated."""
    options = dict.fromkeys((*_ZONES, *chosen))
    return tuple(
        st.multiselect(
            _("Part of the head"),
            list(options),
            list(chosen),
            format_func=format_zone,
            placeholder=_("not stated"),
            key=key,
        )
    )
