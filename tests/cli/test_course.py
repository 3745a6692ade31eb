"""`hairtrack course` as a person types it, from plan to calendar."""

import functools
import json

import pytest
from factories import CLINIC

from hairtrack.course.facts import packaged_facts

PLAN = ["plan", "--first", "2025-03-10"]


@pytest.fixture
def course(monkeypatch, hairtrack, tmp_path):
    """Return a function that runs a command of the course: status, stdout, stderr."""
    monkeypatch.setenv("HAIRTRACK_LIBRARY", str(tmp_path / "library"))
    return functools.partial(hairtrack, "course")


def read(course, *arguments):
    status, out, err = course(*arguments, "--json")
    assert (status, err) == (0, "")
    return json.loads(out)


def test_a_course_from_plan_to_calendar(course, tmp_path):
    status, out, _ = course(
        "set", "--start", "2025-03-10", "--zone", "Europe/Berlin", "--hours", "washing=72"
    )
    assert (status, "clinic: washing 72 hours" in out) == (0, True)
    made = read(course, "plan", "--template", "A", "--first", "2025-03-10")
    assert [one["at"] for one in made][3:5] == [
        "2025-03-31T10:00:00+02:00",
        "2025-04-07T10:00:00+02:00",
    ]
    assert course("move", 4, "2025-04-02", "--rest")[1].startswith("5 moved")
    assert course("skip", 8)[0] == 0
    assert course("done", 1, "--where", "grid_r4c3", "--given", "biotin")[0] == 0
    kept = read(course, "show")
    statuses = [one["status"] for one in kept["sessions"]]
    assert statuses == ["done", *["planned"] * 6, "skipped"]
    assert kept["sessions"][4]["at"] == "2025-04-09T10:00:00+02:00"
    assert kept["sessions"][0]["zones"] == ["grid_r4c3"]
    assert course("calendar", "--out", tmp_path / "c.ics")[0] == 0
    assert (tmp_path / "c.ics").read_bytes().count(b"STATUS:CANCELLED") == 1
    timers = {one["topic"]: one for one in read(course, "today")["timers"]}
    assert (timers["washing"]["hours"], timers["washing"]["source"]) == (72, "clinic")
    assert "Session 1" in course("timeline")[1]
    assert "week 12 of treatment" in course("photos")[1]
    assert "session 1 of 8" in course("show")[1]


def test_the_diary_tells_red_flags_at_once(course):
    assert "Emergency: call now" in course("note", "breathing")[1]
    alerts = read(course, "note", "pus", "--at", "2025-03-11 09:00", "--place", "left")
    assert [(one["level"], one["source"]) for one in alerts] == [("contact", "A")]
    assert "Pus" in course("diary")[1]
    assert len(read(course, "diary")) == 2
    assert "Emergency: call now" in course("today")[1]
    assert course("remove", "note", 1)[0] == 0
    assert len(read(course, "diary")) == 1
    assert "face_swelling" in course("signs")[1]


def test_treatments_doses_remarks_and_the_checklist(course, tmp_path):
    assert "number 1" in course("treat", "minoxidil", "--started", "2025-03-10")[1]
    assert course("treat", "minoxidil", "--number", 1, "--given", "5 %")[0] == 0
    assert course("missed", 1, "2025-03-12")[0] == 0
    assert course("remark", "haircut", "2025-03-12", "--note", "short")[0] == 0
    assert "dose missed" in course("show")[1]
    assert course("export", "--out", tmp_path / "c.json")[0] == 0
    written = json.loads((tmp_path / "c.json").read_text())
    assert written["remarks"][0]["mark"] == "haircut"
    assert json.loads(course("export")[1]) == written
    told = course("before", "--yes", "diabetes", "--no", "kidney")[1]
    assert "Speak to the clinician before the session." in told
    assert [one["key"] for one in read(course, "before")["hits"]] == ["diabetes"]


def test_sources_stand_side_by_side_and_a_clinic_adds_its_own(course, tmp_path):
    printed = " ".join(course("sources")[1].split())
    for fact in packaged_facts().facts:
        assert " ".join(fact.says.split()) in printed
    assert "Kieling" in printed
    told = course("sources", "permanent", "washing")[1]
    assert "Hair mesotherapy Q&A: No;" in told
    assert "Dr Ipshita Johri: Yes;" in told
    assert "Vizox Clinique: At least 24 hours" in told
    assert read(course, "templates")[0]["title"] == "8 sessions, one a week"
    assert course("templates")[1].startswith("template")
    file = tmp_path / "ours.toml"
    file.write_text(CLINIC)
    assert course("clinic", file)[0] == 0
    assert "Our clinic: Three days" in course("sources", "washing")[1]
    assert course("clinic", "--forget")[0] == 0
    assert "Our clinic" not in course("sources", "washing")[1]


def test_looking_makes_no_library(course, tmp_path):
    for command in ("signs", "templates", "sources"):
        assert course(command)[0] == 0
    for command in ("today", "show", "diary", "timeline", "photos", "export"):
        assert course(command)[0] == 1
    assert not (tmp_path / "library").exists()


@pytest.mark.parametrize(
    ("arguments", "status", "told"),
    [
        ([*PLAN, "--treatment", 7, "--sessions", 2], 1, "number 7"),
        (["plan", "--first", "2025-02-30"], 2, ""),
        ([*PLAN, "--time", "noon"], 2, "no hour"),
        (["move", 5, "2025-03-10"], 1, "no session with number 5"),
        (["note", "pus", "--picture", "/no/such.jpg"], 1, "cannot be read"),
        (["missed", 3, "2025-03-10"], 1, "no treatment with number 3"),
        (["sources", "luck"], 1, "no topic 'luck'"),
        (["set", "--start", "soon"], 2, "no day"),
        (["set", "--hours", "washing"], 2, "is not like washing=72"),
        (["clinic"], 2, "name a file"),
        (["clinic", "/no/such.toml"], 1, "cannot be read"),
        (["remove", "luck", 1], 2, ""),
        (["remove", "remark", 1], 1, "no remark with number 1"),
        (["calendar", "--out", "/no/such/c.ics"], 1, "cannot be written"),
    ],
)
def test_trouble_is_one_plain_sentence(course, arguments, status, told):
    found, _, err = course(*arguments)
    assert found == status
    # Typer draws a box and breaks lines around the words of a wrong use.
    assert told in " ".join(err.replace("│", " ").split())
    assert "Traceback" not in err
