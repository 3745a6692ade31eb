"""Alignment by what stays when hair moves: the outline of the scalp, and its smooth field.

The field is tone and colour on the scalp without its fine detail: skin against hair,
hairline, thinning, part.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray
from scipy import optimize

from hairtrack.imaging.registration.correspondences import canvas, resample

__all__ = ["Shape", "align", "extract_shape", "similarity"]

FIELD_WIDTH = 64
"""Head width, px, of outline and field; strands vanish at this scale."""

REACH = 0.72
"""Half side of their canvas in head widths: no scalp reaches farther from its centre."""

FIELD_SHARE = 3.0
"""Weight of the field beside the outline, the best of 1, 3 and 10 on phantoms of the
validation split (docs/accuracy.md)."""

TURNS = np.radians((0, -10, 10, -20, 20, -32, 32, -45, 45))
"""Starting turns: photographs held by hand turn by up to 45 degrees."""

_Image = NDArray[np.uint8]
_Scalp = NDArray[np.bool_]
_Array = NDArray[Any]


@dataclass(frozen=True, slots=True)
class Shape:
    """One photograph, in a frame of its own about the centre of its scalp.

    `outline` is the signed distance to the scalp's edge and `field` tone and colour,
    (N, N) and (N, N, 3); `scalp` is 1 on scalp.
    """

    outline: _Array
    field: _Array
    scalp: _Array


def _smooth(plane: _Array, weight: _Array, sigma: float) -> _Array:
    """Gaussian mean of a plane where it has weight."""
    total = cv2.GaussianBlur(weight, (0, 0), sigma)
    return np.asarray(
        cv2.GaussianBlur(plane * weight, (0, 0), sigma) / np.maximum(total, 1e-3)
    )


def extract_shape(image: _Image, scalp: _Scalp, frame: _Array) -> Shape:
    """Return outline and field of one photograph; `frame` is photo px -> head widths."""
    small = resample(image, frame, REACH, FIELD_WIDTH).astype(np.float32) / 255
    share = resample(scalp.astype(np.uint8) * 255, frame, REACH, FIELD_WIDTH) > 127
    inside = share.astype(np.uint8)
    distance = cv2.distanceTransform(inside, cv2.DIST_L2, 5) - cv2.distanceTransform(
        1 - inside, cv2.DIST_L2, 5
    )
    outline = cv2.GaussianBlur((distance / FIELD_WIDTH).astype(np.float32), (0, 0), 1.0)
    linear = small**2.2 + np.float32(0.01)
    weight = inside.astype(np.float32)
    planes = []
    for plane in (
        np.log(linear.mean(axis=2)),
        np.log(linear[..., 0] / linear[..., 1]),
        np.log(linear[..., 2] / linear[..., 1]),
    ):
        fine = _smooth(plane, weight, 0.025 * FIELD_WIDTH)
        planes.append((fine - _smooth(plane, weight, 0.22 * FIELD_WIDTH)) * weight)
    field = np.stack(planes, axis=-1).astype(np.float32)
    return Shape(outline=outline, field=field, scalp=weight)


def similarity(pose: _Array) -> _Array:
    """Turn, log scale and shift (baseline -> moving, head widths) as (3, 3)."""
    turn, size, x, y = pose
    c, s = np.exp(size) * np.cos(turn), np.exp(size) * np.sin(turn)
    return np.array([[c, -s, x], [s, c, y], [0, 0, 1]])


def _moved(plane: _Array, pose: _Array, border: float) -> _Array:
    """Sample a plane of the moving photograph at the pixels of the baseline's."""
    frame = canvas(REACH, FIELD_WIDTH)
    matrix = frame @ similarity(pose) @ np.linalg.inv(frame)
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    size = plane.shape[1::-1]
    return np.asarray(
        cv2.warpAffine(plane, matrix[:2], size, flags=flags, borderValue=border)
    )


