"""The progress chart, as the specification that the browser draws."""

from __future__ import annotations

import datetime as dt

import pytest

from hairtrack.app import charts
from hairtrack.records import (
    Measurement,
    Method,
    Photo,
    Quality,
    QualityFlag,
    TakenFrom,
    View,
    ZoneMeasurement,
)
from hairtrack.workflows import ProgressRow
from hairtrack.workflows.showing import Shot

START = dt.date(2025, 3, 3)
METHOD = Method(name="hairtrack", version="1")
LEVELS = [0.42, 0.41, 0.38]


def make_row(number: int, level: float) -> ProgressRow:
    day = 28 * number
    return ProgressRow(
        subject="me",
        visit=START + dt.timedelta(days=day),
        day=day,
        view=View.VERTEX,
        visible_scalp=level,
        standard_error=0.03,
        spread=0.01,
        shots=3,
        flags=(QualityFlag.BLURRED,),
        method=METHOD,
    )


def make_shot(number: int, level: float | None, *, copy: int) -> Shot:
    digest = f"{number}{copy}".ljust(64, "0")
    zone = ZoneMeasurement(
        zone="scalp", visible_scalp=level, standard_error=0.03, area_px=900
    )
    photo = Photo(
        digest=digest,
        subject="me",
        visit=START + dt.timedelta(days=28 * number),
        view=View.VERTEX,
        taken_at=None,
        taken_from=TakenFrom.PERSON,
        width=100,
        height=100,
    )
    measurement = Measurement(
        photo=digest,
        baseline=digest,
        view=View.VERTEX,
        method=METHOD,
        quality=Quality(),
        zones=(zone,),
    )
    return Shot(photo=photo, measurement=measurement)


@pytest.fixture(scope="module")
def spec() -> dict:
    rows = [make_row(number, level) for number, level in enumerate(LEVELS)]
    shots = [
        make_shot(number, level + step, copy=copy)
        for number, level in enumerate(LEVELS)
        for copy, step in enumerate([-0.01, 0.0, 0.01])
    ]
    intervals = {
        row.visit: (row.visible_scalp - 0.02, row.visible_scalp + 0.02) for row in rows
    }
    return charts.draw_progress(rows, shots, zone="scalp", intervals=intervals).to_dict()


def find_layer(spec: dict, mark: str, *, nth: int = 0) -> list[dict]:
    """Return the values behind the nth layer with this mark."""
    layers = [layer for layer in spec["layer"] if layer["mark"]["type"] == mark]
    data = layers[nth]["data"]
    return data["values"] if "values" in data else spec["datasets"][data["name"]]


def test_visits_are_drawn_at_their_mean_in_per_cent(spec: dict) -> None:
    assert [v["visible"] for v in find_layer(spec, "line")] == [42.0, 41.0, 38.0]
    assert find_layer(spec, "line")[0]["day"].startswith("2025-03-03")


def test_band_is_the_95_per_cent_interval_of_the_level(spec: dict) -> None:
    first = find_layer(spec, "area")[0]
    # 1.96 standard errors of 3 points, rounded to a hundredth.
    assert first["low"] == pytest.approx(42 - 5.88, abs=0.006)
    assert first["high"] == pytest.approx(42 + 5.88, abs=0.006)


def test_bars_are_the_95_per_cent_interval_of_repeats(spec: dict) -> None:
    first = find_layer(spec, "errorbar")[0]
    assert (first["bar_low"], first["bar_high"]) == pytest.approx((40.0, 44.0))


def test_every_photograph_is_a_point_beside_the_others_of_its_visit(spec: dict) -> None:
    points = find_layer(spec, "point", nth=0)
    assert len(points) == 9
    assert len({point["day"] for point in points}) == 9
    assert sorted({round(point["visible"], 2) for point in points})[0] == 37.0


def test_ends_of_the_axis_say_what_lies_there(spec: dict) -> None:
    assert "more scalp shows" in spec["title"]["text"]
    titles = [layer["encoding"]["x"]["title"] for layer in spec["layer"]]
    assert set(titles) == {"▼ less scalp shows"}


def test_small_differences_look_small(spec: dict) -> None:
    low, high = spec["layer"][1]["encoding"]["y"]["scale"]["domain"]
    assert high - low >= 12
    assert low < 37
    assert high > 43


def test_a_course_without_intervals_has_no_bars() -> None:
    rows = [make_row(0, 0.4)]
    chart = charts.draw_progress(rows, [], zone="scalp", intervals={}).to_dict()
    assert find_layer(chart, "errorbar") == []
    low, high = chart["layer"][1]["encoding"]["y"]["scale"]["domain"]
    assert high - low >= 12


def test_photographs_without_a_value_are_left_out() -> None:
    rows, shots = [make_row(0, 0.4)], [make_shot(0, None, copy=0)]
    chart = charts.draw_progress(rows, shots, zone="scalp", intervals={}).to_dict()
    assert find_layer(chart, "point", nth=0) == []
