"""What trials found, active and placebo: context for a course, never a promise.

Hair counts, not visible scalp: the two scales do not convert, and groups of
people say little about one person. Shown only when asked for.
"""

from __future__ import annotations

from dataclasses import dataclass

from hairtrack.change.records import Interval

__all__ = ["TRIALS", "Finding", "find_context", "list_treatments"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One result of a trial or of several together.

    Attributes
    ----------
    treatment, who : str
        What was given, and to whom.
    week : int or None
        When it was read; `None` for mixed times.
    active, placebo : float or None
        Mean change from baseline in each arm.
    active_band, placebo_band : (float, float) or None
        Mean -+ 1 SD between people, where the source gives it.
    difference, difference_interval : float, (float, float)
        Active over placebo, where the source gives that instead.
    unit : str
        Of all these.
    source, note : str
        Where it is from, and how far to trust it.
    """

    treatment: str
    who: str
    week: int | None
    source: str
    unit: str = "hairs/cm2"
    active: float | None = None
    placebo: float | None = None
    active_band: Interval | None = None
    placebo_band: Interval | None = None
    difference: float | None = None
    difference_interval: Interval | None = None
    note: str = ""


_IMPROVED = "% improved on photographs"

TRIALS = (
    Finding(
        treatment="minoxidil",
        who="men, 5 %",
        week=48,
        active=18.6,
        placebo=3.9,
        active_band=(18.6 - 25.4, 18.6 + 25.4),
        placebo_band=(3.9 - 21.7, 3.9 + 21.7),
        source="Olsen 2002",
    ),
    Finding(
        treatment="minoxidil",
        who="men, 5 % foam",
        week=16,
        active=20.9,
        placebo=4.7,
        source="Olsen 2007",
    ),
    Finding(
        treatment="minoxidil",
        who="women, 5 %",
        week=48,
        active=26.0,
        placebo=9.4,
        source="Lucky 2004",
    ),
    Finding(
        treatment="finasteride",
        who="men, 1 mg",
        week=52,
        difference=21.0,
        source="Kaufman 1998",
    ),
    Finding(
        treatment="finasteride",
        who="men, 1 mg",
        week=104,
        difference=27.0,
        source="Kaufman 1998",
    ),
    Finding(
        treatment="finasteride",
        who="men, 1 mg",
        week=24,
        active=11.2,
        placebo=-1.0,
        source="Gubelin Harcha 2014",
    ),
    Finding(
        treatment="dutasteride",
        who="men, 0.5 mg",
        week=24,
        active=17.7,
        placebo=-1.0,
        source="Gubelin Harcha 2014",
    ),
    Finding(
        treatment="prp",
        who="13 trials",
        week=None,
        difference=27.6,
        difference_interval=(14.0, 41.1),
        source="Kieling 2024",
        note="the trials disagree (I2 96 %) and are of low quality",
    ),
    Finding(
        treatment="prp",
        who="one trial",
        week=None,
        source="Gressenberger 2020",
        note="no difference from placebo",
    ),
    Finding(
        treatment="dutasteride mesotherapy",
        who="women",
        week=18,
        active=62.8,
        placebo=17.5,
        unit=_IMPROVED,
        source="Moftah 2013",
    ),
    Finding(
        treatment="mesotherapy",
        who="vitamin mixture, 8 sessions",
        week=16,
        source="Gajjar 2019",
        note="no significant benefit, compared with minoxidil 5 %",
    ),
)
"""Copied from the papers' abstracts as they were read; look them up before quoting."""


def list_treatments() -> tuple[str, ...]:
    """Return the names of all treatments, sorted."""
    return tuple(sorted({finding.treatment for finding in TRIALS}))


def find_context(treatment: str, *, week: float) -> tuple[Finding, ...]:
    """Return what trials found for a treatment, the nearest week first.

    Parameters
    ----------
    treatment : str
        One of `list_treatments`.
    week : float
        Week of the course; results without a week come last.

    Raises
    ------
    ValueError
        The treatment is unknown.
    """
    found = [finding for finding in TRIALS if finding.treatment == treatment.lower()]
    if not found:
        raise ValueError(
            f"no trial of {treatment!r}; known: {', '.join(list_treatments())}"
        )
    return tuple(
        sorted(found, key=lambda f: abs(f.week - week) if f.week is not None else 1e9)
    )
