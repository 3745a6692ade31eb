"""Sentences for people, kept apart from their language.

A layer below the app never returns a finished sentence. It returns a `Message`: the
English text with named places, and the values that fill them. ``str(message)`` is the
English sentence, for the command line, logs and tests. The app translates the text with
gettext and writes the values in the person's language.

An error holds a message instead of a string::

    raise PhotoTooSmall(
        Message("The photograph has only {width} x {height} pixels.",
                width=width, height=height)
    )

A verdict, or advice about quality, is a message too. Numbers carry their format in the
text, dates stay dates, and a message may stand inside another::

    interval = Message("between {low} and {high}", low=side(low), high=side(high))
    Message("No change larger than {margin:g} points ({interval})",
            margin=margin_pp, interval=interval)

Where a count decides the form, use `plural_message`; several sentences or reasons are
put together by `join`::

    plural_message("{count} photograph", "{count} photographs", count=3)
    join(reasons, "; ")

``pybabel extract`` finds the texts: the first argument of `Message` and the first two of
`plural_message` must be literals, never f-strings. `N_` marks a literal that stands
elsewhere, such as in a table: ``Message(TEXTS[kind])``.
"""

from __future__ import annotations

import datetime as dt
import enum
import string
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

__all__ = ["N_", "Message", "join", "plural_message"]


def N_(text: str) -> str:  # noqa: N802 - the usual name of this mark
    """Mark a literal for translation where it becomes a message only later."""
    return text


@dataclass(frozen=True, slots=True, init=False)
class Message:
    """An English text with named places, and the values that fill them.

    Parameters
    ----------
    msgid : str
        The text with places in the syntax of `str.format`, such as ``{day}`` or
        ``{points:.1f}``.
    **values
        One value for each place: `str`, `int`, `float`, `datetime.date`, a `StrEnum`
        (written with spaces, and translated) or another message.

    Examples
    --------
    >>> str(Message("{points:.1f} points less", points=3.14))
    '3.1 points less'
    >>> import datetime as dt
    >>> str(Message("since {day}", day=dt.date(2025, 3, 3)))
    'since 3 March 2025'
    """

    msgid: str
    plural: str | None
    """The text for every count but one."""
    values: Mapping[str, Any] = field(hash=False)

    def __init__(self, msgid: str, /, **values: Any) -> None:
        object.__setattr__(self, "msgid", msgid)
        object.__setattr__(self, "plural", None)
        object.__setattr__(self, "values", values)

    def __str__(self) -> str:
        return self.format(_english, _write_english)

    def format(
        self,
        translate: Callable[[Message], str],
        write: Callable[[Any, str], str],
    ) -> str:
        """Return the sentence in a language.

        Parameters
        ----------
        translate : callable
            Takes a message, returns its text in that language, places unfilled.
        write : callable
            Takes a value and its format, returns it as that language writes it.
        """
        text = translate(self)
        if not self.values:
            return text

        def fill(value: Any, spec: str) -> str:
            if isinstance(value, Message):
                return value.format(translate, write)
            if isinstance(value, enum.Enum):
                return translate(Message(str(value.value).replace("_", " ")))
            return write(value, spec)

        return _Filler(fill).vformat(text, (), self.values)

    def dump(self) -> dict[str, Any]:
        """Return the message as plain values that JSON can hold; see `load`."""
        values = {name: _dump(value) for name, value in self.values.items()}
        plain: dict[str, Any] = {"msgid": self.msgid}
        if self.plural is not None:
            plain["plural"] = self.plural
        if values:
            plain["values"] = values
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


def join(parts: Iterable[Message | str], separator: str) -> Message:
    """Put messages together in one.

    Examples
    --------
    >>> str(join([Message("the light differs"), Message("hair is wet")], "; "))
    'the light differs; hair is wet'
    """
    values = {f"part{number}": part for number, part in enumerate(parts, start=1)}
    return Message(separator.join(f"{{{name}}}" for name in values), **values)


def _make(msgid: str, plural: str | None, values: dict[str, Any]) -> Message:
    made = Message(msgid, **values)
    object.__setattr__(made, "plural", plural)
    return made


class _Filler(string.Formatter):
    """Fill the places of a text by a function of the value and its format."""

    def __init__(self, fill: Callable[[Any, str], str]) -> None:
        self._fill = fill

    def format_field(self, value: Any, format_spec: str) -> str:
        return self._fill(value, format_spec)


def _english(message: Message) -> str:
    if message.plural is not None and message.values["count"] != 1:
        return message.plural
    return message.msgid


def _write_english(value: Any, spec: str) -> str:
    if isinstance(value, dt.date) and not spec:
        return f"{value.day} {value:%B %Y}"
    return format(value, spec)


def _dump(value: Any) -> Any:
    if isinstance(value, Message):
        return value.dump()
    if isinstance(value, enum.Enum):
        return {"msgid": str(value.value).replace("_", " ")}
    if isinstance(value, dt.date):
        return {"date": value.isoformat()[:10]}
    return value


def _load(value: Any) -> Any:
    if not isinstance(value, Mapping):
        return value
    if "date" in value:
        return dt.date.fromisoformat(value["date"])
    return Message.load(value)
