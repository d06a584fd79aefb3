"""Change tickets, as ServiceNow, Jira and their like give them: what was to be done to what, and whether it was.

They are tables, or documents in JSON or XML (`decoding.tables.ticket_documents`).

A ticket whose work was done or is being done is a change, from when the work began, else from when it was planned. One that is only
planned, or that was withdrawn, changed nothing yet: it is a log line. Issues of other kinds in the same table are log lines too.
"""

import re

from lastgood.algorithms.timestamps import Reference
from lastgood.decoding.change import Row, change, logged
from lastgood.decoding.input import HEAD, REJECT_TEXT, Claim, Decoded, Input, Reject, Settings, Tally
from lastgood.decoding.rows import Rows
from lastgood.decoding.tables.entries import (
    Folded,
    entries,
    folded_row,
    kind_of_title,
    moment_of,
    text_of,
    version_in,
)
from lastgood.decoding.tables.ticket_documents import ticket_rows
from lastgood.decoding.tables.tickets import first_rows
from lastgood.decoding.text.whose import reference_for
from lastgood.decoding.whole import read_whole
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
    "implementationstart",
)
_STARTS = ("changestartdate", "changestarttime")  # of the work, or of what is planned: the state tells
_PLANNED = (
    "startdate",
    "plannedstart",
    "plannedstartdate",
    "plannedstarttime",
    "scheduledstart",
    "scheduledstartdate",
    "requestedstart",
    "start",
    "begin",
)
_REPORTED = (
    "resolved",
    "resolutiondate",
    "closed",
    "closedat",
    "created",
    "opened",
    "openedat",
    "syscreatedon",
)
_ENDED = (
    "workend",
    "actualend",
    "actualenddate",
    "actualendtime",
    "changecompletiondate",
    "changeenddate",
    "implementationend",
    "end",
)
_SERVICES = ("cmdbci", "configurationitem", "businessservice", "service", "affectedservices", "services", "components", "component", "application", "ci")  # fmt: skip
_ACTORS = ("assignedto", "assigned", "assignee", "implementer", "owner", "requestedby", "reporter")
_KINDS = ("issuetype", "type", "category", "changetype")
_STATES = ("state", "status", "resolution")
_OUTCOMES = ("closecode", "outcome", "result", "resolution", "state", "status")
_NOTES = ("closenotes", "description", "worknotes", "comment")
_SEPARATED = re.compile(r"\s*[,;]\s*")
_NAME = re.compile(r"[A-Za-z][\w.-]*")
_TICKET = re.compile(r"(?:CHG|CHNG|CHN|CRQ|CR|RFC)[-_ ]?\d{2,}|[A-Z][A-Z0-9]+-\d+")
_CHANGE_NUMBER = re.compile(r"(?:CHG|CHNG|CHN|CRQ|CR|RFC)[-_ ]?\d{2,}")
_CHANGE_TYPE = re.compile(
    r"change|deploy|release|rollout|standard|normal|emergency|maintenance", re.IGNORECASE
)
_NOT_DONE = re.compile(
    r"^(?:new|open|to ?do|draft|planned|planning|scheduled|assess|authoriz|approv|awaiting|pending|waiting|backlog|requested|review$"
    r"|cancel|withdrawn|reject|declin|won'?t)",
    re.IGNORECASE,
)
_REVISION = re.compile(r"\b(?:commit|revision|sha):? (?P<sha>[0-9a-f]{7,64})\b", re.IGNORECASE)
_FAILED = re.compile(r"unsuccess|fail|rolled ?back|back(?:ed)? ?out|abort", re.IGNORECASE)


def recognise(given: Input) -> Claim | None:
    """A header with a number of the ticket, a title and a state, and numbers of tickets below it."""
    fields = _first(given.head)
    if not fields or not all(_TICKET.fullmatch(text_of(row, _NUMBERS)) for row in fields):
        return None
    row = fields[0]
    named = any(name in row for name in _TITLES) and any(name in row for name in _STATES)
    if (
        not named
        or not any(name in row for name in (*_BEGAN, *_STARTS, *_PLANNED, *_REPORTED))
        or not any(map(_is_change, fields))
    ):
        return None
    return Claim(
        "change tickets", 0.96, f"{len(fields)} tickets with a title and a state, changes among them"
    )


