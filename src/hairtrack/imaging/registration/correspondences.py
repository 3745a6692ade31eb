"""Points of two photographs that correspond, and the transform that they give.

Two kinds of point are used. SIFT keypoints (strands, pores, moles) correspond in
photographs of one day, before the hair has moved. Head coordinates, which the detection
network gives for every pixel of the scalp, correspond whatever the hair did; their error
is that of the network.

Transforms are 3x3 matrices between frames: pixels of a photograph, *head widths* about
the scalp's centre, and pixels of square canvases in that frame.
"""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray
from scipy import spatial

__all__ = [
    "KEYPOINT_WIDTH",
    "canvas",
    "find_head_points",
    "find_keypoints",
    "head_frame",
    "match_head_points",
    "match_keypoints",
    "resample",
]

KEYPOINT_WIDTH = 448
"""Head width, px, at which keypoints are found; a larger photograph is reduced to it."""

MIN_INLIERS = 24
"""Agreeing keypoints from which a transform is accepted. Chosen by hand: photographs of
one day have over a hundred, two different heads fewer than this (see the tests)."""

_KEYPOINT_REACH = 0.62
"""Half side of the keypoints' canvas in head widths: the scalp and a margin."""

_MAX_RATIO = 0.75
"""Distance of the best match over the second best; Lowe (2004) proposes 0.8."""

_TOLERANCE = 0.008
"""Distance, head widths, at which keypoints agree: 3 to 4 px at `KEYPOINT_WIDTH`."""

_HEAD_POINT_WIDTH = 40
"""Head width, px, of the grid of head points; their network sees 160 px of a photograph."""

_HEAD_POINT_REACH = 0.72
"""Half side of that grid in head widths: no scalp reaches farther from its centre."""

_MAX_DISTANCE = 0.08
"""Distance on the unit sphere at which head points correspond: half of the network's
error (docs/accuracy.md), so that gross errors are left out."""

_MIN_PAIRS = 60
"""Corresponding head points from which a transform is accepted. Chosen by hand: 5 % of
the grid's points on a scalp."""

_Image = NDArray[np.uint8]
_Scalp = NDArray[np.bool_]
_Array = NDArray[Any]
_Points = tuple[_Array, _Array]
"""Places (N, 2) in head widths, and what tells them apart (N, K)."""


