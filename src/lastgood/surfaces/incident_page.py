"""The room as a card: status, clocks, impact, suspects, and what was last done."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, tzinfo
from typing import Any

from lastgood.model import figures
from lastgood.model.action import Captured
from lastgood.model.entry import Entry, Frozen, Payload, Triaged
from lastgood.model.finding import Verdict
from lastgood.model.hypothesis import Board, Search, Standing
from lastgood.model.incident import Incident, Status
from lastgood.model.message import Delivered, Due, Occasion, Recipient
from lastgood.surfaces import hypotheses, numbers, updates, weighed, wording
from lastgood.surfaces.actions import next_rows, room_rows
from lastgood.surfaces.card import Card, Row, Section, Tone, advice_rows, option_rows
from lastgood.surfaces.entries import change_name, entry_line
from lastgood.surfaces.findings import plain_values
from lastgood.surfaces.invocation import command
from lastgood.surfaces.steps import NONE_READY, Ready

MOST_LATEST = 8
MOST_SUSPECTS = 4
MOST_OPTIONS = 3
_TONES = {
    Status.OPEN: Tone.BAD,
    Status.MITIGATED: Tone.WARN,
    Status.RESOLVED: Tone.GOOD,
    Status.CLOSED: Tone.GOOD,
}
_STANDINGS = (Standing.SUPPORTED, Standing.INCONCLUSIVE, Standing.OPEN, Standing.RULED_OUT)
NO_SEARCH = Search(Board(()))


def room_card(  # noqa: PLR0913 - what stands in a room comes from as many places
    incident: Incident,
    entries: Sequence[Entry],
    now: datetime,
    zone: tzinfo,
    owed: Sequence[Due] = (),
    search: Search = NO_SEARCH,
    *,
    ready: Ready = NONE_READY,
    recipients: Sequence[Recipient] = (),
) -> Card:
    """One screen of an incident as of now; times are UTC, and in the team's zone where that is another."""
    sections = (
        Section("CLOCK", tuple(_clock(incident, now, zone))),
        Section("IMPACT", tuple(_impact(incident, now))),
        Section("SUSPECTS", tuple(_hypotheses(search.board) or _suspects(incident))),
        Section("DO NOW", tuple(_do_now(incident, ready))),
        Section("DONE", tuple(room_rows(incident.actions, now))),
        Section("UPDATES", tuple(_tell(owed, now, zone))),
        Section("NOTIFIED", tuple(_notified(recipients, now))),
        Section("LATEST", tuple(_latest(entries, now))),
        Section("NEXT", (*_diagnosis(incident, search), *_next(incident, entries))),
    )
    return Card(
        headline=headline(incident),
        state=incident.status.value.upper(),
        tone=_TONES[incident.status],
        sections=tuple(section for section in sections if section.rows),
    )


def headline(incident: Incident) -> str:
    """`#12 SEV2 · Checkout failing`, with the severity only proposed where it is not set."""
    severity = f" {incident.severity}" if incident.severity else ""
    proposed = " proposed" if incident.severity and not incident.severity_decided else ""
    return f"#{incident.number}{severity}{proposed} · {incident.title}"


def list_card(incidents: Sequence[Incident], now: datetime, owed: Mapping[int, Sequence[Due]]) -> Card:
    """A row for each incident, the last one first, with the next update that is owed."""
    going = sum(not one.status.over for one in incidents)
    tone = Tone.BAD if going else Tone.GOOD
    rows = tuple(
        _listed(one, now, owed.get(one.number, ())) for one in sorted(incidents, key=lambda one: -one.number)
    )
    return Card(figures.counted(len(incidents), "incident"), f"{going} ONGOING", tone, (Section("", rows),))


def incident_document(incident: Incident, owed: Sequence[Due] = ()) -> dict[str, Any]:
    """An incident, and the updates that are owed, as JSON values."""
    return {**plain_values(incident), "owed": [plain_values(due) for due in owed]}


def room_document(
    incident: Incident,
    entries: Sequence[Entry],
    owed: Sequence[Due] = (),
    recipients: Sequence[Recipient] = (),
) -> dict[str, Any]:
    """An incident with its entries as JSON values."""
    return {
        **incident_document(incident, owed),
        "recipients": [plain_values(one) for one in recipients],
        "record": [plain_values(entry) | {"kind": entry.kind} for entry in entries],
    }


