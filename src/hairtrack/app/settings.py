"""Settings: language, units, folders, people, backup, export, the method, the guide."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import streamlit as st

import hairtrack
from hairtrack.app.backup import show_backup, show_export
from hairtrack.app.edits import keep, show_notice
from hairtrack.app.formatting import quote
from hairtrack.app.frame import on_library
from hairtrack.app.guide import build_page, build_sheet
from hairtrack.app.i18n import LANGUAGES, N_, _
from hairtrack.app.method import show_method
from hairtrack.app.subjects import show_subjects
from hairtrack.workflows import Library
from hairtrack.workflows.library import (
    Preferences,
    Units,
    read_preferences,
    rename_in_preferences,
    save_preferences,
)
from hairtrack.workflows.previews import method_key

__all__ = ["show"]

_UNITS = {
    Units.METRIC: N_("Metric (mm, cm)"),
    Units.IMPERIAL: N_("Imperial (inches)"),
}


@on_library
def show(library: Library) -> None:
    """Show one section of the settings."""
    st.title(_("Settings"), anchor=False)
    section = st.radio(
        _("Section"),
        list(_SECTIONS),
        format_func=lambda name: _(_SECTIONS[name][0]),
        horizontal=True,
        key="settings_section",
        persist_state="session",
        label_visibility="collapsed",
    )
    show_notice(library)
    _SECTIONS[section][1](library)


def _show_general(library: Library) -> None:
    kept = read_preferences(library.folder)
    left, right = st.columns(2, gap="large")
    with left:
        st.subheader(_("Language and units"), anchor=False)
        _ask_language(library, kept)
        _ask_units(library, kept)
    with right:
        _show_place(library)
    _show_folders(library, kept)


def _ask_language(library: Library, kept: Preferences) -> None:
    codes = ["", *LANGUAGES]
    chosen = st.selectbox(
        _("Language"),
        codes,
        index=codes.index(kept.language) if kept.language in codes else 0,
        format_func=lambda code: LANGUAGES.get(code, _("As in the browser")),
        key="settings_language",
    )
    if chosen != kept.language:
        save_preferences(library.folder, replace(kept, language=chosen))
        st.rerun()


def _ask_units(library: Library, kept: Preferences) -> None:
    chosen = st.radio(
        _("Units of length"),
        list(Units),
        index=list(Units).index(kept.units),
        format_func=lambda units: _(_UNITS[units]),
        horizontal=True,
        key="settings_units",
    )
    if chosen is not None and chosen != kept.units:
        save_preferences(library.folder, replace(kept, units=chosen))
        st.rerun()


def _show_place(library: Library) -> None:
    st.subheader(_("Where your data is"), anchor=False)
    st.text(str(library.folder))
    st.caption(
        _(
            "In this folder on this computer; other accounts cannot open it, and nothing "
            "is sent anywhere. Back it up under Backup."
        )
    )
    version = hairtrack.__version__
    st.caption(
        _(
            "hairtrack {version}; method {method}",
            version=quote(version),
            method=quote(method_key()),
        )
    )


def _show_folders(library: Library, kept: Preferences) -> None:
    st.subheader(_("Watched folders"), anchor=False)
    if not kept.folders:
        st.write(
            _(
                "None yet. On the page Photographs you can watch a folder, such as the one "
                "into which your phone's photographs are synced."
            )
        )
    for number, (name, folder) in enumerate(sorted(kept.folders.items())):
        with st.container(border=True, horizontal=True, vertical_alignment="center"):
            with st.container(gap=None):
                st.markdown(f"**{quote(name)}**")
                st.text(folder)
            if st.button(_("Stop watching"), key=f"forget_{number}"):
                keep(
                    lambda name=name: rename_in_preferences(library.folder, name, to=None),  # type: ignore[misc]
                    _("The folder of {name} is no longer watched.", name=name),
                )


def _show_guide(library: Library) -> None:
    kept = read_preferences(library.folder)
    st.write(
        _(
            "One sheet for the wall beside the mirror. Download it, open it in the browser "
            "and print it; black and white is enough."
        )
    )
    page = build_page(kept.units)
    st.download_button(
        _("Download the photo guide"),
        lambda: page,
        file_name="hairtrack-capture-guide.html",
        mime="text/html",
        on_click="ignore",
        icon=":material/print:",
    )
    st.html(build_sheet(kept.units))


_SECTIONS: dict[str, tuple[str, Callable[[Library], None]]] = {
    "general": (N_("General"), _show_general),
    "subjects": (N_("People"), show_subjects),
    "backup": (N_("Backup"), show_backup),
    "export": (N_("Export and erase"), show_export),
    "method": (N_("How it works"), show_method),
    "guide": (N_("Photo guide"), _show_guide),
}
