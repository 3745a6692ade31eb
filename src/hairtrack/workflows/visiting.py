"""Is a visit complete? Each of its views wants three photographs, combed anew between."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from hairtrack.records import Photo, View

__all__ = ["SHOTS", "ViewShots", "count_shots"]

SHOTS = 3
"""Photographs of one view at one visit: their scatter is the noise of a change."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ViewShots:
    """How many photographs of a view one visit has."""

    view: View
    shots: int

    @property
    def missing(self) -> int:
        """How many more are asked for."""
        return max(0, SHOTS - self.shots)


def count_shots(
    photos: Iterable[Photo],
    visit: dt.date,
    *,
    refused: Collection[str] = (),
    offered: Iterable[View] = (),
) -> tuple[ViewShots, ...]:
    """Count the photographs of a visit by view.

    Parameters
    ----------
    photos : iterable of Photo
        Of one subject.
    visit : datetime.date
        The day.
    refused : collection of str
        Digests of photographs that cannot be measured; they do not count.
    offered : iterable of View
        One for each photograph of that day that is not in the library yet.

    Returns
    -------
    tuple of ViewShots
        For the views of the subject's earlier visits and of this one, in the order of
        `View`.
    """
    photos = list(photos)
    here = Counter(offered)
    here += Counter(
        one.view for one in photos if one.visit == visit and one.digest not in refused
    )
    wanted = {one.view for one in photos if one.visit <= visit} | set(here)
    return tuple(ViewShots(view=view, shots=here[view]) for view in View if view in wanted)
