"""The chart of a course: what is drawn is what is known, and it is told in words too."""

from __future__ import annotations

import dataclasses
import datetime as dt
import xml.etree.ElementTree as ET
from zoneinfo import ZoneInfo

import altair as alt
import pytest

from hairtrack.app import chart, chart_rows, home
from hairtrack.app.chart import EXTRAS, ChartOptions, Palette, draw_chart
from hairtrack.course.entries import Kind, Mark, Remark, Session, Settings, Treatment
from hairtrack.records import Measurement, Method, Photo, TakenFrom, View, ZoneMeasurement
from hairtrack.store import digest_of
from hairtrack.workflows import Library, assess_series
from hairtrack.workflows.course import save_entry, save_settings
from hairtrack.workflows.series import Series

START = dt.date(2025, 3, 3)
TODAY = dt.date(2025, 12, 1)
WEEKS = (-4, -2, 0, 4, 8, 12, 16, 20, 24, 28)
HAIRCUT_WEEK = 14
METHOD = Method(name="m", version="2")


def on(week: float) -> dt.date:
    return START + dt.timedelta(weeks=week)


def level_in(week: int) -> float:
    return 0.35 - 0.002 * max(0, week)


def fill(library: Library, *, method: Method = METHOD) -> None:
    """Keep three photographs of every visit, a point apart."""
    for week in WEEKS:
        for number in range(3):
            digest = digest_of(f"{week} {number}".encode())
            photo = Photo(
                digest=digest,
                subject="me",
                visit=on(week),
                view=View.VERTEX,
                taken_at=None,
                taken_from=TakenFrom.PERSON,
                width=100,
                height=80,
            )
            library.catalog.add_photo(photo)
            library.catalog.set_baseline(digest)
            zone = ZoneMeasurement(
                zone="scalp",
                visible_scalp=level_in(week) + (number - 1) / 100,
                standard_error=0.03,
                area_px=900,
            )
            library.catalog.add_measurement(
                Measurement(
                    photo=digest,
                    baseline=library.catalog.baselines()["me", View.VERTEX],
                    view=View.VERTEX,
                    method=method,
                    zones=(zone,),
                )
            )


def enter_course(library: Library) -> None:
    """Declare the start, and enter two sessions and a haircut."""
    save_settings(library, Settings(subject="me", zone="UTC", started_on=START))
    number = save_entry(library, Treatment(subject="me", kind=Kind.PRP, started_on=START))
    for place, week in enumerate((0, 6), start=1):
        at = dt.datetime.combine(on(week), dt.time(10), ZoneInfo("UTC"))
        session = Session(treatment=number, subject="me", number=place, at=at)
        save_entry(library, session)
    cut = Remark(subject="me", day=on(HAIRCUT_WEEK), mark=Mark.HAIRCUT)
    save_entry(library, cut)


def chart_library(library: Library) -> Series:
    (found,) = assess_series(library, view=View.VERTEX, today=TODAY)
    return found


@pytest.fixture(scope="module")
def plain(tmp_path_factory) -> Series:
    """Return a series of which nothing is known but its photographs."""
    with Library.create(tmp_path_factory.mktemp("plain") / "library") as library:
        fill(library)
        return chart_library(library)


@pytest.fixture(scope="module")
def rich(tmp_path_factory) -> Series:
    """Return the same with a treatment, a haircut and results of an older method."""
    with Library.create(tmp_path_factory.mktemp("rich") / "library") as library:
        fill(library, method=Method(name="m", version="1"))
        fill(library)
        enter_course(library)
        return chart_library(library)


def find_layers(spec: dict, mark: str, *, field: str = "") -> list[list[dict]]:
    """Return the rows behind each layer with this mark, or of those with this field."""
    found = [one for one in spec["layer"] if one["mark"]["type"] == mark]
    rows = [one["data"]["values"] for one in found]
    return [one for one in rows if one and field in (one[0] if field else "")]


def find_points(spec: dict) -> list[dict]:
    (points,) = [one for one in spec["layer"] if one.get("name") == "points"]
    return points["data"]["values"]


@pytest.mark.parametrize("extras", [(), EXTRAS])
@pytest.mark.parametrize("name", ["plain", "rich"])
def test_the_chart_is_vega_lite(request, name, extras) -> None:
    series = request.getfixturevalue(name)
    opened = series.photos[1].photo.digest
    look = ChartOptions(extras=extras, dark=bool(extras), opened=opened)
    alt.LayerChart.from_dict(draw_chart(series, look))  # raises where it is not


