"""Progress bars that come when something takes long, and go when it is done."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import streamlit as st

__all__ = ["late_bar"]

_PATIENCE_S = 0.4


@contextmanager
def late_bar(tell: Callable[[int, int], str]) -> Iterator[Callable[[int, int], None]]:
    """Give a function that reports (finished, all); a bar appears only after a moment.

    Parameters
    ----------
    tell : callable
        Says (finished, all) in words.
    """
    place = st.empty()
    began = time.monotonic()

    def report(done: int, of: int) -> None:
        if time.monotonic() - began > _PATIENCE_S:
            place.progress(min(1.0, done / max(1, of)), text=tell(done, of))

    try:
        yield report
    finally:
        place.empty()
