"""The first run: what the app is for, the sample course by one click, or one's own."""

from __future__ import annotations

import streamlit as st

from hairtrack.app import words
from hairtrack.app.bars import bar
from hairtrack.app.language import _
from hairtrack.app.links import link, open_page
from hairtrack.app.measuring import MEASURED
from hairtrack.workflows import Library
from hairtrack.workflows.demonstrating import SUBJECT, load_sample

__all__ = ["welcome"]


def welcome(library: Library) -> None:
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
            open_page("add-photographs")
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
            _load(library)


def _load(library: Library) -> None:
    with bar(_("Adding the sample photographs"), MEASURED) as tell:
        found = load_sample(library, on_progress=tell)
    if found.stopped is not None:
        st.warning(words.escape(found.stopped), icon=":material/info:")
        return
    st.session_state["subject"] = SUBJECT
    st.rerun()
