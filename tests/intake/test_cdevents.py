"""CDEvents and CloudEvents."""

import json
from pathlib import Path

from intake.changed import decode, written

DEPLOYED = {
    "context": {
        "specversion": "0.5.0", "id": "271069a8", "source": "/ci/jobs", "type": "dev.cdevents.service.deployed.0.3.0",
        "timestamp": "2026-11-22T14:41:00Z",
    },
    "subject": {
        "id": "payments", "source": "/ci/jobs",
        "content": {
            "environment": {"id": "production", "source": "/ci"},
            "artifactId": "pkg:oci/payments@sha256%3A0b31?repository_url=registry.example&tag=v2.46.0",
        },
    },
}  # fmt: skip


def test_a_deployed_service_is_a_deploy(tmp_path: Path) -> None:
    """Its version is the artifact's tag."""
    done = decode(written(tmp_path, json.dumps(DEPLOYED)))
    (change,) = done.changes
    assert ("cdevents", "deploy", "payments", "v2.46.0", "deployed") == (
        done.source, change["Kind"], change["Service"], change["Version"], change["State"],
    )  # fmt: skip
    assert "production" == change["Attributes"]["deployment.environment.name"]


def test_a_batch_of_cloudevents_holds_deploys_alerts_and_flags(tmp_path: Path) -> None:
    """A build changes nothing that runs; an incident is a hint; a custom flag event is a flag."""

    def event(kind: str, content: dict[str, object]) -> dict[str, object]:
        data = {
            "context": {"type": kind, "id": kind, "source": "/x", "timestamp": "2026-11-22T14:00:00Z"},
            "subject": {"id": "anz-3ds", "content": content},
        }
        return {"specversion": "1.0", "type": kind, "id": kind, "source": "/x", "data": data}

    batch = [
        event("dev.cdevents.service.rolledback.0.3.0", {}),
        event("dev.cdevents.incident.detected.0.3.0", {"description": "down", "service": {"id": "pay"}}),
        event("dev.cdeventsx.acme-flag.changed.0.1.0", {}),
        event("dev.cdevents.build.finished.0.2.0", {}),
        {"specversion": "1.0", "type": "com.acme.config.changed", "id": "9", "source": "/y", "time": "2026-11-22T14:01:00Z",
         "subject": "pay", "data": {"actor": "eve"}},
        {"specversion": "1.0", "type": "com.acme.config.changed", "id": "10", "source": "/y"},
    ]  # fmt: skip
    done = decode(written(tmp_path, json.dumps(batch)))
    assert ["deploy", "flag", "config"] == [change["Kind"] for change in done.changes]
    (alert,) = done.rows["lg_alerts"]
    assert ("pay", "firing", "down") == (alert["Service"], alert["State"], alert["Summary"])
    assert ("pay", "eve") == (done.changes[2]["Service"], done.changes[2]["Actor"])
    assert [6] == [reject.line for reject in done.rejects]
