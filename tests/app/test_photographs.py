"""Photographs: add, see by visit, edit one, several or a visit, delete, undo."""

from __future__ import annotations

import dataclasses
import datetime as dt
import errno
import io
import shutil
import zipfile

import cv2
import pytest
from pages import Page

from hairtrack.imaging import codec
from hairtrack.records import HairState, Photo, TakenFrom, View
from hairtrack.store import Catalog, files
from hairtrack.workflows import Filing, Library, import_photo, progress
from hairtrack.workflows import editing as edits
from hairtrack.workflows.library import Preferences, Units, save_preferences

FIRST, LATER = dt.date(2025, 3, 3), dt.date(2025, 6, 2)
NAME = "<img x> ![x](http://example.com/x.png) :material/home: 1.5.jpg"
BAD = "<img src=x onerror=alert(1)> ![x](http://example.com/x.png) :material/home: 1.5"


def photos(folder, **wanted) -> list[Photo]:
    with Library.open(folder) as library:
        return library.catalog.photos(**wanted)


def visits(folder):
    with Library.open(folder) as library:
        return library.catalog.visits()


def numbers(folder):
    with Library.open(folder) as library:
        return [(row.visit, row.visible_scalp) for row in progress(library)]


def open_page() -> Page:
    return Page("photographs")


def tick(page: Page, *places: int) -> Page:
    """Tick the photographs at these places; the latest visit comes first."""
    for place in places:
        page.app.checkbox[place].check()
    return page.run()


@pytest.fixture
def offered(course) -> list[tuple[str, bytes]]:
    """Return the photographs of the course, as files that are offered."""
    return [(path.name, path.read_bytes()) for path in sorted(course.glob("*.jpg"))]


# ---- adding -----------------------------------------------------------------------


def test_what_was_added_is_shown_at_the_top(empty, offered) -> None:
    page = open_page()
    assert "No photographs yet" in page.told()
    page.upload(offered[0], ("x.5", b"nothing"))
    assert "Cannot be added" in page.told()
    assert "Date from the camera." in page.told()
    page.press("Add 1 photograph")
    assert "1 photograph added (3 March 2025), 1 not added" in page.told()
    assert len(page.app.get("image")) == 1
    assert page.labels()[0] == "See the result"
    assert [photo.subject for photo in photos(empty)] == ["me"]
    page.press("Close")
    assert "photograph added" not in page.told()


def test_a_blurred_photograph_is_marked_before_it_is_added(empty, offered) -> None:
    image = cv2.GaussianBlur(codec.decode(offered[0][1]), (0, 0), 4)
    blurred = codec.encode_jpeg(image, quality=95, taken_at=dt.datetime(2025, 3, 3, 9))
    page = open_page().upload(("blurred.jpg", blurred))
    for _ in ("before it is added", "and in its panel"):
        assert "Not sharp" in page.app.main.markdown[-1].value or "Not sharp" in page.told()
        assert "rest the elbows" in page.told()
        assert "Right: the sharpest part of the head, pixel by pixel." in page.told()
        if page.app.file_uploader[0].value:
            tick(page.press("Add 1 photograph"), 0)


def test_a_wall_is_not_ticked_and_the_example_is_shown(full, without_head) -> None:
    page = open_page().upload(("wall.jpg", without_head))
    assert "Take it again from the same direction" in page.told()
    assert not page.find("checkbox", "Add this one").value
    assert page.find("button", "Add 0 photographs").disabled
    page.set("checkbox", "Add this one", True).press("Add 1 photograph")
    assert "1 photograph added (3 March 2025), 1 not measured" in page.told()
    assert "Not measured: 1" in page.told()
    assert len(numbers(full)) == 2, "it counts in no visit"
    assert len(photos(full)) == 4, "a person who insists keeps it"


def test_what_cannot_be_laid_over_the_baseline_is_not_kept(full, without_colour) -> None:
    page = open_page().upload(("other.jpg", without_colour))
    assert page.find("checkbox", "Add this one").value, "it looks good at first"
    page.press("Add 1 photograph")
    assert "0 photographs added, 1 not added" in page.told()
    assert "Take it again from the same direction" in page.told()
    assert (len(photos(full)), len(photos(full, deleted=True))) == (3, 1)
    page.press("Keep it anyway")
    assert "Kept without a measurement" in page.told()
    assert len(photos(full)) == 4


