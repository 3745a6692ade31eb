"""Files are measured where they lie; a bad one stops no other."""

import json
from pathlib import Path

import numpy as np
import pytest

from hairtrack.errors import HairtrackError, PhotoError, RegistrationFailed
from hairtrack.imaging import codec
from hairtrack.records import View
from hairtrack.workflows import measure_files, measuring, register_files


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
    result, _ = drawn
    assert (result.photo, result.view, result.error) == (str(photo), View.VERTEX, None)
    assert result.zones[0].zone == "scalp"
    assert 0 < result.zone("scalp").visible_scalp < 1
    assert result.zone("no such zone") is None
    assert result.method.version


def test_pictures_have_the_size_of_the_photograph(drawn, photo):
    result, out = drawn
    assert sorted(path.name for path in out.iterdir()) == [
        f"{photo.stem}.{kind}.png" for kind in ("hair", "overlay", "scalp")
    ]
    assert sorted(result.pictures) == sorted(str(path) for path in out.iterdir())
    for kind in ("hair", "scalp"):
        assert codec.decode((out / f"{photo.stem}.{kind}.png").read_bytes()).shape == (
            480,
            480,
            3,
        )


def test_the_pictures_hold_what_was_measured(drawn, photo):
    """8 bits round each pixel by 0.2 %; the whole zone is the region itself."""
    result, out = drawn
    hair, scalp = (
        codec.decode((out / f"{photo.stem}.{kind}.png").read_bytes())[..., 0]
        for kind in ("hair", "scalp")
    )
    assert set(np.unique(scalp)) == {0, 255}
    assert (hair[scalp == 0] == 0).all()
    level = 1 - hair[scalp == 255].mean() / 255
    assert level == pytest.approx(result.zone("scalp").visible_scalp, abs=0.01)


def test_a_region_given_by_a_person_is_the_region_that_is_measured(drawn, photo, tmp_path):
    _, out = drawn
    scalp = codec.decode_region((out / f"{photo.stem}.scalp.png").read_bytes())
    scalp[:, 240:] = False
    region = tmp_path / "region.png"
    region.write_bytes(codec.encode_png(scalp))
    (result,) = measure_files([photo], region=region, out=tmp_path)
    assert codec.decode_region(
        (tmp_path / f"{photo.stem}.scalp.png").read_bytes()
    ).sum() == (scalp.sum())
    assert result.zone("scalp").area_px == pytest.approx(scalp.sum(), rel=0.01)


@pytest.mark.parametrize(
    ("region", "sentence"),
    [
        (np.ones((100, 90), bool), "90 x 100 pixels"),
        (np.zeros((480, 480), bool), "marks nothing"),
        (None, "cannot be read"),
    ],
)
def test_a_region_that_does_not_fit_is_refused(photo, tmp_path, region, sentence):
    path = tmp_path / "region.png"
    if region is not None:
        path.write_bytes(codec.encode_png(region))
    (result,) = measure_files([photo], region=path)
    assert sentence in result.error


def test_a_region_for_two_photographs_is_wrong_use(photo):
    with pytest.raises(ValueError, match="exactly one"):
        measure_files([photo, photo], region=photo)


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


def test_zones_of_the_baseline_are_carried_into_the_others(course):
    first, second, later = sorted(course.glob("*.jpg"))
    found = measure_files([first, second, later], baseline=first)
    assert [result.error for result in found] == [None] * 3
    names = {tuple(zone.zone for zone in result.zones) for result in found}
    assert len(names) == 1
    levels = [result.zone("scalp").visible_scalp for result in found]
    assert levels[2] < levels[0]  # drawn with more hair


def test_a_bad_baseline_is_named_before_anything_is_measured(photo, tmp_path):
    (tmp_path / "bad.jpg").write_bytes(b"hello")
    with pytest.raises(PhotoError, match="The baseline cannot be used"):
        measure_files([photo, photo], baseline=tmp_path / "bad.jpg")


def test_files_of_one_name_do_not_overwrite_each_other(photo, tmp_path):
    paths = []
    for folder in ("a", "b"):
        paths.append(tmp_path / folder / "me.jpg")
        paths[-1].parent.mkdir()
        paths[-1].write_bytes(photo.read_bytes())
    found = measure_files(paths, out=tmp_path / "out")
    written = [name for result in found for name in result.pictures]
    assert len(set(written)) == len(written) == 6
    assert len(list((tmp_path / "out").iterdir())) == 6


@pytest.mark.parametrize(
    ("names", "stems"),
    [
        (["a.jpg", "a.png", "A.heic"], ["a", "a-2", "A-3"]),
        (["a.jpg", "x/a.jpg", "a-2.jpg"], ["a", "a-2", "a-2-2"]),
    ],
)
def test_stems_are_numbered_where_they_would_collide(names, stems):
    assert measuring._unique_stems(map(Path, names)) == stems


def test_a_folder_that_cannot_be_made_is_said_so(photo, tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(HairtrackError, match="cannot be made"):
        measure_files([photo], out=tmp_path / "file" / "out")


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
