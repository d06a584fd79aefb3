"""Tables of change tickets, as ServiceNow, Jira and their like export them: what was to be done to what, and whether it was.

A ticket whose work was done or is being done is a change, from when the work began, else from when it was planned. One that is only
planned, or that was withdrawn, changed nothing yet: it is a log line. Issues of other kinds in the same table are log lines too.
"""

import re

from lastgood.algorithms.timestamps import Reference
from lastgood.decoding.change import Row, change, logged
from lastgood.decoding.input import Claim, Decoded, Input, Settings
from lastgood.decoding.tables.entries import (
    Folded,
    entries,
    folded_row,
    kind_of_title,
    moment_of,
    text_of,
    version_in,
)
from lastgood.decoding.tables.tickets import first_rows
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
_REPORTED = ("resolved", "closed", "closedat", "created", "opened", "openedat", "syscreatedon")
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
_REVISION = re.compile(r"\b(?:commit|revision|sha):? (?P<sha>[0-9a-f]{7,64})\b", re.IGNORECASE)
_FAILED = re.compile(r"unsuccess|fail|rolled ?back|back(?:ed)? ?out|abort", re.IGNORECASE)


def recognise(given: Input) -> Claim | None:
    """A header with a number of the ticket, a title and a state, and numbers of tickets below it."""
    found = first_rows(given.head)
    if found is None:
        return None
    fields = [folded_row(found.names, row) for row in found.rows]
    if not all(text_of(row, _NUMBERS) and _TICKET.fullmatch(text_of(row, _NUMBERS)) for row in fields):
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


def decode(given: Input, claim: Claim, settings: Settings) -> Decoded:
    """A change for each ticket whose work began, a log line for every other."""
    del claim
    return entries(given, settings, _rows)


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
