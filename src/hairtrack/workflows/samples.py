"""The demonstration: sample photographs imported, measured and given a course."""

from __future__ import annotations

import datetime as dt
import hashlib
from dataclasses import dataclass, replace
from pathlib import Path

import hairtrack
from hairtrack import batch
from hairtrack.course.entries import Kind, Status, Treatment
from hairtrack.course.plans import PlanChoice
from hairtrack.errors import LibraryError
from hairtrack.messages import Message
from hairtrack.records import WHOLE, View
from hairtrack.workflows.course import load_course, plan_course, save_entry
from hairtrack.workflows.editing import change_subject
from hairtrack.workflows.importing import Filing, ImportRun, find_date, import_photos
from hairtrack.workflows.library import Library, data_folder
from hairtrack.workflows.measuring import RunSummary, run_pending
from hairtrack.workflows.series import VisitSummary, progress
from hairtrack.workflows.sources import Source

SUBJECT = "sample"

_PHOTO_TIME, _SESSION_TIME = dt.time(10), dt.time(11)
_NOTE = Message("Invented, to show the app; the photographs are drawn.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Demo:
    """What the demonstration did, and what came out."""

    folder: Path
    imported: ImportRun
    ran: RunSummary
    rows: tuple[VisitSummary, ...]


def find_samples() -> Path:
    """Return the folder of sample photographs, of the installed package or the checkout.

    Raises
    ------
    LibraryError
        The package was built without them.
    """
    package = Path(hairtrack.__file__).parent
    for folder in (package / "sample_images", package.parents[1] / "sample_images"):
        if folder.is_dir():
            return folder
    raise LibraryError("The sample photographs are missing from this installation.")


def default_demo_folder(samples: Path) -> Path:
    """Return where the demonstration lives: a library of its own for each set of samples.

    The same samples always give the same folder, so that a second run finds
    everything done; samples of another version do not mix with these.
    """
    names = sorted((file.name, file.stat().st_size) for file in samples.iterdir())
    return data_folder() / f"demo-{hashlib.sha256(repr(names).encode()).hexdigest()[:8]}"


def demo(
    folder: Path | None = None,
    *,
    samples: Path | None = None,
    workers: int | None = None,
    on_progress: batch.Progress | None = None,
) -> Demo:
    """Import the sample photographs into a library of their own and measure them.

    Running it again adds nothing and measures nothing.

    Parameters
    ----------
    folder : Path, optional
        Where the library goes; by default the place where the system keeps
        the data of programs.
    samples : Path, optional
        Folder of photographs; by default those of the package.
    workers : int, optional
        Number of processes; by default one for each core, 4 at most.

    Raises
    ------
    LibraryError
        The folder holds something else, or the samples are missing.
    """
    samples = samples or find_samples()
    folder = folder or default_demo_folder(samples)
    with Library.create(folder) as library:
        imported, ran = load_sample_course(
            library, samples=samples, workers=workers, on_progress=on_progress
        )
        rows = tuple(progress(library, subject=SUBJECT))
    return Demo(folder=folder, imported=imported, ran=ran, rows=rows)


def load_sample_course(
    library: Library,
    *,
    samples: Path | None = None,
    workers: int | None = None,
    on_progress: batch.Progress | None = None,
) -> tuple[ImportRun, RunSummary]:
    """Put the sample photographs into a library, with an invented course of sessions.

    They are filed under a subject of their own, who can be erased like any other.
    What is there already is left as it is, so that an interrupted call completes. An
    import that was stopped has no course yet.

    Raises
    ------
    LibraryError
        The samples are missing from this installation.
    """
    imported = _import_sample(library, samples or find_samples())
    if imported.stopped is not None:
        return imported, RunSummary()
    _invent_course(library)
    return imported, run_pending(library, workers=workers, on_progress=on_progress)


def _import_sample(library: Library, samples: Path) -> ImportRun:
    """Import the photographs, the latest visit as of today."""
    names = sorted(file.name for file in samples.iterdir())
    days = {name: found[0] for name in names if (found := find_date(name))}
    shift = dt.date.today() - max(days.values(), default=dt.date.today())

    def file(source: Source) -> Filing:
        day = days.get(source.file_name)
        if day is None:
            return Filing(subject=SUBJECT)
        minutes = dt.timedelta(minutes=names.index(source.file_name))
        at = dt.datetime.combine(day + shift, _PHOTO_TIME) + minutes
        return Filing(subject=SUBJECT, taken_at=at)

    return import_photos(library, [samples], filing=file)


def _invent_course(library: Library) -> None:
    """Enter what a person would: start, primary zone, and eight weekly sessions."""
    course = load_course(library, subject=SUBJECT)
    visits = sorted({photo.visit for photo in library.catalog.photos(subject=SUBJECT)})
    if course.treatments or len(visits) < 2:
        return
    start = visits[1]
    change_subject(
        library,
        SUBJECT,
        started_at=start,
        primary_view=View.VERTEX,
        primary_zone=WHOLE,
    )
    treatment = Treatment(
        subject=SUBJECT,
        kind=Kind.MESOTHERAPY_CHEMICAL,
        started_on=start,
        note=_NOTE,
    )
    choice = PlanChoice(
        start=start,
        time=_SESSION_TIME,
        zone=course.settings.zone,
        every="1 week",
        sessions=8,
    )
    for session in plan_course(library, treatment, choice, template="A"):
        save_entry(library, replace(session, status=Status.DONE))
