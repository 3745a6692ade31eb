"""A page of the app as Streamlit runs it without a browser, used by its labels."""

from __future__ import annotations

import html

from streamlit.testing.v1 import AppTest

PATIENCE_S = 300
"""Measuring on a busy machine takes a while."""


class Page:
    """A page of the app as a person uses it: by labels."""

    def __init__(self, name: str, **state: object) -> None:
        script = f"from hairtrack.app.frame import load_page\nload_page({name!r})()"
        self.app = AppTest.from_string(script, default_timeout=PATIENCE_S)
        for key, value in state.items():
            self.app.session_state[key] = value
        self.run()

    def run(self) -> Page:
        self.app.run()
        assert not [one.value for one in self.app.exception]
        return self

    def open(self, section: str, *, key: str = "settings_section") -> Page:
        self.app.radio(key=key).set_value(section)
        return self.run()

    def find(self, kind: str, label: str):
        found = [one for one in getattr(self.app, kind) if one.label == label]
        labels = [one.label for one in getattr(self.app, kind)]
        assert found, f"no {kind} {label!r} among {labels}"
        return found[0]

    def press(self, label: str) -> Page:
        """Press the first button whose label begins so."""
        next(b for b in self.app.button if b.label.startswith(label)).click()
        return self.run()

    def set(self, kind: str, label: str, value: object) -> Page:
        self.find(kind, label).set_value(value)
        return self.run()

    def upload(self, *given: tuple[str, bytes]) -> Page:
        files = [(name, data, "image/jpeg") for name, data in given]
        self.app.file_uploader[0].set_value(files)
        return self.run()

    def labels(self) -> list[str]:
        return [one.label for one in self.app.button]

    def told(self) -> str:
        """Return all the words of the page, as a person reads them."""
        app = self.app
        parts = [*app.title, *app.subheader, *app.markdown, *app.caption, *app.text]
        parts += [*app.info, *app.warning, *app.error, *app.success]
        told = [str(part.value) for part in parts]
        for table in app.table:
            told += [str(cell) for row in table.value.to_numpy() for cell in row]
        return html.unescape("\n".join(told))

    def markup(self) -> list[str]:
        """Return what is read as Markdown."""
        app = self.app
        boxes = [*app.success, *app.error, *app.info, *app.warning]
        return [str(part.value) for part in (*app.markdown, *app.caption, *boxes)]
