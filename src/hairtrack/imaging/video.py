"""A short video of pictures as WebM (VP8), which every browser plays."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt

from hairtrack.errors import HairtrackError

__all__ = ["encode_webm"]

_FRAMES_PER_SECOND = 10


def encode_webm(
    pictures: Sequence[npt.NDArray[np.uint8]], *, seconds: float = 1.0
) -> bytes:
    """Make a video of pictures.

    OpenCV writes videos to named files only, so a private temporary one is used.

    Parameters
    ----------
    pictures : sequence of (H, W, 3) uint8
        sRGB, all of one size.
    seconds : float
        How long each picture is shown.

    Returns
    -------
    bytes
        WebM, VP8, without sound or metadata.

    Raises
    ------
    HairtrackError
        This OpenCV cannot write WebM.
    ValueError
        If there is no picture, or their sizes differ.
    """
    if not pictures or len({picture.shape for picture in pictures}) != 1:
        raise ValueError("a video needs pictures of one size")
    height, width = (side - side % 2 for side in pictures[0].shape[:2])
    with tempfile.TemporaryDirectory(prefix="hairtrack-") as folder:
        path = Path(folder) / "video.webm"
        fourcc = cv2.VideoWriter.fourcc(*"VP80")
        video = cv2.VideoWriter(str(path), fourcc, _FRAMES_PER_SECOND, (width, height))
        if not video.isOpened():
            raise HairtrackError("This computer's OpenCV cannot write WebM films.")
        for picture in pictures:
            frame = np.ascontiguousarray(picture[:height, :width, ::-1])
            for _ in range(max(1, round(seconds * _FRAMES_PER_SECOND))):
                video.write(frame)
        video.release()
        return path.read_bytes()
