"""Treatment course: what applies now, the plan, the checklist, the diary, the timeline."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from hairtrack.app import words
from hairtrack.app.course import before, diary, plan, sources, timeline, today
from hairtrack.app.frame import choose_subject, on_library
from hairtrack.workflows import Library
from hairtrack.workflows.course import Course, load_course
from hairtrack.workflows.importing import DEFAULT_SUBJECT

__all__ = ["PATH", "show"]

PATH = "course"

_SECTIONS: dict[str, Callable[[Library, Course], None]] = {
    "Today": today.show,
    "Plan": plan.show,
    "Before a session": before.show,
    "Diary": diary.show,
    "Timeline": timeline.show,
    "What sources say": sources.show,
}


@on_library
def show(library: Library) -> None:
    """Show one section of the course of one subject."""
    st.title("Treatment course")
    subject = choose_subject(library.catalog.subjects() or [DEFAULT_SUBJECT])
    section = st.radio(
        "Section",
        list(_SECTIONS),
        horizontal=True,
        key="course_section",
        persist_state="session",
        label_visibility="collapsed",
    )
    course = load_course(library, subject=subject)
    told = st.session_state.pop("course_told", "")
    if told:
        st.success(words.escape(told), icon=":material/check:")
    _SECTIONS[section](library, course)
