"""Backup, restore, erase and the printed guide in a real browser, on its own library."""

from __future__ import annotations

import re

import pytest
from barriers import check, settle

from hairtrack.workflows import Library, progress

pytestmark = pytest.mark.browser

SECTIONS = {
    "People": "Rename",
    "Backup": "Back up now",
    "Export and erase": "Erase everything of this person",
    "How it works": "Visible scalp is the share",
    "Photo guide": "Download the photo guide",
}
"""Section of Settings -> a text of it."""

PAPERS = {"A4": (210, 297), "Letter": (216, 279)}


@pytest.fixture(scope="module")
def app(changeable) -> str:
    return changeable[0]


@pytest.fixture(autouse=True)
def quiet_server(fresh):
    """Start each test with a measured library; hold that the server met no exception."""
    yield
    assert "Traceback" not in (fresh.parent / "log.txt").read_text()


def open_section(page, name: str) -> None:
    page.locator("label", has_text=name).first.click()
    page.get_by_text(SECTIONS[name]).first.wait_for()


def press(page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).first.click()


def fill(page, label: str, text: str) -> None:
    field = page.get_by_label(label, exact=True).first
    field.fill(text)
    field.press("Tab")


def numbers(folder):
    with Library.open(folder) as library:
        return [(row.visit, row.zone, row.visible_scalp) for row in progress(library)]


def everything(folder) -> bytes:
    files = [file for file in folder.rglob("*") if file.is_file()]
    return b"\0".join(str(file).encode() + file.read_bytes() for file in files)


def test_no_section_keeps_anybody_out(open_page) -> None:
    page = open_page("settings", width=390, scheme="dark")
    for look in (check, settle):
        for section in SECTIONS:
            open_section(page, section)
            settle(page)
            for summary in page.get_by_test_id("stMain").locator("summary").all():
                summary.click()
            look(page)


def test_a_backup_restored_gives_the_same_numbers(open_page, fresh, tmp_path) -> None:
    page = open_page("settings")
    open_section(page, "Backup")
    file, restored = tmp_path / "backup.zip", tmp_path / "restored"
    fill(page, "File to write", str(file))
    press(page, "Back up now")
    page.get_by_text("Backed up: 3 photographs").wait_for()
    page.locator("summary", has_text="Restore a backup").click()
    fill(page, "Backup to read", str(file))
    fill(page, "New folder for it", str(restored))
    press(page, "Restore")
    page.get_by_text("Restored: 3 photographs").wait_for()
    assert numbers(restored) == numbers(fresh)
    with page.expect_download() as waiting:
        page.get_by_role("button", name="Download (").click()
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
        page.get_by_role("button", name="Download the photo guide").click()
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


def test_everything_of_a_person_is_erased_without_a_trace(open_page, fresh) -> None:
    with Library.open(fresh) as library:
        hers = [photo.digest.encode() for photo in library.catalog.photos()]
    name = "Jane-Q-Pseudonym"
    page = open_page("settings")
    open_section(page, "People")
    fill(page, "Name", name)
    press(page, "Rename")
    page.get_by_text(f"Renamed to {name}.").wait_for()
    open_section(page, "Export and erase")
    page.locator("summary", has_text="Erase everything of this person").click()
    fill(page, "Name to erase", name)
    press(page, "Erase for good")
    page.get_by_text("Erased for good: 3 photographs").wait_for()
    after = everything(fresh)
    assert [thing for thing in [*hers, name.encode()] if thing in after] == []
