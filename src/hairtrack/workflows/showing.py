"""What a screen shows of a library: pictures and rows, never a file as it was taken.

Every picture is decoded, reduced and encoded anew, so that nothing of the
camera's notes (place, serial number, thumbnail) can travel with it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from hairtrack.change.records import Change
from hairtrack.errors import PhotoError
from hairtrack.records import Measurement, Photo, View
from hairtrack.store import digest_of
from hairtrack.workflows.comparing import choose_subject, compare
from hairtrack.workflows.doubting import Verdict, judge_photo
from hairtrack.workflows.importing import Suggestion, suggest
from hairtrack.workflows.library import Library
from hairtrack.workflows.measuring import read_outline
from hairtrack.workflows.progressing import ProgressRow, measured_by
from hairtrack.workflows.studying import read_small_scalp

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Image = NDArray[np.uint8]

_QUALITY = 88


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """A photograph that is not in the library yet, as a person checks it.

    Attributes
    ----------
    digest : str
        What its identity will be.
    suggestion : Suggestion
        View and date as far as it tells them.
    picture : bytes
        Small JPEG without any metadata.
    verdict : Verdict
        What can be said of it at once.
    """

    digest: str
    suggestion: Suggestion
    picture: bytes
    verdict: Verdict = field(default_factory=Verdict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Shot:
    """One kept photograph and what the newest method says of it, if it was tried."""

    photo: Photo
    measurement: Measurement | None

    @property
    def measured(self) -> bool:
        """Whether it has a number."""
        return self.measurement is not None and self.measurement.refused is None

    @property
    def made_by(self) -> tuple[str, ...]:
        """What its numbers and drawings rest on beside the photograph itself."""
        found = self.measurement
        if found is None:
            return ()
        return found.baseline, found.method.key, found.outline, found.baseline_outline

    @property
    def identity(self) -> tuple[str, ...]:
        """Which photograph, filed where, measured how: what pictures of it rest on."""
        return (self.photo.digest, str(self.photo.visit), *self.made_by)


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownChange:
    """Two visits as pictures in one frame, and how they differ.

    Attributes
    ----------
    first, last : ProgressRow
        The visits' numbers.
    change : Change
        How they differ, and whether that is more than noise.
    first_picture, last_picture : bytes
        JPEG of the same size, for the eye only.
    size : (int, int)
        Width and height of the pictures, px.
    """

    first: ProgressRow
    last: ProgressRow
    change: Change
    first_picture: bytes
    last_picture: bytes
    size: tuple[int, int]


def preview(data: bytes, *, name: str, longest: int = 480) -> Preview:
    """Look at a photograph before it is taken in, and judge it.

    Parameters
    ----------
    data : bytes
        The file's content.
    name : str
        Its name, only read for a date and a view.
    longest : int
        Longer side of the picture, px.

    Returns
    -------
    Preview

    Raises
    ------
    PhotoError
        The bytes are no photograph that can be taken.
    """
    from hairtrack.imaging import codec

    suggestion = suggest(data, name=name)
    decoded = codec.read(data)
    return Preview(
        digest=digest_of(codec.strip(data)),
        suggestion=suggestion,
        picture=_encode(decoded.image, longest=longest),
        verdict=judge_photo(decoded.image, grey=decoded.grey),
    )


def find_known(library: Library, digests: Iterable[str]) -> dict[str, Photo]:
    """Return those of the photographs that the library has, as they are filed."""
    photos = ((digest, library.catalog.photo(digest)) for digest in set(digests))
    return {
        digest: photo
        for digest, photo in photos
        if photo is not None and photo.deleted_at is None
    }


def find_shots(library: Library, digests: Iterable[str]) -> dict[str, Shot]:
    """Return digest -> photograph with its newest result, for those in the library."""
    known = find_known(library, digests)
    method = library.catalog.latest_method()
    results: dict[str, Measurement] = {}
    for subject in {photo.subject for photo in known.values()}:
        results |= measured_by(library, method, subject=subject)
    return {
        digest: Shot(photo=photo, measurement=results.get(digest))
        for digest, photo in known.items()
    }


def list_shots(
    library: Library,
    *,
    subject: str | None = None,
    view: View | None = None,
    zone: str | None = None,
) -> list[Shot]:
    """Return every photograph with its newest result, by subject, view, visit and time.

    Parameters
    ----------
    library : Library
        Open library.
    subject, view : optional
        Only these.
    zone : str, optional
        Only this zone of each result.

    Returns
    -------
    list of Shot
    """
    method = library.catalog.latest_method()
    results = measured_by(library, method, subject=subject, view=view, zone=zone)
    photos = library.catalog.photos(subject=subject, view=view)
    return [Shot(photo=photo, measurement=results.get(photo.digest)) for photo in photos]


def name_method() -> str:
    """Return the line that names the method and all that it rests on."""
    from hairtrack.imaging import pipeline

    return pipeline.method().key


def show_photo(library: Library, digest: str, *, longest: int = 480) -> bytes:
    """Return a kept photograph as a small JPEG without any metadata.

    Raises
    ------
    LibraryError
        The photograph is lost or damaged on disk.
    """
    from hairtrack.imaging import codec

    image = codec.read_small(library.originals.get(digest), longest=longest)
    return _encode(image, longest=longest)


def show_overlay(library: Library, shot: Shot, *, longest: int = 1200) -> bytes:
    """Draw what was measured over a photograph.

    Parameters
    ----------
    library : Library
        Open library.
    shot : Shot
        A measured photograph; hair and scalp are found again as they were.
    longest : int
        Longer side of the photograph in the picture, px.

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
    from hairtrack.imaging import codec, pipeline
    from hairtrack.imaging import zones as zoning
    from hairtrack.report import figures

    found = shot.measurement
    if found is None or found.refused is not None:
        raise PhotoError("This photograph was not measured, so there is nothing to draw.")
    image = codec.read(library.originals.get(shot.photo.digest)).image
    first = image
    if found.baseline != shot.photo.digest:
        first = codec.read(library.originals.get(found.baseline)).image
    drawn = read_outline(library, found.baseline, found.baseline_outline)
    baseline = pipeline.prepare_baseline(first, view=found.view, scalp=drawn)
    drawn = read_outline(library, shot.photo.digest, found.outline)
    analysis = pipeline.analyze(image, baseline, scalp=drawn)
    carried = baseline.zones
    if analysis.registration is not None:
        matrix = analysis.registration.matrix
        carried = zoning.project(baseline.zones, matrix, image.shape[:2])
    picture = figures.overlay(image, analysis.scalp, analysis.hair, zones=carried)
    return _encode(picture, longest=longest)


