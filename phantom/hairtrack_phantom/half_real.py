"""Real photographs with what was read on them, second shots, and painted strands.

The photographs stay where they are. The project keeps only what was read by eye, in
`benchmarks/data`: `points.csv` (hair or skin at points, two blind readings),
`outlines.json` (the scalp) and `areas.json` (areas wholly bare or wholly covered by
hair), in per cent of each photograph's frame.

Two kinds of truth follow. The same photograph shot twice must measure the same
(`shoot`). Strands of known cover painted on bare skin (`draw_strands`, `paint`) tell
how much hair a reading should find.
"""

from __future__ import annotations

import csv
import dataclasses
import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from . import develop, people

Array = NDArray[Any]

HAIR = {"H": 1.0, "M": 0.5, "S": 0.0}
"""Hair fraction of a reading: hair, half, skin. N is not scalp."""

RANGES = {
    2.0: (0.6, 1.0),
    1.5: (0.4, 0.95),
    1.0: (0.2, 0.8),
    0.5: (0.05, 0.6),
    0.0: (0.0, 0.1),
}
"""Hair fraction that two readings of a point leave open, by their sum. A reading says
what is at the point, not how much: both-hair is at least 0.6, both-skin at most 0.1."""

BARE, DENSE = (0.0, 0.015), (0.95, 1.0)
"""Hair fraction of areas outlined as wholly bare, and as wholly covered."""

POINT_PX, POINT_WEIGHT = 3, 12.0
"""Radius of a point's disc, px, and the weight of its pixels beside an area's."""

TILE, FINENESS = 640, 3
"""Side of a tile of strands, px, and how much finer it is drawn."""


def split(sha256: str) -> str:
    """Return "train" (1/2), "tune" (1/6) or "report" (1/3), by a photograph's digest."""
    parts = ("report", "report", "tune", "train", "train", "train")
    return parts[int(sha256[-6:], 16) % 6]


@dataclass(frozen=True, slots=True, eq=False)
class RealPhoto:
    """One photograph of a man with what was read on it.

    Attributes
    ----------
    name : str
        Name of the file.
    image : (H, W, 3) uint8
        sRGB.
    scalp : (H, W) bool
        As outlined by eye.
    labels : (3, H, W) float32
        Lowest and highest hair fraction, each times its weight, and the weight.
    bare : (H, W) float32
        1 where the skin is wholly bare, soft at the edge.
    points : tuple
        (x, y, sum of the two readings' hair) of the points that both put on the scalp.
    off_scalp_xy : tuple
        Points that both readings put off the scalp.
    """

    name: str
    image: NDArray[np.uint8]
    scalp: NDArray[np.bool_]
    labels: NDArray[np.float32]
    bare: NDArray[np.float32]
    points: tuple[tuple[int, int, float], ...]
    off_scalp_xy: tuple[tuple[int, int], ...]


def _filled(shape: tuple[int, int], polygons: list[list[list[float]]]) -> NDArray[np.uint8]:
    """Polygons in per cent of the frame -> (H, W) uint8, 1 inside."""
    plane = np.zeros(shape, np.uint8)
    size = np.array(shape[::-1]) / 100
    for polygon in polygons:
        corners = np.round(np.array(polygon) * size * 16 - 8).astype(np.int32)
        cv2.fillPoly(plane, [corners], 1, cv2.LINE_8, 4)
    return plane


def load(folder: Path, data: Path, *, parts: Sequence[str]) -> list[RealPhoto]:
    """Read the photographs of some parts of the split, with what was read on them.

    Parameters
    ----------
    folder : Path
        The photographs.
    data : Path
        Folder of `points.csv`, `outlines.json` and `areas.json`.
    parts : sequence of str
        See `split`.
    """
    outlines = json.loads((data / "outlines.json").read_text())
    areas = json.loads((data / "areas.json").read_text())
    rows: dict[str, list[dict[str, str]]] = {}
    with (data / "points.csv").open(newline="") as file:
        for row in csv.DictReader(file):
            rows.setdefault(row["file"], []).append(row)
    photos = []
    for name in sorted(outlines):
        content = (folder / name).read_bytes()
        if split(hashlib.sha256(content).hexdigest()) in parts:
            decoded: Any = cv2.imdecode(np.frombuffer(content, np.uint8), cv2.IMREAD_COLOR)
            image = np.ascontiguousarray(decoded[..., ::-1])
            outline = [outlines[name]]
            photos.append(_read(name, image, outline, areas[name], rows.get(name, [])))
    return photos


