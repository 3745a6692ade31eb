"""What became of added photographs: measured or not, with which doubts, and why."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from contextlib import suppress

import streamlit as st

from hairtrack.app.cache import cached, cached_query
from hairtrack.app.formatting import escape, format_percent, format_view
from hairtrack.app.frame import delayed_progress_bar
from hairtrack.app.i18n import _, format_day, format_number, ngettext
from hairtrack.app.pictures import cached_overlay, cached_photo, show_picture
from hairtrack.app.upload.checks import show_completeness, show_flag, show_flags
from hairtrack.app.upload.outline import offer_correction
from hairtrack.errors import HairtrackError
from hairtrack.records import WHOLE, View
from hairtrack.workflows import Library
from hairtrack.workflows.importing import ImportResult
from hairtrack.workflows.previews import FlagPicture, draw_flag_pictures
from hairtrack.workflows.series import PhotoResult, find_photo_results

__all__ = ["show_results"]

_DRAWN_AT_ONCE = 9


def show_results(library: Library, taken: Sequence[ImportResult]) -> None:
    """Show one card for each file that was offered, those not taken at the end."""
    digests = tuple(one.digest for one in taken if one.digest)
    shots = cached_query(find_photo_results, library, digests=digests)
    st.subheader(_summarize(taken, shots), anchor=False)
    _show_visits(library, shots)
    draw = len(taken) <= _DRAWN_AT_ONCE or st.toggle(
        _("Draw what was measured over each photograph"), key="draw_overlays"
    )
    _prepare(library, shots, draw=draw)
    for one in taken:
        with st.container(border=True):
            if one.digest is None or one.digest not in shots:
                _show_refused(one)
            else:
                _show_shot(library, one, shots[one.digest], draw=draw)


def _prepare(library: Library, shots: Mapping[str, PhotoResult], *, draw: bool) -> None:
    """Draw all pictures before any is shown, so that the page comes at once."""
    with delayed_progress_bar(_describe_drawing) as report:
        for number, shot in enumerate(shots.values()):
            report(number, len(shots))
            with suppress(HairtrackError):  # told in the picture's place
                _find_picture(library, shot, draw=draw)
                _find_doubts(library, shot)


def _describe_drawing(done: int, of: int) -> str:
    return _("Drawing what was measured: {done} of {of}", done=done, of=of)


def _show_visits(library: Library, shots: Mapping[str, PhotoResult]) -> None:
    """Say of each visit that got photographs whether it is complete."""
    refused = {digest for digest, shot in shots.items() if not _counts(shot)}
    visited = {(shot.photo.subject, shot.photo.visit) for shot in shots.values()}
    for subject in sorted({subject for subject, _day in visited}):
        days: dict[dt.date, list[View]] = {
            day: [] for whose, day in visited if whose == subject
        }
        show_completeness(library, days, subject=subject, refused=refused)


def _counts(shot: PhotoResult) -> bool:
    """Say whether a photograph counts for its visit: it has a number, or waits for one."""
    return shot.measurement is None or shot.measurement.refused is None


def _summarize(taken: Sequence[ImportResult], shots: Mapping[str, PhotoResult]) -> str:
    """Say in one line what became of everything."""
    found = [shots.get(one.digest or "") for one in taken if one.new]
    measured = sum(shot is not None and shot.measured for shot in found)
    new = sum(one.new for one in taken)
    count = ngettext("{count} photograph", "{count} photographs", new)
    parts = [_("{count} added, {measured} measured", count=count, measured=measured)]
    known = sum(one.digest is not None and not one.new for one in taken)
    if known:
        parts.append(_("{count} already in the library", count=known))
    refused = sum(one.digest is None for one in taken)
    if refused:
        parts.append(_("{count} not taken", count=refused))
    return "; ".join(parts)


def _show_refused(one: ImportResult) -> None:
    st.badge(_("Not taken"), color="orange", icon=":material/block:")
    st.text(one.name)
    st.markdown(escape(one.refused or _("It could not be found in the library.")))


def _show_shot(
    library: Library, one: ImportResult, shot: PhotoResult, *, draw: bool
) -> None:
    left, right = st.columns([4, 6], gap="medium")
    with left:
        _show_drawn(library, shot, draw=draw)
    with right:
        _show_status(one, shot)
        st.text(one.name)
        photo = shot.photo
        st.caption(f"{format_view(photo.view)}, {format_day(photo.visit)}")
        _show_result(library, shot)
    with st.container():
        offer_correction(library, shot)


def _show_drawn(library: Library, shot: PhotoResult, *, draw: bool) -> None:
    day = format_day(shot.photo.visit)
    try:
        picture = _find_picture(library, shot, draw=draw)
    except HairtrackError as error:
        st.caption(escape(error.message))
        return
    if draw and shot.measured:
        show_picture(picture, alt=_("Outline of the measured scalp, {day}", day=day))
    else:
        show_picture(picture, alt=_("The photograph of {day}", day=day))


def _find_picture(library: Library, shot: PhotoResult, *, draw: bool) -> bytes:
    digest = shot.photo.digest
    if not (draw and shot.measured):
        return cached_photo(library, digest, longest=700)
    return cached_overlay(library, shot, longest=900)


def _find_doubts(library: Library, shot: PhotoResult) -> tuple[FlagPicture, ...]:
    return cached(
        lambda: draw_flag_pictures(library, shot.measurement) if shot.measurement else (),
        "doubts",
        shot.photo.digest,
        shot.made_by,
    )


def _show_status(one: ImportResult, shot: PhotoResult) -> None:
    """Say in a word, an icon and a colour how it went; the word alone is enough."""
    found = shot.measurement
    with st.container(horizontal=True, gap="small"):
        if found is None:
            st.badge(_("Not measured yet"), color="gray", icon=":material/hourglass:")
        elif found.refused is not None:
            st.badge(_("Kept, not measured"), color="orange", icon=":material/block:")
        elif found.quality.flags:
            st.badge(_("Measured, with doubts"), color="orange", icon=":material/warning:")
        else:
            st.badge(_("Measured"), color="blue", icon=":material/check_circle:")
        if not one.new:
            st.badge(_("Already in the library"), color="gray", icon=":material/check:")


def _show_result(library: Library, shot: PhotoResult) -> None:
    found = shot.measurement
    if found is None:
        told = _(
            "It could not be measured this time; the Progress page offers to try again."
        )
        st.markdown(escape(told))
        return
    if found.refused is not None:
        st.markdown(escape(found.refused))
    whole = found.zone(WHOLE)
    if found.refused is None and whole is not None:
        st.metric(_("Visible scalp"), format_percent(whole.visible_scalp))
        if whole.standard_error is not None:
            known = format_number(100 * 1.96 * whole.standard_error)
            st.caption(_("This level is known to ± {points} points (95 %).", points=known))
    try:
        drawn = _find_doubts(library, shot)
    except HairtrackError:
        drawn = ()  # what is lost on disk is told in the picture's place
    show_flags(drawn)
    for flag in found.quality.flags:
        if flag not in {one.flag for one in drawn}:
            show_flag(flag)
