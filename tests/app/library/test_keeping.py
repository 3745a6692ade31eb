"""The page Library: all that a person may change, delete, keep safe and erase, and undo."""

from __future__ import annotations

import dataclasses
import datetime as dt
import html

import pytest

from hairtrack.records import HairState, Photo, TakenFrom, View
from hairtrack.store import Catalog
from hairtrack.workflows import Filing, Library, import_photo, progress
from hairtrack.workflows import editing as edits
from hairtrack.workflows.library import Preferences, Units, save_preferences

FIRST, LATER = dt.date(2025, 3, 3), dt.date(2025, 6, 2)
BAD = "<img src=x onerror=alert(1)> ![x](http://example.com/x.png) 1.5"
SECTIONS = ["photographs", "subjects", "deleted", "safety", "leaving"]


def photos(folder, **wanted) -> list[Photo]:
    with Library.open(folder) as library:
        return library.catalog.photos(**wanted)


def visits(folder):
    with Library.open(folder) as library:
        return library.catalog.visits()


def numbers(folder):
    with Library.open(folder) as library:
        return [(row.visit, row.visible_scalp) for row in progress(library)]


@pytest.mark.parametrize("section", SECTIONS)
def test_every_section_opens_on_a_new_library(empty, open_page, section) -> None:
    page = open_page("library").open(section)
    assert not page.app.error
    assert "gives no diagnosis" in page.told()


@pytest.mark.parametrize("section", SECTIONS)
def test_every_section_opens_on_a_measured_library(full, open_page, section) -> None:
    page = open_page("library").open(section)
    assert not page.app.error
    assert "gives no diagnosis" in page.told()


# ---- the grid ---------------------------------------------------------------------


def test_only_the_open_visit_is_drawn(full, open_page) -> None:
    page = open_page("library")
    assert page.app.selectbox(key="library_day").value == LATER
    assert len(page.app.get("image")) == 1
    page.app.selectbox(key="library_day").select(FIRST)
    page.run()
    assert len(page.app.get("image")) == 2


def test_the_grid_is_filtered_by_view(full, open_page, draw_photo) -> None:
    data, _ = draw_photo(21, taken_at=dt.datetime(2025, 3, 3, 9))
    with Library.open(full) as library:
        import_photo(library, data, filing=Filing(subject="me", view=View.OCCIPITAL))
    page = open_page("library")
    page.app.radio(key="library_view").set_value(View.OCCIPITAL)
    page.run()
    assert page.app.selectbox(key="library_day").options == ["3 March 2025: 1 photograph"]
    assert len(page.app.get("image")) == 1


