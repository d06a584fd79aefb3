"""The chapters of a postmortem, built from the record; every number and time is one of the record's own."""

from collections.abc import Iterator, Sequence

from lastgood.model import figures
from lastgood.model.answers import WeighedChange
from lastgood.model.entry import Frozen, Mitigated, Resolved
from lastgood.model.message import Updated
from lastgood.model.naming import service_named
from lastgood.model.postmortem import Part
from lastgood.model.timeline import Event, Lapse, Moment
from lastgood.surfaces import numbers, wording
from lastgood.surfaces.actions import state_line
from lastgood.surfaces.charts import Marks, drawn
from lastgood.surfaces.hypotheses import STANDINGS, standing_reason
from lastgood.surfaces.postmortem import sentences as say
from lastgood.surfaces.postmortem.document import Block, Bullets, Chapter, Document, Grid, Paragraph, Rows
from lastgood.surfaces.postmortem.practice import asked_of_change
from lastgood.surfaces.suggestions import suggestion_lines
from lastgood.workbench.evidence import Kept
from lastgood.workbench.mechanism import Role
from lastgood.workbench.postmortem import Postmortem

FROM_RECORD = "Computed from the record; the text of the team is above where there is any."
MOST_ROWS = 30  # of a piece of evidence, in a document that carries them


def document(found: Postmortem, *, charts: bool, evidence: Sequence[Kept] = ()) -> Document:
    """The postmortem; drawings cost a second, so they are made where they are shown. `evidence` is printed with its rows."""
    chapters = (
        Chapter(say.PARTS[Part.SUMMARY], tuple(_summary(found))),
        Chapter("Impact", tuple(_impact(found))),
        Chapter("Timeline", tuple(_timeline(found, charts=charts))),
        Chapter("Mechanism", tuple(_mechanism(found))),
        Chapter("Trigger", tuple(_trigger(found))),
        Chapter("Detection", tuple(_detection(found))),
        Chapter("Response", tuple(_response(found))),
        *((Chapter("Hypotheses", tuple(_hypotheses(found))),) if found.hypotheses else ()),
        Chapter(say.PARTS[Part.WENT_WELL], tuple(_learned(found, Part.WENT_WELL, good=True))),
        Chapter(say.PARTS[Part.COULD_BE_BETTER], tuple(_learned(found, Part.COULD_BE_BETTER, good=False))),
        *(_own_words(found, part) for part in (Part.LUCKY, Part.LESSONS) if part in found.written),
        _own_words(found, Part.AGAIN),
        Chapter("Action items", tuple(_action_items(found))),
        *(
            (Chapter("Practise and prepare", (Bullets(lines),)),)
            if (lines := tuple(suggestion_lines(found.incident, found.missed)))
            else ()
        ),
        *((Chapter("Messages sent", tuple(_messages(found))),) if found.updates else ()),
        Chapter("Evidence", tuple(_evidence(found, evidence))),
    )
    return Document(
        title=f"Postmortem {found.incident.number}: {found.incident.title}",
        front=_front(found),
        facts=tuple(_facts(found)),
        chapters=chapters,
    )


def _front(found: Postmortem) -> dict[str, object]:
    """What machines read, times and numbers whole."""
    incident = found.incident
    times = {
        "onset": incident.since,
        "opened": incident.opened_at,
        "acknowledged": incident.acknowledged_at,
        "mitigated": incident.mitigated_at,
        "resolved": incident.resolved_at,
        "accepted": incident.accepted_at,
        "closed": incident.closed_at,
    }
    return {
        "schema": "lastgood.postmortem/1",
        "number": incident.number,
        "title": incident.title,
        "severity": incident.severity.value if incident.severity else None,
        "severity_decided": incident.severity_decided,
        "status": incident.status.value,
        "postmortem": "accepted" if incident.accepted_at else "draft",
        **{name: figures.stamp(time) if time else None for name, time in times.items()},
        **{f"{one.lapse.value}_seconds": one.seconds for one in found.timeline.lapses},
        "authors": list(found.authors),
        "responders": list(found.responders),
    }


