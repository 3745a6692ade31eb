"""How far registration is from the truth, through the public API.

    python benchmarks/registration.py [--heads 40] [--size 720] [--real DIR]

Rows, each with the mean distance of corresponding points in per cent of the head's
width, the share refused and the number accepted with more than 3 %:

standard    phantoms photographed twice as the guide asks, combed anew, other light
turned      the second photograph turned by up to 30 degrees, nearer or farther, shifted
known warp  one photograph and itself: turned, scaled, shifted, a little perspective,
            other light and white balance, JPEG, background and clothes replaced
real        the same with photographs of real heads (a folder, not part of the project)
strangers   photographs of two different heads: to be refused

A phantom head is round and the camera leans differently in each photograph, so that
no 3 x 3 matrix fits exactly: "best" is the error of the homography fitted to the truth.
"""

from __future__ import annotations

import argparse
import contextlib
import dataclasses
import time
from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np

import hairtrack
import hairtrack_phantom as phantom
from hairtrack.imaging import codec

SEED = 5
LIMIT = 3.0

Case = tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray, float]
"""Moving, baseline, corresponding points of both (N, 2) in px, baseline's head width."""


def standard(index: int, size: int) -> Case:
    """Photograph a head twice as the guide asks."""
    rng = np.random.default_rng([SEED, index])
    head = phantom.random_head(rng)
    shots = [phantom.random_shot(rng, size=(size, size)) for _ in range(2)]
    return _case(*(phantom.photograph(head, shot) for shot in shots))


def turned(index: int, size: int) -> Case:
    """Photograph a head twice, the second time turned and at another distance."""
    rng = np.random.default_rng([SEED, index])
    head = phantom.random_head(rng)
    first, last = (phantom.random_shot(rng, size=(size, size)) for _ in range(2))
    pose = dataclasses.replace(
        last.pose,
        roll=last.pose.roll + rng.uniform(-0.52, 0.52),
        span=rng.uniform(0.46, 0.70),
        centre=tuple(rng.normal(0.5, 0.03, 2)),
    )
    last = dataclasses.replace(last, pose=pose)
    return _case(phantom.photograph(head, first), phantom.photograph(head, last))


def strangers(index: int, size: int) -> Case:
    """Photograph two different heads; there is no truth."""
    photos = []
    for part in range(2):
        rng = np.random.default_rng([SEED, index, part])
        shot = phantom.random_shot(rng, size=(size, size))
        photos.append(phantom.photograph(phantom.random_head(rng), shot))
    return photos[0].image, photos[1].image, np.zeros((0, 2)), np.zeros((0, 2)), 1.0


def known_warp(index: int, size: int) -> Case:
    """Photograph a head once, and warp the photograph."""
    rng = np.random.default_rng([SEED, index])
    photo = phantom.photograph(
        phantom.random_head(rng), phantom.random_shot(rng, size=(size, size))
    )
    return warp(photo.image, photo.scalp, rng)


def _case(first: phantom.PhantomPhoto, last: phantom.PhantomPhoto) -> Case:
    both = first.landmarks_seen & last.landmarks_seen
    points = last.landmarks_xy[both], first.landmarks_xy[both]
    return last.image, first.image, *points, first.head_width_px


def background(shape: tuple[int, ...], rng: np.random.Generator) -> np.ndarray:
    """Return soft or hard blotches of two colours."""
    height, width = shape[:2]
    cells = int(rng.integers(3, 24))
    blotch = cv2.resize(
        rng.normal(size=(cells, cells)), (width, height), interpolation=cv2.INTER_CUBIC
    )
    share = 1 / (1 + np.exp(-blotch * rng.choice((2.0, 40.0))))[..., None]
    one, other = rng.uniform(10, 245, (2, 3))
    grain = rng.normal(0, 6, (height, width, 1))
    return np.clip(one * share + other * (1 - share) + grain, 0, 255).astype(np.uint8)


