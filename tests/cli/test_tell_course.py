import datetime as dt
import json

from hairtrack.cli import tell_course
from hairtrack.course.entries import Kind, Treatment
from hairtrack.course.facts import packaged_facts


def test_records_become_plain_values():
    treatment = Treatment(
        subject="me", kind=Kind.PRP, started_on=dt.date(2025, 3, 10), zones=("crown",)
    )
    found = tell_course.to_json({"a": [treatment]})
    assert json.loads(json.dumps(found)) == found
    assert found["a"][0]["started_on"] == "2025-03-10"
    assert found["a"][0]["kind"] == "prp"


def test_every_fact_is_printed(capsys):
    facts = packaged_facts()
    tell_course.print_sources(facts, [])
    out = " ".join(capsys.readouterr().out.split())
    for fact in facts.facts:
        assert " ".join(fact.says.split()) in out
