"""What may be wrong with one photograph, at once and in pictures, before any number."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from hairtrack.errors import NoHeadFound
from hairtrack.records import Quality, QualityFlag
from hairtrack.workflows.library import Library
from hairtrack.workflows.measuring import read_outline

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from hairtrack.records import Measurement

    Image = NDArray[np.uint8]
    Region = NDArray[np.bool_]

_QUALITY = 85


@dataclass(frozen=True, slots=True, kw_only=True)
class Doubt:
    """A doubt about a photograph, and a picture that shows it: a JPEG without metadata."""

    flag: QualityFlag
    picture: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What can be said of a photograph as soon as it is there.

    Attributes
    ----------
    doubts : tuple of Doubt
        In the order of `QualityFlag`.
    unusable : str or None
        Why it cannot be measured; it can be kept all the same.
    """

    doubts: tuple[Doubt, ...] = ()
    unusable: str | None = None


def judge_photo(image: Image, *, grey: bool = False) -> Verdict:
    """Judge a photograph that is not measured yet.

    Parameters
    ----------
    image : (H, W, 3) uint8
        sRGB photograph.
    grey : bool
        True if it came without colour.

    Returns
    -------
    Verdict
        Whether hair and skin look alike is known only when it is measured.
    """
    from hairtrack.imaging import detection, quality

    try:
        scalp = detection.detect(image).scalp
    except NoHeadFound as error:
        return Verdict(unusable=str(error))
    found = quality.assess(image, scalp, grey=grey)
    return Verdict(doubts=_draw(image, scalp, found))


def show_doubts(library: Library, measurement: Measurement) -> tuple[Doubt, ...]:
    """Draw the doubts of a photograph that was measured, or refused.

    Parameters
    ----------
    library : Library
        Open library.
    measurement : Measurement
        What the doubts belong to; the scalp is found again as it was. Of a photograph
        that could not be measured they are found now.

    Returns
    -------
    tuple of Doubt
        None where no scalp is found any more.

    Raises
    ------
    LibraryError
        The photograph is lost or damaged on disk.
    """
    from hairtrack.imaging import codec, detection, segmentation

    refused = measurement.refused is not None
    if not (refused or measurement.quality.flags):
        return ()
    decoded = codec.read(library.originals.get(measurement.photo))
    image = decoded.image
    if refused:
        return judge_photo(image, grey=decoded.grey).doubts
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
) -> tuple[Doubt, ...]:
    from hairtrack.imaging import codec
    from hairtrack.report import quality_figures

    return tuple(
        Doubt(
            flag=flag,
            picture=codec.encode_jpeg(
                quality_figures.draw_flag(image, scalp, flag, hair=hair), quality=_QUALITY
            ),
        )
        for flag in found.flags
    )
