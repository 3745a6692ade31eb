"""Compare: two visits over each other, the map of change, pictures to share."""

from __future__ import annotations

import enum
from collections.abc import Callable, Sequence
from functools import partial
from typing import TypeVar

import streamlit as st

from hairtrack.app.cache import cached, cached_query
from hairtrack.app.formatting import (
    escape,
    format_change,
    format_flag,
    format_percent,
    format_view,
    format_zone,
)
from hairtrack.app.frame import choose_subject, make_component, on_library, progress_bar
from hairtrack.app.i18n import N_, _, current_language, format_day, format_number, ngettext
from hairtrack.app.pictures import data_uri, show_picture
from hairtrack.change.explanations import describe_change
from hairtrack.records import View
from hairtrack.workflows import Library, VisitSummary, default_folder, progress
from hairtrack.workflows.comparison import (
    ChangeMap,
    Comparison,
    TimeLapse,
    compare,
    compare_zones,
    draw_comparison,
    make_time_lapse,
    map_change,
    render_pair,
)
from hairtrack.workflows.series import list_photo_results

__all__ = ["Mode", "show", "show_viewer"]

Found = TypeVar("Found")


class Mode(enum.StrEnum):
    """How two pictures are held against each other."""

    SLIDER = "slider"
    BESIDE = "beside"
    BLINK = "blink"
    OVERLAY = "overlay"


def show_viewer(
    first: bytes,
    last: bytes,
    *,
    mode: Mode,
    labels: tuple[str, str],
    size: tuple[int, int],
    key: str,
) -> None:
    """Show two pictures of one frame.

    Parameters
    ----------
    first, last : bytes
        JPEG of the same size.
    mode : Mode
        How.
    labels : (str, str)
        What each is, a date for instance.
    size : (int, int)
        Width and height of the pictures, px.
    key : str
        Identity of this viewer on its page.
    """
    make_component("viewer")(
        key=key,
        data={
            "mode": mode.value,
            "first": data_uri(first),
            "last": data_uri(last),
            "first_label": labels[0],
            "last_label": labels[1],
            "first_alt": _("The head on {day}", day=labels[0]),
            "last_alt": _("The head on {day}", day=labels[1]),
            "width": size[0],
            "height": size[1],
            "label": _("How much of the earlier visit is shown; arrow keys move it"),
            "stage_label": _("Both visits; plus and minus zoom, arrow keys move"),
            "share": _("left {share} per cent: {first}; the rest: {last}"),
            "mix": _("{share} per cent of the later visit"),
            "mix_label": _("Later visit shows through"),
            "larger": _("Zoom in"),
            "smaller": _("Zoom out"),
            "start": _("Start blinking"),
            "stop": _("Stop blinking"),
        },
    )


_MODES = {
    N_("Slider"): Mode.SLIDER,
    N_("Side by side"): Mode.BESIDE,
    N_("Blink"): Mode.BLINK,
    N_("Overlay"): Mode.OVERLAY,
}
_MAP = N_("Map of change")
_LAPSE = N_("Time-lapse")

_CHOICE_PX = 171
"""Width of a choice: two fit side by side on a phone."""


@on_library
def show(library: Library) -> None:
    """Show two visits of one subject and view."""
    st.title(_("Compare"), anchor=False)
    rows = [row for row in cached_query(progress, library) if row.visible_scalp is not None]
    series = {(row.subject, row.view) for row in rows}
    ready = {one for one in series if sum((r.subject, r.view) == one for r in rows) > 1}
    if not ready:
        st.info(
            _("You can compare once the same view was measured on two visits."),
            icon=":material/info:",
        )
        return
    subject = choose_subject(sorted({subject for subject, _ in ready}))
    with st.container(horizontal=True):
        view = _choose_view([view for view in View if (subject, view) in ready])
        way = st.selectbox(
            _("Show as"),
            (*_MODES, _MAP, _LAPSE),
            format_func=_,
            key="compare_way",
            persist_state="session",
            width=_CHOICE_PX,
        )
        visits = [row for row in rows if row.subject == subject and row.view == view]
        first = _choose_visit(visits, _("Earlier visit"), start=0)
        last = _choose_visit(visits, _("Later visit"), start=len(visits) - 1)
    if first.visit == last.visit:
        st.info(_("Choose two different visits."), icon=":material/info:")
        return
    first, last = sorted((first, last), key=lambda row: row.visit)
    _show_two(library, first, last, way)


