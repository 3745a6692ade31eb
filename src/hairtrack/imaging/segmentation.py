"""Hair fraction per pixel.

Strands are thinner than pixels, so hair is a fraction, not a class. A small network,
trained on phantoms alone, reads it from the scalp at a standard scale: the photograph
is reduced, by area averaging, until the disc of the scalp's area is `SPAN` px across.
It is never enlarged. What lies outside the scalp is hidden from the network, so that
background and clothes cannot move the number.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from hairtrack.imaging import networks

__all__ = ["SPAN", "hair_fraction"]

SPAN = 288
"""Diameter, in px, of the disc of the scalp's area in the network's input."""

PLANES = 7
"""Channels of the network's input."""

LONGEST = 768
"""Longest side of the network's input, px; only very oblong regions reach it."""

_Image = NDArray[np.uint8]
_Scalp = NDArray[np.bool_]
_Floats = NDArray[np.float32]


def _window(scalp: _Scalp) -> tuple[slice, slice]:
    """Rows and columns that hold the scalp."""
    rows = np.flatnonzero(scalp.any(axis=1))
    columns = np.flatnonzero(scalp.any(axis=0))
    return slice(rows[0], rows[-1] + 1), slice(columns[0], columns[-1] + 1)


def _reduced_size(shape: tuple[int, ...], area: int) -> tuple[int, int]:
    """Even height and width of the window at the standard scale."""
    share = min(1.0, SPAN / np.sqrt(4 * area / np.pi), LONGEST / max(shape))
    height, width = (max(2, 2 * round(length * share / 2)) for length in shape[:2])
    return height, width


def _blur(plane: _Floats, side: int) -> _Floats:
    """Mean over a square of odd `side`, nothing beyond the border."""
    return np.asarray(cv2.blur(plane, (side, side), borderType=cv2.BORDER_CONSTANT))


def features(image: _Image, scalp: _Scalp) -> _Floats:
    """Return what the network sees of a photograph at the standard scale.

    Parameters
    ----------
    image : (H, W, 3) uint8
        sRGB, reduced to the standard scale.
    scalp : (H, W) bool
        True on scalp, at the same scale.

    Returns
    -------
    (7, H, W) float32
        Red, green and blue in [-1, 1]; the scalp; contrast within 5 and within 15 px,
        relative to the local tone, as hair is rough and skin is smooth; tone relative
        to the whole scalp. All 0 outside the scalp.
    """
    inside = scalp.astype(np.float32)
    tone = np.asarray(cv2.cvtColor(image, cv2.COLOR_RGB2GRAY), np.float32)
    tone = tone * inside / np.float32(255)
    planes = np.empty((PLANES, *scalp.shape), np.float32)
    shares = (image.astype(np.float32) / np.float32(127.5) - 1) * inside[..., None]
    planes[:3] = np.moveaxis(shares, -1, 0)
    planes[3] = inside
    for plane, side in ((4, 5), (5, 15)):
        share = np.maximum(_blur(inside, side), np.float32(1e-3))
        mean = _blur(tone, side) / share
        spread = np.maximum(_blur(tone * tone, side) / share - mean * mean, 0)
        contrast = 2 * np.sqrt(spread) / (mean + np.float32(0.04))
        planes[plane] = np.minimum(contrast, np.float32(1.5)) * inside
    area = max(float(inside.sum()), 1.0)
    mean_tone = float(tone.sum()) / area
    spread_tone = float(
        np.sqrt(max(float((tone * tone).sum()) / area - mean_tone**2, 1e-4))
    )
    planes[6] = np.clip((tone - mean_tone) / (3 * spread_tone), -1, 1) * inside
    return planes


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
    >>> from hairtrack.imaging import phantom
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
    height, width = _reduced_size(region.shape, int(region.sum()))
    size = (width, height)
    small = np.asarray(cv2.resize(part, size, interpolation=cv2.INTER_AREA), np.uint8)
    share = cv2.resize(region.astype(np.float32), size, interpolation=cv2.INTER_AREA)
    planes, top, left = _framed(features(small, share > 0.5))
    logits = networks.logits("hair", planes)
    found = np.asarray(1 / (1 + np.exp(-logits)), np.float32)
    fine = cv2.resize(found, planes.shape[:0:-1], interpolation=cv2.INTER_LINEAR)
    inside = fine[top : top + height, left : left + width]
    size = (region.shape[1], region.shape[0])
    hair[window] = cv2.resize(inside, size, interpolation=cv2.INTER_LINEAR) * region
    return hair
