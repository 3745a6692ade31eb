"""`hairtrack course`: the treatment course, each command one step of it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from hairtrack import workflows
from hairtrack.cli import output
from hairtrack.cli.options import DAY, Json, LibraryFolder
from hairtrack.course import explanations
from hairtrack.course.diary import list_yes_answers, match_missed_doses
from hairtrack.course.entries import (
    Answer,
    Course,
    Dose,
    Entry,
    Kind,
    Mark,
    Remark,
    Severity,
    Status,
    Symptom,
    Treatment,
)
from hairtrack.course.facts import Facts, packaged_facts
from hairtrack.course.plans import (
    PlanChoice,
    list_photo_days,
    load_time_zone,
    local_time,
    skip_session,
)
from hairtrack.errors import CourseError
from hairtrack.records import View

if TYPE_CHECKING:
    from hairtrack.workflows import Library

app = typer.Typer(
    help="The treatment course: plan, aftercare, diary, timeline. No advice.",
    no_args_is_help=True,
    rich_markup_mode=None,
)


def _read_day(text: str) -> dt.date | None:
    """Read a day, or none."""
    if text == "none":
        return None
    try:
        return dt.date.fromisoformat(text)
    except ValueError as error:
        raise typer.BadParameter(f"{text!r} is no day like 2025-03-10, nor none") from error


def _read_time(text: str) -> dt.time:
    try:
        return dt.time.fromisoformat(text)
    except ValueError as error:
        raise typer.BadParameter(f"{text!r} is no hour like 09:30") from error


def _read_hours(text: str) -> tuple[str, float | None]:
    """Read a topic and the clinic's hours for it; `None` takes them away."""
    topic, _, value = text.partition("=")
    try:
        return topic, None if value == "none" else float(value)
    except ValueError as error:
        raise typer.BadParameter(f"{text!r} is not like washing=72") from error


_Subject = Annotated[str, typer.Option(help="Whose course.")]
_Moment = Annotated[
    dt.datetime | None,
    typer.Option(
        formats=["%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M"],
        metavar="DAY HH:MM",
        help="By default now.",
    ),
]
_Day = Annotated[dt.datetime | None, typer.Option(formats=DAY, metavar="DAY")]
_On = Annotated[dt.datetime, typer.Argument(formats=DAY, show_default=False)]
_Number = Annotated[int, typer.Argument(metavar="NUMBER", show_default=False)]
_Where = Annotated[
    list[str] | None,
    typer.Option(metavar="ZONE", help="Zone, or square of the vertex grid (grid_r3c2)."),
]
_Given = Annotated[str, typer.Option(help="Substances, strength, device.")]
_By = Annotated[str, typer.Option(help="By whom.")]
_Note = Annotated[str, typer.Option(help="Anything worth remembering.")]


@contextmanager
def _open(
    folder: Path | None, subject: str = "me", *, make: bool = True
) -> Iterator[tuple[Library, Course]]:
    """Open the library, made on demand when there is none, and a subject's course."""
    way_in = workflows.Library.create if make else workflows.Library.open
    with way_in(folder or workflows.default_folder()) as opened:
        yield opened, workflows.course.load_course(opened, subject=subject)


def _load_facts(folder: Path | None) -> Facts:
    """Return the packaged facts, with the clinic's where there is a library."""
    if not (folder or workflows.default_folder()).exists():
        return packaged_facts()
    with _open(folder, make=False) as (_, course):
        return course.facts


def _now(course: Course) -> dt.datetime:
    """Return the time on the clock of a course."""
    return dt.datetime.now(load_time_zone(course.settings.zone))


@app.command("set")
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
    subject: _Subject = "me",
    library: LibraryFolder = None,
    json: Json = False,
) -> None:
    """Declare the start, the stop, the time zone and the clinic's own times."""
    with _open(library, subject) as (opened, course):
        kept = course.settings
        times = dict(kept.hours) | dict(map(_read_hours, hours or ()))
        settings = replace(
            kept,
            started_on=kept.started_on if start is None else _read_day(start),
            stopped_on=kept.stopped_on if stop is None else _read_day(stop),
            zone=kept.zone if zone is None else zone,
            hours=tuple(sorted((t, h) for t, h in times.items() if h is not None)),
        )
        workflows.course.save_settings(opened, settings)
    lines = [
        f"start {settings.started_on or 'none'}, stop {settings.stopped_on or 'none'}",
        f"time zone {settings.zone}",
        *(f"clinic: {topic} {value:g} hours" for topic, value in settings.hours),
    ]
    output.show(settings, lines, json=json)


