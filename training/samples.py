"""Training samples: stored geometry, painted, lit and photographed anew each time."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from pathlib import Path

import cv2
import geometry
import numpy as np

from hairtrack.imaging import segmentation
from hairtrack_phantom import develop, scene

CROP = 416
"""Side of a hair sample at the standard scale, px; the network sees half of it."""

REGION = 160
HIDDEN_SHARE = 0.35
"""Share of hair samples of which the surroundings are hidden: they may tell nothing."""

SOFT_SHARE = 0.3
"""Share of photographs whose hair is finer than a pixel: a veil rather than strands."""

SHAVED_SHARE, SHEER_SHARE = 0.06, 0.05
"""Shares of photographs of shaved heads, and of hair that lets skin shine through."""

HELD_OUT_BACKGROUND = "wood"


@dataclass(frozen=True, slots=True)
class Picture:
    """One composed photograph with its truths.

    `places`, (H / 4, W / 4, 3), is the point of the unit sphere that stands for the
    skull, in the head's own axes, under every fourth pixel.
    """

    image: np.ndarray
    hair: np.ndarray
    scalp: np.ndarray
    places: np.ndarray


def make_textures(seed: int, count: int) -> list[np.ndarray]:
    """Backgrounds and cloths, sRGB uint8, reused at random positions."""
    rng = np.random.default_rng([seed, 9])
    kinds = [kind for kind in scene.TEXTURES if kind != HELD_OUT_BACKGROUND]
    size = (geometry.SIZE, geometry.SIZE)
    drawn = (scene.texture(rng, size, kind=str(rng.choice(kinds))) for _ in range(count))
    return [np.round(picture * 255).astype(np.uint8) for picture in drawn]


def _pick(textures: list[np.ndarray], rng: np.random.Generator) -> np.ndarray:
    picture = textures[rng.integers(len(textures))]
    picture = np.rot90(picture, rng.integers(4))[:, :: rng.choice((-1, 1))]
    return picture[..., rng.permutation(3)].astype(np.float32) / 255


def _refine(hair: np.ndarray, rng: np.random.Generator) -> None:
    """Make the drawn hair finer than pixels, or sheer, as much real hair is, in place."""
    if rng.random() < SOFT_SHARE:
        sigma = float(np.exp(rng.uniform(np.log(0.7), np.log(5.0))))
        kept = np.float32(rng.uniform(0, 0.5))
        hair += (1 - kept) * (cv2.GaussianBlur(hair, (0, 0), sigma) - hair)
    kind = rng.random()
    if kind < SHAVED_SHARE:
        hair *= np.float32(rng.uniform(0, 0.12))
    elif kind < SHAVED_SHARE + SHEER_SHARE:
        hair *= np.float32(rng.uniform(0.3, 0.95))


def compose(path: Path, textures: list[np.ndarray], rng: np.random.Generator) -> Picture:
    """Photograph a stored head in new colours, light, place and camera."""
    layers = geometry.restore(np.load(path))
    if rng.random() < 0.4:
        layers.hair[..., 2] *= np.float32(rng.uniform(0, 0.3))
    _refine(layers.hair, rng)
    fine = layers.hair[..., 1][layers.scalp].std() < 0.25
    paint = geometry.random_paint(rng, least=0.12 if fine else 0.05)
    light = develop.shine_through(
        layers,
        paint,
        develop.random_light(rng),
        _pick(textures, rng),
        _pick(textures, rng),
    )
    image = develop.expose(light, develop.random_sensor(rng), rng)
    places = geometry.coordinates(int(path.stem))
    return Picture(image, layers.hair[..., 1], layers.scalp, places)


def _relight(picture: Picture, rng: np.random.Generator) -> Picture:
    """Another exposure, white balance and tone curve, by one table a channel."""
    codes = np.linspace(0, 1, 256, dtype=np.float32)
    gains = np.exp(rng.normal(0, 0.12) + rng.normal(0, 0.03, 3))
    curve = float(np.exp(rng.normal(0, 0.12)))
    table = np.clip(codes[:, None] ** curve * gains, 0, 1) * 255
    image = cv2.LUT(picture.image, np.round(table).astype(np.uint8)[None])
    return dataclasses.replace(picture, image=image)


def _turn(picture: Picture, rng: np.random.Generator) -> Picture:
    """Turn by a multiple of 90 degrees and mirror, the head's left and right too."""
    turns, mirrored = int(rng.integers(4)), bool(rng.integers(2))
    planes = (picture.image, picture.hair, picture.scalp, picture.places)
    turned = [np.rot90(plane, turns) for plane in planes]
    if mirrored:
        turned = [plane[:, ::-1] for plane in turned]
        turned[3] = turned[3] * np.array((-1, 1, 1), np.float32)
    return Picture(*turned)


def _resize(picture: Picture, width: int, height: int) -> Picture:
    size = (max(16, width), max(16, height))
    image, hair, scalp = (
        cv2.resize(np.ascontiguousarray(plane), size, interpolation=cv2.INTER_AREA)
        for plane in (picture.image, picture.hair, picture.scalp.astype(np.float32))
    )
    return Picture(image, hair, scalp > 0.5, picture.places)


