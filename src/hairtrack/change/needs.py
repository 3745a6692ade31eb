"""What a person should know now, how far to trust it, and what would tell more."""

from __future__ import annotations

import datetime as dt
import math

import numpy as np

from hairtrack.change.looks import SPENT
from hairtrack.change.records import Course, Noise, Repeatability, Verdict
from hairtrack.change.repeatability import OWN_FREEDOM, variance_of_visit
from hairtrack.change.replay import MIN_FREEDOM, Series
from hairtrack.change.steps import MUCH_BETTER
from hairtrack.change.trend import quantile

__all__ = ["advise_on_saturation", "list_alerts", "list_cautions", "list_needs", "say_day"]

MAX_COVER = 0.85
"""Above this hair cover a denser head hardly shows (random-shadow model)."""

_SHOTS = 3
_BASELINE_VISITS = 3


def say_day(day: dt.date) -> str:
    """Say a date as "3 March 2025"."""
    return f"{day.day} {day:%B %Y}"


def advise_on_saturation(visible_scalp: float) -> str | None:
    """Advise the parted view where hair hides nearly all the skin, else `None`."""
    if 1 - visible_scalp < MAX_COVER:
        return None
    return (
        f"Hair covers {100 * (1 - visible_scalp):.0f} % here: more of it would hide hardly "
        "any more skin. The parted midline view shows a change better."
    )


def list_alerts(course: Course, series: Series, known: Repeatability) -> tuple[str, ...]:
    """Return alerts: more scalp than noise explains on the two latest visits running.

    They do not wait for a week or a look.
    """
    base = _baseline(series)
    if len(series.days) - len(base) < 2 or len(base) == 0:
        return ()
    level = float(np.mean(series.levels_pp[base]))
    for place in (-1, -2):
        variance = variance_of_visit(int(series.shots[place]), known)
        variance = variance * float(series.relative[place]) + known.sem_pp**2 / len(base)
        if series.levels_pp[place] - level <= quantile(0.975, known.freedom) * math.sqrt(
            variance
        ):
            return ()
    told = (
        "More scalp shows than repeats differ by, on two visits running "
        f"({say_day(series.days[-2])} and {say_day(series.days[-1])}): show it to your "
        "clinician, unless a haircut, wet hair or another lamp explains it."
    )
    return (told,)


def list_cautions(course: Course) -> tuple[str, ...]:
    """Return how far to trust a verdict."""
    return tuple(
        said
        for said in (
            _on_origin(course),
            _on_noise(course),
            _on_step(course),
            _on_control(course),
            _on_season(course),
            _on_correlation(course),
            _on_outliers(course),
            _on_family(course),
        )
        if said
    )


def list_needs(
    course: Course, series: Series | None, *, today: dt.date | None
) -> tuple[str, ...]:
    """Return what would tell more, with dates."""
    found = [*_need_photos(course), *_need_baseline(course, series, today)]
    if course.step and course.verdict is Verdict.NOT_ENOUGH_DATA and course.looks:
        found.append(
            "Say whether the hair was cut or changed between "
            f"{say_day(course.step.after)} and {say_day(course.step.day)}."
        )
    found += _need_time(course, series, today)
    return tuple(found)


def _baseline(series: Series) -> np.ndarray:
    """Return the places of the visits that form the baseline."""
    if series.treated:
        return np.flatnonzero(series.weeks <= 0)
    return np.arange(min(_BASELINE_VISITS, len(series.days)))


def _on_origin(course: Course) -> str | None:
    if course.origin is None or course.since == "treatment":
        return None
    if course.since == "break":
        return (
            f"Compared since {say_day(course.origin)}: {_last_reason(course)}, so earlier "
            "visits are not compared unless you join them."
        )
    return (
        f"Since tracking began on {say_day(course.origin)}. Nothing is said about the time "
        "before."
    )


def _last_reason(course: Course) -> str:
    return next(found.reason for found in reversed(course.breaks) if not found.joined)


def _on_noise(course: Course) -> str | None:
    known = course.repeatability
    if known is None or known.noise is Noise.OWN:
        return None
    if known.noise is Noise.ASSUMED:
        return "How far your repeats differ is still assumed."
    return "How far your repeats differ is still partly assumed."


