"""The packaged networks, read once and run by OpenCV.

Both see a picture in its four turns by 90 degrees, and their answers are
averaged, so that a photograph and the same photograph turned measure the same.
"""

from __future__ import annotations

import hashlib
import threading
from functools import cache
from importlib import resources

import cv2
import numpy as np
from numpy.typing import NDArray

__all__ = ["BORDER", "digest", "logits"]

BORDER = 32
"""Sides of an input must be multiples of this."""

NAMES = ("hair", "region")

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


def _run(name: str, planes: _Floats) -> _Floats:
    """One pass: (C, H, W) -> (K, H / 2, W / 2); a network serves one thread at a time."""
    with _lock:
        net = _load(name)
        net.setInput(np.ascontiguousarray(planes[None]))
        return np.array(net.forward()[0], np.float32)


def logits(name: str, planes: _Floats) -> _Floats:
    """Mean answer of a network over four turns of its input.

    Parameters
    ----------
    name : str
        "hair" or "region".
    planes : (C, H, W) float32
        Input; H and W are multiples of `BORDER`.

    Returns
    -------
    (K, H / 2, W / 2) float32
        Logits at half the input's size: K is 1 for "hair"; 4 for "region", of which the
        last three are coordinates on the head and no logits.
    """
    turned = (
        np.rot90(_run(name, np.rot90(planes, turns, (1, 2))), -turns, (1, 2))
        for turns in range(4)
    )
    return np.asarray(sum(turned, start=np.float32(0)) / np.float32(4))