@app.command()
def today(
    subject: _Subject = "me", library: LibraryFolder = None, json: Json = False
) -> None:
    """Tell what comes next, what applies now after a session, and red flags."""
    with _open(library, subject, make=False) as (opened, course):
        found = workflows.overview.find_course_status(opened, course, now=_now(course))
    output.show(found, output.format_status(found, course), json=json)


@app.command()
def treat(
    kind: Annotated[Kind, typer.Argument(show_default=False)],
    started: _Day = None,
    stopped: _Day = None,
    given: _Given = "",
    by: _By = "",
    where: _Where = None,
    note: _Note = "",
    number: Annotated[
        int, typer.Option(help="Number of a treatment to write over; else a new one.")
    ] = 0,
    subject: _Subject = "me",
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
    with _open(library, subject) as (opened, _):
        number = workflows.course.save_entry(opened, treatment)
    output.print_line(f"treatment number {number}")


@app.command()
def show(
    subject: _Subject = "me", library: LibraryFolder = None, json: Json = False
) -> None:
    """Tell treatments, sessions and missed doses."""
    with _open(library, subject, make=False) as (_, course):
        pass
    plain = output.to_json(course)
    del plain["facts"], plain["visits"]
    rows = [
        (t.id, t.kind, t.started_on, t.stopped_on, t.given, t.operator, t.zones)
        for t in course.treatments
    ]
    head = ("number", "treatment", "begun", "ended", "given", "by", "where")
    lines = [
        output.make_table(head, rows),
        *output.format_plan(course.sessions, course),
        *map(explanations.describe_dose, match_missed_doses(course)),
    ]
    output.show(plain, lines, json=json)


@app.command()
def templates(library: LibraryFolder = None, json: Json = False) -> None:
    """Tell the plans as each source states them."""
    found = _load_facts(library).templates
    rows = [(one.key, one.title, one.kinds, one.note) for one in found]
    table = output.make_table(("template", "as stated", "for", "note"), rows)
    output.show(found, [table], json=json)


@app.command()
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
    subject: _Subject = "me",
    library: LibraryFolder = None,
    json: Json = False,
) -> None:
    """Make the plan of a treatment; sessions still planned for it are replaced."""
    with _open(library, subject) as (opened, course):
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
            time=_read_time(time),
            zone=course.settings.zone,
            every=every,
            sessions=sessions,
            maintenance_every=maintenance_every,
            maintenance=maintenance,
        )
        made = workflows.course.plan_course(opened, chosen, choice, template=template)
        course = workflows.course.load_course(opened, subject=subject)
    output.show(made, output.format_plan(made, course), json=json)


@app.command()
def move(
    number: _Number,
    day: _On,
    time: Annotated[str, typer.Option(metavar="HH:MM", help="By default as before.")] = "",
    rest: Annotated[
        bool, typer.Option("--rest", help="Move those after it by as many days too.")
    ] = False,
    subject: _Subject = "me",
    library: LibraryFolder = None,
) -> None:
    """Move a planned session."""
    with _open(library, subject) as (opened, course):
        session = workflows.course.find_session(course, number)
        at = _read_time(time) if time else None
        moved = workflows.course.move_session(
            opened, course, session, day=day.date(), time=at, rest=rest
        )
        course = workflows.course.load_course(opened, subject=subject)
    output.print_line(f"{len(moved)} moved", *output.format_plan(course.sessions, course))


@app.command()
def skip(number: _Number, subject: _Subject = "me", library: LibraryFolder = None) -> None:
    """Mark a session as skipped; the others stay."""
    with _open(library, subject) as (opened, course):
        session = workflows.course.find_session(course, number)
        workflows.course.save_entry(opened, skip_session(session))
    output.print_line(f"session number {number}: skipped")


@app.command()
def done(
    number: _Number,
    at: _Moment = None,
    given: _Given = "",
    by: _By = "",
    where: _Where = None,
    note: _Note = "",
    subject: _Subject = "me",
    library: LibraryFolder = None,
) -> None:
    """Mark a session as done: what was given where; as planned if that is earlier."""
    with _open(library, subject) as (opened, course):
        session = workflows.course.find_session(course, number)
        zone = course.settings.zone
        now = _now(course).replace(second=0, microsecond=0)
        changed = replace(
            session,
            status=Status.DONE,
            at=local_time(at.date(), at.time(), zone) if at else min(session.at, now),
            given=given or session.given,
            operator=by or session.operator,
            zones=tuple(where or ()) or session.zones,
            note=note or session.note,
        )
        workflows.course.save_entry(opened, changed)
    output.print_line(
        f"session number {number}: done; `hairtrack course today` tells what applies"
    )


