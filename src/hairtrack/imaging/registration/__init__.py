"""Moving photograph -> baseline, with the evidence for it.

Photographs of one day share strands and pores: SIFT keypoints on the scalp decide alone
if enough agree. Between visits hair moves: head coordinates (`detection`) then give a
first similarity, and outline and smooth field of the scalp refine it. The photograph is
refused where these two disagree, or where its outline does not fit its baseline's.

References
----------
D. G. Lowe, "Distinctive image features from scale-invariant keypoints", IJCV 2004.
D. Barath et al., "MAGSAC++, a fast, reliable and accurate robust estimator", CVPR 2020.
R. A. Guler et al., "DensePose: dense human pose estimation in the wild", CVPR 2018.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from hairtrack.errors import RegistrationFailed
from hairtrack.imaging import detection
from hairtrack.imaging.registration import correspondences, outlines
from hairtrack.messages import Message
from hairtrack.records import Matrix, Registration, View

__all__ = ["Features", "extract_features", "register", "register_features", "warp"]

MIN_OVERLAP = 0.80
"""Intersection over union of the outlines below which two photographs do not fit. Chosen
by hand: phantoms of another day have over 0.85 (see the tests)."""

MAX_DISAGREEMENT = 0.08
"""Distance, head widths, by which outline and field may disagree. No pair of
docs/accuracy.md lies between 0.07 and this."""

_Image = NDArray[np.uint8]
_Scalp = NDArray[np.bool_]
_Array = NDArray[Any]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Features:
    """What registration uses of one photograph, extracted once.

    Attributes
    ----------
    scalp : (H, W) bool
        True on scalp.
    frame : (3, 3) float64
        Photo px -> head widths about the scalp's centre.
    keypoints : tuple
        Places of the SIFT keypoints and their descriptors.
    head_points : tuple
        Places on the scalp and their head coordinates.
    shape : outlines.Shape
        Outline and field.
    """

    scalp: _Scalp
    frame: _Array
    keypoints: tuple[_Array, _Array]
    head_points: tuple[_Array, _Array]
    shape: outlines.Shape


def _reduced(image: _Image, scalp: _Scalp, frame: _Array) -> tuple[_Image, _Scalp, _Array]:
    """Photo and scalp, averaged over blocks once, and the frame for their px."""
    factor = int(1 / float(frame[0, 0]) // correspondences.KEYPOINT_WIDTH)
    if factor < 2:
        return image, scalp, frame
    size = (scalp.shape[1] // factor, scalp.shape[0] // factor)
    whole = (slice(size[1] * factor), slice(size[0] * factor))
    small = cv2.resize(image[whole], size, interpolation=cv2.INTER_AREA)
    there = cv2.resize(scalp[whole].astype(np.uint8), size, interpolation=cv2.INTER_NEAREST)
    shift = (factor - 1) / 2
    grow = np.array([[factor, 0, shift], [0, factor, shift], [0, 0, 1]])
    return np.asarray(small, np.uint8), there > 0, frame @ grow


def extract_features(image: _Image, scalp: _Scalp) -> Features:
    """Extract what registration uses of one photograph.

    Parameters
    ----------
    image : (H, W, 3) uint8
        sRGB.
    scalp : (H, W) bool
        True on scalp.

    Returns
    -------
    Features

    Raises
    ------
    ValueError
        If the scalp is empty.
    """
    if not scalp.any():
        raise ValueError("a scalp without a single pixel cannot be registered")
    frame = correspondences.head_frame(scalp)
    small, there, inner = _reduced(image, scalp, frame)
    coordinates = detection.find_head_coordinates(image)
    return Features(
        scalp=scalp,
        frame=frame,
        keypoints=correspondences.find_keypoints(small, there, inner),
        head_points=correspondences.find_head_points(coordinates, scalp, frame),
        shape=outlines.extract_shape(small, there, inner),
    )


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


def _to_matrix(matrix: _Array) -> Matrix:
    rows = [(float(a), float(b), float(c)) for a, b, c in matrix / matrix[2, 2]]
    return rows[0], rows[1], rows[2]


def _align_shapes(moving: Features, baseline: Features) -> tuple[_Array, str, int, float]:
    """Return matrix (head widths), model, no inliers, and the disagreement."""
    start = correspondences.match_head_points(moving.head_points, baseline.head_points)
    pose, apart = outlines.align(moving.shape, baseline.shape, start)
    return np.linalg.inv(outlines.similarity(pose)), "similarity", 0, apart


def register_features(moving: Features, baseline: Features) -> Registration:
    """Register a photograph with its baseline by the features of both.

    Parameters
    ----------
    moving, baseline : Features
        From `extract_features`; the baseline registers with itself too.

    Returns
    -------
    Registration
        Matrix moving -> baseline in px of the photographs, with its evidence.

    Raises
    ------
    RegistrationFailed
        If the photograph cannot be laid over its baseline with certainty.
    """
    if moving is baseline:
        return Registration(
            matrix=_to_matrix(np.eye(3)),
            model="similarity",
            inliers=len(baseline.keypoints[0]),
            rms_px=0.0,
            scale=1.0,
            overlap=1.0,
        )
    found = correspondences.match_keypoints(moving.keypoints, baseline.keypoints)
    inner, model, inliers, rms = found or _align_shapes(moving, baseline)
    matrix = np.linalg.inv(baseline.frame) @ inner @ moving.frame
    overlap = _overlap(matrix, moving.scalp, baseline.scalp)
    if overlap < MIN_OVERLAP or (not inliers and rms > MAX_DISAGREEMENT):
        raise RegistrationFailed(
            Message("This photo could not be laid over its baseline with certainty.")
        )
    return Registration(
        matrix=_to_matrix(matrix),
        model=model,
        inliers=inliers,
        rms_px=rms / float(baseline.frame[0, 0]),
        scale=float(np.sqrt(abs(np.linalg.det(matrix[:2, :2])))),
        overlap=overlap,
    )


def register(
    moving: _Image, baseline: _Image, *, view: View | str = View.VERTEX
) -> Registration:
    """Find the scalps in two photographs and register the first with the second.

    Parameters
    ----------
    moving, baseline : (H, W, 3) uint8
        sRGB photographs.
    view : View
        Standard direction of both.

    Returns
    -------
    Registration
        Matrix moving -> baseline in px, with its evidence.

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
    >>> from pathlib import Path
    >>> from hairtrack import decode
    >>> image = decode(Path("sample_images/2025-03-03_vertex_1.jpg").read_bytes())
    >>> register(image, image).matrix[0]
    (1.0, 0.0, 0.0)
    """
    View(view)
    scalps = [detection.detect(image).scalp for image in (moving, baseline)]
    first, last = (
        extract_features(image, scalp)
        for image, scalp in zip((moving, baseline), scalps, strict=True)
    )
    same = np.array_equal(moving, baseline)
    return register_features(last if same else first, last)


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
