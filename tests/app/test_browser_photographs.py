"""Photographs and Treatment in a real browser: every control twice, no barrier."""

from __future__ import annotations

import datetime as dt
import re
import zipfile

import cv2
import pytest
from barriers import check, choose, settle

from hairtrack.imaging import codec
from hairtrack.workflows import Library, progress

pytestmark = pytest.mark.browser

SIZES = pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (390, "dark")])


@pytest.fixture(scope="module")
def app(changeable) -> str:
    return changeable[0]


@pytest.fixture(autouse=True)
def quiet_server(fresh):
    """Start each test with a measured library; hold that the server met no exception."""
    yield
    assert "Traceback" not in (fresh.parent / "log.txt").read_text()


def press(page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).first.click()


def numbers(folder):
    with Library.open(folder) as library:
        return [(row.visit, row.visible_scalp) for row in progress(library)]


@pytest.fixture
def phone(tmp_path, draw_photo, course):
    """Return a folder: a new photograph, a blurred one, a known one, and a note."""
    place = tmp_path / "phone"
    (place / "occipital").mkdir(parents=True)
    data, _ = draw_photo(61, taken_at=dt.datetime(2025, 10, 1, 9))
    (place / "new.jpg").write_bytes(data)
    blurred = cv2.GaussianBlur(codec.decode(data), (0, 0), 4)
    day = dt.datetime(2025, 10, 1, 10)
    (place / "occipital" / "soft.jpg").write_bytes(codec.encode_jpeg(blurred, taken_at=day))
    known = min(course.glob("*.jpg"))
    (place / known.name).write_bytes(known.read_bytes())
    (place / "note.txt").write_text("x")
    return place


@SIZES
def test_one_several_and_a_visit_are_edited(open_page, fresh, width, scheme) -> None:
    before = numbers(fresh)
    page = open_page("photographs", width=width, scheme=scheme)
    panel = page.locator(".st-key-panel")
    close = panel.get_by_role("button", name="Close")
    for look in (check, settle):
        page.get_by_role("checkbox").first.press("Space")
        panel.get_by_text("Visible scalp").wait_for()
        look(page)
        for shown in ("Outline of the measured scalp", "Top of the head"):
            panel.locator("label", has_text="Show what was measured").click()
            panel.get_by_role("img", name=shown).wait_for()
        close.click()
        panel.wait_for(state="detached")
        page.get_by_role("button", name="Select all").nth(1).click()
        panel.get_by_text("2 photographs selected").wait_for()
        look(page)
        panel.get_by_role("button", name="Delete").click()
        page.get_by_text("2 photographs deleted.").wait_for()
        press(page, "Undo")
        page.get_by_text("Undone.").wait_for()
        press(page, "Edit visit")
        panel.get_by_text("Visit of 2 June 2025").wait_for()
        look(page)
        close.click()
        panel.wait_for(state="detached")
    assert numbers(fresh) == before


def test_the_last_visit_is_not_hidden_by_the_panel(open_page) -> None:
    """On a phone the panel is a sheet over the lower part of the page."""
    page = open_page("photographs", width=390)
    page.get_by_role("checkbox").first.press("Space")
    page.locator(".st-key-panel").get_by_text("Visible scalp").wait_for()
    page.get_by_role("button", name="Edit visit").last.click()
    page.locator(".st-key-panel").get_by_text("Visit of 3 March 2025").wait_for()


def test_sources_are_used_twice(open_page, phone, strangers) -> None:
    page = open_page("photographs", width=390, scheme="dark")
    for look in (check, settle):
        page.locator("label", has_text="Watched folder").click()
        where = page.get_by_role("textbox", name="Folder on this computer")
        where.fill(str(phone / "gone"))
        press(page, "Look for new photographs")
        page.get_by_text("There is no folder").wait_for()
        where.fill(str(phone))
        press(page, "Look for new photographs")
        page.get_by_text("2 new photographs; 1 already added").wait_for()
        page.get_by_text("rest the elbows").wait_for()
        look(page)
        page.locator("label", has_text=re.compile("^Folder$")).click()
        page.wait_for_selector("input[type=file][webkitdirectory]", state="attached")
    page.set_input_files("input[type=file]", phone)
    page.get_by_role("button", name="Add 3 photographs").wait_for()
    # The name of a folder tells the view where that of the file does not.
    assert page.get_by_text("Already added").count() == 1
    page.locator("label", has_text="Camera").click()
    page.get_by_role("button", name="Start the camera").click()
    page.wait_for_selector(".finder:not([hidden])")
    check(page)
    assert strangers == []


def test_added_photographs_stand_at_the_top(
    open_page, tmp_path, draw_photo, without_head
) -> None:
    data, _ = draw_photo(71, taken_at=dt.datetime(2025, 11, 1, 9))
    with zipfile.ZipFile(tmp_path / "visit.zip", "w") as archive:
        archive.writestr("new_vertex.jpg", data)
        archive.writestr("wall_vertex.jpg", without_head)
        archive.writestr("bad.jpg", b"nothing")
    page = open_page("photographs", width=390, scheme="dark")
    page.set_input_files("input[type=file]", tmp_path / "visit.zip")
    page.get_by_text("Take it again from the same direction").wait_for()
    check(page)
    sources = page.eval_on_selector_all(
        "[data-testid=stMain] img", "found => found.map(one => one.src)"
    )
    assert sources
    assert all(one.startswith("data:image/jpeg;base64") for one in sources)
    press(page, "Add 1 photograph")
    page.get_by_text("1 photograph added (1 November 2025), 1 not added").wait_for()
    check(page)
    first = page.locator("[data-testid=stMain] strong", has_text="2025").nth(1)
    assert first.inner_text() == "1 November 2025"
    press(page, "See the result")
    page.locator("[data-testid=stVegaLiteChart]").wait_for()


@SIZES
def test_a_treatment_is_entered_and_every_section_opens(open_page, width, scheme) -> None:
    page = open_page("treatment", width=width, scheme=scheme)
    check(page)
    for kind in ("Minoxidil", "PRP"):
        choose(page, "What do you use|Add another", kind)
        page.get_by_role("button", name="Save", exact=True).first.wait_for()
        check(page)
        press(page, "Save")
        page.locator("strong", has_text=kind).wait_for()
    sections = {
        "Sessions": "Add sessions",
        "Diary": "Haircut, dye, other",
        "History": "Phases",
        "What the sources say": "Read in full",
        "Now": "Add another treatment",
    }
    for look in (check, settle):
        for section, told in sections.items():
            page.locator("label", has_text=section).first.click()
            page.get_by_text(told).first.wait_for()
            look(page)
    for left in (1, 0):
        press(page, "Edit")
        press(page, "Delete")
        page.get_by_text("Deleted.").wait_for()
        page.wait_for_function(
            "left => document.querySelectorAll('[class*=st-key-edit_]').length === left",
            arg=left,
        )
