"""Draw what counts as scalp, and every zone of every view, for docs/conventions.md.

    python docs/draw_zones.py

Writes docs/img/zones_<view>.svg. The heads are sketches; the zones on them are
those that the program draws on such a scalp.
"""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from hairtrack.imaging import zones
from hairtrack.imaging.diagrams import draw_head, trace_rings
from hairtrack.records import View

SIZE = 480
"""Side of a drawing, px."""

COLOURS = ("#4477aa", "#ee6677", "#228833", "#ccbb44", "#66ccee", "#aa3377", "#bb5566")
"""Paul Tol's bright scheme: told apart with any colour vision."""

SKIN, EDGE = "#f1d9c5", "#6b4a35"

Region = NDArray[np.bool_]


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
    parts, scalp = draw_head(view, size=SIZE)
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
