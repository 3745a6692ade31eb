"""Known transforms are found again; what cannot be found is refused."""

import cv2
import numpy as np
import pytest

import hairtrack_phantom as phantom
from hairtrack.errors import RegistrationFailed
from hairtrack.imaging import registration
from hairtrack.imaging.registration import correspondences, outlines
from hairtrack.imaging.registration.correspondences import head_frame
from hairtrack.records import Registration

Pair = tuple[phantom.PhantomPhoto, phantom.PhantomPhoto]


def point_error(photo: phantom.PhantomPhoto, found: object, true: np.ndarray) -> float:
    """Mean distance over the landmarks, in per cent of the head's width."""
    points = photo.landmarks_xy[photo.landmarks_seen][None]
    away = cv2.perspectiveTransform(points, np.asarray(found)) - cv2.perspectiveTransform(
        points, true
    )
    return float(100 * np.linalg.norm(away[0], axis=1).mean() / photo.head_width_px)


def register(
    moving: np.ndarray, scalp: np.ndarray, baseline: np.ndarray, kept: np.ndarray
) -> Registration:
    """Register two photographs whose scalps are known."""
    both = [
        registration.extract_features(image, there)
        for image, there in ((moving, scalp), (baseline, kept))
    ]
    return registration.register_features(*both)


