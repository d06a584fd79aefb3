"""One suite for all connectors: what each gives is read by the sources, and a system that fails says so."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

import vendors
from lastgood.decoding.input import Input
from lastgood.errors import NotFetchedError
from lastgood.intake._registry import best_claim
from lastgood.model.window import Window
from lastgood.outside.connectors._registry import Asking, Document, Limit, connectors
from lastgood.outside.connectors.wire import Bounds, Wire
from systems import System, Trace, elasticsearch, jaeger, jaeger_trace, loki, running, tempo

START = datetime(2026, 11, 30, 1, 0, tzinfo=UTC)
WINDOW = Window(START, START + timedelta(hours=2))
NS = int(START.timestamp()) * 10**9
PAGE = {"page": {"id": "p", "name": "Payments", "url": "https://status.test"}}
ALERT = {
    "labels": {"alertname": "Errors", "service": "web"}, "annotations": {}, "startsAt": "2026-11-30T02:00:00Z",
    "endsAt": "2026-11-30T03:00:00Z", "fingerprint": "a1", "status": {"state": "active"},
}  # fmt: skip
INCIDENT = {
    "id": "i", "name": "Cards fail", "status": "investigating", "impact": "major", "created_at": "2026-11-30T02:00:00Z",
    "started_at": "2026-11-30T02:00:00Z", "incident_updates": [], "components": [], "shortlink": "https://stspg.test/i",
}  # fmt: skip
SPANS = [
    {
        "resource": {"attributes": [{"key": "service.name", "value": {"stringValue": "web"}}]},
        "scopeSpans": [
            {"spans": [{"traceId": "0a" * 16, "spanId": "0b" * 8, "name": "GET /", "kind": 2,
                        "startTimeUnixNano": str(NS), "endTimeUnixNano": str(NS + 10**6), "status": {}}]}
        ],
    }
]  # fmt: skip
DEPLOYMENT = {
    "id": 7, "sha": "0123456789abcdef0123456789abcdef01234567", "ref": "v2", "environment": "production",
    "created_at": "2026-11-30T01:30:00Z", "updated_at": "2026-11-30T01:31:00Z",
}  # fmt: skip
COMMIT = {
    "sha": DEPLOYMENT["sha"],
    "commit": {"author": {"name": "a", "email": "a@shop.test", "date": "2026-11-30T01:20:00Z"},
               "committer": {"name": "a", "email": "a@shop.test", "date": "2026-11-30T01:20:00Z"}, "message": "faster"},
    "files": [{"filename": "web.py", "status": "modified", "additions": 1, "deletions": 1, "changes": 2,
               "patch": "@@ -1 +1 @@\n-TIMEOUT = 5\n+TIMEOUT = 1"}],
}  # fmt: skip

SYSTEMS: dict[str, Callable[[], System]] = {
    **vendors.SYSTEMS,
    "loki": lambda: loki([(NS + 1, "web", "GET / 200"), (NS + 2, "web", "ERROR no connection")]),
    "jaeger": lambda: jaeger({"web": [(NS // 1000, jaeger_trace("0a" * 16, NS // 1000, "web"))]}),
    "tempo": lambda: tempo(
        [
            Trace(name * 16, NS, NS + 10**6, frozenset({failed}), frozenset({"web"}), SPANS)
            for name, failed in (("0a", True), ("0c", False))
        ]
    ),
    "elasticsearch": lambda: elasticsearch(
        [(f"2026-11-30T01:0{n}:00.000Z", {"message": "started", "log.level": "info"}) for n in range(3)]
    ),
    "statuspage": lambda: System(
        {
            "/api/v2/summary.json": lambda _: PAGE,
            "/api/v2/incidents.json": lambda _: {**PAGE, "incidents": [INCIDENT]},
            "/api/v2/scheduled-maintenances.json": lambda _: {**PAGE, "scheduled_maintenances": []},
        }
    ),
    "alertmanager": lambda: System(
        {"/api/v2/status": lambda _: {"versionInfo": {}}, "/api/v2/alerts": lambda _: [ALERT]}
    ),
    "github": lambda: System(
        {
            "/repos/shop/web/deployments": lambda _: [DEPLOYMENT],
            "/repos/shop/web/deployments/7/statuses": lambda _: [
                {"id": 9, "state": "success", "created_at": "2026-11-30T01:32:00Z", "environment": "production",
                 "deployment_url": "https://api.github.test/repos/shop/web/deployments/7"}
            ],
            "/repos/shop/web/commits": lambda _: [{k: v for k, v in COMMIT.items() if k != "files"}],
            f"/repos/shop/web/commits/{COMMIT['sha']}": lambda _: COMMIT,
        }
    ),
    "slack": lambda: System(
        {
            "/conversations.history": lambda _: {"ok": True, "messages": [
                {"type": "message", "user": "U1", "text": "flag off", "ts": "1764468000.000100"}]},
            "/users.info": lambda _: {"ok": True, "user": {"real_name": "Kim"}},
        }
    ),
}  # fmt: skip
TARGETS = {**vendors.TARGETS, "elasticsearch": "logs", "github": "shop/web", "slack": "C1"}
FORMATS = {
    **vendors.FORMATS,
    "loki": {"log_documents"}, "jaeger": {"jaeger"}, "tempo": {"otlp"}, "elasticsearch": {"log_documents"},
    "statuspage": {"statuspage"}, "alertmanager": {"alerts"}, "github": {"github", "change_feeds"}, "slack": {"slack"},
}  # fmt: skip


@pytest.fixture(autouse=True)
def _aws(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keys and a region, as AWS' own programs take them."""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "an-example")
    monkeypatch.setenv("AWS_REGION", "eu-west-1")


def fetched(kind: str, url: str, **bounds: int) -> list[Document | Limit]:
    """What a connector gives."""
    with Wire(url, bounds=Bounds(tries=1, **bounds)) as wire:
        return list(
            connectors()[kind].fetch(
                wire, Asking(WINDOW, select=vendors.SELECTED.get(kind, ""), target=TARGETS.get(kind, ""))
            )
        )


@pytest.mark.parametrize("kind", SYSTEMS)
def test_what_it_gives_is_read_by_a_source(kind: str) -> None:
    """Nothing is missing, and each document is recognised as what it is."""
    with running(SYSTEMS[kind]()) as url:
        found = fetched(kind, url)

    documents = [one for one in found if isinstance(one, Document)]
    claims = [best_claim(Input(None, one.name, one.content)) for one in documents]
    assert len(found) == len(documents) > 0
    assert FORMATS[kind] == {claim[0].name for claim in claims if claim}


@pytest.mark.parametrize("kind", [kind for kind in SYSTEMS if connectors()[kind].detect])
def test_it_knows_its_own_system_only(kind: str) -> None:
    """An address is asked what it is."""
    with running(SYSTEMS[kind]()) as url, Wire(url, bounds=Bounds(tries=1)) as wire:
        known = {name for name, one in connectors().items() if one.detect and one.detect(wire)}

    assert {kind} == known


@pytest.mark.parametrize("kind", SYSTEMS)
def test_a_system_that_is_down_says_so(kind: str) -> None:
    """An error with the reason, never an empty answer."""
    system = SYSTEMS[kind]()
    system.faults = [(500, {}, b"no shards")] * 50
    with running(system) as url, pytest.raises(NotFetchedError, match="500 Internal Server Error: no shards"):
        fetched(kind, url)


def test_every_connector_is_played_or_real() -> None:
    """One that is added joins this suite, or has a real peer or a program in its own."""
    assert {*SYSTEMS, "clickhouse", "docker", "journald", "kubernetes", "prometheus"} == set(connectors())
