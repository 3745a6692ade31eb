"""Train the hair network; resumes from its checkpoint.

    python training/train.py DATA RUN --photographs DIR --steps 6000 --seed 1

DATA holds `heads/` (geometry.py) and `strands/` (strands.py). Every number of chance
comes from the seed and the step, so that a resumed run sees the same samples.

Half a batch is drawn heads, whose truth is exact; then real men, most with strands of known
cover painted on their bare skin; and two second shots of one real man, whose readings must
agree.
The loss is the cross entropy with the true fraction, which keeps the mean unbiased, plus
the squared error of each picture's mean; where a reading leaves a range open, any
fraction inside it costs nothing.
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
from torch.utils.data import DataLoader, IterableDataset

from hairtrack_phantom import half_real

READ = Path(__file__).parent.parent / "benchmarks" / "data"

REUSE = 20
"""Samples taken of each composed photograph, on average."""

BALD_SHARE = 0.2
"""Share of photographs that are of the heads drawn bald on top."""

PAINTED_SHARE = 0.6
"""Share of the single real photographs on whose bare skin strands are painted."""

POOL = (60, 350)
"""Photographs from which samples are drawn, at the start and at most."""

STAGES = ((0.4, 448, 8, (200, 420)), (1.0, 544, 6, (260, 470)))
"""Up to which share of the steps: side of the window, pictures a step, and range of the
diameter of the scalp's disc, px."""

MEAN, AGREE, BLOCKS, POINTS, REAL = 8.0, 40.0, 2.0, 6.0, 2.0
"""Weights of the squared error of a picture's mean, of the difference of two shots, of the
squared error of the means of blocks of 8 x 8 cells, of the squared difference from the
share of points read as hair, and of the pixels of real photographs."""


class Stream(IterableDataset):
    """Endless batches; worker `w` of `n` makes every n-th."""

    def __init__(self, given: argparse.Namespace, start: int) -> None:
        self.given, self.start = given, start

    def __iter__(self) -> Iterator[tuple[np.ndarray, ...]]:
        """Yield input (N, PLANES, S, S) and labels (N, 8, S / 4, S / 4)."""
        given = self.given
        info = torch.utils.data.get_worker_info()
        worker, workers = (info.id, info.num_workers) if info else (0, 1)
        cv2.setNumThreads(1)
        textures = samples.make_textures(given.seed * 100 + worker, 60)
        tiles = sorted((given.data / "strands").glob("*.npy"))
        men = (
            half_real.load(given.photographs, READ, parts=given.parts)
            if given.photographs
            else []
        )
        bald = [man for man in men if man.bare.sum() > 0.02 * man.bare.size]
        kept: list[samples.Picture] = []
        for step in itertools.count(self.start + worker, workers):
            rng = np.random.default_rng([given.seed, step])
            stage = next(
                row
                for row in given.stages
                if step <= row[0] * given.steps or row is given.stages[-1]
            )
            _, side, count, reach = stage
            heads = sorted((given.data / "heads").glob("*.npy"))
            drawn = count // 2 if men else count
            fresh = drawn / REUSE
            for _ in range(
                max(
                    int(fresh + rng.random()),
                    min(4, POOL[0] - len(kept)) if step > self.start + worker else POOL[0],
                )
            ):
                few = rng.random() < BALD_SHARE
                chosen = [
                    p for p in heads if (int(p.stem) >= geometry.BALD) == few
                ] or heads
                kept.append(
                    samples.compose(
                        chosen[rng.integers(len(chosen))],
                        textures,
                        rng,
                        halved=rng.random() < 0.4,
                    )
                )
            kept = kept[-POOL[1] :]
            made = []

            def size(
                rng: np.random.Generator = rng, reach: tuple[int, int] = reach
            ) -> float:
                return float(np.exp(rng.uniform(np.log(reach[0]), np.log(reach[1]))))

            for index in rng.choice(len(kept), drawn, replace=len(kept) < drawn):
                made.append(
                    samples.hair_sample(kept[index], rng, side=side, diameter=size())
                )
            if men:
                singles = []
                for _ in range(count - drawn - 2):
                    man = men[rng.integers(len(men))]
                    if bald and rng.random() < PAINTED_SHARE:
                        man = bald[rng.integers(len(bald))]
                        man = half_real.paint(
                            man, np.load(tiles[rng.integers(len(tiles))]), rng
                        )
                    singles.append(man)
                twice = men[rng.integers(len(men))]
                if bald and rng.random() < 0.25:
                    twice = bald[rng.integers(len(bald))]
                    twice = half_real.paint(
                        twice, np.load(tiles[rng.integers(len(tiles))]), rng
                    )
                for each in (*singles, twice, twice):
                    made.append(
                        samples.real_sample(each, rng, side=side, diameter=size() * 1.15)
                    )
            yield tuple(np.stack(part) for part in zip(*made, strict=True))


