"""`lastgood act`: what can be done, and one change at a time, by the team's own command."""

import sys
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Annotated

import typer

from lastgood.surfaces.cli import _options as given
from lastgood.surfaces.cli import _room
from lastgood.surfaces.formats import Output

if TYPE_CHECKING:
    from datetime import datetime

    from lastgood.config import Config
    from lastgood.workbench.act import Plan, Wanted
    from lastgood.workbench.room import Room
    from lastgood.workbench.store import Store

FAILED = 4
DryRun = Annotated[bool, typer.Option("--dry-run", help="Show what would be run, and where; run nothing.")]


def act(
    kind: Annotated[
        str | None,
        typer.Argument(
            help="rollback, flag_off, restart …; `undo` reverts the last one. Default: list the options.",
            show_default=False,
        ),
    ] = None,
    target: Annotated[
        str | None, typer.Argument(help="Its target: a service, a flag …", show_default=False)
    ] = None,
    *,
    values: Annotated[
        list[str] | None,
        typer.Option("--set", help="A value for the template, NAME=VALUE; may be repeated."),
    ] = None,
    dry_run: DryRun = False,
    yes: Annotated[bool, typer.Option("--yes", help="Run it without asking.")] = False,
    effect: Annotated[
        str, typer.Option("--target-effect", help="Expected effect, as a prediction.", show_default=False)
    ] = "",
    manual: Annotated[bool, typer.Option("--manual", help="Only record it: it was done elsewhere.")] = False,
    by: Annotated[str | None, typer.Option("--by", help="With --manual: who did it. Default: you.")] = None,
    at: Annotated[
        str | None, typer.Option("--at", help="With --manual: when, if not now: RFC 3339, or now-10m.")
    ] = None,
    force: Annotated[
        str, typer.Option("--force", help="Why it cannot wait until the change before is measured.")
    ] = "",
    number: _room.Number = None,
    now: given.Now = None,
    actor: _room.Actor = None,
    output: given.Format = Output.TEXT,
) -> None:
    """List what can be done now; or do one thing: keeps the evidence, shows the command, runs it on a typed yes.

    The command is the team's own, from [[action]] in lastgood.toml. One change at a time: the next one is refused until
    `lastgood verify` has measured this one, or --force gives a reason not to wait.

    Exit status: 0 it was run and ended well, 1 it was not confirmed, 2 refused, 4 the command failed.
    """
    with _room.entered(number, actor, now) as (config, room):
        if kind is None:
            _list(config, room, output)
            return
        from lastgood.workbench.act import Wanted
        from lastgood.workbench.options import kind_of

        wanted = Wanted(kind_of(kind), target or "", _values(values), effect, force)
        if dry_run:
            plan = _plan(config, room, wanted)
            shown(config, room, plan)
            _checked(config, room, plan)
        elif manual:
            _recorded(room, wanted, by=by or room.actor, at=_room.moment(at, room.now, config))
        else:
            raise typer.Exit(_done(config, room, _plan(config, room, wanted), yes))


def _list(config: "Config", room: "Room", output: Output) -> None:
    from lastgood.surfaces.actions import options_card, options_document
    from lastgood.workbench.options import known_kinds, options, with_roll_backs
    from lastgood.workbench.rolling_back import ROLL_BACKS, eligibility

    found = options(room, config)
    if any(option.mitigation.kind in ROLL_BACKS for option in found):
        with store_of(config, room) as store:
            found = with_roll_backs(room, found, lambda service: eligibility(room, store, service))
    if output is Output.JSON:
        _room.write_json(options_document(found))
    else:
        _room.write(options_card(room.incident, found, known_kinds(config)))


def _plan(config: "Config", room: "Room", wanted: "Wanted") -> "Plan":
    from lastgood.errors import UsageError
    from lastgood.workbench.act import planned, planned_undo
    from lastgood.workbench.options import options, targets_of

    if wanted.what == "undo":
        return planned_undo(room, config, wanted)
    if not wanted.target:
        known = targets_of(options(room, config), wanted.what)
        raise UsageError(
            f"What is {wanted.what} to be done to?",
            hint=f"The last answer names {', '.join(known)}."
            if known
            else f"lastgood act {wanted.what} TARGET",
        )
    return planned(room, config, _versioned(config, room, wanted))


def _versioned(config: "Config", room: "Room", wanted: "Wanted") -> "Wanted":
    """The same with the version to go back to, where the team's command asks for it."""
    from lastgood.workbench.options import template_of
    from lastgood.workbench.rolling_back import asks_version, eligibility, version_of

    template = template_of(config, wanted.what, wanted.target)
    if template is None or not asks_version(wanted.what, template.command, wanted.values):
        return wanted
    with store_of(config, room) as store:
        finding = eligibility(room, store, wanted.target)
    return replace(wanted, values={**version_of(finding), **wanted.values})


def _done(config: "Config", room: "Room", plan: "Plan", yes: bool) -> int:
    from lastgood.errors import UsageError
    from lastgood.surfaces.actions import plan_lines, printed_lines, run_line
    from lastgood.surfaces.wording import PLAIN
    from lastgood.workbench.act import carried_out

    if not yes and not attended():
        raise UsageError("Confirmation needs a terminal.", hint="In a script, pass --yes.")
    with store_of(config, room) as store:
        captured(config, room, store, plan.begun.values)
        advised(room, store, plan)
    for line in plan_lines(plan, room.incident):
        typer.echo(line.translate(PLAIN), err=True)
    if not yes and not said_yes("Type yes to run it"):
        typer.echo("nothing was run", err=True)
        return 1
    typer.echo(f"running, for {plan.template.timeout_seconds:g} s at most", err=True)
    action = carried_out(room, plan)
    if action.ended is None:
        return FAILED
    if action.ended.content:
        printed = room.record.kept(action.ended.content).decode()
        sys.stdout.writelines(f"{line}\n" for line in printed_lines(printed.translate(PLAIN)))
    typer.echo(f"action {action.number} {run_line(action.ended.run)}".translate(PLAIN), err=True)
    _room.note(f"whether it worked: lastgood verify {action.number}")
    return 0 if action.ended.run.succeeded else FAILED


