"""Train the hair network; resumes from its checkpoint.

    python training/train.py DATA RUN --photographs DIR --steps 6000 --seed 1

DATA holds `heads/` (geometry.py) and `strands/` (strands.py). Every number of chance
comes from the seed and the step.

Half a batch is drawn heads, whose truth is exact; then come real men, mostly with strands
of known cover painted on their bare skin, and two second shots of one real man, whose
readings must agree.
The loss is the cross entropy with the true fraction, which keeps the mean unbiased, plus
the squared error of each picture's mean; where a reading leaves a range open, any
fraction inside it costs nothing.
"""

from __future__ import annotations

import functools
from pathlib import Path

import nets
import numpy as np
import runs
import samples
import torch
from torch import Tensor

from hairtrack_phantom import half_real

REUSE = 20
"""Samples taken of each composed photograph, on average."""

BALD_SHARE = 0.2
"""Share of photographs that are of the heads drawn bald on top."""

PAINTED_SHARE, PAINTED_TWICE = 0.6, 0.25
"""Shares of the single real photographs, and of those shot twice, on whose bare skin
strands are painted."""

POOL = (60, 350)
"""Photographs from which samples are drawn, at the start and at most."""

STAGES = ((0.4, 448, 8, (200, 420)), (1.0, 544, 6, (260, 470)))
"""Up to which share of the steps: side of the window, pictures a step, and range of the
diameter of the scalp's disc, px."""

PAIRS = 1
"""Real men a step that are shot twice."""

WHOLE = 0.7
"""Largest diameter of the scalp's disc, in sides of the window, at which the window shows
all of it: an ellipse of aspect 1.35 with its margin."""

MEAN, AGREE, BLOCKS, POINTS, REAL = 8.0, 12.0, 2.0, 6.0, 2.0
"""Weights of the squared error of a picture's mean, of the difference of two shots, of the
squared error of the means of blocks of 8 x 8 cells, of the squared difference from the
share of points read as hair, and of the pixels of real photographs."""


class Stream(runs.Stream):
    """Batches of the hair network."""

    def make(self, step: int, rng: np.random.Generator) -> list[runs.Sample]:
        """Make drawn heads, then single men, then men shot twice."""
        given, kept, men = self.given, self.kept, self.men
        _, side, count, reach = next(
            row for row in STAGES if step <= row[0] * given.steps or row is STAGES[-1]
        )
        drawn = count // 2 if men else count
        for _ in range(int(drawn / REUSE + rng.random()) if kept else POOL[0]):
            kept.append(self.draw(rng, bald=BALD_SHARE, halved=0.4))
        del kept[: -POOL[1]]

        def size() -> float:
            return float(np.exp(rng.uniform(*np.log(reach))))

        made = [
            samples.hair_sample(kept[index], rng, side=side, diameter=size())
            for index in rng.choice(len(kept), drawn, replace=len(kept) < drawn)
        ]
        if men:
            made += [
                samples.real_sample(
                    self.man(rng, painted=PAINTED_SHARE),
                    rng,
                    side=side,
                    diameter=size() * 1.15,
                )
                for _ in range(count - drawn - 2 * PAIRS)
            ]
            for _ in range(PAIRS):
                man = self.man(rng, painted=PAINTED_TWICE)
                made += [
                    samples.real_sample(
                        man, rng, side=side, diameter=min(size() * 1.15, WHOLE * side)
                    )
                    for _ in range(2)
                ]
        return made

    def man(self, rng: np.random.Generator, *, painted: float) -> half_real.RealPhoto:
        """Choose a man, with strands painted on his bare skin in a share of the cases."""
        if not self.bald or rng.random() >= painted:
            return self.men[rng.integers(len(self.men))]
        man = self.bald[rng.integers(len(self.bald))]
        return half_real.paint(man, np.load(self.tiles[rng.integers(len(self.tiles))]), rng)

    @functools.cached_property
    def bald(self) -> list[half_real.RealPhoto]:
        """Men with an area of bare skin."""
        return [man for man in self.men if man.bare.sum() > 0.02 * man.bare.size]

    @functools.cached_property
    def tiles(self) -> list[Path]:
        """Drawn strands of known cover."""
        return sorted((self.given.data / "strands").glob("*.npy"))


def losses(logit: Tensor, labels: Tensor, real: bool) -> tuple[Tensor, dict[str, float]]:
    """Loss of a batch, and what is told of it."""
    low, high, weight, share, x, y, read, mark = labels.split(1, dim=1)
    found = torch.sigmoid(logit)
    target = torch.minimum(torch.maximum(found.detach(), low), high)
    excess = (nets.entropy_excess(logit, target.clamp(0, 1)) * weight).sum(dim=(1, 2, 3))
    area = weight.sum(dim=(1, 2, 3))
    known = area > 1
    drawn = len(logit) // 2 if real else len(logit)
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
    if real:
        twice = 2 * PAIRS
        basis = torch.cat((share, x, y), dim=1)[-twice:]
        both = found[-twice:]
        centre = basis[:, 1:] / basis[:, :1].clamp(min=1e-3)
        u, v = centre[:, :1], centre[:, 1:]
        planes = (
            torch.cat((torch.ones_like(u), u, v, u * v, u * u, v * v), dim=1) * basis[:, :1]
        )
        moments = (both * planes).sum(dim=(2, 3)) / planes[:, :1].sum(dim=(2, 3)).clamp(
            min=1
        )
        away = moments[0::2] - moments[1::2]
        loss = loss + AGREE * (away**2).sum() / PAIRS
        told |= {
            "pair": float(away[:, 0].detach().abs().mean()),
            "painted": float(mean[-twice - 1].detach().abs()),
            "points": float(at_points.detach().abs().mean()) if len(at_points) else 0.0,
            "real": float(
                excess[-twice:].detach().sum() / area[-twice:].sum().clamp(min=1)
            ),
        }
    return loss, told


if __name__ == "__main__":
    given = runs.parse_arguments(__doc__, steps=6000)
    runs.train(nets.hair_net(nets.published_encoder()), Stream, losses, given)
