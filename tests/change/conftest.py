"""Visits by hand: a level in per cent for each week, three photographs about it."""

import datetime as dt

import pytest

from hairtrack.change.records import Conditions, VisitReading
from hairtrack_phantom.simulation import START


@pytest.fixture(scope="session")
def make_visit():
    """Return a function that makes one visit of a known mean."""

    def make(week, level, *, spread=1.0, shots=3, **conditions):
        around = [spread * (place - (shots - 1) / 2) for place in range(shots)]
        return VisitReading(
            day=START + dt.timedelta(days=round(7 * week)),
            values=tuple((level + step) / 100 for step in around),
            conditions=Conditions(**conditions),
        )

    return make
