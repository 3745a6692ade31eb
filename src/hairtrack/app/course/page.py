"""Treatment course: what applies now, the plan, the checklist, the diary, the timeline."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from hairtrack.app.cache import cached_query
from hairtrack.app.course import diary, plan, sources, timeline, today
from hairtrack.app.course.today import show_checklist
from hairtrack.app.formatting import escape
from hairtrack.app.frame import choose_subject, on_library
from hairtrack.app.i18n import N_, _
from hairtrack.workflows import Library
from hairtrack.workflows.course import Course, load_course
from hairtrack.workflows.importing import DEFAULT_SUBJECT

_SECTIONS: dict[str, Callable[[Library, Course], None]] = {
    N_("Today"): today.show,
    N_("Plan"): plan.show,
    N_("Before a session"): show_checklist,
    N_("Diary"): diary.show,
    N_("Timeline"): timeline.show,
    N_("What sources say"): sources.show,
}


@on_library
def show(library: Library) -> None:
    """Show one section of the course of one subject."""
    st.title(_("Treatment"), anchor=False)
    subject = choose_subject(library.catalog.subjects() or [DEFAULT_SUBJECT])
    section = st.radio(
        _("Section"),
        list(_SECTIONS),
        format_func=_,
        horizontal=True,
        key="course_section",
        persist_state="session",
        label_visibility="collapsed",
    )
    course = cached_query(load_course, library, subject=subject)
    told = st.session_state.pop("course_told", "")
    if told:
        st.success(escape(told), icon=":material/check:")
    _SECTIONS[section](library, course)
