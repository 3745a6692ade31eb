"""One visit: what is known of the hair on that day, and the day itself."""

from __future__ import annotations

import datetime as dt

import streamlit as st

from hairtrack.app import words
from hairtrack.app.keeping.parts import generation, keep, open_next, tell_hair_state
from hairtrack.app.language import _
from hairtrack.app.lengths import ask_length
from hairtrack.records import HairState, Visit
from hairtrack.workflows import Library
from hairtrack.workflows.editing import Undo, change_visit, redate_visit

__all__ = ["show"]

_FIRST_DAY = dt.date(1950, 1, 1)
_LONGEST_NOTE = 2000


def show(library: Library, subject: str, day: dt.date) -> None:
    """Let the person tell of the hair on a day, or move the whole visit."""
    visits = library.catalog.visits(subject=subject)
    known = next((one for one in visits if one.date == day), None)
    if known is None:
        return
    with st.expander(_("The hair on {day}", day=words.tell_day(day))):
        _ask_hair(library, known)
    with st.expander(_("Another day for the whole visit")):
        _ask_day(library, known)


def _ask_hair(library: Library, known: Visit) -> None:
    st.caption(
        _(
            "A haircut or dye changes how much scalp shows without any change of the hair: "
            "what is told here breaks the series or warns where numbers are compared."
        )
    )
    units = generation()
    with st.form(f"visit_{known.date}"):
        left, right = st.columns(2)
        with left:
            state = st.selectbox(
                _("Hair"),
                list(HairState),
                index=list(HairState).index(known.hair_state),
                format_func=tell_hair_state,
                key=f"visit_hair_{known.date}_{units}",
            )
            cut = _ask_past(_("Haircut on"), known.haircut_on, until=known.date)
        with right:
            length = ask_length(_("Length of the hair on top"), known.hair_length_mm)
            dyed = _ask_past(_("Dyed on"), known.dyed_on, until=known.date)
        note = st.text_area(_("Note"), known.note, height=80, max_chars=_LONGEST_NOTE)
        sent = st.form_submit_button(_("Keep what is told"), type="primary")
    if sent:
        keep(
            lambda: change_visit(
                library,
                known.subject,
                known.date,
                hair_state=state,
                hair_length_mm=length,
                haircut_on=cut,
                dyed_on=dyed,
                note=note.strip(),
            )[1],
            _("Kept what was told of {day}.", day=words.tell_day(known.date)),
        )


def _ask_past(label: str, day: dt.date | None, *, until: dt.date) -> dt.date | None:
    given = st.date_input(
        label,
        day,
        min_value=min(_FIRST_DAY, day or _FIRST_DAY),
        max_value=max(until, day or until),
        format="YYYY-MM-DD",
    )
    return given if isinstance(given, dt.date) else None


def _ask_day(library: Library, known: Visit) -> None:
    st.caption(
        _(
            "All photographs of this visit, deleted ones too, and what is told of the hair "
            "move together. The times of day stay."
        )
    )
    today = dt.date.today()
    with st.container(horizontal=True, vertical_alignment="bottom"):
        given = st.date_input(
            _("New day"),
            known.date,
            min_value=min(_FIRST_DAY, known.date),
            max_value=max(today, known.date),
            format="YYYY-MM-DD",
            key=f"redate_{known.date}_{generation()}",
            width=280,
        )
        if not st.button(_("Move the visit"), type="primary"):
            return
    if not isinstance(given, dt.date) or given == known.date:
        st.info(_("Choose another day first."), icon=":material/info:")
        return
    to = given

    def act() -> Undo:
        done = redate_visit(library, known.subject, known.date, to=to)
        open_next(library_day=to)
        return done

    days = {"old": words.tell_day(known.date), "new": words.tell_day(to)}
    keep(act, _("The visit of {old} is now that of {new}.", **days))
