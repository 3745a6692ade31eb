"""Sessions: what is planned and what was done, the calendar file, questions before one."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace

import streamlit as st

from hairtrack.app.edits import form_generation, keep
from hairtrack.app.formatting import capitalize, day_input, escape
from hairtrack.app.i18n import N_, _, translate
from hairtrack.app.treatment.common import MEDICINES, ask_zones, clock, show_caption
from hairtrack.course.diary import list_yes_answers
from hairtrack.course.entries import Answer, Course, Session, Status, Treatment
from hairtrack.course.explanations import (
    SPEAK_FIRST,
    describe_kind,
    describe_moment,
    describe_session,
    describe_source,
)
from hairtrack.course.facts import Template
from hairtrack.course.plans import PlanChoice, local_time, skip_session
from hairtrack.workflows import Library
from hairtrack.workflows.course import (
    move_session,
    plan_course,
    save_entry,
    write_calendar,
)

_FREE = ""
_PAST = "past"
_INTERVALS = [
    N_("1 week"),
    N_("2 weeks"),
    N_("3 weeks"),
    N_("1 month"),
    N_("2 months"),
    N_("3 months"),
    N_("6 months"),
]


def show(library: Library, course: Course) -> None:
    """Show the sessions, and let the person plan, add and change them."""
    if course.sessions:
        _show_sessions(library, course)
    _add_sessions(library, course)
    if any(one.status is Status.PLANNED for one in course.sessions):
        with st.expander(_("Questions before a session")):
            _ask_questions(library, course)


def ask_whether_done(library: Library, course: Course, session: Session) -> None:
    """Ask what became of a planned session whose time has passed."""
    with st.container(border=True):
        told = _name(course, session)
        when = translate(describe_moment(session.at))
        st.markdown(escape(_("{when}, {session}: was it done?", when=when, session=told)))
        with st.container(horizontal=True):
            if st.button(_("Done"), key=f"done_{session.id}", type="primary"):
                done = replace(session, status=Status.DONE)
                keep(lambda: save_entry(library, done), _("Saved."))
            if st.button(_("Skipped"), key=f"skip_{session.id}"):
                keep(lambda: save_entry(library, skip_session(session)), _("Saved."))


# ---- those there are ------------------------------------------------------------------


def _show_sessions(library: Library, course: Course) -> None:
    several = len({one.treatment for one in course.sessions}) > 1
    rows = [
        {
            _("When"): translate(describe_moment(one.at)),
            _("Session"): capitalize(_name(course, one)),
            _("Status"): translate(str(one.status)),
        }
        | (
            {_("Treatment"): translate(describe_kind(course.kind_of(one)))}
            if several
            else {}
        )
        for one in course.sessions
    ]
    st.table(rows, hide_index=True, border="horizontal", alt=_("Sessions by date"))
    names = {
        one.id: f"{translate(describe_moment(one.at))}, {_name(course, one)}"
        for one in course.sessions
    }
    with st.container(horizontal=True, vertical_alignment="bottom"):
        chosen = st.selectbox(
            _("Edit a session"),
            list(names),
            index=None,
            format_func=names.__getitem__,
            placeholder=_("Choose a session"),
            key=f"session_chosen_{form_generation()}",
            width=420,
        )
        st.download_button(
            _("Calendar file"),
            lambda: write_calendar(library, course, now=clock(course)),
            file_name="hairtrack-course.ics",
            mime="text/calendar",
            on_click="ignore",
            icon=":material/calendar_month:",
        )
    session = next((one for one in course.sessions if one.id == chosen), None)
    if session is not None:
        with st.container(border=True):
            _edit_session(library, course, session)


def _name(course: Course, session: Session) -> str:
    return translate(describe_session(session, course.sessions))


def _edit_session(library: Library, course: Course, session: Session) -> None:
    if session.status is Status.PLANNED:
        left, right = st.columns(2)
        with left:
            key = f"move_day_{session.id}"
            day = day_input(_("New day"), session.at.date(), key=key)
        time = right.time_input(
            _("New time"), session.at.time(), key=f"move_hour_{session.id}"
        )
        rest = st.checkbox(_("Move all later ones by as many days"), key="move_rest")
        with st.container(horizontal=True):
            if st.button(_("Move"), type="primary") and day is not None:
                keep(
                    lambda: move_session(
                        library, course, session, day=day, time=time, rest=rest
                    ),
                    _("Saved."),
                )
            if st.button(_("Skip")):
                keep(lambda: save_entry(library, skip_session(session)), _("Saved."))
    done = _ask_done(course, session)
    if done is not None:
        keep(lambda: save_entry(library, done), _("Saved."))
    if st.button(_("Delete this session"), key=f"remove_session_{session.id}"):
        keep(lambda: library.courses.remove(session), _("Deleted."))


def _ask_done(course: Course, session: Session) -> Session | None:
    """Ask for what was done in a session; return it once it is sent."""
    with st.form(f"session_{session.id}", border=False):
        left, right = st.columns(2)
        with left:
            day = day_input(_("Day"), session.at.date())
        time = right.time_input(_("Time"), session.at.time())
        given = st.text_input(_("What was used"), session.given)
        by = st.text_input(_("Done by"), session.operator)
        zones = ask_zones(f"session_zones_{session.id}", session.zones)
        note = st.text_area(_("Note"), session.note, height=80)
        sent = st.form_submit_button(_("Save as done"), type="primary")
    if not sent or day is None:
        return None
    return replace(
        session,
        status=Status.DONE,
        at=local_time(day, time, course.settings.zone),
        given=given,
        operator=by,
        note=note,
        zones=zones,
    )


# ---- new ones -------------------------------------------------------------------------


def _add_sessions(library: Library, course: Course) -> None:
    st.subheader(_("Add sessions"), anchor=False)
    held = [one for one in course.treatments if one.kind not in MEDICINES]
    treatment = _choose_treatment(held)
    if treatment is None:
        return
    known = {t.key: t for t in course.facts.templates if treatment.kind in t.kinds}
    way: str | None = st.selectbox(
        _("Which sessions"),
        [_PAST, _FREE, *known],
        index=None,
        format_func=lambda key: _describe_way(course, key, known.get(key)),
        placeholder=_("One that was done, or a plan"),
        key=f"plan_way_{treatment.id}_{form_generation()}",
        width=420,
    )
    if way is None:
        return
    with st.container(border=True):
        if way == _PAST:
            _ask_past(library, course, treatment)
        else:
            _ask_plan(library, course, treatment, known.get(way))


def _choose_treatment(held: Sequence[Treatment]) -> Treatment | None:
    if len(held) < 2:
        return held[0] if held else None
    return st.selectbox(
        _("Treatment"),
        held,
        index=None,
        format_func=lambda one: capitalize(translate(describe_kind(one.kind))),
        placeholder=_("Choose a treatment"),
        key=f"plan_treatment_{form_generation()}",
        width=420,
    )


def _describe_way(course: Course, way: str, template: Template | None) -> str:
    if template is not None:
        source = translate(describe_source(template.source, course.facts))
        return _(
            "Plan of {source}: {title}", source=source, title=translate(template.title)
        )
    return _("One that was done") if way == _PAST else _("Your own plan")


def _ask_past(library: Library, course: Course, treatment: Treatment) -> None:
    same = [one for one in course.sessions if one.treatment == treatment.id]
    now = clock(course).replace(minute=0, second=0, microsecond=0)
    blank = Session(
        treatment=treatment.id,
        subject=course.subject,
        number=max((one.number for one in same), default=0) + 1,
        at=now,
        given=treatment.given,
        operator=treatment.operator,
        zones=treatment.zones,
    )
    done = _ask_done(course, blank)
    if done is not None:
        keep(lambda: save_entry(library, done), _("Saved."))


def _ask_plan(
    library: Library, course: Course, treatment: Treatment, template: Template | None
) -> None:
    if template is not None and template.note:
        show_caption(translate(template.note))
    choice = _ask_choice(course, template)
    if any(
        one.treatment == treatment.id and one.status is Status.PLANNED
        for one in course.sessions
    ):
        show_caption(_("Sessions of this treatment that are still planned are replaced."))
    if st.button(_("Save the plan"), type="primary"):
        chosen = replace(treatment, started_on=treatment.started_on or choice.start)
        key = template.key if template else _FREE
        keep(lambda: plan_course(library, chosen, choice, template=key), _("Saved."))


def _ask_choice(course: Course, template: Template | None) -> PlanChoice:
    key = template.key if template else _FREE
    left, right = st.columns(2)
    with left:
        day = day_input(_("First session"), clock(course).date(), key="plan_first")
    time = right.time_input(_("Time"), dt.time(10), key="plan_hour")
    every = _ask_interval(_("Every"), template.every if template else (), key=key)
    sessions = None
    if template is None or template.months is None:
        stated = template.sessions if template else ()
        if stated:
            sessions = st.selectbox(_("How many"), stated, key=f"plan_sessions_{key}")
        else:
            sessions = st.number_input(_("How many"), 1, 200, 6, key=f"plan_sessions_{key}")
    later, number = "", 0
    maintained = template is None or template.maintenance not in ("", "none")
    if maintained and st.checkbox(_("And maintenance after it"), key=f"maintain_{key}"):
        stated_later = template.maintenance_every if template else ()
        later = _ask_interval(_("Maintenance every"), stated_later, key=f"later_{key}")
        number = st.number_input(_("How many of them"), 1, 50, 2, key=f"later_n_{key}")
    return PlanChoice(
        start=day or clock(course).date(),
        time=time,
        zone=course.settings.zone,
        every=every,
        sessions=sessions,
        maintenance_every=later,
        maintenance=number,
    )


def _ask_interval(label: str, stated: Sequence[str], *, key: str) -> str:
    return (
        st.selectbox(
            label,
            stated or _INTERVALS,
            format_func=translate,
            accept_new_options=not stated,
            key=f"plan_every_{key}",
        )
        or ""
    )


# ---- questions before one -------------------------------------------------------------

_CHOICES = [N_("No"), N_("Yes")]


def _ask_questions(library: Library, course: Course) -> None:
    """Ask each question once, with the sources that name it."""
    show_caption(_("The answers stay on this computer."))
    hits = {check.key for check in list_yes_answers(course.answers, course.facts)}
    answered = {answer.check for answer in course.answers}
    items: dict[str, list[str]] = {}
    for check in course.facts.checks:
        items.setdefault(check.asks, []).append(check.key)
    given: dict[str, str | None] = {}
    with st.form("checklist", border=False):
        for asks, keys in items.items():
            named = [c.source for c in course.facts.checks if c.key in keys]
            told = ", ".join(translate(describe_source(n, course.facts)) for n in named)
            before = None
            if answered.intersection(keys):
                before = "Yes" if hits.intersection(keys) else "No"
            given[asks] = st.radio(
                escape(f"{translate(asks)} ({told})"),
                _CHOICES,
                format_func=_,
                index=None if before is None else _CHOICES.index(before),
                horizontal=True,
                key=f"check_{keys[0]}",
            )
        sent = st.form_submit_button(_("Save"), type="primary")
    if hits:
        st.warning(translate(SPEAK_FIRST), icon=":material/call:")
    if sent:
        day = clock(course).date()
        answers = [
            Answer(subject=course.subject, check=key, yes=given[asks] == "Yes", day=day)
            for asks, keys in items.items()
            for key in keys
            if given[asks] is not None
        ]
        keep(lambda: [save_entry(library, one) for one in answers], _("Saved."))
