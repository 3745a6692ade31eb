"""The photograph behind a point of the chart, shown beside it, with what was measured."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import nullcontext

import streamlit as st

from hairtrack.app.chart_rows import number_photos
from hairtrack.app.formatting import (
    capitalize,
    escape,
    format_flag,
    format_percent,
    format_zone,
)
from hairtrack.app.i18n import _, format_day, format_number, translate
from hairtrack.app.pictures import cached_overlay, cached_photo, show_picture
from hairtrack.change.records import Assessment
from hairtrack.errors import HairtrackError
from hairtrack.records import View
from hairtrack.workflows import Library
from hairtrack.workflows.series import PhotoResult, Series

__all__ = ["find_opened", "open_photo", "open_picked", "show_photograph"]

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
        open_photo(series.view, found[0])


def open_photo(view: View, digest: str | None) -> None:
    """Open a photograph, or with `None` close the one that is open."""
    st.session_state[_name(view)] = digest


def show_photograph(library: Library, series: Series) -> None:
    """Show the photograph that is opened, and the way to the next one."""
    digests = [shot.photo.digest for shot in series.photos]
    opened = find_opened(series)
    if opened is None:
        return
    place = digests.index(opened)
    shot = series.photos[place]
    title = f"{format_day(shot.photo.visit)}, {number_photos(series.photos)[opened]}"
    st.subheader(title, anchor=False)
    outline = shot.measured and st.checkbox(
        _("Measured outline"), value=True, key="photo_outline"
    )
    _show_picture(library, shot, title, outline=outline)
    with st.container(horizontal=True):
        steps = (_("Previous"), place - 1), (_("Next"), place + 1)
        for told, to in steps:
            st.button(
                told,
                disabled=not 0 <= to < len(digests),
                on_click=open_photo,
                args=(series.view, digests[to % len(digests)]),
            )
        st.button(_("Close"), on_click=open_photo, args=(series.view, None))
    _describe_numbers(series, shot)


def _show_picture(
    library: Library, shot: PhotoResult, title: str, *, outline: bool
) -> None:
    """Show the photograph at once, and its outline as soon as that is drawn."""
    place = st.empty()
    key = shot.photo.digest, *shot.made_by
    ready = st.session_state.setdefault("overlays_drawn", set())
    try:
        if not outline or key not in ready:
            with place:
                alt = _("The photograph of {photograph}", photograph=title)
                plain = cached_photo(library, shot.photo.digest, longest=_PICTURE_PX)
                show_picture(plain, alt=alt)
        if outline:
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


def _describe_numbers(series: Series, shot: PhotoResult) -> None:
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
        told = _(
            "{zone}: {level} visible scalp in this one photograph.",
            zone=format_zone(series.zone),
            level=format_percent(zone.visible_scalp),
        )
        if zone.standard_error is not None:
            half = format_number(196 * zone.standard_error)
            told += " " + _("The level is known to ± {points} points.", points=half)
        st.caption(told)
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
        (course.left_out, _("Its visit is left out: {reason}.")),
        (course.doubtful, _("Its visit counts for less: {reason}.")),
    ):
        told += [text.format(reason=translate(why)) for at, why in reasons if at == day]
    return told


def _has_value(one: PhotoResult, series: Series, like: PhotoResult) -> bool:
    zone = one.measurement.zone(series.zone) if one.measurement else None
    same = one.photo.visit == like.photo.visit
    return same and zone is not None and zone.visible_scalp is not None


def _name(view: View) -> str:
    return f"photo_{view}"
