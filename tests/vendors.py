"""Systems that vendors run, played by their documented APIs: what each holds in the suite for all connectors."""

import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

import platforms
from clouds import DATADOG_EVENT, cloudwatch, cloudwatch_logs, datadog, metric, splunk
from systems import Given, Route, System, victorialogs, zipkin, zipkin_trace

AT = datetime(2026, 11, 30, 1, 30, tzinfo=UTC)
US = int(AT.timestamp()) * 10**6
SHA = "0123456789abcdef0123456789abcdef01234567"
Rows = list[dict[str, Any]]


def numbered(rows: Rows) -> Route:
    """A list in pages that are asked for by number, as GitLab has it."""

    def page(given: Given) -> Any:
        size, number = int(given["per_page"]), int(given.get("page", 1))
        return rows[(number - 1) * size : number * size]

    return page


GITLAB_DEPLOYMENT = {
    "id": 41, "iid": 1, "ref": "main", "sha": SHA, "created_at": "2026-11-30T01:20:00.000Z", "status": "success",
    "updated_at": "2026-11-30T01:32:00.000Z", "user": {"username": "kim", "name": "Kim"},
    "environment": {"id": 9, "name": "production", "external_url": "https://shop.test"},
    "deployable": {"id": 657, "started_at": "2026-11-30T01:30:00.000Z", "finished_at": "2026-11-30T01:32:00.000Z",
                   "web_url": "https://gitlab.test/shop/web/-/jobs/657"},
}  # fmt: skip
GITLAB_COMMIT = {
    "id": SHA, "short_id": SHA[:8], "title": "faster", "message": "faster\n", "author_name": "Kim", "author_email": "kim@shop.test",
    "authored_date": "2026-11-30T01:10:00.000+00:00", "committed_date": "2026-11-30T01:10:00.000+00:00",
    "created_at": "2026-11-30T01:10:00.000+00:00", "parent_ids": ["b" * 40], "web_url": "https://gitlab.test/shop/web/-/commit/1",
}  # fmt: skip
GITLAB_DIFF = {
    "old_path": "web.py", "new_path": "web.py", "new_file": False, "renamed_file": False, "deleted_file": False,
    "diff": "@@ -1 +1 @@\n-TIMEOUT = 5\n+TIMEOUT = 1\n",
}  # fmt: skip


def gitlab(deployments: Rows, commits: Rows) -> System:
    """GitLab with one project, `shop/web`."""
    project = "/projects/shop%2Fweb"
    return System(
        {
            project: lambda _: {"path_with_namespace": "shop/web", "permissions": {
                "project_access": {"access_level": 40}, "group_access": None}},
            f"{project}/deployments": numbered(deployments),
            f"{project}/repository/commits": numbered(commits),
            **{f"{project}/repository/commits/{one['id']}/diff": lambda _: [GITLAB_DIFF] for one in commits},
        }
    )  # fmt: skip


ARGO_APPLICATION = {
    "metadata": {"name": "web", "namespace": "argocd", "labels": {"team": "shop"}},
    "spec": {"project": "shop", "source": {"repoURL": "https://git.test/shop.git", "path": "web", "targetRevision": "HEAD"}},
    "status": {
        "history": [
            {"id": 6, "revision": "a" * 40, "deployStartedAt": "2026-11-28T09:00:00Z", "deployedAt": "2026-11-28T09:01:00Z",
             "source": {"repoURL": "https://git.test/shop.git"}, "initiatedBy": {"automated": True}},
            {"id": 7, "revision": SHA, "deployStartedAt": "2026-11-30T01:30:00Z", "deployedAt": "2026-11-30T01:31:00Z",
             "source": {"repoURL": "https://git.test/shop.git"}, "initiatedBy": {"username": "kim"}},
        ],
        "sync": {"status": "Synced", "revision": SHA}, "health": {"status": "Healthy"}, "summary": {"images": ["shop/web:2.4.1"]},
    },
}  # fmt: skip


def argocd(applications: Rows) -> System:
    """Argo CD whose caller may read and not sync."""
    return System(
        {
            "/api/version": lambda _: {"Version": "v2.13.1+af54ef8"},
            "/api/v1/applications": lambda _: {
                "metadata": {"resourceVersion": "1"},
                "items": applications or None,
            },
            "/api/v1/account/can-i/applications/sync/*": lambda _: {"value": "no"},
        }
    )


