"""The figure is well-formed, says its numbers, and draws every pair."""

import xml.etree.ElementTree as ET

from hairtrack.change.repeatability import bland_altman
from hairtrack.report.agreement import draw_agreement

SVG = "{http://www.w3.org/2000/svg}"


def test_every_pair_is_a_point_inside_the_picture_and_its_numbers_are_told():
    found = bland_altman([(0.30, 0.31), (0.40, 0.40), (0.35, 0.38), (0.2, 0.2)])
    root = ET.fromstring(draw_agreement(found, title="<me> & you"))
    points = root.findall(f"{SVG}circle")
    assert len(points) == found.n == 4
    for point in points:
        assert 0 < float(point.get("cx")) < 640
        assert 0 < float(point.get("cy")) < 420
    heights = [float(point.get("cy")) for point in points]
    assert heights[2] < heights[0] < heights[1] == heights[3]  # larger ones are higher
    told = " ".join(root.itertext())
    for words in ("bias: +1.0", "+1.96 SD: +3.8", "<me> & you"):
        assert words in told
    same = draw_agreement(bland_altman([(0.3, 0.3)] * 3))
    assert ET.fromstring(same).findall(f"{SVG}circle")
