"""Options that many commands share, and how they open a library and end."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from hairtrack.workflows import Library

Json = Annotated[bool, typer.Option("--json", help="Print JSON for a machine to read.")]
LibraryFolder = Annotated[
    Path | None,
    typer.Option(
        "--library",
        metavar="DIR",
        help="Folder of the library; else $HAIRTRACK_LIBRARY, else your data folder.",
    ),
]
Day = dt.datetime
DAY = ["%Y-%m-%d"]


def open_library(folder: Path | None) -> Library:
    """Open the library that is meant."""
    from hairtrack import workflows

    return workflows.Library.open(folder or workflows.default_folder())


def exit_if(incomplete: bool) -> None:
    """End with status 1 when something was refused or is not complete."""
    if incomplete:
        raise typer.Exit(1)


def say_count(number: int, thing: str) -> str:
    """Return a number of things: "1 photograph", "3 photographs"."""
    return f"{number} {thing}{'' if number == 1 else 's'}"
