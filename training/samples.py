"""Drawn training samples: stored geometry, painted, lit and photographed anew."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from pathlib import Path

import cv2
import geometry
import numpy as np

from hairtrack.imaging import color, segmentation
from hairtrack_phantom import develop, half_real, scene

REGION = 256
"""Longer side of what the region network sees, px."""

SOFT_SHARE = 0.3
"""Share of photographs whose hair is finer than a pixel: a veil rather than strands."""

SHAVED_SHARE, SHEER_SHARE = 0.06, 0.05
"""Shares of photographs of shaved heads, and of hair that lets skin shine through."""

SPECKLED_SHARE = 0.5
"""Share of photographs whose skin has freckles, pores, sun spots or shaved dots."""

HELD_OUT_BACKGROUND = "wood"


@dataclass(frozen=True, slots=True)
class Picture:
    """One composed photograph with its truths.

    `index` is the head's; `geometry.coordinates` tells where on the head a pixel lies.
    """

    image: np.ndarray
    hair: np.ndarray
    scalp: np.ndarray
    index: int


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
        sigma = float(np.exp(rng.uniform(np.log(0.7), np.log(9.0))))
        kept = np.float32(rng.uniform(0, 0.5))
        hair += (1 - kept) * (cv2.GaussianBlur(hair, (0, 0), sigma) - hair)
    kind = rng.random()
    if kind < SHAVED_SHARE:
        hair *= np.float32(rng.uniform(0, 0.12))
    elif kind < SHAVED_SHARE + SHEER_SHARE:
        hair *= np.float32(rng.uniform(0.3, 0.95))


def _speckles(rng: np.random.Generator, shape: tuple[int, int]) -> np.ndarray:
    """Factor of the skin's reflectance, (H, W): freckles, pores, sun spots, shaved dots.

    Each layer is a field of dots of one size, darker than the skin, at places that a
    slower field makes denser here and sparser there.
    """
    height, width = shape
    factor = np.ones(shape, np.float32)
    for _ in range(int(rng.integers(1, 4))):
        sigma = float(np.exp(rng.uniform(np.log(0.5), np.log(9.0)))) * width / 900
        share = float(np.exp(rng.uniform(np.log(0.01), np.log(0.5))))
        reduced = max(1.0, sigma / 1.2)
        size = (max(8, round(width / reduced)), max(8, round(height / reduced)))
        field = cv2.GaussianBlur(
            rng.normal(size=size[::-1]).astype(np.float32), (0, 0), sigma / reduced
        )
        slow = cv2.resize(
            rng.normal(size=(6, 6)).astype(np.float32), size, interpolation=cv2.INTER_CUBIC
        )
        field = field / field.std() + np.float32(rng.uniform(0, 1)) * slow
        edge = np.float32(np.quantile(field[::3, ::3], 1 - share))
        dots = np.clip((field - edge) * np.float32(rng.uniform(1.5, 8)), 0, 1)
        depth = np.float32(rng.uniform(0.05, 0.55))
        factor *= 1 - depth * cv2.resize(dots, (width, height))
    return factor


def _process(image: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Process a picture as phones do: halos, noise reduction, local tone mapping."""
    kind = rng.random()
    if kind < 0.15:
        wide = cv2.GaussianBlur(image, (0, 0), float(rng.uniform(1, 4)))
        amount = float(rng.uniform(0.3, 1.2))
        return cv2.addWeighted(image, 1 + amount, wide, -amount, 0)
    if kind < 0.25:
        return cv2.bilateralFilter(image, 5, float(rng.uniform(15, 50)), 3)
    if kind < 0.4:
        lab = cv2.cvtColor(image, cv2.COLOR_RGB2LAB)
        tool = cv2.createCLAHE(float(rng.uniform(1, 3)), (int(rng.integers(2, 8)),) * 2)
        share = float(rng.uniform(0.3, 1.0))
        mapped = tool.apply(np.ascontiguousarray(lab[..., 0]))
        lab[..., 0] = cv2.addWeighted(mapped, share, lab[..., 0], 1 - share, 0)
        return cv2.cvtColor(lab, cv2.COLOR_LAB2RGB)
    return image


