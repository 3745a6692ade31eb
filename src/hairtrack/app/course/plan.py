"""Plan: the sessions, made from a template or free, and the treatments."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from zoneinfo import available_timezones

import streamlit as st

from hairtrack.app.course.common import clock, keep, show_caption, zone_input
from hairtrack.app.formatting import capitalize, escape
from hairtrack.app.i18n import N_, _, translate
from hairtrack.course.entries import Kind, Session, Status, Treatment
from hairtrack.course.explanations import (
    describe_kind,
    describe_moment,
    describe_session,
    describe_source,
)
from hairtrack.course.facts import Template
from hairtrack.course.plans import PlanChoice, count_sessions, local_time, skip_session
from hairtrack.workflows import Library
from hairtrack.workflows.course import (
    Course,
    add_entry,
    move_session,
    plan_course,
    remove_entry,
    replace_entry,
    save_settings,
    write_calendar,
)

_FREE = ""
_NEW = 0
_UNITS = [
    N_("1 week"),
    N_("2 weeks"),
    N_("3 weeks"),
    N_("1 month"),
    N_("2 months"),
    N_("3 months"),
    N_("6 months"),
]


def show(library: Library, course: Course) -> None:
    """Show the plan and let the person change it."""
    if course.sessions:
        _show_sessions(library, course)
    with st.expander(_("Make a plan"), expanded=not course.sessions):
        _ask_plan(library, course)
    with st.expander(_("Treatments")):
        _show_treatments(library, course)
    with st.expander(_("Start, stop, time zone, the clinic's own times")):
        ask_settings(library, course)


def _show_sessions(library: Library, course: Course) -> None:
    several = len({one.treatment for one in course.sessions}) > 1
    rows = [
        {
            _("When"): f"{one.at:%Y-%m-%d %H:%M}",
            _("Session"): translate(
                describe_session(one, count_sessions(one, course.sessions))
            ),
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
    st.download_button(
        _("For your calendar (iCalendar)"),
        lambda: write_calendar(library, course, now=clock(course)),
        file_name="hairtrack-course.ics",
        mime="text/calendar",
        on_click="ignore",
        icon=":material/calendar_month:",
    )
    with st.expander(_("Change a session")):
        names = {
            one.id: f"{translate(describe_moment(one.at))}, "
            f"{translate(describe_session(one, count_sessions(one, course.sessions)))} "
            f"({translate(str(one.status))})"
            for one in course.sessions
        }
        chosen = st.selectbox(
            _("Session"), list(names), format_func=names.__getitem__, key="session_chosen"
        )
        session = next(one for one in course.sessions if one.id == chosen)
        _change_session(library, course, session)


def _change_session(library: Library, course: Course, session: Session) -> None:
    if session.status is Status.PLANNED:
        left, right = st.columns(2)
        day = left.date_input(_("New day"), session.at.date(), key=f"move_day_{session.id}")
        time = right.time_input(
            _("New hour"), session.at.time(), key=f"move_hour_{session.id}"
        )
        rest = st.checkbox(_("Move those after it by as many days too"), key="move_rest")
        with st.container(horizontal=True):
            if st.button(_("Move it"), type="primary") and isinstance(day, dt.date):
                keep(
                    lambda: move_session(
                        library, course, session, day=day, time=time, rest=rest
                    ),
                    _("Moved"),
                )
            if st.button(_("Skip it")):
                keep(lambda: replace_entry(library, skip_session(session)), _("Skipped"))
    with st.form(f"done_{session.id}"):
        left, right = st.columns(2)
        day = left.date_input(_("Day"), session.at.date(), key=f"at_day_{session.id}")
        time = right.time_input(_("Hour"), session.at.time(), key=f"at_hour_{session.id}")
        given = st.text_input(_("What was given"), session.given)
        by = st.text_input(_("By whom"), session.operator)
        note = st.text_area(_("Note"), session.note, height=80)
        sent = st.form_submit_button(_("It was done so"), type="primary")
    zones = zone_input(f"places_{session.id}", chosen=session.zones)
    if sent and isinstance(day, dt.date):
        changed = replace(
            session,
            status=Status.DONE,
            at=local_time(day, time, course.settings.zone),
            given=given,
            operator=by,
            note=note,
            zones=zones,
        )
        keep(lambda: replace_entry(library, changed), _("Kept"))
    if st.button(_("Remove this session"), key=f"remove_session_{session.id}"):
        keep(lambda: remove_entry(library, session), _("Removed"))


def _ask_plan(library: Library, course: Course) -> None:
    known = {one.key: one for one in course.facts.templates}
    key = st.selectbox(
        _("Plan"),
        [*known, _FREE],
        format_func=lambda key: _describe_template(course, known.get(key)),
        key="plan_template",
    )
    template = known.get(key)
    if template is not None and template.note:
        show_caption(template.note)
    treatment = _ask_treatment(course, template)
    choice = _ask_choice(course, template)
    show_caption(_("Sessions of this treatment that are still planned are replaced."))
    if st.button(_("Make the plan"), type="primary"):
        chosen = replace(treatment, started_on=treatment.started_on or choice.start)
        keep(lambda: plan_course(library, chosen, choice, template=key), _("Plan made"))


def _describe_template(course: Course, template: Template | None) -> str:
    if template is None:
        return _("Free: your own number and interval")
    source = translate(describe_source(template.source, course.facts))
    return f"{capitalize(source)}: {translate(template.title)}"


def _ask_treatment(course: Course, template: Template | None) -> Treatment:
    names = {one.id: translate(describe_kind(one.kind)) for one in course.treatments}
    chosen = _NEW
    if names:
        chosen = st.selectbox(
            _("Treatment"),
            [_NEW, *names],
            format_func=lambda number: names.get(number, _("A new one")),
            key="plan_treatment",
        )
    if chosen != _NEW:
        return next(one for one in course.treatments if one.id == chosen)
    spoken = template.kinds if template else ()
    kind = st.selectbox(
        _("Kind"),
        sorted(Kind, key=lambda one: one not in spoken),
        format_func=lambda kind: translate(describe_kind(kind)),
        key=f"plan_kind_{template.key if template else _FREE}",
    )
    if template and kind and kind not in spoken:
        show_caption(
            _(
                "The source of this plan does not speak of {kind}.",
                kind=translate(describe_kind(kind)),
            )
        )
    return Treatment(subject=course.subject, kind=kind or Kind.OTHER)


def _ask_choice(course: Course, template: Template | None) -> PlanChoice:
    key = template.key if template else _FREE
    left, right = st.columns(2)
    day = left.date_input(_("First session"), clock(course).date(), key="plan_first")
    time = right.time_input(_("Hour"), dt.time(10), key="plan_hour")
    every: str | None = left.selectbox(
        _("Interval"),
        (template.every if template else ()) or _UNITS,
        format_func=translate,
        accept_new_options=not (template and template.every),
        key=f"plan_every_{key}",
    )
    sessions = None
    if template is None or template.months is None:
        stated = template.sessions if template else ()
        if len(stated) > 0:
            sessions = right.selectbox(_("Sessions"), stated, key=f"plan_sessions_{key}")
        else:
            sessions = right.number_input(
                _("Sessions"), 1, 200, 6, key=f"plan_sessions_{key}"
            )
    maintained = template is None or template.maintenance not in ("", "none")
    later: str | None = ""
    number = 0
    if maintained and st.checkbox(
        _("Put down maintenance too"), key=f"plan_maintain_{key}"
    ):
        options = (template.maintenance_every if template else ()) or _UNITS
        left, right = st.columns(2)
        later = left.selectbox(
            _("Maintenance every"),
            options,
            format_func=translate,
            accept_new_options=not (template and template.maintenance_every),
            key=f"plan_later_{key}",
        )
        number = right.number_input(_("How many"), 1, 50, 2, key=f"plan_later_n_{key}")
    return PlanChoice(
        start=day if isinstance(day, dt.date) else clock(course).date(),
        time=time,
        zone=course.settings.zone,
        every=every or "",
        sessions=sessions,
        maintenance_every=later or "",
        maintenance=number,
    )


def _show_treatments(library: Library, course: Course) -> None:
    for one in course.treatments:
        with st.container(horizontal=True, vertical_alignment="center"):
            told = _(
                "{kind}, {start} to {end}",
                kind=translate(describe_kind(one.kind)),
                start=one.started_on or _("unknown"),
                end=one.stopped_on or _("now"),
            )
            said = ", ".join(part for part in (told, one.given, one.operator) if part)
            st.markdown(escape(said))
            if st.button(_("Remove"), key=f"remove_treatment_{one.id}"):
                keep(lambda one=one: remove_entry(library, one), _("Removed"))  # type: ignore[misc]
    names = {one.id: translate(describe_kind(one.kind)) for one in course.treatments}
    chosen = st.selectbox(
        _("Enter or change"),
        [_NEW, *names],
        format_func=lambda number: names.get(number, _("A new one")),
        key="treatment_chosen",
    )
    blank = Treatment(subject=course.subject, kind=Kind.MINOXIDIL)
    _edit_treatment(
        library, next((one for one in course.treatments if one.id == chosen), blank)
    )


def _edit_treatment(library: Library, one: Treatment) -> None:
    with st.form(f"treatment_{one.id}"):
        kind = st.selectbox(
            _("Kind"),
            list(Kind),
            index=list(Kind).index(one.kind),
            format_func=lambda kind: translate(describe_kind(kind)),
        )
        left, right = st.columns(2)
        begun = left.date_input(_("Begun"), one.started_on)
        ended = right.date_input(_("Ended, if it was"), one.stopped_on)
        given = st.text_input(_("What is given"), one.given)
        by = st.text_input(_("By whom"), one.operator)
        note = st.text_area(_("Note"), one.note, height=80)
        sent = st.form_submit_button(_("Keep the treatment"), type="primary")
    zones = zone_input(f"treatment_places_{one.id}", chosen=one.zones)
    if not sent:
        return
    changed = replace(
        one,
        kind=kind or one.kind,
        started_on=begun if isinstance(begun, dt.date) else None,
        stopped_on=ended if isinstance(ended, dt.date) else None,
        given=given,
        operator=by,
        note=note,
        zones=zones,
    )
    keep_it = replace_entry if one.id else add_entry
    keep(lambda: keep_it(library, changed), _("Treatment kept"))


def ask_settings(library: Library, course: Course) -> None:
    """Ask what holds for the whole course."""
    settings = course.settings
    own = dict(settings.hours)
    with st.form("settings"):
        left, right = st.columns(2)
        start = left.date_input(_("Start of treatment (week 0)"), settings.started_on)
        stop = right.date_input(_("All treatment stopped, if so"), settings.stopped_on)
        zones = sorted(available_timezones() | {settings.zone})
        zone = st.selectbox(_("Time zone"), zones, index=zones.index(settings.zone))
        show_caption(
            _(
                "Hours after a session that your clinic gave; empty where it gave none. "
                "They go before what any document states."
            )
        )
        columns = st.columns(2)
        hours = {}
        for place, topic in enumerate(t for t in course.facts.topics if t.group == "after"):
            hours[topic.key] = columns[place % 2].number_input(
                _("{topic} (hours)", topic=translate(topic.title)),
                min_value=0.0,
                max_value=8760.0,
                value=own.get(topic.key),
                step=1.0,
                key=f"hours_{topic.key}",
            )
        sent = st.form_submit_button(_("Keep these"), type="primary")
    if sent:
        changed = replace(
            settings,
            started_on=start if isinstance(start, dt.date) else None,
            stopped_on=stop if isinstance(stop, dt.date) else None,
            zone=zone,
            hours=tuple((topic, n) for topic, n in hours.items() if n is not None),
        )
        keep(lambda: save_settings(library, changed), _("Kept"))
