"""Measure what is new in a library.

The baseline of a subject and view is its earliest photograph on which a scalp
is found. It is chosen at the first run and then stays: photographs that are
imported later never move it, not even earlier ones, because every number of
the series is taken in the baseline's zones. While it is deleted, or filed
elsewhere, the next one takes its place; when it is back, so are its numbers.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby
from typing import TYPE_CHECKING

from hairtrack import batch
from hairtrack.errors import ColourMissing, PhotoError
from hairtrack.messages import Message
from hairtrack.records import (
    MAX_MEASURED,
    Measurement,
    Method,
    Photo,
    Quality,
    QualityFlag,
    TakenFrom,
    View,
)
from hairtrack.store import Originals
from hairtrack.workflows.library import Library
from hairtrack.workflows.sources import Refusal

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from hairtrack.imaging.codec import Decoded
    from hairtrack.imaging.pipeline import Baseline

    Image = NDArray[np.uint8]
    Region = NDArray[np.bool_]

_WORKER_BYTES, _MEASURED_BYTES, _DECODED_BYTES = 330_000_000, 20, 4
"""Memory of a process that measures: the libraries and networks, each pixel that is
measured, and each that is only decoded. 0.38 GB at 1 megapixel, 0.56 at 12, 0.63 at 60."""

TRUSTED_YEARS = 5
"""Years between a baseline and the other visits beyond which the day must be confirmed:
clocks that lost their time go back further, courses last less."""

_MIN_PX = 100
"""A smaller scalp is a slip of the mouse."""


def read_picture(data: bytes) -> Decoded:
    """Decode a photograph as large as it is measured; raises as `decode`."""
    from hairtrack.imaging import codec

    return codec.read(data, most=MAX_MEASURED)


def decode_colour(data: bytes) -> Image:
    """Decode a photograph that is to be measured: sRGB (H, W, 3) uint8.

    Raises
    ------
    ColourMissing
        The photograph is grey.
    PhotoError
        It cannot be decoded.
    """
    decoded = read_picture(data)
    if decoded.grey:
        raise ColourMissing(
            "The photo has no colour, so hair and skin cannot be told apart; "
            "take it again in colour."
        )
    return decoded.image


@dataclass(frozen=True, slots=True, kw_only=True)
class Outline:
    """The scalp as a person drew it: a PNG, white where scalp is."""

    digest: str
    region: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasureJob:
    """One photograph to be measured in the zones of its baseline.

    The scalp is found, or taken from an outline where a person drew one.
    """

    photo: str
    baseline: str
    view: View
    originals: Originals
    outline: Outline | None = None
    baseline_outline: Outline | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RunSummary:
    """What a run did.

    Attributes
    ----------
    measured : int
        Photographs that got their numbers.
    refused : tuple of Refusal
        Photographs that cannot be measured; the reason is kept with them.
    failed : tuple of Refusal
        Photographs that were not measured this time and are tried again next time.
    """

    measured: int = 0
    refused: tuple[Refusal, ...] = ()
    failed: tuple[Refusal, ...] = ()


class _Tally:
    """Stores results as they come, and counts."""

    def __init__(
        self, library: Library, on_progress: batch.Progress | None, *, total: int
    ) -> None:
        self.library, self.on_progress, self.total = library, on_progress, total
        self.done = self.measured = 0
        self.refused: list[Refusal] = []
        self.failed: list[Refusal] = []
        self._report()

    def add(self, outcome: batch.Outcome[MeasureJob, Measurement]) -> None:
        """Store a result, or note why there is none."""
        digest, result = outcome.job.photo, outcome.result
        if result is None:
            self.failed.append(_refusal(self.library, digest, str(outcome.reason)))
        else:
            self.library.catalog.add_measurement(result)
            if result.refused is None:
                self.measured += 1
            else:
                self.refused.append(_refusal(self.library, digest, result.refused))
        self.done += 1
        self._report()

    def ask(self, photo: Photo) -> None:
        """Note that a person must confirm the day of a photograph."""
        reason = Message(
            "Its day lies more than {years} years before the other photographs or the "
            "start of the treatment: was the clock of the camera set? Give the right day, "
            "or the same one again if it is right; on the command line with `hairtrack "
            "photo date`.",
            years=TRUSTED_YEARS,
        )
        self.failed.append(_refusal(self.library, photo.digest, reason))

    def _report(self) -> None:
        if self.on_progress:
            self.on_progress(self.done, self.total)


def run_pending(
    library: Library,
    *,
    workers: int | None = None,
    on_progress: batch.Progress | None = None,
) -> RunSummary:
    """Measure every photograph that this version of the method has not measured yet.

    Each result is stored as it comes: an interrupted run continues where it
    stopped, and a run with nothing pending changes nothing.

    Parameters
    ----------
    workers : int, optional
        Processes at most, as far as the memory goes; by default some for a large batch,
        none for a small one.
    """
    from hairtrack.imaging import pipeline

    method = pipeline.method()
    tally = _Tally(library, on_progress, total=count_pending(library))
    for candidates in _without_baseline(library):
        _choose_baseline(library, candidates, method, tally=tally)
    jobs = list(_pending(library, method))
    tally.total = tally.done + len(jobs)
    memory = max(map(find_memory, library.catalog.photos()), default=0)
    workers = batch.count_workers(len(jobs), limit=workers, memory=memory)
    try:
        for outcome in batch.run(measure_job, jobs, workers=workers):
            tally.add(outcome)
    finally:
        _prepare.cache_clear()  # large arrays, which a program that stays would keep
    return RunSummary(
        measured=tally.measured, refused=tuple(tally.refused), failed=tuple(tally.failed)
    )


def find_memory(photo: Photo) -> int:
    """Return the bytes that a process takes which measures a photograph."""
    height, width = photo.measured_shape
    rest = photo.height * photo.width - height * width
    return _WORKER_BYTES + _MEASURED_BYTES * height * width + _DECODED_BYTES * rest


def count_pending(library: Library) -> int:
    """Return how many photographs a run would try to measure."""
    from hairtrack.imaging import pipeline

    done = library.catalog.done(method=pipeline.method().key)
    return sum(photo.digest not in done for photo in library.catalog.photos())


def measure_job(job: MeasureJob) -> Measurement:
    """Measure one kept photograph; a refusal is a result too, and is kept.

    Raises
    ------
    LibraryError
        The photograph or its baseline is lost or damaged on disk.
    """
    from hairtrack.imaging import pipeline

    try:
        baseline = _prepare(job.originals, job.baseline, job.view, job.baseline_outline)
    except PhotoError as error:
        if job.photo == job.baseline:
            return _refuse(job, error)
        return _refuse(job, PhotoError("Its baseline cannot be used: {error}", error=error))
    try:
        image = decode_colour(job.originals.get(job.photo))
        analysis = pipeline.analyze(image, baseline, scalp=_region(job.outline))
    except PhotoError as error:
        return _refuse(job, error)
    return Measurement(
        photo=job.photo,
        baseline=job.baseline,
        view=job.view,
        method=analysis.method,
        quality=analysis.quality,
        registration=analysis.registration,
        zones=analysis.zones,
        outline=_digest(job.outline),
        baseline_outline=_digest(job.baseline_outline),
    )


def _refuse(job: MeasureJob, error: PhotoError) -> Measurement:
    from hairtrack.imaging import pipeline

    grey = isinstance(error, ColourMissing)
    return Measurement(
        photo=job.photo,
        baseline=job.baseline,
        view=job.view,
        method=pipeline.method(),
        quality=Quality(flags=(QualityFlag.GREY,) if grey else ()),
        refused=error.message,
        outline=_digest(job.outline),
        baseline_outline=_digest(job.baseline_outline),
    )


@lru_cache(maxsize=2)
def _prepare(
    originals: Originals, digest: str, view: View, outline: Outline | None
) -> Baseline:
    """Prepare a baseline; the jobs of one series come together and share it."""
    from hairtrack.imaging import pipeline

    image = decode_colour(originals.get(digest))
    return pipeline.prepare_baseline(image, view=view, scalp=_region(outline))


def read_outline(library: Library, photo: str, digest: str) -> Region | None:
    """Return the scalp that a person drew, (H, W) bool; `None` for an empty digest.

    Raises
    ------
    LibraryError
        It is lost or damaged on disk.
    """
    from hairtrack.imaging import codec

    return codec.decode_region(library.catalog.outline(photo, digest)) if digest else None


def _region(outline: Outline | None) -> Region | None:
    from hairtrack.imaging import codec

    return None if outline is None else codec.decode_region(outline.region)


def _digest(outline: Outline | None) -> str:
    return "" if outline is None else outline.digest


def _without_baseline(library: Library) -> Iterator[list[Photo]]:
    """Yield the photographs of each series that has no baseline."""
    known = library.catalog.baselines()
    for series, photos in _series(library):
        if series not in known:
            yield photos


def _choose_baseline(
    library: Library, candidates: list[Photo], method: Method, *, tally: _Tally
) -> None:
    """Make the earliest photograph that can be measured in its own zones the baseline.

    A photograph that is lost for now ends the search: a later one would keep
    its place for good. So does one of a day that a person must confirm. One that was
    measured in its own zones before is taken at once, and one that was refused there is
    passed over.
    """
    refused = library.catalog.alone(method=method.key)
    known = _find_known_day(library, candidates[0].subject)
    for photo in candidates:
        if photo.taken_from is not TakenFrom.PERSON and photo.visit < known:
            tally.ask(photo)
            return
        if photo.digest not in refused:
            (outcome,) = batch.run(measure_job, [_job(library, photo, photo)])
            tally.add(outcome)
            if outcome.result is None:
                return
            refused[photo.digest] = outcome.result.refused is not None
        if not refused[photo.digest]:
            library.catalog.set_baseline(photo.digest)
            return


def _find_known_day(library: Library, subject: str) -> dt.date:
    """Return the day before which a camera's clock is not trusted.

    It lies `TRUSTED_YEARS` before the declared start of the treatment, or before the
    middle one of the subject's visits if that is later.
    """
    visits = sorted({photo.visit for photo in library.catalog.photos(subject=subject)})
    known = library.catalog.subject(subject)
    start = known.started_at if known else None
    latest = max(filter(None, (visits[len(visits) // 2], start)))
    return latest - dt.timedelta(days=round(365.25 * TRUSTED_YEARS))


def _pending(library: Library, method: Method) -> Iterator[MeasureJob]:
    """Yield a job for each photograph that has a baseline and no result."""
    baselines = library.catalog.baselines()
    done = library.catalog.done(method=method.key)
    for series, photos in _series(library):
        waiting = [photo for photo in photos if photo.digest not in done]
        digest = baselines.get(series) if waiting else None
        baseline = None if digest is None else library.catalog.photo(digest)
        if baseline is not None:
            yield from (_job(library, photo, baseline) for photo in waiting)


def _series(library: Library) -> Iterator[tuple[tuple[str, View], list[Photo]]]:
    """Yield the photographs of each subject and view, earliest first."""
    photos = library.catalog.photos()
    for series, group in groupby(photos, key=lambda p: (p.subject, p.view)):
        yield series, sorted(group, key=_age)


def _age(photo: Photo) -> tuple[dt.date, dt.datetime, str]:
    """Sort by visit, by time on the wall, those without a time last."""
    at = photo.taken_at.replace(tzinfo=None) if photo.taken_at else dt.datetime.max
    return photo.visit, at, photo.digest


def _job(library: Library, photo: Photo, baseline: Photo) -> MeasureJob:
    return MeasureJob(
        photo=photo.digest,
        baseline=baseline.digest,
        view=photo.view,
        originals=library.originals,
        outline=find_outline(library, photo),
        baseline_outline=find_outline(library, baseline),
    )


def find_outline(library: Library, photo: Photo) -> Outline | None:
    """Return the scalp outline that a person drew on a photograph, if one holds.

    Raises
    ------
    LibraryError
        It is lost or damaged on disk.
    """
    if photo.outline is None:
        return None
    region = library.catalog.outline(photo.digest, photo.outline)
    return Outline(digest=photo.outline, region=region)


def _refusal(library: Library, digest: str, reason: str) -> Refusal:
    """Name a photograph as a person knows it: day, view and first digits."""
    photo = library.catalog.photo(digest)
    name = f"{photo.visit} {photo.view} {digest[:8]}" if photo else digest[:8]
    return Refusal(photo=name, error=reason)


def check_region(scalp: Region, shape: tuple[int, ...]) -> Region:
    """Return a scalp that a person drew; PhotoError if its size or content is wrong."""
    if scalp.shape != shape:
        raise PhotoError(
            "The outline has {width} x {height} pixels, the photo {photo_width} x "
            "{photo_height}; they must be the same.",
            width=scalp.shape[1],
            height=scalp.shape[0],
            photo_width=shape[1],
            photo_height=shape[0],
        )
    if scalp.sum() < _MIN_PX:
        raise PhotoError("The outline holds next to nothing of the photograph.")
    return scalp


def reduce_region(scalp: Region, shape: tuple[int, ...]) -> Region:
    """Return a scalp drawn on a whole photograph, as large as that is measured."""
    step = round(scalp.shape[0] / shape[0])
    return scalp[::step, ::step]
