"""Updates in words: the draft made from facts, the text that is sent, and the text that was typed read back.

A message is lines with labels; what stands before the first label is in the writer's own words. The same form is
what the editor shows, so nothing has to be converted and nothing typed is lost.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, tzinfo
from typing import Any

from lastgood.errors import QuerySyntaxError
from lastgood.model import figures
from lastgood.model.action import ActionBegun, EffectMeasured
from lastgood.model.answers import Impact, ImpactKind
from lastgood.model.entry import Entry, Mitigated, Resolved, SeveritySet, Triaged
from lastgood.model.finding import Verdict
from lastgood.model.hypothesis import Board, Hypothesis, Standing
from lastgood.model.incident import Incident
from lastgood.model.message import Audience, Flaw, Message, UpdateStatus
from lastgood.model.moments import parse_moment
from lastgood.model.naming import service_named
from lastgood.surfaces import wording
from lastgood.surfaces.actions import EFFECTS
from lastgood.surfaces.slowness import also_slow, slowness
from lastgood.surfaces.wording import PLAIN
from lastgood.workbench.update import may_read, plainly

MOST_RULED_OUT = 3
# The fields of a message by their labels, in the order of the text.
LABELS: Mapping[str, str] = {
    "impact": "Impact",
    "known": "Known",
    "unknown": "Not known",
    "changed": "Changed",
    "doing": "Doing now",
    "workaround": "You can",
    "next_at": "Next update",
    "owner": "Owner",
}
_FIELDS = {label.lower(): field for field, label in LABELS.items()}
LABEL = re.compile(rf"^({'|'.join(map(re.escape, LABELS.values()))})\s*:\s*(.*)$", re.IGNORECASE)
_HEAD = re.compile(rf"^({'|'.join(UpdateStatus)})\b\s*(·.*)?$", re.IGNORECASE)
_TIME = re.compile(r"^(\d{4}-\d{2}-\d{2} )?(\d{1,2}):(\d{2})\s*([A-Za-z]{1,5})?\b")
_QUANTILE = re.compile(r"\bp\d+(?:\.\d+)?\b")
_WHO = {
    Audience.TEAM: "those who work on it: everything",
    Audience.STAKEHOLDERS: "those who decide: what it means, in plain words",
    Audience.PUBLIC: "everybody: what users see and can do, no internals",
}


def draft(incident: Incident, entries: Sequence[Entry], board: Board, bare: Message) -> Message:
    """A message with what the facts say to its audience; what they do not say is left empty."""
    whom = bare.audience
    message = replace(
        bare,
        impact=impact_of(incident, whom).translate(PLAIN),
        next_at=None if bare.status is UpdateStatus.RESOLVED else bare.next_at,
        workaround=_workaround(incident, whom),
        owner="" if whom is Audience.PUBLIC else bare.owner,
    )
    if whom is not Audience.TEAM:
        return message
    return replace(
        message,
        known="; ".join(_known(incident, board)).translate(PLAIN),
        unknown=_unknown(incident, board),
        changed="; ".join(_changed(incident, entries)).translate(PLAIN),
        doing="; ".join(_doing(incident)),
    )


def message_text(message: Message, incident: Incident, now: datetime, zone: tzinfo) -> str:
    """The text that is sent: a headline, the writer's own words, a line for each field that says something."""
    proposed = "" if incident.severity_decided else " proposed"
    named = incident.severity and message.audience is not Audience.PUBLIC
    severity = f" · {incident.severity}{proposed}" if named else ""
    lines = [f"{message.status.value.capitalize()}{severity} · {incident.title}", ""]
    if message.said:
        lines += [message.said, ""]
    for field, label in LABELS.items():
        if value := getattr(message, field):
            lines.append(f"{label}: {until(value, now, zone) if isinstance(value, datetime) else value}")
    return "\n".join(lines).translate(PLAIN) + "\n"