def warped(
    photo: phantom.PhantomPhoto, *, turn: float, scale: float, shift: tuple[float, float]
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Image and scalp of the photo, moved, in other light; and the matrix that moved it."""
    height, width = photo.scalp.shape
    matrix = np.vstack(
        (cv2.getRotationMatrix2D((width / 2, height / 2), turn, scale), (0, 0, 1))
    )
    matrix[:2, 2] += shift
    size = (width, height)
    image = cv2.warpAffine(photo.image, matrix[:2], size, borderValue=(90, 120, 60))
    scalp = cv2.warpAffine(photo.scalp.astype(np.uint8), matrix[:2], size) > 0
    return np.clip(image * (0.85, 0.9, 0.8), 0, 255).astype(np.uint8), scalp, matrix


@pytest.mark.parametrize(
    ("turn", "scale", "shift"),
    [(0, 1.0, (9, -5)), (12, 0.9, (0, 0)), (-25, 1.1, (6, 8)), (90, 0.95, (0, 0))],
)
def test_a_known_warp_in_other_light_is_found(
    easy_pair: Pair, turn: float, scale: float, shift: tuple[float, float]
) -> None:
    """Strands have not moved, so points settle it, to well under half a per cent."""
    photo = easy_pair[0]
    image, scalp, matrix = warped(photo, turn=turn, scale=scale, shift=shift)
    found = register(image, scalp, photo.image, photo.scalp)
    assert found.inliers > 24
    assert found.scale == pytest.approx(1 / scale, rel=0.01)
    back = np.linalg.inv(matrix)
    points = phantom.PhantomPhoto(
        **{
            name: getattr(photo, name)
            for name in ("image", "hair", "scalp", "visible_scalp", "head_width_px")
        },
        landmarks_xy=cv2.perspectiveTransform(photo.landmarks_xy[None], matrix)[0],
        landmarks_seen=photo.landmarks_seen,
    )
    assert point_error(points, found.matrix, back) < 0.5


def test_a_large_photo_is_reduced_and_its_matrix_is_in_its_own_px(easy_pair: Pair) -> None:
    """Three times as large: the matrix takes it back to a third, pixel centres kept."""
    photo = easy_pair[0]
    size = tuple(3 * side for side in photo.scalp.shape)
    image = cv2.resize(photo.image, size, interpolation=cv2.INTER_CUBIC)
    scalp = cv2.resize(photo.scalp.astype(np.uint8), size) > 0
    found = register(image, scalp, photo.image, photo.scalp)
    points = photo.landmarks_xy[photo.landmarks_seen]
    moved = cv2.perspectiveTransform(3 * points[None] + 1, np.asarray(found.matrix))[0]
    away = np.linalg.norm(moved - points, axis=1).mean()
    assert away / photo.head_width_px < 0.002
    assert found.scale == pytest.approx(1 / 3, rel=0.005)


def test_the_same_photo_is_the_identity(easy_pair: Pair) -> None:
    photo = easy_pair[0]
    found = registration.register(photo.image, photo.image.copy(), view="vertex")
    assert np.array_equal(found.matrix, np.eye(3))
    assert 24 < found.inliers < 3000, "keypoints, not pixels"
    assert found.overlap == pytest.approx(1)
    frame = head_frame(photo.scalp)
    points = correspondences.find_keypoints(photo.image, photo.scalp, frame)
    matrix, _, inliers, rms = correspondences.match_keypoints(points, points)
    assert np.allclose(matrix / matrix[2, 2], np.eye(3), atol=1e-4)
    assert inliers > 100
    assert rms < 1e-4
    back = np.linalg.inv(frame)
    px = np.round(points[0] @ back[:2, :2].T + back[:2, 2]).astype(int)
    assert photo.scalp[px[:, 1], px[:, 0]].mean() > 0.99, "rounding at the rim"


def test_another_day_is_laid_over_the_first(easy_pair: Pair) -> None:
    """Hair has moved and the head leans a little otherwise: outline and field decide."""
    first, last = easy_pair
    found, again = (
        register(last.image, last.scalp, first.image, first.scalp) for _ in range(2)
    )
    assert found == again
    both = first.landmarks_seen & last.landmarks_seen
    matrix = np.array(found.matrix)
    moved = cv2.perspectiveTransform(last.landmarks_xy[both][None], matrix)[0]
    away = np.linalg.norm(moved - first.landmarks_xy[both], axis=1).mean()
    assert away / first.head_width_px < 0.04, "docs/accuracy.md has the mean over all heads"
    assert found.overlap > 0.85


def test_an_outline_that_cannot_fit_is_refused(easy_pair: Pair) -> None:
    photo, other = easy_pair
    band = np.zeros_like(photo.scalp)
    with pytest.raises(ValueError, match="single pixel"):
        register(other.image, band, photo.image, photo.scalp)
    band[250:300, 40:520] = True
    with pytest.raises(RegistrationFailed, match=r"with certainty\.$"):
        register(other.image, band, photo.image, photo.scalp)


def test_warp_moves_a_pixel_where_the_matrix_says() -> None:
    image = np.zeros((20, 30, 3), np.uint8)
    image[5, 7] = 255
    moved = registration.warp(image, ((1, 0, 3), (0, 1, 2), (0, 0, 1)), (20, 30))
    assert moved[7, 10].tolist() == [255, 255, 255]
    assert int((moved > 0).any(axis=2).sum()) == 1


# Frames -------------------------------------------------------------------------------


def disc(size: int, x: float, y: float, radius: float) -> np.ndarray:
    rows, columns = np.mgrid[0:size, 0:size]
    return np.hypot(columns - x, rows - y) <= radius


def test_a_disc_is_one_head_width_across_about_its_centre() -> None:
    frame = head_frame(disc(400, 170, 220, 100))
    centre = frame @ (170, 220, 1)
    rim = frame @ (270, 220, 1)
    assert centre[:2] == pytest.approx((0, 0), abs=1e-3)
    assert rim[:2] == pytest.approx((0.5, 0), abs=2e-3), "pixels make the rim ragged"
    # Above 1024 px the moments are taken of every few pixels.
    large = head_frame(disc(1600, 681.5, 881.5, 400))
    assert large[0, 0] == pytest.approx(frame[0, 0] / 4, rel=2e-3)


@pytest.mark.parametrize("radius", [40, 300])
def test_a_cut_puts_the_head_in_the_middle(radius: int) -> None:
    """Enlarged or reduced, a disc of one head width fills half of a frame of two."""
    there = disc(800, 390, 410, radius)
    cut = correspondences.resample(there.astype(np.uint8) * 255, head_frame(there), 1.0, 64)
    assert cut.shape == (128, 128)
    rows, columns = np.nonzero(cut > 127)
    assert rows.mean() == pytest.approx(63.5, abs=0.6)
    assert columns.mean() == pytest.approx(63.5, abs=0.6)
    assert np.sqrt(4 * len(rows) / np.pi) == pytest.approx(64, rel=0.02)


# Keypoints ----------------------------------------------------------------------------


def test_two_heads_do_not_match(easy_pair: Pair) -> None:
    rng = np.random.default_rng(31)
    other = phantom.photograph(
        phantom.random_head(rng, texture="wavy"), phantom.random_shot(rng, size=(560, 560))
    )
    both = [
        correspondences.find_keypoints(p.image, p.scalp, head_frame(p.scalp))
        for p in (easy_pair[0], other)
    ]
    assert correspondences.match_keypoints(*both) is None


def test_a_bare_picture_has_no_points() -> None:
    image = np.full((100, 100, 3), 128, np.uint8)
    scalp = np.zeros((100, 100), bool)
    scalp[20:80, 20:80] = True
    found = correspondences.find_keypoints(image, scalp, head_frame(scalp))
    assert correspondences.match_keypoints(found, found) is None


# Head coordinates ---------------------------------------------------------------------


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
        sides.append(correspondences.find_head_points(coarse, scalp, frames[-1]))
    found = correspondences.match_head_points(sides[1], sides[0])
    assert found is not None
    matrix = np.linalg.inv(frames[0]) @ found @ frames[1]
    scale = 150 / 120
    wanted = scale * np.array([[np.cos(turn), np.sin(turn)], [-np.sin(turn), np.cos(turn)]])
    assert matrix[:2, :2] == pytest.approx(wanted, abs=0.01)
    centre = matrix @ (180, 209, 1)
    assert centre[:2] == pytest.approx((212, 193), abs=1.0), "a third of a per cent"


def test_different_parts_of_a_head_and_few_spots_do_not_correspond() -> None:
    sphere, scalp = ball((0, 0), 0.0, 150.0)
    spots = correspondences.find_head_points(sphere, scalp, head_frame(scalp))
    below = spots[0], spots[1] * (1, 1, -1)
    assert correspondences.match_head_points(spots, below) is None
    few = spots[0][:20], spots[1][:20]
    assert correspondences.match_head_points(few, few) is None


# Outline and field --------------------------------------------------------------------


def test_a_similarity_turns_scales_and_shifts() -> None:
    matrix = outlines.similarity(np.array((np.pi / 2, np.log(2), 0.1, -0.2)))
    assert matrix @ (1, 0, 1) == pytest.approx((0.1, 1.8, 1))


def test_a_shape_against_itself_has_no_cost_and_is_aligned_at_once(easy_pair) -> None:
    """A thousandth of the head's width: the search stops at half of that."""
    photo = easy_pair[0]
    shape = outlines.extract_shape(photo.image, photo.scalp, head_frame(photo.scalp))
    straight = np.zeros(4)
    assert outlines._outline_cost(straight, shape, shape) == pytest.approx(0, abs=1e-6)
    # The floor that keeps empty fields from dividing by nothing leaves a small rest.
    at_rest = outlines._field_cost(straight, shape, shape)
    assert 0 <= at_rest < 0.2
    for turned in ((0.2, 0, 0, 0), (0, 0.1, 0, 0), (0, 0, 0.05, 0), (0, 0, 0, 0.05)):
        assert outlines._outline_cost(np.array(turned), shape, shape) > 0.1
        assert outlines._field_cost(np.array(turned), shape, shape) > at_rest + 0.1
    pose, apart = outlines.align(shape, shape, None)
    assert np.abs(pose).max() < 2e-3
    assert apart < 0.01
