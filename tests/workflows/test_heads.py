"""The drawing of a head has every zone that is measured, where it is measured."""

import re

import numpy as np
import pytest

from hairtrack.imaging import diagrams, zones
from hairtrack.imaging.diagrams import draw_zones
from hairtrack.records import WHOLE, View


def find_points(path):
    return [tuple(map(float, pair)) for pair in re.findall(r"([\d.]+) ([\d.]+)", path)]


@pytest.mark.parametrize("view", View)
def test_every_zone_but_the_squares_is_drawn_inside_the_paper(view):
    head = draw_zones(view)
    _, scalp = diagrams.draw_head(view, size=head.size)
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
    _, scalp = diagrams.draw_head(View.VERTEX, size=head.size)
    crown = zones.draw(scalp, view=View.VERTEX)["crown"]
    drawn = np.array(find_points(dict(head.zones)["crown"])).mean(axis=0)
    true = np.argwhere(crown).mean(axis=0)[::-1]
    # Corners lie round a disc unevenly: a tenth of its width.
    assert np.abs(drawn - true).max() < 0.1 * np.ptp(np.argwhere(crown)[:, 1])
