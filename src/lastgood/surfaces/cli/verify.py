"""`lastgood verify`: whether an action worked, by the telemetry."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from lastgood.surfaces.cli import _options as given
from lastgood.surfaces.cli import _room
from lastgood.surfaces.cli.replay import Field, Header
from lastgood.surfaces.formats import Output

if TYPE_CHECKING:
    from lastgood.config import Config
    from lastgood.model.replay import ReplayReport
    from lastgood.workbench.room import Room

Reproduction = Annotated[
    Path | None,
    typer.Option(
        help="With --fix: a folder of lastgood reproduce, a HAR file, curl text or packets as text."
    ),
]


def verify(
    action: Annotated[
        int | None, typer.Argument(help="Action number. Default: the last one.", show_default=False)
    ] = None,
    *,
    fix: Annotated[
        bool,
        typer.Option("--fix", help="Whether it is really fixed: also other symptoms, and the reproduction."),
    ] = False,
    reproduction: Reproduction = None,
    target: Annotated[str, typer.Option(help="With --fix: where to replay it, http://localhost:8000.")] = "",
    header: Header = None,
    field: Field = None,
    trust_case: _room.TrustCase = False,
    number: _room.Number = None,
    now: given.Now = None,
    actor: _room.Actor = None,
    output: given.Format = Output.TEXT,
) -> None:
    """Whether an action worked: affected users, compared with the baseline and the time before it, and its target.

    A share that is back because traffic stopped is not a recovery. What is worse elsewhere since is reported.
    An action is credited only if users started to recover within its time to effect, and no other action was within its own.

    With --fix: users recovered, no symptom is ongoing, nothing else broke, and the reproduction succeeds at --target. The target
    is also asked for a path that no service has: a server that answers any path alike shows nothing.

    Exit status: 0 recovered or improving by this, 1 no effect or worse, 3 too early, no data, or better but not credited to it.
    """
    from lastgood.surfaces.actions import effect_exit, effect_lines
    from lastgood.surfaces.findings import plain_values
    from lastgood.surfaces.wording import PLAIN
    from lastgood.workbench.act import action_at
    from lastgood.workbench.sources import telemetry
    from lastgood.workbench.verify import verify as measure

    with _room.entered(number, actor, now) as (config, room):
        if fix:
            sent = (reproduction, target, tuple(header or ()), tuple(field or ()))
            raise typer.Exit(_fixed(room, config, action, sent, output, trust_case=trust_case))
        asked = action_at(room, action)
        with given.watching() as watch, telemetry(room, config, watch, trust_case=trust_case) as (store, _):
            measured = measure(room, store, asked)
        if output is Output.JSON:
            _room.write_json(plain_values(measured))
        else:
            lines = effect_lines(action_at(room, asked.number), room.incident, given.how())
            sys.stdout.writelines(f"{line}\n".translate(PLAIN) for line in lines)
    raise typer.Exit(effect_exit(measured.effect))


def _fixed(
    room: "Room",
    config: "Config",
    action: int | None,
    sent: "tuple[Path | None, str, tuple[str, ...], tuple[str, ...]]",
    output: Output,
    *,
    trust_case: bool,
) -> int:
    """Print whether the fix holds; its exit status."""
    from lastgood.surfaces.fixed import fixed_document, fixed_exit, fixed_text
    from lastgood.workbench.act import action_at
    from lastgood.workbench.fixed import fixed
    from lastgood.workbench.sources import telemetry

    one = action_at(room, action) if action is not None or room.incident.actions else None
    replayed = _replayed(room, *sent)
    with given.watching() as watch, telemetry(room, config, watch, trust_case=trust_case) as (store, _):
        found = fixed(room, store, one, replayed)
    if output is Output.JSON:
        _room.write_json(fixed_document(found))
    else:
        sys.stdout.write(fixed_text(found))
    return fixed_exit(found)


def _replayed(
    room: "Room", reproduction: Path | None, target: str, headers: tuple[str, ...], fields: tuple[str, ...]
) -> "ReplayReport | None":
    """What came of the replay, if it is asked for."""
    import os

    from lastgood.errors import UsageError
    from lastgood.workbench.captures import pair_in
    from lastgood.workbench.replay import replay
    from lastgood.workbench.sending import Sending

    if reproduction is None and not target:
        return None
    pair = pair_in(reproduction) if reproduction else None
    if pair is None or not target:
        raise UsageError("--reproduction needs a capture, and --target where to send it.")
    return replay(pair, Sending(target, headers, fields=fields, elsewhere=True), os.environ, room)[0]
