"""Write the trained networks as ONNX files, and check that OpenCV reads them alike.

python training/export.py FOLDER [--into src/hairtrack/imaging/models]
"""

from __future__ import annotations

import argparse
from pathlib import Path

import cv2
import nets
import numpy as np
import torch

TOLERANCE = 1e-3
"""Largest difference of logits between PyTorch and OpenCV: rounding of float32 sums."""


def load(checkpoint: Path) -> dict[str, nets.Net]:
    """Return the averaged networks of a checkpoint, by name."""
    state = torch.load(checkpoint, weights_only=False)
    made = {"hair": nets.hair_net(), "region": nets.region_net()}
    for net, kept in zip(made.values(), state["parts"][1::4], strict=True):
        averaged = torch.optim.swa_utils.AveragedModel(net, use_buffers=True)
        averaged.load_state_dict(kept)
        net.load_state_dict(averaged.module.state_dict())
        net.eval()
    print(f"step {state['step']}")
    return made


def write(net: nets.Net, path: Path) -> None:
    """Write one network and compare OpenCV's answer with PyTorch's.

    The file names a fixed size, which OpenCV 4.14 needs to read it; no step depends on it,
    and both OpenCV 4.14 and 5 take other sizes when the network runs.
    """
    channels = net.down[0][0].in_channels
    example = torch.zeros(1, channels, 160, 160)
    torch.onnx.export(
        net,
        (example,),
        str(path),
        dynamo=False,
        opset_version=13,
        input_names=["picture"],
        output_names=["logit"],
    )
    seen = np.random.default_rng(0).normal(size=(1, channels, 192, 256)).astype(np.float32)
    reader = cv2.dnn.readNetFromONNX(str(path))
    reader.setInput(seen)
    with torch.no_grad():
        wanted = net(torch.from_numpy(seen)).numpy()
    worst = float(np.abs(reader.forward() - wanted).max())
    size = path.stat().st_size / 1e6
    print(f"{path.name}: {size:.2f} MB, OpenCV differs by {worst:.1e}")
    if worst > TOLERANCE:
        raise SystemExit("OpenCV does not run this network as PyTorch does")


def main() -> None:
    """Parse the command line and write both networks."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--into", type=Path, default=Path("src/hairtrack/imaging/models"))
    given = parser.parse_args()
    given.into.mkdir(parents=True, exist_ok=True)
    for name, net in load(given.folder / "checkpoint.pt").items():
        write(net, given.into / f"{name}.onnx")


if __name__ == "__main__":
    main()
