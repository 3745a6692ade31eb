"""The photographs of a library: shown by visit, edited one or several at once, deleted."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Sequence
from itertools import groupby
from typing import Any

import streamlit as st

from hairtrack.app.formatting import (
    escape,
    format_flag,
    format_percent,
    format_view,
    quote,
)
from hairtrack.app.frame import choose_subject, open_page, progress_bar
from hairtrack.app.i18n import N_, _, format_day, ngettext
from hairtrack.app.library.common import (
    form_generation,
    format_hair_state,
    keep,
    name_photo,
    thumbnail,
)
from hairtrack.app.library.subjects import show_visit
from hairtrack.app.pictures import data_uri, show_picture
from hairtrack.records import WHOLE, HairState, Measurement, Photo, TakenFrom, View
from hairtrack.workflows import Library
from hairtrack.workflows.editing import (
    UNDO_DAYS,
    Undo,
    change_photos,
    delete_photos,
    purge_photos,
    reset_outline,
    restore_photo,
)
from hairtrack.workflows.importing import EARLIEST_DAY
from hairtrack.workflows.series import find_photo_results

__all__ = [
    "delete_selected",
    "edit_photo",
    "edit_selected",
    "selection_key",
    "show_deleted",
    "show_photos",
]

_CARD_PX = 164
_OPEN = "library_open"


def show_photos(library: Library) -> None:
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
        edit_photo(library, opened, subjects=subjects, key=_OPEN)
        return
    view, day = _ask_filters(photos)
    shown = [p for p in photos if p.visit == day and view in (None, p.view)]
    shown.sort(key=lambda photo: list(View).index(photo.view))
    chosen_bar = st.container()
    chosen = _show_grid(library, shown)
    with chosen_bar:
        edit_selected(library, chosen, shown=shown, subjects=subjects)
    show_visit(library, subject, day)
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
            format_func=lambda one: format_view(View(one)) if one else _("All views"),
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
        format_func=lambda day: _describe_visit(day, counts[day]),
        key="library_day",
        persist_state="session",
        width=360,
    )
    return view, day


def _describe_visit(day: dt.date, count: int) -> str:
    photographs = ngettext("{count} photograph", "{count} photographs", count)
    return _("{day}: {photographs}", day=format_day(day), photographs=photographs)


def _show_grid(library: Library, photos: Sequence[Photo]) -> list[Photo]:
    """Show one card for each photograph, by view; return those that are chosen."""
    baselines = set(library.catalog.baselines().values())
    chosen: list[Photo] = []
    with st.spinner(_("Drawing the photographs"), show_time=False):
        for view, group in groupby(photos, key=lambda photo: photo.view):
            st.subheader(format_view(view), anchor=False)
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
        chosen = st.checkbox(name, key=selection_key(photo.digest))
        if st.button(
            _("Edit"), key=f"open_{photo.digest}_{form_generation()}", width="stretch"
        ):
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
            {_("Visit"): format_day(day)}
            | {format_view(view): str(counts[day, view] or "-") for view in views}
            for day in sorted({photo.visit for photo in photos}, reverse=True)
        ]
        st.table(
            rows,
            hide_index=True,
            border="horizontal",
            alt=_("Photographs by visit and view"),
        )


_LARGE_PX = 1000
_LONGEST_NOTE = 2000

_FROM = {
    TakenFrom.EXIF: N_("as the camera noted it"),
    TakenFrom.FILE_NAME: N_("as in the file's name"),
    TakenFrom.PERSON: N_("as a person said"),
    TakenFrom.UNKNOWN: N_("not known from the photograph"),
}


def edit_photo(
    library: Library, photo: Photo, *, subjects: Sequence[str], key: str
) -> None:
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
        shot = find_photo_results(library, [photo.digest]).get(photo.digest)
        _show_result(shot.measurement if shot else None)
        _ask_filing(library, photo, subjects)
        _offer_rest(library, photo)


def _show_result(found: Measurement | None) -> None:
    """Say in one line what was measured."""
    if found is None:
        st.markdown(_("Not measured as it is filed now."))
    elif found.refused is not None:
        st.markdown(_("Kept, not measured: {reason}", reason=escape(found.refused)))
    elif (whole := found.zone(WHOLE)) is not None:
        level = format_percent(whole.visible_scalp)
        st.markdown(_("Visible scalp {level}", level=level))
        if found.quality.flags:
            doubts = ", ".join(format_flag(flag) for flag in found.quality.flags)
            st.caption(_("Doubts: {doubts}", doubts=doubts))


def _ask_filing(library: Library, photo: Photo, subjects: Sequence[str]) -> None:
    with st.form(f"file_{photo.digest}"):
        view = st.selectbox(
            _("View"),
            list(View),
            index=list(View).index(photo.view),
            format_func=format_view,
        )
        left, right = st.columns(2)
        today = dt.date.today()
        day = left.date_input(
            _("Day"),
            photo.visit,
            min_value=min(EARLIEST_DAY, photo.visit),
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
            format_func=format_hair_state,
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
            delete_selected(library, [photo])


def selection_key(digest: str) -> str:
    """Return the key of the tick of a photograph; every change takes all ticks away."""
    return f"chosen_{digest}_{form_generation()}"


def edit_selected(
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
            told = ngettext("{count} photograph is", "{count} photographs are", len(chosen))
            st.markdown(_("{photographs} chosen.", photographs=quote(told)))
            if st.button(_("Delete what is chosen"), icon=":material/delete:"):
                delete_selected(library, chosen)
        else:
            st.caption(_("Tick photographs to change or delete several at once."))
    if chosen:
        with st.expander(_("Move what is chosen, or date it anew")):
            _ask_changes(library, chosen, subjects=subjects)


def delete_selected(library: Library, photos: Sequence[Photo]) -> None:
    """Put photographs aside, and say so with what that means."""
    baselines = set(library.catalog.baselines().values())
    counted = ngettext("{count} photograph was", "{count} photographs were", len(photos))
    told = _("{photographs} deleted.", photographs=counted)
    if any(photo.digest in baselines for photo in photos):
        told += " " + _(
            "A baseline is among them: the numbers of its view are taken anew in the zones "
            "of the next photograph, and come back with it."
        )
    digests = [photo.digest for photo in photos]

    def act() -> Undo:
        with progress_bar(_("Deleting"), N_("Deleted {done} of {of}")) as tell:
            return delete_photos(library, digests, on_progress=tell)

    keep(act, told)


def _tick(photos: Sequence[Photo], chosen: bool) -> None:
    for photo in photos:
        st.session_state[selection_key(photo.digest)] = chosen


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
            format_func=format_view,
            placeholder=asis,
            key=f"several_view_{form_generation()}",
        )
        day = right.date_input(
            _("Day"),
            None,
            min_value=EARLIEST_DAY,
            max_value=dt.date.today(),
            format="YYYY-MM-DD",
            help=_("Left empty, each keeps its own. The time of day stays."),
            key=f"several_day_{form_generation()}",
        )
        subject = left.selectbox(
            _("Subject"),
            subjects,
            index=None,
            placeholder=asis,
            key=f"several_subject_{form_generation()}",
        )
        hair = right.selectbox(
            _("Hair"),
            list(HairState),
            index=None,
            format_func=format_hair_state,
            placeholder=asis,
            key=f"several_hair_{form_generation()}",
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
    counted = ngettext("{count} photograph was", "{count} photographs were", len(chosen))

    def act() -> Undo:
        with progress_bar(_("Changing"), N_("Changed {done} of {of}")) as tell:
            return change_photos(library, digests, on_progress=tell, **changes)

    keep(act, _("{photographs} changed.", photographs=counted))


_DELETED_CARD_PX = 164
_AT_ONCE = 24


def show_deleted(library: Library) -> None:
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
            _show_deleted_card(library, photo)
    if len(photos) > _AT_ONCE:
        rest = ngettext("{count} photograph", "{count} photographs", len(photos) - _AT_ONCE)
        st.caption(_("{rest} more, deleted earlier.", rest=rest))
    if len(photos) > 1 and st.button(_("Bring all back"), icon=":material/undo:"):
        _bring_back(library, photos)
    _offer_purge(library, subject, photos)


def _deleted_at(photo: Photo) -> dt.datetime:
    return photo.deleted_at or dt.datetime.min.replace(tzinfo=dt.UTC)


def _show_deleted_card(library: Library, photo: Photo) -> None:
    with st.container(border=True, width=_DELETED_CARD_PX, gap="small"):
        small = thumbnail(library, photo.digest)
        if small is not None:
            st.image(data_uri(small), alt=name_photo(photo), width="stretch")
        st.markdown(quote(name_photo(photo)))
        day = format_day(_deleted_at(photo).astimezone().date())
        st.caption(_("deleted on {day}", day=day))
        key = f"restore_{photo.digest}_{form_generation()}"
        if st.button(_("Bring back"), key=key, width="stretch"):
            _bring_back(library, [photo])


def _bring_back(library: Library, photos: Sequence[Photo]) -> None:
    def act() -> None:
        for photo in photos:
            restore_photo(library, photo.digest)

    counted = ngettext("{count} photograph is", "{count} photographs are", len(photos))
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
        sure = st.checkbox(
            _("I want it gone for good"), key=f"sure_purge_{form_generation()}"
        )
        choices = (
            (
                old,
                UNDO_DAYS,
                _("Remove what was deleted over {days} days ago", days=UNDO_DAYS),
            ),
            (len(photos), 0, _("Remove all that is deleted now")),
        )
        for count, days, label in choices:
            counted = ngettext("{count} photograph", "{count} photographs", count)
            if st.button(f"{label} ({counted})", disabled=not sure or not count):
                _purge(library, subject, days=days)


def _purge(library: Library, subject: str, *, days: int) -> None:
    gone = len(_due(library, subject, days))
    counted = ngettext("{count} photograph was", "{count} photographs were", gone)

    def act() -> None:
        purge_photos(library, days=days, subject=subject)

    keep(act, _("{photographs} removed for good.", photographs=counted))


def _due(library: Library, subject: str, days: int) -> list[Photo]:
    latest = dt.datetime.now(dt.UTC) - dt.timedelta(days=days)
    photos = library.catalog.photos(subject=subject, deleted=True)
    return [photo for photo in photos if _deleted_at(photo) <= latest]
