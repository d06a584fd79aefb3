"""A channel of Slack: every message is a line, what was done is a change as well."""

import json

import pytest

from outcomes import outcome


def message(text: str, *, bot: bool = False) -> dict[str, object]:
    """One message of a person or a bot."""
    whose = {"subtype": "bot_message", "bot_id": "B1", "username": "deploybot"} if bot else {"user": "U1"}
    return {"type": "message", "text": text, "ts": "1795356301.000200", **whose}


@pytest.mark.parametrize(
    ("said", "kind", "service", "version"),
    [
        (message("Deployed *shop* v2.4.1 to production", bot=True), "deploy", "shop", "v2.4.1"),
        (message("rolled back payments to 1.9.0"), "deploy", "", "1.9.0"),
        (message("Disabled feature `new-cart`", bot=True), "flag", "", ""),
        (message("deploying shop 0123abc now"), "deploy", "shop", "0123abc"),
    ],
)
def test_what_was_done_is_a_change(said: dict[str, object], kind: str, service: str, version: str) -> None:
    """With its kind, service, version and time, if a bot said it or it names a version; and a line in any case."""
    rows = outcome(json.dumps([said]).encode(), "ops/2026-11-22.json").rows
    (one,) = rows["lg_changes"]

    assert (kind, version) == (one["Kind"], one["Version"])
    assert not service or service == one["Service"]
    assert "2026-11-22T14:05:01.000200+00:00" == one["Timestamp"].isoformat()
    assert 1 == len(rows["otel_logs"])


@pytest.mark.parametrize(
    "text",
    [
        "checkout looks broken",
        "has anybody deployed 2.4.1?",
        "should we roll back to 1.9?",
        "deployed it",
        "did not deploy 2.4.1",
    ],
)
def test_what_is_asked_or_reported_is_a_line_only(text: str) -> None:
    """A question, an opinion, a deploy of no one knows what."""
    rows = outcome(json.dumps({"ok": True, "messages": [message(text)]}).encode(), "history.json").rows

    assert ["otel_logs"] == list(rows)
    assert text == rows["otel_logs"][0]["Body"]
