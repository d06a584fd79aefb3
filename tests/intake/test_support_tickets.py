"""What customers tell support, as lines of no service."""

import json
from dataclasses import replace
from zoneinfo import ZoneInfo

import pytest

from lastgood.decoding.input import Input
from lastgood.intake import support_tickets
from outcomes import SETTINGS, outcome
from platforms import INTERCOM_CONVERSATION, ZENDESK_TICKET


def test_a_ticket_is_a_line() -> None:
    """When it was opened, with its subject and its text; how urgent it is does not make it an error."""
    found = outcome(json.dumps({"results": [ZENDESK_TICKET], "count": 1}).encode(), "tickets-01.json")
    (row,) = found.rows["otel_logs"]

    assert ("2026-11-30T01:40:00+00:00", "Cannot pay: My card is refused.", "", 9) == (
        row["Timestamp"].isoformat(), row["Body"], row["ServiceName"], row["SeverityNumber"]
    )  # fmt: skip
    assert ("35436", "high", "web", "checkout") == tuple(
        dict(row["LogAttributes"])[f"ticket.{name}"] for name in ("id", "priority", "channel", "tags")
    )
    assert found.balanced


def test_a_conversation_is_a_line_without_markup() -> None:
    """One without a text says so."""
    silent = INTERCOM_CONVERSATION | {"source": None}
    found = outcome(
        json.dumps({"conversations": [INTERCOM_CONVERSATION, silent]}).encode(), "conversations-01.json"
    )

    assert ["I cannot pay", "a ticket without text"] == [row["Body"] for row in found.rows["otel_logs"]]
    assert "2026-11-30T01:40:00+00:00" == found.rows["otel_logs"][0]["Timestamp"].isoformat()
    assert found.balanced


@pytest.mark.parametrize(
    "table",
    [
        (
            "ID,Requester,Subject,Status,Created at,Channel,Priority,Tags\n101,kim@shop.test,Cannot pay,open,2026-11-30 01:40:00,Web,high,checkout\n"
            "102,lee@shop.test,Checkout broken,open,2026-11-30 01:41:00,Email,high,checkout\n"
        ),
        (
            "ticket_id;created_at;status;channel;subject;description\n101;2026-11-30T01:40:00Z;open;web;Cannot pay;My card is refused.\n"
            "102;2026-11-30T01:41:00Z;open;email;Checkout broken;\n"
        ),
    ],
)
def test_a_table_of_tickets_is_read_as_tickets(table: str) -> None:
    """Whatever separates it; the file's name is no service."""
    found = outcome(table.encode(), "support.csv")
    rows = found.rows["otel_logs"]

    assert ["101", "102"] == [dict(row["LogAttributes"])["ticket.id"] for row in rows]
    assert ["", ""] == [row["ServiceName"] for row in rows]
    assert rows[0]["Body"].startswith("Cannot pay")
    assert "2026-11-30T01:40:00+00:00" == rows[0]["Timestamp"].isoformat()
    assert found.balanced


@pytest.mark.parametrize(("column", "hour"), [("received_local", 1), ("opened_utc", 2), ("received", 1)])
def test_a_table_that_is_called_tickets_needs_a_subject_and_a_time_only(column: str, hour: int) -> None:
    """Whoever wrote them; the name of the column may state the zone."""
    text = (
        f'{column},school,subject\n2026-11-22 02:06,Hill,"Cannot log in"\n2026-11-22 02:09,Dale,Blank page\n'
    )
    found = outcome(
        text.encode(), "helpdesk-inbox.csv", settings=replace(SETTINGS, zone=ZoneInfo("Europe/Berlin"))
    )
    first, second = found.rows["otel_logs"]

    assert ("Cannot log in", "Blank page") == (first["Body"], second["Body"])
    assert (hour, 6) == (first["Timestamp"].hour, first["Timestamp"].minute)
    assert found.balanced
    assert support_tickets.recognise(Input(None, "rooms.csv", text.encode())) is None


@pytest.mark.parametrize(
    "header", ["number,short_description,state,opened_at", "subject,created,level", "id,subject,author,date"]
)
def test_other_tables_are_none_of_tickets(header: str) -> None:
    """Of changes, of log lines, of commits."""
    text = (
        f"{header}\n1,restart of web,done,2026-11-30 01:40:00\n2,restart of cart,done,2026-11-30 01:41:00\n"
    )
    given = Input(None, "list.csv", text.encode())
    assert support_tickets.recognise(given) is None
