"""Train the region network, which finds the scalp.

    python training/train_region.py DATA RUN --photographs DIR --steps 4000 --seed 1

Half of a batch are drawn heads, whose scalp is exact; the other half are real men, whose
scalp was outlined by eye; one shows no head.
Resumes from its checkpoint.
"""

from __future__ import annotations

import cv2
import nets
import numpy as np
import runs
import samples
import torch
from torch import Tensor
from torch.nn import functional

SIDE = samples.REGION
CELLS = SIDE // 4
BATCH, EMPTY = 16, 1
POOL = 600


def _warped(
    image: np.ndarray, maps: np.ndarray, rng: np.random.Generator, *, any_turn: bool
) -> tuple[np.ndarray, np.ndarray]:
    """Turn, stretch, shift and cut a picture and its maps to SIDE x SIDE.

    What lies outside the photograph is grey in the picture and 0 in the maps.
    """
    height, width = image.shape[:2]
    angle = float(rng.integers(4)) * np.pi / 2 + float(rng.normal(0, 0.12))
    if any_turn and rng.random() < 0.3:
        angle = float(rng.uniform(0, 2 * np.pi))
    zoom = SIDE / max(height, width) * float(np.exp(rng.uniform(-0.25, 0.3)))
    stretch = float(np.exp(rng.normal(0, 0.1)))
    turn = np.array(((np.cos(angle), -np.sin(angle)), (np.sin(angle), np.cos(angle))))
    linear = turn @ np.diag((zoom * stretch, zoom / stretch))
    shift = SIDE / 2 + rng.normal(0, 0.07 * SIDE, 2) - linear @ (width / 2, height / 2)
    matrix = np.column_stack((linear, shift))
    smooth = cv2.GaussianBlur(image, (0, 0), max(0.3, 0.4 / zoom)) if zoom < 0.8 else image
    small = cv2.warpAffine(smooth, matrix, (SIDE, SIDE), flags=cv2.INTER_LINEAR)
    inside = cv2.warpAffine(np.ones((height, width), np.float32), matrix, (SIDE, SIDE))
    planes = np.stack([cv2.warpAffine(plane, matrix, (SIDE, SIDE)) for plane in maps])
    codes = np.linspace(0, 1, 256, dtype=np.float32)
    gains = np.exp(rng.normal(0, 0.2) + rng.normal(0, 0.05, 3))
    table = np.clip(codes[:, None] ** np.exp(rng.normal(0, 0.2)) * gains, 0, 1) * 255
    small = cv2.LUT(small, np.round(table).astype(np.uint8)[None])
    if rng.random() < 0.3:
        small = cv2.GaussianBlur(small, (0, 0), float(rng.uniform(0.4, 1.5)))
    if rng.random() < 0.3:
        noise = rng.normal(0, rng.uniform(2, 10), small.shape)
        small = np.clip(small + noise, 0, 255).astype(np.uint8)
    seen = np.moveaxis(small.astype(np.float32) / 127.5 - 1, -1, 0) * inside
    return seen, planes


def sample(
    image: np.ndarray, scalp: np.ndarray, rng: np.random.Generator, *, any_turn: bool
) -> tuple[np.ndarray, np.ndarray]:
    """Input (3, SIDE, SIDE) and truth (1, CELLS, CELLS) of a photograph."""
    share = scalp.astype(np.float32)
    if rng.integers(2):
        image, share = image[:, ::-1], share[:, ::-1]
    seen, planes = _warped(
        np.ascontiguousarray(image),
        np.ascontiguousarray(share)[None],
        rng,
        any_turn=any_turn,
    )
    return seen, planes.reshape(1, CELLS, 4, CELLS, 4).mean(axis=(2, 4))


class Stream(runs.Stream):
    """Batches of the region network."""

    def make(self, step: int, rng: np.random.Generator) -> list[runs.Sample]:
        """Make drawn heads, then men, then a picture without a head."""
        kept, men = self.kept, self.men
        for _ in range(1 if kept else 60):
            kept.append(self.draw(rng, bald=0.3, halved=1))
        del kept[:-POOL]
        real = BATCH // 2 if men else 0
        made = []
        for _ in range(BATCH - real - EMPTY):
            head = kept[rng.integers(len(kept))]
            made.append(sample(head.image, head.scalp, rng, any_turn=False))
        for _ in range(real):
            man = men[rng.integers(len(men))]
            made.append(sample(man.image, man.scalp, rng, any_turn=True))
        for _ in range(EMPTY):
            empty = np.uint8(255 * samples._pick(self.textures, rng))
            nothing = np.zeros(empty.shape[:2], bool)
            made.append(sample(empty, nothing, rng, any_turn=True))
        return made


def losses(logit: Tensor, scalp: Tensor, real: bool) -> tuple[Tensor, dict[str, float]]:
    """Loss: cross entropy and overlap (soft Dice)."""
    entropy = functional.binary_cross_entropy_with_logits(logit, scalp)
    soft = torch.sigmoid(logit)
    common = (soft * scalp).sum(dim=(1, 2, 3))
    total = (soft + scalp).sum(dim=(1, 2, 3))
    dice = (1 - 2 * common / total.clamp(min=1))[scalp.sum(dim=(1, 2, 3)) > 1].mean()
    found, true = logit.detach() > 0, scalp > 0.5
    overlap = (found & true).sum(dim=(1, 2, 3)) / (found | true).sum(dim=(1, 2, 3)).clamp(
        min=1
    )
    drawn = BATCH - EMPTY - (BATCH // 2 if real else 0)
    told = {
        "entropy": float(entropy.detach()),
        "iou_drawn": float(overlap[:drawn].mean()),
    }
    if real:
        told["iou_real"] = float(overlap[drawn:-EMPTY].mean())
    return entropy + 0.3 * dice, told


if __name__ == "__main__":
    given = runs.parse_arguments(__doc__, steps=4000)
    runs.train(nets.region_net(nets.published_encoder()), Stream, losses, given)
