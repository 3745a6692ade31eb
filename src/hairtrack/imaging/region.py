"""Where the scalp is.

A small network, trained on phantoms alone, looks at the whole photograph at 160 px
and says for every spot how likely it is scalp: skin that bears, or once bore, terminal
head hair, together with hair that overhangs it. What is kept is the largest piece, its
holes filled.
"""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from hairtrack.errors import NoHeadFound
from hairtrack.imaging import networks
from hairtrack.records import View

__all__ = ["fill", "find_scalp"]

SIDE = 160
"""Longer side, in px, at which the network sees a photograph."""

LEAST_AREA = 0.02
"""Share of the photograph under which a find is no head."""

MOST_AREA = 0.9
"""Share of the photograph over which a find is a wall: some surroundings always show."""

LEAST_CONFIDENCE = 0.75
"""Mean probability inside the outline under which a find is no head."""

_Image = NDArray[np.uint8]
_Floats = NDArray[np.float32]


def _even(length: float) -> int:
    return max(2, 2 * round(length / 2))


def _probability(image: _Image) -> _Floats:
    """Probability of scalp on a grid over the whole photograph."""
    height, width = image.shape[:2]
    share = SIDE / max(height, width)
    rows, columns = _even(height * share), _even(width * share)
    small = cv2.resize(image, (columns, rows), interpolation=cv2.INTER_AREA)
    top, left = (SIDE - rows) // 2, (SIDE - columns) // 2
    planes = np.zeros((3, SIDE, SIDE), np.float32)
    shares = small.astype(np.float32) / np.float32(127.5) - 1
    planes[:, top : top + rows, left : left + columns] = np.moveaxis(shares, -1, 0)
    logits = networks.logits("region", planes)
    fine = cv2.resize(logits, (SIDE, SIDE), interpolation=cv2.INTER_LINEAR)
    inside = fine[top : top + rows, left : left + columns]
    return np.asarray(1 / (1 + np.exp(-inside)), np.float32)


def _largest(found: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Keep the largest piece, with its holes filled."""
    outlines, _ = cv2.findContours(
        found.astype(np.uint8), cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE
    )
    kept = np.zeros(found.shape, np.uint8)
    if outlines:
        cv2.drawContours(kept, [max(outlines, key=cv2.contourArea)], -1, 1, cv2.FILLED)
    return kept > 0


def find_scalp(image: _Image, *, view: View | str) -> NDArray[np.bool_]:
    """Find the scalp in a photograph of a head.

    Parameters
    ----------
    image : (H, W, 3) uint8
        sRGB photograph.
    view : View
        Standard direction of the photograph. One network serves all views; the
        name is checked.

    Returns
    -------
    (H, W) bool
        True on scalp; one piece without holes.

    Raises
    ------
    NoHeadFound
        If no head with enough scalp is in view.
    ValueError
        If the array is no colour photograph or the view is unknown.

    Examples
    --------
    >>> from hairtrack.imaging import phantom
    >>> rng = np.random.default_rng(3)
    >>> photo = phantom.photograph(phantom.random_head(rng), phantom.random_shot(rng))
    >>> bool(find_scalp(photo.image, view="vertex").any())
    True
    """
    View(view)
    if image.ndim != 3 or image.shape[2] != 3 or image.dtype != np.uint8:
        raise ValueError(f"image must be (H, W, 3) uint8, not {image.shape} {image.dtype}")
    probability = _probability(image)
    found = _largest(probability > 0.5)
    plausible = LEAST_AREA <= found.mean() <= MOST_AREA
    if not plausible or probability[found].mean() < LEAST_CONFIDENCE:
        raise NoHeadFound("No head with enough scalp in view was found in this photo.")
    soft = np.where(found, np.maximum(probability, 0.5), np.minimum(probability, 0.5))
    size = (image.shape[1], image.shape[0])
    return _largest(cv2.resize(soft, size, interpolation=cv2.INTER_LINEAR) > 0.5)


def fill(
    polygon_xy: Sequence[tuple[float, float]], shape: tuple[int, int]
) -> NDArray[np.bool_]:
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
