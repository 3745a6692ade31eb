"""The part of the head that is shown, chosen on a drawing or by name."""

from __future__ import annotations

from typing import Any

import streamlit as st

from hairtrack.app import words
from hairtrack.app.components import make_component
from hairtrack.app.language import _
from hairtrack.records import WHOLE, View
from hairtrack.workflows.heads import HeadDrawing, draw_head

__all__ = ["choose_zone", "read_zone", "show_head"]


def choose_zone(view: View) -> str:
    """Let the person choose by name; the drawing beside it writes into the same choice."""
    names = draw_head(view).names
    if st.session_state.get(_name_choice(view)) not in names:
        st.session_state.pop(_name_choice(view), None)
    return st.selectbox(
        _("Part of the head"),
        names,
        format_func=words.tell_zone,
        key=_name_choice(view),
        persist_state="session",
    )


def show_head(view: View) -> None:
    """Draw the head with its zones, to be chosen by pointer or key."""
    head = draw_head(view)
    key = f"head_{view}"

    def take() -> None:
        zone = read_zone(st.session_state[key].zone, head)
        if zone is not None:
            st.session_state[_name_choice(view)] = zone

    chosen = st.session_state.get(_name_choice(view), WHOLE)
    make_component("progress/picker")(
        key=key, data=_describe(head, chosen), on_zone_change=take
    )


def read_zone(given: object, head: HeadDrawing) -> str | None:
    """Return a zone as a browser sent it, or `None`: it is not trusted."""
    return given if isinstance(given, str) and given in head.names else None


def _describe(head: HeadDrawing, chosen: str) -> dict[str, Any]:
    return {
        "size": head.size,
        "parts": list(head.parts),
        "zones": [
            {"name": name, "path": path, "told": words.tell_zone(name)}
            for name, path in head.zones
        ],
        "chosen": chosen,
        "told": words.tell_zone(chosen),
        "label": _("Parts of the head; choose one, choose it again for the whole"),
    }


def _name_choice(view: View) -> str:
    return f"zone_{view}"
