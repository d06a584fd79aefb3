"""What customers tell support: tickets of Zendesk and conversations of Intercom, as their APIs list them, and tables of tickets.

Each is a log line of no service: when it was opened, and what was written. It says that people notice something, never why.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC
from pathlib import PurePath
from typing import Any

from lastgood.algorithms.timestamps import Reference
from lastgood.decoding.change import Row, at, decoded, glimpses, inside, logged
from lastgood.decoding.input import Claim, Decoded, Input, Settings
from lastgood.decoding.tables.entries import Folded, entries, folded_row, moment_of, text_of
from lastgood.decoding.tables.tickets import first_rows
from lastgood.intake._registry import Source
from lastgood.model.attributes import TICKET_ID
from lastgood.model.signal import Signal

_ZENDESK = frozenset({"subject", "description", "status", "created_at", "via"})
_INTERCOM = frozenset({"id", "created_at", "source", "state"})
# The folded headings of a table: a ticket has a subject, a time at which it was opened, and someone who wrote or how.
_SUBJECTS = ("subject", "ticketsubject")
_OPENED = (
    "createdat",
    "created",
    "createdtime",
    "ticketcreatedat",
    "openedat",
    "opened",
    "createddate",
    "received",
    "receivedat",
    "receiveddate",
)
_WROTE = ("requester", "requestername", "channel", "via", "customer", "ticketchannel", "contact", "email")
_CALLED = re.compile(r"support|tickets?|help-?desk|inbox|complaint|customer", re.IGNORECASE)
_ZONE = re.compile(r"(?:utc|local|gmt)$")  # behind the name of a column of times
_STANDS = ("status", "state", "ticketstatus")
_NUMBERS = ("ticketid", "id", "ticket", "number", "ticketnumber")
_LEVELS = frozenset(["level", "severity"])  # of log lines
_TABLE = "support tickets"
_MARKUP = re.compile(r"<[^<>]{0,500}>")


def recognise(given: Input) -> Claim | None:
    """JSON whose first objects are tickets or conversations."""
    for row in glimpses(given, 3):
        if row.keys() >= _ZENDESK:
            return Claim("Zendesk tickets", 0.97, "a ticket has a subject, a status and a channel")
        if row.get("type") == "conversation" and row.keys() >= _INTERCOM:
            return Claim("Intercom conversations", 0.97, "it is a conversation with its source")
    table = first_rows(given.head)
    names = {_ZONE.sub("", name) for name in folded_row(table.names, table.names)} if table else set()
    if not all(names & {*wanted} for wanted in (_SUBJECTS, _OPENED)) or names & _LEVELS:
        return None
    if all(names & {*wanted} for wanted in (_WROTE, _STANDS)):
        return Claim(_TABLE, 0.96, "a ticket has a subject, a status, and who wrote it or how")
    if _CALLED.search(PurePath(given.name).stem):
        return Claim(_TABLE, 0.96, "it is called tickets, and each has a subject and a time")
    return None


def decode(given: Input, claim: Claim, settings: Settings) -> Decoded:
    """A line for each."""
    if claim.format == _TABLE:
        return entries(given, settings, _listed)
    rows = _ticket if claim.format == "Zendesk tickets" else _conversation
    return decoded(given, ("results", "tickets", "conversations"), rows)


def _listed(given: Folded, reference: Reference) -> list[Row]:
    row = {_ZONE.sub("", name): text for name, text in given.items()}
    if any(name.endswith(("utc", "gmt")) for name in given):
        reference = replace(reference, zone=UTC)
    opened = moment_of(text_of(row, _OPENED), reference)
    if not opened:
        raise ValueError("it does not say when it was opened")
    return [
        logged(
            _said(text_of(row, _SUBJECTS), text_of(row, ("description", "body", "message"))), opened, source="tickets",
            attributes={
                TICKET_ID: text_of(row, _NUMBERS) or str(opened), "ticket.status": text_of(row, _STANDS),
                "ticket.priority": text_of(row, ("priority",)), "ticket.channel": text_of(row, ("channel", "via", "ticketchannel")),
                "ticket.tags": text_of(row, ("tags",)),
            },
        )
    ]  # fmt: skip


def _ticket(row: Mapping[str, Any]) -> Iterator[Row]:
    yield logged(
        _said(row["subject"], row["description"]), at(row["created_at"]), source="zendesk",
        attributes={
            TICKET_ID: row.get("id"), "ticket.status": row["status"], "ticket.priority": row.get("priority"),
            "ticket.channel": inside(row, "via", "channel"), "ticket.tags": ", ".join(map(str, row.get("tags") or ())),
        },
    )  # fmt: skip


def _conversation(row: Mapping[str, Any]) -> Iterator[Row]:
    first = row["source"] or {}
    yield logged(
        _said(first.get("subject") or row.get("title"), first.get("body")), at(row["created_at"]), source="intercom",
        attributes={
            TICKET_ID: row["id"], "ticket.status": row["state"], "ticket.priority": row.get("priority"),
            "ticket.channel": first.get("type"),
        },
    )  # fmt: skip


def _said(subject: Any, text: Any) -> str:
    """The subject and the text, without markup; each once."""
    parts = (" ".join(_MARKUP.sub(" ", str(one or "")).split()) for one in (subject, text))
    return ": ".join(dict.fromkeys(filter(None, parts))) or "a ticket without text"


SOURCE = Source("support_tickets", frozenset({Signal.LOGS}), recognise, decode)