SENTRY_EVENT = {
    "id": "9fac2ceed9344f2bbfdd1fdacb0ed9b1", "eventID": "9fac2ceed9344f2bbfdd1fdacb0ed9b1", "groupID": "1341191803",
    "event.type": "error", "title": "TimeoutError: card processor", "message": "", "platform": "python", "projectID": "17",
    "dateCreated": "2026-11-30T01:35:01Z", "culprit": "shop.pay in charge", "location": "shop/pay.py", "user": {"id": "17"},
    "tags": [{"key": "environment", "value": "prod"}, {"key": "level", "value": "error"}],
}  # fmt: skip
SENTRY_RELEASE = {
    "id": 2, "version": "web@2.4.1", "shortVersion": "web@2.4.1", "ref": SHA, "url": None, "dateReleased": None, "deployCount": 1,
    "dateCreated": "2026-11-30T01:15:08.033Z", "commitCount": 1, "newGroups": 0, "firstEvent": None, "lastEvent": None,
    "lastCommit": None, "authors": [], "projects": [{"name": "Web", "slug": "web"}], "data": {},
    "lastDeploy": {"id": "5", "environment": "prod", "dateStarted": "2026-11-30T01:30:00Z", "dateFinished": "2026-11-30T01:31:00Z",
                   "name": "", "url": None},
}  # fmt: skip


def sentry(events: Rows, releases: Rows) -> System:
    """Sentry with one project, `shop/web`: events in pages that the header Link names, one also behind the last."""

    def listed(given: Given) -> Any:
        begin, size = int(given.get("cursor", "0:0:0").split(":")[1]), int(given["per_page"])
        more = "true" if begin + size < len(events) else "false"
        link = "<https://sentry.test/next>; rel={}; results={}; cursor={}"
        ahead = link.format('"next"', f'"{more}"', f'"0:{begin + size}:0"')
        back = link.format('"previous"', '"false"', '"0:0:1"')
        return 200, {"Link": f"{back}, {ahead}"}, _json(events[begin : begin + size])

    return System(
        {
            "/projects/shop/web/": lambda _: {"slug": "web", "access": ["project:read", "event:read"]},
            "/projects/shop/web/events/": listed,
            "/organizations/shop/releases/": lambda _: releases,
        }
    )


def _json(document: Any) -> bytes:

    return json.dumps(document).encode()


SYSTEMS: Mapping[str, Callable[[], System]] = {
    "gitlab": lambda: gitlab([GITLAB_DEPLOYMENT], [GITLAB_COMMIT]),
    "argocd": lambda: argocd([ARGO_APPLICATION]),
    "sentry": lambda: sentry([SENTRY_EVENT], [SENTRY_RELEASE]),
    "datadog": lambda: datadog(["trace.http.request.hits"], [DATADOG_EVENT]),
    "cloudwatch": lambda: cloudwatch([metric("AWS/RDS", "CPUUtilization", DBInstanceIdentifier="ledger-db")]),
    "cloudwatch-logs": lambda: cloudwatch_logs([(int(AT.timestamp()), "ERROR no connection")]),
    "zipkin": lambda: zipkin({"web": [(US, zipkin_trace("0a" * 16, US, "web"))]}),
    "pagerduty": lambda: platforms.pagerduty([platforms.PAGERDUTY_INCIDENT]),
    "opsgenie": lambda: platforms.opsgenie([platforms.OPSGENIE_ALERT]),
    "launchdarkly": lambda: platforms.launchdarkly([platforms.launchdarkly_entry(1, US // 1000)]),
    "unleash": lambda: platforms.unleash([platforms.UNLEASH_EVENT]),
    "flagsmith": lambda: platforms.flagsmith([platforms.FLAGSMITH_ENTRY]),
    "feed": lambda: platforms.feed(platforms.RSS),
    "google-status": lambda: platforms.google_status([platforms.GOOGLE_INCIDENT]),
    "splunk": lambda: splunk([("2026-11-30T01:30:00.000+00:00", 'level=error msg="no connection"')]),
    "zendesk": lambda: platforms.zendesk([platforms.ZENDESK_TICKET]),
    "intercom": lambda: platforms.intercom([platforms.INTERCOM_CONVERSATION]),
    "victorialogs": lambda: victorialogs([("2026-11-30T01:30:00.5Z", "GET / 200")]),
}
SELECTED = {"splunk": "index=shop"}
TARGETS = {"gitlab": "shop/web", "sentry": "shop/web", "flagsmith": "7"}
FORMATS = {
    "gitlab": {"gitlab", "change_feeds"}, "argocd": {"revisions"}, "sentry": {"sentry"},
    "datadog": {"metric_answers", "log_documents"}, "cloudwatch": {"metric_answers"}, "cloudwatch-logs": {"log_documents"},
    "pagerduty": {"alerts", "pagerduty_changes"}, "opsgenie": {"alerts"}, "launchdarkly": {"flags"}, "unleash": {"flags"}, "flagsmith": {"flags"},
    "feed": {"feeds"}, "google-status": {"statuspage"}, "splunk": {"logs"},
    "zendesk": {"support_tickets"}, "intercom": {"support_tickets"}, "zipkin": {"zipkin"}, "victorialogs": {"logs"},
}  # fmt: skip
