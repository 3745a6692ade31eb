"""Progress: visible scalp over the course, as a chart, in words and as a table."""

from __future__ import annotations

import dataclasses

import streamlit as st

from hairtrack.app import language, words
from hairtrack.app.cache import cached_query
from hairtrack.app.frame import choose_subject, choose_view, on_library
from hairtrack.app.language import _
from hairtrack.app.links import open_page
from hairtrack.app.measuring import offer_measuring
from hairtrack.app.progress import legend
from hairtrack.app.progress.chart import PICK, Look, draw_chart
from hairtrack.app.progress.keeping import offer_files, show_table
from hairtrack.app.progress.photograph import find_opened, open_picked, show_photograph
from hairtrack.app.progress.picker import choose_zone, show_head
from hairtrack.app.scales import Scale, choose_scale
from hairtrack.change.explanations import describe_verdict
from hairtrack.change.records import Assessment
from hairtrack.records import View
from hairtrack.workflows import Library, ProgressRow, judge
from hairtrack.workflows.charting import Charted, chart_series

__all__ = ["PATH", "show"]

PATH = "progress"

_CHART = "progress_chart"


@on_library
def show(library: Library) -> None:
    """Show the course of one subject, view and zone."""
    st.title(_("Progress"), anchor=False)
    kept = library.catalog.overview()
    if not kept:
        _show_empty()
        return
    offer_measuring(library)
    subject = choose_subject(sorted({series.subject for series in kept}))
    views = [v for v in View if any((s.subject, s.view) == (subject, v) for s in kept)]
    drawing, controls = st.columns([2, 7], gap="medium", vertical_alignment="center")
    with controls:
        view = choose_view(views)
        zone = choose_zone(view)
        look = _choose_look()
    with drawing:
        show_head(view)
    charted = cached_query(_chart, library, subject=subject, view=view, zone=zone)
    _show_series(library, charted, look)


def _chart(library: Library, *, subject: str, view: View, zone: str) -> Charted:
    """Judge all zones of a subject once, whichever of them is shown."""
    judged = cached_query(judge, library, subject=subject, zone=None)
    return chart_series(library, subject=subject, view=view, zone=zone, judged=judged)


def _show_empty() -> None:
    with st.container(border=True):
        st.subheader(_("No photographs yet"))
        st.write(
            _(
                "Add photographs of the same view from at least two days; the course "
                "appears here as soon as they are measured."
            )
        )
        if st.button(_("Add photographs"), type="primary", icon=":material/add_a_photo:"):
            open_page("add-photographs")


def _choose_look() -> Look:
    with st.container(horizontal=True):
        shots = st.toggle(
            _("Single photographs"), value=True, key="shots", persist_state="session"
        )
        level_error = st.toggle(
            _("Error of the level"), key="level_error", persist_state="session"
        )
        scale = choose_scale()
    dark = st.context.theme.type == "dark"
    return Look(scale=scale, dark=dark, shots=shots, level_error=level_error)


def _show_series(library: Library, charted: Charted, look: Look) -> None:
    if not charted.measured or charted.course is None:
        st.info(_("Nothing of this view could be measured yet."), icon=":material/info:")
        _show_refused(charted)
        return
    _show_verdict(charted.course)
    _show_numbers(charted, look.scale)
    _show_chart(charted, look)
    show_photograph(library, charted, look.scale)
    show_table(charted)
    offer_files(
        charted,
        chart=f".st-key-{_CHART}",
        title=legend.tell_title(charted, look.scale),
        foot=[*legend.explain_plainly(charted, look), legend.tell_method(charted)],
        alt=legend.describe(charted, look.scale),
    )
    _show_refused(charted)


def _show_chart(charted: Charted, look: Look) -> None:
    def take() -> None:
        open_picked(charted, st.session_state[_CHART].selection.get(PICK, []))

    st.markdown(f"**{words.escape(legend.tell_title(charted, look.scale))}**")
    st.vega_lite_chart(
        draw_chart(charted, dataclasses.replace(look, opened=find_opened(charted))),
        width="stretch",
        key=_CHART,
        on_select=take,
        selection_mode=PICK,
        alt=legend.describe(charted, look.scale),
    )
    st.caption("  \n".join(legend.explain(charted, look)))
    st.caption(words.escape(legend.tell_method(charted)))


def _show_verdict(course: Assessment) -> None:
    """Say the verdict, what is still needed, and how far to trust it."""
    for alert in course.alerts:
        st.warning(words.escape(alert), icon=":material/priority_high:")
    with st.container(border=True):
        st.subheader(language.say(describe_verdict(course)), anchor=False)
        if course.needed:
            st.markdown(f"**{_('Still needed')}**")
            st.markdown("\n".join(f"- {words.escape(need)}" for need in course.needed))
        left_out = [
            _(
                "{day} is left out: {reason}.",
                day=words.tell_day(day),
                reason=language.say(reason),
            )
            for day, reason in course.left_out
        ]
        doubts = [*course.cautions, *left_out]
        if doubts:
            with st.expander(_("How far to trust this")):
                st.markdown("\n".join(f"- {words.escape(doubt)}" for doubt in doubts))


def _show_numbers(charted: Charted, scale: Scale) -> None:
    rows = charted.measured
    columns = st.columns(2 if len(rows) > 1 else 1)
    with columns[0]:
        _show_visit(_("First visit"), rows[0], scale)
    if len(rows) > 1:
        with columns[1]:
            _show_visit(_("Latest visit"), rows[-1], scale)


def _show_visit(title: str, row: ProgressRow, scale: Scale) -> None:
    with st.container(border=True, height="stretch"):
        st.metric(
            f"{title}: {words.tell_day(row.visit)}", scale.tell_level(row.visible_scalp)
        )
        shots = words.tell_count(row.shots, "photograph")
        told = {
            Scale.SCALP: _("visible scalp, mean of {photographs}", photographs=shots),
            Scale.COVER: _("hair cover, mean of {photographs}", photographs=shots),
        }
        st.caption(told[scale])


def _show_refused(charted: Charted) -> None:
    """List the photographs that were not measured, with the reason."""
    refused = [
        (shot.photo.visit, shot.measurement.refused)
        for shot in charted.shots
        if shot.measurement is not None and shot.measurement.refused is not None
    ]
    if not refused:
        return
    title = words.tell_count(
        len(refused), "photograph was not measured", "photographs were not measured"
    )
    with st.expander(title):
        for day, reason in refused:
            st.markdown(f"**{words.tell_day(day)}**: {words.escape(reason)}")
