"""Compare, in depth: the map of change, pictures to keep, and the time-lapse."""

from __future__ import annotations

import streamlit as st

from hairtrack.app import words
from hairtrack.app.cache import cached, cached_query
from hairtrack.app.language import _, current, number
from hairtrack.app.pictures import show_picture
from hairtrack.app.scales import Scale
from hairtrack.workflows import Library, ProgressRow, default_folder
from hairtrack.workflows.showing import ShownChange, list_shots
from hairtrack.workflows.studying import (
    ChangeMap,
    export_sheet,
    list_zone_changes,
    make_lapse,
    map_change,
)

__all__ = ["offer_exports", "show_map"]


def show_map(library: Library, found: ShownChange, scale: Scale) -> None:
    """Show where more or less scalp shows, by zones and by squares."""
    left, right = st.columns([6, 5], gap="large")
    with left:
        _show_squares(library, found)
    with right:
        _show_zones(library, found, scale)


def _show_squares(library: Library, found: ShownChange) -> None:
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
    st.markdown(words.escape(_describe(mapped)))
    counts = [words.tell_count(number, "photograph") for number in mapped.shots]
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
        sdc=number(mapped.sdc_pp),
    )


def _show_zones(library: Library, found: ShownChange, scale: Scale) -> None:
    first, last = found.first, found.last
    changes = cached_query(
        list_zone_changes,
        library,
        subject=first.subject,
        view=first.view,
        first=first.visit,
        last=last.visit,
    )
    rows = [
        {
            _("Part of the head"): words.tell_zone(change.zone),
            _("Earlier"): scale.tell_level(change.first),
            _("Later"): scale.tell_level(change.last),
            _("Change"): scale.tell_change(change.delta_pp, change.interval_pp),
        }
        for change in changes
    ]
    st.markdown(_("**{scale} by zone**", scale=_(scale.value)))
    st.table(rows, hide_index=True, border="horizontal", alt=_("Change of every zone"))
    st.caption(_("A change within its give or take may be no change at all."))


Series = tuple[tuple[str, ...], ...]


def _identify(library: Library, found: ShownChange) -> Series:
    """Say which photographs, filed where, measured how, pictures are made of."""
    first = found.first
    shots = cached_query(list_shots, library, subject=first.subject, view=first.view)
    return tuple(shot.identity for shot in shots)


def offer_exports(library: Library, found: ShownChange, *, even_light: bool) -> None:
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
    first: ProgressRow,
    last: ProgressRow,
    labels: tuple[str, str],
    *,
    hide: bool,
    even_light: bool,
) -> bytes:
    """Draw when it is asked for, long after the page was; the library is opened anew."""
    with Library.open(default_folder()) as library:
        return export_sheet(
            library,
            subject=first.subject,
            view=first.view,
            first=first.visit,
            last=last.visit,
            labels=labels,
            hide_faces=hide,
            even_light=even_light,
        )


def _label(row: ProgressRow) -> str:
    level = words.tell_per_cent(row.visible_scalp)
    return _("{day}: visible scalp {level}", day=words.tell_day(row.visit), level=level)


def _show_lapse(library: Library, found: ShownChange, *, hide: bool) -> None:
    bar = st.empty()

    def tell(done: int, of: int) -> None:
        told = _(
            "Laying visit {number} of {all} over the baseline", number=done + 1, all=of
        )
        bar.progress(done / of, text=told)

    row = found.first
    lapse = cached(
        lambda: make_lapse(
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
        current(),
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
