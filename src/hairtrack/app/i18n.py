"""The languages of the app: every text that a person reads on a page passes through here.

English is the language of the code. Each other language is one file,
``languages/<code>.po``, that holds every text of the app. `_` translates a text that
stands in the app's own code; `say` translates a finished sentence that came from below
(a verdict, a refusal, a statement of a source), so that the layers below need to know
nothing of languages. `docs/collect_texts.py` lists what a file must hold.
"""

from __future__ import annotations

import datetime as dt
import functools
import re
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources
from typing import Any

import streamlit as st
from babel.dates import format_date, format_skeleton
from babel.messages.pofile import read_po
from babel.numbers import format_decimal
from streamlit.runtime.scriptrunner import get_script_run_ctx

__all__ = [
    "ENGLISH",
    "LANGUAGES",
    "N_",
    "_",
    "current_language",
    "format_day",
    "format_day_short",
    "format_number",
    "set_language",
    "translate",
]

ENGLISH = "en"
LANGUAGES = {ENGLISH: "English", "de": "Deutsch"}
"""Each language by its own name, as the person who needs it would look for it."""

_LOCALES = {ENGLISH: "en_GB"}
_KEY = "language"
_PLACE = re.compile(r"\{(\w+)\}")
_JOINTS = (". ", "; ", ": ", ", ", " and ", " or ")
_MONTHS = tuple(f"{dt.date(2000, month, 1):%B}" for month in range(1, 13))
_WEEKDAYS = tuple(f"{dt.date(2024, 1, day):%A}" for day in range(1, 8))
_DATE = re.compile(
    rf"\b(?P<weekday>(?:{'|'.join(_WEEKDAYS)}) )?"
    rf"(?P<day>\d{{1,2}}) (?P<month>{'|'.join(_MONTHS)}) (?P<year>\d{{4}})\b"
)
_ISO_DATE = re.compile(r"(?<![\w./-])(\d{4})-(\d\d)-(\d\d)(?![\w/-])")
_DECIMAL = re.compile(r"(?<![\w./\\-])(\d+)\.(\d+)(?![\w/\\-]|\.[\w/\\-])")
"""Numbers that stand by themselves; not those of a path, a name or a version."""


def set_language(code: str) -> None:
    """Set the language of this session."""
    st.session_state[_KEY] = code if code in LANGUAGES else ENGLISH


def current_language() -> str:
    """Return the code of this session's language; English where there is no session."""
    if get_script_run_ctx(suppress_warning=True) is None:
        return ENGLISH
    return str(st.session_state.get(_KEY, ENGLISH))


def N_(text: str) -> str:  # noqa: N802 - the usual name of this mark
    """Mark a text that is translated where it is shown."""
    return text


def _(text: str, /, **values: object) -> str:
    """Translate a text of the app, and fill its {places}.

    Parameters
    ----------
    text : str
        In English, a literal.
    **values
        What stands in its places; finished, in the person's own language.
    """
    told = _phrases(current_language()).exact.get(text, text)
    return told.format(**values) if values else told


def translate(text: str) -> str:
    """Translate a finished English text that came from another layer."""
    code = current_language()
    return text if code == ENGLISH else _say(text, code)


def format_number(value: float, *, digits: int = 1) -> str:
    """Write a number as it is written in this language: "31.8", "31,8"."""
    pattern = "0." + "0" * digits if digits else "0"
    return format_decimal(value, pattern, locale=current_language(), group_separator=False)


def format_day(day: dt.date) -> str:
    """Write a date in words: "3 March 2025", "3. März 2025"."""
    return _format_day(day, current_language())


def format_day_short(day: dt.date, *, month_only: bool = False) -> str:
    """Write a date for a narrow place: "3 Mar 2025", "Mar 2025"."""
    code = current_language()
    skeleton = "yMMM" if month_only else "yMMMd"
    return format_skeleton(skeleton, day, locale=_LOCALES.get(code, code))


def _format_day(day: dt.date, code: str, *, form: str = "long") -> str:
    return format_date(day, form, locale=_LOCALES.get(code, code))


@dataclass(frozen=True)
class _Pattern:
    """A text with places, as it is found again when they are filled."""

    regex: re.Pattern[str]
    longest: str
    """Its longest fixed part: a text without that is not looked at any further."""
    letters: int
    told: str


