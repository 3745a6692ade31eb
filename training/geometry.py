"""Draw heads for training: layers without colours, one file a head, reproducibly.

    python training/geometry.py FOLDER --first 0 --last 2500

Each head is drawn from its own seed, [1, index], so that a run that was cut short
goes on where it stopped and any part can be drawn by another process. Held out of
training, to be reported apart: curly hair, hair combed back, wooden backgrounds.
"""

from __future__ import annotations

import argparse
import dataclasses
from pathlib import Path

import cv2
import numpy as np

import hairtrack_phantom as phantom
from hairtrack_phantom import camera, layers, people

SIZE = 896
VIEWS = ("vertex", "midline", "frontal", "temporal_left", "temporal_right", "occipital")
SHARES = (0.74, 0.06, 0.08, 0.03, 0.03, 0.06)
CLOSE = 7
"""Every eighth head is photographed from close by, as clinics do with patches."""

LIKELY_FAIR = (24, 26, 15, 9, 5, 9, 7, 5)
LIKELY_DARK = (55, 24, 6, 2, 1, 3, 5, 4)
"""Shares of the hair colours, black to white, on fair and on dark skin."""

BALD = 2400
"""From this index on, heads are bald on top."""

HELD_OUT_TEXTURE = "curly"
HELD_OUT_FLOW = "back"


def bald(rng: np.random.Generator) -> phantom.Thinning:
    """Draw a head of which hair is left at the sides and the back only."""
    return phantom.Thinning(
        crown=float(rng.uniform(0.9, 1.0)),
        crown_radius=float(rng.uniform(0.7, 1.2)),
        front=float(rng.uniform(0.9, 1.0)),
        recession=float(rng.uniform(0.6, 1.4)),
        diffuse=float(rng.uniform(0, 0.9)),
    )


def meet(index: int) -> tuple[phantom.Head, phantom.Shot]:
    """Return who is on photograph `index`, and how it was taken."""
    rng = np.random.default_rng([1, index])
    while True:
        head = phantom.random_head(rng)
        if head.texture != HELD_OUT_TEXTURE and head.flow != HELD_OUT_FLOW:
            break
    if index >= BALD:
        head = dataclasses.replace(head, thinning=bald(rng))
    view = str(rng.choice(VIEWS, p=SHARES))
    shot = phantom.random_shot(
        rng, view=view, size=(SIZE, SIZE), standard=rng.random() < 0.2
    )
    if index % 8 == CLOSE:
        shot = phantom.closer(shot, float(rng.uniform(1.2, 2.4)))
    return head, shot


def coordinates(index: int) -> np.ndarray:
    """Point of the unit sphere under every fourth pixel, (SIZE / 4, SIZE / 4, 3)."""
    head, shot = meet(index)
    return camera.look(head, shot.pose, step=4)[0]


def draw(index: int) -> np.ndarray:
    """Return one head as (13, SIZE, SIZE) uint8: hair 4, normal 3 and six more."""
    head, shot = meet(index)
    direction = np.asarray(shot.light.direction, np.float32)
    drawn = layers.draw(head, shot.comb, shot.pose, place=shot.place, light=direction)
    planes = [
        *np.moveaxis(drawn.hair * 255, -1, 0),
        *np.moveaxis(drawn.normal * 127 + 128, -1, 0),
        drawn.pigment * 150,
        drawn.blood * 255,
        drawn.skull * 255,
        drawn.scalp,
        drawn.behind,
        drawn.before,
    ]
    return np.stack([np.clip(np.round(plane), 0, 255).astype(np.uint8) for plane in planes])


def restore(planes: np.ndarray) -> layers.Layers:
    """Return the layers of a stored head."""
    share = np.float32(1 / 255)
    return layers.Layers(
        hair=np.moveaxis(planes[:4], 0, -1).astype(np.float32) * share,
        normal=(np.moveaxis(planes[4:7], 0, -1).astype(np.float32) - 128) / 127,
        pigment=planes[7].astype(np.float32) / 150,
        blood=planes[8].astype(np.float32) * share,
        skull=planes[9].astype(np.float32) * share,
        scalp=planes[10] > 0,
        behind=planes[11],
        before=planes[12],
    )


def _lightness(colour: tuple[float, ...]) -> float:
    """Perceived lightness in [0, 1], roughly."""
    return float(np.asarray(colour) @ (0.3, 0.6, 0.1)) / 255


def random_paint(rng: np.random.Generator, *, least: float) -> phantom.develop.Paint:
    """Draw colours anew: any hair on any skin, likely pairs more often.

    Hair and skin differ by at least `least` in lightness: what nobody could see
    teaches nothing.
    """
    while True:
        tone = int(rng.integers(len(people.SKIN_TONES)))
        shares = np.array(LIKELY_FAIR if tone < 3 else LIKELY_DARK)
        name = str(rng.choice(list(people.HAIR_COLOURS), p=shares / shares.sum()))
        skin = people.vary(rng, people.SKIN_TONES[tone], 0.08)
        hair = people.vary(rng, people.HAIR_COLOURS[name], 0.15)
        if abs(_lightness(skin) - _lightness(hair)) > least or rng.random() < 0.1:
            break
    grey = float(rng.uniform(120, 220))
    return phantom.develop.Paint(
        skin=skin,
        hair=hair,
        grey=(
            grey,
            grey * float(rng.uniform(0.97, 1.0)),
            grey * float(rng.uniform(0.92, 1.0)),
        ),
        shine=float(rng.uniform(0, 1) ** 2),
    )


def main() -> None:
    """Draw the heads that are not there yet."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--last", type=int, default=2500)
    parser.add_argument("--step", type=int, default=1)
    given = parser.parse_args()
    cv2.setNumThreads(1)
    given.folder.mkdir(parents=True, exist_ok=True)
    for index in range(given.first, given.last, given.step):
        path = given.folder / f"{index:05d}.npy"
        if not path.exists():
            part = path.with_suffix(".part")
            with part.open("wb") as file:
                np.save(file, draw(index))
            part.rename(path)


if __name__ == "__main__":
    main()
