"""Diagrams of a head from every standard direction, and of its zones."""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from hairtrack.imaging import zones
from hairtrack.records import GRID, WHOLE, View

__all__ = ["HeadDrawing", "draw_head", "draw_zones", "trace_rings"]

_SIZE = 480

Region = NDArray[np.bool_]
Diagram = tuple[list[Region], Region]
Point = tuple[float, float]
_Floats = NDArray[np.float64]


def draw_head(view: View | str, *, size: int = 480) -> Diagram:
    """Draw the regions of a head in the position of a view.

    Parameters
    ----------
    view : View
        Standard direction.
    size : int
        Side of the drawing, px.

    Returns
    -------
    parts : list of (size, size) bool
        Ears, nose, neck and head; a later one lies over an earlier one.
    scalp : (size, size) bool
        The scalp.

    Examples
    --------
    >>> parts, scalp = draw_head("vertex", size=100)
    >>> bool((scalp & ~parts[-1]).any())
    False
    """
    y, x = np.mgrid[:size, :size].astype(np.float64) / size - 0.5
    return _DIAGRAMS[View(view)](_Canvas(x, y))


def trace_rings(region: Region, *, tolerance: float = 0.8) -> list[list[Point]]:
    """Trace the outlines of all pieces of a region and of their holes.

    Parameters
    ----------
    region : (H, W) bool
        Any region; an empty one has no outline.
    tolerance : float
        How far a line may leave the outline, px.

    Returns
    -------
    list of list of (float, float)
        (x, y) in px. Filled by the even-odd rule they give the region.
    """
    found, _ = cv2.findContours(
        np.ascontiguousarray(region, np.uint8), cv2.RETR_CCOMP, cv2.CHAIN_APPROX_NONE
    )
    rings = (cv2.approxPolyDP(ring, tolerance, True).reshape(-1, 2) for ring in found)
    return [[(float(x), float(y)) for x, y in ring] for ring in rings if len(ring) > 2]


@dataclass(frozen=True, slots=True, kw_only=True)
class HeadDrawing:
    """A sketch of a head and the zones that the program draws on it.

    Attributes
    ----------
    size : int
        Side of the drawing; all lines lie within it.
    parts : tuple of str
        Ears, nose, neck and head as SVG paths; a later one lies over an earlier one.
    zones : tuple of (str, str)
        Name and SVG path (even-odd) of every zone but the squares, the whole scalp
        first. A later zone may lie within an earlier one.
    """

    size: int
    parts: tuple[str, ...]
    zones: tuple[tuple[str, str], ...]

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the zones, the whole scalp first."""
        return tuple(name for name, _ in self.zones)


@functools.cache
def draw_zones(view: View) -> HeadDrawing:
    """Draw a head from a standard direction with its zones as lines.

    Examples
    --------
    >>> draw_zones(View.VERTEX).names
    ('scalp', 'crown', 'mid_scalp', 'rim')
    """
    parts, scalp = draw_head(view, size=_SIZE)
    drawn = zones.draw(scalp, view=view)
    names = [WHOLE, *(name for name in drawn.names[1:] if not name.startswith(GRID))]
    return HeadDrawing(
        size=_SIZE,
        parts=tuple(_to_path(trace_rings(part)) for part in parts),
        zones=tuple((name, _to_path(trace_rings(drawn[name]))) for name in names),
    )


def _to_path(rings: list[list[tuple[float, float]]]) -> str:
    return "".join("M" + "L".join(f"{x:g} {y:g}" for x, y in ring) + "Z" for ring in rings)


class _Canvas:
    """Coordinates in picture widths around the picture's middle, y down."""

    def __init__(self, x: _Floats, y: _Floats) -> None:
        self.x, self.y = x, y

    def ellipse(self, centre: tuple[float, float], axes: tuple[float, float]) -> Region:
        across = (self.x - centre[0]) / axes[0]
        along = (self.y - centre[1]) / axes[1]
        inside: Region = across**2 + along**2 <= 1
        return inside

    def ears(self, x: float, y: float, height: float) -> Region:
        axes = (0.035, height)
        return self.ellipse((-x, y), axes) | self.ellipse((x, y), axes)


def _above(canvas: _Canvas) -> Diagram:
    """Nose down."""
    head = canvas.ellipse((0, -0.01), (0.30, 0.38))
    nose = canvas.ellipse((0, 0.385), (0.035, 0.05))
    hairline = 0.27 - 0.35 * canvas.x**2 + 0.03 * np.cos(22 * canvas.x)
    return [canvas.ears(0.31, 0.04, 0.07), nose, head], head & (hairline > canvas.y)


def _facing(canvas: _Canvas) -> Diagram:
    """From a little above, nose down."""
    head = canvas.ellipse((0, 0), (0.30, 0.40))
    nose = canvas.ellipse((0, 0.17), (0.03, 0.05))
    hairline = -0.04 + 1.1 * canvas.x**2 - 0.03 * np.cos(24 * canvas.x)
    return [canvas.ears(0.30, 0.10, 0.08), head, nose], head & (hairline > canvas.y)


def _from_left(canvas: _Canvas) -> Diagram:
    """Show the left side: the nose points to the left."""
    head = canvas.ellipse((0.02, -0.02), (0.36, 0.36))
    nose = canvas.ellipse((-0.35, 0.10), (0.05, 0.04))
    ear = canvas.ellipse((0.04, 0.10), (0.05, 0.08))
    front = -0.23 + 0.9 * np.clip(canvas.y + 0.12, 0, 1) < canvas.x
    below = 0.02 + 0.75 * np.clip(canvas.x + 0.06, -0.2, 0.30) > canvas.y
    return [nose, head, ear], head & front & below & ~ear


def _from_right(canvas: _Canvas) -> Diagram:
    """Show the right side: the nose points to the right."""
    parts, scalp = _from_left(canvas)
    return [part[:, ::-1] for part in parts], scalp[:, ::-1]


def _behind(canvas: _Canvas) -> Diagram:
    """Crown up."""
    head = canvas.ellipse((0, -0.03), (0.30, 0.36))
    neck = (np.abs(canvas.x) < 0.17) & (canvas.y > 0.1) & (canvas.y < 0.46)
    nape = 0.25 + 0.02 * np.cos(20 * canvas.x)
    return [canvas.ears(0.31, 0.05, 0.08), neck, head], head & (nape > canvas.y)


_DIAGRAMS: dict[View, Callable[[_Canvas], Diagram]] = {
    View.VERTEX: _above,
    View.MIDLINE: _above,
    View.FRONTAL: _facing,
    View.TEMPORAL_LEFT: _from_left,
    View.TEMPORAL_RIGHT: _from_right,
    View.OCCIPITAL: _behind,
}