def _choose_view(views: Sequence[View]) -> View:
    preset = st.session_state.get("view")
    if st.session_state.get("compare_view") not in views:
        st.session_state.pop("compare_view", None)
    return st.selectbox(
        _("View"),
        views,
        index=views.index(preset) if preset in views else 0,
        format_func=format_view,
        key="compare_view",
        persist_state="session",
        width=_CHOICE_PX,
    )


def _choose_visit(
    visits: Sequence[VisitSummary], title: str, *, start: int
) -> VisitSummary:
    by_day = {row.visit: row for row in visits}
    days = list(by_day)
    key = f"visit_{start > 0}_{visits[0].subject}_{visits[0].view}"
    if st.session_state.get(key) not in days:
        st.session_state.pop(key, None)
    day = st.selectbox(
        title,
        days,
        index=start,
        format_func=format_day,
        key=key,
        persist_state="session",
        width=_CHOICE_PX,
    )
    return by_day[day]


def _show_two(library: Library, first: VisitSummary, last: VisitSummary, way: str) -> None:
    body, tools = st.container(), st.container(horizontal=True, vertical_alignment="center")
    shown: tuple[str, ...] = ()
    even = False
    with tools:
        if way in _MODES:
            even = _choose_light()
            shown = _choose_photos(library, first, last)
    with body:
        found = _cached("comparisons", compare, library, first, last)
        _show_difference(found)
        if way == _MAP:
            _show_map(library, found)
        elif way == _LAPSE:
            _show_lapse(library, found)
        else:
            _show_pictures(library, found, _MODES[way], even=even, shown=shown)
    if way in _MODES:
        _offer_sheets(library, found, even_light=even, shown=shown)
    _show_details(found)


def _cached(
    name: str,
    make: Callable[..., Found],
    library: Library,
    first: VisitSummary,
    last: VisitSummary,
    /,
    **given: object,
) -> Found:
    """Return what `make` makes of two visits, once for each state of the library."""
    return cached(
        lambda: make(
            library,
            subject=first.subject,
            view=first.view,
            first=first.visit,
            last=last.visit,
            **given,
        ),
        name,
        library.catalog.state(),
        (first.subject, first.view, first.visit, last.visit),
        tuple((key, value) for key, value in given.items() if not callable(value)),
        max_entries=12,
    )


def _choose_light() -> bool:
    return st.toggle(
        _("Same brightness"),
        value=True,
        key="even_light",
        persist_state="session",
        help=_("Changes only the pictures on the screen, never a number."),
    )


def _choose_photos(
    library: Library, first: VisitSummary, last: VisitSummary
) -> tuple[str, ...]:
    """Let the person choose which photograph of a visit is shown; the best is preset."""
    chosen = []
    shots = cached_query(
        list_photo_results, library, subject=first.subject, view=first.view
    )
    by_day = {
        row.visit: [s.photo for s in shots if s.measured and s.photo.visit == row.visit]
        for row in (first, last)
    }
    if all(len(photos) < 2 for photos in by_day.values()):
        return ()
    with st.popover(_("Choose photographs")):
        for day, photos in by_day.items():
            names = {
                photo.digest: f"{photo.taken_at:%H:%M}"
                if photo.taken_at
                else _("no. {number}", number=number)
                for number, photo in enumerate(photos, start=1)
            }
            digest = st.radio(
                format_day(day),
                list(names),
                index=None,
                format_func=names.__getitem__,
                horizontal=True,
                key=f"shown_{first.view}_{day}",
            )
            if digest is not None:
                chosen.append(digest)
    return tuple(chosen)


