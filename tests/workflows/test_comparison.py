"""Two visits in one frame, on a drawn course whose hair is known to grow."""

import datetime as dt
import io

import numpy as np
import pytest
from PIL import Image

from hairtrack.errors import LibraryError
from hairtrack.imaging import codec
from hairtrack.records import View
from hairtrack.workflows import Library, choose_subject, compare, comparison, progress
from hairtrack.workflows.importing import DEFAULT_SUBJECT

FIRST, LATER = dt.date(2025, 3, 3), dt.date(2025, 6, 2)
SERIES = {"subject": DEFAULT_SUBJECT, "view": View.VERTEX}
DAYS = {"first": FIRST, "last": LATER}


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
    change = found.change
    difference = last.visible_scalp - first.visible_scalp
    assert change.delta_pp == pytest.approx(100 * difference)
    assert change.delta_pp < 0  # the later head was drawn with more hair
    low, high = change.interval_pp
    assert low < change.delta_pp < high
    assert change.n == 3
    back = compare(library, view=View.VERTEX, first=LATER, last=FIRST, subject="me")
    assert (back.first.visit, back.last.visit) == (LATER, FIRST)
    assert back.change.delta_pp > 0


def test_pictures_lie_better_over_each_other_than_before(library, found):
    """The head's centre is shaded alike; a shift of the whole head would show there."""
    photos = library.catalog.photos()
    raw = codec.decode(library.originals.get(photos[-1].digest)).astype(float)
    *pair, size = comparison.render_pair(library, found)
    assert size == (480, 480)
    first, last = (codec.decode(one).astype(float) for one in pair)
    shown = last.max(axis=2) > 8  # black where nothing is shown, apart from the JPEG
    assert np.abs(first - last)[shown].mean() < np.abs(first - raw)[shown].mean()


def test_what_is_not_there_is_said_so(library, tmp_path):
    long_ago = dt.date(2020, 1, 1)
    for wanted, sentence in (
        ({"view": View.FRONTAL}, "not yet two measured visits"),
        ({"view": View.VERTEX, "subject": "anna"}, "no subject 'anna'"),
        ({"view": View.VERTEX, "first": long_ago}, "no measured visit on 1 January 2020"),
    ):
        with pytest.raises(LibraryError, match=sentence):
            compare(library, **wanted)
    with pytest.raises(LibraryError, match="Nothing was measured"):
        comparison.map_change(library, **SERIES, first=FIRST, last=long_ago)
    empty = Library.create(tmp_path / "empty")
    with empty, pytest.raises(LibraryError, match="no photographs yet"):
        choose_subject(empty, None)


def test_growing_hair_shows_less_scalp_in_most_squares(library) -> None:
    told = []
    found = comparison.map_change(
        library, **SERIES, **DAYS, on_progress=lambda done, of: told.append((done, of))
    )
    assert told == [(0, 3), (1, 3), (2, 3)]
    assert found.shots == (2, 1)
    # Three photographs give one degree of freedom: nothing is marked on that.
    assert found.sdc_pp is None
    assert (found.less, found.more) == (0, 0)
    assert found.known > 60
    assert codec.decode(found.picture).shape[0] > 480


def test_squares_and_the_zone_agree_on_the_change(library) -> None:
    changes = {
        found.first.zone: found
        for found in comparison.compare_zones(library, **SERIES, **DAYS)
    }
    whole = changes["scalp"]
    assert whole.change.delta_pp == pytest.approx(
        100 * (whole.last.visible_scalp - whole.first.visible_scalp)
    )
    assert whole.change.delta_pp < -5, "the drawn hair grows from density 0.3 to 1"
    assert "crown" in changes
    assert not any(name.startswith("grid_") for name in changes)
    no_visit = {**DAYS, "first": dt.date(2020, 1, 1)}
    assert comparison.compare_zones(library, **SERIES, **no_visit) == []


def test_the_detectable_change_is_students() -> None:
    spread = (0.05**2, 2)
    # t(0.975, 4) = 2.776; times sqrt(1/3 + 1/3) times 5 points.
    expected = 2.776 * np.sqrt(2 / 3) * 5
    assert comparison._detectable(spread, spread, (3, 3)) == pytest.approx(
        expected, rel=0.005
    )
    assert comparison._detectable(spread, (float("nan"), 0), (3, 3)) is None


def test_faces_are_hidden_in_what_is_handed_on(library) -> None:
    wanted = {"subject": SERIES["subject"], "views": list(View), "label": str, **DAYS}
    hidden = codec.decode(comparison.draw_comparison(library, **wanted))
    plain = codec.decode(comparison.draw_comparison(library, **wanted, hide_faces=False))
    assert hidden.shape == plain.shape
    assert plain.shape[0] > 480
    assert plain.shape[1] > 2 * 480
    grey = (hidden == (128, 130, 132)).all(axis=2)
    assert grey.mean() > 0.2
    assert (plain == (128, 130, 132)).all(axis=2).mean() < 0.01
    assert (hidden == plain)[~grey].mean() > 0.99


def test_the_time_lapse_has_one_picture_a_visit(library, monkeypatch) -> None:
    """It assesses nothing and reads each photograph once."""
    read = []
    get = library.originals.get

    def note(digest):
        read.append(digest)
        return get(digest)

    monkeypatch.setattr(type(library.originals), "get", lambda _, digest: note(digest))
    monkeypatch.setattr(comparison, "assess_series", None)
    lapse = comparison.make_time_lapse(library, **SERIES, name_visit=lambda row: "a day")
    assert lapse.visits == 2
    assert Image.open(io.BytesIO(lapse.gif)).n_frames == 2
    assert lapse.webm[:4] == b"\x1a\x45\xdf\xa3"
    assert len(read) == 3  # one for each visit, and the baseline for its scalp
