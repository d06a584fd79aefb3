"""Alerts: webhooks and APIs of Alertmanager, Grafana, PagerDuty and Opsgenie, and what Prometheus lists.

A "line" is one alert. An alert says where and when to look; it is never taken for the truth. The same
alert sent again has the same id: its fingerprint and its start.
"""

import re
from collections.abc import Iterator, Mapping
from datetime import UTC
from functools import partial
from hashlib import blake2b
from typing import Any

from lastgood.decoding.input import Claim, Decoded, Input, Reject, Settings
from lastgood.decoding.instants import guessed_epoch, iso
from lastgood.decoding.labels import service_of
from lastgood.decoding.rows import Row, decoded
from lastgood.decoding.tables.elements import elements_of
from lastgood.decoding.tables.records import as_text
from lastgood.intake._registry import Source
from lastgood.model.signal import Signal
from lastgood.telemetry.tables import ALERTS, StoreTable

_LABELS = re.compile(rb'"labels"\s*:\s*\{')
_TIMES = re.compile(rb'"(?:startsAt|activeAt)"\s*:')
_WEBHOOK = re.compile(rb'"(?:groupLabels|commonLabels|receiver)"\s*:')
_PAGED = re.compile(rb'"incidents"\s*:\s*\[')
_TOLD = re.compile(rb'"event_type"\s*:\s*"incident\.')
_OPSGENIE_TOLD = re.compile(rb'"alertId"\s*:')
_OPSGENIE = (b'"tinyId"', b'"priority"', b'"createdAt"')
_SUMMARIES = ("summary", "message", "description")


def recognise(given: Input) -> Claim | None:
    """Objects with labels and startsAt (a webhook, or a list of alerts) or activeAt (Prometheus' list)."""
    head = given.head
    if head.lstrip()[:1] not in {b"{", b"["}:
        return None
    if claim := _paging(head):
        return claim
    if not (_LABELS.search(head) and _TIMES.search(head)):
        return None
    if b'"orgId"' in head:
        return Claim("grafana webhook", 0.96, "it has alerts and an orgId")
    if _WEBHOOK.search(head):
        return Claim("alertmanager webhook", 0.96, "it has alerts of a receiver")
    return Claim("alerts", 0.93, "its objects have labels and a start")


def _paging(head: bytes) -> Claim | None:
    """What services that call people send or list."""
    if _PAGED.search(head) and b'"urgency"' in head:
        return Claim("pagerduty incidents", 0.96, "its incidents have an urgency")
    if _TOLD.search(head):
        return Claim("pagerduty webhook", 0.97, "its event is about an incident")
    if _OPSGENIE_TOLD.search(head) and b'"action"' in head:
        return Claim("opsgenie webhook", 0.97, "it has an action and an alertId")
    if all(sign in head for sign in _OPSGENIE):
        return Claim("opsgenie alerts", 0.96, "its alerts have a tinyId and a priority")
    return None


def decode(given: Input, claim: Claim, settings: Settings) -> Decoded:
    """Alerts."""
    del claim
    return decoded(_alerts(given), partial(_rows, otherwise=settings.service), "an alert")


def _alerts(given: Input) -> Iterator[Any]:
    with given.open() as stream:
        for element in elements_of(stream):
            yield from _within(element)


def _within(element: Any) -> list[Any]:
    """The alerts of a webhook or of an API's answer; an alert by itself is one."""
    if isinstance(element, Reject) or not isinstance(element, dict):
        return [element]
    event = element.get("event")
    if isinstance(event, dict) and isinstance(event.get("data"), dict):
        return [_told(event)]
    held = element.get("data") if isinstance(element.get("data"), dict) else element
    found = (
        (held.get("alerts") or held.get("incidents") or held.get("data")) if isinstance(held, dict) else None
    )
    return found if isinstance(found, list) else [element]


def _told(event: Mapping[str, Any]) -> dict[str, Any]:
    """The incident of an event of PagerDuty, which ended when the event says so."""
    ended = (
        {"resolved_at": event.get("occurred_at")} if event.get("event_type") == "incident.resolved" else {}
    )
    return {**event["data"], **ended}


def _rows(alert: Mapping[str, Any], *, otherwise: str) -> Iterator[tuple[StoreTable, Row]]:
    if isinstance(alert.get("alert"), dict) and "action" in alert:
        yield _opsgenie(alert)
        return
    if "urgency" in alert:
        yield _paged(alert, otherwise)
        return
    if "tinyId" in alert:
        yield _of_opsgenie(alert, otherwise)
        return
    labels = _texts(alert["labels"])
    notes = _texts(alert.get("annotations") or {})
    started = str(alert.get("startsAt") or alert.get("activeAt"))
    start = iso(UTC)(started)
    if start is None:
        raise ValueError(f"{started!r} is not a time")
    end = iso(UTC)(str(alert.get("endsAt") or ""))
    resolved = _state(alert) == "resolved"
    yield (
        ALERTS,
        {
            "Id": f"{alert.get('fingerprint') or _fingerprint(labels)}@{started}",
            "Timestamp": start,
            # While it fires, an end is only a promise to look again.
            "EndTimestamp": end if resolved and end and end > start else start,
            "Name": labels.get("alertname") or labels.get("rulename") or "unnamed alert",
            "Service": service_of(labels, otherwise),
            "State": _state(alert),
            "Severity": labels.get("severity") or labels.get("priority") or "",
            "Summary": next((notes[name] for name in _SUMMARIES if notes.get(name)), ""),
            "Url": str(alert.get("generatorURL") or ""),
            "Labels": labels,
        },
    )


