"""Detection of the scalp and of head coordinates on it.

A small network, trained on phantoms alone, sees the whole photograph at 160 px and gives
for every pixel the probability of scalp: skin that bears, or once bore, terminal head
hair, together with hair that overhangs it. The largest piece is kept, with its holes
filled. The network also gives the place of every pixel on the head, as a point of the
unit sphere: x to the subject's left, y to the front, z up. It reads them from outline,
ears, nose, neck and hairline, so they do not depend on what the hair did.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from hairtrack.errors import NoHeadFound
from hairtrack.imaging import networks
from hairtrack.messages import Message
from hairtrack.records import View

__all__ = ["Detection", "detect", "find_head_coordinates", "find_scalp"]

SIDE = 160
"""Longer side, in px, at which the network sees a photograph."""

MIN_AREA = 0.02
"""Share of the photograph; a smaller region is not a head. Chosen by hand."""

MAX_AREA = 0.9
"""Share of the photograph; a larger region is a wall, since surroundings always show."""

MIN_CONFIDENCE = 0.82
"""Mean probability inside the outline; below it the region is not a head. No photograph
of docs/accuracy.md lies between 0.75 and this."""

_Image = NDArray[np.uint8]
_Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True, eq=False)
class Detection:
    """Scalp and head coordinates found in a photograph.

    Attributes
    ----------
    scalp : (H, W) bool
        True on scalp; one piece without holes.
    head_coordinates : (h, w, 3) float32
        Point of the head's unit sphere for every cell of a coarse grid over the photo;
        valid on the scalp only.
    """

    scalp: NDArray[np.bool_]
    head_coordinates: _Floats


def _answer(image: _Image) -> _Floats:
    """Logit of scalp and place on the head, (4, h, w) over the whole photograph."""
    height, width = image.shape[:2]
    share = SIDE / max(height, width)
    rows, columns = (max(2, 2 * round(side * share / 2)) for side in (height, width))
    small = cv2.resize(image, (columns, rows), interpolation=cv2.INTER_AREA)
    top, left = (SIDE - rows) // 2, (SIDE - columns) // 2
    planes = np.zeros((3, SIDE, SIDE), np.float32)
    shares = small.astype(np.float32) / np.float32(127.5) - 1
    planes[:, top : top + rows, left : left + columns] = np.moveaxis(shares, -1, 0)
    answer = np.moveaxis(networks.logits("region", planes), 0, -1)
    fine: _Floats = np.asarray(
        cv2.resize(answer, (SIDE, SIDE), interpolation=cv2.INTER_LINEAR), np.float32
    )
    return np.moveaxis(fine[top : top + rows, left : left + columns], -1, 0)


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
    >>> from pathlib import Path
    >>> from hairtrack import decode
    >>> image = decode(Path("sample_images/2025-03-03_vertex_1.jpg").read_bytes())
    >>> bool(find_scalp(image, view="vertex").any())
    True
    """
    View(view)
    return detect(image).scalp


def find_head_coordinates(image: _Image) -> _Floats:
    """Return `Detection.head_coordinates` as if all of the (H, W, 3) image were scalp."""
    return np.ascontiguousarray(np.moveaxis(_answer(image)[1:], 0, -1))


def detect(image: _Image) -> Detection:
    """Find the scalp and its head coordinates.

    Parameters
    ----------
    image : (H, W, 3) uint8
        sRGB photograph.

    Raises
    ------
    NoHeadFound
        If no head with enough scalp is in view.
    ValueError
        If the array is no colour photograph.
    """
    if image.ndim != 3 or image.shape[2] != 3 or image.dtype != np.uint8:
        raise ValueError(f"image must be (H, W, 3) uint8, not {image.shape} {image.dtype}")
    answer = _answer(image)
    probability = 1 / (1 + np.exp(-answer[0]))
    found = _largest(probability > 0.5)
    plausible = MIN_AREA <= found.mean() <= MAX_AREA
    if not plausible or probability[found].mean() < MIN_CONFIDENCE:
        raise NoHeadFound(
            Message("No head with enough scalp in view was found in this photo.")
        )
    soft = np.where(found, np.maximum(probability, 0.5), np.minimum(probability, 0.5))
    size = (image.shape[1], image.shape[0])
    scalp = _largest(cv2.resize(soft, size, interpolation=cv2.INTER_LINEAR) > 0.5)
    return Detection(scalp, np.ascontiguousarray(np.moveaxis(answer[1:], 0, -1)))