# ---- the numbers ----------------------------------------------------------------------


def _show_difference(found: Comparison) -> None:
    change = found.change
    told = _uncapitalize(format_change(change.delta_pp, change.interval_pp))
    between = _("Between these two visits: {change}", change=told)
    st.markdown(f"**{escape(between)}**")
    known = found.series.assessment
    trend = known.estimate if known else None
    if trend is None:
        why = _("These are two visits only; the result on Home needs more of them.")
    else:
        trend_told = _uncapitalize(format_change(trend.delta_pp, trend.interval_pp))
        why = _(
            "Home shows the trend of all visits instead ({change}): single visits vary "
            "around it.",
            change=trend_told,
        )
    st.caption(escape(why))


def _uncapitalize(text: str) -> str:
    return text[:1].lower() + text[1:]


def _show_details(found: Comparison) -> None:
    with st.expander(_("Details")):
        for row in (found.first, found.last):
            level = format_percent(row.visible_scalp)
            visit = _("{day} (week {week})", day=row.visit, week=round(row.week))
            told = _("{visit}: visible scalp {level}", visit=visit, level=level)
            if row.flags:
                flags = ", ".join(format_flag(flag) for flag in row.flags)
                told += f" ({flags})"
            st.markdown(escape(told))
        st.markdown(escape(describe_change(found.change)))
        st.caption(
            _(
                "One photograph of each visit is moved so that both lie over each other. "
                "Numbers always come from the photographs as they were taken."
            )
        )


# ---- pictures -------------------------------------------------------------------------


def _show_pictures(
    library: Library, found: Comparison, mode: Mode, *, even: bool, shown: tuple[str, ...]
) -> None:
    with st.spinner(_("Aligning both visits")):
        first, last, size = cached(
            lambda: render_pair(library, found, even_light=even, shown=shown),
            "pairs",
            library.catalog.state(),
            (found.series.subject, found.series.view),
            (found.first.visit, found.last.visit),
            (even, shown),
            max_entries=12,
        )
    show_viewer(
        first,
        last,
        mode=mode,
        labels=(format_day(found.first.visit), format_day(found.last.visit)),
        size=size,
        key="compare_viewer",
    )


def _show_map(library: Library, found: Comparison) -> None:
    """Show where more or less scalp shows, by squares and by zones."""
    left, right = st.columns([6, 5], gap="large")
    with left:
        _show_squares(library, found)
    with right:
        _show_zones(library, found)


def _show_squares(library: Library, found: Comparison) -> None:
    with progress_bar(N_("Comparing photograph {number} of {of}")) as tell:
        mapped = _cached(
            "change maps", map_change, library, found.first, found.last, on_progress=tell
        )
    told = _describe(mapped)
    show_picture(mapped.picture, alt=_("Map of change. {squares}", squares=told))
    st.markdown(escape(told))
    counts = [
        ngettext("{count} photograph", "{count} photographs", number)
        for number in mapped.shots
    ]
    st.caption(
        _(
            "Mean of {first} and {last}. Hair moves from day to day, so the map shows "
            "where to look; the parts of the head are what is measured.",
            first=counts[0],
            last=counts[1],
        )
    )


def _describe(mapped: ChangeMap) -> str:
    """Say the map in words, for those who do not see it and those who do."""
    if mapped.sdc_pp is None:
        return _(
            "{known} squares, none marked: to know what is real, take three photographs "
            "on every visit.",
            known=mapped.known,
        )
    return _(
        "Of {known} squares, less scalp shows in {less} and more in {more} by over {sdc} "
        "points. About 1 in 20 squares does so by chance.",
        known=mapped.known,
        less=mapped.less,
        more=mapped.more,
        sdc=format_number(mapped.sdc_pp),
    )


