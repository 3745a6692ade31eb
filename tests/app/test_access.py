"""No page keeps anybody out: axe finds nothing, and nothing runs off sideways."""

from __future__ import annotations

import pytest
from barriers import find_violations, settle

pytestmark = pytest.mark.browser

PAGES = [
    "",
    "progress",
    "add-photographs",
    "compare",
    "treatment",
    "library",
    "settings",
]


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (390, "dark")])
@pytest.mark.parametrize("path", PAGES)
def test_axe_finds_no_barrier(open_page, path, width, scheme) -> None:
    page = open_page(path, width=width, scheme=scheme)
    settle(page)
    assert find_violations(page) == []


@pytest.mark.parametrize("way", ["Side by side", "Blink", "Overlay", "Map of change"])
def test_axe_finds_no_barrier_in_any_comparison(open_page, way) -> None:
    page = open_page("compare", width=390)
    page.locator("label", has_text=way).click()
    settle(page)
    assert find_violations(page) == []
    main = page.locator("[data-testid=stMain]")
    assert main.evaluate("main => main.scrollWidth <= main.clientWidth")


def test_axe_finds_no_barrier_in_any_section_of_the_library(open_page) -> None:
    page = open_page("library", width=390, scheme="dark")
    main = page.locator("[data-testid=stMain]")

    def look() -> None:
        settle(page)
        for summary in page.locator("summary").all():
            summary.click()
        settle(page)
        assert find_violations(page) == []
        assert main.evaluate("main => main.scrollWidth <= main.clientWidth")

    page.get_by_role("button", name="Choose all").click()
    look()
    page.get_by_role("button", name="Edit", exact=True).first.click()
    look()
    for section in ("Subjects", "Deleted", "Back up and check", "Hand out or erase"):
        page.locator("label", has_text=section).first.click()
        look()
