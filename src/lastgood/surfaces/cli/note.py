"""`lastgood note`: what a person saw, heard or decided, on the record."""

from typing import Annotated

import typer

from lastgood.surfaces.cli import _options as given
from lastgood.surfaces.cli import _room


def note(
    text: Annotated[str, typer.Argument(help="In your words.")],
    *,
    at: Annotated[
        str | None,
        typer.Option("--at", help="When it was, if not now: RFC 3339, or now-10m.", show_default=False),
    ] = None,
    number: _room.Number = None,
    now: given.Now = None,
    actor: _room.Actor = None,
) -> None:
    """Put what you saw, heard or decided on the record of the incident."""
    from lastgood.model.entry import Noted

    with _room.entered(number, actor, now) as (config, room):
        entry = room.append(Noted(text), at=_room.moment(at, room.now, config))
        typer.echo(f"entry {entry.sequence} of incident {room.number}", err=True)
