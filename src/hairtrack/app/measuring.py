"""Measuring what waits, with a bar; offered on every page that shows numbers."""

from __future__ import annotations

import streamlit as st

from hairtrack import batch
from hairtrack.app import words
from hairtrack.app.known import remember
from hairtrack.app.language import _
from hairtrack.workflows import Library, count_pending, run_pending

__all__ = ["measure_now", "measure_pending", "offer_measuring"]


def offer_measuring(library: Library) -> None:
    """Offer to measure what this version of the method has not measured yet."""
    pending = remember(count_pending, library)
    if not pending:
        return
    waiting = words.tell_count(pending, "photograph waits", "photographs wait")
    with st.container(border=True, horizontal=True, vertical_alignment="center"):
        st.write(
            _("{waiting} to be measured by this version of the method.", waiting=waiting)
        )
        if st.button(_("Measure now"), type="primary"):
            measure_now(library)
            st.rerun()


def measure_now(library: Library) -> None:
    """Measure everything that waits, with a bar."""
    bar = st.progress(0.0, text=_("Measuring"))

    def tell(done: int, of: int) -> None:
        bar.progress(
            done / max(1, of), text=_("Measured {done} of {all}", done=done, all=of)
        )

    measure_pending(library, on_progress=tell)


def measure_pending(library: Library, *, on_progress: batch.Progress) -> None:
    """Measure what waits, in this process: a child would start the app once more."""
    run_pending(library, executor=batch.Serial(), on_progress=on_progress)
