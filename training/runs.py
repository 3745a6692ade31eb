"""A network in training: its average, its optimizers, its checkpoint."""

from __future__ import annotations

from pathlib import Path

import torch
from nets import Net
from optimizer import Muon, rate_at
from torch import Tensor

PUBLISHED = 0.1
"""Learning rate of weights that were published, relative to the others'."""

AVERAGE = 0.997
"""Share of the running average of the weights that a step keeps."""


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
