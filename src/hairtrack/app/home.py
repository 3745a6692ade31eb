"""Home: one sentence and one chart for the main view; everything else a click away."""

from __future__ import annotations

import datetime as dt
import re
from html import escape as to_html
from itertools import groupby

import streamlit as st

from hairtrack.app.cache import cached_query
from hairtrack.app.chart import EXTRAS, PICK, ChartOptions, draw_chart
from hairtrack.app.chart_rows import LANES, list_marks, list_visits
from hairtrack.app.first_run import show_welcome
from hairtrack.app.formatting import (
    capitalize,
    escape,
    format_percent,
    format_view,
    format_zone,
)
from hairtrack.app.frame import (
    choose_subject,
    link,
    offer_measuring,
    on_library,
    open_page,
)
from hairtrack.app.i18n import (
    N_,
    _,
    format_day,
    format_day_short,
    format_number,
    ngettext,
    translate,
)
from hairtrack.app.photograph import (
    find_opened,
    open_photo,
    open_picked,
    show_photograph,
)
from hairtrack.app.pictures import cached_photo, show_picture
from hairtrack.app.treatment.common import show_alerts
from hairtrack.change.explanations import describe_verdict, explain_verdict
from hairtrack.errors import HairtrackError
from hairtrack.records import WHOLE, Photo, View
from hairtrack.report.export import to_csv
from hairtrack.workflows import Library
from hairtrack.workflows.overview import Overview, load_overview
from hairtrack.workflows.series import Series

__all__ = ["describe", "show", "write_table"]

_THUMBNAIL_PX = 420


@on_library
def show(library: Library) -> None:
    """Show what is known of one subject, the main view first."""
    subjects = library.catalog.subjects()
    if not subjects:
        show_welcome(library)
        return
    offer_measuring(library)
    subject = choose_subject(subjects)
    found = cached_query(
        load_overview, library, subject=subject, now=dt.datetime.now(dt.UTC)
    )
    if found.status.alerts:
        show_alerts(found.status.alerts, found.course.facts)
        link(_("Open the treatment"), "treatment", key="alerts")
    if not found.series:
        st.title(_("No photographs yet"), anchor=False)
        _show_next(found)
    else:
        _show_main(library, found, _choose_series(found))


def _choose_series(found: Overview) -> Series:
    """Return the view and zone that were chosen, by default those that decide."""
    views = {series.view for series in found.series}
    main = found.series[0]
    view = st.session_state.get("view")
    if view in views and view != main.view:
        main = next(one for one in found.series if one.view == view and one.zone == WHOLE)
    zone = st.session_state.get(f"zone_{main.view}", main.zone)
    own = (one for one in found.series if (one.view, one.zone) == (main.view, zone))
    return next(own, main)


def _show_main(library: Library, found: Overview, series: Series) -> None:
    _show_verdict(series)
    left, right = st.columns([7, 4], gap="medium")
    with left:
        _show_chart(series)
    with right:
        if find_opened(series) is None:
            _show_ends(library, series)
            _show_next(found)
        else:
            show_photograph(library, series)
    _show_details(found, series)
    _show_others(found, series)


# ---- the sentence -----------------------------------------------------------------------


def _show_verdict(series: Series) -> None:
    """Show the first sentence large, the others below, and why behind a button."""
    known = series.assessment
    if known is None:
        st.title(_("Nothing of this view could be measured yet"), anchor=False)
        return
    for alert in known.alerts:
        st.warning(escape(alert), icon=":material/priority_high:")
    told = translate(describe_verdict(known, view=series.view, zone=series.zone))
    # German dates have a point as well: "3. März".
    first, *rest = re.split(r"(?<=[^\d][.?!]) ", told, maxsplit=1)
    st.title(escape(first.rstrip(".")), anchor=False)
    with st.container(horizontal=True, vertical_alignment="center"):
        if rest:
            st.markdown(escape(rest[0]))
        with st.popover(_("Why we think so"), type="tertiary"):
            _explain(series)


def _explain(series: Series) -> None:
    known = series.assessment
    if known is None:
        return
    reasons: list[str] = [*explain_verdict(known), *known.cautions]
    reasons += [
        _("{day} is left out: {reason}.", day=format_day(day), reason=translate(reason))
        for day, reason in known.left_out
    ]
    st.markdown("\n".join(f"- {escape(reason)}" for reason in reasons))
    if known.needed:
        st.markdown("**" + _("What would tell more") + "**")
        st.markdown("\n".join(f"- {escape(need)}" for need in known.needed))


