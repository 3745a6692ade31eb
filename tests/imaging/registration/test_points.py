"""Points settle what has not moved, and stay silent about what has."""

import numpy as np

import hairtrack_phantom as phantom
from hairtrack.imaging.registration import points
from hairtrack.imaging.registration.frames import head_frame

Pair = tuple[phantom.PhantomPhoto, phantom.PhantomPhoto]


def test_a_photo_matches_itself_as_the_identity(easy_pair: Pair) -> None:
    photo = easy_pair[0]
    found = points.find_points(photo.image, photo.scalp, head_frame(photo.scalp))
    answer = points.match(found, found)
    assert answer is not None
    matrix, _, inliers, rms = answer
    assert np.allclose(matrix / matrix[2, 2], np.eye(3), atol=1e-4)
    assert inliers > 100
    assert rms < 1e-4


def test_points_lie_on_the_scalp(easy_pair: Pair) -> None:
    photo = easy_pair[0]
    frame = head_frame(photo.scalp)
    xy, _ = points.find_points(photo.image, photo.scalp, frame)
    back = np.linalg.inv(frame)
    px = np.round(xy @ back[:2, :2].T + back[:2, 2]).astype(int)
    assert photo.scalp[px[:, 1], px[:, 0]].mean() > 0.99, "rounding at the rim"


def test_two_heads_do_not_match(easy_pair: Pair) -> None:
    rng = np.random.default_rng(31)
    other = phantom.photograph(
        phantom.random_head(rng, texture="wavy"), phantom.random_shot(rng, size=(560, 560))
    )
    sides = [
        points.find_points(p.image, p.scalp, head_frame(p.scalp))
        for p in (easy_pair[0], other)
    ]
    assert points.match(*sides) is None


def test_a_bare_picture_has_no_points() -> None:
    image = np.full((100, 100, 3), 128, np.uint8)
    scalp = np.zeros((100, 100), bool)
    scalp[20:80, 20:80] = True
    found = points.find_points(image, scalp, head_frame(scalp))
    assert points.match(found, found) is None