def until(time: datetime, now: datetime, zone: tzinfo) -> str:
    """`15:16 UTC (16:16 CET)`."""
    local = time.astimezone(zone)
    return figures.minute(time, now) + (f" ({local:%H:%M %Z})" if local.utcoffset() else "")


def template(
    message: Message, incident: Incident, now: datetime, zone: tzinfo, flaws: Sequence[Flaw] = ()
) -> str:
    """What the editor shows: the draft with every label, and under it what is expected, as comments."""
    headline, *_ = message_text(message, incident, now, zone).splitlines()
    lines = [headline, "", message.said, ""]
    for field, label in LABELS.items():
        value = getattr(message, field)
        lines.append(f"{label}: {until(value, now, zone) if isinstance(value, datetime) else value}".rstrip())
    lines += [
        "",
        f"# For {_WHO[message.audience]}.",
        "# Write under the headline or after a label; a label without words is left out.",
    ]
    lines += [
        "# The first word may be Investigating, Identified, Monitoring or Resolved. Lines with # are not sent."
    ]
    lines += [
        "# An empty message sends nothing.",
        *(f"# {line}" for flaw in flaws for line in flaw_lines(flaw)),
    ]
    return "\n".join(lines).translate(PLAIN) + "\n"


def read_back(text: str, drafted: Message, now: datetime, zone: tzinfo, *, whole: bool) -> Message | None:
    """The message that was typed; None when nothing was. `whole` text has all there is, other text adds to the draft.

    Raises:
        ValueError: the time of the next update cannot be read.
    """
    lines = [line.rstrip() for line in text.splitlines() if not line.startswith("#")]
    if not any(line.strip() for line in lines):
        return None
    found, status = _fields(lines)
    empty = dict.fromkeys([*LABELS, "said"], "") if whole else {}
    values: dict[str, Any] = {**empty, **{name: " ".join(words).strip() for name, words in found.items()}}
    next_text = values.pop("next_at", None)
    message = replace(drafted, **values, status=status or drafted.status)
    if next_text is None:
        return message
    return replace(message, next_at=clock_time(next_text, now, zone) if next_text else None)


def clock_time(text: str, now: datetime, zone: tzinfo) -> datetime:
    """The next time that a clock shows `15:30`, in UTC unless it says the team's zone; `+30m` from now.

    Raises:
        ValueError: it is no such time.
    """
    found = _TIME.match(text.strip())
    if found is None:
        try:
            return parse_moment(f"now{text}" if text.startswith("+") else text, now, zone)
        except QuerySyntaxError as problem:
            raise ValueError(f"{text!r} is none") from problem
    day, hour, minute, named = found.groups()
    where = UTC if (named or "UTC").upper() in {"UTC", "Z", "GMT"} else zone
    if where is zone and named not in {now.astimezone(zone).tzname(), None}:
        raise ValueError(f"{named} is neither UTC nor the team's zone")
    at = now.astimezone(where).replace(hour=int(hour), minute=int(minute), second=0, microsecond=0)
    if day:
        on = date.fromisoformat(day.strip())
        at = at.replace(year=on.year, month=on.month, day=on.day)
    elif at < now - timedelta(hours=12):
        at += timedelta(days=1)
    return at.astimezone(UTC)


def flaw_lines(flaw: Flaw) -> Iterator[str]:
    """A flaw in words: the sentence, what is wrong with it, what to write instead."""
    yield f"{wording.plain(flaw.kind)}: {flaw.problem}"
    if flaw.sentence:
        yield f"    {' '.join(flaw.sentence.split())}"
    yield f"    {flaw.better}"


