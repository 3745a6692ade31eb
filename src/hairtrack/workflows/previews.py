"""What a screen shows of a library: pictures and rows, never a file as it was taken.

Every picture is decoded, reduced and encoded again, so that nothing of the
camera's notes (place, serial number, thumbnail) can travel with it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from hairtrack.errors import NoHeadFound, PhotoError
from hairtrack.records import Measurement, Quality, QualityFlag
from hairtrack.store import digest_of
from hairtrack.workflows.files import draw_overlay
from hairtrack.workflows.importing import Suggestion, suggest, suggest_view
from hairtrack.workflows.library import Library
from hairtrack.workflows.measuring import read_outline, read_picture
from hairtrack.workflows.series import PhotoResult

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Image = NDArray[np.uint8]

    Region = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True)
class FlagPicture:
    """A quality flag and a picture that shows its reason: a JPEG without metadata."""

    flag: QualityFlag
    picture: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class PhotoCheck:
    """What can be said of a photograph as soon as it is there.

    Attributes
    ----------
    flags : tuple of FlagPicture
        In the order of `QualityFlag`.
    unusable : str or None
        Why it cannot be measured; it can be kept all the same.
    """

    flags: tuple[FlagPicture, ...] = ()
    unusable: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """A photograph that is not in the library yet, as a person checks it.

    Attributes
    ----------
    digest : str
        What its identity will be.
    suggestion : Suggestion
        View and date as far as it holds them.
    picture : bytes
        Small JPEG without any metadata.
    check : PhotoCheck
        What can be said of it at once.
    """

    digest: str
    suggestion: Suggestion
    picture: bytes
    check: PhotoCheck = field(default_factory=PhotoCheck)


def preview(data: bytes, *, name: str, longest: int = 480) -> Preview:
    """Look at a photograph before it is taken in, and judge it.

    Parameters
    ----------
    name : str
        Its name, only read for a date and a view.

    Raises
    ------
    PhotoError
        The bytes are no photograph that can be taken.
    """
    from hairtrack.imaging import codec
    from hairtrack.report import figures

    decoded = read_picture(data)
    return Preview(
        digest=digest_of(codec.strip(data)),
        suggestion=suggest(decoded.taken_at, name=name, view=suggest_view(name)),
        picture=figures.encode_jpeg(decoded.image, longest=longest),
        check=check_photo(decoded.image, grey=decoded.grey),
    )


def method_key() -> str:
    """Return the line that names the method and all that it rests on."""
    from hairtrack.imaging import pipeline

    return pipeline.method().key


def render_photo(library: Library, digest: str, *, longest: int = 480) -> bytes:
    """Return a kept photograph as a small JPEG without any metadata.

    Raises
    ------
    LibraryError
        The photograph is lost or damaged on disk.
    """
    from hairtrack.imaging import codec
    from hairtrack.report import figures

    image = codec.read_small(library.originals.get(digest), longest=longest)
    return figures.encode_jpeg(image, longest=longest)


def render_overlay(library: Library, shot: PhotoResult, *, longest: int = 1200) -> bytes:
    """Draw what was measured over a photograph.

    Parameters
    ----------
    shot : PhotoResult
        A measured photograph; hair and scalp are found again as they were.

    Returns
    -------
    bytes
        JPEG with a legend.

    Raises
    ------
    PhotoError
        The photograph was not measured.
    LibraryError
        The photograph or its baseline is lost or damaged on disk.
    """
    from hairtrack.imaging import pipeline
    from hairtrack.report import figures

    found = shot.measurement
    if found is None or found.refused is not None:
        raise PhotoError("This photograph was not measured, so there is nothing to draw.")
    image = read_picture(library.originals.get(shot.photo.digest)).image
    first = image
    if found.baseline != shot.photo.digest:
        first = read_picture(library.originals.get(found.baseline)).image
    drawn = read_outline(library, found.baseline, found.baseline_outline)
    baseline = pipeline.prepare_baseline(first, view=found.view, scalp=drawn)
    drawn = read_outline(library, shot.photo.digest, found.outline)
    analysis = pipeline.analyze(image, baseline, scalp=drawn)
    return figures.encode_jpeg(draw_overlay(image, analysis, baseline), longest=longest)


def check_photo(image: Image, *, grey: bool = False) -> PhotoCheck:
    """Judge a photograph that is not measured yet.

    Parameters
    ----------
    image : (H, W, 3) uint8
        sRGB photograph.
    grey : bool
        True if it came without colour.

    Returns
    -------
    PhotoCheck
        Whether hair and skin look alike is known only when it is measured.
    """
    from hairtrack.imaging import detection, quality

    try:
        scalp = detection.detect(image).scalp
    except NoHeadFound as error:
        return PhotoCheck(unusable=error.message)
    found = quality.assess(image, scalp, grey=grey)
    return PhotoCheck(flags=_draw(image, scalp, found))


def draw_flag_pictures(
    library: Library, measurement: Measurement
) -> tuple[FlagPicture, ...]:
    """Draw the quality flags of a photograph that was measured, or refused.

    Parameters
    ----------
    measurement : Measurement
        The scalp is found again as it was. A photograph that could not be measured is
        checked now.

    Returns
    -------
    tuple of FlagPicture
        None where no scalp is found any more.

    Raises
    ------
    LibraryError
        The photograph is lost or damaged on disk.
    """
    from hairtrack.imaging import detection, segmentation

    refused = measurement.refused is not None
    if not (refused or measurement.quality.flags):
        return ()
    decoded = read_picture(library.originals.get(measurement.photo))
    image = decoded.image
    if refused:
        return check_photo(image, grey=decoded.grey).flags
    scalp = read_outline(library, measurement.photo, measurement.outline)
    if scalp is None:
        try:
            scalp = detection.detect(image).scalp
        except NoHeadFound:
            return ()
    alike = QualityFlag.LOW_CONTRAST in measurement.quality.flags
    hair = segmentation.hair_fraction(image, scalp) if alike else None
    return _draw(image, scalp, measurement.quality, hair=hair)


def _draw(
    image: Image,
    scalp: Region,
    found: Quality,
    *,
    hair: NDArray[np.float32] | None = None,
) -> tuple[FlagPicture, ...]:
    from hairtrack.report import figures, quality_figures

    return tuple(
        FlagPicture(
            flag=flag,
            picture=figures.encode_jpeg(
                quality_figures.draw_flag(image, scalp, flag, hair=hair)
            ),
        )
        for flag in found.flags
    )
