"""Compare: two visits over each other, the map of change, files, the time-lapse."""

from __future__ import annotations

import enum
from collections.abc import Sequence

import streamlit as st

from hairtrack.app.cache import cached, cached_query
from hairtrack.app.formatting import (
    Scale,
    choose_scale,
    escape,
    format_flag,
    format_percent,
    format_zone,
)
from hairtrack.app.frame import choose_subject, choose_view, make_component, on_library
from hairtrack.app.i18n import N_, _, current_language, format_day, format_number, ngettext
from hairtrack.app.pictures import data_uri, show_picture
from hairtrack.change.explanations import describe_change
from hairtrack.records import View
from hairtrack.workflows import Library, VisitSummary, default_folder, progress
from hairtrack.workflows.comparison import (
    ChangeMap,
    RenderedComparison,
    export_comparison,
    list_zone_changes,
    make_time_lapse,
    map_change,
    render_comparison,
)
from hairtrack.workflows.series import list_photo_results

__all__ = ["Mode", "offer_exports", "show", "show_map", "show_viewer"]


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
            "first_alt": _("The head on {day}, laid over the baseline", day=labels[0]),
            "last_alt": _("The head on {day}, laid over the baseline", day=labels[1]),
            "width": size[0],
            "height": size[1],
            "label": _(
                "How much of the picture shows the earlier visit; arrow keys move it"
            ),
            "stage_label": _(
                "Both visits; plus and minus change the size of both, arrow keys move both"
            ),
            "share": _("left {share} per cent: {first}; the rest: {last}"),
            "mix": _("{share} per cent of the later visit"),
            "mix_label": _("Later visit shows through"),
            "larger": _("Show larger"),
            "smaller": _("Show smaller"),
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
        show_map(library, found, scale)
    else:
        _show_pictures(found, _MODES[way], even_light=even)
    offer_exports(library, found, even_light=even)


def _choose_visits(visits: Sequence[VisitSummary]) -> tuple[VisitSummary, VisitSummary]:
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
                format_func=lambda day: _name_visit(by_day[day]),
                key=key,
                persist_state="session",
            )
        chosen.append(by_day[day])
    before, after = sorted(chosen, key=lambda row: row.visit)
    return before, after


def _name_visit(row: VisitSummary) -> str:
    """Return "3 March 2025 (week 4)", counted from week 0 like everywhere else."""
    day = format_day(row.visit)
    return _("{day} (week {week})", day=day, week=round(row.week))


