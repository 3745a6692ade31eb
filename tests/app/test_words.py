"""Plain words: the sign in words, never bare; text of people never as markup."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hairtrack.app import words
from hairtrack.records import QualityFlag, View


@pytest.mark.parametrize(
    ("delta", "interval", "told"),
    [
        (-3.1, (-5.1, -1.1), "Less scalp shows: 3.1 points, give or take 2.0"),
        (4.0, (-3.4, 11.4), "More scalp shows: 4.0 points, give or take 7.4"),
        (0.04, (-1.0, 1.0), "As much scalp shows as before, give or take 1.0"),
        (-3.1, None, "Less scalp shows: 3.1 points"),
    ],
)
def test_a_change_is_told_by_its_sign_in_words(
    delta: float, interval: tuple[float, float] | None, told: str
) -> None:
    assert words.tell_change(delta, interval) == told


def test_the_direction_stands_alone() -> None:
    assert words.tell_direction(-3.1) == "Less scalp shows"
    assert words.tell_direction(0.0) == "As much scalp shows as before"


def test_the_caution_follows_the_interval() -> None:
    assert "may be no change" in words.tell_caution((-1.0, 0.5))
    assert "more than repeated photographs" in words.tell_caution((-3.0, -0.5))
    assert "three of each view" in words.tell_caution(None)


@pytest.mark.parametrize("text", [words.APPEARANCE_ONLY, *map(words.tell_caution, [None])])
def test_nothing_is_promised(text: str) -> None:
    assert not re.search(r"works|proven|regrown|healthy|improve", text, re.IGNORECASE)


def test_every_view_and_doubt_has_words() -> None:
    assert len({words.tell_view(view) for view in View}) == len(View)
    assert len({words.tell_flag(flag) for flag in QualityFlag}) == len(QualityFlag)


def test_dates_numbers_and_counts() -> None:
    assert words.tell_day(dt.date(2025, 3, 3)) == "3 March 2025"
    assert words.tell_per_cent(0.4123) == "41.2 %"
    assert words.tell_per_cent(None) == "no value"
    assert words.tell_count(1, "visit") == "1 visit"
    assert words.tell_count(0, "visit") == "0 visits"
    assert words.tell_zone("mid_scalp") == "Mid-scalp"
    assert words.tell_zone("temple_left") == "Temple left"


@given(st.text())
def test_escaped_text_has_no_sign_that_means_anything(text: str) -> None:
    escaped = words.escape(text)
    bare = re.sub(r"&#\d+;", "", escaped)
    assert not set(bare) & set("\\`*_{}[]()<>#+-!|~:$&^=\"'@/\n\r")


@pytest.mark.parametrize(
    "text", ["<img src=x>", "![a](http://a.b/c.png)", ":material/home:", "$x$", ":red[a]"]
)
def test_markup_of_a_person_stays_text(text: str) -> None:
    escaped = words.escape(text)
    back = re.sub(r"&#(\d+);", lambda found: chr(int(found[1])), escaped)
    assert back == text
    assert "http:" not in escaped
