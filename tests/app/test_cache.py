"""What a page asks of the library is asked once, until something changes."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from hairtrack.app import cache

SCRIPT = """
import datetime as dt
import streamlit as st
from hairtrack.app.cache import cached_query
from hairtrack.workflows import Library, default_folder

def count(library, *, subject, now=None):
    st.session_state["asked"] = st.session_state.get("asked", 0) + 1
    return len(library.catalog.photos(subject=subject))

with Library.open(default_folder()) as library:
    subject = library.catalog.subjects()[0]
    st.text(cached_query(count, library, subject=subject))
    st.text(cached_query(count, library, subject="nobody"))
    for second in (0, 5):
        now = dt.datetime(2025, 1, 1, 9, 0, second)
        st.text(cached_query(count, library, subject=subject, now=now))
    st.text(st.session_state["asked"])
"""


@pytest.fixture
def library(tmp_path, monkeypatch, measured):
    from hairtrack.workflows import Library

    shutil.copytree(measured, tmp_path / "library")
    monkeypatch.setenv("HAIRTRACK_LIBRARY", str(tmp_path / "library"))
    with Library.open(tmp_path / "library") as opened:
        yield opened


def test_each_question_is_asked_once_for_each_state(library) -> None:
    from hairtrack.workflows.editing import delete_photo

    page = AppTest.from_string(SCRIPT, default_timeout=60).run()
    assert [one.value for one in page.text] == ["3", "0", "3", "3", "3"]
    page.run()
    assert page.text[4].value == "3"
    delete_photo(library, library.catalog.photos()[0].digest)
    page.run()
    assert [one.value for one in page.text] == ["2", "0", "2", "2", "6"]


BAR = """
import streamlit as st
from hairtrack.app import cache

def make():
    bar.progress(0.5)
    return "made"

bar = st.empty()
for number in (1, 1, 2, 3, 1):
    st.text(cache.cached(make, "things", number, max_entries=2))
if st.button("Forget"):
    cache.clear()
"""


def test_what_is_cached_may_show_its_progress() -> None:
    page = AppTest.from_string(BAR).run()
    for _ in range(2):
        page.button[0].click().run()
        assert not page.exception
        assert [one.value for one in page.text] == ["made"] * 5


def test_no_cache_of_streamlit_is_used() -> None:
    """They replay the widgets that a cached function touched, which breaks the page."""
    folder = Path(cache.__file__).parent
    for path in folder.rglob("*.py"):
        assert "st.cache_" not in path.read_text(encoding="utf-8"), path.name
