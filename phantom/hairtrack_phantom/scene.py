"""What lies round the head: backgrounds, clothes, shoulders, arms, ears and nose."""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from .camera import Pose, project
from .people import Head

Array = NDArray[Any]
Labels = NDArray[np.uint8]

BACKGROUND, CLOTH, SKIN, FRAME = 0, 1, 2, 3

TEXTURES = (
    "plain",
    "gradient",
    "stripes",
    "checks",
    "tiles",
    "blobs",
    "carpet",
    "clutter",
    "wood",
)


def _colours(rng: np.random.Generator, count: int) -> Array:
    """Return sRGB colours in [0, 1], often muted, sometimes skin- or hair-like."""
    grey = rng.uniform(0.02, 0.98, (count, 1))
    hue = rng.uniform(-1, 1, (count, 3)) * rng.choice((0.04, 0.15, 0.5))
    return np.asarray(np.clip(grey + hue, 0, 1), np.float32)


def _grid(
    size: tuple[int, int], rng: np.random.Generator, spread: float
) -> tuple[Array, Array]:
    """Coordinates of a turned and bent frame, in shares of the short side."""
    height, width = size
    y, x = np.mgrid[0:height, 0:width].astype(np.float32) / min(size)
    angle = rng.uniform(0, 2 * np.pi)
    u = np.cos(angle) * x + np.sin(angle) * y
    v = np.cos(angle) * y - np.sin(angle) * x
    bend = spread * np.sin(v * rng.uniform(2, 9) + rng.uniform(0, 6))
    return (u + bend).astype(np.float32), v.astype(np.float32)


def _clutter(size: tuple[int, int], rng: np.random.Generator) -> Array:
    """Boxes, discs and lines, as on a desk or in a room."""
    height, width = size
    picture = np.ones((height, width, 3), np.float32) * _colours(rng, 1)
    for _ in range(int(rng.integers(5, 40))):
        colour = tuple(float(v) for v in _colours(rng, 1)[0])
        x, y = (int(v) for v in rng.uniform(-0.1, 1.1, 2) * (width, height))
        reach = float(rng.uniform(0.01, 0.3)) * min(size)
        kind = rng.integers(3)
        if kind == 0:
            turned = ((x, y), (reach, reach * rng.uniform(0.2, 2)), rng.uniform(0, 180))
            corners = cv2.boxPoints(turned)
            cv2.fillPoly(picture, [corners.astype(np.int32)], colour, cv2.LINE_AA)
        elif kind == 1:
            axes = (int(reach / 2) + 1, int(reach * rng.uniform(0.1, 0.6)) + 1)
            angle = float(rng.uniform(0, 180))
            cv2.ellipse(picture, (x, y), axes, angle, 0, 360, colour, -1, cv2.LINE_AA)
        else:
            end = (x + int(rng.normal() * reach * 3), y + int(rng.normal() * reach * 3))
            cv2.line(picture, (x, y), end, colour, max(1, int(reach / 12)), cv2.LINE_AA)
    return picture


