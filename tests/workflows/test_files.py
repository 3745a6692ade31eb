"""Files are measured where they lie; a bad one stops no other."""

import json
import shutil
from pathlib import Path

import numpy as np
import pytest

from hairtrack.errors import HairtrackError, PhotoError, RegistrationFailed
from hairtrack.imaging import codec
from hairtrack.records import View
from hairtrack.workflows import files, measure_files, register_files


@pytest.fixture(scope="module")
def photo(course):
    return min(course.glob("*.jpg"))


@pytest.fixture(scope="module")
def drawn(tmp_path_factory, photo):
    """Return one result with pictures, and where they are."""
    out = tmp_path_factory.mktemp("out")
    (result,) = measure_files([photo], out=out)
    return result, out


def test_a_photograph_gives_numbers_by_a_named_method(drawn, photo):
    result, out = drawn
    assert (result.photo, result.view, result.error) == (str(photo), View.VERTEX, None)
    assert result.zones[0].zone == "scalp"
    assert 0 < result.zone("scalp").visible_scalp < 1
    assert result.zone("no such zone") is None
    assert result.method.version
    names = [f"{photo.stem}.{kind}.png" for kind in ("hair", "overlay", "scalp")]
    assert sorted(path.name for path in out.iterdir()) == names
    assert sorted(result.pictures) == sorted(str(path) for path in out.iterdir())


def test_the_pictures_hold_what_was_measured(drawn, photo):
    """8 bits round each pixel by 0.2 %; the whole zone is the region itself."""
    result, out = drawn
    pictures = [
        codec.decode((out / f"{photo.stem}.{kind}.png").read_bytes())
        for kind in ("hair", "scalp")
    ]
    assert {picture.shape for picture in pictures} == {(480, 480, 3)}
    hair, scalp = (picture[..., 0] for picture in pictures)
    assert set(np.unique(scalp)) == {0, 255}
    assert (hair[scalp == 0] == 0).all()
    level = 1 - hair[scalp == 255].mean() / 255
    assert level == pytest.approx(result.zone("scalp").visible_scalp, abs=0.01)


def test_a_region_given_by_a_person_is_the_region_that_is_measured(drawn, photo, tmp_path):
    name = f"{photo.stem}.scalp.png"
    scalp = codec.decode_region((drawn[1] / name).read_bytes())
    scalp[:, 240:] = False
    region = tmp_path / "region.png"
    region.write_bytes(codec.encode_png(scalp))
    (result,) = measure_files([photo], region=region, out=tmp_path)
    assert np.array_equal(codec.decode_region((tmp_path / name).read_bytes()), scalp)
    assert result.zone("scalp").area_px == pytest.approx(scalp.sum(), rel=0.01)


def test_a_region_that_does_not_fit_is_refused(photo, tmp_path):
    path = tmp_path / "region.png"
    (result,) = measure_files([photo], region=path)
    assert "cannot be read" in result.error
    for data, sentence in (
        (codec.encode_png(np.ones((100, 90), bool)), "90 x 100 pixels"),
        (codec.encode_png(np.zeros((480, 480), bool)), "marks nothing"),
    ):
        path.write_bytes(data)
        (result,) = measure_files([photo], region=path)
        assert sentence in result.error
    with pytest.raises(ValueError, match="exactly one"):
        measure_files([photo, photo], region=path)


def test_one_bad_photograph_stops_no_other(photo, tmp_path, without_colour):
    (tmp_path / "grey.jpg").write_bytes(without_colour)
    (tmp_path / "empty.jpg").write_bytes(b"")
    paths = [tmp_path / "grey.jpg", tmp_path / "empty.jpg", tmp_path / "gone.jpg", photo]
    told = []
    found = measure_files(paths, on_progress=lambda *state: told.append(state))
    assert [result.photo for result in found] == [str(path) for path in paths]
    assert [result.error is None for result in found] == [False, False, False, True]
    assert all(result.error.endswith(".") for result in found[:3])
    assert told[-1] == (4, 4)


def test_zones_of_the_baseline_are_carried_into_the_others(course, tmp_path):
    first, second, later = sorted(course.glob("*.jpg"))
    same_name = tmp_path / "elsewhere" / first.name
    same_name.parent.mkdir()
    shutil.copy(second, same_name)
    out = tmp_path / "out"
    found = measure_files([first, same_name, later], baseline=first, out=out)
    assert [result.error for result in found] == [None] * 3
    assert len({tuple(zone.zone for zone in result.zones) for result in found}) == 1
    levels = [result.zone("scalp").visible_scalp for result in found]
    assert levels[2] < levels[0]  # drawn with more hair
    written = [name for result in found for name in result.pictures]
    assert len(set(written)) == len(written) == len(list(out.iterdir())) == 9


def test_nothing_is_measured_without_its_baseline_or_its_folder(photo, tmp_path):
    (tmp_path / "bad.jpg").write_bytes(b"hello")
    with pytest.raises(PhotoError, match="The baseline cannot be used"):
        measure_files([photo, photo], baseline=tmp_path / "bad.jpg")
    with pytest.raises(HairtrackError, match="cannot be made"):
        measure_files([photo], out=tmp_path / "bad.jpg" / "out")


@pytest.mark.parametrize(
    ("names", "stems"),
    [
        (["a.jpg", "a.png", "A.heic"], ["a", "a-2", "A-3"]),
        (["a.jpg", "x/a.jpg", "a-2.jpg"], ["a", "a-2", "a-2-2"]),
    ],
)
def test_stems_are_numbered_where_they_would_collide(names, stems):
    assert files._unique_stems(map(Path, names)) == stems


def test_two_photographs_of_one_head_are_laid_over_each_other(course, tmp_path):
    first, second, _ = sorted(course.glob("*.jpg"))
    found = register_files(second, first, out=tmp_path / "both.png")
    assert found.overlap > 0.7
    assert json.dumps(found.matrix)
    assert codec.decode((tmp_path / "both.png").read_bytes()).shape == (480, 480, 3)


def test_a_wall_is_not_laid_over_a_head(photo, tmp_path, without_head):
    (tmp_path / "wall.jpg").write_bytes(without_head)
    with pytest.raises(PhotoError) as caught:
        register_files(tmp_path / "wall.jpg", photo)
    assert str(caught.value).endswith(".")
    assert issubclass(RegistrationFailed, PhotoError)
