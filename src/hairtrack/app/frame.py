"""What all pages share: the library, the width, choices, links, components, progress."""

from __future__ import annotations

import functools
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from importlib import import_module, resources
from typing import Any, NamedTuple

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from hairtrack import batch
from hairtrack.app.cache import cached_query
from hairtrack.app.formatting import APPEARANCE_ONLY, escape, format_view
from hairtrack.app.i18n import ENGLISH, N_, _, current_language, ngettext, set_language
from hairtrack.errors import HairtrackError
from hairtrack.records import View
from hairtrack.workflows import Library, count_pending, default_folder, run_pending
from hairtrack.workflows.library import read_preferences
from hairtrack.workflows.samples import SUBJECT as SAMPLE

__all__ = [
    "MEASURED",
    "PAGES",
    "PageEntry",
    "choose_language",
    "choose_subject",
    "choose_view",
    "link",
    "load_page",
    "make_component",
    "measure_now",
    "offer_measuring",
    "on_library",
    "open_page",
    "progress_bar",
    "read_asset",
    "show_footer",
]


@cache
def make_component(name: str) -> Any:
    """Return the component of a name, from its .html, .css and .js; nothing is fetched.

    One that lies in a folder is named with it, such as "adding/camera".
    """
    return st.components.v2.component(
        f"hairtrack_{name.replace('/', '_')}",
        html=read_asset(f"{name}.html"),
        css=read_asset("controls.css") + read_asset(f"{name}.css"),
        js=read_asset(f"{name}.js"),
    )


def read_asset(file: str) -> str:
    """Return a text file of the app, such as a drawing."""
    return (resources.files("hairtrack.app") / file).read_text(encoding="utf-8")


class PageEntry(NamedTuple):
    """A page of the app."""

    module: str
    """Module below `hairtrack.app` whose `show` draws it."""
    title: str


PAGES = {
    "home": PageEntry("home", N_("Home")),
    "photographs": PageEntry("photographs.page", N_("Photographs")),
    "compare": PageEntry("compare", N_("Compare")),
    "treatment": PageEntry("treatment.page", N_("Treatment")),
    "settings": PageEntry("settings", N_("Settings")),
}
"""Every page by its path, in the order of the navigation."""


def load_page(path: str) -> Callable[[], None]:
    """Return what draws the page of a path."""
    # Pages link to one another, so a page is imported only when it is opened.
    show: Callable[[], None] = import_module(f"hairtrack.app.{PAGES[path].module}").show
    return show


def open_page(path: str) -> None:
    """Go to the page of a path, as if its name at the top had been chosen."""
    st.switch_page(st.Page(load_page(path), url_path=path))


def link(title: str, path: str, *, key: str = "") -> None:
    """Show the way to another page."""
    key = f"to_{path}_{key}"
    if st.button(title, key=key, type="tertiary", icon=":material/arrow_forward:"):
        open_page(path)


_WIDTH_PX = 1080

_STYLE = """<style>
[data-testid=stMain] { scroll-padding-top: 4.5rem; }
[data-testid=stMain] h1 { padding: 0.25rem 0 0.4rem; }
[data-testid=stMain] [role=spinbutton] { min-width: 24px; }
[data-testid=stFileUploaderDropzoneInstructions] { display: none; }
@media (max-width: 640px) {
  [data-testid=stMain] h1 { font-size: 1.5rem; }
  [data-testid=stMain] [data-testid=stVerticalBlock] { gap: 0.5rem; }
  [data-testid=stMain] [data-testid=stHorizontalBlock] { gap: 0.5rem; }
  .st-key-ends > * { max-width: 5.75rem; }
}
</style>"""
"""Day and month of an entry are as wide as a finger needs (WCAG 2.2, 2.5.8); the
navigation covers nothing that has the focus (2.4.11). What Streamlit says of files is
English, and stands in the label of each field instead."""


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
                st.error(escape(error.message))
            show_footer(_(APPEARANCE_ONLY))
            make_component("page")(key="page", data={"language": current_language()})

    return run


def choose_language() -> None:
    """Speak the language that the person chose, else that of the browser."""
    kept = read_preferences(default_folder()).language
    set_language(kept or (st.context.locale or ENGLISH).partition("-")[0])


def _centre() -> DeltaGenerator:
    """Return a column in the middle of the page, as wide as can be read well."""
    row = st.container(horizontal=True, horizontal_alignment="center")
    return row.container(width=_WIDTH_PX)


def show_footer(text: str) -> None:
    """Say something small at the foot of a page."""
    st.divider()
    st.caption(text)


def choose_subject(subjects: Sequence[str]) -> str:
    """Return whose photographs are shown; asks only where there is a choice."""
    _forget_unless("subject", subjects)
    chosen = subjects[0]
    if len(subjects) > 1:
        chosen = st.selectbox(
            _("Whose photographs"), subjects, key="subject", persist_state="session"
        )
    if chosen == SAMPLE:
        st.badge(_("Sample data: drawn photographs, invented treatment"), color="orange")
    return chosen


def choose_view(views: Sequence[View]) -> View:
    """Return the view that is shown; asks only where there is a choice."""
    if len(views) == 1:
        return views[0]
    _forget_unless("view", views)
    # Not segments: their choice is told in the primary colour, too faint on a dark ground.
    return st.radio(
        _("View"),
        views,
        format_func=format_view,
        horizontal=True,
        key="view",
        persist_state="session",
    )


def _forget_unless(key: str, options: Sequence[object]) -> None:
    """Drop a choice of earlier that is none any more."""
    if key in st.session_state and st.session_state[key] not in options:
        del st.session_state[key]


_DELAY_S = 0.4


@contextmanager
def progress_bar(told: str, *, begun: str = "") -> Iterator[batch.Progress]:
    """Give a function that reports (finished, all), and shows a bar.

    Parameters
    ----------
    told : str
        Marked text with places for {done}, or {number} for the one that is next, and {of}.
    begun : str
        What is said at first, in the person's language. Without it the bar appears only
        after a moment.
    """
    place = st.empty()
    began = time.monotonic()
    if begun:
        place.progress(0.0, text=begun)

    def tell(done: int, of: int) -> None:
        if begun or time.monotonic() - began > _DELAY_S:
            text = _(told, done=done, number=min(done + 1, of), of=of)
            place.progress(min(1.0, done / max(1, of)), text=text)

    try:
        yield tell
    finally:
        place.empty()


MEASURED = N_("Measured {done} of {of}")
"""How far measuring is."""


def offer_measuring(library: Library) -> None:
    """Offer to measure what this version of the method has not measured yet."""
    pending = cached_query(count_pending, library)
    if not pending:
        return
    waiting = ngettext("{count} photograph waits", "{count} photographs wait", pending)
    with st.container(border=True, horizontal=True, vertical_alignment="center"):
        st.write(
            _("{waiting} to be measured by this version of the method.", waiting=waiting)
        )
        if st.button(_("Measure now"), type="primary"):
            measure_now(library)
            st.rerun()


def measure_now(library: Library) -> None:
    """Measure all that waits, in this process: a child would start the app once more."""
    with progress_bar(MEASURED, begun=_("Measuring")) as tell:
        run_pending(library, workers=1, on_progress=tell)
