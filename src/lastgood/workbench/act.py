"""Act: one change at a time, by the team's own command, on the record before it is done."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from time import perf_counter

from lastgood.algorithms.secrets import names_a_secret
from lastgood.config import ActionTemplate, Config
from lastgood.errors import RecordMovedError, UsageError
from lastgood.hypotheses.predictions import written
from lastgood.model.action import Action, ActionBegun, ActionEnded
from lastgood.model.entry import Entry
from lastgood.workbench.commands import filled, filled_text, recorded
from lastgood.workbench.options import known_kinds, snippet, template_of, values_for
from lastgood.workbench.room import Room
from lastgood.workbench.running import run


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a person wants done."""

    what: str
    target: str
    values: Mapping[str, str] = field(default_factory=dict)  # for the template
    effect: str = ""  # what must come true, as a prediction
    forced: str = ""  # why it cannot wait until the change before is measured


@dataclass(frozen=True, slots=True)
class Plan:
    """An action that is ready to run. Nothing has been done."""

    begun: ActionBegun
    command: tuple[str, ...]  # with its secrets; what is recorded has none
    template: ActionTemplate
    started: float  # on the clock that measures, for how late it is when it is carried out


def planned(room: Room, config: Config, wanted: Wanted) -> Plan:
    """What would be run, by the team's template.

    Raises:
        UsageError: there is no template, a value is missing or not allowed, or an action before is not measured.
    """
    refuse_second(room, wanted.forced)
    template = template_of(config, wanted.what, wanted.target)
    if template is None:
        raise UsageError(
            f"There is no template for {wanted.what} {wanted.target}.",
            hint=missing_template(wanted.what, config),
        )
    values = values_for(room, wanted.what, wanted.target, wanted.values)
    effect = wanted.effect or filled_text(template.effect, values, wanted.what)
    return _plan(room, template, replace(wanted, values=values, effect=effect))


def planned_undo(room: Room, config: Config, wanted: Wanted) -> Plan:
    """What would take the last action back, by the undo of its template; `wanted` need not name it.

    It may be run while that action is not measured: it ends the change rather than adding one.

    Raises:
        UsageError: there is nothing to take back, no undo, or a value is missing.
    """
    last = last_undoable(room)
    refuse_second(room, wanted.forced, apart=last.number)
    begun = last.begun
    template = template_of(config, begun.what, begun.target)
    if template is None or not template.undo:
        raise UsageError(
            f"There is no undo command for {begun.what} {begun.target}.",
            hint=f'Add `undo = ["…"]` to the [[action]] of {begun.what} in lastgood.toml, '
            "or record it: `lastgood act undo --manual`",
        )
    values = {**values_for(room, begun.what, begun.target, {}), **begun.values, **wanted.values}
    undo = replace(wanted, what=f"undo_{begun.what}", target=begun.target, values=values)
    return _plan(room, template, undo, undoes=last.number)


def _plan(room: Room, template: ActionTemplate, wanted: Wanted, undoes: int | None = None) -> Plan:
    arguments = template.undo if undoes else template.command
    if wanted.effect:
        written(wanted.effect)
    begun = ActionBegun(
        what=wanted.what,
        target=wanted.target,
        by=room.actor,
        command=recorded(arguments, wanted.values, wanted.what),
        values={name: value for name, value in wanted.values.items() if not names_a_secret(name)},
        effect=wanted.effect,
        minutes=template.minutes,
        undoes=undoes,
        forced=wanted.forced,
        undo=bool(template.undo) and undoes is None,
    )
    return Plan(begun, filled(arguments, wanted.values, wanted.what), template, perf_counter())


def done_elsewhere(
    room: Room, wanted: Wanted, *, by: str, at: datetime | None, undoes: int | None = None
) -> Action:
    """The action that a person did without this tool, as it was recorded: what happened is never refused.

    Raises:
        QuerySyntaxError: the target effect cannot be parsed.
    """
    if wanted.effect:
        written(wanted.effect)
    others = any(action.open for action in room.incident.actions)
    forced = wanted.forced or ("it was done elsewhere" if others and not undoes else "")
    begun = ActionBegun(wanted.what, wanted.target, by, effect=wanted.effect, undoes=undoes, forced=forced)
    return action_at(room, room.append(begun, at=at).sequence)


def carried_out(room: Room, plan: Plan) -> Action:
    """The action as it ended: recorded as begun before its command is run, as ended after.

    Raises:
        UsageError: another action was begun in the meantime.
        KeyboardInterrupt: it was interrupted; the command was ended, and that is on the record.
    """
    entry = _begun(room, plan)
    at = entry.at
    template = plan.template
    ended, printed, stopped = run(
        plan.command, seconds=template.timeout_seconds, environment=template.environment
    )
    content = room.record.keep(printed.encode()) if printed else None
    room.append(ActionEnded(entry.sequence, ended, content), at=at + timedelta(seconds=ended.seconds))
    if stopped is not None:
        raise stopped
    return action_at(room, entry.sequence)


def _begun(room: Room, plan: Plan) -> Entry:
    """The entry that begins an action: written only if no one has begun another one up to that moment."""
    at = room.now + timedelta(seconds=perf_counter() - plan.started)
    while True:
        room.look()
        refuse_second(room, plan.begun.forced, apart=plan.begun.undoes)
        with suppress(RecordMovedError):  # a person wrote between the two: look again
            return room.append(plan.begun, at=at, guarded=True)


def refuse_second(room: Room, forced: str, *, apart: int | None = None) -> None:
    """Refuse to change something while it is not known what the change before did; `apart` is one that may be so.

    Raises:
        UsageError: there is such a change, and no reason was given to go on.
    """
    pending = [a for a in room.incident.actions if a.open and a.number != apart]
    if not pending or forced:
        return
    last = pending[-1]
    state = "has no recorded end" if last.lost else "has no measured effect yet"
    raise UsageError(
        f"Action {last.number} ({last.begun.what} {last.begun.target}) {state}. Measure it before the next change.",
        hint=f"Measure it: `lastgood verify {last.number}`. Or give a reason not to wait: --force REASON.",
    )


def action_at(room: Room, number: int | None = None) -> Action:
    """The action that began at an entry; the last one without.

    Raises:
        UsageError: there is none; says which there are.
    """
    taken = {action.number: action for action in room.incident.actions}
    if not taken:
        raise UsageError(
            f"Nothing was done in incident {room.number} yet.",
            hint="See what can be done: `lastgood act`. Record what was done: `lastgood act KIND TARGET --manual`.",
        )
    number = max(taken) if number is None else number
    if number not in taken:
        raise UsageError(f"Entry {number} is not an action.", hint=f"Actions: {', '.join(map(str, taken))}.")
    return taken[number]


def last_undoable(room: Room) -> Action:
    """The last action that may have changed something and was not taken back.

    Raises:
        UsageError: there is none.
    """
    taken = room.incident.actions
    done = [a for a in taken if a.started and a.undone_by is None and a.begun.undoes is None]
    if not done:
        raise UsageError(f"There is nothing to take back in incident {room.number}.")
    return done[-1]


def missing_template(what: str, config: Config) -> str:
    """What to add to the settings, and what is there."""
    kinds = known_kinds(config)
    there = f" There are templates for {', '.join(kinds)}." if kinds else ""
    return "\n".join([f"Add to lastgood.toml, with your command:{there}", *snippet(what)])
