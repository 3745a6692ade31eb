"""One photograph: large, how it is filed, what was measured; each of it to be corrected."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

import streamlit as st

from hairtrack.app import words
from hairtrack.app.keeping import several
from hairtrack.app.keeping.parts import keep, name_photo, tell_hair_state, thumbnail
from hairtrack.app.language import N_, _
from hairtrack.app.pictures import show_picture
from hairtrack.records import WHOLE, HairState, Measurement, Photo, TakenFrom, View
from hairtrack.workflows import Library
from hairtrack.workflows.editing import change_photos, reset_outline
from hairtrack.workflows.showing import find_shots

__all__ = ["show"]

_LARGE_PX = 1000
_FIRST_DAY = dt.date(1950, 1, 1)
_LONGEST_NOTE = 2000

_FROM = {
    TakenFrom.EXIF: N_("as the camera noted it"),
    TakenFrom.FILE_NAME: N_("as in the file's name"),
    TakenFrom.PERSON: N_("as a person said"),
    TakenFrom.UNKNOWN: N_("not known from the photograph"),
}


def show(library: Library, photo: Photo, *, subjects: Sequence[str], key: str) -> None:
    """Show a photograph and let the person correct it; `key` holds which one is open."""
    if st.button(_("Back to the visit"), icon=":material/arrow_back:"):
        del st.session_state[key]
        st.rerun()
    st.subheader(name_photo(photo), anchor=False)
    left, right = st.columns([6, 5], gap="large")
    with left:
        picture = thumbnail(library, photo.digest, longest=_LARGE_PX)
        if picture is None:
            st.warning(
                _(
                    "This photograph is lost or damaged on disk. Check the library on this "
                    "page, then add the photograph again or restore a backup."
                ),
                icon=":material/broken_image:",
            )
        else:
            show_picture(picture, alt=name_photo(photo))
    with right:
        shot = find_shots(library, [photo.digest]).get(photo.digest)
        _show_result(shot.measurement if shot else None)
        _ask_filing(library, photo, subjects)
        _offer_rest(library, photo)


def _show_result(found: Measurement | None) -> None:
    """Say in one line what was measured."""
    if found is None:
        st.markdown(_("Not measured as it is filed now."))
    elif found.refused is not None:
        st.markdown(_("Kept, not measured: {reason}", reason=words.escape(found.refused)))
    elif (whole := found.zone(WHOLE)) is not None:
        level = words.tell_per_cent(whole.visible_scalp)
        st.markdown(_("Visible scalp {level}", level=level))
        if found.quality.flags:
            doubts = ", ".join(words.tell_flag(flag) for flag in found.quality.flags)
            st.caption(_("Doubts: {doubts}", doubts=doubts))


def _ask_filing(library: Library, photo: Photo, subjects: Sequence[str]) -> None:
    with st.form(f"file_{photo.digest}"):
        view = st.selectbox(
            _("View"),
            list(View),
            index=list(View).index(photo.view),
            format_func=words.tell_view,
        )
        left, right = st.columns(2)
        today = dt.date.today()
        day = left.date_input(
            _("Day"),
            photo.visit,
            min_value=min(_FIRST_DAY, photo.visit),
            max_value=max(today, photo.visit),
            format="YYYY-MM-DD",
        )
        time = right.time_input(
            _("Time"), photo.taken_at.time() if photo.taken_at else None, step=60
        )
        st.caption(_("Day and time {origin}.", origin=_(_FROM[photo.taken_from])))
        subject = st.selectbox(_("Subject"), subjects, index=subjects.index(photo.subject))
        hair = st.selectbox(
            _("Hair"),
            list(HairState),
            index=list(HairState).index(photo.hair_state),
            format_func=tell_hair_state,
        )
        camera = st.text_input(_("Camera"), photo.camera, max_chars=100)
        note = st.text_area(_("Note"), photo.note, height=80, max_chars=_LONGEST_NOTE)
        sent = st.form_submit_button(_("Keep the changes"), type="primary")
    if not sent:
        return
    given: dict[str, Any] = {"view": view, "subject": subject, "hair_state": hair}
    given |= {"camera": camera.strip(), "note": note.strip()}
    changes = {name: one for name, one in given.items() if one != getattr(photo, name)}
    if isinstance(day, dt.date):
        changes |= _date(photo, day, time)
    if not changes:
        st.info(_("Nothing was changed."), icon=":material/info:")
        return
    keep(
        lambda: change_photos(library, [photo.digest], **changes), _("Photograph changed.")
    )


def _date(photo: Photo, day: dt.date, time: dt.time | None) -> dict[str, Any]:
    """Return how day and time differ from what is kept; seconds that stand are kept."""
    at = photo.taken_at
    shown = at.time().replace(second=0, microsecond=0) if at else None
    new = time.replace(second=0, microsecond=0) if time else None
    if new == shown:
        return {} if day == photo.visit else {"visit": day}
    moved = None
    if new is not None:
        moved = dt.datetime.combine(day, new, at.tzinfo if at else None)
    return {"visit": day, "taken_at": moved}


def _offer_rest(library: Library, photo: Photo) -> None:
    """Offer to give up a drawn outline, and to delete the photograph."""
    with st.container(horizontal=True):
        if photo.outline and st.button(
            _("Reset the outline"),
            icon=":material/restart_alt:",
            help=_(
                "A person drew the outline of the scalp here; the program finds it anew."
            ),
        ):
            keep(
                lambda: reset_outline(library, photo.digest),
                _("The program finds the outline of this photograph again."),
            )
        if st.button(_("Delete the photograph"), icon=":material/delete:"):
            several.delete(library, [photo])
