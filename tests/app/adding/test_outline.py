"""The outline's editor: points and brush, by key and pointer; undo brings them back."""

from __future__ import annotations

import re

import pytest

from hairtrack.app.adding import outline


@pytest.mark.parametrize(
    "given",
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
def test_what_is_no_outline_is_not_taken(given) -> None:
    assert outline.read_outline(given, size=(40, 20)) is None


@pytest.mark.browser
def test_the_outline_is_corrected_by_key_and_pointer(open_page, course) -> None:
    page = open_page("add-photographs")
    page.set_input_files("input[type=file]", sorted(course.glob("*.jpg"))[:1])
    page.get_by_text("Already in the library").wait_for()
    page.get_by_role("button", name="Add and measure").click()
    page.get_by_text("Correct the outline").click()
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
    page.get_by_role("button", name="Keep it and measure again").click()
    told.wait_for(state="detached")
    metric = page.locator("[data-testid=stMetricValue]")
    metric.get_by_text(level).wait_for()
