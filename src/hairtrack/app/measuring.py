"""Measuring what waits, with a bar; offered on every page that shows numbers."""

from __future__ import annotations

import streamlit as st

from hairtrack import batch
from hairtrack.app import words
from hairtrack.app.bars import bar
from hairtrack.app.cache import cached_query
from hairtrack.app.language import N_, _
from hairtrack.workflows import Library, count_pending, run_pending

__all__ = ["MEASURED", "measure_now", "measure_pending", "offer_measuring"]

MEASURED = N_("Measured {done} of {of}")
"""How far measuring is."""


def offer_measuring(library: Library) -> None:
    """Offer to measure what this version of the method has not measured yet."""
    pending = cached_query(count_pending, library)
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
    with bar(_("Measuring"), MEASURED) as tell:
        measure_pending(library, on_progress=tell)


def measure_pending(library: Library, *, on_progress: batch.Progress) -> None:
    """Measure what waits, in this process: a child would start the app once more."""
    run_pending(library, workers=1, on_progress=on_progress)
