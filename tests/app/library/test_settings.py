"""The page Settings: what a person prefers, and where it takes effect."""

from __future__ import annotations

import pytest

import hairtrack
from hairtrack.app import i18n
from hairtrack.workflows.library import (
    Preferences,
    Units,
    read_preferences,
    save_preferences,
)


def show(open_page, section: str):
    """Open a section of the settings."""
    page = open_page("settings")
    page.app.radio(key="settings_section").set_value(section)
    page.run()
    return page


BAD = "<img src=x onerror=alert(1)>"


@pytest.mark.parametrize("section", ["general", "method"])
def test_the_folder_is_told_on_a_new_library(empty, open_page, section) -> None:
    told = show(open_page, section).told()
    assert str(empty) in told
    assert "gives no diagnosis" in told


def test_the_place_and_the_versions_are_told(full, open_page) -> None:
    told = open_page("settings").told()
    assert str(full) in told
    assert f"hairtrack {hairtrack.__version__}; method hairtrack" in told


@pytest.mark.parametrize("code", i18n.LANGUAGES)
def test_the_language_is_kept_and_spoken(full, open_page, code) -> None:
    page = open_page("settings")
    page.app.selectbox(key="settings_language").select(code)
    page.run()
    assert read_preferences(full).language == code
    assert page.app.session_state["language"] == code


def test_the_browser_can_have_its_say_again(full, open_page) -> None:
    save_preferences(full, Preferences(language="en"))
    page = open_page("settings")
    page.app.selectbox(key="settings_language").select("")
    page.run()
    assert read_preferences(full).language == ""


def guide(page) -> str:
    (shown,) = (h.proto.body for h in page.app.get("html") if "<div" in h.proto.body)
    return shown


def test_units_are_kept_and_seen_in_the_guide(full, open_page) -> None:
    assert "60 cm" in guide(show(open_page, "guide"))
    page = open_page("settings")
    page.app.radio(key="settings_units").set_value(Units.IMPERIAL)
    page.run()
    assert read_preferences(full).units is Units.IMPERIAL
    shown = guide(show(open_page, "guide"))
    assert "24 in" in shown
    assert "60 cm" not in shown


def test_a_remembered_folder_is_forgotten_and_no_other(full, open_page) -> None:
    folders = {"me": "/photos/<b>", BAD: "/photos/other"}
    save_preferences(full, Preferences(folders=folders, units=Units.IMPERIAL))
    page = open_page("settings")
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
