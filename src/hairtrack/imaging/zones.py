"""Zones: named parts of the scalp, drawn on the baseline and carried into a photo.

Zones may overlap, so they are kept as *atoms*: a label image in which every label is one
combination of zones, and a table that says which zones each label belongs to.

Geometry is relative to the bounding ellipse of the baseline's scalp with the front turned
up: ``u`` runs across from -1 (the subject's left) to 1, ``v`` along from -1 (back) to 1
(front). docs/conventions.md draws every zone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal, get_args

import cv2
import numpy as np
import numpy.typing as npt

from hairtrack.records import (
    GRID_COLUMNS,
    GRID_ROWS,
    GRID_ZONES,
    WHOLE,
    ZONES,
    Matrix,
    View,
)

__all__ = ["FRONT", "Front", "Zones", "draw", "project"]

Front = Literal["up", "down", "left", "right"]
"""Where the nose points in the picture; in the occipital view, where the crown is."""

FRONT: dict[View, Front] = {
    View.VERTEX: "down",
    View.MIDLINE: "down",
    View.FRONTAL: "down",
    View.TEMPORAL_LEFT: "left",
    View.TEMPORAL_RIGHT: "right",
    View.OCCIPITAL: "up",
}
"""Usual front of each view: that of a picture held upright."""

# Geometry of the zones in units of the bounding ellipse, as docs/conventions.md draws it.
_CROWN_V, _CROWN_RADIUS = -0.38, 0.36
_RIM_FROM = 0.75
_PART_HALF_WIDTH = 0.15
_BAND_DEPTH = 0.25
_TEMPLE_FROM = 0.5

_Bools = npt.NDArray[np.bool_]
_Codes = npt.NDArray[np.uint8]
_Family = tuple[tuple[str, ...], _Codes]


@dataclass(frozen=True, slots=True, eq=False)
class Zones:
    """Named, possibly overlapping zones of one picture.

    Attributes
    ----------
    names : tuple of str
        Zone names, "scalp" (the whole) first.
    labels : (H, W) uint8
        Atom of each pixel; 0 lies in no zone.
    members : (atoms, zones) bool
        True where an atom belongs to a zone; row 0 is all False.
    seen : tuple of float
        Fraction of each zone, as drawn on the baseline, that this picture shows;
        0 for a zone that is empty there.
    """

    names: tuple[str, ...]
    labels: _Codes
    members: _Bools
    seen: tuple[float, ...]

    def __getitem__(self, name: str) -> _Bools:
        """Return the (H, W) bool region of the named zone; KeyError if unknown."""
        if name not in self.names:
            raise KeyError(name)
        inside: _Bools = self.members[:, self.names.index(name)][self.labels]
        return inside

    @property
    def areas_px(self) -> npt.NDArray[np.float64]:
        """Pixels of each zone, in the order of `names`."""
        return _count(self.labels, len(self.members)) @ self.members

    def within(self, region: _Bools) -> Zones:
        """Return the zones clipped to a region of the same picture.

        Parameters
        ----------
        region : (H, W) bool
            True where a pixel may stay in its zones; the rest counts as not seen.
        """
        if region.shape != self.labels.shape:
            raise ValueError(
                f"region is {region.shape}, the picture {self.labels.shape} (H, W)"
            )
        clipped = np.where(region, self.labels, np.uint8(0))
        return replace(self, labels=clipped, seen=self._share_seen(clipped))

    def _share_seen(self, labels: _Codes) -> tuple[float, ...]:
        """Return `seen` where only these of the labels are left."""
        before = self.areas_px
        after = _count(labels, len(self.members)) @ self.members
        left = np.divide(after, before, out=np.zeros_like(before), where=before > 0)
        return tuple(float(s * part) for s, part in zip(self.seen, left, strict=True))


def draw(scalp: _Bools, *, view: View | str, front: Front | None = None) -> Zones:
    """Draw every zone of a view on the scalp of a baseline.

    Parameters
    ----------
    scalp : (H, W) bool
        Scalp of the baseline photograph.
    view : View
        Standard direction of the photograph.
    front : {"up", "down", "left", "right"}, optional
        Where the nose points in the picture (occipital: where the crown is).
        By default the usual one of the view, `FRONT`.

    Returns
    -------
    Zones
        "scalp" is the scalp itself; every other zone is clipped to it and may
        be empty.

    Raises
    ------
    ValueError
        If `scalp` is not a (H, W) bool array with at least one True, or `view`
        or `front` is unknown.

    Examples
    --------
    >>> import numpy as np
    >>> scalp = np.ones((120, 100), bool)
    >>> zones = draw(scalp, view="vertex")
    >>> zones.names[:4]
    ('scalp', 'crown', 'mid_scalp', 'rim')
    >>> bool(zones["scalp"].all())
    True
    """
    view = View(view)
    front = FRONT[view] if front is None else front
    if front not in get_args(Front):
        raise ValueError(f"front is up, down, left or right, not {front!r}")
    if scalp.ndim != 2 or scalp.dtype != np.bool_ or not scalp.any():
        raise ValueError("scalp must be a (H, W) bool array with at least one True")
    quarters = _QUARTERS[front]
    families = _FAMILIES[view](_Frame(np.rot90(scalp, quarters)))
    turned = [(names, np.rot90(codes, -quarters)) for names, codes in families]
    return _combine(scalp, turned)


def project(zones: Zones, matrix: Matrix, shape: Sequence[int]) -> Zones:
    """Carry zones from the baseline into the pixels of another photo.

    Parameters
    ----------
    zones : Zones
        Zones of the baseline.
    matrix : 3x3 tuple
        Moving -> baseline, for column vectors (x, y, 1) in px.
    shape : (H, W, ...)
        Shape of the moving photograph.

    Returns
    -------
    Zones
        Of shape (H, W), by nearest neighbour. `seen` is the fraction of each
        zone's baseline area that falls inside the moving frame.
    """
    height, width = int(shape[0]), int(shape[1])
    warp = np.asarray(matrix, np.float64)
    # warpPerspective with WARP_INVERSE_MAP reads source = matrix @ destination,
    # and the source here is the baseline.
    labels = cv2.warpPerspective(
        zones.labels,
        warp,
        (width, height),
        flags=cv2.INTER_NEAREST | cv2.WARP_INVERSE_MAP,
    )
    in_view = cv2.warpPerspective(
        np.full((height, width), 255, np.uint8),
        warp,
        zones.labels.shape[::-1],
        flags=cv2.INTER_NEAREST,
    )
    seen = zones._share_seen(np.where(in_view > 0, zones.labels, np.uint8(0)))
    return replace(zones, labels=np.asarray(labels, np.uint8), seen=seen)


def _count(labels: _Codes, atoms: int) -> npt.NDArray[np.float64]:
    """Count the pixels of each atom; row 0 belongs to no zone."""
    histogram = cv2.calcHist([labels], [0], None, [256], [0, 256])
    return np.asarray(histogram, np.float64).ravel()[:atoms]


class _Frame:
    """The scalp with its front turned up, and coordinates on its bounding ellipse."""

    def __init__(self, scalp: _Bools) -> None:
        self.scalp = scalp
        top, bottom = np.flatnonzero(scalp.any(axis=1))[[0, -1]].tolist()
        left, right = np.flatnonzero(scalp.any(axis=0))[[0, -1]].tolist()
        height, width = scalp.shape
        centre_y, centre_x = (top + bottom) / 2, (left + right) / 2
        self.half_length = (bottom - top + 1) / 2
        self.half_width = (right - left + 1) / 2
        self.x = (np.arange(width, dtype=np.float32) - np.float32(centre_x))[None, :]
        self.y = (np.arange(height, dtype=np.float32) - np.float32(centre_y))[:, None]
        self.u = self.x / np.float32(self.half_width)
        self.v = -self.y / np.float32(self.half_length)

    def code(self, *regions: _Bools) -> _Codes:
        """Return regions numbered 1, 2, ...; an earlier region keeps its pixels."""
        codes = np.zeros(self.scalp.shape, np.uint8)
        for number, region in reversed(list(enumerate(regions, start=1))):
            codes[np.broadcast_to(region, codes.shape)] = number
        return codes


def _draw_vertex(frame: _Frame) -> list[_Family]:
    radius = _CROWN_RADIUS * frame.half_width
    centre_y = -_CROWN_V * frame.half_length
    crown = frame.x**2 + (frame.y - centre_y) ** 2 <= radius**2
    inner = frame.u**2 + frame.v**2 <= _RIM_FROM**2
    everywhere = np.ones((1, 1), bool)
    rings = ZONES[View.VERTEX], frame.code(crown, inner, everywhere)
    return [rings, _draw_grid(frame)]


def _draw_grid(frame: _Frame) -> _Family:
    """Divide the bounding box into equal squares, counted from front left."""
    side = max(2 * frame.half_width / GRID_COLUMNS, 2 * frame.half_length / GRID_ROWS)
    row = np.floor(frame.y / side + GRID_ROWS / 2).astype(np.int16)
    column = np.floor(frame.x / side + GRID_COLUMNS / 2).astype(np.int16)
    inside = (row >= 0) & (row < GRID_ROWS) & (column >= 0) & (column < GRID_COLUMNS)
    codes = np.where(inside, row * GRID_COLUMNS + column + 1, 0).astype(np.uint8)
    return GRID_ZONES, codes


def _draw_midline(frame: _Frame) -> list[_Family]:
    strip = np.abs(frame.u) <= _PART_HALF_WIDTH
    front, back = strip & (frame.v > 1 / 3), strip & (frame.v < -1 / 3)
    part, *thirds = ZONES[View.MIDLINE]
    return [
        ((part,), frame.code(strip)),
        (tuple(thirds), frame.code(front, back, strip)),
    ]


def _draw_frontal(frame: _Frame) -> list[_Family]:
    """Cut a band behind the hairline, measured backwards column by column."""
    depth = np.cumsum(frame.scalp, axis=0, dtype=np.int32)
    band = depth <= _BAND_DEPTH * 2 * frame.half_length
    left, right = frame.u < -_TEMPLE_FROM, frame.u > _TEMPLE_FROM
    everywhere = np.ones((1, 1), bool)
    codes = frame.code(band & left, band & right, band, everywhere)
    return [(ZONES[View.FRONTAL], codes)]


def _draw_temporal(frame: _Frame) -> list[_Family]:
    front, back = frame.v > 1 / 3, frame.v < -1 / 3
    codes = frame.code(front, back, np.ones((1, 1), bool))
    return [(ZONES[View.TEMPORAL_LEFT], codes)]


def _draw_occipital(frame: _Frame) -> list[_Family]:
    upper, lower = frame.v > 0, frame.v <= 0
    left, right = frame.u < -1 / 3, frame.u > 1 / 3
    across = frame.code(left, right, np.ones((1, 1), bool))
    halves, columns = ZONES[View.OCCIPITAL][:2], ZONES[View.OCCIPITAL][2:]
    return [(halves, frame.code(upper, lower)), (columns, across)]


_FAMILIES = {
    View.VERTEX: _draw_vertex,
    View.MIDLINE: _draw_midline,
    View.FRONTAL: _draw_frontal,
    View.TEMPORAL_LEFT: _draw_temporal,
    View.TEMPORAL_RIGHT: _draw_temporal,
    View.OCCIPITAL: _draw_occipital,
}

_QUARTERS: dict[Front, int] = {"up": 0, "right": 1, "down": 2, "left": 3}
"""Quarter turns, counter-clockwise, that bring the front up."""


def _combine(scalp: _Bools, families: Sequence[_Family]) -> Zones:
    """Merge families of disjoint zones into one label image and its table."""
    joint = np.zeros(scalp.shape, np.uint16)
    for names, codes in families:
        joint *= np.uint16(len(names) + 1)
        joint += codes
    joint += np.uint16(1)
    joint[~scalp] = 0
    present = np.flatnonzero(np.bincount(joint.ravel()[joint.ravel() > 0]))
    lookup = np.zeros(int(present.max()) + 1, np.uint8)
    lookup[present] = np.arange(1, len(present) + 1)
    joint_codes, columns = present - 1, [np.ones((len(present), 1), bool)]
    for family, _ in reversed(families):
        joint_codes, code = np.divmod(joint_codes, len(family) + 1)
        columns.insert(1, code[:, None] == np.arange(1, len(family) + 1))
    members = np.pad(np.hstack(columns), ((1, 0), (0, 0)))  # row 0 is in no zone
    names = (WHOLE, *(name for family, _ in families for name in family))
    seen = tuple(float(drawn) for drawn in np.atleast_1d(members.any(axis=0)))
    return Zones(names=names, labels=lookup[joint], members=members, seen=seen)
