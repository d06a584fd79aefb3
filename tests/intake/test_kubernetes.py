"""Kubernetes events and roll-outs."""

import json
from pathlib import Path

from intake.changed import decode, written
from outcomes import outcome


def event(reason: str, kind: str, name: str, message: str, **more: object) -> dict[str, object]:
    return {
        "apiVersion": "v1", "kind": "Event", "reason": reason, "message": message, "type": "Normal", "count": 1,
        "metadata": {"name": f"{name}.1", "namespace": "shop", "uid": f"{reason}/{name}"},
        "involvedObject": {"kind": kind, "name": name, "namespace": "shop"},
        "firstTimestamp": "2026-11-22T14:00:00Z", "lastTimestamp": "2026-11-22T14:30:00Z",
        "source": {"component": "kubelet"}, **more,
    }  # fmt: skip


def test_news_are_changes_and_routine_is_a_log_line(tmp_path: Path) -> None:
    """A pod's service is the Deployment it is of."""
    events = {
        "apiVersion": "v1", "kind": "List", "metadata": {"resourceVersion": ""},
        "items": [
            event("ScalingReplicaSet", "Deployment", "checkout", "Scaled up replica set checkout-7d9f8b6c5 to 3"),
            event("BackOff", "Pod", "checkout-7d9f8b6c5-x2x4z", "Back-off restarting", type="Warning", count=12),
            event("NodeNotReady", "Node", "node-3", "Node node-3 status is now: NodeNotReady"),
            event("Pulled", "Pod", "checkout-7d9f8b6c5-x2x4z", "Container image already present"),
            event("FailedScheduling", "Pod", "pay-0", "0/3 nodes", type="Warning", firstTimestamp=None, lastTimestamp=None,
                  eventTime="2026-11-22T14:20:00.123456Z"),
            event("Odd", "Pod", "x", "y", firstTimestamp=None, lastTimestamp=None),
        ],
    }  # fmt: skip
    done = decode(written(tmp_path, json.dumps(events)))
    assert [
        ("scaling", "checkout", "ScalingReplicaSet"),
        ("infrastructure", "checkout", "BackOff"),
        ("infrastructure", "", "NodeNotReady"),
        ("infrastructure", "pay", "FailedScheduling"),
    ] == [(c["Kind"], c["Service"], c["State"]) for c in done.changes]
    assert "12" == done.changes[1]["Attributes"]["k8s.event.count"]
    assert 1800 == (done.changes[1]["EndTimestamp"] - done.changes[1]["Timestamp"]).total_seconds()
    assert ["Pulled: Container image already present"] == [line["Body"] for line in done.rows["otel_logs"]]
    assert [6] == [reject.line for reject in done.rejects]


def test_settings_and_certificates_that_are_in_force_are_changes(tmp_path: Path) -> None:
    """That they are asked for is routine."""
    events = {
        "apiVersion": "v1", "kind": "List",
        "items": [
            event("Updated", "ConfigMap", "broker-acl", "applied by flux (platform@8d3f1aa)"),
            event("Issuing", "Certificate", "broker-tls", "Renewing certificate as renewal was scheduled"),
            event("Requested", "Certificate", "broker-tls", "Created new CertificateRequest resource"),
            event("Issuing", "Certificate", "broker-tls", "The certificate has been successfully issued"),
            event("Reloaded", "Deployment", "hooks", "Changes detected in 'hooks' of type 'SECRET', updated 'hooks'"),
        ],
    }  # fmt: skip
    done = decode(written(tmp_path, json.dumps(events)))

    assert [("config", "broker-acl"), ("certificate", "broker-tls"), ("config", "hooks")] == [
        (c["Kind"], c["Service"]) for c in done.changes
    ]
    assert 2 == len(done.rows["otel_logs"])


def test_a_replica_set_is_a_roll_out(tmp_path: Path) -> None:
    """Of its owner, with the image's tag as the version."""
    replicas = {
        "apiVersion": "v1", "kind": "List",
        "items": [
            {
                "apiVersion": "apps/v1", "kind": "ReplicaSet",
                "metadata": {
                    "name": "checkout-7d9f8b6c5", "namespace": "shop", "creationTimestamp": "2026-11-22T14:41:00Z",
                    "annotations": {"deployment.kubernetes.io/revision": "17"},
                    "ownerReferences": [{"kind": "Deployment", "name": "checkout"}],
                },
                "spec": {"template": {"spec": {"containers": [{"image": "registry.example:5000/checkout:v2.46.0"}]}}},
            }
        ],
    }  # fmt: skip
    (change,) = decode(written(tmp_path, json.dumps(replicas))).changes
    assert ("deploy", "checkout", "v2.46.0") == (change["Kind"], change["Service"], change["Version"])
    assert "17" == change["Attributes"]["k8s.deployment.revision"]


def test_an_autoscaler_that_may_not_scale_further_is_a_warning() -> None:
    """At the time since when it may not, with its bounds."""
    scaler = {
        "apiVersion": "autoscaling/v2", "kind": "HorizontalPodAutoscaler", "metadata": {"name": "search"},
        "spec": {"minReplicas": 2, "maxReplicas": 8},
        "status": {
            "currentReplicas": 8,
            "conditions": [
                {"type": "ScalingLimited", "status": "True", "reason": "TooManyReplicas", "lastTransitionTime": "2026-11-22T14:00:00Z"}
            ],
        },
    }  # fmt: skip
    (read,) = outcome(json.dumps(scaler).encode(), "hpa.json").rows["otel_logs"]
    assert ("search", "WARN") == (read["ServiceName"], read["SeverityText"])
    assert "ScalingLimited True: TooManyReplicas (8 replicas, 2 to 8 allowed)" == read["Body"]
