"""Library: subjects, visits and photographs; what is deleted; backup, check, erasure."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from hairtrack.app.frame import on_library
from hairtrack.app.keeping import archives, deleted, leaving, shelf, subject
from hairtrack.app.keeping.parts import show_notice
from hairtrack.app.language import N_, _
from hairtrack.app.measuring import offer_measuring
from hairtrack.workflows import Library

__all__ = ["PATH", "show"]

PATH = "library"

_SECTIONS: dict[str, tuple[str, Callable[[Library], None]]] = {
    "photographs": (N_("Photographs"), shelf.show),
    "subjects": (N_("Subjects"), subject.show),
    "deleted": (N_("Deleted"), deleted.show),
    "safety": (N_("Back up and check"), archives.show),
    "leaving": (N_("Hand out or erase"), leaving.show),
}


@on_library
def show(library: Library) -> None:
    """Show one section of the library."""
    st.title(_("Library"), anchor=False)
    section = st.radio(
        _("Section"),
        list(_SECTIONS),
        format_func=lambda name: _(_SECTIONS[name][0]),
        horizontal=True,
        key="library_section",
        persist_state="session",
        label_visibility="collapsed",
    )
    show_notice(library)
    offer_measuring(library)
    _SECTIONS[section][1](library)
