"""The photographs of a subject by visit, the latest first; those that were deleted."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from itertools import groupby

import streamlit as st

from hairtrack.app.cache import cached_query
from hairtrack.app.edits import form_generation, keep, name_photo, thumbnail
from hairtrack.app.formatting import escape, format_view, quote
from hairtrack.app.i18n import _, format_day, ngettext
from hairtrack.app.photographs.checks import describe_shots
from hairtrack.app.photographs.panel import (
    EDITED_VISIT,
    clear_selection,
    selection_key,
    show_panel,
)
from hairtrack.app.pictures import data_uri
from hairtrack.records import Photo, View
from hairtrack.workflows import Library
from hairtrack.workflows.editing import UNDO_DAYS, purge_photos, restore_photo
from hairtrack.workflows.series import PhotoResult, list_photo_results

__all__ = ["show_deleted", "show_timeline"]

_CARD_PX = 128
_AT_ONCE = 24
"""Photographs drawn at first; whole visits, the latest always."""

_STYLE = """<style>
.st-key-panel {position: sticky; top: 4.5rem; max-height: calc(100vh - 6rem);
  overflow-y: auto}
.st-key-panel_picture img {max-height: 260px; object-fit: contain}
@media (max-width: 640px) {
  .st-key-panel {position: fixed; z-index: 99; inset: auto 0 0 0; top: auto;
    max-height: 62vh; background: Canvas; border-radius: 16px 16px 0 0}
  [data-testid=stMain]:has(.st-key-panel) {scroll-padding-bottom: 64vh}
  [data-testid=stMainBlockContainer]:has(.st-key-panel) {padding-bottom: 66vh}
}
</style>"""
"""The panel stays beside the photographs; on a phone it is a sheet at the bottom.

