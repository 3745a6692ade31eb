"""Photographs of heads with known truth, for tests, demo, benchmarks and training.

`random_head` draws a person, `random_shot` a day with its comb, camera and
light, and `photograph` brings both together. The same seeds give the same
bytes. The order inside: `people` (who) -> `strands` (hair) -> `layers`
(geometry) -> `develop` (colour, light, camera).
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from . import camera, develop, layers, scene
from .camera import Pose
from .develop import Light, Paint, Sensor
from .people import Head, Thinning, random_head, scalp_depth
from .strands import Comb

__all__ = [
    "Comb",
    "Head",
    "Light",
    "PhantomPhoto",
    "Pose",
    "Sensor",
    "Shot",
    "Thinning",
    "photograph",
    "random_head",
    "random_shot",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Shot:
    """One day: how the hair is combed, where the camera is, what light there is."""

    comb: Comb
    pose: Pose
    light: Light
    sensor: Sensor
    place: int
    seed: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PhantomPhoto:
    """A photograph and its truth.

    Attributes
    ----------
    image : (H, W, 3) uint8
        sRGB.
    hair : (H, W) float32
        True fraction of hair per pixel, in [0, 1].
    scalp : (H, W) bool
        True scalp region.
    visible_scalp : float
        True fraction of the scalp where skin shows.
    landmarks_xy : (N, 2) float64
        The same N points of the scalp in every photograph of this head, px.
    landmarks_seen : (N,) bool
        Whether each faces the camera and lies in the frame.
    head_width_px : float
        Ear to ear.
    """

    image: NDArray[np.uint8]
    hair: NDArray[np.float32]
    scalp: NDArray[np.bool_]
    visible_scalp: float
    landmarks_xy: NDArray[np.float64]
    landmarks_seen: NDArray[np.bool_]
    head_width_px: float


def random_shot(
    rng: np.random.Generator,
    *,
    view: str = "vertex",
    size: tuple[int, int] = (960, 960),
    standard: bool = True,
    **fixed: object,
) -> Shot:
    """Draw a day at random.

    Parameters
    ----------
    rng : numpy.random.Generator
        The only source of chance.
    view : str
        Value of `hairtrack.View`.
    size : tuple of int
        Height and width in px.
    standard : bool
        As the capture guide asks: nose down, centred, steady camera. Otherwise
        any turn, tilt and distance, as people send photographs.
    **fixed
        Fields of `Shot` to hold.
    """
    low, high = camera.PITCH[view]
    if standard:
        low, high = (0.6 * low + 0.4 * high, 0.5 * low + 0.5 * high)
    turn = 0.10 if standard else 0.15
    pose = Pose(
        pitch=float(rng.uniform(low, high)),
        bearing=float(camera.BEARING.get(view, 0.0)),
        yaw=float(rng.normal(0, 0.03 if standard else 0.12)),
        roll=float(rng.normal(0, turn) + (0 if standard else rng.choice(4) * np.pi / 2)),
        distance=float(
            rng.uniform(2.8, 4.0) if standard else np.exp(rng.uniform(0.7, 2.0))
        ),
        span=float(rng.uniform(0.62, 0.72) if standard else rng.uniform(0.45, 0.92)),
        centre=(
            float(0.5 + rng.normal(0, 0.02 if standard else 0.05)),
            float(0.5 + rng.normal(0, 0.02 if standard else 0.05)),
        ),
        size=size,
    )
    comb = Comb(
        seed=int(rng.integers(2**31)),
        disorder=float(rng.uniform(0.05, 0.25) if standard else rng.uniform(0.0, 0.9) ** 2),
        clumps=float(rng.uniform(0.0, 0.25) if standard else rng.uniform(0, 1) ** 2 * 0.8),
    )
    values: dict[str, object] = {
        "comb": comb,
        "pose": pose,
        "light": develop.random_light(rng),
        "sensor": develop.random_sensor(rng),
        "place": int(rng.integers(2**31)),
        "seed": int(rng.integers(2**31)),
    }
    return Shot(**(values | fixed))  # type: ignore[arg-type]


def _landmarks(head: Head, pose: Pose) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """Return fixed scalp points in this photograph, and which of them it shows."""
    turns = np.arange(400) + 0.5
    z = 1 - 2 * turns / len(turns)
    azimuth = turns * np.pi * (3 - np.sqrt(5))
    flat = np.sqrt(1 - z * z)
    points = np.stack((flat * np.cos(azimuth), flat * np.sin(azimuth), z), 1).astype(
        np.float32
    )
    points = points[scalp_depth(head, points) > 0.05]
    xy, _ = camera.project(head, pose, points * np.asarray(head.axes, np.float32))
    normal = points / np.asarray(head.axes, np.float32)
    normal /= np.linalg.norm(normal, axis=1, keepdims=True)
    limit = np.array(pose.size[::-1]) - 1
    inside = np.all((xy >= 0) & (xy <= limit), axis=1)
    return xy.astype(np.float64), inside & (normal @ camera.rotation(pose)[2] > 0.35)


def photograph(head: Head, shot: Shot) -> PhantomPhoto:
    """Take a photograph of a head, with its truth.

    Parameters
    ----------
    head : Head
        Who.
    shot : Shot
        Which day, from where, in what light.

    Returns
    -------
    PhantomPhoto
        The same arguments give the same bytes.

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> photo = photograph(random_head(rng), random_shot(rng, size=(240, 240)))
    >>> photo.image.shape, photo.hair.shape
    ((240, 240, 3), (240, 240))
    """
    drawn = layers.draw(
        head,
        shot.comb,
        shot.pose,
        place=shot.place,
        light=np.asarray(shot.light.direction, np.float32),
    )
    rng = np.random.default_rng([shot.place, 2])
    backdrop, cloth = (scene.texture(rng, shot.pose.size) for _ in range(2))
    paint = Paint(skin=head.skin, hair=head.hair, shine=head.shine)
    light = develop.shine_through(drawn, paint, shot.light, backdrop, cloth)
    image = develop.expose(light, shot.sensor, np.random.default_rng([shot.seed, 3]))
    hair = drawn.hair[..., 1]
    seen = 1 - hair[drawn.scalp]
    landmarks_xy, landmarks_seen = _landmarks(head, shot.pose)
    return PhantomPhoto(
        image=image,
        hair=np.ascontiguousarray(hair),
        scalp=drawn.scalp,
        visible_scalp=float(seen.mean()) if seen.size else float("nan"),
        landmarks_xy=landmarks_xy,
        landmarks_seen=landmarks_seen,
        head_width_px=shot.pose.head_width_px,
    )


def closer(shot: Shot, factor: float) -> Shot:
    """Return the same day with the camera zoomed in by `factor`."""
    return dataclasses.replace(
        shot, pose=dataclasses.replace(shot.pose, span=shot.pose.span * factor)
    )
