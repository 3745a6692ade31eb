import datetime as dt
import json

from hairtrack.cli import tell_course
from hairtrack.course.entries import Kind, Treatment
from hairtrack.course.facts import packaged_facts
from hairtrack.course.watch import SiteChange
from hairtrack.workflows.sites import SiteWatch


def test_records_become_plain_values():
    treatment = Treatment(
        subject="me", kind=Kind.PRP, started_on=dt.date(2025, 3, 10), zones=("crown",)
    )
    found = tell_course.to_json({"a": [treatment]})
    assert json.loads(json.dumps(found)) == found
    assert found["a"][0]["started_on"] == "2025-03-10"
    assert found["a"][0]["kind"] == "prp"


def test_a_place_is_told_by_direction_and_limit_not_by_sign(capsys):
    day = dt.date(2025, 3, 10)
    change = SiteChange(day=day, site="grid_r4c3", delta_pp=-3.2, sdc_pp=4.0, beyond=False)
    tell_course.print_sites(SiteWatch(changes=(change,)), packaged_facts())
    out = capsys.readouterr().out
    assert "against the rest less scalp shows than before, 3.2 points; within 4.0" in out


def test_every_fact_is_printed(capsys):
    facts = packaged_facts()
    tell_course.print_sources(facts, [])
    out = " ".join(capsys.readouterr().out.split())
    for fact in facts.facts:
        assert " ".join(fact.says.split()) in out
