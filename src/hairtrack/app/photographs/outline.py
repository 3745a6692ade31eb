"""The outline of the scalp over a photograph: points to drag, a brush, and its effect."""

from __future__ import annotations

import math

import streamlit as st

from hairtrack.app.cache import cached
from hairtrack.app.formatting import escape, format_percent
from hairtrack.app.frame import make_component, measure_now
from hairtrack.app.i18n import N_, _
from hairtrack.app.pictures import data_uri
from hairtrack.errors import HairtrackError
from hairtrack.imaging.outline import Stroke
from hairtrack.records import WHOLE
from hairtrack.workflows import Library
from hairtrack.workflows.editing import (
    DrawnOutline,
    ScalpOutline,
    load_outline,
    preview_outline,
    save_outline,
)
from hairtrack.workflows.series import PhotoResult

__all__ = ["edit_outline", "offer_correction", "read_drawn"]

MAX_POINTS = 500
MAX_STROKES = 300
MAX_PATH = 2000

Point = tuple[float, float]

_TEXTS = {
    "add": N_("Add a point"),
    "added": N_("Point added in the middle of the longest side."),
    "alt": N_("The photograph with its outline"),
    "brush": N_("Brush: add"),
    "dot": N_("Point {number} of {of}; arrow keys move it, Delete removes it"),
    "enough": N_("No more strokes fit into one outline."),
    "erase": N_("Brush: erase"),
    "erased": N_("Erased."),
    "fewest": N_("An outline needs three points."),
    "gone": N_("Point removed."),
    "group": N_("Points of the outline"),
    "keys": N_(
        "Drag a point, or reach it with Tab: arrow keys move it (with Shift ten times as "
        "far), Delete removes it, Ctrl+Z undoes. The brush paints with mouse or finger; [ "
        "and ] change its size."
    ),
    "painted": N_("Painted."),
    "points": N_("Move points"),
    "redo": N_("Redo"),
    "redone": N_("Redone."),
    "size": N_("Brush size"),
    "tool": N_("Tool"),
    "undo": N_("Undo"),
    "undone": N_("Undone."),
    "use": N_("Use this outline"),
}


def edit_outline(found: ScalpOutline, *, identity: str, key: str) -> DrawnOutline | None:
    """Show the outline; return it when the person asks for it to be used, else `None`.

    Parameters
    ----------
    found : ScalpOutline
        The photograph and its outline.
    identity : str
        Which photograph; another one starts anew.
    key : str
        Identity of the editor on its page.

    Returns
    -------
    DrawnOutline or None
        In px of the photograph.
    """
    given = make_component("photographs/outline")(
        key=key,
        data={
            "identity": identity,
            "picture": data_uri(found.picture),
            "points": [list(point) for point in found.drawn.outline_xy],
            "strokes": [
                {"add": one.add, "path": [list(p) for p in one.path_xy], "width": one.width}
                for one in found.drawn.strokes
            ],
            "width": found.size[0],
            "height": found.size[1],
            "most": MAX_STROKES,
            "texts": {name: _(text) for name, text in _TEXTS.items()},
        },
        on_outline_change=_note,
    )
    return read_drawn(given.outline, size=found.size)


def read_drawn(given: object, *, size: tuple[int, int]) -> DrawnOutline | None:
    """Return what a browser sent as drawn, or `None`: it is not trusted.

    Examples
    --------
    >>> corners = [[1, 2], [30, 4.5], [9, 12]]
    >>> read_drawn({"points": corners, "strokes": []}, size=(40, 20)).outline_xy
    ((1.0, 2.0), (30.0, 4.5), (9.0, 12.0))
    >>> read_drawn({"points": corners[:2], "strokes": []}, size=(40, 20)) is None
    True
    """
    if not isinstance(given, dict):
        return None
    points = _read_path(given.get("points"), size, fewest=3, most=MAX_POINTS)
    strokes = given.get("strokes")
    if points is None or not isinstance(strokes, list) or len(strokes) > MAX_STROKES:
        return None
    read = [_read_stroke(one, size) for one in strokes]
    if any(one is None for one in read):
        return None
    return DrawnOutline(outline_xy=points, strokes=tuple(one for one in read if one))


def _read_stroke(given: object, size: tuple[int, int]) -> Stroke | None:
    if not isinstance(given, dict) or type(given.get("add")) is not bool:
        return None
    width = given.get("width")
    if not isinstance(width, (int, float)) or not 0 <= width <= max(size):
        return None
    fewest = 1 if width else 3
    path = _read_path(given.get("path"), size, fewest=fewest, most=MAX_PATH)
    if path is None:
        return None
    return Stroke(add=given["add"], path_xy=path, width=float(width))


def _read_path(
    given: object, size: tuple[int, int], *, fewest: int, most: int
) -> tuple[Point, ...] | None:
    if not isinstance(given, list) or not fewest <= len(given) <= most:
        return None
    points = [_read_point(one, size) for one in given]
    return tuple(p for p in points if p) if all(points) else None


def _read_point(given: object, size: tuple[int, int]) -> Point | None:
    if not isinstance(given, list) or len(given) != 2:
        return None
    if not all(type(one) in (int, float) and math.isfinite(one) for one in given):
        return None
    x, y = float(given[0]), float(given[1])
    inside = 0 <= x <= size[0] - 1 and 0 <= y <= size[1] - 1
    return (x, y) if inside else None


def _note() -> None:
    """Tell Streamlit that the page wants to hear of this."""


def offer_correction(library: Library, shot: PhotoResult) -> None:
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
            st.caption(_("No scalp was found: drag the points around it."))
        given = edit_outline(
            found, identity=f"{digest}_{drawn}", key=f"outline_{digest}_{drawn}"
        )
        if given is not None:
            with st.spinner(_("Measuring inside this outline")):
                st.session_state[f"tried_{digest}"] = preview_outline(library, shot, given)
            st.session_state[f"drawn_{digest}"] = given
        if f"drawn_{digest}" in st.session_state:
            _show_effect(shot, st.session_state[f"tried_{digest}"])
            _offer_to_keep(library, digest)
    except HairtrackError as error:
        st.warning(escape(error.message), icon=":material/info:")


def _offer_to_keep(library: Library, digest: str) -> None:
    """Keep the outline and measure again all that it changes."""
    if not st.button(_("Save and measure again"), key=f"keep_{digest}"):
        return
    save_outline(library, digest, st.session_state.pop(f"drawn_{digest}"))
    measure_now(library)
    st.rerun()


def _show_effect(shot: PhotoResult, visible_scalp: float) -> None:
    before = shot.measurement.zone(WHOLE) if shot.measurement else None
    now = format_percent(visible_scalp)
    if before is None or before.visible_scalp is None:
        told = _("Inside this outline, visible scalp is {now}.", now=now)
    else:
        told = _(
            "Inside this outline, visible scalp is {now}; inside the one found, {before}.",
            now=now,
            before=format_percent(before.visible_scalp),
        )
    st.info(escape(told), icon=":material/info:")
