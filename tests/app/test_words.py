"""Plain words: the sign in words, never bare; text of people never as markup."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hairtrack.app import formatting, i18n
from hairtrack.records import QualityFlag, View


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
    assert formatting.format_count(1, "visit") == "1 visit"
    assert formatting.format_count(0, "visit") == "0 visits"
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