def _fields(lines: Sequence[str]) -> tuple[dict[str, list[str]], UpdateStatus | None]:
    """The words after each label, and the status if the first line is a headline."""
    found: dict[str, list[str]] = {}
    status, field = None, "said"
    for place, line in enumerate(lines):
        label, head = LABEL.match(line), _HEAD.match(line.strip())
        if head and not any(lines[:place]):
            status = UpdateStatus(head[1].lower())
        elif label:
            field = _FIELDS[label[1].lower()]
            found[field] = [label[2]]
        elif line.strip():
            found.setdefault(field, []).append(line.strip())
    return found, status


def impact_of(incident: Incident, audience: Audience) -> str:
    """The harm that was confirmed, with its end once there is one; else that there is none, or why it is not known."""
    said, last = incident.confirmed, incident.triaged
    if said is None and last is None:
        return "not measured yet"
    if said is None or last is None:
        return _no_impact(last, audience) if last else ""
    end = incident.ended_at
    harm = _impact_text(said, audience, over=end is not None)
    if said.since is None:
        return harm
    since = figures.minute(said.since, incident.opened_at)
    return f"{harm}, from {since} to {figures.minute(end, said.since)}" if end else f"{harm}, since {since}"


def _workaround(incident: Incident, audience: Audience) -> str:
    """What still works, in words of affected users; the public hears of no supplier that calls fail at."""
    said = incident.confirmed
    if said is None or not said.workaround or not said.segments or incident.ended_at:
        return ""
    if audience is Audience.TEAM:
        return said.workaround
    broken = said.path.first_bad.lower() if said.path else ""
    others = (
        f"use another {_last(name)} than {value}"
        for name, value in sorted(said.segments[0].where.items())
        if value.lower() not in broken and name not in said.segments[0].of_route
    )
    return " or ".join(one for one in others if may_read(one, incident, audience))


def _last(name: str) -> str:
    """`issuer` of `card.issuer`."""
    return wording.plain(name.rpartition(".")[2])


def _no_impact(said: Triaged, audience: Audience) -> str:
    if said.verdict is Verdict.NO:
        return "none measured: all signals are within their baseline"
    return (
        f"not known: {said.because}"
        if audience is Audience.TEAM
        else "not known: the measurements are inconclusive"
    )


def _impact_text(said: Triaged, audience: Audience, *, over: bool) -> str:
    impact, internal = said.impact, audience is Audience.TEAM
    if impact is None or impact.kind is None:
        return said.because if internal else "not in numbers: the affected share is unknown"
    of = wording.requests_of(impact) if internal else _some_requests(impact)
    affected = f", {wording.users_of(impact.users, impact)} affected" if impact.users is not None else ""
    plain = impact if internal else replace(impact, slower=_QUANTILE.sub(_in_words, impact.slower))
    return f"{_what_happens(plain, of, over=over)}{affected}"


def _in_words(quantile: re.Match[str]) -> str:
    """`the slower answers take` for `p95`, as the check asks for it."""
    return plainly(quantile.group()).removeprefix("how long ")


def _some_requests(impact: Impact) -> str:
    """The requests for those who know no service by its name; a share of some is none of all."""
    return "requests to the affected part" if impact.of else "requests"


def _what_happens(impact: Impact, of: str, *, over: bool) -> str:
    if impact.kind in {ImpactKind.ERRORS, ImpactKind.BOTH} and impact.failure_share is not None:
        usual = (
            f" (baseline {figures.percent(impact.baseline_share)})"
            if impact.baseline_share is not None
            else ""
        )
        slow = f" and {also_slow(impact, over=over)}" if impact.kind is ImpactKind.BOTH else ""
        return f"{figures.percent(impact.failure_share)} of {of} {'failed' if over else 'fail'}{usual}{slow}"
    counted = (
        f" ({figures.counted(impact.requests, 'request')} measured)" if impact.requests else " (not counted)"
    )
    if impact.kind is ImpactKind.TRAFFIC_LOSS:
        return f"fewer {of} than usual {'arrived' if over else 'arrive'}{counted}"
    if impact.kind is ImpactKind.ERRORS:
        return f"more {of} than usual {'failed' if over else 'fail'}{counted}"
    return f"{of} {'were' if over else 'are'} {slowness(impact)}{counted}"


