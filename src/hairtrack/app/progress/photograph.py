"""The photograph behind a point of the chart: chosen there, by name, or step by step."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import nullcontext

import streamlit as st

from hairtrack.app.formatting import Scale, capitalize, escape, format_flag, format_zone
from hairtrack.app.i18n import _, format_day, format_number, translate
from hairtrack.app.pictures import cached_overlay, cached_photo, show_picture
from hairtrack.app.progress.data import describe_zones
from hairtrack.change.records import Assessment
from hairtrack.errors import HairtrackError
from hairtrack.records import View
from hairtrack.workflows import Library
from hairtrack.workflows.series import PhotoResult, Series

__all__ = ["find_opened", "open_picked", "show_photograph"]

_PICTURE_PX = 1000


def find_opened(series: Series) -> str | None:
    """Return the digest of the photograph that is opened, if it is one of the series."""
    chosen = st.session_state.get(_name(series.view))
    known = any(shot.photo.digest == chosen for shot in series.photos)
    return chosen if known else None


def open_picked(series: Series, picked: Sequence[object]) -> None:
    """Open the photograph of a point that was picked; a browser's word is not trusted."""
    known = {shot.photo.digest for shot in series.photos}
    found = [one.get("photo") for one in picked if isinstance(one, dict)]
    if found and found[0] in known:
        st.session_state[_name(series.view)] = found[0]


def show_photograph(library: Library, series: Series, scale: Scale) -> None:
    """Show the photograph that is opened, with what was measured in it."""
    shots = {shot.photo.digest: shot for shot in series.photos}
    titles = _describe_titles(series.photos)
    if find_opened(series) is None:
        st.session_state.pop(_name(series.view), None)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        opened = st.selectbox(
            _("Photograph to show"),
            list(shots),
            index=None,
            format_func=lambda digest: titles.get(digest, digest),
            placeholder=_("Choose one, or click a point of the chart"),
            key=_name(series.view),
            width=340,
        )
        for told, step in ((_("Previous"), -1), (_("Next"), 1)):
            to = _step(list(shots), opened, step)
            st.button(
                told,
                key=f"photo_step_{step}",
                disabled=to is None,
                on_click=_open,
                args=(series.view, to),
            )
    if opened is not None:
        _show_opened(library, series, shots[opened], titles[opened], scale)


def _show_opened(
    library: Library, series: Series, shot: PhotoResult, title: str, scale: Scale
) -> None:
    with st.container(border=True):
        left, right = st.columns([3, 2], gap="medium")
        with right:
            st.subheader(title, anchor=False)
            _describe_numbers(series, shot, scale)
            measured = shot.measured
            drawn = measured and st.toggle(
                _("Measured outline"), value=True, key="photo_outline"
            )
        with left:
            _show_picture(library, shot, title, drawn=drawn)


def _show_picture(library: Library, shot: PhotoResult, title: str, *, drawn: bool) -> None:
    """Show the photograph at once, and what was measured over it as soon as it is drawn."""
    place = st.empty()
    key = shot.photo.digest, *shot.made_by
    ready = st.session_state.setdefault("overlays_drawn", set())
    try:
        if not drawn or key not in ready:
            with place:
                alt = _("The photograph of {photograph}", photograph=title)
                plain = cached_photo(library, shot.photo.digest, longest=_PICTURE_PX)
                show_picture(plain, alt=alt)
        if drawn:
            waiting = (
                nullcontext() if key in ready else st.spinner(_("Drawing the outline"))
            )
            with waiting:
                picture = cached_overlay(library, shot, longest=_PICTURE_PX)
            ready.add(key)
            with place:
                alt = _("Outline of the measured scalp, {photograph}", photograph=title)
                show_picture(picture, alt=alt)
    except HairtrackError as error:
        st.caption(escape(error.message))


def _describe_numbers(series: Series, shot: PhotoResult, scale: Scale) -> None:
    found = shot.measurement
    if found is None:
        st.write(_("Not measured yet by this version of the method."))
        return
    if found.refused is not None:
        st.markdown(escape(found.refused))
        return
    zone = found.zone(series.zone)
    if zone is None or zone.visible_scalp is None:
        st.write(_("This part of the head does not show enough to be measured."))
    else:
        part = format_zone(series.zone)
        st.metric(f"{_(scale.value)}: {part}", scale.format_level(zone.visible_scalp))
        if zone.standard_error is not None:
            half = format_number(196 * zone.standard_error)
            st.caption(_("This level is known to ± {points} points (95 %).", points=half))
    for doubt in _list_doubts(series, shot):
        st.markdown(f"- {escape(doubt)}")


def _list_doubts(series: Series, shot: PhotoResult) -> list[str]:
    """Say what is doubtful about a photograph, and about its visit beside the others."""
    from hairtrack.imaging.quality import ADVICE

    flags = shot.measurement.quality.flags if shot.measurement else ()
    doubts = [
        f"{capitalize(format_flag(flag))}. {translate(str(ADVICE[flag]))}" for flag in flags
    ]
    if series.assessment is not None:
        doubts += _doubt_visit(series.assessment, series, shot)
    return doubts


def _doubt_visit(course: Assessment, series: Series, shot: PhotoResult) -> list[str]:
    day = shot.photo.visit
    told = []
    valued = [one.photo.digest for one in series.photos if _has_value(one, series, shot)]
    outliers = [visit.outliers for visit in course.visits if visit.day == day]
    if outliers and valued.index(shot.photo.digest) in outliers[0]:
        told.append(_("It differs from the others of its visit by more than repeats do."))
    for reasons, text in (
        (course.left_out, _("Its visit is left out of the course: {reason}.")),
        (course.doubtful, _("Its visit counts for less: {reason}.")),
    ):
        told += [text.format(reason=translate(why)) for at, why in reasons if at == day]
    return told


def _has_value(one: PhotoResult, series: Series, like: PhotoResult) -> bool:
    zone = one.measurement.zone(series.zone) if one.measurement else None
    same = one.photo.visit == like.photo.visit
    return same and zone is not None and zone.visible_scalp is not None


def _describe_titles(shots: Sequence[PhotoResult]) -> dict[str, str]:
    """Return digest -> "3 March 2025, photograph 1 of 3"."""
    days = {shot.photo.digest: format_day(shot.photo.visit) for shot in shots}
    return {
        digest: f"{days[digest]}, {place}"
        for digest, place in describe_zones(shots).items()
    }


def _step(digests: Sequence[str], opened: str | None, step: int) -> str | None:
    """Return the neighbour of a photograph; from none the latest, or the first."""
    if opened is None:
        return digests[-1 if step < 0 else 0]
    place = digests.index(opened) + step
    return digests[place] if 0 <= place < len(digests) else None


def _open(view: View, digest: str | None) -> None:
    st.session_state[_name(view)] = digest


def _name(view: View) -> str:
    return f"photo_{view}"
