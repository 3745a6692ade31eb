"""What a page asks of the library is asked once, until something changes."""

from __future__ import annotations

import shutil

import pytest
from streamlit.testing.v1 import AppTest

SCRIPT = """
import datetime as dt
import streamlit as st
from hairtrack.app.known import remember
from hairtrack.workflows import Library, default_folder

def count(library, *, subject, now=None):
    st.session_state["asked"] = st.session_state.get("asked", 0) + 1
    return len(library.catalog.photos(subject=subject))

with Library.open(default_folder()) as library:
    subject = library.catalog.subjects()[0]
    st.text(remember(count, library, subject=subject))
    st.text(remember(count, library, subject="nobody"))
    st.text(remember(count, library, subject=subject, now=dt.datetime(2025, 1, 1, 9)))
    st.text(remember(count, library, subject=subject, now=dt.datetime(2025, 1, 1, 9, 0, 5)))
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
