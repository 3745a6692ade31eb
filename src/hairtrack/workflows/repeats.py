"""How far repeated photographs of one visit differ, and what that means for a change.

The error of a level is mostly the same on every photograph of one head and
cancels in a change; what is left is what combing, pose and light do from shot
to shot. That is read from the visits with several shots, all together. It does
not hold what differs from day to day, so it is the least that a change must
exceed, and no verdict.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from statistics import NormalDist

from hairtrack.workflows.progressing import ProgressRow

FEWEST_FREEDOM = 4
"""Below so many degrees of freedom a spread says nothing worth showing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Repeats:
    """Pooled differences between photographs of the same visit, view and zone.

    Attributes
    ----------
    sd : float
        Standard deviation of one photograph about its visit's mean, a fraction.
    freedom : int
        Degrees of freedom behind it.
    """

    sd: float
    freedom: int

    def half_width(self, *shots: int) -> float:
        """Return half the 95 % interval of a mean, or of a difference of two means.

        Parameters
        ----------
        *shots : int
            Photographs behind each mean.

        Returns
        -------
        float
            A fraction.
        """
        error = self.sd * math.sqrt(sum(1 / n for n in shots))
        return _student_975(self.freedom) * error


def pool_repeats(rows: Iterable[ProgressRow]) -> Repeats | None:
    """Pool the spreads of all visits of one series; `None` with too few repeats.

    Parameters
    ----------
    rows : iterable of ProgressRow
        Visits of one subject, view and zone, measured by one method.

    Returns
    -------
    Repeats or None
    """
    known = [(row.spread, row.shots - 1) for row in rows if row.spread is not None]
    freedom = sum(n for _, n in known)
    if freedom < FEWEST_FREEDOM:
        return None
    variance = sum(spread * spread * n for spread, n in known) / freedom
    return Repeats(sd=math.sqrt(variance), freedom=freedom)


def change_between(
    first: ProgressRow, last: ProgressRow, *, repeats: Repeats | None
) -> tuple[float, tuple[float, float] | None]:
    """Return how two visits differ, and how far that is known from repeats alone.

    Parameters
    ----------
    first, last : ProgressRow
        Two visits with a value, of one view, zone and method.
    repeats : Repeats or None
        Of the same series.

    Returns
    -------
    delta_pp : float
        100 x (last - first) visible scalp: negative is more hair cover.
    interval_pp : (float, float) or None
        Its 95 % interval; `None` without repeats.

    Raises
    ------
    ValueError
        If a visit has no value, or the two were measured by different methods.
    """
    if first.method != last.method:
        raise ValueError("numbers of two methods are never compared")
    if first.visible_scalp is None or last.visible_scalp is None:
        raise ValueError("both visits must have a value")
    delta = 100 * (last.visible_scalp - first.visible_scalp)
    if repeats is None:
        return delta, None
    half = 100 * repeats.half_width(first.shots, last.shots)
    return delta, (delta - half, delta + half)


def _student_975(freedom: int) -> float:
    """Return the 97.5 % quantile of Student's t; within 0.5 % from 4 degrees on.

    References
    ----------
    Abramowitz and Stegun, Handbook of Mathematical Functions, 26.7.5.
    """
    z = NormalDist().inv_cdf(0.975)
    first = (z**3 + z) / 4
    second = (5 * z**5 + 16 * z**3 + 3 * z) / 96
    third = (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / 384
    return z + first / freedom + second / freedom**2 + third / freedom**3
