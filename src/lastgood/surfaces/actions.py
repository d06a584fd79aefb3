"""Actions and options in words: what can be done, what was done, how it ended, and what it did."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from shlex import join
from textwrap import wrap
from typing import TYPE_CHECKING, Any

from lastgood.model import figures
from lastgood.model.action import Action, ActionBegun, Effect, EffectMeasured, Run, RunEnd
from lastgood.model.finding import Finding, Verdict
from lastgood.model.incident import Incident, Status
from lastgood.model.rollback import RollBack
from lastgood.surfaces import wording
from lastgood.surfaces.card import Card, Row, Section, Tone
from lastgood.surfaces.findings import plain_values
from lastgood.surfaces.invocation import Command, Invocation, command

if TYPE_CHECKING:  # a room is shown at once: what acts, and what it needs, is imported by who acts
    from lastgood.workbench.act import Plan
    from lastgood.workbench.options import Option

MOST_ELSEWHERE = 5
MOST_PRINTED = 20  # lines of what a command printed

EFFECTS = {
    Effect.RECOVERED: "recovered",
    Effect.IMPROVING: "improving",
    Effect.RECOVERED_UNCREDITED: "recovered, not credited to this action",
    Effect.IMPROVING_UNCREDITED: "improving, not credited to this action",
    Effect.NO_EFFECT: "no effect",
    Effect.WORSE: "worse",
    Effect.TOO_EARLY: "too early",
    Effect.NO_DATA: "no data",
}
TONES = {
    Effect.RECOVERED: Tone.GOOD,
    Effect.IMPROVING: Tone.GOOD,
    Effect.RECOVERED_UNCREDITED: Tone.WARN,
    Effect.IMPROVING_UNCREDITED: Tone.WARN,
    Effect.NO_EFFECT: Tone.BAD,
    Effect.WORSE: Tone.BAD,
    Effect.TOO_EARLY: Tone.WARN,
    Effect.NO_DATA: Tone.WARN,
}
DEFAULT_TARGET = "affected users are back at their baseline"


def begun_line(begun: ActionBegun) -> str:
    """`rollback checkout: kubectl rollout undo …`, or who did it elsewhere."""
    how = f"done elsewhere by {begun.by}" if begun.elsewhere else join(begun.command)
    forced = f" (while another was not measured: {begun.forced})" if begun.forced else ""
    return f"{wording.plain(begun.what)} {begun.target}: {how}{forced}"


def run_line(run: Run) -> str:
    """`succeeded after 1.2 s`, `ended with status 1 after 3 s`."""
    after = f"after {figures.duration(run.seconds)}"
    match run.how:
        case RunEnd.EXITED if run.succeeded:
            return f"succeeded {after}"
        case RunEnd.EXITED if run.status is not None and run.status < 0:
            return f"was killed by signal {-run.status} {after}"
        case RunEnd.EXITED:
            return f"ended with status {run.status} {after}"
        case RunEnd.TIMED_OUT:
            return f"did not end in time: {run.problem}"
        case RunEnd.INTERRUPTED:
            return f"was interrupted {after}"
        case RunEnd.NOT_STARTED:
            return f"was not run: {run.problem}"


def state_line(action: Action, now: datetime) -> str:
    """How an action stands: its end, its effect, or what is not known of it."""
    if action.undone_by is not None:
        return f"taken back by action {action.undone_by}"
    if action.lost:
        ago = figures.duration((now - action.begun_at).total_seconds())
        return f"STARTED {ago} ago, END UNKNOWN: no end is recorded"
    ended = run_line(action.ended.run) if action.ended else "done elsewhere"
    if action.effect is not None:
        return f"{ended} · {EFFECTS[action.effect.effect]}: {action.effect.because}"
    return f"{ended} · not measured yet" if action.started else ended


def room_rows(actions: Sequence[Action], now: datetime) -> Iterator[Row]:
    """A row for each action, as the room has it."""
    for action in actions:
        tone = Tone.PLAIN
        if action.lost or (action.ended and not action.ended.run.succeeded):
            tone = Tone.WARN
        if action.effect is not None and action.undone_by is None:
            tone = TONES[action.effect.effect]
        what = f"{wording.plain(action.begun.what)} {action.begun.target}"
        reported = f"{what} by {action.begun.by} · {state_line(action, now)}"
        yield Row((f"action {action.number}", figures.clock(action.begun_at, now), reported), tone)


def next_rows(incident: Incident) -> Iterator[Row]:
    """What the last action asks for next."""
    if not incident.actions or incident.status not in {Status.OPEN, Status.MITIGATED}:
        return
    last = incident.actions[-1]
    effect = last.effect.effect if last.effect else None
    if last.open:
        again = last.effect.look_again if last.effect else None
        when = f", from {again:%H:%M:%S} UTC on" if again else ""
        yield Row((f"whether action {last.number} worked{when}",), Tone.WARN, verify_command(last))
    elif last.outlived:
        reported = f"the incident was opened again after action {last.number}"
        yield Row((reported,), Tone.WARN, command("incident", "assess"))
    elif effect in {Effect.IMPROVING, Effect.IMPROVING_UNCREDITED}:
        yield Row(("whether it has recovered by now",), Tone.WARN, verify_command(last))
    elif last.effect is not None and last.effect.effect.well:
        yield _well(last, last.effect, incident)
    elif effect in {Effect.NO_EFFECT, Effect.WORSE} and last.undone_by is None:
        yield _way_back(last)


def _well(action: Action, measured: EffectMeasured, incident: Incident) -> Row:
    """What to do once users are well: what ended it is named only where that is shown."""
    if incident.status is not Status.OPEN:
        return Row(("once it stays so",), Tone.GOOD, command("incident", "resolve", "WHY"))
    reported = f"{action.begun.what} {action.begun.target}"
    if not measured.effect.credited:
        at = f" at {measured.turned:%H:%M} UTC" if measured.turned else ""
        reported = f"recovered{at}, cause unknown"
    return Row(("users are no longer affected",), Tone.GOOD, command("incident", "mitigated", reported))


def _way_back(action: Action) -> Row:
    """How it is taken back, by a command that will not be refused."""
    reported = f"action {action.number} did not help"
    if action.begun.undoes is not None:
        return Row((reported,), Tone.WARN)
    if action.begun.undo:
        return Row((f"{reported}; take it back",), Tone.WARN, command("act", "undo"))
    by_hand = command("act", "undo", "--manual")
    return Row((f"{reported}; take it back by hand, then record it",), Tone.WARN, by_hand)


def verify_command(action: Action) -> Command:
    """The command that measures an action; where the time is a pretended one, at the time to look again."""
    return Command(("verify", str(action.number)), later=action.effect.look_again if action.effect else None)


def effect_lines(action: Action, incident: Incident, how: Invocation | None = None) -> Iterator[str]:
    """What an action did, the counts that say so, what is worse elsewhere, and what comes next."""
    measured = action.effect
    if measured is None:
        return
    name = f"action {action.number}, {wording.plain(action.begun.what)} {action.begun.target}"
    yield f"{EFFECTS[measured.effect].upper()}: {name}"
    yield from (f"  {line}" for line in wrap(measured.because, 98))
    windows = dict(zip(("good", "before", "after"), measured.windows, strict=False))
    for title, tally in (("good", measured.good), ("before", measured.before), ("after", measured.after)):
        if tally is not None and tally.of:
            share = (
                f"{figures.count(tally.events)} of {figures.count(tally.of)}, {figures.percent(tally.share)}"
            )
            yield f"  {title:<7} {wording.between(windows[title], action.begun_at)}: {share}"
    yield from (f"  worse since: {reported}" for reported in measured.elsewhere[:MOST_ELSEWHERE])
    if measured.look_again is not None:
        yield from _next_lines(
            Row((f"look again at {measured.look_again:%H:%M:%S} UTC",), command=verify_command(action)), how
        )
    for row in next_rows(incident) if not action.open else ():
        if measured.look_again is None or row.command != verify_command(action):
            yield from _next_lines(row, how)


def _next_lines(row: Row, how: Invocation | None) -> Iterator[str]:
    """What to do, and the command alone on the line below."""
    called = row.called(how or Invocation())
    yield f"  {called.cells[-1]}{':' if called.command else ''}"
    if called.command:
        yield f"  {called.command}"


def effect_exit(effect: Effect) -> int:
    """The exit status: 0 where it helped, 1 where it did not, 3 where the data cannot tell."""
    return 0 if effect.credited else 1 if effect in {Effect.NO_EFFECT, Effect.WORSE} else 3


def roll_back_lines(finding: Finding) -> Iterator[str]:
    """Whether a service can be rolled back, each reason with its sign, and what is not known."""
    answer = _roll_back(finding)
    if answer is None:
        yield f"unknown whether it can be rolled back: {finding.because}"
        return
    versions = f"{answer.version} → {answer.previous or 'the version before'}"
    yield f"{_POSSIBLE[answer.possible]}: {answer.service} {versions}, deployed {figures.stamp(answer.deployed_at.replace(microsecond=0))}"
    yield from (f"  {_SIGNS[check.holds]} {check.of}: {check.because}" for check in answer.checks)
    if answer.written is None:
        yield "  ? written since: unknown, it has no spans"
    elif answer.written:
        yield f"  ! written since: {figures.counted(answer.written, 'request or statement', 'requests and statements')}"
    if answer.minutes is not None:
        yield f"  deploys took about {figures.duration(60 * answer.minutes)}, by the feed or while both versions served"
    else:
        yield "  ? how long it takes: no recorded deploy shows it"
    if answer.switches:
        yield f"  a flag may do instead: {wording.listed(answer.switches)}"


_POSSIBLE = {
    True: "it can be rolled back",
    False: "it should not be rolled back",
    None: "unknown whether it can be rolled back",
}
_SIGNS = {True: "+", False: "-", None: "?"}


def _roll_back(finding: Finding) -> RollBack | None:
    return finding.answer if isinstance(finding.answer, RollBack) else None


def decision(options: "Sequence[Option]") -> str | None:
    """Whether to roll back now, and what would change it; None where no roll-back is among the options."""
    judged = [option.roll_back for option in options if option.roll_back is not None]
    if not judged:
        return None
    finding, answer = judged[0], _roll_back(judged[0])
    if answer is None:
        return f"a roll-back may help; unknown whether it can work: {finding.because}"
    which = f"{answer.service} to {answer.previous or 'the version before'}"
    if answer.possible:
        return f"roll back {which} now, unless an unrecorded migration exists"
    if answer.possible is False:
        return f"do not roll back {which}: {finding.because}"
    return f"roll back {which} after you check: {finding.because}"


def options_card(incident: Incident, options: "Sequence[Option]", others: Sequence[str]) -> Card:
    """What can be done, best first, each with its command or what is lacking for one."""
    pending = next((action for action in incident.actions if action.open), None)
    rows = [row for place, option in enumerate(options, 1) for row in _option_rows(place, option, pending)]
    if not rows:
        again = command("incident", "assess")
        rows = [Row(("the last answer names no mitigation",), Tone.WARN, again)]
    said = incident.confirmed or incident.triaged
    if said and said.not_roll_back:
        rows.append(Row(("", said.not_roll_back)))
    if said and said.workaround:
        rows.append(Row(("", f"for users: {said.workaround}")))
    more = [Row((f"templates for: {', '.join(others)}",), Tone.QUIET)] if others else []
    decided = [Row((reported,))] if (reported := decision(options)) else []
    sections = (
        Section("DECISION", tuple(decided)),
        Section("DO NOW", tuple(rows)),
        Section("ALSO", tuple(more)),
        Section("TO ADD", tuple(_to_add(options))),
    )
    best = (
        f"First: {wording.plain(options[0].mitigation.kind)} {options[0].mitigation.target}"
        if options
        else ""
    )
    return Card(
        best or "No mitigation found",
        "NOTHING IS RUN",
        Tone.PLAIN,
        tuple(one for one in sections if one.rows),
    )


def options_document(options: "Sequence[Option]") -> list[dict[str, Any]]:
    """The same as JSON values."""
    return [
        {
            **plain_values(option.mitigation),
            "command": list(option.command) or None,
            "lacking": option.lacking or (None if option.template else "no template"),
            "risk": option.template.risk if option.template else "",
            "roll_back": _judged_document(option.roll_back),
        }
        for option in options
    ]


def _judged_document(finding: Finding | None) -> dict[str, Any] | None:
    if finding is None:
        return None
    answer = _roll_back(finding)
    return {
        "verdict": finding.verdict.value,
        "because": finding.because,
        **(plain_values(answer) if answer else {}),
    }


def plan_lines(plan: "Plan", incident: Incident) -> Iterator[str]:
    """What would be run, with its values, and what must come true."""
    begun = plan.begun
    yield f"would run: {join(begun.command)}"
    yield f"  expected effect: {begun.effect or _default_target(incident)}"
    if begun.minutes is not None:
        yield f"  takes about {figures.duration(60 * begun.minutes)} to work"
    for name, reported in (("risk", plan.template.risk), ("destroys evidence", plan.template.evidence_lost)):
        if reported:
            yield f"  {name}: {reported}"


def dry_lines(machine: str, user: str, environment: Sequence[str], seconds: float) -> Iterator[str]:
    """Where and how a command would be run."""
    yield f"  on {machine} as {user}, without a shell, for {figures.duration(seconds)} at most"
    yield f"  variables passed on: {', '.join(environment)}"


def captured_line(name: str, command: Sequence[str], problem: str) -> str:
    """A command of a snapshot that would be run first, or why it would not."""
    return f"would run first, to keep {name}: {join(command)}{f': not run: {problem}' if problem else ''}"


def _default_target(incident: Incident) -> str:
    """`5.6 % of requests to web POST /order fail, baseline 0.2 %`, where the impact has these numbers."""
    impact = incident.confirmed.impact if incident.confirmed else None
    if impact is None or impact.baseline_share is None or impact.failure_share is None:
        return DEFAULT_TARGET
    now, usual = figures.percent(impact.failure_share), figures.percent(impact.baseline_share)
    return f"{DEFAULT_TARGET}: {now} of {wording.requests_of(impact)} {wording.fate_of(impact)}, baseline {usual}"


def action_document(action: Action) -> dict[str, Any]:
    """An action as JSON values."""
    return {**plain_values(action), "open": action.open}


def printed_lines(text: str) -> Iterator[str]:
    """The end of what a command printed, indented."""
    lines = text.splitlines()
    if len(lines) > MOST_PRINTED:
        yield f"  … {len(lines) - MOST_PRINTED} lines before"
    yield from (f"  {line}" for line in lines[-MOST_PRINTED:])


def _to_add(options: "Sequence[Option]") -> Iterator[Row]:
    """What to add to the settings for kinds of action without a template."""
    from lastgood.workbench.options import snippet  # noqa: PLC0415 - a room is shown at once

    kinds = dict.fromkeys(one.mitigation.kind for one in options if not one.template and not one.lacking)
    if kinds:
        yield Row(("to lastgood.toml, with your commands:",), Tone.QUIET)
    for kind in kinds:
        yield from (Row((line,)) for line in snippet(kind))


def _option_rows(place: int, option: "Option", pending: Action | None) -> Iterator[Row]:
    one = option.mitigation
    yield Row((str(place), wording.option_line(one)))
    if option.roll_back is not None:
        tone = Tone.WARN if option.roll_back.verdict is Verdict.NO else Tone.PLAIN
        yield from (Row(("", line), tone) for line in roll_back_lines(option.roll_back))
    if option.template and option.template.risk:
        yield Row(("", f"risk: {option.template.risk}"))
    if option.command:
        yield Row(("", f"$ {join(option.command)}"))
        if pending is not None:  # it would be refused
            yield Row(
                ("", f"action {pending.number} is not measured yet"), Tone.WARN, verify_command(pending)
            )
        else:
            yield Row(("", "run it"), Tone.QUIET, command("act", one.kind, one.target))
    elif option.lacking:
        yield Row(("", option.lacking), Tone.WARN)
    else:
        yield Row(("", f"no template for {one.kind}"), Tone.QUIET)
