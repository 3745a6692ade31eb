"""A control zone: what happened to the whole scalp, or to the camera, taken off.

Hair at the back of the head is spared in pattern loss. If light or camera move
both zones, the target's own change is what it did beyond the control: a
difference in differences on log(visible scalp).

Where hair throws random shadows, log(visible scalp) = - hair x shadow, so that
ten per cent more shadow for every hair moves the log by ten per cent *of itself*:
by more where hair is dense. The control's difference is therefore taken in the
proportion of the two zones' logs at the baseline. Taken one to one, the same
shadow would pass for a change of several points; in percentage points, for 1.7.
"""

from __future__ import annotations

import math
import statistics
from collections.abc import Sequence

from hairtrack.change.records import Reading

__all__ = ["FLOOR", "adjust", "log_scalp"]

FLOOR = 0.02
"""Visible scalp below it counts as so much: logs of nearly nothing are noise."""

_MAX_SHARE = 2.0


def log_scalp(level: float) -> float:
    """Return log(visible scalp), floored, and below 0 also where all is scalp."""
    return math.log(min(max(level, FLOOR), 1 - FLOOR))


def adjust(
    levels: Sequence[float], controls: Sequence[float], *, baseline: Sequence[int]
) -> list[float]:
    """Return the levels with what the control did taken off.

    Parameters
    ----------
    levels, controls : sequence of float
        Visible scalp of target and control on the same visits, fractions.
    baseline : sequence of int
        Places of the visits from which differences are taken.

    Returns
    -------
    list of float
        Fractions. Their scatter holds the control's own.

    Raises
    ------
    ValueError
        If the lengths differ, or there is no baseline.

    Examples
    --------
    Ten per cent more shadow on both zones is no change of the target:

    >>> before, after = (0.4, 0.08), (0.4**1.1, 0.08**1.1)
    >>> [round(v, 3) for v in adjust(*zip(before, after), baseline=[0])]
    [0.4, 0.4]
    """
    if len(levels) != len(controls) or not baseline:
        raise ValueError("target and control go together, and need a baseline")
    target = [log_scalp(level) for level in levels]
    control = [log_scalp(level) for level in controls]
    start = statistics.fmean(control[place] for place in baseline)
    share = min(statistics.fmean(target[place] for place in baseline) / start, _MAX_SHARE)
    return [
        min(1.0, math.exp(t - share * (c - start)))
        for t, c in zip(target, control, strict=True)
    ]


def match(
    readings: Sequence[Reading], control: Sequence[Reading]
) -> list[tuple[Reading, Reading]]:
    """Return the visits on which both zones were measured, in order."""
    known = {reading.day: reading for reading in control}
    return [(r, known[r.day]) for r in readings if r.day in known]
