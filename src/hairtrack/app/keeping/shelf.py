"""Photographs: those of one visit as a grid, filtered by view; one, or several, changed."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Sequence
from itertools import groupby

import streamlit as st

from hairtrack.app import words
from hairtrack.app.frame import choose_subject
from hairtrack.app.keeping import one, several, visit
from hairtrack.app.keeping.parts import generation, name_photo, thumbnail
from hairtrack.app.language import _
from hairtrack.app.links import open_page
from hairtrack.app.pictures import data_uri
from hairtrack.records import Photo, View
from hairtrack.workflows import Library

__all__ = ["show"]

_CARD_PX = 164
_OPEN = "library_open"


def show(library: Library) -> None:
    """Show the photographs of one visit of one subject."""
    subjects = library.catalog.subjects()
    if not subjects:
        _show_empty()
        return
    subject = choose_subject(subjects)
    photos = library.catalog.photos(subject=subject)
    if not photos:
        _show_empty()
        return
    opened = next((p for p in photos if p.digest == st.session_state.get(_OPEN)), None)
    if opened is not None:
        one.show(library, opened, subjects=subjects, key=_OPEN)
        return
    view, day = _ask_filters(photos)
    shown = [p for p in photos if p.visit == day and view in (None, p.view)]
    shown.sort(key=lambda photo: list(View).index(photo.view))
    chosen_bar = st.container()
    chosen = _show_grid(library, shown)
    with chosen_bar:
        several.show(library, chosen, shown=shown, subjects=subjects)
    visit.show(library, subject, day)
    _show_all_visits(photos)


def _show_empty() -> None:
    with st.container(border=True):
        st.subheader(_("No photographs yet"), anchor=False)
        st.write(_("Whatever is added appears here, by visit and view."))
        if st.button(_("Add photographs"), type="primary", icon=":material/add_a_photo:"):
            open_page("add-photographs")


def _ask_filters(photos: Sequence[Photo]) -> tuple[View | None, dt.date]:
    """Ask which view, or all of them, and which visit; the latest is open at first."""
    views = [view for view in View if any(photo.view is view for photo in photos)]
    view = None
    if len(views) > 1:
        options = ["", *views]
        if st.session_state.get("library_view") not in options:
            st.session_state.pop("library_view", None)
        given = st.radio(
            _("View"),
            options,
            format_func=lambda one: words.tell_view(View(one)) if one else _("All views"),
            horizontal=True,
            key="library_view",
            persist_state="session",
        )
        view = View(given) if given else None
    counts = Counter(photo.visit for photo in photos if view in (None, photo.view))
    days = sorted(counts, reverse=True)
    if st.session_state.get("library_day") not in days:
        st.session_state.pop("library_day", None)
    day = st.selectbox(
        _("Visit"),
        days,
        format_func=lambda day: _tell_visit(day, counts[day]),
        key="library_day",
        persist_state="session",
        width=360,
    )
    return view, day


def _tell_visit(day: dt.date, count: int) -> str:
    photographs = words.tell_count(count, "photograph")
    return _("{day}: {photographs}", day=words.tell_day(day), photographs=photographs)


def _show_grid(library: Library, photos: Sequence[Photo]) -> list[Photo]:
    """Show one card for each photograph, by view; return those that are chosen."""
    baselines = set(library.catalog.baselines().values())
    chosen: list[Photo] = []
    with st.spinner(_("Drawing the photographs"), show_time=False):
        for view, group in groupby(photos, key=lambda photo: photo.view):
            st.subheader(words.tell_view(view), anchor=False)
            with st.container(horizontal=True, gap="small"):
                for number, photo in enumerate(group, start=1):
                    if _show_card(library, photo, number, photo.digest in baselines):
                        chosen.append(photo)
    return chosen


def _show_card(library: Library, photo: Photo, number: int, baseline: bool) -> bool:
    """Show a photograph, small; return whether it is chosen."""
    name = f"{photo.taken_at:%H:%M}" if photo.taken_at else _("No. {number}", number=number)
    with st.container(border=True, width=_CARD_PX, gap="small"):
        small = thumbnail(library, photo.digest)
        if small is None:
            st.caption(_("This photograph is lost or damaged on disk."))
        else:
            st.image(data_uri(small), alt=f"{name_photo(photo)}, {name}", width="stretch")
        chosen = st.checkbox(name, key=several.key_of(photo.digest))
        if st.button(_("Edit"), key=f"open_{photo.digest}_{generation()}", width="stretch"):
            st.session_state[_OPEN] = photo.digest
            st.rerun()
        marks = [_("baseline")] if baseline else []
        marks += [_("outline drawn")] if photo.outline else []
        if marks:
            st.caption(", ".join(marks))
    return chosen


def _show_all_visits(photos: Sequence[Photo]) -> None:
    """List how many photographs of each view every visit has."""
    counts = Counter((photo.visit, photo.view) for photo in photos)
    views = [view for view in View if any(photo.view is view for photo in photos)]
    with st.expander(_("All visits at a glance")):
        rows = [
            {_("Visit"): words.tell_day(day)}
            | {words.tell_view(view): str(counts[day, view] or "-") for view in views}
            for day in sorted({photo.visit for photo in photos}, reverse=True)
        ]
        st.table(
            rows,
            hide_index=True,
            border="horizontal",
            alt=_("Photographs by visit and view"),
        )
