"""Action steps: start an action from an incident's page, by the team's command or by hand, and measure it."""

from dataclasses import dataclass, replace
from hashlib import sha256

from lastgood.errors import LastgoodError, UsageError
from lastgood.model.action import Action, EffectMeasured
from lastgood.workbench.act import (
    Plan,
    Wanted,
    action_at,
    carried_out,
    done_elsewhere,
    planned,
    refuse_second,
)
from lastgood.workbench.entered import entered, telemetry_of
from lastgood.workbench.options import Option, options, template_of
from lastgood.workbench.rolling_back import (
    ROLL_BACKS,
    against,
    asks_version,
    eligibility,
    version_of,
)
from lastgood.workbench.room import Room
from lastgood.workbench.service import Service
from lastgood.workbench.snapshot import snapshot
from lastgood.workbench.verify import verify


@dataclass(frozen=True, slots=True)
class Confirmation:
    """What is to be confirmed before an action is started."""

    wanted: Wanted
    option: Option | None  # as the sitrep names it; None where another person thought of it
    plan: Plan | None  # by the team's template; None: by hand
    lacking: str  # why there is no plan
    blocked: str  # why it has to wait for another action
    hint: str  # what to do about that


def confirmation(service: Service, number: int, wanted: Wanted, *, actor: str) -> Confirmation:
    """What would happen.

    Raises:
        UsageError: it is not said what is to be done, or to what.
    """
    if not wanted.what or not wanted.target:
        raise UsageError("An action has a kind and a target.", hint="Such as rollback, payments.")
    room = entered(service, number, actor)
    named = (o for o in options(room, service.config) if _is(o, wanted))
    option, blocked, hint, plan, lacking = next(named, None), "", "", None, ""
    try:
        refuse_second(room, wanted.forced)
    except UsageError as problem:
        blocked, hint = problem.message, problem.hint
    if template_of(service.config, wanted.what, wanted.target) is not None and not blocked:
        try:
            plan = planned(room, service.config, _versioned(service, room, wanted))
        except LastgoodError as problem:
            lacking = f"{problem.message} {problem.hint}".strip()
    return Confirmation(wanted, option, plan, lacking, blocked, hint)


def started(service: Service, number: int, wanted: Wanted, *, shown: str | None, actor: str) -> Action:
    """The action, after what it may destroy was kept; by the command of the mark that was shown, or by hand without one.

    Raises:
        UsageError: another action is not measured yet; there is no command, or another one than was shown; or what is
            measured speaks against it.
    """
    room = entered(service, number, actor)
    refuse_second(room, wanted.forced)
    plan = None
    if shown is not None:
        plan = planned(room, service.config, _versioned(service, room, wanted))
    if plan is not None and shown != mark_of(plan):
        raise UsageError(
            "The command is no longer the one that was shown. Nothing was run.", hint="Look at it again."
        )
    _kept(service, room, wanted, plan)
    if plan is None:
        room.now = service.clock()
        return done_elsewhere(room, wanted, by=actor, at=None)
    return carried_out(room, plan)


def mark_of(plan: Plan) -> str:
    """Which command a plan has, as a page sends it back: what is run is what was shown."""
    return sha256("\0".join(plan.begun.command).encode("utf-8", "surrogatepass")).hexdigest()


def measured(service: Service, number: int, action: int | None, *, actor: str) -> EffectMeasured:
    """The effect of an action as of now, on the record.

    Raises:
        UsageError: there is no such action.
    """
    room = entered(service, number, actor)
    chosen = action_at(room, action)
    with telemetry_of(service, room) as store:
        return verify(room, store, chosen)


def _is(option: Option, wanted: Wanted) -> bool:
    return (option.mitigation.kind, option.mitigation.target) == (wanted.what, wanted.target)


def _versioned(service: Service, room: Room, wanted: Wanted) -> Wanted:
    """The same with the version to go back to, where the team's command asks for it."""
    template = template_of(service.config, wanted.what, wanted.target)
    command = template.command if template else ()
    if not asks_version(wanted.what, command, wanted.values) or room.incident.opened.inputs:
        return wanted
    with service.apart() as store:
        return replace(
            wanted, values={**version_of(eligibility(room, store, wanted.target)), **wanted.values}
        )


def _kept(service: Service, room: Room, wanted: Wanted, plan: Plan | None) -> None:
    """Keep the state as it is; refuse a roll-back that what is measured speaks against."""
    if room.incident.opened.inputs:
        snapshot(room, None, service.config, wanted.values)
        return
    with service.apart() as store:
        snapshot(room, store, service.config, wanted.values)
        if wanted.what not in ROLL_BACKS:
            return
        finding = eligibility(room, store, wanted.target, record=True)
    problem = against(finding, wanted.target, plan.template.command if plan else ())
    if problem and not wanted.forced:
        raise UsageError(problem, hint="To do it anyway, give a reason.")
