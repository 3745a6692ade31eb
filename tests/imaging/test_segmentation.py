"""hair_fraction against the truth of phantoms, and against changes that are none."""

import cv2
import numpy as np
import pytest

import hairtrack_phantom as phantom
from hairtrack.imaging import segmentation

Pair = tuple[phantom.PhantomPhoto, phantom.PhantomPhoto]


def shown(image: np.ndarray, scalp: np.ndarray) -> float:
    """Visible scalp, per cent."""
    return float(100 * (1 - segmentation.hair_fraction(image, scalp)[scalp].mean()))


@pytest.fixture(scope="module")
def easy_reading(easy_pair: Pair) -> float:
    return shown(easy_pair[0].image, easy_pair[0].scalp)


def test_it_reads_the_true_visible_scalp(easy_pair: Pair) -> None:
    """An easy head; the mean error over all heads is in docs/accuracy.md."""
    for photo in easy_pair:
        found = shown(photo.image, photo.scalp)
        assert found == pytest.approx(100 * photo.visible_scalp, abs=8)


def test_more_hair_reads_as_less_scalp(easy_head: phantom.Head) -> None:
    shot = phantom.random_shot(np.random.default_rng(23), size=(560, 560))
    values = []
    for factor in (0.3, 0.7, 1.2):
        photo = phantom.photograph(easy_head.with_density(factor), shot)
        values.append(shown(photo.image, photo.scalp))
    assert values[0] > values[1] + 3 > values[2] + 6


def test_fractions_are_fractions_and_nothing_lies_outside(easy_pair: Pair) -> None:
    photo = easy_pair[0]
    tiny, nothing = np.zeros_like(photo.scalp), np.zeros_like(photo.scalp)
    tiny[280:283, 280:283] = True
    for scalp in (photo.scalp, tiny & photo.scalp, nothing):
        hair = segmentation.hair_fraction(photo.image, scalp)
        assert hair.dtype == np.float32
        assert hair.shape == scalp.shape
        assert hair.min() >= 0
        assert hair.max() <= 1
        assert not hair[~scalp].any()
    with pytest.raises(ValueError, match="scalp must be"):
        segmentation.hair_fraction(photo.image, photo.scalp[:-1])
    with pytest.raises(ValueError, match="image must be"):
        segmentation.hair_fraction(photo.hair, photo.scalp)


def test_turns_and_mirrors_do_not_count(easy_pair: Pair, easy_reading: float) -> None:
    photo = easy_pair[0]
    turned, scalp = (np.ascontiguousarray(np.rot90(p)) for p in (photo.image, photo.scalp))
    found = shown(turned, scalp)
    assert found == pytest.approx(easy_reading, abs=0.05), "four turns are averaged"
    mirrored, scalp = (np.ascontiguousarray(p[:, ::-1]) for p in (photo.image, photo.scalp))
    # Mirrors are not averaged; a network that saw as many of each is nearly even-handed.
    assert shown(mirrored, scalp) == pytest.approx(easy_reading, abs=2)


@pytest.mark.parametrize(
    "gains", [(1.15,) * 3, (0.85,) * 3, (1.1, 1.0, 0.9), (0.9, 1.0, 1.1)]
)
def test_light_and_white_balance_count_little(
    easy_pair: Pair, easy_reading: float, gains: tuple[float, float, float]
) -> None:
    """15 % of light or 10 % of white balance moves the reading by less than its error."""
    photo = easy_pair[0]
    lit = np.clip(photo.image * np.array(gains), 0, 255).astype(np.uint8)
    assert shown(lit, photo.scalp) == pytest.approx(easy_reading, abs=4)


def test_jpeg_and_surroundings_count_little(easy_pair: Pair, easy_reading: float) -> None:
    """The margin shows the skin's colour; a plain wall instead must not move much."""
    photo = easy_pair[0]
    other = photo.image.copy()
    other[~photo.scalp] = (20, 160, 30)
    assert shown(other, photo.scalp) == pytest.approx(easy_reading, abs=3.0)
    _, data = cv2.imencode(".jpg", photo.image, [cv2.IMWRITE_JPEG_QUALITY, 75])
    again = cv2.imdecode(data, cv2.IMREAD_COLOR)
    assert shown(again, photo.scalp) == pytest.approx(easy_reading, abs=2)


@pytest.mark.parametrize("factor", [0.8, 1.2])
def test_the_size_of_the_photo_counts_little(easy_pair, easy_reading, factor) -> None:
    """Larger photos are reduced to the standard scale; smaller ones lose some detail."""
    photo = easy_pair[0]
    scaled = {"fx": factor, "fy": factor, "interpolation": cv2.INTER_AREA}
    image = cv2.resize(photo.image, None, **scaled)
    scalp = cv2.resize(photo.scalp.astype(np.uint8), image.shape[1::-1]) > 0
    assert shown(image, scalp) == pytest.approx(easy_reading, abs=3)


def test_features_are_relative_to_the_head(easy_pair: Pair) -> None:
    """Colours less their mean, in units of the tone's spread: light cancels."""
    photo = easy_pair[0]
    planes = segmentation.features(photo.image, photo.scalp)
    assert planes.shape == (segmentation.PLANES, 560, 560)
    dark = segmentation.features((photo.image // 2).astype(np.uint8), photo.scalp)
    inside = planes[3] == 1
    assert np.abs(dark[4:7] - planes[4:7])[:, inside].mean() < 0.02, "rounding of codes"
    assert np.abs(dark[:3] - planes[:3])[:, inside].mean() > 0.1
    assert planes[4:7][:, inside].mean() == pytest.approx(0, abs=0.02)
