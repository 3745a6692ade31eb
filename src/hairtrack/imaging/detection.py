"""Detection of the scalp, and of head coordinates on it.

A network sees the whole photograph at 256 px and gives for every pixel the probability of
scalp: skin that bears, or once bore, terminal head hair, together with hair that overhangs
it. The largest piece is kept, with its holes filled. Another network, at 160 px, gives the
place of every pixel on the head, as a point of the unit sphere: x to the subject's left,
y to the front, z up. It reads them from outline, ears, nose, neck and hairline, so they do
not depend on what the hair did. training/README.md says how both were trained.
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

SIDES = {"region": 256, "coordinates": 160}
"""Longer side, in px, at which each network sees a photograph."""

MIN_AREA = 0.02
"""Share of the photograph; a smaller region is not a head. Chosen by hand."""

MAX_AREA = 0.9
"""Share of the photograph; a larger region is a wall, since surroundings always show."""

MIN_CONFIDENCE = 0.8
"""Mean probability inside the outline; below it the region is not a head. 37 real and drawn
heads had 0.91 to 0.98, second shots of them 0.85 and more, things on a table 0.54 to 0.64.
A cat's face has 0.84: such photographs are flagged as unfamiliar."""

_Image = NDArray[np.uint8]
_Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True, eq=False)
class Detection:
    """What the region network finds in a photograph.

    Attributes
    ----------
    scalp : (H, W) bool
        True on scalp; one piece without holes.
    distance : float
        How far the photograph lies from those of the training: root mean square of the
        network's features in units of their spread; about 1 for photographs alike.
    """

    scalp: NDArray[np.bool_]
    distance: float


def _run(name: str, image: _Image) -> list[_Floats]:
    """Run a network over the whole photograph; maps are (K, h, w)."""
    side = SIDES[name]
    height, width = image.shape[:2]
    share = side / max(height, width)
    rows, columns = (max(2, 2 * round(length * share / 2)) for length in (height, width))
    small = cv2.resize(image, (columns, rows), interpolation=cv2.INTER_AREA)
    top, left = (side - rows) // 2, (side - columns) // 2
    planes = np.zeros((3, side, side), np.float32)
    shares = small.astype(np.float32) / np.float32(127.5) - 1
    planes[:, top : top + rows, left : left + columns] = np.moveaxis(shares, -1, 0)
    maps, *rest = networks.run(name, planes)
    fine = np.stack([cv2.resize(plane, (side, side)) for plane in maps])
    return [fine[:, top : top + rows, left : left + columns], *rest]


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
    """Find where on the head the pixels of a photograph lie.

    Parameters
    ----------
    image : (H, W, 3) uint8
        sRGB photograph.

    Returns
    -------
    (h, w, 3) float32
        Point of the head's unit sphere for every cell of a coarse grid over the photo;
        valid on the scalp only.
    """
    maps, *_ = _run("coordinates", image)
    return np.ascontiguousarray(np.moveaxis(maps[1:], 0, -1))


def detect(image: _Image, *, scalp: NDArray[np.bool_] | None = None) -> Detection:
    """Find the scalp, and how far the photograph lies from those of the training.

    Parameters
    ----------
    image : (H, W, 3) uint8
        sRGB photograph.
    scalp : (H, W) bool, optional
        Scalp as a person gives it; found if left out.

    Raises
    ------
    NoHeadFound
        If no head with enough scalp is in view.
    ValueError
        If the array is no colour photograph.
    """
    if image.ndim != 3 or image.shape[2] != 3 or image.dtype != np.uint8:
        raise ValueError(f"image must be (H, W, 3) uint8, not {image.shape} {image.dtype}")
    maps, far = _run("region", image)
    distance = float(np.sqrt(far.mean()))
    if scalp is not None:
        return Detection(scalp, distance)
    probability = 1 / (1 + np.exp(-maps[0]))
    found = _largest(probability > 0.5)
    plausible = MIN_AREA <= found.mean() <= MAX_AREA
    if not plausible or probability[found].mean() < MIN_CONFIDENCE:
        raise NoHeadFound(
            Message("No head with enough scalp in view was found in this photo.")
        )
    soft = np.where(found, np.maximum(probability, 0.5), np.minimum(probability, 0.5))
    size = (image.shape[1], image.shape[0])
    scalp = _largest(cv2.resize(soft, size, interpolation=cv2.INTER_LINEAR) > 0.5)
    return Detection(scalp, distance)
