"""Correcting the outline of the scalp of one photograph, and seeing what that changes."""

from __future__ import annotations

import streamlit as st

from hairtrack.app import words
from hairtrack.app.adding.outline import edit_outline
from hairtrack.app.cache import cached
from hairtrack.app.language import _
from hairtrack.app.measuring import measure_now
from hairtrack.errors import HairtrackError
from hairtrack.records import WHOLE
from hairtrack.workflows import Library
from hairtrack.workflows.outlines import (
    load_outline,
    preview_outline,
    save_outline,
)
from hairtrack.workflows.showing import Shot

__all__ = ["offer"]


def offer(library: Library, shot: Shot) -> None:
    """Offer to correct the outline of a photograph."""
    digest = shot.photo.digest
    if not st.toggle(_("Correct the outline"), key=f"correct_{digest}"):
        return
    try:
        drawn = shot.measurement.outline if shot.measurement else ""
        found = cached(
            lambda: load_outline(library, shot), "outlines", digest, drawn, max_entries=20
        )
        if not found.found:
            st.caption(_("No scalp was found here: drag the points round it."))
        given = edit_outline(
            found, identity=f"{digest}_{drawn}", key=f"outline_{digest}_{drawn}"
        )
        if given is not None:
            with st.spinner(_("Measuring inside this outline")):
                st.session_state[f"tried_{digest}"] = preview_outline(library, shot, given)
            st.session_state[f"drawn_{digest}"] = given
        if f"drawn_{digest}" in st.session_state:
            _tell(shot, st.session_state[f"tried_{digest}"])
            _offer_to_keep(library, digest)
    except HairtrackError as error:
        st.warning(words.escape(str(error)), icon=":material/info:")


def _offer_to_keep(library: Library, digest: str) -> None:
    """Keep the outline and measure again all that it changes."""
    if not st.button(_("Keep it and measure again"), key=f"keep_{digest}"):
        return
    save_outline(library, digest, st.session_state.pop(f"drawn_{digest}"))
    measure_now(library)
    st.rerun()


def _tell(shot: Shot, visible_scalp: float) -> None:
    before = shot.measurement.zone(WHOLE) if shot.measurement else None
    now = words.tell_per_cent(visible_scalp)
    if before is None or before.visible_scalp is None:
        told = _("Inside this outline, visible scalp is {now}.", now=now)
    else:
        told = _(
            "Inside this outline, visible scalp is {now}; inside the one found, {before}.",
            now=now,
            before=words.tell_per_cent(before.visible_scalp),
        )
    st.info(words.escape(told), icon=":material/info:")
