"""What the commands print: tables for people, JSON for machines."""

from __future__ import annotations

import dataclasses
import datetime as dt
import json as json_format
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from hairtrack.change import VERSION
from hairtrack.course import explanations
from hairtrack.course.entries import Kind
from hairtrack.course.facts import packaged_facts
from hairtrack.messages import Message
from hairtrack.records import GRID, WHOLE, Method, QualityFlag

if TYPE_CHECKING:
    from rich.table import Table

    from hairtrack.batch import Progress
    from hairtrack.change.records import Assessment
    from hairtrack.course.diary import Alert
    from hairtrack.course.entries import Course, Session
    from hairtrack.course.facts import Facts, Trial
    from hairtrack.records import Registration, ZoneMeasurement
    from hairtrack.workflows import (
        Archived,
        Comparison,
        FileResult,
        ImportRun,
        RunSummary,
        Salvaged,
        Series,
        VisitSummary,
    )
    from hairtrack.workflows.overview import CourseStatus

    Lines = Iterator[str | Table]

Json = dict[str, Any]


def show(
    plain: object,
    lines: Iterable[str | Table],
    errors: Iterable[tuple[str, str | None]] = (),
    *,
    json: bool,
) -> None:
    """Print a result as JSON or as lines; errors go to stderr and end with status 1.

    Parameters
    ----------
    plain : object
        Records or plain values, for JSON.
    lines : iterable of str or Table
        The same for people.
    errors : iterable of (str, str)
        What was refused or is not complete, by name, and why.
    """
    errors = list(errors)
    if json:
        print(dump_json(plain))
    else:
        print_line(*lines)
        for name, reason in errors:
            _print(f"{name}: {reason}", stderr=True)
    exit_if(bool(errors))


def print_line(*lines: str | Table) -> None:
    """Print lines of text and tables."""
    for line in lines:
        _print(line)


def exit_if(incomplete: bool) -> None:
    """End with status 1 when something was refused or is not complete."""
    if incomplete:
        raise typer.Exit(1)


def _print(what: str | Table, *, stderr: bool = False) -> None:
    """Print a table, or a line of text that cannot control the terminal."""
    from rich.console import Console

    is_text = isinstance(what, str)
    console = Console(soft_wrap=is_text, highlight=False, stderr=stderr)
    console.print(_text(what) if isinstance(what, str) else what)


def _text(words: str) -> Any:
    """Return text without control characters."""
    from rich.text import Text

    return Text("".join(c if c.isprintable() else "?" for c in words))


@contextmanager
def progress_bar(label: str, *, quiet: bool = False) -> Iterator[Progress | None]:
    """Show a bar on stderr during long work; nothing when quiet."""
    if quiet:
        yield None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
    from rich.progress import TimeRemainingColumn as Remaining

    columns = (TextColumn(label), BarColumn(), MofNCompleteColumn(), Remaining())
    with Progress(*columns, console=Console(stderr=True)) as bar:
        task = bar.add_task(label, total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)


# ---- for machines ---------------------------------------------------------------------


def to_json(value: Any) -> Any:
    """Return records as plain values for JSON; days and times as ISO 8601."""
    if isinstance(value, Method):
        return {"name": value.name, "version": value.version}
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {f.name: to_json(getattr(value, f.name)) for f in dataclasses.fields(value)}
    if isinstance(value, dict):
        return {str(name): to_json(inner) for name, inner in value.items()}
    if isinstance(value, list | tuple):
        return [to_json(inner) for inner in value]
    if isinstance(value, str | Path):
        return str(value)
    if type(value).__module__ == "numpy":
        return value.item()
    return value.isoformat() if isinstance(value, dt.date) else value


def dump_json(value: object) -> str:
    """Return records or plain values as one JSON document."""
    return json_format.dumps(to_json(value), indent=2, allow_nan=False)


def file_to_json(result: FileResult) -> Json:
    """Return what `measure` gives for one photograph."""
    if result.error is not None:
        return {"photo": result.photo, "error": result.error}
    whole = result.zone(WHOLE)
    plain: Json = to_json(result)
    del plain["error"], plain["quality"], plain["pictures"]
    return plain | {
        "visible_scalp": to_json(whole and whole.visible_scalp),
        "standard_error": to_json(whole and whole.standard_error),
        "flags": to_json(result.quality.flags) if result.quality else [],
    }


