"""The page that adds photographs, in every state, as Streamlit runs it."""

from __future__ import annotations

import datetime as dt
import errno
import io
import shutil
import zipfile

import cv2
import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from hairtrack.imaging import codec
from hairtrack.records import View
from hairtrack.store import files
from hairtrack.workflows import Library

PATIENCE_S = 120
"""Measuring on a busy machine takes a while."""

SCRIPT = "from hairtrack.app.upload.page import show\nshow()"


@pytest.fixture
def empty(tmp_path, monkeypatch):
    monkeypatch.setenv("HAIRTRACK_LIBRARY", str(tmp_path / "empty"))
    return tmp_path / "empty"


@pytest.fixture
def full(tmp_path, monkeypatch, measured):
    """Return the folder of a measured library that a test may change."""
    shutil.copytree(measured, tmp_path / "full")
    monkeypatch.setenv("HAIRTRACK_LIBRARY", str(tmp_path / "full"))
    return tmp_path / "full"


@pytest.fixture
def offered(course) -> list[tuple[str, bytes]]:
    """Return the photographs of the course, as files that are offered."""
    return [(path.name, path.read_bytes()) for path in sorted(course.glob("*.jpg"))]


def open_page() -> AppTest:
    page = AppTest.from_string(SCRIPT, default_timeout=PATIENCE_S).run()
    assert not page.exception
    return page


def read(page: AppTest) -> str:
    """Return all the words of a page."""
    parts = [*page.title, *page.subheader, *page.markdown, *page.caption, *page.text]
    parts += [*page.info, *page.warning, *page.error]
    told = [str(part.value) for part in parts]
    return "\n".join([*told, *(f"{m.label}: {m.value}" for m in page.metric)])


def upload(page: AppTest, *given: tuple[str, bytes]) -> AppTest:
    page.file_uploader[0].set_value([(name, data, "image/jpeg") for name, data in given])
    page.run()
    assert not page.exception
    return page


def find_button(page: AppTest, label: str):
    return next(one for one in page.button if one.label.startswith(label))


def add(page: AppTest) -> AppTest:
    find_button(page, "Add and measure").click().run()
    assert not page.exception
    return page


def choose(page: AppTest, way: str) -> AppTest:
    page.radio[0].set_value(way).run()
    assert not page.exception
    return page


def test_adding_gives_its_verdict_at_once(empty, offered) -> None:
    page = upload(open_page(), offered[0], ("x.jpg", b"nothing"))
    told = read(page)
    assert "Cannot be taken" in told
    assert "Day as the camera noted it." in told
    assert find_button(page, "Add and").label == "Add and measure 1 photograph"
    told = read(add(page))
    assert "1 photograph added, 1 measured; 1 not taken" in told
    assert "Visible scalp: " in told
    assert page.button[0].label == "See the overview", "the way on stands first"
    with Library.open(empty) as library:
        assert len(library.catalog.photos()) == 1


def test_a_blurred_photograph_is_told_before_it_is_added(empty, offered) -> None:
    image = cv2.GaussianBlur(codec.decode(offered[0][1]), (0, 0), 4)
    blurred = codec.encode_jpeg(image, quality=95, taken_at=dt.datetime(2025, 3, 3, 9))
    page = upload(open_page(), ("blurred.jpg", blurred))
    told = read(page)
    assert "Not sharp" in told
    assert "rest the elbows" in told
    assert "Right: the sharpest part of the head, pixel by pixel." in told
    told = read(add(page))
    assert "Measured, with doubts" in told
    assert "Right: the sharpest part of the head, pixel by pixel." in told


def test_a_good_photograph_is_told_to_be_good(full, offered) -> None:
    told = read(upload(open_page(), offered[0]))
    assert "Looks good" not in told, "it is in the library, and was judged there"
    image = np.ascontiguousarray(codec.decode(offered[0][1])[:, 1:])
    other = codec.encode_jpeg(image, quality=95, taken_at=dt.datetime(2025, 7, 1, 9))
    assert "Looks good" in read(upload(open_page(), ("other.jpg", other)))


def test_a_photograph_without_a_head_is_kept_and_told_why(empty, without_head) -> None:
    page = upload(open_page(), ("wall.jpg", without_head))
    assert "No head found" in read(page)
    told = read(add(page))
    assert "1 photograph added, 0 measured" in told
    assert "Kept, not measured" in told


def test_a_photograph_without_a_day_waits_for_it(empty, draw_photo) -> None:
    data, _ = draw_photo(9)
    page = upload(open_page(), ("crown.jpg", data))
    assert "1 photograph has no day yet" in read(page)
    assert find_button(page, "Add and measure").disabled
    page.checkbox[0].uncheck().run()
    assert "no day yet" not in read(page)
    assert find_button(page, "Add and measure").disabled, "nothing is left to add"


def test_known_and_repeated_photographs_are_told(full, offered, draw_photo) -> None:
    data, _ = draw_photo(31, taken_at=dt.datetime(2025, 9, 1, 9))
    told = read(upload(open_page(), offered[0], ("new.jpg", data), ("again.jpg", data)))
    assert "Already in the library" in told
    assert "It is not added twice." in told
    assert "Offered twice" in told
    assert told.count("new.jpg") == 2, "named once for itself, once as the other's twin"


def test_view_and_day_can_be_corrected(empty, offered) -> None:
    page = upload(open_page(), offered[0])
    next(box for box in page.selectbox if box.label == "View").select_index(1)
    page.date_input[0].set_value(dt.date(2025, 3, 9))
    add(page.run())
    with Library.open(empty) as library:
        (photo,) = library.catalog.photos()
    assert photo.view == "midline"
    assert photo.visit == dt.date(2025, 3, 9)
    assert photo.taken_at.time() == dt.time(8, 30)


