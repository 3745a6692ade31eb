"""Draw what counts as scalp, and every zone of every view, for docs/conventions.md.

    python docs/draw_zones.py

Writes docs/img/zones_<view>.svg. The heads are sketches; the zones on them are
those that the program draws on such a scalp.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from hairtrack.imaging import zones
from hairtrack.records import View

SIZE = 480
"""Side of a drawing, px."""

COLOURS = ("#4477aa", "#ee6677", "#228833", "#ccbb44", "#66ccee", "#aa3377", "#bb5566")
"""Paul Tol's bright scheme: told apart with any colour vision."""

SKIN, EDGE = "#f1d9c5", "#6b4a35"

Region = NDArray[np.bool_]
Diagram = tuple[list[Region], Region]


class Canvas:
    """Coordinates in picture widths around the picture's middle, y down."""

    def __init__(self, x: NDArray[np.float64], y: NDArray[np.float64]) -> None:
        self.x, self.y = x, y

    def ellipse(self, centre: tuple[float, float], axes: tuple[float, float]) -> Region:
        """Return an ellipse."""
        across = (self.x - centre[0]) / axes[0]
        along = (self.y - centre[1]) / axes[1]
        inside: Region = across**2 + along**2 <= 1
        return inside

    def ears(self, x: float, y: float, height: float) -> Region:
        """Return two ears."""
        axes = (0.035, height)
        return self.ellipse((-x, y), axes) | self.ellipse((x, y), axes)


def above(canvas: Canvas) -> Diagram:
    """Nose down."""
    head = canvas.ellipse((0, -0.01), (0.30, 0.38))
    nose = canvas.ellipse((0, 0.385), (0.035, 0.05))
    hairline = 0.27 - 0.35 * canvas.x**2 + 0.03 * np.cos(22 * canvas.x)
    return [canvas.ears(0.31, 0.04, 0.07), nose, head], head & (hairline > canvas.y)


def facing(canvas: Canvas) -> Diagram:
    """From a little above, nose down."""
    head = canvas.ellipse((0, 0), (0.30, 0.40))
    nose = canvas.ellipse((0, 0.17), (0.03, 0.05))
    hairline = -0.04 + 1.1 * canvas.x**2 - 0.03 * np.cos(24 * canvas.x)
    return [canvas.ears(0.30, 0.10, 0.08), head, nose], head & (hairline > canvas.y)


def from_left(canvas: Canvas) -> Diagram:
    """Show the left side: the nose points to the left."""
    head = canvas.ellipse((0.02, -0.02), (0.36, 0.36))
    nose = canvas.ellipse((-0.35, 0.10), (0.05, 0.04))
    ear = canvas.ellipse((0.04, 0.10), (0.05, 0.08))
    front = -0.23 + 0.9 * np.clip(canvas.y + 0.12, 0, 1) < canvas.x
    below = 0.02 + 0.75 * np.clip(canvas.x + 0.06, -0.2, 0.30) > canvas.y
    return [nose, head, ear], head & front & below & ~ear


def from_right(canvas: Canvas) -> Diagram:
    """Show the right side: the nose points to the right."""
    parts, scalp = from_left(canvas)
    return [part[:, ::-1] for part in parts], scalp[:, ::-1]


def behind(canvas: Canvas) -> Diagram:
    """Crown up."""
    head = canvas.ellipse((0, -0.03), (0.30, 0.36))
    neck = (np.abs(canvas.x) < 0.17) & (canvas.y > 0.1) & (canvas.y < 0.46)
    nape = 0.25 + 0.02 * np.cos(20 * canvas.x)
    return [canvas.ears(0.31, 0.05, 0.08), neck, head], head & (nape > canvas.y)


DIAGRAMS: dict[View, Callable[[Canvas], Diagram]] = {
    View.VERTEX: above,
    View.MIDLINE: above,
    View.FRONTAL: facing,
    View.TEMPORAL_LEFT: from_left,
    View.TEMPORAL_RIGHT: from_right,
    View.OCCIPITAL: behind,
}


def draw_head(view: View) -> Diagram:
    """Return ears, nose, neck and head, a later one over an earlier one, and the scalp."""
    y, x = np.mgrid[:SIZE, :SIZE].astype(np.float64) / SIZE - 0.5
    return DIAGRAMS[view](Canvas(x, y))


