"""JSON of plain values, and text that cannot control the terminal."""

import dataclasses
import datetime as dt
import json

import numpy as np
import pytest
import typer

from hairtrack.change.assessment import assess
from hairtrack.change.records import AnalysisPlan, VisitReading
from hairtrack.cli import options, output
from hairtrack.course.entries import Kind, Treatment
from hairtrack.course.facts import packaged_facts
from hairtrack.records import Method, Quality, QualityFlag, View, ZoneMeasurement
from hairtrack.workflows import FileResult, Series, VisitSummary
from hairtrack_phantom.simulation import START, Scenario, simulate_visits

METHOD = Method(name="m", version="7", parameters=(("cv2", "5"),))
ROW = VisitSummary(
    subject="me",
    visit=dt.date(2025, 3, 3),
    day=14,
    view=View.VERTEX,
    reading=VisitReading(day=dt.date(2025, 3, 3), values=(0.2345,)),
    standard_error=0.05,
    shots=3,
    method=METHOD,
)


def result(**changes):
    zone = ZoneMeasurement(
        zone="scalp",
        visible_scalp=np.float32(0.25),
        standard_error=np.float32(0.05),
        area_px=np.int64(7),
    )
    empty = ZoneMeasurement(zone="rim", visible_scalp=None, standard_error=None, area_px=0)
    values = {
        "photo": "a.jpg",
        "view": View.VERTEX,
        "quality": Quality(flags=(QualityFlag.DARK,)),
        "zones": (zone, empty),
        "method": METHOD,
    }
    return FileResult(**(values | changes))


def test_a_photograph_for_a_machine():
    found = json.loads(json.dumps(output.file_to_json(result())))
    assert found.pop("standard_error") == np.float32(0.05)
    empty = {"visible_scalp": None, "standard_error": None, "area_px": 0, "seen": 1.0}
    assert found.pop("zones")[1] == {"zone": "rim"} | empty
    assert found == {
        "photo": "a.jpg",
        "view": "vertex",
        "visible_scalp": 0.25,
        "flags": ["dark"],
        "method": {"name": "m", "version": "7"},
    }
    refused = FileResult(photo="a.jpg", view=View.VERTEX, error="No head.")
    assert output.file_to_json(refused) == {"photo": "a.jpg", "error": "No head."}


def test_plain_values_for_a_machine():
    row = output.row_to_json(ROW)
    told = {"visit": "2025-03-03", "visible_scalp": 0.2345, "zone": "scalp"}
    assert row.items() >= told.items()
    day = dt.date(2025, 3, 10)
    treatment = Treatment(subject="me", kind=Kind.PRP, started_on=day, zones=("crown",))
    found = output.to_json({"a": [treatment]})
    assert found["a"][0].items() >= {"started_on": "2025-03-10", "kind": "prp"}.items()
    for plain in (row, found):
        assert json.loads(json.dumps(plain)) == plain


def test_the_table_tells_level_error_subject_and_reasons(capsys):
    row = dataclasses.replace(ROW, refused=1, reasons=("No head was found.",))
    output.print_line(*output.format_rows([row]))
    told = capsys.readouterr().out
    assert "23.4 % ± 9.8" in told or "23.5 % ± 9.8" in told  # 23.45 may round either way
    assert "2.0" in told
    assert "subject" not in told
    assert "2025-03-03 vertex, not measured: No head was found." in told
    named = {"subject": "[b]anna", "visit": ROW.visit, "view": View.VERTEX}
    other = VisitSummary(**named, day=0, pending=2)
    output.print_line(*output.format_rows([ROW, other]))
    told = capsys.readouterr().out
    assert "[b]anna" in told
    assert "2 photographs not measured yet" in told


def test_names_of_files_cannot_steer_the_terminal(capsys):
    hostile = "\x1b[2J[bold]x[/]\udcff\u202egpj.jpg"
    lines = output.format_files([result(photo=hostile), result()])
    with pytest.raises(typer.Exit):
        output.show([], lines, [(hostile, "[red]No head.")], json=False)
    told = capsys.readouterr()
    assert told.err == "?[2J[bold]x[/]??gpj.jpg: [red]No head.\n"
    assert "\x1b" not in told.out
    assert "[bold]x[/]" in told.out
    # A flag comes with its advice, once.
    assert len([line for line in told.out.splitlines() if line.startswith("dark: ")]) == 1


def test_a_bar_goes_to_stderr_and_a_quiet_one_nowhere(capsys):
    with output.progress_bar("measuring") as on_progress:
        on_progress(0, 2)
        on_progress(2, 2)
    told = capsys.readouterr()
    assert told.out == ""
    assert "2/2" in told.err
    with output.progress_bar("measuring", quiet=True) as on_progress:
        assert on_progress is None
    assert capsys.readouterr() == ("", "")


@pytest.fixture(scope="module")
def judged():
    life = Scenario(delta_pp=-6.0, missing=0.0)
    visits = simulate_visits(life, np.random.default_rng(1)).target
    return Series(
        subject="me",
        view=View.VERTEX,
        zone="scalp",
        week_zero=START,
        assessment=assess(visits, plan=AnalysisPlan(start=START)),
        method=Method(name="m", version="7"),
        context=tuple(packaged_facts().trials_of("prp")),
    )


def test_every_number_comes_with_interval_n_and_method(judged):
    found = json.loads(json.dumps(output.series_to_json(judged)))
    assert found["verdict"] == "gain"
    assert found["method"] == {"name": "m", "version": "7"}
    assert found["rules"]
    look = found["analyses"][0]
    assert {"start_pp", "delta_pp", "interval_pp", "n", "photos"} <= set(look["estimate"])
    assert look["day"] == "2025-06-18"
    assert len(look["joint_interval_pp"]) == 2
    assert found["visits"][0]["interval"][0] < found["visits"][0]["level"]
    assert found["repeatability"]["noise"] == "own"
    assert found["context"][0]["source"] == "kieling2024"


def test_people_read_verdict_noise_and_context(judged, capsys):
    output.print_line(*output.format_progress([judged]))
    told = capsys.readouterr().out
    assert "me, vertex" in told
    assert "  The top of your head looks fuller. " in told
    assert "(SD, own)" in told
    assert "+27.6 hairs/cm²" in told
    assert "no promise" in told


def test_what_was_typed_becomes_what_was_declared():
    day = dt.datetime(2025, 3, 3)
    declared = options.declare(
        start=day, primary="vertex/crown", control="occipital", joined=[day]
    )
    assert declared.start == day.date()
    assert declared.primary == (View.VERTEX, "crown")
    assert declared.control == (View.OCCIPITAL, "scalp")
    assert declared.joined == (day.date(),)
    assert options.is_personal(declared)
    assert not options.is_personal(options.declare(control="occipital"))
    with pytest.raises(typer.BadParameter, match="moon"):
        options.declare(primary="moon")
