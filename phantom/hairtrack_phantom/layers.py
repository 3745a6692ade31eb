"""The geometry of one photograph, before any colour or light falls on it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from . import camera, scene, strands
from .camera import Pose
from .noise import Field
from .people import Head, polar, scalp_depth
from .strands import Comb

Array = NDArray[Any]
Truths = NDArray[np.bool_]

HAIR_MASS = 0.5
"""Local mean of the hair fraction from which overhanging hair is part of the scalp."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Layers:
    """Everything of one photograph that does not depend on colours.

    Attributes
    ----------
    hair : (H, W, 4) float32
        Premultiplied shade, opacity, grey share and highlight; see `strands`.
    skull : (H, W) float32
        Share of the pixel that the skull covers.
    scalp : (H, W) bool
        True scalp region: bears or bore hair, or lies under overhanging hair.
    normal : (H, W, 3) float32
        Of the skull, photo axes (right, down, towards the camera).
    pigment, blood : (H, W) float32
        Moles, mottling and brows as a factor of reflectance; redness in [0, 1].
    behind, before : (H, W) uint8
        Labels of the body; see `scene.body`.
    """

    hair: Array
    skull: Array
    scalp: Truths
    normal: Array
    pigment: Array
    blood: Array
    behind: NDArray[np.uint8]
    before: NDArray[np.uint8]


def _enlarge(small: Array, size: tuple[int, int]) -> Array:
    """Bilinear enlargement to (H, W)."""
    return np.asarray(
        cv2.resize(small, (size[1], size[0]), interpolation=cv2.INTER_LINEAR), np.float32
    )


def _pigment(head: Head, points: Array) -> tuple[Array, Array]:
    """Reflectance factor and redness of the skin at points of the sphere."""
    rng = np.random.default_rng([head.seed, 6])
    flat = points.reshape(-1, 3)
    broad, fine = Field(rng, 3.0), Field(rng, 14.0, waves=16)
    factor = 1 + head.mottle * (broad(flat)[:, 0] + 0.6 * fine(flat)[:, 0])
    for _ in range(head.moles):
        centre = rng.normal(size=3) + np.array((0, 0.1, 0.9))
        centre /= np.linalg.norm(centre)
        away = np.linalg.norm(flat - centre.astype(np.float32), axis=1)
        radius = rng.uniform(0.008, 0.03)
        factor *= 1 - rng.uniform(0.2, 0.7) / (
            1 + np.exp(np.minimum((away / radius - 1) * 6, 60))
        )
    angle, azimuth = polar(flat)
    for side in (-1, 1):
        brow = ((azimuth - side * 0.45) / 0.26) ** 2 + ((angle - 1.62) / 0.05) ** 2
        eye = ((azimuth - side * 0.42) / 0.14) ** 2 + ((angle - 1.80) / 0.06) ** 2
        factor *= 1 - 0.7 * np.exp(-(brow**2)) - 0.5 * np.exp(-(eye**2))
    lines = np.exp(-((azimuth / 0.6) ** 2)) * np.sin(angle * 60) * (angle > 1.1)
    factor *= 1 + 0.05 * lines * (angle < 1.6)
    blood = np.clip(0.5 + 0.5 * Field(rng, 2.0)(flat)[:, 0], 0, 1) * head.redness
    shape = points.shape[:2]
    return (
        np.clip(factor, 0.1, 1.6).reshape(shape).astype(np.float32),
        blood.reshape(shape).astype(np.float32),
    )


def true_scalp(skull_scalp: Truths, hair: Array, head_width_px: float) -> Truths:
    """Scalp of the skull, joined with the hair that overhangs its outline.

    Single strands that stand off do not count; a mass of hair does.
    """
    sigma = max(head_width_px * 0.012, 0.6)
    mass = cv2.GaussianBlur(hair, (0, 0), sigma) > HAIR_MASS
    whole: Any = (skull_scalp | mass).astype(np.uint8)
    radius = max(1, round(head_width_px * 0.01))
    disc = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * radius + 1,) * 2)
    whole = cv2.morphologyEx(whole, cv2.MORPH_OPEN, disc)
    _, labels, stats, _ = cv2.connectedComponentsWithStats(whole, connectivity=4)
    if len(stats) < 2:
        return np.asarray(skull_scalp)
    return np.asarray(labels == 1 + int(np.argmax(stats[1:, cv2.CC_STAT_AREA])))


def draw(head: Head, comb: Comb, pose: Pose, *, place: int, light: Array) -> Layers:
    """Draw the layers of one photograph.

    Parameters
    ----------
    head, comb, pose
        Who, combed how, seen from where.
    place : int
        Seed of body, clothes and surroundings.
    light : (3,) float32
        Unit vector towards the main light, photo axes.
    """
    size = pose.size
    axes = camera.rotation(pose)
    points, hit = camera.look(head, pose, step=2)
    normal = points / np.asarray(head.axes, np.float32)
    normal /= np.linalg.norm(normal, axis=-1, keepdims=True)
    pigment, blood = _pigment(head, points)
    skull = np.clip(_enlarge(hit.astype(np.float32), size) * 2 - 0.5, 0, 1)
    depth = _enlarge(scalp_depth(head, points), size)
    hair = strands.draw(head, comb, pose, light=np.asarray(light @ axes, np.float32))
    behind, before = scene.body(head, pose, np.random.default_rng([place, 1]))
    return Layers(
        hair=hair,
        skull=skull,
        scalp=true_scalp((depth > 0) & (skull > 0.5), hair[..., 1], pose.head_width_px),
        normal=_enlarge(normal @ axes.T, size),
        pigment=_enlarge(pigment, size),
        blood=_enlarge(blood, size),
        behind=behind,
        before=before,
    )
