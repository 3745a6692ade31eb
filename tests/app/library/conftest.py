"""A library of two views and two visits that a test may change, and its pages."""

from __future__ import annotations

import html
import shutil

import pytest
from streamlit.testing.v1 import AppTest

PATIENCE_S = 120


@pytest.fixture
def full(tmp_path, monkeypatch, measured):
    """Return the folder of a measured library that a test may change."""
    shutil.copytree(measured, tmp_path / "full")
    monkeypatch.setenv("HAIRTRACK_LIBRARY", str(tmp_path / "full"))
    monkeypatch.setenv("HOME", str(tmp_path))
    return tmp_path / "full"


@pytest.fixture
def empty(tmp_path, monkeypatch):
    monkeypatch.setenv("HAIRTRACK_LIBRARY", str(tmp_path / "empty"))
    monkeypatch.setenv("HOME", str(tmp_path))
    return tmp_path / "empty"


class Page:
    """A page of the app as a person uses it: by labels."""

    def __init__(self, name: str) -> None:
        script = f"from hairtrack.app.frame import load_page\nload_page({name!r})()"
        self.app = AppTest.from_string(script, default_timeout=PATIENCE_S)
        self.run()

    def run(self) -> Page:
        self.app.run()
        assert not self.app.exception
        return self

    def open(self, section: str) -> Page:
        self.app.radio(key="library_section").set_value(section)
        return self.run()

    def find(self, kind: str, label: str):
        found = [one for one in getattr(self.app, kind) if one.label == label]
        assert found, (
            f"no {kind} {label!r} among {[o.label for o in getattr(self.app, kind)]}"
        )
        return found[0]

    def press(self, label: str, *, beginning: bool = False) -> Page:
        if beginning:
            next(b for b in self.app.button if b.label.startswith(label)).click()
        else:
            self.find("button", label).click()
        return self.run()

    def labels(self) -> list[str]:
        return [one.label for one in self.app.button]

    def told(self) -> str:
        """Return all the words of the page, as a person reads them."""
        app = self.app
        parts = [*app.title, *app.subheader, *app.markdown, *app.caption, *app.text]
        parts += [*app.info, *app.warning, *app.error, *app.success]
        return html.unescape("\n".join(str(part.value) for part in parts))


@pytest.fixture
def open_page():
    """Return a function that opens a page."""
    return Page
