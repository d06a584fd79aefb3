"""`lastgood incident notify` and `told`: pages and tickets that are owed, and who was notified by other means."""

from typing import TYPE_CHECKING, Annotated

import typer

from lastgood.surfaces.cli import _options as given
from lastgood.surfaces.cli import _room

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lastgood.config import Config
    from lastgood.model.message import Delivered
    from lastgood.workbench.room import Room


NOTHING_OWED = "nothing is owed to a sink that pages or keeps tickets"


def notify(
    *,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Show what would be sent where; record and send nothing.")
    ] = False,
    again: Annotated[
        bool,
        typer.Option("--again", help="Also send what failed too often, or may have arrived already."),
    ] = False,
    number: _room.Number = None,
    now: given.Now = None,
    actor: _room.Actor = None,
) -> None:
    """Send the pages and tickets that are owed: by severity, when the time box has ended, and for follow-ups.

    The commands that set a severity, end an incident or add a follow-up do this by themselves; a server does it every
    minute. What was sent is not sent again. Exit status: 0, or 4 if something did not arrive.
    """
    with _room.entered(number, actor, now) as (config, room):
        if dry_run:
            _show(room, config, again=again)
        elif not (found := notified(room, config, again=again)):
            typer.echo(NOTHING_OWED, err=True)
        else:
            leave(found)


def told(
    name: Annotated[str, typer.Argument(help="A recipient of lastgood.toml.")],
    *,
    how: Annotated[str, typer.Option("--how", help="How: by phone, in person.")] = "",
    at: Annotated[
        str | None,
        typer.Option("--at", help="When, if not now: RFC 3339, or now-10m.", show_default=False),
    ] = None,
    number: _room.Number = None,
    now: given.Now = None,
    actor: _room.Actor = None,
) -> None:
    """Record that a recipient was notified by other means than a sink."""
    from lastgood.workbench.recipients import tell

    with _room.entered(number, actor, now) as (config, room):
        tell(room, config, name, how, _room.moment(at, room.now, config))
        _room.show(room, config)


def notified(room: "Room", config: "Config", *, again: bool = False) -> "tuple[Delivered, ...]":
    """Send what the record calls for, such as the entry that was just written."""
    from lastgood.surfaces.cli._clock import recording
    from lastgood.surfaces.notices import notice_message
    from lastgood.workbench.notify import notify as sent

    return sent(room, config, recording, notice_message, again=again)


def _show(room: "Room", config: "Config", *, again: bool) -> None:
    from lastgood.surfaces.cli._clock import recording
    from lastgood.surfaces.notices import notice_message
    from lastgood.workbench.notify import planned_notices

    planned = list(planned_notices(room, config, recording, notice_message, again=again))
    for notice, one in planned:
        typer.echo(f"--- {notice.sink}: {notice.occasion}, because {notice.because}; not sent\n{one}\n")
    if not planned:
        typer.echo(NOTHING_OWED, err=True)


def leave(found: "Sequence[Delivered]") -> None:
    """Say what came of it.

    Raises:
        typer.Exit: with 4, something did not arrive; all is recorded.
    """
    from lastgood.surfaces.entries import told_line

    for one in found:
        _room.note(told_line(one))
    if not all(one.arrived for one in found):
        _room.note("Nothing is lost: lastgood incident notify --again")
        raise typer.Exit(4)
