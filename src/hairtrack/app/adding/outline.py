"""The outline of the scalp over a photograph, to be corrected by dragging its points."""

from __future__ import annotations

import math
from collections.abc import Sequence

from hairtrack.app.components import make_component
from hairtrack.app.pictures import data_uri

__all__ = ["edit_outline", "read_outline"]

MOST_POINTS = 500

Point = tuple[float, float]


def edit_outline(
    picture: bytes,
    outline_xy: Sequence[Point],
    *,
    size: tuple[int, int],
    identity: str,
    key: str,
) -> list[Point] | None:
    """Show the outline; return it when the person asks for it to be used, else `None`.

    Parameters
    ----------
    picture : bytes
        JPEG of the photograph, of any size.
    outline_xy : sequence of (float, float)
        Points (x, y) in px of the photograph.
    size : (int, int)
        Width and height of the photograph, px.
    identity : str
        Which photograph; another one starts anew.
    key : str
        Identity of the editor on its page.

    Returns
    -------
    list of (float, float) or None
        In px of the photograph.
    """
    given = make_component("outline")(
        key=key,
        data={
            "identity": identity,
            "picture": data_uri(picture),
            "alt": "The photograph whose outline is corrected",
            "points": [list(point) for point in outline_xy],
            "width": size[0],
            "height": size[1],
        },
        on_outline_change=_note,
    )
    return read_outline(given.outline, size=size)


def read_outline(given: object, *, size: tuple[int, int]) -> list[Point] | None:
    """Return an outline as a browser sent it, or `None`: it is not trusted.

    Examples
    --------
    >>> read_outline([[1, 2], [30, 4.5], [9, 12]], size=(40, 20))
    [(1.0, 2.0), (30.0, 4.5), (9.0, 12.0)]
    >>> read_outline([[1, 2], [30, 4.5]], size=(40, 20)) is None
    True
    """
    if not isinstance(given, list) or not 3 <= len(given) <= MOST_POINTS:
        return None
    points = [_read_point(one, size) for one in given]
    return [point for point in points if point] if all(points) else None


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
