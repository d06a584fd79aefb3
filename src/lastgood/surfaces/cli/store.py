"""`lastgood store`: care for the kept store."""

from pathlib import Path
from typing import Annotated

import typer

store = typer.Typer(no_args_is_help=True, rich_markup_mode=None, help="Maintain the saved store.")


@store.callback()
def _store() -> None:
    """Maintain the saved store."""


@store.command()
def repair(
    path: Annotated[Path, typer.Argument(help="The folder of an embedded store.")],
) -> None:
    """Make a store that does not open open again; what cannot be read is set aside, nothing is deleted.

    Exit status: 0 it opens, 3 there is no store, 4 it does not open even so.
    """
    from lastgood.workbench.repair import repair_store

    done = repair_store(path)
    for name in done.changed:
        typer.echo(f"written anew: {name}")
    if done.kept is not None:
        typer.echo(f"the old form is kept in {done.kept}")
    if done.detached_parts:
        typer.echo(f"parts set aside: {done.detached_parts}")
    if not done.changed and not done.detached_parts:
        typer.echo("the store opens; nothing was changed")
