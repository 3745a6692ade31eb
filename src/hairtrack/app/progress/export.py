"""The chart in numbers, and as files: a table, CSV, SVG and PNG."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape

import streamlit as st

from hairtrack.app.formatting import format_flag
from hairtrack.app.frame import make_component
from hairtrack.app.i18n import N_, _, format_number
from hairtrack.app.progress.data import find_intervals
from hairtrack.report.export import to_csv
from hairtrack.statistics import Interval
from hairtrack.workflows import VisitSummary
from hairtrack.workflows.series import Series

__all__ = ["list_rows", "offer_files", "show_table", "write_table"]

Value = str | int | float | None

_COLUMNS = {
    "visit": N_("Visit"),
    "day": N_("Day"),
    "visible_scalp_per_cent": N_("Visible scalp (%)"),
    "repeats_95_points": N_("Repeats ± (points)"),
    "course_per_cent": N_("Fitted course (%)"),
    "course_95_points": N_("Course ± (points)"),
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


def show_table(series: Series) -> None:
    """Show every visit in numbers: the text equivalent of the chart."""
    with st.expander(_("The same as a table")):
        st.html(write_table(list_rows(series), label=_("Visible scalp by visit")))


def write_table(rows: Sequence[Mapping[str, Value]], *, label: str) -> str:
    """Return visits as an HTML table that scrolls sideways, by key as well.

    Streamlit's own table cannot be scrolled by key where it is wider than a phone.
    """
    heads = [f'<th scope="col">{escape(_(title))}</th>' for title in _COLUMNS.values()]
    lines = [
        "".join(f"<td>{escape(_format_cell(row[name]))}</td>" for name in _COLUMNS)
        for row in rows
    ]
    body = "".join(f"<tr>{line}</tr>" for line in lines)
    return (
        f'{_STYLE}<div class="visits" role="region" tabindex="0" '
        f'aria-label="{escape(label)}"><table><thead><tr>{"".join(heads)}</tr></thead>'
        f"<tbody>{body}</tbody></table></div>"
    )


def offer_files(
    series: Series, *, chart: str, title: str, foot: Sequence[str], alt: str
) -> None:
    """Offer what is shown as files.

    Parameters
    ----------
    series : Series
        The series.
    chart : str
        CSS selector of what holds the chart on the page.
    title, alt : str
        What stands above the chart in a picture, and what it shows in words.
    foot : sequence of str
        What stands below it, each in a line of its own.
    """
    name = f"hairtrack-{series.view}-{series.zone}"
    columns = ["subject", "view", "zone", *_COLUMNS, "method"]
    with st.container(horizontal=True):
        st.download_button(
            _("Download as CSV"),
            lambda: to_csv(list_rows(series), columns=columns),
            file_name=f"{name}.csv",
            mime="text/csv",
            on_click="ignore",
        )
        make_component("progress/saver")(
            key="save_chart",
            data={
                "chart": chart,
                "file": name,
                "title": title,
                "foot": list(foot),
                "alt": alt,
                "svg": _("Download as SVG"),
                "png": _("Download as PNG"),
                "missing": _("The chart could not be read; reload the page and try again."),
            },
            width="content",
        )


def list_rows(series: Series) -> list[dict[str, Value]]:
    """Return every visit in numbers, as they are written to files."""
    intervals = find_intervals(series)
    trend = series.assessment.trend if series.assessment else ()
    fitted = {one.day: (one.level, one.interval) for one in trend}
    nothing = None, None
    return [
        _to_row(row, intervals.get(row.visit), *fitted.get(row.visit, nothing))
        for row in series.visits
    ]


def _to_row(
    row: VisitSummary,
    repeats: Interval | None,
    fitted: float | None,
    band: Interval | None,
) -> dict[str, Value]:
    error = row.standard_error
    return {
        "subject": row.subject,
        "view": row.view.value,
        "zone": row.zone,
        "visit": row.visit.isoformat(),
        "day": row.day,
        "visible_scalp_per_cent": _to_points(row.visible_scalp),
        "repeats_95_points": _halve(repeats),
        "course_per_cent": _to_points(fitted),
        "course_95_points": _halve(band),
        "level_95_points": _to_points(None if error is None else 1.96 * error),
        "shots": row.shots,
        "refused": row.refused,
        "flags": ", ".join(format_flag(flag) for flag in row.flags),
        "method": row.method.key if row.method else "",
    }


def _halve(interval: Interval | None) -> float | None:
    return None if interval is None else _to_points((interval[1] - interval[0]) / 2)


def _to_points(fraction: float | None) -> float | None:
    return None if fraction is None else round(100 * fraction, 3)


def _format_cell(value: Value) -> str:
    if value is None:
        return _("no value")
    return format_number(value) if isinstance(value, float) else str(value)
