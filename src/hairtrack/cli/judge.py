"""What is said of a change: verdicts for people, every number for machines."""

from __future__ import annotations

import dataclasses
import datetime as dt
import enum
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import typer

from hairtrack.change import VERSION
from hairtrack.change.explanations import describe_verdict
from hairtrack.change.records import Assessment
from hairtrack.cli import tell
from hairtrack.cli.tell import Json
from hairtrack.course.explanations import describe_source
from hairtrack.course.facts import Trial, packaged_facts
from hairtrack.records import WHOLE, View
from hairtrack.workflows import Comparison, Declaration, Series

Days = Sequence[dt.datetime] | None


def declare(
    *,
    start: dt.datetime | None = None,
    primary: str | None = None,
    control: str | None = None,
    haircuts: Days = None,
    joined: Days = None,
    margin_pp: float = 3.0,
    treatment: str | None = None,
) -> Declaration:
    """Turn what was typed into what was declared.

    Raises
    ------
    typer.BadParameter
        A zone does not begin with the name of a view.
    """
    return Declaration(
        start=start.date() if start else None,
        primary=_parse_zone(primary, "--primary-zone"),
        control=_parse_zone(control, "--control"),
        haircuts=tuple(day.date() for day in haircuts or ()),
        joined=tuple(day.date() for day in joined or ()),
        margin_pp=margin_pp,
        treatment=treatment,
    )


def is_personal(declared: Declaration) -> bool:
    """Return whether this can be true of one subject only."""
    return bool(declared.start or declared.haircuts or declared.joined)


def to_plain(value: object) -> Any:
    """Return a record as plain values for JSON; days as ISO 8601, words as text."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        names = (field.name for field in dataclasses.fields(value))
        return {name: to_plain(getattr(value, name)) for name in names}
    if isinstance(value, enum.Enum | dt.date):
        return str(value)
    if isinstance(value, list | tuple):
        return [to_plain(one) for one in value]
    return value


def series_to_json(series: Series) -> Json:
    """Return verdict, numbers, cautions and needs of one zone."""
    if series.assessment is None:
        raise ValueError("a series without an assessment")
    return {
        "subject": series.subject,
        "view": str(series.view),
        "zone": series.zone,
        "said": describe_verdict(series.assessment),
        **to_plain(series.assessment),
        "icc": to_plain(series.icc),
        "context": to_plain(series.context),
        "method": tell.method_to_json(series.method),
        "rules": VERSION,
    }


def print_progress_json(found: Sequence[Series]) -> None:
    """Print every visit and the verdict of each series."""
    visits = [tell.row_to_json(row) for series in found for row in series.visits]
    verdicts = [series_to_json(one) for one in found if one.assessment is not None]
    tell.print_json({"visits": visits, "courses": verdicts})


def print_progress(found: Sequence[Series]) -> None:
    """Print the table of visits, then the verdict of each series."""
    tell.print_rows([row for series in found for row in series.visits])
    for series in found:
        if series.assessment is None:
            continue
        zone = "" if series.zone == WHOLE else f", {series.zone.replace('_', ' ')}"
        tell.print_text(f"\n{series.subject}, {series.view}{zone}")
        for line in _tell_course(series.assessment):
            tell.print_text(f"  {line}")
        for trial in series.context:
            tell.print_text(f"  {_tell_trial(trial)}")


def print_comparison_json(found: Comparison, out: Path) -> None:
    """Print two visits, their difference and the course they belong to."""
    tell.print_json(
        {
            "first": tell.row_to_json(found.first),
            "last": tell.row_to_json(found.last),
            "delta_pp": float(found.delta_pp),
            "change": to_plain(found.change),
            "said": found.sentence,
            "course": series_to_json(found.series),
            "method": tell.method_to_json(found.first.method),
            "rules": VERSION,
            "picture": str(out),
        }
    )


def print_comparison(found: Comparison, out: Path) -> None:
    """Print both visits, their difference in words, and the verdict of the course."""
    for row in (found.first, found.last):
        level = tell.say_level(row.visible_scalp, row.standard_error)
        photos = tell.say_count(row.shots, "photograph")
        tell.print_text(f"{row.visit}  {row.view}  visible scalp {level}  ({photos})")
    tell.print_text(found.sentence)
    if found.series.assessment is not None:
        verdict = describe_verdict(found.series.assessment)
        tell.print_text(f"The course so far: {verdict}")
    tell.print_text(f"wrote {out}")


def _parse_zone(text: str | None, option: str) -> tuple[View, str] | None:
    if text is None:
        return None
    view, _, zone = text.partition("/")
    if view not in set(View):
        raise typer.BadParameter(
            f"{text!r} does not begin with a view ({', '.join(View)})", param_hint=option
        )
    return View(view), zone or WHOLE


def _tell_course(course: Assessment) -> list[str]:
    lines = [*(f"! {alert}" for alert in course.alerts), describe_verdict(course)]
    known = course.repeatability
    if known:
        lines.append(
            f"Visits differ by {known.sem_pp:.1f} points when nothing changes (SD, "
            f"{known.noise}); in 95 % of cases two of them by less than "
            f"{known.sdc95_pp:.1f}."
        )
    lines += [f"Left out: {day}, {reason}." for day, reason in course.left_out]
    lines += [f"Note: {caution}" for caution in course.cautions]
    return lines + [f"Still needed: {need}" for need in course.needed]


def _tell_trial(trial: Trial) -> str:
    source = describe_source(trial.source, packaged_facts())
    return (
        f"Trials, {trial.treatment} (week {trial.week}): {trial.says} ({source}). "
        "Groups, on another scale; no promise."
    )
