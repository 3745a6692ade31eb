"""Hair fraction per pixel.

Strands are thinner than pixels, so hair is a fraction, not a class. A small network,
trained on phantoms alone, reads it from the scalp at a standard scale: the photograph
is reduced, by area averaging, until the disc of the scalp's area is `SPAN` px across.
It is never enlarged. The network also sees a margin around the scalp, because ears,
forehead and neck tell what the skin's colour is in this light; and it sees colours
relative to the head's own mean and spread, so that light moves the answer little.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from hairtrack.imaging import networks

__all__ = ["SPAN", "hair_fraction"]

SPAN = 320
"""Diameter, in px, of the disc of the scalp's area at the standard scale."""

MARGIN = 0.14
"""What the network sees around the scalp, as a share of that diameter."""

PLANES = 12
"""Channels of the network's input, which has half the standard scale's pixels a side."""

LONGEST = 768
"""Longest side of the window at the standard scale, px; only very oblong regions
reach it."""

_Image = NDArray[np.uint8]
_Scalp = NDArray[np.bool_]
_Floats = NDArray[np.float32]


def _window(scalp: _Scalp) -> tuple[slice, slice]:
    """Rows and columns that hold the scalp and a margin around it."""
    margin = round(MARGIN * np.sqrt(4 * scalp.sum() / np.pi))
    spans = []
    for axis in (1, 0):
        there = np.flatnonzero(scalp.any(axis=axis))
        first, last = int(there[0]) - margin, int(there[-1]) + 1 + margin
        spans.append(slice(max(0, first), min(last, scalp.shape[1 - axis])))
    return spans[0], spans[1]


def _reduced_size(shape: tuple[int, ...], area: int) -> tuple[int, int]:
    """Height and width of the window at the standard scale, multiples of 4."""
    share = min(1.0, SPAN / np.sqrt(4 * area / np.pi), LONGEST / max(shape))
    height, width = (max(4, 4 * round(length * share / 4)) for length in shape[:2])
    return height, width


def _spread(tone: _Floats, inside: _Floats, side: int) -> tuple[_Floats, _Floats]:
    """Mean and standard deviation of the scalp's tone over a square of odd `side`."""
    size = (side, side)
    share, mean, square = (
        np.asarray(cv2.blur(plane, size, borderType=cv2.BORDER_CONSTANT), np.float32)
        for plane in (inside, tone * inside, tone * tone * inside)
    )
    share = np.maximum(share, np.float32(1e-3))
    mean = mean / share
    return mean, np.sqrt(np.maximum(square / share - mean * mean, 0))


def features(image: _Image, scalp: _Scalp) -> _Floats:
    """Return what the network sees of a photograph at the standard scale.

    Parameters
    ----------
    image : (H, W, 3) uint8
        sRGB at the standard scale; H and W are even.
    scalp : (H, W) bool
        True on scalp.

    Returns
    -------
    (12, H / 2, W / 2) float32
        Red, green and blue in [-1, 1]; the scalp; the three colours less their mean over
        the scalp, in units of three spreads of its tone; darkest and lightest tone
        within 5 px in the same units; contrast within 5 and within 15 px in units of
        the spread, and within 5 px relative to the local tone, as hair is rough and
        skin is smooth. Means of 2 x 2 px.
    """
    inside = scalp.astype(np.float32)
    colours = image.astype(np.float32) / np.float32(255)
    tone = np.asarray(cv2.cvtColor(image, cv2.COLOR_RGB2GRAY), np.float32) / np.float32(255)
    area = max(float(inside.sum()), 1.0)
    mean = float((tone * inside).sum()) / area
    variance = float((tone * tone * inside).sum()) / area - mean * mean
    unit = np.float32(np.sqrt(max(variance, 4e-4)))
    average = np.einsum("ijk,ij->k", colours, inside) / np.float32(area)
    square = np.ones((5, 5), np.uint8)
    local, fine = _spread(tone, inside, 5)
    _, coarse = _spread(tone, inside, 15)
    relative = np.clip((colours - average) / (3 * unit), -1.5, 1.5)
    ends = [(reach(tone, square) - mean) / (3 * unit) for reach in (cv2.erode, cv2.dilate)]
    planes = (
        *np.moveaxis(colours * 2 - 1, -1, 0),
        inside,
        *np.moveaxis(relative, -1, 0),
        *(np.clip(end, -1.5, 1.5) * inside for end in ends),
        np.minimum(fine / unit, 2) * inside,
        np.minimum(coarse / unit, 2) * inside,
        np.minimum(2 * fine / (local + np.float32(0.04)), 1.5) * inside,
    )
    half = (scalp.shape[1] // 2, scalp.shape[0] // 2)
    return np.stack(
        [
            cv2.resize(np.asarray(plane, np.float32), half, interpolation=cv2.INTER_AREA)
            for plane in planes
        ]
    )


def _framed(planes: _Floats) -> tuple[_Floats, int, int]:
    """Network input with even margins, and the margins above and to the left."""
    height, width = planes.shape[1:]
    rows, columns = (
        -(-side // networks.BORDER) * networks.BORDER for side in (height, width)
    )
    top, left = (rows - height) // 2, (columns - width) // 2
    framed = np.zeros((len(planes), rows, columns), np.float32)
    framed[:, top : top + height, left : left + width] = planes
    return framed, top, left


def hair_fraction(image: _Image, scalp: _Scalp) -> _Floats:
    """Estimate which fraction of every pixel of the scalp is hair.

    Parameters
    ----------
    image : (H, W, 3) uint8
        sRGB photograph.
    scalp : (H, W) bool
        True on scalp.

    Returns
    -------
    (H, W) float32
        In [0, 1]; 0 outside the scalp.

    Raises
    ------
    ValueError
        If an array has a wrong shape or type.

    Examples
    --------
    >>> import hairtrack_phantom as phantom
    >>> rng = np.random.default_rng(3)
    >>> photo = phantom.photograph(phantom.random_head(rng), phantom.random_shot(rng))
    >>> hair = hair_fraction(photo.image, photo.scalp)
    >>> hair.shape == photo.scalp.shape
    True
    """
    if image.ndim != 3 or image.shape[2] != 3 or image.dtype != np.uint8:
        raise ValueError(f"image must be (H, W, 3) uint8, not {image.shape} {image.dtype}")
    if scalp.shape != image.shape[:2] or scalp.dtype != np.bool_:
        raise ValueError(
            f"scalp must be {image.shape[:2]} bool, not {scalp.shape} {scalp.dtype}"
        )
    hair = np.zeros(scalp.shape, np.float32)
    if not scalp.any():
        return hair
    window = _window(scalp)
    part, region = image[window], scalp[window]
    size = _reduced_size(region.shape, int(region.sum()))[::-1]
    small = np.asarray(cv2.resize(part, size, interpolation=cv2.INTER_AREA), np.uint8)
    share = cv2.resize(region.astype(np.float32), size, interpolation=cv2.INTER_AREA)
    planes, top, left = _framed(features(small, share > 0.5))
    logits = networks.logits("hair", planes)[0]
    found = np.asarray(1 / (1 + np.exp(-logits)), np.float32)
    fine = cv2.resize(found, planes.shape[:0:-1], interpolation=cv2.INTER_LINEAR)
    inside = fine[top : top + size[1] // 2, left : left + size[0] // 2]
    hair[window] = (
        cv2.resize(inside, region.shape[::-1], interpolation=cv2.INTER_LINEAR) * region
    )
    return hair
