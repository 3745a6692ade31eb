"""Ways from one page of the app to another."""

from __future__ import annotations

from importlib import import_module

import streamlit as st

__all__ = ["link", "open_page"]

_MODULES = {
    "add-photographs": "page_add",
    "compare": "page_compare",
    "course": "page_course",
    "library": "page_library",
    "method": "page_about",
    "overview": "page_overview",
    "progress": "page_progress",
    "settings": "page_settings",
}


def open_page(path: str) -> None:
    """Go to the page of a path, as if its name at the top had been chosen."""
    # Pages link to one another: only when it is opened is another one loaded.
    page = import_module(f"hairtrack.app.{_MODULES[path]}")
    st.switch_page(st.Page(page.show, url_path=path))


def link(title: str, path: str, *, key: str = "") -> None:
    """Show the way to another page."""
    key = f"to_{path}_{key}"
    if st.button(title, key=key, type="tertiary", icon=":material/arrow_forward:"):
        open_page(path)
