"""The map of change: where more or less scalp shows than before."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from hairtrack.report.figures import Box, add_legend, fill_swatch

if TYPE_CHECKING:
    from hairtrack.imaging.change_grid import Grid


LESS = (0, 114, 178)
"""Blue: less scalp shows. Blue and orange differ for every kind of colour vision."""

MORE = (230, 159, 0)
"""Orange: more scalp shows."""

FULL_PP = 20.0
"""Change, in percentage points, at which the colour is full."""

_STRENGTH = 0.85
_DARK, _PAPER = (16, 24, 32), (255, 255, 255)

_Image = NDArray[np.uint8]


def draw_change(
    image: _Image,
    grid: Grid,
    delta_pp: NDArray[np.float64],
    beyond: NDArray[np.bool_],
) -> _Image:
    """Draw the change of every cell over the baseline.

    Parameters
    ----------
    image : (H, W, 3) uint8
        The baseline.
    grid : Grid
        Its grid, in its px.
    delta_pp : (rows, columns) float64
        100 x (last - first) visible scalp; nan without a value.
    beyond : (rows, columns) bool
        Cells whose change exceeds the noise; they are framed and marked with the
        direction, so that colour is not needed to read them.

    Returns
    -------
    (H + L, W, 3) uint8
        The map with a legend of L rows below.

    Raises
    ------
    ValueError
        If the arrays do not fit the grid.
    """
    shape = (grid.rows, grid.columns)
    if delta_pp.shape != shape or beyond.shape != shape:
        raise ValueError(f"delta_pp and beyond must be {shape} (rows, columns)")
    photo = Image.fromarray(image).convert("L").convert("RGB")
    picture = Image.blend(photo, Image.new("RGB", photo.size, _DARK), 0.25)
    tinted = ImageDraw.Draw(picture, "RGBA")
    for row, column in zip(*np.nonzero(~np.isnan(delta_pp)), strict=True):
        delta = float(delta_pp[row, column])
        box = _box(grid, int(row), int(column))
        share = min(1.0, abs(delta) / FULL_PP)
        colour = LESS if delta < 0 else MORE
        tinted.rectangle(box, fill=(*colour, round(255 * _STRENGTH * share)))
    _mark(picture, grid, delta_pp, beyond)
    return np.array(add_legend(picture, _LEGEND), dtype=np.uint8)


def _box(grid: Grid, row: int, column: int) -> tuple[float, float, float, float]:
    left, top = grid.left + column * grid.side, grid.top + row * grid.side
    return left, top, left + grid.side - 1, top + grid.side - 1


def _mark(
    picture: Image.Image,
    grid: Grid,
    delta_pp: NDArray[np.float64],
    beyond: NDArray[np.bool_],
) -> None:
    """Frame cells beyond the noise, with a triangle: down for less, up for more."""
    draw = ImageDraw.Draw(picture)
    width = max(1, round(grid.side / 16))
    for row, column in zip(*np.nonzero(beyond), strict=True):
        left, top, right, bottom = _box(grid, int(row), int(column))
        draw.rectangle((left, top, right, bottom), outline=_PAPER, width=width)
        _triangle(
            draw,
            ((left + right) / 2, (top + bottom) / 2),
            grid.side * 0.22,
            down=bool(delta_pp[row, column] < 0),
        )


def _triangle(
    draw: ImageDraw.ImageDraw, middle: tuple[float, float], size: float, *, down: bool
) -> None:
    x, y = middle
    tip = size if down else -size
    corners = [(x - size, y - tip * 0.7), (x + size, y - tip * 0.7), (x, y + tip)]
    draw.polygon(corners, fill=_PAPER, outline=_DARK)


def _draw_framed(draw: ImageDraw.ImageDraw, box: Box, *, down: bool) -> None:
    left, top, right, bottom = box
    draw.rectangle(box, fill=_DARK, outline=_PAPER)
    middle = (left + right) / 2, (top + bottom) / 2
    _triangle(draw, middle, (bottom - top) * 0.25, down=down)


_LEGEND = (
    (fill_swatch(LESS), f"less scalp shows (full colour: {FULL_PP:.0f} points or more)"),
    (fill_swatch(MORE), "more scalp shows"),
    (partial(_draw_framed, down=True), "framed: less, beyond what repeats differ"),
    (partial(_draw_framed, down=False), "framed: more, beyond what repeats differ"),
)
