"""The camera: Chromium's drawn one takes a photograph; without one files are asked for."""

from __future__ import annotations

import datetime as dt

import pytest

from hairtrack.app.adding import camera
from hairtrack.records import View
from hairtrack.workflows.importing import find_date, find_view


@pytest.mark.parametrize(
    "given", [None, 3, "", "data:image/png;base64,aaaa", "data:image/jpeg;base64,a*a="]
)
def test_what_is_no_jpeg_is_not_taken(given) -> None:
    assert camera.read_shot(given) is None


@pytest.mark.parametrize("view", View)
def test_view_and_time_can_be_read_from_the_name(view) -> None:
    at = dt.datetime(2025, 3, 3, 8, 30, 15)
    name = camera.name_shot(view, at)
    assert find_view(name) == view
    assert find_date(name) == (at.date(), at)


@pytest.mark.browser
def test_a_photograph_is_taken_by_key_over_the_ghost(open_page, strangers) -> None:
    page = open_page("add-photographs")
    page.locator("label", has_text="Camera").click()
    page.get_by_role("button", name="Start the camera").press("Enter")
    page.wait_for_selector(".finder:not([hidden])")
    assert page.locator(".ghost").get_attribute("src").startswith("data:image/jpeg")
    # The camera sees the head of the baseline, from too near by a quarter.
    page.get_by_text("Too near: go back a little.").wait_for()
    page.locator(".shoot").press("g")
    assert not page.locator(".grid").is_visible()
    page.locator(".shoot").press("Enter")
    page.get_by_text("1 photograph taken").wait_for()
    page.get_by_text("Check view and day").wait_for()
    page.get_by_text("Day as in the file's name.").wait_for()
    # The camera goes on while the page is drawn anew.
    assert page.evaluate(
        "() => { const find = (root) => root.querySelector('video') ??"
        " [...root.querySelectorAll('*')].map(e => e.shadowRoot && find(e.shadowRoot))"
        ".find(Boolean); return find(document).srcObject.active; }"
    )
    assert strangers == []


@pytest.mark.browser
def test_without_a_camera_files_are_asked_for_with_the_reason(open_page) -> None:
    page = open_page("add-photographs")
    page.locator("label", has_text="Camera").click()
    page.evaluate(
        "() => { navigator.mediaDevices.getUserMedia = () =>"
        " Promise.reject(new DOMException('', 'NotFoundError')); }"
    )
    page.get_by_role("button", name="Start the camera").click()
    page.get_by_text("No camera can be used here: none was found. Choose files").wait_for()
    page.wait_for_selector("input[type=file]", state="attached")
