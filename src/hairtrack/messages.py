"""Sentences for people, kept apart from their language.

A layer below the app returns a `Message` or raises an error, which takes the same
arguments and holds one. It is the English sentence and also keeps its text with named
places and their values, so that the app can translate it. Put messages into messages (or
use `join`): an f-string around one gives a plain string, which stays English.

``pybabel extract`` finds the texts: the first argument of `Message` or an error and the
first two of `plural_message` must be literals. `N_` marks one that stands elsewhere.
"""

from __future__ import annotations

import datetime as dt
import enum
import string
from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple

__all__ = [
    "N_",
    "Message",
    "capitalized",
    "join",
    "number",
    "plural_message",
]


def N_(text: str) -> str:  # noqa: N802 - the usual name of this mark
    """Mark a literal for translation where it becomes a message only later."""
    return text


class Message(str):
    """An English sentence that keeps its text with named places, and their values.

    Parameters
    ----------
    msgid : str
        The text with places in the syntax of `str.format`, such as ``{day}`` or
        ``{points:.1f}``.
    **values
        One value for each place: `str`, `int`, `float`, `datetime.date`,
        `datetime.datetime`, a `StrEnum` (written with spaces) or another message.

    Attributes
    ----------
    msgid, plural : str, str or None
        The text, and its form for every count but one.
    values : dict
        What stands in the places.

    Examples
    --------
    >>> print(Message("{points:.1f} points less", points=3.14))
    3.1 points less
    >>> import datetime as dt
    >>> print(Message("since {day}", day=dt.date(2025, 3, 3)))
    since 3 March 2025
    """

    msgid: str
    plural: str | None
    values: dict[str, Any]

    def __new__(cls, msgid: str, /, **values: Any) -> Message:
        """Write the English sentence and keep what it is made of."""
        return cls._make(msgid, None, values)

    @classmethod
    def _make(cls, msgid: str, plural: str | None, values: dict[str, Any]) -> Message:
        text = msgid if plural is None or values["count"] == 1 else plural
        made = super().__new__(cls, _fill(text, values, _write_english))
        made.msgid, made.plural, made.values = msgid, plural, values
        return made

    def __reduce__(self) -> tuple[Any, ...]:
        return _make, (self.msgid, self.plural, self.values)

    def render(
        self,
        translate: Callable[[str, str | None, int], str],
        write: Callable[[Any, str], str],
    ) -> str:
        """Return the sentence in another language.

        Parameters
        ----------
        translate : callable
            Takes a text, its plural or `None`, and the count; returns the text in that
            language, its places unfilled.
        write : callable
            Takes a value and its format; returns it as that language writes it.
        """

        def write_any(value: Any, spec: str) -> str:
            if isinstance(value, Message):
                return value.render(translate, write)
            if isinstance(value, enum.Enum):
                return translate(str(value.value).replace("_", " "), None, 1)
            return write(value, spec)

        count = self.values.get("count", 1)
        return _fill(translate(self.msgid, self.plural, count), self.values, write_any)

    def dump(self) -> dict[str, Any]:
        """Return the message as plain values that JSON can hold; see `load`."""
        plain: dict[str, Any] = {"msgid": self.msgid}
        if self.plural is not None:
            plain["plural"] = self.plural
        if self.values:
            plain["values"] = {name: _dump(value) for name, value in self.values.items()}
        return plain

    @staticmethod
    def load(plain: Mapping[str, Any]) -> Message:
        """Return the message that `dump` wrote."""
        values = {name: _load(value) for name, value in plain.get("values", {}).items()}
        return _make(plain["msgid"], plain.get("plural"), values)


def plural_message(singular: str, plural: str, /, *, count: int, **values: Any) -> Message:
    """Return a message whose form depends on `count`, a place of both texts.

    Examples
    --------
    >>> str(plural_message("{count} visit", "{count} visits", count=2))
    '2 visits'
    """
    return _make(singular, plural, {"count": count, **values})


def join(parts: Iterable[Any], separator: str) -> Message:
    """Put messages together in one.

    Examples
    --------
    >>> str(join([Message("the light differs"), Message("hair is wet")], "; "))
    'the light differs; hair is wet'
    """
    values = {f"part{number}": part for number, part in enumerate(parts, start=1)}
    return Message(separator.join(f"{{{name}}}" for name in values), **values)


def number(value: float, spec: str) -> Message:
    """Write a number in a format, such as ``.1f``, for a place of another message."""
    return Message(f"{{value:{spec}}}", value=value)


def capitalized(text: str) -> Message:
    """Return a sentence that begins with a capital.

    Examples
    --------
    >>> print(capitalized(Message("less scalp shows")))
    Less scalp shows
    """
    return Message("{text!c}", text=text)


class _Formatter(string.Formatter):
    """Fill the places of a text by a function of the value and its format."""

    def __init__(self, write: Callable[[Any, str], str]) -> None:
        self._write = write

    def format_field(self, value: Any, format_spec: str) -> str:
        if isinstance(value, _Capitalized):
            told = self._write(value.text, format_spec)
            return told[:1].upper() + told[1:]
        return self._write(value, format_spec)

    def convert_field(self, value: Any, conversion: str | None) -> Any:
        if conversion == "c":
            return _Capitalized(value)
        return super().convert_field(value, conversion)


class _Capitalized(NamedTuple):
    """A text whose first letter becomes a capital."""

    text: str


def _fill(text: str, values: Mapping[str, Any], write: Callable[[Any, str], str]) -> str:
    return _Formatter(write).vformat(text, (), values) if values else text


def _make(msgid: str, plural: str | None, values: dict[str, Any]) -> Message:
    return Message._make(msgid, plural, values)


def _write_english(value: Any, spec: str) -> str:
    if isinstance(value, enum.Enum):
        return str(value.value).replace("_", " ")
    if isinstance(value, dt.datetime) and not spec:
        return f"{value:%A} {value.day} {value:%B %Y, %H:%M}"
    if isinstance(value, dt.date) and not spec:
        return f"{value.day} {value:%B %Y}"
    return format(value, spec)


def _dump(value: Any) -> Any:
    if isinstance(value, Message):
        return value.dump()
    if isinstance(value, enum.Enum):
        return {"msgid": str(value.value).replace("_", " ")}
    if isinstance(value, dt.date):
        return {"date": value.isoformat()}
    if value is None or isinstance(value, str | int | float):
        return value
    return str(value)


def _load(value: Any) -> Any:
    if not isinstance(value, Mapping):
        return value
    if "date" in value:
        kind = dt.datetime if "T" in value["date"] else dt.date
        return kind.fromisoformat(value["date"])
    return Message.load(value)
