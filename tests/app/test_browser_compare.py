"""Compare in Chromium: slider, linked zoom, blink and overlay, by pointer and by key."""

from __future__ import annotations

import re

import pytest
from barriers import check, choose

from hairtrack.imaging import codec

pytestmark = pytest.mark.browser


@pytest.fixture
def show(open_page):
    """Return a function that opens the comparison in one of its ways."""

    def open_as(way: str):
        page = open_page("compare")
        page.wait_for_selector(".stage")
        choose(page, "Show as", way)
        page.wait_for_selector(".tools:not([hidden])")
        return page

    return open_as


def read_transforms(page) -> list[str]:
    return page.eval_on_selector_all(
        ".panel img", "found => found.map(one => getComputedStyle(one).transform)"
    )


def test_no_way_to_compare_keeps_anybody_out(open_page) -> None:
    page = open_page("compare", width=390)
    for way, shown in {
        "Side by side": "[data-mode=beside]",
        "Blink": "[data-mode=blink]",
        "Overlay": "[data-mode=overlay]",
        "Map of change": "img[alt^='Map of change']",
        "Time-lapse": "video",
    }.items():
        choose(page, "Show as", way)
        page.wait_for_selector(shown)
        check(page)


def test_both_pictures_are_zoomed_and_moved_together(show) -> None:
    page = show("Side by side")
    page.get_by_role("button", name="Zoom in").click()
    page.locator(".stage").focus()
    page.keyboard.press("+")
    page.keyboard.press("ArrowRight")
    first, last = read_transforms(page)
    assert first == last
    scale, *_, x, y = (float(n) for n in re.findall(r"-?[\d.]+", first))
    assert scale == pytest.approx(1.4**2)
    assert (x, y) == (-40, 0)
    assert page.locator(".zoom").inner_text() == "2.0\u00d7"
    boxes = [page.locator(f".{which}-panel").bounding_box() for which in ("first", "last")]
    assert boxes[0]["x"] < boxes[1]["x"]
    assert boxes[0]["width"] == pytest.approx(boxes[1]["width"], abs=1)


def test_blinking_starts_and_stops_when_it_is_asked_for(show) -> None:
    page = show("Blink")
    stage = page.locator(".stage")
    assert "later" not in stage.get_attribute("class")
    page.get_by_role("button", name="Start blinking").press("Enter")
    page.wait_for_selector(".stage.later")
    page.wait_for_selector(".stage:not(.later)")
    page.get_by_role("button", name="Stop blinking").press("Enter")
    before = stage.get_attribute("class")
    page.wait_for_timeout(1500)  # two blinks
    assert stage.get_attribute("class") == before


def test_the_overlay_is_mixed_by_key(show) -> None:
    page = show("Overlay")
    mix = page.get_by_role("slider", name="Later visit")
    mix.focus()
    page.keyboard.press("ArrowRight")
    assert mix.get_attribute("aria-valuetext") == "55 per cent of the later visit"
    opacity = page.eval_on_selector("img.last", "one => getComputedStyle(one).opacity")
    assert float(opacity) == pytest.approx(0.55)


def test_the_time_lapse_is_made_and_downloaded(open_page, tmp_path) -> None:
    page = open_page("compare")
    choose(page, "Show as", "Time-lapse")
    page.wait_for_selector("video")
    for name, start in (("GIF", b"GIF8"), ("WebM", b"\x1a\x45\xdf\xa3")):
        with page.expect_download() as waiting:
            page.get_by_role("button", name=f"Save as {name}").click()
        waiting.value.save_as(tmp_path / "lapse")
        assert (tmp_path / "lapse").read_bytes()[:4] == start


def test_slider_is_moved_by_key_and_says_where_it_stands(open_page) -> None:
    page = open_page("compare")
    slider = page.get_by_role("slider", name=re.compile("earlier visit"))
    assert "left 50 per cent: 3 March 2025" in slider.get_attribute("aria-valuetext")
    slider.focus()
    for _ in range(3):
        page.keyboard.press("ArrowRight")
    assert "left 53 per cent" in slider.get_attribute("aria-valuetext")
    page.keyboard.press("Home")
    stage = page.locator(".stage")
    assert stage.evaluate("s => s.style.getPropertyValue('--at')") == "0%"


def test_slider_is_moved_by_pointer(open_page) -> None:
    page = open_page("compare")
    page.locator(".stage").scroll_into_view_if_needed()
    box = page.locator(".stage").bounding_box()
    page.mouse.click(box["x"] + 0.8 * box["width"], box["y"] + 0.3 * box["height"])
    at = page.locator(".stage").evaluate("s => s.style.getPropertyValue('--at')")
    # One step of the range is one per cent.
    assert abs(int(at.rstrip("%")) - 80) <= 1


@pytest.mark.parametrize("which", ["this view", "all views"])
def test_both_visits_are_saved_as_one_picture(open_page, tmp_path, which) -> None:
    page = open_page("compare")
    with page.expect_download() as waiting:
        page.get_by_role("button", name=f"Save {which}").click()
    name = "all" if which == "all views" else "vertex"
    assert waiting.value.suggested_filename == f"hairtrack-{name}-2025-03-03-2025-06-02.png"
    waiting.value.save_as(tmp_path / "both.png")
    picture = codec.decode((tmp_path / "both.png").read_bytes())
    assert picture.shape[1] > 2 * 480
    # Painted over in one grey: the corner holds a single tone.
    assert picture[200:240, 4:24].std() < 2


@pytest.mark.parametrize("width", [1280, 390])
def test_the_slider_is_on_the_first_screen(open_page, width) -> None:
    page = open_page("compare", width=width)
    box = page.locator(".stage").bounding_box()
    assert box["y"] + 0.5 * box["height"] < 800
