"""Spots that are the same point of the head give the pose, whatever the turn."""

import cv2
import numpy as np
import pytest

from hairtrack.imaging.registration import places
from hairtrack.imaging.registration.frames import head_frame


def ball(shift: tuple[float, float], turn: float, radius: float) -> tuple:
    """Disc and places of a sphere seen from above, turned, in a photo of 400 x 400."""
    y, x = np.mgrid[:400, :400].astype(np.float32)
    across, down = (x - 200 - shift[0]) / radius, (y - 200 - shift[1]) / radius
    c, s = np.cos(turn), np.sin(turn)
    left, front = c * across + s * down, -s * across + c * down
    up = np.sqrt(np.maximum(1 - left**2 - front**2, 0))
    return np.stack((left, front, up), axis=-1), left**2 + front**2 < 0.8


@pytest.mark.parametrize("turn", [0.0, 0.3, -1.2, 3.0])
def test_a_known_pose_is_found(turn: float) -> None:
    """The grid has 40 spots a head width; over a thousand of them average that out."""
    sides, frames = [], []
    for shift, angle, radius in (((12, -7), 0.0, 150.0), ((-20, 9), turn, 120.0)):
        sphere, scalp = ball(shift, angle, radius)
        frames.append(head_frame(scalp))
        coarse = cv2.resize(sphere, (100, 100), interpolation=cv2.INTER_AREA)
        sides.append(places.find_spots(coarse, scalp, frames[-1]))
    found = places.match(sides[1], sides[0])
    assert found is not None
    matrix = np.linalg.inv(frames[0]) @ found[0] @ frames[1]
    scale = 150 / 120
    wanted = scale * np.array([[np.cos(turn), np.sin(turn)], [-np.sin(turn), np.cos(turn)]])
    assert matrix[:2, :2] == pytest.approx(wanted, abs=0.01)
    centre = matrix @ (180, 209, 1)
    assert centre[:2] == pytest.approx((212, 193), abs=1.0), "a third of a per cent"
    assert found[1] < 0.03


def test_different_parts_of_a_head_do_not_correspond() -> None:
    sphere, scalp = ball((0, 0), 0.0, 150.0)
    spots = places.find_spots(sphere, scalp, head_frame(scalp))
    below = spots[0], spots[1] * (1, 1, -1)
    assert places.match(spots, below) is None


def test_too_few_spots_claim_nothing() -> None:
    sphere, scalp = ball((0, 0), 0.0, 150.0)
    spots = places.find_spots(sphere, scalp, head_frame(scalp))
    few = spots[0][:20], spots[1][:20]
    assert places.match(few, few) is None