def _noise(size: tuple[int, int], rng: np.random.Generator, grain: float) -> Array:
    """Smooth noise with variance 1, `grain` a share of the short side."""
    height, width = size
    cells = max(2, int(1 / grain))
    small = (max(2, cells * height // min(size)), max(2, cells * width // min(size)))
    drawn = rng.normal(size=small).astype(np.float32)
    return np.asarray(cv2.resize(drawn, (width, height), interpolation=cv2.INTER_CUBIC))


def _pattern(kind: str, size: tuple[int, int], rng: np.random.Generator) -> Array:
    """Share (H, W) of the second of two colours."""
    u, v = _grid(size, rng, float(rng.choice((0.0, 0.02, 0.06))))
    pitch = float(np.exp(rng.uniform(np.log(0.01), np.log(0.25))))
    match kind:
        case "gradient":
            share = (u - u.min()) / np.ptp(u)
        case "stripes":
            share = np.sin(u * 2 * np.pi / pitch) > rng.uniform(-0.7, 0.7)
        case "checks":
            share = 0.5 * (np.sin(u * 3.1 / pitch) > 0) + 0.5 * (
                np.sin(v * 3.1 / pitch) > 0
            )
        case "tiles":
            share = (u / pitch % 1 < 0.06) | (v / pitch % 1 < 0.06)
        case "blobs":
            share = _noise(size, rng, pitch) > rng.uniform(-0.5, 1)
        case "carpet":
            share = np.clip(_noise(size, rng, 0.006) * 0.4 + 0.5, 0, 1)
        case "wood":
            share = 0.5 + 0.5 * np.sin(u * 40 + 2 * _noise(size, rng, 0.2))
        case _:
            share = np.zeros_like(u)
    return np.asarray(share, np.float32)


def texture(
    rng: np.random.Generator, size: tuple[int, int], *, kind: str | None = None
) -> Array:
    """Paint a cloth, wall, floor or desk: (H, W, 3) float32 sRGB in [0, 1]."""
    kind = kind or str(rng.choice(TEXTURES))
    if kind == "clutter":
        picture = _clutter(size, rng)
    else:
        first, second, third = _colours(rng, 3)
        share = _pattern(kind, size, rng)[..., None]
        picture = first * (1 - share) + second * share
        if rng.random() < 0.3:
            mix = np.clip(_noise(size, rng, 0.1), 0, 1)[..., None] * 0.6
            picture = picture * (1 - mix) + third * mix
    shade = 1 + rng.uniform(0, 0.25) * _noise(size, rng, 0.3)
    grain = 1 + rng.uniform(0, 0.08) * rng.normal(size=size).astype(np.float32)
    picture = picture * (shade * grain)[..., None]
    soft = float(rng.choice((0.0, 0.0, 0.002, 0.008))) * min(size)
    if soft > 0.4:
        picture = cv2.GaussianBlur(picture, (0, 0), soft)
    return np.asarray(np.clip(picture, 0, 1), np.float32)


def _limb(labels: Labels, path: Array, width: float, label: int) -> None:
    """Draw a thick joint of line segments in px."""
    points = [np.round(path * 16).astype(np.int32)]
    cv2.polylines(labels, points, False, label, max(1, int(width)), cv2.LINE_8, 4)


def _spot(head: Head, pose: Pose, x: float, y: float, z: float) -> Array:
    """Photo px of a point in head widths."""
    at, _ = project(head, pose, np.array([[x, y, z]], np.float32))
    return np.asarray(at[0])


def _blob(
    labels: Labels, at: Array, axes: tuple[float, float], turn: float, label: int
) -> None:
    """Fill an ellipse; `turn` in degrees."""
    size = (max(1, int(axes[0])), max(1, int(axes[1])))
    centre = (int(at[0]), int(at[1]))
    cv2.ellipse(labels, centre, size, turn, 0, 360, label, -1)


def body(head: Head, pose: Pose, rng: np.random.Generator) -> tuple[Labels, Labels]:
    """Labels of what lies behind the head and of what lies in front of it.

    Returns
    -------
    behind, before : (H, W) uint8
        `BACKGROUND`, `CLOTH`, `SKIN` or `FRAME` (of glasses).
    """
    behind = np.zeros(pose.size, np.uint8)
    before = np.zeros(pose.size, np.uint8)
    unit = pose.head_width_px
    turn = float(np.degrees(pose.roll))
    bare = rng.random() < 0.25
    cloth = SKIN if bare else CLOTH
    lean = float(rng.uniform(-0.15, 0.45))
    chest = _spot(head, pose, float(rng.normal(0, 0.06)), lean, -1.25)
    if rng.random() < 0.93:
        girth = (unit * rng.uniform(0.85, 1.35), unit * rng.uniform(0.40, 0.7))
        _blob(behind, chest, girth, turn, cloth)
        if rng.random() < 0.6:
            _arms(head, pose, rng, behind, SKIN if bare or rng.random() < 0.5 else CLOTH)
        neck = _spot(head, pose, 0, -0.18, -0.75)
        _blob(behind, neck, (unit * 0.3, unit * rng.uniform(0.22, 0.34)), turn, SKIN)
    _ears_and_nose(head, pose, rng, behind, before)
    return behind, before


def _arms(
    head: Head, pose: Pose, rng: np.random.Generator, labels: Labels, label: int
) -> None:
    """Arms that hang, rest on a table, or reach up to hold the phone."""
    unit = pose.head_width_px
    for side in (-1, 1):
        if rng.random() < 0.2:
            continue
        shoulder = _spot(head, pose, side * float(rng.uniform(0.9, 1.2)), 0.05, -1.2)
        elbow = _spot(
            head,
            pose,
            side * float(rng.uniform(0.7, 1.6)),
            float(rng.uniform(-0.3, 1)),
            -1.2,
        )
        hand = _spot(
            head,
            pose,
            side * float(rng.uniform(-0.1, 1.3)),
            float(rng.uniform(0.6, 1.6)),
            -1.1,
        )
        _limb(labels, np.stack((shoulder, elbow)), unit * 0.32, label)
        _limb(labels, np.stack((elbow, hand)), unit * 0.22, label)
        _blob(labels, hand, (unit * 0.13, unit * 0.1), float(rng.uniform(0, 180)), SKIN)


def _ears_and_nose(
    head: Head, pose: Pose, rng: np.random.Generator, behind: Labels, before: Labels
) -> None:
    """Ears stick out behind the outline, the nose in front of the face; perhaps glasses."""
    unit = pose.head_width_px
    turn = float(np.degrees(pose.roll))
    stick = float(rng.uniform(0.02, 0.09))
    for side in (-1, 1):
        ear = _spot(head, pose, side * (0.5 + stick), -0.04, -0.12)
        _blob(behind, ear, (unit * 0.06, unit * 0.11), turn, SKIN)
    long = head.axes[1] + float(rng.uniform(-0.04, 0.05))
    nose = _spot(head, pose, 0, long, -0.28)
    seen = pose.pitch > 0.55 and abs(np.sin(pose.bearing)) < 0.5
    if abs(pose.bearing) < 1:
        _blob(before if seen else behind, nose, (unit * 0.075, unit * 0.10), turn, SKIN)
    if rng.random() < 0.2 and abs(pose.bearing) < 1:
        rim = [
            _spot(head, pose, x, head.axes[1] * y, -0.16)
            for x, y in ((-0.54, 0.1), (-0.42, 1.05), (0, 1.16), (0.42, 1.05), (0.54, 0.1))
        ]
        _limb(behind if pose.pitch < 0.6 else before, np.stack(rim), unit * 0.02 + 1, FRAME)
