"""Verdicts in words: what was measured, how sure it is, and what would tell more."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterator

import numpy as np

from hairtrack.change.interim import MIN_STEP_GAIN, SPENT
from hairtrack.change.records import (
    Assessment,
    Change,
    Estimate,
    Noise,
    Repeatability,
    Step,
    Verdict,
)
from hairtrack.change.repeatability import OWN_DOF, variance_of_visit
from hairtrack.change.trend import BASELINE_VISITS, TimeSeries
from hairtrack.messages import N_, Message, join, number, plural_message
from hairtrack.records import WHOLE, View
from hairtrack.statistics import Interval, t_quantile

MAX_COVER = 0.85
"""Above this hair cover a denser head hardly shows (random-shadow model)."""

FIRST_READING_WEEK = 12
"""Before it every verdict on a treatment is "too early"."""

_PHOTOS = 3


def describe_delta(delta_pp: float) -> Message:
    """Describe a change of visible scalp.

    Examples
    --------
    >>> print(describe_delta(-3.14))
    less scalp shows: 3.1 points
    >>> print(describe_delta(0.04))
    as much scalp shows as before
    """
    size = abs(delta_pp)
    if f"{size:.1f}" == "0.0":
        return Message("as much scalp shows as before")
    if delta_pp < 0:
        return Message("less scalp shows: {points:.1f} points", points=size)
    return Message("more scalp shows: {points:.1f} points", points=size)


def describe_interval(interval_pp: Interval) -> Message:
    """Describe an interval of a change.

    Examples
    --------
    >>> print(describe_interval((-5.02, 1.2)))
    between 5.0 points less and 1.2 points more
    """
    low, high = (_describe_end(end) for end in interval_pp)
    return Message("between {low} and {high}", low=low, high=high)


def _describe_end(points: float) -> Message:
    if points < 0:
        return Message("{points:.1f} points less", points=-points)
    return Message("{points:.1f} points more", points=points)


def name_part(view: View, zone: str) -> Message:
    """Name a part of the head as its owner would, at the beginning of a sentence."""
    if zone == WHOLE:
        return _VIEWS[view]
    return _CROWN if (view, zone) == (View.VERTEX, "crown") else _OTHER


_VIEWS = {
    View.VERTEX: Message("The top of your head"),
    View.MIDLINE: Message("Your parting"),
    View.FRONTAL: Message("Your hairline"),
    View.TEMPORAL_LEFT: Message("Your left temple"),
    View.TEMPORAL_RIGHT: Message("Your right temple"),
    View.OCCIPITAL: Message("The back of your head"),
}
_CROWN, _OTHER = Message("Your crown"), Message("This part of the head")


_CHECKED = {
    Verdict.GAIN: N_("{part} looked fuller at the check of week {week}"),
    Verdict.LOSS: N_("{part} looked thinner at the check of week {week}"),
}
_CALLED = {
    Verdict.GAIN: N_("{part} looks fuller. {change}. This is probably real."),
    Verdict.LOSS: N_("{part} looks thinner. {change}. This is probably real."),
}


def describe_verdict(
    assessment: Assessment, *, view: View = View.VERTEX, zone: str = WHOLE
) -> Message:
    """Describe a verdict in two or three short sentences: the headline of every page.

    Its numbers are those of the trend through all visits, `Assessment.estimate`.
    """
    now, verdict, latest = (
        assessment.estimate,
        assessment.verdict,
        assessment.latest_verdict,
    )
    if verdict is Verdict.TOO_EARLY:
        origin = assessment.origin or dt.date.min
        return Message(
            "Too early to tell. Hair changes slowly: the first answer is possible from "
            "week {week} of the treatment on, {day}.",
            week=FIRST_READING_WEEK,
            day=origin + dt.timedelta(weeks=FIRST_READING_WEEK),
        )
    if now is None or verdict is Verdict.NOT_ENOUGH_DATA:
        return _describe_missing(assessment)
    said = {"part": name_part(view, zone), "change": _describe_trend(now, assessment.week)}
    called = verdict in _CALLED and not assessment.provisional
    if called and latest not in (None, verdict):
        return Message(
            "{before}, but the newest photographs no longer show it clearly. {change}.",
            before=Message(_CHECKED[verdict], week=assessment.analyses[-1].week, **said),
            **said,
        )
    if called and now.excludes_zero:
        return Message(_CALLED[verdict], **said)
    if now.excludes_zero:
        text = N_("{part} may look thinner. {change}. This is not certain yet: {doubt}.")
        if now.delta_pp < 0:
            text = N_("{part} may look fuller. {change}. This is not certain yet: {doubt}.")
        return Message(text, doubt=_describe_doubt(assessment), **said)
    if (latest or verdict) is Verdict.NO_LARGER:
        return Message(
            "{part} looks the same. {change}; a change of more than {margin:g} points is "
            "unlikely.",
            margin=assessment.margin_pp,
            **said,
        )
    return Message("{part} shows no clear change. {change}, which may be chance.", **said)


def _describe_missing(assessment: Assessment) -> Message:
    step = assessment.step
    if step is not None and assessment.analyses:
        return Message(
            "More scalp shows, and it came at once, between {after} and {day}. Was the "
            "hair cut, dyed or photographed differently then?",
            after=step.after,
            day=step.day,
        )
    if not assessment.visits:
        return Message("No answer yet: no visit could be measured.")
    return plural_message(
        "No answer yet: there is only one visit.",
        "No answer yet: {count} visits are too few to see a change.",
        count=len(assessment.visits),
    )


def _describe_trend(now: Estimate, week: float) -> Message:
    """Say from where to where the trend went; in whole per cent where that shows it."""
    before, after = now.start_pp, now.start_pp + now.delta_pp
    weeks = plural_message("one week", "{count} weeks", count=max(1, round(week)))
    spec = ".0f" if f"{before:.0f}" != f"{after:.0f}" else ".1f"
    if f"{before:.1f}" == f"{after:.1f}":
        return Message(
            "Visible scalp stayed at {level:.1f} % for {weeks}", level=before, weeks=weeks
        )
    return Message(
        "Visible scalp went from {before} % to {after} % in {weeks}",
        before=number(before, spec),
        after=number(after, spec),
        weeks=weeks,
    )


def _describe_doubt(assessment: Assessment) -> Message:
    """Say why a trend whose interval excludes 0 is not called a change yet."""
    called = {one.verdict for one in assessment.analyses}
    if assessment.verdict is Verdict.WITHIN_NOISE and called & {Verdict.GAIN, Verdict.LOSS}:
        return Message("among several parts of the head one may change by chance")
    done = max((one.week for one in assessment.analyses), default=0)
    ahead = [week for week in SPENT if week > max(done, assessment.week)]
    if ahead:
        return Message("it must still be there at the check of week {week}", week=ahead[0])
    return Message("the next visits must show it too")


def explain_verdict(assessment: Assessment) -> tuple[Message, ...]:
    """Explain a verdict: its estimate in numbers, and the check that it rests on."""
    now = assessment.estimate
    if now is None or assessment.verdict in (Verdict.TOO_EARLY, Verdict.NOT_ENOUGH_DATA):
        return ()
    trend = Message(
        "The trend through {visits} ({photos}) goes from {before:.1f} % to {after:.1f} %: "
        "{change}, with a 95 % interval {interval}.",
        visits=plural_message("one visit", "{count} visits", count=now.n),
        photos=plural_message("one photograph", "{count} photographs", count=now.photos),
        before=now.start_pp,
        after=now.start_pp + now.delta_pp,
        change=_describe_end(now.delta_pp),
        interval=describe_interval(now.interval_pp),
    )
    if not assessment.analyses:
        return (trend,)
    last = assessment.analyses[-1]
    check = Message(
        "Checked in week {week} ({day}), by a rule fixed beforehand: where nothing "
        "changes, at most 5 of 100 people are told of a change.",
        week=last.week,
        day=last.day,
    )
    return trend, check


def describe_change(change: Change) -> Message:
    """Describe how two visits differ and whether that is more than chance."""
    said = Message(
        "Between these two visits: {change} (95 % interval: {interval}).",
        change=describe_delta(change.delta_pp),
        interval=describe_interval(change.interval_pp),
    )
    doubt = join(change.comparability.reasons, "; ")
    if change.beyond_noise is None:
        refused = Message("These two visits cannot be compared: {reasons}.", reasons=doubt)
        return join((said, refused), " ")
    least = Message("{points:.1f} points", points=change.sdc95_pp)
    if change.noise is Noise.ASSUMED:
        least = Message("{points}, which is assumed so far", points=least)
    elif change.noise is Noise.PARTLY_ASSUMED:
        least = Message("{points}, which is partly assumed so far", points=least)
    text = N_("Chance explains as much ({points}), so it may be no change.")
    if change.beyond_noise:
        text = N_("That is more than chance explains ({points}).")
    sentences = [said, Message(text, points=least)]
    if change.comparability.reasons:
        sentences.append(Message("What makes it doubtful: {reasons}.", reasons=doubt))
    return join(sentences, " ")


def advise_on_saturation(visible_scalp: float) -> Message | None:
    """Advise the parted view where hair hides nearly all the skin, else `None`."""
    if 1 - visible_scalp < MAX_COVER:
        return None
    return Message(
        "Hair covers {cover:.0f} % here, so more hair would hide hardly any more skin. The "
        "parting shows a change better.",
        cover=100 * (1 - visible_scalp),
    )


def list_alerts(series: TimeSeries, known: Repeatability) -> tuple[Message, ...]:
    """Return an alert where the two latest visits both show more scalp than noise explains.

    It does not wait for an interim analysis.
    """
    base = series.baseline
    if not 0 < len(base) <= len(series.days) - 2:
        return ()
    level = float(np.mean(series.levels_pp[base]))
    for index in (-1, -2):
        variance = variance_of_visit(int(series.photos[index]), known)
        variance = variance * float(series.relative[index]) + known.sem_pp**2 / len(base)
        half = t_quantile(0.975, known.dof) * math.sqrt(variance)
        if series.levels_pp[index] - level <= half:
            return ()
    told = Message(
        "More scalp shows on two visits in a row ({first} and {last}), by more than "
        "chance explains. Show it to your clinician, unless a haircut, wet hair or "
        "another lamp is the reason.",
        first=series.days[-2],
        last=series.days[-1],
    )
    return (told,)


def list_cautions(assessment: Assessment) -> tuple[Message, ...]:
    """Return how far a verdict can be trusted."""
    cautions = [
        *_caution_on_comparison(assessment),
        *_caution_on_control(assessment),
        *_caution_on_visits(assessment),
    ]
    if not assessment.primary:
        cautions.append(
            Message("Another part of the head was chosen beforehand to decide.")
        )
    return tuple(cautions)


def _caution_on_comparison(assessment: Assessment) -> Iterator[Message]:
    if assessment.since == "break":
        last = [found for found in assessment.breaks if not found.joined][-1]
        yield Message(
            "Compared since {day}: {reason}. Earlier visits count again if you join them.",
            day=assessment.origin,
            reason=last.reason,
        )
    elif assessment.since == "tracking":
        yield Message(
            "Counted from the first visit, {day}, because no start of treatment is known.",
            day=assessment.origin,
        )
    noise = assessment.repeatability.noise if assessment.repeatability else Noise.OWN
    if noise is Noise.ASSUMED:
        yield Message("How far your own photographs scatter is still assumed.")
    elif noise is Noise.PARTLY_ASSUMED:
        yield Message("How far your own photographs scatter is still partly assumed.")
    if assessment.step:
        yield _describe_step(assessment.step)


def _describe_step(step: Step) -> Message:
    size = N_("{points:.1f} points less scalp")
    if step.delta_pp > 0:
        size = N_("{points:.1f} points more scalp")
    text = N_(
        "The change seems to have come at once, between {after} and {day} ({size}): a "
        "haircut, dye, another comb or another lamp does that; growth does not."
    )
    if step.better < MIN_STEP_GAIN:
        text = N_(
            "One step between {after} and {day} ({size}) would explain the visits as well "
            "as a slow change. If the hair was cut or the lamp changed then, note it."
        )
    points = Message(size, points=abs(step.delta_pp))
    return Message(text, after=step.after, day=step.day, size=points)


def _caution_on_control(assessment: Assessment) -> Iterator[Message]:
    moved = assessment.control
    if moved and not moved.excludes_zero:
        yield Message("The control zone shows no clear change; what it did is taken off.")
    elif moved:
        yield Message(
            "The control zone changed too: camera, haircut and a change of the whole "
            "scalp cannot be told apart. What it did is taken off, which is right for "
            "pattern loss only."
        )


def _caution_on_visits(assessment: Assessment) -> Iterator[Message]:
    now = assessment.estimate
    if now and not now.season and assessment.week >= 12:
        yield Message(
            "Hair cover varies with the season; before week 52 that is not taken off."
        )
    if now and now.autocorrelation >= 0.25:
        yield Message("Neighbouring visits err alike, so the intervals are wider.")
    days = [visit.day for visit in assessment.visits if visit.outliers]
    if days:
        yield Message(
            "One photograph differs much from the others of its visit ({days}); it still "
            "counts.",
            days=join([Message("{day}", day=day) for day in days], ", "),
        )


def list_needs(
    assessment: Assessment, series: TimeSeries | None, *, today: dt.date | None
) -> Iterator[Message]:
    """Yield what would tell more, with dates."""
    if not assessment.visits or assessment.visits[-1].n < _PHOTOS:
        yield Message(
            "Take three photographs of this view on every visit, and comb again between "
            "them."
        )
    yield from _need_baseline(assessment, series, today)
    step = assessment.step
    if step and assessment.verdict is Verdict.NOT_ENOUGH_DATA and assessment.analyses:
        yield Message(
            "Note whether the hair was cut, dyed or changed between {after} and {day}.",
            after=step.after,
            day=step.day,
        )
    if series is not None and today is not None:
        yield from _need_time(assessment, series, today)
    elif not assessment.visits:
        yield Message("Add one more visit.")


def _need_baseline(
    assessment: Assessment, series: TimeSeries | None, today: dt.date | None
) -> Iterator[Message]:
    if series is None or not series.treated:
        declared = series is not None and series.plan.start is not None
        if assessment.since == "tracking" and not declared:
            yield Message("Enter the start of your treatment, if there is one.")
        return
    missing = BASELINE_VISITS - len(series.baseline)
    if missing > 0 and today is not None and today <= series.origin:
        yield plural_message(
            "One more visit before treatment starts on {day}.",
            "{count} more visits before treatment starts on {day}.",
            count=missing,
            day=series.origin,
        )


def _need_time(
    assessment: Assessment, series: TimeSeries, today: dt.date
) -> Iterator[Message]:
    short = series.count_missing()
    if short and not assessment.analyses:
        yield plural_message(
            "One more visit is needed for a check.",
            "{count} more visits are needed for a check.",
            count=short,
        )
    yield from _need_next_analysis(assessment, series, today)
    known = assessment.repeatability
    own = OWN_DOF - known.between_dof if known else 0
    if own > 0 and not short:
        yield plural_message(
            "After one more visit your own scatter is known.",
            "After {count} more visits your own scatter is known.",
            count=own,
        )
    more = _count_visits_to_margin(assessment)
    if assessment.verdict is Verdict.WITHIN_NOISE and more:
        yield plural_message(
            "About one more visit to see changes of {margin:g} points.",
            "About {count} more visits to see changes of {margin:g} points.",
            count=more,
            margin=assessment.margin_pp,
        )


def _need_next_analysis(
    assessment: Assessment, series: TimeSeries, today: dt.date
) -> Iterator[Message]:
    passed = (today - series.origin).days / 7
    held = max((one.week for one in assessment.analyses), default=0)
    ends = [*list(SPENT)[1:], math.inf]
    pairs = zip(SPENT, ends, strict=True)
    week = next((week for week, end in pairs if week > held and passed < end), None)
    if week is None:
        return
    day = series.origin + dt.timedelta(weeks=week)
    if day > today:
        yield Message("The next check is on {day}, in week {week}.", day=day, week=week)
    else:
        yield Message("The check of week {week} is due: the next visit decides.", week=week)


def _count_visits_to_margin(assessment: Assessment) -> int:
    """Return how many visits make the 90 % interval fit into the margin, roughly."""
    now = assessment.estimate
    if now is None:
        return 0
    low, high = now.interval90_pp
    ratio = (high - low) / 2 / assessment.margin_pp
    return max(0, min(99, math.ceil(now.n * (ratio**2 - 1))))
