"""Frames of reference: px, head widths and canvases agree."""

import numpy as np
import pytest

from hairtrack.imaging.registration import frames


def disc(size: int, x: float, y: float, radius: float) -> np.ndarray:
    rows, columns = np.mgrid[0:size, 0:size]
    return np.hypot(columns - x, rows - y) <= radius


def test_a_disc_is_one_head_width_across_about_its_centre() -> None:
    frame = frames.head_frame(disc(400, 170, 220, 100))
    centre = frame @ (170, 220, 1)
    rim = frame @ (270, 220, 1)
    assert centre[:2] == pytest.approx((0, 0), abs=1e-3)
    assert rim[:2] == pytest.approx((0.5, 0), abs=2e-3), "pixels make the rim ragged"


def test_a_large_photo_has_the_same_frame_to_a_thousandth() -> None:
    """Above 1024 px the moments are taken of every few pixels."""
    small = frames.head_frame(disc(600, 300, 280, 200))
    large = frames.head_frame(disc(2400, 1201.5, 1121.5, 800))
    assert large[0, 0] == pytest.approx(small[0, 0] / 4, rel=2e-3)


@pytest.mark.parametrize("radius", [40, 300])
def test_a_cut_puts_the_head_in_the_middle(radius: int) -> None:
    """Enlarged or reduced, a disc of one head width fills half of a frame of two."""
    there = disc(800, 390, 410, radius)
    cut = frames.cut(there.astype(np.uint8) * 255, frames.head_frame(there), 1.0, 64)
    assert cut.shape == (128, 128)
    rows, columns = np.nonzero(cut > 127)
    assert rows.mean() == pytest.approx(63.5, abs=0.6)
    assert columns.mean() == pytest.approx(63.5, abs=0.6)
    assert np.sqrt(4 * len(rows) / np.pi) == pytest.approx(64, rel=0.02)