def _on_step(course: Course) -> str | None:
    step = course.step
    if step is None:
        return None
    after, day = say_day(step.after), say_day(step.day)
    size = f"{abs(step.delta_pp):.1f} points"
    size = f"{size} more scalp" if step.delta_pp > 0 else f"{size} less scalp"
    if step.better < MUCH_BETTER:
        return (
            f"One step between {after} and {day} ({size}) would explain the course as well "
            "as a slow change: if the hair was cut or the lamp changed then, say so."
        )
    return (
        f"The change seems to have come at once, between {after} and {day} ({size}): a "
        "haircut, dye, another comb or another lamp does that; growth does not."
    )


def _on_control(course: Course) -> str | None:
    moved = course.control
    if moved is None:
        return None
    low, high = moved.interval_pp
    if low <= 0 <= high:
        return "The control zone did not move beyond noise; what it did is taken off."
    return (
        "The back changed too: camera, haircut and a change of the whole scalp cannot be "
        "told apart. What it did is taken off, which is right for pattern loss only."
    )


def _on_season(course: Course) -> str | None:
    if course.reading is None or course.reading.season or course.week < 12:
        return None
    return "Hair cover moves with the season; before week 52 that is not taken off."


def _on_correlation(course: Course) -> str | None:
    if course.reading is None or course.reading.autocorrelation < 0.25:
        return None
    return "Neighbouring visits err alike; the intervals are wider for it."


def _on_outliers(course: Course) -> str | None:
    odd = [visit for visit in course.visits if visit.outliers]
    if not odd:
        return None
    days = ", ".join(say_day(visit.day) for visit in odd)
    return (
        f"One photograph stands far from the others of its visit ({days}); it still counts."
    )


def _on_family(course: Course) -> str | None:
    return None if course.primary else "This is not the zone declared beforehand."


def _need_photos(course: Course) -> list[str]:
    if course.visits and course.visits[-1].n >= _SHOTS:
        return []
    return [
        "Take three photographs of this view on every visit, combing anew between them."
    ]


def _need_baseline(
    course: Course, series: Series | None, today: dt.date | None
) -> list[str]:
    if series is None or not series.treated:
        if course.since == "tracking":
            return ["Declare the start of treatment, if there is one."]
        return []
    missing = _BASELINE_VISITS - len(_baseline(series))
    if missing > 0 and today is not None and today <= series.origin:
        return [f"{_visits(missing)} before treatment starts on {say_day(series.origin)}."]
    return []


def _need_time(course: Course, series: Series | None, today: dt.date | None) -> list[str]:
    if series is None or today is None:
        return ["One more visit."] if not course.visits else []
    held = max((look.week for look in course.looks), default=0)
    ends = [*list(SPENT)[1:], math.inf]
    passed = (today - series.origin).days / 7
    ahead = [
        week for week, end in zip(SPENT, ends, strict=True) if week > held and passed < end
    ]
    found = []
    if ahead:
        day = series.origin + dt.timedelta(weeks=ahead[0])
        found.append(
            f"Wait until {say_day(day)}: the formal look of week {ahead[0]}."
            if day > today
            else f"The formal look of week {ahead[0]} is due: the next visit counts for it."
        )
    short = _visits_short(series)
    if short and not course.looks:
        found.insert(0, f"{_visits(short)} for a formal look.")
    known = course.repeatability
    own = OWN_FREEDOM - known.between_freedom if known else 0
    if own > 0 and not short:
        found.append(f"{_visits(own)} until the noise is your own.")
    if course.verdict is Verdict.WITHIN_NOISE and (more := _visits_to_margin(course)):
        found.append(
            f"About {_visits(more).lower()} to tell changes of {course.margin_pp:g} points."
        )
    return found


def _visits_short(series: Series) -> int:
    """Return how many visits are missing for a formal look."""
    weeks = series.weeks
    missing = MIN_FREEDOM + 2 - len(weeks)
    if series.treated:
        missing = max(missing, 3 - int(np.sum(weeks >= 12)))
    return max(0, missing)


def _visits_to_margin(course: Course) -> int:
    """Return how many visits make the 90 % interval fit into the margin, roughly."""
    if course.reading is None:
        return 0
    low, high = course.reading.interval90_pp
    ratio = (high - low) / 2 / course.margin_pp
    if ratio <= 1:
        return 0
    return min(99, math.ceil(course.reading.n * (ratio**2 - 1)))


def _visits(count: int) -> str:
    return "One more visit" if count == 1 else f"{count} more visits"
