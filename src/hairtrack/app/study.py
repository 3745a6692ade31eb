"""Compare, in depth: the map of change, pictures to keep, and the time-lapse."""

from __future__ import annotations

import datetime as dt

import streamlit as st

from hairtrack.app import words
from hairtrack.app.pictures import show_picture
from hairtrack.app.scales import Scale
from hairtrack.workflows import Library, ProgressRow, default_folder
from hairtrack.workflows.showing import Shot, ShownChange, list_shots
from hairtrack.workflows.studying import (
    ChangeMap,
    Lapse,
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
        bar.progress(done / of, text=f"Comparing photograph {done + 1} of {of}")

    mapped = _map_once(
        _identify(library, found),
        (found.first.visit, found.last.visit),
        _library=library,
        _found=found,
        _tell=tell,
    )
    bar.empty()
    show_picture(
        mapped.picture, alt=f"Map of change over the baseline. {_describe(mapped)}"
    )
    st.markdown(words.escape(_describe(mapped)))
    shots = " and ".join(words.tell_count(number, "photograph") for number in mapped.shots)
    st.caption(
        f"Mean of {shots}. Hair moves from day to day by more than a square here and "
        "there: the map shows where to look, the zones are what is measured."
    )


def _describe(mapped: ChangeMap) -> str:
    """Say the map in words, for those who do not see it and those who do."""
    if mapped.sdc_pp is None:
        return (
            f"{mapped.known} squares. How far a square differs between repeated "
            "photographs is not known yet, so none is marked: take three photographs on "
            "every visit."
        )
    return (
        f"Of {mapped.known} squares, less scalp shows in {mapped.less} and more in "
        f"{mapped.more} by over {mapped.sdc_pp:.1f} points, the smallest change that can "
        "be told from repeated photographs. About 1 in 20 squares exceeds it by chance."
    )


def _show_zones(library: Library, found: ShownChange, scale: Scale) -> None:
    first, last = found.first, found.last
    changes = list_zone_changes(
        library,
        subject=first.subject,
        view=first.view,
        first=first.visit,
        last=last.visit,
    )
    rows = [
        {
            "Part of the head": words.tell_zone(change.zone),
            "Earlier": scale.tell_level(change.first),
            "Later": scale.tell_level(change.last),
            "Change": scale.tell_change(change.delta_pp, change.interval_pp),
        }
        for change in changes
    ]
    st.markdown(f"**{scale.value} by zone**")
    st.table(rows, hide_index=True, border="horizontal", alt="Change of every zone")
    st.caption("A change within its give or take may be no change at all.")


Series = tuple[tuple[str, ...], ...]


def _identify(library: Library, found: ShownChange) -> Series:
    """Say which photographs, filed where, measured how, pictures are made of."""
    shots = list_shots(library, subject=found.first.subject, view=found.first.view)
    return tuple(_identify_shot(shot) for shot in shots)


def _identify_shot(shot: Shot) -> tuple[str, ...]:
    photo, result = shot.photo, shot.measurement
    filed = photo.digest, str(photo.visit)
    if result is None:
        return filed
    outlines = result.outline, result.baseline_outline
    return (*filed, result.baseline, result.method.key, *outlines)


@st.cache_data(scope="session", max_entries=12, show_spinner=False)
def _map_once(
    series: Series,
    days: tuple[dt.date, dt.date],
    *,
    _library: Library,
    _found: ShownChange,
    _tell: object,
) -> ChangeMap:
    return map_change(
        _library,
        subject=_found.first.subject,
        view=_found.first.view,
        first=_found.first.visit,
        last=_found.last.visit,
        on_progress=_tell if callable(_tell) else None,
    )


def offer_exports(library: Library, found: ShownChange, *, even_light: bool) -> None:
    """Offer pictures to keep; faces are hidden unless the person switches that off."""
    st.subheader("Keep or hand on", anchor=False)
    hide = st.toggle(
        "Hide everything but the scalp",
        value=True,
        key="hide_faces",
        help="What is hidden is painted over, so that it cannot be brought back.",
    )
    row = st.container(horizontal=True)
    first, last = found.first, found.last
    row.download_button(
        "Download both side by side",
        lambda: _draw_sheet(first, last, hide=hide, even_light=even_light),
        file_name=f"hairtrack-{first.view}-{first.visit}-{last.visit}.png",
        mime="image/png",
        on_click="ignore",
        icon=":material/download:",
    )
    if row.button("Make a time-lapse", icon=":material/movie:"):
        st.session_state["lapse_of"] = _identify(library, found)
    if st.session_state.get("lapse_of") == _identify(library, found):
        _show_lapse(library, found, hide=hide)


def _draw_sheet(
    first: ProgressRow, last: ProgressRow, *, hide: bool, even_light: bool
) -> bytes:
    """Draw when it is asked for, long after the page was; the library is opened anew."""
    labels = _label(first), _label(last)
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
    return f"{words.tell_day(row.visit)}: visible scalp {level}"


def _show_lapse(library: Library, found: ShownChange, *, hide: bool) -> None:
    bar = st.empty()

    def tell(done: int, of: int) -> None:
        bar.progress(done / of, text=f"Laying visit {done + 1} of {of} over the baseline")

    series = _identify(library, found)
    lapse = _lapse_once(series, hide, _library=library, _found=found, _tell=tell)
    bar.empty()
    row = found.first
    name = f"hairtrack-{row.view}-{words.tell_count(lapse.visits, 'visit')}".replace(
        " ", "-"
    )
    if lapse.webm is not None:
        st.video(lapse.webm, format="video/webm", width=480)
    with st.container(horizontal=True):
        for kind, data in (("webp", lapse.webp), ("webm", lapse.webm)):
            if data is not None:
                st.download_button(
                    f"Download as {'animated WebP' if kind == 'webp' else 'WebM film'}",
                    data,
                    file_name=f"{name}.{kind}",
                    mime=f"{'image' if kind == 'webp' else 'video'}/{kind}",
                    on_click="ignore",
                    icon=":material/download:",
                )
    if lapse.webm is None:
        st.caption("This computer's OpenCV cannot write WebM films; the WebP is whole.")
    st.caption("All pictures are made as bright as the first, for the eye only.")


@st.cache_data(scope="session", max_entries=4, show_spinner=False)
def _lapse_once(
    series: Series,
    hide: bool,
    *,
    _library: Library,
    _found: ShownChange,
    _tell: object,
) -> Lapse:
    return make_lapse(
        _library,
        subject=_found.first.subject,
        view=_found.first.view,
        name_visit=_label,
        hide_faces=hide,
        on_progress=_tell if callable(_tell) else None,
    )
