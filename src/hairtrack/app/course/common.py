"""What the sections share: a form that keeps something, places on the head, time."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import altair as alt
import streamlit as st

from hairtrack.app.formatting import escape, format_zone
from hairtrack.app.i18n import _, format_day, translate
from hairtrack.course.diary import Alert, Level
from hairtrack.course.explanations import describe_level
from hairtrack.course.facts import Facts
from hairtrack.course.plans import load_time_zone
from hairtrack.errors import HairtrackError
from hairtrack.records import GRID_COLUMNS, GRID_ROWS, GRID_ZONES
from hairtrack.workflows.course import Course

_ZONES = ["crown", "mid_scalp", "rim", "part", "hairline", "temple_left", "temple_right"]
_BLUE = "#2b80b6"


def clock(course: Course) -> dt.datetime:
    """Return the time on the clock of the course."""
    return dt.datetime.now(dt.UTC).astimezone(load_time_zone(course.settings.zone))


def keep(action: Callable[[], object], told: str) -> None:
    """Do what a button asks; say that it is done, or in one sentence why not."""
    try:
        action()
    except HairtrackError as error:
        st.error(escape(error.message))
        return
    st.session_state["course_told"] = told
    st.rerun()


def show_alerts(alerts: tuple[Alert, ...] | list[Alert], facts: Facts) -> None:
    """Show alerts, the loudest first, each with its source."""
    for alert in alerts:
        told = escape(
            _(
                "{day}. {level}: {about}. {says} ({source}).",
                day=format_day(alert.day),
                level=translate(describe_level(alert.level)),
                about=translate(alert.about),
                says=translate(alert.says),
                source=translate(facts.source(alert.source).title),
            )
        )
        if alert.level is Level.EMERGENCY:
            st.error(told, icon=":material/emergency:")
        elif alert.level is Level.CONTACT:
            st.warning(told, icon=":material/call:")
        else:
            st.info(told, icon=":material/info:")


def explain_no_day(course: Course) -> str:
    """Say why no day for photographs lies ahead."""
    if course.settings.started_on or course.sessions:
        return _("All days of the plan are over; the next visit can be on any day.")
    return _("With a start of treatment or a plan of sessions, days appear here.")


def show_caption(text: str) -> None:
    """Say something small, as it is."""
    st.caption(escape(text))


def zone_input(key: str, *, chosen: tuple[str, ...] = ()) -> tuple[str, ...]:
    """Ask where: by name, or by squares on a drawing of the head from above."""
    names = f"{key}_names"
    if names not in st.session_state:
        st.session_state[names] = list(chosen)

    def take() -> None:
        picked = st.session_state[f"{key}_head"].selection.get("pick", [])
        squares = [point["place"] for point in picked]
        zones = [name for name in st.session_state[names] if name not in GRID_ZONES]
        st.session_state[names] = zones + [s for s in GRID_ZONES if s in squares]

    places: list[str] = st.multiselect(
        _("Where"), [*_ZONES, *GRID_ZONES], format_func=_describe_place, key=names
    )
    with st.expander(_("Mark it on a head")):
        st.altair_chart(
            _draw_head(),
            key=f"{key}_head",
            on_select=take,
            selection_mode="pick",
            alt=_("The head from above in squares; the list above does the same by name"),
        )
        st.caption(
            _(
                "From above, the nose points down. Click a square; hold Shift for several. "
                "The same squares are measured in photographs of the top of the head."
            )
        )
    return tuple(places)


def _describe_place(place: str) -> str:
    if place in GRID_ZONES:
        row, _c, column = place.removeprefix("grid_r").partition("c")
        return _("Square {place}", place=f"{row}-{column}")
    return format_zone(place)


def _draw_head() -> alt.LayerChart | alt.FacetChart:
    """Draw the squares of the vertex view, row 1 at the front, column 1 on the left ear."""
    squares = [
        {"place": place, "Square": f"{place[6]}-{place[-1]}"}
        | {"x": GRID_COLUMNS - int(place[-1]), "y": GRID_ROWS - int(place[6])}
        for place in GRID_ZONES
    ]
    pick = alt.selection_point(name="pick", fields=["place"], toggle=True)
    x = alt.X("x:O", axis=None, sort=None)
    y = alt.Y("y:O", axis=None, sort=None)
    base = alt.Chart(alt.InlineData(values=squares))
    cells = base.mark_rect(cornerRadius=4, stroke=_BLUE, color=_BLUE).encode(
        x=x,
        y=y,
        opacity=alt.condition(pick, alt.value(0.85), alt.value(0.12), empty=False),
        tooltip=alt.Tooltip("Square:N", title=_("Square")),
    )
    labels = base.mark_text(fontSize=12).encode(x=x, y=y, text="Square:N")
    drawn = alt.layer(cells.add_params(pick), labels)
    return drawn.properties(width=220, height=264)
