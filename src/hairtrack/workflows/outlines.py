"""The scalp's outline as a person sees and corrects it, and what it changes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from hairtrack.errors import NoHeadFound, PhotoError
from hairtrack.records import WHOLE, View
from hairtrack.workflows.editing import draw_outline, need_photo
from hairtrack.workflows.library import Library
from hairtrack.workflows.measuring import find_outline, read_outline
from hairtrack.workflows.series import PhotoResult

if TYPE_CHECKING:
    from hairtrack.imaging.outline import Stroke
    from hairtrack.workflows.measuring import Region

Point = tuple[float, float]

_MIN_PX = 100
_FINE = 48
"""Points of an outline that a person drew before."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ScalpOutline:
    """A photograph with the outline of its scalp.

    Attributes
    ----------
    picture : bytes
        JPEG, without metadata.
    outline_xy : tuple of (float, float)
        Points (x, y) in px of the photograph.
    found : bool
        False where the program found no scalp and the outline is only a start.
    size : (int, int)
        Width and height of the photograph, px.
    strokes : tuple of Stroke
        Holes, and pieces beside the outline, that a person drew earlier.
    """

    picture: bytes
    outline_xy: tuple[Point, ...]
    found: bool
    size: tuple[int, int]
    strokes: tuple[Stroke, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawnOutline:
    """A scalp as a person drew it: an outline, and then strokes of a brush.

    Attributes
    ----------
    outline_xy : tuple of (float, float)
        At least three points (x, y) in px of the photograph.
    strokes : tuple of Stroke
        In the order in which they were drawn.
    """

    outline_xy: tuple[Point, ...]
    strokes: tuple[Stroke, ...] = ()


def load_outline(
    library: Library, shot: PhotoResult, *, longest: int = 1000
) -> ScalpOutline:
    """Find the scalp of a kept photograph and draw its outline as points.

    Parameters
    ----------
    shot : PhotoResult
        A kept photograph, measured or not.

    Raises
    ------
    LibraryError
        The photograph is lost or damaged on disk.
    """
    from hairtrack.imaging import codec, detection, outline
    from hairtrack.report import figures

    image = codec.read(library.originals.get(shot.photo.digest)).image
    height, width = image.shape[:2]
    strokes: tuple[Stroke, ...] = ()
    try:
        scalp = _read_drawn(library, shot.photo.digest)
        if scalp is None:
            points = outline.trace(detection.find_scalp(image, view=shot.photo.view))
        else:
            points = outline.trace(scalp, points=_FINE)
            strokes = outline.trace_rest(scalp, points)
        found = True
    except NoHeadFound:
        points, found = _start(width, height), False
    small = figures.shrink(image, longest=longest)
    return ScalpOutline(
        picture=codec.encode_jpeg(small, quality=88),
        outline_xy=tuple(points),
        found=found,
        size=(width, height),
        strokes=strokes,
    )


def save_outline(library: Library, digest: str, drawn: DrawnOutline) -> bool:
    """Keep what a person drew as the scalp of a photograph.

    The photograph, or the whole series where it is the baseline, is pending then.

    Returns
    -------
    bool
        False when nothing differs.

    Raises
    ------
    PhotoError
        It holds next to nothing of the photograph.
    LibraryError
        There is no such photograph.
    """
    from hairtrack.imaging import codec

    photo = need_photo(library, digest)
    scalp = _render(drawn, (photo.height, photo.width))
    return draw_outline(library, digest, region=codec.encode_png(scalp))


def preview_outline(library: Library, shot: PhotoResult, drawn: DrawnOutline) -> float:
    """Measure a photograph with the scalp that a person drew; nothing is stored.

    Returns
    -------
    float
        Visible scalp of the whole, a fraction.

    Raises
    ------
    PhotoError
        The outline holds nothing that can be measured, or nothing fits the baseline.
    LibraryError
        The photograph or its baseline is lost or damaged on disk.
    """
    from hairtrack.imaging import pipeline
    from hairtrack.workflows.reading import decode_colour

    photo = shot.photo
    image = decode_colour(library.originals.get(photo.digest))
    scalp = _render(drawn, (image.shape[0], image.shape[1]))
    digest = _find_baseline(library, photo.subject, photo.view)
    if digest is None or digest == photo.digest:
        baseline = pipeline.prepare_baseline(image, view=photo.view, scalp=scalp)
    else:
        first = decode_colour(library.originals.get(digest))
        earlier = _read_drawn(library, digest)
        baseline = pipeline.prepare_baseline(first, view=photo.view, scalp=earlier)
    whole = next(
        zone
        for zone in pipeline.analyze(image, baseline, scalp=scalp).zones
        if zone.zone == WHOLE
    )
    if whole.visible_scalp is None:
        raise PhotoError("Too little of the baseline's scalp lies inside this outline.")
    return whole.visible_scalp


def _render(drawn: DrawnOutline, shape: tuple[int, int]) -> Region:
    """Return the region that was drawn; refuse next to nothing."""
    from hairtrack.imaging import outline

    scalp = outline.render(drawn.outline_xy, drawn.strokes, shape)
    if scalp.sum() < _MIN_PX:
        raise PhotoError("The outline holds next to nothing of the photograph.")
    return scalp


def _read_drawn(library: Library, digest: str) -> Region | None:
    """Return the scalp that a person drew on a photograph, if one holds."""
    photo = library.catalog.photo(digest)
    drawn = find_outline(library, photo) if photo else None
    return read_outline(library, digest, drawn.digest) if drawn else None


def _find_baseline(library: Library, subject: str, view: View) -> str | None:
    return library.catalog.baselines().get((subject, view))


def _start(width: int, height: int) -> list[Point]:
    """Return an octagon in the middle, to be dragged into place."""
    import math

    return [
        (
            width * (0.5 + 0.35 * math.cos(k * math.pi / 4)),
            height * (0.5 + 0.35 * math.sin(k * math.pi / 4)),
        )
        for k in range(8)
    ]
