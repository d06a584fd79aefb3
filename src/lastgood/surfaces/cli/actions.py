"""`lastgood actions`: follow-ups of all incidents, from the postmortem until a person saw that they work."""

from datetime import date
from typing import TYPE_CHECKING, Annotated

import typer

from lastgood.surfaces.cli import _options as given
from lastgood.surfaces.cli import _room
from lastgood.surfaces.cli.notify import leave, notified
from lastgood.surfaces.formats import Output

if TYPE_CHECKING:
    from lastgood.model.follow_up import FollowUpType, Stage

HELP = "Follow-ups of all incidents: what is open, overdue, done and not yet verified."
actions = typer.Typer(rich_markup_mode=None, help=HELP)

Name = Annotated[str, typer.Argument(help="Its name, such as 12.34, or the entry alone for this incident.")]
Because = Annotated[str, typer.Option("--because", help="What was done, or seen, or decided.")]


@actions.callback(invoke_without_command=True)
def listed(
    context: typer.Context,
    *,
    every: Annotated[bool, typer.Option("--all", help="Also those that are verified or dropped.")] = False,
    owner: Annotated[str | None, typer.Option(help="Only those of one owner.", show_default=False)] = None,
    now: given.Now = None,
    output: given.Format = Output.TEXT,
) -> None:
    """Follow-ups of all incidents: what is open, overdue, done and not yet verified.

    Exit status: 0, or 1 when some are overdue.
    """
    if context.invoked_subcommand:
        return
    from lastgood.config import configured
    from lastgood.model.clock import system_clock
    from lastgood.model.follow_up import Stage
    from lastgood.surfaces.follow_ups import follow_up_document, follow_ups_card
    from lastgood.workbench.follow_ups import all_follow_ups

    config = configured()
    today = given.now_of(now, config.zone).astimezone(config.team_zone).date()
    shown = [
        one
        for one in all_follow_ups(config, system_clock)
        if (every or one.stage in {Stage.OPEN, Stage.DONE}) and owner in {None, one.added.owner}
    ]
    if output is Output.JSON:
        _room.write_json([follow_up_document(one, today) for one in shown])
    elif shown:
        _room.write(follow_ups_card(shown, today))
    else:
        _room.note("no follow-ups: lastgood actions add TEXT")
    raise typer.Exit(int(any(one.overdue(today) for one in shown)))


@actions.command()
def add(
    text: Annotated[str, typer.Argument(help="What is to be done: something that stays changed.")],
    *,
    owner: Annotated[str, typer.Option(help="The person who sees to it.")],
    due: Annotated[str, typer.Option(help="By when: 2026-12-01.")],
    kind: Annotated[str, typer.Option("--type", help="prevent, detect, mitigate or process.")],
    removes: Annotated[str, typer.Option(help="The class of failure that it removes.")],
    number: _room.Number = None,
    now: given.Now = None,
    actor: _room.Actor = None,
) -> None:
    """Add a follow-up to an incident: owned, dated, and removing a class of failure."""
    from lastgood.model.follow_up import FollowUpAdded
    from lastgood.workbench.follow_ups import add as added

    what = FollowUpAdded(text, owner, _date(due), _type(kind), removes)
    with _room.entered(number, actor, now) as (config, room):
        typer.echo(f"follow-up {added(room, what).name}", err=True)
        leave(notified(room, config))


@actions.command()
def done(name: Name, *, because: Because, now: given.Now = None, actor: _room.Actor = None) -> None:
    """Record that a follow-up is done; it stays listed until it is verified."""
    from lastgood.model.follow_up import Stage

    _moved(name, Stage.DONE, because, now, actor)


@actions.command()
def verify(name: Name, *, because: Because, now: given.Now = None, actor: _room.Actor = None) -> None:
    """Record that it works, and how that was seen: the alert fired in a drill, the bad change was refused."""
    from lastgood.model.follow_up import Stage

    _moved(name, Stage.VERIFIED, because, now, actor)


@actions.command()
def drop(name: Name, *, because: Because, now: given.Now = None, actor: _room.Actor = None) -> None:
    """Record that it will not be done, and why that is acceptable."""
    from lastgood.model.follow_up import Stage

    _moved(name, Stage.DROPPED, because, now, actor)


@actions.command()
def reopen(name: Name, *, because: Because, now: given.Now = None, actor: _room.Actor = None) -> None:
    """Record that it is to be done after all, or again."""
    from lastgood.model.follow_up import Stage

    _moved(name, Stage.OPEN, because, now, actor)


def _moved(name: str, to: "Stage", because: str, now: str | None, actor: str | None) -> None:
    from lastgood.surfaces.follow_ups import follow_up_line
    from lastgood.workbench.follow_ups import move, named

    incident, entry = named(name)
    with _room.entered(incident, actor, now) as (_, room):
        one = move(room, entry, to, because)
        typer.echo(f"{one.stage.value}: {follow_up_line(one, room.now.date())}", err=True)


def _date(text: str) -> date:
    from lastgood.errors import UsageError

    try:
        return date.fromisoformat(text)
    except ValueError as problem:
        raise UsageError(f"{text!r} is not a date.", hint="Write --due 2026-12-01.") from problem


def _type(text: str) -> "FollowUpType":
    from lastgood.errors import UsageError, instead
    from lastgood.model.follow_up import FollowUpType

    known = {one.value: one for one in FollowUpType}
    if text.lower() not in known:
        raise UsageError(f"There is no type {text!r}.", hint=instead(text, known))
    return known[text.lower()]