def _read(
    name: str,
    image: NDArray[np.uint8],
    outline: list[list[list[float]]],
    areas: dict[str, list[list[list[float]]]],
    rows: list[dict[str, str]],
) -> RealPhoto:
    shape = (image.shape[0], image.shape[1])
    scalp = _filled(shape, outline) > 0
    labels = np.zeros((3, *shape), np.float32)
    bare, dense = (_filled(shape, areas[kind]) for kind in ("bare", "dense"))
    for plane, (low, high) in ((bare, BARE), (dense, DENSE)):
        labels[:, (plane > 0) & scalp] = np.array([[low], [high], [1.0]], np.float32)
    points, off = [], []
    for row in rows:
        x, y, codes = int(row["x"]), int(row["y"]), (row["reader1"], row["reader2"])
        if codes == ("N", "N"):
            off.append((x, y))
        if "N" in codes:
            continue
        total = HAIR[codes[0]] + HAIR[codes[1]]
        points.append((x, y, total))
        low, high = RANGES[total]
        disc = cv2.circle(np.zeros(shape, np.uint8), (x, y), POINT_PX, 1, -1)
        value = np.array([[low], [high], [1.0]], np.float32)
        labels[:, disc > 0] = value * np.float32(POINT_WEIGHT)
    inner = cv2.erode(bare * scalp, np.ones((5, 5), np.uint8)).astype(np.float32)
    soft = np.asarray(cv2.GaussianBlur(inner, (0, 0), 2), np.float32)
    return RealPhoto(name, image, scalp, labels, soft, tuple(points), tuple(off))


def _field(rng: np.random.Generator, points: Array, grain: int) -> Array:
    """Sample a smooth random field of spread 1 at points (N, 2) in [0, 1)."""
    noise = rng.normal(size=(grain, grain)).astype(np.float32)
    field: Array = cv2.resize(noise, (64, 64), interpolation=cv2.INTER_CUBIC)
    at = np.clip((points * 64).astype(int), 0, 63)
    return np.asarray(field[at[:, 1], at[:, 0]])


def draw_strands(rng: np.random.Generator) -> NDArray[np.uint8]:
    """Draw a tile of strands of one length, width and flow.

    Widths run from a third of a pixel to two; strands are drawn three times finer than
    the tile and averaged by area.

    Returns
    -------
    (2, TILE, TILE) uint8
        Opacity, whose mean is the cover, and shade times opacity.
    """
    side = TILE * FINENESS
    cover = float(rng.beta(0.9, 1.1)) * 0.95
    length = float(np.exp(rng.uniform(np.log(6), np.log(220)))) * FINENESS
    width = float(np.exp(rng.uniform(np.log(1.0), np.log(2.0 * FINENESS))))
    count = int(np.clip(-np.log(1 - cover) * side**2 / (length * width), 4, 60000))
    patchy = float(rng.uniform(0, 1.2)) * (rng.random() < 0.6)
    roots = rng.random((count * 3, 2))
    wish = np.exp(patchy * _field(rng, roots, int(rng.integers(3, 12))))
    roots = roots[rng.random(len(roots)) < wish * count / max(float(wish.sum()), 1e-6)]
    steps = int(np.clip(length / 25, 2, 9))
    turns = float(rng.uniform(0.2, 2.0)) * _field(rng, roots, int(rng.integers(2, 9)))
    bearing = rng.uniform(0, 2 * np.pi) + turns
    bearing = bearing + float(rng.uniform(0.05, 0.9)) * rng.normal(size=len(roots))
    bend = float(rng.uniform(0, 0.35)) * rng.normal(size=len(roots))
    here = roots * side
    path = [here]
    each = length / steps * rng.uniform(0.5, 1.4, len(roots))
    for _ in range(steps):
        here = here + each[:, None] * np.stack((np.cos(bearing), np.sin(bearing)), 1)
        bearing = bearing + bend + 0.1 * rng.normal(size=len(roots))
        path.append(here)
    lines = np.round(np.stack(path, axis=1) * 16).astype(np.int32)
    wide = width * rng.uniform(0.6, 1.4, len(roots)) + rng.random(len(roots))
    thick = np.clip(np.floor(wide), 1, 8)
    shade = np.clip(150 * (1 + 0.35 * rng.normal(size=len(roots))), 30, 255) // 24 * 24
    canvas = np.zeros((side, side, 3), np.uint8)
    group = rng.integers(6, size=len(roots))
    for one, pen, tone in np.unique(np.stack((group, thick, shade), 1), axis=0):
        chosen = list(lines[(group == one) & (thick == pen) & (shade == tone)])
        cv2.polylines(canvas, chosen, False, (255, tone, 0), int(pen), cv2.LINE_AA, 4)
    small = cv2.resize(canvas, (TILE, TILE), interpolation=cv2.INTER_AREA)
    return np.ascontiguousarray(np.moveaxis(small[..., :2], -1, 0))


