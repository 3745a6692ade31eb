"""The overview: a card for each view, what comes next, and the first run."""

from __future__ import annotations

import datetime as dt
import shutil

import pytest
from streamlit.testing.v1 import AppTest

from hairtrack.app.formatting import Scale
from hairtrack.app.home import draw_small
from hairtrack.change.records import VisitValue
from hairtrack.course.entries import Kind, Severity, Symptom, Treatment
from hairtrack.course.plans import PlanChoice
from hairtrack.workflows import Library
from hairtrack.workflows.course import add_entry, load_course, plan_course

SCRIPT = "from hairtrack.app.home import show\nshow()"


@pytest.fixture
def full(tmp_path, monkeypatch, measured):
    """Return the folder of a measured library that a test may change."""
    shutil.copytree(measured, tmp_path / "full")
    monkeypatch.setenv("HAIRTRACK_LIBRARY", str(tmp_path / "full"))
    return tmp_path / "full"


def open_overview() -> AppTest:
    page = AppTest.from_string(SCRIPT, default_timeout=120).run()
    assert not page.exception
    return page


def read(page: AppTest) -> str:
    parts = [*page.title, *page.subheader, *page.markdown, *page.caption, *page.warning]
    return "\n".join(str(part.value) for part in parts)


def test_an_empty_library_offers_the_sample_and_ones_own(tmp_path, monkeypatch) -> None:
    monkeypatch.setenv("HAIRTRACK_LIBRARY", str(tmp_path / "empty"))
    page = open_overview()
    labels = [button.label for button in page.button]
    assert "Load the sample course" in labels
    assert "Add photographs" in labels
    assert "stays on this computer" in read(page)


def test_a_card_tells_verdict_number_interval_and_needs(full) -> None:
    told = read(open_overview())
    assert "Top of the head &#40;vertex&#41;" in told
    assert "Not enough data for a verdict yet" in told
    assert "give or take" in told
    assert "visits" in told
    page = open_overview()
    level = next(m.value for m in page.metric if m.label.endswith("2 June 2025"))
    assert level.endswith("%")


def test_the_other_scale_is_the_rest_of_a_hundred(full) -> None:
    page = open_overview()
    scalp = float(page.metric[0].value.rstrip(" %"))
    page = page.toggle(key="as_hair_cover").set_value(True).run()
    cover = float(page.metric[0].value.rstrip(" %"))
    assert page.metric[0].label.startswith("Hair cover")
    # Both are rounded to a tenth.
    assert scalp + cover == pytest.approx(100, abs=0.11)


def test_next_days_and_red_flags_stand_on_the_first_screen(full) -> None:
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
        add_entry(library, sign)
    page = open_overview()
    told = read(page)
    assert "Session 1 of 8" in told
    assert f"{tomorrow.day} {tomorrow:%B %Y}" in told
    assert "just before the session".capitalize() in told
    assert any("ever" in str(alert.value) for alert in [*page.warning, *page.error])
    assert "Open the treatment" in [button.label for button in page.button]


def test_the_small_chart_shows_every_visit_with_its_interval() -> None:
    days = [dt.date(2025, 3, 3), dt.date(2025, 4, 3)]
    visits = [
        VisitValue(day=days[0], level=0.30, interval=(0.28, 0.32), n=3),
        VisitValue(day=days[1], level=0.25, interval=(0.22, 0.28), n=3),
    ]
    values = draw_small(visits, Scale.COVER)["data"]["values"]
    assert [one["level"] for one in values] == [70.0, 75.0]
    assert [(one["low"], one["high"]) for one in values] == [(68.0, 72.0), (72.0, 78.0)]
