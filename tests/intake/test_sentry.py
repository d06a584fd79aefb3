"""Events of Sentry, as its API lists them and as one is downloaded."""

import json

from outcomes import outcome
from vendors import SENTRY_RELEASE

LISTED = {
    "eventID": "9fac2ceed9344f2bbfdd1fdacb0ed9b1", "groupID": "1341191803", "title": "TimeoutError: card processor", "message": "",
    "platform": "python", "dateCreated": "2026-11-22T14:05:01Z", "culprit": "shop.pay in charge", "user": {"id": "17"},
    "tags": [{"key": "environment", "value": "prod"}, {"key": "level", "value": "warning"}, {"key": "release", "value": "shop@2.4.1"}],
}  # fmt: skip
DOWNLOADED = {
    "event_id": "fc6d8c0c43fc4630ad850ee518f1b9d0", "timestamp": 1795356301.12, "platform": "javascript", "level": "fatal",
    "transaction": "/checkout", "server_name": "web-1", "release": "shop@2.4.1", "environment": "prod", "tags": [["browser", "Chrome"]],
    "exception": {"values": [{"type": "Error", "value": "a"}, {"type": "TypeError", "value": "x is undefined",
                  "stacktrace": {"frames": [{"filename": "app.js", "function": "pay", "lineno": 12}]}}]},
    "contexts": {"trace": {"trace_id": "0af7651916cd43dd8448eb211c80319c"}},
}  # fmt: skip


def test_a_listed_event_is_a_line_of_its_level() -> None:
    """Service and version are those of the release; level, environment and others are its tags."""
    found = outcome(json.dumps([LISTED, {"no": "event"}]).encode(), "events.json")
    (row,) = found.rows["otel_logs"]

    assert ("2026-11-22T14:05:01+00:00", 13, "shop") == (
        row["Timestamp"].isoformat(),
        row["SeverityNumber"],
        row["ServiceName"],
    )
    assert "TimeoutError: card processor" == row["Body"]
    assert {"service.version": "2.4.1", "deployment.environment": "prod"} == dict(row["ResourceAttributes"])
    assert 1 == len(found.rejects)
    assert found.balanced


def test_a_downloaded_event_has_its_exception_and_trace() -> None:
    """The last of its exceptions is the one that was raised."""
    (row,) = outcome(json.dumps(DOWNLOADED).encode(), "event.json").rows["otel_logs"]
    attributes = dict(row["LogAttributes"])

    assert ("TypeError: x is undefined", 21) == (row["Body"], row["SeverityNumber"])
    assert "0af7651916cd43dd8448eb211c80319c" == row["TraceId"]
    assert ("TypeError", "Chrome") == (attributes["exception.type"], attributes["browser"])
    assert "app.js:12" in attributes["exception.stacktrace"]


def test_a_listed_release_is_a_deploy_from_when_it_was_deployed() -> None:
    """Else from when it was released; one of which neither is known is a line."""
    released = SENTRY_RELEASE | {
        "lastDeploy": None,
        "dateReleased": "2026-11-30T01:20:00Z",
        "version": "2.4.0",
    }
    made = released | {"dateReleased": None}
    found = outcome(json.dumps([SENTRY_RELEASE, released, made]).encode(), "releases.json")
    deployed, earlier = found.rows["lg_changes"]

    assert ("2026-11-30T01:30:00+00:00", "web", "2.4.1", "deploy") == (
        deployed["Timestamp"].isoformat(), deployed["Service"], deployed["Version"], deployed["Kind"]
    )  # fmt: skip
    assert "release web@2.4.1 to prod" == deployed["Title"]
    assert ("2026-11-30T01:20:00+00:00", "web", "2.4.0") == (
        earlier["Timestamp"].isoformat(), earlier["Service"], earlier["Version"]
    )  # fmt: skip
    assert ["release 2.4.0 was made"] == [row["Body"] for row in found.rows["otel_logs"]]
    assert found.balanced