@app.command()
def calendar(
    out: Annotated[
        Path, typer.Option(metavar="ICS", help="File for your calendar.")
    ] = Path("hair_course.ics"),
    subject: _Subject = "me",
    library: LibraryFolder = None,
) -> None:
    """Write sessions and days for photographs for your calendar."""
    with _open(library, subject) as (opened, course):
        written = workflows.course.write_calendar(opened, course, now=_now(course))
    workflows.write_file(out, written)
    output.print_line(f"wrote {out}")


@app.command()
def before(
    yes: Annotated[list[str] | None, typer.Option(metavar="ITEM", help="It is so.")] = None,
    no: Annotated[list[str] | None, typer.Option(metavar="ITEM", help="It is not.")] = None,
    subject: _Subject = "me",
    library: LibraryFolder = None,
    json: Json = False,
) -> None:
    """Answer the checklist before a session; a hit says to speak to the clinician."""
    with _open(library, subject) as (opened, course):
        day = _now(course).date()
        for items, answer in ((no or [], False), (yes or [], True)):
            for item in items:
                entry = Answer(subject=subject, check=item, yes=answer, day=day)
                workflows.course.save_entry(opened, entry)
        course = workflows.course.load_course(opened, subject=subject)
    hits = list_yes_answers(course.answers, course.facts)
    told = {answer.check: "no" for answer in course.answers}
    told |= {check.key: "yes" for check in hits}
    checks = course.facts.checks
    rows = [(one.key, one.asks, one.source, told.get(one.key)) for one in checks]
    table = output.make_table(("item", "asked", "source", "answer"), rows)
    advice = [explanations.SPEAK_FIRST] if hits else []
    plain = {"checks": checks, "answers": course.answers, "hits": hits}
    output.show(plain, [table, *advice, "Answers stay in this library."], json=json)


@app.command()
def note(
    sign: Annotated[str, typer.Argument(help="Key; `hairtrack course signs` lists them.")],
    severity: Annotated[Severity, typer.Option()] = Severity.MILD,
    at: _Moment = None,
    place: Annotated[str, typer.Option(help="Where, in your words.")] = "",
    picture: Annotated[
        list[Path] | None, typer.Option(metavar="PHOTO", help="Kept with it, not measured.")
    ] = None,
    note: _Note = "",
    subject: _Subject = "me",
    library: LibraryFolder = None,
    json: Json = False,
) -> None:
    """Enter something felt or seen; red flags are told at once."""
    with _open(library, subject) as (opened, course):
        zone = course.settings.zone
        symptom = Symptom(
            subject=subject,
            at=local_time(at.date(), at.time(), zone) if at else _now(course),
            sign=sign,
            severity=severity,
            place=place,
            note=note,
        )
        pictures = {str(path): workflows.read_file(path) for path in picture or ()}
        alerts = workflows.course.add_symptom(opened, symptom, pictures=pictures)
    lines = ["noted", *output.format_alerts(alerts, course.facts)]
    output.show(alerts, lines, json=json)


@app.command()
def signs(library: LibraryFolder = None, json: Json = False) -> None:
    """Tell the signs that the diary knows, each with its source."""
    found = _load_facts(library).signs
    rows = [(s.key, s.title, s.alert, s.source, s.says) for s in found]
    head = ("sign", "title", "told at once", "source", "says")
    output.show(found, [output.make_table(head, rows)], json=json)


@app.command()
def diary(
    subject: _Subject = "me", library: LibraryFolder = None, json: Json = False
) -> None:
    """Tell what was entered in the diary."""
    with _open(library, subject, make=False) as (_, course):
        titles = {sign.key: sign.title for sign in course.facts.signs}
    rows = [
        (one.id, one.at, titles.get(one.sign, one.sign), one.severity, one.place, one.note)
        for one in course.symptoms
    ]
    head = ("number", "when", "sign", "severity", "where", "note")
    output.show(course.symptoms, [output.make_table(head, rows)], json=json)


@app.command()
def missed(
    treatment: Annotated[int, typer.Argument(metavar="TREATMENT", show_default=False)],
    day: _On,
    note: _Note = "",
    subject: _Subject = "me",
    library: LibraryFolder = None,
) -> None:
    """Enter a day on which a dose was left out."""
    dose = Dose(subject=subject, treatment=treatment, day=day.date(), note=note)
    _add(library, dose)


