"""One photograph through all stages, against truth."""

import ast
import dataclasses
import sys
from pathlib import Path

import numpy as np
import pytest

import hairtrack_phantom as phantom
from hairtrack import imaging
from hairtrack.errors import ColourMissing, NoHeadFound, PhotoError
from hairtrack.imaging import pipeline
from hairtrack.records import View

Pair = tuple[phantom.PhantomPhoto, phantom.PhantomPhoto]


def whole(analysis: pipeline.Analysis) -> float:
    value = analysis.zones[0].visible_scalp
    assert value is not None
    return value


def test_the_whole_comes_first_and_is_near_the_truth(easy_pair: Pair) -> None:
    """10 points: method and found outline together, on one easy head."""
    photo = easy_pair[0]
    baseline = pipeline.prepare_baseline(photo.image, view="vertex")
    analysis = pipeline.analyze(photo.image, baseline)
    assert analysis.zones[0].zone == "scalp"
    assert whole(analysis) == pytest.approx(photo.visible_scalp, abs=0.10)
    error = analysis.zones[0].standard_error
    assert error is not None
    assert 0 < error < 0.3


def test_the_baseline_over_itself_is_the_identity(easy_pair: Pair) -> None:
    baseline = pipeline.prepare_baseline(easy_pair[0].image, view="vertex")
    analysis = pipeline.analyze(easy_pair[0].image.copy(), baseline)
    assert analysis.registration is not None
    assert np.array_equal(analysis.registration.matrix, np.eye(3))
    assert all(zone.seen == pytest.approx(1, abs=0.02) for zone in analysis.zones)


def test_another_day_of_the_same_head_reads_alike(easy_pair: Pair) -> None:
    """6 points; the standard deviation over all heads is in docs/accuracy.md."""
    first, last = easy_pair
    baseline = pipeline.prepare_baseline(first.image, view=View.VERTEX)
    change = whole(pipeline.analyze(last.image, baseline)) - whole(
        pipeline.analyze(first.image, baseline)
    )
    assert change == pytest.approx(last.visible_scalp - first.visible_scalp, abs=0.06)


def test_a_given_scalp_is_used_as_it_is(easy_pair: Pair) -> None:
    photo = easy_pair[0]
    baseline = pipeline.prepare_baseline(photo.image, view="vertex", scalp=photo.scalp)
    analysis = pipeline.analyze(photo.image, baseline, scalp=photo.scalp)
    assert np.array_equal(analysis.scalp, photo.scalp)
    assert analysis.zones[0].area_px == pytest.approx(int(photo.scalp.sum()), rel=0.01)


def test_results_are_the_same_every_time(easy_pair: Pair) -> None:
    first, last = easy_pair
    baseline = pipeline.prepare_baseline(first.image, view="vertex")
    runs = [pipeline.analyze(last.image, baseline) for _ in range(2)]
    assert runs[0].zones == runs[1].zones
    assert runs[0].quality == runs[1].quality


@pytest.mark.parametrize("view", list(View))
def test_every_view_has_zones_inside_the_whole(easy_head: phantom.Head, view: View) -> None:
    shot = phantom.random_shot(np.random.default_rng(4), view=view, size=(360, 360))
    photo = phantom.photograph(easy_head, shot)
    baseline = pipeline.prepare_baseline(photo.image, view=view, scalp=photo.scalp)
    analysis = pipeline.analyze(photo.image, baseline, scalp=photo.scalp)
    assert len(analysis.zones) > 1
    whole_area = analysis.zones[0].area_px
    for zone in analysis.zones:
        assert zone.area_px <= whole_area
        assert (zone.visible_scalp is None) == (zone.standard_error is None)
        assert zone.visible_scalp is None or 0 <= zone.visible_scalp <= 1


def test_a_grey_photo_is_not_measured(easy_pair: Pair) -> None:
    grey = np.repeat(easy_pair[0].image[..., :1], 3, axis=2)
    with pytest.raises(ColourMissing, match=r"no colour.*\.$"):
        pipeline.prepare_baseline(grey, view="vertex")


def test_a_photo_without_a_head_is_refused(easy_pair: Pair) -> None:
    wall = np.full((300, 300, 3), (120, 140, 160), np.uint8)
    baseline = pipeline.prepare_baseline(easy_pair[0].image, view="vertex")
    with pytest.raises(NoHeadFound):
        pipeline.analyze(wall, baseline)
    assert issubclass(NoHeadFound, PhotoError)


def test_the_method_names_all_that_can_move_a_number() -> None:
    method = pipeline.method()
    names = {name for name, _ in method.parameters}
    distributions = {"PIL": "pillow", "skimage": "scikit-image", "pi_heif": "pi-heif"}
    imported = set()
    for path in Path(imaging.__path__[0]).rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                imported |= {alias.name.split(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.level == 0:
                imported.add(node.module.split(".")[0])
    foreign = imported - set(sys.stdlib_module_names) - {"hairtrack"}
    assert names == {"model"} | {distributions.get(name, name) for name in foreign}
    other = dataclasses.replace(method, version="0")
    assert other.key != method.key


def test_wrong_use_is_a_value_error(easy_pair: Pair) -> None:
    photo = easy_pair[0]
    with pytest.raises(ValueError, match="sideways"):
        pipeline.prepare_baseline(photo.image, view="sideways")
    with pytest.raises(ValueError, match="scalp must be"):
        pipeline.prepare_baseline(photo.image, view="vertex", scalp=photo.scalp[:-1])
    with pytest.raises(ValueError, match="image must be"):
        pipeline.prepare_baseline(photo.hair, view="vertex")
