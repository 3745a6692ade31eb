"""Commands that correct the filing of photographs, subjects and visits."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Annotated, Any

import typer

from hairtrack import workflows
from hairtrack.cli import output
from hairtrack.cli.options import DAY, Day, Json, LibraryFolder, open_library
from hairtrack.cli.output import format_count
from hairtrack.records import HairState, Photo, Subject, View, Visit

_TYPER: dict[str, Any] = {"no_args_is_help": True, "rich_markup_mode": None}

photos = typer.Typer(help="Correct how photographs are filed.", **_TYPER)
subjects = typer.Typer(help="What is declared of the people photographed.", **_TYPER)
visits = typer.Typer(help="What is known of the hair on one day.", **_TYPER)

_Photo = Annotated[
    str,
    typer.Argument(metavar="PHOTO", help="First digits of it, from `photo list`."),
]
_Name = Annotated[str, typer.Argument(metavar="SUBJECT", show_default=False)]
_Visit = Annotated[
    Day, typer.Argument(metavar="DAY", formats=DAY, help="Day of the photographs.")
]
_Note = Annotated[str | None, typer.Option(help="Anything worth remembering.")]
_Hair = Annotated[HairState | None, typer.Option(help="How the hair was.")]


@photos.command("list")
def list_photos(
    subject: Annotated[str | None, typer.Option(help="Only this subject.")] = None,
    view: Annotated[View | None, typer.Option(help="Only this view.")] = None,
    deleted: Annotated[
        bool, typer.Option("--deleted", help="Those that can be brought back.")
    ] = False,
    library: LibraryFolder = None,
    json: Json = False,
) -> None:
    """List photographs with the digits that name them."""
    with open_library(library) as opened:
        found = opened.catalog.photos(subject=subject, view=view, deleted=deleted)
    output.show(found, map(_describe, found), json=json)


@photos.command()
def move(
    photo: _Photo, view: View, library: LibraryFolder = None, json: Json = False
) -> None:
    """Move a photograph to another view."""
    _refile(library, photo, json, view=view)


@photos.command("date")
def date_(
    photo: _Photo,
    day: Annotated[Day, typer.Argument(metavar="DAY", formats=DAY)],
    library: LibraryFolder = None,
    json: Json = False,
) -> None:
    """Give a photograph another day; its time of day stays."""
    _refile(library, photo, json, visit=day.date())


@photos.command()
def assign(
    photo: _Photo, subject: _Name, library: LibraryFolder = None, json: Json = False
) -> None:
    """File a photograph with another subject."""
    _refile(library, photo, json, subject=subject.strip())


@photos.command()
def describe(
    photo: _Photo,
    hair: _Hair = None,
    camera: Annotated[str | None, typer.Option(help="What took it.")] = None,
    note: _Note = None,
    library: LibraryFolder = None,
    json: Json = False,
) -> None:
    """Set how the hair was, the camera, or a note."""
    _refile(library, photo, json, **_given(hair_state=hair, camera=camera, note=note))


@photos.command()
def delete(photo: _Photo, library: LibraryFolder = None, json: Json = False) -> None:
    """Delete a photograph; `photo restore` brings it back."""
    _change(library, photo, workflows.editing.delete_photo, json=json)


@photos.command()
def restore(photo: _Photo, library: LibraryFolder = None, json: Json = False) -> None:
    """Bring a deleted photograph back as it was, with its numbers."""
    _change(library, photo, workflows.editing.restore_photo, json=json)


@photos.command()
def purge(
    days: Annotated[
        int, typer.Option(min=0, help="Only what was deleted at least so many days ago.")
    ] = 30,
    library: LibraryFolder = None,
    json: Json = False,
) -> None:
    """Remove deleted photographs for good."""
    with open_library(library) as opened:
        count = workflows.editing.purge_photos(opened, days=days)
    counted = format_count(count, "deleted photograph")
    output.show({"purged": count}, [f"{counted} removed for good"], json=json)


@photos.command()
def outline(
    photo: _Photo,
    region: Annotated[
        Path | None,
        typer.Argument(metavar="PNG", help="White where scalp is; of the photo's size."),
    ] = None,
    library: LibraryFolder = None,
    json: Json = False,
) -> None:
    """Correct the scalp outline of a photograph; without a PNG it is found again."""
    data = None if region is None else workflows.read_file(region)
    save = partial(workflows.editing.save_outline, drawn=data)
    _change(library, photo, save, json=json)


@subjects.command("list")
def list_subjects(library: LibraryFolder = None, json: Json = False) -> None:
    """List subjects, their declared start and primary zone, and their photographs."""
    with open_library(library) as opened:
        names = opened.catalog.subjects()
        known = [s for name in names if (s := opened.catalog.subject(name)) is not None]
        counts = Counter(photo.subject for photo in opened.catalog.photos())
    plain = [_subject_to_json(s) | {"photos": counts[s.name]} for s in known]
    lines = (
        f"{_describe_subject(s)}, {format_count(counts[s.name], 'photograph')}"
        for s in known
    )
    output.show(plain, lines, json=json)


@subjects.command("set")
def set_subject(
    subject: _Name,
    started: Annotated[
        Day | None, typer.Option(formats=DAY, help="Start of the treatment: week 0.")
    ] = None,
    primary_view: Annotated[
        View | None, typer.Option(help="View of the zone that is to decide.")
    ] = None,
    primary_zone: Annotated[
        str | None, typer.Option(help="Zone that is to decide, declared beforehand.")
    ] = None,
    library: LibraryFolder = None,
    json: Json = False,
) -> None:
    """Declare the start of the treatment and the zone that is to decide."""
    day = None if started is None else started.date()
    changes = _given(started_at=day, primary_view=primary_view, primary_zone=primary_zone)
    with open_library(library) as opened:
        kept = workflows.editing.change_subject(opened, subject, **changes)
    output.show(_subject_to_json(kept), [_describe_subject(kept)], json=json)


@subjects.command()
def rename(
    subject: _Name, to: str, library: LibraryFolder = None, json: Json = False
) -> None:
    """Give a subject another name."""
    with open_library(library) as opened:
        workflows.editing.rename_subject(opened, subject, to=to)
    output.show({"subject": to}, [f"now {to}"], json=json)


@visits.command("list")
def list_visits(
    subject: Annotated[str | None, typer.Option(help="Only this subject.")] = None,
    library: LibraryFolder = None,
    json: Json = False,
) -> None:
    """List the days of photographs and what is known of the hair."""
    with open_library(library) as opened:
        found = opened.catalog.visits(subject=subject)
    output.show([_visit_to_json(v) for v in found], map(_describe_visit, found), json=json)


@visits.command("set")
def set_visit(
    subject: _Name,
    day: _Visit,
    hair: _Hair = None,
    length_mm: Annotated[
        float | None, typer.Option(min=0, max=3000, help="Length of the hair on top, mm.")
    ] = None,
    haircut: Annotated[
        Day | None, typer.Option(formats=DAY, help="Day of the last haircut.")
    ] = None,
    dyed: Annotated[
        Day | None, typer.Option(formats=DAY, help="Day of the last dyeing.")
    ] = None,
    note: _Note = None,
    library: LibraryFolder = None,
    json: Json = False,
) -> None:
    """Set what is known of the hair on one day."""
    changes = _given(
        hair_state=hair,
        hair_length_mm=length_mm,
        haircut_on=haircut.date() if haircut else None,
        dyed_on=dyed.date() if dyed else None,
        note=note,
    )
    with open_library(library) as opened:
        kept, _ = workflows.editing.change_visit(opened, subject, day.date(), **changes)
    output.show(_visit_to_json(kept), [_describe_visit(kept)], json=json)


def erase(
    subject: _Name,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    library: LibraryFolder = None,
    json: Json = False,
) -> None:
    """Erase everything about one subject: photographs, numbers, notes. No way back."""
    with open_library(library) as opened:
        count = len(opened.catalog.photos(subject=subject, deleted=None))
        if not yes:
            counted = format_count(count, "photograph")
            question = f"Erase {subject!r} and {counted}? There is no way back"
            typer.confirm(question, abort=True, err=True)
        with output.progress_bar("erasing", quiet=json) as on_progress:
            done = workflows.erase(opened, subject, on_progress=on_progress)
    counted = format_count(done.photos, "photograph")
    lines = [f"{counted} erased, with all numbers and notes"]
    lines += [f"out of reach: {place}" for place in done.remaining]
    if not done.compacted:
        lines.append("Another program has the library open: close it and erase again.")
    output.show(done, lines, json=json)
    output.exit_if(not done.compacted)


def _refile(folder: Path | None, digits: str, json: bool, **changes: Any) -> None:
    _change(folder, digits, partial(workflows.editing.update_photo, **changes), json=json)


def _change(
    folder: Path | None, digits: str, change: Callable[..., object], *, json: bool
) -> None:
    """Change the photograph that begins with these digits, and print it."""
    with open_library(folder) as opened:
        digest = workflows.editing.find_photo(opened, digits).digest
        change(opened, digest)
        photo = opened.catalog.photo(digest)
    if photo is not None:
        output.show(photo, [_describe(photo)], json=json)


def _given(**options: Any) -> dict[str, Any]:
    return {name: value for name, value in options.items() if value is not None}


def _subject_to_json(subject: Subject) -> dict[str, Any]:
    plain = output.to_json(subject)
    return {"subject": plain.pop("name"), **plain}


def _visit_to_json(visit: Visit) -> dict[str, Any]:
    plain = output.to_json(visit)
    return {"visit": plain.pop("date"), **plain}


def _describe(photo: Photo) -> str:
    words = [photo.digest[:12], str(photo.visit), str(photo.view), photo.subject]
    words += [f"hair {photo.hair_state}"] * (photo.hair_state is not HairState.UNKNOWN)
    words += ["own outline"] * (photo.outline is not None)
    words += ["deleted"] * (photo.deleted_at is not None)
    return "  ".join([*words, *filter(None, [photo.note])])


def _describe_subject(subject: Subject) -> str:
    start = (
        f"week 0 on {subject.started_at}" if subject.started_at else "start not declared"
    )
    zone = "no primary zone declared"
    if subject.primary_zone:
        zone = f"primary zone {subject.primary_zone} ({subject.primary_view})"
    return f"{subject.name}: {start}, {zone}"


def _describe_visit(visit: Visit) -> str:
    words = [f"{visit.date}  {visit.subject}: hair {visit.hair_state}"]
    if visit.hair_length_mm is not None:
        words.append(f"{visit.hair_length_mm:g} mm long")
    words += [f"haircut {visit.haircut_on}"] * (visit.haircut_on is not None)
    words += [f"dyed {visit.dyed_on}"] * (visit.dyed_on is not None)
    return ", ".join([*words, *filter(None, [visit.note])])