def _given_region(scalp: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Return the scalp as a person or a net would outline it: ragged, or a part of it."""
    region = scalp.astype(np.float32)
    kind = rng.random()
    if kind < 0.6:
        noise = cv2.resize(
            rng.normal(size=(12, 12)).astype(np.float32),
            scalp.shape[::-1],
            interpolation=cv2.INTER_CUBIC,
        )
        soft = cv2.GaussianBlur(region, (0, 0), float(rng.uniform(2, 7)))
        return soft + 0.15 * noise * rng.random() > rng.uniform(0.35, 0.65)
    if kind < 0.72:
        inside = np.argwhere(scalp)
        centre = inside[rng.integers(len(inside))][::-1]
        axes = np.sqrt(scalp.sum() / np.pi) * rng.uniform(0.45, 1.0, 2)
        part = np.zeros(scalp.shape, np.uint8)
        at = (int(centre[0]), int(centre[1]))
        size = (int(axes[0]) + 4, int(axes[1]) + 4)
        cv2.ellipse(part, at, size, float(rng.uniform(0, 180)), 0, 360, 1, -1)
        return (part > 0) & scalp
    return scalp


def _span(found: np.ndarray, limit: int, margin: int, rng: np.random.Generator) -> slice:
    """Pixels of one axis that show the region and its margin, at most `CROP`."""
    low = max(0, int(found.min()) - margin)
    high = min(limit, int(found.max()) + 1 + margin)
    length = min(CROP, high - low) // 4 * 4
    start = low + int(rng.integers(high - low - length + 1))
    return slice(start, start + length)


def hair_sample(
    picture: Picture, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Input (12, CROP / 2, CROP / 2), target and weight at half that, for the hair net."""
    picture = _turn(_relight(picture, rng), rng)
    region = _given_region(picture.scalp, rng)
    diameter = 2 * np.sqrt(max(region.sum(), 1) / np.pi)
    share = min(1.0, segmentation.SPAN * float(rng.uniform(0.65, 1.05)) / diameter)
    both = dataclasses.replace(picture, scalp=region)
    height, width = picture.hair.shape
    both = _resize(both, round(width * share), round(height * share))
    seen = np.zeros((segmentation.PLANES, CROP // 2, CROP // 2), np.float32)
    truth = np.zeros((2, CROP, CROP), np.float32)
    rows, columns = np.nonzero(both.scalp)
    if len(rows) > 16:
        margin = round(segmentation.MARGIN * diameter * share)
        window = (
            _span(rows, both.hair.shape[0], margin, rng),
            _span(columns, both.hair.shape[1], margin, rng),
        )
        inside = both.scalp[window]
        sides = [(CROP - side) // 4 * 2 for side in inside.shape]
        place = tuple(
            slice(start, start + side)
            for start, side in zip(sides, inside.shape, strict=True)
        )
        half = tuple(slice(part.start // 2, part.stop // 2) for part in place)
        planes = segmentation.features(np.ascontiguousarray(both.image[window]), inside)
        if rng.random() < HIDDEN_SHARE:
            planes *= planes[3] > 0
        seen[(slice(None), *half)] = planes
        truth[(slice(None), *place)] = both.hair[window] * inside, inside
    quarter = truth.reshape(2, CROP // 4, 4, CROP // 4, 4).mean(axis=(2, 4))
    return seen, np.clip(quarter[:1] / np.maximum(quarter[1:], 0.01), 0, 1), quarter[1:]


def empty_sample(
    textures: list[np.ndarray], rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray]:
    """Input and target of the region net for a picture without a head."""
    picture = cv2.resize(
        _pick(textures, rng), (REGION, REGION), interpolation=cv2.INTER_AREA
    )
    nothing = np.zeros((4, REGION // 2, REGION // 2), np.float32)
    return np.moveaxis(picture * 2 - 1, -1, 0).astype(np.float32), nothing


def region_sample(
    picture: Picture, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray]:
    """Input (3, REGION, REGION) and target at half that, scalp and place on the head."""
    picture = _turn(_relight(picture, rng), rng)
    height, width = picture.hair.shape
    cut = rng.uniform(0, 0.12, 4) * (rng.random() < 0.5)
    whole = cv2.resize(
        np.ascontiguousarray(picture.places),
        (width // 2, height // 2),
        interpolation=cv2.INTER_LINEAR,
    )
    top, bottom = int(cut[0] * height / 2), int((1 - cut[1]) * height / 2)
    left, right = int(cut[2] * width / 2), int((1 - cut[3]) * width / 2)
    window = (slice(2 * top, 2 * bottom), slice(2 * left, 2 * right))
    planes = (picture.image[window], picture.hair[window], picture.scalp[window])
    part = Picture(*planes, whole[top:bottom, left:right])
    stretch = float(np.exp(rng.uniform(-0.28, 0.28)))
    long = REGION if rng.random() < 0.7 else 2 * int(REGION * rng.uniform(0.35, 0.5))
    short = 2 * round(long * min(stretch, 1 / stretch) / 2)
    sides = (long, short) if stretch > 1 else (short, long)
    small = _resize(part, *sides)
    half = (sides[0] // 2, sides[1] // 2)
    seen = np.zeros((3, REGION, REGION), np.float32)
    truth = np.zeros((4, REGION // 2, REGION // 2), np.float32)
    top, left = (REGION // 2 - half[1]) // 2, (REGION // 2 - half[0]) // 2
    seen[:, 2 * top : 2 * top + sides[1], 2 * left : 2 * left + sides[0]] = np.moveaxis(
        small.image / 127.5 - 1, -1, 0
    )
    inside = (slice(top, top + half[1]), slice(left, left + half[0]))
    scalp = small.scalp.astype(np.float32)
    truth[0][inside] = cv2.resize(scalp, half, interpolation=cv2.INTER_AREA)
    places = cv2.resize(part.places, half, interpolation=cv2.INTER_AREA)
    truth[1:][(slice(None), *inside)] = np.moveaxis(places, -1, 0)
    return seen, truth
