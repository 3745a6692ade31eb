"""What the training of both networks shares: samples, average, optimizers, checkpoint."""

from __future__ import annotations

import argparse
import itertools
import json
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import cv2
import geometry
import numpy as np
import samples
import torch
from nets import Net
from optimizer import Muon, rate_at
from torch import Tensor
from torch.utils.data import DataLoader, IterableDataset

from hairtrack_phantom import half_real

READ = Path(__file__).parent.parent / "benchmarks" / "data"
"""What people read in the photographs."""

PUBLISHED = 0.1
"""Learning rate of weights that were published, relative to the others'."""

AVERAGE = 0.997
"""Share of the running average of the weights that a step keeps."""

TOLD, SAVED = 25, 100
"""Steps between two lines of the log, and between two checkpoints."""

Sample = tuple[np.ndarray, np.ndarray]
"""What a network sees of one photograph, and the truth about it."""

Losses = Callable[[Tensor, Tensor, bool], tuple[Tensor, dict[str, float]]]
"""Loss of a batch and what the log says of it, of the answer, the truth, and whether real
photographs are among them."""


class Stream(IterableDataset):
    """Endless batches; worker `w` of `n` makes every n-th.

    Every number of chance comes from the seed and the step.
    """

    def __init__(self, given: argparse.Namespace, start: int) -> None:
        self.given, self.start = given, start

    def __iter__(self) -> Iterator[Sample]:
        """Yield input (N, K, S, S) and truth (N, L, S / 4, S / 4)."""
        given = self.given
        info = torch.utils.data.get_worker_info()
        worker, workers = (info.id, info.num_workers) if info else (0, 1)
        cv2.setNumThreads(1)
        self.textures = samples.make_textures(given.seed * 100 + worker, 60)
        self.men = (
            half_real.load(given.photographs, READ, parts=given.parts)
            if given.photographs
            else []
        )
        self.kept: list[samples.Picture] = []
        for step in itertools.count(self.start + worker, workers):
            made = self.make(step, np.random.default_rng([given.seed, step]))
            yield tuple(np.stack(part) for part in zip(*made, strict=True))

    def make(self, step: int, rng: np.random.Generator) -> list[Sample]:
        """Make the samples of one step."""
        raise NotImplementedError

    def draw(
        self, rng: np.random.Generator, *, bald: float, halved: float
    ) -> samples.Picture:
        """Photograph a drawn head; `bald` and `halved` are shares of the photographs."""
        heads = sorted((self.given.data / "heads").glob("*.npy"))
        few = rng.random() < bald
        chosen = [path for path in heads if (int(path.stem) >= geometry.BALD) == few]
        path = rng.choice(np.array(chosen or heads))
        return samples.compose(path, self.textures, rng, halved=rng.random() < halved)


class Run:
    """One network with a running average of its weights; resumes from its checkpoint.

    Parameters
    ----------
    net : Module
        New; takes the weights of the checkpoint in `folder` if there is one.
    folder : Path
        Made if missing.
    steps : int
        Length of the whole run, for the learning rate.
    rate : float
        Highest learning rate.
    start : Path, optional
        Checkpoint whose averaged weights a new run begins with.
    encoder_from : float
        Share of the steps after which the published encoder learns too.
    """

    def __init__(
        self,
        net: Net,
        folder: Path,
        *,
        steps: int,
        rate: float,
        start: Path | None = None,
        encoder_from: float = 0.68,
    ) -> None:
        self.net = net.to(memory_format=torch.channels_last)
        self.steps, self.rate, self.done = steps, rate, 0
        self.encoder_from = encoder_from
        self.average = torch.optim.swa_utils.AveragedModel(
            net,
            multi_avg_fn=torch.optim.swa_utils.get_ema_multi_avg_fn(AVERAGE),
            use_buffers=True,
        )
        known = set(net.encoder.parameters())
        learned = [p for p in net.parameters() if p.requires_grad and p not in known]
        kernels = [p for p in learned if p.ndim == 4 and p.shape[0] > 1]
        others = [p for p in learned if p.ndim != 4 or p.shape[0] == 1]
        groups = [
            {"params": others, "share": 1.0},
            {"params": list(net.encoder.parameters()), "share": PUBLISHED},
        ]
        self.tuners = (Muon(kernels, rate), torch.optim.AdamW(groups, lr=rate))
        self.parts = (net, self.average, *self.tuners)
        folder.mkdir(parents=True, exist_ok=True)
        self.checkpoint = folder / "checkpoint.pt"
        if self.checkpoint.exists():
            state = torch.load(self.checkpoint, weights_only=False)
            self.done = state["step"]
            for part, kept in zip(self.parts, state["parts"], strict=True):
                part.load_state_dict(kept)
        elif start:
            self.average.load_state_dict(
                torch.load(start, weights_only=False)["parts"][1], strict=False
            )
            net.load_state_dict(self.average.module.state_dict())
        net.train()

    def begin(self, step: int) -> None:
        """Let the published encoder learn in the last part of the run only."""
        self.net.encoder.requires_grad_(step > self.encoder_from * self.steps)

    def learn(self, loss: Tensor, step: int) -> None:
        """Take one step down the loss."""
        for tuner in self.tuners:
            for group in tuner.param_groups:
                group["lr"] = (
                    self.rate * group.get("share", 1.0) * rate_at(step / self.steps)
                )
        self.net.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(self.net.parameters(), 1.0)
        for tuner in self.tuners:
            tuner.step()
        self.average.update_parameters(self.net)

    def save(self, step: int) -> None:
        """Write the checkpoint under another name, then rename it."""
        state = {"step": step, "parts": [part.state_dict() for part in self.parts]}
        part = self.checkpoint.with_suffix(".part")
        torch.save(state, part)
        part.rename(self.checkpoint)


