"""find_scalp against the true scalp of phantoms."""

import numpy as np
import pytest
from skimage import data

import hairtrack_phantom as phantom
from hairtrack.errors import NoHeadFound
from hairtrack.imaging import detection, pipeline, quality
from hairtrack.records import QualityFlag
from hairtrack_phantom import scene

Pair = tuple[phantom.PhantomPhoto, phantom.PhantomPhoto]


def test_it_finds_the_true_scalp(easy_pair: Pair) -> None:
    """The network works at 256 px: an edge off by one of them costs 2 % of the area."""
    for photo in easy_pair:
        found, again = (detection.find_scalp(photo.image, view="vertex") for _ in range(2))
        overlap = (found & photo.scalp).sum() / (found | photo.scalp).sum()
        assert 0.88 < overlap <= 1
        assert np.array_equal(found, detection._largest(found)), "one piece, no holes"
        assert np.array_equal(found, again)
        assert detection.detect(photo.image).distance < quality.MAX_DISTANCE


def test_a_turned_photo_has_the_turned_scalp(easy_pair: Pair) -> None:
    image = easy_pair[0].image
    straight = detection.find_scalp(image, view="vertex")
    turned = detection.find_scalp(np.ascontiguousarray(np.rot90(image)), view="vertex")
    assert (np.rot90(straight) ^ turned).mean() < 1e-3, "rounding at the outline only"


def test_a_wall_is_no_head() -> None:
    walls = [
        np.full((300, 400, 3), colour, np.uint8)
        for colour in ((120, 90, 60), (40, 40, 45), (230, 190, 165))
    ]
    for kind in ("plain", "gradient", "stripes", "tiles"):
        wall = scene.texture(np.random.default_rng(5), (400, 400), kind=kind)
        walls.append(np.round(wall * 255).astype(np.uint8))
    for wall in walls:
        with pytest.raises(NoHeadFound, match=r"^No head.*\.$"):
            detection.find_scalp(wall, view="vertex")


def test_wrong_use_is_a_value_error() -> None:
    with pytest.raises(ValueError, match="uint8"):
        detection.find_scalp(np.zeros((9, 9), np.uint8), view="vertex")
    with pytest.raises(ValueError, match="sideways"):
        detection.find_scalp(np.zeros((9, 9, 3), np.uint8), view="sideways")


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
