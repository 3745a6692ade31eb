"""Two visits looked at closely: zone by zone, square by square, and as a time-lapse."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from hairtrack.errors import LibraryError
from hairtrack.records import Photo, View
from hairtrack.statistics import difference_half_width
from hairtrack.workflows.comparing import compare
from hairtrack.workflows.judging import judge, judge_change
from hairtrack.workflows.library import Library
from hairtrack.workflows.measuring import find_outline, read_outline
from hairtrack.workflows.progressing import ProgressRow, measured_by, progress

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from hairtrack.imaging.change_grid import Grid
    from hairtrack.records import Measurement

    Image = NDArray[np.uint8]
    Squares = NDArray[np.float64]

Progress = Callable[[int, int], None]

_QUALITY = 88

FEWEST_FREEDOM = 4
"""Below so many degrees of freedom a square's spread says nothing worth showing."""


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
class ZoneChange:
    """How one zone differs between two visits; see `change_between`."""

    zone: str
    first: float
    last: float
    delta_pp: float
    interval_pp: tuple[float, float] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Lapse:
    """A time-lapse of the aligned visits of one view: animated WebP, and WebM or `None`."""

    webp: bytes
    webm: bytes | None
    visits: int


def list_zone_changes(
    library: Library,
    *,
    subject: str,
    view: View,
    first: dt.date,
    last: dt.date,
) -> list[ZoneChange]:
    """Return how each zone differs between two visits, those without a value left out.

    Parameters
    ----------
    library : Library
        Open library.
    subject, view
        The series.
    first, last : datetime.date
        Two measured visits.

    Returns
    -------
    list of ZoneChange
    """
    found = []
    for judged in judge(library, subject=subject, view=view, zone=None):
        levels = {reading.day: reading.level for reading in judged.readings}
        if not levels.keys() >= {first, last}:
            continue
        change = judge_change(judged, first=first, last=last)
        found.append(
            ZoneChange(
                zone=judged.zone,
                first=levels[first],
                last=levels[last],
                delta_pp=change.delta_pp,
                interval_pp=change.interval_pp,
            )
        )
    return found


def map_change(
    library: Library,
    *,
    subject: str,
    view: View,
    first: dt.date,
    last: dt.date,
    on_progress: Progress | None = None,
    longest: int = 900,
) -> ChangeMap:
    """Lay all photographs of two visits over their baseline and compare them by squares.

    Parameters
    ----------
    library : Library
        Open library.
    subject, view
        The series.
    first, last : datetime.date
        Two measured visits.
    on_progress : callable, optional
        Called with (finished, all) photographs.
    longest : int
        Longer side of the picture, px.

    Returns
    -------
    ChangeMap

    Raises
    ------
    LibraryError
        Nothing was measured on one of the days, or a photograph is lost.
    """
    import numpy as np

    from hairtrack.imaging import change_grid, codec
    from hairtrack.report import change_map, figures

    visits = [_shots_of(library, subject, view, day) for day in (first, last)]
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
    drawn = change_map.draw_change(
        small, _scaled(grid, small.shape[1] / image.shape[1]), delta, beyond
    )
    return ChangeMap(
        picture=codec.encode_jpeg(drawn, quality=_QUALITY),
        known=int((~np.isnan(delta)).sum()),
        less=int((beyond & (delta < 0)).sum()),
        more=int((beyond & (delta > 0)).sum()),
        sdc_pp=sdc,
        shots=counts,
    )


def export_sheet(
    library: Library,
    *,
    subject: str,
    view: View,
    first: dt.date,
    last: dt.date,
    labels: tuple[str, str],
    hide_faces: bool = True,
    even_light: bool = False,
    longest: int = 1100,
) -> bytes:
    """Return both visits side by side as a PNG; faces hidden unless they may be seen.

    Raises
    ------
    LibraryError
        No such visit, or a photograph is lost.
    """
    from hairtrack.imaging import codec
    from hairtrack.report import figures

    found = compare(library, subject=subject, view=view, first=first, last=last)
    before, after = (
        figures.shrink(image, longest=longest)
        for image in (found.first_image, found.last_image)
    )
    small = read_small_scalp(library, subject=subject, view=view, longest=longest)
    if even_light:
        after = figures.match_brightness(after, before, scalp=small)
    if hide_faces:
        before, after = (figures.privacy_crop(one, small) for one in (before, after))
    return codec.encode_png(figures.before_after(before, after, labels=labels))


