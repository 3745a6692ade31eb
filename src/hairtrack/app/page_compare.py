"""Compare: two visits of one view, laid over each other."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import streamlit as st

from hairtrack.app import study, words
from hairtrack.app.cache import cached, cached_query
from hairtrack.app.frame import choose_subject, choose_view, on_library
from hairtrack.app.language import N_, _
from hairtrack.app.scales import Scale, choose_scale
from hairtrack.app.viewer import Mode, show_viewer
from hairtrack.change.explanations import describe_change
from hairtrack.records import View
from hairtrack.workflows import Library, ProgressRow, progress
from hairtrack.workflows.showing import ShownChange, list_shots, show_change

__all__ = ["PATH", "show"]

PATH = "compare"

_MODES = {
    N_("Slider"): Mode.SLIDER,
    N_("Side by side"): Mode.BESIDE,
    N_("Blink"): Mode.BLINK,
    N_("Overlay"): Mode.OVERLAY,
}
_MAP = N_("Map of change")


@on_library
def show(library: Library) -> None:
    """Show two visits of one subject and view."""
    st.title(_("Compare"), anchor=False)
    rows = [row for row in cached_query(progress, library) if row.visible_scalp is not None]
    series = {(row.subject, row.view) for row in rows}
    ready = {one for one in series if sum((r.subject, r.view) == one for r in rows) > 1}
    if not ready:
        st.info(
            _(
                "Two measured visits of the same view are needed before they can be "
                "compared."
            ),
            icon=":material/info:",
        )
        return
    subject = choose_subject(sorted({subject for subject, _ in ready}))
    view = choose_view([view for view in View if (subject, view) in ready])
    visits = [row for row in rows if row.subject == subject and row.view == view]
    first, last = _choose_visits(visits)
    if first.visit == last.visit:
        st.info(_("Choose two different visits."), icon=":material/info:")
        return
    scale = choose_scale()
    difference = st.container(border=True)
    way = _choose_way()
    even = way != _MAP and _choose_light()
    with st.spinner(_("Laying both visits over each other")):
        found = _look(library, first, last, even_light=even)
    with difference:
        _show_difference(found, scale)
    if way == _MAP:
        study.show_map(library, found, scale)
    else:
        _show_pictures(found, _MODES[way], even_light=even)
    study.offer_exports(library, found, even_light=even)


def _choose_visits(visits: Sequence[ProgressRow]) -> tuple[ProgressRow, ProgressRow]:
    """Let the person pick an earlier and a later visit; the ends are preset."""
    by_day = {row.visit: row for row in visits}
    days = list(by_day)
    series = f"{visits[0].subject}_{visits[0].view}"
    columns = st.columns(2)
    titles = (N_("Earlier visit"), N_("Later visit"))
    chosen = []
    for column, title, start in zip(columns, titles, (0, len(days) - 1), strict=True):
        key = f"{title}_{series}"
        if st.session_state.get(key) not in days:
            st.session_state.pop(key, None)
        with column:
            day = st.selectbox(
                _(title),
                days,
                index=start,
                format_func=lambda d: _name_visit(d, first=days[0]),
                key=key,
                persist_state="session",
            )
        chosen.append(by_day[day])
    before, after = sorted(chosen, key=lambda row: row.visit)
    return before, after


def _name_visit(day: dt.date, *, first: dt.date) -> str:
    weeks = round((day - first).days / 7)
    return _("{day} (week {week})", day=words.tell_day(day), week=weeks)


def _look(
    library: Library, first: ProgressRow, last: ProgressRow, *, even_light: bool
) -> ShownChange:
    """Make the pictures once for each set of photographs and method."""
    shots = cached_query(list_shots, library, subject=first.subject, view=first.view)
    days = {first.visit, last.visit}
    digests = tuple(shot.identity for shot in shots if shot.photo.visit in days)
    return cached(
        lambda: show_change(
            library,
            view=first.view,
            subject=first.subject,
            first=first.visit,
            last=last.visit,
            even_light=even_light,
        ),
        "changes",
        digests,
        even_light,
        max_entries=12,
    )


def _choose_way() -> str:
    return st.radio(
        _("Show as"),
        (*_MODES, _MAP),
        format_func=_,
        horizontal=True,
        key="compare_way",
        persist_state="session",
    )


def _choose_light() -> bool:
    return st.toggle(
        _("Make both equally bright"),
        value=True,
        key="even_light",
        persist_state="session",
        help=_(
            "Only for the eye; the numbers come from the photographs as they were taken."
        ),
    )


def _show_difference(found: ShownChange, scale: Scale) -> None:
    change = found.change
    st.subheader(scale.tell_change(change.delta_pp, change.interval_pp), anchor=False)
    told = _(
        "{scale}: {first} on {first_day} and {last} on {last_day}.",
        scale=_(scale.value),
        first=scale.tell_level(found.first.visible_scalp),
        first_day=words.tell_day(found.first.visit),
        last=scale.tell_level(found.last.visible_scalp),
        last_day=words.tell_day(found.last.visit),
    )
    st.write(told)
    st.write(words.escape(describe_change(change)))
    st.caption(
        _(
            "These are two visits alone. Whether the course as a whole has changed is on "
            "the Progress page."
        )
    )
    for row in (found.first, found.last):
        if row.flags:
            doubts = ", ".join(words.tell_flag(flag) for flag in row.flags)
            day = words.tell_day(row.visit)
            st.caption(_("Doubts on {day}: {doubts}.", day=day, doubts=doubts))


def _show_pictures(found: ShownChange, mode: Mode, *, even_light: bool) -> None:
    show_viewer(
        found.first_picture,
        found.last_picture,
        mode=mode,
        labels=(words.tell_day(found.first.visit), words.tell_day(found.last.visit)),
        size=found.size,
        key="compare_viewer",
    )
    light = (
        _("The later picture is made as bright as the earlier one, for the eye only.")
        if even_light
        else _("Light and colour are as taken.")
    )
    moved = _(
        "One photograph of each visit, moved to lie over the baseline of this view. Only "
        "the pictures are moved: every number comes from the photographs as they were "
        "taken."
    )
    st.caption(f"{moved} {light}")
