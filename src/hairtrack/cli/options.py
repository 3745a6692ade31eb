"""Options that many commands share, and how they open a library and end."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from hairtrack import workflows
from hairtrack.records import WHOLE, View

if TYPE_CHECKING:
    from hairtrack.workflows import Declaration, Library

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
Days = Sequence[dt.datetime] | None


def open_library(folder: Path | None) -> Library:
    """Open the chosen library, or the default one."""
    return workflows.Library.open(folder or workflows.default_folder())


def declare(
    *,
    start: dt.datetime | None = None,
    primary: str | None = None,
    control: str | None = None,
    haircuts: Days = None,
    joined: Days = None,
    margin_pp: float = 3.0,
    treatment: str | None = None,
) -> Declaration:
    """Turn the options of a command into a declaration.

    Raises
    ------
    typer.BadParameter
        A zone does not begin with the name of a view.
    """
    return workflows.Declaration(
        start=start.date() if start else None,
        primary=_parse_zone(primary, "--primary-zone"),
        control=_parse_zone(control, "--control"),
        haircuts=tuple(day.date() for day in haircuts or ()),
        joined=tuple(day.date() for day in joined or ()),
        margin_pp=margin_pp,
        treatment=treatment,
    )


def is_personal(declared: Declaration) -> bool:
    """Return whether this can be true of one subject only."""
    return bool(declared.start or declared.haircuts or declared.joined)


def _parse_zone(text: str | None, option: str) -> tuple[View, str] | None:
    if text is None:
        return None
    view, _, zone = text.partition("/")
    if view not in set(View):
        raise typer.BadParameter(
            f"{text!r} does not begin with a view ({', '.join(View)})", param_hint=option
        )
    return View(view), zone or WHOLE
