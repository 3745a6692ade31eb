"""Progress: visible scalp over the course, as a chart and as a table."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence

import streamlit as st

from hairtrack.app import charts, page_add, words
from hairtrack.app.frame import choose_subject, choose_view, on_library
from hairtrack.app.measuring import measure_pending
from hairtrack.change.records import Course, Interval
from hairtrack.change.words import tell_verdict
from hairtrack.records import WHOLE, View
from hairtrack.report.export import to_csv
from hairtrack.workflows import Judged, Library, ProgressRow, count_pending, judge, progress
from hairtrack.workflows.showing import Shot, list_shots

__all__ = ["PATH", "show"]

PATH = "progress"


@on_library
def show(library: Library) -> None:
    """Show the course of one subject and view."""
    st.title("Progress")
    shots = list_shots(library)
    if not shots:
        _show_empty()
        return
    _offer_measuring(library)
    subject = choose_subject(sorted({shot.photo.subject for shot in shots}))
    shots = [shot for shot in shots if shot.photo.subject == subject]
    views = [view for view in View if any(shot.photo.view == view for shot in shots)]
    view = choose_view(views)
    shots = [shot for shot in shots if shot.photo.view == view]
    zone = _choose_zone(shots)
    rows = progress(library, subject=subject, view=view, zone=zone)
    judged = judge(library, subject=subject, view=view, zone=zone)
    _show_course(rows, shots, judged[0] if judged else None, zone=zone)


def _show_empty() -> None:
    with st.container(border=True):
        st.subheader("No photographs yet")
        st.write(
            "Add photographs of the same view from at least two days; the course appears "
            "here as soon as they are measured."
        )
        if st.button("Add photographs", type="primary", icon=":material/add_a_photo:"):
            st.switch_page(st.Page(page_add.show, url_path=page_add.PATH))


def _offer_measuring(library: Library) -> None:
    pending = count_pending(library)
    if not pending:
        return
    waiting = words.tell_count(pending, "photograph waits", "photographs wait")
    with st.container(border=True, horizontal=True, vertical_alignment="center"):
        st.write(f"{waiting} to be measured by this version of the method.")
        if st.button("Measure now", type="primary"):
            bar = st.progress(0.0, text="Measuring")

            def tell(done: int, of: int) -> None:
                bar.progress(done / max(1, of), text=f"Measured {done} of {of}")

            measure_pending(library, on_progress=tell)
            st.rerun()


def _choose_zone(shots: Sequence[Shot]) -> str:
    """Let the person pick a part of the head; grid squares are for export only."""
    names: dict[str, None] = {WHOLE: None}
    for shot in shots:
        if shot.measurement is not None:
            names |= dict.fromkeys(z.zone for z in shot.measurement.zones)
    zones = [name for name in names if not name.startswith("grid_")]
    if len(zones) == 1:
        return WHOLE
    key = f"zone_{shots[0].photo.view}"
    if st.session_state.get(key) not in zones:
        st.session_state.pop(key, None)
    return st.selectbox(
        "Part of the head",
        zones,
        format_func=words.tell_zone,
        key=key,
        persist_state="session",
        width=320,
    )


def _show_course(
    rows: Sequence[ProgressRow], shots: Sequence[Shot], judged: Judged | None, *, zone: str
) -> None:
    measured = [row for row in rows if row.visible_scalp is not None]
    if not measured or judged is None:
        st.info("Nothing of this view could be measured yet.", icon=":material/info:")
        _show_doubts(rows, shots)
        return
    _show_verdict(judged.course)
    _show_numbers(measured)
    intervals = {visit.day: visit.interval for visit in judged.course.visits}
    chart = charts.draw_progress(measured, shots, zone=zone, intervals=intervals)
    st.markdown(f"**Visible scalp** ({words.tell_zone(zone).lower()})")
    st.altair_chart(chart, width="stretch", alt=_describe(measured))
    _explain_chart()
    _show_table(rows, intervals)
    _show_doubts(rows, shots)


def _show_verdict(course: Course) -> None:
    """Say the verdict, what is still needed, and how far to trust it."""
    for alert in course.alerts:
        st.warning(alert, icon=":material/priority_high:")
    with st.container(border=True):
        st.subheader(tell_verdict(course), anchor=False)
        if course.needed:
            st.markdown("**Still needed**")
            st.markdown("\n".join(f"- {words.escape(need)}" for need in course.needed))
        left_out = [
            f"{words.tell_day(day)} is left out: {reason}."
            for day, reason in course.left_out
        ]
        doubts = [*course.cautions, *left_out]
        if doubts:
            with st.expander("How far to trust this"):
                st.markdown("\n".join(f"- {words.escape(doubt)}" for doubt in doubts))


def _show_numbers(rows: Sequence[ProgressRow]) -> None:
    first, last = rows[0], rows[-1]
    columns = st.columns(2 if len(rows) > 1 else 1)
    with columns[0]:
        _show_visit("First visit", first)
    if len(rows) > 1:
        with columns[1]:
            _show_visit("Latest visit", last)


def _show_visit(title: str, row: ProgressRow) -> None:
    with st.container(border=True, height="stretch"):
        st.metric(
            f"{title}: {words.tell_day(row.visit)}", words.tell_per_cent(row.visible_scalp)
        )
        shots = words.tell_count(row.shots, "photograph")
        st.caption(f"visible scalp, mean of {shots}")


def _describe(rows: Sequence[ProgressRow]) -> str:
    first, last = rows[0], rows[-1]
    return (
        f"Visible scalp on {words.tell_count(len(rows), 'visit')}: "
        f"{words.tell_per_cent(first.visible_scalp)} on {words.tell_day(first.visit)}, "
        f"{words.tell_per_cent(last.visible_scalp)} on {words.tell_day(last.visit)}. "
        "The table below holds every value."
    )


def _explain_chart() -> None:
    st.caption(
        "**Filled point**: mean of a visit. **Ring**: one photograph. **Bar**: how far "
        "repeats of that mean differ (95 %). **Shaded**: how well the level itself is "
        "known (95 %). That error is mostly the same on every visit, so the curve moves in "
        "it as a whole."
    )


_COLUMNS = {
    "Visit": "visit",
    "Day": "day",
    "Visible scalp (%)": "visible_scalp_per_cent",
    "Repeats ± (points)": "repeats_95_points",
    "Level ± (points)": "level_95_points",
    "Photographs": "shots",
    "Not measured": "refused",
    "Doubts": "flags",
}


def _show_table(rows: Sequence[ProgressRow], intervals: Mapping[dt.date, Interval]) -> None:
    with st.expander("The same as a table"):
        values = [_table_row(row, intervals.get(row.visit)) for row in rows]
        shown = [
            {title: _cell(v[name]) for title, name in _COLUMNS.items()} for v in values
        ]
        st.table(shown, hide_index=True, border="horizontal", alt="Visible scalp by visit")
    columns = ["subject", "view", "zone", *_COLUMNS.values(), "method"]
    row = rows[0]
    st.download_button(
        "Download as CSV",
        lambda: to_csv(values, columns=columns),
        file_name=f"hairtrack-{row.view}-{row.zone}.csv",
        mime="text/csv",
        on_click="ignore",
        icon=":material/download:",
    )


def _table_row(
    row: ProgressRow, interval: Interval | None
) -> dict[str, str | int | float | None]:
    half = (interval[1] - interval[0]) / 2 if interval else None
    error = row.standard_error
    return {
        "subject": row.subject,
        "view": row.view.value,
        "zone": row.zone,
        "visit": row.visit.isoformat(),
        "day": row.day,
        "visible_scalp_per_cent": _round(row.visible_scalp),
        "repeats_95_points": _round(half),
        "level_95_points": _round(None if error is None else 1.96 * error),
        "shots": row.shots,
        "refused": row.refused,
        "flags": ", ".join(words.tell_flag(flag) for flag in row.flags),
        "method": row.method.key if row.method else "",
    }


def _round(fraction: float | None) -> float | None:
    return None if fraction is None else round(100 * fraction, 3)


def _cell(value: str | int | float | None) -> str:
    if value is None:
        return "none"
    return f"{value:.1f}" if isinstance(value, float) else str(value)


def _show_doubts(rows: Sequence[ProgressRow], shots: Sequence[Shot]) -> None:
    """List the photographs that were not measured, with the reason."""
    refused: list[tuple[dt.date, str]] = []
    for shot in shots:
        found = shot.measurement
        if found is not None and found.refused is not None:
            refused.append((shot.photo.visit, found.refused))
    if not refused:
        return
    title = words.tell_count(len(refused), "photograph was", "photographs were")
    with st.expander(f"{title} not measured"):
        for day, reason in refused:
            st.markdown(f"**{words.tell_day(day)}**: {words.escape(reason)}")
