"""Alarms of monitoring systems as JSON: CloudWatch (SNS, EventBridge, `describe-alarms`, `describe-alarm-history`), Zabbix, Datadog and New Relic.

What a webhook posts and what their APIs list. A message that an alarm is over has the name, the owner and the labels of the one
before it, so that it resolves it.
"""

import re
from collections.abc import Iterator, Mapping
from datetime import tzinfo
from functools import partial
from typing import Any

import orjson

from lastgood.decoding.change import Row, alert, at, decoded, glimpses, inside, logged
from lastgood.decoding.input import Claim, Decoded, Input, Settings
from lastgood.decoding.labels import service_of
from lastgood.intake._registry import Source
from lastgood.model.signal import Signal

_LISTS = (
    "MetricAlarms",
    "CompositeAlarms",
    "AlarmHistoryItems",
    "Records",
    "events",
    "problems",
    "result",
    "data",
    "issues",
    "incidents",
)
_ZABBIX = frozenset({"eventid", "clock", "name", "severity"})
_SEVERITIES = (
    "not classified",
    "information",
    "warning",
    "average",
    "high",
    "disaster",
)  # of Zabbix, by their number
_STATE = re.compile(r"^\[(?P<state>[\w -]+)[^\]]*\] *|^(?:Problem|Resolved)(?: in [^:]+)?: *")
_OVER = re.compile(r"\b(?:ok|resolved|recover\w*|closed|success|no[_ ]data recovered)\b", re.IGNORECASE)
# The label that names who an alarm is about; of a dimension of CloudWatch its last words do.
_OWNERS = ("ServiceName", "FunctionName", "DBInstanceIdentifier", "LoadBalancer", "QueueName", "TableName", "ApiName", "ClusterName", "InstanceId")  # fmt: skip


def recognise(given: Input) -> Claim | None:
    """JSON whose first objects are alarms of one of these."""
    for row in glimpses(given, 4):
        for name, (known, _) in _FORMS.items():
            if known(row):
                return Claim(name, 0.96, f"its first object is an alarm of {name.partition(' ')[0]}")
    return None


def decode(given: Input, claim: Claim, settings: Settings) -> Decoded:
    """An alert for each."""
    del claim
    return decoded(given, _LISTS, partial(_rows, zone=settings.zone))


def _rows(row: Mapping[str, Any], zone: tzinfo) -> Iterator[Row]:
    read = next((read for known, read in _FORMS.values() if known(row)), None)
    if read is None:
        raise ValueError("it is no alarm")
    yield read(row, zone)


def _message(row: Mapping[str, Any]) -> Mapping[str, Any]:
    """What a notification of SNS carries; a message by itself as it is."""
    text = row.get("Message") or inside(row, "Sns", "Message")
    if not isinstance(text, str) or not text.startswith("{"):
        return row
    try:
        found = orjson.loads(text)
    except orjson.JSONDecodeError:
        return row
    return found if isinstance(found, dict) else row


def _is_cloudwatch(row: Mapping[str, Any]) -> bool:
    held = _message(row)
    return "AlarmName" in held and ("NewStateValue" in held or "StateValue" in held)


def _cloudwatch(row: Mapping[str, Any], zone: tzinfo) -> Row:
    held = _message(row)
    listed = inside(held, "Trigger", "Dimensions") or held.get("Dimensions") or ()
    labels = {
        str(one.get("name") or one.get("Name")): str(one.get("value") or one.get("Value")) for one in listed
    }
    time = (
        held.get("StateChangeTime")
        or held.get("StateTransitionedTimestamp")
        or held.get("StateUpdatedTimestamp")
    )
    state = held.get("NewStateValue") or held.get("StateValue")
    metric = inside(held, "Trigger", "MetricName") or held.get("MetricName")
    return alert(
        str(held["AlarmName"]), at(time, zone), id=f"{held['AlarmName']}@{time}", service=_owner(labels), labels={**labels, "metric": metric},
        state="firing" if state == "ALARM" else "resolved", summary=held.get("NewStateReason") or held.get("StateReason"),
    )  # fmt: skip


def _is_history(row: Mapping[str, Any]) -> bool:
    return row.keys() >= {"AlarmName", "HistoryItemType", "HistorySummary", "Timestamp"}


def _history(row: Mapping[str, Any], zone: tzinfo) -> Row:
    """An item of an alarm's history: an update of its state; what was configured or done about it is a log line."""
    name, held, time = str(row["AlarmName"]), str(row["HistorySummary"]), at(row["Timestamp"], zone)
    if row["HistoryItemType"] != "StateUpdate":
        return logged(f"{name}: {held}", time, source="cloudwatch", attributes={"alarm.name": name})
    state = "firing" if held.rstrip().endswith("to ALARM") else "resolved"
    return alert(name, time, id=f"{name}@{row['Timestamp']}", summary=held, state=state)


def _owner(labels: Mapping[str, str]) -> str:
    """Who the dimensions of an alarm name."""
    return next((labels[name].partition("/")[2].split("/")[0] or labels[name] for name in _OWNERS if labels.get(name)), service_of(labels))  # fmt: skip


def _is_bridge(row: Mapping[str, Any]) -> bool:
    return row.get("detail-type") == "CloudWatch Alarm State Change" and bool(
        inside(row, "detail", "alarmName")
    )


