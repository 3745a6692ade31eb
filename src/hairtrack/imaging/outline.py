"""The outline of a scalp as points that a person can drag, and back to a region."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np
import numpy.typing as npt

__all__ = ["fill", "trace"]

_SUBPIXEL_BITS = 4

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


def fill(outline_xy: Sequence[Point], shape: tuple[int, ...]) -> npt.NDArray[np.bool_]:
    """Return the region inside an outline.

    Parameters
    ----------
    outline_xy : sequence of (float, float)
        At least three points, (x, y) in px, in order; they may lie outside the
        picture, where they are cut off.
    shape : (H, W, ...)
        Of the picture.

    Returns
    -------
    (H, W) bool

    Raises
    ------
    ValueError
        If the points are no outline or hold next to nothing of the picture.

    Examples
    --------
    >>> square = [(2, 1), (5, 1), (5, 4), (2, 4)]
    >>> fill(square, (6, 8)).astype(int).sum()
    np.int64(16)
    """
    points = np.asarray(outline_xy, np.float64)
    if points.ndim != 2 or points.shape[1] != 2 or len(points) < 3:
        raise ValueError("an outline is at least 3 points (x, y)")
    if not np.isfinite(points).all() or np.abs(points).max() > 1e6:
        raise ValueError("an outline's points must lie in or near the picture")
    region = np.zeros(shape[:2], np.uint8)
    fixed = np.rint(points * 2**_SUBPIXEL_BITS).astype(np.int32)
    cv2.fillPoly(region, [fixed], 1, shift=_SUBPIXEL_BITS)
    if int(region.sum()) < 9:
        raise ValueError("the outline holds next to nothing of the picture")
    return region > 0
