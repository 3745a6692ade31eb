"""Is a visit complete? Said with marks and in words, view by view."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence

import streamlit as st

from hairtrack.app import words
from hairtrack.app.language import _
from hairtrack.records import SHOTS, View
from hairtrack.workflows import Library
from hairtrack.workflows.importing import ViewShots, count_shots

__all__ = ["show"]

_MAX_VISITS = 4


def show(
    library: Library,
    offered: Mapping[dt.date, Sequence[View]],
    *,
    subject: str,
    refused: Collection[str] = (),
) -> None:
    """Say for each of some visits which views have how many of their photographs.

    Parameters
    ----------
    library : Library
        Open library.
    offered : mapping
        Visit -> views of photographs that are not in the library yet; of many visits
        the latest are told.
    subject : str
        Whose visits.
    refused : collection of str
        Digests of photographs that cannot be measured.
    """
    photos = library.catalog.photos(subject=subject) if offered else []
    for day in sorted(offered)[-_MAX_VISITS:]:
        counts = count_shots(photos, day, refused=refused, offered=offered[day])
        if counts:
            _show_visit(day, counts)


def _show_visit(day: dt.date, counts: Sequence[ViewShots]) -> None:
    missing = [one for one in counts if one.missing]
    with st.container(border=True):
        told = _("Visit of {day}", day=words.tell_day(day))
        st.markdown(f"**{words.escape(told)}**")
        with st.container(horizontal=True, gap="small"):
            for one in counts:
                _show_view(one)
        if not missing:
            st.caption(_("Complete: three photographs of each view."))
            return
        wanted = "; ".join(_tell_missing(one) for one in missing)
        st.markdown(
            words.escape(
                _("Still wanted, combed anew before each: {wanted}.", wanted=wanted)
            )
        )


def _show_view(one: ViewShots) -> None:
    view = words.escape(words.tell_view(one.view))
    told = _("{view}: {shots} of {wanted}", view=view, shots=one.shots, wanted=SHOTS)
    if one.shots > SHOTS:
        told = _(
            "{view}: {shots}, more than {wanted}", view=view, shots=one.shots, wanted=SHOTS
        )
    if one.missing:
        icon = f":material/{_PART[min(one.shots, SHOTS)]}:"
        st.badge(told, color="orange", icon=icon)
    else:
        st.badge(told, color="blue", icon=":material/check_circle:")


_PART = ("circle", "clock_loader_40", "clock_loader_60", "check_circle")


def _tell_missing(one: ViewShots) -> str:
    return _("{view}: {count} more", view=words.tell_view(one.view), count=one.missing)
