"""Options: what can be done now, best first, each with the team's own command."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from lastgood.config import ActionTemplate, Config
from lastgood.errors import UsageError
from lastgood.model.answers import Mitigation
from lastgood.model.finding import Finding, Verdict
from lastgood.workbench.commands import YOUR_COMMAND, recorded
from lastgood.workbench.init_actions import quoted
from lastgood.workbench.rolling_back import ROLL_BACKS, VERSION, against, ends_at, version_of
from lastgood.workbench.room import Room
from lastgood.workbench.snapshot import values_of

# What a target is called in a template, where it is no service.
OPTION_NAMED = {"flag_off": "flag", "flag_on": "flag", "stop_job": "job", "route_away": "instance"}
LATER = 0.85  # what each place further down in the sitrep's order counts less
HOUR = 60.0  # minutes: what takes so long relieves no one now
FINAL, LOSSY = 0.8, 0.9  # what cannot be undone, and what destroys evidence, count so much


@dataclass(frozen=True, slots=True)
class Option:
    """One thing that can be done, with the command that does it, or why there is none."""

    mitigation: Mitigation
    template: ActionTemplate | None
    command: tuple[str, ...] = ()
    lacking: str = ""  # of its template, if there is one
    roll_back: Finding | None = None  # whether it can be done, where it is a roll-back


def options(room: Room, config: Config, values: Mapping[str, str] | None = None) -> tuple[Option, ...]:
    """What the last sitrep says would help, best first: expected relief in the time that is left of an hour.

    The sitrep's order stands for the relief; what takes long, cannot be undone or destroys evidence counts less.
    """
    said = room.incident.confirmed or room.incident.triaged
    found = [_option(room, config, one, values or {}) for one in (said.mitigations if said else ())]
    ranked = sorted(enumerate(found), key=lambda placed: -_worth(*placed))
    return tuple(option for _, option in ranked)


def with_roll_backs(
    room: Room, found: Sequence[Option], judge: Callable[[str], Finding]
) -> tuple[Option, ...]:
    """The options with what `judge` says of each service to be rolled back; what speaks against one puts it last."""
    judged = [
        _judged(room, one, judge(one.mitigation.target)) if one.mitigation.kind in ROLL_BACKS else one
        for one in found
    ]
    return tuple(
        sorted(judged, key=lambda one: one.roll_back is not None and one.roll_back.verdict is Verdict.NO)
    )


def _judged(room: Room, option: Option, finding: Finding) -> Option:
    """A roll-back with its version in the command, or with why `act` would refuse it."""
    if option.template is None:
        return replace(option, roll_back=finding)
    one = option.mitigation
    command, lacking = _command(room, one, option.template, version_of(finding))
    if problem := against(finding, one.target, option.template.command):
        command, lacking = (), problem
    return replace(option, command=command, lacking=lacking, roll_back=finding)


def template_of(config: Config, what: str, target: str) -> ActionTemplate | None:
    """The team's template for one kind of thing: one that names the target before one for all."""
    mine = [one for one in config.settings.action if kind_of(one.kind) == what]
    named = [one for one in mine if target in one.targets]
    return next(iter(named or [one for one in mine if not one.targets]), None)


def lacking(
    config: Config, what: str, target: str, services: Sequence[str] = (), one_back: str = ""
) -> str | None:
    """What keeps the team's template for one kind of thing from being run; empty if nothing, None without a template."""
    template = template_of(config, what, target)
    if template is None:
        return None
    of_incident = {"incident": "1", **({"service": services[0]} if services else {})}
    values = {**of_incident, "target": target, OPTION_NAMED.get(what, "service"): target}
    if what in ROLL_BACKS:
        values[VERSION] = VERSION  # it is known once the incident has an answer
    try:
        recorded(template.command, values, what)
    except UsageError as problem:
        return f"{problem.message} {problem.hint}".strip()
    return ends_at(one_back, template.command)


def snippet(what: str) -> tuple[str, ...]:
    """The lines of a template to add to lastgood.toml; the command in it is refused until the team puts its own."""
    return ("[[action]]", f"kind = {quoted(what)}", f'command = ["{YOUR_COMMAND}", "{{target}}"]')


def kind_of(said: str) -> str:
    """The kind of action as the record has it: `flag_off` for `flag-off`."""
    return said.strip().lower().replace("-", "_").replace(" ", "_")


def values_for(room: Room, what: str, target: str, given: Mapping[str, str]) -> dict[str, str]:
    """What a template is filled with: of the incident, the target by its names, then what was given."""
    return {**values_of(room), "target": target, OPTION_NAMED.get(what, "service"): target, **given}


def known_kinds(config: Config) -> tuple[str, ...]:
    """The kinds that the team has templates for."""
    return tuple(dict.fromkeys(kind_of(one.kind) for one in config.settings.action))


def _option(room: Room, config: Config, one: Mitigation, given: Mapping[str, str]) -> Option:
    template = template_of(config, one.kind, one.target)
    if template is None:
        return Option(one, None)
    reported = replace(
        one,
        minutes=one.minutes if template.minutes is None else template.minutes,
        reversible=one.reversible or bool(template.undo),
        evidence_lost=template.evidence_lost or one.evidence_lost,
    )
    return Option(reported, template, *_command(room, one, template, given))


def _command(
    room: Room, one: Mitigation, template: ActionTemplate, given: Mapping[str, str]
) -> tuple[tuple[str, ...], str]:
    """The command with its values, and what is lacking for it."""
    try:
        return recorded(template.command, values_for(room, one.kind, one.target, given), one.kind), ""
    except UsageError as problem:
        return (), f"{problem.message} {problem.hint}".strip()


def _worth(place: int, option: Option) -> float:
    one = option.mitigation
    in_time = 0.0 if one.minutes is None else max(0.0, 1 - one.minutes / HOUR)
    kept = (1.0 if one.reversible else FINAL) * (LOSSY if one.evidence_lost else 1.0)
    return float(LATER**place) * in_time * kept


def targets_of(found: Sequence[Option], what: str) -> tuple[str, ...]:
    """The targets that the sitrep names for a kind."""
    return tuple(option.mitigation.target for option in found if option.mitigation.kind == what)
