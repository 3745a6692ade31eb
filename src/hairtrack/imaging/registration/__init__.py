"""Moving photograph -> baseline, with the evidence for it.

Between visits hair moves, and background and clothes change, so what may drive the
alignment depends on what is found:

points
    Photographs of one day share strands, pores and moles: SIFT points of the scalp and
    its close surroundings are matched, and a similarity or homography is fitted to those
    that agree. Enough of them, spread over the scalp, settle the matter.
places
    Otherwise every spot of the scalp is known as a point of the head (`region`), from
    outline, ears, nose and hairline; spots that are the same point give a similarity,
    whatever the turn.
outline and field
    From there, and from small turns, the outline of the scalp and the smooth field of
    tone and colour on it (skin against hair, hairline, thinning, part) refine the pose.
    Then outline and field are each asked alone: where they disagree by more than
    `MAX_DISAGREEMENT` of the head's width, nothing is claimed.

A photograph whose outline does not fit its baseline's is refused in either case.

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
from hairtrack.imaging.registration import outlines, places, points
from hairtrack.imaging.registration.frames import head_frame
from hairtrack.messages import Message
from hairtrack.records import Matrix, Registration, View

__all__ = ["Features", "extract_features", "register", "register_features", "warp"]

MIN_OVERLAP = 0.80
"""Intersection over union of the outlines under which two photographs do not fit."""

MAX_DISAGREEMENT = 0.08
"""Distance, in head widths, by which the witnesses of a pose may disagree."""

NOT_ALIGNED = Message("This photo could not be laid over its baseline with certainty.")

_Image = NDArray[np.uint8]
_Scalp = NDArray[np.bool_]
_Array = NDArray[Any]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Features:
    """One photograph, prepared once to be laid over others or to be their baseline.

    Attributes
    ----------
    scalp : (H, W) bool
        True on scalp.
    frame : (3, 3) float64
        Photo px -> head widths about the scalp's centre.
    marks : tuple
        Points and descriptors; see `points`.
    spots : tuple
        Spots and their places on the head; see `places`.
    shape : outlines.Shape
        Outline and field; see `outlines`.
    """

    scalp: _Scalp
    frame: _Array
    marks: tuple[_Array, _Array]
    spots: tuple[_Array, _Array]
    shape: outlines.Shape


def _reduced(image: _Image, scalp: _Scalp, frame: _Array) -> tuple[_Image, _Scalp, _Array]:
    """Photo and scalp, averaged over blocks once, and the frame for their px."""
    factor = int(1 / float(frame[0, 0]) // points.POINTS_WIDTH)
    if factor < 2:
        return image, scalp, frame
    size = (scalp.shape[1] // factor, scalp.shape[0] // factor)
    whole = (slice(size[1] * factor), slice(size[0] * factor))
    small = cv2.resize(image[whole], size, interpolation=cv2.INTER_AREA)
    there = cv2.resize(scalp[whole].astype(np.uint8), size, interpolation=cv2.INTER_NEAREST)
    shift = (factor - 1) / 2
    grow = np.array([[factor, 0, shift], [0, factor, shift], [0, 0, 1]])
    return np.asarray(small, np.uint8), there > 0, frame @ grow


def extract_features(image: _Image, scalp: _Scalp, where: _Array) -> Features:
    """Prepare one photograph for registration.

    Parameters
    ----------
    image : (H, W, 3) uint8
        sRGB.
    scalp : (H, W) bool
        True on scalp.
    where : (h, w, 3) float32
        Place on the head of every spot; see `detection.find_head_coordinates`.

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
    frame = head_frame(scalp)
    small, there, inner = _reduced(image, scalp, frame)
    return Features(
        scalp=scalp,
        frame=frame,
        marks=points.find_points(small, there, inner),
        spots=places.find_spots(where, scalp, frame),
        shape=outlines.prepare(small, there, inner),
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


def _plain(matrix: _Array) -> Matrix:
    rows = [(float(a), float(b), float(c)) for a, b, c in matrix / matrix[2, 2]]
    return rows[0], rows[1], rows[2]


def _stay(side: Features) -> Registration:
    return Registration(
        matrix=_plain(np.eye(3)),
        model="similarity",
        inliers=int(side.scalp.sum()),
        rms_px=0.0,
        scale=1.0,
        overlap=1.0,
    )


def _by_shape(moving: Features, baseline: Features) -> tuple[_Array, str, int, float]:
    """Matrix moving -> baseline (head widths) where hair has moved, and its evidence."""
    placed = places.match(moving.spots, baseline.spots)
    start = None if placed is None else placed[0]
    pose, apart = outlines.align(moving.shape, baseline.shape, start)
    if apart > MAX_DISAGREEMENT:
        raise RegistrationFailed(NOT_ALIGNED)
    return np.linalg.inv(outlines.similarity(pose)), "similarity", 0, apart


def register_features(moving: Features, baseline: Features) -> Registration:
    """Lay a prepared photograph over its prepared baseline.

    Parameters
    ----------
    moving, baseline : Features
        From `extract_features`; the baseline may be laid over itself.

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
        return _stay(baseline)
    found = points.match(moving.marks, baseline.marks)
    inner, model, inliers, rms = found or _by_shape(moving, baseline)
    matrix = np.linalg.inv(baseline.frame) @ inner @ moving.frame
    overlap = _overlap(matrix, moving.scalp, baseline.scalp)
    if overlap < MIN_OVERLAP:
        raise RegistrationFailed(NOT_ALIGNED)
    return Registration(
        matrix=_plain(matrix),
        model=model,
        inliers=inliers,
        rms_px=rms / float(baseline.frame[0, 0]),
        scale=float(np.sqrt(abs(np.linalg.det(matrix[:2, :2])))),
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
    >>> import hairtrack_phantom as phantom
    >>> rng = np.random.default_rng(3)
    >>> photo = phantom.photograph(phantom.random_head(rng), phantom.random_shot(rng))
    >>> register(photo.image, photo.image).matrix[0]
    (1.0, 0.0, 0.0)
    """
    View(view)
    found = [detection.detect(image) for image in (moving, baseline)]
    first, last = (
        extract_features(image, one.scalp, one.head_coordinates)
        for image, one in zip((moving, baseline), found, strict=True)
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