def test_a_photograph_without_a_day_waits_for_it(empty, draw_photo) -> None:
    data, _ = draw_photo(9)
    page = open_page().upload(("crown.jpg", data))
    assert "1 photograph has no date yet" in page.told()
    assert page.find("button", "Add 0 photographs").disabled
    page.set("date_input", "Day", dt.date(2025, 3, 9))
    page.set("selectbox", "View", View.MIDLINE).press("Add 1 photograph")
    (photo,) = photos(empty)
    assert (photo.view, photo.visit) == (View.MIDLINE, dt.date(2025, 3, 9))


def test_known_and_repeated_photographs_are_named(full, offered, draw_photo) -> None:
    data, _ = draw_photo(31, taken_at=dt.datetime(2025, 9, 1, 9))
    page = open_page().upload(offered[0], ("new.jpg", data), ("again.jpg", data))
    badges = page.told()
    assert "is not added twice." in badges
    assert badges.count("new.jpg") == 2, "named once for itself, once as the other's twin"


def test_view_and_days_are_given_to_all_at_once(empty, offered) -> None:
    page = open_page().upload(*offered)
    page.set("selectbox", "View of all", View.OCCIPITAL)
    page.find("selectbox", "Dates of all").select("One a week, from")
    page.run().set("date_input", "First day", dt.date(2025, 4, 7))
    days = [one.value for one in page.app.date_input if one.label == "Day"]
    assert days == [dt.date(2025, 4, 7 + 7 * week) for week in range(3)]
    page.find("selectbox", "Dates of all").select("The same day")
    page.run()
    days = [one.value for one in page.app.date_input if one.label == "Day"]
    assert days == [dt.date(2025, 4, 7)] * 3
    page.find("selectbox", "Dates of all").select("From each photograph")
    page.run()
    days = [one.value for one in page.app.date_input if one.label == "Day"]
    assert days == [FIRST, FIRST, LATER]
    views = [box.value for box in page.app.selectbox if box.label == "View"]
    assert views == [View.OCCIPITAL] * 3


def test_an_archive_offers_the_days_of_its_files(empty, offered) -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name, data in offered:
            info = zipfile.ZipInfo(f"../{name}", date_time=(2025, 5, 6, 7, 8, 10))
            archive.writestr(info, data)
    page = open_page().upload(("visit.zip", file.getvalue()), ("b.zip", b"no archive"))
    assert "The archive cannot be read" in page.told()
    page.find("selectbox", "Dates of all").select("When the file was saved")
    page.run().press("Add 3 photographs")
    assert "3 photographs added (6 May 2025), 1 not added" in page.told()


def fill_the_disk(monkeypatch, *, after: int) -> None:
    real, written = files.sync_file, []

    def sync(handle: int) -> None:
        if len(written) >= after:
            raise OSError(errno.ENOSPC, "No space left on device")
        written.append(handle)
        real(handle)

    monkeypatch.setattr(files, "sync_file", sync)


def test_a_full_disk_loses_nothing(empty, offered, monkeypatch) -> None:
    page = open_page().upload(*offered)
    fill_the_disk(monkeypatch, after=2)
    page.press("Add 3 photographs")
    assert "is full" in page.told()
    assert "2 of 3 photographs were added" in page.told()
    assert len(photos(empty)) == 2
    monkeypatch.undo()
    monkeypatch.setenv("HAIRTRACK_LIBRARY", str(empty))
    page.press("Add 3 photographs")
    assert "1 photograph added (2 June 2025), 2 already there" in page.told()
    assert len(photos(empty)) == 3


def test_a_watched_folder_offers_what_is_new(full, course, tmp_path, draw_photo) -> None:
    place = tmp_path / "phone"
    shutil.copytree(course, place)
    data, _ = draw_photo(41, taken_at=dt.datetime(2025, 9, 1, 9))
    (place / "new.jpg").write_bytes(data)
    page = open_page().open("arrived", key="source")
    page.app.text_input[0].set_value("/no/such/folder")
    page.press("Look for new photographs")
    assert "There is no folder" in page.told()
    page.app.text_input[0].set_value(str(place))
    page.press("Look for new photographs")
    assert "1 new photograph; 3 already added; 1 other file ignored" in page.told()
    page.press("Add 1 photograph")
    assert "1 photograph added (1 September 2025)" in page.told()
    fresh = open_page()
    assert fresh.app.radio(key="source").value == "arrived", "a watched folder comes first"
    assert fresh.app.text_input[0].value == str(place)


# ---- by visit ---------------------------------------------------------------------


