"""Films that a browser plays: whole, in order, with nothing but pictures in them."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from hairtrack.imaging import video


def test_every_picture_is_shown_for_its_time(tmp_path) -> None:
    codes = (40, 120, 200)
    pictures = [np.full((63, 81, 3), code, np.uint8) for code in codes]
    data = video.encode_webm(pictures, seconds=0.5)
    assert data[:4] == b"\x1a\x45\xdf\xa3"
    assert b"webm" in data[:64]
    (tmp_path / "film.webm").write_bytes(data)
    film = cv2.VideoCapture(str(tmp_path / "film.webm"))
    shown = []
    while True:
        there, frame = film.read()
        if not there:
            break
        assert frame.shape == (62, 80, 3)
        shown.append(float(frame.mean()))
    film.release()
    assert len(shown) == 15
    # VP8 keeps flat grey within a few codes.
    assert np.abs(np.array(shown) - np.repeat(codes, 5)).max() < 6


def test_pictures_of_two_sizes_make_no_film() -> None:
    with pytest.raises(ValueError, match="one size"):
        video.encode_webm([np.zeros((8, 8, 3), np.uint8), np.zeros((8, 9, 3), np.uint8)])
    with pytest.raises(ValueError, match="one size"):
        video.encode_webm([])