def head_frame(scalp: _Scalp) -> _Array:
    """Return the transform of photo px to head widths about the scalp's centre."""
    step = max(1, max(scalp.shape) // 1024)
    moments = cv2.moments(np.ascontiguousarray(scalp[::step, ::step]).view(np.uint8), True)
    area = max(moments["m00"], 1.0)
    x, y = (step * moments[key] / area for key in ("m10", "m01"))
    width = step * np.sqrt(4 * area / np.pi)
    return np.array([[1 / width, 0, -x / width], [0, 1 / width, -y / width], [0, 0, 1]])


def canvas(reach: float, width: int) -> _Array:
    """Return the transform of head widths to px of a square canvas.

    The canvas reaches `reach` head widths to each side; one head width is `width` px.
    """
    middle = reach * width - 0.5
    return np.array([[width, 0, middle], [0, width, middle], [0, 0, 1.0]])


def resample(plane: _Array, frame: _Array, reach: float, width: int) -> _Array:
    """Return a photo on a canvas, averaged over areas where it is reduced."""
    matrix = canvas(reach, width) @ frame
    share = float(matrix[0, 0])
    step = 0.5 / share
    if step >= 1:
        size = (max(1, int(plane.shape[1] / step)), max(1, int(plane.shape[0] / step)))
        reduced = cv2.resize(plane, size, interpolation=cv2.INTER_AREA)
        matrix = matrix @ _enlarge(plane.shape[1] / size[0], plane.shape[0] / size[1])
        plane = cv2.blur(reduced, (2, 2)) if share < 0.5 else reduced
    length = round(2 * reach * width)
    return np.asarray(
        cv2.warpAffine(plane, matrix[:2], (length, length), borderMode=cv2.BORDER_REPLICATE)
    )


def find_keypoints(image: _Image, scalp: _Scalp, frame: _Array) -> _Points:
    """Return places and descriptors (N, 128) of the SIFT keypoints on the scalp."""
    width = max(32, int(min(KEYPOINT_WIDTH, 1 / float(frame[0, 0]))))
    grey = cv2.cvtColor(resample(image, frame, _KEYPOINT_REACH, width), cv2.COLOR_RGB2GRAY)
    there = resample(scalp.astype(np.uint8) * 255, frame, _KEYPOINT_REACH, width)
    radius = max(1, width // 100)
    there = cv2.erode(there, np.ones((2 * radius + 1,) * 2, np.uint8))
    sift = cv2.SIFT.create(nfeatures=2500, contrastThreshold=0.02)
    found, descriptors = sift.detectAndCompute(grey, (there > 127).astype(np.uint8))
    if descriptors is None or len(found) < 2:
        return np.zeros((0, 2)), np.zeros((0, 128), np.float32)
    xy = np.array([point.pt for point in found])
    return _transform(xy, np.linalg.inv(canvas(_KEYPOINT_REACH, width))), descriptors


def match_keypoints(
    moving: _Points, baseline: _Points
) -> tuple[_Array, str, int, float] | None:
    """Return matrix moving -> baseline (head widths), model, inliers and rms, or `None`.

    A similarity is fitted first. Many inliers, spread over the scalp, also allow a
    homography, which follows another distance of the camera.
    """
    if min(len(moving[0]), len(baseline[0])) < MIN_INLIERS:
        return None
    pairs = cv2.BFMatcher().knnMatch(moving[1], baseline[1], k=2)
    kept = [a for a, b in pairs if a.distance < _MAX_RATIO * b.distance]
    if len(kept) < MIN_INLIERS:
        return None
    first = moving[0][[match.queryIdx for match in kept]]
    last = baseline[0][[match.trainIdx for match in kept]]
    found, agree = cv2.estimateAffinePartial2D(
        first, last, method=cv2.RANSAC, ransacReprojThreshold=3 * _TOLERANCE, maxIters=5000
    )
    if found is None:
        return None
    first, last = first[agree.ravel() > 0], last[agree.ravel() > 0]
    # Inliers in a line or in one place fix no pose of the whole scalp.
    if len(first) < MIN_INLIERS or _spread(last) < 0.07:
        return None
    matrix, model = np.vstack((found, (0, 0, 1))), "similarity"
    if len(first) >= 4 * MIN_INLIERS and _spread(last) > 0.12:
        found, agree = cv2.findHomography(
            first, last, cv2.USAC_MAGSAC, _TOLERANCE, maxIters=5000
        )
        if found is not None and (agree > 0).sum() >= 3 * MIN_INLIERS:
            matrix, model = found, "homography"
            first, last = first[agree.ravel() > 0], last[agree.ravel() > 0]
    moved = cv2.perspectiveTransform(first[None], matrix)[0]
    rms = float(np.sqrt(((moved - last) ** 2).sum(axis=1).mean()))
    return matrix, model, len(first), rms


def find_head_points(head_coordinates: _Array, scalp: _Scalp, frame: _Array) -> _Points:
    """Return places on the scalp and their head coordinates (N, 3).

    `head_coordinates` covers the photo of `scalp` on a coarser grid.
    """
    rows, columns = head_coordinates.shape[:2]
    grow = _enlarge(scalp.shape[1] / columns, scalp.shape[0] / rows)
    grid = _HEAD_POINT_REACH, _HEAD_POINT_WIDTH
    coordinates = resample(head_coordinates, frame @ grow, *grid)
    there = resample(scalp.astype(np.uint8) * 255, frame, *grid) > 127
    inside = cv2.erode(there.astype(np.uint8), np.ones((3, 3), np.uint8)) > 0
    xy = np.argwhere(inside)[:, ::-1]
    return _transform(xy, np.linalg.inv(canvas(*grid))), coordinates[inside]


def match_head_points(moving: _Points, baseline: _Points) -> _Array | None:
    """Return the similarity moving -> baseline (head widths), or `None`."""
    if min(len(moving[0]), len(baseline[0])) < _MIN_PAIRS:
        return None
    away, nearest = spatial.KDTree(moving[1]).query(baseline[1])
    _, back = spatial.KDTree(baseline[1]).query(moving[1])
    returned = np.linalg.norm(baseline[0][back[nearest]] - baseline[0], axis=1)
    kept = (away < _MAX_DISTANCE) & (returned < 2.5 / _HEAD_POINT_WIDTH)
    if kept.sum() < _MIN_PAIRS:
        return None
    found, agree = cv2.estimateAffinePartial2D(
        moving[0][nearest[kept]],
        baseline[0][kept],
        method=cv2.RANSAC,
        ransacReprojThreshold=0.05,
        maxIters=2000,
    )
    if found is None or (agree > 0).sum() < _MIN_PAIRS:
        return None
    return np.vstack((found, (0, 0, 1)))


def _enlarge(x: float, y: float) -> _Array:
    """Return the transform of px of a reduced picture to px of the picture itself."""
    return np.array([[x, 0, x / 2 - 0.5], [0, y, y / 2 - 0.5], [0, 0, 1]])


def _transform(xy: _Array, matrix: _Array) -> _Array:
    return np.asarray(xy @ matrix[:2, :2].T + matrix[:2, 2])


def _spread(points: _Array) -> float:
    """Return the shorter axis of a cloud of points, one standard deviation."""
    return float(np.sqrt(max(np.linalg.eigvalsh(np.cov(points.T))[0], 0)))
