"""The command line: each command parses, calls one workflow and prints.

Exit status: 0 everything asked was done, 1 something was refused or is not
complete, 2 wrong use. Heavy imports live inside the commands.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

import hairtrack
from hairtrack import workflows
from hairtrack.cli import course, filing, options, output, serve
from hairtrack.cli.options import DAY, Day, Json, LibraryFolder, open_library
from hairtrack.errors import HairtrackError
from hairtrack.records import View

if TYPE_CHECKING:
    from rich.table import Table

    from hairtrack.workflows import Archived

__all__ = ["app", "main"]

app = typer.Typer(
    name="hairtrack",
    help="Visible scalp from photographs, with its error, over a course of treatment.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)

app.add_typer(filing.photos, name="photo")
app.add_typer(filing.subjects, name="subject")
app.add_typer(filing.visits, name="visit")
app.command()(filing.erase)
app.add_typer(course.app, name="course")

PORT = 8501

_PICTURE_LONGEST = 4000
"""Pixels of each side of `compare`: a photograph of 12 megapixels stays as it is."""

_Subject = Annotated[str | None, typer.Option(help="Only this subject.")]

_Views = Annotated[View | None, typer.Option(help="Only this view.")]
_View = Annotated[View, typer.Option(help="Direction from which the head is seen.")]
_Port = Annotated[int, typer.Option(min=1, max=65535, help="Port on 127.0.0.1.")]
_NoBrowser = Annotated[
    bool, typer.Option("--no-browser", help="Print the address, open no browser.")
]
_Jobs = Annotated[
    int | None, typer.Option(min=1, help="Processes; by default one a core, 4 at most.")
]
_Start = Annotated[
    Day | None, typer.Option(formats=DAY, help="Day the treatment started: week 0.")
]
_Control = Annotated[
    str | None,
    typer.Option(
        metavar="VIEW[/ZONE]",
        help="Zone that pattern loss spares, such as occipital; its change is subtracted.",
    ),
]
_Haircuts = Annotated[
    list[Day] | None,
    typer.Option(formats=DAY, help="Day of a haircut or of dye; may be given again."),
]
_Joins = Annotated[
    list[Day] | None,
    typer.Option(
        formats=DAY, help="Compare across this day although the series breaks there."
    ),
]


def main() -> None:
    """Run the program; trouble with photographs and library ends in one plain line."""
    try:
        app()
    except HairtrackError as error:
        print(f"hairtrack: {error}", file=sys.stderr)
        sys.exit(1)


@app.command()
def measure(
    photos: Annotated[list[Path], typer.Argument(metavar="PHOTO", show_default=False)],
    view: _View = View.VERTEX,
    baseline: Annotated[
        Path | None,
        typer.Option(metavar="PHOTO", help="Measure in the zones of this photograph."),
    ] = None,
    region: Annotated[
        Path | None,
        typer.Option(metavar="PNG", help="White where scalp is; for one photograph."),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="Write hair, scalp and an overlay as PNG here."),
    ] = None,
    json: Json = False,
) -> None:
    """Measure photographs where they lie, without a library."""
    if region is not None and len(photos) != 1:
        raise typer.BadParameter(
            "it belongs to exactly one photograph", param_hint="--region"
        )

    with output.progress_bar("measuring", quiet=json or len(photos) < 2) as on_progress:
        results = workflows.measure_files(
            photos,
            view=view,
            baseline=baseline,
            region=region,
            out=out,
            on_progress=on_progress,
        )
    plain = [output.file_to_json(result) for result in results]
    errors = [(one.photo, one.error) for one in results if one.error is not None]
    output.show(plain, output.format_files(results), errors, json=json)


@app.command()
def register(
    moving: Annotated[Path, typer.Argument(metavar="MOVING", show_default=False)],
    baseline: Annotated[Path, typer.Argument(metavar="BASELINE", show_default=False)],
    view: _View = View.VERTEX,
    out: Annotated[
        Path | None, typer.Option(metavar="PNG", help="Write a checkerboard of both here.")
    ] = None,
    json: Json = False,
) -> None:
    """Lay one photograph over another and say how well they fit."""
    names = {"moving": str(moving), "baseline": str(baseline)}
    try:
        found = workflows.register_files(moving, baseline, view=view, out=out)
    except HairtrackError as error:
        if not json:
            raise
        errors = [("error", error.message)]
        output.show(names | dict(errors), (), errors, json=json)
    else:
        plain = names | output.to_json(found)
        output.show(plain, output.format_registration(found), json=json)


@app.command("import")
def import_(
    paths: Annotated[
        list[Path],
        typer.Argument(metavar="PATH", help="Photographs, folders, zip archives."),
    ],
    subject: Annotated[
        str, typer.Option(help="Whose photographs: any name of your choice.")
    ] = "me",
    view: Annotated[
        View | None,
        typer.Option(help="By default the one in the name of file or folder, or vertex."),
    ] = None,
    date: Annotated[
        Day | None,
        typer.Option(formats=DAY, help="Day of photographs that carry no date themselves."),
    ] = None,
    originals: Annotated[
        str | None,
        typer.Option(
            metavar="URL", help="Where a new library keeps photographs, such as s3://..."
        ),
    ] = None,
    library: LibraryFolder = None,
    json: Json = False,
) -> None:
    """Take photographs into the library; make the library if there is none."""
    filing = workflows.Filing(
        subject=subject.strip() or "me", view=view, date=date.date() if date else None
    )
    folder = library or workflows.default_folder()
    with (
        workflows.Library.create(folder, originals=originals) as opened,
        output.progress_bar("taking in", quiet=json) as on_progress,
    ):
        done = workflows.import_photos(
            opened, paths, filing=filing, on_progress=on_progress
        )
    errors = [(refusal.photo, refusal.error) for refusal in done.refused]
    if done.stopped is not None:
        errors.append(("stopped", done.stopped))
    lines = output.format_imported(done, folder)
    output.show(output.imported_to_json(done), lines, errors, json=json)
    output.exit_if(not (done.added or done.known))


@app.command()
def run(library: LibraryFolder = None, jobs: _Jobs = None, json: Json = False) -> None:
    """Measure every photograph in the library that is not measured yet."""
    bar = output.progress_bar("measuring", quiet=json)
    with open_library(library) as opened, bar as on_progress:
        done = workflows.run_pending(opened, workers=jobs, on_progress=on_progress)
    errors = [(one.photo, one.error) for one in (*done.refused, *done.failed)]
    output.show(done, output.format_ran(done), errors, json=json)


@app.command()
def progress(
    subject: _Subject = None,
    view: _Views = None,
    zone: Annotated[str, typer.Option(help="Zone whose visible scalp is shown.")] = "scalp",
    start: _Start = None,
    primary_zone: Annotated[
        str | None,
        typer.Option(metavar="VIEW[/ZONE]", help="Zone that decides, declared beforehand."),
    ] = None,
    control: _Control = None,
    haircut: _Haircuts = None,
    join: _Joins = None,
    margin: Annotated[
        float,
        typer.Option(min=0.1, help="X of 'no change larger than X', percentage points."),
    ] = 3.0,
    treatment: Annotated[
        str | None, typer.Option(help="Show what trials of this treatment found.")
    ] = None,
    agreement: Annotated[
        Path | None,
        typer.Option(metavar="SVG", help="Draw how repeated photographs agree, here."),
    ] = None,
    library: LibraryFolder = None,
    json: Json = False,
) -> None:
    """Show the visible scalp of every visit and the verdict on its change."""
    declared = options.declare(
        start=start,
        primary=primary_zone,
        control=control,
        haircuts=haircut,
        joined=join,
        margin_pp=margin,
        treatment=treatment,
    )
    with open_library(library) as opened:
        if options.is_personal(declared):
            subject = workflows.choose_subject(opened, subject)
        found = workflows.assess_series(
            opened, subject=subject, view=view, zone=zone, declared=declared
        )
        if agreement is not None:
            workflows.draw_agreement(
                opened, agreement, subject=subject, view=view, zone=zone
            )
    output.show(output.progress_to_json(found), output.format_progress(found), json=json)


@app.command()
def compare(
    view: _View = View.VERTEX,
    subject: _Subject = None,
    first: Annotated[
        Day | None, typer.Option(formats=DAY, help="Earlier visit; by default the first.")
    ] = None,
    last: Annotated[
        Day | None, typer.Option(formats=DAY, help="Later visit; by default the last.")
    ] = None,
    out: Annotated[
        Path, typer.Option(metavar="PNG", help="Where the picture goes.")
    ] = Path("before_after.png"),
    start: _Start = None,
    control: _Control = None,
    haircut: _Haircuts = None,
    join: _Joins = None,
    library: LibraryFolder = None,
    json: Json = False,
) -> None:
    """Draw two visits side by side, aligned, and say how they differ."""
    declared = options.declare(start=start, control=control, haircuts=haircut, joined=join)
    with open_library(library) as opened:
        found = workflows.compare(
            opened,
            view=view,
            subject=subject,
            first=first.date() if first else None,
            last=last.date() if last else None,
            declared=declared,
        )
        picture = workflows.draw_comparison(
            opened,
            subject=found.first.subject,
            views=[view],
            first=found.first.visit,
            last=found.last.visit,
            label=output.label_visit,
            hide_faces=False,
            longest=_PICTURE_LONGEST,
        )
    workflows.write_file(out, picture)
    plain = output.comparison_to_json(found, out)
    output.show(plain, output.format_comparison(found, out), json=json)


@app.command()
def verify(
    library: LibraryFolder = None,
    json: Json = False,
) -> None:
    """Check that every kept photograph and every row is as it was kept; list all faults."""
    with (
        open_library(library) as opened,
        output.progress_bar("reading", quiet=json) as on_progress,
    ):
        found = workflows.verify(opened, on_progress=on_progress)
    faults = [(fault.kind, fault.sentence) for fault in found.faults]
    counted = output.format_count(len(faults), "fault") if faults else "No fault."
    read = f"{output.format_count(found.photos, 'photograph')} read"
    output.show(found, [read, counted], faults, json=json)


@app.command()
def backup(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Archive to write.")],
    library: LibraryFolder = None,
    json: Json = False,
) -> None:
    """Write the whole library into one file, also while the app is open."""
    with (
        open_library(library) as opened,
        output.progress_bar("backing up", quiet=json) as on_progress,
    ):
        done = workflows.back_up(opened, file, on_progress=on_progress)
    _show_archived(done, output.format_archived(done), json=json)


@app.command()
def restore(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Archive of a backup.")],
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="New or empty folder.")],
    json: Json = False,
) -> None:
    """Make a library from a backup in a new folder, every byte checked."""
    with output.progress_bar("restoring", quiet=json) as on_progress:
        done = workflows.restore(file, folder, on_progress=on_progress)
    _show_archived(done, output.format_archived(done), json=json)


@app.command()
def salvage(
    library: Annotated[Path, typer.Argument(metavar="LIBRARY", help="Damaged library.")],
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="New or empty folder.")],
    json: Json = False,
) -> None:
    """Rebuild a library whose catalogue was lost or damaged in a new folder."""
    with output.progress_bar("salvaging", quiet=json) as on_progress:
        done = workflows.salvage(library, folder, on_progress=on_progress)
    _show_archived(done, output.format_salvaged(done), json=json)


@app.command()
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
    with (
        open_library(library) as opened,
        output.progress_bar("exporting", quiet=json) as on_progress,
    ):
        done = workflows.export(
            opened, subject, out or Path("hairtrack-export.zip"), on_progress=on_progress
        )
    _show_archived(done, output.format_archived(done), json=json)


def _show_archived(done: Archived, lines: output.Lines, *, json: bool) -> None:
    """Print what was written, and which photographs are missing from it."""
    lost = [(digest[:12], "missing or damaged in the library.") for digest in done.lost]
    output.show(done, lines, lost, json=json)


@app.command("app")
def app_(
    library: LibraryFolder = None, port: _Port = PORT, no_browser: _NoBrowser = False
) -> None:
    """Open the app on the library, in the browser of this computer only."""
    sys.exit(
        serve.serve(
            library or workflows.default_folder(), port=port, browser=not no_browser
        )
    )


@app.command()
def demo(
    no_app: Annotated[bool, typer.Option("--no-app", help="Stop after the table.")] = False,
    folder: Annotated[
        Path | None,
        typer.Option(
            metavar="DIR", help="Library of the demonstration; its own by default."
        ),
    ] = None,
    port: _Port = PORT,
    no_browser: _NoBrowser = False,
    jobs: _Jobs = None,
    json: Json = False,
) -> None:
    """Measure the sample photographs, print the table and open the app on them."""
    if not no_app:
        serve.check_port(port)
    with output.progress_bar("measuring", quiet=json) as on_progress:
        done = workflows.demo(folder, workers=jobs, on_progress=on_progress)
    plain = [output.row_to_json(row) for row in done.rows]
    refused = (*done.imported.refused, *done.ran.failed)
    errors = [(one.photo, one.error) for one in refused]
    lines: list[str | Table] = [f"synthetic sample photographs, library {done.folder}"]
    lines += output.format_rows(done.rows)
    output.show(plain, lines, errors if no_app else (), json=json)
    if not no_app:
        sys.exit(serve.serve(done.folder, port=port, browser=not no_browser))


@app.command()
def version() -> None:
    """Print the version."""
    print(hairtrack.__version__)
