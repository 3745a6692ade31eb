"""What a library can say of a change, and what is still needed to say more."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Sequence
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
from hairtrack.course.facts import Trial, packaged_facts
from hairtrack.errors import LibraryError
from hairtrack.records import WHOLE, Method, View
from hairtrack.workflows.files import write_picture
from hairtrack.workflows.library import Library
from hairtrack.workflows.series import Zone, read_series

__all__ = ["Declared", "Judged", "draw_agreement", "judge", "judge_change"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Declared:
    """What the person said beforehand.

    Attributes
    ----------
    start : datetime.date or None
        Start of treatment: week 0.
    primary : (View, str) or None
        The view and zone that decide.
    control : (View, str) or None
        A zone that pattern loss spares; what it does is taken off.
    haircuts, joined : tuple of datetime.date
        Days on which the hair was cut, dyed or photographed otherwise, and days of
        breaks over which the person joins the series.
    margin_pp : float
        X of "no change larger than X".
    treatment : str or None
        Of which trials are told, if any.
    """

    start: dt.date | None = None
    primary: Zone | None = None
    control: Zone | None = None
    haircuts: tuple[dt.date, ...] = ()
    joined: tuple[dt.date, ...] = ()
    margin_pp: float = 3.0
    treatment: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """What can be said of one subject, view and zone.

    Attributes
    ----------
    subject, view, zone : str, View, str
        Of what.
    course : Assessment
        Verdict, numbers and needs.
    readings : tuple of VisitReading
        Its visits, as they enter the statistics.
    method : Method or None
        What made the numbers.
    icc : IntraclassCorrelation or None
        Repeats beside visits; `None` without repeats.
    context : tuple of Trial
        What trials found, if it was asked for.
    """

    subject: str
    view: View
    zone: str
    course: Assessment
    readings: tuple[VisitReading, ...]
    method: Method | None
    icc: IntraclassCorrelation | None = None
    context: tuple[Trial, ...] = ()


def judge(
    library: Library,
    *,
    subject: str | None = None,
    view: View | None = None,
    zone: str | None = WHOLE,
    declared: Declared | None = None,
    today: dt.date | None = None,
) -> list[Judged]:
    """Judge one zone of every series, or every zone; all enter the error together.

    Parameters
    ----------
    library : Library
        Open library.
    subject : str, optional
        Only this subject.
    view : View, optional
        Only this view.
    zone : str or None
        Zone that is told; `None` tells every one.
    declared : Declared, optional
        What was said beforehand.
    today : datetime.date, optional
        Day from which is reckoned what is still needed; by default the real one.

    Returns
    -------
    list of Judged
        In the order of `progress`.

    Raises
    ------
    LibraryError
        The treatment is unknown.
    """
    declared = declared or Declared()
    method = library.catalog.latest_method()
    names = library.catalog.subjects() if subject is None else [subject]
    judged = []
    for name in names:
        series = read_series(library, name, method)
        if not series:
            continue
        known = _add_known(library, name, declared)
        courses = _judge_family(series, known, today or dt.date.today())
        judged += [
            Judged(
                subject=name,
                view=at[0],
                zone=at[1],
                course=courses[_key(at)],
                readings=tuple(series[at]),
                method=method,
                icc=_icc(series[at]),
                context=_find_trials(known.treatment),
            )
            for at in series
            if zone in (None, at[1]) and view in (None, at[0])
        ]
    return judged


def judge_change(
    judged: Judged,
    *,
    first: dt.date,
    last: dt.date,
    declared: Declared | None = None,
) -> Change:
    """Judge the difference of any two visits of a series by its own noise.

    Parameters
    ----------
    judged : Judged
        What is known of the series.
    first, last : datetime.date
        Two of its visits with a value.
    declared : Declared, optional
        What was said beforehand.

    Returns
    -------
    Change

    Raises
    ------
    LibraryError
        A visit has no value.
    """
    declared = declared or Declared()
    by_day = {reading.day: reading for reading in judged.readings}
    for day in (first, last):
        if day not in by_day:
            raise LibraryError(f"The visit of {day} shows no scalp that could be measured.")
    known = judged.course.repeatability or measure_repeatability(judged.readings)
    before, after = sorted((by_day[first], by_day[last]), key=lambda r: r.day)
    between = [r for r in judged.readings if before.day <= r.day <= after.day]
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

    Parameters
    ----------
    library : Library
        Open library.
    path : Path
        Where the SVG goes.
    subject, view : optional
        Only these; several series go into one figure.
    zone : str
        Zone whose visible scalp is compared.

    Returns
    -------
    Agreement

    Raises
    ------
    HairtrackError
        Fewer than three visits have two photographs, or the file cannot be written.
    """
    from hairtrack.report.agreement import draw_agreement as draw

    method = library.catalog.latest_method()
    pairs = [
        pair
        for name in ([subject] if subject else library.catalog.subjects())
        for at, readings in read_series(library, name, method).items()
        if at[1] == zone and view in (None, at[0])
        for pair in pair_photos(readings)
    ]
    if len(pairs) < 3:
        raise LibraryError(
            "Agreement needs at least three visits with two photographs each; so far "
            f"there are {len(pairs)}."
        )
    found = bland_altman(pairs)
    write_picture(path, draw(found))
    return found


def _add_known(library: Library, subject: str, declared: Declared) -> Declared:
    """Fill in what the library itself keeps of a subject's declarations."""
    known = library.catalog.subject(subject)
    if known is None:
        return declared
    primary = None
    if known.primary_view is not None and known.primary_zone is not None:
        primary = known.primary_view, known.primary_zone
    return dataclasses.replace(
        declared,
        start=declared.start or known.started_at,
        primary=declared.primary or primary,
    )


def _judge_family(
    series: dict[Zone, list[VisitReading]], declared: Declared, today: dt.date
) -> dict[str, Assessment]:
    """Judge all zones but the grid's squares; the primary alone, the others together."""
    primary = declared.primary or _stand_in(series)
    control = series.get(declared.control, []) if declared.control else []
    if declared.control and not control:
        raise LibraryError(f"The control zone {_key(declared.control)} was never measured.")
    courses: dict[str, Assessment] = {}
    for at, readings in series.items():
        plan = AnalysisPlan(
            start=declared.start,
            margin_pp=declared.margin_pp,
            primary=at == primary,
            breaks=declared.haircuts,
            joined=declared.joined,
        )
        taken = control if at != declared.control else []
        course = assess(readings, plan=plan, control=taken, today=today)
        said = _advise(at, readings)
        if at == primary and declared.primary is None:
            said.append(
                "No primary zone was declared beforehand; this one stands in for it."
            )
        courses[_key(at)] = dataclasses.replace(course, cautions=(*course.cautions, *said))
    return hold_family(courses)


def _advise(at: Zone, readings: Sequence[VisitReading]) -> list[str]:
    if at[0] is View.MIDLINE or not readings:
        return []
    said = advise_on_saturation(readings[0].level)
    return [said] if said else []


def _stand_in(series: dict[Zone, list[VisitReading]]) -> Zone:
    """Return the whole scalp from above, or else the first zone there is."""
    return (View.VERTEX, WHOLE) if (View.VERTEX, WHOLE) in series else next(iter(series))


def _key(at: Zone) -> str:
    return f"{at[0]}/{at[1]}"


def _icc(readings: Sequence[VisitReading]) -> IntraclassCorrelation | None:
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
        known = ", ".join(sorted({kind for trial in facts.trials for kind in trial.kinds}))
        raise LibraryError(f"There is no trial of {treatment!r}; known: {known}.")
    return tuple(found)
