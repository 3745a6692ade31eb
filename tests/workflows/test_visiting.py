"""A visit is complete when each of its views has three photographs."""

import datetime as dt

from hairtrack.records import Photo, TakenFrom, View
from hairtrack.workflows.importing import ViewShots, count_shots

FIRST, LATER = dt.date(2025, 3, 3), dt.date(2025, 6, 2)


def make(number: int, visit: dt.date, view: View) -> Photo:
    return Photo(
        digest=f"{number:064x}",
        subject="me",
        visit=visit,
        view=view,
        taken_at=None,
        taken_from=TakenFrom.PERSON,
        width=10,
        height=10,
    )


EARLIER = [
    *(make(n, FIRST, View.VERTEX) for n in range(3)),
    *(make(n + 3, FIRST, View.MIDLINE) for n in range(3)),
]


def count(*args, **named) -> dict[View, int]:
    return {one.view: one.shots for one in count_shots(*args, **named)}


def test_views_of_earlier_visits_are_asked_for_again() -> None:
    photos = [*EARLIER, make(10, LATER, View.VERTEX)]
    found = count_shots(photos, LATER)
    assert found == (
        ViewShots(view=View.VERTEX, shots=1),
        ViewShots(view=View.MIDLINE, shots=0),
    )
    assert [one.missing for one in found] == [2, 3]


def test_the_first_visit_asks_for_its_own_views() -> None:
    assert count([], FIRST, offered=[View.OCCIPITAL] * 4) == {View.OCCIPITAL: 4}
    assert count_shots([], FIRST, offered=[View.OCCIPITAL] * 4)[0].missing == 0
    assert count(EARLIER, FIRST) == {View.VERTEX: 3, View.MIDLINE: 3}


def test_later_visits_ask_for_nothing_earlier() -> None:
    photos = [*EARLIER, make(10, LATER, View.FRONTAL)]
    assert View.FRONTAL not in count(photos, FIRST)


def test_what_is_offered_counts_and_what_is_refused_does_not() -> None:
    refused = {EARLIER[0].digest}
    found = count(EARLIER, FIRST, refused=refused, offered=[View.VERTEX, View.FRONTAL])
    assert found == {View.VERTEX: 3, View.MIDLINE: 3, View.FRONTAL: 1}
