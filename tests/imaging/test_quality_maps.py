"""Where a doubt lies: found on photographs whose trouble was put there."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

import hairtrack_phantom as phantom
from hairtrack.imaging import quality, quality_maps
from hairtrack.records import QualityFlag


@pytest.fixture(scope="module")
def head():
    rng = np.random.default_rng(4)
    person = phantom.random_head(rng, tone=3, colour="dark_brown", coverage=0.9)
    photo = phantom.photograph(person, phantom.random_shot(rng, size=(600, 700)))
    dull = (photo.image * 0.8).astype(np.uint8)  # nothing shines or is clipped yet
    return dull, photo.scalp


def overlap(found: np.ndarray, true: np.ndarray) -> float:
    return float((found & true).sum() / (found | true).sum())


def put_disc(image: np.ndarray, code: int) -> tuple[np.ndarray, np.ndarray]:
    disc = np.zeros(image.shape[:2], np.uint8)
    cv2.circle(disc, (350, 260), 40, 1, -1)
    marked = image.copy()
    marked[disc > 0] = code
    return marked, disc > 0


@pytest.mark.parametrize(
    ("flag", "code"),
    [
        (QualityFlag.GLARE, 250),
        (QualityFlag.BRIGHT, 255),
        (QualityFlag.SATURATED, 255),
        (QualityFlag.DARK, 4),
    ],
)
def test_a_disc_of_light_or_shade_is_found_where_it_is(head, flag, code) -> None:
    image, scalp = head
    assert not np.any(scalp & (image.max(axis=2) >= quality.FULL))
    spoilt, disc = put_disc(image, code)
    before = quality_maps.locate(image, scalp, flag)
    found = quality_maps.locate(spoilt, scalp, flag) & ~(before & ~disc)
    # Glare is sought at the standard scale, where a pixel of this photo is about one.
    assert overlap(found, disc & scalp) > 0.9


def test_the_cut_edge_is_marked_and_no_other(head) -> None:
    image, scalp = head
    top = int(np.flatnonzero(scalp.any(axis=1))[0]) + 80
    cut_image, cut_scalp = image[top:], scalp[top:]
    found = quality_maps.locate(cut_image, cut_scalp, QualityFlag.CROPPED)
    assert np.array_equal(found[0], cut_scalp[0])
    assert not found[20:].any()
    assert not quality_maps.locate(image, scalp, QualityFlag.CROPPED).any()


@pytest.mark.parametrize("turned", [False, True])
def test_what_repeats_itself_is_found(head, turned) -> None:
    image, scalp = head
    spoilt = image.copy()
    spoilt[250:266, 300:400] = np.tile(image[250:266, 300:316], (1, 7, 1))[:, :100]
    where = np.zeros(scalp.shape, bool)
    where[250:266, 300:400] = True
    if turned:
        spoilt, scalp, where = (
            np.ascontiguousarray(one.swapaxes(0, 1)) for one in (spoilt, scalp, where)
        )
    found = quality_maps.locate(spoilt, scalp, QualityFlag.DAMAGED)
    assert found[where].mean() > 0.95
    # Marked a block wider all round, so that it is seen.
    near = cv2.dilate(where.astype(np.uint8), np.ones((49, 49), np.uint8)) > 0
    assert not found[~near].any()


def test_some_doubts_are_about_the_whole_photograph(head) -> None:
    image, scalp = head
    for flag in (QualityFlag.BLURRED, QualityFlag.COLOUR_CAST, QualityFlag.FAR):
        assert quality_maps.locate(image, scalp, flag) is None


def test_the_sharp_part_of_a_blurred_photograph_is_found(head) -> None:
    image, scalp = head
    spoilt = cv2.GaussianBlur(image, (0, 0), 5)
    spoilt[220:300, 320:400] = image[220:300, 320:400]
    x, y = quality_maps.find_sharpest(spoilt, scalp, side=60)
    # The window lies in the sharp square of 80 px, or over its edge by a quarter.
    assert 305 <= x <= 355
    assert 205 <= y <= 255


def test_the_colour_of_the_light_is_taken_off(head) -> None:
    image, scalp = head
    gains = np.array([1.0, 0.8, 0.45])
    orange = np.clip(image * gains, 0, 255).astype(np.uint8)
    neutral = quality_maps.remove_colour_cast(orange, scalp)
    numbers = dict(quality.assess(neutral, scalp).numbers)
    low, high = quality.WARMTH
    assert numbers["warmth"] == pytest.approx(np.sqrt(low * high), rel=0.1)
    assert numbers["tint"] == pytest.approx(np.sqrt(np.prod(quality.TINT)), rel=0.1)
    assert QualityFlag.COLOUR_CAST not in quality.assess(neutral, scalp).flags


def test_arrays_must_fit(head) -> None:
    image, scalp = head
    with pytest.raises(ValueError, match="like the image"):
        quality_maps.locate(image, scalp[1:], QualityFlag.GLARE)