def train(
    net: Net, stream: type[Stream], losses: Losses, given: argparse.Namespace
) -> None:
    """Train a network for `given.steps` steps, from the checkpoint if there is one."""
    torch.set_num_threads(given.threads)
    run = Run(
        net,
        given.run,
        steps=given.steps,
        rate=given.rate,
        start=given.start,
        encoder_from=given.encoder_from,
    )
    loader = DataLoader(
        stream(given, run.done + 1),
        batch_size=None,
        num_workers=given.workers,
        prefetch_factor=6,
    )
    began, busy, rows = time.time(), 0.0, []
    steps = range(run.done + 1, given.steps + 1)
    with (given.run / "log.jsonl").open("a") as log:
        for step, (seen, truth) in zip(steps, loader, strict=False):
            run.begin(step)
            if step > given.freeze * given.steps:
                for module in net.modules():
                    if isinstance(module, torch.nn.BatchNorm2d):
                        module.eval()
            start = time.time()
            seen = torch.as_tensor(seen).contiguous(memory_format=torch.channels_last)
            loss, told = losses(
                net(seen), torch.as_tensor(truth), given.photographs is not None
            )
            run.learn(loss, step)
            busy += time.time() - start
            rows.append(told)
            if step % TOLD == 0:
                line = json.dumps(
                    {
                        "step": step,
                        "seconds": round(time.time() - began),
                        "busy": round(busy / len(rows), 2),
                    }
                    | {
                        name: round(float(np.mean([row[name] for row in rows])), 4)
                        for name in rows[0]
                    }
                )
                print(line, flush=True)
                print(line, file=log, flush=True)
                busy, rows = 0.0, []
            if step % SAVED == 0 or step == given.steps:
                run.save(step)
                if given.minutes and time.time() - began > 60 * given.minutes:
                    break


def parse_arguments(description: str, *, steps: int) -> argparse.Namespace:
    """Read the command line of a training."""
    parser = argparse.ArgumentParser(
        description=description, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    add = parser.add_argument
    add("data", type=Path, help="folder with heads/ and strands/")
    add("run", type=Path, help="folder of the checkpoint and the log")
    add("--photographs", type=Path, help="folder of the real photographs")
    add("--parts", nargs="+", default=["train"], help="parts of their split")
    add("--start", type=Path, help="checkpoint whose weights to start from")
    add("--steps", type=int, default=steps)
    add("--rate", type=float, default=2e-3, help="highest learning rate")
    add(
        "--freeze",
        type=float,
        default=0.8,
        help="share of the steps after which batch statistics are fixed",
    )
    add(
        "--encoder-from",
        type=float,
        default=0.68,
        help="share of the steps after which the published encoder learns",
    )
    add("--seed", type=int, default=1)
    add("--workers", type=int, default=1)
    add("--threads", type=int, default=1)
    add("--minutes", type=float, help="stop after so long; call again to go on")
    given = parser.parse_args()
    torch.manual_seed(given.seed)
    return given
