"""What a screen gets: pictures made anew, and quality flags with their pictures."""

import datetime as dt

import cv2
import numpy as np
import pytest

from hairtrack.errors import PhotoError
from hairtrack.imaging import codec
from hairtrack.records import QualityFlag, View
from hairtrack.workflows import (
    Library,
    compare,
    import_photo,
    previews,
    progress,
    run_pending,
)
from hairtrack.workflows.comparison import render_pair
from hairtrack.workflows.previews import check_photo, draw_flag_pictures
from hairtrack.workflows.series import find_existing, find_photo_results, list_photo_results

FIRST, LATER = dt.date(2025, 3, 3), dt.date(2025, 6, 2)


@pytest.fixture(scope="module")
def library(measured):
    with Library.open(measured) as library:
        yield library


@pytest.fixture(scope="module")
def found(library):
    return compare(library, view=View.VERTEX, first=FIRST, last=LATER)


@pytest.fixture(scope="module")
def pair(library, found):
    return render_pair(library, found)


def holds_no_notes(jpeg):
    """Return whether a JPEG has no EXIF, XMP or comment segment."""
    return not any(
        mark in jpeg for mark in (b"Exif\0\0", b"http://ns.adobe.com", b"\xff\xfe")
    )


def test_a_preview_says_view_and_day_and_carries_no_notes(course, library):
    path = min(course.glob("*.jpg"))
    found = previews.preview(path.read_bytes(), name=path.name, longest=200)
    assert (found.suggestion.view, found.suggestion.visit) == (View.VERTEX, FIRST)
    assert b"Exif" in path.read_bytes()
    assert holds_no_notes(found.picture)
    assert max(codec.decode(found.picture).shape) == 200
    assert found.digest in find_existing(library, [found.digest])


def test_a_preview_of_no_photograph_is_refused():
    with pytest.raises(PhotoError):
        previews.preview(b"nothing", name="x.jpg")


def test_unknown_photographs_are_not_found(library):
    assert find_existing(library, ["0" * 64]) == {}
    assert find_photo_results(library, ["0" * 64]) == {}


def test_shots_are_all_photographs_with_their_numbers(library):
    shots = list_photo_results(library)
    assert [shot.photo.visit for shot in shots] == [FIRST, FIRST, LATER]
    for shot in shots:
        assert shot.measurement.photo == shot.photo.digest
        assert shot.measurement.refused is None
    assert list_photo_results(library, view=View.FRONTAL) == []
    mean = np.mean([s.measurement.zone("scalp").visible_scalp for s in shots[:2]])
    assert mean == pytest.approx(progress(library)[0].visible_scalp)


def test_a_shown_photograph_is_small_and_carries_no_notes(library):
    shot = list_photo_results(library)[0]
    picture = previews.render_photo(library, shot.photo.digest, longest=120)
    assert holds_no_notes(picture)
    assert codec.decode(picture).shape == (120, 120, 3)


@pytest.mark.parametrize("number", [0, 2])
def test_an_overlay_tints_scalp_and_keeps_to_its_size(library, number):
    shot = list_photo_results(library)[number]
    picture = previews.render_overlay(library, shot, longest=300)
    image = codec.decode(picture).astype(int)
    assert holds_no_notes(picture)
    assert max(image.shape) == 300
    plain = codec.decode(previews.render_photo(library, shot.photo.digest, longest=300))
    bluer = (image[:250, :250, 2] - image[:250, :250, 0]).mean()
    assert bluer > (plain[:250, :250, 2].astype(int) - plain[:250, :250, 0]).mean() + 2


def test_what_was_not_measured_has_no_overlay(library):
    shot = list_photo_results(library)[0]
    with pytest.raises(PhotoError, match="not measured"):
        previews.render_overlay(
            library, previews.PhotoResult(photo=shot.photo, measurement=None)
        )


def test_both_pictures_of_a_change_have_one_size_and_no_notes(pair):
    *pictures, (width, height) = pair
    for picture in pictures:
        assert holds_no_notes(picture)
        assert codec.decode(picture).shape == (height, width, 3)


def test_light_is_evened_in_the_later_picture_only(library, found, pair):
    assert render_pair(library, found, even_light=True)[0] == pair[0]


def test_pictures_of_a_change_may_be_smaller(library, found):
    assert render_pair(library, found, longest=100)[-1] == (100, 100)


def test_the_method_is_named_with_all_it_rests_on():
    assert {"hairtrack", "cv2", "numpy"} <= set(
        previews.method_key().replace("=", " ").split()
    )


@pytest.fixture(scope="module")
def image(draw_photo):
    return codec.decode(draw_photo(3)[0])


def test_blur_is_told_before_anything_is_measured(image) -> None:
    sharp = check_photo(image)
    assert sharp.unusable is None
    assert QualityFlag.BLURRED not in {one.flag for one in sharp.flags}
    blurred = check_photo(cv2.GaussianBlur(image, (0, 0), 4))
    (doubt,) = (one for one in blurred.flags if one.flag is QualityFlag.BLURRED)
    assert codec.decode(doubt.picture).shape[0] == 360
    assert b"Exif" not in doubt.picture


def test_a_wall_is_told_to_have_no_head(without_head) -> None:
    found = check_photo(codec.decode(without_head))
    assert found.flags == ()
    assert "No head" in found.unusable


def test_the_doubts_of_a_measured_photograph_are_those_it_was_measured_with(
    tmp_path, image
) -> None:
    blurred = codec.encode_jpeg(cv2.GaussianBlur(image, (0, 0), 4), quality=95)
    with Library.create(tmp_path / "library") as library:
        import_photo(library, blurred, name="2025-03-03_vertex.jpg")
        run_pending(library)
        (shot,) = list_photo_results(library)
        drawn = draw_flag_pictures(library, shot.measurement)
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
        drawn = draw_flag_pictures(library, shot.measurement)
    assert shot.measurement.refused is not None
    assert shot.measurement.quality.flags == ()
    assert QualityFlag.CROPPED in {one.flag for one in drawn}


def test_a_photograph_without_doubts_needs_no_picture(measured) -> None:
    with Library.open(measured) as library:
        for shot in list_photo_results(library):
            drawn = draw_flag_pictures(library, shot.measurement)
            assert tuple(one.flag for one in drawn) == shot.measurement.quality.flags