def test_a_library_of_500_photographs_draws_no_more_than_one_visit(full, open_page) -> None:
    (last,) = (photo for photo in photos(full) if photo.visit == LATER)
    with Catalog.open(full / "catalog.sqlite") as catalog:
        for number in range(500):
            day = FIRST - dt.timedelta(days=7 * (1 + number // 18))
            digest = f"{number:064x}"
            kept = {"outline": None, "taken_from": TakenFrom.PERSON, "taken_at": None}
            catalog.add_photo(dataclasses.replace(last, digest=digest, visit=day, **kept))
    page = open_page("library")
    assert len(page.app.get("image")) == 1
    assert len(page.app.selectbox(key="library_day").options) == 2 + 28


def test_a_lost_photograph_is_told_where_it_would_stand(full, open_page) -> None:
    (last,) = (photo for photo in photos(full) if photo.visit == LATER)
    (full / "originals" / last.digest[:2] / last.digest).unlink()
    page = open_page("library")
    assert "lost or damaged on disk" in page.told()
    page.press("Edit")
    assert "add the photograph again or restore a backup" in page.told()


# ---- one photograph ---------------------------------------------------------------


def test_all_of_one_photograph_is_corrected_and_taken_back(full, open_page) -> None:
    before = photos(full)
    with Library.open(full) as library:
        edits.add_subject(library, "Subject 2")
    page = open_page("library")
    page.app.selectbox(key="subject").select("me")
    page.run().press("Edit")
    assert "Visible scalp" in page.told()
    page.find("selectbox", "View").select(View.OCCIPITAL)
    page.find("date_input", "Day").set_value(dt.date(2025, 6, 9))
    page.find("time_input", "Time").set_value(dt.time(17, 5))
    page.find("selectbox", "Hair").select(HairState.WET)
    page.find("text_input", "Camera").input("Phone 3")
    page.find("text_area", "Note").input(BAD)
    subject = next(b for b in page.app.selectbox if b.label == "Subject")
    subject.select("Subject 2")
    page.press("Keep the changes")
    assert "Photograph changed." in page.told()
    (moved,) = photos(full, subject="Subject 2")
    said = (moved.view, moved.visit, moved.hair_state, moved.camera, moved.note)
    assert said == (View.OCCIPITAL, dt.date(2025, 6, 9), HairState.WET, "Phone 3", BAD)
    assert moved.taken_at == dt.datetime(2025, 6, 9, 17, 5)
    assert moved.taken_from is TakenFrom.PERSON
    assert "1 photograph waits to be measured" in page.told()
    page.press("Undo")
    assert photos(full) == before
    assert "waits to be measured" not in page.told()


def test_keeping_without_a_change_changes_nothing(full, open_page) -> None:
    before = photos(full)
    page = open_page("library").press("Edit").press("Keep the changes")
    assert "Nothing was changed." in page.told()
    assert photos(full) == before


def test_a_drawn_outline_is_given_up_and_comes_back(full, open_page) -> None:
    (last,) = (photo for photo in photos(full) if photo.visit == LATER)
    with Library.open(full) as library:
        drawn = edits.DrawnOutline(outline_xy=((90, 90), (390, 90), (240, 400)))
        edits.save_outline(library, last.digest, drawn)
    page = open_page("library")
    assert "outline drawn" in page.told()
    page.press("Edit").press("Reset the outline")
    assert photos(full)[-1].outline is None
    page.press("Undo")
    assert photos(full)[-1].outline is not None


# ---- several ----------------------------------------------------------------------


def test_several_are_dated_anew_with_one_undo(full, open_page) -> None:
    before, told = photos(full), numbers(full)
    page = open_page("library")
    page.app.selectbox(key="library_day").select(FIRST)
    page.run().press("Choose all")
    assert "2 photographs are chosen." in page.told()
    day = next(d for d in page.app.date_input if d.label == "Day")
    day.set_value(dt.date(2025, 3, 10))
    page.press("Change what is chosen")
    assert [p.visit for p in photos(full)] == [dt.date(2025, 3, 10)] * 2 + [LATER]
    assert not any(box.value for box in page.app.checkbox)
    page.press("Undo")
    assert (photos(full), numbers(full)) == (before, told)


def test_changing_nothing_of_several_is_told(full, open_page) -> None:
    page = open_page("library").press("Choose all").press("Change what is chosen")
    assert "Nothing was given" in page.told()


def test_deleting_the_baseline_says_what_it_means_and_is_undone(full, open_page) -> None:
    before = numbers(full)
    page = open_page("library")
    page.app.selectbox(key="library_day").select(FIRST)
    page.run().press("Choose all").press("Delete what is chosen")
    assert "2 photographs were deleted. A baseline is among them" in page.told()
    assert len(photos(full, deleted=True)) == 2
    page.press("Undo")
    assert numbers(full) == before


def test_what_waits_is_measured_here(full, open_page) -> None:
    page = open_page("library")
    page.press("Edit")
    page.find("selectbox", "View").select(View.MIDLINE)
    page.press("Keep the changes").press("Measure now")
    assert "to be measured" not in page.told()


# ---- a visit ----------------------------------------------------------------------


def test_the_hair_of_a_day_is_told_and_taken_back(full, open_page) -> None:
    page = open_page("library")
    page.app.number_input[0].set_value(30.0)
    page.find("date_input", "Haircut on").set_value(dt.date(2025, 5, 30))
    page.find("date_input", "Dyed on").set_value(dt.date(2025, 5, 31))
    hair = next(b for b in page.app.selectbox if (b.key or "").startswith("visit_hair"))
    hair.select(HairState.DRY)
    page.find("text_area", "Note").input("cut at home")
    page.press("Keep what is told")
    kept = visits(full)[-1]
    assert (kept.hair_length_mm, kept.hair_state) == (30.0, HairState.DRY)
    assert (kept.haircut_on, kept.dyed_on) == (dt.date(2025, 5, 30), dt.date(2025, 5, 31))
    page.press("Undo")
    assert visits(full)[-1].hair_length_mm is None


def test_lengths_are_asked_for_in_inches_and_kept_in_millimetres(full, open_page) -> None:
    with Library.open(full) as library:
        edits.change_visit(library, "me", LATER, hair_length_mm=30.0)
    save_preferences(full, Preferences(units=Units.IMPERIAL))
    page = open_page("library")
    (length,) = page.app.number_input
    assert length.label.endswith("(inches)")
    assert length.value == 1.2
    page.find("text_area", "Note").input("other")
    page.press("Keep what is told")
    assert visits(full)[-1].hair_length_mm == 30.0  # not touched, so not rounded
    page.app.number_input[0].set_value(2.0)
    page.press("Keep what is told")
    assert visits(full)[-1].hair_length_mm == pytest.approx(50.8, abs=1e-9)


def test_a_whole_visit_is_moved_and_taken_back(full, open_page) -> None:
    page = open_page("library")
    page.press("Move the visit")
    assert "Choose another day first." in page.told()
    page.find("date_input", "New day").set_value(dt.date(2025, 6, 4))
    page.press("Move the visit")
    assert page.app.selectbox(key="library_day").value == dt.date(2025, 6, 4)
    assert photos(full)[-1].visit == dt.date(2025, 6, 4)
    page.press("Undo")
    assert [visit.date for visit in visits(full)] == [FIRST, LATER]


# ---- subjects ---------------------------------------------------------------------


def test_a_new_subject_is_offered_a_pseudonym(full, open_page) -> None:
    page = open_page("library").open("subjects")
    assert page.find("text_input", "Name of the new subject").value == "Subject 2"
    page.press("Add the subject")
    assert page.app.selectbox(key="subject").value == "Subject 2"
    assert page.find("text_input", "Name of the new subject").value == "Subject 3"
    page.find("text_input", "Name of the new subject").input("me")
    page.press("Add the subject")
    assert "already" in html.unescape(page.app.error[0].value)


def test_a_subject_gets_another_name(full, open_page) -> None:
    page = open_page("library").open("subjects")
    page.find("text_input", "Name").input(f"  {BAD} ")
    page.press("Rename")
    with Library.open(full) as library:
        assert library.catalog.subjects() == [BAD]
    assert f"Renamed to {BAD}." in page.told()
    page.find("text_input", "Name").input("")
    page.press("Rename")
    assert "needs a name" in html.unescape(page.app.error[0].value)


def test_start_and_what_decides_are_declared(full, open_page) -> None:
    page = open_page("library").open("subjects")
    assert "declared before looking at any change" in page.told()
    page.find("date_input", "Started on").set_value(dt.date(2025, 3, 10))
    page.press("Keep the start")
    page.find("selectbox", "View that decides").select(View.VERTEX)
    page.run()
    zone = page.find("selectbox", "Part of the head that decides")
    assert not any("grid" in option.lower() for option in zone.options)
    zone.select("crown")
    page.press("Declare it")
    with Library.open(full) as library:
        subject = library.catalog.subject("me")
    assert subject.started_at == dt.date(2025, 3, 10)
    assert (subject.primary_view, subject.primary_zone) == (View.VERTEX, "crown")
    assert subject.declared_at is not None
    assert "Declared on " in page.told()
    page.press("Declare it")
    assert "declared already" in page.told()


# ---- deleted ----------------------------------------------------------------------


def test_deleted_photographs_are_brought_back(full, open_page) -> None:
    before = photos(full)
    with Library.open(full) as library:
        for photo in before[:2]:
            edits.delete_photo(library, photo.digest)
    page = open_page("library").open("deleted")
    assert "None goes by itself: after 30 days" in page.told()
    page.press("Bring back")
    assert len(photos(full)) == 2
    page.press("Bring back")
    assert photos(full) == before
    assert "Nothing is deleted." in page.told()


def test_purging_needs_a_second_look(full, open_page) -> None:
    digest = photos(full)[-1].digest
    with Library.open(full) as library:
        edits.delete_photo(library, digest)
    page = open_page("library").open("deleted")
    old, now = (b for b in page.app.button if b.label.startswith("Remove "))
    assert old.disabled
    assert now.disabled
    page.find("checkbox", "I want it gone for good").check()
    page.run().press("Remove all that is deleted now", beginning=True)
    assert photos(full, deleted=True) == []
    assert not (full / "originals" / digest[:2] / digest).exists()


# ---- safe from markup -------------------------------------------------------------


def test_names_and_notes_never_become_markup(full, open_page) -> None:
    with Library.open(full) as library:
        edits.rename_subject(library, "me", to=BAD)
        for photo in library.catalog.photos():
            edits.update_photo(library, photo.digest, note=BAD, camera=BAD)
        edits.change_visit(library, BAD, LATER, note=BAD)
        edits.delete_photo(library, photos(full)[0].digest)
    for section in SECTIONS:
        app = open_page("library").open(section).app
        boxes = [*app.success, *app.error, *app.info, *app.warning]
        markup = [str(part.value) for part in (*app.markdown, *app.caption, *boxes)]
        assert not any("onerror" in part or "example.com" in part for part in markup)