def imported_to_json(done: ImportRun) -> Json:
    """Return what came in, what was there, and what was refused."""
    return {
        "added": done.added,
        "known": [{"file": name} | to_json(photo) for name, photo in done.known],
        "refused": done.refused,
        "skipped": done.skipped,
        "stopped": done.stopped,
    }


def row_to_json(row: VisitSummary) -> Json:
    """Return one row of the progress table."""
    plain: Json = to_json(row)
    del plain["reading"]
    plain |= to_json({"visible_scalp": row.visible_scalp, "spread": row.spread})
    return plain


def series_to_json(series: Series) -> Json:
    """Return verdict, numbers, cautions and needs of one zone."""
    if series.assessment is None:
        raise ValueError("a series without an assessment")
    return {
        "subject": series.subject,
        "view": series.view,
        "zone": series.zone,
        "said": _describe(series, series.assessment),
        **to_json(series.assessment),
        "icc": to_json(series.icc),
        "context": to_json(series.context),
        "method": to_json(series.method),
        "rules": VERSION,
    }


def progress_to_json(found: Sequence[Series]) -> Json:
    """Return every visit and the verdict of each series."""
    return {
        "visits": [row_to_json(row) for series in found for row in series.visits],
        "courses": [series_to_json(one) for one in found if one.assessment is not None],
    }


def comparison_to_json(found: Comparison, out: Path) -> Json:
    """Return two visits, their difference and the course they belong to."""
    from hairtrack.change.explanations import describe_change

    return {
        "first": row_to_json(found.first),
        "last": row_to_json(found.last),
        "delta_pp": found.change.delta_pp,
        "change": found.change,
        "said": describe_change(found.change),
        "course": series_to_json(found.series),
        "method": found.first.method,
        "rules": VERSION,
        "picture": out,
    }


# ---- for people -----------------------------------------------------------------------


def format_count(number: int, thing: str) -> str:
    """Return a number of things: "1 photograph", "3 photographs"."""
    return f"{number} {thing}{'' if number == 1 else 's'}"


def format_level(value: float | None, error: float | None) -> str:
    """Say a level with its 95 % interval, in per cent."""
    if value is None:
        return "-"
    return f"{100 * value:.1f} % ± {196 * (error or 0):.1f}"


def make_table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> Table:
    """Make a table of texts, numbers, days, kinds of treatment, or several of them."""
    from rich.table import Table

    table = Table(box=None, pad_edge=False, header_style="bold")
    for name in head:
        number = name in ("visible scalp", "week", "photos")
        table.add_column(name, justify="right" if number else "left", overflow="fold")
    for row in rows:
        table.add_row(*(_text(_format_cell(cell)) for cell in row))
    return table


def _format_cell(cell: object) -> str:
    if isinstance(cell, dt.datetime):
        return explanations.describe_moment(cell)
    if isinstance(cell, Kind):
        return explanations.describe_kind(cell)
    if isinstance(cell, QualityFlag):
        return cell.replace("_", " ")
    if isinstance(cell, tuple):
        return ", ".join(map(_format_cell, cell))
    return "" if cell is None else str(cell)


def format_files(results: Sequence[FileResult]) -> Lines:
    """Yield the numbers of measured files, the advice on them and their pictures."""
    measured = [result for result in results if result.error is None]
    flags = {result.photo: result.quality.flags for result in measured if result.quality}
    if len(measured) == 1:
        (one,) = measured
        yield f"{one.photo} ({one.view})"
        yield make_table(
            ("zone", "visible scalp"),
            [
                (part.zone.replace("_", " "), _format_value(part))
                for part in one.zones
                if not part.zone.startswith(GRID)
            ],
        )
        if flags.get(one.photo):
            yield f"flags: {_format_cell(flags[one.photo])}"
    elif measured:
        yield make_table(
            ("photo", "visible scalp", "flags"),
            [
                (one.photo, _format_value(one.zone(WHOLE)), flags.get(one.photo))
                for one in measured
            ],
        )
    yield from _advise(flag for raised in flags.values() for flag in raised)
    for result in measured:
        for picture in result.pictures:
            yield f"wrote {picture}"


def _format_value(zone: ZoneMeasurement | None) -> str:
    return format_level(zone.visible_scalp, zone.standard_error) if zone else ""


def _advise(flags: Iterable[QualityFlag]) -> Lines:
    raised = sorted(set(flags))
    if raised:
        from hairtrack.imaging.quality import ADVICE

        for flag in raised:
            yield f"{flag}: {ADVICE[flag]}"


