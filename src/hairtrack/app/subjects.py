"""People and their main view; shown under Settings."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from hairtrack.app.edits import form_generation, keep, open_next
from hairtrack.app.formatting import format_view, format_zone
from hairtrack.app.frame import choose_subject
from hairtrack.app.i18n import _, format_day
from hairtrack.records import View, list_zones
from hairtrack.workflows import Library
from hairtrack.workflows.editing import (
    add_subject,
    change_subject,
    rename_subject,
)

__all__ = ["show_subjects"]

_MAX_NAME = 80


def _offer_pseudonym(known: Sequence[str]) -> str:
    """Return a name that is not taken: "Person 2"."""
    number = len(known) + 1
    while (name := _("Person {number}", number=number)) in known:
        number += 1
    return name


def show_subjects(library: Library) -> None:
    """Let the person add and rename subjects."""
    subjects = library.catalog.subjects()
    if subjects:
        name = choose_subject(subjects)
        _ask_name(library, name)
        _ask_main_view(library, name)
    _ask_new(library, subjects)


def _ask_name(library: Library, name: str) -> None:
    with st.form(f"rename_{form_generation()}", border=True):
        given = st.text_input(_("Name"), name, max_chars=_MAX_NAME, width=420)
        st.caption(
            _(
                "Preferably not a real name: it appears in backups, in exports and on the "
                "screen."
            )
        )
        sent = st.form_submit_button(_("Rename"))
    to = " ".join(given.split())
    if sent and to == name:
        st.info(_("Nothing was changed."), icon=":material/info:")
    elif sent:

        def act() -> None:
            rename_subject(library, name, to=to)
            open_next(subject=to)

        keep(act, _("Renamed to {name}.", name=to))


def _ask_main_view(library: Library, name: str) -> None:
    """Ask for the primary view and zone; the zones depend on the view."""
    subject = library.catalog.subject(name)
    if subject is None:
        return
    with st.container(border=True):
        st.markdown("**" + _("Main view") + "**")
        st.caption(
            _(
                "The view and the part of the head that you care about most, chosen before "
                "you look at results: among many numbers some always move by chance. The "
                "others must change more before they count. The day of the choice is saved."
            )
        )
        if subject.declared_at is not None:
            st.markdown(
                _(
                    "Chosen on {day}.",
                    day=format_day(subject.declared_at.astimezone().date()),
                )
            )
        view = st.selectbox(
            _("View"),
            list(View),
            index=None if subject.primary_view is None else _place(subject.primary_view),
            format_func=format_view,
            placeholder=_("none chosen"),
            key=f"primary_view_{subject.name}_{form_generation()}",
            width=420,
        )
        zone: str | None = None
        if view is not None:
            zones = list_zones(view)
            kept = subject.primary_zone if view == subject.primary_view else None
            zone = st.selectbox(
                _("Part of the head"),
                zones,
                index=zones.index(kept) if kept in zones else 0,
                format_func=format_zone,
                key=f"primary_zone_{subject.name}_{view}_{form_generation()}",
                width=420,
            )
        if not st.button(_("Save the main view")):
            return
    if (view, zone) == (subject.primary_view, subject.primary_zone):
        st.info(_("Nothing was changed."), icon=":material/info:")
        return

    def act() -> None:
        change_subject(library, subject.name, primary_view=view, primary_zone=zone)

    keep(act, _("Saved."))


def _place(view: View) -> int:
    return list(View).index(view)


def _ask_new(library: Library, subjects: Sequence[str]) -> None:
    with st.expander(_("Add a person"), expanded=not subjects):
        given = st.text_input(
            _("Name of the new person"),
            _offer_pseudonym(subjects),
            max_chars=_MAX_NAME,
            help=_("Any name will do; it need not be real."),
            key=f"new_subject_{form_generation()}",
            width=420,
        )
        if not st.button(_("Add"), type="primary"):
            return

    def act() -> None:
        open_next(subject=add_subject(library, given).name)

    keep(act, _("{name} was added.", name=" ".join(given.split())))
