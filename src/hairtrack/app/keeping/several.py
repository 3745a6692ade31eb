"""Several photographs at once: chosen by a tick, moved, dated anew or deleted together."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

import streamlit as st

from hairtrack.app import words
from hairtrack.app.bars import bar
from hairtrack.app.keeping.parts import generation, keep, tell_hair_state
from hairtrack.app.language import N_, _
from hairtrack.records import HairState, Photo, View
from hairtrack.workflows import Library
from hairtrack.workflows.editing import Undo, change_photos, delete_photos

__all__ = ["delete", "key_of", "show"]

_FIRST_DAY = dt.date(1950, 1, 1)


def key_of(digest: str) -> str:
    """Return the key of the tick of a photograph; every change takes all ticks away."""
    return f"chosen_{digest}_{generation()}"


def show(
    library: Library,
    chosen: Sequence[Photo],
    *,
    shown: Sequence[Photo],
    subjects: Sequence[str],
) -> None:
    """Say how many are chosen, and offer what can be done with them."""
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button(_("Choose all"), on_click=_tick, args=(shown, True))
        st.button(
            _("Choose none"), on_click=_tick, args=(shown, False), disabled=not chosen
        )
        if chosen:
            told = words.tell_count(len(chosen), "photograph is", "photographs are")
            st.markdown(_("{photographs} chosen.", photographs=words.quote(told)))
            if st.button(_("Delete what is chosen"), icon=":material/delete:"):
                delete(library, chosen)
        else:
            st.caption(_("Tick photographs to change or delete several at once."))
    if chosen:
        with st.expander(_("Move what is chosen, or date it anew")):
            _ask_changes(library, chosen, subjects=subjects)


def delete(library: Library, photos: Sequence[Photo]) -> None:
    """Put photographs aside, and say so with what that means."""
    baselines = set(library.catalog.baselines().values())
    counted = words.tell_count(len(photos), "photograph was", "photographs were")
    told = _("{photographs} deleted.", photographs=counted)
    if any(photo.digest in baselines for photo in photos):
        told += " " + _(
            "A baseline is among them: the numbers of its view are taken anew in the zones "
            "of the next photograph, and come back with it."
        )
    digests = [photo.digest for photo in photos]

    def act() -> Undo:
        with bar(_("Deleting"), N_("Deleted {done} of {of}")) as tell:
            return delete_photos(library, digests, on_progress=tell)

    keep(act, told)


def _tick(photos: Sequence[Photo], chosen: bool) -> None:
    for photo in photos:
        st.session_state[key_of(photo.digest)] = chosen


def _ask_changes(
    library: Library, chosen: Sequence[Photo], *, subjects: Sequence[str]
) -> None:
    asis = _("as it is")
    with st.form("change_several"):
        left, right = st.columns(2)
        view = left.selectbox(
            _("View"),
            list(View),
            index=None,
            format_func=words.tell_view,
            placeholder=asis,
            key=f"several_view_{generation()}",
        )
        day = right.date_input(
            _("Day"),
            None,
            min_value=_FIRST_DAY,
            max_value=dt.date.today(),
            format="YYYY-MM-DD",
            help=_("Left empty, each keeps its own. The time of day stays."),
            key=f"several_day_{generation()}",
        )
        subject = left.selectbox(
            _("Subject"),
            subjects,
            index=None,
            placeholder=asis,
            key=f"several_subject_{generation()}",
        )
        hair = right.selectbox(
            _("Hair"),
            list(HairState),
            index=None,
            format_func=tell_hair_state,
            placeholder=asis,
            key=f"several_hair_{generation()}",
        )
        sent = st.form_submit_button(_("Change what is chosen"), type="primary")
    given = {"view": view, "visit": day, "subject": subject, "hair_state": hair}
    changes = {name: value for name, value in given.items() if value is not None}
    if sent and not changes:
        st.info(_("Nothing was given that would change them."), icon=":material/info:")
    elif sent:
        _change(library, chosen, changes)


def _change(library: Library, chosen: Sequence[Photo], changes: dict[str, Any]) -> None:
    digests = [photo.digest for photo in chosen]
    counted = words.tell_count(len(chosen), "photograph was", "photographs were")

    def act() -> Undo:
        with bar(_("Changing"), N_("Changed {done} of {of}")) as tell:
            return change_photos(library, digests, on_progress=tell, **changes)

    keep(act, _("{photographs} changed.", photographs=counted))
