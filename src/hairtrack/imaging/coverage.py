"""Visible scalp per zone, with its standard error.

Visible scalp is the mean of ``1 - hair`` over a zone, weighted by the area that
each pixel covers in the baseline's frame. Its standard error has three parts,
added as squares:

method
    How far the hair fraction of a whole zone is off, for reasons that more
    pixels of the same photograph do not mend (`MethodError`).
sampling
    Residuals of the hair fraction hang together over neighbouring pixels, so
    pixels are averaged in square blocks of 1/12 of the scalp's width, taken as
    independent. Their variance is half the mean squared difference of adjacent
    blocks, which leaves out the real slope of hair over the head (von Neumann
    et al. 1941); the error of the mean follows from the effective number of
    blocks.
unseen
    What the photograph does not show of the zone may differ from the rest by
    the spread of the blocks, all of it in one direction.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from hairtrack.imaging.zones import Zones
from hairtrack.records import Matrix, ZoneMeasurement

__all__ = ["LOW_CONTRAST_ERROR", "METHOD_ERROR", "MethodError", "area_weight", "measure"]

BLOCKS_ACROSS = 12
"""Blocks in one width of the scalp."""

SAMPLES_ACROSS = 1024
"""Pixels in one width of the scalp that are read at most; a step thins the rest."""

MIN_SEEN = 0.25
"""A zone of which a photograph shows less than this has no value."""

_Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class MethodError:
    """Standard error of the hair fraction of a whole zone, as a function of its value.

    Attributes
    ----------
    ends : float
        Where a zone is all hair or all skin.
    middle : float
        Added at half and half, in between in proportion to ``4 v (1 - v)``.
    """

    ends: float = 0.03
    middle: float = 0.05

    def at(self, visible_scalp: float) -> float:
        """Return the standard error at a visible scalp in [0, 1]."""
        return self.ends + self.middle * 4 * visible_scalp * (1 - visible_scalp)


METHOD_ERROR = MethodError()
"""Of the released method: 18 of 19 real men of the part "tune" lie within two of these, and
drawn heads of the validation split as often; see docs/accuracy.md."""

LOW_CONTRAST_ERROR = MethodError(ends=0.08, middle=0.08)
"""The same where hair and skin look almost alike; five heads of that split had it so."""


def measure(
    hair: npt.NDArray[np.float32],
    zones: Zones,
    *,
    weight: npt.NDArray[np.float32] | None = None,
    method_error: MethodError = METHOD_ERROR,
) -> tuple[ZoneMeasurement, ...]:
    """Measure the visible scalp of every zone.

    Parameters
    ----------
    hair : (H, W) float32
        Hair fraction of each pixel, in [0, 1].
    zones : Zones
        Zones in the pixels of the same picture, clipped to its scalp.
    weight : (H, W) float32, optional
        Area of each pixel in the baseline's frame; equal if left out.
    method_error : MethodError
        Error of the method itself.

    Returns
    -------
    tuple of ZoneMeasurement
        One per zone, in their order; value and error are `None` for a zone
        that is empty or of which less than `MIN_SEEN` is seen.

    Raises
    ------
    ValueError
        If the shapes of `hair`, `zones` and `weight` differ.

    Examples
    --------
    >>> import numpy as np
    >>> from hairtrack.imaging import zones
    >>> drawn = zones.draw(np.ones((60, 50), bool), view="temporal_left")
    >>> whole, *_ = measure(np.full((60, 50), 0.7, np.float32), drawn)
    >>> whole.zone, round(whole.visible_scalp, 3)
    ('scalp', 0.3)
    """
    shape = zones.labels.shape
    if hair.shape != shape or (weight is not None and weight.shape != shape):
        raise ValueError(f"hair, zones and weight must all be {shape} (H, W)")
    areas = zones.areas_px
    if not areas[0]:
        return tuple(_empty(name) for name in zones.names)
    area, skin = _sum_blocks(hair, zones, weight)
    variance = np.array([_variance_of_block(a, s) for a, s in zip(area, skin, strict=True)])
    variance = np.where(np.isnan(variance), np.nan_to_num(variance[0]), variance)
    rows = zip(zones.names, area, skin, areas, zones.seen, variance, strict=True)
    return tuple(_measure_zone(*row, method_error=method_error) for row in rows)


def area_weight(matrix: Matrix, shape: tuple[int, ...]) -> npt.NDArray[np.float32] | None:
    """Return the area of each moving pixel in the baseline's frame.

    Parameters
    ----------
    matrix : 3x3 tuple
        Moving -> baseline, for column vectors (x, y, 1) in px.
    shape : (H, W, ...)
        Shape of the moving photograph.

    Returns
    -------
    (H, W) float32 or None
        Baseline px^2 per moving px^2, up to one common factor; `None` where it
        is the same everywhere. It is 0 at and beyond the matrix's horizon.
    """
    (_, _, _), (_, _, _), (along_x, along_y, constant) = matrix
    if along_x == 0 and along_y == 0:
        return None
    height, width = shape[:2]
    x = np.arange(width, dtype=np.float32)[None, :]
    y = np.arange(height, dtype=np.float32)[:, None]
    depth = np.float32(along_x / constant) * x + np.float32(along_y / constant) * y
    depth += np.float32(1)
    beyond = depth <= np.float32(1e-3)
    depth *= depth * depth
    depth[beyond] = np.inf
    return np.asarray(np.reciprocal(depth, out=depth), np.float32)


def _empty(name: str, *, area_px: int = 0, seen: float = 0.0) -> ZoneMeasurement:
    return ZoneMeasurement(
        zone=name, visible_scalp=None, standard_error=None, area_px=area_px, seen=seen
    )


def _measure_zone(
    name: str,
    area: _Floats,
    skin: _Floats,
    area_px: float,
    seen: float,
    variance: float,
    *,
    method_error: MethodError,
) -> ZoneMeasurement:
    """Measure one zone from its area and area of skin in every block."""
    total = float(area.sum())
    if not total or seen < MIN_SEEN:
        return _empty(name, area_px=round(area_px), seen=seen)
    value = float(np.clip(skin.sum() / total, 0, 1))
    inside = area > 0
    spread = (area[inside] * (skin[inside] / area[inside] - value) ** 2).sum() / total
    sampling = variance * float((area**2).sum()) / total**2
    unseen = (1 - min(seen, 1.0)) ** 2 * float(spread)
    error = np.sqrt(method_error.at(value) ** 2 + sampling + unseen)
    return ZoneMeasurement(
        zone=name,
        visible_scalp=value,
        standard_error=float(error),
        area_px=round(area_px),
        seen=seen,
    )


def _sum_blocks(
    hair: npt.NDArray[np.float32], zones: Zones, weight: npt.NDArray[np.float32] | None
) -> tuple[_Floats, _Floats]:
    """Return area and area of skin, (zones, block rows, block columns)."""
    rows = np.flatnonzero(zones.labels.any(axis=1))
    columns = np.flatnonzero(zones.labels.any(axis=0))
    across = int(columns[-1] - columns[0]) + 1
    step = -(-across // SAMPLES_ACROSS)
    window = np.s_[rows[0] : rows[-1] + 1 : step, columns[0] : columns[-1] + 1 : step]
    labels, share = zones.labels[window], hair[window]
    each = None if weight is None else weight[window].ravel()
    side = max(1, round(across / step / BLOCKS_ACROSS))
    block_y = np.arange(labels.shape[0], dtype=np.int32) // side
    block_x = np.arange(labels.shape[1], dtype=np.int32) // side
    shape = len(zones.members), int(block_y[-1]) + 1, int(block_x[-1]) + 1
    key = (labels.astype(np.int32) * shape[1] + block_y[:, None]) * shape[2] + block_x
    bare = (1 - share).ravel() if each is None else (1 - share).ravel() * each
    sums = [np.bincount(key.ravel(), w, int(np.prod(shape))) for w in (each, bare)]
    area, skin = (np.tensordot(zones.members.T, s.reshape(shape), 1) for s in sums)
    return np.asarray(area, np.float64), np.asarray(skin, np.float64)


def _variance_of_block(area: _Floats, skin: _Floats) -> float:
    """Half the mean squared difference of adjacent blocks; nan without a pair."""
    value = np.divide(skin, area, out=np.zeros_like(skin), where=area > 0)
    squares, weights = 0.0, 0.0
    for axis in (0, 1):
        first, second = (slice(None, -1), slice(1, None))
        one = (first, slice(None)) if axis == 0 else (slice(None), first)
        other = (second, slice(None)) if axis == 0 else (slice(None), second)
        weight = np.minimum(area[one], area[other])
        squares += float((weight * (value[one] - value[other]) ** 2).sum())
        weights += float(weight.sum())
    return squares / weights / 2 if weights else float("nan")