@app.command()
def remark(
    mark: Annotated[Mark, typer.Argument(show_default=False)],
    day: _On,
    note: _Note = "",
    subject: _Subject = "me",
    library: LibraryFolder = None,
) -> None:
    """Enter a haircut, dye or another thing that changes how hair looks."""
    _add(library, Remark(subject=subject, day=day.date(), mark=mark, note=note))


def _add(library: Path | None, entry: Entry) -> None:
    with _open(library, entry.subject) as (opened, _):
        workflows.course.save_entry(opened, entry)
    output.print_line("noted")


@app.command()
def sources(
    topics: Annotated[
        list[str] | None, typer.Argument(metavar="TOPIC", show_default=False)
    ] = None,
    library: LibraryFolder = None,
    json: Json = False,
) -> None:
    """Tell what each source says, side by side, and what trials found."""
    facts = _load_facts(library)
    unknown = set(topics or ()) - {topic.key for topic in facts.topics}
    if unknown:
        names = ", ".join(topic.key for topic in facts.topics)
        raise CourseError(f"There is no topic {min(unknown)!r}; there are {names}.")
    output.show(facts, output.format_facts(facts, topics or ()), json=json)


@app.command()
def timeline(
    view: Annotated[View, typer.Option(help="Whose measurements.")] = View.VERTEX,
    subject: _Subject = "me",
    library: LibraryFolder = None,
    json: Json = False,
) -> None:
    """Tell everything by day, and the phases of the course side by side."""
    from hairtrack.course.timeline import list_events, list_phases

    with _open(library, subject, make=False) as (opened, course):
        found = workflows.series.read_series(opened, subject=subject, view=view)
        values = found[0].values if found else []
        day = _now(course).date()
        events = list_events(course, today=day, values=values)
    facts = course.facts
    phases = list_phases(course.settings, course.sessions, values)
    lines = [
        *(f"{one.day}  {explanations.describe_event(one)}" for one in events),
        *map(explanations.describe_phase, phases),
    ]
    if phases:
        season = facts.rule("season")
        source = facts.source(season.source).title
        lines += [explanations.ASSOCIATION, f"{season.says} ({source})."]
    output.show({"events": events, "phases": phases}, lines, json=json)


@app.command()
def photos(
    subject: _Subject = "me", library: LibraryFolder = None, json: Json = False
) -> None:
    """Tell the days for photographs, and those taken too soon after a session."""
    with _open(library, subject, make=False) as (opened, course):
        days = list_photo_days(course)
        flags = workflows.course.flag_photos(opened, course)
    told = {digest: explanations.describe_window(one) for digest, one in flags.items()}
    lines = [
        *(f"{one.day}  {one.why}" for one in days),
        *(f"photograph {digest[:12]}: {why}" for digest, why in told.items() if why),
    ]
    output.show({"days": days, "photos": flags}, lines, json=json)


@app.command()
def clinic(
    file: Annotated[Path | None, typer.Argument(metavar="TOML", show_default=False)] = None,
    forget: Annotated[bool, typer.Option("--forget", help="Take it away.")] = False,
    library: LibraryFolder = None,
) -> None:
    """Lay the clinic's own fact file beside the packaged one, or take it away."""
    if (file is None) != forget:
        raise typer.BadParameter("name a file, or --forget")
    text = workflows.read_file(file).decode("utf-8", "replace") if file else ""
    with _open(library) as (opened, _):
        workflows.course.save_clinic_file(opened, text)
    output.print_line(
        "the clinic's facts are kept" if file else "the clinic's facts are gone"
    )


@app.command()
def remove(
    what: Annotated[str, typer.Argument(help="treatment, session, note, dose or remark.")],
    number: _Number,
    subject: _Subject = "me",
    library: LibraryFolder = None,
) -> None:
    """Forget an entry; a treatment takes its sessions and doses with it."""
    with _open(library, subject) as (opened, course):
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
        opened.courses.remove(found)
    output.print_line(f"{what} number {number}: gone")


@app.command()
def export(
    out: Annotated[Path | None, typer.Option(metavar="JSON", help="Write it here.")] = None,
    subject: _Subject = "me",
    library: LibraryFolder = None,
) -> None:
    """Write all that is kept of a course as JSON."""
    with _open(library, subject, make=False) as (opened, _):
        found = opened.courses.export_course(subject)
    if out is None:
        output.show(found, (), json=True)
        return
    workflows.write_file(out, output.dump_json(found).encode())
    output.print_line(f"wrote {out}")
