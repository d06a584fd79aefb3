"""Changes and alerts as they are posted: keys, signatures, repeats."""

import base64
import hashlib
import hmac
from pathlib import Path

import orjson
import pytest

from lastgood.algorithms.standard_webhooks import headers
from senders import alert
from servers import Server, now, serving

pytestmark = pytest.mark.slow
SECRET = base64.b64encode(b"k" * 32).decode()
ENVIRONMENT = {
    "LASTGOOD_GITHUB_SECRET": "hub", "LASTGOOD_WEBHOOK_SECRET": f"whsec_{SECRET}",
    "LASTGOOD_TERRAFORM_SECRET": "hcp", "LASTGOOD_PAGERDUTY_SECRET": "pager",
}  # fmt: skip
CHANGE = {"time": "2026-11-22T14:41:00Z", "kind": "deploy", "service": "payments", "version": "v2"}


def signed(server: Server, message: str, change: dict[str, str]) -> dict[str, object]:
    body = orjson.dumps(change)
    sent = headers(b"k" * 32, message, int(now().timestamp()), body)
    return dict(server.post("/api/changes/webhook", body, key="none", **sent).json())


def test_what_is_posted_is_taken_once(tmp_path: Path) -> None:
    """By key or signature; a delivery again is repeated, one that cannot be read refused."""
    with serving(tmp_path, ENVIRONMENT) as server:
        assert 1 == server.post("/api/changes", CHANGE).json()["stored"]
        assert server.post("/api/changes", CHANGE).json()["repeated"]
        assert 400 == server.post("/api/changes", b"nonsense").status_code
        cloud = {"ce-type": "com.example.config.changed", "ce-id": "1", "ce-source": "s", "ce-specversion": "1.0",
                 "ce-time": "2026-11-22T14:42:00Z"}  # fmt: skip
        assert 1 == server.post("/api/changes", {}, **cloud).json()["stored"]

        assert 1 == signed(server, "m1", {**CHANGE, "id": "s1"})["stored"]
        assert signed(server, "m1", {**CHANGE, "id": "s2"})["repeated"]
        assert 401 == server.post("/api/changes/webhook", CHANGE).status_code

        body = orjson.dumps([{"id": 7, "ref": "v3", "sha": "b" * 40, "environment": "production",
                              "created_at": "2026-11-22T14:43:00Z"}])  # fmt: skip
        right = "sha256=" + hmac.new(b"hub", body, hashlib.sha256).hexdigest()
        sent = {"x-hub-signature-256": right, "x-github-delivery": "d1", "x-github-event": "deployment"}
        assert 1 == server.post("/api/changes/github", body, **sent).json()["stored"]
        assert server.post("/api/changes/github", body, **sent).json()["repeated"]
        assert 401 == server.post("/api/changes/github", body + b" ", **sent).status_code

        assert [] == server.post("/api/alerts", alert("A", "x", now(), status="resolved")).json()["incidents"]
        assert [1] == server.post("/api/alerts", alert("A", "x", now(), fingerprint="2")).json()["incidents"]
        assert 400 == server.post("/api/alerts", CHANGE).status_code
        assert 4 == server.rows("changes")
        _signed_by_others(server)


def _signed_by_others(server: Server) -> None:
    """Each in its own header; nothing without a secret."""
    body = orjson.dumps({
        "notification_configuration_id": "nc-1", "run_id": "run-7", "workspace_name": "shop-prod",
        "notifications": [{"run_status": "applied", "run_updated_at": "2026-11-22T14:44:00Z"}],
    })  # fmt: skip
    sent = {"x-tfe-notification-signature": hmac.new(b"hcp", body, hashlib.sha512).hexdigest()}
    assert 1 == server.post("/api/changes/terraform", body, key="none", **sent).json()["stored"]
    assert server.post("/api/changes/terraform", body, key="none", **sent).json()["repeated"]
    assert 401 == server.post("/api/changes/terraform", body + b" ", key="none", **sent).status_code
    assert 401 == server.post("/api/changes/gitlab", body, key="none", **{"x-gitlab-token": ""}).status_code

    paged = {
        "id": "P1",
        "created_at": now(),
        "title": "A",
        "urgency": "high",
        "service": {"summary": "y"},
    }
    body = orjson.dumps({"event": {"event_type": "incident.triggered", "data": paged}})
    sent = {"x-pagerduty-signature": "v1=" + hmac.new(b"pager", body, hashlib.sha256).hexdigest()}
    assert [2] == server.post("/api/alerts/pagerduty", body, key="none", **sent).json()["incidents"]
    assert 401 == server.post("/api/alerts/pagerduty", body, key="none").status_code
