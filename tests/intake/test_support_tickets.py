"""What customers tell support, as lines of no service."""

import json

from outcomes import outcome
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
