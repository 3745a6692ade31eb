"""Correcting the outline of the scalp of one photograph, and seeing what that changes."""

from __future__ import annotations

import streamlit as st

from hairtrack.app import words
from hairtrack.app.adding.outline import edit_outline
from hairtrack.app.adding.uploads import measure_pending
from hairtrack.errors import HairtrackError
from hairtrack.records import WHOLE
from hairtrack.workflows import Library
from hairtrack.workflows.editing import draw_outline
from hairtrack.workflows.outlining import Outlined, outline_shot, try_outline
from hairtrack.workflows.showing import Shot

__all__ = ["offer"]


def offer(library: Library, shot: Shot) -> None:
    """Offer to correct the outline of a photograph."""
    digest = shot.photo.digest
    if not st.toggle("Correct the outline", key=f"correct_{digest}"):
        return
    try:
        drawn = shot.measurement.outline if shot.measurement else ""
        found = _outline_once(digest, drawn, _library=library, _shot=shot)
        if not found.found:
            st.caption("No scalp was found here: drag the points round it.")
        outline_xy = edit_outline(
            found.picture,
            found.outline_xy,
            size=found.size,
            identity=digest,
            key=f"outline_{digest}",
        )
        if outline_xy is not None:
            with st.spinner("Measuring inside this outline"):
                _tell(shot, try_outline(library, shot, outline_xy))
            st.session_state[f"drawn_{digest}"] = outline_xy
        if f"drawn_{digest}" in st.session_state:
            _offer_to_keep(library, digest)
    except HairtrackError as error:
        st.warning(words.escape(str(error)), icon=":material/info:")


def _offer_to_keep(library: Library, digest: str) -> None:
    """Keep the outline and measure again all that it changes."""
    if not st.button("Keep it and measure again", key=f"keep_{digest}"):
        return
    draw_outline(library, digest, polygon_xy=st.session_state.pop(f"drawn_{digest}"))
    bar = st.progress(0.0, text="Measuring")

    def tell(done: int, of: int) -> None:
        bar.progress(done / max(1, of), text=f"Measured {done} of {of}")

    measure_pending(library, on_progress=tell)
    st.rerun()


@st.cache_data(scope="session", max_entries=20, show_spinner=False)
def _outline_once(digest: str, drawn: str, *, _library: Library, _shot: Shot) -> Outlined:
    return outline_shot(_library, _shot)


def _tell(shot: Shot, visible_scalp: float) -> None:
    before = shot.measurement.zone(WHOLE) if shot.measurement else None
    told = f"Inside this outline, visible scalp is {words.tell_per_cent(visible_scalp)}"
    if before is not None and before.visible_scalp is not None:
        told += f"; inside the one found, {words.tell_per_cent(before.visible_scalp)}"
    st.info(f"{told}.", icon=":material/info:")
