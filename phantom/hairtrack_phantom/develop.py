"""Colour, light and camera: from layers to the bytes of a photograph.

Hair and skin mix in linear light; whatever the camera does comes after.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from . import scene
from .layers import Layers

Array = NDArray[Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Paint:
    """Colours of the person, sRGB 0 to 255."""

    skin: tuple[float, float, float]
    hair: tuple[float, float, float]
    grey: tuple[float, float, float] = (176.0, 174.0, 172.0)
    shine: float = 0.2


@dataclass(frozen=True, slots=True, kw_only=True)
class Light:
    """Light on the scene.

    Attributes
    ----------
    direction : tuple of float
        Towards the main light, photo axes (right, down, towards the camera).
    ambient : float
        Share of the light that comes from everywhere.
    gains : tuple of float
        Colour of the light, linear.
    exposure : float
        Stops.
    occlusion : float
        How much hair darkens the skin under it, in [0, 1].
    hair_gloss : float
        Strength of highlights on hair.
    shadow : tuple of float
        Strength, angle, offset and softness of a cast shadow's edge.
    gradient : tuple of float
        Change of light across the photo, right and down.
    """

    direction: tuple[float, float, float]
    ambient: float
    gains: tuple[float, float, float]
    exposure: float
    occlusion: float
    hair_gloss: float
    shadow: tuple[float, float, float, float]
    gradient: tuple[float, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sensor:
    """What camera and file do to the light; lengths in px of the photo."""

    blur: float
    motion: tuple[float, float]
    noise: float
    contrast: float
    saturation: float
    sharpen: float
    reduction: float
    haze: float
    jpeg: int


def random_light(rng: np.random.Generator) -> Light:
    """Draw the light of a day: window, ceiling lamp, flash or sun."""
    lean = float(abs(rng.normal(0, 0.6)))
    bearing = float(rng.uniform(0, 2 * np.pi))
    direction = (
        np.sin(lean) * np.cos(bearing),
        np.sin(lean) * np.sin(bearing),
        np.cos(lean),
    )
    warm = float(rng.normal(0, 0.11))
    tint = float(rng.normal(0, 0.03))
    cast = rng.random() < 0.06
    return Light(
        direction=(float(direction[0]), float(direction[1]), float(direction[2])),
        ambient=float(rng.uniform(0.25, 0.85)),
        gains=(
            float(np.exp(warm + (rng.normal(0, 0.25) if cast else 0))),
            float(np.exp(tint)),
            float(np.exp(-warm)),
        ),
        exposure=float(rng.normal(0.1, 0.33)),
        occlusion=float(rng.uniform(0.35, 0.85)),
        hair_gloss=float(rng.uniform(0, 1) ** 2 * 0.5),
        shadow=(
            float(rng.uniform(0.3, 0.75) * (rng.random() < 0.15)),
            float(rng.uniform(0, 2 * np.pi)),
            float(rng.normal(0, 0.2)),
            float(np.exp(rng.uniform(np.log(0.004), np.log(0.1)))),
        ),
        gradient=(float(rng.normal(0, 0.2)), float(rng.normal(0, 0.2))),
    )


def random_sensor(rng: np.random.Generator) -> Sensor:
    """Draw a camera: phones of many years, some shaken, some hazy."""
    shaken = rng.random() < 0.1
    return Sensor(
        blur=float(abs(rng.normal(0, 0.7))),
        motion=(float(rng.uniform(2, 6) * shaken), float(rng.uniform(0, np.pi))),
        noise=float(rng.uniform(0, 0.02) * (1 + 2 * (rng.random() < 0.1))),
        contrast=float(rng.normal(0.15, 0.22)),
        saturation=float(rng.normal(1.05, 0.14)),
        sharpen=float(rng.choice((0.0, rng.uniform(0.2, 1.2)))),
        reduction=float(rng.choice((1.0, rng.uniform(1.0, 2.2)), p=(0.7, 0.3))),
        haze=float(rng.uniform(0, 0.2) * (rng.random() < 0.2)),
        jpeg=int(rng.integers(60, 97)),
    )


_CODES = np.linspace(0, 1, 4097, dtype=np.float32)
_EXPANDED = np.where(
    _CODES <= 0.04045, _CODES / 12.92, ((_CODES + 0.055) / 1.055) ** 2.4
).astype(np.float32)
_COMPRESSED = np.where(
    _CODES**2 <= 0.0031308, _CODES**2 * 12.92, 1.055 * _CODES ** (2 / 2.4) - 0.055
).astype(np.float32)


def expand(shares: Array) -> Array:
    """Linear light of sRGB shares in [0, 1], by table."""
    return np.asarray(_EXPANDED[(shares * 4096).astype(np.int16)])


def compress(linear: Array) -> Array:
    """Return the sRGB shares of linear light in [0, 1], by a table over its square root."""
    return np.asarray(_COMPRESSED[(np.sqrt(linear) * 4096).astype(np.int16)])


def _linear(colour: tuple[float, float, float]) -> Array:
    """Linear reflectance (3,) of an sRGB colour 0 to 255."""
    return expand(np.asarray(colour, np.float32) / 255)


def _shadow(size: tuple[int, int], light: Light) -> Array:
    """Factor (H, W) of a cast shadow and of the light's gradient."""
    height, width = size
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    x = x / width - 0.5
    y = y / height - 0.5
    strength, angle, offset, softness = light.shadow
    across = np.cos(angle) * x + np.sin(angle) * y - offset
    edge = 1 - strength / (1 + np.exp(np.clip(-across / softness, -30, 30)))
    slope = np.exp(light.gradient[0] * x * 2 + light.gradient[1] * y * 2)
    return np.asarray(edge * slope, np.float32)


