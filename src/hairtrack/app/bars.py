"""Progress bars: they go when what they told of is done."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import streamlit as st

from hairtrack import batch
from hairtrack.app.language import _

__all__ = ["bar", "late_bar"]

_PATIENCE_S = 0.4


@contextmanager
def bar(begun: str, told: str) -> Iterator[batch.Progress]:
    """Show a progress bar while something goes on.

    Parameters
    ----------
    begun : str
        What is said at first, in the person's language.
    told : str
        Marked text with places for {done} and {of}.
    """
    shown = st.progress(0.0, text=begun)

    def tell(done: int, of: int) -> None:
        shown.progress(min(1.0, done / max(1, of)), text=_(told, done=done, of=of))

    try:
        yield tell
    finally:
        shown.empty()


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
