"""JSON of plain values, and words that cannot steer the terminal."""

import dataclasses
import datetime as dt
import json

import numpy as np

from hairtrack.change.records import VisitReading
from hairtrack.cli import tell
from hairtrack.records import (
    Method,
    Quality,
    QualityFlag,
    Registration,
    View,
    ZoneMeasurement,
)
from hairtrack.workflows import FileResult, ProgressRow

METHOD = Method(name="m", version="7", parameters=(("cv2", "5"),))
ROW = ProgressRow(
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


def test_a_measured_photograph_for_a_machine(capsys):
    tell.print_json([tell.file_to_json(result())])
    (found,) = json.loads(capsys.readouterr().out)
    assert found.pop("standard_error") == np.float32(0.05)
    assert found.pop("zones")[1] == {
        "zone": "rim",
        "visible_scalp": None,
        "standard_error": None,
        "area_px": 0,
    }
    assert found == {
        "photo": "a.jpg",
        "view": "vertex",
        "visible_scalp": 0.25,
        "flags": ["dark"],
        "method": {"name": "m", "version": "7"},
    }


def test_a_refused_photograph_for_a_machine():
    refused = FileResult(photo="a.jpg", view=View.VERTEX, error="No head.")
    assert tell.file_to_json(refused) == {"photo": "a.jpg", "error": "No head."}


def test_a_registration_for_a_machine():
    one = np.float32(1)
    found = tell.registration_to_json(
        Registration(
            matrix=((one, 0.0, 0.0), (0.0, one, 0.0), (0.0, 0.0, one)),
            model="affine",
            inliers=np.int64(9),
            rms_px=one,
            scale=one,
            overlap=one,
        )
    )
    assert json.loads(json.dumps(found)) == found
    assert list(found) == ["matrix", "model", "inliers", "rms_px", "scale", "overlap"]


def test_a_row_for_a_machine():
    found = tell.row_to_json(ROW)
    assert json.loads(json.dumps(found)) == found
    assert (found["visit"], found["visible_scalp"], found["zone"]) == (
        "2025-03-03",
        0.2345,
        "scalp",
    )


def test_the_table_tells_level_and_error(capsys):
    tell.print_rows([ROW])
    told = capsys.readouterr().out
    assert "23.4 % ± 5.0" in told or "23.5 % ± 5.0" in told  # 23.45 may round either way
    assert "2.0" in told
    assert "subject" not in told


def test_several_subjects_are_named(capsys):
    other = ProgressRow(
        subject="[b]anna", visit=ROW.visit, day=0, view=View.VERTEX, pending=2
    )
    tell.print_rows([ROW, other])
    told = capsys.readouterr().out
    assert "[b]anna" in told
    assert "2 photographs not measured yet" in told


def test_reasons_follow_the_table(capsys):
    row = dataclasses.replace(ROW, refused=1, reasons=("No head was found.",))
    tell.print_rows([row])
    assert "2025-03-03 vertex, not measured: No head was found." in capsys.readouterr().out


def test_flags_come_with_advice(capsys):
    tell.print_files([result()])
    told = capsys.readouterr().out
    assert "dark" in told
    assert len([line for line in told.splitlines() if line.startswith("dark: ")]) == 1


def test_names_of_files_cannot_steer_the_terminal(capsys):
    hostile = "\x1b[2J[bold]x[/]\udcff\u202egpj.jpg"
    refused = FileResult(photo=hostile, view=View.VERTEX, error="[red]No head.")
    tell.print_files([refused, result(photo=hostile), result()])
    told = capsys.readouterr()
    assert told.err == "?[2J[bold]x[/]??gpj.jpg: [red]No head.\n"
    assert "\x1b" not in told.out
    assert "[bold]x[/]" in told.out


def test_a_quiet_bar_is_no_bar(capsys):
    with tell.progress_bar("measuring", quiet=True) as on_progress:
        assert on_progress is None
    assert capsys.readouterr() == ("", "")


def test_a_bar_goes_to_stderr(capsys):
    with tell.progress_bar("measuring") as on_progress:
        on_progress(0, 2)
        on_progress(2, 2)
    told = capsys.readouterr()
    assert told.out == ""
    assert "2/2" in told.err