def _cut_tile(
    tile: NDArray[np.uint8], shape: tuple[int, int], rng: np.random.Generator
) -> Array:
    """Turn, enlarge and cut a tile to a photograph's size; (2, H, W) float32."""
    turned = np.rot90(tile, int(rng.integers(4)), (1, 2))[:, :: int(rng.choice((-1, 1)))]
    grown = float(rng.uniform(1.0, 1.6)) * max(shape) / tile.shape[1]
    kind = cv2.INTER_AREA if grown < 1 else cv2.INTER_LINEAR
    planes = np.stack(
        [
            cv2.resize(
                np.ascontiguousarray(p), None, fx=grown, fy=grown, interpolation=kind
            )
            for p in turned
        ]
    )
    top, left = (
        int(rng.integers(a - b + 1)) for a, b in zip(planes.shape[1:], shape, strict=True)
    )
    return planes[:, top : top + shape[0], left : left + shape[1]].astype(np.float32) / 255


def paint(photo: RealPhoto, tile: NDArray[np.uint8], rng: np.random.Generator) -> RealPhoto:
    """Paint strands of known cover on the bare skin of a photograph, in linear light.

    Strands take on a plausible colour, are lit as the skin around them is, and darken
    the skin a little. Half of the time they are sheer: strands thinner than the tile's.
    Where the skin is bare, the labels become the cover itself, and points are dropped.
    """
    opacity = _cut_tile(tile, (photo.scalp.shape[0], photo.scalp.shape[1]), rng)
    sheer = np.float32(1.0 if rng.random() < 0.5 else rng.uniform(0.4, 1.0))
    sigma = float(rng.uniform(0, 0.9))
    if sigma > 0.2:
        opacity = np.stack([cv2.GaussianBlur(plane, (0, 0), sigma) for plane in opacity])
    alpha, shade = opacity * (sheer * photo.bare)
    light = develop.expand(photo.image.astype(np.float32) / 255)
    grey = light.mean(axis=2)
    area = max(float(photo.bare.sum()), 1.0)
    weight = np.maximum(cv2.GaussianBlur(photo.bare, (0, 0), 12), 1e-3)
    lit = cv2.GaussianBlur(grey * photo.bare, (0, 0), 12) / weight
    typical = max(float((grey * photo.bare).sum()) / area, 1e-3)
    skin = (light * photo.bare[..., None]).sum(axis=(0, 1)) / area
    while True:
        kind = str(rng.choice(list(people.HAIR_COLOURS)))
        colour = develop.expand(
            np.array(people.vary(rng, people.HAIR_COLOURS[kind], 0.2)) / 255
        )
        unlike = abs(float(colour.mean()) / 0.5 - typical) > 0.12 * typical
        if unlike or rng.random() < 0.1:
            break
    cast = np.clip(skin / max(float(skin.max()), 1e-3) / (1.0, 0.75, 0.6), 0.7, 1.4)
    strength = rng.uniform(0.6, 1.2) * np.clip(typical / 0.35, 0.4, 1.6)
    shine = np.clip(lit / typical, 0.3, 2) * shade / 0.59 * strength
    near = cv2.GaussianBlur(alpha, (0, 0), float(rng.uniform(1, 4)))
    dark = 1 - np.float32(rng.uniform(0, 0.35)) * near
    mixed = light * ((1 - alpha) * dark)[..., None] + shine[..., None] * colour * cast
    image = np.round(develop.compress(np.clip(mixed, 0, 1).astype(np.float32)) * 255)
    labels = photo.labels.copy()
    inside = photo.bare > 0.98
    labels[:2, inside] = alpha[inside]
    labels[2, inside] = 1
    labels[:, (photo.bare > 0) & ~inside] = 0
    points = tuple(row for row in photo.points if photo.bare[row[1], row[0]] == 0)
    return dataclasses.replace(
        photo, image=image.astype(np.uint8), labels=labels, points=points
    )