def _facts(found: Postmortem) -> Iterator[tuple[str, str]]:
    incident = found.incident
    decided = "" if incident.severity_decided or not incident.severity else " (proposed)"
    yield "Severity", f"{incident.severity or 'not decided'}{decided}"
    yield "Status", f"{incident.status.value}, postmortem {'accepted' if incident.accepted_at else 'draft'}"
    yield "Users affected", _during(found)
    for one in found.timeline.lapses:
        by_hand = one.lapse in {Lapse.TTM, Lapse.TTR} and one.seconds is not None and not incident.recovered
        unsure = ", as recorded by hand" if by_hand else ""
        yield f"{one.lapse.name}, {say.LAPSES[one.lapse]}", f"{say.counted(one)}{unsure}"
    yield "Responders", wording.listed(found.responders, 12)
    yield "Authors", wording.listed(found.authors, 12) or "nothing has been written yet"
    for fault in found.faults:
        yield "Record", f"entry {fault.sequence} fails its integrity check: {fault.problem}"


def _during(found: Postmortem) -> str:
    return say.stretch(found.affected) if found.affected else say.since_line(found.incident)


def _summary(found: Postmortem) -> Iterator[Block]:
    if Part.SUMMARY in found.written:
        yield from _paragraphs(found.written[Part.SUMMARY])
        return
    users = next((link for link in found.links if link.role is Role.USERS), None)
    cause = next((link for link in found.links if link.role in {Role.CAUSE, Role.CLASS}), None)
    parts = [f"{found.incident.title}."]
    if users:
        parts.append(f"{say.link_line(users, found.measured)}.")
    if found.affected or found.incident.since:
        parts.append(f"Users were affected {_during(found)}.")
    links = [one for one in found.links if one.role in {Role.TRIGGER, Role.JOINED} or one is cause]
    parts += [f"{say.ROLES[one.role]}: {say.link_line(one, found.measured)}." for one in links]
    parts += [f"{what[:1].upper()}{what[1:]}: {because}." for what, because in _ended(found)]
    yield Paragraph(" ".join(parts))
    yield Paragraph("From the record; no summary has been written.", quiet=True)


def _ended(found: Postmortem) -> Iterator[tuple[str, str]]:
    """What was said to have mitigated and to have ended it, each the last time; and what was measured of that."""
    said = {entry.kind: entry.payload for entry in found.entries}
    for kind in (Mitigated.kind, Resolved.kind):
        payload = said.get(kind)
        if isinstance(payload, Mitigated | Resolved):
            yield kind, _qualified(found, payload.because.rstrip("."))
    for link in found.links:
        if link.role is Role.UNCREDITED:
            yield say.ROLES[link.role], say.link_line(link, found.measured).rstrip(".")


def _qualified(found: Postmortem, words: str) -> str:
    """A person's words, with the measurement where they credit an action that is not shown to have helped."""
    for action in found.incident.actions:
        if action.claimless and action.named_in(words):
            return f"{words} (the telemetry does not show that action {action.number} ended it)"
    return words


def _impact(found: Postmortem) -> Iterator[Block]:
    if Part.IMPACT in found.written:
        yield from _paragraphs(found.written[Part.IMPACT])
    impact, said = found.impact, found.incident.confirmed
    if impact is None or said is None:
        yield Paragraph("Not measured: no telemetry confirmed it.", quiet=True)
        return
    rows = [
        ("Observed", said.because),
        ("Users affected", f"{'at least ' if impact.unnamed else ''}{figures.count(impact.users)}" if impact.users is not None else "not known: requests identify no users"),
        ("Requests", _requests(found)),
        ("Failing share", figures.percent(impact.failure_share) if impact.failure_share is not None else "not known"),
        ("Baseline", figures.percent(impact.baseline_share) if impact.baseline_share is not None else "not known"),
        ("Measured over", say.stretch(found.measured) if found.measured else "not known"),
        ("Users affected for", figures.duration(found.affected.seconds) if found.affected else f"not known: {_during(found)}"),
        *(("Affected segment", wording.segment_line(one, wording.harm_of(impact))) for one in said.segments),
        ("Services", wording.listed(map(service_named, said.services), 12) or "none named"),
        ("Error budget", _budget(found)),
        ("Severity", f"{found.incident.severity or 'not decided'}: {found.incident.severity_because or 'no reason given'}"),
    ]  # fmt: skip
    yield Grid(("", ""), tuple(rows))


def _requests(found: Postmortem) -> str:
    impact = found.impact
    if impact is None or impact.requests is None:
        return "not known: no requests in the telemetry"
    failed = f"{figures.count(impact.failed)} failed of " if impact.failed is not None else ""
    return f"{failed}{figures.count(impact.requests)} {wording.requests_of(impact)}"