def format_registration(found: Registration) -> Lines:
    """Yield a matrix and its evidence.

    Where no points match, the outlines of both scalps are fitted; then no inliers exist.
    """
    evidence = format_count(found.inliers, "inlier") if found.inliers else "by outline"
    for row in found.matrix:
        yield "  ".join(f"{value:12.6f}" for value in row)
    yield (
        f"{found.model}, {evidence}, rms {found.rms_px:.2f} px, "
        f"scale {found.scale:.4f}, overlap {100 * found.overlap:.1f} %"
    )


def format_imported(done: ImportRun, folder: Path) -> Lines:
    """Yield what came in."""
    yield f"library {folder}"
    kinds = Counter((p.visit, str(p.view), p.subject) for p in done.added)
    for (visit, view, subject), count in sorted(kinds.items()):
        yield f"  {visit}  {view}  {subject}: {format_count(count, 'photograph')}"
    for name, photo in done.known:
        filed = f"{photo.subject}, {photo.visit}, {photo.view}"
        yield f"  {name}: in the library already ({filed})"
    yield (
        f"{len(done.added)} new, {len(done.known)} known, {len(done.refused)} refused, "
        f"{format_count(done.skipped, 'other file')} passed over"
    )


def format_archived(done: Archived) -> Lines:
    """Yield what was written."""
    yield f"wrote {done.path}: {format_count(done.photos, 'photograph')}"


def format_salvaged(done: Salvaged) -> Lines:
    """Yield what was rebuilt of a library, and from what."""
    yield from format_archived(done)
    yield f"rows from {done.rows}" if done.rows else "no whole copy of the catalogue"
    if done.recorded:
        yield f"{format_count(len(done.recorded), 'photograph')} filed by their record"
    if done.unfiled:
        counted = format_count(len(done.unfiled), "photograph")
        yield f'{counted} without a record, filed under subject "salvaged"'


def format_ran(done: RunSummary) -> Lines:
    """Yield how many photographs were measured."""
    if done.measured or done.refused or done.failed:
        yield f"{format_count(done.measured, 'photograph')} measured"
    else:
        yield "Nothing was pending."


def format_rows(rows: Sequence[VisitSummary]) -> Lines:
    """Yield the progress table, the advice on its flags and what is missing."""
    if not rows:
        yield "There are no photographs here yet; `hairtrack import` takes them in."
        return
    named = ("subject",) if len({row.subject for row in rows}) > 1 else ()
    head = (*named, "visit", "view", "week", "visible scalp", "photos", "flags")
    lines = []
    for row in rows:
        level = format_level(row.visible_scalp, row.standard_error)
        cells = (row.visit, row.view, f"{row.week:.1f}", level, row.shots, row.flags)
        lines.append((row.subject, *cells)[-len(head) :])
    yield make_table(head, lines)
    yield "Visible scalp: share of the zone where skin shows; ± is its 95 % interval."
    yield "Most of that error is the same on every photograph of one head."
    yield from _advise(flag for row in rows for flag in row.flags)
    for row in rows:
        for reason in row.reasons:
            yield f"{row.visit} {row.view}, not measured: {reason}"
    pending = sum(row.pending for row in rows)
    if pending:
        count = format_count(pending, "photograph")
        yield f"{count} not measured yet: `hairtrack run` does it."


def format_progress(found: Sequence[Series]) -> Lines:
    """Yield the table of visits, then the verdict of each series."""
    yield from format_rows([row for series in found for row in series.visits])
    for series in found:
        if series.assessment is None:
            continue
        zone = "" if series.zone == WHOLE else f", {series.zone.replace('_', ' ')}"
        yield ""
        yield f"{series.subject}, {series.view}{zone}"
        yield f"  {_describe(series, series.assessment)}"
        for line in _format_assessment(series.assessment):
            yield f"  {line}"
        for trial in series.context:
            yield f"  {_format_trial(trial)}"


def label_visit(row: VisitSummary) -> Message:
    """Return what stands above a visit on the picture of two."""
    level = format_level(row.visible_scalp, row.standard_error).partition(" ±")[0]
    return Message("{visit}: visible scalp {level}", visit=row.visit, level=level)


