"""`lastgood verify`: whether an action worked, by the telemetry."""

import sys
from typing import Annotated

import typer

from lastgood.surfaces.cli import _options as given
from lastgood.surfaces.cli import _room
from lastgood.surfaces.cli._options import Output


def verify(
    action: Annotated[
        int | None, typer.Argument(help="Action number. Default: the last one.", show_default=False)
    ] = None,
    *,
    trust_case: _room.TrustCase = False,
    number: _room.Number = None,
    now: given.Now = None,
    actor: _room.Actor = None,
    output: given.Format = Output.TEXT,
) -> None:
    """Whether an action worked: affected users, compared with the baseline and the time before it, and its target.

    A share that is back because traffic stopped is not a recovery. What is worse elsewhere since is reported.

    An action is credited only if users started to recover within its time to effect, and no other action was within its own.

    Exit status: 0 recovered or improving by this, 1 no effect or worse, 3 too early, no data, or better but not credited to it.
    """
    from lastgood.surfaces.actions import effect_exit, effect_lines
    from lastgood.surfaces.findings import plain_values
    from lastgood.surfaces.wording import PLAIN
    from lastgood.workbench.act import action_at
    from lastgood.workbench.sources import telemetry
    from lastgood.workbench.verify import verify as measure

    with _room.entered(number, actor, now) as (config, room):
        asked = action_at(room, action)
        with given.watching() as watch, telemetry(room, config, watch, trust_case=trust_case) as (store, _):
            measured = measure(room, store, asked)
        if output is Output.JSON:
            _room.write_json(plain_values(measured))
        else:
            lines = effect_lines(action_at(room, asked.number), room.incident, given.how())
            sys.stdout.writelines(f"{line}\n".translate(PLAIN) for line in lines)
    raise typer.Exit(effect_exit(measured.effect))
