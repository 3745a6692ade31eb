"""Before a session: the checklist of the sources; a hit says whom to speak to."""

from __future__ import annotations

import streamlit as st

from hairtrack.app import words
from hairtrack.app.course.parts import clock, keep, show_note
from hairtrack.app.language import N_, _, say
from hairtrack.course.diary import list_yes_answers
from hairtrack.course.entries import Answer
from hairtrack.course.explanations import HIT, describe_source
from hairtrack.workflows import Library
from hairtrack.workflows.course import Course, add_entry

__all__ = ["show"]

_CHOICES = [N_("No"), N_("Yes")]


def show(library: Library, course: Course) -> None:
    """Ask each item once, with the sources that name it."""
    st.subheader(_("Before a session"), anchor=False)
    show_note(_("Answers stay in this library on this computer."))
    hits = {check.key for check in list_yes_answers(course.answers, course.facts)}
    answered = {answer.check for answer in course.answers}
    items: dict[str, list[str]] = {}
    for check in course.facts.checks:
        items.setdefault(check.asks, []).append(check.key)
    given: dict[str, str | None] = {}
    with st.form("checklist"):
        for asks, keys in items.items():
            names = [c.source for c in course.facts.checks if c.key in keys]
            told = ", ".join(say(describe_source(name, course.facts)) for name in names)
            before = None
            if answered.intersection(keys):
                before = "Yes" if hits.intersection(keys) else "No"
            given[asks] = st.radio(
                words.escape(f"{say(asks)} ({told})"),
                _CHOICES,
                format_func=_,
                index=None if before is None else _CHOICES.index(before),
                horizontal=True,
                key=f"check_{keys[0]}",
            )
        sent = st.form_submit_button(_("Keep the answers"), type="primary")
    if hits:
        st.warning(say(HIT), icon=":material/call:")
    if sent:
        day = clock(course).date()
        answers = [
            Answer(subject=course.subject, check=key, yes=given[asks] == "Yes", day=day)
            for asks, keys in items.items()
            for key in keys
            if given[asks] is not None
        ]
        keep(lambda: [add_entry(library, one) for one in answers], _("Answers kept"))
