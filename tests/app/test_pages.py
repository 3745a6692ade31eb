"""Every page as Streamlit runs it, on a library of drawn photographs."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

import hairtrack
from hairtrack.app.frame import PAGES
from hairtrack.workflows import Library, progress

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
    assert page.title[0].value.startswith("No answer yet")


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
    page = open_page("home")
    assert not page.exception
    assert "other files" in page.error[0].value


def find_direction(folder: Path) -> str:
    """Return which way the measured course went, in the app's words."""
    with Library.open(folder) as library:
        first, last = progress(library)
    way = "Less" if last.visible_scalp < first.visible_scalp else "More"
    return f"{way} scalp shows"
