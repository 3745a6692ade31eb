"""What the commands of the course share: options, the open course, days and hours."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from hairtrack.cli.options import DAY
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
def open_course(folder: Path | None, subject: str) -> Iterator[tuple[Library, Course]]:
    """Open the library, made when there is none, and a subject's course in it."""
    from hairtrack.workflows.course import load_course

    with open_library(folder) as opened:
        yield opened, load_course(opened, subject=subject)


def load(folder: Path | None, subject: str = "me") -> Course:
    """Return a subject's course."""
    with open_course(folder, subject) as (_, course):
        return course


def open_library(folder: Path | None) -> Library:
    """Open the library; it is made when there is none."""
    from hairtrack import workflows

    return workflows.Library.create(folder or workflows.default_folder())


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
