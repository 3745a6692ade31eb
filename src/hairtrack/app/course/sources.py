"""What sources say: side by side, each with its name, beside what trials found."""

from __future__ import annotations

import streamlit as st

from hairtrack.app import words
from hairtrack.app.course.parts import keep, show_note
from hairtrack.course.facts import Facts, Topic
from hairtrack.course.words import NO_ADVICE, tell_kind, tell_source
from hairtrack.workflows import Library
from hairtrack.workflows.course import Course, keep_clinic_file

__all__ = ["show"]

_GROUPS = {
    "disagreement": "Where sources disagree",
    "after": "After a session",
    "before": "Before a session",
    "other": "What else they say",
}


def show(library: Library, course: Course) -> None:
    """Show every statement with its source; nothing is weighed or resolved."""
    show_note(NO_ADVICE)
    for group, title in _GROUPS.items():
        st.subheader(title, anchor=False)
        for topic in course.facts.topics:
            if topic.group == group:
                _show_topic(course.facts, topic)
    _show_rest(course.facts)
    _offer_clinic_file(library)


def _show_topic(facts: Facts, topic: Topic) -> None:
    with st.container(border=True):
        st.markdown(f"**{words.escape(topic.title)}**")
        rows = _list_rows(facts, topic)
        trials = [trial for trial in facts.trials if topic.key in trial.topics]
        left, right = st.columns([3, 2]) if trials else (st.container(), None)
        with left:
            st.table(rows, hide_index=True, border="horizontal", alt=topic.title)
        if right is not None:
            with right:
                st.caption("What studies found, most of them of other treatments")
                for trial in trials:
                    name = facts.source(trial.source).title
                    told = f"{trial.treatment}: {trial.says}. Week: {trial.week}. {name}."
                    st.markdown(f"- {words.escape(told)}")


def _list_rows(facts: Facts, topic: Topic) -> list[dict[str, str]]:
    """Return a row for each source; a document that says nothing says so."""
    rows = []
    for source in facts.sources:
        name = tell_source(source.key, facts)
        name = name[0].upper() + name[1:]
        if topic.group == "before":
            said = [
                (check.asks, "") for check in facts.checks if check.source == source.key
            ]
        else:
            said = [
                (
                    f"{fact.case[0].upper()}{fact.case[1:]}: {fact.says}"
                    if fact.case
                    else fact.says,
                    ", ".join(tell_kind(kind) for kind in fact.kinds),
                )
                for fact in facts.about(topic.key)
                if fact.source == source.key
            ]
        if not said and source.kind == "document":
            said = [("says nothing", "")]
        for text, kinds in said:
            speaks = f" (of {kinds})" if kinds and topic.group == "after" else ""
            rows.append({"Source": name, "Says": words.escape(text + speaks)})
    return rows


def _show_rest(facts: Facts) -> None:
    with st.expander("Plans as the sources state them"):
        rows = [
            {
                "Source": tell_source(one.source, facts),
                "Plan": words.escape(one.title),
                "For": ", ".join(tell_kind(kind) for kind in one.kinds),
                "Note": words.escape(one.note),
            }
            for one in facts.templates
        ]
        st.table(rows, hide_index=True, border="horizontal", alt="Plans and sources")
    with st.expander("Rules of this program"):
        for rule in facts.rules:
            told = f"{rule.says}. {facts.source(rule.source).title}."
            st.markdown(f"- {words.escape(told)}")
    with st.expander("The sources"):
        for source in facts.sources:
            told = f"{source.key}: {source.title} ({source.kind})"
            st.markdown(f"- {words.escape(told)}")


def _offer_clinic_file(library: Library) -> None:
    with st.expander("Facts of your clinic"):
        show_note(
            "A clinic can lay a file of its own beside these; it takes nothing away, and "
            "its times after a session go before the others. Its form is told in "
            "docs/course.md."
        )
        offered = st.file_uploader("Fact file", type=["toml"], key="clinic_file")
        if offered is not None and st.button("Keep it", type="primary"):
            text = offered.getvalue().decode("utf-8", "replace")
            keep(lambda: keep_clinic_file(library, text), "The clinic's facts are kept")
        if st.button("Take the clinic's facts away"):
            keep(lambda: keep_clinic_file(library, ""), "The clinic's facts are gone")