def trace_rings(region: Region) -> list[list[tuple[float, float]]]:
    """Trace the outlines of all pieces of a region and of their holes, (x, y) in px."""
    found, _ = cv2.findContours(
        np.ascontiguousarray(region, np.uint8), cv2.RETR_CCOMP, cv2.CHAIN_APPROX_NONE
    )
    rings = (cv2.approxPolyDP(ring, 0.8, True).reshape(-1, 2) for ring in found)
    return [[(float(x), float(y)) for x, y in ring] for ring in rings if len(ring) > 2]


def path(region: Region, **style: object) -> str:
    """Return the outline of a region as an SVG path."""
    rings = [
        "M" + "L".join(f"{x:g} {y:g}" for x, y in ring) + "Z"
        for ring in trace_rings(region)
    ]
    attributes = " ".join(
        f'{name.replace("_", "-")}="{value}"' for name, value in style.items()
    )
    return f'<path d="{"".join(rings)}" fill-rule="evenodd" {attributes}/>'


def label(region: Region, text: str, *, size: int = 15) -> str:
    """Return a name in the middle of a region."""
    depth = cv2.distanceTransform(np.ascontiguousarray(region, np.uint8), cv2.DIST_L2, 5)
    deep = depth > 0.9 * depth.max()
    y, x = (float(part.mean()) for part in np.nonzero(deep))
    return (
        f'<text x="{x:.0f}" y="{y + size / 3:.0f}" font-size="{size}" text-anchor="middle" '
        f'stroke="white" stroke-width="3" paint-order="stroke">{text}</text>'
    )


def is_grid(name: str) -> bool:
    """Say whether a zone is a square of the grid."""
    return name.startswith("grid_")


def sheet(parts: list[Region], drawn: zones.Zones, names: list[str], at: int) -> list[str]:
    """Return one head with some of its zones."""
    lines = [f'<g transform="translate({at} 0)">']
    lines += [path(part, fill=SKIN, stroke=EDGE, stroke_width=2) for part in parts]
    if not names:
        lines.append(
            path(drawn["scalp"], fill="#999999", fill_opacity=0.55, stroke="#333333")
        )
        lines.append(label(drawn["scalp"], "scalp", size=20))
    for number, name in enumerate(names):
        colour = COLOURS[number % len(COLOURS)]
        region = drawn[name]
        if region.any():
            lines.append(path(region, fill=colour, fill_opacity=0.5, stroke="#333333"))
    for name in names:
        if drawn[name].any():
            text = name.removeprefix("grid_")
            lines.append(label(drawn[name], text, size=13 if is_grid(name) else 18))
    return [*lines, "</g>"]


def families(drawn: zones.Zones) -> list[list[str]]:
    """Return the zones in groups that do not overlap; the first, empty one is the scalp."""
    groups: list[list[str]] = [[]]
    covered = np.ones(drawn.labels.shape, bool)
    for name in drawn.names[1:]:
        if (covered & drawn[name]).any():
            groups.append([])
            covered = np.zeros(drawn.labels.shape, bool)
        groups[-1].append(name)
        covered |= drawn[name]
    return groups


def draw(view: View) -> str:
    """Return the drawing of one view."""
    parts, scalp = draw_head(view)
    drawn = zones.draw(scalp, view=view)
    groups = families(drawn)
    width = SIZE * len(groups)
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {SIZE}" '
        f'width="{width // 2}" font-family="sans-serif" role="img" '
        f'aria-label="Zones of the {view.replace("_", " ")} view">',
        f'<rect width="{width}" height="{SIZE}" fill="white"/>',
    ]
    for number, names in enumerate(groups):
        lines += sheet(parts, drawn, names, number * SIZE)
    return "\n".join([*lines, "</svg>", ""])


def main() -> None:
    """Write the drawing of every view."""
    folder = Path(__file__).parent / "img"
    folder.mkdir(exist_ok=True)
    for view in View:
        (folder / f"zones_{view}.svg").write_text(draw(view), encoding="utf-8")


if __name__ == "__main__":
    main()
