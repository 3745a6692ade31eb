"""Train the region network, which finds the scalp.

    python training/train_region.py DATA RUN --photographs DIR --steps 4000 --seed 1

Half of a batch are drawn heads, whose scalp is exact; the other half are real men, whose
scalp was outlined by eye; one shows no head.
Resumes from its checkpoint.
"""

from __future__ import annotations

import argparse
import itertools
import json
import time
from collections.abc import Iterator
from pathlib import Path

import cv2
import geometry
import nets
import numpy as np
import samples
import torch
from runs import Run
from torch import Tensor
from torch.nn import functional
from torch.utils.data import DataLoader, IterableDataset
from train import READ

from hairtrack_phantom import half_real

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


class Stream(IterableDataset):
    """Endless batches; worker `w` of `n` makes every n-th."""

    def __init__(self, given: argparse.Namespace, start: int) -> None:
        self.given, self.start = given, start

    def __iter__(self) -> Iterator[tuple[np.ndarray, ...]]:
        """Yield input and truth."""
        given = self.given
        info = torch.utils.data.get_worker_info()
        worker, workers = (info.id, info.num_workers) if info else (0, 1)
        cv2.setNumThreads(1)
        textures = samples.make_textures(given.seed * 100 + worker, 60)
        men = (
            half_real.load(given.photographs, READ, parts=given.parts)
            if given.photographs
            else []
        )
        heads = sorted((given.data / "heads").glob("*.npy"))
        kept: list[samples.Picture] = []
        for step in itertools.count(self.start + worker, workers):
            rng = np.random.default_rng([given.seed, 5, step])
            for _ in range(1 if kept else 60):
                few = rng.random() < 0.3
                chosen = [
                    p for p in heads if (int(p.stem) >= geometry.BALD) == few
                ] or heads
                kept.append(
                    samples.compose(
                        chosen[rng.integers(len(chosen))], textures, rng, halved=True
                    )
                )
            kept = kept[-POOL:]
            real_count = BATCH // 2 if men else 0
            made = []
            for _ in range(BATCH - real_count - EMPTY):
                head = kept[rng.integers(len(kept))]
                made.append(sample(head.image, head.scalp, rng, any_turn=False))
            for _ in range(real_count):
                man = men[rng.integers(len(men))]
                made.append(sample(man.image, man.scalp, rng, any_turn=True))
            for _ in range(EMPTY):
                empty = np.uint8(255 * samples._pick(textures, rng))
                made.append(
                    sample(empty, np.zeros(empty.shape[:2], bool), rng, any_turn=True)
                )
            yield tuple(np.stack(part) for part in zip(*made, strict=True))


def losses(logit: Tensor, scalp: Tensor) -> tuple[Tensor, dict[str, float]]:
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
    half = len(logit) // 2
    told = {
        "entropy": float(entropy.detach()),
        "iou_drawn": float(overlap[: half - EMPTY].mean()),
        "iou_real": float(overlap[half - EMPTY : -EMPTY].mean()),
    }
    return entropy + 0.3 * dice, told


def main() -> None:
    """Parse the command line and train."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("data", type=Path)
    parser.add_argument("run", type=Path)
    parser.add_argument("--photographs", type=Path)
    parser.add_argument("--parts", nargs="+", default=["train"])
    parser.add_argument("--start", type=Path, help="checkpoint whose weights to start from")
    parser.add_argument("--steps", type=int, default=4000)
    parser.add_argument("--rate", type=float, default=2e-3)
    parser.add_argument("--encoder-from", type=float, default=0.68)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--workers", type=int, default=1)
    given = parser.parse_args()
    torch.set_num_threads(1)
    torch.manual_seed(given.seed)
    run = Run(
        nets.region_net(nets.published_encoder()),
        given.run,
        steps=given.steps,
        rate=given.rate,
        start=given.start,
        encoder_from=given.encoder_from,
    )
    net, done = run.net, run.done
    loader = DataLoader(
        Stream(given, done + 1),
        batch_size=None,
        num_workers=given.workers,
        prefetch_factor=6,
    )
    began, sums = time.time(), {}
    for step, (seen, truth) in zip(range(done + 1, given.steps + 1), loader, strict=False):
        run.begin(step)
        seen = torch.as_tensor(seen).contiguous(memory_format=torch.channels_last)
        loss, told = losses(net(seen), torch.as_tensor(truth))
        run.learn(loss, step)
        for name, value in told.items():
            sums[name] = sums.get(name, 0.0) + value / 50
        if step % 50 == 0:
            row = {"step": step, "seconds": round(time.time() - began)} | {
                name: round(value, 4) for name, value in sums.items()
            }
            print(json.dumps(row), flush=True)
            sums = {}
        if step % 200 == 0 or step == given.steps:
            run.save(step)


if __name__ == "__main__":
    main()
