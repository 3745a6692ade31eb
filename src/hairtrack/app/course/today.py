"""Today: red flags, what comes next, and what applies after the latest session."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import streamlit as st

from hairtrack.app import words
from hairtrack.app.cache import cached_query
from hairtrack.app.course.parts import clock, keep, show_alerts, show_note, tell_no_day
from hairtrack.app.language import _, say
from hairtrack.course.aftercare import State, Timer
from hairtrack.course.entries import Session, Status
from hairtrack.course.explanations import (
    HIT,
    NO_ADVICE,
    describe_kind,
    describe_moment,
    describe_session,
    describe_source,
    describe_timer,
)
from hairtrack.course.plans import count_sessions, skip_session
from hairtrack.workflows import Library, judge
from hairtrack.workflows.course import Course, flag_photos, replace_entry
from hairtrack.workflows.course_today import Today, tell_today

__all__ = ["show"]


def show(library: Library, course: Course) -> None:
    """Show what a person is told of the course now."""
    judged = cached_query(judge, library, subject=course.subject)
    found = tell_today(library, course, now=clock(course), judged=judged)
    show_alerts(found.alerts, course.facts)
    for check in found.hits:
        source = say(describe_source(check.source, course.facts))
        asked = f"{say(check.asks)} ({source}): {say(HIT)}"
        st.warning(words.escape(asked), icon=":material/call:")
    show_note(f"{say(describe_moment(found.now))}. {say(found.start)}")
    _show_next(course, found)
    for session in found.overdue:
        _ask_whether_done(library, course, session)
    if found.latest is not None:
        _show_after(library, course, found.latest, found)


def _show_next(course: Course, found: Today) -> None:
    left, right = st.columns(2)
    with left.container(border=True, height="stretch"):
        st.subheader(_("Next session"), anchor=False)
        if found.next_session is None:
            st.write(_("None is planned. The section *Plan* makes one."))
        else:
            session = found.next_session
            of = count_sessions(session, course.sessions)
            st.markdown(f"**{words.escape(describe_moment(session.at))}**")
            told = say(describe_session(session, of))
            kind = say(describe_kind(course.kind_of(session)))
            show_note(f"{told[0].upper()}{told[1:]}, {kind}")
    with right.container(border=True, height="stretch"):
        st.subheader(_("Next photographs"), anchor=False)
        if found.photo_day is None:
            st.write(tell_no_day(course))
        else:
            st.markdown(f"**{words.escape(words.tell_day(found.photo_day.day))}**")
            show_note(found.photo_day.why[0].upper() + found.photo_day.why[1:])


def _ask_whether_done(library: Library, course: Course, session: Session) -> None:
    with st.container(border=True):
        of = count_sessions(session, course.sessions)
        told = describe_session(session, of)
        asked = _(
            "{when}, {session}: was it done?",
            when=say(describe_moment(session.at)),
            session=say(told),
        )
        st.markdown(words.escape(asked))
        with st.container(horizontal=True):
            if st.button(_("It was done"), key=f"done_{session.id}", type="primary"):
                done = replace(session, status=Status.DONE)
                keep(
                    lambda: replace_entry(library, done),
                    _("{session}: done", session=say(told)),
                )
            if st.button(_("It was skipped"), key=f"skip_{session.id}"):
                keep(
                    lambda: replace_entry(library, skip_session(session)),
                    _("{session}: skipped", session=say(told)),
                )


def _show_after(library: Library, course: Course, session: Session, found: Today) -> None:
    kind = course.kind_of(session)
    st.subheader(_("After the latest session"), anchor=False)
    show_note(f"{say(describe_moment(session.at))}, {say(describe_kind(kind))}")
    if all(timer.state is State.UNSPOKEN for timer in found.timers):
        told = _(
            "No source speaks of the time after {kind}. Ask the clinic and enter its times "
            "under Plan.",
            kind=say(describe_kind(kind)),
        )
        st.info(words.escape(told))
    order = list(State)
    for timer in sorted(found.timers, key=lambda one: order.index(one.state)):
        _show_timer(course, session, timer, now=found.now)
    _show_photo_window(library, course, session, now=found.now)
    show_note(NO_ADVICE)


def _show_timer(
    course: Course, session: Session, timer: Timer, *, now: dt.datetime
) -> None:
    told = words.escape(describe_timer(timer, course.facts, kind=course.kind_of(session)))
    if timer.state is State.APPLIES and timer.until is not None:
        gone = (now - session.at) / (timer.until - session.at)
        st.progress(min(1.0, max(0.0, gone)), text=told)
    elif timer.state is State.UNSTATED:
        st.markdown(f":material/schedule: {told}")
    else:
        st.caption(told)
    if len(timer.others) > 1:
        said = "; ".join(
            f"{say(describe_source(fact.source, course.facts))}: {say(fact.says)}"
            for fact in timer.others
        )
        show_note(said)


def _show_photo_window(
    library: Library, course: Course, session: Session, *, now: dt.datetime
) -> None:
    rule = course.facts.rule("photo_window")
    flagged = sum(one.session is not None for one in flag_photos(library, course).values())
    if (now - session.at) < dt.timedelta(hours=rule.hours or 0):
        st.info(words.escape(_("Photographs can wait: {why}.", why=say(rule.says))))
    if flagged:
        told = words.tell_count(flagged, "photograph lies", "photographs lie")
        show_note(
            _(
                "{photographs} within 72 hours after a session, or perhaps: see Timeline.",
                photographs=told,
            )
        )
