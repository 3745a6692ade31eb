"""Training samples: stored geometry, painted, lit and photographed anew each time."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import cv2
import geometry
import numpy as np

from hairtrack.imaging import segmentation
from hairtrack.imaging.phantom import develop, scene

CROP = 256
REGION = 160
HELD_OUT_BACKGROUND = "wood"


@dataclass(frozen=True, slots=True)
class Picture:
    """One composed photograph with its truths."""

    image: np.ndarray
    hair: np.ndarray
    scalp: np.ndarray


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


def compose(path: Path, textures: list[np.ndarray], rng: np.random.Generator) -> Picture:
    """Photograph a stored head in new colours, light, place and camera."""
    layers = geometry.restore(np.load(path))
    if rng.random() < 0.4:
        layers.hair[..., 2] *= np.float32(rng.uniform(0, 0.3))
    fine = layers.hair[..., 1][layers.scalp].std() < 0.25
    paint = geometry.random_paint(rng, least=0.25 if fine else 0.1)
    light = develop.shine_through(
        layers,
        paint,
        develop.random_light(rng),
        _pick(textures, rng),
        _pick(textures, rng),
    )
    image = develop.expose(light, develop.random_sensor(rng), rng)
    return Picture(image, layers.hair[..., 1], layers.scalp)


def _relight(picture: Picture, rng: np.random.Generator) -> Picture:
    """Another exposure, white balance and tone curve, by one table a channel."""
    codes = np.linspace(0, 1, 256, dtype=np.float32)
    gains = np.exp(rng.normal(0, 0.12) + rng.normal(0, 0.03, 3))
    curve = float(np.exp(rng.normal(0, 0.12)))
    table = np.clip(codes[:, None] ** curve * gains, 0, 1) * 255
    image = cv2.LUT(picture.image, np.round(table).astype(np.uint8)[None])
    return Picture(image, picture.hair, picture.scalp)


def _turn(picture: Picture, rng: np.random.Generator) -> Picture:
    """Turn by a multiple of 90 degrees and mirror."""
    turns, mirrored = int(rng.integers(4)), bool(rng.integers(2))
    planes = (picture.image, picture.hair, picture.scalp)
    turned = (np.rot90(plane, turns) for plane in planes)
    return Picture(*(plane[:, ::-1] if mirrored else plane for plane in turned))


def _resize(picture: Picture, width: int, height: int) -> Picture:
    size = (max(16, width), max(16, height))
    image, hair, scalp = (
        cv2.resize(np.ascontiguousarray(plane), size, interpolation=cv2.INTER_AREA)
        for plane in (picture.image, picture.hair, picture.scalp.astype(np.float32))
    )
    return Picture(image, hair, scalp > 0.5)


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


def hair_sample(
    picture: Picture, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Input (7, CROP, CROP), target and weight at half that size, for the hair net."""
    picture = _turn(_relight(picture, rng), rng)
    region = _given_region(picture.scalp, rng)
    diameter = 2 * np.sqrt(max(region.sum(), 1) / np.pi)
    share = min(1.0, segmentation.SPAN * float(rng.uniform(0.75, 1.1)) / diameter)
    both = Picture(picture.image, picture.hair, region)
    if share < 1:
        height, width = picture.hair.shape
        both = _resize(both, round(width * share), round(height * share))
    seen = np.zeros((segmentation.PLANES, CROP, CROP), np.float32)
    truth = np.zeros((2, CROP, CROP), np.float32)
    rows, columns = np.nonzero(both.scalp)
    if len(rows):
        corner = []
        for found, limit in ((rows, both.hair.shape[0]), (columns, both.hair.shape[1])):
            low, high = found.min() - 8, found.max() + 9
            start = rng.integers(low, max(low, high - CROP) + 1)
            corner.append(int(np.clip(start, 0, max(0, limit - CROP))))
        window = tuple(slice(start, start + CROP) for start in corner)
        inside = both.scalp[window].astype(np.float32)
        area = (slice(None), slice(inside.shape[0]), slice(inside.shape[1]))
        image = np.ascontiguousarray(both.image)
        seen[area] = segmentation.features(image, both.scalp)[(slice(None), *window)]
        truth[area] = both.hair[window] * inside, inside
    half = truth.reshape(2, CROP // 2, 2, CROP // 2, 2).mean(axis=(2, 4))
    return seen, np.clip(half[:1] / np.maximum(half[1:], 0.01), 0, 1), half[1:]


def empty_sample(
    textures: list[np.ndarray], rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray]:
    """Input and target of the region net for a picture without a head."""
    picture = cv2.resize(
        _pick(textures, rng), (REGION, REGION), interpolation=cv2.INTER_AREA
    )
    nothing = np.zeros((1, REGION, REGION), np.float32)
    return np.moveaxis(picture * 2 - 1, -1, 0).astype(np.float32), nothing


def region_sample(
    picture: Picture, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray]:
    """Input (3, REGION, REGION) and target (1, REGION, REGION) for the region net."""
    picture = _turn(_relight(picture, rng), rng)
    height, width = picture.hair.shape
    cut = rng.uniform(0, 0.12, 4) * (rng.random() < 0.5)
    rows = slice(int(cut[0] * height), int((1 - cut[1]) * height))
    columns = slice(int(cut[2] * width), int((1 - cut[3]) * width))
    part = Picture(
        picture.image[rows, columns],
        picture.hair[rows, columns],
        picture.scalp[rows, columns],
    )
    stretch = float(np.exp(rng.uniform(-0.28, 0.28)))
    long = REGION if rng.random() < 0.7 else int(REGION * rng.uniform(0.7, 1))
    sides = (long, round(long / stretch)) if stretch > 1 else (round(long * stretch), long)
    small = _resize(part, *sides)
    planes = np.zeros((4, REGION, REGION), np.float32)
    top, left = (REGION - sides[1]) // 2, (REGION - sides[0]) // 2
    window = (slice(top, top + sides[1]), slice(left, left + sides[0]))
    planes[:3][(slice(None), *window)] = np.moveaxis(small.image / 127.5 - 1, -1, 0)
    planes[3][window] = small.scalp
    return planes[:3], planes[3:]
