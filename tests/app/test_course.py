"""The page of the course: every fact can be reached, and a course can be lived through."""

from __future__ import annotations

import datetime as dt

import pytest
from streamlit.testing.v1 import AppTest

from hairtrack.course import plans
from hairtrack.course.entries import Kind, Severity, Status, Symptom, Treatment
from hairtrack.course.facts import packaged_facts
from hairtrack.workflows import Library
from hairtrack.workflows import course as courses

PATIENCE_S = 180
FACTS = packaged_facts()
SECTIONS = ["Today", "Plan", "Before a session", "Diary", "Timeline", "What sources say"]


def open_section(name: str) -> AppTest:
    script = "from hairtrack.app.course.page import show\nshow()"
    page = AppTest.from_string(script, default_timeout=PATIENCE_S).run()
    if name != "Today":
        page.radio(key="course_section").set_value(name).run()
    assert not page.exception
    return page


def read(page: AppTest) -> str:
    """Return all the words of a page, as a person reads them."""
    parts = [*page.title, *page.subheader, *page.markdown, *page.caption, *page.text]
    parts += [*page.info, *page.warning, *page.error, *page.success]
    told = [str(part.value) for part in parts]
    for table in page.table:
        told += [str(cell) for row in table.value.to_numpy() for cell in row]
    told += [str(one.label) for one in (*page.radio, *page.button, *page.number_input)]
    for box in page.selectbox:
        told += [str(option) for option in box.options]
    import html

    return html.unescape("\n".join(told))


def press(page: AppTest, label: str) -> AppTest:
    next(one for one in page.button if one.label == label).click()
    page.run()
    assert not page.exception
    return page


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.setenv("HAIRTRACK_LIBRARY", str(tmp_path / "library"))
    return tmp_path / "library"


def plan_from(library, start, *, kind=Kind.MESOTHERAPY_CHEMICAL, template="A"):
    choice = plans.PlanChoice(start=start, time=dt.time(0, 1), sessions=8)
    treatment = Treatment(subject="me", kind=kind, started_on=start)
    return courses.plan_course(library, treatment, choice, template=template)


@pytest.mark.parametrize("section", SECTIONS)
def test_every_section_opens_on_a_new_library(folder, section) -> None:
    told = read(open_section(section))
    assert "gives no diagnosis" in told
    assert "works" not in told.split()


def test_every_fact_can_be_reached(folder) -> None:
    told = read(open_section("What sources say"))
    for fact in FACTS.facts:
        assert fact.says in told
        assert fact.case.lower() in told.lower()
    for topic in FACTS.topics:
        assert topic.title in told
    for trial in FACTS.trials:
        assert trial.says in told
        assert trial.treatment in told
    for one in (*FACTS.rules, *FACTS.templates):
        assert (getattr(one, "says", "") or one.title) in told
    for source in FACTS.sources:
        assert source.title in told


def test_every_item_of_the_checklist_is_asked_with_its_sources(folder) -> None:
    told = read(open_section("Before a session"))
    for check in FACTS.checks:
        assert check.asks in told
    assert "Pregnancy (document A, document C)" in told


def test_every_sign_is_in_the_diary_with_its_source(folder) -> None:
    told = read(open_section("Diary"))
    for sign in FACTS.signs:
        assert sign.title in told
        assert sign.says in told
        assert FACTS.source(sign.source).title in told


def test_every_template_can_be_chosen(folder) -> None:
    told = read(open_section("Plan"))
    for template in FACTS.templates:
        assert f"Document {template.source}: {template.title}" in told


def test_sources_that_say_nothing_are_shown_as_saying_nothing(folder) -> None:
    page = open_section("What sources say")
    (table,) = [
        one.value
        for one in page.table
        if "Says" in one.value.columns
        and "From session 5" in " ".join(str(cell) for cell in one.value["Says"])
    ]
    said = dict(zip(table["Source"], table["Says"], strict=True))
    assert said["Document D"] == "says nothing"
    assert set(said) == {f"Document {key}" for key in "ABCDE"} | {"A rule of this program"}


def test_a_plan_is_made_and_the_next_session_is_told(folder) -> None:
    press(open_section("Plan"), "Make the plan")
    with Library.open(folder) as library:
        course = courses.load_course(library, subject="me")
    assert len(course.sessions) == 8
    told = read(open_section("Today"))
    assert "mesotherapy, injected" in told


def test_on_the_day_of_a_session_its_timers_run_with_their_sources(folder) -> None:
    today = dt.datetime.now(dt.UTC).date()
    with Library.create(folder) as library:
        plan_from(library, today - dt.timedelta(weeks=2))
    page = open_section("Today")
    told = read(page)
    assert "session 3 of 8: was it done?" in told
    assert "A few days (document B). No number is stated; enter the clinic's." in told
    assert "Photographs can wait" in told
    for number in (1, 2, 3):
        page = press(open_section("Today"), "It was done")
        with Library.open(folder) as library:
            done = courses.load_course(library, subject="me").sessions[:number]
        assert {one.status for one in done} == {Status.DONE}


def test_prp_asks_for_the_clinics_times(folder) -> None:
    today = dt.datetime.now(dt.UTC).date()
    with Library.create(folder) as library:
        plan_from(library, today, kind=Kind.PRP, template="")
    assert "No source speaks of the time after PRP" in read(open_section("Today"))


def test_an_entry_of_the_diary_is_told_at_once(folder) -> None:
    page = open_section("Diary")
    page.selectbox[0].select("breathing")
    next(one for one in page.button if one.label == "Enter it").click()
    page.run()
    assert not page.exception
    assert any("Emergency" in part.value for part in page.error)
    told = read(open_section("Today"))
    assert "Emergency: call now: Trouble breathing" in told


def test_a_hit_says_whom_to_speak_to_and_no_more(folder) -> None:
    page = open_section("Before a session")
    next(one for one in page.radio if one.key == "check_diabetes").set_value("Yes")
    page = press(page, "Keep the answers")
    assert [part.value for part in page.warning] == [
        "Speak to the clinician before the session."
    ]


def test_the_clinics_hours_are_kept(folder) -> None:
    page = open_section("Plan")
    next(one for one in page.number_input if one.key == "hours_pool").set_value(96.0)
    press(page, "Keep these")
    with Library.open(folder) as library:
        settings = courses.load_course(library, subject="me").settings
    assert settings.hours == (("pool", 96.0),)


def test_a_note_never_becomes_markup(folder) -> None:
    bad = "<img src=x onerror=alert(1)> ![x](http://example.com/x.png)"
    with Library.create(folder) as library:
        at = dt.datetime.now(dt.UTC)
        entry = Symptom(
            subject="me", at=at, sign="itch", severity=Severity.MILD, place=bad, note=bad
        )
        courses.add_entry(library, entry)
    for section in ("Diary", "Timeline"):
        page = open_section(section)
        markup = [str(part.value) for part in (*page.markdown, *page.caption)]
        assert not any(
            "onerror" in part or "example.com" in part
            for part in markup
            if "&#" not in part
        )
