"""The progress in a real browser: points open photographs, the head picks, files arrive."""

from __future__ import annotations

import importlib.util
import xml.etree.ElementTree as ET
from pathlib import Path

import numpy as np
import pytest

pytestmark = pytest.mark.browser

SVG = "{http://www.w3.org/2000/svg}"
POINTS = "[data-testid=stVegaLiteChart] svg.marks .mark-symbol path[aria-label]"


def load_access():
    """Return the module of the accessibility tests, which knows axe."""
    path = Path(__file__).with_name("test_access.py")
    spec = importlib.util.spec_from_file_location("progress_access", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def open_progress(open_page):
    """Return a function that opens the page and waits for its chart."""

    def open_at(**how):
        page = open_page("progress", **how)
        page.locator(POINTS).first.wait_for()
        return page

    return open_at


def fetch(page, kind: str, path: Path) -> str:
    """Download a file of a kind; return the name it comes with."""
    with page.expect_download() as waiting:
        page.get_by_role("button", name=f"Download as {kind}", exact=True).click()
    waiting.value.save_as(path)
    return waiting.value.suggested_filename


def find_pressed(page) -> list[str]:
    pressed = page.locator(".zones [aria-pressed=true]")
    return [one.get_attribute("aria-label") for one in pressed.all()]


def test_a_click_on_a_point_opens_its_photograph(open_progress, strangers) -> None:
    page = open_progress()
    points = page.locator(POINTS)
    # Three photographs and the means of two visits.
    assert points.count() == 5
    points.last.click()
    picture = page.locator("[data-testid=stImage] img")
    picture.wait_for()
    assert picture.get_attribute("src").startswith("data:image/jpeg;base64,")
    assert "2 June 2025, photograph 1 of 1" in picture.get_attribute("alt")
    assert page.get_by_role("heading", name="2 June 2025, photograph 1 of 1").is_visible()
    page.get_by_role("button", name="Previous").click()
    page.get_by_role("heading", name="3 March 2025, photograph 2 of 2").wait_for()
    assert strangers == []


def test_a_part_of_the_head_is_chosen_by_pointer_and_by_key(open_progress) -> None:
    page = open_progress()
    page.locator(".zones [data-zone=crown]").click()
    page.get_by_text("Visible scalp: Top of the head (vertex), Crown").wait_for()
    page.locator(".zones [data-zone=crown][aria-pressed=true]").wait_for()
    rim = page.locator(".zones [data-zone=rim]")
    rim.focus()
    page.keyboard.press("Enter")
    page.get_by_text("Visible scalp: Top of the head (vertex), Rim").wait_for()
    page.locator(".zones [data-zone=rim][aria-pressed=true]").wait_for()
    assert find_pressed(page) == ["Rim"]
    # Focus stays where it was, so that the same key leads back to the whole.
    page.keyboard.press(" ")
    page.get_by_text("Visible scalp: Top of the head (vertex), Whole scalp").wait_for()
    assert find_pressed(page) == []


def test_the_choice_by_name_is_drawn_on_the_head(open_progress) -> None:
    page = open_progress(width=390)
    page.get_by_role("combobox", name="Part of the head").click()
    page.get_by_role("option", name="Mid-scalp").click()
    page.locator(".zones [data-zone=mid_scalp][aria-pressed=true]").wait_for()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_chart_is_downloaded_as_svg_that_stands_alone(
    open_progress, tmp_path, scheme
) -> None:
    page = open_progress(scheme=scheme)
    path = tmp_path / "chart.svg"
    assert fetch(page, "SVG", path) == "hairtrack-vertex-scalp.svg"
    root = ET.parse(path).getroot()
    assert root.tag == f"{SVG}svg"
    told = " ".join(text for text in root.itertext())
    for said in (
        *("more scalp shows", "less scalp shows", "Visible scalp: Top of the head"),
        *("Filled point", "Measured by hairtrack", "Mar 2025"),
    ):
        assert said in told
    assert "3 March 2025" in root.find(f"{SVG}desc").text
    ground = root.find(f"{SVG}rect").get("fill").lower()
    assert ground == {"light": "#ffffff", "dark": "#11171c"}[scheme]
    assert "@font-face" in root.find(f"{SVG}style").text
    addresses = path.read_text(encoding="utf-8").replace("http://www.w3.org/", "")
    assert "http" not in addresses, "nothing is fetched when it is opened"


def test_the_chart_is_downloaded_as_png_of_twice_its_size(open_progress, tmp_path) -> None:
    from hairtrack.imaging import codec

    page = open_progress()
    drawn, picture = tmp_path / "chart.svg", tmp_path / "chart.png"
    fetch(page, "SVG", drawn)
    assert fetch(page, "PNG", picture) == "hairtrack-vertex-scalp.png"
    root = ET.parse(drawn).getroot()
    pixels = codec.decode(picture.read_bytes())
    assert pixels.shape[:2] == (2 * int(root.get("height")), 2 * int(root.get("width")))
    assert tuple(pixels[3, 3]) == (255, 255, 255)
    dark = (pixels < 100).all(axis=2).mean()
    blue = (pixels[..., 2].astype(int) - pixels[..., 0] > 60).mean()
    # Words and signs are some per cent of the picture, the points less.
    assert 0.001 < dark < 0.1
    assert 0.0005 < blue < 0.2
    assert np.ptp(pixels[: pixels.shape[0] // 8]) > 150, "the title stands above"


@pytest.mark.parametrize(("width", "scheme"), [(1280, "dark"), (390, "light")])
def test_axe_finds_no_barrier_beside_an_open_photograph(
    open_progress, width, scheme
) -> None:
    access = load_access()
    page = open_progress(width=width, scheme=scheme)
    page.get_by_role("button", name="Next").click()
    page.locator("[data-testid=stImage] img").wait_for()
    page.locator("[data-testid=stExpander]").last.click()
    access.settle(page)
    assert access.find_violations(page) == []
    main = page.locator("[data-testid=stMain]")
    assert main.evaluate("main => main.scrollWidth <= main.clientWidth")