def _budget(found: Postmortem) -> str:
    if found.budget:
        return say.budget_line(found.budget)
    if found.impact and found.impact.failure_share is None:
        return "not known: no failing share was measured"
    return "not known: no target is set ([slo] in lastgood.toml), or the impact is not failures"


def _timeline(found: Postmortem, *, charts: bool) -> Iterator[Block]:
    events = found.timeline.events
    rows = tuple(
        (
            say.instant(event.at),
            say.MOMENTS[event.moment],
            _event_words(found, event),
            say.event_who(event),
            str(event.entry.sequence),
        )
        for event in events
    )
    strong = frozenset(place for place, event in enumerate(events) if event.key)
    yield Grid(("UTC", "Moment", "What happened", "Who", "Entry"), rows, strong)
    if found.timeline.backwards:
        yield Bullets(tuple(say.backwards_line(one) for one in found.timeline.backwards))
    if charts:
        marks = _marks(found)
        yield from (drawn(series, marks) for series in found.pulse)
        if found.pulse:
            yield Paragraph(
                "Red: the onset with its interval, and the time in which users were affected. Dashed: "
                + "; ".join(f"{label} {say.instant(at)}" for at, label in (*marks.changes, *marks.moments))
                + ". Times are UTC.",
                quiet=True,
            )


def _event_words(found: Postmortem, event: Event) -> str:
    line = say.event_line(event)
    return _qualified(found, line) if event.moment in {Moment.MITIGATED, Moment.RESOLVED} else line


def _marks(found: Postmortem) -> Marks:
    said = found.incident.confirmed
    labels = ((Moment.ALERTED, "alert"), (Moment.OPENED, "detected"), (Moment.MITIGATED, "mitigated"))
    moments = tuple((event.at, label) for moment, label in labels if (event := found.timeline.of(moment)))
    if said is None:
        return Marks(moments=moments)
    changes = tuple((change.at, f"change {place}") for place, change in enumerate(said.changes, 1))
    ended = found.affected.end if found.affected else None
    return Marks(said.since, said.since_low, said.since_high, ended, changes, moments)


def _mechanism(found: Postmortem) -> Iterator[Block]:
    if Part.MECHANISM in found.written:
        yield from _paragraphs(found.written[Part.MECHANISM])
    if not found.links:
        yield Paragraph("No mechanism was found by the telemetry.", quiet=True)
        return
    rows = (
        (
            str(place),
            say.ROLES[link.role],
            say.link_line(link, found.measured),
            numbers.cited(link.cites, found.entries),
        )
        for place, link in enumerate(found.links, 1)
    )
    yield Grid(("", "Link", "What was found", "Evidence"), tuple(rows))


def _trigger(found: Postmortem) -> Iterator[Block]:
    link = next((one for one in found.links if one.role is Role.TRIGGER), None)
    if link is None or not isinstance(link.found, WeighedChange):
        yield Paragraph("No recorded change matches the onset.", quiet=True)
        return
    change = link.found
    yield Paragraph(f"{say.change_words(change)}, {say.instant(change.at)} UTC: {change.verdict.value}.")
    rows = [("for", reason) for reason in change.for_it]
    rows += [("against", reason) for reason in change.against_it]
    if rows:
        yield Grid(("", "Reason"), tuple(rows))
    yield from asked_of_change(found.incident.confirmed, change)


def _detection(found: Postmortem) -> Iterator[Block]:
    said, incident = found.incident.confirmed, found.incident
    alert = said.first_alert if said else None
    opened = say.instant(incident.opened_at)
    lines = [f"{incident.opened_by} opened the incident at {opened} UTC: {incident.title}."]
    if alert:
        lines.append(f"The first alert, {alert.name}, fired at {say.instant(alert.at)} UTC.")
    elif said and said.alerts == 0:
        lines.append("No alert fired since the onset.")
    else:
        lines.append("Unknown whether an alert fired: there are none in the telemetry.")
    ttd = next(one for one in found.timeline.lapses if one.lapse is Lapse.TTD)
    lines.append(f"Time to detect: {say.counted(ttd)}.")
    yield Bullets(tuple(lines))


