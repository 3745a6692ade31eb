"""Home: the sentence, the chart's photographs, what comes next, and the first run."""

from __future__ import annotations

import datetime as dt

from pages import Page

from hairtrack.app.i18n import format_day_short
from hairtrack.course.entries import Kind, Severity, Symptom, Treatment
from hairtrack.course.plans import PlanChoice
from hairtrack.records import WHOLE, View
from hairtrack.workflows import Filing, Library, import_photo, run_pending
from hairtrack.workflows.course import load_course, plan_course, save_entry


def open_home(**state: object) -> Page:
    return Page("home", **state)


# ---- the first run ----------------------------------------------------------------------


def test_an_empty_library_asks_three_questions_and_offers_the_sample(empty) -> None:
    page = open_home()
    assert page.labels() == ["Continue to photographs", "Look at a sample first"]
    assert [one.label[:2] for one in (*page.app.date_input, *page.app.selectbox)] == [
        "1.",
        "2.",
        "3.",
    ]
    assert [one.value for one in (*page.app.date_input, *page.app.selectbox)] == [None] * 3
    assert "stays on this computer" in page.told()


def test_what_is_skipped_is_not_entered(empty) -> None:
    open_home().press("Continue to photographs")
    with Library.open(empty) as library:
        assert library.catalog.subjects() == []


def test_what_is_answered_is_entered(empty) -> None:
    page = open_home()
    start = dt.date(2026, 3, 3)
    page.app.date_input[0].set_value(start)
    page.app.selectbox[0].set_value(Kind.MINOXIDIL)
    page.app.selectbox[1].set_value(View.VERTEX)
    page.press("Continue to photographs")
    with Library.open(empty) as library:
        (name,) = library.catalog.subjects()
        subject = library.catalog.subject(name)
        course = load_course(library, subject=name)
    assert (subject.primary_view, subject.primary_zone) == (View.VERTEX, WHOLE)
    assert course.settings.started_on == start
    assert [one.kind for one in course.treatments] == [Kind.MINOXIDIL]
    page = open_home()
    assert "No photographs yet" in page.told()
    assert "Add photographs" in page.labels()


# ---- the first screen -------------------------------------------------------------------


def test_the_sentence_the_pictures_and_the_way_on(full) -> None:
    page = open_home()
    told = page.told()
    assert page.app.title[0].value.endswith("2 visits are too few to see a change")
    assert "3 Mar 2025" in told
    assert "2 Jun 2025" in told
    assert "Add photographs" in page.labels()
    assert "Every ±".lower() in told.lower()
    assert "three photographs of this view" in told, "what would tell more"
    assert not list(page.app.metric)


def test_next_photographs_and_red_flags_stand_on_the_first_screen(full) -> None:
    with Library.open(full) as library:
        (subject,) = library.catalog.subjects()
        course = load_course(library, subject=subject)
        tomorrow = dt.date.today() + dt.timedelta(days=1)
        plan_course(
            library,
            Treatment(subject=subject, kind=Kind.MESOTHERAPY_CHEMICAL),
            PlanChoice(
                start=tomorrow, zone=course.settings.zone, every="1 week", sessions=8
            ),
            template="A",
        )
        sign = Symptom(
            subject=subject,
            at=dt.datetime.now(dt.UTC),
            sign="fever",
            severity=Severity.SEVERE,
        )
        save_entry(library, sign)
    page = open_home()
    told = page.told()
    assert f"Next photographs: **{format_day_short(tomorrow)}**" in told
    assert any("ever" in str(alert.value) for alert in [*page.app.warning, *page.app.error])
    assert "Open the treatment" in page.labels()


def test_the_part_of_the_head_is_chosen_and_kept(full) -> None:
    page = open_home().press("Look at every photograph")
    whole = page.told()
    box = page.find("selectbox", "Part of the head")
    assert "Crown" in box.options
    assert not any("grid" in zone.lower() for zone in box.options)
    page.set("selectbox", "Part of the head", "crown")
    assert page.told() != whole
    assert "Crown: " in page.told()


def test_everything_that_the_chart_can_show_is_shown_twice(full) -> None:
    page = open_home()
    for name in ("shots", "noise", "early", "breaks", "level") * 2:
        box = page.app.checkbox(key=f"chart_{name}")
        box.set_value(not box.value)
        page.run()


def test_another_view_is_a_click_away(full, draw_photo) -> None:
    data, _ = draw_photo(21, taken_at=dt.datetime(2025, 4, 1, 9))
    with Library.open(full) as library:
        (subject,) = library.catalog.subjects()
        filing = Filing(subject=subject, view=View.MIDLINE)
        import_photo(library, data, filing=filing)
        run_pending(library, workers=1)
    page = open_home()
    assert "Parting" in page.told()
    page.press("Show")
    assert "1 Apr 2025" in page.told()
    assert "only one visit" in page.app.title[0].value


def test_photographs_of_several_subjects_stay_apart(full, draw_photo) -> None:
    data, _ = draw_photo(21, taken_at=dt.datetime(2025, 4, 1, 9))
    with Library.open(full) as library:
        import_photo(library, data, filing=Filing(subject="someone else"))
    page = open_home()
    page.press("Measure now")
    told = page.told()
    assert "3 Mar 2025" in told
    assert "1 Apr 2025" not in told
    page.set("selectbox", "Whose photographs", "someone else")
    told = page.told()
    assert "1 Apr 2025" in told
    assert "3 Mar 2025" not in told


def test_the_sentence_changes_as_soon_as_the_library_does(full) -> None:
    from hairtrack.store import editing

    page = open_home()
    with Library.open(full) as library:
        latest = library.catalog.photos()[-1]
        editing.delete_photo(library.catalog, latest.digest)
    page.run()
    assert "only one visit" in page.app.title[0].value


# ---- the photograph beside the chart ----------------------------------------------------


def test_photographs_are_opened_one_after_the_other_and_closed(full) -> None:
    page = open_home()
    assert "Measured outline" not in [one.label for one in page.app.checkbox]
    page.press("Look at every photograph")
    assert page.app.subheader[0].value == "2 June 2025, photograph 1 of 1"
    assert page.find("button", "Next").disabled
    page.press("Previous")
    assert page.app.subheader[0].value == "3 March 2025, photograph 2 of 2"
    told = page.told()
    assert "visible scalp in this one photograph. The level is known to ± " in told
    page.set("checkbox", "Measured outline", False)
    page.press("Close")
    assert not page.app.subheader


def test_a_photograph_that_was_not_measured_is_shown_with_its_reason(
    full, without_head
) -> None:
    with Library.open(full) as library:
        photo, _ = import_photo(library, without_head, filing=Filing(view=View.VERTEX))
        run_pending(library, workers=1)
    page = open_home(photo_vertex=photo.digest)
    assert page.app.subheader[0].value == "3 March 2025, photograph 3 of 3"
    told = page.told()
    assert "no head" in told.lower()
    assert "1 photograph was not measured" in told
    assert "Measured outline" not in [one.label for one in page.app.checkbox]


def test_a_photograph_of_another_series_is_not_opened(full) -> None:
    assert not open_home(photo_vertex="0" * 64).app.subheader
