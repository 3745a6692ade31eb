"""Write a trained network as an ONNX file, and check that OpenCV reads it alike.

python training/export.py hair RUN/checkpoint.pt
python training/export.py region RUN/checkpoint.pt
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

MAKE = {"hair": nets.hair_net, "region": nets.region_net}


def load(name: str, checkpoint: Path) -> nets.Net:
    """Return the averaged network of a checkpoint."""
    state = torch.load(checkpoint, weights_only=False, map_location="cpu")
    average = torch.optim.swa_utils.AveragedModel(MAKE[name](), use_buffers=True)
    average.load_state_dict(state["parts"][1])
    print(f"step {state['step']}")
    return average.module.eval()


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
    """Parse the command line and write the network."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("name", choices=sorted(MAKE))
    parser.add_argument("checkpoint", type=Path)
    parser.add_argument("--into", type=Path, default=Path("src/hairtrack/imaging/models"))
    given = parser.parse_args()
    given.into.mkdir(parents=True, exist_ok=True)
    write(load(given.name, given.checkpoint), given.into / f"{given.name}.onnx")


if __name__ == "__main__":
    main()
