"""Two visits of one view in one frame: before and after, change map, time-lapse."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from hairtrack import batch
from hairtrack.change.records import Change
from hairtrack.errors import HairtrackError, LibraryError
from hairtrack.messages import Message, join
from hairtrack.records import WHOLE, Measurement, Photo, View
from hairtrack.statistics import difference_half_width
from hairtrack.workflows.library import Library
from hairtrack.workflows.measuring import find_outline, read_outline, read_picture
from hairtrack.workflows.series import Series, VisitSummary, read_series
from hairtrack.workflows.verdicts import Declaration, assess_series, compare_visits

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from hairtrack.imaging.change_grid import Grid

    Image = NDArray[np.uint8]
    Region = NDArray[np.bool_]
    Squares = NDArray[np.float64]

MIN_DOF = 4
"""Fewer degrees of freedom of repeats give no usable spread of a square."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """Two visits of one zone.

    Attributes
    ----------
    first, last : VisitSummary
        The visits' numbers.
    change : Change
        How they differ, and whether that is more than noise.
    series : Series
        The series that they belong to, with its verdict.
    """

    first: VisitSummary
    last: VisitSummary
    change: Change
    series: Series


def compare(
    library: Library,
    *,
    view: View,
    subject: str | None = None,
    first: dt.date | None = None,
    last: dt.date | None = None,
    declared: Declaration | None = None,
) -> Comparison:
    """Compare two visits of a view.

    Parameters
    ----------
    first, last : datetime.date, optional
        Visits; by default the first and the last that were measured.

    Raises
    ------
    LibraryError
        No such subject or visit, or fewer than two measured visits.
    """
    subject = choose_subject(library, subject)
    found = assess_series(library, subject=subject, view=view, declared=declared)
    rows = [row for row in found[0].visits if row.shots] if found else []
    if len(rows) < 2 and not (first and last):
        raise LibraryError(
            "There are not yet two measured visits of {subject}, view {view}; "
            "`hairtrack run` measures what is pending.",
            subject=subject,
            view=view,
        )
    before = _pick(rows, first) if first else rows[0]
    after = _pick(rows, last) if last else rows[-1]
    if found[0].assessment is None:
        raise LibraryError("Neither visit shows scalp that could be measured.")
    return _compare(found[0], before, after, declared)


def compare_zones(
    library: Library, *, subject: str, view: View, first: dt.date, last: dt.date
) -> list[Comparison]:
    """Compare two visits in each zone of a view, those without a value left out."""
    found = []
    for series in assess_series(library, subject=subject, view=view, zone=None):
        rows = {row.visit: row for row in series.measured_visits}
        if rows.keys() >= {first, last}:
            found.append(_compare(series, rows[first], rows[last]))
    return found


def _compare(
    series: Series,
    first: VisitSummary,
    last: VisitSummary,
    declared: Declaration | None = None,
) -> Comparison:
    change = compare_visits(series, first=first.visit, last=last.visit, declared=declared)
    return Comparison(first=first, last=last, change=change, series=series)


def choose_subject(library: Library, name: str | None) -> str:
    """Return the named subject, or the only one.

    Raises
    ------
    LibraryError
        There is no such subject, none at all, or a choice to be made.
    """
    subjects = library.catalog.subjects()
    if name is not None and name not in subjects:
        raise LibraryError("This library has no subject {name!r}.", name=name)
    if name is None and len(subjects) != 1:
        raise LibraryError(
            Message(
                "This library has several subjects ({subjects}); choose one.",
                subjects=join(subjects, ", "),
            )
            if subjects
            else Message("This library has no photographs yet.")
        )
    return name if name is not None else subjects[0]


def _pick(rows: list[VisitSummary], visit: dt.date) -> VisitSummary:
    for row in rows:
        if row.visit == visit:
            return row
    known = join((Message("{day}", day=row.visit) for row in rows), ", ")
    raise LibraryError(
        "There is no measured visit on {visit} (measured: {known}).",
        visit=visit,
        known=known or Message("none"),
    )


def _align(
    library: Library, series: Series, day: dt.date, *, shown: Collection[str] = ()
) -> Image:
    """Return the photograph of a visit with the fewest flags, in the baseline's frame.

    Among equals the one that shows most of the scalp is taken, then the earliest; one
    of `shown` goes before all others.
    """
    from hairtrack.imaging import registration

    photo, measurement = min(
        _measured_on(series, day),
        key=lambda shot: (
            shot[0].digest not in shown,
            len(shot[1].quality.flags),
            -_seen(shot[1]),
        ),
    )
    image = read_picture(library.originals.get(photo.digest)).image
    if measurement.registration is None or photo.digest == measurement.baseline:
        return image
    baseline = library.catalog.photo(measurement.baseline)
    shape = baseline.measured_shape if baseline else image.shape[:2]
    return registration.warp(image, measurement.registration.matrix, shape)


def _measured_on(series: Series | None, day: dt.date) -> list[tuple[Photo, Measurement]]:
    """Return the measured photographs of a visit with their results.

    Raises
    ------
    LibraryError
        There is none.
    """
    found = [
        (one.photo, one.measurement)
        for one in (series.photos if series else ())
        if one.photo.visit == day and one.measurement is not None and one.measured
    ]
    if not found:
        raise LibraryError("Nothing was measured on {day}.", day=day)
    return found


def _seen(measurement: Measurement) -> float:
    whole = measurement.zone(WHOLE)
    return round(whole.seen, 2) if whole else 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeMap:
    """Where more or less scalp shows than before, square by square.

    Attributes
    ----------
    picture : bytes
        JPEG of the map over the baseline.
    known, less, more : int
        Squares with a value, and those whose change exceeds `sdc_pp`: less scalp
        shows, more scalp shows.
    sdc_pp : float or None
        Change of one square, percentage points, that repeated photographs of one
        visit exceed in 1 of 20 squares; `None` with too few repeats.
    shots : (int, int)
        Photographs behind the first and the last visit.
    """

    picture: bytes
    known: int
    less: int
    more: int
    sdc_pp: float | None
    shots: tuple[int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeLapse:
    """A time-lapse of the aligned visits of one view: GIF, and WebM or `None`."""

    gif: bytes
    webm: bytes | None
    visits: int


def map_change(
    library: Library,
    *,
    subject: str,
    view: View,
    first: dt.date,
    last: dt.date,
    on_progress: batch.Progress | None = None,
    longest: int = 900,
) -> ChangeMap:
    """Lay all photographs of two visits over their baseline and compare them by squares.

    Raises
    ------
    LibraryError
        Nothing was measured on one of the days, or a photograph is lost.
    """
    import numpy as np

    from hairtrack.imaging import change_grid
    from hairtrack.report import change_map, figures

    (series,) = read_series(library, subject=subject, view=view) or (None,)
    visits = [_measured_on(series, day) for day in (first, last)]
    jobs = [shot for visit in visits for shot in visit]
    shown = jobs[0][1]
    image, scalp = _read_scalp(
        library, shown.baseline, view, outline=shown.baseline_outline
    )
    grid = change_grid.make_grid(scalp)
    found = []
    for number, (photo, measurement) in enumerate(jobs):
        if on_progress:
            on_progress(number, len(jobs))
        found.append(_average(library, photo, measurement, scalp, grid))
    counts = len(visits[0]), len(visits[1])
    before = change_grid.pool(found[: counts[0]])
    after = change_grid.pool(found[counts[0] :])
    delta = 100 * (after[0] - before[0])
    sdc = _detectable(before[1:], after[1:], counts)
    beyond = np.abs(delta) > (np.inf if sdc is None else sdc)
    small = figures.shrink(image, longest=longest)
    share = small.shape[1] / image.shape[1]
    reduced = replace(
        grid, left=grid.left * share, top=grid.top * share, side=grid.side * share
    )
    drawn = change_map.draw_change(small, reduced, delta, beyond)
    return ChangeMap(
        picture=figures.encode_jpeg(drawn),
        known=int((~np.isnan(delta)).sum()),
        less=int((beyond & (delta < 0)).sum()),
        more=int((beyond & (delta > 0)).sum()),
        sdc_pp=sdc,
        shots=counts,
    )


def render_pair(
    library: Library,
    found: Comparison,
    *,
    even_light: bool = False,
    shown: Collection[str] = (),
    longest: int = 1100,
) -> tuple[bytes, bytes, tuple[int, int]]:
    """Lay two visits over each other, ready for the screen.

    Parameters
    ----------
    even_light : bool
        Make the later picture as bright as the earlier one, for the eye only.
    shown : collection of str
        Digests of photographs to show rather than the best of their visit.

    Returns
    -------
    first, last : bytes
        JPEG of the same size, for the eye only.
    size : (int, int)
        Width and height of the pictures, px.

    Raises
    ------
    LibraryError
        A photograph is lost.
    """
    from hairtrack.report import figures

    series, days = found.series, (found.first.visit, found.last.visit)
    scalp = _load_scalp(library, series, longest=longest) if even_light else None
    before, after = _align_pair(
        library, series, days, longest=longest, even=scalp, shown=shown
    )
    first, last = map(figures.encode_jpeg, (before, after))
    return first, last, (before.shape[1], before.shape[0])


def draw_comparison(
    library: Library,
    *,
    subject: str,
    views: Sequence[View],
    first: dt.date,
    last: dt.date,
    label: Callable[[VisitSummary], str],
    hide_faces: bool = True,
    even_light: bool = False,
    shown: Collection[str] = (),
    longest: int = 1100,
) -> bytes:
    """Return two visits side by side as a PNG, a row for each view that both have.

    Parameters
    ----------
    label : callable
        Returns what is written above a visit.
    hide_faces : bool
        Paint over all but the scalp.
    even_light, shown
        As in `render_pair`.

    Raises
    ------
    LibraryError
        No view has both visits, or a photograph is lost.
    """
    from hairtrack.imaging import codec
    from hairtrack.report import figures

    drawn = []
    known = {series.view: series for series in read_series(library, subject=subject)}
    for series in (known[view] for view in views if view in known):
        rows = {row.visit: row for row in series.visits if row.shots}
        if not rows.keys() >= {first, last}:
            continue
        scalp = None
        if even_light or hide_faces:
            scalp = _load_scalp(library, series, longest=longest)
        even = scalp if even_light else None
        before, after = _align_pair(
            library, series, (first, last), longest=longest, even=even, shown=shown
        )
        if hide_faces and scalp is not None:
            before, after = (figures.privacy_crop(one, scalp) for one in (before, after))
        labels = label(rows[first]), label(rows[last])
        drawn.append(figures.before_after(before, after, labels=labels))
    if not drawn:
        raise LibraryError("No view was measured on both days.")
    return codec.encode_png(figures.stack(drawn))


def _align_pair(
    library: Library,
    series: Series,
    days: tuple[dt.date, dt.date],
    *,
    longest: int,
    even: Region | None,
    shown: Collection[str],
) -> tuple[Image, Image]:
    """Return two visits in one frame, the scalp `even` as bright in both."""
    from hairtrack.report import figures

    before, after = (
        figures.shrink(_align(library, series, day, shown=shown), longest=longest)
        for day in days
    )
    if even is not None:
        after = figures.match_brightness(after, before, scalp=even)
    return before, after


def make_time_lapse(
    library: Library,
    *,
    subject: str,
    view: View,
    name_visit: Callable[[VisitSummary], str],
    hide_faces: bool = True,
    even_light: bool = True,
    on_progress: batch.Progress | None = None,
    longest: int = 640,
) -> TimeLapse:
    """Show all measured visits of a view one after the other, laid over the baseline.

    Parameters
    ----------
    name_visit : callable
        Returns what is written above a visit.
    hide_faces, even_light : bool
        Paint over all but the scalp; make all pictures as bright as the first.

    Raises
    ------
    LibraryError
        There are fewer than two measured visits, or a photograph is lost.
    """
    from hairtrack.imaging import video
    from hairtrack.report import figures

    (series,) = read_series(library, subject=subject, view=view) or (None,)
    rows = series.measured_visits if series else ()
    if series is None or len(rows) < 2:
        raise LibraryError("A time-lapse needs two measured visits.")
    small = _load_scalp(library, series, longest=longest)
    frames: list[Image] = []
    for number, row in enumerate(rows):
        if on_progress:
            on_progress(number, len(rows))
        frame = figures.shrink(_align(library, series, row.visit), longest=longest)
        if even_light and frames:
            frame = figures.match_brightness(frame, frames[0], scalp=small)
        frames.append(frame)
    if hide_faces:
        frames = [figures.privacy_crop(frame, small) for frame in frames]
    named = [
        figures.caption(f, name_visit(row)) for f, row in zip(frames, rows, strict=True)
    ]
    try:
        webm = video.encode_webm(named)
    except HairtrackError:
        webm = None
    return TimeLapse(gif=figures.encode_gif(named), webm=webm, visits=len(rows))


def _read_scalp(
    library: Library, digest: str, view: View, *, outline: str
) -> tuple[Image, Region]:
    """Return a kept photograph and its scalp, as drawn by a person or as found."""
    from hairtrack.imaging import detection

    image = read_picture(library.originals.get(digest)).image
    drawn = read_outline(library, digest, outline)
    return image, detection.find_scalp(image, view=view) if drawn is None else drawn


def _average(
    library: Library,
    photo: Photo,
    measurement: Measurement,
    baseline_scalp: Region,
    grid: Grid,
) -> Squares:
    """Average one photograph over the squares, laid as it was when it was measured."""
    from hairtrack.imaging import change_grid, segmentation

    image, scalp = _read_scalp(
        library, photo.digest, photo.view, outline=measurement.outline
    )
    hair = segmentation.hair_fraction(image, scalp)
    identity = (1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 1.0)
    found = measurement.registration
    matrix = found.matrix if found else identity
    return change_grid.average(hair, scalp, matrix, baseline_scalp, grid)


def _detectable(
    first: tuple[float, int], last: tuple[float, int], counts: tuple[int, int]
) -> float | None:
    """Pool the spread of both visits; return what a square's change must exceed."""
    dof = first[1] + last[1]
    if dof < MIN_DOF:
        return None
    variance = sum(variance * n for variance, n in (first, last) if n) / dof
    half = difference_half_width(variance, dof, counts)
    return None if half is None else 100 * half


def _load_scalp(library: Library, series: Series, *, longest: int) -> Region:
    """Return the scalp of a baseline, as large as a picture reduced by `figures.shrink`."""
    import numpy as np

    from hairtrack.report import figures

    baseline = library.catalog.baselines()[(series.subject, series.view)]
    photo = library.catalog.photo(baseline)
    drawn = find_outline(library, photo) if photo else None
    outline = drawn.digest if drawn else ""
    _, scalp = _read_scalp(library, baseline, series.view, outline=outline)
    grey = np.repeat(scalp[..., np.newaxis].astype(np.uint8) * 255, 3, axis=2)
    small: Region = figures.shrink(grey, longest=longest)[..., 0] > 127
    return small
