"""Write a trained network as an ONNX file, and check that OpenCV reads it alike.

python training/export.py hair RUN/checkpoint.pt
python training/export.py region RUN/checkpoint.pt --data DATA --photographs DIR

The region network also answers how far a photograph lies from those it learned from; the
pictures that say so are drawn anew from DATA and DIR.
"""

from __future__ import annotations

import argparse
import itertools
from pathlib import Path

import cv2
import nets
import numpy as np
import torch
import train_region

TOLERANCE = 1e-3
"""Largest difference of answers between PyTorch and OpenCV: rounding of float32 sums."""

PICTURES = 40
"""Batches of the region network's training that tell what photographs are like."""

MAKE = {"hair": nets.hair_net, "region": nets.region_net}


def load(name: str, checkpoint: Path) -> nets.Net:
    """Return the averaged network of a checkpoint."""
    state = torch.load(checkpoint, weights_only=False, map_location="cpu")
    average = torch.optim.swa_utils.AveragedModel(MAKE[name](), use_buffers=True)
    average.load_state_dict(state["parts"][1])
    print(f"step {state['step']}")
    return average.module.eval()


def training_features(net: nets.Net, data: Path, photographs: Path | None) -> torch.Tensor:
    """Mean features of pictures as the region network saw them in training."""
    given = argparse.Namespace(data=data, photographs=photographs, parts=["train"], seed=41)
    batches = itertools.islice(iter(train_region.Stream(given, 0)), PICTURES)
    kept = []
    with torch.no_grad():
        for seen, truth in batches:
            heads = torch.as_tensor(seen)[truth.sum(axis=(1, 2, 3)) > 0]
            kept.append(net.encode(heads)[-1].mean(dim=(2, 3)))
    return torch.cat(kept)


def write(net: torch.nn.Module, channels: int, path: Path) -> None:
    """Write one network and compare OpenCV's answers with PyTorch's.

    The file names a fixed size, which OpenCV 4.14 needs to read it; no step depends on it,
    and both OpenCV 4.14 and 5 take other sizes when the network runs.
    """
    with torch.no_grad():
        seen = np.random.default_rng(0).normal(size=(1, channels, 192, 256))
        answers = net(torch.from_numpy(seen).float())
    wanted = answers if isinstance(answers, tuple) else (answers,)
    torch.onnx.export(
        net,
        (torch.zeros(1, channels, 160, 160),),
        str(path),
        dynamo=False,
        opset_version=13,
        input_names=["picture"],
        output_names=["logit", "distance"][: len(wanted)],
    )
    reader = cv2.dnn.readNetFromONNX(str(path))
    reader.setInput(seen.astype(np.float32))
    found = reader.forward(reader.getUnconnectedOutLayersNames())
    worst = max(
        float(np.abs(one - other.numpy()).max() / max(1, float(other.abs().max())))
        for one, other in zip(found, wanted, strict=True)
    )
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
    parser.add_argument("--data", type=Path, help="of the region network's training")
    parser.add_argument("--photographs", type=Path)
    given = parser.parse_args()
    given.into.mkdir(parents=True, exist_ok=True)
    net = load(given.name, given.checkpoint)
    channels = net.own[0][0].in_channels
    if given.name == "region":
        features = training_features(net, given.data, given.photographs)
        net = nets.Measured(net, features).eval()
    write(net, channels, given.into / f"{given.name}.onnx")


if __name__ == "__main__":
    main()