def _surroundings(layers: Layers, paint: Paint, backdrop: Array, cloth: Array) -> Array:
    """Body and background behind the head, linear (H, W, 3)."""
    skin = _linear(paint.skin)
    scene_light = expand(backdrop)
    worn = expand(cloth)
    blurred = cv2.GaussianBlur(
        (layers.behind > 0).astype(np.float32), (0, 0), max(layers.behind.shape) * 0.03
    )
    relief = (0.45 + 0.55 * blurred)[..., None]
    out = scene_light
    for label, colour in ((scene.CLOTH, worn), (scene.SKIN, skin), (scene.FRAME, 0.02)):
        there = (layers.behind == label).astype(np.float32)
        there = cv2.GaussianBlur(there, (0, 0), 0.7)[..., None]
        out = out * (1 - there) + there * colour * relief
    return np.asarray(out, np.float32)


def shine_through(
    layers: Layers, paint: Paint, light: Light, backdrop: Array, cloth: Array
) -> Array:
    """Light that reaches the camera, linear (H, W, 3), not limited to 1."""
    main = np.asarray(light.direction, np.float32)
    facing = np.clip(layers.normal @ main, 0, 1)
    lambert = (
        light.ambient * (0.6 + 0.4 * layers.normal[..., 2]) + (1 - light.ambient) * facing
    )
    half: Array = main + np.array((0, 0, 1), np.float32)
    half /= np.linalg.norm(half)
    gleam = np.clip(layers.normal @ half, 0, 1) ** 24
    gleam = (gleam + 0.25 * np.clip(layers.normal @ half, 0, 1) ** 160) * paint.shine * 0.35
    alpha = layers.hair[..., 1]
    width = alpha.shape[1]
    near = cv2.GaussianBlur(alpha, (0, 0), max(1.0, width * 0.006))
    shade = 1 - light.occlusion * near * (0.5 + 0.5 * near)
    skin = _linear(paint.skin) * layers.pigment[..., None]
    skin = skin * (1 - layers.blood[..., None] * np.array((0.1, 0.75, 0.6), np.float32))
    skin = skin * lambert[..., None] + gleam[..., None]
    skin *= shade[..., None]
    there = layers.skull[..., None]
    under = _surroundings(layers, paint, backdrop, cloth) * (1 - there) + skin * there
    for label, colour in ((scene.SKIN, _linear(paint.skin) * 0.9), (scene.FRAME, 0.02)):
        front = (layers.before == label).astype(np.float32)
        front = cv2.GaussianBlur(front, (0, 0), max(0.7, width * 0.002))[..., None]
        under = under * (1 - front) + front * colour * (0.5 + 0.5 * lambert[..., None])
    cover = alpha[..., None]
    share = np.minimum(layers.hair[..., 2:3] / np.maximum(cover, 0.02), 1)
    pigmented = _linear(paint.hair) * (1 - share) + _linear(paint.grey) * share
    lit = 0.22 + 0.6 * np.where(layers.skull > 0.5, lambert, 0.4)[..., None]
    body = layers.hair[..., :1] / 0.59 * pigmented * lit
    gloss = layers.hair[..., 3:] * light.hair_gloss * (0.08 + 0.6 * pigmented)
    out = (body + gloss + under * (1 - cover)) * _shadow(alpha.shape, light)[..., None]
    return np.asarray(
        out * np.asarray(light.gains, np.float32) * 2**light.exposure, np.float32
    )


def expose(linear: Array, sensor: Sensor, rng: np.random.Generator) -> NDArray[np.uint8]:
    """Photograph the light: lens, sensor, tone curve and file; (H, W, 3) uint8 sRGB."""
    height, width = linear.shape[:2]
    picture = linear
    if sensor.reduction > 1:
        small = (
            max(8, int(width / sensor.reduction)),
            max(8, int(height / sensor.reduction)),
        )
        picture = cv2.resize(picture, small, interpolation=cv2.INTER_AREA)
        picture = cv2.resize(picture, (width, height), interpolation=cv2.INTER_LINEAR)
    if sensor.blur > 0.25:
        picture = cv2.GaussianBlur(picture, (0, 0), sensor.blur)
    length, angle = sensor.motion
    if length > 1:
        kernel = np.zeros((15, 15), np.float32)
        reach = np.array((np.cos(angle), np.sin(angle))) * length / 2
        first, last = (tuple(int(v) for v in np.round(7 + s * reach)) for s in (-1, 1))
        cv2.line(kernel, first, last, 1.0)
        picture = cv2.filter2D(picture, -1, kernel / kernel.sum())
    picture = picture + rng.normal(size=picture.shape).astype(np.float32) * (
        sensor.noise * np.sqrt(np.maximum(picture, 0) * 0.3 + 0.004)
    )
    picture = picture * (1 - sensor.haze) + sensor.haze * 0.6
    tone = compress(np.clip(picture, 0, 1))
    tone = tone + sensor.contrast * (tone - 0.5) * 4 * tone * (1 - tone)
    grey = tone.mean(axis=2, keepdims=True)
    tone = grey + (tone - grey) * sensor.saturation
    if sensor.sharpen:
        tone = tone + sensor.sharpen * (tone - cv2.GaussianBlur(tone, (0, 0), 1.2))
    coded = np.round(np.clip(tone, 0, 1) * 255).astype(np.uint8)
    quality = [cv2.IMWRITE_JPEG_QUALITY, sensor.jpeg]
    _, data = cv2.imencode(".jpg", coded[..., ::-1], quality)
    decoded: Any = cv2.imdecode(data, cv2.IMREAD_COLOR)
    return np.ascontiguousarray(decoded[..., ::-1])