def test_one_view_and_one_day_can_be_given_to_all(empty, offered) -> None:
    page = upload(open_page(), *offered)
    every = next(box for box in page.selectbox if box.label == "View of all of them")
    every.select(View.OCCIPITAL).run()
    assert not page.warning
    views = [box.value for box in page.selectbox if box.label == "View"]
    assert views == [View.OCCIPITAL] * 3
    day = next(one for one in page.date_input if one.label == "Day of all of them")
    day.set_value(dt.date(2025, 3, 9)).run()
    assert not page.exception
    days = [one.value for one in page.date_input if one.label == "Day"]
    assert days == [dt.date(2025, 3, 9)] * 3
    assert "Complete: three photographs of each view." in read(page)


def test_a_visit_tells_what_is_still_wanted(empty, offered) -> None:
    page = upload(open_page(), *offered[:2])
    told = read(page)
    assert "Visit of 3 March 2025" in told
    assert "Top of the head &#40;vertex&#41;: 2 of 3" in told
    assert "Still wanted, combed anew before each" in told
    assert "1 more" in told
    told = read(add(page))
    assert "2 of 3" in told
    assert "Visit of 3 March 2025" in told


def test_the_usual_view_of_the_subject_is_suggested(tmp_path, monkeypatch, offered) -> None:
    with Library.create(tmp_path / "other") as library:
        from hairtrack.workflows import Filing, import_photo, run_pending

        filing = Filing(subject="me", view=View.OCCIPITAL)
        import_photo(library, offered[0][1], name="a.jpg", filing=filing)
        run_pending(library)
    monkeypatch.setenv("HAIRTRACK_LIBRARY", str(tmp_path / "other"))
    page = upload(
        open_page(), ("IMG_1.jpg", offered[1][1]), ("x_midline.jpg", offered[2][1])
    )
    views = [box.value for box in page.selectbox if box.label == "View"]
    assert views == [View.OCCIPITAL, View.MIDLINE]


def test_an_archive_is_unpacked_in_memory(empty, offered) -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name, data in offered:
            archive.writestr(f"../{name}", data)
    page = upload(open_page(), ("visit.zip", file.getvalue()), ("b.zip", b"no archive"))
    assert find_button(page, "Add and").label == "Add and measure 3 photographs"
    told = read(add(page))
    assert "3 photographs added, 3 measured; 1 not taken" in told
    assert "The archive cannot be read" in told


def fill_the_disk(monkeypatch, *, after: int) -> None:
    real, written = files.sync_file, []

    def sync(handle: int) -> None:
        if len(written) >= after:
            raise OSError(errno.ENOSPC, "No space left on device")
        written.append(handle)
        real(handle)

    monkeypatch.setattr(files, "sync_file", sync)


def test_a_disk_that_fills_up_loses_nothing_and_is_told(
    empty, offered, monkeypatch
) -> None:
    page = upload(open_page(), *offered)
    fill_the_disk(monkeypatch, after=2)
    add(page)
    (error,) = page.error
    assert "is full" in error.value
    assert "2 of 3 photographs are in the library and stay there" in error.value
    told = read(page)
    assert told.count("Already in the library") == 2
    assert find_button(page, "Add and").label == "Add and measure 3 photographs"
    with Library.open(empty) as library:
        assert len(library.catalog.photos()) == 2
    monkeypatch.undo()
    monkeypatch.setenv("HAIRTRACK_LIBRARY", str(empty))
    told = read(add(page))
    assert not page.error
    assert "1 photograph added, 1 measured; 2 already in the library" in told
    with Library.open(empty) as library:
        assert len(library.catalog.photos()) == 3


def test_a_remembered_folder_offers_what_is_new(full, course, tmp_path, draw_photo) -> None:
    place = tmp_path / "phone"
    shutil.copytree(course, place)
    data, _ = draw_photo(41, taken_at=dt.datetime(2025, 9, 1, 9))
    (place / "new.jpg").write_bytes(data)
    page = choose(open_page(), "arrived")
    page.text_input[0].set_value(str(place))
    find_button(page, "Look for new photographs").click().run()
    assert not page.exception
    told = read(page)
    assert "1 new photograph; 3 in the library already; 1 other file left out" in told
    told = read(add(page))
    assert "1 photograph added, 1 measured" in told
    fresh = open_page()
    assert fresh.radio[0].value == "arrived", "where a folder is remembered it comes first"
    assert fresh.text_input[0].value == str(place)
    find_button(fresh, "Look for new photographs").click().run()
    assert "0 new photographs; 4 in the library already" in read(fresh)


def test_a_folder_that_is_missing_is_told_in_a_sentence(empty) -> None:
    page = choose(open_page(), "arrived")
    page.text_input[0].set_value("/no/such/folder")
    find_button(page, "Look for new photographs").click().run()
    assert not page.exception
    assert "There is no folder" in read(page)


NAME = "<img src=x onerror=alert(1)> ![x](http://example.com/x.png) :material/home:.jpg"


def test_a_files_name_never_becomes_markup(empty, offered) -> None:
    page = upload(open_page(), (NAME, offered[0][1]), (NAME, b"nothing"))
    markup = [str(part.value) for part in (*page.markdown, *page.caption)]
    assert not any("onerror" in part or "example.com" in part for part in markup)
    assert [part.value for part in page.text].count(NAME) == 2
