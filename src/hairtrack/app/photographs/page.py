"""Photographs: add them, see what became of them, then all of them by visit."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from hairtrack.app.cache import cached, cached_query
from hairtrack.app.edits import keep, name_photo, open_next, show_notice, thumbnail
from hairtrack.app.formatting import escape, format_view
from hairtrack.app.frame import (
    choose_subject,
    measure_now,
    offer_measuring,
    on_library,
    open_page,
    progress_bar,
)
from hairtrack.app.i18n import N_, _, format_day, ngettext, translate
from hairtrack.app.photographs.checks import (
    Candidate,
    add_photos,
    ask_filings,
    list_candidates,
    list_refused,
    show_example,
    show_refused,
)
from hairtrack.app.photographs.sources import (
    MAX_AT_ONCE,
    Selection,
    collect,
    forget_sources,
)
from hairtrack.app.photographs.timeline import show_deleted, show_timeline
from hairtrack.app.pictures import data_uri
from hairtrack.errors import LibraryError
from hairtrack.records import Photo
from hairtrack.workflows import Filing, Library, default_view
from hairtrack.workflows.editing import delete_photo, restore_photo
from hairtrack.workflows.importing import DEFAULT_SUBJECT, ImportResult
from hairtrack.workflows.previews import Preview, preview
from hairtrack.workflows.series import find_photo_results
from hairtrack.workflows.sources import Source

__all__ = ["show"]

_ASIDE = "set_aside"
"""Photographs that were just added and could not be measured, with the reason."""


@on_library
def show(library: Library) -> None:
    """Take photographs in, and show all of one subject by visit."""
    st.title(_("Photographs"), anchor=False)
    show_notice(library)
    subjects = library.catalog.subjects()
    subject = choose_subject(subjects) if subjects else DEFAULT_SUBJECT
    offer_measuring(library)
    batch = st.session_state.setdefault("round", 0)
    offer = collect(library, subject=subject, batch=batch)
    if offer.sources or offer.refused:
        _show_stop("stopped")
        _check(library, offer, subject=subject)
        return
    _show_stop("unmeasured")
    taken: list[ImportResult] = st.session_state.get("taken", [])
    if taken:
        _show_results(library, taken)
    show_timeline(library, subject, first={one.visit for one in _photos(taken)})
    show_deleted(library, subject)


def _show_stop(what: str) -> None:
    """Say why photographs could not all be added or measured, until the next try."""
    if what in st.session_state:
        st.error(escape(st.session_state[what]), icon=":material/error:")


def _check(library: Library, offer: Selection, *, subject: str) -> None:
    """Look at what is offered, let the person correct it, then add what is ticked."""
    shown = offer.sources[:MAX_AT_ONCE]
    with progress_bar(N_("Looking at photograph {number} of {of}")) as report:
        candidates = list_candidates(
            shown, look=_look, usual=default_view(library, subject), on_progress=report
        )
    rest = len(offer.sources) - len(shown)
    if rest:
        told = ngettext(
            "{count} more photograph comes after these.",
            "{count} more photographs come after these.",
            rest,
        )
        st.info(told, icon=":material/info:")
    ready = ask_filings(library, candidates, offer.refused, subject=subject)
    if ready:
        _add(library, ready, refused=list_refused(candidates, offer.refused))


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
    """Add and measure, with a bar; what became of everything is shown next."""
    for what in ("stopped", "unmeasured"):
        st.session_state.pop(what, None)
    begun = _("Adding photographs")
    with progress_bar(N_("Adding {number} of {of}"), begun=begun) as tell:
        intake = add_photos(library, ready, on_progress=tell)
    open_next(subject=ready[0][1].subject)
    if intake.stopped is not None:
        kept = sum(one.digest is not None for one in intake.results)
        st.session_state["stopped"] = _(
            "{reason} {kept} of {offered} photographs were added; the others are still "
            "listed below.",
            reason=translate(intake.stopped),
            kept=kept,
            offered=len(ready),
        )
        st.rerun()
    st.session_state["taken"] = [*intake.results, *refused]
    st.session_state[_ASIDE] = {}
    forget_sources(st.session_state["round"])
    st.session_state["round"] += 1
    try:
        measure_now(library)
        _set_aside(library, ready, intake.results)
    except LibraryError as error:
        st.session_state["unmeasured"] = _(
            "{reason} All photographs were added, but not all are measured yet.",
            reason=translate(error.message),
        )
    st.rerun()


def _set_aside(
    library: Library,
    ready: Sequence[tuple[Candidate, Filing]],
    results: Sequence[ImportResult],
) -> None:
    """Delete new photographs that cannot be measured, but for those ticked by hand."""
    found = find_photo_results(library, [one.digest for one in results if one.digest])
    for (candidate, _filing), one in zip(ready, results, strict=True):
        measured = found[one.digest].measurement if one.new and one.digest else None
        if measured is None or measured.refused is None or candidate.unusable:
            continue
        delete_photo(library, measured.photo)
        st.session_state[_ASIDE][measured.photo] = measured.refused


def _photos(taken: Sequence[ImportResult]) -> list[Photo]:
    return [one.photo for one in taken if one.photo is not None]


def _show_results(library: Library, taken: Sequence[ImportResult]) -> None:
    """Say what became of the photographs that were just added."""
    aside: dict[str, str] = st.session_state.get(_ASIDE, {})
    with st.container(border=True):
        st.markdown(f"**{escape(_summarize(library, taken, aside))}**")
        for one in taken:
            if one.photo is None:
                show_refused(one)
            elif one.digest in aside:
                _show_aside(library, one.name, one.photo, aside[one.photo.digest])
        with st.container(horizontal=True):
            if st.button(_("See the result"), type="primary", key="to_result"):
                open_page("home")
            if st.button(_("Close"), key="close_results"):
                del st.session_state["taken"]
                st.rerun()


def _summarize(
    library: Library, taken: Sequence[ImportResult], aside: dict[str, str]
) -> str:
    """Say in one line what became of everything."""
    new = [one.digest for one in taken if one.new and one.digest not in aside]
    shots = cached_query(find_photo_results, library, digests=tuple(map(str, new)))
    parts = [ngettext("{count} photograph added", "{count} photographs added", len(new))]
    days = sorted({shot.photo.visit for shot in shots.values()})
    if len(days) == 1:
        parts = [f"{parts[0]} ({format_day(days[0])})"]
    unmeasured = sum(not shot.measured for shot in shots.values())
    known = sum(one.digest is not None and not one.new for one in taken)
    refused = len(aside) + sum(one.digest is None for one in taken)
    for count, told in (
        (unmeasured, _("{count} not measured", count=unmeasured)),
        (known, _("{count} already there", count=known)),
        (refused, _("{count} not added", count=refused)),
    ):
        if count:
            parts.append(told)
    return ", ".join(parts)


def _show_aside(library: Library, name: str, photo: Photo, reason: str) -> None:
    """Say why a photograph was not kept, and what to do next."""
    picture, words = st.columns([1, 3])
    with picture:
        small = thumbnail(library, photo.digest)
        if small is not None:
            st.image(data_uri(small), alt=name_photo(photo), width=160)
    with words:
        st.badge(_("Not added"), color="orange", icon=":material/block:")
        st.text(name)
        st.markdown(escape(reason))
        show_example(library, photo.subject, photo.view)
        if st.button(_("Keep it anyway"), key=f"keep_{photo.digest}"):
            del st.session_state[_ASIDE][photo.digest]
            told = _("Kept without a measurement: {view}.", view=format_view(photo.view))
            keep(lambda: restore_photo(library, photo.digest), told)
