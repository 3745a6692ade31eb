"""Measure or register files that a person names; nothing is kept."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from hairtrack import batch
from hairtrack.errors import HairtrackError, PhotoError
from hairtrack.records import Method, Quality, Registration, View, ZoneMeasurement
from hairtrack.workflows.measuring import check_region, decode_colour, reduce_region
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
    method: Method | None = None
    pictures: tuple[str, ...] = ()

    def zone(self, name: str) -> ZoneMeasurement | None:
        """Return the named zone, or `None`."""
        return next((z for z in self.zones if z.zone == name), None)


def measure_files(
    paths: Sequence[Path],
    *,
    view: View = View.VERTEX,
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
        region (PNG of the size at which it is measured), and an overlay for the eye.

    Returns
    -------
    list of FileResult
        One for each path, in the same order.

    Raises
    ------
    ValueError
        A region is given for several photographs.
    HairtrackError
        The baseline cannot be used, the folder for the pictures cannot be made, or the
        operating system lacks what OpenCV needs.
    """
    from hairtrack.imaging import pipeline

    if region is not None and len(paths) != 1:
        raise ValueError("a region belongs to exactly one photograph")
    view, first = View(view), None
    if baseline is not None:
        try:
            first = pipeline.prepare_baseline(_decode_file(baseline), view=view)
        except PhotoError as error:
            raise PhotoError(f"The baseline cannot be used: {error}") from error
    if out is not None:
        _make_folder(out)
    jobs = list(zip(paths, _unique_stems(paths), strict=True))
    measure = partial(_measure_file, view=view, baseline=first, region=region, out=out)
    outcomes = batch.run(measure, jobs, on_progress=on_progress)
    return [
        outcome.result
        or FileResult(photo=str(outcome.job[0]), view=view, error=outcome.reason)
        for outcome in outcomes
    ]


def register_files(
    moving: Path, baseline: Path, *, view: View = View.VERTEX, out: Path | None = None
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
        orientation applied) and measured (reduced where they are very large).

    Raises
    ------
    PhotoError
        One of them cannot be used, or they cannot be laid over each other.
    HairtrackError
        The picture cannot be written.
    """
    from hairtrack.imaging import codec, registration
    from hairtrack.report import figures

    first, second = _decode_file(moving), _decode_file(baseline)
    found = registration.register(first, second, view=View(view))
    if out is not None:
        carried = registration.warp(first, found.matrix, second.shape[:2])
        write_file(out, codec.encode_png(figures.checkerboard(second, carried)))
    return found


def _measure_file(
    job: tuple[Path, str],
    *,
    view: View,
    baseline: Baseline | None,
    region: Path | None,
    out: Path | None,
) -> FileResult:
    from hairtrack.imaging import pipeline

    path, stem = job
    image = _decode_file(path)
    scalp = _read_region(region, path, image.shape[:2]) if region else None
    if baseline is None:
        baseline = pipeline.prepare_baseline(image, view=view, scalp=scalp)
    analysis = pipeline.analyze(image, baseline, scalp=scalp)
    pictures = _draw(out / stem, image, analysis, baseline) if out else []
    return FileResult(
        photo=str(path),
        view=view,
        quality=analysis.quality,
        zones=analysis.zones,
        method=analysis.method,
        pictures=tuple(str(one) for one in pictures),
    )


def _decode_file(path: Path) -> Image:
    return decode_colour(read_file(path))


def _read_region(path: Path, photo: Path, shape: tuple[int, ...]) -> Region:
    from hairtrack.imaging import codec

    info = codec.probe(read_file(photo))
    try:
        drawn = codec.decode_region(read_file(path))
        return reduce_region(check_region(drawn, (info.height, info.width)), shape)
    except PhotoError as error:
        raise PhotoError(f"The region cannot be used: {error}") from error


def _draw(place: Path, image: Image, analysis: Analysis, baseline: Baseline) -> list[Path]:
    """Write hair fraction, scalp region and overlay; return where they are."""
    from hairtrack.imaging import codec

    pictures = {
        "hair": (analysis.hair * 255 + 0.5).astype("uint8"),
        "scalp": analysis.scalp.astype("uint8") * 255,
        "overlay": draw_overlay(image, analysis, baseline),
    }
    written = []
    for kind, picture in pictures.items():
        written.append(place.with_name(f"{place.name}.{kind}.png"))
        write_file(written[-1], codec.encode_png(picture))
    return written


def draw_overlay(image: Image, analysis: Analysis, baseline: Baseline) -> Image:
    """Draw what was measured over a photograph, with the zones of its baseline."""
    from hairtrack.imaging import zones
    from hairtrack.report import figures

    carried = baseline.zones
    if analysis.registration is not None:
        matrix = analysis.registration.matrix
        carried = zones.project(baseline.zones, matrix, image.shape[:2])
    return figures.overlay(image, analysis.scalp, analysis.hair, zones=carried)


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


def write_file(path: Path, data: bytes) -> None:
    """Write a file where a person asked for it.

    Raises
    ------
    HairtrackError
        The file cannot be written.
    """
    try:
        path.write_bytes(data)
    except OSError as error:
        raise HairtrackError(f"{path} cannot be written: {error.strerror}.") from error
