"""Moving photograph -> baseline, by the outlines of the two scalps.

The simplest stage that can say no; texture is not used, since hair moves.
"""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from hairtrack.errors import RegistrationFailed
from hairtrack.imaging import region
from hairtrack.records import Registration, View

__all__ = ["register", "register_scalps", "warp"]

_Image = NDArray[np.uint8]
_Scalp = NDArray[np.bool_]
LEAST_OVERLAP = 0.8


def _disc(scalp: _Scalp) -> tuple[float, float, float]:
    moments = cv2.moments(scalp.astype(np.uint8), binaryImage=True)
    area = moments["m00"]
    return moments["m10"] / area, moments["m01"] / area, float(np.sqrt(area))


def _similarity(moving: _Scalp, baseline: _Scalp, turn: float) -> Any:
    x, y, size = _disc(moving)
    to_x, to_y, to_size = _disc(baseline)
    s = to_size / size
    c, n = s * np.cos(turn), s * np.sin(turn)
    return np.array([[c, -n, to_x - c * x + n * y], [n, c, to_y - n * x - c * y], [0, 0, 1]])


def _overlap(moving: _Scalp, baseline: _Scalp, matrix: Any) -> float:
    size = (baseline.shape[1], baseline.shape[0])
    moved = cv2.warpAffine(moving.astype(np.uint8), matrix[:2], size, flags=cv2.INTER_NEAREST)
    return float(((moved > 0) & baseline).sum() / max(1, ((moved > 0) | baseline).sum()))


def register_scalps(
    moving: _Image, moving_scalp: _Scalp, baseline: _Image, baseline_scalp: _Scalp, *, view: View | str
) -> Registration:
    """Lay one photograph over another by the outlines of their scalps."""
    if moving is baseline or np.array_equal(moving, baseline):
        matrix, overlap = np.eye(3), 1.0
    else:
        turns = np.radians(np.arange(-30, 31, 2))
        best = max(
            (_overlap(moving_scalp, baseline_scalp, _similarity(moving_scalp, baseline_scalp, t)) - 0.05 * abs(t), t)
            for t in turns
        )
        matrix = _similarity(moving_scalp, baseline_scalp, best[1])
        overlap = _overlap(moving_scalp, baseline_scalp, matrix)
    if overlap < LEAST_OVERLAP:
        raise RegistrationFailed("This photo cannot be laid over its baseline with certainty.")
    rows = tuple((float(a), float(b), float(c)) for a, b, c in matrix)
    scale = float(np.sqrt(abs(np.linalg.det(matrix[:2, :2]))))
    return Registration(
        matrix=(rows[0], rows[1], rows[2]), model="similarity", inliers=0, rms_px=0.0, scale=scale, overlap=overlap
    )


def register(moving: _Image, baseline: _Image, *, view: View | str = "vertex") -> Registration:
    """Find both scalps and lay one photograph over the other."""
    first = region.find_scalp(moving, view=view)
    return register_scalps(moving, first, baseline, region.find_scalp(baseline, view=view), view=view)


def warp(image: _Image, matrix: Any, shape: tuple[int, ...]) -> _Image:
    """Warp for display only."""
    size = (shape[1], shape[0])
    return np.asarray(cv2.warpPerspective(image, np.asarray(matrix, np.float64), size), np.uint8)
