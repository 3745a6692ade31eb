"""No page keeps anybody out: axe finds nothing, and nothing runs off sideways."""

from __future__ import annotations

import pytest
from barriers import find_violations, settle

pytestmark = pytest.mark.browser

PAGES = [
    "",
    "photographs",
    "compare",
    "treatment",
    "settings",
]


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (390, "dark")])
@pytest.mark.parametrize("path", PAGES)
def test_axe_finds_no_barrier(open_page, path, width, scheme) -> None:
    page = open_page(path, width=width, scheme=scheme)
    settle(page)
    assert find_violations(page) == []


def test_axe_finds_no_barrier_in_any_comparison(open_page) -> None:
    page = open_page("compare", width=390)
    page.wait_for_selector(".stage")
    main = page.locator("[data-testid=stMain]")
    for way in ("Side by side", "Blink", "Overlay", "Map of change", "Time-lapse"):
        box = page.get_by_role("combobox", name="Show as")
        box.fill(way)
        page.wait_for_timeout(300)
        box.press("Enter")
        settle(page)
        assert find_violations(page) == []
        assert main.evaluate("main => main.scrollWidth <= main.clientWidth")


def test_axe_finds_no_barrier_in_any_section_of_the_settings(open_page) -> None:
    page = open_page("settings", width=390, scheme="dark")
    main = page.locator("[data-testid=stMain]")
    for section in ("People", "Backup", "Export and erase", "How it works", "Photo guide"):
        page.locator("label", has_text=section).first.click()
        settle(page)
        for summary in page.locator("summary").all():
            summary.click()
        settle(page)
        assert find_violations(page) == []
        assert main.evaluate("main => main.scrollWidth <= main.clientWidth")
