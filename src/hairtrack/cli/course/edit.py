"""Commands that declare, plan and change a course."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from hairtrack import workflows
from hairtrack.cli import output
from hairtrack.cli.course.options import (
    Day,
    Moment,
    Note,
    Number,
    SubjectName,
    Where,
    current,
    merge_hours,
    open_course,
    read,
    read_day,
    read_time,
    write,
    zone_of,
)
from hairtrack.cli.options import DAY, Json, LibraryFolder
from hairtrack.course.diary import list_yes_answers
from hairtrack.course.entries import (
    Answer,
    Entry,
    Kind,
    Mark,
    MissedDose,
    Remark,
    Severity,
    Status,
    Symptom,
    Treatment,
)
from hairtrack.course.explanations import SPEAK_FIRST
from hairtrack.course.plans import PlanChoice, local_time, skip_session
from hairtrack.errors import CourseError


def set_(
    start: Annotated[
        str | None, typer.Option(metavar="DAY", help="Declared start, week 0; or none.")
    ] = None,
    stop: Annotated[
        str | None, typer.Option(metavar="DAY", help="Day all treatment stopped; or none.")
    ] = None,
    zone: Annotated[
        str | None, typer.Option(metavar="NAME", help="Time zone: Europe/Berlin.")
    ] = None,
    hours: Annotated[
        list[str] | None,
        typer.Option(
            metavar="TOPIC=HOURS",
            help="The clinic's own time: washing=72; or washing=none.",
        ),
    ] = None,
    subject: SubjectName = "me",
    library: LibraryFolder = None,
    json: Json = False,
) -> None:
    """Declare the start, the stop, the time zone and the clinic's own times."""
    with open_course(library, subject) as (opened, course):
        settings = course.settings
        if start is not None:
            settings = replace(settings, started_on=read_day(start))
        if stop is not None:
            settings = replace(settings, stopped_on=read_day(stop))
        if zone is not None:
            settings = replace(settings, zone=zone)
        settings = replace(settings, hours=merge_hours(settings.hours, hours or []))
        workflows.course.save_settings(opened, settings)
    if json:
        output.print_json(settings)
        return
    start, stop = (str(day or "none") for day in (settings.started_on, settings.stopped_on))
    output.print_line(f"start {start}, stop {stop}")
    output.print_line(f"time zone {settings.zone}")
    for topic, value in settings.hours:
        output.print_line(f"clinic: {topic} {value:g} hours")


def treat(
    kind: Annotated[Kind, typer.Argument(show_default=False)],
    started: Day = None,
    stopped: Day = None,
    given: Annotated[str, typer.Option(help="Substances, strength, device.")] = "",
    by: Annotated[str, typer.Option(help="By whom.")] = "",
    where: Where = None,
    note: Note = "",
    number: Annotated[
        int, typer.Option(help="Number of a treatment to write over; else a new one.")
    ] = 0,
    subject: SubjectName = "me",
    library: LibraryFolder = None,
) -> None:
    """Enter a treatment, or write over one."""
    treatment = Treatment(
        id=number,
        subject=subject,
        kind=kind,
        started_on=started.date() if started else None,
        stopped_on=stopped.date() if stopped else None,
        given=given,
        operator=by,
        zones=tuple(where or ()),
        note=note,
    )
    with open_course(library, subject) as (opened, _):
        if number:
            workflows.course.replace_entry(opened, treatment)
        else:
            number = workflows.course.add_entry(opened, treatment)
    output.print_line(f"treatment number {number}")