def test_visits_trend_and_marks_are_drawn_and_nothing_else(rich) -> None:
    kinds = [one["mark"]["type"] for one in draw_chart(rich, ChartOptions())["layer"]]
    # Trend: band and line; visits: bars and points; a row for each kind of mark.
    assert kinds == ["area", "line", "rule", "point", "point", "point", "point"]
    assert all(row["visit"] for row in find_points(draw_chart(rich, ChartOptions())))


def test_visits_are_drawn_at_their_means_with_their_intervals(plain) -> None:
    means = [row for row in find_points(draw_chart(plain, ChartOptions())) if row["visit"]]
    # The chart rounds to a hundredth of a per cent.
    assert [row["level"] for row in means] == pytest.approx(
        [100 * level_in(week) for week in WEEKS], abs=0.006
    )
    for row, visit in zip(means, plain.assessment.visits, strict=True):
        assert row["day"].startswith(visit.day.isoformat())
        assert (row["low"] / 100, row["high"] / 100) == pytest.approx(
            visit.interval, abs=1e-4
        )


def test_both_directions_of_the_axis_are_named(plain) -> None:
    title = draw_chart(plain, ChartOptions(title="Visible scalp"))["title"]
    assert title["text"] == "Visible scalp"
    assert "▲ more scalp shows" in title["subtitle"]
    assert "▼ less scalp shows" in title["subtitle"]


def test_every_photograph_is_a_point_beside_the_others_when_asked_for(plain) -> None:
    spec = draw_chart(plain, ChartOptions(extras=["shots"]))
    singles = [row for row in find_points(spec) if not row["visit"]]
    assert len(singles) == 3 * len(WEEKS)
    assert len({row["day"] for row in singles}) == len(singles)
    assert {row["photo"] for row in singles} == {s.photo.digest for s in plain.photos}


def test_a_point_leads_to_its_photograph_and_the_open_one_bears_a_ring(plain) -> None:
    look = ChartOptions(extras=["shots"], opened=plain.photos[4].photo.digest)
    spec = draw_chart(plain, look)
    (pick,) = spec["params"]
    assert (pick["select"]["fields"], pick["views"]) == (["photo"], ["points"])
    days = {shot.photo.digest: shot.photo.visit for shot in plain.photos}
    for row in find_points(spec):
        at = dt.datetime.fromisoformat(row["day"])
        # Photographs of one visit stand beside each other, a day apart at most.
        assert abs(at - dt.datetime.combine(days[row["photo"]], dt.time())).days <= 1
    rings = find_layers(spec, "point", field="photo")[1:]
    assert [[row["photo"] for row in ring] for ring in rings] == [
        [plain.photos[4].photo.digest]
    ]


def test_the_fitted_course_is_drawn_with_its_band(plain) -> None:
    (band, line) = (
        find_layers(draw_chart(plain, ChartOptions()), "area")[-1],
        find_layers(draw_chart(plain, ChartOptions()), "line")[-1],
    )
    assert band == line
    for row, one in zip(band, plain.assessment.trend, strict=True):
        expected = (100 * one.level, 100 * one.interval[0], 100 * one.interval[1])
        assert (row["level"], row["low"], row["high"]) == pytest.approx(expected, abs=0.006)
    assert band[0]["day"].startswith(on(-4).isoformat())


def test_noise_reaches_from_the_first_visit_by_the_smallest_change(plain) -> None:
    spec = draw_chart(plain, ChartOptions(extras=["noise"]))
    (ground,) = find_layers(spec, "rect", field="low")
    sdc = plain.assessment.repeatability.sdc95_pp
    assert (ground[0]["low"], ground[0]["high"]) == pytest.approx(
        (35 - sdc, 35 + sdc), abs=0.006
    )
    assert ground[0]["day"].startswith(on(-4).isoformat())
    assert find_layers(draw_chart(plain, ChartOptions()), "rect") == []


def test_no_line_crosses_a_break(rich) -> None:
    spec = draw_chart(rich, ChartOptions(extras=["breaks", "noise", "level"]))
    (fitted,) = find_layers(spec, "line")
    assert fitted[0]["day"].startswith(on(16).isoformat())
    level, _ = find_layers(spec, "area")
    after = [row for row in level if row["stretch"] == 1]
    assert [row["day"][:10] for row in after] == [str(on(w)) for w in WEEKS if w > 14]
    (ground,) = find_layers(spec, "rect", field="low")
    assert ground[0]["day"].startswith(on(16).isoformat())
    assert list_words(spec) == ["not compared across"]