@dataclass(frozen=True)
class _Phrases:
    """All that one language holds.

    Texts with {named} places are the app's own: `_` fills them. Those with {0}, {1} are
    sentences from below, found again by their patterns.
    """

    exact: Mapping[str, str]
    patterns: tuple[_Pattern, ...] = ()


@functools.cache
def _phrases(code: str) -> _Phrases:
    """Read the file of a language, once for each start of the app."""
    if code == ENGLISH:
        return _Phrases({})
    file = resources.files("hairtrack.app") / "languages" / f"{code}.po"
    with file.open("rb") as opened:
        catalog = read_po(opened, locale=code)
    exact = {str(one.id): str(one.string) for one in catalog if one.id and one.string}
    patterns = [_compile(text, told) for text, told in exact.items() if "{0}" in text]
    patterns = [one for one in patterns if one.letters]
    patterns.sort(key=lambda one: -one.letters)
    return _Phrases(exact, tuple(patterns))


def _compile(text: str, told: str) -> _Pattern:
    parts = _PLACE.split(text)
    fixed, names = parts[::2], parts[1::2]
    seen: set[str] = set()
    regex = re.escape(fixed[0])
    for name, after in zip(names, fixed[1:], strict=True):
        regex += f"(?P=p_{name})" if name in seen else f"(?P<p_{name}>.*?)"
        regex += re.escape(after)
        seen.add(name)
    letters = sum(sign.isalpha() for part in fixed for sign in part)
    return _Pattern(re.compile(regex, re.DOTALL), max(fixed, key=len), letters, told)


@functools.lru_cache(maxsize=8192)
def _say(text: str, code: str) -> str:
    found = _find(text, code)
    return _localise(text, code) if found is None else found


def _find(text: str, code: str) -> str | None:
    """Return the translation of a text, of its pattern or of its parts; `None` if none."""
    if _DATE.fullmatch(text):
        return _localise(text, code)
    phrases = _phrases(code)
    turned = text[:1].swapcase() + text[1:]
    for form in (text, turned):
        if form in phrases.exact:
            return _like(text, phrases.exact[form])
    for form in (text, turned):
        for pattern in phrases.patterns:
            found = pattern.regex.fullmatch(form) if pattern.longest in form else None
            if found:
                values = {k[2:]: _say(v, code) for k, v in found.groupdict().items()}
                return _like(text, _fill(pattern.told, values))
    return _find_parts(text, code)


def _find_parts(text: str, code: str) -> str | None:
    if text.endswith(".") and ". " not in text:
        bare = _find(text[:-1], code)
        return None if bare is None else f"{bare}."
    for joint in _JOINTS:
        if joint not in text:
            continue
        sentences = joint == ". "
        parts = re.split(r"(?<=\.) ", text) if sentences else text.split(joint)
        found = [_find(part, code) for part in parts]
        if any(one is not None for one in found):
            told = [
                _localise(part, code) if one is None else one
                for part, one in zip(parts, found, strict=True)
            ]
            link = _phrases(code).exact.get(joint.strip())
            return (" " if sentences else f" {link} " if link else joint).join(told)
    return None


def _fill(template: str, values: Mapping[str, Any]) -> str:
    return _PLACE.sub(lambda place: str(values.get(place[1], place[0])), template)


def _like(text: str, told: str) -> str:
    """Begin with a capital where the English does; never take one away from a noun."""
    return told[:1].upper() + told[1:] if text[:1].isupper() else told


def _localise(text: str, code: str) -> str:
    """Write the dates and numbers of a text in the way of a language."""

    def tell(found: re.Match[str]) -> str:
        month = _MONTHS.index(found["month"]) + 1
        day = dt.date(int(found["year"]), month, int(found["day"]))
        return _format_day(day, code, form="full" if found["weekday"] else "long")

    def tell_iso(found: re.Match[str]) -> str:
        try:
            return _format_day(dt.date.fromisoformat(found[0]), code)
        except ValueError:
            return found[0]

    if "/" in text or "\\" in text:  # a path stays as it is
        return text
    dated = _ISO_DATE.sub(tell_iso, _DATE.sub(tell, text))
    point = format_decimal(0.5, format="0.0", locale=code)[1]
    return _DECIMAL.sub(rf"\1{point}\2", dated)
