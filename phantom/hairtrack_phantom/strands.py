"""Hair: strands that grow from fixed follicles, combed anew each day, drawn finely.

The canvas has four premultiplied 8-bit channels: shade, opacity, share of
grey and highlight. Drawing over it with anti-aliased lines is then exactly
the "over" operator, and its area average the true fraction of hair.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from .camera import Pose, project, rotation
from .noise import Field
from .people import Head, density_at, scalp_depth

Array = NDArray[Any]

MAX_STRANDS = 80_000
MAX_SEGMENTS = 450_000
DENSEST = 1.6
"""Follicles are laid for this many times the density 1."""

LAYERS = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Comb:
    """How the hair lies on one day; strengths in [0, 1]."""

    seed: int
    disorder: float
    clumps: float


def _steps(head: Head) -> int:
    """Segments of a strand: enough for its bends."""
    turns = head.length / head.curl[1] if head.curl[0] else 0
    return int(np.clip(max(head.length / 0.035, 6 * turns), 2, 22))


def _laid_out(head: Head) -> tuple[int, float]:
    """Return the number of follicles on the whole sphere at density 1, and strand width."""
    lying = head.length * max(0.35, float(np.cos(head.elevation)))
    area = 4 * np.pi * (head.axes[0] * head.axes[1] + head.axes[1] * head.axes[2]) / 2
    wanted = -float(np.log(1 - head.coverage)) * area / (lying * head.width)
    most = min(MAX_STRANDS, MAX_SEGMENTS / _steps(head))
    count = min(max(wanted, 4000.0), most)
    return int(count), head.width * min(max(wanted / count, 0.8), 1.6)


def follicles(head: Head) -> tuple[Array, Array]:
    """Return fixed positions (N, 3) on the unit sphere and a fixed rank of each.

    A follicle bears hair while its rank is below the local density, so that more
    density adds hairs and moves none.
    """
    rng = np.random.default_rng([head.seed, 1])
    count = int(_laid_out(head)[0] * DENSEST)
    points = rng.normal(size=(count, 3)).astype(np.float32)
    points /= np.linalg.norm(points, axis=1, keepdims=True)
    rank = rng.random(count, dtype=np.float32) * np.float32(DENSEST)
    inside = scalp_depth(head, points) > -0.05
    return points[inside], rank[inside]


def _flow(head: Head, points: Array) -> Array:
    """Direction (N, 3), not yet tangent, in which combed hair lies."""
    x, y = head.whorl
    whorl = np.array((x, y, np.sqrt(max(1 - x * x - y * y, 0.01))), np.float32)
    away = points - whorl
    spin = np.cross(np.broadcast_to(whorl, points.shape), away)
    distance = np.linalg.norm(away, axis=1, keepdims=True)
    swirl = away + 1.2 * np.exp(-distance / 0.5) * spin
    sides = np.tanh((points[:, :1] - head.whorl[0]) * 12) * np.array(
        (1.0, 0, -0.6), np.float32
    )
    line = {
        "forward": np.array((0.0, 1.0, -0.3), np.float32),
        "back": np.array((0.0, -1.0, -0.3), np.float32),
        "side": np.array((1.0, 0.25, -0.3), np.float32),
    }
    near = np.exp(-((distance / 0.45) ** 2))
    swirl /= np.maximum(distance, 0.05)
    if head.flow == "whorl":
        return np.asarray(swirl, np.float32)
    if head.flow == "part":
        return np.asarray(sides + np.array((0, 0.3, 0), np.float32), np.float32)
    top = np.clip(points[:, 2:] * 1.6, 0, 1)
    fall = swirl * (1 - top) + line[head.flow] * top
    return np.asarray(fall * (1 - 0.7 * near) + swirl * near, np.float32)


def _tangent(points: Array, direction: Array) -> Array:
    """Return unit tangents of the sphere along the given directions."""
    flat = direction - np.sum(direction * points, axis=1, keepdims=True) * points
    return np.asarray(flat / np.maximum(np.linalg.norm(flat, axis=1, keepdims=True), 1e-4))


def grow(head: Head, comb: Comb, roots: Array, ids: Array) -> Array:
    """Paths (N, K, 3) of strands in head widths; the first point is the root.

    `ids` (N, 4), uniform in [0, 1), are what is particular to each follicle.
    """
    rng = np.random.default_rng([head.seed, 2, comb.seed])
    habit = np.random.default_rng([head.seed, 3])
    coarse = Field(rng, 3.0, channels=3)
    locks = Field(rng, 38.0, waves=16, channels=3)
    cowlick = Field(habit, 4.0, channels=3)
    amplitude, wavelength = head.curl
    length = head.length * (0.55 + 0.75 * ids[:, :1])
    steps = _steps(head)
    phase = 2 * np.pi * ids[:, 1:2] * (0.3 if head.texture == "wet" else 0.6)
    phase = phase + 3 * locks(roots)[:, :1]
    jitter = (ids[:, 1:4] - 0.5) * (0.5 + 1.6 * comb.disorder)
    sway = 0.35 * cowlick(roots) + (0.15 + 0.7 * comb.disorder) * coarse(roots)
    sway = sway + comb.clumps * locks(roots) + jitter
    lift = np.sin(head.elevation * (0.6 + 0.8 * ids[:, 3:4]))
    volume = head.volume * (0.6 + 0.8 * ids[:, 2:3])
    scale = np.asarray(head.axes, np.float32)
    here, path = roots, []
    for k in range(steps + 1):
        along = length * (k / steps)
        tangent = _tangent(here, _flow(head, here) + sway)
        height = volume * (1 - np.exp(-along * lift / volume))
        point = here * scale * (1 + height / 0.55)
        if amplitude:
            swing = amplitude * np.minimum(along / wavelength, 1)
            angle = 2 * np.pi * along / wavelength + phase
            across = np.cross(here, tangent)
            point = point + swing * (np.sin(angle) * across + 0.6 * np.cos(angle) * here)
        path.append(point)
        here = here + tangent * (length / steps / 0.58) * np.sqrt(1 - 0.8 * lift**2)
        here = here / np.linalg.norm(here, axis=1, keepdims=True)
    return np.stack(path, axis=1).astype(np.float32)


def _paint(
    canvas: NDArray[np.uint8], lines: NDArray[np.int32], colours: Array, widths: Array
) -> None:
    """Draw lines (N, K, 2) in 1/16 px, grouped by colour and width."""
    steps = np.concatenate((np.round(colours / 28), widths[:, None]), axis=1)
    order = np.lexsort(steps.T)
    cuts = np.flatnonzero(np.any(np.diff(steps[order], axis=0) != 0, axis=1)) + 1
    for group in np.split(order, cuts):
        shade, grey, shine = (float(v) for v in colours[group].mean(axis=0))
        cv2.polylines(
            canvas,
            list(lines[group]),
            False,
            (shade, 255, grey, shine),
            int(widths[group[0]]),
            cv2.LINE_AA,
            4,
        )


def _highlight(path: Array, light: Array, toward: Array) -> Array:
    """Shine (N,) of pieces of strands (N, K, 3): strong where they lie across the light."""
    along = path[:, -1] - path[:, 0]
    along /= np.maximum(np.linalg.norm(along, axis=1, keepdims=True), 1e-6)
    half = light + toward
    half /= np.linalg.norm(half)
    return np.asarray((1 - (along @ half) ** 2) ** 8, np.float32)


def draw(head: Head, comb: Comb, pose: Pose, *, light: Array, fineness: int = 2) -> Array:
    """Hair layers of one photograph at its own size.

    Parameters
    ----------
    head, comb, pose
        Who, combed how, seen from where.
    light : (3,) float32
        Unit vector towards the main light, head axes.
    fineness : int
        Strands are drawn at this multiple of the photo's size.

    Returns
    -------
    (H, W, 4) float32
        Premultiplied shade, opacity (the true hair fraction), share of grey and
        highlight, each in [0, 1].
    """
    roots, rank = follicles(head)
    ids = np.random.default_rng([head.seed, 4]).random((len(roots), 4), dtype=np.float32)
    axes = rotation(pose)
    facing = (roots / np.asarray(head.axes, np.float32)) @ axes[2]
    bears = (rank < density_at(head, roots)) & (facing > -0.15)
    roots, ids, rank = roots[bears], ids[bears], rank[bears]
    height, width = pose.size
    canvas = np.zeros((height * fineness, width * fineness, 4), np.uint8)
    if not len(roots):
        return np.zeros((height, width, 4), np.float32)
    path = grow(head, comb, roots, ids)
    places, depth = project(head, pose, path.reshape(-1, 3))
    fine = ((places + 0.5) * fineness - 0.5).reshape(*path.shape[:2], 2)
    order = np.argsort(depth.reshape(path.shape[:2])[:, -1], kind="stable")
    thick = _laid_out(head)[1] * pose.head_width_px * fineness * (0.7 + 0.6 * ids[:, 3])
    thin = np.floor(thick + ids[:, 0]).clip(1, 12)
    locks = Field(np.random.default_rng([head.seed, 5, comb.seed]), 24.0, waves=16)
    tone = 150 * (1 + 0.22 * locks(roots)[:, 0] + 0.5 * (ids[:, 0] - 0.5))
    grey = 255.0 * (ids[:, 2] < head.grey_share)
    points = np.round(np.clip(fine, -20000, 20000) * 16).astype(np.int32)
    pieces = max(1, (path.shape[1] - 1) // 3)
    for layer in np.array_split(order, LAYERS):
        for ends in np.array_split(np.arange(path.shape[1] - 1), pieces):
            span = slice(ends[0], ends[-1] + 2)
            shine = 230 * _highlight(path[layer, span], light, axes[2])
            age = 0.72 + 0.36 * (ends[0] / path.shape[1])
            colours = np.stack((tone[layer] * age, grey[layer], shine), axis=1)
            _paint(canvas, points[layer, span], np.clip(colours, 0, 255), thin[layer])
    drawn = cv2.resize(canvas, (width, height), interpolation=cv2.INTER_AREA)
    return np.asarray(drawn, np.float32) / np.float32(255)
