"""Sketches are heads with a scalp, of any size."""

import re

import numpy as np
import pytest

from hairtrack.imaging import zones
from hairtrack.imaging.diagrams import draw_head, draw_zones, trace_rings
from hairtrack.records import WHOLE, View


@pytest.mark.parametrize("view", View)
def test_the_scalp_lies_on_the_head(view):
    parts, scalp = draw_head(view, size=120)
    head = np.logical_or.reduce(parts)
    assert scalp.any()
    assert not (scalp & ~head).any()
    # Face, ears or neck are seen from every direction, and more than a fifth is scalp.
    assert 0.2 < scalp.sum() / head.sum() < 0.95


def test_right_is_left_in_the_mirror_and_size_is_all_that_differs_between_sizes():
    left, right = draw_head("temporal_left")[1], draw_head("temporal_right")[1]
    assert np.array_equal(left, right[:, ::-1])
    small, large = draw_head("vertex", size=120)[1], draw_head("vertex", size=480)[1]
    # A quarter of the border's pixels may fall to either side.
    assert small.mean() == pytest.approx(large.mean(), abs=0.01)


def test_rings_hold_pieces_and_holes():
    region = np.zeros((60, 80), bool)
    region[5:50, 5:50] = True
    region[20:30, 20:30] = False
    region[10:20, 60:75] = True
    rings = trace_rings(region)
    assert len(rings) == 3
    corners = {point for ring in rings for point in ring}
    assert {(5.0, 5.0), (49.0, 49.0), (60.0, 10.0), (74.0, 19.0)} <= corners
    assert trace_rings(np.zeros((9, 9), bool)) == []


def find_points(path):
    return [tuple(map(float, pair)) for pair in re.findall(r"([\d.]+) ([\d.]+)", path)]


@pytest.mark.parametrize("view", View)
def test_every_zone_but_the_squares_is_drawn_inside_the_paper(view):
    head = draw_zones(view)
    _, scalp = draw_head(view, size=head.size)
    measured = [n for n in zones.draw(scalp, view=view).names if "grid_" not in n]
    assert list(head.names) == measured
    assert head.names[0] == WHOLE
    for path in (*head.parts, *dict(head.zones).values()):
        points = np.array(find_points(path))
        assert len(points) >= 3
        assert points.min() >= 0
        assert points.max() <= head.size - 1


def test_the_crown_is_drawn_where_it_is_measured():
    head = draw_zones(View.VERTEX)
    _, scalp = draw_head(View.VERTEX, size=head.size)
    crown = zones.draw(scalp, view=View.VERTEX)["crown"]
    drawn = np.array(find_points(dict(head.zones)["crown"])).mean(axis=0)
    true = np.argwhere(crown).mean(axis=0)[::-1]
    # Corners lie round a disc unevenly: a tenth of its width.
    assert np.abs(drawn - true).max() < 0.1 * np.ptp(np.argwhere(crown)[:, 1])
