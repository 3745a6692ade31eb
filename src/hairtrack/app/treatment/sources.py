"""What the sources say: one row a question, the full statements a click away."""

from __future__ import annotations

from collections.abc import Iterator
from textwrap import shorten

import streamlit as st

from hairtrack.app.edits import keep
from hairtrack.app.formatting import capitalize, escape
from hairtrack.app.i18n import _, translate
from hairtrack.app.treatment.common import show_caption
from hairtrack.course.entries import Course
from hairtrack.course.explanations import NO_ADVICE, describe_kind, describe_source
from hairtrack.course.facts import Facts, Topic
from hairtrack.workflows import Library
from hairtrack.workflows.course import save_clinic_file

_SHORT = 44
"""Letters of a statement in the table; all of it is a click away."""


def show(library: Library, course: Course) -> None:
    """Show every question with what its sources say; nothing is weighed or resolved."""
    facts = course.facts
    show_caption(translate(NO_ADVICE))
    chosen: Topic | None = st.selectbox(
        _("Read in full"),
        facts.topics,
        index=None,
        format_func=lambda topic: translate(topic.title),
        placeholder=_("Choose a question"),
        key="topic_in_full",
        width=420,
    )
    if chosen is not None:
        with st.container(border=True):
            _show_topic(facts, chosen)
    rows = [
        {
            _("Question"): _name_topic(topic),
            _("In short"): escape(" · ".join(_list_short(facts, topic))),
        }
        for topic in facts.topics
    ]
    st.table(rows, hide_index=True, border="horizontal", alt=_("Questions and answers"))
    _show_rest(facts)
    _offer_clinic_file(library)


def _name_topic(topic: Topic) -> str:
    title = escape(translate(topic.title))
    if topic.group != "disagreement":
        return title
    return _("{question} :orange-badge[they differ]", question=title)


def _list_short(facts: Facts, topic: Topic) -> Iterator[str]:
    """Yield the first statement of each source, cut."""
    said: dict[str, list[str]] = {}
    for name, told in _list_statements(facts, topic):
        said.setdefault(name, []).append(told)
    for name, statements in said.items():
        first = shorten(statements[0].partition(";")[0], _SHORT, placeholder="")
        yield f"{name}: {first}{'' if [first] == statements else ' …'}"


def _list_statements(facts: Facts, topic: Topic) -> Iterator[tuple[str, str]]:
    """Yield each source that says something on a topic, and what it says."""
    if topic.group == "before":
        for check in facts.checks:
            yield _name_source(check.source, facts), translate(check.asks)
    for fact in facts.about(topic.key):
        case = f"{capitalize(translate(fact.case))}: " if fact.case else ""
        told = f"{case}{translate(fact.says)}"
        if fact.kinds and topic.group == "after":
            kinds = ", ".join(translate(describe_kind(kind)) for kind in fact.kinds)
            told = _("{text} (after {kinds})", text=told, kinds=kinds)
        yield _name_source(fact.source, facts), told


def _name_source(key: str, facts: Facts) -> str:
    return capitalize(translate(describe_source(key, facts)))


def _show_topic(facts: Facts, topic: Topic) -> None:
    st.markdown(f"**{escape(translate(topic.title))}**")
    for name, told in _list_statements(facts, topic):
        st.markdown(f"- **{escape(name)}:** {escape(told)}")
    trials = [trial for trial in facts.trials if topic.key in trial.topics]
    if trials:
        st.caption(_("What studies found, most of them of other treatments"))
    for trial in trials:
        told = _(
            "{treatment}: {says}. Week: {week}. {study}.",
            treatment=translate(trial.treatment),
            says=translate(trial.says),
            week=translate(trial.week),
            study=facts.source(trial.source).title,
        )
        st.markdown(f"- {escape(told)}")


def _show_rest(facts: Facts) -> None:
    with st.expander(_("Plans, rules of this program, and the sources in full")):
        lines = [
            f"{_name_source(plan.source, facts)}: {translate(plan.title)}. "
            f"{translate(plan.note)}"
            for plan in facts.templates
        ]
        lines += [
            f"{translate(rule.says)}. {translate(facts.source(rule.source).title)}."
            for rule in facts.rules
        ]
        lines += [
            f"{_name_source(source.key, facts)}: {translate(source.title)} "
            f"({translate(source.kind)})"
            for source in facts.sources
        ]
        st.markdown("\n".join(f"- {escape(line)}" for line in lines))


def _offer_clinic_file(library: Library) -> None:
    with st.expander(_("Statements of your clinic")):
        show_caption(
            _(
                "Add a file of your clinic; its waiting times count before all others. "
                "docs/course.md says how to write one."
            )
        )
        offered = st.file_uploader(
            _("Fact file"), type=["toml", "text/plain"], key="clinic_file"
        )
        if offered is not None and st.button(_("Save"), type="primary"):
            text = offered.getvalue().decode("utf-8", "replace")
            keep(lambda: save_clinic_file(library, text), _("Saved."))
        if st.button(_("Remove the clinic's statements")):
            keep(lambda: save_clinic_file(library, ""), _("Deleted."))