The page is then longer by the sheet, so that the last visit can be scrolled above it.
"""


def show_timeline(library: Library, subject: str, *, first: Collection[dt.date]) -> None:
    """Show every visit with its photographs, and a panel to edit what is ticked.

    Parameters
    ----------
    first : collection of date
        Visits that were just added to; they come first.
    """
    shots = cached_query(list_photo_results, library, subject=subject)
    if not shots:
        st.caption(_("No photographs yet. They appear here by visit."))
        return
    view = _ask_view([shot.photo for shot in shots])
    shots = [shot for shot in shots if view in (None, shot.photo.view)]
    visits = _group(shots, first)
    shown, rest = _split(visits)
    listed = [shot for _day, group in shown for shot in group]
    chosen = [
        one for one in listed if st.session_state.get(selection_key(one.photo.digest))
    ]
    edited = st.session_state.get(EDITED_VISIT)
    st.html(_STYLE)
    place = st.container()
    if chosen or edited in dict(visits):
        place, side = st.columns([7, 5], gap="medium")
    with place:
        for day, group in shown:
            _show_visit(library, day, group)
        if rest and st.button(
            ngettext("Show {count} earlier visit", "Show {count} earlier visits", rest),
            icon=":material/expand_more:",
        ):
            st.session_state["photographs_shown"] = len(shots)
            st.rerun()
    if chosen or edited in dict(visits):
        with side:
            show_panel(library, subject, chosen, visit=None if chosen else edited)


def _ask_view(photos: Sequence[Photo]) -> View | None:
    views = [view for view in View if any(photo.view is view for photo in photos)]
    if len(views) < 2:
        return None
    if st.session_state.get("photographs_view") not in (None, *views):
        st.session_state.pop("photographs_view", None)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        view: View | None = st.selectbox(
            _("View"),
            views,
            index=None,
            format_func=format_view,
            placeholder=_("All views"),
            key="photographs_view",
            persist_state="session",
            label_visibility="collapsed",
            width=240,
        )
        st.caption(_("Tick photographs to edit, move or delete them."))
    return view


_Visit = tuple[dt.date, list[PhotoResult]]


def _group(shots: Sequence[PhotoResult], first: Collection[dt.date]) -> list[_Visit]:
    """Return the visits, those that were just added to first, then the latest."""
    order = list(View)
    ordered = sorted(
        shots,
        key=lambda one: (
            one.photo.visit not in first,
            -one.photo.visit.toordinal(),
            order.index(one.photo.view),
        ),
    )
    return [(day, list(g)) for day, g in groupby(ordered, lambda one: one.photo.visit)]


def _split(visits: list[_Visit]) -> tuple[list[_Visit], int]:
    """Return the visits that are drawn, and how many are left out."""
    most = st.session_state.get("photographs_shown", _AT_ONCE)
    count = 0
    for number, (_day, group) in enumerate(visits):
        count += len(group)
        if number and count > most:
            return visits[:number], len(visits) - number
    return visits, 0


def _show_visit(library: Library, day: dt.date, group: Sequence[PhotoResult]) -> None:
    photos = [shot.photo for shot in group]
    refused = [s.photo.digest for s in group if s.measurement and not s.measured]
    with st.container(border=True, gap="small"):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(f"**{escape(format_day(day))}**")
            key = f"{day}_{form_generation()}"
            st.button(
                _("Select all"),
                key=f"all_{key}",
                type="tertiary",
                on_click=_tick,
                args=(photos,),
            )
            st.button(
                _("Edit visit"),
                key=f"visit_{key}",
                type="tertiary",
                on_click=_open_visit,
                args=(day,),
            )
        told = describe_shots(_earlier(library, photos[0]), day, refused=refused)
        if refused:
            told += " · " + _("Not measured: {count}", count=len(refused))
        st.caption(escape(told))
        with st.container(horizontal=True, gap="small"):
            for number, shot in enumerate(group, start=1):
                _show_card(library, shot, number)


def _earlier(library: Library, photo: Photo) -> list[Photo]:
    """Return the photographs that say which views this visit should have."""
    photos = cached_query(list_photo_results, library, subject=photo.subject)
    return [one.photo for one in photos]


def _tick(photos: Sequence[Photo]) -> None:
    for photo in photos:
        st.session_state[selection_key(photo.digest)] = True


def _open_visit(day: dt.date) -> None:
    clear_selection()
    st.session_state[EDITED_VISIT] = day


def _show_card(library: Library, shot: PhotoResult, number: int) -> None:
    """Show a photograph, small, with its tick."""
    photo = shot.photo
    time = f"{photo.taken_at:%H:%M}" if photo.taken_at else _("no. {number}", number=number)
    name = f"{format_view(photo.view)}, {time}"
    with st.container(width=_CARD_PX, gap="small"):
        small = thumbnail(library, photo.digest)
        if small is None:
            st.caption(_("This photograph is lost or damaged on disk."))
        else:
            alt = f"{name_photo(photo)}, {time}"
            st.image(data_uri(small), alt=alt, width="stretch")
        st.checkbox(name, key=selection_key(photo.digest))
        if shot.measurement and not shot.measured:
            st.badge(_("Not measured"), color="orange")


# ---- deleted --------------------------------------------------------------------------


def show_deleted(library: Library, subject: str) -> None:
    """Show what was deleted of a subject, the latest first, if anything was."""
    photos = library.catalog.photos(subject=subject, deleted=True)
    if not photos:
        return
    photos.sort(key=_deleted_at, reverse=True)
    title = ngettext(
        "{count} deleted photograph", "{count} deleted photographs", len(photos)
    )
    if not st.toggle(title, key="show_deleted"):
        return
    st.caption(
        _("A deleted photograph can be restored with its numbers until you remove it.")
    )
    with st.container(horizontal=True, gap="small"):
        for photo in photos[:_AT_ONCE]:
            _show_deleted_card(library, photo)
    if len(photos) > 1 and st.button(_("Restore all"), icon=":material/undo:"):
        _restore(library, photos)
    _offer_purge(library, subject, photos)


def _deleted_at(photo: Photo) -> dt.datetime:
    return photo.deleted_at or dt.datetime.min.replace(tzinfo=dt.UTC)


def _show_deleted_card(library: Library, photo: Photo) -> None:
    with st.container(width=_CARD_PX, gap="small"):
        small = thumbnail(library, photo.digest)
        if small is not None:
            st.image(data_uri(small), alt=name_photo(photo), width="stretch")
        st.caption(quote(name_photo(photo)))
        key = f"restore_{photo.digest}_{form_generation()}"
        if st.button(_("Restore"), key=key):
            _restore(library, [photo])


def _restore(library: Library, photos: Sequence[Photo]) -> None:
    def act() -> None:
        for photo in photos:
            restore_photo(library, photo.digest)

    count = len(photos)
    keep(
        act,
        ngettext("{count} photograph restored.", "{count} photographs restored.", count),
    )


def _offer_purge(library: Library, subject: str, photos: Sequence[Photo]) -> None:
    """Remove for good: what is old enough, or everything, after a confirmation."""
    latest = dt.datetime.now(dt.UTC) - dt.timedelta(days=UNDO_DAYS)
    old = sum(_deleted_at(photo) <= latest for photo in photos)
    sure = st.checkbox(
        _("Remove for good: this cannot be undone"), key=f"purge_{form_generation()}"
    )
    if not sure:
        return
    older = _("Remove those deleted over {days} days ago", days=UNDO_DAYS)
    choices = ((old, UNDO_DAYS, older), (len(photos), 0, _("Remove all deleted ones")))
    with st.container(horizontal=True):
        for count, days, label in choices:
            if st.button(f"{label} ({count})", disabled=not count):
                told = ngettext(
                    "{count} photograph removed for good.",
                    "{count} photographs removed for good.",
                    count,
                )
                keep(lambda d=days: _purge(library, subject, d), told)  # type: ignore[misc]


def _purge(library: Library, subject: str, days: int) -> None:
    purge_photos(library, days=days, subject=subject)
