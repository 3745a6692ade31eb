"""Today: red flags, what comes next, the checklist, and what applies after a session."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import streamlit as st

from hairtrack.app.cache import cached_query
from hairtrack.app.course.common import (
    clock,
    explain_no_day,
    keep,
    show_alerts,
    show_caption,
)
from hairtrack.app.formatting import capitalize, escape
from hairtrack.app.i18n import N_, _, format_day, ngettext, translate
from hairtrack.course.aftercare import State, Timer
from hairtrack.course.diary import list_yes_answers
from hairtrack.course.entries import Answer, Session, Status
from hairtrack.course.explanations import (
    NO_ADVICE,
    SPEAK_FIRST,
    describe_kind,
    describe_moment,
    describe_session,
    describe_source,
    describe_timer,
)
from hairtrack.course.plans import count_sessions, skip_session
from hairtrack.workflows import Library, assess_series
from hairtrack.workflows.course import Course, add_entry, flag_photos, replace_entry
from hairtrack.workflows.overview import CourseStatus, find_course_status


def show(library: Library, course: Course) -> None:
    """Show what a person is told of the course now."""
    assessed = cached_query(assess_series, library, subject=course.subject)
    found = find_course_status(library, course, now=clock(course), assessed=assessed)
    show_alerts(found.alerts, course.facts)
    for check in found.hits:
        source = translate(describe_source(check.source, course.facts))
        asked = f"{translate(check.asks)} ({source}): {translate(SPEAK_FIRST)}"
        st.warning(escape(asked), icon=":material/call:")
    show_caption(f"{translate(describe_moment(found.now))}. {translate(found.start)}")
    _show_next(course, found)
    for session in found.overdue:
        _ask_whether_done(library, course, session)
    if found.latest is not None:
        _show_after(library, course, found.latest, found)


def _show_next(course: Course, found: CourseStatus) -> None:
    left, right = st.columns(2)
    with left.container(border=True, height="stretch"):
        st.subheader(_("Next session"), anchor=False)
        if found.next_session is None:
            st.write(_("None is planned. The section *Plan* makes one."))
        else:
            session = found.next_session
            of = count_sessions(session, course.sessions)
            st.markdown(f"**{escape(describe_moment(session.at))}**")
            told = translate(describe_session(session, of))
            kind = translate(describe_kind(course.kind_of(session)))
            show_caption(f"{capitalize(told)}, {kind}")
    with right.container(border=True, height="stretch"):
        st.subheader(_("Next photographs"), anchor=False)
        if found.photo_day is None:
            st.write(explain_no_day(course))
        else:
            st.markdown(f"**{escape(format_day(found.photo_day.day))}**")
            show_caption(capitalize(translate(found.photo_day.why)))


def _ask_whether_done(library: Library, course: Course, session: Session) -> None:
    with st.container(border=True):
        of = count_sessions(session, course.sessions)
        told = describe_session(session, of)
        asked = _(
            "{when}, {session}: was it done?",
            when=translate(describe_moment(session.at)),
            session=translate(told),
        )
        st.markdown(escape(asked))
        with st.container(horizontal=True):
            if st.button(_("It was done"), key=f"done_{session.id}", type="primary"):
                done = replace(session, status=Status.DONE)
                keep(
                    lambda: replace_entry(library, done),
                    _("{session}: done", session=translate(told)),
                )
            if st.button(_("It was skipped"), key=f"skip_{session.id}"):
                keep(
                    lambda: replace_entry(library, skip_session(session)),
                    _("{session}: skipped", session=translate(told)),
                )


def _show_after(
    library: Library, course: Course, session: Session, found: CourseStatus
) -> None:
    kind = course.kind_of(session)
    st.subheader(_("After the latest session"), anchor=False)
    show_caption(
        f"{translate(describe_moment(session.at))}, {translate(describe_kind(kind))}"
    )
    if all(timer.state is State.NO_SOURCE for timer in found.timers):
        told = _(
            "No source speaks of the time after {kind}. Ask the clinic and enter its times "
            "under Plan.",
            kind=translate(describe_kind(kind)),
        )
        st.info(escape(told))
    order = list(State)
    for timer in sorted(found.timers, key=lambda one: order.index(one.state)):
        _show_timer(course, session, timer, now=found.now)
    _show_photo_window(library, course, session, now=found.now)
    show_caption(NO_ADVICE)


def _show_timer(
    course: Course, session: Session, timer: Timer, *, now: dt.datetime
) -> None:
    told = escape(describe_timer(timer, course.facts, kind=course.kind_of(session)))
    if timer.state is State.APPLIES and timer.until is not None:
        gone = (now - session.at) / (timer.until - session.at)
        st.progress(min(1.0, max(0.0, gone)), text=told)
    elif timer.state is State.NO_TIME:
        st.markdown(f":material/schedule: {told}")
    else:
        st.caption(told)
    if len(timer.others) > 1:
        sources = [describe_source(fact.source, course.facts) for fact in timer.others]
        said = "; ".join(
            f"{translate(source)}: {translate(fact.says)}"
            for source, fact in zip(sources, timer.others, strict=True)
        )
        show_caption(said)


def _show_photo_window(
    library: Library, course: Course, session: Session, *, now: dt.datetime
) -> None:
    rule = course.facts.rule("photo_window")
    flagged = sum(one.session is not None for one in flag_photos(library, course).values())
    if (now - session.at) < dt.timedelta(hours=rule.hours or 0):
        st.info(escape(_("Photographs can wait: {why}.", why=translate(rule.says))))
    if flagged:
        told = ngettext("{count} photograph lies", "{count} photographs lie", flagged)
        show_caption(
            _(
                "{photographs} within 72 hours after a session, or perhaps: see Timeline.",
                photographs=told,
            )
        )


_CHOICES = [N_("No"), N_("Yes")]


def show_checklist(library: Library, course: Course) -> None:
    """Ask each item once, with the sources that name it."""
    st.subheader(_("Before a session"), anchor=False)
    show_caption(_("Answers stay in this library on this computer."))
    hits = {check.key for check in list_yes_answers(course.answers, course.facts)}
    answered = {answer.check for answer in course.answers}
    items: dict[str, list[str]] = {}
    for check in course.facts.checks:
        items.setdefault(check.asks, []).append(check.key)
    given: dict[str, str | None] = {}
    with st.form("checklist"):
        for asks, keys in items.items():
            names = [c.source for c in course.facts.checks if c.key in keys]
            told = ", ".join(
                translate(describe_source(name, course.facts)) for name in names
            )
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
        sent = st.form_submit_button(_("Keep the answers"), type="primary")
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
        keep(lambda: [add_entry(library, one) for one in answers], _("Answers kept"))
