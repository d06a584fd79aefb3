"""Who was paged, which flag was changed, and what third parties say, played by the documented APIs of those who know it."""

import json
import re
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from systems import Given, System

Rows = Sequence[Mapping[str, Any]]


def by_offset(rows: Rows, given: Given) -> Rows:
    """A page that is asked for by where it begins."""
    begin, size = int(given.get("offset", 0)), int(given["limit"])
    return rows[begin : begin + size]


PAGERDUTY_INCIDENT = {
    "id": "PT4KHLK", "type": "incident", "incident_number": 1234, "title": "Errors of web", "status": "resolved", "urgency": "high",
    "created_at": "2026-11-30T01:40:00Z", "resolved_at": "2026-11-30T02:00:00Z", "html_url": "https://shop.pagerduty.test/incidents/PT4KHLK",
    "service": {"id": "PIJ90N7", "type": "service_reference", "summary": "web"},
}  # fmt: skip


PAGERDUTY_CHANGE = {
    "id": "01DC5F3KX5BLRFXFSG2A8VZ6DH", "type": "change_event", "summary": "Deployed web 2.4.1", "timestamp": "2026-11-30T01:30:00Z",
    "source": "shop-ci", "services": [{"id": "PIJ90N7", "type": "service_reference", "summary": "web"}],
    "integration": {"id": "PEYSGVF", "type": "inbound_integration_reference", "summary": "CI"},
    "links": [{"href": "https://ci.test/42", "text": "build 42"}], "custom_details": {"user": "kim", "version": "2.4.1"},
}  # fmt: skip


def pagerduty(incidents: Rows, changes: Rows | None = (PAGERDUTY_CHANGE,)) -> System:
    """PagerDuty with one service, with change events or an account that has none; `more` says whether there is another page."""

    def listed(name: str, rows: Rows, given: Given) -> Any:
        shown = by_offset(rows, given)
        more = int(given["offset"]) + len(shown) < len(rows)
        return {
            name: shown,
            "limit": int(given["limit"]),
            "offset": int(given["offset"]),
            "total": None,
            "more": more,
        }

    of_changes = {
        place: partial(listed, "change_events", changes or ())
        for place in ("/change_events", "/services/PIJ90N7/change_events")
        if changes is not None
    }
    return System(
        {
            "/incidents": partial(listed, "incidents", incidents),
            **of_changes,
            "/services": lambda _: {"services": [{"id": "PIJ90N7", "name": "web"}], "more": False},
        }
    )


OPSGENIE_ALERT = {
    "id": "70413a06-38d6-4c85-92b8-5ebc900d42e2", "tinyId": "1791", "alias": "errors-web", "message": "Errors of web", "status": "closed",
    "acknowledged": True, "isSeen": True, "tags": ["web"], "snoozed": False, "count": 3, "lastOccurredAt": "2026-11-30T01:50:00.000Z",
    "createdAt": "2026-11-30T01:40:00.000Z", "updatedAt": "2026-11-30T02:00:00.000Z", "source": "prometheus", "owner": "kim", "priority": "P1",
}  # fmt: skip


def opsgenie(alerts: Rows) -> System:
    """Opsgenie: a page that is not full is the last."""
    return System(
        {
            "/v2/alerts": lambda given: {"data": by_offset(alerts, given), "took": 0.1, "requestId": "r"},
            "/v2/alerts/count": lambda _: {"data": {"count": len(alerts)}, "took": 0.1, "requestId": "r"},
        }
    )


def launchdarkly_entry(number: int, at: int) -> Mapping[str, Any]:
    """One of the audit log, at a time in milliseconds."""
    resource = "proj/default:env/production:flag/new-pay"
    return {
        "_id": f"{number:024x}", "date": at, "kind": "flag", "name": "New pay", "description": "", "comment": "",
        "title": "[Kim](mailto:kim@shop.test) turned on the flag [New pay](https://app.launchdarkly.test/) in `Production`",
        "titleVerb": "turned on the flag", "member": {"email": "kim@shop.test"}, "accesses": [{"action": "updateOn", "resource": resource}],
        "target": {"name": "New pay", "resources": [resource]},
    }  # fmt: skip


def launchdarkly(entries: Rows) -> System:
    """LaunchDarkly: entries between two times without them, the newest first, twenty at most."""

    def listed(given: Given) -> Any:
        if int(given["limit"]) > 20:
            return 400, {}, b'{"code": "invalid_request"}'
        before, after = int(given.get("before", 2**60)), int(given.get("after", 0))
        found = sorted((one for one in entries if after < one["date"] < before), key=lambda one: -one["date"])
        return {"items": found[: int(given["limit"])], "_links": {"self": {"href": "/api/v2/auditlog"}}}

    return System({"/api/v2/auditlog": listed})


UNLEASH_EVENT = {
    "id": 65, "type": "feature-environment-enabled", "createdBy": "kim", "createdByUserId": 2, "createdAt": "2026-11-30T01:30:00.000Z",
    "data": None, "preData": None, "tags": [], "featureName": "new-pay", "project": "default", "environment": "production",
    "label": "Flag enabled", "summary": "**kim** enabled **new-pay**",
}  # fmt: skip


def unleash(events: Rows) -> System:
    """Unleash: events of whole days."""

    def listed(given: Given) -> Any:
        if not all(
            re.fullmatch(r"IS:\d{4}-\d\d-\d\d", given.get(name, "IS:2026-01-01")) for name in ("from", "to")
        ):
            return 400, {}, b'{"message": "pattern"}'
        return {"events": by_offset(events, given), "total": len(events)}

    return System({"/api/admin/search/events": listed})


