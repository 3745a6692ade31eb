"""Treatment: nothing is preset, only what applies is asked, every fact can be reached."""

from __future__ import annotations

import datetime as dt
import html

import pytest
from pages import Page

from hairtrack.course import plans
from hairtrack.course.entries import Kind, Severity, Status, Symptom, Treatment
from hairtrack.course.facts import packaged_facts
from hairtrack.workflows import Library
from hairtrack.workflows import course as courses

FACTS = packaged_facts()
SOURCES = "What the sources say"


def open_section(name: str = "Now") -> Page:
    page = Page("treatment")
    return page if name == "Now" else page.open(name, key="treatment_section")


def load(folder) -> courses.Course:
    with Library.open(folder) as library:
        return courses.load_course(library, subject="me")


def add(folder, kind: Kind, **given) -> None:
    with Library.create(folder) as library:
        courses.save_entry(library, Treatment(subject="me", kind=kind, **given))


def plan_from(folder, start, *, kind=Kind.MESOTHERAPY_CHEMICAL, template="A"):
    choice = plans.PlanChoice(start=start, time=dt.time(0, 1), sessions=8)
    treatment = Treatment(subject="me", kind=kind, started_on=start)
    with Library.create(folder) as library:
        return courses.plan_course(library, treatment, choice, template=template)


def today() -> dt.date:
    return dt.datetime.now(dt.UTC).date()


# ---- what is taken or was done ----------------------------------------------------


def test_a_medicine_is_asked_for_dose_and_start_and_for_nothing_else(empty) -> None:
    page = open_section()
    assert page.app.radio(key="treatment_section").options == [
        "Now",
        "Diary",
        "History",
        SOURCES,
    ]
    kinds = page.find("selectbox", "What do you use, or what have you had done?")
    assert kinds.value is None
    kinds.select(Kind.MINOXIDIL)
    page.run()
    assert not [one for one in page.app.text_input if one.label == "Done by"]
    page.find("text_input", "Product and dose").input("5 % foam")
    page.find("date_input", "Started on").set_value(dt.date(2025, 3, 3))
    page.press("Save")
    (kept,) = load(empty).treatments
    assert (kept.given, kept.started_on) == ("5 % foam", dt.date(2025, 3, 3))
    assert "Minoxidil** 5 % foam, since 3 March 2025" in page.told()
    for doses in (1, 0, 1):
        page.set("checkbox", "Taken today", bool(doses))
        assert [one.taken for one in load(empty).doses] == [True] * doses
        assert f"Taken on {doses} of the last 7 days" in page.told()
    page.press("Edit")
    page.find("text_input", "Product and dose").input("2 % lotion")
    page.press("Save")
    assert load(empty).treatments[0].given == "2 % lotion"
    page.press("Edit").press("Cancel")
    page.press("Edit").press("Delete")
    assert load(empty).treatments == ()


def test_start_and_the_clinics_hours_are_saved(empty) -> None:
    add(empty, Kind.PRP)
    page = open_section()
    page.find("date_input", "Treatment started on (week 0)").set_value(dt.date(2025, 3, 3))
    page.app.number_input(key="hours_pool").set_value(96.0)
    page.press("Save")
    settings = load(empty).settings
    assert (settings.started_on, settings.hours) == (dt.date(2025, 3, 3), (("pool", 96.0),))


# ---- sessions ---------------------------------------------------------------------


def test_sessions_are_planned_done_moved_and_deleted(empty) -> None:
    add(empty, Kind.MESOTHERAPY_CHEMICAL)
    page = open_section("Sessions")
    way = page.find("selectbox", "Which sessions")
    assert way.value is None
    told = " ".join(way.options)
    for template in FACTS.templates:
        assert (template.title in told) == (Kind.MESOTHERAPY_CHEMICAL in template.kinds)
    way.select("A")
    page.run().press("Save the plan")
    assert len(load(empty).sessions) == 8
    page.find("selectbox", "Which sessions").select("past")
    page.run()
    page.find("text_input", "Done by").input("Clinic")
    page.press("Save as done")
    done = [one for one in load(empty).sessions if one.status is Status.DONE]
    assert [(one.number, one.operator) for one in done] == [(9, "Clinic")]
    for press, left in (("Move", 9), ("Skip", 9), ("Delete this session", 8)):
        page.find("selectbox", "Edit a session").select_index(len(load(empty).sessions) - 1)
        page.run().press(press)
        assert len(load(empty).sessions) == left