# ---- the chart --------------------------------------------------------------------------


def _show_chart(series: Series) -> None:
    if not series.measured_visits or series.assessment is None:
        _show_refused(series)
        return
    key = f"chart_{series.view}_{find_opened(series) is None}"

    def take() -> None:
        open_picked(series, st.session_state[key].selection.get(PICK, []))

    look = ChartOptions(
        title=_("Visible scalp: {part}", part=_name_part(series)),
        extras=[name for name in EXTRAS if st.session_state.get(f"chart_{name}")],
        dark=st.context.theme.type == "dark",
        opened=find_opened(series),
    )
    st.vega_lite_chart(
        draw_chart(series, look),
        width="stretch",
        key=key,
        on_select=take,
        selection_mode=PICK,
        alt=describe(series),
    )
    lanes = sorted({mark.lane for mark in list_marks(series)})
    signs = [f"{LANES[lane].sign} {_(LANES[lane].told)}" for lane in lanes]
    told = _("Points: visits. Bars and every ±: 95 % ranges.")
    if series.assessment.trend:
        told = _("Points: visits. Line: their trend. Bars, band and every ±: 95 % ranges.")
    st.caption(" ".join([told, ", ".join(signs) + "." if signs else ""]))


def _name_part(series: Series) -> str:
    view = format_view(series.view)
    return view if series.zone == WHOLE else f"{view}, {format_zone(series.zone)}"


def describe(series: Series) -> str:
    """Say in words what the chart shows: visits and verdict."""
    rows, known = series.measured_visits, series.assessment
    told = _(
        "Visible scalp on {visits}: {first} on {first_day}, {last} on {last_day}.",
        visits=ngettext("{count} visit", "{count} visits", len(rows)),
        first=format_percent(rows[0].visible_scalp),
        first_day=rows[0].visit,
        last=format_percent(rows[-1].visible_scalp),
        last_day=rows[-1].visit,
    )
    if known is not None:
        verdict = describe_verdict(known, view=series.view, zone=series.zone)
        told += " " + translate(verdict)
    return told + " " + _("The table under Details holds every value.")


def _show_ends(library: Library, series: Series) -> None:
    """Show a photograph of the first and of the latest visit."""
    rows = series.measured_visits or series.visits
    first_of = {
        day: next(shots).photo
        for day, shots in groupby(series.photos, key=lambda one: one.photo.visit)
    }
    ends = dict.fromkeys((rows[0].visit, rows[-1].visit))
    with st.container(horizontal=True, key="ends"):
        for day in ends:
            with st.container(width=150, gap="xsmall"):
                _show_thumbnail(library, first_of[day])


def _show_thumbnail(library: Library, photo: Photo) -> None:
    day = format_day(photo.visit)
    try:
        picture = cached_photo(library, photo.digest, longest=_THUMBNAIL_PX)
    except HairtrackError as error:
        st.caption(escape(error.message))
        return
    show_picture(picture, alt=_("The head on {day}", day=day))
    st.caption(escape(format_day_short(photo.visit)))


def _show_next(found: Overview) -> None:
    day = found.status.photo_day
    with st.container(horizontal=True, vertical_alignment="center"):
        if day is not None:
            with st.container(width=170):
                told = format_day_short(day.day)
                st.markdown(_("Next photographs: **{day}**", day=told))
        if st.button(_("Add photographs"), type="primary", icon=":material/add_a_photo:"):
            open_page("photographs")


# ---- everything deeper ------------------------------------------------------------------


