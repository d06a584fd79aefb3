"""Paging: PagerDuty, Opsgenie and ntfy. A page has a key, so that it calls once however often it is sent, and ends.

After developer.pagerduty.com (Events API v2), docs.opsgenie.com (Alert API) and docs.ntfy.sh. Tested against their
documented interfaces.
"""

from collections.abc import Mapping
from urllib.parse import quote

from lastgood.config import Ntfy, Opsgenie, Pagerduty
from lastgood.model.answers import SeverityLevel
from lastgood.model.message import Occasion
from lastgood.model.outgoing import Outgoing
from lastgood.outside.sinks import texts
from lastgood.outside.sinks.kind import CALLED, Kind
from lastgood.outside.sinks.wire import Call, Credential

SUMMARY, ALERT, DESCRIPTION, NOTE = 1024, 130, 15_000, 4000  # characters
PUSH = 1000  # characters of a message of ntfy, which takes 4096 bytes
_SOURCE = "lastgood"
# PagerDuty's severity, Opsgenie's priority, ntfy's priority. A page without a severity is about the time box.
_URGENCY: Mapping[SeverityLevel | None, tuple[str, str, int]] = {
    SeverityLevel.SEV1: ("critical", "P1", 5),
    SeverityLevel.SEV2: ("error", "P2", 5),
    SeverityLevel.SEV3: ("warning", "P3", 4),
    SeverityLevel.SEV4: ("info", "P4", 3),
    None: ("error", "P2", 5),
}


def _pagerduty(settings: Pagerduty, outgoing: Outgoing, earlier: str) -> tuple[Call, ...]:
    del earlier
    severity, _, _ = _URGENCY[outgoing.severity]
    clear = outgoing.occasion is Occasion.CLEAR
    event: dict[str, object] = {
        "event_action": "resolve" if clear else "trigger",
        "dedup_key": outgoing.key,
    }
    if not clear:
        event |= {
            "client": _SOURCE,
            "payload": {
                "summary": texts.line(outgoing.headline, SUMMARY),
                "source": _SOURCE,
                "severity": severity,
                "timestamp": outgoing.at.isoformat(),
                "custom_details": {label: texts.line(value, SUMMARY) for label, value in outgoing.fields},
            },
            "links": [{"href": outgoing.link, "text": "Incident"}] if outgoing.link else [],
        }
    return (Call(f"{settings.url}/enqueue", event, keys={"routing_key": settings.key}),)


def _opsgenie(settings: Opsgenie, outgoing: Outgoing, earlier: str) -> tuple[Call, ...]:
    del earlier
    key = Credential(settings.key, scheme="GenieKey")
    if outgoing.occasion is Occasion.CLEAR:
        url = f"{settings.url}/alerts/{quote(outgoing.key, safe='')}/close?identifierType=alias"
        return (Call(url, {"source": _SOURCE, "note": texts.line(outgoing.headline, NOTE)}, credential=key),)
    _, priority, _ = _URGENCY[outgoing.severity]
    details = {label: texts.line(value, SUMMARY) for label, value in outgoing.fields}
    alert = {
        "message": texts.line(outgoing.headline, ALERT),
        "alias": outgoing.key,
        "description": texts.cut(texts.seen(outgoing.text), DESCRIPTION),
        "priority": priority,
        "source": _SOURCE,
        "details": {**details, "incident": outgoing.link} if outgoing.link else details,
    }
    return (Call(f"{settings.url}/alerts", alert, credential=key),)


def _ntfy(settings: Ntfy, outgoing: Outgoing, earlier: str) -> tuple[Call, ...]:
    """It knows no keys: the record knows what was sent. What ends calls no one."""
    del earlier
    clear = outgoing.occasion is Occasion.CLEAR
    _, _, priority = _URGENCY[outgoing.severity]
    body: dict[str, object] = {
        "title": texts.line(outgoing.headline, ALERT),
        "message": texts.cut(texts.seen(outgoing.text), PUSH),
        "priority": 2 if clear else priority,
        "tags": ["white_check_mark" if clear else "rotating_light"],
    }
    body |= {"click": outgoing.link} if outgoing.link else {}
    token = Credential(settings.token, scheme="Bearer") if settings.token else None
    return (Call(settings.url, body, credential=token, keys={"topic": settings.topic}, again=False),)


def _hosted(settings: Pagerduty | Opsgenie) -> Call:
    return Call(settings.url)


def _health(settings: Ntfy) -> Call:
    return Call(f"{settings.url}/v1/health", method="GET")


KINDS = (
    Kind(Pagerduty, CALLED, _pagerduty, _hosted),
    Kind(Opsgenie, CALLED, _opsgenie, _hosted),
    Kind(Ntfy, CALLED, _ntfy, _health, harmless=True),
)
