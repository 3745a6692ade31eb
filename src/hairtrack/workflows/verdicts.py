"""What can be said of a series: verdicts of all zones, and the change of two visits.

All zones of a subject are assessed together, so that the error rate holds for the
whole family. What the treatment course knows (start, sessions, haircuts) is added here.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from hairtrack.change.assessment import assess, hold_family
from hairtrack.change.comparability import find_breaks, grade_pair
from hairtrack.change.explanations import advise_on_saturation
from hairtrack.change.records import (
    AnalysisPlan,
    Assessment,
    Change,
    Comparability,
    Grade,
    VisitReading,
)
from hairtrack.change.repeatability import (
    Agreement,
    IntraclassCorrelation,
    bland_altman,
    change_between,
    intraclass_correlation,
    measure_repeatability,
    pair_photos,
)
from hairtrack.course.entries import Course
from hairtrack.course.facts import Trial, packaged_facts
from hairtrack.errors import LibraryError
from hairtrack.messages import Message, join
from hairtrack.records import (
    WHOLE,
    View,
)
from hairtrack.workflows.course import load_course
from hairtrack.workflows.files import write_file
from hairtrack.workflows.library import Library
from hairtrack.workflows.series import Series, read_series

__all__ = [
    "Declaration",
    "assess_series",
    "compare_visits",
    "draw_agreement",
]


_Zone = tuple[View, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Declaration:
    """What a person declares for one analysis, besides what the library keeps.

    Attributes
    ----------
    start : datetime.date or None
        Start of treatment, week 0, in place of the one that the library keeps.
    primary : (View, str) or None
        The view and zone that decide.
    control : (View, str) or None
        A zone that pattern hair loss spares; its change is subtracted.
    haircuts, joined : tuple of datetime.date
        Days on which the hair was cut, dyed or photographed differently, and days
        of breaks across which visits are compared all the same.
    margin_pp : float
        X of "no change larger than X", percentage points.
    treatment : str or None
        Treatment whose trials are listed.
    """

    start: dt.date | None = None
    primary: _Zone | None = None
    control: _Zone | None = None
    haircuts: tuple[dt.date, ...] = ()
    joined: tuple[dt.date, ...] = ()
    margin_pp: float = 3.0
    treatment: str | None = None


def assess_series(
    library: Library,
    *,
    subject: str | None = None,
    view: View | None = None,
    zone: str | None = WHOLE,
    declared: Declaration | None = None,
    today: dt.date | None = None,
) -> list[Series]:
    """Return every series with its verdict.

    All zones of a subject are assessed together, whichever are returned: the error
    rate is held for the whole family.

    Parameters
    ----------
    today : datetime.date, optional
        Day from which needs and events are dated; by default the real one.

    Returns
    -------
    list of Series
        By subject, view and zone; one that was never measured has no assessment.

    Raises
    ------
    LibraryError
        The treatment or the control zone is unknown.
    """
    declared = declared or Declaration()
    today = today or dt.date.today()
    found: list[Series] = []
    for name in library.catalog.subjects() if subject is None else [subject]:
        course = load_course(library, subject=name)
        known = _complete(declared, library, course)
        family = read_series(
            library,
            subject=name,
            zone=None,
            also=zone,
            start=known.start,
            course=course,
            today=today,
        )
        assessed = _assess_family(family, known, today)
        found += [series for series in assessed if zone in (None, series.zone)]
    return [series for series in found if view in (None, series.view)]


def compare_visits(
    series: Series,
    *,
    first: dt.date,
    last: dt.date,
    declared: Declaration | None = None,
) -> Change:
    """Compare any two visits of an assessed series by its own noise.

    Raises
    ------
    LibraryError
        A visit has no value.
    """
    declared = declared or Declaration()
    by_day = {reading.day: reading for reading in series.readings}
    for day in (first, last):
        if day not in by_day:
            raise LibraryError(
                "The visit of {day} shows no scalp that could be measured.", day=day
            )
    known = series.assessment.repeatability if series.assessment else None
    known = known or measure_repeatability(series.readings)
    before, after = sorted((by_day[first], by_day[last]), key=lambda r: r.day)
    between = [r for r in series.readings if before.day <= r.day <= after.day]
    graded = grade_pair(before, after, joined=declared.joined)
    found = find_breaks(between, days=declared.haircuts, joined=declared.joined)
    broken = tuple(one.reason for one in found if not one.joined)
    if broken:
        reasons = tuple(dict.fromkeys((*graded.reasons, *broken)))
        graded = Comparability(grade=Grade.REFUSED, reasons=reasons)
    return change_between(by_day[first], by_day[last], known, comparability=graded)


def draw_agreement(
    library: Library,
    path: Path,
    *,
    subject: str | None = None,
    view: View | None = None,
    zone: str = WHOLE,
) -> Agreement:
    """Draw how the first two photographs of every visit agree (Bland-Altman).

    Raises
    ------
    HairtrackError
        Fewer than three visits have two photographs, or the file cannot be written.
    """
    from hairtrack.report.agreement import draw_agreement as draw

    found = read_series(library, subject=subject, view=view, zone=zone)
    pairs = [pair for series in found for pair in pair_photos(series.readings)]
    if len(pairs) < 3:
        raise LibraryError(
            "Agreement needs at least three visits with two photographs each; "
            "so far there are {pairs}.",
            pairs=len(pairs),
        )
    agreement = bland_altman(pairs)
    write_file(path, draw(agreement))
    return agreement


def _complete(declared: Declaration, library: Library, course: Course) -> Declaration:
    """Fill in what the library keeps of a subject's declarations."""
    known = library.catalog.subject(course.subject)
    primary = None
    if known and known.primary_view is not None and known.primary_zone is not None:
        primary = known.primary_view, known.primary_zone
    return dataclasses.replace(
        declared,
        start=declared.start or course.settings.started_on,
        primary=declared.primary or primary,
    )


