"""Photographs and Treatment in a real browser: every control twice, no barrier."""

from __future__ import annotations

import datetime as dt
import re
import zipfile
from pathlib import Path

import cv2
import pytest
from barriers import find_violations, settle

from hairtrack.imaging import codec
from hairtrack.workflows import Library, progress

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def app(changeable) -> str:
    return changeable[0]


@pytest.fixture
def folder(changeable) -> Path:
    return changeable[1]


@pytest.fixture(autouse=True)
def quiet_server(folder):
    """Hold that the server met no exception."""
    yield
    assert "Traceback" not in (folder.parent / "log.txt").read_text()


def check(page) -> None:
    settle(page)
    assert find_violations(page) == []
    main = page.locator("[data-testid=stMain]")
    assert main.evaluate("main => main.scrollWidth <= main.clientWidth"), (
        "runs off sideways"
    )
    assert page.locator("[data-testid=stException]").count() == 0


def press(page, name: str, *, number: int = 0) -> None:
    page.get_by_role("button", name=name).nth(number).click()
    settle(page)


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


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (390, "dark")])
def test_one_several_and_a_visit_are_edited(open_page, folder, width, scheme) -> None:
    before = numbers(folder)
    page = open_page("photographs", width=width, scheme=scheme)
    for _ in range(2):
        page.get_by_role("checkbox").first.focus()
        page.keyboard.press("Space")
        page.locator(".st-key-panel").wait_for()
        check(page)
        for _ in range(2):
            page.locator("label", has_text="Show what was measured").click()
            settle(page)
        press(page, "Close")
        press(page, "Select all", number=1)
        page.get_by_text("2 photographs selected").wait_for()
        check(page)
        press(page, "Delete")
        page.get_by_text("2 photographs deleted.").wait_for()
        press(page, "Undo")
        page.get_by_text("Undone.").wait_for()
        press(page, "Edit visit")
        check(page)
        press(page, "Close", number=1)
    assert numbers(folder) == before


def test_sources_are_used_twice(open_page, phone, strangers) -> None:
    page = open_page("photographs", width=390, scheme="dark")
    for _ in range(2):
        page.locator("label", has_text="Watched folder").click()
        where = page.get_by_role("textbox", name="Folder on this computer")
        where.fill(str(phone / "gone"))
        press(page, "Look for new photographs")
        page.get_by_text("There is no folder").wait_for()
        where.fill(str(phone))
        press(page, "Look for new photographs")
        page.get_by_text("2 new photographs; 1 already added").wait_for()
        page.get_by_text("rest the elbows").wait_for()
        check(page)
        page.locator("label", has_text=re.compile("^Folder$")).click()
        page.wait_for_selector("input[type=file][webkitdirectory]", state="attached")
    page.set_input_files("input[type=file]", phone)
    page.get_by_role("button", name="Add 3 photographs").wait_for()
    # The name of a folder tells the view where that of the file does not.
    assert page.get_by_text("Already added").count() == 1
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
    press(page, "Add 1 photograph")
    page.get_by_text("1 photograph added (1 November 2025), 1 not added").wait_for()
    check(page)
    first = page.locator("[data-testid=stMain] strong", has_text="2025").nth(1)
    assert first.inner_text() == "1 November 2025"
    press(page, "See the result")
    page.wait_for_selector("h1:has-text('Home')")


def test_the_camera_keeps_nobody_out(open_page) -> None:
    page = open_page("photographs", width=390)
    page.locator("label", has_text="Camera").click()
    page.get_by_role("button", name="Start the camera").click()
    page.wait_for_selector(".finder:not([hidden])")
    check(page)


def test_pictures_travel_in_the_page(open_page, app, course) -> None:
    page = open_page("photographs")
    page.set_input_files("input[type=file]", sorted(course.glob("*.jpg"))[:1])
    page.wait_for_selector("text=Check before adding")
    page.wait_for_selector("[data-testid=stImage] img")
    sources = page.eval_on_selector_all("img", "found => found.map(one => one.src)")
    assert sources
    assert all(one.startswith("data:image/jpeg;base64") for one in sources)


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (390, "dark")])
def test_a_treatment_is_entered_and_every_section_opens(open_page, width, scheme) -> None:
    page = open_page("treatment", width=width, scheme=scheme)
    check(page)
    for kind in ("Minoxidil", "PRP"):
        box = page.get_by_role("combobox", name=re.compile("What do you use|Add another"))
        box.first.fill(kind)
        page.wait_for_timeout(300)
        page.keyboard.press("Enter")
        page.get_by_role("button", name="Save", exact=True).first.wait_for()
        check(page)
        press(page, "Save")
        page.get_by_text("Saved.").wait_for()
    sections = ("Sessions", "Diary", "History", "What the sources say", "Now")
    for section in sections * 2:
        page.locator("label", has_text=section).first.click()
        settle(page)
        if section == "Diary":
            for summary in page.locator("[data-testid=stMain] summary").all():
                summary.click()
        check(page)
    for _ in range(2):
        press(page, "Edit")
        press(page, "Delete")
