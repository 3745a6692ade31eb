"""What the commands print: tables for people, JSON for machines."""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hairtrack.change import VERSION
from hairtrack.cli.options import format_count
from hairtrack.course import explanations
from hairtrack.course.facts import packaged_facts
from hairtrack.course.plans import count_sessions
from hairtrack.records import GRID, WHOLE, QualityFlag

if TYPE_CHECKING:
    from rich.table import Table
    from rich.text import Text

    from hairtrack.batch import Progress
    from hairtrack.change.records import Assessment
    from hairtrack.course.diary import Alert
    from hairtrack.course.entries import Session
    from hairtrack.course.facts import Facts, Trial
    from hairtrack.records import Method, Registration
    from hairtrack.workflows import (
        Archived,
        Comparison,
        Demo,
        FileResult,
        ImportRun,
        Refusal,
        RunSummary,
        Salvaged,
        Series,
        Verified,
        VisitSummary,
    )
    from hairtrack.workflows.course import Course


Json = dict[str, Any]


# ---- for machines -----------------------------------------------------------------


def to_json(value: Any) -> Any:
    """Return records as plain values for JSON; days and times as ISO 8601."""
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


def print_json(value: object) -> None:
    """Print records or plain values as one JSON document."""
    print(json.dumps(to_json(value), indent=2, allow_nan=False))


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
        "method": method_to_json(result.method),
    }


def imported_to_json(done: ImportRun) -> Json:
    """Return what came in, what was there, and what was refused."""
    return {
        "added": done.added,
        "known": [{"file": name} | to_json(photo) for name, photo in done.known],
        "refused": [_refusal_to_json(refusal) for refusal in done.refused],
        "skipped": done.skipped,
        "stopped": done.stopped,
    }


def ran_to_json(done: RunSummary) -> Json:
    """Return what a run did."""
    return {
        "measured": done.measured,
        "refused": [_refusal_to_json(refusal) for refusal in done.refused],
        "failed": [_refusal_to_json(refusal) for refusal in done.failed],
    }


def row_to_json(row: VisitSummary) -> Json:
    """Return one row of the progress table."""
    plain: Json = to_json(row)
    del plain["reading"]
    return plain | {
        "visible_scalp": to_json(row.visible_scalp),
        "spread": to_json(row.spread),
        "method": method_to_json(row.method),
    }


def _refusal_to_json(refusal: Refusal) -> Json:
    return {"photo": refusal.photo, "error": refusal.reason}


def method_to_json(method: Method | None) -> Json | None:
    """Return name and version of a method."""
    return None if method is None else {"name": method.name, "version": method.version}


# ---- for people -------------------------------------------------------------------


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