# ---- verdicts -------------------------------------------------------------------------


def _assess_family(
    family: Sequence[Series], declared: Declaration, today: dt.date
) -> list[Series]:
    """Assess every zone; the primary one alone, the others together (Holm)."""
    measured = {(series.view, series.zone): series.readings for series in family}
    measured = {at: readings for at, readings in measured.items() if readings}
    if not measured:
        return list(family)
    primary = declared.primary or _choose_primary(measured)
    control = measured.get(declared.control, ()) if declared.control else ()
    if declared.control and not control:
        raise LibraryError(
            "The control zone {value} was never measured.", value=_name(declared.control)
        )
    assessments: dict[str, Assessment] = {}
    for at, readings in measured.items():
        plan = AnalysisPlan(
            start=declared.start,
            margin_pp=declared.margin_pp,
            primary=at == primary,
            breaks=declared.haircuts,
            joined=declared.joined,
        )
        subtracted = control if at != declared.control else ()
        found = assess(readings, plan=plan, control=subtracted, today=today)
        cautions = [*found.cautions]
        saturation = advise_on_saturation(readings[0].level)
        if at[0] is not View.MIDLINE and saturation:
            cautions.append(saturation)
        if at == primary and declared.primary is None:
            cautions.append(
                Message(
                    "No part of the head was chosen beforehand to decide; this one does."
                )
            )
        assessments[_name(at)] = dataclasses.replace(found, cautions=tuple(cautions))
    assessments = hold_family(assessments)
    trials = _find_trials(declared.treatment)
    return [
        dataclasses.replace(
            series,
            assessment=assessments.get(_name((series.view, series.zone))),
            icc=_correlate(series.readings),
            context=trials,
        )
        for series in family
    ]


def _choose_primary(measured: Mapping[_Zone, Sequence[VisitReading]]) -> _Zone:
    """Return the whole scalp from above, or else the first zone that was measured."""
    return (
        (View.VERTEX, WHOLE) if (View.VERTEX, WHOLE) in measured else next(iter(measured))
    )


def _name(at: _Zone) -> str:
    return f"{at[0]}/{at[1]}"


def _correlate(readings: Sequence[VisitReading]) -> IntraclassCorrelation | None:
    try:
        return intraclass_correlation(readings)
    except ValueError:
        return None


def _find_trials(treatment: str | None) -> tuple[Trial, ...]:
    """Return what studies found of a treatment, if one was named."""
    if treatment is None:
        return ()
    facts = packaged_facts()
    found = facts.trials_of(treatment.lower())
    if not found:
        known = join(sorted({kind for trial in facts.trials for kind in trial.kinds}), ", ")
        raise LibraryError(
            "There is no trial of {treatment!r}; known: {known}.",
            treatment=treatment,
            known=known,
        )
    return tuple(found)