def _halved(planes: np.ndarray) -> np.ndarray:
    """Planes of a stored head at half their size; labels (the last three) are sampled."""
    size = (planes.shape[2] // 2, planes.shape[1] // 2)
    soft = [cv2.resize(p, size, interpolation=cv2.INTER_AREA) for p in planes[:-3]]
    return np.stack((*soft, *planes[-3:, ::2, ::2]))


def compose(
    path: Path,
    textures: list[np.ndarray],
    rng: np.random.Generator,
    *,
    halved: bool = False,
) -> Picture:
    """Photograph a stored head in new colours, light, place and camera."""
    planes = np.load(path)
    layers = geometry.restore(_halved(planes) if halved else planes)
    if rng.random() < 0.4:
        layers.hair[..., 2] *= np.float32(rng.uniform(0, 0.3))
    _refine(layers.hair, rng)
    if rng.random() < SPECKLED_SHARE:
        layers.pigment[:] = layers.pigment * _speckles(rng, layers.pigment.shape)
    fine = layers.hair[..., 1][layers.scalp].std() < 0.25
    paint = geometry.random_paint(rng, least=0.12 if fine else 0.05)
    lamp = develop.random_light(rng)
    if rng.random() < 0.25:
        lamp = dataclasses.replace(lamp, hair_gloss=float(rng.uniform(0.4, 1.2)))
        paint = dataclasses.replace(paint, shine=float(rng.uniform(0.5, 2.0)))
    step = 2 if halved else 1
    behind, worn = (_pick(textures, rng)[::step, ::step] for _ in range(2))
    light = develop.shine_through(layers, paint, lamp, behind, worn)
    image = _process(develop.expose(light, develop.random_sensor(rng), rng), rng)
    return Picture(image, layers.hair[..., 1], layers.scalp, int(path.stem))


def _relight(picture: Picture, rng: np.random.Generator) -> Picture:
    """Another exposure, white balance and tone curve, by one table a channel."""
    codes = np.linspace(0, 1, 256, dtype=np.float32)
    gains = np.exp(rng.normal(0, 0.12) + rng.normal(0, 0.03, 3))
    curve = float(np.exp(rng.normal(0, 0.12)))
    table = np.clip(codes[:, None] ** curve * gains, 0, 1) * 255
    image = cv2.LUT(picture.image, np.round(table).astype(np.uint8)[None])
    return dataclasses.replace(picture, image=image)


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


def cut(
    image: np.ndarray,
    region: np.ndarray,
    maps: np.ndarray,
    *,
    side: int,
    diameter: float,
    rng: np.random.Generator,
) -> tuple[np.ndarray, np.ndarray]:
    """Return what the network sees, and maps reduced to its answer's grid.

    Parameters
    ----------
    image : (H, W, 3) uint8
    region : (H, W) bool
        Scalp as it will be given to the network.
    maps : (K, H, W) float32
        Averaged over the pixels of a cell of the answer.
    side : int
        Of the window, px.
    diameter : float
        Of the disc of the region's area at the network's scale, px; never enlarged.

    Returns
    -------
    (PLANES, side, side) float32, (K, side / 4, side / 4) float32
    """
    now = 2 * np.sqrt(max(region.sum(), 1) / np.pi)
    share = min(1.0, diameter / now)
    height, width = region.shape
    size = (max(16, round(width * share)), max(16, round(height * share)))
    small = color.reduce(image, size)
    inside = cv2.resize(region.astype(np.float32), size, interpolation=cv2.INTER_AREA) > 0.5
    rows, columns = np.nonzero(inside)
    if not len(rows):
        rows, columns = np.array([size[1] // 2]), np.array([size[0] // 2])
    margin = round(segmentation.MARGIN * now * share)
    spans, crop = [], [slice(None)]
    for found, limit in ((rows, size[1]), (columns, size[0])):
        low = max(0, int(found.min()) - margin)
        high = min(limit, int(found.max()) + 1 + margin)
        spans.append(slice(low, high))
        first = int(rng.integers(max(high - low - side, 0) + 1))
        crop.append(slice(first, first + min(side, high - low) // 4 * 4))
    rows, columns = spans
    planes = segmentation.features(
        np.ascontiguousarray(small[rows, columns]), inside[rows, columns]
    )[tuple(crop)]
    reduced = np.stack(
        [cv2.resize(plane, size, interpolation=cv2.INTER_AREA) for plane in maps]
    )[:, rows, columns][tuple(crop)]
    height, width = reduced.shape[1:]
    cells = reduced.reshape(len(maps), height // 4, 4, width // 4, 4).mean(axis=(2, 4))
    pad = [(side - length) // 8 * 4 for length in (height, width)]
    seen = np.zeros((segmentation.PLANES, side, side), np.float32)
    seen[:, pad[0] : pad[0] + height, pad[1] : pad[1] + width] = planes
    answer = np.zeros((len(maps), side // 4, side // 4), np.float32)
    top, left = pad[0] // 4, pad[1] // 4
    answer[:, top : top + height // 4, left : left + width // 4] = cells
    turns, mirrored = int(rng.integers(4)), bool(rng.integers(2))
    seen, answer = (np.rot90(part, turns, (1, 2)) for part in (seen, answer))
    if mirrored:
        seen, answer = seen[:, :, ::-1], answer[:, :, ::-1]
    return np.ascontiguousarray(seen), np.ascontiguousarray(answer)


def hair_sample(
    picture: Picture, rng: np.random.Generator, *, side: int, diameter: float
) -> tuple[np.ndarray, np.ndarray]:
    """Input, and labels, as `real_sample` gives them."""
    picture = _relight(picture, rng)
    region = _given_region(picture.scalp, rng)
    maps = np.stack((picture.hair * region, region.astype(np.float32)))
    seen, (hair, weight) = cut(
        picture.image, region, maps, side=side, diameter=diameter, rng=rng
    )
    truth = np.clip(hair / np.maximum(weight, 0.01), 0, 1)
    none = np.zeros_like(truth)
    return seen, np.stack((truth, truth, weight, weight, *[none] * 4))


def _nearer(photo: half_real.RealPhoto, diameter: float) -> half_real.RealPhoto:
    """Reduce a photograph to a little more than the scale at which it will be seen."""
    share = 1.15 * diameter / (2 * np.sqrt(photo.scalp.sum() / np.pi))
    if share > 0.85:
        return photo
    size = (round(photo.image.shape[1] * share), round(photo.image.shape[0] * share))
    scalp, *labels = (
        cv2.resize(plane, size, interpolation=cv2.INTER_AREA)
        for plane in (photo.scalp.astype(np.float32), *photo.labels)
    )
    return dataclasses.replace(
        photo,
        image=color.reduce(photo.image, size),
        scalp=scalp > 0.5,
        labels=np.stack(labels),
    )


def real_sample(
    photo: half_real.RealPhoto, rng: np.random.Generator, *, side: int, diameter: float
) -> tuple[np.ndarray, np.ndarray]:
    """Input and labels of one second shot of a man, for the hair network.

    The labels, (8, side / 4, side / 4): lowest and highest hair fraction, weight, share
    of scalp, x and y in the first shot's frame from -1 to 1 times that share, hair read at
    points times their share, and that share.
    """
    marks = np.zeros((2, *photo.scalp.shape), np.float32)
    for px, py, total in photo.points:
        disc = cv2.circle(
            np.zeros(photo.scalp.shape, np.uint8), (px, py), half_real.POINT_PX, 1, -1
        )
        marks[:, disc > 0] = np.array([[total / 2], [1.0]], np.float32)
    photo = dataclasses.replace(photo, labels=np.concatenate((photo.labels, marks)))
    if rng.random() < 0.7:
        photo = _nearer(photo, diameter)
    height, width = photo.scalp.shape
    y, x = np.mgrid[-1 : 1 : 1j * height, -1 : 1 : 1j * width].astype(np.float32)
    share = photo.scalp.astype(np.float32)
    known, marks = photo.labels[:3], photo.labels[3:]
    planes = np.stack((*known, share, x * share, y * share, *marks))
    image, maps = half_real.shoot(photo.image, planes, rng, whole=photo.scalp)
    scalp = maps[3] > 0.5
    region = _given_region(scalp, rng) if rng.random() < 0.5 else scalp
    seen, answer = cut(image, region, maps, side=side, diameter=diameter, rng=rng)
    answer[:2] /= np.maximum(answer[2], 1e-6)
    answer[:2] *= answer[2] > 1e-3
    return seen, answer
