"""A pose that is known is the best pose by outline and by field."""

import numpy as np
import pytest

import hairtrack_phantom as phantom
from hairtrack.imaging.registration import outlines
from hairtrack.imaging.registration.frames import head_frame

Pair = tuple[phantom.PhantomPhoto, phantom.PhantomPhoto]


def prepared(photo: phantom.PhantomPhoto) -> outlines.Shape:
    return outlines.prepare(photo.image, photo.scalp, head_frame(photo.scalp))


def test_a_similarity_turns_scales_and_shifts() -> None:
    matrix = outlines.similarity(np.array((np.pi / 2, np.log(2), 0.1, -0.2)))
    assert matrix @ (1, 0, 1) == pytest.approx((0.1, 1.8, 1))


def test_a_side_against_itself_has_no_cost(easy_pair: Pair) -> None:
    side = prepared(easy_pair[0])
    straight = np.zeros(4)
    assert outlines._outline_cost(straight, side, side) == pytest.approx(0, abs=1e-6)
    # The floor that keeps empty fields from dividing by nothing leaves a small rest.
    assert 0 <= outlines._field_cost(straight, side, side) < 0.2
    at_rest = outlines._field_cost(straight, side, side)
    for turned in ((0.2, 0, 0, 0), (0, 0.1, 0, 0), (0, 0, 0.05, 0), (0, 0, 0, 0.05)):
        assert outlines._outline_cost(np.array(turned), side, side) > 0.1
        assert outlines._field_cost(np.array(turned), side, side) > at_rest + 0.1


def test_a_side_against_itself_is_aligned_at_once(easy_pair: Pair) -> None:
    """A thousandth of the head's width: the search stops at half of that."""
    side = prepared(easy_pair[0])
    pose, apart = outlines.align(side, side, None)
    assert np.abs(pose).max() < 2e-3
    assert apart < 0.01
