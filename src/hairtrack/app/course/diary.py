"""Diary: what was felt or seen, with its red flags at once; doses missed; remarks."""

from __future__ import annotations

import datetime as dt

import streamlit as st

from hairtrack.app.course.common import clock, keep, show_alerts, show_caption
from hairtrack.app.formatting import escape
from hairtrack.app.i18n import _, translate
from hairtrack.app.pictures import show_picture
from hairtrack.course.diary import check_symptom, match_missed_doses
from hairtrack.course.entries import Mark, MissedDose, Remark, Severity, Symptom
from hairtrack.course.explanations import describe_dose, describe_kind, describe_moment
from hairtrack.course.plans import local_time
from hairtrack.workflows import Library
from hairtrack.workflows.course import (
    Course,
    add_entry,
    add_symptom,
    read_picture,
    remove_entry,
)


def show(library: Library, course: Course) -> None:
    """Ask for an entry, then show those that were made."""
    _ask_symptom(library, course)
    left, right = st.columns(2)
    with left:
        _ask_remark(library, course)
    with right:
        _ask_dose(library, course)
    st.subheader(_("Entries"), anchor=False)
    if not (course.symptoms or course.remarks or course.doses):
        st.write(_("Nothing was entered yet."))
    for symptom in reversed(course.symptoms):
        _show_symptom(library, course, symptom)
    _show_others(library, course)
    with st.expander(_("Signs that are told at once, with their sources")):
        rows = [
            {
                _("Sign"): translate(sign.title),
                _("Told at once"): {"emergency": _("emergency: call now")}.get(
                    sign.alert,
                    _("contact your clinician") if sign.alert else _("if severe"),
                ),
                _("Source"): translate(course.facts.source(sign.source).title),
                _("It says"): translate(sign.says),
            }
            for sign in course.facts.signs
        ]
        st.table(rows, hide_index=True, border="horizontal", alt=_("Signs and sources"))


def _ask_symptom(library: Library, course: Course) -> None:
    now = clock(course)
    titles = {sign.key: translate(sign.title) for sign in course.facts.signs}
    with st.form("symptom", clear_on_submit=True):
        st.subheader(_("Something felt or seen"), anchor=False)
        sign = st.selectbox(_("Sign"), list(titles), format_func=titles.__getitem__)
        severity = st.radio(
            _("How strong"),
            [str(one) for one in Severity],
            format_func=translate,
            horizontal=True,
        )
        left, right = st.columns(2)
        day = left.date_input(_("Day"), now.date(), max_value=now.date())
        time = right.time_input(_("Hour"), now.time().replace(second=0, microsecond=0))
        place = st.text_input(_("Where"))
        note = st.text_area(_("Note"), height=80)
        photos = st.file_uploader(
            _("Pictures of it, if you wish (kept with the entry, never measured)"),
            type=["jpg", "jpeg", "png", "webp", "heic", "heif"],
            accept_multiple_files=True,
        )
        sent = st.form_submit_button(_("Enter it"), type="primary")
    if not sent or not isinstance(day, dt.date):
        return
    symptom = Symptom(
        subject=course.subject,
        at=local_time(day, time, course.settings.zone),
        sign=sign,
        severity=Severity(severity),
        place=place,
        note=note,
    )
    pictures = {file.name: file.getvalue() for file in photos}
    keep(
        lambda: add_symptom(library, symptom, pictures=pictures), _("Entered in the diary")
    )


def _show_symptom(library: Library, course: Course, symptom: Symptom) -> None:
    known = {sign.key: sign.title for sign in course.facts.signs}
    with st.container(border=True):
        sign = translate(known.get(symptom.sign, symptom.sign))
        told = f"{sign}, {translate(str(symptom.severity))}"
        place = f", {symptom.place}" if symptom.place else ""
        st.markdown(escape(f"{translate(describe_moment(symptom.at))}: {told}{place}"))
        if symptom.note:
            st.text(symptom.note)
        alerts = check_symptom(symptom, course.facts, treatments=course.treatments)
        show_alerts(alerts, course.facts)
        for digest in symptom.pictures:
            jpeg = read_picture(library, subject=course.subject, digest=digest)
            if jpeg is not None:
                show_picture(
                    jpeg,
                    alt=_(
                        "Picture of the entry of {day}",
                        day=translate(describe_moment(symptom.at)),
                    ),
                )
        if st.button(_("Remove"), key=f"remove_symptom_{symptom.id}"):
            keep(lambda: remove_entry(library, symptom), _("Removed"))


def _ask_remark(library: Library, course: Course) -> None:
    with st.form("remark", clear_on_submit=True):
        st.subheader(_("Haircut, dye, other"), anchor=False)
        mark = st.selectbox(_("What"), [str(one) for one in Mark], format_func=translate)
        day = st.date_input(_("Day"), clock(course).date(), key="remark_day")
        note = st.text_input(_("Note"), key="remark_note")
        sent = st.form_submit_button(_("Enter it"))
    if sent and isinstance(day, dt.date):
        remark = Remark(subject=course.subject, day=day, mark=Mark(mark), note=note)
        keep(lambda: add_entry(library, remark), _("Entered"))


def _ask_dose(library: Library, course: Course) -> None:
    with st.form("dose", clear_on_submit=True):
        st.subheader(_("A dose was missed"), anchor=False)
        names = {one.id: translate(describe_kind(one.kind)) for one in course.treatments}
        chosen = st.selectbox(_("Of"), list(names), format_func=names.__getitem__)
        day = st.date_input(_("Day"), clock(course).date(), key="dose_day")
        sent = st.form_submit_button(_("Enter it"), disabled=not names)
        if not names:
            show_caption(_("Enter the treatment under Plan first."))
    if sent and chosen is not None and isinstance(day, dt.date):
        dose = MissedDose(subject=course.subject, treatment=chosen, day=day)
        keep(lambda: add_entry(library, dose), _("Entered"))


def _show_others(library: Library, course: Course) -> None:
    marked = match_missed_doses(
        course.doses, course.sessions, course.treatments, course.facts
    )
    for dose in marked:
        _show_line(library, dose.dose, describe_dose(dose))
    for remark in course.remarks:
        note = f": {remark.note}" if remark.note else ""
        _show_line(library, remark, f"{remark.day.isoformat()}: {remark.mark}{note}")


def _show_line(library: Library, entry: MissedDose | Remark, told: str) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(escape(told))
        key = f"remove_{type(entry).__name__}_{entry.id}"
        if st.button(_("Remove"), key=key):
            keep(lambda: remove_entry(library, entry), _("Removed"))
