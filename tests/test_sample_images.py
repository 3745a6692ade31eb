"""The sample photographs are what their README says, and can be drawn again."""

import csv
import datetime as dt
import importlib.util
import sys
from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from hairtrack.imaging import codec
from hairtrack.records import View
from hairtrack.workflows.importing import find_date, find_view

ROOT = Path(__file__).parents[1]
SAMPLES = ROOT / "sample_images"


@pytest.fixture(scope="module")
def script():
    path = ROOT / "benchmarks" / "make_sample_images.py"
    spec = importlib.util.spec_from_file_location("make_sample_images", path)
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def truth():
    with (SAMPLES / "truth.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_the_truth_names_every_photograph_and_no_other(truth):
    kept = {path.name for path in SAMPLES.glob("*.jpg")}
    assert {row["file"] for row in truth} == kept
    assert len(truth) == len(kept)
    assert 12 <= len(truth) <= 48
    # Small enough to travel with the package.
    assert sum(path.stat().st_size for path in SAMPLES.iterdir()) < 6e6
    text = (SAMPLES / "README.md").read_text(encoding="utf-8")
    assert "**These photographs are synthetic.**" in text
    assert "{" not in text


def test_every_photograph_tells_date_and_view_as_the_truth_does(truth):
    for row in truth:
        facts = codec.probe((SAMPLES / row["file"]).read_bytes())
        assert facts.taken_at == dt.datetime.fromisoformat(row["taken_at"])
        assert find_date(row["file"]) == (facts.taken_at.date(), None)
        assert find_view(row["file"]) == View(row["view"])
        assert 1000 <= max(facts.width, facts.height) <= 1200


def test_three_photographs_on_each_visit_until_week_24_of_the_treatment(truth):
    """The treatment starts at the second visit."""
    visits = Counter(row["taken_at"][:10] for row in truth)
    assert set(visits.values()) == {3}
    days = sorted(map(dt.date.fromisoformat, visits))
    weeks = [(day - days[1]).days / 7 for day in days]
    assert (weeks[0], weeks[-1]) == (-1, 24)


def test_true_scalp_is_steady_for_8_weeks_then_falls_by_about_10_points(truth):
    """Within 2 points of 10; steady within 2, for camera and comb differ each time."""
    levels = [float(row["visible_scalp"]) for row in truth]
    visits = np.reshape(levels, (-1, 3)).mean(axis=1)
    assert visits[2] - visits[-1] == pytest.approx(0.10, abs=0.02)
    assert visits[:2] == pytest.approx(visits[2], abs=0.02)


def test_drawing_again_gives_the_same_bytes(script, tmp_path, monkeypatch):
    """Small and few: what is drawn does not depend on how many are."""
    monkeypatch.setattr(script, "DENSITY", {9: 0.62, 25: 0.80})
    monkeypatch.setattr(script, "SHOTS", 1)
    (tmp_path / "two").mkdir()
    (tmp_path / "two" / "2020-01-01_vertex_1.jpg").write_bytes(b"")  # goes
    (tmp_path / "two" / "letter.txt").write_bytes(b"")  # stays
    first, second = {}, {}
    for name, files in (("one", first), ("two", second)):
        script.make(tmp_path / name, size=(150, 130), jobs=1)
        for path in (tmp_path / name).iterdir():
            files[path.name] = path.read_bytes()
    assert len(first) == 2 + 2
    assert second == first | {"letter.txt": b""}


def test_no_two_photographs_are_alike_and_all_are_taken_in_one_place(script):
    """Comb and camera change with every shot, light hardly, wall and clothes never."""
    shots = [script.draw_shot(picture, size=(90, 80)) for picture in script.list_pictures()]
    for part in ("comb", "pose", "light", "sensor"):
        assert len({getattr(shot, part) for shot in shots}) == len(shots)
    assert len({shot.place for shot in shots}) == 1
    assert len({shot.light.direction for shot in shots}) == 1
    # A fifth of a stop and less: no eye sees it from one photograph to the next.
    assert np.std([shot.light.exposure for shot in shots]) < 0.1
