"""`hairtrack course`: the treatment course, each command one step of it."""

from __future__ import annotations

import typer

from hairtrack.cli.course import entering, planning, telling

app = typer.Typer(
    help="The treatment course: plan, aftercare, diary, timeline. No advice.",
    no_args_is_help=True,
    rich_markup_mode=None,
)

app.command("set")(planning.set_)
for command in (
    telling.today,
    planning.treat,
    telling.show,
    telling.templates,
    planning.plan,
    planning.move,
    planning.skip,
    planning.done,
    planning.calendar,
    entering.before,
    entering.note,
    telling.signs,
    telling.diary,
    entering.missed,
    entering.remark,
    telling.sources,
    telling.timeline,
    telling.photos,
    entering.clinic,
    entering.remove,
    telling.export,
):
    app.command()(command)
