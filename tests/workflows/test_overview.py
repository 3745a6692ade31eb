"""The overview of a subject: its cards and what comes next."""

import datetime as dt
import shutil

import pytest

from hairtrack.records import View
from hairtrack.workflows import Library, assess_series
from hairtrack.workflows.editing import update_photo
from hairtrack.workflows.overview import load_overview

NOW = dt.datetime(2025, 6, 10, tzinfo=dt.UTC)


@pytest.fixture
def library(tmp_path, measured):
    shutil.copytree(measured, tmp_path / "library")
    with Library.open(tmp_path / "library") as opened:
        yield opened


def test_a_card_is_the_judged_series_with_its_first_and_last_photograph(library) -> None:
    (subject,) = library.catalog.subjects()
    (card,) = load_overview(library, subject=subject, now=NOW).cards
    (judged,) = assess_series(library, subject=subject, today=NOW.date())
    assert card.judged == judged
    assert (card.visits, card.photos) == (2, 3)
    assert (card.first.visit, card.last.visit) == (dt.date(2025, 3, 3), dt.date(2025, 6, 2))


def test_a_view_without_numbers_has_a_card_without_a_verdict(library) -> None:
    (subject,) = library.catalog.subjects()
    photo = library.catalog.photos()[-1]
    update_photo(library, photo.digest, view=View.FRONTAL)
    first, second = load_overview(library, subject=subject, now=NOW).cards
    assert first.judged is not None
    assert (second.view, second.judged) == (View.FRONTAL, None)
    assert second.first == second.last
    assert second.first.digest == photo.digest