def _pose(
    image: NDArray[np.uint8],
    maps: Array,
    whole: NDArray[np.bool_],
    rng: np.random.Generator,
) -> tuple[NDArray[np.uint8], Array]:
    """Turn, shift, lean and step back, as far as `whole` stays in view."""
    height, width = image.shape[:2]
    size = (width, height)
    rows, columns = np.nonzero(whole[::8, ::8])
    points = (8 * np.stack((columns, rows), axis=1)[None]).astype(np.float32)
    scale = float(rng.uniform(0.72, 1.04))
    for _ in range(20):
        angle = float(rng.normal(0, 8) if rng.random() < 0.6 else rng.uniform(0, 360))
        turn = cv2.getRotationMatrix2D((width / 2, height / 2), angle, scale)
        matrix = np.vstack((turn, (0, 0, 1)))
        matrix[:2, 2] += rng.normal(0, 0.02 * width, 2)
        lean = np.eye(3)
        lean[2, :2] = rng.normal(0, 0.1, 2) / width
        matrix = matrix @ lean
        x, y = cv2.perspectiveTransform(points, matrix)[0].T
        if min(x.min(), y.min()) >= 0 and x.max() < width and y.max() < height:
            break
        scale *= 0.97
    kind = int(rng.choice((cv2.INTER_LINEAR, cv2.INTER_CUBIC)))
    moved = cv2.warpPerspective(
        image, matrix, size, flags=kind, borderMode=cv2.BORDER_REFLECT
    )
    planes = [cv2.warpPerspective(plane, matrix, size) for plane in maps]
    return np.asarray(moved, np.uint8), np.stack(planes)


def shoot(
    image: NDArray[np.uint8],
    maps: Array,
    rng: np.random.Generator,
    *,
    whole: NDArray[np.bool_],
) -> tuple[NDArray[np.uint8], Array]:
    """Photograph a photograph again: pose, light, white balance, tone, lens, file.

    Parameters
    ----------
    image : (H, W, 3) uint8
        sRGB.
    maps : (K, H, W) float32
        Planes that go with the picture; 0 outside.
    rng : Generator
    whole : (H, W) bool
        What stays in view, the scalp; not empty.

    Returns
    -------
    (H, W, 3) uint8, (K, H, W) float32
    """
    height, width = image.shape[:2]
    if rng.random() < 0.75:
        image, maps = _pose(image, maps, whole, rng)
    gains = 2 ** rng.normal(0, 0.3) * np.exp(rng.normal(0, 0.06, 3))
    codes = develop.expand(np.linspace(0, 1, 256, dtype=np.float32))
    table = np.ascontiguousarray(np.repeat(codes[None, :, None], 3, axis=2))
    light: Array = np.asarray(cv2.LUT(image, table), np.float32)
    y, x = np.mgrid[0:height, 0:width].astype(np.float32) / np.float32(max(height, width))
    along, down = (np.float32(rng.normal(0, 0.35)) for _ in range(2))
    slope = np.exp(along * (x - np.float32(0.5)) + down * (y - np.float32(0.5)))
    light = light * (slope[..., None] * gains.astype(np.float32))
    sigma = abs(float(rng.normal(0, 0.7)))
    if sigma > 0.3:
        light = cv2.GaussianBlur(light, (0, 0), sigma)
    strength = np.float32(rng.uniform(0, 0.012))
    noise = rng.normal(0, 1, light.shape).astype(np.float32) * strength
    light = light + noise * np.sqrt(
        np.maximum(light, 0) * np.float32(0.5) + np.float32(0.01)
    )
    tone = develop.compress(np.clip(light, 0, 1)) ** np.float32(np.exp(rng.normal(0, 0.1)))
    contrast = np.float32(rng.normal(0, 0.15))
    tone = tone + contrast * (tone - np.float32(0.5)) * 4 * tone * (1 - tone)
    grey = tone.mean(axis=2, keepdims=True)
    tone = grey + (tone - grey) * np.float32(rng.normal(1, 0.12))
    if rng.random() < 0.3:
        amount = np.float32(rng.uniform(0.2, 0.9))
        halo = cv2.GaussianBlur(tone, (0, 0), float(rng.uniform(0.8, 2)))
        tone = tone + amount * (tone - halo)
    coded = np.round(np.clip(tone, 0, 1) * 255).astype(np.uint8)
    if rng.random() < 0.8:
        quality = [cv2.IMWRITE_JPEG_QUALITY, int(rng.integers(55, 97))]
        _, content = cv2.imencode(".jpg", coded[..., ::-1], quality)
        decoded: Any = cv2.imdecode(content, cv2.IMREAD_COLOR)
        coded = np.ascontiguousarray(decoded[..., ::-1])
    return coded, maps
