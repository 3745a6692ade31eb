"""The course so far: one row for each visit and view."""

from __future__ import annotations

import datetime as dt
import math
import statistics
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

from hairtrack.records import WHOLE, Measurement, Method, Photo, QualityFlag, View
from hairtrack.workflows.library import Library


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
    results = measured_by(library, method, subject=subject, view=view, zone=zone)
    starts = library.catalog.week_zero(subject=subject)
    photos = library.catalog.photos(subject=subject, view=view)
    return [
        _row(list(shots), results, zone=zone, method=method, start=starts[key[0]])
        for key, shots in groupby(photos, key=lambda p: (p.subject, p.view, p.visit))
    ]


def measured_by(
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
