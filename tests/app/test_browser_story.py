"""The whole story of a new user in a real browser, and once more by keyboard alone.

One library, empty at first; the tests follow one another. Clicks are counted from the
first screen to the first verdict: three are promised.
"""

from __future__ import annotations

import re

import pytest
from barriers import choose, find_violations, settle

from hairtrack.workflows import Library

pytestmark = pytest.mark.browser

WHO = "Whose photographs"
VERDICT = re.compile("looks? (fuller|thinner|the same)|no clear change|No answer yet")


@pytest.fixture(scope="module")
def room(tmp_path_factory):
    return tmp_path_factory.mktemp("story")


@pytest.fixture(scope="module")
def app(room, serve_app):
    with serve_app(room) as url:
        yield url


def go(page, name: str) -> None:
    page.get_by_role("link", name=name, exact=True).first.click()
    page.wait_for_selector(f"h1:has-text('{name}')")
    settle(page)


def tab_to(page, name: str, *, role: str = "button", most: int = 60) -> None:
    """Press Tab until the named control has the focus."""
    wanted = page.get_by_role(role, name=name, exact=True).first
    wanted.wait_for()
    for _ in range(most):
        if wanted.evaluate("one => one === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"{name} is not reached by Tab")


def test_the_sample_gives_a_verdict_after_one_click(open_page, strangers) -> None:
    page = open_page("")
    assert page.locator("h1").inner_text() == "Is your hair changing?"
    assert find_violations(page) == []
    page.get_by_role("button", name="Look at a sample first").click()
    # Measuring 21 photographs takes minutes where other tests run beside it.
    page.get_by_text("Sample data").first.wait_for(timeout=600_000)
    settle(page)
    assert page.locator("h1").inner_text() == "The top of your head looks fuller"
    assert strangers == []


def test_own_photographs_give_a_verdict_after_two_clicks_more_than_the_choice_of_files(
    open_page, course, strangers
) -> None:
    page = open_page("")
    clicks = 0
    page.get_by_role("link", name="Photographs", exact=True).click()
    clicks += 1
    page.set_input_files("input[type=file]", sorted(course.glob("*.jpg")))
    page.wait_for_selector("text=Check before adding")
    page.get_by_role("button", name="Add 3 photographs").click()
    clicks += 1
    page.get_by_role("button", name="See the result").click()
    clicks += 1
    page.locator("[data-testid=stVegaLiteChart] svg").first.wait_for()
    settle(page)
    assert VERDICT.search(page.locator("h1").inner_text())
    assert clicks == 3
    assert strangers == []


def test_two_browsers_never_see_each_others_subject(open_page) -> None:
    pages = [open_page(""), open_page("")]
    for page, name in zip(pages, ("me", "sample"), strict=True):
        settle(page)
        choose(page, WHO, name)
    for page, name in zip(pages, ("me", "sample"), strict=True):
        for place in ("Compare", "Treatment"):
            go(page, place)
            who = page.get_by_role("combobox", name=re.compile(WHO)).first
            assert who.input_value() == name or name in who.evaluate(
                "one => one.closest('[data-baseweb=select]').innerText"
            )


def test_everything_is_reached_by_key_alone(open_page, strangers) -> None:
    page = open_page("")
    settle(page)
    tab_to(page, "Compare", role="link")
    page.keyboard.press("Enter")
    page.wait_for_selector("h1:has-text('Compare')")
    settle(page)
    slider = page.get_by_role("slider", name=re.compile("earlier visit"))
    slider.wait_for()
    for _ in range(60):
        if slider.evaluate("one => one.getRootNode().activeElement === one"):
            break
        page.keyboard.press("Tab")
    page.keyboard.press("ArrowRight")
    assert "left 51 per cent" in slider.get_attribute("aria-valuetext")
    assert strangers == []


def test_the_sample_is_erased_and_the_rest_stays(open_page, room) -> None:
    page = open_page("settings")
    settle(page)
    page.locator("label", has_text="Export and erase").first.click()
    settle(page)
    choose(page, WHO, "sample")
    page.get_by_text("Sample data").first.wait_for()
    settle(page)
    page.locator("summary", has_text="Erase everything of this person").click()
    field = page.get_by_label("Name to erase", exact=True).first
    field.fill("sample")
    field.press("Tab")
    page.get_by_role("button", name="Erase for good", exact=True).first.click()
    page.get_by_text("Erased for good").first.wait_for()
    with Library.open(room / "library") as library:
        assert library.catalog.subjects() == ["me"]
        assert len(library.catalog.photos()) == 3
    page.get_by_role("link", name="Home", exact=True).first.click()
    page.locator("[data-testid=stVegaLiteChart] svg").first.wait_for()
    settle(page)
    assert VERDICT.search(page.locator("h1").inner_text())
