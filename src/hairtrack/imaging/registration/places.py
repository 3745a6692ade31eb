"""Alignment by the place of every spot on the head, which needs no hair at all.

The region network says of every spot of the scalp which point of the head it is. Spots
of two photographs that are the same point correspond, and a similarity is fitted to
those that agree. The pose comes out whatever the turn; its error is that of the network.
"""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray
from scipy import spatial

from hairtrack.imaging.registration.frames import canvas, cut

__all__ = ["find_spots", "match"]

WIDTH = 40
"""Head width in px of the grid of spots."""

SIDE = 0.72
"""Half side of that grid, in head widths."""

FARTHEST = 0.08
"""Distance on the unit sphere over which two spots do not correspond."""

MIN_PAIRS = 60
"""Corresponding spots under which nothing is claimed."""

_Array = NDArray[Any]


def find_spots(
    places: _Array, scalp: NDArray[np.bool_], frame: _Array
) -> tuple[_Array, _Array]:
    """Spots (N, 2) in head widths and their points of the unit sphere (N, 3).

    `places` covers the photo of `scalp` on a coarser grid; `frame` is photo px -> head
    widths.
    """
    rows, columns = places.shape[:2]
    x, y = scalp.shape[1] / columns, scalp.shape[0] / rows
    grow = np.array([[x, 0, x / 2 - 0.5], [0, y, y / 2 - 0.5], [0, 0, 1]])
    points = cut(places, frame @ grow, SIDE, WIDTH)
    there = cut(scalp.astype(np.uint8) * 255, frame, SIDE, WIDTH) > 127
    inside = cv2.erode(there.astype(np.uint8), np.ones((3, 3), np.uint8)) > 0
    at_y, at_x = np.nonzero(inside)
    back = np.linalg.inv(canvas(SIDE, WIDTH))
    spots = np.stack((at_x, at_y), axis=1) @ back[:2, :2].T + back[:2, 2]
    return spots, points[inside]


def match(
    moving: tuple[_Array, _Array], baseline: tuple[_Array, _Array]
) -> tuple[_Array, float] | None:
    """Similarity moving -> baseline (head widths) and the rms of what agrees, or none."""
    if min(len(moving[0]), len(baseline[0])) < MIN_PAIRS:
        return None
    away, nearest = spatial.KDTree(moving[1]).query(baseline[1])
    _, back = spatial.KDTree(baseline[1]).query(moving[1])
    returned = np.linalg.norm(baseline[0][back[nearest]] - baseline[0], axis=1)
    kept = (away < FARTHEST) & (returned < 2.5 / WIDTH)
    if kept.sum() < MIN_PAIRS:
        return None
    first, last = moving[0][nearest[kept]], baseline[0][kept]
    found, agree = cv2.estimateAffinePartial2D(
        first, last, method=cv2.RANSAC, ransacReprojThreshold=0.05, maxIters=2000
    )
    if found is None or (agree > 0).sum() < MIN_PAIRS:
        return None
    inside = agree.ravel() > 0
    moved = first[inside] @ found[:, :2].T + found[:, 2]
    rms = float(np.sqrt(((moved - last[inside]) ** 2).sum(axis=1).mean()))
    return np.vstack((found, (0, 0, 1))), rms
