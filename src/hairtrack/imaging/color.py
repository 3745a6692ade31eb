"""sRGB codes to linear light and back; hair and skin mix in linear light.

scikit-image has no such function of its own: its conversions go on to XYZ. A grey-world
white balance is not used, since the mean colour depends on the amount of hair.

References
----------
IEC 61966-2-1:1999, "Default RGB colour space - sRGB".
"""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt

__all__ = ["reduce", "to_linear", "to_srgb"]

_STEPS = 65_536
"""Entries of the table back to codes: the narrowest code is 20 entries wide."""


def _build_to_linear() -> npt.NDArray[np.float32]:
    code = np.arange(256) / 255
    light = np.where(code <= 0.04045, code / 12.92, ((code + 0.055) / 1.055) ** 2.4)
    return light.astype(np.float32)


def _build_to_code() -> npt.NDArray[np.uint8]:
    light = np.linspace(0, 1, _STEPS)
    code = np.where(light <= 0.0031308, 12.92 * light, 1.055 * light ** (1 / 2.4) - 0.055)
    return np.asarray(np.rint(255 * code), np.uint8)


_TO_LINEAR = _build_to_linear()
_TO_CODE = _build_to_code()
_TO_LINEAR_16 = np.asarray(np.rint((_STEPS - 1) * _TO_LINEAR), np.uint16)


def to_linear(image: npt.NDArray[np.uint8]) -> npt.NDArray[np.float32]:
    """Return the linear light of sRGB codes.

    Parameters
    ----------
    image : (H, W, 3) or (H, W), uint8
        sRGB.

    Returns
    -------
    float32, like `image`
        Linear light in [0, 1].

    Raises
    ------
    ValueError
        If the array is not uint8.

    Examples
    --------
    >>> to_linear(np.array([[0, 188, 255]], np.uint8)).round(2).tolist()
    [[0.0, 0.5, 1.0]]
    """
    if image.dtype != np.uint8:
        raise ValueError("sRGB codes are uint8")
    return np.asarray(cv2.LUT(image, _TO_LINEAR), np.float32)


def to_srgb(linear: npt.NDArray[np.float32]) -> npt.NDArray[np.uint8]:
    """Return the sRGB codes of linear light; what is out of range is clipped.

    Parameters
    ----------
    linear : (H, W, 3) or (H, W), float32
        Linear light in [0, 1].

    Returns
    -------
    uint8, like `linear`
        sRGB.

    Raises
    ------
    ValueError
        If the array does not hold floating-point numbers.

    Examples
    --------
    >>> to_srgb(np.array([[-1, 0.5, 1]], np.float32)).tolist()
    [[0, 188, 255]]
    """
    if not np.issubdtype(linear.dtype, np.floating):
        raise ValueError("linear light is a floating-point number")
    entry = np.clip(np.nan_to_num(linear), 0, 1) * (_STEPS - 1)
    return _TO_CODE[np.rint(entry).astype(np.uint16)]


def reduce(image: npt.NDArray[np.uint8], size: tuple[int, int]) -> npt.NDArray[np.uint8]:
    """Reduce a picture by area averaging in linear light.

    Parameters
    ----------
    image : (H, W, 3) uint8
        sRGB.
    size : tuple of int
        Width and height of the result, px; not larger than the picture's.

    Returns
    -------
    (height, width, 3) uint8
        sRGB.

    Examples
    --------
    >>> bars = np.zeros((2, 2, 3), np.uint8)
    >>> bars[:, 0] = 255
    >>> reduce(bars, (1, 1)).tolist()
    [[[188, 188, 188]]]
    """
    if (image.shape[1], image.shape[0]) == size:
        return image
    linear = cv2.LUT(image, _TO_LINEAR_16)
    small = cv2.resize(linear, size, interpolation=cv2.INTER_AREA)
    return np.asarray(_TO_CODE[small], np.uint8)
