"""Commands that declare, plan and change a course."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from hairtrack.cli.course.options import (
    DAY,
    MOMENT,
    Day,
    Hour,
    Json,
    LibraryFolder,
    Note,
    Number,
    SubjectName,
    Where,
    current,
    merge_hours,
    open_course,
    read_day,
    read_time,
    write,
    zone_of,
)
from hairtrack.course.entries import Kind
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
    from hairtrack.cli import tell, tell_course
    from hairtrack.workflows.course import save_settings

    with open_course(library, subject) as (opened, course):
        settings = course.settings
        if start is not None:
            settings = replace(settings, started_on=read_day(start))
        if stop is not None:
            settings = replace(settings, stopped_on=read_day(stop))
        if zone is not None:
            settings = replace(settings, zone=zone)
        settings = replace(settings, hours=merge_hours(settings.hours, hours or []))
        save_settings(opened, settings)
    if json:
        tell.print_json(tell_course.to_json(settings))
    else:
        tell.say(
            f"start {settings.started_on or 'none'}, stop {settings.stopped_on or 'none'}"
        )
        tell.say(f"time zone {settings.zone}")
        for topic, value in settings.hours:
            tell.say(f"clinic: {topic} {value:g} hours")


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
    from hairtrack.cli import tell
    from hairtrack.course.entries import Treatment
    from hairtrack.workflows.course import add_entry, replace_entry

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
            replace_entry(opened, treatment)
        else:
            number = add_entry(opened, treatment)
    tell.say(f"treatment number {number}")


def plan(
    first: Annotated[dt.datetime, typer.Option(formats=DAY, help="Day of session 1.")],
    template: Annotated[
        str, typer.Option(help="Key of a template; without it the plan is free.")
    ] = "",
    kind: Annotated[Kind | None, typer.Option(help="Kind of a new treatment.")] = None,
    treatment: Annotated[int, typer.Option(help="Number of a treatment entered.")] = 0,
    every: Annotated[str, typer.Option(help="1 week, 10 days, 1 month.")] = "",
    sessions: Annotated[int | None, typer.Option(help="How many.")] = None,
    time: Hour = "10:00",
    maintenance_every: Annotated[str, typer.Option(help="Interval of maintenance.")] = "",
    maintenance: Annotated[int, typer.Option(help="Sessions of it to put down.")] = 0,
    subject: SubjectName = "me",
    library: LibraryFolder = None,
    json: Json = False,
) -> None:
    """Make the plan of a treatment; sessions still planned for it are replaced."""
    from hairtrack.cli import tell, tell_course
    from hairtrack.course.entries import Treatment
    from hairtrack.course.plans import PlanChoice
    from hairtrack.workflows.course import load_course, plan_course

    with open_course(library, subject) as (opened, course):
        known = {one.key: one for one in course.facts.templates}
        stated = known.get(template)
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
        made = plan_course(opened, chosen, choice, template=template)
        course = load_course(opened, subject=subject)
    if json:
        tell.print_json(tell_course.to_json(made))
    else:
        tell_course.print_plan(made, course)


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
    from hairtrack.cli import tell, tell_course
    from hairtrack.workflows.course import find_session, load_course, move_session

    with open_course(library, subject) as (opened, course):
        session = find_session(course, number)
        at = read_time(time) if time else None
        moved = move_session(opened, course, session, day=day.date(), time=at, rest=rest)
        course = load_course(opened, subject=subject)
    tell.say(f"{len(moved)} moved")
    tell_course.print_plan(course.sessions, course)


def skip(
    number: Number, subject: SubjectName = "me", library: LibraryFolder = None
) -> None:
    """Mark a session as skipped; the others stay."""
    from hairtrack.cli import tell
    from hairtrack.course import plans
    from hairtrack.workflows.course import find_session, replace_entry

    with open_course(library, subject) as (opened, course):
        replace_entry(opened, plans.skip_session(find_session(course, number)))
    tell.say(f"session number {number}: skipped")


def done(
    number: Number,
    at: Annotated[
        dt.datetime | None,
        typer.Option(
            formats=MOMENT[:2], metavar="DAY HH:MM", help="By default as planned, or now."
        ),
    ] = None,
    given: Annotated[str, typer.Option(help="What was given.")] = "",
    by: Annotated[str, typer.Option(help="By whom.")] = "",
    where: Where = None,
    note: Note = "",
    subject: SubjectName = "me",
    library: LibraryFolder = None,
) -> None:
    """Mark a session as done, with what was given where and by whom."""
    from hairtrack.cli import tell
    from hairtrack.course.entries import Status
    from hairtrack.course.plans import local_time
    from hairtrack.workflows.course import find_session, replace_entry

    with open_course(library, subject) as (opened, course):
        session = find_session(course, number)
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
        replace_entry(opened, changed)
    tell.say(f"session number {number}: done; `hairtrack course today` tells what applies")


def calendar(
    out: Annotated[
        Path, typer.Option(metavar="ICS", help="File for your calendar.")
    ] = Path("hair_course.ics"),
    subject: SubjectName = "me",
    library: LibraryFolder = None,
) -> None:
    """Write sessions and days for photographs for your calendar."""
    from hairtrack.cli import tell
    from hairtrack.workflows.course import write_calendar

    with open_course(library, subject) as (opened, course):
        write(out, write_calendar(opened, course, now=current()))
    tell.say(f"wrote {out}")
