"""Alerts as webhooks send them and as APIs list them."""

import json
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lastgood.decoding.input import Claim
from lastgood.intake import alerts
from outcomes import outcome
from platforms import OPSGENIE_ALERT

ALERT: dict[str, Any] = {
    "status": "firing", "labels": {"alertname": "HighErrorRate", "service": "cart", "severity": "page"},
    "annotations": {"summary": "5 % of requests fail"}, "startsAt": "2026-11-22T14:45:20.5Z",
    "endsAt": "0001-01-01T00:00:00Z", "generatorURL": "http://prometheus/graph", "fingerprint": "c0ffee",
}  # fmt: skip
RESOLVED = {**ALERT, "status": "resolved", "endsAt": "2026-11-22T15:00:00Z"}


def _webhook(*sent: Any, **more: Any) -> bytes:
    return orjson.dumps({"version": "4", "receiver": "chat", "status": "firing", "alerts": sent, **more})


def test_an_alertmanager_webhook() -> None:
    """Who, since when, how bad; the year 1 is no end, and a resolved alert has one."""
    found = outcome(_webhook(ALERT, RESOLVED))

    assert ("alertmanager webhook", (2, 2, 0, 0)) == (found.claim.format, found.tally)
    firing, resolved = found.rows["lg_alerts"]
    assert ("HighErrorRate", "cart", "page", "firing", "5 % of requests fail") == tuple(
        firing[name] for name in ("Name", "Service", "Severity", "State", "Summary")
    )
    assert firing["EndTimestamp"] == firing["Timestamp"]
    assert 879.5 == (resolved["EndTimestamp"] - resolved["Timestamp"]).total_seconds()
    assert "c0ffee@2026-11-22T14:45:20.5Z" == firing["Id"] == resolved["Id"]


@pytest.mark.parametrize(
    ("content", "form"),
    [
        (_webhook(ALERT, orgId=1, title="x"), "grafana webhook"),
        (orjson.dumps([{**ALERT, "status": {"state": "active"}}]), "alerts"),
        (
            orjson.dumps({"status": "success", "data": {"alerts": [
                {"labels": ALERT["labels"], "annotations": {}, "state": "firing", "activeAt": ALERT["startsAt"]}]}}),
            "alerts",
        ),
        (_webhook(ALERT) + b"\n", "alertmanager webhook"),
    ],
)  # fmt: skip
def test_other_shapes(content: bytes, form: str) -> None:
    """Grafana's webhook, Alertmanager's list and Prometheus' list give the same alert."""
    found = outcome(content)

    assert form == found.claim.format
    (alert,) = found.rows["lg_alerts"]
    assert ("cart", "firing") == (alert["Service"], alert["State"])


def test_an_alert_without_a_start_is_a_reject() -> None:
    """The other is kept."""
    found = outcome(_webhook(ALERT, {"labels": {}, "startsAt": "soon"}))

    assert ((2, 1, 0, 0), 2) == (found.tally, found.rejects[0].line)


@given(st.recursive(st.none() | st.booleans() | st.text("a1"), lambda i: st.lists(i) | st.dictionaries(
    st.sampled_from(["alerts", "data", *ALERT]), i), max_leaves=15))  # fmt: skip
def test_nothing_crashes(value: Any) -> None:
    """Anything in the place of a webhook and of an alert."""
    claim = Claim("alertmanager webhook", 1, "")
    for content in (
        orjson.dumps(value),
        _webhook(value),
        _webhook({**ALERT, "labels": value, "annotations": value}),
    ):
        assert outcome(content, by=(alerts.SOURCE, claim)).balanced


