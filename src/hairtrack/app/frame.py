"""What every page shares: its library, its width, its subject and view, its errors."""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from hairtrack.app import language, words
from hairtrack.app.components import make_component
from hairtrack.app.language import _
from hairtrack.errors import HairtrackError
from hairtrack.records import View
from hairtrack.workflows import Library, default_folder
from hairtrack.workflows.library import read_preferences

__all__ = ["choose_language", "choose_subject", "choose_view", "on_library", "set_aside"]

_WIDTH_PX = 1080

_STYLE = "<style>[data-testid=stMain] [role=spinbutton]{min-width:24px}</style>"
"""Day, month and hour of an entry are as wide as a finger needs (WCAG 2.2, 2.5.8)."""


def on_library(page: Callable[[Library], None]) -> Callable[[], None]:
    """Give a page the open library; say in one sentence what stands in the way.

    The library is the folder in ``$HAIRTRACK_LIBRARY``, else the person's own;
    it is made when there is none. It is opened for each run of a page and
    closed after it, so that nothing outlives a folder that was moved.
    """

    @functools.wraps(page)
    def run() -> None:
        choose_language()
        st.html(_STYLE)
        with _centre():
            try:
                with Library.create(default_folder()) as library:
                    page(library)
            except HairtrackError as error:
                st.error(words.escape(str(error)))
            set_aside(_(words.APPEARANCE_ONLY))
            make_component("page")(key="page", data={"language": language.current()})

    return run


def choose_language() -> None:
    """Speak the language that the person chose, else that of the browser."""
    kept = read_preferences(default_folder()).language
    language.choose(kept or (st.context.locale or language.ENGLISH).partition("-")[0])


def _centre() -> DeltaGenerator:
    """Return a column in the middle of the page, as wide as can be read well."""
    row = st.container(horizontal=True, horizontal_alignment="center")
    return row.container(width=_WIDTH_PX)


def set_aside(text: str) -> None:
    """Say something small at the foot of a page."""
    st.divider()
    st.caption(text)


def choose_subject(subjects: Sequence[str]) -> str:
    """Return whose photographs are shown; asks only where there is a choice."""
    if len(subjects) == 1:
        return subjects[0]
    _forget_unless("subject", subjects)
    return st.selectbox(
        _("Whose photographs"), subjects, key="subject", persist_state="session"
    )


def choose_view(views: Sequence[View]) -> View:
    """Return the view that is shown; asks only where there is a choice."""
    if len(views) == 1:
        return views[0]
    _forget_unless("view", views)
    # Not segments: their choice is told in the primary colour, too faint on a dark ground.
    return st.radio(
        _("View"),
        views,
        format_func=words.tell_view,
        horizontal=True,
        key="view",
        persist_state="session",
    )


def _forget_unless(key: str, options: Sequence[object]) -> None:
    """Drop a choice of earlier that is none any more."""
    if key in st.session_state and st.session_state[key] not in options:
        del st.session_state[key]
