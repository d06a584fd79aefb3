"""Audit logs: what changes something is a change, what reads is a line, what was refused is not in force."""

import json
from typing import Any

from lastgood.decoding.input import Input
from lastgood.intake._registry import best_claim
from outcomes import outcome

UPDATE = {
    "eventTime": "2026-11-22T14:40:00Z", "eventSource": "ecs.amazonaws.com", "eventName": "UpdateService", "eventID": "1",
    "userIdentity": {"userName": "deployer"}, "requestParameters": {"service": "checkout", "taskDefinition": "checkout:46"},
}  # fmt: skip
DENIED = {
    "eventTime": "2026-11-22T14:41:00Z", "eventSource": "rds.amazonaws.com", "eventName": "ModifyDBInstance",
    "errorCode": "AccessDenied", "eventID": "2",
}  # fmt: skip
LISTED = {
    "eventTime": "2026-11-22T14:42:00Z",
    "eventSource": "ec2.amazonaws.com",
    "eventName": "DescribeInstances",
    "eventID": "3",
}
GOOGLE = {
    "timestamp": "2026-11-22T14:40:00Z", "insertId": "a",
    "protoPayload": {
        "methodName": "google.cloud.run.v1.Services.ReplaceService", "resourceName": "namespaces/shop/services/checkout",
        "authenticationInfo": {"principalEmail": "dev@shop.example"},
    },
}  # fmt: skip
CLUSTER = {
    "apiVersion": "audit.k8s.io/v1", "kind": "Event", "auditID": "7", "verb": "patch", "user": {"username": "ci"},
    "objectRef": {"resource": "deployments", "name": "checkout", "namespace": "shop"}, "responseStatus": {"code": 200},
    "requestReceivedTimestamp": "2026-11-22T14:40:00.123456Z",
}  # fmt: skip


def read(*rows: dict[str, Any]) -> dict[str, list[dict[str, Any]]]:
    """The rows of a file of CloudTrail, or of lines."""
    text = json.dumps({"Records": rows}) if "eventName" in rows[0] else "\n".join(map(json.dumps, rows))
    return outcome(text.encode(), "audit.json").rows


def test_a_call_that_changes_something_is_a_change() -> None:
    """With who made it, of what, to which version."""
    update, denied = read(UPDATE, DENIED, LISTED)["lg_changes"]

    assert ("deploy", "checkout", "checkout:46", "deployer") == tuple(
        update[name] for name in ("Kind", "Service", "Version", "Actor")
    )
    assert ("config", "denied") == (denied["Kind"], denied["State"])


def test_a_call_that_reads_is_a_line() -> None:
    """It may be asked for, and changed nothing."""
    (line,) = read(UPDATE, LISTED)["otel_logs"]
    assert "DescribeInstances" == line["Body"]


def test_other_clouds_and_clusters_are_known() -> None:
    """Google's audit log and that of Kubernetes' API."""
    (google,) = read(GOOGLE)["lg_changes"]
    (cluster,) = read(CLUSTER, CLUSTER | {"verb": "get"})["lg_changes"]

    assert ("deploy", "checkout", "dev@shop.example") == (google["Kind"], google["Service"], google["Actor"])
    assert ("deploy", "checkout", "ci") == (cluster["Kind"], cluster["Service"], cluster["Actor"])


def test_a_call_tells_what_it_sets_and_of_what() -> None:
    """The thing of an ARN, the values as an edit; a shipped archive names its version."""
    asked = {
        "targetGroupArn": "arn:aws:elb:eu-1:1:targetgroup/web/73e2",
        "healthCheckPath": "/deep",
        "unhealthyThresholdCount": 2,
    }
    shipped = {"applicationName": "web", "revision": {"s3Location": {"key": "web/v2.14.0.zip"}}}
    listed = {
        "dBParameterGroupName": "pg15",
        "parameters": [{"parameterName": "work_mem", "parameterValue": "4MB", "applyMethod": "immediate"}],
    }
    first, second, third = (
        read(UPDATE | {"eventName": name, "requestParameters": given})["lg_changes"][0]
        for name, given in (
            ("ModifyTargetGroup", asked),
            ("CreateDeployment", shipped),
            ("ModifyDBParameterGroup", listed),
        )
    )
    assert ("web", "ModifyTargetGroup web healthCheckPath=/deep unhealthyThresholdCount=2") == (
        first["Service"],
        first["Title"],
    )
    assert "+healthCheckPath: /deep\n+unhealthyThresholdCount: 2" in first["Diff"]
    assert ("web", "v2.14.0", "deploy") == (second["Service"], second["Version"], second["Kind"])
    assert ("pg15", "ModifyDBParameterGroup pg15 work_mem=4MB") == (third["Service"], third["Title"])


def vault(operation: str, path: str, who: str, kind: str = "response") -> dict[str, Any]:
    """An entry of Vault's audit device."""
    return {
        "time": "2026-11-22T14:40:00.123456789Z", "type": kind, "auth": {"display_name": who},
        "request": {"id": f"{operation}{path}", "operation": operation, "path": path},
    }  # fmt: skip


def test_what_people_write_into_vault_is_a_change() -> None:
    """Programs fetch and renew all day; a rotation is of the service that the role is called after."""
    found = read(
        vault("update", "database/rotate-role/web-app", "oidc-ann", "request"),
        vault("update", "database/rotate-role/web-app", "oidc-ann"),
        vault("update", "auth/token/renew-self", "kubernetes-web"),
        vault("update", "kv/data/web", "kubernetes-web"),
        vault("update", "kv/data/mail", "oidc-ann"),
        vault("read", "kv/data/mail", "oidc-ann"),
    )
    rotated, written = found["lg_changes"]
    assert ("web", "oidc-ann", "config") == (rotated["Service"], rotated["Actor"], rotated["Kind"])
    assert "-credential: previous" in rotated["Diff"]
    assert ("update kv/data/mail", "") == (written["Title"], written["Diff"])
    assert 3 == len(found["otel_logs"])


def test_a_type_that_is_no_word_is_no_audit() -> None:
    """Other documents have objects there."""
    claimed = best_claim(Input(None, "x.json", b'{"type":{"a":1},"request":{"operation":"read","path":"x"}}'))
    assert claimed is None or "cloud_audit" != claimed[0].name