def make_lapse(
    library: Library,
    *,
    subject: str,
    view: View,
    name_visit: Callable[[ProgressRow], str],
    hide_faces: bool = True,
    even_light: bool = True,
    on_progress: Progress | None = None,
    longest: int = 640,
) -> Lapse:
    """Show all measured visits of a view one after the other, laid over the baseline.

    Parameters
    ----------
    library : Library
        Open library.
    subject, view
        The series.
    name_visit : callable
        Returns what is written above a visit.
    hide_faces, even_light : bool
        Paint over all but the scalp; make all pictures as bright as the first.
    on_progress : callable, optional
        Called with (finished, all) visits.
    longest : int
        Longer side of the pictures, px.

    Returns
    -------
    Lapse

    Raises
    ------
    LibraryError
        There are fewer than two measured visits, or a photograph is lost.
    """
    from hairtrack.errors import HairtrackError
    from hairtrack.imaging import video
    from hairtrack.report import figures

    rows = [
        row
        for row in progress(library, subject=subject, view=view)
        if row.visible_scalp is not None
    ]
    if len(rows) < 2:
        raise LibraryError("A time-lapse needs two measured visits.")
    small = read_small_scalp(library, subject=subject, view=view, longest=longest)
    frames: list[Image] = []
    for number, row in enumerate(rows):
        if on_progress:
            on_progress(number, len(rows))
        day = row.visit
        pair = compare(library, subject=subject, view=view, first=day, last=day)
        frame = figures.shrink(pair.first_image, longest=longest)
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
    return Lapse(webp=figures.encode_webp(named), webm=webm, visits=len(rows))


def _shots_of(
    library: Library, subject: str, view: View, day: dt.date
) -> list[tuple[Photo, Measurement]]:
    """Return the measured photographs of a visit with their results."""
    results = measured_by(library, library.catalog.latest_method(), subject=subject)
    photos = library.catalog.photos(subject=subject, view=view)
    shots = [
        (photo, results[photo.digest])
        for photo in photos
        if photo.visit == day and photo.digest in results
    ]
    measured = [shot for shot in shots if shot[1].refused is None]
    if not measured:
        raise LibraryError(f"Nothing was measured on {day}.")
    return measured


def _read_scalp(
    library: Library, digest: str, view: View, *, outline: str
) -> tuple[Image, NDArray[np.bool_]]:
    """Return a kept photograph and its scalp, as drawn by a person or as found."""
    from hairtrack.imaging import codec, detection

    image = codec.read(library.originals.get(digest)).image
    drawn = read_outline(library, digest, outline)
    return image, detection.find_scalp(image, view=view) if drawn is None else drawn


def _average(
    library: Library,
    photo: Photo,
    measurement: Measurement,
    baseline_scalp: NDArray[np.bool_],
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
    if dof < FEWEST_FREEDOM:
        return None
    variance = sum(variance * n for variance, n in (first, last) if n) / dof
    half = difference_half_width(variance, dof, counts)
    return None if half is None else 100 * half


def _scaled(grid: Grid, share: float) -> Grid:
    from dataclasses import replace

    return replace(
        grid, left=grid.left * share, top=grid.top * share, side=grid.side * share
    )


def read_small_scalp(
    library: Library, *, subject: str, view: View, longest: int
) -> NDArray[np.bool_]:
    """Return the scalp of a baseline, as large as a picture reduced by `figures.shrink`."""
    import numpy as np

    from hairtrack.report import figures

    baseline = library.catalog.baselines()[(subject, view)]
    photo = library.catalog.photo(baseline)
    drawn = find_outline(library, photo) if photo else None
    _, scalp = _read_scalp(library, baseline, view, outline=drawn.digest if drawn else "")
    grey = np.repeat(scalp[..., np.newaxis].astype(np.uint8) * 255, 3, axis=2)
    small: NDArray[np.bool_] = figures.shrink(grey, longest=longest)[..., 0] > 127
    return small
