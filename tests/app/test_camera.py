"""The camera: Chromium's drawn one takes a photograph; without one files are asked for."""

from __future__ import annotations

import base64
import datetime as dt
import time

import pytest

from hairtrack.app.photographs import camera
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
    page = open_page("photographs")
    page.locator("label", has_text="Camera").click()
    page.get_by_role("button", name="Start the camera").press("Enter")
    page.wait_for_selector(".finder:not([hidden])")
    assert page.locator(".ghost").get_attribute("src").startswith("data:image/jpeg")
    # The camera sees the head of the baseline, from too near by a quarter.
    page.get_by_text("Too close: move back a little.").wait_for()
    page.locator(".shoot").press("g")
    assert not page.locator(".grid").is_visible()
    page.locator(".shoot").press("Enter")
    page.get_by_text("1 photograph taken").wait_for()
    page.get_by_text("Check before adding").wait_for()
    page.get_by_text("Date from the file name.").wait_for()
    # The camera goes on while the page is drawn anew.
    assert page.evaluate(
        "() => { const find = (root) => root.querySelector('video') ??"
        " [...root.querySelectorAll('*')].map(e => e.shadowRoot && find(e.shadowRoot))"
        ".find(Boolean); return find(document).srcObject.active; }"
    )
    assert strangers == []


@pytest.mark.browser
def test_without_a_camera_files_are_asked_for_with_the_reason(open_page) -> None:
    page = open_page("photographs")
    page.locator("label", has_text="Camera").click()
    page.evaluate(
        "() => { navigator.mediaDevices.getUserMedia = () =>"
        " Promise.reject(new DOMException('', 'NotFoundError')); }"
    )
    page.get_by_role("button", name="Start the camera").click()
    page.get_by_text("No camera was found. Choose files").wait_for()
    page.wait_for_selector("input[type=file]", state="attached")


WATCH = """
([source, width, height]) => new Promise((done) => {
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [width, height];
  const pen = canvas.getContext("2d");
  const film = new Image();
  window.film = { turn: 0, scale: 1, light: 1, blur: 0 };
  const draw = () => {
    const { turn, scale, light, blur } = window.film;
    pen.resetTransform();
    pen.filter = `brightness(${light}) blur(${blur}px)`;
    pen.fillStyle = "#555";
    pen.fillRect(0, 0, width, height);
    pen.translate(width / 2, height / 2);
    pen.rotate((turn * Math.PI) / 180);
    pen.scale(scale, scale);
    pen.drawImage(film, -width / 2, -height / 2, width, height);
  };
  film.onload = () => {
    setInterval(draw, 60);
    navigator.mediaDevices.getUserMedia = async () => canvas.captureStream(15);
    done();
  };
  film.src = source;
})
"""
"""A camera that sees what the test says: the baseline turned, nearer, darker, blurred."""


@pytest.mark.browser
def test_the_hint_tells_distance_level_light_and_blur(open_page, course) -> None:
    page = open_page("photographs")
    page.locator("label", has_text="Camera").click()
    page.wait_for_selector(".ghost[src]", state="attached")
    data = base64.b64encode(min(course.glob("*.jpg")).read_bytes()).decode()
    page.evaluate(WATCH, [f"data:image/jpeg;base64,{data}", 480, 480])
    page.get_by_role("button", name="Start the camera").click()
    hint = page.locator(".hint")
    told = {
        "{}": "Hold still: light, sharpness and position are good.",
        "{ scale: 1.25 }": "Too close: move back a little.",
        "{ scale: 0.8 }": "Too far: move closer.",
        # The head leans to the right in the picture when the camera leans to the left.
        "{ turn: 8 }": "Not level: tilt the camera right.",
        "{ turn: -8 }": "Not level: tilt the camera left.",
        "{ light: 0.2 }": "Too dark: more light.",
        "{ light: 6 }": "Too bright: less light.",
        "{ blur: 6 }": "Not sharp: hold still, or move back a little.",
    }
    for change, wanted in told.items():
        page.evaluate(
            f"window.film = {{ turn: 0, scale: 1, light: 1, blur: 0, ...{change} }}"
        )
        hint.filter(has_text=wanted).wait_for()


@pytest.mark.browser
def test_ghost_blink_and_timer_obey(open_page) -> None:
    page = open_page("photographs")
    page.locator("label", has_text="Camera").click()
    page.get_by_role("button", name="Start the camera").click()
    page.wait_for_selector(".finder:not([hidden])")
    ghost = page.locator(".ghost")
    page.get_by_label("First picture shows through").fill("85")
    assert ghost.evaluate("g => getComputedStyle(g).opacity") == "0.85"
    page.locator(".shoot").press("b")
    assert page.get_by_label("Blink").is_checked()
    page.wait_for_selector(".ghost.away", state="attached")
    page.wait_for_selector(".ghost:not(.away)", state="attached")
    page.get_by_label("Timer").select_option("3")
    began = time.monotonic()
    page.locator(".shoot").click()
    page.get_by_text("1 photograph taken").wait_for()
    # Three seconds, and what the page needs to look at the photograph.
    assert time.monotonic() - began >= 2.9
