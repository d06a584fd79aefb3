"""Tables of change tickets, as ServiceNow, Jira and their like export them: what was to be done to what, and whether it was.

A ticket whose work was done or is being done is a change, from when the work began, else from when it was planned. One that is only
planned, or that was withdrawn, changed nothing yet: it is a log line. Issues of other kinds in the same table are log lines too.
"""

import re
from collections.abc import Mapping, Sequence
from contextlib import suppress

from lastgood.algorithms.time_words import month_of
from lastgood.algorithms.timestamps import Reference
from lastgood.decoding.change import Row, change, logged
from lastgood.decoding.input import REJECT_TEXT, Claim, Decoded, Input, Reject, Settings, Tally
from lastgood.decoding.moments import moment
from lastgood.decoding.rows import Rows
from lastgood.decoding.tables.records import Form, blocks
from lastgood.decoding.tables.tickets import first_rows
from lastgood.decoding.text.whose import reference_for
from lastgood.intake._registry import Source
from lastgood.model.signal import Signal

# Most telling first; case and what is no letter do not count, nor the words "Custom field" around a name.
_NUMBERS = (
    "number",
    "issuekey",
    "key",
    "changenumber",
    "changeid",
    "ticket",
    "ticketid",
    "changerequest",
    "reference",
)
_TITLES = ("shortdescription", "summary", "title", "subject")
_BEGAN = (
    "workstart",
    "actualstart",
    "actualstartdate",
    "actualstarttime",
    "changestartdate",
    "changestarttime",
    "implementationstart",
)
_PLANNED = (
    "startdate",
    "plannedstart",
    "plannedstartdate",
    "plannedstarttime",
    "scheduledstart",
    "scheduledstartdate",
    "requestedstart",
)
_REPORTED = ("resolved", "closed", "closedat", "created", "opened", "openedat", "syscreatedon")
_ENDED = (
    "workend",
    "actualend",
    "actualenddate",
    "actualendtime",
    "changecompletiondate",
    "changeenddate",
    "implementationend",
)
_SERVICES = ("cmdbci", "configurationitem", "businessservice", "service", "affectedservices", "services", "components", "component", "application", "ci")  # fmt: skip
_ACTORS = ("assignedto", "assignee", "implementer", "owner", "requestedby", "reporter")
_KINDS = ("issuetype", "type", "category", "changetype")
_STATES = ("state", "status", "resolution")
_OUTCOMES = ("closecode", "outcome", "result", "resolution", "state", "status")
_NOTES = ("closenotes", "description", "worknotes", "comment")
_TICKET = re.compile(r"(?:CHG|CHNG|CRQ|CR|RFC)[-_ ]?\d{3,}|[A-Z][A-Z0-9]+-\d+")
_CHANGE_NUMBER = re.compile(r"(?:CHG|CHNG|CRQ|CR|RFC)[-_ ]?\d{3,}")
_CHANGE_TYPE = re.compile(
    r"change|deploy|release|rollout|standard|normal|emergency|maintenance", re.IGNORECASE
)
_NOT_DONE = re.compile(
    r"^(?:new|open|to ?do|draft|planned|planning|scheduled|assess|authoriz|approv|awaiting|pending|waiting|backlog|requested|review$"
    r"|cancel|withdrawn|reject|declin|won'?t)",
    re.IGNORECASE,
)
_FAILED = re.compile(r"unsuccess|fail|rolled ?back|back(?:ed)? ?out|abort", re.IGNORECASE)
_KIND_OF_TITLE = (
    (re.compile(r"\b(?:deploy|releas|roll(?:ed)? ?(?:out|back)|upgrad|ship|promot)", re.IGNORECASE), "deploy"),
    (re.compile(r"\b(?:migrat|schema|alter table|database column)", re.IGNORECASE), "migration"),
    (re.compile(r"certificate|\btls\b|\bssl\b", re.IGNORECASE), "certificate"),
    (re.compile(r"\bdns\b", re.IGNORECASE), "dns"),
    (re.compile(r"feature.?flag|toggle", re.IGNORECASE), "flag"),
    (re.compile(r"\bscal(?:e|ing)\b|replicas|capacity", re.IGNORECASE), "scaling"),
    (re.compile(r"firewall|router|switch\b|\bvpn\b|network|patch|server|storage|kernel|hardware|hypervisor", re.IGNORECASE), "infrastructure"),
)  # fmt: skip
_VERSION = re.compile(r"(?<![\w.])v?\d+(?:\.\d+)+(?:[-+]\w+)?(?![\w.])|(?<![\w.])v\d+(?![\w.])")
_SHORT_CLOCK = re.compile(r"(?<=[ T]\d)\d?:\d\d(?=$| ?[AaPp][Mm]$)|(?<=[ T])\d:\d\d(?=$| ?[AaPp][Mm]$)")
_DAY_FIRST = re.compile(
    r"(?P<day>\d\d?)[/ -](?P<month>[^\W\d_]{3,12})\.?[/ -](?P<year>\d{4}|\d\d) (?P<clock>.+)"
)

Folded = Mapping[str, str]