def print_table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Print a table of texts."""
    from rich.table import Table

    table = Table(box=None, pad_edge=False, header_style="bold")
    for name in head:
        number = name in ("visible scalp", "week", "photos")
        table.add_column(name, justify="right" if number else "left", overflow="fold")
    for row in rows:
        table.add_row(*map(_text, row))
    _print(table)


def print_files(results: Sequence[FileResult]) -> None:
    """Print numbers of measured files, then the reasons of the others."""
    measured = [result for result in results if result.error is None]
    if len(measured) == 1:
        _print_zones(measured[0])
    elif measured:
        rows = []
        for result in measured:
            whole = result.zone(WHOLE)
            level = format_level(whole.visible_scalp, whole.standard_error) if whole else ""
            flags = result.quality.flags if result.quality else ()
            rows.append((result.photo, level, _flags(flags)))
        print_table(("photo", "visible scalp", "flags"), rows)
    _print_advice(flag for r in measured if r.quality for flag in r.quality.flags)
    for picture in (picture for result in measured for picture in result.pictures):
        print_line(f"wrote {picture}")
    _print_errors((r.photo, r.error) for r in results if r.error is not None)


def print_registration(found: Registration) -> None:
    """Print a matrix and its evidence.

    Where no points match, the outlines of both scalps are fitted; then no inliers exist.
    """
    evidence = format_count(found.inliers, "inlier") if found.inliers else "by outline"
    for row in found.matrix:
        print_line("  ".join(f"{value:12.6f}" for value in row))
    print_line(
        f"{found.model}, {evidence}, rms {found.rms_px:.2f} px, "
        f"scale {found.scale:.4f}, overlap {100 * found.overlap:.1f} %"
    )


def print_imported(done: ImportRun, folder: Path) -> None:
    """Print what came in, and what not and why."""
    print_line(f"library {folder}")
    kinds = Counter((p.visit, str(p.view), p.subject) for p in done.added)
    for (visit, view, subject), count in sorted(kinds.items()):
        print_line(f"  {visit}  {view}  {subject}: {format_count(count, 'photograph')}")
    for name, photo in done.known:
        filed = f"{photo.subject}, {photo.visit}, {photo.view}"
        print_line(f"  {name}: in the library already ({filed})")
    counts = [f"{len(done.added)} new", f"{len(done.known)} known"]
    counts += [
        f"{len(done.refused)} refused",
        f"{format_count(done.skipped, 'other file')} passed over",
    ]
    print_line(", ".join(counts))
    _print_refusals(done.refused)
    if done.stopped is not None:
        _print_errors([("stopped", done.stopped)])


def print_verified(found: Verified) -> None:
    """Print what was looked at, then every fault."""
    print_line(f"{format_count(found.photos, 'photograph')} read")
    print_line(format_count(len(found.faults), "fault") if found.faults else "No fault.")
    _print_errors((fault.kind, fault.sentence) for fault in found.faults)


def print_archived(done: Archived, *, json: bool) -> None:
    """Print what was written, and which photographs are missing from it."""
    if json:
        print_json(done)
        return
    print_line(f"wrote {done.path}: {format_count(done.photos, 'photograph')}")
    lost = ((digest[:12], "missing or damaged in the library.") for digest in done.lost)
    _print_errors(lost)


def print_salvaged(done: Salvaged, *, json: bool) -> None:
    """Print what was rebuilt of a library, and from what."""
    if json:
        print_json(done)
        return
    print_archived(done, json=False)
    print_line(f"rows from {done.rows}" if done.rows else "no whole copy of the catalogue")
    if done.recorded:
        counted = format_count(len(done.recorded), "photograph")
        print_line(f"{counted} filed by their record")
    if done.unfiled:
        counted = format_count(len(done.unfiled), "photograph")
        print_line(f'{counted} without a record, filed under subject "salvaged"')


def print_ran(done: RunSummary) -> None:
    """Print how many photographs were measured, and what became of the others."""
    if not (done.measured or done.refused or done.failed):
        print_line("Nothing was pending.")
        return
    print_line(f"{format_count(done.measured, 'photograph')} measured")
    _print_refusals(done.refused)
    _print_refusals(done.failed)


def print_rows(rows: Sequence[VisitSummary]) -> None:
    """Print the progress table, the advice on its flags and what is missing."""
    if not rows:
        print_line("There are no photographs here yet; `hairtrack import` takes them in.")
        return
    several = len({row.subject for row in rows}) > 1
    head = ("visit", "view", "week", "visible scalp", "photos", "flags")
    lines = []
    for row in rows:
        level = format_level(row.visible_scalp, row.standard_error)
        cells = (str(row.visit), str(row.view), f"{row.week:.1f}", level, str(row.shots))
        named = (row.subject,) if several else ()
        lines.append((*named, *cells, _flags(row.flags)))
    print_table(("subject", *head) if several else head, lines)
    print_line("Visible scalp: share of the zone where skin shows; ± is its 95 % interval.")
    print_line("Most of that error is the same on every photograph of one head.")
    _print_advice(flag for row in rows for flag in row.flags)
    _print_missing(rows)


def print_line(text: str = "") -> None:
    """Print a line of text that cannot control the terminal."""
    _print(_text(text))


def print_demo(done: Demo) -> None:
    """Print where the demonstration lives and what it measured."""
    print_line(f"synthetic sample photographs, library {done.folder}")
    _print_refusals(done.imported.refused)
    _print_refusals(done.ran.failed)
    print_rows(done.rows)


def _print_zones(result: FileResult) -> None:
    flags = result.quality.flags if result.quality else ()
    print_line(f"{result.photo} ({result.view})")
    rows = [
        (zone.zone.replace("_", " "), format_level(zone.visible_scalp, zone.standard_error))
        for zone in result.zones
        if not zone.zone.startswith(GRID)
    ]
    print_table(("zone", "visible scalp"), rows)
    if flags:
        print_line(f"flags: {_flags(flags)}")


def _print_advice(flags: Iterable[QualityFlag]) -> None:
    raised = sorted(set(flags))
    if raised:
        from hairtrack.imaging.quality import ADVICE

        for flag in raised:
            print_line(f"{flag}: {ADVICE[flag]}")


def _print_missing(rows: Iterable[VisitSummary]) -> None:
    for row in rows:
        for reason in row.reasons:
            print_line(f"{row.visit} {row.view}, not measured: {reason}")
    pending = sum(row.pending for row in rows)
    if pending:
        count = format_count(pending, "photograph")
        print_line(f"{count} not measured yet: `hairtrack run` does it.")


def _print_refusals(refusals: Iterable[Refusal]) -> None:
    _print_errors((refusal.photo, refusal.reason) for refusal in refusals)


def _print_errors(errors: Iterable[tuple[str, str | None]]) -> None:
    for name, reason in errors:
        _print(_text(f"{name}: {reason}"), stderr=True)


def _print(what: Table | Text, *, stderr: bool = False) -> None:
    from rich.console import Console
    from rich.text import Text

    soft = isinstance(what, Text)
    Console(soft_wrap=soft, highlight=False, stderr=stderr).print(what)


def _text(words: str) -> Text:
    """Return text without control characters."""
    from rich.text import Text

    return Text("".join(c if c.isprintable() else "?" for c in words))


def format_level(value: float | None, error: float | None) -> str:
    """Say a level with its 95 % interval, in per cent."""
    if value is None:
        return "-"
    return f"{100 * value:.1f} % ± {196 * (error or 0):.1f}"


def _flags(flags: Iterable[QualityFlag]) -> str:
    return ", ".join(str(flag).replace("_", " ") for flag in flags)


def series_to_json(series: Series) -> Json:
    """Return verdict, numbers, cautions and needs of one zone."""
    if series.assessment is None:
        raise ValueError("a series without an assessment")
    return {
        "subject": series.subject,
        "view": str(series.view),
        "zone": series.zone,
        "said": _describe(series, series.assessment),
        **to_json(series.assessment),
        "icc": to_json(series.icc),
        "context": to_json(series.context),
        "method": method_to_json(series.method),
        "rules": VERSION,
    }


def print_progress_json(found: Sequence[Series]) -> None:
    """Print every visit and the verdict of each series."""
    visits = [row_to_json(row) for series in found for row in series.visits]
    verdicts = [series_to_json(one) for one in found if one.assessment is not None]
    print_json({"visits": visits, "courses": verdicts})


def print_progress(found: Sequence[Series]) -> None:
    """Print the table of visits, then the verdict of each series."""
    print_rows([row for series in found for row in series.visits])
    for series in found:
        if series.assessment is None:
            continue
        zone = "" if series.zone == WHOLE else f", {series.zone.replace('_', ' ')}"
        print_line()
        print_line(f"{series.subject}, {series.view}{zone}")
        print_line(f"  {_describe(series, series.assessment)}")
        for line in _format_assessment(series.assessment):
            print_line(f"  {line}")
        for trial in series.context:
            print_line(f"  {_format_trial(trial)}")


def print_comparison_json(found: Comparison, out: Path) -> None:
    """Print two visits, their difference and the course they belong to."""
    print_json(
        {
            "first": row_to_json(found.first),
            "last": row_to_json(found.last),
            "delta_pp": float(found.delta_pp),
            "change": to_json(found.change),
            "said": found.sentence,
            "course": series_to_json(found.series),
            "method": method_to_json(found.first.method),
            "rules": VERSION,
            "picture": str(out),
        }
    )


def print_comparison(found: Comparison, out: Path) -> None:
    """Print both visits, their difference in words, and the verdict of the course."""
    for row in (found.first, found.last):
        level = format_level(row.visible_scalp, row.standard_error)
        photos = format_count(row.shots, "photograph")
        print_line(f"{row.visit}  {row.view}  visible scalp {level}  ({photos})")
    print_line(found.sentence)
    if found.series.assessment is not None:
        verdict = _describe(found.series, found.series.assessment)
        print_line(f"All visits together: {verdict}")
    print_line(f"wrote {out}")


def _describe(series: Series, found: Assessment) -> str:
    from hairtrack.change.explanations import describe_verdict

    return describe_verdict(found, view=series.view, zone=series.zone)


def _format_assessment(found: Assessment) -> list[str]:
    """Return what belongs to a verdict."""
    from hairtrack.change.explanations import explain_verdict

    lines = [*(f"! {alert}" for alert in found.alerts), *explain_verdict(found)]
    known = found.repeatability
    if known:
        lines.append(
            f"Visits differ by {known.sem_pp:.1f} points when nothing changes (SD, "
            f"{known.noise}); in 95 % of cases two of them by less than "
            f"{known.sdc95_pp:.1f}."
        )
    lines += [f"Left out: {day}, {reason}." for day, reason in found.left_out]
    lines += [f"Note: {caution}" for caution in found.cautions]
    return lines + [f"Still needed: {need}" for need in found.needed]


def _format_trial(trial: Trial) -> str:
    source = explanations.describe_source(trial.source, packaged_facts())
    return (
        f"Trials, {trial.treatment} (week {trial.week}): {trial.says} ({source}). "
        "Groups, on another scale; no promise."
    )


# ---- the treatment course -------------------------------------------------------------


def print_alerts(alerts: Iterable[Alert], facts: Facts) -> None:
    """Print alerts, the most urgent first."""
    for alert in alerts:
        print_line(f"{alert.day.isoformat()}  {explanations.describe_alert(alert, facts)}")


def print_plan(sessions: Sequence[Session], course: Course) -> None:
    """Print sessions by time."""
    if not sessions:
        print_line("There is no plan yet; `hairtrack course plan` makes one.")
        return
    rows = [
        (
            str(one.id),
            explanations.describe_moment(one.at),
            explanations.describe_kind(course.kind_of(one)),
            explanations.describe_session(one, count_sessions(one, sessions)),
            str(one.status),
            one.plan or "free",
        )
        for one in sorted(sessions, key=lambda one: one.at)
    ]
    print_table(("number", "when", "treatment", "session", "status", "plan"), rows)
