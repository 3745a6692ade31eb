"""Alignment by strands, pores and moles, where the hair has not moved."""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from hairtrack.imaging.registration.frames import canvas, cut

__all__ = ["find_points", "match"]

POINTS_WIDTH = 448
"""Head width in px at which points are sought."""

MIN_INLIERS = 24
"""Agreeing points from which strands and pores settle the matter."""

_Image = NDArray[np.uint8]
_Scalp = NDArray[np.bool_]
_Array = NDArray[Any]


def find_points(image: _Image, scalp: _Scalp, frame: _Array) -> tuple[_Array, _Array]:
    """SIFT points (N, 2) in head widths and descriptors (N, 128) on and near the scalp."""
    width = min(POINTS_WIDTH, 1 / float(frame[0, 0]))
    width = max(32, int(width))
    side = 0.62
    grey = cv2.cvtColor(cut(image, frame, side, width), cv2.COLOR_RGB2GRAY)
    there = cut(scalp.astype(np.uint8) * 255, frame, side, width)
    radius = max(1, width // 100)
    there = cv2.erode(there, np.ones((2 * radius + 1,) * 2, np.uint8))
    finder = cv2.SIFT.create(nfeatures=2500, contrastThreshold=0.02)
    points, marks = finder.detectAndCompute(grey, (there > 127).astype(np.uint8))
    if marks is None or len(points) < 2:
        return np.zeros((0, 2)), np.zeros((0, 128), np.float32)
    xy = np.array([point.pt for point in points])
    back = np.linalg.inv(canvas(side, width))
    return xy @ back[:2, :2].T + back[:2, 2], marks


def _spread(points: _Array) -> float:
    """Shorter axis of a cloud of points, one standard deviation, in head widths."""
    return float(np.sqrt(max(np.linalg.eigvalsh(np.cov(points.T))[0], 0)))


def match(
    moving: tuple[_Array, _Array], baseline: tuple[_Array, _Array]
) -> tuple[_Array, str, int, float] | None:
    """Matrix moving -> baseline (head widths), model, inliers and rms, or nothing."""
    if min(len(moving[0]), len(baseline[0])) < MIN_INLIERS:
        return None
    pairs = cv2.BFMatcher().knnMatch(moving[1], baseline[1], k=2)
    kept = [a for a, b in pairs if a.distance < 0.75 * b.distance]
    if len(kept) < MIN_INLIERS:
        return None
    first = moving[0][[match.queryIdx for match in kept]]
    last = baseline[0][[match.trainIdx for match in kept]]
    limit = 0.008
    rigid, agree = cv2.estimateAffinePartial2D(
        first, last, method=cv2.RANSAC, ransacReprojThreshold=3 * limit, maxIters=5000
    )
    if rigid is None:
        return None
    inside = agree.ravel() > 0
    count = int(inside.sum())
    if count < MIN_INLIERS or _spread(last[inside]) < 0.07:
        return None
    matrix, model = np.vstack((rigid, (0, 0, 1))), "similarity"
    if count >= 4 * MIN_INLIERS and _spread(last[inside]) > 0.12:
        bent, agree = cv2.findHomography(
            first[inside], last[inside], cv2.USAC_MAGSAC, limit, maxIters=5000
        )
        if bent is not None and (agree > 0).sum() >= 3 * MIN_INLIERS:
            matrix, model, count = bent, "homography", int((agree > 0).sum())
            keep = agree.ravel() > 0
            first, last, inside = first[inside][keep], last[inside][keep], keep[keep]
    moved = cv2.perspectiveTransform(first[inside][None], matrix)[0]
    rms = float(np.sqrt(((moved - last[inside]) ** 2).sum(axis=1).mean()))
    return matrix, model, count, rms
