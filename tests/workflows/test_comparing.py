"""Two visits in one frame, and their difference in the right direction."""

import datetime as dt

import numpy as np
import pytest

from hairtrack.errors import HairtrackError, LibraryError
from hairtrack.imaging import codec
from hairtrack.records import View
from hairtrack.workflows import Library, choose_subject, compare, progress

FIRST, LATER = dt.date(2025, 3, 3), dt.date(2025, 6, 2)


@pytest.fixture(scope="module")
def library(measured):
    with Library.open(measured) as library:
        yield library


@pytest.fixture(scope="module")
def found(library):
    return compare(library, view=View.VERTEX)


def test_the_difference_is_that_of_the_table_negative_for_more_hair(library, found):
    first, last = progress(library)
    assert (found.first, found.last) == (first, last)
    assert found.delta_pp == pytest.approx(100 * (last.visible_scalp - first.visible_scalp))
    assert found.delta_pp < 0  # the later head was drawn with more hair
    assert found.sentence.startswith("Less scalp shows")
    low, high = found.change.interval_pp
    assert low < found.delta_pp < high
    assert found.change.n == 3


def test_both_pictures_are_in_the_frame_of_the_baseline(found):
    assert found.first_image.shape == found.last_image.shape == (480, 480, 3)


def test_pictures_lie_better_over_each_other_than_before(library, found):
    """The head's centre is shaded alike; a shift of the whole head would show there."""
    photos = library.catalog.photos()
    raw = codec.decode(library.originals.get(photos[-1].digest)).astype(float)
    first, last = found.first_image.astype(float), found.last_image.astype(float)
    shown = last.any(axis=2)
    assert np.abs(first - last)[shown].mean() < np.abs(first - raw)[shown].mean()


def test_the_picture_shows_both(found, tmp_path):
    found.save_png(tmp_path / "both.png")
    picture = codec.decode((tmp_path / "both.png").read_bytes())
    assert picture.shape[0] > 480
    assert picture.shape[1] > 2 * 480


def test_a_picture_that_cannot_be_written_is_said_so(found, tmp_path):
    with pytest.raises(HairtrackError, match="cannot be written"):
        found.save_png(tmp_path / "nowhere" / "both.png")


def test_visits_may_be_chosen(library):
    found = compare(library, view=View.VERTEX, first=LATER, last=FIRST, subject="me")
    assert (found.first.visit, found.last.visit) == (LATER, FIRST)
    assert found.delta_pp > 0


@pytest.mark.parametrize(
    ("wanted", "sentence"),
    [
        ({"view": View.FRONTAL}, "not yet two measured visits"),
        ({"view": View.VERTEX, "subject": "anna"}, "no subject 'anna'"),
        (
            {"view": View.VERTEX, "first": dt.date(2020, 1, 1)},
            "no measured visit on 2020-01-01",
        ),
    ],
)
def test_what_is_not_there_is_said_so(library, wanted, sentence):
    with pytest.raises(LibraryError, match=sentence):
        compare(library, **wanted)


def test_an_empty_library_has_no_subject(tmp_path):
    empty = Library.create(tmp_path / "empty")
    with empty, pytest.raises(LibraryError, match="no photographs yet"):
        choose_subject(empty, None)
