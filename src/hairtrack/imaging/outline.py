"""The outline of a scalp as points and brush strokes that a person can edit, and back."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

__all__ = ["Stroke", "fill_polygon", "render", "trace", "trace_rest"]

MIN_DETAIL = 0.004
"""Details below this share of the longer side are left out: pieces, holes, slivers."""

MAX_PIECES = 40
"""Holes and further pieces that are kept, the largest first; scalps have one or two."""

Point = tuple[float, float]
_Region = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True)
class Stroke:
    """What a brush adds to a region or removes.

    Attributes
    ----------
    add : bool
        False removes.
    path_xy : tuple of (float, float)
        Path of the centre of the brush, px.
    width : float
        Diameter of the round brush, px; 0 means the area that the path encloses.
    """

    add: bool
    path_xy: tuple[Point, ...]
    width: float


def fill_polygon(
    polygon_xy: Sequence[tuple[float, float]], shape: tuple[int, int]
) -> _Region:
    """Return the inside of an outline that a person drew.

    Parameters
    ----------
    polygon_xy : sequence of (float, float)
        Its corners in order, px; what lies outside the photograph is cut off.
    shape : (int, int)
        Height and width of the photograph, px.

    Returns
    -------
    (H, W) bool
        True inside, and on the line itself.

    Raises
    ------
    ValueError
        If there are fewer than three corners.
    """
    if len(polygon_xy) < 3:
        raise ValueError("an outline has at least three corners")
    corners = np.round(np.asarray(polygon_xy, np.float64)).astype(np.int32)
    inside = np.zeros(shape, np.uint8)
    cv2.fillPoly(inside, [corners], 1)
    return inside > 0


def trace(scalp: npt.NDArray[np.bool_], *, points: int = 28) -> list[Point]:
    """Trace the outline of a region as a few points.

    Parameters
    ----------
    scalp : (H, W) bool
        A region; of several pieces the largest is traced, holes are not.
    points : int
        Points at most, at least 3. They lie closer where the outline bends more.

    Returns
    -------
    list of (float, float)
        (x, y) in px, in order round the region.

    Raises
    ------
    ValueError
        If the region is empty or too small for an outline, or `points` is below 3.

    Examples
    --------
    >>> import numpy as np
    >>> scalp = np.zeros((50, 60), bool)
    >>> scalp[10:40, 20:50] = True
    >>> sorted(trace(scalp, points=4))
    [(20.0, 10.0), (20.0, 39.0), (49.0, 10.0), (49.0, 39.0)]
    """
    if points < 3:
        raise ValueError("an outline needs at least 3 points")
    found, _ = cv2.findContours(
        scalp.astype(np.uint8), cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE
    )
    if not found:
        raise ValueError("an empty region has no outline")
    contour = max(found, key=cv2.contourArea)
    outline = contour
    tolerance = 0.5
    while len(outline) > points:
        outline = cv2.approxPolyDP(contour, tolerance, True)
        tolerance *= 1.15
    if len(outline) < 3:
        raise ValueError("the region is too small for an outline")
    return [(float(x), float(y)) for x, y in np.asarray(outline).reshape(-1, 2)]


def trace_rest(scalp: _Region, outline_xy: Sequence[Point]) -> tuple[Stroke, ...]:
    """Return what an outline alone leaves out: holes, and pieces beside it.

    Parameters
    ----------
    scalp : (H, W) bool
        A region.
    outline_xy : sequence of (float, float)
        From `trace`.

    Returns
    -------
    tuple of Stroke
        Areas, the largest first; slivers along a coarse outline are left out.
    """
    plain = fill_polygon(outline_xy, (scalp.shape[0], scalp.shape[1]))
    wide = max(3, round(MIN_DETAIL * max(scalp.shape)))
    brush = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (wide, wide))
    found: list[tuple[float, Stroke]] = []
    for add, differs in ((False, plain & ~scalp), (True, scalp & ~plain)):
        whole = cv2.morphologyEx(differs.astype(np.uint8), cv2.MORPH_OPEN, brush)
        outlines, _ = cv2.findContours(whole, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
        for outline in outlines:
            corners = cv2.approxPolyDP(outline, 0.7, True).reshape(-1, 2)
            path = tuple((float(x), float(y)) for x, y in corners)
            stroke = Stroke(add=add, path_xy=path, width=0.0)
            found.append((cv2.contourArea(outline), stroke))
    found.sort(key=lambda one: -one[0])
    return tuple(stroke for _, stroke in found[:MAX_PIECES] if len(stroke.path_xy) > 2)


def render(
    outline_xy: Sequence[Point], strokes: Iterable[Stroke], shape: tuple[int, int]
) -> _Region:
    """Return the region of an outline with strokes applied in their order.

    Parameters
    ----------
    outline_xy : sequence of (float, float)
        At least three points, px.
    strokes : iterable of Stroke
        In the order in which they were drawn.
    shape : (int, int)
        Height and width of the photograph, px.

    Returns
    -------
    (H, W) bool

    Raises
    ------
    ValueError
        If the outline has fewer than three points, or a stroke none.

    Examples
    --------
    >>> dab = Stroke(add=True, path_xy=((30.0, 10.0),), width=8)
    >>> box = [(5, 5), (14, 5), (14, 14), (5, 14)]
    >>> int(render(box, (), (20, 40)).sum()), int(render(box, [dab], (20, 40)).sum())
    (100, 149)
    """
    drawn = fill_polygon(outline_xy, shape).astype(np.uint8)
    for stroke in strokes:
        if not stroke.path_xy:
            raise ValueError("a stroke has at least one point")
        _draw(drawn, stroke)
    return drawn > 0


def _draw(drawn: npt.NDArray[np.uint8], stroke: Stroke) -> None:
    path = np.asarray(stroke.path_xy, np.float64)
    value = (1 if stroke.add else 0,)
    if stroke.width == 0:
        cv2.fillPoly(drawn, [np.round(path).astype(np.int32)], value)
        return
    ends = zip(path, path[1:] if len(path) > 1 else path, strict=False)
    for start, end in ends:
        _sweep(drawn, start, end, radius=stroke.width / 2, value=value[0])


def _sweep(
    drawn: npt.NDArray[np.uint8],
    start: npt.NDArray[np.float64],
    end: npt.NDArray[np.float64],
    *,
    radius: float,
    value: int,
) -> None:
    """Set the pixels whose centre a round brush covers on a straight path."""
    low = np.floor(np.minimum(start, end) - radius).astype(int)
    high = np.ceil(np.maximum(start, end) + radius).astype(int) + 1
    left, top = np.clip(low, 0, drawn.shape[::-1])
    right, bottom = np.clip(high, 0, drawn.shape[::-1])
    x = np.arange(left, right, dtype=np.float32) - np.float32(start[0])
    y = (np.arange(top, bottom, dtype=np.float32) - np.float32(start[1]))[:, np.newaxis]
    step = (end - start).astype(np.float32)
    along = np.clip((x * step[0] + y * step[1]) / max(float(step @ step), 1e-6), 0, 1)
    near = np.hypot(x - along * step[0], y - along * step[1]) <= radius
    drawn[top:bottom, left:right][near] = value
