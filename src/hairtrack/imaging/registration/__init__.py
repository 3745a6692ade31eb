"""Moving photograph -> baseline, with the evidence for it.

Between visits hair moves, and background and clothes change, so what may drive the
alignment depends on what is found:

points
    Photographs of one day share strands, pores and moles: SIFT points of the scalp and
    its close surroundings are matched, and a similarity or homography is fitted to those
    that agree. Enough of them, spread over the scalp, settle the matter.
outline and field
    Otherwise the outline of the scalp and the smooth field of tone and colour on it
    (skin against hair, hairline, thinning, part) are laid over each other by a
    similarity. From several starting turns, the best is refined. Then the outline alone
    and the field alone are each asked again: where they disagree by more than
    `outlines.MOST_DISAGREEMENT` of the head's width, nothing is claimed.

A photograph whose outline does not fit its baseline's is refused in either case.

References
----------
D. G. Lowe, "Distinctive image features from scale-invariant keypoints", IJCV 2004.
D. Barath et al., "MAGSAC++, a fast, reliable and accurate robust estimator", CVPR 2020.
"""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from hairtrack.errors import RegistrationFailed
from hairtrack.imaging import region
from hairtrack.imaging.registration import outlines, points
from hairtrack.imaging.registration.frames import head_frame
from hairtrack.records import Matrix, Registration, View

__all__ = ["register", "register_scalps", "warp"]

LEAST_OVERLAP = 0.80
"""Intersection over union of the outlines under which two photographs do not fit."""

_Image = NDArray[np.uint8]
_Scalp = NDArray[np.bool_]
_Array = NDArray[Any]


def _overlap(matrix: _Array, moving: _Scalp, baseline: _Scalp) -> float:
    """Intersection over union of the scalps in the baseline's frame."""
    share = min(1.0, 256 / max(baseline.shape))
    size = (
        max(1, round(baseline.shape[1] * share)),
        max(1, round(baseline.shape[0] * share)),
    )
    reduce = np.diag((size[0] / baseline.shape[1], size[1] / baseline.shape[0], 1.0))
    kept, moved = (
        cv2.warpPerspective(scalp.astype(np.uint8), place, size, flags=cv2.INTER_NEAREST)
        > 0
        for scalp, place in ((baseline, reduce), (moving, reduce @ matrix))
    )
    return float((moved & kept).sum() / max(1, int((moved | kept).sum())))


