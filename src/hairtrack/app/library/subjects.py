"""Subjects and visits: names, the start of the treatment, the hair on a day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import streamlit as st

from hairtrack.app.formatting import format_view, format_zone, length_input
from hairtrack.app.frame import choose_subject
from hairtrack.app.i18n import _, format_day
from hairtrack.app.library.common import form_generation, format_hair_state, keep, open_next
from hairtrack.records import HairState, Subject, View, Visit
from hairtrack.workflows import Library
from hairtrack.workflows.editing import (
    Undo,
    add_subject,
    change_subject,
    change_visit,
    list_zones,
    redate_visit,
    rename_subject,
)

__all__ = ["offer_pseudonym", "show_subjects", "show_visit"]

_LONGEST_NAME = 80
_FIRST_DAY = dt.date(1950, 1, 1)


def offer_pseudonym(known: Sequence[str]) -> str:
    """Return a name that tells nothing of a person and is not taken: "Subject 2"."""
    number = len(known) + 1
    while (name := _("Subject {number}", number=number)) in known:
        number += 1
    return name


def show_subjects(library: Library) -> None:
    """Let the person add a subject, name one anew and declare what decides."""
    subjects = library.catalog.subjects()
    if subjects:
        name = choose_subject(subjects)
        subject = library.catalog.subject(name)
        if subject is not None:
            _show_overview(library, name)
            _ask_name(library, name)
            _ask_start(library, subject)
            _ask_primary(library, subject)
    else:
        st.write(_("There is no subject."))
    _ask_new(library, subjects)


def _show_overview(library: Library, name: str) -> None:
    series = [one for one in library.catalog.overview() if one.subject == name]
    if not series:
        st.caption(_("No photographs of this subject yet."))
        return
    rows = [
        {
            _("View"): format_view(one.view),
            _("Visits"): str(one.visits),
            _("Photographs"): str(one.photos),
            _("First visit"): format_day(one.first),
            _("Latest visit"): format_day(one.last),
        }
        for one in series
    ]
    st.table(rows, hide_index=True, border="horizontal", alt=_("Photographs by view"))


def _ask_name(library: Library, name: str) -> None:
    with st.form(f"rename_{form_generation()}", border=True):
        given = st.text_input(_("Name"), name, max_chars=_LONGEST_NAME, width=420)
        st.caption(
            _(
                "Best a name that tells nothing of the person: it is in backups, exports "
                "and on the screen."
            )
        )
        sent = st.form_submit_button(_("Rename"))
    to = " ".join(given.split())
    if sent and to == name:
        st.info(_("This is the name already."), icon=":material/info:")
    elif sent:

        def act() -> None:
            rename_subject(library, name, to=to)
            open_next(subject=to)

        keep(act, _("Renamed to {name}.", name=to))


def _ask_start(library: Library, subject: Subject) -> None:
    with st.form(f"start_{form_generation()}", border=True):
        st.markdown("**" + _("Start of the treatment") + "**")
        st.caption(
            _(
                "Week 0. Visits before it are what all later ones are compared with. "
                "Without it the weeks count from the first photographs."
            )
        )
        given = st.date_input(
            _("Started on"),
            subject.started_at,
            min_value=_FIRST_DAY,
            format="YYYY-MM-DD",
            width=420,
        )
        sent = st.form_submit_button(_("Keep the start"))
    if sent:
        day = given if isinstance(given, dt.date) else None

        def act() -> None:
            change_subject(library, subject.name, started_at=day)

        keep(act, _("The start of the treatment is kept."))


def _ask_primary(library: Library, subject: Subject) -> None:
    """Ask for the one number that decides; its zones depend on its view."""
    with st.container(border=True):
        st.markdown("**" + _("What decides") + "**")
        st.caption(
            _(
                "One view and one part of the head, declared before looking at any change. "
                "Among many numbers some always move by chance; the one that was named "
                "beforehand cannot be picked for how it went. The others are held to a "
                "stricter bound. When it was declared is kept."
            )
        )
        if subject.declared_at is not None:
            st.markdown(
                _(
                    "Declared on {day}.",
                    day=format_day(subject.declared_at.astimezone().date()),
                )
            )
        view = st.selectbox(
            _("View that decides"),
            list(View),
            index=None if subject.primary_view is None else _place(subject.primary_view),
            format_func=format_view,
            placeholder=_("none declared"),
            key=f"primary_view_{subject.name}_{form_generation()}",
            width=420,
        )
        zone: str | None = None
        if view is not None:
            zones = [one for one in list_zones(view) if not one.startswith("grid_")]
            kept = subject.primary_zone if view == subject.primary_view else None
            zone = st.selectbox(
                _("Part of the head that decides"),
                zones,
                index=zones.index(kept) if kept in zones else 0,
                format_func=format_zone,
                key=f"primary_zone_{subject.name}_{view}_{form_generation()}",
                width=420,
            )
        if not st.button(_("Declare it")):
            return
    if (view, zone) == (subject.primary_view, subject.primary_zone):
        st.info(_("This is what is declared already."), icon=":material/info:")
        return

    def act() -> None:
        change_subject(library, subject.name, primary_view=view, primary_zone=zone)

    keep(act, _("What decides is declared, with the time of now."))


def _place(view: View) -> int:
    return list(View).index(view)


def _ask_new(library: Library, subjects: Sequence[str]) -> None:
    with st.expander(_("A new subject"), expanded=not subjects):
        given = st.text_input(
            _("Name of the new subject"),
            offer_pseudonym(subjects),
            max_chars=_LONGEST_NAME,
            help=_("A pseudonym is offered; any other name will do."),
            key=f"new_subject_{form_generation()}",
            width=420,
        )
        if not st.button(_("Add the subject"), type="primary"):
            return

    def act() -> None:
        open_next(subject=add_subject(library, given).name)

    keep(act, _("{name} was added.", name=" ".join(given.split())))


_LONGEST_NOTE = 2000


def show_visit(library: Library, subject: str, day: dt.date) -> None:
    """Let the person tell of the hair on a day, or move the whole visit."""
    visits = library.catalog.visits(subject=subject)
    known = next((one for one in visits if one.date == day), None)
    if known is None:
        return
    with st.expander(_("The hair on {day}", day=format_day(day))):
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
    units = form_generation()
    with st.form(f"visit_{known.date}"):
        left, right = st.columns(2)
        with left:
            state = st.selectbox(
                _("Hair"),
                list(HairState),
                index=list(HairState).index(known.hair_state),
                format_func=format_hair_state,
                key=f"visit_hair_{known.date}_{units}",
            )
            cut = _ask_past(_("Haircut on"), known.haircut_on, until=known.date)
        with right:
            length = length_input(_("Length of the hair on top"), known.hair_length_mm)
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
            _("Kept what was told of {day}.", day=format_day(known.date)),
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
            key=f"redate_{known.date}_{form_generation()}",
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

    days = {"old": format_day(known.date), "new": format_day(to)}
    keep(act, _("The visit of {old} is now that of {new}.", **days))