def test_incidents_of_pagerduty() -> None:
    """What was triggered or acknowledged fires; what was resolved has an end."""
    incident = {
        "id": "Q1", "title": "checkout is slow", "created_at": "2026-11-22T14:45:20Z", "status": "acknowledged",
        "urgency": "high", "service": {"id": "P1", "summary": "checkout"},
    }  # fmt: skip
    over = {**incident, "id": "Q2", "status": "resolved", "resolved_at": "2026-11-22T15:00:00Z"}
    found = outcome(orjson.dumps({"incidents": [incident, over], "limit": 25, "more": False}))

    assert ("pagerduty incidents", (2, 2, 0, 0)) == (found.claim.format, found.tally)
    firing, resolved = found.rows["lg_alerts"]
    assert ("checkout is slow", "checkout", "high", "firing") == tuple(
        firing[name] for name in ("Name", "Service", "Severity", "State")
    )
    assert ("resolved", 880.0) == (
        resolved["State"],
        (resolved["EndTimestamp"] - resolved["Timestamp"]).total_seconds(),
    )


TOLD: dict[str, Any] = {
    "event": {
        "id": "01CHV", "event_type": "incident.triggered", "occurred_at": "2026-11-22T14:47:00Z",
        "data": {
            "id": "PGR0VU2", "type": "incident", "html_url": "https://acme.example/PGR0VU2", "status": "triggered",
            "created_at": "2026-11-22T14:47:00Z", "title": "checkout fails", "urgency": "high",
            "service": {"summary": "checkout"},
        },
    }
}  # fmt: skip


def test_what_pagerduty_posts() -> None:
    """The same incident fires and is resolved, when the event says so."""
    event = TOLD["event"]
    ended = {**event, "event_type": "incident.resolved", "occurred_at": "2026-11-22T15:00:00Z"}
    ended["data"] = {**event["data"], "status": "resolved"}

    assert "pagerduty webhook" == outcome(orjson.dumps(TOLD)).claim.format
    (fired,) = outcome(orjson.dumps(TOLD)).rows["lg_alerts"]
    assert ("checkout fails", "checkout", "firing", "high") == (
        fired["Name"], fired["Service"], fired["State"], fired["Severity"]
    )  # fmt: skip
    (over,) = outcome(orjson.dumps({"event": ended})).rows["lg_alerts"]
    assert (fired["Id"], "resolved", "15:00") == (over["Id"], over["State"], f"{over['EndTimestamp']:%H:%M}")


def test_what_opsgenie_posts() -> None:
    """The service is in the details, a tag or the entity; a closed alert is over."""
    alert = {
        "alertId": "70413a06", "message": "checkout fails", "createdAt": 1_795_358_820_000, "priority": "P1",
        "updatedAt": 1_795_359_000_000_000_000, "tags": ["service:checkout", "prod"], "entity": "host-7", "details": {"region": "eu"},
    }  # fmt: skip
    fired = outcome(orjson.dumps({"action": "Create", "alert": alert}))
    (row,) = fired.rows["lg_alerts"]

    assert "opsgenie webhook" == fired.claim.format
    assert ("checkout", "firing", "P1") == (row["Service"], row["State"], row["Severity"])
    assert row["Timestamp"] == row["EndTimestamp"]
    (row,) = outcome(orjson.dumps({"action": "Close", "alert": {**alert, "tags": []}})).rows["lg_alerts"]
    assert ("host-7", "resolved") == (row["Service"], row["State"])
    assert 180 == (row["EndTimestamp"] - row["Timestamp"]).total_seconds()
    assert 1 == len(
        outcome(orjson.dumps({"action": "Create", "alert": {**alert, "createdAt": None}})).rejects
    )


def test_an_alert_of_opsgenie_is_closed_or_fires() -> None:
    """Its priority is how severe it is; a closed one ended with its last update."""
    fires = OPSGENIE_ALERT | {"id": "2", "status": "open"}
    found = outcome(json.dumps({"data": [OPSGENIE_ALERT, fires]}).encode(), "alerts.json")
    closed, firing = found.rows["lg_alerts"]

    assert ("Errors of web", "resolved", "P1", "2026-11-30T02:00:00+00:00") == (
        closed["Name"], closed["State"], closed["Severity"], closed["EndTimestamp"].isoformat()
    )  # fmt: skip
    assert ("firing", firing["Timestamp"]) == (firing["State"], firing["EndTimestamp"])
    assert found.balanced
