"""find_scalp against the true scalp of phantoms."""

import numpy as np
import pytest
from skimage import data

import hairtrack_phantom as phantom
from hairtrack.errors import NoHeadFound
from hairtrack.imaging import detection, outline, pipeline, quality
from hairtrack.records import QualityFlag
from hairtrack_phantom import scene

Pair = tuple[phantom.PhantomPhoto, phantom.PhantomPhoto]


def test_it_finds_the_true_scalp(easy_pair: Pair) -> None:
    """The network works at 256 px: an edge off by one of them costs 2 % of the area."""
    for photo in easy_pair:
        found = detection.find_scalp(photo.image, view="vertex")
        overlap = (found & photo.scalp).sum() / (found | photo.scalp).sum()
        assert 0.88 < overlap <= 1


def test_a_turned_photo_has_the_turned_scalp(easy_pair: Pair) -> None:
    image = easy_pair[0].image
    straight = detection.find_scalp(image, view="vertex")
    turned = detection.find_scalp(np.ascontiguousarray(np.rot90(image)), view="vertex")
    assert (np.rot90(straight) ^ turned).mean() < 1e-3, "rounding at the outline only"


def test_it_is_one_piece_without_holes(easy_pair: Pair) -> None:
    found = detection.find_scalp(easy_pair[0].image, view="vertex")
    assert np.array_equal(found, detection._largest(found))


def test_the_same_photo_twice_is_the_same_scalp(easy_pair: Pair) -> None:
    first, again = (
        detection.find_scalp(easy_pair[0].image, view="vertex") for _ in range(2)
    )
    assert np.array_equal(first, again)


@pytest.mark.parametrize("colour", [(120, 90, 60), (40, 40, 45), (230, 190, 165)])
def test_a_plain_wall_of_any_colour_is_no_head(colour: tuple[int, int, int]) -> None:
    with pytest.raises(NoHeadFound):
        detection.find_scalp(np.full((300, 400, 3), colour, np.uint8), view="vertex")


@pytest.mark.parametrize("kind", ["plain", "gradient", "stripes", "tiles"])
def test_a_wall_is_no_head(kind: str) -> None:
    wall = scene.texture(np.random.default_rng(5), (400, 400), kind=kind)
    with pytest.raises(NoHeadFound, match=r"^No head.*\.$"):
        detection.find_scalp(np.round(wall * 255).astype(np.uint8), view="vertex")


def test_wrong_use_is_a_value_error() -> None:
    with pytest.raises(ValueError, match="uint8"):
        detection.find_scalp(np.zeros((9, 9), np.uint8), view="vertex")
    with pytest.raises(ValueError, match="sideways"):
        detection.find_scalp(np.zeros((9, 9, 3), np.uint8), view="sideways")


def test_an_outline_by_its_corners_is_filled():
    inside = outline.fill_polygon([(2, 1), (7, 1), (7, 4), (2, 4)], (6, 9))
    expected = np.zeros((6, 9), bool)
    expected[1:5, 2:8] = True
    assert np.array_equal(inside, expected)
    cut = outline.fill_polygon([(-5, -5), (3.4, -5), (3.4, 20), (-5, 20)], (6, 9))
    assert np.array_equal(cut, np.mgrid[:6, :9][1] <= 3)
    with pytest.raises(ValueError, match="three corners"):
        outline.fill_polygon([(0, 0), (1, 1)], (6, 9))


@pytest.mark.parametrize("name", ["astronaut", "chelsea", "coffee", "rocket"])
def test_other_things_are_refused_or_flagged(name: str) -> None:
    """Photographs of a face, a cat, a table and a rocket, as scikit-image brings them."""
    image = getattr(data, name)()
    try:
        baseline = pipeline.prepare_baseline(image, view="vertex")
    except NoHeadFound:
        return
    flags = pipeline.analyze(image, baseline).quality.flags
    assert QualityFlag.UNFAMILIAR in flags


def test_a_head_is_not_flagged_as_unfamiliar(easy_pair: Pair) -> None:
    for photo in easy_pair:
        assert detection.detect(photo.image).distance < quality.MAX_DISTANCE
