"""Each condition is graded with its reason; unknown ones are not held against anyone."""

import dataclasses
import datetime as dt

import pytest

from hairtrack.change.comparability import find_breaks, grade_pair, light_stops
from hairtrack.change.records import Conditions, Grade, VisitReading

DAY = dt.date(2025, 3, 3)
GOOD = {
    "brightness": 0.7,
    "warmth": 1.5,
    "tint": 0.9,
    "sharpness": 1.0,
    "glare": 0.01,
    "residual": 0.01,
    "scale": 1.0,
    "hair_state": "dry",
    "hair_length_mm": 40.0,
    "camera": "a",
    "hours_since_treatment": 400.0,
}


def grade(days=28, **changes):
    first = VisitReading(day=DAY, values=(0.3,), conditions=Conditions(**GOOD))
    later = Conditions(**(GOOD | changes))
    last = VisitReading(day=DAY + dt.timedelta(days=days), values=(0.3,), conditions=later)
    return grade_pair(first, last)


def test_like_visits_are_good_and_unknown_ones_too():
    assert grade().grade is Grade.GOOD
    bare = [VisitReading(day=DAY, values=(0.3,)), VisitReading(day=DAY, values=(0.4,))]
    assert grade_pair(*bare).grade is Grade.GOOD


@pytest.mark.parametrize(
    ("changes", "graded", "word"),
    [
        ({"brightness": 0.6}, "doubtful", "brighter"),
        ({"brightness": 0.4}, "refused", "brighter"),
        ({"warmth": 2.0}, "doubtful", "colour"),
        ({"tint": 1.2}, "doubtful", "colour"),
        ({"sharpness": 0.7}, "doubtful", "sharp"),
        ({"glare": 0.06}, "doubtful", "shines"),
        ({"residual": 0.05}, "doubtful", "laid over"),
        ({"residual": 0.09}, "refused", "laid over"),
        ({"scale": 1.4}, "doubtful", "distance"),
        ({"hair_state": "wet"}, "refused", "wet"),
        ({"hair_state": "product"}, "refused", "product"),
        ({"hair_length_mm": 60.0}, "refused", "length"),
        ({"camera": "b"}, "refused", "camera"),
        ({"haircut_on": DAY + dt.timedelta(days=9)}, "refused", "cut"),
        ({"dyed_on": DAY + dt.timedelta(days=9)}, "refused", "dyed"),
        ({"hours_since_treatment": 30.0}, "doubtful", "72 hours"),
        ({"days": 180}, "doubtful", "season"),
    ],
)
def test_what_differs_is_told(changes, graded, word):
    found = grade(**changes)
    assert str(found.grade) == graded
    assert word in " ".join(found.reasons)
    assert (found.extra_pp > 0) == (graded == "doubtful")


def test_doubts_add_as_squares_and_the_season_comes_back():
    both = grade(sharpness=0.7, scale=1.4).extra_pp
    assert both == pytest.approx((2.0**2 + 2.0**2) ** 0.5)
    assert grade(days=365).grade is Grade.GOOD


def test_half_a_stop_less_is_half_a_stop():
    code = 1.055 * (0.5 * ((0.7 + 0.055) / 1.055) ** 2.4) ** (1 / 2.4) - 0.055
    assert light_stops(0.7) - light_stops(code) == pytest.approx(1.0)


def test_a_haircut_breaks_a_series_once_and_may_be_joined():
    cut = DAY + dt.timedelta(days=20)
    visits = [
        VisitReading(
            day=DAY + dt.timedelta(days=14 * n),
            values=(0.3,),
            conditions=Conditions(haircut_on=cut if n > 1 else None),
        )
        for n in range(4)
    ]
    (found,) = find_breaks(visits)
    assert (found.day, found.joined) == (visits[2].day, False)
    assert found.reason == "the hair was cut on 23 March 2025"
    (joined,) = find_breaks(visits, joined=[cut])
    assert joined == dataclasses.replace(found, joined=True)
    assert find_breaks(visits[2:]) == []
    (told,) = find_breaks(visits[2:], days=[visits[3].day])
    assert told.day == visits[3].day
