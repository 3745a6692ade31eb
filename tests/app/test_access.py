"""No page keeps anybody out: axe finds nothing, and nothing runs off sideways."""

from __future__ import annotations

import pytest

pytestmark = pytest.mark.browser

PAGES = [
    "",
    "progress",
    "add-photographs",
    "compare",
    "course",
    "library",
    "settings",
    "method",
]
LEVELS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]


def find_violations(page) -> list[str]:
    """Return what axe objects to at levels A and AA, one line each."""
    base = pytest.importorskip(
        "axe_playwright_python.sync_playwright",
        reason="accessibility tests need axe: pip install -e '.[dev]'",
    )
    rules = {"runOnly": {"type": "tag", "values": LEVELS}}
    found = base.Axe().run(page, options=rules).response["violations"]
    return [
        f"{one['id']}: {one['help']}: {[node['html'][:300] for node in one['nodes']]}"
        for one in found
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


def settle(page) -> None:
    """Wait until Streamlit has drawn what it was asked for; until then it is faded."""
    page.wait_for_timeout(400)
    for passing in ("stStatusWidget", "stSpinner", "stProgress"):
        page.wait_for_selector(f"[data-testid={passing}]", state="detached")
    page.wait_for_selector("[data-stale=true]", state="detached")
    page.wait_for_timeout(400)
