"""Backup, check, restore, export and erase, as a person does them under Settings."""

from __future__ import annotations

import datetime as dt
import html
import zipfile

import pytest
from pages import Page

from hairtrack.records import View
from hairtrack.workflows import Library, progress

HOME_FILE = f"hairtrack-backup-{dt.date.today()}.zip"


def numbers(folder):
    with Library.open(folder) as library:
        return progress(library)


def everything(folder) -> bytes:
    files = [file for file in folder.rglob("*") if file.is_file()]
    return b"\0".join(str(file).encode() + file.read_bytes() for file in files)


def fault(page) -> str:
    (told,) = page.app.error
    return html.unescape(told.value)


def test_a_backup_restored_gives_the_same_numbers(full, tmp_path) -> None:
    page = Page("settings").open("backup")
    page.press("Back up now")
    assert f"Backed up: 3 photographs in {tmp_path / HOME_FILE}" in page.told()
    page.press("Restore")
    assert "Restored: 3 photographs." in page.told()
    assert f"hairtrack app --library {tmp_path}/hairtrack-restored" in page.told()
    assert numbers(tmp_path / "hairtrack-restored") == numbers(full)
    page.press("Restore")
    assert "is not empty" in fault(page)
    assert numbers(tmp_path / "hairtrack-restored") == numbers(full)


@pytest.mark.parametrize(
    ("place", "told"),
    [
        ("", "Type the place"),
        ("backup.zip", "not a whole path"),
        ("{home}/full/backup.zip", "inside the library"),
        ("{home}/none/backup.zip", "No such file"),
    ],
)
def test_a_place_that_cannot_be_used_is_told(full, tmp_path, place, told) -> None:
    Library.open(full).close()  # makes the copy of the day
    before = everything(full)
    page = Page("settings").open("backup")
    page.find("text_input", "File to write").input(place.format(home=tmp_path))
    page.press("Back up now")
    assert told in fault(page)
    assert everything(full) == before


def test_a_backup_never_overwrites(full, tmp_path) -> None:
    (tmp_path / HOME_FILE).write_text("other")
    page = Page("settings").open("backup").press("Back up now")
    assert "already" in fault(page)
    assert (tmp_path / HOME_FILE).read_text() == "other"


def test_what_a_backup_lacks_is_told_when_made_and_when_restored(full) -> None:
    min(full.glob(f"originals/??/{64 * '?'}")).write_bytes(b"damaged")
    page = Page("settings").open("backup").press("Back up now")
    lacks = "1 photograph is lost or damaged in the library and so not in it."
    assert lacks in html.unescape(page.app.warning[0].value)
    page.press("Restore")
    assert "Restored: 2 photographs." in page.told()
    assert lacks in html.unescape(page.app.warning[-1].value)


def test_what_is_no_backup_is_told(full, tmp_path) -> None:
    (tmp_path / HOME_FILE).write_text("no archive")
    page = Page("settings").open("backup").press("Restore")
    assert "no backup by hairtrack" in fault(page)
    page.find("text_input", "Backup to read").input(str(tmp_path / "none.zip"))
    page.press("Restore")
    assert "No such file" in fault(page)


def test_the_check_names_every_fault_in_plain_words(full) -> None:
    page = Page("settings").open("backup").press("Check the library")
    assert "Everything is intact: 3 photographs" in page.told()
    first, second, _ = sorted(full.glob(f"originals/??/{64 * '?'}"))
    first.write_bytes(b"damaged")
    second.unlink()
    page.press("Check the library")
    told = page.told()
    assert "2 faults among 3 photographs:" in told
    assert "are no longer what was kept" in told
    assert "are missing" in told


def test_people_are_added_renamed_and_given_a_main_view(full) -> None:
    page = Page("settings").open("subjects")
    assert page.find("text_input", "Name of the new person").value == "Person 2"
    page.press("Add")
    assert page.app.selectbox(key="subject").value == "Person 2"
    page.find("text_input", "Name of the new person").input("me")
    page.press("Add")
    assert "already" in fault(page)
    page.find("text_input", "Name").input("  Anna ")
    page.press("Rename")
    assert "Renamed to Anna." in page.told()
    page.set("selectbox", "View", View.VERTEX)
    zone = page.find("selectbox", "Part of the head")
    assert not any("grid" in option.lower() for option in zone.options)
    zone.select("crown")
    page.press("Save the main view")
    with Library.open(full) as library:
        subject = library.catalog.subject("Anna")
    assert (subject.primary_view, subject.primary_zone) == (View.VERTEX, "crown")
    assert "Chosen on " in page.told()
    page.find("text_input", "Name").input("")
    page.press("Rename")
    assert "needs a name" in fault(page)


def test_an_export_holds_photographs_and_tables(full, tmp_path) -> None:
    page = Page("settings").open("export").press("Export now")
    path = tmp_path / f"hairtrack-me-{dt.date.today()}.zip"
    assert f"Exported: 3 photographs in {path}" in page.told()
    with zipfile.ZipFile(path) as archive:
        names = archive.namelist()
    assert sum(name.startswith("photographs/") for name in names) == 3
    assert {"README.txt", "visible_scalp.csv", "everything.json"} <= set(names)


def test_erasing_needs_the_name_and_leaves_no_byte(full) -> None:
    name = "Jane Q Pseudonym"
    page = Page("settings").open("subjects")
    page.find("text_input", "Name").input(name)
    page.press("Rename").open("export")
    assert "backups, exports and other copies made before" in page.told()
    with Library.open(full) as library:
        hers = [photo.digest.encode() for photo in library.catalog.photos()]
    confirm = page.find("text_input", "Name to erase")
    confirm.input("Jane")
    page.press("Erase for good")
    assert "nothing was erased" in fault(page)
    page.find("text_input", "Name to erase").input(name)
    page.press("Erase for good")
    told = page.told()
    assert "Erased for good: 3 photographs" in told
    assert "SSD" in told
    after = everything(full)
    assert [thing for thing in [*hers, name.encode()] if thing in after] == []
    assert name not in repr(page.app.session_state)
    page.press("OK")
    assert "There are no photographs yet." in page.told()
