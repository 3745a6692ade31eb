"""Outlines that a person draws: the found one gives the same number, others theirs."""

import pytest

from hairtrack.imaging import codec, outline
from hairtrack.imaging.outline import Stroke
from hairtrack.records import WHOLE
from hairtrack.workflows import editing, import_photo
from hairtrack.workflows.series import list_photo_results


def test_the_outline_that_was_found_gives_nearly_the_same_number(own):
    shot = list_photo_results(own)[-1]
    found = editing.load_outline(own, shot, longest=200)
    assert found.found
    assert found.size == (480, 480)
    assert max(codec.decode(found.picture).shape) == 200
    assert found.drawn.strokes == ()
    value = editing.preview_outline(own, shot, found.drawn)
    measured = shot.measurement.zone(WHOLE).visible_scalp
    # Few points cut the rim by about 1 % of the area, where hair and skin are mixed.
    assert value == pytest.approx(measured, abs=0.03)


def test_what_is_brushed_is_kept_and_comes_back(library, draw_photo):
    data, _ = draw_photo(3)
    photo, _ = import_photo(library, data, name="2025-03-03_vertex.jpg")
    (shot,) = list_photo_results(library)
    found = editing.load_outline(library, shot)
    hole = Stroke(add=False, path_xy=((240.0, 240.0), (280.0, 240.0)), width=30)
    dab = Stroke(add=True, path_xy=((40.0, 40.0),), width=40)
    drawn = editing.DrawnOutline(outline_xy=found.drawn.outline_xy, strokes=(hole, dab))
    assert editing.save_outline(library, photo.digest, drawn)
    assert not editing.save_outline(library, photo.digest, drawn)
    (shot,) = list_photo_results(library)
    kept = codec.decode_region(library.catalog.outline(photo.digest, shot.photo.outline))
    assert not kept[240, 235:285].any()
    assert kept[30:50, 30:50].all()
    again = editing.load_outline(library, shot)
    back = outline.render(again.drawn.outline_xy, again.drawn.strokes, kept.shape)
    # Points of the outline and corners of hole and dab: pixels along the edges.
    assert (back & kept).sum() / (back | kept).sum() > 0.98
    assert not back[240, 240:280].any()
    assert back[40, 40]


def test_a_photograph_without_a_head_gets_a_start(library, without_head):
    import_photo(library, without_head, name="2025-03-03_vertex.jpg")
    (shot,) = list_photo_results(library)
    found = editing.load_outline(library, shot)
    assert not found.found
    assert len(found.drawn.outline_xy) == 8
    assert all(0 <= x < 320 and 0 <= y < 240 for x, y in found.drawn.outline_xy)
