"""`lastgood store`: care for the kept store."""

from pathlib import Path
from typing import Annotated

import typer

from lastgood.surfaces.cli import _options as given
from lastgood.surfaces.formats import Output

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


@store.command()
def retain(
    *,
    address: given.StoreAddress = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show what would go, and drop nothing.")] = False,
    now: given.Now = None,
    output: given.Format = Output.TEXT,
) -> None:
    """Drop telemetry beyond the limits of [retention], oldest first; a server does it by itself every five minutes.

    Changes, alerts and the evidence of incidents stay.
    """
    from lastgood.config import configured
    from lastgood.surfaces.retention import retained_document, retained_text
    from lastgood.surfaces.wording import json_text
    from lastgood.workbench.retention import limits_of
    from lastgood.workbench.retention import retain as put
    from lastgood.workbench.store import saved_store

    config = configured(address)
    limits = limits_of(config.settings.retention)
    with saved_store(config.store) as opened:
        found = put(opened, limits, given.now_of(now, config.zone), dry=dry_run)
    if output is Output.JSON:
        typer.echo(json_text(retained_document(found), indent=2))
    else:
        typer.echo(retained_text(found, dry=dry_run), nl=False)
