"""A library's measurements as visits of series: shots, and how they were taken."""

from __future__ import annotations

import dataclasses
import datetime as dt
import math
import statistics
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from hairtrack.change.assessment import assess, hold_family
from hairtrack.change.comparability import find_breaks, grade_pair
from hairtrack.change.explanations import advise_on_saturation
from hairtrack.change.records import (
    AnalysisPlan,
    Assessment,
    Change,
    Comparability,
    Conditions,
    Grade,
    Interval,
    VisitReading,
    VisitValue,
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
from hairtrack.course import timeline
from hairtrack.course.aftercare import hours_since_session
from hairtrack.course.entries import Mark, Remark, Session
from hairtrack.course.facts import Trial, packaged_facts
from hairtrack.course.plans import PhotoDay
from hairtrack.course.timeline import Event
from hairtrack.errors import LibraryError
from hairtrack.messages import Message, join
from hairtrack.records import (
    GRID,
    WHOLE,
    HairState,
    Measurement,
    Method,
    Photo,
    QualityFlag,
    View,
    Visit,
)
from hairtrack.store import Courses
from hairtrack.workflows.course import list_events, list_photo_days, load_course
from hairtrack.workflows.files import write_picture
from hairtrack.workflows.library import Library

__all__ = [
    "Declaration",
    "Judged",
    "Series",
    "Zone",
    "compare_visits",
    "draw_agreement",
    "judge",
    "load_series",
    "read_series",
]


Zone = tuple[View, str]


def read_series(
    library: Library, subject: str, method: Method | None
) -> dict[Zone, list[VisitReading]]:
    """Return (view, zone) -> visits with at least one value, in order of time."""
    results = current_results(library, method, subject=subject)
    series: dict[Zone, list[VisitReading]] = {}
    photos = library.catalog.photos(subject=subject)
    known = {photo.digest: photo for photo in photos}
    notes = {visit.date: visit for visit in library.catalog.visits(subject=subject)}
    kept = Courses(library.catalog)
    sessions = kept.entries(Session, subject=subject)
    remarks = kept.entries(Remark, subject=subject)
    for (view, day), group in groupby(photos, key=lambda p: (p.view, p.visit)):
        shots = [
            (photo, results[photo.digest])
            for photo in group
            if photo.digest in results and results[photo.digest].refused is None
        ]
        conditions = _read_conditions(shots, known, results)
        conditions = _add_notes(conditions, notes.get(day))
        conditions = _add_course(
            conditions, [photo for photo, _ in shots], sessions, remarks
        )
        for name in _name_zones(found for _, found in shots):
            values = [_level(found, name) for _, found in shots]
            levels = tuple(value for value in values if value is not None)
            if levels:
                reading = VisitReading(day=day, values=levels, conditions=conditions)
                series.setdefault((view, name), []).append(reading)
    return series


def _add_notes(conditions: Conditions, note: Visit | None) -> Conditions:
    if note is None:
        return conditions
    state = None if note.hair_state == HairState.UNKNOWN else str(note.hair_state)
    return dataclasses.replace(
        conditions,
        hair_state=conditions.hair_state or state,
        hair_length_mm=note.hair_length_mm,
        haircut_on=note.haircut_on,
        dyed_on=note.dyed_on,
    )


def _add_course(
    conditions: Conditions,
    photos: Sequence[Photo],
    sessions: Sequence[Session],
    remarks: Sequence[Remark],
) -> Conditions:
    """Add what the treatment course knows: the last session, haircut and dyeing before."""
    hours = [
        hours_since_session(photo.taken_at or photo.visit, sessions) for photo in photos
    ]
    last = {
        mark: max(
            (one.day for one in remarks if one.mark == mark and one.day <= photos[0].visit),
            default=None,
        )
        for mark in Mark
        if photos
    }
    return dataclasses.replace(
        conditions,
        hours_since_treatment=min((h for h in hours if h is not None), default=None),
        haircut_on=_latest(conditions.haircut_on, last.get(Mark.HAIRCUT)),
        dyed_on=_latest(conditions.dyed_on, last.get(Mark.DYE)),
    )


def _latest(*days: dt.date | None) -> dt.date | None:
    return max((day for day in days if day is not None), default=None)


def _name_zones(found: Iterable[Measurement]) -> list[str]:
    names = {zone.zone: None for result in found for zone in result.zones}
    return [name for name in names if not name.startswith(GRID)]


def _level(found: Measurement, name: str) -> float | None:
    zone = found.zone(name)
    return None if zone is None or zone.visible_scalp is None else float(zone.visible_scalp)


def _read_conditions(
    shots: Sequence[tuple[Photo, Measurement]],
    known: dict[str, Photo],
    results: dict[str, Measurement],
) -> Conditions:
    """Return how the photographs of a visit were taken, on average."""
    numbers = [dict(found.quality.numbers) for _, found in shots]

    def mean(name: str) -> float | None:
        values = [one[name] for one in numbers if name in one]
        return statistics.fmean(values) if values else None

    return Conditions(
        brightness=mean("brightness"),
        warmth=mean("warmth"),
        tint=mean("tint"),
        sharpness=mean("sharpness"),
        glare=mean("glare"),
        residual=_mean_of(shots, lambda photo, found: _residual(found, results)),
        scale=_mean_of(shots, lambda photo, found: _scale(photo, found, known)),
        hair_state=_most_common(
            str(photo.hair_state)
            for photo, _ in shots
            if photo.hair_state != HairState.UNKNOWN
        ),
        camera=_most_common(photo.camera for photo, _ in shots if photo.camera),
    )


def _mean_of(
    shots: Sequence[tuple[Photo, Measurement]],
    number: Callable[[Photo, Measurement], float | None],
) -> float | None:
    values = [v for photo, found in shots if (v := number(photo, found)) is not None]
    return statistics.fmean(values) if values else None


def _most_common(words: Iterable[str]) -> str | None:
    counted = Counter(words).most_common(1)
    return counted[0][0] if counted else None


def _residual(found: Measurement, results: dict[str, Measurement]) -> float | None:
    """Return the registration residual over the width of the baseline's head."""
    baseline = results.get(found.baseline)
    width = dict(baseline.quality.numbers).get("head_width_px") if baseline else None
    if found.registration is None or not width:
        return None
    return float(found.registration.rms_px) / width


def _scale(photo: Photo, found: Measurement, known: dict[str, Photo]) -> float | None:
    """Return the baseline's head in its picture over this one's; pixels cancel."""
    baseline = known.get(found.baseline)
    if found.registration is None or baseline is None:
        return None
    return (
        float(found.registration.scale)
        * max(photo.width, photo.height)
        / max(baseline.width, baseline.height)
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class ProgressRow:
    """Visible scalp of one zone on one visit, from all photographs of one view.

    Attributes
    ----------
    subject : str
        Whose scalp.
    visit : datetime.date
        Day of the photographs.
    day : int
        Days since the declared start of the treatment, else since the subject's
        first visit; negative before that start.
    view : View
        Standard direction.
    zone : str
        Name of the zone; "scalp" is the whole.
    visible_scalp : float or None
        Mean over the measured photographs, a fraction; `None` without any.
    standard_error : float or None
        Of the absolute level, method error included. Much of it is the same on
        every photograph of one head, so more photographs do not make it
        smaller: it is the root mean square of the photographs' own errors.
    spread : float or None
        Standard deviation between the photographs of the visit, a fraction;
        `None` for fewer than two.
    shots, refused, pending : int
        Photographs measured, refused, and not tried yet by this method.
    flags : tuple of QualityFlag
        Doubts about any of the measured photographs, sorted.
    reasons : tuple of str
        Why photographs were refused.
    method : Method or None
        What made the number.
    """

    subject: str
    visit: dt.date
    day: int
    view: View
    zone: str = WHOLE
    visible_scalp: float | None = None
    standard_error: float | None = None
    spread: float | None = None
    shots: int = 0
    refused: int = 0
    pending: int = 0
    flags: tuple[QualityFlag, ...] = ()
    reasons: tuple[str, ...] = ()
    method: Method | None = None


def progress(
    library: Library,
    *,
    subject: str | None = None,
    view: View | None = None,
    zone: str = WHOLE,
) -> list[ProgressRow]:
    """Return one row for each subject, view and visit, in this order.

    All numbers come from one method, that of the newest result; photographs
    it has not measured count as pending. Numbers of two methods never mix.

    Parameters
    ----------
    library : Library
        Open library.
    subject : str, optional
        Only this subject.
    view : View, optional
        Only this view.
    zone : str
        Zone whose visible scalp is wanted.

    Returns
    -------
    list of ProgressRow
    """
    method = library.catalog.latest_method()
    results = current_results(library, method, subject=subject, view=view, zone=zone)
    starts = library.catalog.week_zero(subject=subject)
    photos = library.catalog.photos(subject=subject, view=view)
    return [
        _row(list(shots), results, zone=zone, method=method, start=starts[key[0]])
        for key, shots in groupby(photos, key=lambda p: (p.subject, p.view, p.visit))
    ]


def list_values(
    library: Library, *, subject: str, view: View, zone: str = WHOLE
) -> list[timeline.Value]:
    """Return the visible scalp of each visit of one view that has a number."""
    rows = progress(library, subject=subject, view=view, zone=zone)
    return [
        timeline.Value(day=row.visit, visible_scalp=row.visible_scalp)
        for row in rows
        if row.visible_scalp is not None
    ]


def current_results(
    library: Library,
    method: Method | None,
    *,
    subject: str | None = None,
    view: View | None = None,
    zone: str | None = None,
    grid: bool = False,
) -> dict[str, Measurement]:
    """Return digest -> what the method gave for the photograph, refusals included.

    The squares of the grid come only when they are asked for: there are many.
    Only results count that were taken in the zones of the baseline and within the
    outlines that hold now; any other photograph is pending.
    """
    if method is None:
        return {}
    return library.catalog.results(
        method=method.key, subject=subject, view=view, zone=zone, grid=grid
    )


def _row(
    photos: Sequence[Photo],
    results: dict[str, Measurement],
    *,
    zone: str,
    method: Method | None,
    start: dt.date,
) -> ProgressRow:
    found = [results[photo.digest] for photo in photos if photo.digest in results]
    measured = [result for result in found if result.refused is None]
    reasons = {result.refused for result in found if result.refused is not None}
    levels, errors = _numbers(measured, zone)
    return ProgressRow(
        subject=photos[0].subject,
        visit=photos[0].visit,
        day=(photos[0].visit - start).days,
        view=photos[0].view,
        zone=zone,
        visible_scalp=statistics.fmean(levels) if levels else None,
        standard_error=_root_mean_square(errors) if errors else None,
        spread=statistics.stdev(levels) if len(levels) > 1 else None,
        shots=len(measured),
        refused=len(found) - len(measured),
        pending=len(photos) - len(found),
        flags=tuple(sorted({flag for result in measured for flag in result.quality.flags})),
        reasons=tuple(sorted(reasons)),
        method=method,
    )


def _numbers(measured: Iterable[Measurement], name: str) -> tuple[list[float], list[float]]:
    zones = [zone for result in measured if (zone := result.zone(name)) is not None]
    levels = [z.visible_scalp for z in zones if z.visible_scalp is not None]
    errors = [z.standard_error for z in zones if z.standard_error is not None]
    return levels, errors


def _root_mean_square(values: Sequence[float]) -> float:
    return math.sqrt(statistics.fmean(value * value for value in values))


@dataclass(frozen=True, slots=True, kw_only=True)
class PhotoResult:
    """One kept photograph and what the newest method says of it, if it was tried."""

    photo: Photo
    measurement: Measurement | None

    @property
    def measured(self) -> bool:
        """Whether it has a number."""
        return self.measurement is not None and self.measurement.refused is None

    @property
    def made_by(self) -> tuple[str, ...]:
        """What its numbers and drawings rest on beside the photograph itself."""
        found = self.measurement
        if found is None:
            return ()
        return found.baseline, found.method.key, found.outline, found.baseline_outline

    @property
    def identity(self) -> tuple[str, ...]:
        """Which photograph, filed where, measured how: what pictures of it rest on."""
        return (self.photo.digest, str(self.photo.visit), *self.made_by)


@dataclass(frozen=True, slots=True, kw_only=True)
class Declaration:
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
    assessment : Assessment
        PhotoCheck, numbers and needs.
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
    assessment: Assessment
    readings: tuple[VisitReading, ...]
    method: Method | None
    intraclass_correlation: IntraclassCorrelation | None = None
    context: tuple[Trial, ...] = ()


def judge(
    library: Library,
    *,
    subject: str | None = None,
    view: View | None = None,
    zone: str | None = WHOLE,
    declared: Declaration | None = None,
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
    declared : Declaration, optional
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
    declared = declared or Declaration()
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
                assessment=courses[_key(at)],
                readings=tuple(series[at]),
                method=method,
                intraclass_correlation=_icc(series[at]),
                context=_find_trials(known.treatment),
            )
            for at in series
            if zone in (None, at[1]) and view in (None, at[0])
        ]
    return judged


def compare_visits(
    judged: Judged,
    *,
    first: dt.date,
    last: dt.date,
    declared: Declaration | None = None,
) -> Change:
    """Judge the difference of any two visits of a series by its own noise.

    Parameters
    ----------
    judged : Judged
        What is known of the series.
    first, last : datetime.date
        Two of its visits with a value.
    declared : Declaration, optional
        What was said beforehand.

    Returns
    -------
    Change

    Raises
    ------
    LibraryError
        A visit has no value.
    """
    declared = declared or Declaration()
    by_day = {reading.day: reading for reading in judged.readings}
    for day in (first, last):
        if day not in by_day:
            raise LibraryError(
                Message(
                    "The visit of {day} shows no scalp that could be measured.", day=day
                )
            )
    known = judged.assessment.repeatability or measure_repeatability(judged.readings)
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
            Message(
                "Agreement needs at least three visits with two photographs each; "
                "so far there are {pairs}.",
                pairs=len(pairs),
            )
        )
    found = bland_altman(pairs)
    write_picture(path, draw(found))
    return found