def due_time(due: Due, now: datetime) -> str:
    """`first update due 15:16 UTC, in 4 min`, `update overdue since 15:16 UTC, 6 min`."""
    away = figures.duration((due.at - now).total_seconds())
    at, what = figures.minute(due.at, now), "update" if due.reported else "first update"
    return f"{what} overdue since {at}, {away}" if due.at < now else f"{what} due {at}, in {away}"


def notified_line(one: Recipient, now: datetime) -> str:
    """`✓ 15:02 by pager`; `not yet, due 15:10 UTC, in 8 min`."""
    if one.at is not None:
        return f"✓ {figures.clock(one.at, now)} {one.how}".rstrip()
    if one.due is None:
        return "not yet"
    at, away = figures.minute(one.due, now), figures.duration((one.due - now).total_seconds())
    return f"not yet, overdue since {at}, {away}" if one.due < now else f"not yet, due {at}, in {away}"


def _notified(recipients: Sequence[Recipient], now: datetime) -> Iterator[Row]:
    """Who is to be notified at this severity, and who was."""
    for one in recipients:
        tone = Tone.PLAIN if one.at else Tone.BAD if one.late(now) else Tone.WARN
        how = None if one.at else command("incident", "told", one.name)
        yield Row((one.name, notified_line(one, now)), tone, how)


def _tell(owed: Sequence[Due], now: datetime, zone: tzinfo) -> Iterator[Row]:
    """Who is owed an update, and what each was last sent."""
    for due in owed:
        last = (
            f"last update {due.reported.status} at {updates.until(due.reported.at, now, zone)}"
            if due.reported
            else ""
        )
        yield Row(
            (due.audience, " · ".join(filter(None, (due_time(due, now), last)))),
            Tone.BAD if due.at < now else Tone.WARN,
            command("update", "--audience", due.audience),
        )


def _listed(one: Incident, now: datetime, owed: Sequence[Due]) -> Row:
    end = _affected_until(one) or one.resolved_at or now
    lasted = (end - (one.since or one.opened_at)).total_seconds()
    cells = (
        f"#{one.number}",
        str(one.severity or "-"),
        one.status.value,
        figures.stamp(one.opened_at.replace(microsecond=0)),
        figures.duration(lasted),
        one.title + (f" · {owed[0].audience}: {due_time(owed[0], now)}" if owed else ""),
    )
    return Row(cells, Tone.PLAIN if one.status.over else _TONES[one.status])


def _clock(incident: Incident, now: datetime, zone: tzinfo) -> Iterator[Row]:
    until = _affected_until(incident)
    for name, time in (
        ("users affected since", incident.since),
        ("until", until),
        ("opened", incident.opened_at),
        ("acknowledged", incident.acknowledged_at),
        ("mitigated", incident.mitigated_at),
        ("resolved", incident.resolved_at),
        ("closed", incident.closed_at),
    ):
        if time is not None:
            who = {"opened": incident.opened_by, "acknowledged": incident.acknowledged_by}.get(name)
            ago = figures.duration((now - time).total_seconds())
            passed = f" · {ago} ago" if now > time else ""
            if name == "users affected since" and until is not None:
                passed = f" · for {figures.duration((until - time).total_seconds())}"
            yield Row((name, f"{wording.both_zones(time, now, zone)}{passed}{f' by {who}' if who else ''}"))


def _affected_until(incident: Incident) -> datetime | None:
    """The end of the harm: by the telemetry, else as people recorded it; None while it goes on."""
    until = incident.ended_at or incident.resolved_at
    return until if until and incident.since and until > incident.since else None


