"""The page of the progress: its choices, the photograph behind a point, its files."""

from __future__ import annotations

import shutil

import pytest
from streamlit.testing.v1 import AppTest

from hairtrack.records import View
from hairtrack.workflows import Filing, Library, import_photo

SCRIPT = "from hairtrack.app.progress.page import show\nshow()"
PATIENCE_S = 120


@pytest.fixture
def page(tmp_path, monkeypatch, measured) -> AppTest:
    """Return the page, opened on a measured library that a test may change."""
    shutil.copytree(measured, tmp_path / "library")
    monkeypatch.setenv("HAIRTRACK_LIBRARY", str(tmp_path / "library"))
    return AppTest.from_string(SCRIPT, default_timeout=PATIENCE_S).run()


def find(elements, label: str):
    (found,) = [one for one in elements if one.label == label]
    return found


def read(page: AppTest) -> str:
    parts = [*page.subheader, *page.markdown, *page.caption, *page.info]
    return "\n".join(str(part.value) for part in parts)


def test_no_photograph_is_open_until_one_is_chosen(page) -> None:
    assert not page.exception
    box = find(page.selectbox, "Photograph to show")
    assert box.value is None
    assert box.options == [
        "3 March 2025, photograph 1 of 2",
        "3 March 2025, photograph 2 of 2",
        "2 June 2025, photograph 1 of 1",
    ]
    assert not [one for one in page.toggle if one.label == "Measured outline"]


def test_photographs_are_opened_one_after_the_other(page) -> None:
    for title in ("3 March 2025, photograph 1 of 2", "3 March 2025, photograph 2 of 2"):
        find(page.button, "Next").click().run()
        assert not page.exception
        assert title in read(page)
    find(page.button, "Next").click().run()
    assert find(page.button, "Next").disabled
    find(page.button, "Previous").click().run()
    assert "3 March 2025, photograph 2 of 2" in read(page)
    assert not find(page.button, "Next").disabled


def test_an_open_photograph_tells_its_numbers(page) -> None:
    find(page.button, "Previous").click().run()  # from none to the latest
    assert "2 June 2025, photograph 1 of 1" in read(page)
    whole = find(page.metric, "Visible scalp: Whole scalp of this view")
    latest = find(page.metric, "Latest visit: 2 June 2025")
    assert whole.value == latest.value  # its visit has no other
    assert "This level is known to ± " in read(page)
    find(page.selectbox, "Part of the head").select("crown").run()
    assert find(page.metric, "Visible scalp: Crown").value != whole.value
    find(page.toggle, "Tell it as hair cover").set_value(True).run()
    assert not page.exception
    assert find(page.metric, "Hair cover: Crown")


def test_the_outline_can_be_taken_off(page) -> None:
    find(page.button, "Next").click().run()
    find(page.toggle, "Measured outline").set_value(False).run()
    assert not page.exception


def test_a_photograph_that_was_not_measured_is_shown_with_its_reason(
    page, tmp_path, without_head
) -> None:
    from hairtrack.workflows import run_pending

    with Library.open(tmp_path / "library") as library:
        import_photo(library, without_head, filing=Filing(view=View.VERTEX))
        run_pending(library)
    page.run()
    box = find(page.selectbox, "Photograph to show")
    assert box.options[2] == "3 March 2025, photograph 3 of 3"
    box.select_index(2).run()
    assert not page.exception
    assert "No head" in read(page) or "no head" in read(page)
    assert not [one for one in page.toggle if one.label == "Measured outline"]


def test_a_photograph_of_another_series_is_not_opened(page) -> None:
    again = AppTest.from_string(SCRIPT, default_timeout=PATIENCE_S)
    again.session_state["photo_vertex"] = "0" * 64
    again.run()
    assert not again.exception
    assert find(again.selectbox, "Photograph to show").value is None


def test_numbers_change_as_soon_as_the_library_does(page, tmp_path, draw_photo) -> None:
    from hairtrack.store import editing

    with Library.open(tmp_path / "library") as library:
        latest = library.catalog.photos()[-1]
        editing.delete_photo(library.catalog, latest.digest)
    page.run()
    assert not page.exception
    assert not [one for one in page.metric if one.label.startswith("Latest visit")]


def test_the_signs_are_explained_and_the_method_is_named(page) -> None:
    told = read(page)
    assert "**Filled point**" in told
    assert "Measured by hairtrack" in told.replace("&#", "")
