"""Messages: English sentences, their values, and how they are kept."""

import datetime as dt
import json
import pickle

import pytest

from hairtrack.errors import LibraryError, PhotoError
from hairtrack.messages import (
    Message,
    capitalized,
    join,
    number,
    plural_message,
)
from hairtrack.records import View

SENTENCES = [
    (Message("Not a photograph."), "Not a photograph."),
    (Message("Places like {x} stay where nothing fills them."), None),
    (Message("{points:.1f} points", points=3.14), "3.1 points"),
    (Message("{name!r} is no view", name="top"), "'top' is no view"),
    (Message("since {day}", day=dt.date(2025, 3, 3)), "since 3 March 2025"),
    (Message("the {view} view", view=View.TEMPORAL_LEFT), "the temporal left view"),
    (plural_message("{count} visit", "{count} visits", count=1), "1 visit"),
    (plural_message("{count} visit", "{count} visits", count=0), "0 visits"),
    (Message("{what}: {why}", what=Message("No"), why="{odd}"), "No: {odd}"),
    (join([Message("a {n}", n=1), "b"], "; "), "a 1; b"),
    (join([], "; "), ""),
    (capitalized(Message("less")), "Less"),
    (number(2.04, ".1f"), "2.0"),
    (
        Message("{at}", at=dt.datetime(2025, 3, 3, 10, tzinfo=dt.UTC)),
        "Monday 3 March 2025, 10:00",
    ),
]


@pytest.mark.parametrize(("message", "english"), SENTENCES)
def test_a_message_is_an_english_sentence_that_travels(message, english) -> None:
    assert str(message) == (message.msgid if english is None else english)
    kept = Message.load(json.loads(json.dumps(message.dump())))
    assert str(kept) == str(message)
    assert kept == Message.load(kept.dump())
    assert pickle.loads(pickle.dumps(message)) == message
    assert hash(message) == hash(message)


def test_a_language_translates_texts_and_writes_values() -> None:
    german = {
        "{count} photographs": "{count} Fotos",
        "{points:.1f} points": "{points:.1f} P.",
    }
    message = join(
        [
            plural_message("{count} photograph", "{count} photographs", count=2),
            Message("{points:.1f} points", points=3.14),
        ],
        ", ",
    )
    told = message.render(
        lambda text, plural, count: german.get(plural or text, text),
        lambda value, spec: format(value, spec).replace(".", ","),
    )
    assert told == "2 Fotos, 3,1 P."


def test_an_error_holds_its_message() -> None:
    message = Message("{name} is damaged.", name="a.jpg")
    error = PhotoError(message)
    assert error.message == message
    assert str(error) == "a.jpg is damaged."
    again = pickle.loads(pickle.dumps(error))
    assert (type(again), again.message) == (PhotoError, message)
    assert str(LibraryError("the disk says {no}").message) == "the disk says {no}"
