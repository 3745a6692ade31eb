"""Home in a real browser: what stands on the first screen, points open photographs."""

from __future__ import annotations

import pytest
from barriers import find_violations, settle

pytestmark = pytest.mark.browser

POINTS = "[data-testid=stVegaLiteChart] svg.marks .mark-symbol path[aria-label]"


@pytest.fixture
def open_home(open_page):
    """Return a function that opens the page and waits for its chart."""

    def open_at(**how):
        page = open_page("", **how)
        page.locator(POINTS).first.wait_for()
        settle(page)
        return page

    return open_at


@pytest.mark.parametrize(("width", "height"), [(1280, 800), (390, 844)])
def test_the_answer_stands_on_the_first_screen(open_home, width, height) -> None:
    page = open_home(width=width)
    wanted = {
        "sentence": page.locator("h1"),
        "chart": page.locator("[data-testid=stVegaLiteChart] svg").first,
        "before": page.locator("[data-testid=stImage] img").first,
        "after": page.locator("[data-testid=stImage] img").nth(1),
        "add": page.get_by_role("button", name="Add photographs"),
    }
    ends = {}
    for name, one in wanted.items():
        box = one.bounding_box()
        ends[name] = box["y"] + box["height"]
    assert max(ends.values()) <= height, ends


def test_a_click_on_a_point_opens_its_photograph(open_home, strangers) -> None:
    page = open_home()
    points = page.locator(POINTS)
    assert points.count() == 2
    points.last.click()
    title = "2 June 2025, photograph 1 of 1"
    picture = page.get_by_role("img", name=f"Outline of the measured scalp, {title}")
    picture.wait_for()
    assert picture.get_attribute("src").startswith("data:image/jpeg;base64,")
    assert page.get_by_role("heading", name=title).is_visible()
    page.get_by_role("button", name="Close").click()
    page.locator(".st-key-ends").wait_for()
    settle(page)
    page.locator(POINTS).last.click()
    picture.wait_for()
    assert strangers == []


@pytest.mark.parametrize(("width", "scheme"), [(1280, "dark"), (390, "light")])
def test_axe_finds_no_barrier_beside_an_open_photograph(open_home, width, scheme) -> None:
    page = open_home(width=width, scheme=scheme)
    page.locator("summary", has_text="Details").click()
    page.get_by_role("button", name="Look at every photograph").click()
    page.get_by_role("heading", name="2 June 2025").wait_for()
    page.get_by_role("region", name="Visible scalp by visit").wait_for()
    settle(page)
    assert find_violations(page) == []
    main = page.locator("[data-testid=stMain]")
    assert main.evaluate("main => main.scrollWidth <= main.clientWidth")
