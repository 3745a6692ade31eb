"""The outline of a scalp as points that a person can drag; `region.fill` leads back."""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt

__all__ = ["trace", "trace_rings"]


Point = tuple[float, float]


def trace(scalp: npt.NDArray[np.bool_], *, points: int = 28) -> list[Point]:
    """Draw the outline of a region as a few points.

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


def trace_rings(
    region: npt.NDArray[np.bool_], *, tolerance: float = 0.8
) -> list[list[Point]]:
    """Draw the outlines of all pieces of a region and of their holes.

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