def _reduced(image: _Image, scalp: _Scalp) -> tuple[_Image, _Scalp, _Array]:
    """Photo and scalp, averaged over blocks once, and the matrix photo px -> theirs."""
    factor = int(1 / float(head_frame(scalp)[0, 0]) // points.POINTS_WIDTH)
    if factor < 2:
        return image, scalp, np.eye(3)
    size = (scalp.shape[1] // factor, scalp.shape[0] // factor)
    whole = (slice(size[1] * factor), slice(size[0] * factor))
    small = cv2.resize(image[whole], size, interpolation=cv2.INTER_AREA)
    there = cv2.resize(scalp[whole].astype(np.uint8), size, interpolation=cv2.INTER_NEAREST)
    shift = 0.5 / factor - 0.5
    matrix = np.array([[1 / factor, 0, shift], [0, 1 / factor, shift], [0, 0, 1]])
    return np.asarray(small, np.uint8), there > 0, matrix


def _plain(matrix: _Array) -> Matrix:
    rows = [(float(a), float(b), float(c)) for a, b, c in matrix / matrix[2, 2]]
    return rows[0], rows[1], rows[2]


def register_scalps(
    moving: _Image,
    moving_scalp: _Scalp,
    baseline: _Image,
    baseline_scalp: _Scalp,
    *,
    view: View | str,
) -> Registration:
    """Lay a photograph over its baseline, both scalps being known.

    Parameters
    ----------
    moving, baseline : (H, W, 3) uint8
        sRGB photographs; their sizes may differ.
    moving_scalp, baseline_scalp : (H, W) bool
        True on scalp.
    view : View
        Standard direction of both.

    Returns
    -------
    Registration
        Matrix moving -> baseline in px, with its evidence.

    Raises
    ------
    RegistrationFailed
        If the photograph cannot be laid over its baseline with certainty.
    ValueError
        If the view is unknown or a scalp is empty.
    """
    View(view)
    if not moving_scalp.any() or not baseline_scalp.any():
        raise ValueError("a scalp without a single pixel cannot be registered")
    if moving.shape == baseline.shape and np.array_equal(moving, baseline):
        return Registration(
            matrix=_plain(np.eye(3)),
            model="similarity",
            inliers=int(moving_scalp.sum()),
            rms_px=0.0,
            scale=1.0,
            overlap=_overlap(np.eye(3), moving_scalp, baseline_scalp),
        )
    full = moving_scalp, baseline_scalp
    moving, moving_scalp, shrink = _reduced(moving, moving_scalp)
    baseline, baseline_scalp, kept_shrink = _reduced(baseline, baseline_scalp)
    frames = head_frame(moving_scalp), head_frame(baseline_scalp)
    unit = 1 / float(frames[1][0, 0] * kept_shrink[0, 0])
    found = points.match(
        points.find_points(moving, moving_scalp, frames[0]),
        points.find_points(baseline, baseline_scalp, frames[1]),
    )
    if found is None:
        sides = (
            outlines.prepare(moving, moving_scalp),
            outlines.prepare(baseline, baseline_scalp),
        )
        pose, apart = outlines.align(*sides)
        found = (np.linalg.inv(outlines.similarity(pose)), "similarity", 0, apart)
    inner, model, inliers, rms = found
    to_baseline = np.linalg.inv(frames[1] @ kept_shrink)
    matrix = to_baseline @ inner @ frames[0] @ shrink
    overlap = _overlap(matrix, *full)
    if overlap < LEAST_OVERLAP:
        raise RegistrationFailed(outlines.SORRY)
    scale = float(np.sqrt(abs(np.linalg.det(matrix[:2, :2]))))
    return Registration(
        matrix=_plain(matrix),
        model=model,
        inliers=inliers,
        rms_px=rms * unit,
        scale=scale,
        overlap=overlap,
    )


def register(
    moving: _Image, baseline: _Image, *, view: View | str = View.VERTEX
) -> Registration:
    """Find the scalps in two photographs and lay the first over the second.

    Parameters
    ----------
    moving, baseline : (H, W, 3) uint8
        sRGB photographs.
    view : View
        Standard direction of both.

    Returns
    -------
    Registration
        Matrix moving -> baseline in px of the given arrays, with its evidence.

    Raises
    ------
    NoHeadFound
        If one of them shows no head with enough scalp.
    RegistrationFailed
        If the photograph cannot be laid over its baseline with certainty.
    ValueError
        If an array has a wrong shape or type, or the view is unknown.

    Examples
    --------
    >>> from hairtrack.imaging import phantom
    >>> rng = np.random.default_rng(3)
    >>> photo = phantom.photograph(phantom.random_head(rng), phantom.random_shot(rng))
    >>> register(photo.image, photo.image).matrix[0]
    (1.0, 0.0, 0.0)
    """
    found = region.find_scalp(moving, view=view)
    kept = region.find_scalp(baseline, view=view)
    return register_scalps(moving, found, baseline, kept, view=view)


def warp(image: _Image, matrix: Matrix, shape: tuple[int, ...]) -> _Image:
    """Warp a photograph into another frame, for display only.

    Parameters
    ----------
    image : (H, W, 3) uint8
        sRGB.
    matrix : Matrix
        Photograph -> frame, in px.
    shape : tuple of int
        Height and width of the frame.

    Returns
    -------
    (shape[0], shape[1], 3) uint8
        Black where the photograph does not reach.
    """
    size = (int(shape[1]), int(shape[0]))
    return np.asarray(
        cv2.warpPerspective(image, np.asarray(matrix, np.float64), size), np.uint8
    )
