import datetime as dt

import pytest

from hairtrack.course.entries import Kind, Session, Severity, Symptom


def test_a_time_without_its_zone_is_refused():
    naive = dt.datetime(2025, 3, 3, 10)
    with pytest.raises(ValueError, match="time zone"):
        Session(treatment=1, subject="me", number=1, at=naive)
    with pytest.raises(ValueError, match="time zone"):
        Symptom(subject="me", at=naive, sign="pain", severity=Severity.MILD)


def test_kinds_are_those_of_the_issue():
    assert {str(kind) for kind in Kind} == {
        "mesotherapy_chemical",
        "mesotherapy_mechanical",
        "mesotherapy_electroporation",
        "prp",
        "microneedling",
        "minoxidil",
        "finasteride",
        "dutasteride",
        "laser",
        "transplant",
        "other",
    }
