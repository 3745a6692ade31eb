"""From where a head is photographed: pose, perspective, and rays back to the head."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .people import Head

Array = NDArray[Any]

PITCH = {
    "vertex": (-0.15, 0.75),
    "midline": (-0.05, 0.35),
    "frontal": (0.75, 1.05),
    "temporal_left": (1.25, 1.5),
    "temporal_right": (1.25, 1.5),
    "occipital": (1.2, 1.5),
}
"""Angle between the camera's axis and the vertical, radians, lowest and highest."""

BEARING = {"temporal_left": np.pi / 2, "temporal_right": -np.pi / 2, "occipital": np.pi}
"""Direction that the camera leans towards; 0 is the front."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pose:
    """Camera pose; angles in radians, distance in head widths from the centre.

    Attributes
    ----------
    pitch, bearing, yaw, roll : float
        Lean of the camera from the vertical, towards which side, a small error
        of that side, and turn of the picture.
    distance : float
        From the centre of the head.
    span : float
        Head width as a share of the photo's short side.
    centre : tuple of float
        Where the head's centre falls, share of width and height.
    size : tuple of int
        Height and width of the photo in px.
    """

    pitch: float
    bearing: float
    yaw: float
    roll: float
    distance: float
    span: float
    centre: tuple[float, float]
    size: tuple[int, int]

    @property
    def head_width_px(self) -> float:
        """Width of a head at the centre's distance, px."""
        return self.span * min(self.size)


def rotation(pose: Pose) -> Array:
    """Rows are the photo's right, down and the direction towards the camera."""
    lean = pose.bearing + pose.yaw
    towards = np.array(
        (
            np.sin(pose.pitch) * np.sin(lean),
            np.sin(pose.pitch) * np.cos(lean),
            np.cos(pose.pitch),
        )
    )
    down = np.array(
        (
            np.cos(pose.pitch) * np.sin(lean),
            np.cos(pose.pitch) * np.cos(lean),
            -np.sin(pose.pitch),
        )
    )
    right = np.cross(towards, -down)
    turn = np.array(
        ((np.cos(pose.roll), -np.sin(pose.roll)), (np.sin(pose.roll), np.cos(pose.roll)))
    )
    plane = turn @ np.stack((right, down))
    return np.vstack((plane, towards)).astype(np.float32)


def project(head: Head, pose: Pose, points: Array) -> tuple[Array, Array]:
    """Photo px (..., 2) and height towards the camera of points in head widths."""
    axes = rotation(pose)
    tapered = points.copy()
    tapered[..., 0] *= 1 + head.egg * points[..., 1] / head.axes[1] * 0.5
    local = tapered @ axes.T
    size = pose.head_width_px * pose.distance / (pose.distance - local[..., 2])
    centre = (
        np.array((pose.centre[0] * pose.size[1], pose.centre[1] * pose.size[0]), np.float32)
        - 0.5
    )
    return local[..., :2] * size[..., None] + centre, local[..., 2]


def look(head: Head, pose: Pose, *, step: int = 1) -> tuple[Array, NDArray[np.bool_]]:
    """Return the point of the unit sphere under every `step`-th pixel, and whether one is.

    The taper of the skull is undone at the pixel's own ray by two corrections.
    """
    height, width = pose.size
    axes = rotation(pose)
    xs = (np.arange(0, width, step, dtype=np.float32) + 0.5) - pose.centre[0] * width
    ys = (np.arange(0, height, step, dtype=np.float32) + 0.5) - pose.centre[1] * height
    plane = np.stack(np.meshgrid(xs, ys), axis=-1) / np.float32(pose.head_width_px)
    ray = (
        plane[..., :1] * axes[0]
        + plane[..., 1:] * axes[1]
        - np.float32(pose.distance) * axes[2]
    )
    eye = np.float32(pose.distance) * axes[2]
    scale = np.ones(plane.shape[:2], np.float32)
    for _ in range(3):
        points, hit = _meet(head, eye, ray, scale)
        scale = 1 + np.float32(head.egg * 0.5) * points[..., 1]
    return points, hit


def _meet(
    head: Head, eye: Array, ray: Array, scale: Array
) -> tuple[Array, NDArray[np.bool_]]:
    """Nearest crossing of rays with the ellipsoid whose x axis is scaled per ray."""
    axes = np.asarray(head.axes, np.float32)
    start = np.broadcast_to(eye / axes, ray.shape).copy()
    way = ray / axes
    start[..., 0] /= scale
    way[..., 0] /= scale
    a = np.einsum("...i,...i", way, way)
    b = np.einsum("...i,...i", start, way)
    c = np.einsum("...i,...i", start, start) - 1
    root = b * b - a * c
    hit = root > 0
    along = (-b - np.sqrt(np.maximum(root, 0))) / a
    points = start + along[..., None] * way
    points /= np.maximum(np.linalg.norm(points, axis=-1, keepdims=True), 1e-6)
    return points, hit
