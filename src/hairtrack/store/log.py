"""The change log: who was filed where, and when that changed, without names or pictures.

Every entry holds the digest of the one before it, so that none can be altered
or taken out without a trace. A subject appears as a keyed digest (HMAC-SHA256)
whose key lies in the subject's own row: when that row is erased, nobody can
tell any more whose entries they were. Names, notes and pictures never enter.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
import json
import secrets
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import sqlalchemy as sa

from hairtrack.store import schema

ADDED = ("photo added", "photo assigned here")
REMOVED = ("photo purged", "photo assigned elsewhere")
"""Actions after which a photograph is, or is no longer, one of the subject's."""


def now() -> str:
    """Return the time as the catalogue writes it."""
    return dt.datetime.now(dt.UTC).isoformat(timespec="seconds")


def new_key() -> str:
    """Return a key for the entries of one subject, at random."""
    return secrets.token_hex(32)


def tag(key: str, text: str) -> str:
    """Return what stands in the log for `text`; without the key nothing leads back."""
    return hmac.new(bytes.fromhex(key), text.encode(), hashlib.sha256).hexdigest()


def append(
    connection: sa.Connection, action: str, *, key: str, photo: str = "", **detail: Any
) -> None:
    """Chain one entry to the log; the caller holds the write lock.

    Parameters
    ----------
    connection : sa.Connection
        In a writing transaction.
    action : str
        What happened.
    key : str
        Of the subject whom it concerns.
    photo : str
        Digest of the photograph that it concerns, if one.
    **detail
        Plain values; never free text of a person.
    """
    table = schema.changes
    last = connection.execute(sa.select(sa.func.max(table.c.id))).scalar()
    entry = {
        "id": 1 if last is None else int(last) + 1,
        "at": now(),
        "action": action,
        "subject": tag(key, "subject"),
        "photo": tag(key, photo) if photo else "",
        "detail": detail,
        "previous": connection.execute(sa.select(schema.library.c.log_head)).scalar_one(),
    }
    entry["digest"] = digest(entry)
    connection.execute(table.insert().values(entry))
    connection.execute(schema.library.update().values(log_head=entry["digest"]))


def digest(entry: Mapping[Any, Any]) -> str:
    """Return the digest of an entry: SHA-256 over all of it, the one before included."""
    plain = {name: value for name, value in entry.items() if name != "digest"}
    text = json.dumps(plain, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode("ascii")).hexdigest()


def break_points(entries: Iterable[Mapping[Any, Any]], *, head: str) -> Iterator[str]:
    """Yield a sentence for each place where the chain does not hold.

    Parameters
    ----------
    entries : iterable of mapping
        All entries in order.
    head : str
        Digest of the last entry, as the library remembers it.
    """
    number, previous = 0, ""
    for entry in entries:
        number += 1
        if entry["id"] != number:
            yield f"Before entry {entry['id']} of the change log entries are missing."
            number = entry["id"]
        elif entry["previous"] != previous:
            yield f"Entry {number} of the change log does not follow the one before it."
        if entry["digest"] != digest(entry):
            yield f"Entry {number} of the change log was altered."
        previous = entry["digest"]
    if previous != head:
        yield "The change log does not end where the library remembers its end."