def show_change(
    library: Library,
    *,
    view: View,
    first: dt.date,
    last: dt.date,
    subject: str | None = None,
    even_light: bool = False,
    longest: int = 1100,
) -> ShownChange:
    """Lay two visits over each other, ready for the screen.

    Parameters
    ----------
    library : Library
        Open library.
    view : View
        Standard direction.
    first, last : datetime.date
        Two measured visits.
    subject : str, optional
        May be left out where the library has only one.
    even_light : bool
        Make the later picture as bright as the earlier one, for the eye only.
    longest : int
        Longer side of the pictures, px.

    Returns
    -------
    ShownChange

    Raises
    ------
    LibraryError
        No such subject or visit, or nothing was measured there.
    """
    from hairtrack.imaging import codec
    from hairtrack.report import figures

    subject = choose_subject(library, subject)
    found = compare(library, view=view, subject=subject, first=first, last=last)
    before, after = (
        figures.shrink(image, longest=longest)
        for image in (found.first_image, found.last_image)
    )
    if even_light:
        scalp = read_small_scalp(library, subject=subject, view=view, longest=longest)
        after = figures.match_brightness(after, before, scalp=scalp)
    return ShownChange(
        first=found.first,
        last=found.last,
        change=found.change,
        first_picture=codec.encode_jpeg(before, quality=_QUALITY),
        last_picture=codec.encode_jpeg(after, quality=_QUALITY),
        size=(before.shape[1], before.shape[0]),
    )


def _encode(image: Image, *, longest: int) -> bytes:
    from hairtrack.imaging import codec
    from hairtrack.report import figures

    return codec.encode_jpeg(figures.shrink(image, longest=longest), quality=_QUALITY)
