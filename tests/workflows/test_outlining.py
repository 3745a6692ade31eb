"""Outlines that a person draws: the found one gives the same number, others theirs."""

from __future__ import annotations

import pytest

from hairtrack.errors import PhotoError
from hairtrack.imaging import codec
from hairtrack.records import WHOLE
from hairtrack.workflows import Library, outlining
from hairtrack.workflows.showing import list_shots


@pytest.fixture
def library(measured):
    with Library.open(measured) as opened:
        yield opened


def test_the_outline_that_was_found_gives_nearly_the_same_number(library) -> None:
    shot = list_shots(library)[-1]
    found = outlining.outline_shot(library, shot, longest=200)
    assert found.found
    assert found.size == (480, 480)
    assert max(codec.decode(found.picture).shape) == 200
    value = outlining.try_outline(library, shot, found.outline_xy)
    measured = shot.measurement.zone(WHOLE).visible_scalp
    # Few points cut the rim by about 1 % of the area, where hair and skin are mixed.
    assert value == pytest.approx(measured, abs=0.03)


def test_an_outline_of_nothing_is_refused_in_a_sentence(library) -> None:
    shot = list_shots(library)[0]
    with pytest.raises(PhotoError, match="next to nothing"):
        outlining.try_outline(library, shot, [(1, 1), (1, 1), (1, 1)])


def test_a_photograph_without_a_head_gets_a_start(tmp_path, without_head) -> None:
    from hairtrack.workflows import import_photo

    with Library.create(tmp_path / "library") as opened:
        import_photo(opened, without_head, name="2025-03-03_vertex.jpg")
        (shot,) = list_shots(opened)
        found = outlining.outline_shot(opened, shot)
    assert not found.found
    assert len(found.outline_xy) == 8
    assert all(0 <= x < 320 and 0 <= y < 240 for x, y in found.outline_xy)
