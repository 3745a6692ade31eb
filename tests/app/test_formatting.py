"""Names, counts, changes and lengths as a page shows them; markup of people stays text."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hairtrack.app import formatting, i18n
from hairtrack.app.formatting import current_units, format_length
from hairtrack.records import QualityFlag, View
from hairtrack.workflows.library import Preferences, Units, save_preferences


@pytest.mark.parametrize("text", [formatting.APPEARANCE_ONLY])
def test_nothing_is_promised(text: str) -> None:
    assert not re.search(r"works|proven|regrown|healthy|improve", text, re.IGNORECASE)


def test_every_view_and_doubt_has_words() -> None:
    assert len({formatting.format_view(view) for view in View}) == len(View)
    assert len({formatting.format_flag(flag) for flag in QualityFlag}) == len(QualityFlag)


def test_dates_numbers_and_counts() -> None:
    assert i18n.format_day(dt.date(2025, 3, 3)) == "3 March 2025"
    assert formatting.format_percent(0.4123) == "41.2 %"
    assert formatting.format_percent(None) == "no value"
    assert i18n.ngettext("{count} visit", "{count} visits", 1) == "1 visit"
    assert i18n.ngettext("{count} visit", "{count} visits", 0) == "0 visits"
    assert formatting.format_zone("mid_scalp") == "Mid-scalp"
    assert formatting.format_zone("temple_left") == "Temple left"


@given(st.text())
def test_escaped_text_has_no_sign_that_means_anything(text: str) -> None:
    escaped = formatting.escape(text)
    bare = re.sub(r"&#\d+;", "", escaped)
    assert not set(bare) & set("\\`*_{}[]()<>#+-!|~:$&^=\"'@/\n\r")


@pytest.mark.parametrize(
    "text", ["<img src=x>", "![a](http://a.b/c.png)", ":material/home:", "$x$", ":red[a]"]
)
def test_markup_of_a_person_stays_text(text: str) -> None:
    escaped = formatting.escape(text)
    back = re.sub(r"&#(\d+);", lambda found: chr(int(found[1])), escaped)
    assert back == text
    assert "http:" not in escaped


@pytest.mark.parametrize(
    ("delta", "told"),
    [
        (-3.14, "Less scalp shows: 3.1 points ± 2.0"),
        (3.14, "More scalp shows: 3.1 points ± 2.0"),
        (0.01, "As much scalp shows as before ± 2.0"),
    ],
)
def test_a_change_has_its_sign_in_words(delta, told) -> None:
    assert formatting.format_change(delta, (delta - 2, delta + 2)) == told


@pytest.mark.parametrize(
    ("mm", "metric", "imperial"),
    [
        (0, "0 mm", "0.0 in"),
        (35, "35 mm", "1.4 in"),
        (99, "99 mm", "3.9 in"),
        (100, "10 cm", "3.9 in"),
        (600, "60 cm", "24 in"),
    ],
)
def test_a_length_is_told_in_the_persons_units(mm, metric, imperial) -> None:
    assert format_length(mm, units=Units.METRIC) == metric
    assert format_length(mm, units=Units.IMPERIAL) == imperial


def test_without_units_those_of_the_preferences_hold(tmp_path, monkeypatch) -> None:
    monkeypatch.setenv("HAIRTRACK_LIBRARY", str(tmp_path))
    assert format_length(600) == "60 cm"
    save_preferences(tmp_path, Preferences(units=Units.IMPERIAL))
    assert current_units() is Units.IMPERIAL
    assert format_length(600) == "24 in"