FLAGSMITH_ENTRY = {
    "id": 5, "created_date": "2026-11-30T01:30:00.000000Z", "log": "Flag state updated for feature: new-pay",
    "author": {"id": 2, "email": "kim@shop.test", "first_name": "Kim", "last_name": ""}, "environment": {"id": 3, "name": "Production"},
    "project": {"id": 7, "name": "shop"}, "related_object_id": 9, "related_object_type": "FEATURE_STATE", "is_system_event": False,
}  # fmt: skip


def flagsmith(entries: Rows) -> System:
    """Flagsmith with one project, 7: pages by number."""

    def listed(given: Given) -> Any:
        size, number = int(given["page_size"]), int(given.get("page", 1))
        more = number * size < len(entries)
        return {
            "count": len(entries), "next": "https://flagsmith.test/next" if more else None, "previous": None,
            "results": entries[(number - 1) * size : number * size],
        }  # fmt: skip

    return System({"/api/v1/projects/7/audit/": listed})


RSS = b"""<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/">
  <channel>
    <title>Amazon Web Services Service Status</title><link>https://status.aws.test/</link>
    <item>
      <title><![CDATA[Service impact: Increased Error Rates]]></title><link>https://status.aws.test/</link>
      <pubDate>Mon, 30 Nov 2026 01:10:00 PST</pubDate><guid isPermaLink="false">https://status.aws.test/#sqs_1</guid>
      <description><![CDATA[We are investigating <b>increased</b> error rates &amp; latencies.]]></description>
    </item>
    <item><title>without a time</title></item>
    <item><title>Before</title><pubDate>Sun, 29 Nov 2026 00:00:00 GMT</pubDate><guid>b</guid></item>
  </channel>
</rss>
"""
ATOM = b"""<?xml version="1.0" encoding="utf-8"?>
<feed xmlns="http://www.w3.org/2005/Atom">
  <title>Payments</title>
  <entry>
    <id>tag:payments.test,2026:1</id><title>Cards fail</title><updated>2026-11-30T02:10:00Z</updated>
    <published>2026-11-30T01:40:00Z</published><link rel="alternate" href="https://payments.test/1"/>
    <author><name>Kim</name></author><content type="html">&lt;p&gt;Investigating&lt;/p&gt;</content>
  </entry>
</feed>
"""


def feed(content: bytes) -> System:
    """A feed at the root."""
    return System({"/": lambda _: (200, {"Content-Type": "application/xml"}, content)})


GOOGLE_INCIDENT: dict[str, Any] = {
    "id": "ow5i3PPK96RduMcb1SsW", "number": "7541162173203127226", "begin": "2026-11-30T01:20:00+00:00", "created": "2026-11-30T01:25:00+00:00",
    "end": None, "modified": "2026-11-30T01:40:00+00:00", "external_desc": "Elevated errors in Cloud SQL", "status_impact": "SERVICE_DISRUPTION",
    "updates": [{"created": "2026-11-30T01:25:00+00:00", "modified": "2026-11-30T01:25:00+00:00", "when": "2026-11-30T01:25:00+00:00",
                 "text": "We are\ninvestigating", "status": "SERVICE_DISRUPTION", "affected_locations": []}],
    "most_recent_update": {}, "severity": "medium", "service_key": "zall", "service_name": "Multiple Products",
    "affected_products": [{"title": "Cloud SQL", "id": "hV87iK5DcEXKgWU2kDri"}], "uri": "incidents/ow5i3PPK96RduMcb1SsW",
}  # fmt: skip


def google_status(incidents: Rows) -> System:
    """Google Cloud's page."""
    return System({"/incidents.json": lambda _: list(incidents)})


ZENDESK_TICKET = {
    "id": 35436, "result_type": "ticket", "type": "incident", "subject": "Cannot pay", "description": "My card is refused.", "status": "open",
    "priority": "high", "created_at": "2026-11-30T01:40:00Z", "updated_at": "2026-11-30T01:41:00Z", "tags": ["checkout"],
    "via": {"channel": "web"}, "requester_id": 20978392, "url": "https://shop.zendesk.test/api/v2/tickets/35436.json",
}  # fmt: skip


def zendesk(tickets: Rows) -> System:
    """Zendesk: a search in pages of which the last names no next one."""

    def search(given: Given) -> Any:
        size, number = int(given["per_page"]), int(given["page"])
        more = "https://shop.zendesk.test/next" if number * size < len(tickets) else None
        return {
            "results": tickets[(number - 1) * size : number * size],
            "next_page": more,
            "count": len(tickets),
        }

    return System(
        {"/api/v2/search.json": search, "/api/v2/search/count.json": lambda _: {"count": len(tickets)}}
    )


INTERCOM_CONVERSATION = {
    "type": "conversation", "id": "147", "created_at": 1796002800, "updated_at": 1796002860, "state": "open", "priority": "not_priority",
    "title": None, "source": {"type": "conversation", "id": "1", "delivered_as": "customer_initiated", "subject": "",
                              "body": "<p>I cannot pay</p>", "author": {"type": "user", "id": "5"}},
}  # fmt: skip


def intercom(conversations: Rows) -> System:
    """Intercom: a search whose answer names what the next page begins after."""

    def search(given: Given) -> Any:
        page = json.loads(given["body"])["pagination"]
        begin, size = int(page.get("starting_after", 0)), int(page["per_page"])
        following = (
            {"next": {"page": 2, "starting_after": str(begin + size)}}
            if begin + size < len(conversations)
            else {}
        )
        return {
            "type": "conversation.list", "conversations": conversations[begin : begin + size], "total_count": len(conversations),
            "pages": {"type": "pages", **following},
        }  # fmt: skip

    return System({"/conversations/search": search})
