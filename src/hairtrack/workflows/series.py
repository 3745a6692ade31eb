"""A series: every visit of one subject, view and zone, and what can be said of it.

`read_series` asks the catalogue once and returns the visits with their values;
`hairtrack.workflows.verdicts` adds what can be said of them. The chart, the table,
the command line, the comparison and the overview all show these records.
"""

from __future__ import annotations

import datetime as dt
import math
import statistics
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Any

from hairtrack.change.records import (
    Assessment,
    Conditions,
    VisitReading,
    VisitValue,
)
from hairtrack.change.repeatability import (
    IntraclassCorrelation,
)
from hairtrack.course.aftercare import hours_since_session
from hairtrack.course.entries import Course, Mark
from hairtrack.course.facts import Trial
from hairtrack.course.timeline import Event, Value, list_events
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
from hairtrack.statistics import Interval
from hairtrack.workflows.library import Library

__all__ = [
    "PhotoResult",
    "Series",
    "VisitSummary",
    "find_existing",
    "find_photo_results",
    "list_photo_results",
    "progress",
    "read_series",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class PhotoResult:
    """One kept photograph and its result by the newest method, if it was tried."""

    photo: Photo
    measurement: Measurement | None

    @property
    def measured(self) -> bool:
        """Whether it has numbers."""
        return self.measurement is not None and self.measurement.refused is None

    @property
    def made_by(self) -> tuple[str, ...]:
        """What its numbers and drawings depend on besides the photograph itself."""
        found = self.measurement
        if found is None:
            return ()
        return found.baseline, found.method.key, found.outline, found.baseline_outline


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitSummary:
    """One zone on one visit, from all photographs of one view.

    Attributes
    ----------
    subject : str
        Whose scalp.
    visit : datetime.date
        Day of the photographs.
    day : int
        Days since week 0; negative before it.
    view : View
        Standard direction.
    zone : str
        Name of the zone; "scalp" is the whole.
    reading : VisitReading or None
        The values of the measured photographs, and how they were taken; `None`
        without a value.
    standard_error : float or None
        Of the absolute level, method error included. Much of it is the same on
        every photograph of one head, so more photographs do not make it
        smaller: it is the root mean square of the photographs' own errors.
    shots, refused, pending : int
        Photographs measured, refused, and not tried yet by this method.
    flags : tuple of QualityFlag
        Quality flags of the measured photographs, sorted.
    reasons : tuple of str
        Why photographs were refused.
    method : Method or None
        What made the numbers.
    """

    subject: str
    visit: dt.date
    day: int
    view: View
    zone: str = WHOLE
    reading: VisitReading | None = None
    standard_error: float | None = None
    shots: int = 0
    refused: int = 0
    pending: int = 0
    flags: tuple[QualityFlag, ...] = ()
    reasons: tuple[str, ...] = ()
    method: Method | None = None

    @property
    def visible_scalp(self) -> float | None:
        """Mean over the measured photographs, a fraction."""
        return None if self.reading is None else self.reading.level

    @property
    def spread(self) -> float | None:
        """Standard deviation between the photographs; `None` for fewer than two."""
        values = () if self.reading is None else self.reading.values
        return statistics.stdev(values) if len(values) > 1 else None

    @property
    def week(self) -> float:
        """Weeks since week 0."""
        return self.day / 7


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """Every visit of one subject, view and zone.

    Attributes
    ----------
    subject, view, zone : str, View, str
        Of what.
    week_zero : datetime.date
        Declared start of the treatment, else the day of the subject's first visit.
    visits : tuple of VisitSummary
        Every visit, with a value or without.
    photos : tuple of PhotoResult
        Every photograph of the view.
    method : Method or None
        What made every number.
    assessment : Assessment or None
        The verdict and its numbers; `None` without any value, or from `read_series`.
    started_on : datetime.date or None
        Declared start of the treatment.
    icc : IntraclassCorrelation or None
        `None` without repeated photographs.
    context : tuple of Trial
        What trials found, if the declaration names a treatment.
    events : tuple of Event
        Sessions, haircuts, start and stop, in order.
    """

    subject: str
    view: View
    zone: str
    week_zero: dt.date
    visits: tuple[VisitSummary, ...] = ()
    photos: tuple[PhotoResult, ...] = ()
    method: Method | None = None
    assessment: Assessment | None = None
    started_on: dt.date | None = None
    icc: IntraclassCorrelation | None = None
    context: tuple[Trial, ...] = ()
    events: tuple[Event, ...] = ()

    @property
    def measured_visits(self) -> tuple[VisitSummary, ...]:
        """The visits with a value."""
        return tuple(row for row in self.visits if row.reading is not None)

    @property
    def readings(self) -> tuple[VisitReading, ...]:
        """The visits with a value, as the statistics take them."""
        return tuple(row.reading for row in self.visits if row.reading is not None)

    @property
    def values(self) -> list[Value]:
        """The visits with a value, as the timeline of the treatment takes them."""
        return [Value(day=one.day, visible_scalp=one.level) for one in self.readings]

    @property
    def reference(self) -> VisitValue | None:
        """The visit that the noise band is drawn around."""
        return None if self.assessment is None else self.assessment.reference

    @property
    def noise(self) -> Interval | None:
        """Levels, as fractions, that differ from the reference by no more than noise."""
        at = self.reference
        if at is None or self.assessment is None or self.assessment.repeatability is None:
            return None
        half = self.assessment.repeatability.sdc95_pp / 100
        return max(0.0, at.level - half), min(1.0, at.level + half)


def read_series(
    library: Library,
    *,
    subject: str | None = None,
    view: View | None = None,
    zone: str | None = WHOLE,
    also: str | None = None,
    start: dt.date | None = None,
    course: Course | None = None,
    today: dt.date | None = None,
) -> list[Series]:
    """Return every series with its visits and photographs, without a verdict.

    All numbers come from one method, that of the newest result; photographs
    that it has not measured count as pending.

    Parameters
    ----------
    zone : str or None
        Only this zone; `None` for every measured zone except the grid's squares, and
        the whole scalp where nothing was measured.
    also : str, optional
        This zone too, measured or not.
    start : datetime.date, optional
        Week 0 in place of the one that the library keeps.
    course : Course, optional
        Treatment course of the subject: its sessions, haircuts and notes are added to
        the visits, its events to the series.
    today : datetime.date, optional
        Day from which events are dated; by default the real one.

    Returns
    -------
    list of Series
        By subject, view and zone.
    """
    shots = list_photo_results(library, subject=subject, view=view)
    by_digest = {shot.photo.digest: shot for shot in shots}
    week_zero = library.catalog.week_zero(subject=subject)
    method = library.catalog.latest_method()
    known: dict[str, Any] = {"method": method}
    if course is not None:
        known["started_on"] = start or course.settings.started_on
        known["events"] = tuple(list_events(course, today=today or dt.date.today()))
    found = []
    for (name, seen_from), group in groupby(
        shots, key=lambda shot: (shot.photo.subject, shot.photo.view)
    ):
        own = tuple(group)
        visits = [list(day) for _, day in groupby(own, key=lambda shot: shot.photo.visit)]
        taken = [_read_conditions(visit, by_digest, course) for visit in visits]
        first = start or week_zero[name]
        zones = _name_zones(own) if zone is None else [zone]
        for zone_name in dict.fromkeys([*zones, also or zones[0]]):
            rows = (
                _summarize(visit, zone_name, conditions, method, first)
                for visit, conditions in zip(visits, taken, strict=True)
            )
            series = Series(
                subject=name,
                view=seen_from,
                zone=zone_name,
                week_zero=first,
                visits=tuple(rows),
                photos=own,
                **known,
            )
            found.append(series)
    return found


def progress(
    library: Library,
    *,
    subject: str | None = None,
    view: View | None = None,
    zone: str = WHOLE,
) -> list[VisitSummary]:
    """Return the visits of every series: the table of `hairtrack progress`."""
    found = read_series(library, subject=subject, view=view, zone=zone)
    return [row for series in found for row in series.visits]


def list_photo_results(
    library: Library, *, subject: str | None = None, view: View | None = None
) -> list[PhotoResult]:
    """Return every photograph with its result, by subject, view, visit and time.

    Results are those of the newest method, refusals included, without the grid.
    """
    catalog = library.catalog
    method = catalog.latest_method()
    results: dict[str, Measurement] = {}
    if method is not None:
        results = catalog.results(method=method.key, subject=subject, view=view, grid=False)
    return [
        PhotoResult(photo=photo, measurement=results.get(photo.digest))
        for photo in catalog.photos(subject=subject, view=view)
    ]


def find_existing(library: Library, digests: Iterable[str]) -> dict[str, Photo]:
    """Return those of the photographs that the library has, as they are filed."""
    wanted = set(digests)
    return {p.digest: p for p in library.catalog.photos() if p.digest in wanted}


def find_photo_results(library: Library, digests: Iterable[str]) -> dict[str, PhotoResult]:
    """Return digest -> photograph with its result, for those in the library."""
    wanted = set(digests)
    shots = list_photo_results(library)
    return {one.photo.digest: one for one in shots if one.photo.digest in wanted}


# ---- visits ---------------------------------------------------------------------------


def _name_zones(photos: Iterable[PhotoResult]) -> list[str]:
    """Return the zones of the results, in their order; else the whole scalp."""
    found = [one.measurement for one in photos if one.measurement is not None]
    names = dict.fromkeys(zone.zone for result in found for zone in result.zones)
    return [name for name in names if not name.startswith(GRID)] or [WHOLE]


def _summarize(
    visit: Sequence[PhotoResult],
    zone: str,
    conditions: Conditions,
    method: Method | None,
    week_zero: dt.date,
) -> VisitSummary:
    photo = visit[0].photo
    found = [one.measurement for one in visit if one.measurement is not None]
    measured = [result for result in found if result.refused is None]
    zones = [one for result in measured if (one := result.zone(zone)) is not None]
    values = tuple(
        float(one.visible_scalp) for one in zones if one.visible_scalp is not None
    )
    errors = [one.standard_error for one in zones if one.standard_error is not None]
    reading = VisitReading(day=photo.visit, values=values, conditions=conditions)
    return VisitSummary(
        subject=photo.subject,
        visit=photo.visit,
        day=(photo.visit - week_zero).days,
        view=photo.view,
        zone=zone,
        reading=reading if values else None,
        standard_error=math.hypot(*errors) / math.sqrt(len(errors)) if errors else None,
        shots=len(measured),
        refused=len(found) - len(measured),
        pending=len(visit) - len(found),
        flags=tuple(sorted({flag for result in measured for flag in result.quality.flags})),
        reasons=tuple(sorted({one.refused for one in found if one.refused is not None})),
        method=method,
    )


def _read_conditions(
    visit: Sequence[PhotoResult],
    by_digest: Mapping[str, PhotoResult],
    course: Course | None,
) -> Conditions:
    """Return how the measured photographs of a visit were taken, on average."""
    shots = [
        (one.photo, one.measurement)
        for one in visit
        if one.measurement is not None and one.measured
    ]

    def mean(number: Callable[[Photo, Measurement], float | None]) -> float | None:
        values = [v for photo, found in shots if (v := number(photo, found)) is not None]
        return statistics.fmean(values) if values else None

    def quality(name: str) -> float | None:
        return mean(lambda photo, found: dict(found.quality.numbers).get(name))

    conditions = Conditions(
        brightness=quality("brightness"),
        warmth=quality("warmth"),
        tint=quality("tint"),
        sharpness=quality("sharpness"),
        glare=quality("glare"),
        residual=mean(lambda photo, found: _residual(found, by_digest)),
        scale=mean(lambda photo, found: _scale(photo, found, by_digest)),
        hair_state=_most_common(
            str(photo.hair_state)
            for photo, _ in shots
            if photo.hair_state != HairState.UNKNOWN
        ),
        camera=_most_common(photo.camera for photo, _ in shots if photo.camera),
    )
    if course is None or not shots:
        return conditions
    return _add_course(conditions, [photo for photo, _ in shots], course)


def _add_course(
    conditions: Conditions, photos: Sequence[Photo], course: Course
) -> Conditions:
    """Add what was noted of a visit, and the treatment and haircuts before it."""
    day = photos[0].visit
    blank = Visit(subject=course.subject, date=day)
    note = next((visit for visit in course.visits if visit.date == day), blank)
    hours = [
        hours_since_session(photo.taken_at or photo.visit, course.sessions)
        for photo in photos
    ]

    def latest(mark: Mark, noted: dt.date | None) -> dt.date | None:
        days = [one.day for one in course.remarks if one.mark == mark and one.day <= day]
        return max((*days, *([noted] if noted else [])), default=None)

    noted = str(note.hair_state) if note.hair_state != HairState.UNKNOWN else None
    return replace(
        conditions,
        hair_state=conditions.hair_state or noted,
        hair_length_mm=note.hair_length_mm,
        hours_since_treatment=min((one for one in hours if one is not None), default=None),
        haircut_on=latest(Mark.HAIRCUT, note.haircut_on),
        dyed_on=latest(Mark.DYE, note.dyed_on),
    )


def _residual(found: Measurement, by_digest: Mapping[str, PhotoResult]) -> float | None:
    """Return the registration residual over the width of the baseline's head."""
    shot = by_digest.get(found.baseline)
    baseline = shot.measurement if shot else None
    width = dict(baseline.quality.numbers).get("head_width_px") if baseline else None
    if found.registration is None or not width:
        return None
    return float(found.registration.rms_px) / width


def _scale(
    photo: Photo, found: Measurement, by_digest: Mapping[str, PhotoResult]
) -> float | None:
    """Return the baseline's head in its picture over this one's; pixels cancel."""
    if found.registration is None or found.baseline not in by_digest:
        return None
    first = by_digest[found.baseline].photo
    own = max(photo.measured_shape)
    return float(found.registration.scale) * own / max(first.measured_shape)


def _most_common(words: Iterable[str]) -> str | None:
    counted = Counter(words).most_common(1)
    return counted[0][0] if counted else None