def _bridge(row: Mapping[str, Any], zone: tzinfo) -> Row:
    held = row["detail"]
    metrics = inside(held, "configuration", "metrics") or [{}]
    dimensions = inside(metrics[0], "metricStat", "metric", "dimensions") or {}
    labels = {str(key): str(value) for key, value in dimensions.items()}
    return alert(
        str(held["alarmName"]), at(inside(held, "state", "timestamp") or row.get("time"), zone), id=row.get("id"), service=_owner(labels),
        state="firing" if inside(held, "state", "value") == "ALARM" else "resolved", summary=inside(held, "state", "reason"), labels=labels,
    )  # fmt: skip


def _is_zabbix(row: Mapping[str, Any]) -> bool:
    return row.keys() >= _ZABBIX or (row.keys() >= {"problem", "status", "host"} and bool(row.get("started") or row.get("time")))  # fmt: skip


def _zabbix(row: Mapping[str, Any], zone: tzinfo) -> Row:
    """A problem of its API, or what people put into a message: the problem, since when, of which host."""
    hosts = row.get("hosts")
    host = str(inside(hosts[0], "host") if isinstance(hosts, list) and hosts else row.get("host") or "")
    number = str(row.get("severity") or "")
    start, end = (
        row.get("clock") or row.get("started") or row.get("time"),
        row.get("r_clock") or row.get("recovered"),
    )
    over = str(row.get("status") or "").upper() in {"RESOLVED", "OK"} or (end not in {None, "", "0", 0})
    return alert(
        str(row.get("name") or row.get("problem")), at(start, zone), until=at(end, zone) if end not in {None, "", "0", 0} else None,
        id=str(row.get("eventid") or ""), service=str(row.get("service") or host), state="resolved" if over else "firing",
        severity=_SEVERITIES[int(number)] if number in set("012345") else number, labels={"host": host},
        summary=row.get("opdata") or row.get("trigger"),
    )  # fmt: skip


def _is_datadog(row: Mapping[str, Any]) -> bool:
    words = str(row.get("event_type") or "")
    return "title" in row and (
        "alert_transition" in row or (words.endswith("_monitor") and "last_updated" in row) or ("alert_type" in row and "date_happened" in row)
    )  # fmt: skip


def _datadog(row: Mapping[str, Any], zone: tzinfo) -> Row:
    tags = row.get("tags") or row.get("alert_scope") or ()
    listed = tags.split(",") if isinstance(tags, str) else [str(tag) for tag in tags]
    pairs = [tag.strip().partition(":") for tag in listed]
    labels = {
        key: value
        for key, colon, value in pairs
        if colon and key in {"service", "host", "env", "kube_deployment"}
    }
    title = str(row["title"])
    stated = _STATE.match(title)
    word = str(row.get("alert_transition") or (stated and stated["state"]) or row.get("alert_type") or "")
    name = str(row.get("alert_title") or _STATE.sub("", title))
    return alert(
        name, at(row.get("last_updated") or row.get("date") or row.get("date_happened"), zone), id=str(row.get("id") or ""), labels=labels,
        service=service_of(labels, str(row.get("hostname") or row.get("host") or "")), state="resolved" if _OVER.search(word) else "firing",
        severity=row.get("priority") or row.get("alert_type"), url=row.get("link") or row.get("url"),
    )  # fmt: skip


def _is_new_relic(row: Mapping[str, Any]) -> bool:
    return ("condition_name" in row and "current_state" in row) or {"issueUrl", "state", "title", "createdAt"} <= row.keys()  # fmt: skip


def _new_relic(row: Mapping[str, Any], zone: tzinfo) -> Row:
    """An incident of a policy, or an issue of a workflow."""
    named = row.get("targets") or row.get("impactedEntities") or row.get("entitiesData") or ()
    first = named[0] if isinstance(named, list) and named else ""
    service = str(inside(first, "name") or "") if isinstance(first, Mapping) else str(first)
    conditions = row.get("alertConditionNames")
    name = str(
        row.get("condition_name")
        or (conditions[0] if isinstance(conditions, list) and conditions else row.get("title"))
    )
    state = str(row.get("current_state") or row.get("state"))
    closed = row.get("closedAt") or (row.get("updatedAt") if state.upper() == "CLOSED" else None)
    start = row.get("createdAt") or row.get("timestamp")
    return alert(
        name, at(start, zone), until=at(closed, zone) if closed else None, service=service, state="resolved" if state.upper() == "CLOSED" else "firing",
        id=str(row.get("incident_id") or row.get("id") or ""), severity=row.get("severity") or row.get("priority"),
        summary=row.get("details") or row.get("title"), url=row.get("incident_url") or row.get("issueUrl"),
    )  # fmt: skip


_FORMS = {
    "CloudWatch alarm": (_is_cloudwatch, _cloudwatch),
    "CloudWatch alarm history": (_is_history, _history),
    "CloudWatch event": (_is_bridge, _bridge),
    "Zabbix problem": (_is_zabbix, _zabbix),
    "Datadog alert": (_is_datadog, _datadog),
    "New Relic incident": (_is_new_relic, _new_relic),
}
SOURCE = Source("alarms", frozenset({Signal.ALERTS, Signal.LOGS}), recognise, decode)
