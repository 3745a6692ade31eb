"""What the commands of the course share: options, the open course, days and hours."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from hairtrack import workflows
from hairtrack.cli.options import DAY
from hairtrack.course.facts import Facts, packaged_facts
from hairtrack.course.plans import load_time_zone
from hairtrack.errors import CourseError

if TYPE_CHECKING:
    from hairtrack.workflows import Library
    from hairtrack.workflows.course import Course

SubjectName = Annotated[str, typer.Option(help="Whose course.")]
Moment = Annotated[
    dt.datetime | None,
    typer.Option(
        formats=["%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M"],
        metavar="DAY HH:MM",
        help="By default now.",
    ),
]
Day = Annotated[dt.datetime | None, typer.Option(formats=DAY, metavar="DAY")]
Number = Annotated[int, typer.Argument(metavar="NUMBER", show_default=False)]
Where = Annotated[
    list[str] | None,
    typer.Option(metavar="ZONE", help="Zone, or square of the vertex grid (grid_r3c2)."),
]
Note = Annotated[str, typer.Option(help="Anything worth remembering.")]


@contextmanager
def open_course(
    folder: Path | None, subject: str, *, make: bool = True
) -> Iterator[tuple[Library, Course]]:
    """Open the library, made on demand when there is none, and a subject's course."""
    way_in = workflows.Library.create if make else workflows.Library.open
    with way_in(folder or workflows.default_folder()) as opened:
        yield opened, workflows.course.load_course(opened, subject=subject)


def load(folder: Path | None, subject: str) -> Course:
    """Return a subject's course."""
    with open_course(folder, subject, make=False) as (_, course):
        return course


def load_facts(folder: Path | None) -> Facts:
    """Return the packaged facts, with the clinic's where there is a library."""
    folder = folder or workflows.default_folder()
    if not folder.exists():
        return packaged_facts()
    with workflows.Library.open(folder) as opened:
        return workflows.course.load_facts(opened)


def current() -> dt.datetime:
    """Return the time."""
    return dt.datetime.now(dt.UTC)


def zone_of(course: Course) -> dt.tzinfo:
    """Return the time zone of a course."""
    return load_time_zone(course.settings.zone)


def read_day(text: str) -> dt.date | None:
    """Read a day, or none."""
    if text == "none":
        return None
    try:
        return dt.date.fromisoformat(text)
    except ValueError as error:
        raise typer.BadParameter(f"{text!r} is no day like 2025-03-10, nor none") from error


def read_time(text: str) -> dt.time:
    """Read an hour of the day."""
    try:
        return dt.time.fromisoformat(text)
    except ValueError as error:
        raise typer.BadParameter(f"{text!r} is no hour like 09:30") from error


def merge_hours(
    kept: tuple[tuple[str, float], ...], texts: list[str]
) -> tuple[tuple[str, float], ...]:
    """Return the clinic's times with new ones, less those that are taken away."""
    hours = dict(kept)
    for text in texts:
        topic, _, value = text.partition("=")
        if value == "none":
            hours.pop(topic, None)
            continue
        try:
            hours[topic] = float(value)
        except ValueError as error:
            raise typer.BadParameter(f"{text!r} is not like washing=72") from error
    return tuple(sorted(hours.items()))


def read(path: Path) -> bytes:
    """Read a file that a person names."""
    try:
        return path.read_bytes()
    except OSError as error:
        raise CourseError(f"{path} cannot be read: {error.strerror}.") from error


def write(path: Path, data: bytes) -> None:
    """Write a file that a person names."""
    try:
        path.write_bytes(data)
    except OSError as error:
        raise CourseError(f"{path} cannot be written: {error.strerror}.") from error