def _impact(incident: Incident, now: datetime) -> Iterator[Row]:
    said = incident.triaged
    if said is None:
        yield Row(("not assessed yet",), Tone.WARN, command("incident", "assess"))
        return
    tone = Tone.BAD if said.verdict is Verdict.YES and incident.status is Status.OPEN else Tone.PLAIN
    seconds = said.comparison.bad.seconds if said.comparison else None
    over = incident.ended_at is not None
    line = wording.impact_line(said.impact, seconds, over=over) if said.impact else ""
    yield Row((line or said.because,), tone)
    if said.severity_because:
        yield Row((f"{incident.severity}: {incident.severity_because}",))
    if incident.triaged_at:
        ago = figures.duration((now - incident.triaged_at).total_seconds())
        yield Row((f"as of {figures.clock(incident.triaged_at, now)}, {ago} ago",), Tone.QUIET)


def _hypotheses(board: Board) -> list[Row]:
    """The board in short, those alive first."""
    ranked = sorted(board.hypotheses, key=lambda one: (_STANDINGS.index(one.standing), one.number))
    return [
        Row((numbers.hypothesis(one.number), hypotheses.hypothesis_line(one)))
        for one in ranked[:MOST_SUSPECTS]
    ]


def _suspects(incident: Incident) -> Iterator[Row]:
    said = incident.triaged
    names = [*map(weighed.culprit_name, said.culprits), *map(change_name, said.changes)] if said else []
    for place, suspect in enumerate(names[:MOST_SUSPECTS], 1):
        yield Row((str(place), suspect))


def _do_now(incident: Incident, ready: Ready) -> Iterator[Row]:
    said = incident.triaged
    if said is None or incident.status is not Status.OPEN:
        return
    if (ended := incident.ended_at) is not None:
        yield Row((f"nothing to mitigate: the impact ended at {figures.clock(ended, ended)}",), Tone.GOOD)
        for option in said.mitigations[:1]:
            yield Row((f"if it returns: {wording.option_line(option)}",), Tone.QUIET)
        return
    yield from option_rows(said.mitigations[:MOST_OPTIONS], ready)
    yield from advice_rows(said.not_roll_back, said.workaround)
    if said.mitigations:
        yield Row(("with your own commands, best first",), Tone.QUIET, command("act"))


def _latest(entries: Sequence[Entry], now: datetime) -> Iterator[Row]:
    """The last entries; evidence is shown by its number alone, there is much of it."""
    reported = [entry for entry in entries if not _quiet(entry.payload)]
    for entry in reported[-MOST_LATEST:]:
        yield Row((figures.clock(entry.at, now), entry.actor, entry_line(entry)))


def _quiet(payload: Payload) -> bool:
    """Whether an entry is shown by another: evidence, and an update that arrived."""
    return isinstance(payload, Frozen | Captured) or (
        isinstance(payload, Delivered) and payload.arrived and payload.what is Occasion.UPDATE
    )


def _diagnosis(incident: Incident, search: Search) -> Iterator[Row]:
    """The next check of a hypothesis; after the incident the postmortem asks for the cause."""
    if not incident.status.over:
        yield from hypotheses.next_rows(search)


def _next(incident: Incident, entries: Sequence[Entry]) -> Iterator[Row]:
    yield from next_rows(incident)
    if incident.status is Status.RESOLVED and incident.accepted_at is None:
        if incident.needs_postmortem:
            why = f"{incident.severity} needs a postmortem before it is closed"
            yield Row((why,), Tone.WARN, command("postmortem", "check"))
        else:
            yield Row(("a postmortem, if there is something to learn",), command=command("postmortem"))
        yield Row(
            ("follow-ups, so that it does not happen again",), command=command("actions", "add", "TEXT")
        )
    if incident.acknowledged_at is None and incident.status is Status.OPEN:
        yield Row(("not acknowledged",), Tone.WARN, command("incident", "acknowledge"))
    if incident.severity and not incident.severity_decided:
        decide = command("incident", "severity", incident.severity)
        yield Row((f"{incident.severity} is proposed",), command=decide)
    cited = [entry.sequence for entry in entries if isinstance(entry.payload, Frozen)]
    last = next((e.sequence for e in reversed(entries) if isinstance(e.payload, Triaged)), 0)
    if recent := [number for number in cited if number > last]:
        kept = numbers.evidence_range(recent[0], recent[-1])
        yield Row((f"the {kept}",), Tone.QUIET, command("evidence", numbers.evidence(recent[0])))
