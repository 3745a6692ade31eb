"""A verdict as soon as a photograph is there, and pictures of each doubt."""

from __future__ import annotations

import cv2
import pytest

from hairtrack.imaging import codec
from hairtrack.records import QualityFlag
from hairtrack.workflows import Library, import_photo, run_pending
from hairtrack.workflows.previews import check_photo, draw_flags
from hairtrack.workflows.series import list_photo_results


@pytest.fixture(scope="module")
def image(draw_photo):
    return codec.decode(draw_photo(3)[0])


def test_blur_is_told_before_anything_is_measured(image) -> None:
    sharp = check_photo(image)
    assert sharp.unusable is None
    assert QualityFlag.BLURRED not in {one.flag for one in sharp.doubts}
    blurred = check_photo(cv2.GaussianBlur(image, (0, 0), 4))
    (doubt,) = (one for one in blurred.doubts if one.flag is QualityFlag.BLURRED)
    assert codec.decode(doubt.picture).shape[0] == 360
    assert b"Exif" not in doubt.picture


def test_a_wall_is_told_to_have_no_head(without_head) -> None:
    found = check_photo(codec.decode(without_head))
    assert found.doubts == ()
    assert "No head" in found.unusable


def test_the_doubts_of_a_measured_photograph_are_those_it_was_measured_with(
    tmp_path, image
) -> None:
    blurred = codec.encode_jpeg(cv2.GaussianBlur(image, (0, 0), 4), quality=95)
    with Library.create(tmp_path / "library") as library:
        import_photo(library, blurred, name="2025-03-03_vertex.jpg")
        run_pending(library)
        (shot,) = list_photo_results(library)
        drawn = draw_flags(library, shot.measurement)
    assert shot.measurement.quality.flags
    assert tuple(one.flag for one in drawn) == shot.measurement.quality.flags


def test_a_photograph_that_does_not_fit_its_baseline_is_judged_too(
    tmp_path, image, draw_photo
) -> None:
    cut = codec.encode_jpeg(image[200:, :280], quality=95)
    with Library.create(tmp_path / "library") as library:
        import_photo(library, draw_photo(3)[0], name="2025-03-03_vertex.jpg")
        import_photo(library, cut, name="2025-03-04_vertex.jpg")
        run_pending(library)
        shot = list_photo_results(library)[-1]
        drawn = draw_flags(library, shot.measurement)
    assert shot.measurement.refused is not None
    assert shot.measurement.quality.flags == ()
    assert QualityFlag.CROPPED in {one.flag for one in drawn}


def test_a_photograph_without_doubts_needs_no_picture(measured) -> None:
    with Library.open(measured) as library:
        for shot in list_photo_results(library):
            drawn = draw_flags(library, shot.measurement)
            assert tuple(one.flag for one in drawn) == shot.measurement.quality.flags