def test_the_questions_before_a_session_name_their_sources(empty) -> None:
    plan_from(empty, today() + dt.timedelta(days=7))
    page = open_section("Sessions")
    asked = html.unescape(" ".join(one.label for one in page.app.radio))
    for check in FACTS.checks:
        assert check.asks in asked
    assert "Pregnancy (MesoHair, Long-term benefits article)" in asked
    assert all(
        one.value is None for one in page.app.radio if str(one.key).startswith("check_")
    )
    page.app.radio(key="check_diabetes").set_value("Yes")
    page.press("Save")
    assert "Speak to the clinician before the session." in page.told()
    assert "Speak to the clinician" in open_section().told()


def test_timers_show_only_while_they_run(empty) -> None:
    plan_from(empty, today() - dt.timedelta(weeks=2))
    page = open_section()
    told = page.told()
    assert "session 3 of 8: was it done?" in told
    assert "A few days (Hair mesotherapy Q&A). No number is stated" in told
    assert "Wait with photographs" in told
    for number in (1, 2, 3):
        page.press("Done")
        assert {one.status for one in load(empty).sessions[:number]} == {Status.DONE}
    with Library.open(empty) as library:
        for session in load(empty).sessions[2:]:
            library.courses.remove(session)
    assert "After the session" not in open_section().told(), "a week later all is over"


def test_prp_asks_for_the_clinics_times(empty) -> None:
    plan_from(empty, today(), kind=Kind.PRP, template="")
    assert "No source speaks of the time after PRP" in open_section().told()


# ---- diary ------------------------------------------------------------------------


def test_an_entry_of_the_diary_raises_its_alert_at_once(empty) -> None:
    page = open_section("Diary").press("Save")
    assert "Choose what it was and how strong." in page.told()
    page.find("selectbox", "What").select("breathing")
    page.find("radio", "How strong").set_value("mild")
    page.press("Save")
    assert any("Emergency" in part.value for part in page.app.error)
    for sign in FACTS.signs:
        assert sign.title in page.told()
        assert FACTS.source(sign.source).title in page.told()
    assert "Emergency: call now: Trouble breathing" in open_section().told()
    page.press("Delete")
    assert load(empty).symptoms == ()


def test_haircuts_and_missed_doses_are_entered_and_deleted(empty) -> None:
    add(empty, Kind.MINOXIDIL)
    page = open_section("Diary")
    page.app.selectbox[1].select("haircut")
    saves = [one for one in page.app.button if one.label == "Save"]
    saves[1].click()
    page.run()
    saves = [one for one in page.app.button if one.label == "Save"]
    saves[2].click()
    page.run()
    course = load(empty)
    assert (len(course.remarks), len(course.doses)) == (1, 1)
    page.press("Delete").press("Delete")
    course = load(empty)
    assert (course.remarks, course.doses) == ((), ())


# ---- what the sources say ---------------------------------------------------------


def test_every_question_is_one_row_and_every_statement_a_click_away(empty) -> None:
    page = open_section(SOURCES)
    (table,) = page.app.table
    assert len(table.value) == len(FACTS.topics)
    text = page.told()
    assert "Document" not in text
    assert "says nothing" not in text
    differ = [row for row in table.value["Question"] if "they differ" in row]
    assert len(differ) == sum(topic.group == "disagreement" for topic in FACTS.topics)
    for topic in FACTS.topics:
        page.app.selectbox(key="topic_in_full").select(topic)
        text = page.run().told()
        for fact in FACTS.about(topic.key):
            assert fact.says in text
            assert fact.case.lower() in text.lower()
        for trial in FACTS.trials:
            assert topic.key not in trial.topics or trial.says in text
    for one in (*FACTS.rules, *FACTS.templates, *FACTS.sources):
        assert (getattr(one, "says", "") or one.title) in text


# ---- safe -------------------------------------------------------------------------


@pytest.mark.parametrize("section", ["Diary", "History"])
def test_a_note_never_becomes_markup(empty, section) -> None:
    bad = "<img src=x onerror=alert(1)> ![x](http://example.com/x.png)"
    with Library.create(empty) as library:
        at = dt.datetime.now(dt.UTC)
        entry = Symptom(
            subject="me", at=at, sign="itch", severity=Severity.MILD, place=bad, note=bad
        )
        courses.save_entry(library, entry)
    shown = open_section(section).markup()
    assert not any("<img" in one or "](http" in one for one in shown)