def _look(
    library: Library, first: VisitSummary, last: VisitSummary, *, even_light: bool
) -> RenderedComparison:
    """Make the pictures once for each set of photographs and method."""
    shots = cached_query(
        list_photo_results, library, subject=first.subject, view=first.view
    )
    days = {first.visit, last.visit}
    digests = tuple(shot.identity for shot in shots if shot.photo.visit in days)
    return cached(
        lambda: render_comparison(
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


def _show_difference(found: RenderedComparison, scale: Scale) -> None:
    change = found.change
    st.subheader(scale.format_change(change.delta_pp, change.interval_pp), anchor=False)
    told = _(
        "{scale}: {first} on {first_day} and {last} on {last_day}.",
        scale=_(scale.value),
        first=scale.format_level(found.first.visible_scalp),
        first_day=format_day(found.first.visit),
        last=scale.format_level(found.last.visible_scalp),
        last_day=format_day(found.last.visit),
    )
    st.write(told)
    st.write(escape(describe_change(change)))
    st.caption(
        _(
            "These are two visits alone. Whether the course as a whole has changed is on "
            "the Progress page."
        )
    )
    for row in (found.first, found.last):
        if row.flags:
            doubts = ", ".join(format_flag(flag) for flag in row.flags)
            day = format_day(row.visit)
            st.caption(_("Doubts on {day}: {doubts}.", day=day, doubts=doubts))


def _show_pictures(found: RenderedComparison, mode: Mode, *, even_light: bool) -> None:
    show_viewer(
        found.first_picture,
        found.last_picture,
        mode=mode,
        labels=(format_day(found.first.visit), format_day(found.last.visit)),
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


def show_map(library: Library, found: RenderedComparison, scale: Scale) -> None:
    """Show where more or less scalp shows, by zones and by squares."""
    left, right = st.columns([6, 5], gap="large")
    with left:
        _show_squares(library, found)
    with right:
        _show_zones(library, found, scale)


def _show_squares(library: Library, found: RenderedComparison) -> None:
    bar = st.empty()

    def tell(done: int, of: int) -> None:
        told = _("Comparing photograph {number} of {all}", number=done + 1, all=of)
        bar.progress(done / of, text=told)

    first, last = found.first, found.last
    mapped = cached(
        lambda: map_change(
            library,
            subject=first.subject,
            view=first.view,
            first=first.visit,
            last=last.visit,
            on_progress=tell,
        ),
        "change maps",
        _identify(library, found),
        (first.visit, last.visit),
        max_entries=12,
    )
    bar.empty()
    alt = _("Map of change over the baseline. {squares}", squares=_describe(mapped))
    show_picture(mapped.picture, alt=alt)
    st.markdown(escape(_describe(mapped)))
    counts = [
        ngettext("{count} photograph", "{count} photographs", number)
        for number in mapped.shots
    ]
    st.caption(
        _(
            "Mean of {first} and {last}. Hair moves from day to day by more than a square "
            "here and there: the map shows where to look, the zones are what is measured.",
            first=counts[0],
            last=counts[1],
        )
    )


def _describe(mapped: ChangeMap) -> str:
    """Say the map in words, for those who do not see it and those who do."""
    if mapped.sdc_pp is None:
        return _(
            "{known} squares. How far a square differs between repeated photographs is not "
            "known yet, so none is marked: take three photographs on every visit.",
            known=mapped.known,
        )
    return _(
        "Of {known} squares, less scalp shows in {less} and more in {more} by over {sdc} "
        "points, the smallest change that can be told from repeated photographs. About 1 "
        "in 20 squares exceeds it by chance.",
        known=mapped.known,
        less=mapped.less,
        more=mapped.more,
        sdc=format_number(mapped.sdc_pp),
    )


def _show_zones(library: Library, found: RenderedComparison, scale: Scale) -> None:
    first, last = found.first, found.last
    zones = cached_query(
        list_zone_changes,
        library,
        subject=first.subject,
        view=first.view,
        first=first.visit,
        last=last.visit,
    )
    rows = [
        {
            _("Part of the head"): format_zone(zone.zone),
            _("Earlier"): scale.format_level(zone.first),
            _("Later"): scale.format_level(zone.last),
            _("Change"): scale.format_change(zone.change.delta_pp, zone.change.interval_pp),
        }
        for zone in zones
    ]
    st.markdown(_("**{scale} by zone**", scale=_(scale.value)))
    st.table(rows, hide_index=True, border="horizontal", alt=_("Change of every zone"))
    st.caption(_("A change within its give or take may be no change at all."))


Series = tuple[tuple[str, ...], ...]


def _identify(library: Library, found: RenderedComparison) -> Series:
    """Say which photographs, filed where, measured how, pictures are made of."""
    first = found.first
    shots = cached_query(
        list_photo_results, library, subject=first.subject, view=first.view
    )
    return tuple(shot.identity for shot in shots)


def offer_exports(library: Library, found: RenderedComparison, *, even_light: bool) -> None:
    """Offer pictures to keep; faces are hidden unless the person switches that off."""
    st.subheader(_("Keep or hand on"), anchor=False)
    hide = st.toggle(
        _("Hide everything but the scalp"),
        value=True,
        key="hide_faces",
        help=_("What is hidden is painted over, so that it cannot be brought back."),
    )
    row = st.container(horizontal=True)
    first, last = found.first, found.last
    labels = _label(first), _label(last)
    row.download_button(
        _("Download both side by side"),
        lambda: _draw_sheet(first, last, labels, hide=hide, even_light=even_light),
        file_name=f"hairtrack-{first.view}-{first.visit}-{last.visit}.png",
        mime="image/png",
        on_click="ignore",
        icon=":material/download:",
    )
    if row.button(_("Make a time-lapse"), icon=":material/movie:"):
        st.session_state["lapse_of"] = _identify(library, found)
    if st.session_state.get("lapse_of") == _identify(library, found):
        _show_lapse(library, found, hide=hide)


def _draw_sheet(
    first: VisitSummary,
    last: VisitSummary,
    labels: tuple[str, str],
    *,
    hide: bool,
    even_light: bool,
) -> bytes:
    """Draw when it is asked for, long after the page was; the library is opened anew."""
    with Library.open(default_folder()) as library:
        return export_comparison(
            library,
            subject=first.subject,
            view=first.view,
            first=first.visit,
            last=last.visit,
            labels=labels,
            hide_faces=hide,
            even_light=even_light,
        )


def _label(row: VisitSummary) -> str:
    level = format_percent(row.visible_scalp)
    return _("{day}: visible scalp {level}", day=format_day(row.visit), level=level)


def _show_lapse(library: Library, found: RenderedComparison, *, hide: bool) -> None:
    bar = st.empty()

    def tell(done: int, of: int) -> None:
        told = _(
            "Laying visit {number} of {all} over the baseline", number=done + 1, all=of
        )
        bar.progress(done / of, text=told)

    row = found.first
    lapse = cached(
        lambda: make_time_lapse(
            library,
            subject=row.subject,
            view=row.view,
            name_visit=_label,
            hide_faces=hide,
            on_progress=tell,
        ),
        "time-lapses",
        _identify(library, found),
        hide,
        current_language(),
        max_entries=4,
    )
    bar.empty()
    name = f"hairtrack-{row.view}-{lapse.visits}-visits"
    if lapse.webm is not None:
        st.video(lapse.webm, format="video/webm", width=480)
    with st.container(horizontal=True):
        titles = _("Download as animated WebP"), _("Download as WebM film")
        films = (("webp", lapse.webp), ("webm", lapse.webm))
        for title, (kind, data) in zip(titles, films, strict=True):
            if data is not None:
                st.download_button(
                    title,
                    data,
                    file_name=f"{name}.{kind}",
                    mime=f"{'image' if kind == 'webp' else 'video'}/{kind}",
                    on_click="ignore",
                    icon=":material/download:",
                )
    if lapse.webm is None:
        st.caption(_("This computer's OpenCV cannot write WebM films; the WebP is whole."))
    st.caption(_("All pictures are made as bright as the first, for the eye only."))
