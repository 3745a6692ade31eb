"""Every page as Streamlit runs it, on a library of drawn photographs."""

from __future__ import annotations

import datetime as dt
import shutil
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

import hairtrack
from hairtrack.app.frame import PAGES
from hairtrack.workflows import Filing, Library, import_photo, import_photos, progress

CONTENTS = Path(hairtrack.__file__).parent / "app" / "navigation.py"
PATIENCE_S = 120
"""Measuring on a busy machine takes a while."""


def open_page(name: str) -> AppTest:
    script = f"from hairtrack.app.frame import load_page\nload_page({name!r})()"
    return AppTest.from_string(script, default_timeout=PATIENCE_S).run()


def read(page: AppTest) -> str:
    """Return all the words of a page."""
    parts = [*page.title, *page.subheader, *page.markdown, *page.caption, *page.text]
    parts += [*page.info, *page.warning, *page.error]
    told = [str(part.value) for part in parts]
    return "\n".join([*told, *(f"{m.label}: {m.value}" for m in page.metric)])


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


def test_the_table_of_contents_opens_at_home(full) -> None:
    page = AppTest.from_file(str(CONTENTS), default_timeout=PATIENCE_S).run()
    assert not page.exception
    assert page.title[0].value == "Home"


@pytest.mark.parametrize("name", PAGES)
def test_every_page_opens_on_a_new_library(empty, name) -> None:
    page = open_page(name)
    assert not page.exception
    assert not page.error
    assert (empty / "hairtrack-library.json").is_file()
    assert "gives no diagnosis" in read(page)


@pytest.mark.parametrize("name", PAGES)
def test_every_page_opens_on_a_measured_library(full, name) -> None:
    page = open_page(name)
    assert not page.exception
    assert not page.error
    assert "gives no diagnosis" in read(page)


def test_an_unusable_folder_is_told_in_a_sentence(tmp_path, monkeypatch) -> None:
    (tmp_path / "holiday.txt").write_text("other things")
    monkeypatch.setenv("HAIRTRACK_LIBRARY", str(tmp_path))
    page = open_page("progress")
    assert not page.exception
    assert "other files" in page.error[0].value


def find_direction(folder: Path) -> str:
    """Return which way the measured course went, in the app's words."""
    with Library.open(folder) as library:
        first, last = progress(library)
    way = "Less" if last.visible_scalp < first.visible_scalp else "More"
    return f"{way} scalp shows"


def test_progress_tells_first_latest_and_direction(full) -> None:
    told = read(open_page("progress"))
    assert "First visit: 3 March 2025" in told
    assert "Latest visit: 2 June 2025" in told
    assert "Not enough data for a verdict yet." in told
    assert "three photographs of this view" in told


def test_progress_changes_with_the_part_of_the_head(full) -> None:
    page = open_page("progress")
    zones = page.selectbox[0].options
    assert "Crown" in zones
    assert not any("grid" in zone.lower() for zone in zones)
    before = [metric.value for metric in page.metric]
    page.selectbox[0].select("crown").run()
    assert not page.exception
    assert [metric.value for metric in page.metric] != before


def test_progress_offers_to_measure_what_waits(tmp_path, monkeypatch, course) -> None:
    with Library.create(tmp_path / "waiting") as library:
        import_photos(library, [course])
    monkeypatch.setenv("HAIRTRACK_LIBRARY", str(tmp_path / "waiting"))
    page = open_page("progress")
    assert "3 photographs wait" in read(page)
    page.button[0].click().run()
    assert not page.exception
    assert "First visit: 3 March 2025" in read(page)


def test_photographs_of_several_subjects_stay_apart(full, draw_photo) -> None:
    data, _ = draw_photo(21, taken_at=dt.datetime(2025, 4, 1, 9))
    with Library.open(full) as library:
        import_photo(library, data, filing=Filing(subject="someone else"))
    page = open_page("progress")
    page.button[0].click().run()
    told = read(page)
    assert "First visit: 3 March 2025" in told
    assert "1 April 2025" not in told
    page.selectbox[0].select("someone else").run()
    assert not page.exception
    told = read(page)
    assert "First visit: 1 April 2025" in told
    assert "3 March 2025" not in told
    assert "someone else" in open_page("photographs").selectbox[0].options
