"""Commands that tell what is kept, stated and measured."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from hairtrack import workflows
from hairtrack.cli import output
from hairtrack.cli.course.options import (
    SubjectName,
    current,
    load,
    load_facts,
    open_course,
    write,
    zone_of,
)
from hairtrack.cli.options import Json, LibraryFolder
from hairtrack.course import explanations
from hairtrack.course.diary import match_missed_doses
from hairtrack.course.plans import count_sessions
from hairtrack.errors import CourseError
from hairtrack.records import View


def today(
    subject: SubjectName = "me", library: LibraryFolder = None, json: Json = False
) -> None:
    """Tell what comes next, what applies now after a session, and red flags."""
    with open_course(library, subject, make=False) as (opened, course):
        found = workflows.overview.find_course_status(opened, course, now=current())
    if json:
        output.print_json(found)
        return
    output.print_alerts(found.alerts, course.facts)
    for check in found.hits:
        source = explanations.describe_source(check.source, course.facts)
        output.print_line(f"{check.asks} ({source}): {explanations.SPEAK_FIRST}")
    output.print_line(explanations.describe_moment(found.now))
    output.print_line(found.start)
    for session in found.overdue:
        output.print_line(
            f"Number {session.id}, {explanations.describe_moment(session.at)}: was it "
            "done? `hairtrack course done` or `hairtrack course skip` says so."
        )
    coming = found.next_session
    if coming is not None:
        told = explanations.describe_session(
            coming, count_sessions(coming, course.sessions)
        )
        output.print_line(f"Next: {told}, {explanations.describe_moment(coming.at)}")
    if found.photo_day is not None:
        day = found.photo_day
        output.print_line(f"Next photographs: {day.day.isoformat()}, {day.why}")
    if found.latest is not None:
        kind = course.kind_of(found.latest)
        moment = explanations.describe_moment(found.latest.at)
        output.print_line(f"After the session of {moment}:")
        for timer in found.timers:
            told = explanations.describe_timer(timer, course.facts, kind=kind)
            output.print_line(f"  {told}")
        output.print_line(explanations.NO_ADVICE)


def show(
    subject: SubjectName = "me", library: LibraryFolder = None, json: Json = False
) -> None:
    """Tell treatments, sessions and missed doses."""
    course = load(library, subject)
    if json:
        kept = output.to_json(course)
        del kept["facts"], kept["visits"]
        output.print_json(kept)
        return
    rows = [
        (
            str(one.id),
            explanations.describe_kind(one.kind),
            str(one.started_on or ""),
            str(one.stopped_on or ""),
            one.given,
            one.operator,
            ", ".join(one.zones),
        )
        for one in course.treatments
    ]
    head = ("number", "treatment", "begun", "ended", "given", "by", "where")
    output.print_table(head, rows)
    output.print_plan(course.sessions, course)
    for marked in match_missed_doses(
        course.doses, course.sessions, course.treatments, course.facts
    ):
        output.print_line(explanations.describe_dose(marked))


def templates(library: LibraryFolder = None, json: Json = False) -> None:
    """Tell the plans as each source states them."""
    found = load_facts(library).templates
    if json:
        output.print_json(found)
        return
    rows = [
        (
            one.key,
            one.title,
            ", ".join(explanations.describe_kind(kind) for kind in one.kinds),
            one.note,
        )
        for one in found
    ]
    output.print_table(("template", "as stated", "for", "note"), rows)


def signs(library: LibraryFolder = None, json: Json = False) -> None:
    """Tell the signs that the diary knows, each with its source."""
    found = load_facts(library).signs
    if json:
        output.print_json(found)
        return
    rows = [(s.key, s.title, s.alert, s.source, s.says) for s in found]
    output.print_table(("sign", "title", "told at once", "source", "says"), rows)


def diary(
    subject: SubjectName = "me", library: LibraryFolder = None, json: Json = False
) -> None:
    """Tell what was entered in the diary."""
    course = load(library, subject)
    if json:
        output.print_json(course.symptoms)
        return
    titles = {sign.key: sign.title for sign in course.facts.signs}
    rows = [
        (
            str(one.id),
            explanations.describe_moment(one.at),
            titles.get(one.sign, one.sign),
            str(one.severity),
            one.place,
            one.note,
        )
        for one in course.symptoms
    ]
    output.print_table(("number", "when", "sign", "severity", "where", "note"), rows)


def sources(
    topics: Annotated[
        list[str] | None, typer.Argument(metavar="TOPIC", show_default=False)
    ] = None,
    library: LibraryFolder = None,
    json: Json = False,
) -> None:
    """Tell what each source says, side by side, and what trials found."""
    facts = load_facts(library)
    unknown = set(topics or ()) - {topic.key for topic in facts.topics}
    if unknown:
        names = ", ".join(topic.key for topic in facts.topics)
        raise CourseError(f"There is no topic {min(unknown)!r}; there are {names}.")
    if json:
        output.print_json(facts)
        return
    for topic in facts.topics:
        if topics and topic.key not in topics:
            continue
        output.print_line(f"{topic.title} ({topic.key})")
        for fact in facts.about(topic.key):
            name = explanations.describe_source(fact.source, facts)
            case = f" [{fact.case}]" if fact.case else ""
            output.print_line(f"  {name}{case}: {fact.says}")
        for trial in facts.trials:
            if topic.key in trial.topics:
                name = explanations.describe_source(trial.source, facts)
                told = f"{trial.treatment}; {trial.says} (week: {trial.week})"
                output.print_line(f"  study, {name}: {told}")
    if not topics:
        for rule in facts.rules:
            output.print_line(f"{facts.source(rule.source).title}: {rule.says}")
        for source in facts.sources:
            output.print_line(f"{source.key}: {source.title}")
    output.print_line(explanations.NO_ADVICE)


def timeline(
    view: Annotated[View, typer.Option(help="Whose measurements.")] = View.VERTEX,
    subject: SubjectName = "me",
    library: LibraryFolder = None,
    json: Json = False,
) -> None:
    """Tell everything by day, and the phases of the course side by side."""
    from hairtrack.course.timeline import list_phases

    with open_course(library, subject, make=False) as (opened, course):
        day = current().astimezone(zone_of(course)).date()
        found = workflows.series.read_series(opened, subject=subject, view=view)
        values = found[0].values if found else []
        events = workflows.course.list_events(course, today=day, values=values)
        phases = list_phases(course.settings, course.sessions, values)
    if json:
        output.print_json({"events": events, "phases": phases})
        return
    for event in events:
        told = explanations.describe_event(event, course.facts)
        output.print_line(f"{event.day.isoformat()}  {told}")
    for phase in phases:
        output.print_line(explanations.describe_phase(phase))
    if phases:
        output.print_line(explanations.ASSOCIATION)
        season = course.facts.rule("season")
        output.print_line(f"{season.says} ({course.facts.source(season.source).title}).")


def export(
    out: Annotated[Path | None, typer.Option(metavar="JSON", help="Write it here.")] = None,
    subject: SubjectName = "me",
    library: LibraryFolder = None,
) -> None:
    """Write all that is kept of a course as JSON."""
    import json

    with open_course(library, subject, make=False) as (opened, _):
        found = workflows.course.export_course(opened, subject=subject)
    if out is None:
        output.print_json(found)
        return
    write(out, json.dumps(found, indent=2).encode())
    output.print_line(f"wrote {out}")


def photos(
    subject: SubjectName = "me", library: LibraryFolder = None, json: Json = False
) -> None:
    """Tell the days for photographs, and those taken too soon after a session."""
    with open_course(library, subject, make=False) as (opened, course):
        days = workflows.course.list_photo_days(course)
        flags = workflows.course.flag_photos(opened, course)
    if json:
        output.print_json({"days": days, "photos": flags})
        return
    for one in days:
        output.print_line(f"{one.day.isoformat()}  {one.why}")
    for digest, found in flags.items():
        told = explanations.describe_window(found)
        if told:
            output.print_line(f"photograph {digest[:12]}: {told}")