def plan(
    first: Annotated[dt.datetime, typer.Option(formats=DAY, help="Day of session 1.")],
    template: Annotated[
        str, typer.Option(help="Key of a template; without it the plan is free.")
    ] = "",
    kind: Annotated[Kind | None, typer.Option(help="Kind of a new treatment.")] = None,
    treatment: Annotated[int, typer.Option(help="Number of a treatment entered.")] = 0,
    every: Annotated[str, typer.Option(help="1 week, 10 days, 1 month.")] = "",
    sessions: Annotated[int | None, typer.Option(help="How many.")] = None,
    time: Annotated[str, typer.Option(metavar="HH:MM", help="Hour, on your clock.")] = (
        "10:00"
    ),
    maintenance_every: Annotated[str, typer.Option(help="Interval of maintenance.")] = "",
    maintenance: Annotated[int, typer.Option(help="Sessions of it to put down.")] = 0,
    subject: SubjectName = "me",
    library: LibraryFolder = None,
    json: Json = False,
) -> None:
    """Make the plan of a treatment; sessions still planned for it are replaced."""
    with open_course(library, subject) as (opened, course):
        stated = next((one for one in course.facts.templates if one.key == template), None)
        chosen = next((one for one in course.treatments if one.id == treatment), None)
        if treatment and chosen is None:
            raise CourseError(f"There is no treatment with number {treatment}.")
        if chosen is None:
            usual = stated.kinds[0] if stated and stated.kinds else Kind.OTHER
            chosen = Treatment(subject=subject, kind=kind or usual, started_on=first.date())
        if stated and sessions is None and len(stated.sessions) == 1:
            sessions = stated.sessions[0]
        if not every:
            every = stated.every[0] if stated and stated.every else "1 week"
        choice = PlanChoice(
            start=first.date(),
            time=read_time(time),
            zone=course.settings.zone,
            every=every,
            sessions=sessions,
            maintenance_every=maintenance_every,
            maintenance=maintenance,
        )
        made = workflows.course.plan_course(opened, chosen, choice, template=template)
        course = workflows.course.load_course(opened, subject=subject)
    if json:
        output.print_json(made)
    else:
        output.print_plan(made, course)


def move(
    number: Number,
    day: Annotated[dt.datetime, typer.Argument(formats=DAY, show_default=False)],
    time: Annotated[str, typer.Option(metavar="HH:MM", help="By default as before.")] = "",
    rest: Annotated[
        bool, typer.Option("--rest", help="Move those after it by as many days too.")
    ] = False,
    subject: SubjectName = "me",
    library: LibraryFolder = None,
) -> None:
    """Move a planned session."""
    with open_course(library, subject) as (opened, course):
        session = workflows.course.find_session(course, number)
        at = read_time(time) if time else None
        moved = workflows.course.move_session(
            opened, course, session, day=day.date(), time=at, rest=rest
        )
        course = workflows.course.load_course(opened, subject=subject)
    output.print_line(f"{len(moved)} moved")
    output.print_plan(course.sessions, course)


def skip(
    number: Number, subject: SubjectName = "me", library: LibraryFolder = None
) -> None:
    """Mark a session as skipped; the others stay."""
    with open_course(library, subject) as (opened, course):
        workflows.course.replace_entry(
            opened, skip_session(workflows.course.find_session(course, number))
        )
    output.print_line(f"session number {number}: skipped")


def done(
    number: Number,
    at: Moment = None,
    given: Annotated[str, typer.Option(help="What was given.")] = "",
    by: Annotated[str, typer.Option(help="By whom.")] = "",
    where: Where = None,
    note: Note = "",
    subject: SubjectName = "me",
    library: LibraryFolder = None,
) -> None:
    """Mark a session as done: what was given where; as planned if that is earlier."""
    with open_course(library, subject) as (opened, course):
        session = workflows.course.find_session(course, number)
        zone = course.settings.zone
        now = current().astimezone(zone_of(course)).replace(second=0, microsecond=0)
        changed = replace(
            session,
            status=Status.DONE,
            at=local_time(at.date(), at.time(), zone) if at else min(session.at, now),
            given=given or session.given,
            operator=by or session.operator,
            zones=tuple(where or ()) or session.zones,
            note=note or session.note,
        )
        workflows.course.replace_entry(opened, changed)
    output.print_line(
        f"session number {number}: done; `hairtrack course today` tells what applies"
    )


def calendar(
    out: Annotated[
        Path, typer.Option(metavar="ICS", help="File for your calendar.")
    ] = Path("hair_course.ics"),
    subject: SubjectName = "me",
    library: LibraryFolder = None,
) -> None:
    """Write sessions and days for photographs for your calendar."""
    with open_course(library, subject) as (opened, course):
        write(out, workflows.course.write_calendar(opened, course, now=current()))
    output.print_line(f"wrote {out}")


def before(
    yes: Annotated[list[str] | None, typer.Option(metavar="ITEM", help="It is so.")] = None,
    no: Annotated[list[str] | None, typer.Option(metavar="ITEM", help="It is not.")] = None,
    subject: SubjectName = "me",
    library: LibraryFolder = None,
    json: Json = False,
) -> None:
    """Answer the checklist before a session; a hit says to speak to the clinician."""
    with open_course(library, subject) as (opened, course):
        day = current().astimezone(zone_of(course)).date()
        for items, answer in ((no or [], False), (yes or [], True)):
            for item in items:
                entry = Answer(subject=subject, check=item, yes=answer, day=day)
                workflows.course.add_entry(opened, entry)
        course = workflows.course.load_course(opened, subject=subject)
    hits = list_yes_answers(course.answers, course.facts)
    if json:
        kept = {"checks": course.facts.checks, "answers": course.answers, "hits": hits}
        output.print_json(kept)
        return
    yes_keys = {check.key for check in hits}
    answered = {answer.check for answer in course.answers}
    rows = []
    for check in course.facts.checks:
        said = "yes" if check.key in yes_keys else "no" if check.key in answered else ""
        rows.append((check.key, check.asks, check.source, said))
    output.print_table(("item", "asked", "source", "answer"), rows)
    if hits:
        output.print_line(SPEAK_FIRST)
    output.print_line("Answers stay in this library.")


