"""Known transforms are found again; what cannot be found is refused."""

import cv2
import numpy as np
import pytest

import hairtrack_phantom as phantom
from hairtrack.errors import RegistrationFailed
from hairtrack.imaging import detection, registration
from hairtrack.records import Registration

Pair = tuple[phantom.PhantomPhoto, phantom.PhantomPhoto]


def point_error(photo: phantom.PhantomPhoto, found: object, true: np.ndarray) -> float:
    """Mean distance over the landmarks, in per cent of the head's width."""
    points = photo.landmarks_xy[photo.landmarks_seen][None]
    away = cv2.perspectiveTransform(points, np.asarray(found)) - cv2.perspectiveTransform(
        points, true
    )
    return float(100 * np.linalg.norm(away[0], axis=1).mean() / photo.head_width_px)


def register_features(
    moving: np.ndarray, scalp: np.ndarray, baseline: np.ndarray, kept: np.ndarray
) -> Registration:
    """Prepare two photographs whose scalps are known, and lay the first over the second."""
    sides = [
        registration.extract_features(image, there, detection.find_head_coordinates(image))
        for image, there in ((moving, scalp), (baseline, kept))
    ]
    return registration.register_features(*sides)


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
    found = register_features(image, scalp, photo.image, photo.scalp)
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
    found = register_features(image, scalp, photo.image, photo.scalp)
    points = photo.landmarks_xy[photo.landmarks_seen]
    moved = cv2.perspectiveTransform(3 * points[None] + 1, np.asarray(found.matrix))[0]
    away = np.linalg.norm(moved - points, axis=1).mean()
    assert away / photo.head_width_px < 0.002
    assert found.scale == pytest.approx(1 / 3, rel=0.005)


def test_the_same_photo_is_the_identity(easy_pair: Pair) -> None:
    photo = easy_pair[0]
    found = registration.register(photo.image, photo.image.copy(), view="vertex")
    assert np.array_equal(found.matrix, np.eye(3))
    assert found.overlap == pytest.approx(1)


def test_another_day_is_laid_over_the_first(easy_pair: Pair) -> None:
    """Hair has moved and the head leans a little otherwise: outline and field decide."""
    first, last = easy_pair
    found = register_features(last.image, last.scalp, first.image, first.scalp)
    both = first.landmarks_seen & last.landmarks_seen
    moved = cv2.perspectiveTransform(last.landmarks_xy[both][None], np.array(found.matrix))[
        0
    ]
    away = np.linalg.norm(moved - first.landmarks_xy[both], axis=1).mean()
    assert away / first.head_width_px < 0.04, "docs/accuracy.md has the mean over all heads"
    assert found.overlap > 0.85


def test_the_answer_is_the_same_every_time(easy_pair: Pair) -> None:
    first, last = easy_pair
    matrices = [
        register_features(last.image, last.scalp, first.image, first.scalp).matrix
        for _ in range(2)
    ]
    assert matrices[0] == matrices[1]


def test_an_outline_that_cannot_fit_is_refused(easy_pair: Pair) -> None:
    photo, other = easy_pair
    band = np.zeros_like(photo.scalp)
    band[250:300, 40:520] = True
    with pytest.raises(RegistrationFailed, match=r"with certainty\.$"):
        register_features(other.image, band, photo.image, photo.scalp)


def test_wrong_use_is_a_value_error(easy_pair: Pair) -> None:
    photo = easy_pair[0]
    nothing = np.zeros_like(photo.scalp)
    with pytest.raises(ValueError, match="single pixel"):
        register_features(photo.image, nothing, photo.image, photo.scalp)


def test_warp_moves_a_pixel_where_the_matrix_says() -> None:
    image = np.zeros((20, 30, 3), np.uint8)
    image[5, 7] = 255
    moved = registration.warp(image, ((1, 0, 3), (0, 1, 2), (0, 0, 1)), (20, 30))
    assert moved[7, 10].tolist() == [255, 255, 255]
    assert int((moved > 0).any(axis=2).sum()) == 1
