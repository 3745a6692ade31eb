"""Every page as Streamlit runs it, on a library of drawn photographs."""

from __future__ import annotations

from pathlib import Path

import pytest
from pages import PATIENCE_S, Page
from streamlit.testing.v1 import AppTest

import hairtrack
from hairtrack.app.frame import PAGES

CONTENTS = Path(hairtrack.__file__).parent / "app" / "navigation.py"


def test_the_table_of_contents_opens_at_home(full) -> None:
    page = AppTest.from_file(str(CONTENTS), default_timeout=PATIENCE_S).run()
    assert not page.exception
    assert page.title[0].value.startswith("No answer yet")


@pytest.mark.parametrize("library", ["empty", "full"])
@pytest.mark.parametrize("name", PAGES)
def test_every_page_opens(request, name, library) -> None:
    folder = request.getfixturevalue(library)
    page = Page(name)
    assert not page.app.error
    assert (folder / "hairtrack-library.json").is_file()
    assert "gives no diagnosis" in page.told()


def test_an_unusable_folder_is_told_in_a_sentence(tmp_path, monkeypatch) -> None:
    (tmp_path / "holiday.txt").write_text("other things")
    monkeypatch.setenv("HAIRTRACK_LIBRARY", str(tmp_path))
    assert "other files" in Page("home").app.error[0].value