def _add_known(library: Library, subject: str, declared: Declaration) -> Declaration:
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
    series: dict[Zone, list[VisitReading]], declared: Declaration, today: dt.date
) -> dict[str, Assessment]:
    """Judge all zones but the grid's squares; the primary alone, the others together."""
    primary = declared.primary or _stand_in(series)
    control = series.get(declared.control, []) if declared.control else []
    if declared.control and not control:
        raise LibraryError(
            Message(
                "The control zone {value} was never measured.", value=_key(declared.control)
            )
        )
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
                Message(
                    "No primary zone was declared beforehand; this one stands in for it."
                )
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
        known = join(sorted({kind for trial in facts.trials for kind in trial.kinds}), ", ")
        raise LibraryError(
            Message(
                "There is no trial of {treatment!r}; known: {known}.",
                treatment=treatment,
                known=known,
            )
        )
    return tuple(found)


def find_existing(library: Library, digests: Iterable[str]) -> dict[str, Photo]:
    """Return those of the photographs that the library has, as they are filed."""
    photos = ((digest, library.catalog.photo(digest)) for digest in set(digests))
    return {
        digest: photo
        for digest, photo in photos
        if photo is not None and photo.deleted_at is None
    }


def find_photo_results(library: Library, digests: Iterable[str]) -> dict[str, PhotoResult]:
    """Return digest -> photograph with its newest result, for those in the library."""
    known = find_existing(library, digests)
    method = library.catalog.latest_method()
    results: dict[str, Measurement] = {}
    for subject in {photo.subject for photo in known.values()}:
        results |= current_results(library, method, subject=subject)
    return {
        digest: PhotoResult(photo=photo, measurement=results.get(digest))
        for digest, photo in known.items()
    }


