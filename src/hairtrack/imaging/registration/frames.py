"""Frames of reference: photo px, head widths about the scalp's centre, square canvases."""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

__all__ = ["canvas", "cut", "head_frame"]

_Array = NDArray[Any]
_Scalp = NDArray[np.bool_]


def head_frame(scalp: _Scalp) -> _Array:
    """Photo px -> head widths about the scalp's centre, (3, 3)."""
    step = max(1, max(scalp.shape) // 1024)
    moments = cv2.moments(np.ascontiguousarray(scalp[::step, ::step]).view(np.uint8), True)
    area = max(moments["m00"], 1.0)
    x, y = (step * moments[key] / area for key in ("m10", "m01"))
    width = step * np.sqrt(4 * area / np.pi)
    return np.array([[1 / width, 0, -x / width], [0, 1 / width, -y / width], [0, 0, 1]])


def canvas(side: float, width: int) -> _Array:
    """Head widths -> px of a square canvas that reaches `side` head widths, (3, 3)."""
    middle = side * width - 0.5
    return np.array([[width, 0, middle], [0, width, middle], [0, 0, 1.0]])


def cut(plane: _Array, frame: _Array, side: float, width: int) -> _Array:
    """Resample a photo to a canvas about the head, averaged over areas where it shrinks."""
    matrix = canvas(side, width) @ frame
    share = float(matrix[0, 0])
    step = 0.5 / share
    if step >= 1:
        size = (max(1, int(plane.shape[1] / step)), max(1, int(plane.shape[0] / step)))
        reduced = cv2.resize(plane, size, interpolation=cv2.INTER_AREA)
        back = np.array([plane.shape[1] / size[0], plane.shape[0] / size[1]])
        grow = np.array([[back[0], 0, back[0] / 2 - 0.5], [0, back[1], back[1] / 2 - 0.5]])
        matrix = matrix @ np.vstack((grow, (0, 0, 1)))
        plane = cv2.blur(reduced, (2, 2)) if share < 0.5 else reduced
    length = round(2 * side * width)
    return np.asarray(
        cv2.warpAffine(plane, matrix[:2], (length, length), borderMode=cv2.BORDER_REPLICATE)
    )
