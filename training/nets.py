"""The networks, built of what OpenCV's dnn runs."""

from __future__ import annotations

import segmentation
import torch
from torch import Tensor, nn
from torch.nn import functional


def _conv(inputs: int, outputs: int, *, step: int = 1) -> nn.Sequential:
    size = 4 if step == 2 else 3
    return nn.Sequential(
        nn.Conv2d(inputs, outputs, size, stride=step, padding=1, bias=False),
        nn.BatchNorm2d(outputs, momentum=0.03),
        nn.ReLU(inplace=True),
    )


class _Context(nn.Module):
    """Scale every channel by what the whole picture shows."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.pool = nn.AdaptiveAvgPool2d(1)
        self.first = nn.Conv2d(channels, channels // 4, 1)
        self.second = nn.Conv2d(channels // 4, channels, 1)

    def forward(self, x: Tensor) -> Tensor:
        whole = torch.relu(self.first(self.pool(x)))
        return x * torch.sigmoid(self.second(whole))


class _Residual(nn.Module):
    """Two convolutions added to what came in."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.body = nn.Sequential(
            nn.Conv2d(channels, channels, 3, padding=1, bias=False),
            nn.BatchNorm2d(channels, momentum=0.03),
            nn.ReLU(inplace=True),
            nn.Conv2d(channels, channels, 3, padding=1, bias=False),
            nn.BatchNorm2d(channels, momentum=0.03),
        )

    def forward(self, x: Tensor) -> Tensor:
        return torch.relu(x + self.body(x))


class Net(nn.Module):
    """U-shaped network.

    Parameters
    ----------
    inputs : int
        Channels of the input; its sides must be multiples of 2 ** len(widths).
    widths : tuple of int
        Channels at 1/2, 1/4, ... of the input's size.
    depths : tuple of int
        Residual blocks there.
    contexts : tuple of bool
        Where channels are scaled by what the whole picture shows.
    outputs : int
        Channels of the output.
    skip : int
        First level of the answer: 0 answers at 1/2 of the input's size, 1 at 1/4.
    """

    def __init__(
        self,
        inputs: int,
        widths: tuple[int, ...],
        depths: tuple[int, ...],
        contexts: tuple[bool, ...],
        *,
        outputs: int = 1,
        skip: int = 0,
    ) -> None:
        super().__init__()
        self.skip = skip
        before = (inputs, *widths[:-1])
        self.down = nn.ModuleList(
            _conv(a, b, step=2) for a, b in zip(before, widths, strict=True)
        )
        self.think = nn.ModuleList(
            nn.Sequential(*(_Residual(width) for _ in range(depth)))
            for width, depth in zip(widths, depths, strict=True)
        )
        self.context = nn.ModuleList(
            _Context(width) if used else nn.Identity()
            for width, used in zip(widths, contexts, strict=True)
        )
        kept = widths[skip:]
        pairs = list(zip(kept[1:], kept[:-1], strict=True))[::-1]
        self.narrow = nn.ModuleList(nn.Conv2d(a, b, 1) for a, b in pairs)
        self.join = nn.ModuleList(_conv(b, b) for _, b in pairs)
        self.up = nn.Upsample(scale_factor=2, mode="nearest")
        self.out = nn.Conv2d(kept[0], outputs, 1)

    def forward(self, x: Tensor) -> Tensor:
        """Return logits (N, outputs, H / s, W / s), s = 2 ** (1 + skip)."""
        kept = []
        for down, think, context in zip(self.down, self.think, self.context, strict=True):
            x = context(think(down(x)))
            kept.append(x)
        kept = kept[self.skip :]
        x = kept.pop()
        for narrow, join in zip(self.narrow, self.join, strict=True):
            x = join(self.up(narrow(x)) + kept.pop())
        return self.out(x)


def hair_net() -> Net:
    """Planes of `segmentation.features` -> logit of the hair fraction, at a quarter."""
    return Net(
        segmentation.PLANES,
        (12, 24, 48, 64, 96),
        (0, 1, 1, 1, 2),
        (False, False, True, True, True),
        skip=1,
    )


def region_net() -> Net:
    """RGB in [-1, 1], 0 in the margins -> logit of scalp, and where on the head it is."""
    last = (False, False, False, True, True)
    return Net(3, (16, 24, 48, 72, 96), (0, 1, 1, 1, 2), last, outputs=4)


def entropy_excess(logit: Tensor, target: Tensor) -> Tensor:
    """Cross entropy with a fraction less its least value, per pixel: 0 where they agree."""
    entropy = functional.binary_cross_entropy_with_logits(logit, target, reduction="none")
    return entropy - functional.binary_cross_entropy(target, target, reduction="none")