def test_a_joined_break_is_drawn_and_crossed(rich) -> None:
    (found,) = rich.assessment.breaks
    joined = (dataclasses.replace(found, joined=True),)
    series = dataclasses.replace(
        rich, assessment=dataclasses.replace(rich.assessment, breaks=joined)
    )
    spec = draw_chart(series, ChartOptions(extras=["breaks", "level"]))
    assert {row["stretch"] for row in find_layers(spec, "area")[0]} == {0}
    assert list_words(spec) == ["break, joined"]


def list_words(spec: dict) -> list[str]:
    return [row["what"] for rows in find_layers(spec, "text") for row in rows]


def test_week_0_to_12_is_shaded_when_asked_for(rich) -> None:
    spec = draw_chart(rich, ChartOptions(extras=["early"]))
    (ground,) = find_layers(spec, "rect", field="what")
    assert ground[0]["day"].startswith(START.isoformat())
    assert ground[0]["until"].startswith(on(12).isoformat())
    assert list_words(spec) == ["week 0: too early to tell until week 12"]


def test_words_late_in_the_chart_stand_before_their_day(rich) -> None:
    (late,) = rich.assessment.breaks
    late = dataclasses.replace(late, day=on(28))
    assessment = dataclasses.replace(rich.assessment, breaks=(late,))
    series = dataclasses.replace(rich, assessment=assessment)
    spec = draw_chart(series, ChartOptions(extras=["early", "breaks"]))
    sides = {
        one["data"]["values"][0]["what"]: one["mark"]["align"]
        for one in spec["layer"]
        if one["mark"]["type"] == "text"
    }
    assert sides == {
        "week 0: too early to tell until week 12": "left",
        "not compared across": "right",
    }


def test_what_is_too_early_is_shown_to_its_end(rich) -> None:
    early = dataclasses.replace(rich, visits=rich.visits[:4])
    first, last = chart_rows.find_domain(early)
    assert first < on(-4)
    assert on(12) < last < on(14)
    later = dataclasses.replace(rich, started_on=on(-60))
    assert on(-6) < chart_rows.find_domain(later)[0] < on(-4)


def test_sessions_and_haircuts_stand_in_lanes(rich) -> None:
    found = chart_rows.list_marks(rich)
    told = {
        lane.told: [m for m in found if m.lane == n]
        for n, lane in enumerate(chart_rows.LANES)
    }
    assert [m.day for m in told["treatment session"]] == [on(0), on(6)]
    assert [m.day for m in told["haircut or dye"]] == [on(HAIRCUT_WEEK)]
    assert [m.day for m in told["start or stop of treatment"]] == [START]
    shapes = {
        one["mark"]["shape"]: {row["what"] for row in one["data"]["values"]}
        for one in draw_chart(rich, ChartOptions())["layer"]
        if "shape" in one["mark"]
    }
    assert set(shapes) == {"triangle-up", "diamond", "square"}
    assert "3 March 2025: Session 1" in shapes["triangle-up"]


def test_small_differences_look_small(plain) -> None:
    scale = find_scale(draw_chart(plain, ChartOptions()))
    assert scale[1] - scale[0] >= 12
    every = find_points(draw_chart(plain, ChartOptions()))
    assert scale[0] < min(row["low"] for row in every)
    assert scale[1] > max(row["high"] for row in every)


def test_the_error_of_the_level_is_drawn_when_asked_for(plain) -> None:
    assert len(find_layers(draw_chart(plain, ChartOptions()), "area")) == 1
    error, _ = find_layers(draw_chart(plain, ChartOptions(extras=["level"])), "area")
    # 1.96 standard errors of 3 points.
    assert error[0]["high"] - error[0]["low"] == pytest.approx(2 * 5.88, abs=0.011)


def find_scale(spec: dict) -> tuple[float, float]:
    (points,) = [one for one in spec["layer"] if one.get("name") == "points"]
    return tuple(points["encoding"]["y"]["scale"]["domain"])


