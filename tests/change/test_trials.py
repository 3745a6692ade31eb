"""Findings are told with their source, nearest week first."""

import pytest

from hairtrack.change.trials import TRIALS, find_context, list_treatments


def test_every_finding_names_its_source_and_says_something():
    for finding in TRIALS:
        assert finding.source
        assert finding.note or finding.active is not None or finding.difference is not None
        assert (finding.active is None) == (finding.placebo is None)


def test_the_nearest_week_comes_first():
    assert find_context("minoxidil", week=18)[0].week == 16
    assert find_context("Minoxidil", week=50)[0].week == 48
    assert [f.week for f in find_context("prp", week=3)] == [None, None]


def test_bands_hold_their_means():
    for finding in TRIALS:
        if finding.active_band and finding.active is not None:
            assert finding.active_band[0] < finding.active < finding.active_band[1]


def test_an_unknown_treatment_is_said_so():
    with pytest.raises(ValueError, match="minoxidil"):
        find_context("snake oil", week=3)
    assert "prp" in list_treatments()