def _show_details(found: Overview, series: Series) -> None:
    with st.expander(_("Details")):
        zones = [one.zone for one in found.series if one.view == series.view]
        if len(zones) > 1:
            st.selectbox(
                _("Part of the head"),
                zones,
                index=zones.index(series.zone),
                format_func=format_zone,
                key=f"zone_{series.view}",
                persist_state="session",
                width=420,
            )
        if not series.measured_visits or series.assessment is None:
            return
        st.button(
            _("Look at every photograph"),
            on_click=open_photo,
            args=(series.view, series.photos[-1].photo.digest),
        )
        st.markdown("**" + _("Show in the chart") + "**")
        for name, told in EXTRAS.items():
            st.checkbox(_(told), key=f"chart_{name}", persist_state="session")
        known = series.assessment.repeatability
        if known is not None:
            st.caption(
                _(
                    "Two visits of yours differ by less than {points} points in 95 % of "
                    "cases when nothing changes.",
                    points=format_number(known.sdc95_pp),
                )
            )
        for one in series.assessment.breaks:
            text = (
                _("Break before {day}, joined by you: {reason}.")
                if one.joined
                else _("Break before {day}: {reason}; visits are not compared across it.")
            )
            told = text.format(day=format_day(one.day), reason=translate(one.reason))
            st.caption(escape(told))
        rows = list_visits(series)
        st.html(write_table(rows, label=_("Visible scalp by visit")))
        st.download_button(
            _("Save the table as CSV"),
            lambda: to_csv(rows, columns=list(rows[0])),
            file_name=f"hairtrack-{series.view}-{series.zone}.csv",
            mime="text/csv",
            on_click="ignore",
        )
        _show_refused(series)


def _show_refused(series: Series) -> None:
    """List the photographs that were not measured, with the reason."""
    refused = [
        (shot.photo.visit, shot.measurement.refused)
        for shot in series.photos
        if shot.measurement is not None and shot.measurement.refused is not None
    ]
    if refused:
        title = ngettext(
            "{count} photograph was not measured:",
            "{count} photographs were not measured:",
            len(refused),
        )
        lines = [f"- {format_day(day)}: {escape(reason)}" for day, reason in refused]
        st.markdown("\n".join([title, "", *lines]))


def _show_others(found: Overview, shown: Series) -> None:
    """Offer the other views, each with its sentence."""
    for series in found.series:
        if series.zone != WHOLE or series.view == shown.view:
            continue
        with st.container(border=True, horizontal=True, vertical_alignment="center"):
            told = _("Nothing of this view could be measured yet")
            if series.assessment is not None:
                told = translate(describe_verdict(series.assessment, view=series.view))
            with st.container(gap=None):
                st.markdown(f"**{escape(format_view(series.view))}**")
                st.markdown(escape(told))
            st.button(
                _("Show"),
                key=f"show_{series.view}",
                on_click=_choose_view,
                args=(series.view,),
            )


def _choose_view(view: View) -> None:
    st.session_state["view"] = view


_COLUMNS = {
    "visit": N_("Visit"),
    "visible_scalp_per_cent": N_("Visible scalp (%)"),
    "visit_95_points": N_("Visit ± (points)"),
    "trend_per_cent": N_("Trend (%)"),
    "trend_95_points": N_("Trend ± (points)"),
    "level_95_points": N_("Level ± (points)"),
    "shots": N_("Photographs"),
    "refused": N_("Not measured"),
    "flags": N_("Doubts"),
}

_STYLE = """<style>
.visits { overflow-x: auto; }
.visits table { width: 100%; border-collapse: collapse; font-size: 0.875rem; }
.visits :is(th, td) {
  padding: 0.35rem 0.6rem 0.35rem 0;
  border-bottom: 1px solid rgb(128 140 150 / 35%);
  text-align: left;
  vertical-align: top;
}
.visits th { font-weight: 600; }
.visits td:first-child { white-space: nowrap; }
</style>"""


def write_table(rows: list[dict[str, str | int | float | None]], *, label: str) -> str:
    """Return visits as an HTML table that scrolls sideways, by key as well.

    Streamlit's own table cannot be scrolled by key where it is wider than a phone.
    """
    heads = [f'<th scope="col">{to_html(_(title))}</th>' for title in _COLUMNS.values()]
    lines = [
        "".join(f"<td>{to_html(_format_cell(row[name], name))}</td>" for name in _COLUMNS)
        for row in rows
    ]
    body = "".join(f"<tr>{line}</tr>" for line in lines)
    return (
        f'{_STYLE}<div class="visits" role="region" tabindex="0" '
        f'aria-label="{to_html(label)}"><table><thead><tr>{"".join(heads)}</tr></thead>'
        f"<tbody>{body}</tbody></table></div>"
    )


def _format_cell(value: str | int | float | None, name: str) -> str:
    if value is None:
        return _("no value")
    if name == "visit":
        return format_day(dt.date.fromisoformat(str(value)))
    if name == "flags":
        return capitalize(str(value))
    return format_number(value) if isinstance(value, float) else str(value)
