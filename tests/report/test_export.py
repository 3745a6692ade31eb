"""Tables as CSV: what is written can be read back, and no cell becomes a formula."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hairtrack.report.export import to_csv

TEXT = st.text(st.characters(codec="utf-8", exclude_characters="\r\0"), max_size=30)


def read_back(data: bytes) -> list[dict[str, str]]:
    text = data.decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline="")))


def test_numbers_stay_numbers_and_missing_stays_empty() -> None:
    row = {"visit": "2025-03-03", "value": 41.25, "change": -3.1, "n": 3, "error": None}
    (again,) = read_back(to_csv([row], columns=list(row)))
    told = {"value": "41.25", "change": "-3.1", "n": "3", "error": ""}
    assert again == row | told
    data = to_csv([{"a": 1, "b": 2, "c": 3}], columns=["c", "a"])
    assert data == b"\xef\xbb\xbfc,a\r\n3,1\r\n"
    with pytest.raises(KeyError):
        to_csv([{"a": 1}], columns=["b"])


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "  =", "\t=", "\tx"])
def test_text_that_a_spreadsheet_would_run_is_defused(start: str) -> None:
    (again,) = read_back(to_csv([{"note": start + "1+1"}], columns=["note"]))
    assert again["note"] == "'" + start + "1+1"


@given(TEXT)
def test_any_other_text_is_read_back_as_it_was(text: str) -> None:
    (again,) = read_back(to_csv([{"note": text, "end": "x"}], columns=["note", "end"]))
    assert again["note"] in {text, "'" + text}
    assert again["note"][:1] not in set("=+-@")