def losses(logit: Tensor, labels: Tensor, pair: bool) -> tuple[Tensor, dict[str, float]]:
    """Loss of a batch, and what is told of it."""
    low, high, weight, share, x, y, read, mark = labels.split(1, dim=1)
    found = torch.sigmoid(logit)
    target = torch.minimum(torch.maximum(found.detach(), low), high)
    excess = (nets.entropy_excess(logit, target.clamp(0, 1)) * weight).sum(dim=(1, 2, 3))
    area = weight.sum(dim=(1, 2, 3))
    known = area > 1
    drawn = len(logit) // 2 if pair else len(logit)
    force = torch.ones_like(area)
    force[drawn:] = REAL
    pixel = (force * excess / area.clamp(min=60))[known].mean()
    off = (found - target) * weight
    mean = off.sum(dim=(1, 2, 3)) / area.clamp(min=60)
    exact = ((high - low) < 0.02).float()
    block = torch.nn.functional.avg_pool2d(off * exact, 8)
    there = torch.nn.functional.avg_pool2d(weight * exact, 8)
    local = ((block / there.clamp(min=0.1)) ** 2 * (there > 0.3)).sum() / (
        there > 0.3
    ).sum().clamp(min=1)
    marked = mark.sum(dim=(1, 2, 3))
    at_points = ((found * mark - read).sum(dim=(1, 2, 3)) / marked.clamp(min=4))[marked > 4]
    loss = pixel + MEAN * (mean[known] ** 2).mean() + BLOCKS * local
    loss = loss + POINTS * (at_points**2).sum() / len(logit)
    told = {
        "drawn": float(mean[:drawn].detach().abs().mean()),
        "pixel": float(pixel.detach()),
        "block": float(local.detach()) ** 0.5,
    }
    if pair:
        basis = torch.cat((share, x, y), dim=1)[-2:]
        both = found[-2:]
        centre = basis[:, 1:] / basis[:, :1].clamp(min=1e-3)
        u, v = centre[:, :1], centre[:, 1:]
        planes = (
            torch.cat((torch.ones_like(u), u, v, u * v, u * u, v * v), dim=1) * basis[:, :1]
        )
        moments = (both * planes).sum(dim=(2, 3)) / planes[:, :1].sum(dim=(2, 3)).clamp(
            min=1
        )
        away = moments[0] - moments[1]
        loss = loss + AGREE * (away**2).sum()
        told |= {
            "pair": float(away[0].detach().abs()),
            "painted": float(mean[-3].detach().abs()),
            "points": float(at_points.detach().abs().mean()) if len(at_points) else 0.0,
            "real": float(excess[-2:].detach().sum() / area[-2:].sum().clamp(min=1)),
        }
    return loss, told


def train(given: argparse.Namespace) -> None:
    """Train for `steps` steps, from the checkpoint if there is one."""
    torch.manual_seed(given.seed)
    run = Run(
        nets.hair_net(nets.published_encoder()),
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
    began, sums, told_at, busy = time.time(), {}, 0, 0.0
    log = (given.run / "log.jsonl").open("a")
    for step, (seen, labels) in zip(range(done + 1, given.steps + 1), loader, strict=False):
        run.begin(step)
        if step > given.freeze * given.steps:
            for module in net.modules():
                if isinstance(module, torch.nn.BatchNorm2d):
                    module.eval()
        start = time.time()
        seen = torch.as_tensor(seen).contiguous(memory_format=torch.channels_last)
        loss, told = losses(
            net(seen), torch.as_tensor(labels), given.photographs is not None
        )
        run.learn(loss, step)
        busy += time.time() - start
        for name, value in told.items():
            sums[name] = sums.get(name, 0.0) + value
        told_at += 1
        if step % 25 == 0:
            row = {
                "step": step,
                "seconds": round(time.time() - began),
                "busy": round(busy / told_at, 2),
            }
            row |= {name: round(value / told_at, 4) for name, value in sums.items()}
            print(json.dumps(row), flush=True)
            print(json.dumps(row), file=log, flush=True)
            sums, told_at, busy = {}, 0, 0.0
        if step % 100 == 0 or step == given.steps:
            run.save(step)
        if given.minutes and time.time() - began > 60 * given.minutes and step % 100 == 0:
            break


def main() -> None:
    """Parse the command line and train."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("data", type=Path)
    parser.add_argument("run", type=Path)
    parser.add_argument("--photographs", type=Path, help="folder of the real photographs")
    parser.add_argument(
        "--parts", nargs="+", default=["train"], help="parts of their split"
    )
    parser.add_argument("--start", type=Path, help="checkpoint whose weights to start from")
    parser.add_argument("--steps", type=int, default=6000)
    parser.add_argument("--rate", type=float, default=2e-3, help="highest learning rate")
    parser.add_argument(
        "--freeze",
        type=float,
        default=0.8,
        help="share of the steps after which batch statistics are fixed",
    )
    parser.add_argument(
        "--encoder-from",
        type=float,
        default=0.68,
        help="share of the steps after which the published encoder learns",
    )
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument(
        "--minutes", type=float, help="stop after so long; call again to go on"
    )
    given = parser.parse_args()
    given.stages = STAGES
    torch.set_num_threads(given.threads)
    train(given)


if __name__ == "__main__":
    main()
