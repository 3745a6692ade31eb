"""Where on a photograph a doubt lies, for the eye; `quality` holds the numbers.

What is found here rests on the same limits as the flags, and stops nothing either.
"""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np
from numpy.typing import NDArray

from hairtrack.imaging import color, quality
from hairtrack.records import QualityFlag

__all__ = ["find_sharpest", "locate", "remove_colour_cast"]

_Image = NDArray[np.uint8]
_Scalp = NDArray[np.bool_]

_EDGE = 0.012
"""Depth of a cut edge as it is marked, a share of the photograph's longer side."""


def locate(image: _Image, scalp: _Scalp, flag: QualityFlag) -> _Scalp | None:
    """Return where on the scalp the reason of a doubt lies.

    Parameters
    ----------
    image : (H, W, 3) uint8
        sRGB photograph.
    scalp : (H, W) bool
        True on scalp.
    flag : QualityFlag
        The doubt.

    Returns
    -------
    (H, W) bool or None
        `None` for a doubt about the photograph as a whole.

    Raises
    ------
    ValueError
        If the arrays differ in height or width.
    """
    if scalp.shape != image.shape[:2]:
        raise ValueError(f"scalp must be {image.shape[:2]}, like the image")
    find = _FINDERS.get(flag)
    return None if find is None else find(image, scalp)


def find_sharpest(image: _Image, scalp: _Scalp, *, side: int) -> tuple[int, int]:
    """Return the upper left corner (x, y) of the square of the scalp with most detail.

    Parameters
    ----------
    image : (H, W, 3) uint8
        sRGB photograph.
    scalp : (H, W) bool
        True on scalp.
    side : int
        Of the square, px; it lies inside the photograph, and in the scalp as far as it
        can.

    Returns
    -------
    (int, int)
        px.
    """
    # A little smoothing, so that the noise of the sensor does not pass for detail.
    green = cv2.GaussianBlur(np.ascontiguousarray(image[..., 1]), (0, 0), 1.0)
    detail = np.abs(cv2.Laplacian(green, cv2.CV_32F)) * scalp
    height, width = scalp.shape
    middle = side // 2, side // 2
    found, share = (
        cv2.blur(plane, (side, side), anchor=middle, borderType=cv2.BORDER_CONSTANT)
        for plane in (detail, scalp.astype(np.float32))
    )
    found[share < 0.98 * share.max()] = -1.0
    top, left = np.unravel_index(int(np.argmax(found)), found.shape)
    x = int(np.clip(left - side // 2, 0, max(0, width - side)))
    y = int(np.clip(top - side // 2, 0, max(0, height - side)))
    return x, y


def remove_colour_cast(image: _Image, scalp: _Scalp) -> _Image:
    """Take the colour of the light off a photograph, for the eye only.

    One factor of linear light for each colour brings the mean colour of the scalp to the
    middle of what counts as ordinary light.
    """
    light = color.to_linear(image)
    red, green, blue = light[scalp].mean(axis=0) + 1e-4
    warmth, tint = (
        float(np.sqrt(low * high)) for low, high in (quality.WARMTH, quality.TINT)
    )
    level = np.sqrt(red * blue)
    wanted = np.array([level * np.sqrt(warmth), level * tint, level / np.sqrt(warmth)])
    gains = wanted / np.array([red, green, blue])
    # As bright as it was: green weighs most for the eye.
    gains *= (0.2 * red + 0.7 * green + 0.1 * blue) / (wanted @ np.array([0.2, 0.7, 0.1]))
    return color.to_srgb(np.clip(light * gains.astype(np.float32), 0, 1))


def _find_glare(image: _Image, scalp: _Scalp) -> _Scalp:
    found = np.zeros(scalp.shape, np.uint8)
    area = int(np.count_nonzero(scalp))
    if area:
        shining = quality.find_shine(quality.reduce(image, scalp, area)).view(np.uint8)
        left, top, width, height = cv2.boundingRect(scalp.view(np.uint8))
        found[top : top + height, left : left + width] = cv2.resize(
            shining, (width, height), interpolation=cv2.INTER_NEAREST
        )
    return (found > 0) & scalp


def _find_clipped(image: _Image, scalp: _Scalp) -> _Scalp:
    return np.asarray((image.max(axis=2) >= quality.FULL) & scalp, np.bool_)


def _find_dark(image: _Image, scalp: _Scalp) -> _Scalp:
    return np.asarray((image.max(axis=2) <= quality.BLACK) & scalp, np.bool_)


def _find_cut(image: _Image, scalp: _Scalp) -> _Scalp:
    """Return a band along the frame where the scalp runs out of it."""
    deep = max(1, round(_EDGE * max(scalp.shape)))
    found = np.zeros(scalp.shape, np.bool_)
    found[:deep] |= scalp[0]
    found[-deep:] |= scalp[-1]
    found[:, :deep] |= scalp[:, :1]
    found[:, -deep:] |= scalp[:, -1:]
    return found


def _find_repeats(image: _Image, scalp: _Scalp) -> _Scalp:
    """Return the patches that recur exactly beside or below themselves."""
    found = np.zeros(scalp.shape, np.uint8)
    across = quality.find_across(image, scalp)
    found[:, : across.shape[1]] |= across
    turned = np.ascontiguousarray(image.transpose(1, 0, 2))
    down = quality.find_across(turned, np.ascontiguousarray(scalp.T)).T
    found[: down.shape[0]] |= down
    reach = 3 * quality.BLOCK + 1  # as far as the second of both patches
    return (cv2.dilate(found, np.ones((reach, reach), np.uint8)) > 0) & scalp


_FINDERS: dict[QualityFlag, Callable[[_Image, _Scalp], _Scalp]] = {
    QualityFlag.DARK: _find_dark,
    QualityFlag.BRIGHT: _find_clipped,
    QualityFlag.SATURATED: _find_clipped,
    QualityFlag.GLARE: _find_glare,
    QualityFlag.CROPPED: _find_cut,
    QualityFlag.DAMAGED: _find_repeats,
}
