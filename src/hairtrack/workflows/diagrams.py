"""A head with its zones as lines, so that a part of it can be pointed at."""

from __future__ import annotations

import functools
from dataclasses import dataclass

from hairtrack.records import GRID, WHOLE, View

__all__ = ["HeadDrawing", "draw_head"]

_SIZE = 480


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
def draw_head(view: View) -> HeadDrawing:
    """Draw a head from a standard direction with its zones.

    Parameters
    ----------
    view : View
        Standard direction.

    Returns
    -------
    HeadDrawing

    Examples
    --------
    >>> draw_head(View.VERTEX).names
    ('scalp', 'crown', 'mid_scalp', 'rim')
    """
    from hairtrack.imaging import diagrams, zones

    parts, scalp = diagrams.draw_head(view, size=_SIZE)
    drawn = zones.draw(scalp, view=view)
    names = [WHOLE, *(name for name in drawn.names[1:] if not name.startswith(GRID))]
    return HeadDrawing(
        size=_SIZE,
        parts=tuple(_to_path(diagrams.trace_rings(part)) for part in parts),
        zones=tuple((name, _to_path(diagrams.trace_rings(drawn[name]))) for name in names),
    )


def _to_path(rings: list[list[tuple[float, float]]]) -> str:
    return "".join("M" + "L".join(f"{x:g} {y:g}" for x, y in ring) + "Z" for ring in rings)
