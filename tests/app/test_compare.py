"""Compare: every way to show two visits, used twice, and its words."""

from __future__ import annotations

import datetime as dt

import pytest
from pages import Page

from hairtrack.workflows import Filing, Library, import_photo, progress, run_pending


@pytest.fixture
def page(full) -> Page:
    return Page("compare")


def direction(folder) -> str:
    """Return which way the measured course went, in the app's words."""
    with Library.open(folder) as library:
        first, last = progress(library)
    return "less" if last.visible_scalp < first.visible_scalp else "more"


def test_two_visits_are_told_from_the_trend(full, page) -> None:
    told = page.told()
    assert f"Between these two visits: {direction(full)} scalp shows: " in told
    assert "Home" in told
    assert "Numbers always come from the photographs as they were taken" in told


def test_every_control_is_used_twice_and_comes_back(full, page) -> None:
    """What was computed once is shown again without its progress bar."""
    ways = page.find("selectbox", "Show as").options
    assert ways[-2:] == ["Map of change", "Time-lapse"]
    for title in (*ways, *ways, ways[0]):
        page.find("selectbox", "Show as").select(title)
        page.run()
        if title == "Map of change":
            assert " squares" in page.told()
            assert len(page.app.table[0].value) == 4
    for key in ("hide_faces", "even_light"):
        for _ in range(4):
            toggle = page.app.toggle(key=key)
            toggle.set_value(not toggle.value)
            page.run()
    with Library.open(full) as library:
        shown = [photo.digest for photo in library.catalog.photos()][:2]
    for digest in (*shown, *shown):
        page.app.radio[0].set_value(digest)
        page.run()
    for label in ("Earlier visit", "Later visit"):
        first, last = page.find("selectbox", label).options
        for day in (last, first, last):
            page.find("selectbox", label).select(day)
            page.run()


def test_the_same_visit_twice_asks_for_another(page) -> None:
    page.find("selectbox", "Later visit").select_index(0)
    assert "two different visits" in page.run().told()


def test_one_measured_visit_cannot_be_compared(empty, course) -> None:
    with Library.create(empty) as library:
        import_photo(library, min(course.glob("*.jpg")).read_bytes())
        run_pending(library)
    assert "You can compare once the same view was measured" in Page("compare").told()


def test_a_refused_photograph_is_no_visit(full, without_colour) -> None:
    with Library.open(full) as library:
        filing = Filing(taken_at=dt.datetime(2025, 9, 1, 9))
        import_photo(library, without_colour, filing=filing)
        run_pending(library)
    days = Page("compare").find("selectbox", "Later visit").options
    assert [day.partition(" (")[0] for day in days] == ["3 March 2025", "2 June 2025"]