def _first(head: bytes) -> list[Folded]:
    """The tickets at the beginning; of a document all, and none where its end is not known."""
    if _is_document(head):
        return list(ticket_rows(head)) if len(head) < HEAD else []
    found = first_rows(head)
    return [folded_row(found.names, row) for row in found.rows] if found else []


def _is_document(head: bytes) -> bool:
    return head.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in (b"{", b"[", b"<")


def decode(given: Input, claim: Claim, settings: Settings) -> Decoded:
    """A change for each ticket whose work began, a log line for every other."""
    del claim
    if _is_document(given.head):
        return _of_document(given, settings)
    return entries(given, settings, _rows)


def _of_document(given: Input, settings: Settings) -> Decoded:
    with given.open() as stream:
        content, problem = read_whole(stream)
    rows, reference, rejects = Rows(), reference_for(given, settings), 0
    tickets = ticket_rows(content)
    for number, ticket in enumerate(tickets, 1):
        try:
            for row in _rows(ticket, reference):
                rows.add(*row, number)
        except ValueError as wrong:
            rejects += 1
            yield Reject(number, f"not understood: {wrong}", ", ".join(ticket.values())[:REJECT_TEXT])
    yield from rows.rest()
    yield Tally(len(tickets), len(tickets) - rejects)
    if problem is not None:
        raise problem


def _is_change(row: Folded) -> bool:
    """Whether a ticket is of a change: by its number, its type, or because it says when its work begins."""
    if _CHANGE_NUMBER.fullmatch(text_of(row, _NUMBERS)) or _CHANGE_TYPE.search(text_of(row, _KINDS)):
        return True
    return bool(text_of(row, (*_BEGAN, *_STARTS)))


def _rows(row: Folded, reference: Reference) -> list[Row]:
    """One for each service that a ticket names."""
    named = _SEPARATED.split(text_of(row, _SERVICES))
    if not all(map(_NAME.fullmatch, named)):
        return [_row(row, reference, text_of(row, _SERVICES))]
    return [
        _row(row, reference, service, f"/{service}" if len(named) > 1 else "")
        for service in dict.fromkeys(named)
    ]


def _row(row: Folded, reference: Reference, service: str, part: str = "") -> Row:
    number, title, state = text_of(row, _NUMBERS), text_of(row, _TITLES), text_of(row, _STATES)
    began = moment_of(text_of(row, _BEGAN), reference)
    others = (moment_of(text_of(row, names), reference) for names in (_STARTS, _PLANNED, _REPORTED))
    time = began or next(filter(None, others), 0)
    if not time:
        raise ValueError("it has no time that can be read")
    actor = text_of(row, _ACTORS)
    outcome, notes = text_of(row, _OUTCOMES), text_of(row, _NOTES)
    attributes = {
        "change.state": state,
        "change.outcome": outcome,
        "change.note": notes,
        "change.type": text_of(row, _KINDS),
        "vcs.ref.head.revision": sha["sha"] if (sha := _REVISION.search(title)) else "",
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
    # What begins with the service and its version is its release, whatever comes with it.
    released = version_in(title) and title.lower().startswith(f"{service.lower()} {version_in(title)}")
    return change(
        "deploy" if released else kind_of_title(title) or "config", time,
        until=moment_of(text_of(row, _ENDED), reference) or None, id=f"{number}{part}", title=f"{number}: {title}", service=service,
        actor=actor, version=version_in(title), source="tickets", attributes=attributes,
        state="failed" if _FAILED.search(f"{outcome} {notes}") else "",
    )  # fmt: skip


SOURCE = Source("change_tickets", frozenset({Signal.CHANGES, Signal.LOGS}), recognise, decode)