def _response(found: Postmortem) -> Iterator[Block]:
    incident = found.incident
    taken = (
        f"{incident.acknowledged_by} acknowledged it at {say.instant(incident.acknowledged_at)} UTC."
        if incident.acknowledged_at
        else "Not acknowledged."
    )
    yield Bullets((taken, *(f"{what[:1].upper()}{what[1:]}: {because}." for what, because in _ended(found))))
    rows = tuple(
        (
            str(one.number),
            say.instant(one.begun_at),
            f"{wording.plain(one.begun.what)} {one.begun.target}",
            one.begun.by,
            state_line(one, found.entries[-1].at),
        )
        for one in incident.actions
    )
    if rows:
        yield Grid(("Action", "UTC", "What was done", "Who", "How it ended, and what it did"), rows)


def _hypotheses(found: Postmortem) -> Iterator[Block]:
    """What was supposed, and what each was held up or ruled out by."""
    rows = tuple(
        (numbers.hypothesis(one.number), one.added.text, STANDINGS[one.standing], standing_reason(one))
        for one in found.hypotheses
    )
    yield Grid(("Hypothesis", "Possible cause", "State", "Reason"), rows)


def _messages(found: Postmortem) -> Iterator[Block]:
    rows = tuple(
        (
            str(entry.sequence),
            say.instant(entry.at),
            entry.actor,
            entry.payload.message.audience.value,
            entry.payload.text,
        )
        for entry in found.updates
        if isinstance(entry.payload, Updated)
    )
    yield Grid(("Entry", "UTC", "Who", "To", "Text"), rows)


def _learned(found: Postmortem, part: Part, *, good: bool) -> Iterator[Block]:
    if part in found.written:
        yield from _paragraphs(found.written[part])
    computed = tuple(say.lesson_line(one) for one in found.lessons if one.good is good)
    if computed:
        yield Bullets(computed)
        yield Paragraph(FROM_RECORD, quiet=True)
    elif part not in found.written:
        yield Paragraph("Nothing in the record, and nothing has been written here.", quiet=True)


def _own_words(found: Postmortem, part: Part) -> Chapter:
    words = found.written.get(part)
    blocks = tuple(_paragraphs(words)) if words else (Paragraph("Not answered yet.", quiet=True),)
    return Chapter(say.PARTS[part], blocks)


def _action_items(found: Postmortem) -> Iterator[Block]:
    if not found.follow_ups:
        yield Paragraph("None yet.", quiet=True)
        return
    rows = (
        (one.name, one.added.type.value, one.added.text, one.added.removes, one.added.owner, str(one.added.due), one.stage.value)
        for one in found.follow_ups
    )  # fmt: skip
    columns = ("", "Type", "What", "Class of failure it removes", "Owner", "Due", "Stage")
    yield Grid(columns, tuple(rows))


def _evidence(found: Postmortem, kept: Sequence[Kept]) -> Iterator[Block]:
    cited = [(entry.sequence, entry.payload) for entry in found.entries if isinstance(entry.payload, Frozen)]
    if not cited:
        yield Paragraph("None was kept: nothing was assessed.", quiet=True)
        return
    rows = (
        (
            numbers.evidence(number),
            frozen.question,
            frozen.claim,
            figures.count(frozen.rows),
            frozen.content[:12],
        )
        for number, frozen in cited
    )
    yield Grid(("Evidence", "Question", "Claim", "Rows", "SHA-256"), tuple(rows))
    if not kept:
        yield Paragraph(
            f"Rows and query of each: lastgood evidence NUMBER --incident {found.incident.number} -o json; "
            "--rerun asks again.",
            quiet=True,
        )
    yield from map(_rows, kept)


def _rows(one: Kept) -> Rows:
    shown = tuple(tuple(_cell(value) for value in row) for row in one.rows[:MOST_ROWS])
    return Rows(
        number=one.entry.sequence,
        title=f"{one.frozen.question} {one.frozen.claim}",
        columns=one.columns,
        rows=shown,
        more=max(0, one.frozen.rows - len(shown)),
        query=one.frozen.sql,
        hash=one.frozen.content,
    )


def _cell(value: object) -> str:
    return (
        "" if value is None else figures.amount(value, digits=6) if isinstance(value, float) else str(value)
    )


def _paragraphs(text: str) -> Iterator[Paragraph]:
    """A person's words: an empty line parts paragraphs."""
    for part in text.split("\n\n"):
        if part.strip():
            yield Paragraph(" ".join(part.split()))
