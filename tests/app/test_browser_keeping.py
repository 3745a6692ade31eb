"""Journeys through Library and Settings in a real browser, on a library of their own."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from hairtrack.workflows import Library, progress

pytestmark = pytest.mark.browser

PAPERS = {"A4": (210, 297), "Letter": (216, 279)}


@pytest.fixture(scope="module")
def app(changeable) -> str:
    return changeable[0]


@pytest.fixture
def folder(changeable) -> Path:
    return changeable[1]


def wait_for(page, text: str) -> None:
    page.get_by_text(text).first.wait_for()
    wait_until_drawn(page)


def wait_until_drawn(page) -> None:
    """Wait for the end of a run; until then what stood before may stand there twice."""
    page.wait_for_timeout(300)
    for passing in ("[data-testid=stStatusWidget]", "[data-stale=true]"):
        page.wait_for_selector(passing, state="detached")


def open_section(page, name: str) -> None:
    page.locator("label", has_text=name).first.click()
    wait_until_drawn(page)


def press(page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).first.click()


def fill(page, label: str, text: str) -> None:
    field = page.get_by_label(label, exact=True).first
    field.fill(text)
    field.press("Tab")


def numbers(folder):
    with Library.open(folder) as library:
        return [
            (row.visit, row.zone, row.visible_scalp, row.standard_error)
            for row in progress(library)
        ]


def everything(folder) -> bytes:
    files = [file for file in folder.rglob("*") if file.is_file()]
    return b"\0".join(str(file).encode() + file.read_bytes() for file in files)


def test_a_visit_is_dated_anew_and_back(open_page, folder, strangers) -> None:
    before = numbers(folder)
    page = open_page("library")
    page.locator("summary", has_text="Another day").click()
    day = page.get_by_role("group", name="New day")
    for part, digits in (("year", "2025"), ("month", "06"), ("day", "09")):
        day.get_by_role("spinbutton", name=re.compile(rf"^{part}\b")).press_sequentially(
            digits
        )
    page.keyboard.press("Tab")
    press(page, "Move the visit")
    wait_for(page, "The visit of 2 June 2025 is now that of 9 June 2025.")
    assert [str(row[0]) for row in numbers(folder)] == ["2025-03-03", "2025-06-09"]
    press(page, "Undo")
    wait_for(page, "Undone")
    assert numbers(folder) == before
    assert strangers == []


def test_a_photograph_is_deleted_and_brought_back(open_page, folder) -> None:
    before = numbers(folder)
    page = open_page("library")
    page.get_by_role("checkbox").first.focus()
    page.keyboard.press("Space")
    press(page, "Delete what is chosen")
    wait_for(page, "1 photograph was deleted.")
    assert len(numbers(folder)) == 1
    open_section(page, "Deleted")
    press(page, "Bring back")
    wait_for(page, "back where they were")
    assert numbers(folder) == before


def test_a_backup_restored_gives_the_same_numbers(open_page, folder, tmp_path) -> None:
    page = open_page("library")
    open_section(page, "Back up and check")
    file, restored = tmp_path / "backup.zip", tmp_path / "restored"
    fill(page, "File to write", str(file))
    press(page, "Back up now")
    wait_for(page, "Backed up: 3 photographs")
    page.locator("summary", has_text="Restore a backup").click()
    fill(page, "Backup to read", str(file))
    fill(page, "New folder for it", str(restored))
    press(page, "Restore")
    wait_for(page, "Restored: 3 photographs")
    assert numbers(restored) == numbers(folder)
    with page.expect_download() as waiting:
        page.get_by_role("button", name="Download the backup").click()
    waiting.value.save_as(tmp_path / "again.zip")
    assert waiting.value.suggested_filename.startswith("hairtrack-backup-")
    assert abs((tmp_path / "again.zip").stat().st_size - file.stat().st_size) < 100_000


def test_the_guide_is_printed_on_two_sheets_at_most(open_page, tmp_path, strangers) -> None:
    page = open_page("settings")
    open_section(page, "Photo guide")
    drawings = page.locator(".capture-guide img")
    drawings.nth(6).wait_for()
    assert drawings.count() == 7
    assert drawings.evaluate_all("all => all.every(one => one.naturalWidth > 0)")
    with page.expect_download() as waiting:
        page.get_by_role("button", name="Download the capture guide").click()
    waiting.value.save_as(tmp_path / "guide.html")
    assert strangers == []
    fetched = []
    sheet = page.context.new_page()
    sheet.on("request", lambda request: fetched.append(request.url.partition(":")[0]))
    sheet.goto((tmp_path / "guide.html").as_uri())
    for paper, sizes_mm in PAPERS.items():
        printed = sheet.pdf(format=paper)
        assert 1 <= len(re.findall(rb"/Type\s*/Page\b", printed)) <= 2
        box = re.search(rb"0 0 ([\d.]+) ([\d.]+)\]", printed).groups()
        # Chromium rounds a sheet to whole points of 1/72 inch.
        points = [mm / 25.4 * 72 for mm in sizes_mm]
        assert [float(side) for side in box] == pytest.approx(points, abs=1.5)
    assert set(fetched) <= {"file", "data"}


def test_a_subject_is_renamed_then_erased_without_a_trace(open_page, folder) -> None:
    """The last journey: the library is empty after it."""
    with Library.open(folder) as library:
        hers = [photo.digest.encode() for photo in library.catalog.photos()]
    name = "Jane-Q-Pseudonym"
    page = open_page("library")
    open_section(page, "Subjects")
    fill(page, "Name", name)
    press(page, "Rename")
    wait_for(page, f"Renamed to {name}.")
    open_section(page, "Hand out or erase")
    page.locator("summary", has_text="Erase this subject").click()
    fill(page, "Name of the subject to erase", name)
    press(page, "Erase for good")
    wait_for(page, "Erased for good: the subject with 3 photographs")
    after = everything(folder)
    assert [thing for thing in [*hers, name.encode()] if thing in after] == []
