"""Two visits looked at closely, on a drawn course whose hair is known to grow."""

from __future__ import annotations

import datetime as dt
import io

import numpy as np
import pytest
from PIL import Image

from hairtrack.errors import LibraryError
from hairtrack.imaging import codec
from hairtrack.records import View
from hairtrack.workflows import Library, comparison
from hairtrack.workflows.importing import DEFAULT_SUBJECT

FIRST, LATER = dt.date(2025, 3, 3), dt.date(2025, 6, 2)
SERIES = {"subject": DEFAULT_SUBJECT, "view": View.VERTEX}
DAYS = {"first": FIRST, "last": LATER}


@pytest.fixture
def library(measured):
    with Library.open(measured) as opened:
        yield opened


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
    changes = {z.zone: z for z in comparison.list_zone_changes(library, **SERIES, **DAYS)}
    whole = changes["scalp"]
    assert whole.delta_pp == pytest.approx(100 * (whole.last - whole.first))
    assert whole.delta_pp < -5, "the drawn hair grows from density 0.3 to 1"
    assert "crown" in changes
    assert not any(name.startswith("grid_") for name in changes)
    no_visit = {**DAYS, "first": dt.date(2020, 1, 1)}
    assert comparison.list_zone_changes(library, **SERIES, **no_visit) == []


@pytest.mark.parametrize(
    ("spread", "expected"),
    [
        # t(0.975, 4) = 2.776; times sqrt(1/3 + 1/3) times 5 points.
        (((0.05**2, 2), (0.05**2, 2)), 2.776 * np.sqrt(2 / 3) * 5),
        (((0.05**2, 2), (float("nan"), 0)), None),
    ],
)
def test_the_detectable_change_is_students(spread, expected) -> None:
    found = comparison._detectable(*spread, (3, 3))
    if expected is None:
        assert found is None
    else:
        assert found == pytest.approx(expected, rel=0.005)


def test_faces_are_hidden_in_what_is_handed_on(library) -> None:
    wanted = {**SERIES, **DAYS, "labels": ("a", "b")}
    hidden = codec.decode(comparison.export_comparison(library, **wanted))
    plain = codec.decode(comparison.export_comparison(library, **wanted, hide_faces=False))
    assert hidden.shape == plain.shape
    grey = (hidden == (128, 130, 132)).all(axis=2)
    assert grey.mean() > 0.2
    assert (plain == (128, 130, 132)).all(axis=2).mean() < 0.01
    assert (hidden == plain)[~grey].mean() > 0.99


def test_the_time_lapse_has_one_picture_a_visit(library) -> None:
    lapse = comparison.make_time_lapse(
        library, **SERIES, name_visit=lambda row: str(row.visit)
    )
    assert lapse.visits == 2
    film = Image.open(io.BytesIO(lapse.webp))
    assert film.n_frames == 2
    assert lapse.webm is not None
    assert lapse.webm[:4] == b"\x1a\x45\xdf\xa3"


def test_a_day_without_photographs_is_said_so(library) -> None:
    with pytest.raises(LibraryError, match="Nothing was measured"):
        comparison.map_change(library, **SERIES, first=FIRST, last=FIRST.replace(year=1999))
