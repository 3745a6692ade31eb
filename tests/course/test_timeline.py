import datetime as dt
import math

import numpy as np
import pytest

from hairtrack.course import timeline
from hairtrack.course.entries import (
    Course,
    Kind,
    Mark,
    Part,
    Remark,
    Session,
    Settings,
    Severity,
    Status,
    Symptom,
    Treatment,
)
from hairtrack.course.explanations import describe_event, describe_start
from hairtrack.course.facts import packaged_facts
from hairtrack.course.timeline import EventKind, PhaseName, Value
from hairtrack.records import Visit

START = dt.date(2025, 3, 10)


def day(weeks):
    return START + dt.timedelta(weeks=weeks)


def session(weeks, *, part=Part.SERIES, status=Status.DONE, number=1):
    at = dt.datetime.combine(day(weeks), dt.time(10), dt.UTC)
    return Session(
        treatment=1, subject="me", number=number, at=at, part=part, status=status
    )


SERIES = (session(0), session(7))


def phases(values, *, sessions=SERIES, stop=None, start=START):
    settings = Settings(subject="me", started_on=start, stopped_on=stop)
    found = timeline.list_phases(
        settings, sessions, [Value(day=d, visible_scalp=v) for d, v in values]
    )
    return {phase.name: phase for phase in found}


def test_phases_part_the_time_at_start_end_and_stop():
    weeks, levels = (-1, 0, 7, 8, 41), (0.40, 0.38, 0.36, 0.34, 0.37)
    values = list(zip(map(day, weeks), levels, strict=True))
    found = phases(values, stop=day(40))
    assert [(p.first, p.last, p.visits) for p in found.values()] == [
        (None, START - dt.timedelta(days=1), 1),
        (START, day(7), 2),
        (day(7) + dt.timedelta(days=1), day(40), 1),
        (day(40) + dt.timedelta(days=1), None, 1),
    ]
    assert found[PhaseName.DURING].delta_pp == pytest.approx(-3.0)
    assert found[PhaseName.STOPPED].delta_pp == pytest.approx(-3.0)
    assert found[PhaseName.BEFORE].delta_pp is None


def test_maintenance_belongs_to_the_time_after_and_skipped_sessions_to_none():
    later = session(30, part=Part.MAINTENANCE)
    skipped = session(9, status=Status.SKIPPED)
    found = phases([], sessions=[session(0), session(7), skipped, later])
    assert found[PhaseName.DURING].last == day(7)
    assert found[PhaseName.AFTER].last is None


def test_without_sessions_the_course_goes_on():
    before, during, stopped = PhaseName.BEFORE, PhaseName.DURING, PhaseName.STOPPED
    found = phases([], sessions=[])
    assert list(found) == [before, during]
    assert found[during].last is None
    assert list(phases([], sessions=[], stop=day(12))) == [before, during, stopped]
    assert phases([(day(0), 0.3)], start=None) == {}
    single = phases([(day(-1), 0.4), (day(8), 0.3)])[PhaseName.AFTER]
    assert (single.interval, single.delta_interval_pp) == (None, None)


def test_an_interval_covers_the_truth_as_often_as_it_says():
    rng = np.random.default_rng(2)
    held = 0
    for _ in range(600):
        values = [(day(-n), rng.normal(0.4, 0.02)) for n in (1, 2, 3)]
        values += [(day(8 + n), rng.normal(0.36, 0.02)) for n in range(4)]
        low, high = phases(values)[PhaseName.AFTER].delta_interval_pp
        held += low <= -4.0 <= high
    # 95 % of 600, with three standard errors of a binomial.
    assert abs(held / 600 - 0.95) < 3 * math.sqrt(0.95 * 0.05 / 600)


def test_everything_stands_on_one_axis_by_day():
    course = Course(
        subject="me",
        settings=Settings(subject="me", started_on=START, stopped_on=day(40)),
        facts=packaged_facts(),
        treatments=(Treatment(id=1, subject="me", kind=Kind.PRP, started_on=START),),
        sessions=(
            session(0),
            session(4, status=Status.PLANNED, number=2),
            session(5, status=Status.SKIPPED),
            session(30, part=Part.MAINTENANCE, status=Status.PLANNED),
        ),
        symptoms=(
            Symptom(
                subject="me",
                at=dt.datetime.combine(day(1), dt.time(9), dt.UTC),
                sign="bruise",
                severity=Severity.MILD,
            ),
        ),
        remarks=(Remark(subject="me", day=day(3), mark=Mark.HAIRCUT, note="short"),),
        visits=(Visit(subject="me", date=day(3), haircut_on=day(3), dyed_on=day(2)),),
    )
    values = [Value(day=day(-1), visible_scalp=0.312)]
    events = timeline.list_events(course, today=day(2), values=values)
    assert [(event.kind, describe_event(event)) for event in events] == [
        (EventKind.MEASUREMENT, "Visible scalp 31.2 %"),
        (EventKind.START, "Declared start of treatment (week 0)"),
        (EventKind.TREATMENT, "PRP: begun"),
        (EventKind.SESSION, "Session 1"),
        (EventKind.SYMPTOM, "Bruise"),
        (EventKind.REMARK, "Dye"),
        (EventKind.REMARK, "Haircut: short"),
        (EventKind.SESSION, "Session 2 (planned)"),
        (EventKind.MAINTENANCE, "Maintenance session 1 (planned)"),
        (EventKind.STOP, "Treatment stopped"),
    ]


@pytest.mark.parametrize(
    ("start", "first", "told"),
    [
        (None, None, "since tracking began"),
        (START, START, "today is in week 2"),
        (START, day(5), "week 5, in mid-course: nothing is said about the time before"),
        (day(9), None, "it lies ahead"),
    ],
)
def test_the_start_is_week_0_and_mid_course_is_said(start, first, told):
    found = describe_start(start, first, today=day(2))
    assert told in found
    assert ("mid-course" in found) == (first == day(5))
