"""Deleted photographs: brought back, or removed for good when nobody needs them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import streamlit as st

from hairtrack.app import words
from hairtrack.app.frame import choose_subject
from hairtrack.app.keeping.parts import generation, keep, name_photo, thumbnail
from hairtrack.app.language import _
from hairtrack.app.pictures import data_uri
from hairtrack.records import Photo
from hairtrack.workflows import Library
from hairtrack.workflows.editing import UNDO_DAYS, purge_photos, restore_photo

__all__ = ["show"]

_CARD_PX = 164
_AT_ONCE = 24


def show(library: Library) -> None:
    """Show what was deleted of one subject, the latest first."""
    st.write(
        _(
            "A deleted photograph is out of every number and picture, and can be brought "
            "back with its numbers. None goes by itself: after {days} days it may be "
            "removed for good here, or at once if you confirm it.",
            days=UNDO_DAYS,
        )
    )
    subjects = library.catalog.subjects()
    if not subjects:
        st.info(_("Nothing is deleted."), icon=":material/info:")
        return
    subject = choose_subject(subjects)
    photos = library.catalog.photos(subject=subject, deleted=True)
    photos.sort(key=_deleted_at, reverse=True)
    if not photos:
        st.info(_("Nothing is deleted."), icon=":material/info:")
        return
    with st.container(horizontal=True, gap="small"):
        for photo in photos[:_AT_ONCE]:
            _show_card(library, photo)
    if len(photos) > _AT_ONCE:
        rest = words.tell_count(len(photos) - _AT_ONCE, "photograph")
        st.caption(_("{rest} more, deleted earlier.", rest=rest))
    if len(photos) > 1 and st.button(_("Bring all back"), icon=":material/undo:"):
        _bring_back(library, photos)
    _offer_purge(library, subject, photos)


def _deleted_at(photo: Photo) -> dt.datetime:
    return photo.deleted_at or dt.datetime.min.replace(tzinfo=dt.UTC)


def _show_card(library: Library, photo: Photo) -> None:
    with st.container(border=True, width=_CARD_PX, gap="small"):
        small = thumbnail(library, photo.digest)
        if small is not None:
            st.image(data_uri(small), alt=name_photo(photo), width="stretch")
        st.markdown(words.quote(name_photo(photo)))
        day = words.tell_day(_deleted_at(photo).astimezone().date())
        st.caption(_("deleted on {day}", day=day))
        key = f"restore_{photo.digest}_{generation()}"
        if st.button(_("Bring back"), key=key, width="stretch"):
            _bring_back(library, [photo])


def _bring_back(library: Library, photos: Sequence[Photo]) -> None:
    def act() -> None:
        for photo in photos:
            restore_photo(library, photo.digest)

    counted = words.tell_count(len(photos), "photograph is", "photographs are")
    keep(
        act,
        _("{photographs} back where they were, with their numbers.", photographs=counted),
    )


def _offer_purge(library: Library, subject: str, photos: Sequence[Photo]) -> None:
    """Remove for good: what is old enough, or everything after a second look."""
    latest = dt.datetime.now(dt.UTC) - dt.timedelta(days=UNDO_DAYS)
    old = sum(_deleted_at(photo) <= latest for photo in photos)
    with st.expander(_("Remove for good")):
        st.markdown(
            _(
                "What is removed for good cannot be brought back, not even by hairtrack; "
                "only a backup that was made before still has it. Numbers that rest on it "
                "go too."
            )
        )
        sure = st.checkbox(_("I want it gone for good"), key=f"sure_purge_{generation()}")
        choices = (
            (
                old,
                UNDO_DAYS,
                _("Remove what was deleted over {days} days ago", days=UNDO_DAYS),
            ),
            (len(photos), 0, _("Remove all that is deleted now")),
        )
        for count, days, label in choices:
            counted = words.tell_count(count, "photograph")
            if st.button(f"{label} ({counted})", disabled=not sure or not count):
                _purge(library, subject, days=days)


def _purge(library: Library, subject: str, *, days: int) -> None:
    gone = len(_due(library, subject, days))
    counted = words.tell_count(gone, "photograph was", "photographs were")

    def act() -> None:
        purge_photos(library, days=days, subject=subject)

    keep(act, _("{photographs} removed for good.", photographs=counted))


def _due(library: Library, subject: str, days: int) -> list[Photo]:
    latest = dt.datetime.now(dt.UTC) - dt.timedelta(days=days)
    photos = library.catalog.photos(subject=subject, deleted=True)
    return [photo for photo in photos if _deleted_at(photo) <= latest]
