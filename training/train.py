"""Train the two networks on phantoms alone; resumes from its checkpoint.

    python training/train.py HEADS FOLDER --steps 4000 --seed 1

Every number of chance comes from the seed and the step, so that a resumed run sees
the same samples. The loss is the cross entropy with the true fraction, which keeps
the mean unbiased, plus the squared error of the whole picture's mean.
"""

from __future__ import annotations

import argparse
import itertools
import time
from collections.abc import Iterator
from pathlib import Path

import cv2
import geometry
import nets
import numpy as np
import samples
import torch
from torch import Tensor
from torch.nn import functional
from torch.utils.data import DataLoader, IterableDataset

BATCH = 8
REUSE = 8
"""Samples taken of each composed photograph, on average."""

BALD_SHARE = 0.2
"""Share of photographs that are of the heads drawn bald on top."""

EMPTY_SHARE = 0.05
"""Share of the region network's pictures that show no head."""

POOL = (120, 3000)
"""Photographs from which samples are drawn, at the start and at most."""


class Stream(IterableDataset):
    """Endless batches; worker `w` of `n` makes every n-th."""

    def __init__(self, folder: Path, seed: int, start: int) -> None:
        self.folder, self.seed, self.start = folder, seed, start

    def __iter__(self) -> Iterator[tuple[np.ndarray, ...]]:
        """Yield hair input, hair target, weight, region input, region target."""
        info = torch.utils.data.get_worker_info()
        worker, workers = (info.id, info.num_workers) if info else (0, 1)
        cv2.setNumThreads(1)
        textures = samples.make_textures(self.seed * 100 + worker, 120)
        kept: list[samples.Picture] = []
        for step in itertools.count(self.start + worker, workers):
            rng = np.random.default_rng([self.seed, step])
            heads = sorted(self.folder.glob("*.npy"))
            for _ in range(max(BATCH // REUSE, POOL[0] - len(kept))):
                few = rng.random() < BALD_SHARE
                first = geometry.BALD * few * (len(heads) > geometry.BALD)
                path = heads[rng.integers(first, len(heads))]
                kept.append(samples.compose(path, textures, rng))
            kept = kept[-POOL[1] :]
            chosen = [kept[i] for i in rng.choice(len(kept), BATCH, replace=False)]
            hair = [samples.hair_sample(picture, rng) for picture in chosen]
            region = [
                samples.empty_sample(textures, rng)
                if rng.random() < EMPTY_SHARE
                else samples.region_sample(picture, rng)
                for picture in chosen
            ]
            yield tuple(
                np.stack(part)
                for part in (*zip(*hair, strict=True), *zip(*region, strict=True))
            )


def hair_loss(logit: Tensor, truth: Tensor, weight: Tensor) -> tuple[Tensor, Tensor]:
    """Loss, and the mean absolute error of the pictures' means."""
    entropy = functional.binary_cross_entropy_with_logits(logit, truth, reduction="none")
    floor = functional.binary_cross_entropy(truth, truth, reduction="none")
    area = weight.sum(dim=(1, 2, 3)).clamp(min=1)
    pixel = ((entropy - floor) * weight).sum(dim=(1, 2, 3)) / area
    error = ((torch.sigmoid(logit) - truth) * weight).sum(dim=(1, 2, 3)) / area
    return (pixel + 8 * error**2).mean(), error.detach().abs().mean()


def region_loss(answer: Tensor, truth: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """Loss, mean intersection over union, and error of the place on the head's sphere."""
    logit, scalp = answer[:, :1], truth[:, :1]
    entropy = functional.binary_cross_entropy_with_logits(logit, scalp)
    away = ((answer[:, 1:] - truth[:, 1:]) ** 2).sum(dim=1, keepdim=True)
    place = (away * scalp).sum() / scalp.sum().clamp(min=1)
    found, true = logit.detach() > 0, scalp > 0.5
    union = (found | true).sum(dim=(1, 2, 3)).clamp(min=1)
    overlap = ((found & true).sum(dim=(1, 2, 3)) / union).mean()
    return entropy + 2 * place, overlap, place.detach().sqrt()


class Run:
    """One network in training, with a running average of its weights."""

    def __init__(self, net: nets.Net, steps: int, rate: float) -> None:
        self.net = net.to(memory_format=torch.channels_last)
        average = torch.optim.swa_utils.get_ema_multi_avg_fn(0.995)
        self.mean = torch.optim.swa_utils.AveragedModel(
            net, multi_avg_fn=average, use_buffers=True
        )
        self.tuner = torch.optim.AdamW(net.parameters(), lr=rate, weight_decay=1e-3)
        self.plan = torch.optim.lr_scheduler.OneCycleLR(
            self.tuner, rate, total_steps=steps + 1, pct_start=0.05, final_div_factor=100
        )

    def learn(self, loss: Tensor) -> None:
        """Take one step down the loss."""
        self.tuner.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(self.net.parameters(), 1.0)
        self.tuner.step()
        self.plan.step()
        self.mean.update_parameters(self.net)

    def parts(self) -> tuple[object, ...]:
        """Return what a checkpoint keeps."""
        return self.net, self.mean, self.tuner, self.plan


def begin(run: Run, state: dict[str, Tensor]) -> None:
    """Take from an earlier network the weights that have the same name and shape."""
    shapes = {name: value.shape for name, value in run.net.state_dict().items()}
    kept = {name: value for name, value in state.items() if shapes.get(name) == value.shape}
    run.net.load_state_dict(kept, strict=False)
    run.mean.module.load_state_dict(kept, strict=False)


def train(
    heads: Path,
    folder: Path,
    *,
    steps: int,
    seed: int,
    workers: int,
    start: Path | None,
    rate: float,
) -> None:
    """Train both networks for `steps` steps, from the checkpoint if there is one."""
    torch.manual_seed(seed)
    runs = (Run(nets.hair_net(), steps, rate), Run(nets.region_net(), steps, rate))
    parts = [part for run in runs for part in run.parts()]
    folder.mkdir(parents=True, exist_ok=True)
    checkpoint = folder / "checkpoint.pt"
    done = 0
    if start is not None and not checkpoint.exists():
        earlier = torch.load(start, weights_only=False)["parts"]
        for run, kept in zip(runs, earlier[::4], strict=True):
            begin(run, kept)
    if checkpoint.exists():
        state = torch.load(checkpoint, weights_only=False)
        done = state["step"]
        for part, kept in zip(parts, state["parts"], strict=True):
            part.load_state_dict(kept)
    loader = DataLoader(
        Stream(heads, seed, done), batch_size=None, num_workers=workers, prefetch_factor=4
    )
    began, sums = time.time(), np.zeros(5)
    for step, batch in zip(range(done + 1, steps + 1), loader, strict=False):
        seen, truth, weight, frame, scalp = (
            torch.as_tensor(part).contiguous(memory_format=torch.channels_last)
            for part in batch
        )
        loss, error = hair_loss(runs[0].net(seen), truth, weight)
        runs[0].learn(loss)
        edge, overlap, place = region_loss(runs[1].net(frame), scalp)
        runs[1].learn(edge)
        values = (loss.detach(), error, edge.detach(), overlap, place)
        sums += [float(value) for value in values]
        if step % 25 == 0:
            means = " ".join(f"{value:.4f}" for value in sums / 25)
            print(f"{step} {time.time() - began:.0f}s {means}", flush=True)
            sums[:] = 0
        if step % 200 == 0 or step == steps:
            state = {"step": step, "parts": [part.state_dict() for part in parts]}
            torch.save(state, checkpoint.with_suffix(".part"))
            checkpoint.with_suffix(".part").rename(checkpoint)


def main() -> None:
    """Parse the command line and train."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("heads", type=Path)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--start", type=Path, help="checkpoint whose weights to start from")
    parser.add_argument("--steps", type=int, default=4000)
    parser.add_argument("--rate", type=float, default=1e-3, help="highest learning rate")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--threads", type=int, default=1)
    given = parser.parse_args()
    torch.set_num_threads(given.threads)
    train(
        given.heads,
        given.folder,
        steps=given.steps,
        seed=given.seed,
        workers=given.workers,
        start=given.start,
        rate=given.rate,
    )


if __name__ == "__main__":
    main()
