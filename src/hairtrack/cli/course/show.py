"""Commands that tell what is kept, stated and measured."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from hairtrack.cli.course.options import (
    Json,
    LibraryFolder,
    SubjectName,
    current,
    open_course,
    write,
    zone_of,
)
from hairtrack.errors import CourseError
from hairtrack.records import View


def today(
    subject: SubjectName = "me", library: LibraryFolder = None, json: Json = False
) -> None:
    """Tell what comes next, what applies now after a session, and red flags."""
    from hairtrack.cli import output
    from hairtrack.cli.course import output as course_output
    from hairtrack.workflows.overview import load_course_status

    with open_course(library, subject) as (opened, course):
        found = load_course_status(opened, course, now=current())
    if json:
        output.print_json(output.to_json(found))
    else:
        course_output.print_today(found, course)


def show(
    subject: SubjectName = "me", library: LibraryFolder = None, json: Json = False
) -> None:
    """Tell treatments, sessions and missed doses."""
    from hairtrack.cli import output
    from hairtrack.cli.course import output as course_output

    with open_course(library, subject) as (_, course):
        pass
    if json:
        kept = output.to_json(course)
        del kept["facts"], kept["visits"]
        output.print_json(kept)
    else:
        course_output.print_course(course)


def templates(library: LibraryFolder = None, json: Json = False) -> None:
    """Tell the plans as each source states them."""
    from hairtrack.cli import output
    from hairtrack.cli.course import output as course_output

    with open_course(library, "me") as (_, course):
        facts = course.facts
    if json:
        output.print_json(output.to_json(facts.templates))
    else:
        course_output.print_templates(facts)


def signs(library: LibraryFolder = None, json: Json = False) -> None:
    """Tell the signs that the diary knows, each with its source."""
    from hairtrack.cli import output

    with open_course(library, "me") as (_, course):
        facts = course.facts
    if json:
        output.print_json(output.to_json(facts.signs))
    else:
        head = ("sign", "title", "told at once", "source", "says")
        rows = [(s.key, s.title, s.alert, s.source, s.says) for s in facts.signs]
        output.print_table(head, rows)


def diary(
    subject: SubjectName = "me", library: LibraryFolder = None, json: Json = False
) -> None:
    """Tell what was entered in the diary."""
    from hairtrack.cli import output
    from hairtrack.cli.course import output as course_output

    with open_course(library, subject) as (_, course):
        pass
    if json:
        output.print_json(output.to_json(course.symptoms))
    else:
        course_output.print_diary(course)


def sources(
    topics: Annotated[
        list[str] | None, typer.Argument(metavar="TOPIC", show_default=False)
    ] = None,
    library: LibraryFolder = None,
    json: Json = False,
) -> None:
    """Tell what each source says, side by side, and what trials found."""
    from hairtrack.cli import output
    from hairtrack.cli.course import output as course_output

    with open_course(library, "me") as (_, course):
        facts = course.facts
    unknown = set(topics or ()) - {topic.key for topic in facts.topics}
    if unknown:
        names = ", ".join(topic.key for topic in facts.topics)
        raise CourseError(f"There is no topic {min(unknown)!r}; there are {names}.")
    if json:
        output.print_json(output.to_json(facts))
    else:
        course_output.print_sources(facts, topics or [])


def timeline(
    view: Annotated[View, typer.Option(help="Whose measurements.")] = View.VERTEX,
    subject: SubjectName = "me",
    library: LibraryFolder = None,
    json: Json = False,
) -> None:
    """Tell everything by day, and the phases of the course side by side."""
    from hairtrack.cli import output
    from hairtrack.cli.course import output as course_output
    from hairtrack.course.timeline import list_phases
    from hairtrack.workflows.course import list_events
    from hairtrack.workflows.series import read_series

    with open_course(library, subject) as (opened, course):
        day = current().astimezone(zone_of(course)).date()
        found = read_series(opened, subject=subject, view=view)
        values = found[0].values if found else []
        events = list_events(course, today=day, values=values)
        phases = list_phases(course.settings, course.sessions, values)
    if json:
        output.print_json(output.to_json({"events": events, "phases": phases}))
    else:
        course_output.print_timeline(events, phases, course.facts)


def export(
    out: Annotated[Path | None, typer.Option(metavar="JSON", help="Write it here.")] = None,
    subject: SubjectName = "me",
    library: LibraryFolder = None,
) -> None:
    """Write all that is kept of a course as JSON."""
    from hairtrack.cli import output
    from hairtrack.workflows.course import export_course

    with open_course(library, subject) as (opened, _):
        found = export_course(opened, subject=subject)
    if out is None:
        output.print_json(found)
        return
    import json

    write(out, json.dumps(found, indent=2).encode())
    output.print_line(f"wrote {out}")


def photos(
    subject: SubjectName = "me", library: LibraryFolder = None, json: Json = False
) -> None:
    """Tell the days for photographs, and those taken too soon after a session."""
    from hairtrack.cli import output
    from hairtrack.cli.course import output as course_output
    from hairtrack.workflows.course import flag_photos, list_photo_days

    with open_course(library, subject) as (opened, course):
        days = list_photo_days(course)
        flags = flag_photos(opened, course)
    if json:
        output.print_json(output.to_json({"days": days, "photos": flags}))
    else:
        course_output.print_photos(days, flags)
