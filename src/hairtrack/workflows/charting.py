"""Everything that the chart of one subject, view and zone shows."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from hairtrack.change.records import Assessment, Interval, VisitValue
from hairtrack.course.plans import PhotoDay
from hairtrack.course.timeline import Event
from hairtrack.records import WHOLE, Method, View
from hairtrack.workflows.course import list_events, list_photo_days, load_course
from hairtrack.workflows.judging import Judged, judge
from hairtrack.workflows.library import Library
from hairtrack.workflows.progressing import ProgressRow, progress
from hairtrack.workflows.showing import Shot, list_shots

__all__ = ["Charted", "chart_series"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Charted:
    """One series as it is drawn and told.

    Attributes
    ----------
    view, zone : View, str
        Of what.
    rows : tuple of ProgressRow
        Every visit, with a value or without.
    shots : tuple of Shot
        Every photograph; the measurements hold this zone alone.
    course : Assessment or None
        What can be said of it; `None` where nothing was measured.
    started_on : datetime.date or None
        Declared start of treatment: week 0.
    events : tuple of Event
        What happened, in order: sessions, haircuts, start and stop.
    photo_days : tuple of PhotoDay
        Days on which photographs are asked for.
    method : Method or None
        What made every number.
    others : tuple of str
        Methods whose results are kept too, but not drawn: numbers of two methods
        never mix.
    """

    view: View
    zone: str
    rows: tuple[ProgressRow, ...]
    shots: tuple[Shot, ...]
    course: Assessment | None = None
    started_on: dt.date | None = None
    events: tuple[Event, ...] = ()
    photo_days: tuple[PhotoDay, ...] = ()
    method: Method | None = None
    others: tuple[str, ...] = ()

    @property
    def measured(self) -> tuple[ProgressRow, ...]:
        """The visits with a value."""
        return tuple(row for row in self.rows if row.visible_scalp is not None)

    @property
    def reference(self) -> VisitValue | None:
        """The visit from which noise is reckoned."""
        return None if self.course is None else self.course.reference

    @property
    def noise(self) -> Interval | None:
        """Levels, as fractions, that may differ from the reference by noise alone."""
        if self.course is None or self.course.repeatability is None:
            return None
        at, half = self.reference, self.course.repeatability.sdc95_pp / 100
        return (
            None if at is None else (max(0.0, at.level - half), min(1.0, at.level + half))
        )


def chart_series(
    library: Library,
    *,
    subject: str,
    view: View,
    zone: str = WHOLE,
    today: dt.date | None = None,
    judged: Sequence[Judged] | None = None,
) -> Charted:
    """Gather what the chart of one series shows.

    Parameters
    ----------
    library : Library
        Open library.
    subject : str
        Whose scalp.
    view : View
        Standard direction.
    zone : str
        Part of it.
    today : datetime.date, optional
        By default the real one.
    judged : sequence of Judged, optional
        What `judge` says of every zone of the subject, where it was asked already.

    Returns
    -------
    Charted
    """
    today = today or dt.date.today()
    kept = load_course(library, subject=subject)
    if judged is None:
        judged = judge(library, subject=subject, view=view, zone=zone, today=today)
    courses = {(one.view, one.zone): one.course for one in judged}
    rows = progress(library, subject=subject, view=view, zone=zone)
    method = library.catalog.latest_method()
    methods = library.catalog.methods(subject=subject, view=view)
    return Charted(
        view=view,
        zone=zone,
        rows=tuple(rows),
        shots=tuple(list_shots(library, subject=subject, view=view, zone=zone)),
        course=courses.get((view, zone)),
        started_on=kept.settings.started_on,
        events=tuple(list_events(library, kept, today=today)),
        photo_days=tuple(list_photo_days(kept)),
        method=method,
        others=tuple(key for key in methods if method is None or key != method.key),
    )
