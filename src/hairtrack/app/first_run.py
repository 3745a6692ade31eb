"""The first screen of an empty library: three questions that may stay open, or a sample."""

from __future__ import annotations

import datetime as dt

import streamlit as st

from hairtrack.app.formatting import capitalize, day_input, escape, format_view
from hairtrack.app.frame import MEASURED, open_page, progress_bar
from hairtrack.app.i18n import _, translate
from hairtrack.course.entries import Kind, Settings, Treatment
from hairtrack.course.explanations import describe_kind
from hairtrack.records import WHOLE, View
from hairtrack.workflows import Library
from hairtrack.workflows.course import local_zone, save_entry, save_settings
from hairtrack.workflows.editing import add_subject, change_subject
from hairtrack.workflows.importing import DEFAULT_SUBJECT
from hairtrack.workflows.samples import SUBJECT, load_sample_course

__all__ = ["show_welcome"]


def show_welcome(library: Library) -> None:
    """Say what the program does, ask three questions and lead to the photographs."""
    st.title(_("Is your hair changing?"), anchor=False)
    st.write(
        _(
            "hairtrack measures in your photographs how much scalp shows through the hair, "
            "and says whether that changes and how sure it is. Everything stays on this "
            "computer."
        )
    )
    first, second, third = st.columns(3, gap="medium")
    with first:
        start = day_input(
            _("1. When did your treatment start?"),
            help=_("Leave it open if you take none, or do not know yet."),
        )
    with second:
        kind = st.selectbox(
            _("2. What treatment is it?"),
            list(Kind),
            index=None,
            format_func=lambda one: capitalize(translate(describe_kind(one))),
            placeholder=_("none"),
        )
    with third:
        view = st.selectbox(
            _("3. Which part matters most to you?"),
            list(View),
            index=None,
            format_func=format_view,
            placeholder=_("not decided"),
        )
    st.caption(_("You can skip any of these and change them later."))
    with st.container(horizontal=True):
        if st.button(_("Continue to photographs"), type="primary"):
            _keep(library, start, kind, view)
            open_page("photographs")
        if st.button(_("Look at a sample first")):
            _load_sample(library)
    st.caption(
        _(
            "The sample is a course of half a year: 21 drawn photographs. Measuring them "
            "takes about a minute; you can erase them in Settings."
        )
    )


def _keep(
    library: Library, start: dt.date | None, kind: Kind | None, view: View | None
) -> None:
    """Keep what was answered; without an answer nothing is made."""
    if start is None and kind is None and view is None:
        return
    name = add_subject(library, DEFAULT_SUBJECT).name
    save_settings(library, Settings(subject=name, zone=local_zone(), started_on=start))
    if kind is not None:
        save_entry(library, Treatment(subject=name, kind=kind, started_on=start))
    if view is not None:
        change_subject(library, name, primary_view=view, primary_zone=WHOLE)


def _load_sample(library: Library) -> None:
    with progress_bar(MEASURED, begun=_("Adding the sample photographs")) as tell:
        found, _run = load_sample_course(library, workers=1, on_progress=tell)
    if found.stopped is not None:
        st.warning(escape(found.stopped), icon=":material/info:")
        return
    st.session_state["subject"] = SUBJECT
    st.rerun()
