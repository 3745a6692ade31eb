"""Results kept for a session, so that a page does not compute them again at every click.

Streamlit's own caches record the widgets that a cached function touches and replay them
later, which fails for a progress bar of the page (`CacheReplayClosureError`). They also
hash or copy what they hold. Here a result lies in the session's state under a key that
the caller chooses; nothing is recorded, and another session never sees it.
"""

from __future__ import annotations

import datetime as dt
from collections import OrderedDict, defaultdict
from collections.abc import Callable, Hashable
from typing import TypeVar, cast
from weakref import WeakSet

import streamlit as st

from hairtrack.workflows import Library

__all__ = ["cached", "cached_query", "clear"]

Found = TypeVar("Found")

_STATE = "hairtrack_cache"


class _SessionCache:
    """The results of one session, by kind."""

    def __init__(self) -> None:
        self.kinds: defaultdict[str, OrderedDict[Hashable, object]]
        self.kinds = defaultdict(OrderedDict)
        _SESSIONS.add(self)


_SESSIONS: WeakSet[_SessionCache] = WeakSet()


def cached(
    make: Callable[[], Found], name: str, *key: Hashable, max_entries: int = 60
) -> Found:
    """Return ``make()``, made once a session for each key.

    Parameters
    ----------
    make : callable
        Makes the result. It may use widgets, a progress bar for instance.
    name : str
        Kind of the result; each kind has entries of its own.
    *key : hashable
        Everything that the result depends on.
    max_entries : int
        As many results of this kind are kept; the one used longest ago goes first.
    """
    if _STATE not in st.session_state:
        st.session_state[_STATE] = _SessionCache()
    entries = st.session_state[_STATE].kinds[name]
    if key not in entries:
        entries[key] = make()
    entries.move_to_end(key)
    while len(entries) > max_entries:
        entries.popitem(last=False)
    return cast(Found, entries[key])


def cached_query(
    query: Callable[..., Found], library: Library, /, *, now: object = None, **given: object
) -> Found:
    """Return ``query(library, **given)`` for the library as it is now.

    It is asked again when the library has changed, and on another day.

    Parameters
    ----------
    query : callable
        Of the workflows; reads only, and returns records that nobody changes.
    library : Library
        Open library.
    now : datetime.datetime, optional
        Also given to `query`, but asked again only once a minute.
    **given
        Its other arguments.
    """
    arguments = given if now is None else {**given, "now": now}
    minute = f"{now:%Y-%m-%d %H:%M}" if isinstance(now, dt.datetime) else ""
    return cached(
        lambda: query(library, **arguments),
        "queries",
        f"{query.__module__}.{query.__qualname__}",
        str(library.folder),
        library.catalog.state(),
        dt.date.today(),
        minute,
        tuple(sorted((name, repr(value)) for name, value in given.items())),
        max_entries=24,
    )


def clear() -> None:
    """Forget the results of all sessions, after an erasure for instance."""
    for session in list(_SESSIONS):
        session.kinds.clear()