def list_photo_results(
    library: Library,
    *,
    subject: str | None = None,
    view: View | None = None,
    zone: str | None = None,
) -> list[PhotoResult]:
    """Return every photograph with its newest result, by subject, view, visit and time.

    Parameters
    ----------
    library : Library
        Open library.
    subject, view : optional
        Only these.
    zone : str, optional
        Only this zone of each result.

    Returns
    -------
    list of PhotoResult
    """
    method = library.catalog.latest_method()
    results = current_results(library, method, subject=subject, view=view, zone=zone)
    photos = library.catalog.photos(subject=subject, view=view)
    return [
        PhotoResult(photo=photo, measurement=results.get(photo.digest)) for photo in photos
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """One series as it is drawn and told.

    Attributes
    ----------
    view, zone : View, str
        Of what.
    visits : tuple of ProgressRow
        Every visit, with a value or without.
    photos : tuple of PhotoResult
        Every photograph; the measurements hold this zone alone.
    assessment : Assessment or None
        What can be said of it; `None` where nothing was measured.
    started_on : datetime.date or None
        Declared start of treatment: week 0.
    events : tuple of Event
        What happened, in order: sessions, haircuts, start and stop.
    photo_days : tuple of PhotoDay
        Days on which photographs are asked for.
    method : Method or None
        What made every number.
    other_methods : tuple of str
        Methods whose results are kept too, but not drawn: numbers of two methods
        never mix.
    """

    view: View
    zone: str
    visits: tuple[ProgressRow, ...]
    photos: tuple[PhotoResult, ...]
    assessment: Assessment | None = None
    started_on: dt.date | None = None
    events: tuple[Event, ...] = ()
    photo_days: tuple[PhotoDay, ...] = ()
    method: Method | None = None
    other_methods: tuple[str, ...] = ()

    @property
    def measured_visits(self) -> tuple[ProgressRow, ...]:
        """The visits with a value."""
        return tuple(row for row in self.visits if row.visible_scalp is not None)

    @property
    def reference(self) -> VisitValue | None:
        """The visit from which noise is reckoned."""
        return None if self.assessment is None else self.assessment.reference

    @property
    def noise(self) -> Interval | None:
        """Levels, as fractions, that may differ from the reference by noise alone."""
        if self.assessment is None or self.assessment.repeatability is None:
            return None
        at, half = self.reference, self.assessment.repeatability.sdc95_pp / 100
        return (
            None if at is None else (max(0.0, at.level - half), min(1.0, at.level + half))
        )


def load_series(
    library: Library,
    *,
    subject: str,
    view: View,
    zone: str = WHOLE,
    today: dt.date | None = None,
    judged: Sequence[Judged] | None = None,
) -> Series:
    """Gather what the chart of one series shows.

    Parameters
    ----------
    library : Library
        Open library.
    subject : str
        Whose scalp.
    view : View
        Standard direction.
    zone : str
        Part of it.
    today : datetime.date, optional
        By default the real one.
    judged : sequence of Judged, optional
        What `judge` says of every zone of the subject, where it was asked already.

    Returns
    -------
    Series
    """
    today = today or dt.date.today()
    kept = load_course(library, subject=subject)
    if judged is None:
        judged = judge(library, subject=subject, view=view, zone=zone, today=today)
    courses = {(one.view, one.zone): one.assessment for one in judged}
    rows = progress(library, subject=subject, view=view, zone=zone)
    method = library.catalog.latest_method()
    methods = library.catalog.methods(subject=subject, view=view)
    return Series(
        view=view,
        zone=zone,
        visits=tuple(rows),
        photos=tuple(list_photo_results(library, subject=subject, view=view, zone=zone)),
        assessment=courses.get((view, zone)),
        started_on=kept.settings.started_on,
        events=tuple(list_events(library, kept, today=today)),
        photo_days=tuple(list_photo_days(kept)),
        method=method,
        other_methods=tuple(key for key in methods if method is None or key != method.key),
    )
