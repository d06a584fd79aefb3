"""Alarms of monitoring systems as JSON."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest

from outcomes import SETTINGS, outcome

AT = datetime(2026, 11, 22, 14, 41, tzinfo=UTC)
MS = 1795358460000
MESSAGE = {
    "AlarmName": "cart-5xx", "NewStateValue": "ALARM", "OldStateValue": "OK", "NewStateReason": "Threshold Crossed",
    "StateChangeTime": "2026-11-22T14:41:00.000+0000",
    "Trigger": {"MetricName": "5xx", "Namespace": "AWS/ECS", "Dimensions": [{"value": "cart", "name": "ServiceName"}]},
}  # fmt: skip


def sns(**more: Any) -> dict[str, Any]:
    """A notification of SNS."""
    return {
        "Type": "Notification",
        "Subject": "ALARM",
        "Message": json.dumps({**MESSAGE, **more}),
        "Timestamp": "2026-11-22T14:41:09Z",
    }


DESCRIBED = {
    "MetricAlarms": [{"AlarmName": "cart-5xx", "StateValue": "ALARM", "StateReason": "x", "StateUpdatedTimestamp": "2026-11-22T14:41:00Z",
                      "Dimensions": [{"Name": "ServiceName", "Value": "cart"}]}],
}  # fmt: skip
BRIDGE = {
    "detail-type": "CloudWatch Alarm State Change", "id": "e1", "time": "2026-11-22T14:41:05Z",
    "detail": {
        "alarmName": "cart-5xx", "state": {"value": "ALARM", "reason": "x", "timestamp": "2026-11-22T14:41:00.000+0000"},
        "configuration": {"metrics": [{"metricStat": {"metric": {"dimensions": {"ServiceName": "cart"}}}}]},
    },
}  # fmt: skip
ZABBIX = [
    {
        "eventid": "7",
        "clock": str(MS // 1000),
        "name": "cart-5xx",
        "severity": "4",
        "r_clock": "0",
        "hosts": [{"host": "cart"}],
    }
]
DATADOG = {"id": "1", "title": "[Triggered on {service:cart}] cart-5xx", "last_updated": str(MS), "event_type": "query_alert_monitor", "tags": "service:cart,team:a"}  # fmt: skip
NEW_RELIC = {"incident_id": 1, "condition_name": "cart-5xx", "current_state": "open", "severity": "CRITICAL", "timestamp": MS, "targets": [{"name": "cart"}]}  # fmt: skip
ISSUE = {"id": "i", "issueUrl": "https://x.example", "title": "t", "state": "ACTIVATED", "createdAt": MS, "updatedAt": MS + 60_000, "impactedEntities": ["cart"], "alertConditionNames": ["cart-5xx"]}  # fmt: skip
FIRING = {"sns": sns(), "message": MESSAGE, "described": DESCRIBED, "bridge": BRIDGE, "zabbix": ZABBIX, "datadog": DATADOG, "new relic": NEW_RELIC, "issue": ISSUE}  # fmt: skip


def read(given: object) -> dict[str, Any]:
    """The one alert of a document."""
    found = outcome(json.dumps(given).encode(), "a.json")
    assert found.balanced
    (alert,) = found.rows["lg_alerts"]
    return alert


@pytest.mark.parametrize("form", FIRING)
def test_every_system_tells_what_rang_whose_it_is_and_since_when(form: str) -> None:
    """At the same instant."""
    alert = read(FIRING[form])

    assert ("cart-5xx", "cart", "firing") == (alert["Name"], alert["Service"], alert["State"])
    assert AT == alert["Timestamp"].to_pydatetime()


@pytest.mark.parametrize(
    ("firing", "over"),
    [
        (sns(), sns(NewStateValue="OK", StateChangeTime="2026-11-22T14:50:00Z")),
        (ZABBIX, [{**ZABBIX[0], "r_clock": str(MS // 1000 + 60)}]),
        (DATADOG, {**DATADOG, "title": "[Recovered on {service:cart}] cart-5xx"}),
        (NEW_RELIC, {**NEW_RELIC, "current_state": "closed"}),
        (ISSUE, {**ISSUE, "state": "CLOSED"}),
    ],
    ids=["cloudwatch", "zabbix", "datadog", "new relic", "issue"],
)
def test_what_is_over_resolves_what_rang(firing: object, over: object) -> None:
    """By its name, its owner and its labels."""
    first, last = read(firing), read(over)

    assert "resolved" == last["State"]
    assert [first[key] for key in ("Name", "Service", "Labels")] == [
        last[key] for key in ("Name", "Service", "Labels")
    ]


def test_what_people_put_into_a_message_of_zabbix_is_read() -> None:
    """In the zone that is given, for its time has none."""
    told = {
        "problem": "5xx on cart",
        "started": "2026-11-22 15:41:00",
        "status": "PROBLEM",
        "host": "web-1",
        "trigger": "5xx > 5 %",
    }
    settings = replace(SETTINGS, zone=timezone(timedelta(hours=1)))
    (alert,) = outcome(json.dumps(told).encode(), "a.json", settings=settings).rows["lg_alerts"]

    assert (AT, "5xx on cart", "web-1", "5xx > 5 %") == (
        alert["Timestamp"].to_pydatetime(), alert["Name"], alert["Service"], alert["Summary"],
    )  # fmt: skip


def test_an_alarm_without_a_time_is_a_reject() -> None:
    """The others are read."""
    found = outcome(json.dumps([*ZABBIX, {**ZABBIX[0], "clock": "soon"}, {"a": 1}]).encode(), "a.json")

    assert found.balanced
    assert [2, 3] == [reject.line for reject in found.rejects]


def test_the_history_of_an_alarm_fires_and_is_over() -> None:
    """As `describe-alarm-history` lists it; what was done about it is no end of it."""
    items = [
        {"AlarmName": "Seats5xx", "Timestamp": f"2026-11-22T14:4{n}:00Z", "HistoryItemType": kind, "HistorySummary": text}
        for n, (kind, text) in enumerate([
            ("StateUpdate", "Alarm updated from OK to ALARM"), ("Action", "Successfully executed action arn:pager"),
            ("StateUpdate", "Alarm updated from ALARM to OK"),
        ])
    ]  # fmt: skip
    found = outcome(json.dumps({"AlarmHistoryItems": items}).encode(), "history.json")

    assert ["firing", "resolved"] == [row["State"] for row in found.rows["lg_alerts"]]
    assert ["Seats5xx: Successfully executed action arn:pager"] == [
        row["Body"] for row in found.rows["otel_logs"]
    ]
    assert found.balanced