def note(
    sign: Annotated[str, typer.Argument(help="Key; `hairtrack course signs` lists them.")],
    severity: Annotated[Severity, typer.Option()] = Severity.MILD,
    at: Moment = None,
    place: Annotated[str, typer.Option(help="Where, in your words.")] = "",
    picture: Annotated[
        list[Path] | None, typer.Option(metavar="PHOTO", help="Kept with it, not measured.")
    ] = None,
    note: Note = "",
    subject: SubjectName = "me",
    library: LibraryFolder = None,
    json: Json = False,
) -> None:
    """Enter something felt or seen; red flags are told at once."""
    with open_course(library, subject) as (opened, course):
        zone = course.settings.zone
        now = current().astimezone(zone_of(course))
        symptom = Symptom(
            subject=subject,
            at=local_time(at.date(), at.time(), zone) if at else now,
            sign=sign,
            severity=severity,
            place=place,
            note=note,
        )
        pictures = {str(path): read(path) for path in picture or ()}
        alerts = workflows.course.add_symptom(opened, symptom, pictures=pictures)
    if json:
        output.print_json(alerts)
    else:
        output.print_line("noted")
        output.print_alerts(alerts, course.facts)


def missed(
    treatment: Annotated[int, typer.Argument(metavar="TREATMENT", show_default=False)],
    day: Annotated[dt.datetime, typer.Argument(formats=DAY, show_default=False)],
    note: Note = "",
    subject: SubjectName = "me",
    library: LibraryFolder = None,
) -> None:
    """Enter a day on which a dose was left out."""
    dose = MissedDose(subject=subject, treatment=treatment, day=day.date(), note=note)
    with open_course(library, subject) as (opened, _):
        workflows.course.add_entry(opened, dose)
    output.print_line("noted")


def remark(
    mark: Annotated[Mark, typer.Argument(show_default=False)],
    day: Annotated[dt.datetime, typer.Argument(formats=DAY, show_default=False)],
    note: Note = "",
    subject: SubjectName = "me",
    library: LibraryFolder = None,
) -> None:
    """Enter a haircut, dye or another thing that changes how hair looks."""
    with open_course(library, subject) as (opened, _):
        workflows.course.add_entry(
            opened, Remark(subject=subject, day=day.date(), mark=mark, note=note)
        )
    output.print_line("noted")


def clinic(
    file: Annotated[Path | None, typer.Argument(metavar="TOML", show_default=False)] = None,
    forget: Annotated[bool, typer.Option("--forget", help="Take it away.")] = False,
    library: LibraryFolder = None,
) -> None:
    """Lay the clinic's own fact file beside the packaged one, or take it away."""
    if (file is None) != forget:
        raise typer.BadParameter("name a file, or --forget")
    with open_course(library, "me") as (opened, _):
        workflows.course.save_clinic_file(
            opened, read(file).decode("utf-8", "replace") if file else ""
        )
    output.print_line(
        "the clinic's facts are kept" if file else "the clinic's facts are gone"
    )


def remove(
    what: Annotated[str, typer.Argument(help="treatment, session, note, dose or remark.")],
    number: Number,
    subject: SubjectName = "me",
    library: LibraryFolder = None,
) -> None:
    """Forget an entry; a treatment takes its sessions and missed doses with it."""
    with open_course(library, subject) as (opened, course):
        kept: dict[str, tuple[Entry, ...]] = {
            "treatment": course.treatments,
            "session": course.sessions,
            "note": course.symptoms,
            "dose": course.doses,
            "remark": course.remarks,
        }
        if what not in kept:
            raise typer.BadParameter(f"there are {', '.join(kept)}", param_hint="WHAT")
        found = next((entry for entry in kept[what] if entry.id == number), None)
        if found is None:
            raise CourseError(f"There is no {what} with number {number}.")
        workflows.course.remove_entry(opened, found)
    output.print_line(f"{what} number {number}: gone")
