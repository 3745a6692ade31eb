"""The figure is well-formed, says its numbers, and draws every pair."""

import xml.etree.ElementTree as ET

import pytest

from hairtrack.change.repeatability import bland_altman
from hairtrack.report.agreement import draw_agreement

SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(scope="module")
def drawn():
    found = bland_altman([(0.30, 0.31), (0.40, 0.40), (0.35, 0.38), (0.2, 0.2)])
    return found, ET.fromstring(draw_agreement(found, title="<me> & you"))


def test_every_pair_is_a_point_inside_the_picture(drawn):
    found, root = drawn
    points = root.findall(f"{SVG}circle")
    assert len(points) == found.n == 4
    for point in points:
        assert 0 < float(point.get("cx")) < 640
        assert 0 < float(point.get("cy")) < 420


def test_higher_differences_stand_higher(drawn):
    _, root = drawn
    heights = [float(point.get("cy")) for point in root.findall(f"{SVG}circle")]
    assert heights[2] < heights[0] < heights[1]
    assert heights[1] == heights[3]


def test_numbers_are_told_and_text_is_escaped(drawn):
    _, root = drawn
    told = " ".join(root.itertext())
    assert "bias: +1.0" in told
    assert "+1.96 SD: +3.8" in told
    assert "<me> & you" in told


def test_pairs_that_agree_fully_can_be_drawn():
    drawn = draw_agreement(bland_altman([(0.3, 0.3)] * 3))
    assert ET.fromstring(drawn).findall(f"{SVG}circle")
