"""Before and after: two visits of one view, laid over each other."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from hairtrack.change.explanations import describe_change
from hairtrack.change.records import Change
from hairtrack.errors import LibraryError
from hairtrack.records import WHOLE, Measurement, Photo, View
from hairtrack.workflows.files import write_picture
from hairtrack.workflows.judging import Declared, Judged, judge, judge_change
from hairtrack.workflows.library import Library
from hairtrack.workflows.progressing import ProgressRow, measured_by, progress

if TYPE_CHECKING:
    Image = NDArray[np.uint8]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Comparison:
    """Two visits side by side, both in the frame of the baseline.

    Attributes
    ----------
    first, last : ProgressRow
        The visits' numbers.
    first_image, last_image : (H, W, 3) uint8
        One photograph of each visit, warped for the eye only; what it does not
        show is black.
    change : Change
        How they differ, and whether that is more than noise.
    judged : Judged
        What can be said of the whole course.
    """

    first: ProgressRow
    last: ProgressRow
    first_image: Image
    last_image: Image
    change: Change
    judged: Judged

    @property
    def delta_pp(self) -> float:
        """100 x (last - first) visible scalp, points: negative is more hair cover."""
        return self.change.delta_pp

    @property
    def sentence(self) -> str:
        """Say the difference in words, and how sure it is."""
        return describe_change(self.change)

    def to_png(self) -> bytes:
        """Draw both photographs side by side under their dates and numbers."""
        from hairtrack.imaging import codec
        from hairtrack.report import figures

        labels = (_label(self.first), _label(self.last))
        picture = figures.before_after(self.first_image, self.last_image, labels=labels)
        return codec.encode_png(picture)

    def save_png(self, path: Path) -> None:
        """Write the picture to a file.

        Raises
        ------
        HairtrackError
            The file cannot be written.
        """
        write_picture(path, self.to_png())


def compare(
    library: Library,
    *,
    view: View,
    subject: str | None = None,
    first: dt.date | None = None,
    last: dt.date | None = None,
    declared: Declared | None = None,
) -> Comparison:
    """Lay two visits over each other.

    Parameters
    ----------
    library : Library
        Open library.
    view : View
        Standard direction.
    subject : str, optional
        May be left out where the library has only one.
    first, last : datetime.date, optional
        Visits; by default the first and the last that were measured.
    declared : Declared, optional
        What was said beforehand.

    Returns
    -------
    Comparison

    Raises
    ------
    LibraryError
        No such subject or visit, or fewer than two measured visits.
    """
    subject = choose_subject(library, subject)
    rows = [r for r in progress(library, subject=subject, view=view) if r.shots]
    if len(rows) < 2 and not (first and last):
        raise LibraryError(
            f"There are not yet two measured visits of {subject}, view {view}; "
            "`hairtrack run` measures what is pending."
        )
    before = _pick(rows, first) if first else rows[0]
    after = _pick(rows, last) if last else rows[-1]
    (judged,) = judge(library, subject=subject, view=view, declared=declared) or (None,)
    if judged is None:
        raise LibraryError("Neither visit shows scalp that could be measured.")
    return Comparison(
        first=before,
        last=after,
        first_image=_align(library, before),
        last_image=_align(library, after),
        change=judge_change(
            judged, first=before.visit, last=after.visit, declared=declared
        ),
        judged=judged,
    )


def choose_subject(library: Library, name: str | None) -> str:
    """Return the named subject, or the only one.

    Raises
    ------
    LibraryError
        There is no such subject, none at all, or a choice to be made.
    """
    subjects = library.catalog.subjects()
    if name is not None and name not in subjects:
        raise LibraryError(f"This library has no subject {name!r}.")
    if name is None and len(subjects) != 1:
        raise LibraryError(
            f"This library has several subjects ({', '.join(subjects)}); choose one."
            if subjects
            else "This library has no photographs yet."
        )
    return name if name is not None else subjects[0]


def _pick(rows: list[ProgressRow], visit: dt.date) -> ProgressRow:
    for row in rows:
        if row.visit == visit:
            return row
    known = ", ".join(str(row.visit) for row in rows)
    if not known:
        raise LibraryError(f"There is no measured visit on {visit}, nor on any other day.")
    raise LibraryError(f"There is no measured visit on {visit} (measured: {known}).")


def _align(library: Library, row: ProgressRow) -> Image:
    """Return the least doubtful photograph of a visit in the baseline's frame."""
    from hairtrack.imaging import codec, registration

    photo, measurement = _least_doubtful(library, row)
    image = codec.read(library.originals.get(photo.digest)).image
    if measurement.registration is None or photo.digest == measurement.baseline:
        return image
    baseline = library.catalog.photo(measurement.baseline)
    shape = (baseline.height, baseline.width) if baseline else image.shape[:2]
    return registration.warp(image, measurement.registration.matrix, shape)


def _least_doubtful(library: Library, row: ProgressRow) -> tuple[Photo, Measurement]:
    """Choose by number of flags, then by how much of the scalp is seen, then by time."""
    results = measured_by(library, row.method, subject=row.subject, view=row.view)
    photos = library.catalog.photos(subject=row.subject, view=row.view)
    shots = [
        (photo, results[photo.digest])
        for photo in photos
        if photo.visit == row.visit and photo.digest in results
    ]
    measured = [shot for shot in shots if shot[1].refused is None]
    return min(measured, key=lambda shot: (len(shot[1].quality.flags), -_seen(shot[1])))


def _seen(measurement: Measurement) -> float:
    whole = measurement.zone(WHOLE)
    return round(whole.seen, 2) if whole else 0.0


def _label(row: ProgressRow) -> str:
    return f"{row.visit}: visible scalp {_percent(row.visible_scalp)}"


def _percent(fraction: float | None) -> str:
    return "not measured" if fraction is None else f"{100 * fraction:.1f} %"
