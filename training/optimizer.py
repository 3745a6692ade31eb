"""The optimizer of the networks, and its learning rate."""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor


class Muon(torch.optim.Optimizer):
    """Momentum with orthogonalized updates for convolutions, AdamW for the rest [1]_.

    Updates are scaled to the root mean square that AdamW's have, so that one learning
    rate serves both.

    References
    ----------
    .. [1] K. Jordan et al., "Muon: an optimizer for hidden layers in neural networks",
       2024; the scale is that of J. Liu et al., "Muon is scalable for LLM training", 2025.
    """

    def __init__(self, parameters: list[torch.nn.Parameter], rate: float) -> None:
        super().__init__(parameters, {"lr": rate, "momentum": 0.95, "decay": 1e-3})

    @torch.no_grad()
    def step(self) -> None:
        """Take one step."""
        for group in self.param_groups:
            for weight in group["params"]:
                state = self.state[weight]
                if "momentum" not in state:
                    state["momentum"] = torch.zeros_like(weight.grad)
                state["momentum"].lerp_(weight.grad, 1 - group["momentum"])
                ahead = weight.grad.lerp(state["momentum"], group["momentum"])
                flat = ahead.reshape(len(weight), -1)
                update = _orthogonal(flat) * (0.2 * max(flat.shape) ** 0.5)
                weight.mul_(1 - group["lr"] * group["decay"])
                weight.add_(update.reshape(weight.shape), alpha=-group["lr"])


def _orthogonal(matrix: Tensor) -> Tensor:
    """Nearest matrix with singular values of about 1, by five Newton-Schulz steps."""
    tall = matrix.shape[0] > matrix.shape[1]
    x = matrix.T if tall else matrix
    x = x / (x.norm() + 1e-7)
    for _ in range(5):
        square = x @ x.T
        x = 3.4445 * x + (-4.7750 * square + 2.0315 * square @ square) @ x
    return x.T if tall else x


def rate_at(share: float) -> float:
    """Learning rate at a share of the steps, relative to the highest: up, then a cosine."""
    if share < 0.06:
        return 0.04 + 0.96 * share / 0.06
    return 0.01 + 0.99 * 0.5 * (1 + np.cos(np.pi * (share - 0.06) / 0.94))