def _paged(incident: Mapping[str, Any], otherwise: str) -> tuple[StoreTable, Row]:
    """An incident of PagerDuty: who was paged for what, and until when."""
    start = iso(UTC)(str(incident["created_at"]))
    if start is None:
        raise ValueError(f"{incident['created_at']!r} is not a time")
    resolved = incident.get("status") == "resolved"
    end = iso(UTC)(str(incident.get("resolved_at") or incident.get("last_status_change_at") or ""))
    service = incident.get("service")
    row = {
        "Id": str(incident.get("id") or incident.get("incident_number") or start),
        "Timestamp": start,
        "EndTimestamp": end if resolved and end and end > start else start,
        "Name": str(incident.get("title") or incident.get("summary") or "unnamed alert"),
        "Service": str(service.get("summary") or "") if isinstance(service, Mapping) else otherwise,
        "State": "resolved" if resolved else "firing",
        "Severity": str(incident["urgency"]),
        "Summary": str(incident.get("description") or ""),
        "Url": str(incident.get("html_url") or ""),
        "Labels": {},
    }
    return ALERTS, row


def _opsgenie(told: Mapping[str, Any]) -> tuple[StoreTable, Row]:
    """An alert of Opsgenie, or of Jira Service Management, which posts the same; `Close` and `Delete` end it."""
    alert, over = told["alert"], told["action"] in {"Close", "Delete"}
    start = guessed_epoch(str(alert.get("createdAt")))
    if start is None:
        raise ValueError(f"{alert.get('createdAt')!r} is not a time")
    end = guessed_epoch(str(alert.get("updatedAt")))
    labels = _texts(alert.get("details") or {})
    tags = dict(tag.split(":", 1) for tag in map(str, alert.get("tags") or ()) if ":" in tag)
    row = {
        "Id": str(alert["alertId"]),
        "Timestamp": start,
        "EndTimestamp": end if over and end and end > start else start,
        "Name": str(alert.get("message") or "unnamed alert"),
        "Service": service_of({**tags, **labels}, "") or str(alert.get("entity") or ""),
        "State": "resolved" if over else "firing",
        "Severity": str(alert.get("priority") or ""),
        "Summary": str(alert.get("description") or ""),
        "Url": "",
        "Labels": labels,
    }
    return ALERTS, row


def _of_opsgenie(alert: Mapping[str, Any], otherwise: str) -> tuple[StoreTable, Row]:
    """An alert of Opsgenie: closed is resolved, and when that was, is its last update."""
    start, end = (iso(UTC)(str(alert.get(name) or "")) for name in ("createdAt", "updatedAt"))
    if start is None:
        raise ValueError(f"{alert['createdAt']!r} is not a time")
    closed = alert.get("status") == "closed"
    row = {
        "Id": str(alert.get("id") or alert["tinyId"]),
        "Timestamp": start,
        "EndTimestamp": end if closed and end and end > start else start,
        "Name": str(alert.get("message") or "unnamed alert"),
        "Service": otherwise,
        "State": "resolved" if closed else "firing",
        "Severity": str(alert["priority"]),
        "Summary": str(alert.get("description") or ""),
        "Url": "",
        "Labels": {
            "alias": str(alert.get("alias") or ""),
            "tags": ", ".join(map(str, alert.get("tags") or ())),
        },
    }
    return ALERTS, row


def _state(alert: Mapping[str, Any]) -> str:
    status = alert.get("status") or alert.get("state") or ""
    state = str(status.get("state") or "") if isinstance(status, dict) else str(status)
    return {"active": "firing", "alerting": "firing", "ok": "resolved", "normal": "resolved"}.get(
        state.lower(), state
    )


def _texts(values: Mapping[str, Any]) -> dict[str, str]:
    return {str(key): as_text(value) for key, value in values.items()}


def _fingerprint(labels: Mapping[str, str]) -> str:
    text = "\n".join(f"{key}={value}" for key, value in sorted(labels.items()))
    return blake2b(text.encode("utf-8", "replace"), digest_size=8).hexdigest()


SOURCE = Source("alerts", frozenset({Signal.ALERTS}), recognise, decode)