def relight(image: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Other exposure, white balance and direction of light, and JPEG."""
    height, width = image.shape[:2]
    y, x = np.mgrid[:height, :width].astype(np.float32)
    angle = rng.uniform(0, 2 * np.pi)
    slope = (x / width - 0.5) * np.cos(angle) + (y / height - 0.5) * np.sin(angle)
    light = np.exp(rng.uniform(-0.4, 0.4) + rng.uniform(0, 0.4) * slope)[..., None]
    light = light * np.exp(rng.uniform(-0.1, 0.1, 3))
    lit = np.clip((image / 255.0) ** 2.2 * light, 0, 1) ** (1 / 2.2)
    small = np.round(255 * lit).astype(np.uint8)
    return codec.decode(codec.encode_jpeg(small, quality=int(rng.integers(65, 95))))


def warp(image: np.ndarray, head: np.ndarray, rng: np.random.Generator) -> Case:
    """Warp a photograph, change its light, and replace what is not head in both."""
    height, width = head.shape
    head_px = float(np.sqrt(4 * head.sum() / np.pi))
    y, x = (float(axis.mean()) for axis in np.nonzero(head))
    turn, scale = rng.uniform(-0.52, 0.52), np.exp(rng.uniform(np.log(0.7), 0.05))
    bend = np.eye(3)
    bend[2, :2] = rng.uniform(-0.04, 0.04, 2) / head_px
    bend[0, :2] += rng.uniform(-0.02, 0.02, 2)
    turning = scale * np.array(
        [
            [np.cos(turn), -np.sin(turn), 0],
            [np.sin(turn), np.cos(turn), 0],
            [0, 0, 1 / scale],
        ]
    )
    here, there = np.eye(3), np.eye(3)
    here[:2, 2] = -x, -y
    there[:2, 2] = np.array((width, height)) / 2 + rng.uniform(-0.04, 0.04, 2) * head_px
    matrix = there @ turning @ bend @ here
    size = (width, height)
    moved = cv2.warpPerspective(image, matrix, size, flags=cv2.INTER_AREA)
    inside = cv2.warpPerspective(head.astype(np.uint8), matrix, size)
    photos = []
    for picture, region in ((moved, inside), (image, head.astype(np.uint8))):
        margin = int(rng.uniform(0, 0.03) * head_px)
        wide = cv2.dilate(region, np.ones((2 * margin + 1,) * 2)) > 0
        scene = np.where(wide[..., None], picture, background(picture.shape, rng))
        photos.append(relight(scene, rng))
    angle, radius = np.meshgrid(np.arange(12) * np.pi / 6, (0.15, 0.3, 0.42))
    ring = np.stack((np.cos(angle), np.sin(angle)), -1).reshape(-1, 2)
    baseline_xy = (x, y) + ring * radius.reshape(-1, 1) * head_px
    moving_xy = cv2.perspectiveTransform(baseline_xy[None], matrix)[0]
    return photos[0], photos[1], moving_xy, baseline_xy, head_px


def real_warps(folder: Path) -> Iterator[Case]:
    """Warp each photograph of a folder in which a scalp is found."""
    for index, path in enumerate(sorted(folder.glob("*.jpg"))):
        image = codec.decode(path.read_bytes())
        with contextlib.suppress(hairtrack.PhotoError):
            head = hairtrack.find_scalp(image, view="vertex")
            yield warp(image, head, np.random.default_rng([SEED, index]))


def point_error(case: Case, matrix: object) -> float:
    """Mean distance of corresponding points in per cent of the head's width."""
    _, _, moving_xy, baseline_xy, head_px = case
    moved = cv2.perspectiveTransform(moving_xy[None], np.asarray(matrix, np.float64))[0]
    return float(100 * np.linalg.norm(moved - baseline_xy, axis=1).mean() / head_px)


def best(case: Case) -> float:
    """Error of the homography that is fitted to the truth."""
    matrix, _ = cv2.findHomography(case[2], case[3], 0)
    return point_error(case, matrix)


@dataclasses.dataclass(slots=True)
class Row:
    """What the cases of one kind gave."""

    errors: list[float] = dataclasses.field(default_factory=list)
    best: list[float] = dataclasses.field(default_factory=list)
    refused: int = 0
    not_found: int = 0
    seconds: float = 0.0


def run(cases: Iterator[Case], *, truth: bool = True) -> Row:
    """Register every case through the public API."""
    row = Row()
    for case in cases:
        start = time.process_time()
        try:
            found = hairtrack.register(case[0], case[1])
            row.errors.append(point_error(case, found.matrix) if truth else 0.0)
            row.best.append(best(case) if truth else 0.0)
        except hairtrack.RegistrationFailed:
            row.refused += 1
        except hairtrack.PhotoError:
            row.not_found += 1
        row.seconds += time.process_time() - start
    return row


def line(name: str, row: Row, *, truth: bool = True) -> str:
    """One row of the table."""
    total = len(row.errors) + row.refused + row.not_found
    cells = [name, str(total)]
    if truth and row.errors:
        errors = np.array(row.errors)
        middle, ninth = np.median(errors), np.quantile(errors, 0.9)
        cells += [f"{middle:.2f} / {ninth:.2f} / {errors.max():.2f}"]
        cells += [f"{np.median(row.best):.2f}", str(int((errors > LIMIT).sum()))]
    else:
        cells += ["-", "-", f"{len(row.errors)} accepted"]
    cells += [str(row.refused), str(row.not_found), f"{row.seconds / max(total, 1):.2f}"]
    return "| " + " | ".join(cells) + " |"


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--heads", type=int, default=40)
    parser.add_argument("--size", type=int, default=720)
    parser.add_argument("--real", type=Path)
    given = parser.parse_args()
    cv2.setNumThreads(1)
    print(
        "| kind | pairs | median / 90th percentile / worst, % of head width | best |"
        " over 3 % | refused | no head | CPU s |\n" + "|---" * 8 + "|"
    )
    kinds = {"standard": standard, "turned": turned, "known warp": known_warp}
    for name, make in kinds.items():
        print(line(name, run(make(i, given.size) for i in range(given.heads))), flush=True)
    if given.real:
        print(line("real", run(real_warps(given.real))), flush=True)
    row = run((strangers(i, given.size) for i in range(given.heads)), truth=False)
    print(line("strangers", row, truth=False))


if __name__ == "__main__":
    main()
