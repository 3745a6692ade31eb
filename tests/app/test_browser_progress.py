"""The progress in a real browser: points open photographs, the head picks, files arrive."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from pathlib import Path

import numpy as np
import pytest
from barriers import find_violations, settle

pytestmark = pytest.mark.browser

SVG = "{http://www.w3.org/2000/svg}"
POINTS = "[data-testid=stVegaLiteChart] svg.marks .mark-symbol path[aria-label]"


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


def test_a_click_on_a_point_opens_its_photograph(open_progress, strangers) -> None:
    page = open_progress()
    points = page.locator(POINTS)
    # Three photographs and the means of two visits.
    assert points.count() == 5
    points.last.click()
    title = "2 June 2025, photograph 1 of 1"
    picture = page.get_by_role("img", name=f"Outline of the measured scalp, {title}")
    picture.wait_for()
    assert picture.get_attribute("src").startswith("data:image/jpeg;base64,")
    assert page.get_by_role("heading", name=title).is_visible()
    assert strangers == []


def test_a_part_of_the_head_is_chosen_by_pointer_key_and_name(open_progress) -> None:
    page = open_progress()

    def wait_for(name: str, pressed: list[str]) -> None:
        page.get_by_text(f"Visible scalp: Top of the head (vertex), {name}").wait_for()
        page.wait_for_function(
            "wanted => [...document.querySelectorAll('*')].map(e => e.shadowRoot)"
            ".filter(Boolean).flatMap(r => [...r.querySelectorAll('[aria-pressed=true]')])"
            ".map(e => e.getAttribute('aria-label')).join() === wanted.join()",
            arg=pressed,
        )

    page.locator(".zones [data-zone=crown]").click()
    wait_for("Crown", ["Crown"])
    page.locator(".zones [data-zone=rim]").focus()
    page.keyboard.press("Enter")
    wait_for("Rim", ["Rim"])
    page.keyboard.press(" ")  # focus stays where it was: the same key leads back
    wait_for("Whole scalp", [])
    page.get_by_role("combobox", name="Part of the head").click()
    page.get_by_role("option", name="Mid-scalp").click()
    wait_for("Mid-scalp", ["Mid-scalp"])


def test_the_chart_is_downloaded_as_a_picture_that_stands_alone(
    open_progress, tmp_path
) -> None:
    from hairtrack.imaging import codec

    page = open_progress()
    drawn, picture = tmp_path / "chart.svg", tmp_path / "chart.png"
    assert fetch(page, "SVG", drawn) == "hairtrack-vertex-scalp.svg"
    root = check_drawing(drawn, ground="#ffffff")
    assert fetch(page, "PNG", picture) == "hairtrack-vertex-scalp.png"
    pixels = codec.decode(picture.read_bytes())
    assert pixels.shape[:2] == (2 * int(root.get("height")), 2 * int(root.get("width")))
    assert tuple(pixels[3, 3]) == (255, 255, 255)
    dark = (pixels < 100).all(axis=2).mean()
    blue = (pixels[..., 2].astype(int) - pixels[..., 0] > 60).mean()
    # Words and signs are some per cent of the picture, the points less.
    assert 0.001 < dark < 0.1
    assert 0.0005 < blue < 0.2
    assert np.ptp(pixels[: pixels.shape[0] // 8]) > 150, "the title stands above"


def check_drawing(path: Path, *, ground: str) -> ET.Element:
    """Assert that a file is a drawing with its words, its ground and its font."""
    root = ET.parse(path).getroot()
    assert root.tag == f"{SVG}svg"
    told = " ".join(root.itertext())
    for said in (
        *("more scalp shows", "less scalp shows", "Visible scalp: Top of the head"),
        *("Filled point", "Measured by hairtrack", "Mar 2025"),
    ):
        assert said in told
    assert "3 March 2025" in root.find(f"{SVG}desc").text
    assert root.find(f"{SVG}rect").get("fill").lower() == ground
    assert "@font-face" in root.find(f"{SVG}style").text
    addresses = path.read_text(encoding="utf-8").replace("http://www.w3.org/", "")
    assert "http" not in addresses, "nothing is fetched when it is opened"
    return root


@pytest.mark.parametrize(("width", "scheme"), [(1280, "dark"), (390, "light")])
def test_axe_finds_no_barrier_beside_an_open_photograph(
    open_progress, tmp_path, width, scheme
) -> None:
    page = open_progress(width=width, scheme=scheme)
    page.get_by_role("button", name="Next").click()
    page.locator("[data-testid=stImage] img").wait_for()
    page.locator("[data-testid=stExpander]", has_text="The same as a table").click()
    page.get_by_role("region", name="Visible scalp by visit").wait_for()
    settle(page)
    assert find_violations(page) == []
    main = page.locator("[data-testid=stMain]")
    assert main.evaluate("main => main.scrollWidth <= main.clientWidth")
    if scheme == "dark":
        fetch(page, "SVG", tmp_path / "dark.svg")
        check_drawing(tmp_path / "dark.svg", ground="#11171c")
