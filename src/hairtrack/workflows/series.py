"""A library's measurements as visits of series: shots, and how they were taken."""

from __future__ import annotations

import dataclasses
import datetime as dt
import statistics
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from itertools import groupby

from hairtrack.change.records import Conditions, VisitReading
from hairtrack.course.aftercare import hours_since_session
from hairtrack.course.entries import Mark, Remark, Session
from hairtrack.records import GRID, HairState, Measurement, Method, Photo, View, Visit
from hairtrack.store import Courses
from hairtrack.workflows.library import Library
from hairtrack.workflows.progressing import measured_by

__all__ = ["Zone", "read_series"]

Zone = tuple[View, str]


def read_series(
    library: Library, subject: str, method: Method | None
) -> dict[Zone, list[VisitReading]]:
    """Return (view, zone) -> visits with at least one value, in order of time."""
    results = measured_by(library, method, subject=subject)
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