def _known(incident: Incident, board: Board) -> Iterator[str]:
    """Where it breaks, for whom, what is supported, suspected and ruled out: only what was measured."""
    said = incident.confirmed
    if said and said.path:
        after = f"after {said.path.last_good}, " if said.path.last_good else ""
        calls = wording.calls_of(said.path, over=incident.ended_at is not None)
        yield f"calls {calls} {after}at {said.path.first_bad} ({wording.agreed(said.path)})"
    for segment in said.segments[:1] if said else ():
        yield wording.segment_line(segment, wording.harm_of(said.impact if said else None))
    supported = board.standing(Standing.SUPPORTED)
    for one in supported:
        yield _supported(one)
    if said and not supported:
        yield from _suspected(said)
    if out := board.standing(Standing.RULED_OUT):
        yield f"ruled out: {wording.listed((_bare(one.added.text) for one in out), MOST_RULED_OUT)}"


def _supported(one: Hypothesis) -> str:
    """What is supported as a cause; else what it is consistent with, and by which predictions."""
    if one.caused:
        return f"supported: {_bare(one.added.text)}"
    tested = "; ".join(dict.fromkeys(result.checked.prediction for result in one.held))
    return f"consistent with, not confirmed: {_bare(one.added.text)} (tested: {tested})"


def _suspected(said: Triaged) -> Iterator[str]:
    for change in said.changes[:1]:
        yield f"suspected, not confirmed: {change.name}"
    for culprit in said.culprits[:1] if not said.changes else ():
        yield f"suspected, not confirmed: {culprit.instance or service_named(culprit.service)} {culprit.kind}"


def _unknown(incident: Incident, board: Board) -> str:
    if any(one.caused for one in board.standing(Standing.SUPPORTED)):
        return ""
    alive = [one for one in board.hypotheses if one.alive]
    if alive:
        count = figures.counted(len(alive), "hypothesis", "hypotheses").translate(PLAIN)
        return f"the cause: {count} not ruled out"
    return "the cause" if incident.confirmed else ""


def _changed(incident: Incident, entries: Sequence[Entry]) -> Iterator[str]:
    """What was done since the team was last informed, and what it did by the last measurement."""
    reported = incident.reported_to(Audience.TEAM)
    last = {
        e.payload.begun: e.sequence
        for e in entries
        if isinstance(e.payload, EffectMeasured) and e.payload.effect.settled
    }
    for entry in entries:
        if isinstance(entry.payload, EffectMeasured) and last.get(entry.payload.begun) != entry.sequence:
            continue
        if (reported is None or entry.at > reported.at) and (line := _change(incident, entry)):
            yield f"{figures.minute(entry.at, incident.opened_at)} {line}"


def _change(incident: Incident, entry: Entry) -> str:
    match entry.payload:
        case Mitigated(because) | Resolved(because):
            return f"{entry.kind}: {_bare(because)}"
        case SeveritySet(level, because):
            return f"severity {level}: {_bare(because)}"
        case ActionBegun(what, target):
            return f"{wording.plain(what)} {target}"
        case EffectMeasured(number, effect, because) if effect.settled:
            mine = next((action for action in incident.actions if action.number == number), None)
            name = f"{wording.plain(mine.begun.what)} {mine.begun.target}" if mine else f"action {number}"
            return f"{name}: {EFFECTS[effect]}, {_bare(because)}"
        case _:
            return ""


def _doing(incident: Incident) -> Iterator[str]:
    """What was begun and is not measured yet."""
    for action in incident.actions:
        if action.open:
            since = figures.minute(action.begun_at, incident.opened_at)
            yield f"{wording.plain(action.begun.what)} {action.begun.target} since {since}, its effect is not measured yet"


def _bare(text: str) -> str:
    return " ".join(text.split()).rstrip(".")
