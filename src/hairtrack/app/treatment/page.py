"""Treatment: what is taken or was done, sessions, diary, history, and what sources say."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from zoneinfo import available_timezones

import streamlit as st

from hairtrack.app.cache import cached_query
from hairtrack.app.edits import form_generation, keep, show_notice
from hairtrack.app.formatting import capitalize, day_input, escape
from hairtrack.app.frame import choose_subject, on_library
from hairtrack.app.i18n import N_, _, format_day, translate
from hairtrack.app.treatment import diary, sessions, sources, timeline
from hairtrack.app.treatment.common import (
    MEDICINES,
    ask_zones,
    clock,
    show_alerts,
    show_caption,
)
from hairtrack.course.aftercare import State, Timer
from hairtrack.course.entries import Course, Dose, Kind, Session, Treatment
from hairtrack.course.explanations import (
    NO_ADVICE,
    SPEAK_FIRST,
    describe_kind,
    describe_moment,
    describe_session,
    describe_source,
    describe_timer,
)
from hairtrack.workflows import Library, assess_series
from hairtrack.workflows.course import (
    load_course,
    save_entry,
    save_settings,
)
from hairtrack.workflows.importing import DEFAULT_SUBJECT
from hairtrack.workflows.overview import CourseStatus, find_course_status

__all__ = ["show"]

_EDITED = "edited_treatment"


@on_library
def show(library: Library) -> None:
    """Show one section of the treatment of one subject."""
    st.title(_("Treatment"), anchor=False)
    show_notice(library)
    subject = choose_subject(library.catalog.subjects() or [DEFAULT_SUBJECT])
    course = cached_query(load_course, library, subject=subject)
    sections = _list_sections(course)
    if st.session_state.get("treatment_section") not in sections:
        st.session_state.pop("treatment_section", None)
    section = st.radio(
        _("Section"),
        list(sections),
        format_func=_,
        horizontal=True,
        key="treatment_section",
        persist_state="session",
        label_visibility="collapsed",
    )
    sections[section](library, course)


def _list_sections(course: Course) -> dict[str, Callable[[Library, Course], None]]:
    """Return the sections that apply: no sessions for tablets, no history of nothing."""
    found: dict[str, Callable[[Library, Course], None]] = {N_("Now"): _show_now}
    if course.sessions or any(one.kind not in MEDICINES for one in course.treatments):
        found[N_("Sessions")] = sessions.show
    found[N_("Diary")] = diary.show
    found[N_("History")] = timeline.show
    found[N_("What the sources say")] = sources.show
    return found


def _show_now(library: Library, course: Course) -> None:
    assessed = cached_query(assess_series, library, subject=course.subject)
    found = find_course_status(library, course, now=clock(course), assessed=assessed)
    show_alerts(found.alerts, course.facts)
    for check in found.hits:
        source = translate(describe_source(check.source, course.facts))
        asked = f"{translate(check.asks)} ({source}): {translate(SPEAK_FIRST)}"
        st.warning(escape(asked), icon=":material/call:")
    for session in found.overdue:
        sessions.ask_whether_done(library, course, session)
    _show_treatments(library, course)
    _show_next(course, found)
    if found.latest is not None:
        _show_aftercare(course, found.latest, found)
    _ask_start(library, course)


# ---- what is taken or was done --------------------------------------------------------


def _show_treatments(library: Library, course: Course) -> None:
    edited = st.session_state.get(_EDITED)
    for one in course.treatments:
        with st.container(border=True):
            _show_treatment(library, course, one)
            if edited == one.id:
                _edit_treatment(library, one)
    title = (
        _("Add another treatment")
        if course.treatments
        else _("What do you use, or what have you had done?")
    )
    kind: Kind | None = st.selectbox(
        title,
        list(Kind),
        index=None,
        format_func=lambda kind: capitalize(translate(describe_kind(kind))),
        placeholder=_("Choose what applies"),
        key=f"new_treatment_{form_generation()}",
        width=420,
    )
    if kind is not None:
        with st.container(border=True):
            _edit_treatment(library, Treatment(subject=course.subject, kind=kind))


def _show_treatment(library: Library, course: Course, one: Treatment) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        name = capitalize(translate(describe_kind(one.kind)))
        parts = [one.given] if one.given else []
        if one.started_on and one.stopped_on:
            days = {"start": one.started_on, "end": one.stopped_on}
            parts.append(_("{start} to {end}", **days))
        elif one.started_on:
            parts.append(_("since {day}", day=one.started_on))
        st.markdown(f"**{escape(name)}** {escape(', '.join(parts))}")
        if one.kind in MEDICINES and one.stopped_on is None:
            _ask_dose(library, course, one)
        key = f"{one.id}_{form_generation()}"
        if st.button(_("Edit"), key=f"edit_{key}", type="tertiary"):
            st.session_state[_EDITED] = one.id
            st.rerun()


def _ask_dose(library: Library, course: Course, one: Treatment) -> None:
    """Ask whether the dose of today was taken; tell on how many days of a week it was."""
    today = clock(course).date()
    taken = {d.day: d for d in course.doses if d.treatment == one.id and d.taken}
    known = taken.get(today)
    ticked = st.checkbox(
        _("Taken today"), known is not None, key=f"taken_{one.id}_{form_generation()}"
    )
    week = sum(today - dt.timedelta(days=7) < day <= today for day in taken)
    st.caption(_("Taken on {count} of the last 7 days", count=week))
    if ticked and known is None:
        dose = Dose(subject=course.subject, treatment=one.id, day=today, taken=True)
        keep(lambda: save_entry(library, dose), _("Saved."))
    elif known is not None and not ticked:
        keep(lambda: library.courses.remove(known), _("Saved."))


def _edit_treatment(library: Library, one: Treatment) -> None:
    medicine = one.kind in MEDICINES
    with st.form(f"treatment_{one.id}_{one.kind}", border=False):
        given = st.text_input(
            _("Product and dose") if medicine else _("What was used"),
            one.given,
            placeholder=_("e.g. 5 % foam, once a day") if medicine else "",
        )
        left, right = st.columns(2)
        with left:
            begun = _("Started on") if medicine else _("First on")
            start = day_input(begun, one.started_on)
        with right:
            stop = day_input(_("Stopped on, if it was"), one.stopped_on)
        by = one.operator if medicine else st.text_input(_("Done by"), one.operator)
        zones = one.zones
        if not medicine:
            zones = ask_zones(f"zones_{one.id}_{one.kind}", one.zones)
        note = st.text_area(_("Note"), one.note, height=80)
        with st.container(horizontal=True):
            sent = st.form_submit_button(_("Save"), type="primary")
            gone = one.id and st.form_submit_button(_("Delete"))
            closed = one.id and st.form_submit_button(_("Cancel"))
    if closed or gone or sent:
        st.session_state.pop(_EDITED, None)
    if closed:
        st.rerun()
    if gone:
        keep(lambda: library.courses.remove(one), _("Deleted."))
    if sent:
        changed = replace(
            one,
            started_on=start,
            stopped_on=stop,
            given=given,
            operator=by,
            note=note,
            zones=zones,
        )
        keep(lambda: save_entry(library, changed), _("Saved."))


# ---- what comes next, and what applies ------------------------------------------------


def _show_next(course: Course, found: CourseStatus) -> None:
    rows = []
    if found.next_session is not None:
        session = found.next_session
        when = translate(describe_moment(session.at))
        told = translate(describe_session(session, course.sessions))
        rows.append((_("Next session"), f"{when}, {told}"))
    if found.photo_day is not None:
        why = translate(found.photo_day.why)
        rows.append((_("Next photographs"), f"{format_day(found.photo_day.day)}, {why}"))
    for title, told in rows:
        st.markdown(f"**{escape(title)}:** {escape(told)}")


def _show_aftercare(course: Course, session: Session, found: CourseStatus) -> None:
    """Show what still applies after the latest session, and nothing once it is over."""
    rule = course.facts.rule("photo_window")
    fresh = found.now - session.at < dt.timedelta(hours=rule.hours or 0)
    kind = course.kind_of(session)
    running = [one for one in found.timers if one.state is State.APPLIES]
    vague = [one for one in found.timers if one.state is State.NO_TIME] if fresh else []
    if not (running or vague or fresh):
        return
    day = translate(describe_moment(session.at))
    st.subheader(_("After the session"), anchor=False)
    show_caption(f"{day}, {translate(describe_kind(kind))}")
    if fresh and all(one.state is State.NO_SOURCE for one in found.timers):
        told = _(
            "No source speaks of the time after {kind}. Ask the clinic, and enter its "
            "times below.",
            kind=translate(describe_kind(kind)),
        )
        st.info(escape(told))
    for timer in (*running, *vague):
        _show_timer(course, session, timer, now=found.now)
    if fresh:
        st.info(
            escape(_("Wait with photographs: {why}.", why=translate(rule.says))),
            icon=":material/photo_camera:",
        )
    show_caption(translate(NO_ADVICE))


def _show_timer(
    course: Course, session: Session, timer: Timer, *, now: dt.datetime
) -> None:
    told = escape(describe_timer(timer, course.facts, kind=course.kind_of(session)))
    if timer.until is None:
        st.markdown(f":material/schedule: {told}")
        return
    gone = (now - session.at) / (timer.until - session.at)
    st.progress(min(1.0, max(0.0, gone)), text=told)


# ---- the start, and what holds for the whole course -----------------------------------


def _ask_start(library: Library, course: Course) -> None:
    settings = course.settings
    own = dict(settings.hours)
    held = any(one.kind not in MEDICINES for one in course.treatments)
    with (
        st.expander(_("Start of treatment, time zone, times of your clinic")),
        st.form(f"course_settings_{form_generation()}", border=False),
    ):
        left, right = st.columns(2)
        with left:
            start = day_input(_("Treatment started on (week 0)"), settings.started_on)
        with right:
            stop = day_input(_("All treatment stopped on, if it was"), settings.stopped_on)
        zones = sorted(available_timezones() | {settings.zone})
        zone = st.selectbox(_("Time zone"), zones, index=zones.index(settings.zone))
        hours = dict.fromkeys(own) | own
        if held:
            show_caption(
                _(
                    "How many hours after a session your clinic asks you to wait; empty "
                    "where it said nothing. These count before the times of any source."
                )
            )
            columns = st.columns(2)
            after = [topic for topic in course.facts.topics if topic.group == "after"]
            for number, topic in enumerate(after):
                hours[topic.key] = columns[number % 2].number_input(
                    _("{topic} (hours)", topic=translate(topic.title)),
                    min_value=0.0,
                    max_value=8760.0,
                    value=own.get(topic.key),
                    step=1.0,
                    key=f"hours_{topic.key}",
                )
        sent = st.form_submit_button(_("Save"), type="primary")
    if sent:
        changed = replace(
            settings,
            started_on=start,
            stopped_on=stop,
            zone=zone,
            hours=tuple((topic, n) for topic, n in hours.items() if n is not None),
        )
        keep(lambda: save_settings(library, changed), _("Saved."))
