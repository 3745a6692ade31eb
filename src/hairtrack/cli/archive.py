"""Commands that keep photographs over years: verify, backup, restore and export."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from hairtrack.cli.options import Json, LibraryFolder, exit_if, open_library

__all__ = ["backup", "export", "restore", "verify"]


def verify(
    library: LibraryFolder = None,
    json: Json = False,
) -> None:
    """Check that every kept photograph and every row is as it was kept; list all faults."""
    from hairtrack import workflows
    from hairtrack.cli import output

    with (
        open_library(library) as opened,
        output.progress_bar("reading", quiet=json) as on_progress,
    ):
        found = workflows.verify(opened, on_progress=on_progress)
    if json:
        output.print_json(output.to_json(found))
    else:
        output.print_verified(found)
    exit_if(bool(found.faults))


def backup(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Archive to write.")],
    library: LibraryFolder = None,
    json: Json = False,
) -> None:
    """Write the whole library into one file, also while the app is open."""
    from hairtrack import workflows
    from hairtrack.cli import output

    with (
        open_library(library) as opened,
        output.progress_bar("backing up", quiet=json) as on_progress,
    ):
        done = workflows.back_up(opened, file, on_progress=on_progress)
    output.print_kept(done.path, done.photos, done.lost, json=json)
    exit_if(bool(done.lost))


def restore(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Archive of a backup.")],
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="New or empty folder.")],
    json: Json = False,
) -> None:
    """Make a library from a backup in a new folder, every byte checked."""
    from hairtrack import workflows
    from hairtrack.cli import output

    with output.progress_bar("restoring", quiet=json) as on_progress:
        done = workflows.restore(file, folder, on_progress=on_progress)
    output.print_kept(done.path, done.photos, done.lost, json=json)
    exit_if(bool(done.lost))


def export(
    subject: Annotated[str, typer.Argument(metavar="SUBJECT", help="Whose data.")],
    out: Annotated[
        Path | None,
        typer.Option(
            metavar="PATH", help="New folder or new .zip; by default hairtrack-export.zip."
        ),
    ] = None,
    library: LibraryFolder = None,
    json: Json = False,
) -> None:
    """Write everything about one subject into files that any program reads."""
    from hairtrack import workflows
    from hairtrack.cli import output

    with (
        open_library(library) as opened,
        output.progress_bar("exporting", quiet=json) as on_progress,
    ):
        done = workflows.export(
            opened, subject, out or Path("hairtrack-export.zip"), on_progress=on_progress
        )
    output.print_kept(done.path, done.photos, done.lost, json=json)
    exit_if(bool(done.lost))
