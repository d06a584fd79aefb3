"""Events of Docker as JSON: lines of a service, and deploys."""

import json
from typing import Any

from outcomes import outcome


def event(action: str, kind: str = "container", **attributes: str) -> dict[str, Any]:
    """One event, with the fields of docs.docker.com, docker events."""
    return {
        "status": action, "id": "29d72966e0be", "from": "shop/web:2.4", "Type": kind, "Action": action,
        "Actor": {"ID": "29d72966e0be", "Attributes": {"image": "shop/web:2.4", "name": "shop-web-1", **attributes}},
        "scope": "local", "time": 1_795_000_865, "timeNano": 1_795_000_865_013_621_187,
    }  # fmt: skip


def test_each_event_is_a_line_and_a_container_made_is_a_deploy() -> None:
    """A container that ends well, as jobs do, is no warning."""
    events = [
        event("create", **{"com.docker.compose.service": "web"}),
        event("die", exitCode="137"),
        event("die", exitCode="0"),
        event("oom"),
        event("health_status: unhealthy"),
        event("pull", "image"),
        event("connect", "network"),
    ]
    found = outcome("\n".join(map(json.dumps, events)).encode(), "events.json")
    lines = found.rows["otel_logs"]
    (deploy,) = found.rows["lg_changes"]

    assert ["INFO", "WARN", "INFO", "ERROR", "WARN", "INFO", "INFO"] == [row["SeverityText"] for row in lines]
    assert ["web", *4 * ["shop-web-1"], "", ""] == [row["ServiceName"] for row in lines]
    assert "container die shop-web-1 (exit code 137)" == lines[1]["Body"]
    assert ("deploy", "web", "2.4", "shop/web:2.4") == tuple(
        deploy[name] for name in ("Kind", "Service", "Version", "Title")
    )
    assert deploy["Timestamp"].isoformat().startswith("2026-11-18T11:21:05.013621")
    assert found.balanced


def test_an_image_without_a_tag_is_no_version() -> None:
    """A registry's port is none either, and a digest tells a person nothing."""
    for image in ("registry.test:5000/web", "web@sha256:0a", "web"):
        found = outcome((json.dumps(event("create", image=image)) + "\n").encode(), "events.json")
        assert "lg_changes" not in found.rows
