"""The outline's editor: points and brush, by key and pointer; undo brings them back."""

from __future__ import annotations

import datetime as dt
import math
import re

import pytest

from hairtrack.app.photographs import outline
from hairtrack.imaging import codec
from hairtrack.imaging.outline import Stroke, render
from hairtrack.workflows import Library

LATER = dt.date(2025, 6, 2)
CORNERS = [[1, 2], [30, 4], [9, 12]]
DAB = {"add": True, "path": [[3, 4]], "width": 5}


@pytest.mark.parametrize(
    "points",
    [
        None,
        "points",
        [],
        [[1, 2], [3, 4]],
        [[1, 2], [3, 4], [5]],
        [[1, 2], [3, 4], [5, "6"]],
        [[1, 2], [3, 4], [5, True]],
        [[1, 2], [3, 4], [5, float("nan")]],
        [[1, 2], [3, 4], [40, 5]],
        [[1, 2], [3, 4], [-1, 5]],
        [[1, 2]] * 501,
    ],
)
def test_what_is_no_outline_is_not_taken(points) -> None:
    assert outline.read_drawn({"points": points, "strokes": []}, size=(40, 20)) is None
    assert outline.read_drawn(points, size=(40, 20)) is None


@pytest.mark.parametrize(
    "strokes",
    [
        None,
        [None],
        [DAB] * 301,
        [DAB | {"add": 1}],
        [DAB | {"width": -1}],
        [DAB | {"width": 41}],
        [DAB | {"width": float("nan")}],
        [DAB | {"width": "5"}],
        [DAB | {"path": []}],
        [DAB | {"path": [[3, 21]]}],
        [DAB | {"path": [[3, 4]] * 2001}],
        [DAB | {"width": 0}],
    ],
)
def test_what_is_no_stroke_is_not_taken(strokes) -> None:
    given = {"points": CORNERS, "strokes": strokes}
    assert outline.read_drawn(given, size=(40, 20)) is None


def test_strokes_are_read_in_their_order() -> None:
    strokes = [DAB, {"add": False, "path": CORNERS, "width": 0}]
    found = outline.read_drawn({"points": CORNERS, "strokes": strokes}, size=(40, 20))
    assert found.strokes == (
        Stroke(add=True, path_xy=((3.0, 4.0),), width=5.0),
        Stroke(add=False, path_xy=((1.0, 2.0), (30.0, 4.0), (9.0, 12.0)), width=0.0),
    )


def open_editor(open_page, *, number: int = 0):
    """Open the editor on a photograph of the library; the latest is the first."""
    page = open_page("photographs")
    page.get_by_role("checkbox").nth(number).focus()
    page.keyboard.press("Space")
    page.get_by_text("Correct the outline").click()
    page.locator(".dots circle").first.wait_for(state="attached")
    return page


def drag(page, start: tuple[float, float], end: tuple[float, float]) -> None:
    """Draw with the mouse, from and to a place given as shares of the picture."""
    svg = page.locator(".canvas svg")
    svg.scroll_into_view_if_needed()
    box = svg.bounding_box()
    places = [
        (box["x"] + x * box["width"], box["y"] + y * box["height"]) for x, y in (start, end)
    ]
    page.mouse.move(*places[0])
    page.mouse.down()
    page.mouse.move(*places[1], steps=12)
    page.mouse.up()


@pytest.mark.browser
def test_the_outline_is_corrected_by_key_and_pointer(open_page) -> None:
    page = open_editor(open_page, number=1)
    dots = page.get_by_role("button", name="arrow keys move it")
    dots.first.wait_for()
    count = dots.count()
    assert count >= 8

    def where(index: int) -> tuple[float, float]:
        dot = dots.nth(index)
        return tuple(float(dot.get_attribute(name)) for name in ("cx", "cy"))

    start = where(0)
    dots.first.focus()
    page.keyboard.press("Shift+ArrowRight")
    # Ten steps of a 400th of the picture's 480 px.
    assert where(0) == pytest.approx((start[0] + 12, start[1]), abs=0.2)
    page.keyboard.press("Control+z")
    assert where(0) == start
    box = dots.nth(2).bounding_box()
    middle = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(*middle)
    page.mouse.down()
    page.mouse.move(middle[0] + 20, middle[1] + 10, steps=3)
    page.mouse.up()
    assert where(2) != start
    page.get_by_role("button", name="Add a point").click()
    assert dots.count() == count + 1
    page.keyboard.press("Delete")
    assert dots.count() == count
    page.get_by_role("button", name="Use this outline").click()
    told = page.get_by_text("Inside this outline, visible scalp is")
    told.wait_for()
    (level, *_) = re.findall(r"\d+\.\d %", told.inner_text())
    page.get_by_role("button", name="Save and measure again").click()
    told.wait_for(state="detached")
    page.locator(".st-key-panel").get_by_text(f"Visible scalp {level}").wait_for()


def read_drawn(page) -> tuple[list, list]:
    """Return points and strokes as the editor draws them now."""
    points = page.eval_on_selector_all(
        ".dots circle",
        "found => found.map(d => [+d.getAttribute('cx'), +d.getAttribute('cy')])",
    )
    lines = page.eval_on_selector_all(
        "#inside polyline", "found => found.map(line => line.getAttribute('points'))"
    )
    return points, lines


@pytest.mark.browser
def test_the_region_grows_and_shrinks_by_what_is_brushed(open_page, served_library) -> None:
    page = open_editor(open_page)
    points, lines = read_drawn(page)
    assert lines == []
    page.get_by_text("Brush: add").click()
    drag(page, (0.06, 0.06), (0.3, 0.06))
    page.get_by_text("Brush: erase").click()
    drag(page, (0.45, 0.5), (0.55, 0.5))
    assert len(read_drawn(page)[1]) == 2
    drag(page, (0.4, 0.3), (0.6, 0.3))
    page.keyboard.press("Control+z")
    assert len(read_drawn(page)[1]) == 2, "the third stroke is undone"
    page.keyboard.press("Control+Shift+z")
    assert len(read_drawn(page)[1]) == 3
    page.get_by_role("button", name="Undo").click()
    page.get_by_role("button", name="Use this outline").click()
    page.get_by_text("Inside this outline, visible scalp is").wait_for()
    page.get_by_role("button", name="Save and measure again").click()
    page.get_by_role("button", name="Reset the outline").wait_for()
    with Library.open(served_library) as library:
        (photo,) = (p for p in library.catalog.photos() if p.visit == LATER)
        kept = codec.decode_region(library.catalog.outline(photo.digest, photo.outline))
    plain = render([tuple(one) for one in points], (), kept.shape)
    # The picture has 480 px, the brush 6 % of them: 29 px. A stroke is as long as the
    # mouse went, and has two round ends.
    width = round(0.06 * 480)
    ends = math.pi * width**2 / 4
    grown, lost = (kept & ~plain).sum(), (plain & ~kept).sum()
    # The mouse is placed to a pixel of the screen, the path kept every twelfth of a brush.
    assert grown == pytest.approx(0.24 * 480 * width + ends, rel=0.05)
    assert lost == pytest.approx(0.1 * 480 * width + ends, rel=0.05)
    assert kept[29, 29:140].all()
    assert not kept[240, 220:260].any()
