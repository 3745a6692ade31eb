"""The command line: each command parses, calls one workflow and prints.

Exit status: 0 everything asked was done, 1 something was refused or is not
complete, 2 wrong use. Heavy imports live inside the commands.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

import hairtrack
from hairtrack.cli import archive, course, filing, options
from hairtrack.cli.options import DAY as _DAY
from hairtrack.cli.options import Day as _Day
from hairtrack.cli.options import Json as _Json
from hairtrack.cli.options import LibraryFolder as _Library
from hairtrack.cli.options import exit_if as _exit
from hairtrack.cli.options import open_library as _open
from hairtrack.errors import HairtrackError
from hairtrack.records import View

__all__ = ["app", "main"]

app = typer.Typer(
    name="hairtrack",
    help="Visible scalp from photographs, with its error, over a course of treatment.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)

app.command()(archive.verify)
app.command()(archive.backup)
app.command()(archive.restore)
app.command()(archive.export)
app.add_typer(filing.photos, name="photo")
app.add_typer(filing.subjects, name="subject")
app.add_typer(filing.visits, name="visit")
app.command()(filing.erase)
app.add_typer(course.app, name="course")

PORT = 8501

_Subject = Annotated[str | None, typer.Option(help="Only this subject.")]

_Views = Annotated[View | None, typer.Option(help="Only this view.")]
_View = Annotated[View, typer.Option(help="Direction from which the head is seen.")]
_Port = Annotated[int, typer.Option(min=1, max=65535, help="Port on 127.0.0.1.")]
_Jobs = Annotated[
    int | None, typer.Option(min=1, help="Processes; by default one a core, 4 at most.")
]
_Start = Annotated[
    _Day | None, typer.Option(formats=_DAY, help="Day the treatment started: week 0.")
]
_Control = Annotated[
    str | None,
    typer.Option(
        metavar="VIEW[/ZONE]",
        help="Zone that pattern loss spares, such as occipital; its change is subtracted.",
    ),
]
_Haircuts = Annotated[
    list[_Day] | None,
    typer.Option(formats=_DAY, help="Day of a haircut or of dye; may be given again."),
]
_Joins = Annotated[
    list[_Day] | None,
    typer.Option(
        formats=_DAY, help="Compare across this day although the series breaks there."
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
    json: _Json = False,
) -> None:
    """Measure photographs where they lie, without a library."""
    if region is not None and len(photos) != 1:
        raise typer.BadParameter(
            "it belongs to exactly one photograph", param_hint="--region"
        )
    from hairtrack import workflows
    from hairtrack.cli import output

    with output.progress_bar("measuring", quiet=json or len(photos) < 2) as on_progress:
        results = workflows.measure_files(
            photos,
            view=view,
            baseline=baseline,
            region=region,
            out=out,
            on_progress=on_progress,
        )
    if json:
        output.print_json([output.file_to_json(result) for result in results])
    else:
        output.print_files(results)
    _exit(any(result.error is not None for result in results))


@app.command()
def register(
    moving: Annotated[Path, typer.Argument(metavar="MOVING", show_default=False)],
    baseline: Annotated[Path, typer.Argument(metavar="BASELINE", show_default=False)],
    view: _View = View.VERTEX,
    out: Annotated[
        Path | None, typer.Option(metavar="PNG", help="Write a checkerboard of both here.")
    ] = None,
    json: _Json = False,
) -> None:
    """Lay one photograph over another and say how well they fit."""
    from hairtrack import workflows
    from hairtrack.cli import output

    names = {"moving": str(moving), "baseline": str(baseline)}
    try:
        found = workflows.register_files(moving, baseline, view=view, out=out)
    except HairtrackError as error:
        if not json:
            raise
        output.print_json(names | {"error": str(error)})
        _exit(True)
        return
    if json:
        output.print_json(names | output.registration_to_json(found))
    else:
        output.print_registration(found)


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
        _Day | None,
        typer.Option(
            formats=_DAY, help="Day of photographs that carry no date themselves."
        ),
    ] = None,
    originals: Annotated[
        str | None,
        typer.Option(
            metavar="URL", help="Where a new library keeps photographs, such as s3://..."
        ),
    ] = None,
    library: _Library = None,
    json: _Json = False,
) -> None:
    """Take photographs into the library; make the library if there is none."""
    from hairtrack import workflows
    from hairtrack.cli import output

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
    if json:
        output.print_json(output.imported_to_json(done))
    else:
        output.print_imported(done, opened.folder)
    _exit(bool(done.refused or done.stopped) or not (done.added or done.known))


@app.command()
def run(library: _Library = None, jobs: _Jobs = None, json: _Json = False) -> None:
    """Measure every photograph in the library that is not measured yet."""
    from hairtrack import workflows
    from hairtrack.cli import output

    bar = output.progress_bar("measuring", quiet=json)
    with _open(library) as opened, bar as on_progress:
        done = workflows.run_pending(opened, workers=jobs, on_progress=on_progress)
    if json:
        output.print_json(output.ran_to_json(done))
    else:
        output.print_ran(done)
    _exit(bool(done.refused or done.failed))


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
    library: _Library = None,
    json: _Json = False,
) -> None:
    """Show the visible scalp of every visit and the verdict on its change."""
    from hairtrack import workflows
    from hairtrack.cli import output

    declared = options.declare(
        start=start,
        primary=primary_zone,
        control=control,
        haircuts=haircut,
        joined=join,
        margin_pp=margin,
        treatment=treatment,
    )
    with _open(library) as opened:
        if options.is_personal(declared):
            subject = workflows.choose_subject(opened, subject)
        found = workflows.assess_series(
            opened, subject=subject, view=view, zone=zone, declared=declared
        )
        if agreement is not None:
            workflows.draw_agreement(
                opened, agreement, subject=subject, view=view, zone=zone
            )
    if json:
        output.print_progress_json(found)
    else:
        output.print_progress(found)


@app.command()
def compare(
    view: _View = View.VERTEX,
    subject: _Subject = None,
    first: Annotated[
        _Day | None, typer.Option(formats=_DAY, help="Earlier visit; by default the first.")
    ] = None,
    last: Annotated[
        _Day | None, typer.Option(formats=_DAY, help="Later visit; by default the last.")
    ] = None,
    out: Annotated[
        Path, typer.Option(metavar="PNG", help="Where the picture goes.")
    ] = Path("before_after.png"),
    start: _Start = None,
    control: _Control = None,
    haircut: _Haircuts = None,
    join: _Joins = None,
    library: _Library = None,
    json: _Json = False,
) -> None:
    """Draw two visits side by side, aligned, and say how they differ."""
    from hairtrack import workflows
    from hairtrack.cli import output

    declared = options.declare(start=start, control=control, haircuts=haircut, joined=join)
    with _open(library) as opened:
        found = workflows.compare(
            opened,
            view=view,
            subject=subject,
            first=first.date() if first else None,
            last=last.date() if last else None,
            declared=declared,
        )
    found.save_png(out)
    if json:
        output.print_comparison_json(found, out)
    else:
        output.print_comparison(found, out)


@app.command("app")
def app_(library: _Library = None, port: _Port = PORT) -> None:
    """Open the app on the library, in the browser of this computer only."""
    from hairtrack import workflows
    from hairtrack.cli import serve

    sys.exit(serve.serve(library or workflows.default_folder(), port=port))


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
    jobs: _Jobs = None,
    json: _Json = False,
) -> None:
    """Measure the sample photographs, print the table and open the app on them."""
    from hairtrack import workflows
    from hairtrack.cli import output, serve

    if not no_app:
        serve.check_port(port)
    with output.progress_bar("measuring", quiet=json) as on_progress:
        done = workflows.demo(folder, workers=jobs, on_progress=on_progress)
    if json:
        output.print_json([output.row_to_json(row) for row in done.rows])
    else:
        output.print_demo(done)
    incomplete = bool(done.imported.refused) or any(
        r.refused + r.pending for r in done.rows
    )
    if no_app:
        _exit(incomplete)
    else:
        sys.exit(serve.serve(done.folder, port=port))


@app.command()
def version() -> None:
    """Print the version."""
    print(hairtrack.__version__)
