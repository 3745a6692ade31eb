"""Diary: what was felt or seen, haircuts and dye, missed doses; alerts at once."""

from __future__ import annotations

import streamlit as st

from hairtrack.app.edits import form_generation, keep
from hairtrack.app.formatting import capitalize, day_input, escape
from hairtrack.app.i18n import _, format_day, translate
from hairtrack.app.pictures import PHOTO_TYPES, show_picture
from hairtrack.app.treatment.common import MEDICINES, clock, show_alerts
from hairtrack.course.diary import check_symptom, match_missed_doses
from hairtrack.course.entries import Course, Dose, Mark, Remark, Severity, Symptom
from hairtrack.course.explanations import describe_dose, describe_kind, describe_moment
from hairtrack.course.plans import local_time
from hairtrack.workflows import Library
from hairtrack.workflows.course import (
    add_symptom,
    save_entry,
)


def show(library: Library, course: Course) -> None:
    """Ask for an entry, then show those there are."""
    medicines = [one for one in course.treatments if one.kind in MEDICINES]
    with st.expander(_("Something you felt or saw"), icon=":material/add:"):
        _ask_symptom(library, course)
    with st.expander(_("Haircut, dye, other"), icon=":material/add:"):
        _ask_remark(library, course)
    if medicines:
        with st.expander(_("Missed dose"), icon=":material/add:"):
            _ask_dose(library, course)
    missed = any(not dose.taken for dose in course.doses)
    if not (course.symptoms or course.remarks or missed):
        st.caption(_("No entries yet."))
    for symptom in reversed(course.symptoms):
        _show_symptom(library, course, symptom)
    _show_others(library, course)
    with st.expander(_("Signs that raise an alert, with their sources")):
        _show_signs(course)


def _show_signs(course: Course) -> None:
    urgency = {
        "emergency": _("emergency: call now"),
        "contact": _("contact your clinician"),
    }
    rows = [
        {
            _("Sign"): translate(sign.title),
            _("Alert"): urgency.get(sign.alert, _("if severe")),
            _("Source"): translate(course.facts.source(sign.source).title),
            _("It says"): translate(sign.says),
        }
        for sign in course.facts.signs
    ]
    st.table(rows, hide_index=True, border="horizontal", alt=_("Signs and sources"))


def _ask_symptom(library: Library, course: Course) -> None:
    now = clock(course)
    titles = {sign.key: translate(sign.title) for sign in course.facts.signs}
    with st.form(f"symptom_{form_generation()}", border=False):
        sign: str | None = st.selectbox(
            _("What"),
            list(titles),
            index=None,
            format_func=titles.__getitem__,
            placeholder=_("Choose"),
        )
        severity: str | None = st.radio(
            _("How strong"),
            [str(one) for one in Severity],
            index=None,
            format_func=translate,
            horizontal=True,
        )
        left, right = st.columns(2)
        with left:
            day = day_input(_("Day"), now.date(), latest=now.date())
        time = right.time_input(_("Time"), now.time().replace(second=0, microsecond=0))
        place = st.text_input(_("Where"))
        note = st.text_area(_("Note"), height=80)
        photos = st.file_uploader(
            _("Pictures (kept with the entry, never measured)"),
            type=PHOTO_TYPES,
            accept_multiple_files=True,
        )
        sent = st.form_submit_button(_("Save"), type="primary")
    if not sent or day is None:
        return
    if sign is None or severity is None:
        st.warning(_("Choose what it was and how strong."), icon=":material/info:")
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
    keep(lambda: add_symptom(library, symptom, pictures=pictures), _("Saved."))


def _show_symptom(library: Library, course: Course, symptom: Symptom) -> None:
    known = {sign.key: sign.title for sign in course.facts.signs}
    with st.container(border=True):
        sign = translate(known.get(symptom.sign, symptom.sign))
        told = f"{sign}, {translate(str(symptom.severity))}"
        place = f", {symptom.place}" if symptom.place else ""
        when = translate(describe_moment(symptom.at))
        st.markdown(escape(f"{when}: {told}{place}"))
        if symptom.note:
            st.text(symptom.note)
        alerts = check_symptom(symptom, course.facts, treatments=course.treatments)
        show_alerts(alerts, course.facts)
        for digest in symptom.pictures:
            jpeg = library.courses.picture(course.subject, digest)
            if jpeg is not None:
                show_picture(jpeg, alt=_("Picture of {day}", day=when))
        if st.button(_("Delete"), key=f"remove_symptom_{symptom.id}"):
            keep(lambda: library.courses.remove(symptom), _("Deleted."))


def _ask_remark(library: Library, course: Course) -> None:
    with st.form(f"remark_{form_generation()}", border=False):
        mark: str | None = st.selectbox(
            _("What"),
            [str(one) for one in Mark],
            index=None,
            format_func=lambda one: capitalize(translate(one)),
            placeholder=_("Choose"),
        )
        day = day_input(_("Day"), clock(course).date())
        note = st.text_input(_("Note"))
        sent = st.form_submit_button(_("Save"), type="primary")
    if not sent or day is None:
        return
    if mark is None:
        st.warning(_("Choose what it was."), icon=":material/info:")
    else:
        remark = Remark(subject=course.subject, day=day, mark=Mark(mark), note=note)
        keep(lambda: save_entry(library, remark), _("Saved."))


def _ask_dose(library: Library, course: Course) -> None:
    names = {
        one.id: translate(describe_kind(one.kind))
        for one in course.treatments
        if one.kind in MEDICINES
    }
    with st.form(f"dose_{form_generation()}", border=False):
        chosen = st.selectbox(_("Of"), list(names), format_func=names.__getitem__)
        day = day_input(_("Day"), clock(course).date())
        sent = st.form_submit_button(_("Save"), type="primary")
    if sent and chosen is not None and day is not None:
        dose = Dose(subject=course.subject, treatment=chosen, day=day)
        keep(lambda: save_entry(library, dose), _("Saved."))


def _show_others(library: Library, course: Course) -> None:
    for dose in match_missed_doses(course):
        _show_line(library, dose.dose, translate(describe_dose(dose)))
    for remark in course.remarks:
        note = f": {remark.note}" if remark.note else ""
        mark = translate(str(remark.mark))
        _show_line(library, remark, f"{format_day(remark.day)}: {mark}{note}")


def _show_line(library: Library, entry: Dose | Remark, told: str) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(escape(told))
        key = f"remove_{type(entry).__name__}_{entry.id}"
        if st.button(_("Delete"), key=key):
            keep(lambda: library.courses.remove(entry), _("Deleted."))
