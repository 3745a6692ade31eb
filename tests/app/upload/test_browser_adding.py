"""Photographs on their way in, in a real browser: folders, archives, every state by axe."""

from __future__ import annotations

import datetime as dt
import zipfile

import cv2
import numpy as np
import pytest
from barriers import find_violations, settle

from hairtrack.imaging import codec
from hairtrack.workflows import Library
from hairtrack.workflows.editing import delete_photo, purge_photos
from hairtrack.workflows.library import PREFERENCES_FILE

pytestmark = pytest.mark.browser


def check(page) -> None:
    settle(page)
    assert find_violations(page) == []
    main = page.locator("[data-testid=stMain]")
    assert main.evaluate("main => main.scrollWidth <= main.clientWidth"), (
        "runs off sideways"
    )
    assert "Traceback" not in page.inner_text("body")


@pytest.fixture
def phone(tmp_path, draw_photo, course, served_library):
    """Yield a folder: a new photograph, a blurred one, a known one, and a note."""
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
    yield place
    (served_library / PREFERENCES_FILE).unlink(missing_ok=True)  # for other tests


def test_a_remembered_folder_is_looked_through(open_page, phone, strangers) -> None:
    page = open_page("add-photographs", width=390, scheme="dark")
    page.get_by_text("What is new in a remembered folder").click()
    folder = page.get_by_role("textbox", name="Folder on this computer")
    folder.fill(str(phone / "gone"))
    folder.press("Enter")
    page.get_by_text("There is no folder").wait_for()
    check(page)
    folder.fill(str(phone))
    page.get_by_role("button", name="Look for new photographs").click()
    page.get_by_text("2 new photographs; 1 in the library already").wait_for()
    page.get_by_text("rest the elbows").wait_for()
    page.get_by_text("Visit of 1 October 2025").wait_for()
    check(page)
    assert strangers == []


def test_a_whole_folder_is_dropped(open_page, phone) -> None:
    page = open_page("add-photographs")
    page.locator("label", has_text="A whole folder").click()
    page.wait_for_selector("input[type=file][webkitdirectory]", state="attached")
    page.set_input_files("input[type=file]", phone)
    page.get_by_text("Add and measure 3 photographs").wait_for()
    # The name of a folder tells the view where that of the file does not.
    page.get_by_text("Back of the head: 1 of 3").wait_for()
    assert page.get_by_text("Already in the library").count() == 1


@pytest.fixture
def tidied(served_library):
    """Take photographs out again that a test adds; others count on what is there."""
    with Library.open(served_library) as library:
        before = {photo.digest for photo in library.catalog.photos()}
    yield
    with Library.open(served_library) as library:
        for photo in library.catalog.photos():
            if photo.digest not in before:
                delete_photo(library, photo.digest)
        purge_photos(library, days=0, now=dt.datetime.now(dt.UTC) + dt.timedelta(days=1))


@pytest.mark.usefixtures("tidied")
def test_added_photographs_and_their_editor_keep_nobody_out(
    open_page, tmp_path, draw_photo, without_head
) -> None:
    data, _ = draw_photo(71, taken_at=dt.datetime(2025, 11, 1, 9))
    image = np.ascontiguousarray(codec.decode(data)[150:])
    cut = codec.encode_jpeg(image, taken_at=dt.datetime(2025, 11, 1, 10))
    with zipfile.ZipFile(tmp_path / "visit.zip", "w") as archive:
        archive.writestr("cut_vertex.jpg", cut)
        archive.writestr("wall_vertex.jpg", without_head)
        archive.writestr("bad.jpg", b"nothing")
    page = open_page("add-photographs", width=390, scheme="dark")
    page.set_input_files("input[type=file]", tmp_path / "visit.zip")
    page.get_by_role("button", name="Add and measure 2").click()
    page.locator("h3", has_text="2 photographs added").wait_for()
    page.get_by_text("the edge where the scalp is cut off").wait_for()
    page.get_by_text("Correct the outline").first.click()
    page.locator(".dots circle").first.wait_for(state="attached")
    check(page)
    page.get_by_text("Brush: add").click()
    check(page)
    page.get_by_role("button", name="See the overview").click()
    page.wait_for_selector("h1:has-text('Overview')")


def test_the_camera_keeps_nobody_out(open_page) -> None:
    page = open_page("add-photographs", width=390)
    page.locator("label", has_text="Camera").click()
    page.get_by_role("button", name="Start the camera").click()
    page.wait_for_selector(".finder:not([hidden])")
    check(page)
