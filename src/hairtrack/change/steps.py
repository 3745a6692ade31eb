"""Changes that come at once: a haircut, another lamp, a new comb.

Hair grows a third of a millimetre a day; a treatment cannot move coverage
between two visits by as much as it moves in months. Where one step explains a
course better than the slow shape does, the change is told as a step; where it
does so much better, a loss is not called before the person has said what
happened on that day.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from hairtrack.change.records import Step
from hairtrack.change.trend import quantile

__all__ = ["MUCH_BETTER", "find_step"]

MUCH_BETTER = 2.0
"""Log likelihood by which a step must beat the slow shape before a loss is withheld:
about what one more free number, its day, costs by the Bayesian information criterion."""

_CHANCE = 0.05
"""Chance, over all days together, to see a step where there is nothing but noise."""

_Floats = NDArray[np.float64]


def find_step(
    days: Sequence[dt.date], levels_pp: _Floats, shape: _Floats, *, upwards: bool = False
) -> Step | None:
    """Return the step that explains a course better than the slow shape, or `None`.

    Parameters
    ----------
    days : sequence of datetime.date
        Days of the visits, in order.
    levels_pp, shape : (N,) float
        Levels in per cent, and the slow course's assumed share of the change.
    upwards : bool
        Look only for steps to more visible scalp.

    Returns
    -------
    Step or None
    """
    count = len(days)
    if count < 6:
        return None
    later = np.arange(count)[None, :] >= np.arange(1, count)[:, None]
    after = later.sum(axis=1)
    step = (later @ levels_pp) / after - (~later @ levels_pp) / (count - after)
    total = float(np.sum((levels_pp - levels_pp.mean()) ** 2))
    gained = step**2 * after * (count - after) / count
    if upwards:
        gained = np.where(step > 0, gained, -np.inf)
    best = int(np.argmax(gained))
    left = total - float(gained[best])
    centred = shape - shape.mean()
    slow = float((centred @ levels_pp) ** 2 / max(centred @ centred, 1e-9))
    limit = quantile(1 - _CHANCE / 2 / (count - 1), count - 2) ** 2
    if gained[best] <= max(slow, limit * max(left, 1e-9) / (count - 2)):
        return None
    better = count / 2 * np.log((total - slow) / max(left, 1e-9))
    return Step(
        after=days[best],
        day=days[best + 1],
        delta_pp=float(step[best]),
        better=float(better),
    )
