"""Library: subjects, visits and photographs; what is deleted; backup, check, erasure."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from hairtrack.app.frame import offer_measuring, on_library
from hairtrack.app.i18n import N_, _
from hairtrack.app.library.backup import show_backup, show_export
from hairtrack.app.library.common import show_notice
from hairtrack.app.library.photos import show_deleted, show_photos
from hairtrack.app.library.subjects import show_subjects
from hairtrack.workflows import Library

__all__ = ["show"]

_SECTIONS: dict[str, tuple[str, Callable[[Library], None]]] = {
    "photographs": (N_("Photographs"), show_photos),
    "subjects": (N_("Subjects"), show_subjects),
    "deleted": (N_("Deleted"), show_deleted),
    "safety": (N_("Back up and check"), show_backup),
    "leaving": (N_("Hand out or erase"), show_export),
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
