"""The page of the progress of one view and zone: chart, legend, zone picker, numbers."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator
from typing import Any

import streamlit as st

from hairtrack.app.cache import cached_query
from hairtrack.app.formatting import (
    Scale,
    choose_scale,
    escape,
    format_view,
    format_zone,
)
from hairtrack.app.frame import (
    choose_subject,
    choose_view,
    make_component,
    offer_measuring,
    on_library,
    open_page,
)
from hairtrack.app.i18n import _, format_day, format_number, ngettext, translate
from hairtrack.app.progress.chart import PICK, ChartOptions, draw_chart
from hairtrack.app.progress.data import LANES, find_too_early, list_marks
from hairtrack.app.progress.export import offer_files, show_table
from hairtrack.app.progress.photograph import find_opened, open_picked, show_photograph
from hairtrack.change.explanations import describe_verdict
from hairtrack.change.records import Assessment
from hairtrack.imaging.diagrams import HeadDrawing, draw_zones
from hairtrack.records import WHOLE, View
from hairtrack.workflows import Library, VisitSummary, assess_series
from hairtrack.workflows.series import Series
from hairtrack.workflows.verdicts import load_series

__all__ = [
    "choose_zone",
    "describe",
    "describe_method",
    "describe_title",
    "explain",
    "explain_in_text",
    "read_zone",
    "show",
    "show_head",
]

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
        look = _choose_options()
    with drawing:
        show_head(view)
    series = cached_query(_chart, library, subject=subject, view=view, zone=zone)
    _show_series(library, series, look)


def _chart(library: Library, *, subject: str, view: View, zone: str) -> Series:
    """Assess all zones of a subject once, whichever of them is shown."""
    assessed = cached_query(assess_series, library, subject=subject, zone=None)
    return load_series(library, subject=subject, view=view, zone=zone, assessed=assessed)


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
            open_page("photographs")


def _choose_options() -> ChartOptions:
    with st.container(horizontal=True):
        shots = st.toggle(
            _("Single photographs"), value=True, key="shots", persist_state="session"
        )
        level_error = st.toggle(
            _("Error of the level"), key="level_error", persist_state="session"
        )
        scale = choose_scale()
    dark = st.context.theme.type == "dark"
    return ChartOptions(scale=scale, dark=dark, shots=shots, level_error=level_error)


def _show_series(library: Library, series: Series, look: ChartOptions) -> None:
    if not series.measured_visits or series.assessment is None:
        st.info(_("Nothing of this view could be measured yet."), icon=":material/info:")
        _show_refused(series)
        return
    _show_verdict(series.assessment)
    _show_numbers(series, look.scale)
    _show_chart(series, look)
    show_photograph(library, series, look.scale)
    show_table(series)
    offer_files(
        series,
        chart=f".st-key-{_CHART}",
        title=describe_title(series, look.scale),
        foot=[*explain_in_text(series, look), describe_method(series)],
        alt=describe(series, look.scale),
    )
    _show_refused(series)


def _show_chart(series: Series, look: ChartOptions) -> None:
    def take() -> None:
        open_picked(series, st.session_state[_CHART].selection.get(PICK, []))

    st.markdown(f"**{escape(describe_title(series, look.scale))}**")
    st.vega_lite_chart(
        draw_chart(series, dataclasses.replace(look, opened=find_opened(series))),
        width="stretch",
        key=_CHART,
        on_select=take,
        selection_mode=PICK,
        alt=describe(series, look.scale),
    )
    st.caption("  \n".join(explain(series, look)))
    st.caption(escape(describe_method(series)))


def _show_verdict(course: Assessment) -> None:
    """Say the verdict, what is still needed, and how far to trust it."""
    for alert in course.alerts:
        st.warning(escape(alert), icon=":material/priority_high:")
    with st.container(border=True):
        st.subheader(translate(describe_verdict(course)), anchor=False)
        if course.needed:
            st.markdown("**" + _("Still needed") + "**")
            st.markdown("\n".join(f"- {escape(need)}" for need in course.needed))
        left_out = [
            _(
                "{day} is left out: {reason}.",
                day=format_day(day),
                reason=translate(reason),
            )
            for day, reason in course.left_out
        ]
        doubts = [*course.cautions, *left_out]
        if doubts:
            with st.expander(_("How far to trust this")):
                st.markdown("\n".join(f"- {escape(doubt)}" for doubt in doubts))


def _show_numbers(series: Series, scale: Scale) -> None:
    rows = series.measured_visits
    columns = st.columns(2 if len(rows) > 1 else 1)
    with columns[0]:
        _show_visit(_("First visit"), rows[0], scale)
    if len(rows) > 1:
        with columns[1]:
            _show_visit(_("Latest visit"), rows[-1], scale)


def _show_visit(title: str, row: VisitSummary, scale: Scale) -> None:
    with st.container(border=True, height="stretch"):
        st.metric(
            f"{title}: {format_day(row.visit)}", scale.format_level(row.visible_scalp)
        )
        shots = ngettext("{count} photograph", "{count} photographs", row.shots)
        told = {
            Scale.SCALP: _("visible scalp, mean of {photographs}", photographs=shots),
            Scale.COVER: _("hair cover, mean of {photographs}", photographs=shots),
        }
        st.caption(told[scale])


def _show_refused(series: Series) -> None:
    """List the photographs that were not measured, with the reason."""
    refused = [
        (shot.photo.visit, shot.measurement.refused)
        for shot in series.photos
        if shot.measurement is not None and shot.measurement.refused is not None
    ]
    if not refused:
        return
    title = ngettext(
        "{count} photograph was not measured",
        "{count} photographs were not measured",
        len(refused),
    )
    with st.expander(title):
        for day, reason in refused:
            st.markdown(f"**{format_day(day)}**: {escape(reason)}")


def choose_zone(view: View) -> str:
    """Let the person choose by name; the drawing beside it writes into the same choice."""
    names = draw_zones(view).names
    if st.session_state.get(_name_choice(view)) not in names:
        st.session_state.pop(_name_choice(view), None)
    return st.selectbox(
        _("Part of the head"),
        names,
        format_func=format_zone,
        key=_name_choice(view),
        persist_state="session",
    )


def show_head(view: View) -> None:
    """Draw the head with its zones, to be chosen by pointer or key."""
    head = draw_zones(view)
    key = f"head_{view}"

    def take() -> None:
        zone = read_zone(st.session_state[key].zone, head)
        if zone is not None:
            st.session_state[_name_choice(view)] = zone

    chosen = st.session_state.get(_name_choice(view), WHOLE)
    make_component("progress/picker")(
        key=key, data=_describe_zone(head, chosen), on_zone_change=take
    )


def read_zone(given: object, head: HeadDrawing) -> str | None:
    """Return a zone as a browser sent it, or `None`: it is not trusted."""
    return given if isinstance(given, str) and given in head.names else None


def _describe_zone(head: HeadDrawing, chosen: str) -> dict[str, Any]:
    return {
        "size": head.size,
        "parts": list(head.parts),
        "zones": [
            {"name": name, "path": path, "told": format_zone(name)}
            for name, path in head.zones
        ],
        "chosen": chosen,
        "told": format_zone(chosen),
        "label": _("Parts of the head; choose one, choose it again for the whole"),
    }


def _name_choice(view: View) -> str:
    return f"zone_{view}"


def describe_title(series: Series, scale: Scale) -> str:
    """Say what is drawn: scale, view, part of the head."""
    zone, view = format_zone(series.zone), format_view(series.view)
    return f"{_(scale.value)}: {view}, {zone}"


def describe(series: Series, scale: Scale) -> str:
    """Say in words what the chart shows: visits, course, verdict."""
    rows, course = series.measured_visits, series.assessment
    said = [
        _(
            "{scale} on {visits}: {first} on {first_day}, {last} on {last_day}.",
            scale=_(scale.value),
            visits=ngettext("{count} visit", "{count} visits", len(rows)),
            first=scale.format_level(rows[0].visible_scalp),
            first_day=format_day(rows[0].visit),
            last=scale.format_level(rows[-1].visible_scalp),
            last_day=format_day(rows[-1].visit),
        )
    ]
    if course is not None and course.trend:
        ends = course.trend[0], course.trend[-1]
        said.append(
            _(
                "The fitted course leads from {first} to {last}.",
                first=scale.format_level(ends[0].level),
                last=scale.format_level(ends[1].level),
            )
        )
    if course is not None:
        said.append(translate(describe_verdict(course)))
    said.append(_("The table below holds every value."))
    return " ".join(said)


def explain(series: Series, look: ChartOptions) -> list[str]:
    """Explain, in lines of Markdown, every kind of sign that the chart shows."""
    return _explain(series, look, write=escape)


def explain_in_text(series: Series, look: ChartOptions) -> list[str]:
    """Explain the same in plain text, for a picture."""
    return [line.replace("**", "") for line in _explain(series, look, write=translate)]


def _explain(
    series: Series, look: ChartOptions, *, write: Callable[[str], str]
) -> list[str]:
    groups = [
        _explain_visits(series, look),
        _explain_course(series),
        _explain_marks(series),
        _explain_breaks(series, write),
    ]
    lines = (" ".join(group) for group in groups)
    return [line for line in lines if line]


def describe_method(series: Series) -> str:
    """Name the method of every number, and what is kept but not drawn."""
    if series.method is None:
        return ""
    said = _("Measured by {method}.", method=series.method.key)
    if not series.other_methods:
        return said
    others = ngettext(
        "{count} other version of the method",
        "{count} other versions of the method",
        len(series.other_methods),
    )
    more = _(
        "Results of {versions} are kept too and not drawn: numbers of two versions never "
        "mix.",
        versions=others,
    )
    return f"{said} {more}"


def _explain_visits(series: Series, look: ChartOptions) -> Iterator[str]:
    yield _(
        "**Filled point**: mean of a visit. **Bar**: how far repeats of it differ (95 %)."
    )
    if look.shots:
        yield _("**Small ring**: one photograph.")
    if series.assessment is not None and series.assessment.left_out:
        yield _("**Empty point**: a visit that is left out of the course.")
    if look.level_error:
        yield _(
            "**Pale band along the visits**: how well the level itself is known (95 %); "
            "that error is mostly the same on every visit, so that the course moves in it "
            "as a whole."
        )


def _explain_course(series: Series) -> Iterator[str]:
    course = series.assessment
    if course is not None and course.trend:
        yield _(
            "**Thick line and its band**: the fitted course and where it may lie (95 %)."
        )
    if series.reference and course is not None and course.repeatability is not None:
        yield _(
            "**Grey band between dotted lines**: the visit of {day} ± {points} points; a "
            "visit within it may differ by noise alone.",
            day=format_day(series.reference.day),
            points=format_number(course.repeatability.sdc95_pp),
        )


def _explain_marks(series: Series) -> Iterator[str]:
    early = find_too_early(series)
    if early is not None:
        yield _(
            "**Orange ground**: week 0 to 12 after the start of treatment on {day}; "
            "nothing is read from it yet.",
            day=format_day(early[0]),
        )
    for number_ in sorted({mark.lane for mark in list_marks(series)}):
        lane = LANES[number_]
        yield f"{lane.sign} {_(lane.told)}."


def _explain_breaks(series: Series, write: Callable[[str], str]) -> Iterator[str]:
    breaks = series.assessment.breaks if series.assessment else ()
    for found in breaks:
        text = (
            _("**Break before {day}**, joined by you: {reason}.")
            if found.joined
            else _(
                "**Break before {day}**: {reason}; visits are not compared across it, and "
                "no line is drawn."
            )
        )
        yield text.format(day=format_day(found.day), reason=write(found.reason))