def shown(config: "Config", room: "Room", plan: "Plan | None") -> None:
    """Print what would be run, by an act or by a snapshot alone, in its order; nothing is run or recorded."""
    from getpass import getuser
    from platform import node

    from lastgood.surfaces.actions import captured_line, dry_lines, plan_lines
    from lastgood.surfaces.wording import PLAIN
    from lastgood.workbench.running import ENVIRONMENT
    from lastgood.workbench.snapshot import to_run

    lines = [captured_line(*one) for one in to_run(room, config, plan.begun.values if plan else None)]
    if plan:
        passed = (*ENVIRONMENT, *plan.template.environment)
        lines += plan_lines(plan, room.incident)
        lines += dry_lines(node(), getuser(), passed, plan.template.timeout_seconds)
    for line in lines or ["there is no [[snapshot]] in lastgood.toml: telemetry alone would be kept"]:
        typer.echo(line.translate(PLAIN))
    typer.echo("nothing was run", err=True)


def said_yes(question: str) -> bool:
    """Whether a person types yes; the end of the input is no. Ctrl-C ends the line, and is raised."""
    try:
        return str(typer.prompt(question, default="no", err=True)).strip().lower() == "yes"
    except typer.Abort as stop:
        typer.echo(err=True)
        if isinstance(stop.__context__, KeyboardInterrupt):
            raise KeyboardInterrupt from None
        return False


def attended() -> bool:
    """Whether a person is there who can say yes."""
    return sys.stdin.isatty()


@contextmanager
def store_of(config: "Config", room: "Room") -> Iterator["Store | None"]:
    """The telemetry of the incident; None where it cannot be read, which stops no act."""
    from lastgood.errors import LastgoodError
    from lastgood.workbench.sources import telemetry

    with ExitStack() as stack:
        try:
            store = stack.enter_context(telemetry(room, config, stack.enter_context(given.watching())))[0]
        except LastgoodError as problem:
            typer.echo(f"no telemetry: {problem.message}", err=True)
            store = None
        yield store


def captured(config: "Config", room: "Room", store: "Store | None", values: Mapping[str, str]) -> None:
    """Keep the state as it is now, and say what could not be kept."""
    from lastgood.model.action import Captured
    from lastgood.surfaces import numbers
    from lastgood.surfaces.entries import entry_line
    from lastgood.surfaces.wording import PLAIN
    from lastgood.workbench.snapshot import snapshot

    entries = snapshot(room, store, config, values)
    for entry in entries:
        if isinstance(entry.payload, Captured) and not entry.payload.run.succeeded:
            typer.echo(entry_line(entry).translate(PLAIN), err=True)
    if entries:
        first, last = entries[0].sequence, entries[-1].sequence
        which, number = numbers.evidence_range(first, last), numbers.evidence(first)
        _room.note(f"kept as it is now, as {which}:\nlastgood evidence {number}")


def _checked(config: "Config", room: "Room", plan: "Plan") -> None:
    """Say of a roll-back that is not run what `advised` would say; nothing is recorded."""
    from lastgood.workbench.rolling_back import ROLL_BACKS

    if plan.begun.what in ROLL_BACKS:
        with store_of(config, room) as store:
            advised(room, store, plan, record=False)


def advised(room: "Room", store: "Store | None", plan: "Plan", *, record: bool = True) -> None:
    """Say whether a service can be rolled back, on the record; refuse what speaks against it without a reason."""
    from lastgood.errors import UsageError
    from lastgood.surfaces.actions import roll_back_lines
    from lastgood.surfaces.wording import PLAIN
    from lastgood.workbench.rolling_back import ROLL_BACKS, against, eligibility

    if plan.begun.what not in ROLL_BACKS:
        return
    finding = eligibility(room, store, plan.begun.target, record=record)
    for line in roll_back_lines(finding):
        typer.echo(line.translate(PLAIN), err=True)
    problem = against(finding, plan.begun.target, plan.template.command)
    if problem and not plan.begun.forced:
        by_hand = f"lastgood act {plan.begun.what} {plan.begun.target} --manual"
        raise UsageError(
            problem,
            hint=f"To do it anyway, give a reason: --force REASON. If you do it by hand, record it: `{by_hand}`",
        )


def _recorded(room: "Room", wanted: "Wanted", *, by: str, at: "datetime | None") -> None:
    from lastgood.errors import UsageError
    from lastgood.workbench.act import done_elsewhere, last_undoable

    undoes = None
    if wanted.what == "undo":
        before = last_undoable(room)
        undoes = before.number
        wanted = replace(wanted, what=f"undo_{before.begun.what}", target=before.begun.target)
    if not wanted.target:
        raise UsageError(
            f"What was {wanted.what} done to?", hint=f"lastgood act {wanted.what} TARGET --manual"
        )
    action = done_elsewhere(room, wanted, by=by, at=at, undoes=undoes)
    _room.note(f"action {action.number} is on the record; whether it worked: lastgood verify {action.number}")


def _values(said: list[str] | None) -> dict[str, str]:
    from lastgood.errors import UsageError

    found = {}
    for one in said or ():
        name, mark, value = one.partition("=")
        if not mark or not name:
            raise UsageError(f"A value is written NAME=VALUE, not {one!r}.")
        found[name] = value
    return found
