"""What was worked out of the library: kept for this session until something changes.

A page runs from top to bottom at every click; what it asks of the library is asked once
for each state of the library and each day.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import TypeVar, cast

import streamlit as st

from hairtrack.workflows import Library

__all__ = ["remember"]

Found = TypeVar("Found")
Key = tuple[str, object]


def remember(
    work: Callable[..., Found], library: Library, /, *, now: object = None, **given: object
) -> Found:
    """Return what `work(library, **given)` says of the library as it is now.

    Parameters
    ----------
    work : callable
        Of the workflows; reads only, and gives records that nobody changes.
    library : Library
        Open library.
    now : datetime.datetime, optional
        Also given to `work`, but asked anew only once a minute.
    **given
        Its other arguments.
    """
    arguments = given if now is None else {**given, "now": now}
    minute = f"{now:%Y-%m-%d %H:%M}" if isinstance(now, dt.datetime) else ""
    key = tuple(sorted((name, repr(value)) for name, value in given.items()))
    made = _once(
        f"{work.__module__}.{work.__qualname__}",
        str(library.folder),
        library.catalog.state(),
        (dt.date.today(), minute),
        key,
        _work=lambda: work(library, **arguments),
    )
    return cast(Found, made)


@st.cache_resource(scope="session", max_entries=24, show_spinner=False)
def _once(
    name: str,
    folder: str,
    state: str,
    when: tuple[dt.date, str],
    key: tuple[Key, ...],
    *,
    _work: Callable[[], object],
) -> object:
    return _work()
