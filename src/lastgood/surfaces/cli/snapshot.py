"""`lastgood snapshot`: the state as it is now, on the record, before anything is changed."""

from lastgood.surfaces.cli import _options as given
from lastgood.surfaces.cli import _room
from lastgood.surfaces.cli.act import DryRun, captured, shown, store_of


def snapshot(
    *,
    dry_run: DryRun = False,
    number: _room.Number = None,
    now: given.Now = None,
    actor: _room.Actor = None,
) -> None:
    """Keep the state as it is now: signals, failing and working requests, new log lines, changes, the team's own commands.

    The commands are those of [[snapshot]] in lastgood.toml. What failed is listed. `lastgood act` does this by itself.
    """
    with _room.entered(number, actor, now) as (config, room):
        if dry_run:
            shown(config, room, None)
            return
        with store_of(config, room) as store:
            captured(config, room, store, {})