def _outline_cost(pose: _Array, moving: Shape, baseline: Shape) -> float:
    """Mean squared distance of the outlines, in (2 % of the head's width)^2, bounded."""
    near = np.abs(baseline.outline) < 0.06
    away = _moved(moving.outline, pose, -REACH)[near] - baseline.outline[near]
    relative = (away / 0.02) ** 2
    return float((relative / (1 + relative / 6)).mean())


def _field_cost(pose: _Array, moving: Shape, baseline: Shape) -> float:
    """One minus the correlation of tone and colour on the common scalp."""
    common = _moved(moving.scalp, pose, 0) * baseline.scalp
    moved = _moved(moving.field, pose, 0)
    product = (moved * baseline.field * common[..., None]).sum(axis=(0, 1))
    energy = (moved**2 * common[..., None]).sum(axis=(0, 1))
    kept = (baseline.field**2 * common[..., None]).sum(axis=(0, 1))
    floor = 1e-3 * max(float(common.sum()), 1.0)
    weight = np.sqrt(energy * kept) / (np.sqrt(energy * kept) + floor)
    return float((weight * (1 - product / (np.sqrt(energy * kept) + floor))).sum())


def _prior_cost(pose: _Array) -> float:
    """Return the prior cost of a pose: large turns and other scales are unlikely."""
    return float((pose[0] / 0.6) ** 2 + (pose[1] / 0.12) ** 2)


def _distance(first: _Array, last: _Array) -> float:
    """Root mean square distance of two poses over the scalp, in head widths."""
    angle = np.linspace(0, 2 * np.pi, 24, endpoint=False)
    points = 0.4 * np.stack((np.cos(angle), np.sin(angle), np.full(24, 2.5)))
    away = (similarity(first) - similarity(last))[:2] @ points
    return float(np.sqrt((away**2).sum(axis=0).mean()))


def _cost(
    pose: _Array,
    moving: Shape,
    baseline: Shape,
    outline: float = 1.0,
    field: float = FIELD_SHARE,
) -> float:
    """Return the cost of a pose by outline and field in the given weights."""
    total = 0.05 * _prior_cost(pose) + outline * _outline_cost(pose, moving, baseline)
    if field:
        total += field * _field_cost(pose, moving, baseline)
    return total


def _refine(pose: _Array, *arguments: Any, steps: int = 260) -> Any:
    """Return the best pose near a start; the arguments are those of `_cost`."""
    simplex = np.vstack((pose, pose + np.diag((0.06, 0.03, 0.02, 0.02))))
    options = {"initial_simplex": simplex, "xatol": 5e-4, "fatol": 1e-4, "maxfev": steps}
    return optimize.minimize(
        _cost, pose, args=arguments, method="Nelder-Mead", options=options
    )


def _pose(matrix: _Array) -> _Array:
    """Turn, log scale and shift (baseline -> moving) of a matrix moving -> baseline."""
    back = np.linalg.inv(matrix)
    size = np.log(np.hypot(back[0, 0], back[1, 0]))
    return np.array((np.arctan2(back[1, 0], back[0, 0]), size, back[0, 2], back[1, 2]))


def align(moving: Shape, baseline: Shape, start: _Array | None) -> tuple[_Array, float]:
    """Return the best pose (baseline -> moving), and how far outline and field disagree.

    Outline and field are each asked alone, from the best pose; the distance of their
    poses is in head widths. `start` is a matrix moving -> baseline to begin with.
    """
    turns = [np.array((turn, 0.0, 0.0, 0.0)) for turn in TURNS]
    starts = sorted(turns, key=lambda pose: _cost(pose, moving, baseline))[:3]
    if start is not None:
        starts.append(_pose(start))
    found = [_refine(pose, moving, baseline, steps=60) for pose in starts]
    best = min(found, key=lambda result: float(result.fun)).x
    best = _refine(best, moving, baseline).x
    by_outline = _refine(best, moving, baseline, 1.0, 0.0).x
    by_field = _refine(best, moving, baseline, 0.05, 1.0).x
    return best, _distance(by_outline, by_field)