def recognise(given: Input) -> Claim | None:
    """A header with a number of the ticket, a title and a state, and numbers of tickets below it."""
    found = first_rows(given.head)
    if found is None:
        return None
    fields = [_folded(found.names, row) for row in found.rows]
    if not all(_said(row, _NUMBERS) and _TICKET.fullmatch(_said(row, _NUMBERS)) for row in fields):
        return None
    row = fields[0]
    named = any(name in row for name in _TITLES) and any(name in row for name in _STATES)
    if (
        not named
        or not any(name in row for name in (*_BEGAN, *_PLANNED, *_REPORTED))
        or not any(map(_is_change, fields))
    ):
        return None
    return Claim(
        "change tickets", 0.96, f"{len(fields)} tickets with a title and a state, changes among them"
    )


def decode(given: Input, claim: Claim, settings: Settings) -> Decoded:
    """A change for each ticket whose work began, a log line for every other."""
    del claim
    found = first_rows(given.head)
    if found is None:
        return
    reference, table = reference_for(given, settings), Rows()
    with given.open() as stream:
        for block in blocks(
            stream,
            Form("csv", found.delimiter, header_rows=0, skip_rows=found.header_lines, columns=found.columns),
        ):
            for place, values in zip(
                block.places, zip(*(block.columns[name] for name in found.columns), strict=True), strict=True
            ):
                try:
                    table.add(*_row(_folded(found.names, values), reference), place)
                except ValueError as wrong:
                    yield Reject(place, f"not understood: {wrong}", ", ".join(values)[:REJECT_TEXT])
                    yield Tally(lines=1)
                    continue
                yield Tally(1, 1)
            yield from block.rejects
            yield Tally(block.lines - len(block), 0, block.continuations, block.blanks)
            yield from table.full()
    yield from table.rest()


def _folded(names: Sequence[str], row: Sequence[str]) -> Folded:
    """The texts by their folded names; of columns with one name the texts together."""
    fields: dict[str, str] = {}
    for name, text in zip(names, row, strict=False):
        bare = re.sub(r"^custom field \((.*)\)$", r"\1", name.strip(), flags=re.IGNORECASE)
        key = "".join(c for c in bare.lower() if c.isalnum())
        known = fields.get(key, "")
        fields[key] = f"{known}, {text.strip()}" if known and text.strip() else known or text.strip()
    return fields


def _said(row: Folded, names: Sequence[str]) -> str:
    return next((row[name] for name in names if row.get(name)), "")


def _is_change(row: Folded) -> bool:
    """Whether a ticket is of a change: by its number, its type, or because it says when its work begins."""
    if _CHANGE_NUMBER.fullmatch(_said(row, _NUMBERS)) or _CHANGE_TYPE.search(_said(row, _KINDS)):
        return True
    return bool(_said(row, _BEGAN))


def _row(row: Folded, reference: Reference) -> Row:
    number, title, state = _said(row, _NUMBERS), _said(row, _TITLES), _said(row, _STATES)
    began = _moment(_said(row, _BEGAN), reference)
    time = began or _moment(_said(row, _PLANNED), reference) or _moment(_said(row, _REPORTED), reference)
    if not time:
        raise ValueError("it has no time that can be read")
    service, actor = _said(row, _SERVICES), _said(row, _ACTORS)
    outcome, notes = _said(row, _OUTCOMES), _said(row, _NOTES)
    attributes = {
        "change.state": state,
        "change.outcome": outcome,
        "change.note": notes,
        "change.type": _said(row, _KINDS),
    }
    if not _is_change(row) or (
        _NOT_DONE.match(state) and not (began and not re.match("cancel|withdr|reject", state, re.IGNORECASE))
    ):
        said = f"{number}: {title} ({state})" if state else f"{number}: {title}"
        return logged(
            said,
            time,
            service=service,
            source="tickets",
            attributes={**attributes, "ticket.id": number, "user.name": actor},
        )
    version = _VERSION.search(title)
    return change(
        next((kind for looks, kind in _KIND_OF_TITLE if looks.search(title)), "config"), time,
        until=_moment(_said(row, _ENDED), reference) or None, id=number, title=f"{number}: {title}", service=service,
        actor=actor, version=version[0] if version else "", source="tickets", attributes=attributes,
        state="failed" if _FAILED.search(f"{outcome} {notes}") else "",
    )  # fmt: skip


def _moment(text: str, reference: Reference) -> int:
    """Nanoseconds of a time, which need not have seconds; 0 where there is none."""
    written = text.partition(",")[0] if text.count(":") > 3 else text
    written = _SHORT_CLOCK.sub(lambda found: f"{found[0]}:00", written.strip())
    if (found := _DAY_FIRST.fullmatch(written)) and (month := month_of(found["month"])):
        year = found["year"] if len(found["year"]) > 2 else f"20{found['year']}"
        written = f"{year}-{month:02}-{int(found['day']):02} {found['clock']}"
    with suppress(ValueError):
        return moment(written, reference) if written else 0
    return 0


SOURCE = Source("change_tickets", frozenset({Signal.CHANGES, Signal.LOGS}), recognise, decode)