def format_comparison(found: Comparison, out: Path) -> Lines:
    """Yield both visits, their difference in words, and the verdict of the course."""
    from hairtrack.change.explanations import describe_change

    for row in (found.first, found.last):
        level = format_level(row.visible_scalp, row.standard_error)
        photos = format_count(row.shots, "photograph")
        yield f"{row.visit}  {row.view}  visible scalp {level}  ({photos})"
    yield describe_change(found.change)
    if found.series.assessment is not None:
        yield f"All visits together: {_describe(found.series, found.series.assessment)}"
    yield f"wrote {out}"


def _describe(series: Series, found: Assessment) -> str:
    from hairtrack.change.explanations import describe_verdict

    return describe_verdict(found, view=series.view, zone=series.zone)


def _format_assessment(found: Assessment) -> Iterator[str]:
    """Yield what belongs to a verdict."""
    from hairtrack.change.explanations import explain_verdict

    yield from (f"! {alert}" for alert in found.alerts)
    yield from explain_verdict(found)
    known = found.repeatability
    if known:
        yield (
            f"Visits differ by {known.sem_pp:.1f} points when nothing changes (SD, "
            f"{known.noise}); in 95 % of cases two of them by less than "
            f"{known.sdc95_pp:.1f}."
        )
    yield from (f"Left out: {day}, {reason}." for day, reason in found.left_out)
    yield from (f"Note: {caution}" for caution in found.cautions)
    yield from (f"Still needed: {need}" for need in found.needed)


def _format_trial(trial: Trial) -> str:
    source = explanations.describe_source(trial.source, packaged_facts())
    return (
        f"Trials, {trial.treatment} (week {trial.week}): {trial.says} ({source}). "
        "Groups, on another scale; no promise."
    )


# ---- the treatment course -------------------------------------------------------------


def format_plan(sessions: Sequence[Session], course: Course) -> Lines:
    """Yield sessions by time."""
    if not sessions:
        yield "There is no plan yet; `hairtrack course plan` makes one."
        return
    rows = [
        (
            one.id,
            one.at,
            course.kind_of(one),
            explanations.describe_session(one, sessions),
            one.status,
            one.plan or "free",
        )
        for one in sorted(sessions, key=lambda one: one.at)
    ]
    yield make_table(("number", "when", "treatment", "session", "status", "plan"), rows)


def format_alerts(alerts: Iterable[Alert], facts: Facts) -> Lines:
    """Yield alerts, the most urgent first."""
    for alert in alerts:
        yield f"{alert.day}  {explanations.describe_alert(alert, facts)}"


def format_status(found: CourseStatus, course: Course) -> Lines:
    """Yield where the course stands: alerts, what comes next, what applies now."""
    yield from format_alerts(found.alerts, course.facts)
    for check in found.hits:
        source = explanations.describe_source(check.source, course.facts)
        yield f"{check.asks} ({source}): {explanations.SPEAK_FIRST}"
    yield explanations.describe_moment(found.now)
    yield found.start
    for session in found.overdue:
        yield (
            f"Number {session.id}, {explanations.describe_moment(session.at)}: was it "
            "done? `hairtrack course done` or `hairtrack course skip` says so."
        )
    coming = found.next_session
    if coming is not None:
        told = explanations.describe_session(coming, course.sessions)
        yield f"Next: {told}, {explanations.describe_moment(coming.at)}"
    if found.photo_day is not None:
        yield f"Next photographs: {found.photo_day.day}, {found.photo_day.why}"
    if found.latest is not None:
        kind = course.kind_of(found.latest)
        yield f"After the session of {explanations.describe_moment(found.latest.at)}:"
        for timer in found.timers:
            yield f"  {explanations.describe_timer(timer, course.facts, kind=kind)}"
        yield explanations.NO_ADVICE


def format_facts(facts: Facts, topics: Sequence[str]) -> Lines:
    """Yield what each source says of some topics, or of all."""
    for topic in facts.topics:
        if topics and topic.key not in topics:
            continue
        yield f"{topic.title} ({topic.key})"
        for fact in facts.about(topic.key):
            name = explanations.describe_source(fact.source, facts)
            case = f" [{fact.case}]" if fact.case else ""
            yield f"  {name}{case}: {fact.says}"
        for trial in facts.trials:
            if topic.key in trial.topics:
                name = explanations.describe_source(trial.source, facts)
                told = f"{trial.treatment}; {trial.says} (week: {trial.week})"
                yield f"  study, {name}: {told}"
    if not topics:
        yield from (f"{facts.source(one.source).title}: {one.says}" for one in facts.rules)
        yield from (f"{source.key}: {source.title}" for source in facts.sources)
    yield explanations.NO_ADVICE
