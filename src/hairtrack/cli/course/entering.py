"""Commands that enter what was felt, missed, answered or stated by the clinic."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Annotated

import typer

from hairtrack.cli.course.options import (
    DAY,
    MOMENT,
    Json,
    LibraryFolder,
    Note,
    Number,
    SubjectName,
    current,
    open_course,
    open_library,
    read,
    zone_of,
)
from hairtrack.course.entries import Entry, Mark, Severity
from hairtrack.errors import CourseError


def before(
    yes: Annotated[list[str] | None, typer.Option(metavar="ITEM", help="It is so.")] = None,
    no: Annotated[list[str] | None, typer.Option(metavar="ITEM", help="It is not.")] = None,
    subject: SubjectName = "me",
    library: LibraryFolder = None,
    json: Json = False,
) -> None:
    """Answer the checklist before a session; a hit says to speak to the clinician."""
    from hairtrack.cli import tell, tell_course
    from hairtrack.course.diary import list_yes_answers
    from hairtrack.course.entries import Answer
    from hairtrack.workflows.course import add_entry, load_course

    with open_course(library, subject) as (opened, course):
        day = current().astimezone(zone_of(course)).date()
        for items, answer in ((no or [], False), (yes or [], True)):
            for item in items:
                entry = Answer(subject=subject, check=item, yes=answer, day=day)
                add_entry(opened, entry)
        course = load_course(opened, subject=subject)
    if json:
        hits = list_yes_answers(course.answers, course.facts)
        kept = {"checks": course.facts.checks, "answers": course.answers, "hits": hits}
        tell.print_json(tell_course.to_json(kept))
    else:
        tell_course.print_checks(course)


def note(
    sign: Annotated[str, typer.Argument(help="Key; `hairtrack course signs` lists them.")],
    severity: Annotated[Severity, typer.Option()] = Severity.MILD,
    at: Annotated[
        dt.datetime | None,
        typer.Option(formats=MOMENT[:2], metavar="DAY HH:MM", help="By default now."),
    ] = None,
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
    from hairtrack.cli import tell, tell_course
    from hairtrack.course.entries import Symptom
    from hairtrack.course.plans import local_time
    from hairtrack.workflows.course import add_symptom

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
        alerts = add_symptom(opened, symptom, pictures=pictures)
    if json:
        tell.print_json(tell_course.to_json(alerts))
    else:
        tell.say("noted")
        tell_course.print_alerts(alerts, course.facts)


def missed(
    treatment: Annotated[int, typer.Argument(metavar="TREATMENT", show_default=False)],
    day: Annotated[dt.datetime, typer.Argument(formats=DAY, show_default=False)],
    note: Note = "",
    subject: SubjectName = "me",
    library: LibraryFolder = None,
) -> None:
    """Enter a day on which a dose was left out."""
    from hairtrack.cli import tell
    from hairtrack.course.entries import MissedDose
    from hairtrack.workflows.course import add_entry

    dose = MissedDose(subject=subject, treatment=treatment, day=day.date(), note=note)
    with open_course(library, subject) as (opened, _):
        add_entry(opened, dose)
    tell.say("noted")


def remark(
    mark: Annotated[Mark, typer.Argument(show_default=False)],
    day: Annotated[dt.datetime, typer.Argument(formats=DAY, show_default=False)],
    note: Note = "",
    subject: SubjectName = "me",
    library: LibraryFolder = None,
) -> None:
    """Enter a haircut, dye or another thing that changes how hair looks."""
    from hairtrack.cli import tell
    from hairtrack.course.entries import Remark
    from hairtrack.workflows.course import add_entry

    with open_course(library, subject) as (opened, _):
        add_entry(opened, Remark(subject=subject, day=day.date(), mark=mark, note=note))
    tell.say("noted")


def clinic(
    file: Annotated[Path | None, typer.Argument(metavar="TOML", show_default=False)] = None,
    forget: Annotated[bool, typer.Option("--forget", help="Take it away.")] = False,
    library: LibraryFolder = None,
) -> None:
    """Lay the clinic's own fact file beside the packaged one, or take it away."""
    from hairtrack.cli import tell
    from hairtrack.workflows.course import save_clinic_file

    if (file is None) != forget:
        raise typer.BadParameter("name a file, or --forget")
    with open_library(library) as opened:
        save_clinic_file(opened, read(file).decode("utf-8", "replace") if file else "")
    tell.say("the clinic's facts are kept" if file else "the clinic's facts are gone")


def remove(
    what: Annotated[str, typer.Argument(help="treatment, session, note, dose or remark.")],
    number: Number,
    subject: SubjectName = "me",
    library: LibraryFolder = None,
) -> None:
    """Forget an entry; a treatment takes its sessions and missed doses with it."""
    from hairtrack.cli import tell
    from hairtrack.workflows.course import remove_entry

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
        remove_entry(opened, found)
    tell.say(f"{what} number {number}: gone")
