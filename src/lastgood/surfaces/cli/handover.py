"""`lastgood incident handover`: the lead goes to another person, with half a page of briefing."""

from typing import Annotated

import typer

from lastgood.surfaces.cli import _options as given
from lastgood.surfaces.cli import _room


def handover(
    to: Annotated[
        str | None,
        typer.Argument(help="The new lead. Default: only print the briefing.", show_default=False),
    ] = None,
    *,
    because: Annotated[str, typer.Option("--because", help="Why, in a sentence.")] = "",
    number: _room.Number = None,
    now: given.Now = None,
    actor: _room.Actor = None,
) -> None:
    """Hand the lead over, with a briefing: what is known, ruled out, tried, to be checked, and due.

    Without a name it only prints the briefing, for anyone who joins.
    """
    from lastgood.surfaces.briefing import briefing_text
    from lastgood.workbench.handover import hand_over, known

    with _room.entered(number, actor, now) as (config, room):
        typer.echo(briefing_text(known(room, config)), nl=False)
        if to is not None:
            hand_over(room, config, to, because, briefing_text)
            typer.echo(f"{' '.join(to.split())} leads incident {room.number}", err=True)
