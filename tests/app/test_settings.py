"""The page Settings: what a person prefers, and where it takes effect."""

from __future__ import annotations

from pathlib import Path

import pytest
from pages import Page

import hairtrack
from hairtrack.app import i18n
from hairtrack.app.method import list_accuracy
from hairtrack.workflows.library import (
    Preferences,
    Units,
    read_preferences,
    save_preferences,
)


def show(section: str) -> Page:
    return Page("settings").open(section)


BAD = "<img src=x onerror=alert(1)>"


@pytest.mark.parametrize("section", ["general", "method"])
def test_the_folder_is_told_on_a_new_library(empty, section) -> None:
    told = show(section).told()
    assert str(empty) in told
    assert "gives no diagnosis" in told


def test_the_place_and_the_versions_are_told(full) -> None:
    told = Page("settings").told()
    assert str(full) in told
    assert f"hairtrack {hairtrack.__version__}; method hairtrack" in told


def test_the_accuracy_is_that_of_the_readme(full) -> None:
    readme = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")
    rows = list_accuracy()
    assert len(rows) == readme.partition("ACCURACY TABLE: end")[0].count("\n| ") - 2
    told = show("method").told()
    for what, error in rows:
        assert f"| {what} | {error} |" in readme
        assert error.replace("%", "") in told.replace("\\", "").replace("%", "")


@pytest.mark.parametrize("code", i18n.LANGUAGES)
def test_the_language_is_kept_and_spoken(full, code) -> None:
    page = Page("settings")
    page.app.selectbox(key="settings_language").select(code)
    page.run()
    assert read_preferences(full).language == code
    assert page.app.session_state["language"] == code


def test_the_browser_can_have_its_say_again(full) -> None:
    save_preferences(full, Preferences(language="en"))
    page = Page("settings")
    page.app.selectbox(key="settings_language").select("")
    page.run()
    assert read_preferences(full).language == ""


def guide(page) -> str:
    (shown,) = (h.proto.body for h in page.app.get("html") if "<div" in h.proto.body)
    return shown


def test_units_are_kept_and_seen_in_the_guide(full) -> None:
    assert "60 cm" in guide(show("guide"))
    page = Page("settings")
    page.app.radio(key="settings_units").set_value(Units.IMPERIAL)
    page.run()
    assert read_preferences(full).units is Units.IMPERIAL
    shown = guide(show("guide"))
    assert "24 in" in shown
    assert "60 cm" not in shown


def test_a_remembered_folder_is_forgotten_and_no_other(full) -> None:
    folders = {"me": "/photos/<b>", BAD: "/photos/other"}
    save_preferences(full, Preferences(folders=folders, units=Units.IMPERIAL))
    page = Page("settings")
    assert "/photos/<b>" in [text.value for text in page.app.text]
    assert not any(
        "onerror" in str(part.value) and "<img" in str(part.value)
        for part in page.app.markdown
    )
    page.app.button(key="forget_0").click()
    page.run()
    kept = read_preferences(full)
    assert kept == Preferences(folders={"me": "/photos/<b>"}, units=Units.IMPERIAL)
    assert "is no longer watched" in page.told()
