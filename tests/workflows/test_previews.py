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
    assert find_existing(library, ["0" * 64]) == {}
    assert find_photo_results(library, ["0" * 64]) == {}
    with pytest.raises(PhotoError):
        previews.preview(b"nothing", name="x.jpg")


def test_shots_are_all_photographs_with_their_numbers(library):
    shots = list_photo_results(library)
    assert [shot.photo.visit for shot in shots] == [FIRST, FIRST, LATER]
    for shot in shots:
        assert shot.measurement.photo == shot.photo.digest
        assert shot.measurement.refused is None
    assert list_photo_results(library, view=View.FRONTAL) == []
    mean = np.mean([s.measurement.zone("scalp").visible_scalp for s in shots[:2]])
    assert mean == pytest.approx(progress(library)[0].visible_scalp)


def test_an_overlay_tints_scalp_and_keeps_to_its_size(library):
    for shot in list_photo_results(library)[::2]:
        overlay = previews.render_overlay(library, shot, longest=300)
        plain = previews.render_photo(library, shot.photo.digest, longest=300)
        assert holds_no_notes(overlay)
        assert holds_no_notes(plain)
        tinted, bare = (codec.decode(one).astype(int) for one in (overlay, plain))
        assert max(tinted.shape) == 300
        assert bare.shape == (300, 300, 3)
        bluer = [(one[:250, :250, 2] - one[:250, :250, 0]).mean() for one in (tinted, bare)]
        assert bluer[0] > bluer[1] + 2
    unmeasured = previews.PhotoResult(photo=shot.photo, measurement=None)
    with pytest.raises(PhotoError, match="not measured"):
        previews.render_overlay(library, unmeasured)


def test_both_pictures_of_a_change_have_one_size_and_no_notes(library, found):
    first, last, (width, height) = render_pair(library, found)
    for picture in (first, last):
        assert holds_no_notes(picture)
        assert codec.decode(picture).shape == (height, width, 3)
    assert render_pair(library, found, even_light=True)[0] == first  # only the later one
    assert render_pair(library, found, longest=100)[-1] == (100, 100)


@pytest.fixture(scope="module")
def image(draw_photo):
    return codec.decode(draw_photo(3)[0])


def test_blur_is_told_before_anything_is_measured(image, without_head) -> None:
    sharp = check_photo(image)
    assert sharp.unusable is None
    assert QualityFlag.BLURRED not in {one.flag for one in sharp.flags}
    blurred = check_photo(cv2.GaussianBlur(image, (0, 0), 4))
    (doubt,) = (one for one in blurred.flags if one.flag is QualityFlag.BLURRED)
    assert codec.decode(doubt.picture).shape[0] == 360
    assert b"Exif" not in doubt.picture
    wall = check_photo(codec.decode(without_head))
    assert wall.flags == ()
    assert "No head" in wall.unusable


def test_the_doubts_of_a_photograph_are_those_it_was_measured_with(
    tmp_path, image, draw_photo
) -> None:
    """One that does not fit its baseline is judged too."""
    blurred = codec.encode_jpeg(cv2.GaussianBlur(image, (0, 0), 4), quality=95)
    cut = codec.encode_jpeg(image[200:, :280], quality=95)
    with Library.create(tmp_path / "library") as library:
        for number, data in enumerate((draw_photo(3)[0], blurred, cut), start=3):
            import_photo(library, data, name=f"2025-03-0{number}_vertex.jpg")
        run_pending(library)
        shots = list_photo_results(library)
        drawn = [draw_flag_pictures(library, shot.measurement) for shot in shots]
    flags = [tuple(one.flag for one in pictures) for pictures in drawn]
    assert flags[:2] == [shot.measurement.quality.flags for shot in shots[:2]]
    assert QualityFlag.BLURRED in flags[1]
    assert shots[2].measurement.refused is not None
    assert shots[2].measurement.quality.flags == ()
    assert QualityFlag.CROPPED in flags[2]
