"""What sources say: side by side, each with its name, beside what trials found."""

from __future__ import annotations

import streamlit as st

from hairtrack.app.course.common import keep, show_caption
from hairtrack.app.formatting import capitalize, escape
from hairtrack.app.i18n import N_, _, translate
from hairtrack.course.explanations import NO_ADVICE, describe_kind, describe_source
from hairtrack.course.facts import Fact, Facts, Topic
from hairtrack.workflows import Library
from hairtrack.workflows.course import Course, save_clinic_file

_GROUPS = {
    "disagreement": N_("Where sources disagree"),
    "after": N_("After a session"),
    "before": N_("Before a session"),
    "other": N_("What else they say"),
}


def show(library: Library, course: Course) -> None:
    """Show every statement with its source; nothing is weighed or resolved."""
    show_caption(NO_ADVICE)
    for group, title in _GROUPS.items():
        st.subheader(_(title), anchor=False)
        for topic in course.facts.topics:
            if topic.group == group:
                _show_topic(course.facts, topic)
    _show_rest(course.facts)
    _offer_clinic_file(library)


def _show_topic(facts: Facts, topic: Topic) -> None:
    with st.container(border=True):
        st.markdown(f"**{escape(topic.title)}**")
        rows = _list_rows(facts, topic)
        trials = [trial for trial in facts.trials if topic.key in trial.topics]
        left, right = st.columns([3, 2]) if trials else (st.container(), None)
        with left:
            st.table(rows, hide_index=True, border="horizontal", alt=translate(topic.title))
        if right is not None:
            with right:
                st.caption(_("What studies found, most of them of other treatments"))
                for trial in trials:
                    name = facts.source(trial.source).title
                    told = _(
                        "{treatment}: {says}. Week: {week}. {study}.",
                        treatment=translate(trial.treatment),
                        says=translate(trial.says),
                        week=translate(trial.week),
                        study=name,
                    )
                    st.markdown(f"- {escape(told)}")


def _list_rows(facts: Facts, topic: Topic) -> list[dict[str, str]]:
    """Return a row for each source; a document that says nothing says so."""
    rows = []
    for source in facts.sources:
        name = capitalize(translate(describe_source(source.key, facts)))
        if topic.group == "before":
            said = [
                (translate(check.asks), "")
                for check in facts.checks
                if check.source == source.key
            ]
        else:
            said = [
                (
                    _describe_fact(fact),
                    ", ".join(translate(describe_kind(kind)) for kind in fact.kinds),
                )
                for fact in facts.about(topic.key)
                if fact.source == source.key
            ]
        if not said and source.kind == "document":
            said = [(_("says nothing"), "")]
        for text, kinds in said:
            told = text
            if kinds and topic.group == "after":
                told = _("{text} (of {kinds})", text=told, kinds=kinds)
            rows.append({_("Source"): name, _("Says"): escape(told)})
    return rows


def _describe_fact(fact: Fact) -> str:
    if not fact.case:
        return translate(fact.says)
    case = translate(fact.case)
    return f"{capitalize(case)}: {translate(fact.says)}"


def _show_rest(facts: Facts) -> None:
    with st.expander(_("Plans as the sources state them")):
        rows = [
            {
                _("Source"): translate(describe_source(one.source, facts)),
                _("Plan"): escape(one.title),
                _("For"): ", ".join(translate(describe_kind(kind)) for kind in one.kinds),
                _("Note"): escape(one.note),
            }
            for one in facts.templates
        ]
        st.table(rows, hide_index=True, border="horizontal", alt=_("Plans and sources"))
    with st.expander(_("Rules of this program")):
        for rule in facts.rules:
            told = f"{translate(rule.says)}. {translate(facts.source(rule.source).title)}."
            st.markdown(f"- {escape(told)}")
    with st.expander(_("The sources")):
        for source in facts.sources:
            told = f"{source.key}: {translate(source.title)} ({translate(source.kind)})"
            st.markdown(f"- {escape(told)}")


def _offer_clinic_file(library: Library) -> None:
    with st.expander(_("Facts of your clinic")):
        show_caption(
            _(
                "A clinic can lay a file of its own beside these; it takes nothing away, "
                "and its times after a session go before the others. Its form is told in "
                "docs/course.md."
            )
        )
        offered = st.file_uploader(_("Fact file"), type=["toml"], key="clinic_file")
        if offered is not None and st.button(_("Keep it"), type="primary"):
            text = offered.getvalue().decode("utf-8", "replace")
            keep(lambda: save_clinic_file(library, text), _("The clinic's facts are kept"))
        if st.button(_("Take the clinic's facts away")):
            keep(lambda: save_clinic_file(library, ""), _("The clinic's facts are gone"))
