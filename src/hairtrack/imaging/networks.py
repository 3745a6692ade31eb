"""The packaged networks, read once and run by OpenCV.

They see a picture in its four turns by 90 degrees, and their answers are averaged, so that
a photograph and the same photograph turned measure the same.
"""

from __future__ import annotations

import hashlib
import threading
from functools import cache
from importlib import resources

import cv2
import numpy as np
from numpy.typing import NDArray

__all__ = ["BORDER", "digest", "run"]

BORDER = 32
"""Sides of an input must be multiples of this."""

NAMES = ("coordinates", "hair", "region")

_Floats = NDArray[np.float32]

_lock = threading.Lock()


def _bytes(name: str) -> bytes:
    return (resources.files(__package__) / "models" / f"{name}.onnx").read_bytes()


@cache
def _load(name: str) -> cv2.dnn.Net:
    data = np.frombuffer(_bytes(name), np.uint8)
    return cv2.dnn.readNetFromONNX(data)


@cache
def digest() -> str:
    """First 12 hex digits of the SHA-256 of all packaged networks."""
    total = hashlib.sha256()
    for name in NAMES:
        total.update(_bytes(name))
    return total.hexdigest()[:12]


def _run_once(name: str, planes: _Floats) -> list[_Floats]:
    """One pass over (C, H, W); a network serves one thread at a time."""
    with _lock:
        net = _load(name)
        net.setInput(np.ascontiguousarray(planes[None]))
        answers = net.forward(net.getUnconnectedOutLayersNames())
        return [np.array(answer[0], np.float32) for answer in answers]


def run(name: str, planes: _Floats) -> list[_Floats]:
    """Mean answers of a network over four turns of its input.

    Parameters
    ----------
    name : str
        One of `NAMES`.
    planes : (C, H, W) float32
        Input; H and W are multiples of `BORDER`.

    Returns
    -------
    list of (K, h, w) float32
        "hair": the logit of the hair fraction, K = 1, at a quarter of the input's size.
        "region": the logit of scalp, the same; and the mean square of the distance from
        the training's photographs, (1, 1, 1). "coordinates": a logit of scalp that is not
        used, and x, y, z on the head, K = 4, at half of the input's size.
    """
    turns = [_run_once(name, np.rot90(planes, turn, (1, 2))) for turn in range(4)]
    return [
        np.mean(
            [np.rot90(answer, -turn, (1, 2)) for turn, answer in enumerate(answers)], axis=0
        )
        for answers in zip(*turns, strict=True)
    ]
