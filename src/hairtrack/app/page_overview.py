"""Overview: what is known of each view, what is needed, and what comes next."""

from __future__ import annotations

import datetime as dt

import streamlit as st

from hairtrack.app import words
from hairtrack.app.cache import cached_query
from hairtrack.app.course.parts import show_alerts, tell_no_day
from hairtrack.app.frame import choose_subject, on_library
from hairtrack.app.language import _
from hairtrack.app.links import link
from hairtrack.app.measuring import offer_measuring
from hairtrack.app.overview.cards import draw_pictures, show_card
from hairtrack.app.overview.welcome import welcome
from hairtrack.app.scales import choose_scale
from hairtrack.course.explanations import describe_kind, describe_moment, describe_session
from hairtrack.workflows import Library
from hairtrack.workflows.overview import Overview, survey

__all__ = ["PATH", "show"]

PATH = "overview"


@on_library
def show(library: Library) -> None:
    """Show one card for each view of one subject."""
    subjects = library.catalog.subjects()
    if not subjects:
        welcome(library)
        return
    st.title(_("Overview"), anchor=False)
    offer_measuring(library)
    subject = choose_subject(subjects)
    found = cached_query(survey, library, subject=subject, now=dt.datetime.now(dt.UTC))
    _show_alerts(found)
    _show_next(found)
    if not found.cards:
        st.info(_("No photographs of this subject yet."), icon=":material/info:")
        link(_("Add photographs"), "add-photographs")
        return
    scale = choose_scale()
    frames = [(card, show_card(card, scale)) for card in found.cards]
    for card, frame in frames:
        draw_pictures(library, card, frame)


def _show_alerts(found: Overview) -> None:
    if found.alerts:
        show_alerts(found.alerts, found.course.facts)
        link(_("Open the treatment course"), "course", key="alerts")


def _show_next(found: Overview) -> None:
    """Tell the next days for photographs and sessions, and where they come from."""
    left, right = st.columns(2)
    with left.container(border=True, height="stretch"):
        st.markdown(f"**{_('Next photographs')}**")
        day = found.photo_day
        if day is None:
            st.caption(tell_no_day(found.course))
        else:
            st.subheader(words.escape(words.tell_day(day.day)), anchor=False)
            st.caption(words.escape(day.why[0].upper() + day.why[1:]))
        link(_("Add photographs"), "add-photographs")
    with right.container(border=True, height="stretch"):
        st.markdown(f"**{_('Next session')}**")
        session = found.next_session
        if session is None:
            st.caption(_("None is planned."))
        else:
            st.subheader(words.escape(describe_moment(session.at)), anchor=False)
            told = describe_session(session, found.sessions)
            kind = describe_kind(found.course.kind_of(session))
            st.caption(words.escape(f"{told[0].upper()}{told[1:]}, {kind}"))
        link(_("Treatment course"), "course")