def test_visits_stand_below_one_another_the_latest_first(full, draw_photo) -> None:
    data, _ = draw_photo(21, taken_at=dt.datetime(2025, 3, 3, 9))
    with Library.open(full) as library:
        import_photo(library, data, filing=Filing(subject="me", view=View.OCCIPITAL))
    page = open_page()
    told = page.told()
    assert told.index("2 June 2025") < told.index("3 March 2025")
    assert "Missing: Back of the head" in told
    assert len(page.app.get("image")) == 4
    page.app.selectbox(key="photographs_view").select(View.OCCIPITAL)
    page.run()
    assert len(page.app.get("image")) == 1
    assert "2 June 2025" not in page.told()


def test_of_500_photographs_only_the_latest_visits_are_drawn(full) -> None:
    (last,) = (photo for photo in photos(full) if photo.visit == LATER)
    with Catalog.open(full / "catalog.sqlite") as catalog:
        for number in range(500):
            day = FIRST - dt.timedelta(days=7 * (1 + number // 18))
            digest = f"{number:064x}"
            kept = {"outline": None, "taken_from": TakenFrom.PERSON, "taken_at": None}
            catalog.add_photo(dataclasses.replace(last, digest=digest, visit=day, **kept))
    page = open_page()
    assert len(page.app.checkbox) == 21
    assert "Show 27 earlier visits" in page.labels()


def test_a_lost_photograph_is_named_where_it_would_stand(full) -> None:
    (last,) = (photo for photo in photos(full) if photo.visit == LATER)
    (full / "originals" / last.digest[:2] / last.digest).unlink()
    page = open_page()
    assert "lost or damaged on disk" in page.told()
    assert "Add it again, or restore a backup" in tick(page, 0).told()


# ---- editing ----------------------------------------------------------------------


def test_all_of_one_photograph_is_corrected_and_undone(full) -> None:
    before = photos(full)
    with Library.open(full) as library:
        edits.add_subject(library, "Subject 2")
    page = open_page()
    page.app.selectbox(key="subject").select("me")
    tick(page.run(), 0)
    assert "Visible scalp" in page.told()
    page.find("selectbox", "View").select(View.OCCIPITAL)
    page.find("date_input", "Day").set_value(dt.date(2025, 6, 9))
    page.find("time_input", "Time").set_value(dt.time(17, 5))
    page.find("selectbox", "Hair").select(HairState.WET)
    page.find("selectbox", "Person").select("Subject 2")
    page.find("text_input", "Camera").input("Phone 3")
    page.find("text_area", "Note").input(BAD)
    page.press("Save")
    (moved,) = photos(full, subject="Subject 2")
    said = (moved.view, moved.visit, moved.hair_state, moved.camera, moved.note)
    assert said == (View.OCCIPITAL, dt.date(2025, 6, 9), HairState.WET, "Phone 3", BAD)
    assert moved.taken_at == dt.datetime(2025, 6, 9, 17, 5)
    assert moved.taken_from is TakenFrom.PERSON
    assert "1 photograph waits to be measured" in page.told()
    page.press("Undo")
    assert photos(full) == before
    assert "waits to be measured" not in page.told()


def test_saving_without_a_change_changes_nothing(full) -> None:
    before = photos(full)
    page = tick(open_page(), 0).press("Save")
    assert "Nothing was changed." in page.told()
    tick(page, 1).press("Save")
    assert "2 photographs selected" in page.told()
    assert "Nothing was changed." in page.told()
    assert photos(full) == before
    page.press("Close")
    assert not any(box.value for box in page.app.checkbox)


def test_a_drawn_outline_is_reset_and_comes_back(full) -> None:
    (last,) = (photo for photo in photos(full) if photo.visit == LATER)
    with Library.open(full) as library:
        drawn = edits.DrawnOutline(outline_xy=((90, 90), (390, 90), (240, 400)))
        edits.save_outline(library, last.digest, drawn)
    page = tick(open_page(), 0).press("Reset the outline")
    assert photos(full)[-1].outline is None
    page.press("Undo")
    assert photos(full)[-1].outline is not None


def test_several_are_moved_to_a_day_and_back(full) -> None:
    before, told = photos(full), numbers(full)
    page = tick(open_page(), 1, 2)
    page.find("date_input", "Day").set_value(dt.date(2025, 3, 10))
    page.press("Save")
    assert [p.visit for p in photos(full)] == [dt.date(2025, 3, 10)] * 2 + [LATER]
    assert not any(box.value for box in page.app.checkbox)
    page.press("Undo")
    assert (photos(full), numbers(full)) == (before, told)


def test_deleting_the_first_of_a_view_says_what_it_means(full) -> None:
    before = numbers(full)
    page = open_page()
    all_of_first = [b for b in page.app.button if b.label == "Select all"][1]
    all_of_first.click()
    page.run().press("Delete")
    assert "2 photographs deleted. The first photograph of a view" in page.told()
    assert len(photos(full, deleted=True)) == 2
    page.press("Undo")
    assert numbers(full) == before


def test_what_waits_is_measured_here(full) -> None:
    page = tick(open_page(), 0)
    page.find("selectbox", "View").select(View.MIDLINE)
    page.press("Save").press("Measure now")
    assert "to be measured" not in page.told()


# ---- a visit ----------------------------------------------------------------------


def test_the_hair_of_a_visit_is_saved_and_undone(full) -> None:
    page = open_page().press("Edit visit")
    page.app.number_input[0].set_value(30.0)
    page.find("date_input", "Haircut on").set_value(dt.date(2025, 5, 30))
    page.find("date_input", "Dyed on").set_value(dt.date(2025, 5, 31))
    page.find("selectbox", "Hair").select(HairState.DRY)
    page.find("text_area", "Note").input("cut at home")
    page.press("Save")
    kept = visits(full)[-1]
    assert (kept.hair_length_mm, kept.hair_state) == (30.0, HairState.DRY)
    assert (kept.haircut_on, kept.dyed_on) == (dt.date(2025, 5, 30), dt.date(2025, 5, 31))
    page.press("Undo")
    assert visits(full)[-1].hair_length_mm is None


def test_lengths_in_inches_are_kept_in_millimetres(full) -> None:
    with Library.open(full) as library:
        edits.change_visit(library, "me", LATER, hair_length_mm=30.0)
    save_preferences(full, Preferences(units=Units.IMPERIAL))
    page = open_page().press("Edit visit")
    (length,) = page.app.number_input
    assert length.label.endswith("(inches)")
    assert length.value == 1.2
    page.find("text_area", "Note").input("other")
    page.press("Save")
    assert visits(full)[-1].hair_length_mm == 30.0  # not touched, so not rounded
    page.app.number_input[0].set_value(2.0)
    page.press("Save")
    assert visits(full)[-1].hair_length_mm == pytest.approx(50.8, abs=1e-9)


def test_a_whole_visit_is_moved_and_back(full) -> None:
    page = open_page().press("Edit visit").press("Move the visit")
    assert "Choose another day first." in page.told()
    page.find("date_input", "New day of the whole visit").set_value(dt.date(2025, 6, 4))
    page.press("Move the visit")
    assert "The visit of 2 June 2025 is now that of 4 June 2025." in page.told()
    assert photos(full)[-1].visit == dt.date(2025, 6, 4)
    page.press("Undo")
    assert [visit.date for visit in visits(full)] == [FIRST, LATER]


# ---- deleted ----------------------------------------------------------------------


def test_deleted_photographs_are_restored_or_removed_for_good(full) -> None:
    before = photos(full)
    with Library.open(full) as library:
        for photo in before[1:]:
            edits.delete_photo(library, photo.digest)
    page = open_page()
    page.app.toggle(key="show_deleted").set_value(True)
    page.run().press("Restore")
    assert "1 photograph restored." in page.told()
    assert len(photos(full)) == 2
    (gone,) = photos(full, deleted=True)
    assert not any(label.startswith("Remove ") for label in page.labels())
    page.set("checkbox", "Remove for good: this cannot be undone", True)
    assert page.find("button", "Remove those deleted over 30 days ago (0)").disabled
    page.press("Remove all deleted ones")
    assert photos(full, deleted=True) == []
    assert not (full / "originals" / gone.digest[:2] / gone.digest).exists()


# ---- safe from markup -------------------------------------------------------------


def test_names_and_notes_never_become_markup(full, offered) -> None:
    with Library.open(full) as library:
        edits.rename_subject(library, "me", to=BAD)
        for photo in library.catalog.photos():
            edits.update_photo(library, photo.digest, note=BAD, camera=BAD)
        edits.change_visit(library, BAD, LATER, note=BAD)
        edits.delete_photo(library, photos(full)[0].digest)
    page = open_page()
    page.app.toggle(key="show_deleted").set_value(True)
    shown = tick(page.run(), 0).markup()
    shown += page.upload((NAME, offered[2][1]), (NAME, b"nothing")).markup()
    assert [part.value for part in page.app.text].count(NAME) == 2
    shown += Page("settings").open("subjects").markup()
    assert not any("<img" in one or "](http" in one for one in shown)
