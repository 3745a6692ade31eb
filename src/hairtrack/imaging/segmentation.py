"""Hair fraction per pixel.

Strands are thinner than pixels, so hair is a fraction, not a class. A network reads it
from the scalp at a standard scale: the photograph is reduced, by area averaging in
linear light, until the disc of the scalp's area is `SPAN` px across. It is never
enlarged. The network also sees a margin around the scalp, because ears, forehead and neck
tell what the skin's colour is in this light; and it sees colours relative to the head's
own mean and spread, so that light moves the answer little. training/README.md says how
it was trained, and on what.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from hairtrack.imaging import networks
from hairtrack.imaging.color import reduce

__all__ = ["SPAN", "features", "hair_fraction"]

SPAN = 448
"""Diameter, in px, of the disc of the scalp's area at the standard scale. Of 320, 448 and
640 px, 448 told hair from skin best at the points read by eye; see docs/accuracy.md."""

MARGIN = 0.12
"""What the network sees around the scalp, as a share of that diameter."""

PLANES = 14
"""Channels of the network's input."""

LONGEST = 896
"""Longest side of the window at the standard scale, px; only oblong regions reach it."""

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
    """Width and height of the window at the standard scale; even, so that turns fit."""
    share = min(1.0, SPAN / np.sqrt(4 * area / np.pi), LONGEST / max(shape))
    return max(8, int(shape[1] * share / 2) * 2), max(8, int(shape[0] * share / 2) * 2)


def _local(tone: _Floats, inside: _Floats, side: int) -> tuple[_Floats, _Floats]:
    """Mean and standard deviation of the scalp's tone over a square of odd `side`."""
    size = (side, side)
    share, mean, square = (
        cv2.blur(plane, size, borderType=cv2.BORDER_CONSTANT)
        for plane in (inside, tone * inside, tone * tone * inside)
    )
    share = np.maximum(share, np.float32(1e-3))
    level = np.asarray(mean / share, np.float32)
    spread = np.sqrt(np.maximum(square / share - level * level, 0))
    return level, np.asarray(spread, np.float32)


def _coherence(tone: _Floats, side: int) -> _Floats:
    """How much the gradient keeps one direction, in [0, 1]: strands do, speckle does not.

    The anisotropy of the structure tensor over a square of odd `side` [1]_.

    References
    ----------
    .. [1] J. Bigun, G. Granlund, "Optimal orientation detection of linear symmetry",
       ICCV 1987.
    """
    right = cv2.Sobel(tone, cv2.CV_32F, 1, 0, ksize=3)
    down = cv2.Sobel(tone, cv2.CV_32F, 0, 1, ksize=3)
    xx, yy, xy = (
        cv2.blur(product, (side, side))
        for product in (right * right, down * down, right * down)
    )
    anisotropy = np.sqrt((xx - yy) ** 2 + 4 * xy * xy) / (xx + yy + np.float32(1e-4))
    return np.asarray(anisotropy, np.float32)


def features(image: _Image, scalp: _Scalp) -> _Floats:
    """Return what the network sees of a photograph at the standard scale.

    Parameters
    ----------
    image : (H, W, 3) uint8
        sRGB at the standard scale.
    scalp : (H, W) bool
        True on scalp.

    Returns
    -------
    (14, H, W) float32
        Red, green and blue in [-1, 1]; the scalp; the three colours less their mean over
        the scalp, in units of three spreads of its tone; tone relative to its
        surroundings (29 px); contrast within 5 and within 29 px relative to the local
        tone; contrast within 5 px in units of the head's spread; local mean relative to
        the head's; coherence of direction within 9 px; the scale, as octaves below `SPAN`.
    """
    inside = scalp.astype(np.float32)
    colour = image.astype(np.float32) / np.float32(255)
    tone = np.asarray(cv2.cvtColor(image, cv2.COLOR_RGB2GRAY), np.float32) / np.float32(255)
    area = max(float(inside.sum()), 1.0)
    mean = float((tone * inside).sum()) / area
    variance = float((tone * tone * inside).sum()) / area - mean * mean
    unit = np.float32(np.sqrt(max(variance, 4e-4)))
    average = np.einsum("ijk,ij->k", colour, inside) / np.float32(area)
    near, fine = _local(tone, inside, 5)
    wide, coarse = _local(tone, inside, 29)
    relative = np.clip((colour - average) / (3 * unit), -1.5, 1.5)
    dim = np.float32(0.04)
    octaves = np.log2(max(np.sqrt(4 * area / np.pi), 1.0) / SPAN)
    planes = [
        *np.moveaxis(colour * 2 - 1, -1, 0),
        inside,
        *np.moveaxis(relative, -1, 0),
        np.clip((tone - wide) / (wide + dim) * 2, -1.5, 1.5) * inside,
        np.minimum(2 * fine / (near + dim), 1.5) * inside,
        np.minimum(2 * coarse / (wide + dim), 1.5) * inside,
        np.minimum(fine / unit, 2) * inside,
        np.clip((wide - mean) / (3 * unit), -1.5, 1.5) * inside,
        _coherence(tone, 9) * inside,
        np.float32(np.clip(octaves, -2, 1)) * inside,
    ]
    return np.stack(planes).astype(np.float32, copy=False)


def _padded(planes: _Floats) -> tuple[_Floats, int, int]:
    """Network input with margins of 0, and the margins above and to the left."""
    height, width = planes.shape[1:]
    rows, columns = (
        -(-side // networks.BORDER) * networks.BORDER for side in (height, width)
    )
    top, left = (rows - height) // 2, (columns - width) // 2
    padded = np.zeros((len(planes), rows, columns), np.float32)
    padded[:, top : top + height, left : left + width] = planes
    return padded, top, left


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
    >>> import numpy as np
    >>> image = np.full((320, 320, 3), (210, 170, 145), np.uint8)
    >>> yy, xx = np.mgrid[:320, :320]
    >>> scalp = (xx - 160) ** 2 + (yy - 160) ** 2 < 120**2
    >>> hair_fraction(image, scalp).shape
    (320, 320)
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
    size = _reduced_size(region.shape, int(region.sum()))
    small = reduce(np.ascontiguousarray(part), size)
    share = cv2.resize(region.astype(np.float32), size, interpolation=cv2.INTER_AREA)
    planes, top, left = _padded(features(small, share > 0.5))
    logit = networks.run("hair", planes)[0][0]
    found = np.asarray(1 / (1 + np.exp(-logit)), np.float32)
    fine = cv2.resize(found, planes.shape[:0:-1], interpolation=cv2.INTER_LINEAR)
    inside = fine[top : top + size[1], left : left + size[0]]
    hair[window] = (
        cv2.resize(inside, region.shape[::-1], interpolation=cv2.INTER_LINEAR) * region
    )
    return hair
