"""Photographs on their way in: looked at, corrected by the person, then filed."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from hairtrack import batch
from hairtrack.errors import PhotoError
from hairtrack.records import View
from hairtrack.workflows import Filing, Library, import_photo, run_pending
from hairtrack.workflows.showing import Preview

__all__ = ["Candidate", "Taken", "file_under", "look_at", "measure_pending", "take_in"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """One offered file: what can be seen of it, or why it cannot be taken.

    Attributes
    ----------
    key : str
        Tells this file's widgets from those of the others.
    name : str
        The file's name, as the person knows it. Never a path, never markup.
    data : bytes
        Its content.
    found : Preview or None
        What it shows and says.
    refused : str or None
        Why it cannot be taken.
    """

    key: str
    name: str
    data: bytes
    found: Preview | None = None
    refused: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """What became of one file.

    Attributes
    ----------
    name : str
        The file's name.
    digest : str or None
        The photograph in the library; `None` if it was not taken.
    new : bool
        False if the library had it already.
    refused : str or None
        Why it was not taken.
    """

    name: str
    digest: str | None = None
    new: bool = False
    refused: str | None = None


def look_at(
    files: Sequence[tuple[str, bytes]], *, look: Callable[[str, str, bytes], Preview]
) -> list[Candidate]:
    """Look at each offered (name, content); one that is bad does not stop the others.

    Parameters
    ----------
    files : sequence of (str, bytes)
        What was offered.
    look : callable
        Called with digest of the content, name and content; see `preview`.

    Returns
    -------
    list of Candidate
    """
    candidates = []
    for number, (name, data) in enumerate(files):
        content = hashlib.sha256(data).hexdigest()
        candidate = Candidate(key=f"{number}_{content[:16]}", name=name, data=data)
        try:
            candidates.append(replace(candidate, found=look(content, name, data)))
        except PhotoError as error:
            candidates.append(replace(candidate, refused=str(error)))
    return candidates


def file_under(found: Preview, *, subject: str, view: View, day: dt.date) -> Filing:
    """Say how a photograph is filed when a person has looked at view and day.

    A day that differs from the photograph's own overrules it; the time of day
    is kept where there is one.
    """
    said = found.suggestion
    if said.visit is None:
        return Filing(subject=subject, view=view, date=day)
    if said.visit == day:
        return Filing(subject=subject, view=view)
    clock = said.taken_at.timetz() if said.taken_at else dt.time()
    return Filing(subject=subject, view=view, taken_at=dt.datetime.combine(day, clock))


def take_in(
    library: Library,
    chosen: Sequence[tuple[Candidate, Filing]],
    *,
    on_progress: batch.Progress,
) -> list[Taken]:
    """File photographs one after the other; one that is bad does not stop the others."""
    taken = []
    for number, (candidate, filing) in enumerate(chosen):
        on_progress(number, len(chosen))
        taken.append(_take(library, candidate, filing))
    return taken


def measure_pending(library: Library, *, on_progress: batch.Progress) -> None:
    """Measure what waits, in this process: a child would start the app once more."""
    run_pending(library, executor=batch.Serial(), on_progress=on_progress)


def _take(library: Library, candidate: Candidate, filing: Filing) -> Taken:
    name = candidate.name
    try:
        photo, new = import_photo(library, candidate.data, name=name, filing=filing)
    except PhotoError as error:
        return Taken(name=name, refused=str(error))
    return Taken(name=name, digest=photo.digest, new=new)
