"""The viewer in Chromium: linked zoom, blink and overlay, by pointer and by key."""

from __future__ import annotations

import re

import pytest

pytestmark = pytest.mark.browser


@pytest.fixture
def show(open_page):
    """Return a function that opens the comparison in one of its ways."""

    def open_as(way: str):
        page = open_page("compare")
        page.locator("label", has_text=way).click()
        page.locator(f"[data-mode={way.split()[-1].lower().replace('side', 'beside')}]")
        page.wait_for_selector(".bar-of-tools:not([hidden])")
        return page

    return open_as


def read_transforms(page) -> list[str]:
    return page.eval_on_selector_all(
        ".panel img", "found => found.map(one => getComputedStyle(one).transform)"
    )


def test_both_pictures_are_zoomed_and_moved_together(show) -> None:
    page = show("Side by side")
    page.get_by_role("button", name="Show larger").click()
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
    page.get_by_role("button", name="Make a time-lapse").click()
    page.wait_for_selector("video")
    for name, start in (("animated WebP", b"RIFF"), ("WebM film", b"\x1a\x45\xdf\xa3")):
        with page.expect_download() as waiting:
            page.get_by_role("button", name=name).click()
        waiting.value.save_as(tmp_path / "lapse")
        assert (tmp_path / "lapse").read_bytes()[:4] == start
