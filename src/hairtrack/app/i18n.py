"""The language of a session: gettext for texts, Babel for numbers and dates.

The texts of the code are English. Those of another language are in
``locale/<code>/LC_MESSAGES/hairtrack.po``, compiled to ``hairtrack.mo`` beside it; both
are made by ``make translations`` (see docs/app.md). `_` and `ngettext` translate texts of
the app's own code, `translate` a `Message` that came from another layer.
"""

from __future__ import annotations

import datetime as dt
import functools
import gettext
import re
import tomllib
from collections.abc import Iterator
from importlib import resources
from typing import IO, Any

import babel.dates
import streamlit as st
from babel.numbers import format_decimal, get_decimal_symbol
from streamlit.runtime.scriptrunner import get_script_run_ctx

from hairtrack.errors import HairtrackError
from hairtrack.messages import N_, Message

__all__ = [
    "ENGLISH",
    "LANGUAGES",
    "N_",
    "_",
    "current_language",
    "extract_facts",
    "format_day",
    "format_day_short",
    "format_number",
    "ngettext",
    "set_language",
    "translate",
]

ENGLISH = "en"
LANGUAGES = {ENGLISH: "English", "de": "Deutsch"}
"""Each language by its own name, as the person who needs it would look for it."""

_LOCALES = {ENGLISH: "en_GB"}
_KEY = "language"
_ISO_DATE = re.compile(r"\d{4}-\d\d-\d\d")
_DECIMAL = re.compile(r"\d+\.\d+")


def set_language(code: str) -> None:
    """Set the language of this session."""
    st.session_state[_KEY] = code if code in LANGUAGES else ENGLISH


def current_language() -> str:
    """Return the code of this session's language; English where there is no session."""
    if get_script_run_ctx(suppress_warning=True) is None:
        return ENGLISH
    return str(st.session_state.get(_KEY, ENGLISH))


def _(text: str, /, **values: object) -> str:
    """Translate a text of the app, a literal, and fill its {places}."""
    told = _catalog(current_language()).gettext(text)
    days = {k: format_day(v) for k, v in values.items() if isinstance(v, dt.date)}
    return told.format(**values | days) if values else told


def ngettext(one: str, many: str, count: int, /, **values: object) -> str:
    """Translate a text whose form depends on a count, the place ``{count}`` of both."""
    told = _catalog(current_language()).ngettext(one, many, count)
    return told.format(count=count, **values)


def translate(text: str) -> str:
    """Translate what came from another layer: a message, an enum, a stated fact.

    Any other string, such as what a person wrote, is returned as it is.
    """
    code = current_language()
    if code == ENGLISH:
        return str(text)
    if isinstance(text, Message):
        return text.render(_lookup, _write)
    return _write(text, "")


def format_number(value: float, *, digits: int = 1) -> str:
    """Write a number as it is written in this language: "31.8", "31,8"."""
    pattern = "0." + "0" * digits if digits else "0"
    return format_decimal(value, pattern, locale=current_language(), group_separator=False)


def format_day(day: dt.date) -> str:
    """Write a date in words: "3 March 2025", "3. März 2025"."""
    return babel.dates.format_date(day, "long", locale=_locale())


def format_day_short(day: dt.date, *, month_only: bool = False) -> str:
    """Write a date for a narrow place: "3 Mar 2025", "Mar 2025"."""
    skeleton = "yMMM" if month_only else "yMMMd"
    return babel.dates.format_skeleton(skeleton, day, locale=_locale())


def _locale() -> str:
    code = current_language()
    return _LOCALES.get(code, code)


@functools.cache
def _catalog(code: str) -> gettext.NullTranslations:
    """Read the texts of a language, once for each start of the app."""
    if code == ENGLISH:
        return gettext.NullTranslations()
    folder = resources.files("hairtrack.app") / "locale" / code / "LC_MESSAGES"
    with (folder / "hairtrack.mo").open("rb") as file:
        return gettext.GNUTranslations(file)


def _lookup(text: str, plural: str | None, count: int) -> str:
    catalog = _catalog(current_language())
    if plural is not None:
        return catalog.ngettext(text, plural, count)
    return catalog.gettext(text) if text else text


def _write(value: Any, spec: str) -> str:
    """Write a value that stands in a message as it is written in this language."""
    if isinstance(value, dt.datetime) and not spec:
        day = babel.dates.format_date(value, "full", locale=_locale())
        return f"{day}, {value:%H:%M}"
    if isinstance(value, dt.date) and not spec:
        return format_day(value)
    if isinstance(value, HairtrackError):
        return translate(value.message)
    if not isinstance(value, str):
        return format(value, spec).replace(".", get_decimal_symbol(current_language()))
    if _ISO_DATE.fullmatch(value):
        return format_day(dt.date.fromisoformat(value))
    if _DECIMAL.fullmatch(value):
        return value.replace(".", get_decimal_symbol(current_language()))
    return _translate_name(value.replace("_", " ") if value.islower() else value)


def _translate_name(name: str) -> str:
    """Translate a name or stated fact, whether or not it begins a sentence here."""
    found = _lookup(name, None, 1)
    if found != name or not name:
        return found
    other = name[0].swapcase() + name[1:]
    found = _lookup(other, None, 1)
    if found == other:
        return name
    return found[0].upper() + found[1:] if name[0].isupper() else found


_NAMES = (
    N_("mild"),
    N_("moderate"),
    N_("severe"),
    N_("planned"),
    N_("done"),
    N_("skipped"),
    N_("haircut"),
    N_("dye"),
    N_("other"),
    N_("mesotherapy chemical"),
    N_("mesotherapy mechanical"),
    N_("mesotherapy electroporation"),
    N_("prp"),
    N_("microneedling"),
    N_("minoxidil"),
    N_("finasteride"),
    N_("dutasteride"),
    N_("laser"),
    N_("transplant"),
    N_("before treatment"),
    N_("during the course"),
    N_("after the course"),
    N_("after stopping"),
    N_("vertex"),
    N_("Scalp"),
    N_("Crown"),
    N_("Mid scalp"),
    N_("Rim"),
    N_("midline"),
    N_("Part"),
    N_("Part front"),
    N_("Part back"),
    N_("Part middle"),
    N_("frontal"),
    N_("Temple left"),
    N_("Temple right"),
    N_("Hairline"),
    N_("Mid"),
    N_("temporal left"),
    N_("Temple"),
    N_("Back"),
    N_("Side"),
    N_("temporal right"),
    N_("occipital"),
    N_("Upper"),
    N_("Lower"),
    N_("Left"),
    N_("Right"),
    N_("Centre"),
)
"""Values of enums and names of zones, which stand nowhere else as they are shown."""


def extract_facts(
    file: IO[bytes], keywords: object, comment_tags: object, options: object
) -> Iterator[tuple[int, None, str, list[str]]]:
    """Yield the texts of ``facts.toml`` for ``pybabel extract``; studies stay English."""
    shown = ("title", "says", "asks", "case", "note", "week", "treatment", "unit", "kind")
    for group, entries in tomllib.load(file).items():
        for row in entries.values() if isinstance(entries, dict) else entries:
            if not isinstance(row, dict):
                continue
            texts = [row.get(key) for key in shown]
            for key in ("every", "maintenance_every"):
                texts += row.get(key, []) if isinstance(row.get(key), list) else []
            if group == "sources" and row.get("kind") != "own":
                texts = [row.get("kind")]
            for text in texts:
                if isinstance(text, str) and re.search("[A-Za-z]{2}", text):
                    yield 1, None, text, []
