"""Photographs on their way in: looked at, corrected by the person, then filed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from hairtrack import batch
from hairtrack.errors import LibraryError, PhotoError
from hairtrack.records import View
from hairtrack.workflows import Filing, Library
from hairtrack.workflows.importing import ImportRun, import_sources, suggest_view
from hairtrack.workflows.previews import Preview
from hairtrack.workflows.sources import Source

__all__ = [
    "Candidate",
    "add_photos",
    "file_under",
    "list_candidates",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """One offered file: what can be seen of it, or why it cannot be taken.

    Attributes
    ----------
    key : str
        Tells this file's widgets from those of the others.
    source : Source
        The file's name, as the person knows it (never a path, never markup), and how
        it is read.
    found : Preview or None
        What it shows and says.
    refused : str or None
        Why it cannot be taken.
    same_as : str or None
        Name of an earlier one of the same offer that is the same photograph.
    """

    key: str
    source: Source
    found: Preview | None = None
    refused: str | None = None
    same_as: str | None = None

    @property
    def name(self) -> str:
        """The file's name, only for showing."""
        return self.source.name


def list_candidates(
    sources: Iterable[tuple[str, Source]],
    *,
    look: Callable[[str, Source], Preview],
    usual: View,
    on_progress: batch.Progress | None = None,
) -> list[Candidate]:
    """Look at each offered photograph; one that is bad does not stop the others.

    Parameters
    ----------
    sources : iterable of (str, Source)
        What was offered, each with a key of its own.
    look : callable
        Called with key and source; see `preview`.
    usual : View
        Suggested where neither the name nor the folder tells the view.
    on_progress : callable, optional
        Called with (finished, all).

    Returns
    -------
    list of Candidate
    """
    candidates: list[Candidate] = []
    first: dict[str, str] = {}
    offered = list(sources)
    for number, (key, source) in enumerate(offered):
        if on_progress:
            on_progress(number, len(offered))
        candidate = Candidate(key=key, source=source)
        try:
            found = look(key, source)
        except PhotoError as error:
            candidates.append(replace(candidate, refused=error.message))
            continue
        view = suggest_view(source.file_name, folder=source.folder, usual=usual)
        found = replace(found, suggestion=replace(found.suggestion, view=view))
        same_as = first.get(found.digest)
        first.setdefault(found.digest, source.name)
        candidates.append(replace(candidate, found=found, same_as=same_as))
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


def add_photos(
    library: Library,
    chosen: Sequence[tuple[Candidate, Filing]],
    *,
    on_progress: batch.Progress,
) -> ImportRun:
    """File photographs one after the other; one that is bad does not stop the others.

    A disk that fills up, or a library that is gone, ends it: what came in is kept.
    """
    sources = [(candidate.source, filing) for candidate, filing in chosen]
    try:
        return import_sources(library, sources, on_progress=on_progress)
    except LibraryError as error:
        return ImportRun(stopped=error.message)
