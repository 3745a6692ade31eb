"""The panel beside the photographs: edits one, several at once, or a visit."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, TypeVar

import streamlit as st

from hairtrack.app.cache import cached
from hairtrack.app.edits import (
    form_generation,
    format_hair_state,
    keep,
    name_photo,
    open_next,
    thumbnail,
)
from hairtrack.app.formatting import (
    day_input,
    escape,
    format_percent,
    format_view,
    length_input,
)
from hairtrack.app.frame import progress_bar
from hairtrack.app.i18n import N_, _, format_day, format_number, ngettext
from hairtrack.app.photographs.checks import DATE_FROM, show_example, show_flags
from hairtrack.app.photographs.outline import offer_correction
from hairtrack.app.pictures import cached_overlay, show_picture
from hairtrack.errors import HairtrackError
from hairtrack.records import WHOLE, HairState, Photo, View, Visit
from hairtrack.workflows import Library
from hairtrack.workflows.editing import (
    Undo,
    change_photos,
    change_visit,
    delete_photos,
    redate_visit,
    reset_outline,
)
from hairtrack.workflows.importing import EARLIEST_DAY
from hairtrack.workflows.previews import FlagPicture, draw_flag_pictures
from hairtrack.workflows.series import PhotoResult

__all__ = ["EDITED_VISIT", "clear_selection", "selection_key", "show_panel"]

EDITED_VISIT = "edited_visit"
_SELECTED = "selected_"
_LARGE_PX = 900
_MAX_NOTE = 2000


def selection_key(digest: str) -> str:
    """Return the key of the tick of a photograph; every change clears all ticks."""
    return f"{_SELECTED}{digest}_{form_generation()}"


def clear_selection() -> None:
    """Untick every photograph, and close the visit."""
    for key in list(st.session_state):
        if str(key).startswith(_SELECTED):
            st.session_state[key] = False
    st.session_state.pop(EDITED_VISIT, None)


def show_panel(
    library: Library,
    subject: str,
    chosen: Sequence[PhotoResult],
    *,
    visit: dt.date | None,
) -> None:
    """Show what can be done with the ticked photographs, or else with a visit."""
    with st.container(key="panel", border=True):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(f"**{escape(_name(chosen, visit))}**")
            st.button(_("Close"), key="close_panel", on_click=clear_selection)
        if chosen:
            photos = [shot.photo for shot in chosen]
            if len(chosen) == 1:
                _show_picture(library, chosen[0])
                _show_result(library, chosen[0])
            _ask_filing(library, photos)
            _offer_delete(library, photos)
            if len(chosen) == 1:
                _offer_outline(library, chosen[0])
        elif visit is not None:
            _show_visit(library, subject, visit)


def _name(chosen: Sequence[PhotoResult], visit: dt.date | None) -> str:
    if len(chosen) == 1:
        return name_photo(chosen[0].photo)
    if chosen or visit is None:
        return _("{count} photographs selected", count=len(chosen))
    return _("Visit of {day}", day=format_day(visit))


# ---- photographs ----------------------------------------------------------------------


def _offer_outline(library: Library, shot: PhotoResult) -> None:
    photo = shot.photo
    offer_correction(library, shot)
    if photo.outline and st.button(
        _("Reset the outline"),
        icon=":material/restart_alt:",
        help=_("The scalp was outlined by hand here; this finds it automatically again."),
    ):
        keep(lambda: reset_outline(library, photo.digest), _("Outline reset."))


def _show_picture(library: Library, shot: PhotoResult) -> None:
    digest = shot.photo.digest
    overlay = shot.measured and st.toggle(
        _("Show what was measured"), key="draw_overlay", persist_state="session"
    )
    if overlay:
        try:
            drawn = cached_overlay(library, shot, longest=_LARGE_PX)
        except HairtrackError as error:
            st.caption(escape(error.message))
        else:
            show_picture(drawn, alt=_("Outline of the measured scalp"))
        return
    picture = thumbnail(library, digest, longest=_LARGE_PX)
    if picture is None:
        st.warning(
            _(
                "This photograph is lost or damaged on disk. Add it again, or restore a "
                "backup under Settings."
            ),
            icon=":material/broken_image:",
        )
    else:
        with st.container(key="panel_picture"):
            show_picture(picture, alt=name_photo(shot.photo))


def _show_result(library: Library, shot: PhotoResult) -> None:
    found = shot.measurement
    if found is None:
        st.markdown(_("Not measured yet."))
        return
    if found.refused is not None:
        st.markdown(_("Not measured: {reason}", reason=escape(found.refused)))
        show_example(library, shot.photo.subject, shot.photo.view)
    elif (whole := found.zone(WHOLE)) is not None:
        told = _("Visible scalp {level}", level=format_percent(whole.visible_scalp))
        if whole.standard_error is not None:
            half = format_number(100 * 1.96 * whole.standard_error)
            told = _(
                "{level} (this one photograph: ± {half} points)", level=told, half=half
            )
        st.markdown(told)
    try:
        drawn = cached(
            lambda: draw_flag_pictures(library, found),
            "doubts",
            shot.photo.digest,
            shot.made_by,
        )
    except HairtrackError:
        drawn = ()  # what is lost on disk is told in the picture's place
    known = {one.flag for one in drawn}
    rest = [FlagPicture(flag=f, picture=b"") for f in found.quality.flags if f not in known]
    show_flags([*drawn, *rest])


def _ask_filing(library: Library, photos: Sequence[Photo]) -> None:
    """Ask how photographs are filed; for several, what is left empty stays as it is."""
    one = photos[0] if len(photos) == 1 else None
    days = [photo.visit for photo in photos]
    subjects = library.catalog.subjects()
    given: dict[str, Any] = {}
    with st.form(f"file_{one and one.digest}_{form_generation()}", border=False):
        given["view"] = _choose(_("View"), list(View), one and one.view, format_view)
        left, right = st.columns(2)
        with left:
            day = day_input(
                _("Day"),
                one.visit if one else None,
                earliest=min(EARLIEST_DAY, *days),
                latest=max(dt.date.today(), *days),
                help=None if one else _("Leave it empty to keep each day."),
            )
        time = None
        if one is not None:
            at = one.taken_at.time() if one.taken_at else None
            time = right.time_input(_("Time"), at, step=60)
            st.caption(_(DATE_FROM[one.taken_from]))
        if len(subjects) > 1:
            given["subject"] = _choose(_("Person"), subjects, one and one.subject)
        hair = one and one.hair_state
        given["hair_state"] = _choose(_("Hair"), list(HairState), hair, format_hair_state)
        if one is not None:
            camera = st.text_input(_("Camera"), one.camera, max_chars=100)
            note = st.text_area(_("Note"), one.note, height=80, max_chars=_MAX_NOTE)
            given |= {"camera": camera.strip(), "note": note.strip()}
        sent = st.form_submit_button(_("Save"), type="primary")
    changes = {
        name: value
        for name, value in given.items()
        if value is not None and value != getattr(one, name, None)
    }
    if day is not None:
        changes |= {"visit": day} if one is None else _date(one, day, time)
    if sent and not changes:
        st.info(_("Nothing was changed."), icon=":material/info:")
    elif sent:
        _change(library, photos, changes)


Option = TypeVar("Option")


def _choose(
    label: str,
    options: Sequence[Option],
    chosen: Option | None,
    format_func: Callable[[Option], str] = str,
) -> Option | None:
    return st.selectbox(
        label,
        options,
        index=None if chosen is None else options.index(chosen),
        format_func=format_func,
        placeholder=_("unchanged"),
    )


def _date(photo: Photo, day: dt.date, time: dt.time | None) -> dict[str, Any]:
    """Return how day and time differ from what is kept; unchanged seconds are kept."""
    at = photo.taken_at
    shown = at.time().replace(second=0, microsecond=0) if at else None
    new = time.replace(second=0, microsecond=0) if time else None
    if new == shown:
        return {} if day == photo.visit else {"visit": day}
    moved = None
    if new is not None:
        moved = dt.datetime.combine(day, new, at.tzinfo if at else None)
    return {"visit": day, "taken_at": moved}


def _offer_delete(library: Library, photos: Sequence[Photo]) -> None:
    """Offer to delete photographs; a baseline is said to be one."""
    if not st.button(_("Delete"), icon=":material/delete:", key="delete_selected"):
        return
    told = ngettext(
        "{count} photograph deleted.", "{count} photographs deleted.", len(photos)
    )
    baselines = set(library.catalog.baselines().values())
    if any(photo.digest in baselines for photo in photos):
        told += " " + _(
            "The first photograph of a view is among them: its view is measured again "
            "from the next one."
        )
    digests = [photo.digest for photo in photos]

    def act() -> Undo:
        with progress_bar(N_("Deleted {done} of {of}"), begun=_("Deleting")) as tell:
            return delete_photos(library, digests, on_progress=tell)

    keep(act, told)


def _change(library: Library, chosen: Sequence[Photo], changes: dict[str, Any]) -> None:
    digests = [photo.digest for photo in chosen]

    def act() -> Undo:
        with progress_bar(N_("Changed {done} of {of}"), begun=_("Saving")) as tell:
            return change_photos(library, digests, on_progress=tell, **changes)

    count = len(chosen)
    told = ngettext("{count} photograph changed.", "{count} photographs changed.", count)
    keep(act, told)


# ---- a visit --------------------------------------------------------------------------


def _show_visit(library: Library, subject: str, day: dt.date) -> None:
    """Ask for the hair on a day; move the whole visit to another day."""
    visits = library.catalog.visits(subject=subject)
    known = next((one for one in visits if one.date == day), None)
    if known is not None:
        _ask_hair(library, known)
        _ask_day(library, known)


def _ask_hair(library: Library, known: Visit) -> None:
    st.caption(
        _(
            "A haircut or dye changes how much scalp shows. With the dates here, it is "
            "not mistaken for hair loss or growth."
        )
    )
    with st.form(f"visit_{known.date}", border=False):
        state = st.selectbox(
            _("Hair"),
            list(HairState),
            index=list(HairState).index(known.hair_state),
            format_func=format_hair_state,
            key=f"visit_hair_{known.date}_{form_generation()}",
        )
        length = length_input(_("Length of the hair on top"), known.hair_length_mm)
        left, right = st.columns(2)
        with left:
            cut = _ask_past(_("Haircut on"), known.haircut_on, until=known.date)
        with right:
            dyed = _ask_past(_("Dyed on"), known.dyed_on, until=known.date)
        note = st.text_area(_("Note"), known.note, height=80, max_chars=_MAX_NOTE)
        sent = st.form_submit_button(_("Save"), type="primary")
    if sent:
        change = partial(
            change_visit,
            library,
            known.subject,
            known.date,
            hair_state=state,
            hair_length_mm=length,
            haircut_on=cut,
            dyed_on=dyed,
            note=note.strip(),
        )
        keep(lambda: change()[1], _("Visit of {day} saved.", day=known.date))


def _ask_past(label: str, day: dt.date | None, *, until: dt.date) -> dt.date | None:
    return day_input(
        label,
        day,
        earliest=min(EARLIEST_DAY, day or EARLIEST_DAY),
        latest=max(until, day or until),
    )


def _ask_day(library: Library, known: Visit) -> None:
    with st.container(horizontal=True, vertical_alignment="bottom"):
        to = day_input(
            _("New day of the whole visit"),
            known.date,
            earliest=min(EARLIEST_DAY, known.date),
            latest=max(dt.date.today(), known.date),
            key=f"redate_{known.date}_{form_generation()}",
        )
        if not st.button(_("Move the visit")):
            return
    if to is None or to == known.date:
        st.info(_("Choose another day first."), icon=":material/info:")
        return

    def act() -> Undo:
        done = redate_visit(library, known.subject, known.date, to=to)
        open_next(**{EDITED_VISIT: to})
        return done

    keep(act, _("The visit of {old} is now that of {new}.", old=known.date, new=to))
