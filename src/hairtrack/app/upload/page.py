"""Add photographs: offered, checked by the person, taken in, measured, judged."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from hairtrack.app.cache import cached
from hairtrack.app.formatting import escape
from hairtrack.app.frame import (
    MEASURED,
    delayed_progress_bar,
    measure_pending,
    on_library,
    open_page,
)
from hairtrack.app.i18n import _, ngettext, translate
from hairtrack.app.upload.checks import ask_filings, list_refused
from hairtrack.app.upload.intake import Candidate, add_photos, list_candidates
from hairtrack.app.upload.results import show_results
from hairtrack.app.upload.sources import MAX_AT_ONCE, Selection, collect, forget_sources
from hairtrack.errors import LibraryError
from hairtrack.workflows import Filing, Library, default_view
from hairtrack.workflows.importing import DEFAULT_SUBJECT, ImportResult
from hairtrack.workflows.previews import Preview, preview
from hairtrack.workflows.sources import Source

__all__ = ["show"]


@on_library
def show(library: Library) -> None:
    """Take photographs in and say at once what can be read from them."""
    st.title(_("Add photographs"), anchor=False)
    _show_advice()
    subject = _ask_subject(library)
    batch = st.session_state.setdefault("round", 0)
    offer = collect(library, subject=subject, batch=batch)
    if offer.sources or offer.refused:
        _show_stop("stopped")
        _check(library, offer, subject=subject)
    elif "taken" in st.session_state:
        _show_stop("unmeasured")
        if st.button(
            _("See the overview"), type="primary", icon=":material/arrow_forward:"
        ):
            open_page("home")
        show_results(library, st.session_state["taken"])


def _show_advice() -> None:
    with st.expander(_("How to take photographs that can be compared")):
        advice = (
            _("Three photographs of each view, **combing anew between them**."),
            _("The same lamp, the same place, the same distance as last time."),
            _("The head fills most of the picture; hair dry and clean."),
            _("Just before a treatment session, not in the days after it."),
        )
        st.markdown("\n".join(f"- {line}" for line in advice))


def _ask_subject(library: Library) -> str:
    known = library.catalog.subjects() or [DEFAULT_SUBJECT]
    last = st.session_state.get("subject")
    chosen = st.selectbox(
        _("Whose photographs"),
        known,
        index=known.index(last) if last in known else 0,
        accept_new_options=True,
        help=_("Any name of your choice, real or not. Type a new one to add it."),
        width=320,
    )
    return " ".join((chosen or DEFAULT_SUBJECT).split()) or DEFAULT_SUBJECT


def _show_stop(what: str) -> None:
    """Say why photographs could not all be taken in or measured, until the next try."""
    if what in st.session_state:
        st.error(escape(st.session_state[what]), icon=":material/error:")


def _check(library: Library, offer: Selection, *, subject: str) -> None:
    """Look at what is offered, let the person correct it, then take in what can be."""
    shown = offer.sources[:MAX_AT_ONCE]
    with delayed_progress_bar(_describe_looking) as report:
        candidates = list_candidates(
            shown,
            look=_look,
            usual=default_view(library, subject),
            on_progress=report,
        )
    rest = len(offer.sources) - len(shown)
    if rest:
        told = ngettext(
            "{count} more photograph comes", "{count} more photographs come", rest
        )
        st.info(_("{told} after these.", told=told), icon=":material/info:")
    ready = ask_filings(library, candidates, offer.refused, subject=subject)
    if ready:
        _add(library, ready, refused=list_refused(candidates, offer.refused))


def _describe_looking(done: int, of: int) -> str:
    return _("Looking at photograph {done} of {of}", done=done + 1, of=of)


def _look(key: str, source: Source) -> Preview:
    name = source.file_name
    return cached(
        lambda: preview(source.read(), name=name), "previews", key, name, max_entries=90
    )


def _add(
    library: Library,
    ready: Sequence[tuple[Candidate, Filing]],
    *,
    refused: Sequence[ImportResult],
) -> None:
    """File and measure, with a bar; what became of everything is shown next."""
    bar = st.progress(0.0, text=_("Adding photographs"))

    def describe_adding(done: int, of: int) -> None:
        number = min(done + 1, of)
        bar.progress(
            0.2 * done / of, text=_("Adding {number} of {of}", number=number, of=of)
        )

    def describe_measuring(done: int, of: int) -> None:
        share = 0.2 + 0.8 * done / max(1, of)
        bar.progress(min(1.0, share), text=_(MEASURED, done=done, of=of))

    for what in ("stopped", "unmeasured"):
        st.session_state.pop(what, None)
    intake = add_photos(library, ready, on_progress=describe_adding)
    st.session_state["subject"] = ready[0][1].subject
    if intake.stopped is not None:
        kept = sum(one.digest is not None for one in intake.results)
        st.session_state["stopped"] = _(
            "{reason} {kept} of {offered} photographs are in the library and stay there; "
            "the others are still offered below.",
            reason=translate(intake.stopped),
            kept=kept,
            offered=len(ready),
        )
        st.rerun()
    st.session_state["taken"] = [*intake.results, *refused]
    forget_sources(st.session_state["round"])
    st.session_state["round"] += 1
    try:
        measure_pending(library, on_progress=describe_measuring)
    except LibraryError as error:
        st.session_state["unmeasured"] = _(
            "{reason} All photographs were added; those without a number are measured "
            "when you ask for it on the Progress page.",
            reason=translate(error.message),
        )
    st.rerun()
