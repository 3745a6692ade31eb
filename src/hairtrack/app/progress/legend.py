"""What the chart shows, in words: its title, its signs, and all of it for the ear."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from hairtrack.app import words
from hairtrack.app.language import _, number, say
from hairtrack.app.progress import marks
from hairtrack.app.progress.chart import Look
from hairtrack.app.scales import Scale
from hairtrack.change.explanations import describe_verdict
from hairtrack.workflows.charting import Charted

__all__ = ["describe", "explain", "explain_plainly", "tell_method", "tell_title"]


def tell_title(charted: Charted, scale: Scale) -> str:
    """Say what is drawn: scale, view, part of the head."""
    zone, view = words.tell_zone(charted.zone), words.tell_view(charted.view)
    return f"{_(scale.value)}: {view}, {zone}"


def describe(charted: Charted, scale: Scale) -> str:
    """Say in words what the chart shows: visits, course, verdict."""
    rows, course = charted.measured, charted.course
    said = [
        _(
            "{scale} on {visits}: {first} on {first_day}, {last} on {last_day}.",
            scale=_(scale.value),
            visits=words.tell_count(len(rows), "visit"),
            first=scale.tell_level(rows[0].visible_scalp),
            first_day=words.tell_day(rows[0].visit),
            last=scale.tell_level(rows[-1].visible_scalp),
            last_day=words.tell_day(rows[-1].visit),
        )
    ]
    if course is not None and course.trend:
        ends = course.trend[0], course.trend[-1]
        said.append(
            _(
                "The fitted course leads from {first} to {last}.",
                first=scale.tell_level(ends[0].level),
                last=scale.tell_level(ends[1].level),
            )
        )
    if course is not None:
        said.append(say(describe_verdict(course)))
    said.append(_("The table below holds every value."))
    return " ".join(said)


def explain(charted: Charted, look: Look) -> list[str]:
    """Explain, in lines of Markdown, every kind of sign that the chart shows."""
    return _explain(charted, look, write=words.escape)


def explain_plainly(charted: Charted, look: Look) -> list[str]:
    """Explain the same in plain text, for a picture."""
    return [line.replace("**", "") for line in _explain(charted, look, write=say)]


def _explain(charted: Charted, look: Look, *, write: Callable[[str], str]) -> list[str]:
    groups = [
        _explain_visits(charted, look),
        _explain_course(charted),
        _explain_marks(charted),
        _explain_breaks(charted, write),
    ]
    lines = (" ".join(group) for group in groups)
    return [line for line in lines if line]


def tell_method(charted: Charted) -> str:
    """Name the method of every number, and what is kept but not drawn."""
    if charted.method is None:
        return ""
    said = _("Measured by {method}.", method=charted.method.key)
    if not charted.others:
        return said
    others = words.tell_count(
        len(charted.others), "other version of the method", "other versions of the method"
    )
    more = _(
        "Results of {versions} are kept too and not drawn: numbers of two versions never "
        "mix.",
        versions=others,
    )
    return f"{said} {more}"


def _explain_visits(charted: Charted, look: Look) -> Iterator[str]:
    yield _(
        "**Filled point**: mean of a visit. **Bar**: how far repeats of it differ (95 %)."
    )
    if look.shots:
        yield _("**Small ring**: one photograph.")
    if charted.course is not None and charted.course.left_out:
        yield _("**Empty point**: a visit that is left out of the course.")
    if look.level_error:
        yield _(
            "**Pale band along the visits**: how well the level itself is known (95 %); "
            "that error is mostly the same on every visit, so that the course moves in it "
            "as a whole."
        )


def _explain_course(charted: Charted) -> Iterator[str]:
    course = charted.course
    if course is not None and course.trend:
        yield _(
            "**Thick line and its band**: the fitted course and where it may lie (95 %)."
        )
    if charted.reference and course is not None and course.repeatability is not None:
        yield _(
            "**Grey band between dotted lines**: the visit of {day} ± {points} points; a "
            "visit within it may differ by noise alone.",
            day=words.tell_day(charted.reference.day),
            points=number(course.repeatability.sdc95_pp),
        )


def _explain_marks(charted: Charted) -> Iterator[str]:
    early = marks.find_too_early(charted)
    if early is not None:
        yield _(
            "**Orange ground**: week 0 to 12 after the start of treatment on {day}; "
            "nothing is read from it yet.",
            day=words.tell_day(early[0]),
        )
    for number_ in sorted({mark.lane for mark in marks.list_marks(charted)}):
        lane = marks.LANES[number_]
        yield f"{lane.sign} {_(lane.told)}."


def _explain_breaks(charted: Charted, write: Callable[[str], str]) -> Iterator[str]:
    breaks = charted.course.breaks if charted.course else ()
    for found in breaks:
        text = (
            _("**Break before {day}**, joined by you: {reason}.")
            if found.joined
            else _(
                "**Break before {day}**: {reason}; visits are not compared across it, and "
                "no line is drawn."
            )
        )
        yield text.format(day=words.tell_day(found.day), reason=write(found.reason))