def _show_zones(library: Library, found: Comparison) -> None:
    zones = _cached("zones", compare_zones, library, found.first, found.last)
    rows = [
        {
            _("Part of the head"): format_zone(zone.first.zone),
            _("Earlier"): format_percent(zone.first.visible_scalp),
            _("Later"): format_percent(zone.last.visible_scalp),
            _("Change"): format_change(zone.change.delta_pp, zone.change.interval_pp),
        }
        for zone in zones
    ]
    st.markdown("**" + _("Visible scalp by part of the head") + "**")
    st.table(rows, hide_index=True, border="horizontal", alt=_("Change of every part"))


# ---- to share -------------------------------------------------------------------------


def _label(row: VisitSummary, *, view: bool = False) -> str:
    level = format_percent(row.visible_scalp)
    told = _("{visit}: visible scalp {level}", visit=row.visit, level=level)
    return f"{format_view(row.view)}, {told}" if view else told


def _hide_faces() -> bool:
    return st.toggle(
        _("Hide faces"),
        value=True,
        key="hide_faces",
        persist_state="session",
        help=_("Everything but the scalp is painted over and cannot be recovered."),
    )


def _offer_sheets(
    library: Library,
    found: Comparison,
    *,
    even_light: bool,
    shown: tuple[str, ...],
) -> None:
    """Offer one picture of both visits, and a sheet with every view."""
    first, last = found.first, found.last
    with st.container(horizontal=True, vertical_alignment="center"):
        hide = _hide_faces()
        draw = partial(
            _draw,
            subject=first.subject,
            first=first.visit,
            last=last.visit,
            hide_faces=hide,
            even_light=even_light,
            shown=shown,
        )
        for title, views, name in (
            (_("Save this view"), [first.view], str(first.view)),
            (_("Save all views"), list(View), "all"),
        ):
            st.download_button(
                title,
                partial(draw, views=views, label=partial(_label, view=True)),
                file_name=f"hairtrack-{name}-{first.visit}-{last.visit}.png",
                mime="image/png",
                on_click="ignore",
                icon=":material/download:",
                key=f"save_{name == 'all'}",
            )


def _draw(**wanted: object) -> bytes:
    """Draw when it is asked for, long after the page was; the library is opened anew."""
    with Library.open(default_folder()) as library:
        return draw_comparison(library, **wanted)  # type: ignore[arg-type]


def _show_lapse(library: Library, found: Comparison) -> None:
    hide = _hide_faces()

    def make(library: Library, *, subject: str, view: View, **_rest: object) -> TimeLapse:
        with progress_bar(N_("Aligning visit {number} of {of}")) as tell:
            return make_time_lapse(
                library,
                subject=subject,
                view=view,
                name_visit=_label,
                hide_faces=hide,
                on_progress=tell,
            )

    lapse = _cached(
        "time-lapses",
        make,
        library,
        found.first,
        found.last,
        hide=hide,
        language=current_language(),
    )
    if lapse.webm is not None:
        st.video(lapse.webm, format="video/webm", width=480)
    name = f"hairtrack-{found.first.view}-{lapse.visits}-visits"
    with st.container(horizontal=True):
        for title, kind, data, mime in (
            (_("Save as GIF"), "gif", lapse.gif, "image/gif"),
            (_("Save as WebM"), "webm", lapse.webm, "video/webm"),
        ):
            if data is not None:
                st.download_button(
                    title,
                    data,
                    file_name=f"{name}.{kind}",
                    mime=mime,
                    on_click="ignore",
                    icon=":material/download:",
                )
    st.caption(
        _(
            "GIF plays in messengers ({size} MB); WebM is smaller and sharper.",
            size=format_number(len(lapse.gif) / 1_000_000),
        )
    )
