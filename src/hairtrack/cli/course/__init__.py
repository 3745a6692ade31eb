"""`hairtrack course`: the treatment course, each command one step of it."""

from __future__ import annotations

import typer

from hairtrack.cli.course import edit, show

app = typer.Typer(
    help="The treatment course: plan, aftercare, diary, timeline. No advice.",
    no_args_is_help=True,
    rich_markup_mode=None,
)

app.command("set")(edit.set_)
for command in (
    show.today,
    edit.treat,
    show.show,
    show.templates,
    edit.plan,
    edit.move,
    edit.skip,
    edit.done,
    edit.calendar,
    edit.before,
    edit.note,
    show.signs,
    show.diary,
    edit.missed,
    edit.remark,
    show.sources,
    show.timeline,
    show.photos,
    edit.clinic,
    edit.remove,
    show.export,
):
    app.command()(command)
