"""What a screen gets: pictures made anew, rows as stored, differences as computed."""

import datetime as dt

import numpy as np
import pytest

from hairtrack.errors import LibraryError, PhotoError
from hairtrack.imaging import codec
from hairtrack.records import View
from hairtrack.workflows import Library, compare, progress, showing

FIRST, LATER = dt.date(2025, 3, 3), dt.date(2025, 6, 2)


@pytest.fixture(scope="module")
def library(measured):
    with Library.open(measured) as library:
        yield library


@pytest.fixture(scope="module")
def change(library):
    return showing.show_change(library, view=View.VERTEX, first=FIRST, last=LATER)


def holds_no_notes(jpeg):
    """Return whether a JPEG has no EXIF, XMP or comment segment."""
    return not any(
        mark in jpeg for mark in (b"Exif\0\0", b"http://ns.adobe.com", b"\xff\xfe")
    )


def test_a_preview_says_view_and_day_and_carries_no_notes(course, library):
    path = min(course.glob("*.jpg"))
    found = showing.preview(path.read_bytes(), name=path.name, longest=200)
    assert (found.suggestion.view, found.suggestion.visit) == (View.VERTEX, FIRST)
    assert b"Exif" in path.read_bytes()
    assert holds_no_notes(found.picture)
    assert max(codec.decode(found.picture).shape) == 200
    assert found.digest in showing.find_known(library, [found.digest])


def test_a_preview_of_no_photograph_is_refused():
    with pytest.raises(PhotoError):
        showing.preview(b"nothing", name="x.jpg")


def test_unknown_photographs_are_not_found(library):
    assert showing.find_known(library, ["0" * 64]) == {}
    assert showing.find_shots(library, ["0" * 64]) == {}


def test_shots_are_all_photographs_with_their_numbers(library):
    shots = showing.list_shots(library)
    assert [shot.photo.visit for shot in shots] == [FIRST, FIRST, LATER]
    for shot in shots:
        assert shot.measurement.photo == shot.photo.digest
        assert shot.measurement.refused is None
    assert showing.list_shots(library, view=View.FRONTAL) == []
    mean = np.mean([s.measurement.zone("scalp").visible_scalp for s in shots[:2]])
    assert mean == pytest.approx(progress(library)[0].visible_scalp)


def test_a_shown_photograph_is_small_and_carries_no_notes(library):
    shot = showing.list_shots(library)[0]
    picture = showing.show_photo(library, shot.photo.digest, longest=120)
    assert holds_no_notes(picture)
    assert codec.decode(picture).shape == (120, 120, 3)


@pytest.mark.parametrize("number", [0, 2])
def test_an_overlay_tints_scalp_and_keeps_to_its_size(library, number):
    shot = showing.list_shots(library)[number]
    picture = showing.show_overlay(library, shot, longest=300)
    image = codec.decode(picture).astype(int)
    assert holds_no_notes(picture)
    assert max(image.shape) == 300
    plain = codec.decode(showing.show_photo(library, shot.photo.digest, longest=300))
    bluer = (image[:250, :250, 2] - image[:250, :250, 0]).mean()
    assert bluer > (plain[:250, :250, 2].astype(int) - plain[:250, :250, 0]).mean() + 2


def test_what_was_not_measured_has_no_overlay(library):
    shot = showing.list_shots(library)[0]
    with pytest.raises(PhotoError, match="not measured"):
        showing.show_overlay(library, showing.Shot(photo=shot.photo, measurement=None))


def test_a_change_is_that_of_the_comparison(library, change):
    found = compare(library, view=View.VERTEX)
    assert change.change == found.change
    assert (change.first, change.last) == (found.first, found.last)


def test_both_pictures_of_a_change_have_one_size_and_no_notes(change):
    width, height = change.size
    for picture in (change.first_picture, change.last_picture):
        assert holds_no_notes(picture)
        assert codec.decode(picture).shape == (height, width, 3)


def test_light_is_evened_in_the_later_picture_only(library, change):
    evened = showing.show_change(
        library, view=View.VERTEX, first=FIRST, last=LATER, even_light=True
    )
    assert evened.first_picture == change.first_picture
    assert evened.change == change.change


def test_pictures_of_a_change_may_be_smaller(library):
    small = showing.show_change(
        library, view=View.VERTEX, first=FIRST, last=LATER, longest=100
    )
    assert small.size == (100, 100)


def test_a_visit_that_is_not_there_is_told(library):
    with pytest.raises(LibraryError, match="no measured visit"):
        showing.show_change(
            library, view=View.VERTEX, first=FIRST, last=dt.date(2020, 1, 1)
        )


def test_the_method_is_named_with_all_it_rests_on():
    assert {"hairtrack", "cv2", "numpy"} <= set(
        showing.name_method().replace("=", " ").split()
    )
