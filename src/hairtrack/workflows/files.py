"""Photographs measured where they lie: no library, nothing kept."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from hairtrack import batch
from hairtrack.errors import HairtrackError, PhotoError
from hairtrack.records import Method, Quality, Registration, View, ZoneMeasurement
from hairtrack.workflows.importing import DEFAULT_VIEW
from hairtrack.workflows.measuring import decode_colour
from hairtrack.workflows.sources import read_file

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from hairtrack.imaging.pipeline import Analysis, Baseline

    Image = NDArray[np.uint8]
    Region = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True)
class FileResult:
    """What one file gave: numbers, or the sentence that says why there are none."""

    photo: str
    view: View
    error: str | None = None
    quality: Quality | None = None
    zones: tuple[ZoneMeasurement, ...] = ()
    registration: Registration | None = None
    method: Method | None = None
    pictures: tuple[str, ...] = ()

    def zone(self, name: str) -> ZoneMeasurement | None:
        """Return the named zone, or `None`."""
        return next((z for z in self.zones if z.zone == name), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class _FileJob:
    path: Path
    view: View
    baseline: Path | None
    region: Path | None
    out: Path | None
    stem: str


def measure_files(
    paths: Sequence[Path],
    *,
    view: View = DEFAULT_VIEW,
    baseline: Path | None = None,
    region: Path | None = None,
    out: Path | None = None,
    on_progress: batch.Progress | None = None,
) -> list[FileResult]:
    """Measure photographs; one that is refused does not stop the others.

    Parameters
    ----------
    baseline : Path, optional
        Photograph whose zones are carried into the others; by default each
        stands on its own zones.
    region : Path, optional
        PNG of the scalp, white where scalp is; for one photograph only.
    out : Path, optional
        Folder for the pictures of each photograph: hair fraction and scalp
        region (PNG of the photograph's size), and an overlay for the eye.

    Returns
    -------
    list of FileResult
        One for each path, in the same order.

    Raises
    ------
    ValueError
        A region is given for several photographs.
    HairtrackError
        The folder for the pictures cannot be made.
    SystemLibrariesMissing
        The operating system lacks what OpenCV needs.
    """
    if region is not None and len(paths) != 1:
        raise ValueError("a region belongs to exactly one photograph")
    import_module("hairtrack.imaging")  # what it lacks is not the fault of a photograph
    if out is not None:
        _make_folder(out)
    jobs = [
        _FileJob(
            path=path, view=View(view), baseline=baseline, region=region, out=out, stem=stem
        )
        for path, stem in zip(paths, _unique_stems(paths), strict=True)
    ]
    prepared = _BaselineOnce()
    outcomes = batch.run(partial(_measure_file, prepared), jobs, on_progress=on_progress)
    return [_result(outcome) for outcome in outcomes]


def register_files(
    moving: Path, baseline: Path, *, view: View = DEFAULT_VIEW, out: Path | None = None
) -> Registration:
    """Lay one photograph over another.

    Parameters
    ----------
    out : Path, optional
        PNG file for a checkerboard of both, in the frame of the baseline.

    Returns
    -------
    Registration
        Moving -> baseline, in px of the photographs as they are seen (EXIF
        orientation applied).

    Raises
    ------
    PhotoError
        One of them cannot be used, or they cannot be laid over each other.
    HairtrackError
        The picture cannot be written.
    """
    from hairtrack.imaging import codec, registration
    from hairtrack.report import figures

    first, second = _decode(moving), _decode(baseline)
    found = registration.register(first, second, view=View(view))
    if out is not None:
        carried = registration.warp(first, found.matrix, second.shape[:2])
        write_picture(out, codec.encode_png(figures.checkerboard(second, carried)))
    return found


class _BaselineOnce:
    """Prepares the common baseline for the first photograph, and keeps it."""

    def __init__(self) -> None:
        self._known: dict[Path, Baseline | PhotoError] = {}

    def get(self, path: Path, *, view: View) -> Baseline:
        if path not in self._known:
            self._known[path] = self._prepare(path, view=view)
        found = self._known[path]
        if isinstance(found, PhotoError):
            raise found
        return found

    @staticmethod
    def _prepare(path: Path, *, view: View) -> Baseline | PhotoError:
        from hairtrack.imaging import pipeline

        try:
            return pipeline.prepare_baseline(_decode(path), view=view)
        except PhotoError as error:
            return PhotoError(f"The baseline cannot be used: {error}")


def _measure_file(prepared: _BaselineOnce, job: _FileJob) -> FileResult:
    from hairtrack.imaging import pipeline

    image = _decode(job.path)
    region = None if job.region is None else _read_region(job.region, image.shape[:2])
    if job.baseline is None:
        baseline = pipeline.prepare_baseline(image, view=job.view, scalp=region)
    else:
        baseline = prepared.get(job.baseline, view=job.view)
    analysis = pipeline.analyze(image, baseline, scalp=region)
    pictures = _draw(job, image, analysis, baseline) if job.out else ()
    return FileResult(
        photo=str(job.path),
        view=job.view,
        quality=analysis.quality,
        zones=analysis.zones,
        registration=None if job.baseline is None else analysis.registration,
        method=analysis.method,
        pictures=tuple(str(path) for path in pictures),
    )


def _result(outcome: batch.Outcome[_FileJob, FileResult]) -> FileResult:
    if outcome.result is not None:
        return outcome.result
    job = outcome.job
    return FileResult(photo=str(job.path), view=job.view, error=str(outcome.reason))


def _decode(path: Path) -> Image:
    return decode_colour(read_file(path))


def _read_region(path: Path, shape: tuple[int, ...]) -> Region:
    from hairtrack.imaging import codec

    try:
        region = codec.decode_region(read_file(path))
    except PhotoError as error:
        raise PhotoError(f"The region cannot be used: {error}") from error
    if region.shape != shape:
        raise PhotoError(
            f"The region has {region.shape[1]} x {region.shape[0]} pixels, the photo "
            f"{shape[1]} x {shape[0]}; they must be the same."
        )
    return region


def _draw(
    job: _FileJob, image: Image, analysis: Analysis, baseline: Baseline
) -> Iterator[Path]:
    """Write hair fraction, scalp region and overlay; yield where they are."""
    from hairtrack.imaging import codec, zones
    from hairtrack.report import figures

    carried = baseline.zones
    if analysis.registration is not None:
        matrix = analysis.registration.matrix
        carried = zones.project(baseline.zones, matrix, image.shape[:2])
    pictures = {
        "hair": (analysis.hair * 255 + 0.5).astype("uint8"),
        "scalp": analysis.scalp.astype("uint8") * 255,
        "overlay": figures.overlay(image, analysis.scalp, analysis.hair, zones=carried),
    }
    for kind, picture in pictures.items():
        path = (job.out or Path()) / f"{job.stem}.{kind}.png"
        write_picture(path, codec.encode_png(picture))
        yield path


def _unique_stems(paths: Iterable[Path]) -> list[str]:
    """Return the files' names without ending, numbered where they would collide."""
    taken: set[str] = set()
    stems = []
    for path in paths:
        stem, number = path.stem, 1
        while stem.casefold() in taken:
            number += 1
            stem = f"{path.stem}-{number}"
        taken.add(stem.casefold())
        stems.append(stem)
    return stems


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise HairtrackError(
            f"The folder {folder} cannot be made: {error.strerror}."
        ) from error


def write_picture(path: Path, data: bytes) -> None:
    """Write a picture where a person asked for it.

    Raises
    ------
    HairtrackError
        The file cannot be written.
    """
    try:
        path.write_bytes(data)
    except OSError as error:
        raise HairtrackError(f"{path} cannot be written: {error.strerror}.") from error