def test_a_visit_that_is_left_out_is_drawn_empty(plain) -> None:
    assessment = dataclasses.replace(plain.assessment, left_out=((on(8), "another light"),))
    series = dataclasses.replace(plain, assessment=assessment)
    empty = [
        row for row in find_points(draw_chart(series, ChartOptions())) if not row["counts"]
    ]
    assert [row["day"][:10] for row in empty] == [str(on(8))]
    assert "left out: another light" in empty[0]["doubts"]


def test_what_another_method_gave_is_not_drawn(rich) -> None:
    assert len(find_points(draw_chart(rich, ChartOptions()))) == len(WEEKS)
    assert {row["method"] for row in chart_rows.list_visits(rich)} == {METHOD.key}


def test_the_chart_is_told_in_words_with_its_verdict(plain) -> None:
    told = home.describe(plain)
    assert "Visible scalp on 10 visits: 35.0 % on 3 February 2025, 29.4 %" in told
    now = plain.assessment.estimate
    ends = f"from {now.start_pp:.0f} % to {now.start_pp + now.delta_pp:.0f} %"
    assert f"Visible scalp went {ends} in 32 weeks" in told
    assert "table under Details" in told


def test_the_table_holds_every_number_of_the_chart(rich) -> None:
    rows = chart_rows.list_visits(rich)
    fitted = {one.day.isoformat(): one for one in rich.assessment.trend}
    assert [row["visit"] for row in rows] == [str(on(week)) for week in WEEKS]
    for row in rows:
        if row["visit"] in fitted:
            expected = 100 * fitted[row["visit"]].level
            assert row["trend_per_cent"] == pytest.approx(expected, abs=5e-4)
        else:
            assert row["trend_per_cent"] is None
    assert rows[0]["level_95_points"] == pytest.approx(5.88)


def test_the_table_can_be_read_and_holds_no_markup_of_others(rich) -> None:
    rows = chart_rows.list_visits(rich)
    rows[0]["flags"] = "<b>&"
    told = home.write_table(rows, label='"a" <b>')
    assert "<b>" not in told
    table = ET.fromstring(told[told.index("<div") :])
    assert (table.get("tabindex"), table.get("aria-label")) == ("0", '"a" <b>')
    heads = [one.text for one in table.iter("th")]
    assert heads[:3] == ["Visit", "Visible scalp (%)", "Visit ± (points)"]
    lines = [[cell.text for cell in line.iter("td")] for line in table.iter("tr")][1:]
    assert lines[0][0] == "3 February 2025"
    assert [float(line[1]) for line in lines] == pytest.approx(
        [100 * level_in(week) for week in WEEKS], abs=0.051
    )
    assert lines[0][3] == "no value"
    assert lines[0][8] == "<b>&"


def test_days_under_the_chart_are_few_and_in_order() -> None:
    first = dt.date(2025, 1, 10)
    for span in (10, 60, 119, 121, 400, 900, 4000):
        axis = chart.date_axis((first, first + dt.timedelta(days=span)), color="#000")
        days = [dt.date(d["year"], d["month"], d["date"]) for d in axis["values"]]
        assert 1 <= len(days) <= 10
        assert days == sorted(set(days))
        assert first <= days[0]
        assert days[-1] <= first + dt.timedelta(days=span)


def test_levels_on_the_axis_are_round_and_possible() -> None:
    assert chart.level_axis(-3.0, 11.0, color="#000")["values"] == [0, 2, 4, 6, 8, 10]
    assert chart.level_axis(81.0, 104.0, color="#000")["values"][-1] == 100


def luminance(colour: str) -> float:
    shares = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [s / 12.92 if s <= 0.04045 else ((s + 0.055) / 1.055) ** 2.4 for s in shares]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("dark", [False, True])
def test_words_and_lines_stand_out_from_their_ground(dark) -> None:
    ink = Palette.of(dark=dark)

    def contrast(colour: str) -> float:
        dim, bright = sorted((luminance(colour), luminance(ink.ground)))
        return (bright + 0.05) / (dim + 0.05)

    # WCAG 2.2: 1.4.3 for words, 1.4.11 for lines.
    assert min(contrast(ink.text), contrast(ink.quiet)) >= 4.5
    assert min(contrast(ink.data), contrast(ink.noise), contrast(ink.mark)) >= 3


def test_photographs_are_named_by_their_place_among_all_of_a_visit(plain) -> None:
    told = list(chart_rows.number_photos(plain.photos).values())
    assert told[:4] == [*(f"photograph {n} of 3" for n in (1, 2, 3)), "photograph 1 of 3"]
