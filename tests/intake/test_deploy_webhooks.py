"""What tools post when they have deployed or applied something."""

import json
from typing import Any

import pytest

from lastgood.model.change import NOT_IN_FORCE
from outcomes import Outcome, outcome

AT = "2026-11-22T14:41:00Z"
COMMIT = "279484c0e0ab279484c0e0ab279484c0e0ab2794"
GITLAB: dict[str, Any] = {
    "object_kind": "deployment", "status": "success", "status_changed_at": "2026-11-22 14:41:00 +0000",
    "deployment_id": 15, "environment": "production", "short_sha": "279484c0", "ref": "v2.46.0", "user": {"username": "ann"},
    "project": {"name": "Payments", "path_with_namespace": "shop/payments"},
}  # fmt: skip
ARGO: dict[str, Any] = {
    "app": {
        "metadata": {"name": "payments"},
        "status": {
            "operationState": {"phase": "Succeeded", "startedAt": AT, "finishedAt": "2026-11-22T14:43:00Z", "syncResult": {"revision": COMMIT}},
            "summary": {"images": ["registry.example/shop/payments:v2.46.0", "envoy:v1"]},
        },
    }
}  # fmt: skip
FLUX: dict[str, Any] = {
    "involvedObject": {"kind": "Kustomization", "namespace": "shop", "name": "payments"}, "severity": "info", "timestamp": AT,
    "message": "Applied revision", "reason": "ReconciliationSucceeded", "reportingController": "kustomize-controller",
    "metadata": {"kustomize.toolkit.fluxcd.io/revision": f"main@sha1:{COMMIT}"},
}  # fmt: skip
JENKINS: dict[str, Any] = {
    "name": "payments-deploy", "url": "job/payments-deploy/",
    "build": {
        "number": 18, "timestamp": 1_795_358_460_000, "phase": "COMPLETED", "status": "SUCCESS",
        "scm": {"url": "git@example.com:shop/payments.git", "commit": COMMIT}, "parameters": {"VERSION": "v2.46.0"},
    },
}  # fmt: skip
TERRAFORM: dict[str, Any] = {
    "notification_configuration_id": "nc-1", "run_id": "run-7", "run_message": "more workers", "workspace_name": "shop-prod",
    "notifications": [{"run_status": "applied", "run_updated_at": AT, "run_updated_by": "ann"}],
}  # fmt: skip
PAGERDUTY: dict[str, Any] = {
    "routing_key": "key-of-a-test",
    "payload": {
        "summary": "Deploy of payments v2.46.0", "timestamp": AT, "source": "ci",
        "custom_details": {"service": "payments", "version": "v2.46.0"},
    },
}  # fmt: skip


def told(body: object) -> Outcome:
    return outcome(json.dumps(body).encode())


@pytest.mark.parametrize(
    ("body", "form", "kind", "service", "version", "state"),
    [
        (GITLAB, "GitLab deployment webhook", "deploy", "payments", "v2.46.0", "success"),
        (ARGO, "Argo CD application", "deploy", "payments", "v2.46.0", "succeeded"),
        ({"kind": "Application", **ARGO["app"]}, "Argo CD application", "deploy", "payments", "v2.46.0", "succeeded"),
        (FLUX, "Flux notification", "deploy", "payments", COMMIT[:12], "succeeded"),
        (JENKINS, "Jenkins notification", "deploy", "payments", "v2.46.0", "success"),
        (TERRAFORM, "Terraform Cloud notification", "infrastructure", "", "run-7", "applied"),
        (PAGERDUTY, "PagerDuty change event", "deploy", "payments", "v2.46.0", ""),
    ],
)  # fmt: skip
def test_each_tool_tells_what_changed_where(
    body: object, form: str, kind: str, service: str, version: str, state: str
) -> None:
    """At the time that it says, once, without its key."""
    found = told(body)
    (row,) = found.rows["lg_changes"]

    assert form == found.claim.format
    assert (kind, service, version, state) == (row["Kind"], row["Service"], row["Version"], row["State"])
    assert "14:41" == f"{row['Timestamp']:%H:%M}"
    assert "key-of-a-test" not in str(row)


@pytest.mark.parametrize(
    "body",
    [
        {"app": {**ARGO["app"], "status": {"operationState": {"phase": "Running", "startedAt": AT}}}},
        {**FLUX, "reason": "Progressing"},
        {**JENKINS, "build": {**JENKINS["build"], "phase": "STARTED"}},
        {**JENKINS, "name": "payments-unit-tests"},
        {**TERRAFORM, "notifications": [{"run_status": "planned", "run_updated_at": AT}]},
    ],
)
def test_what_took_no_effect_is_no_change(body: object) -> None:
    """And no error either."""
    found = told(body)

    assert not found.rows
    assert not found.rejects


@pytest.mark.parametrize(
    "body",
    [
        {"app": {**ARGO["app"], "status": {"operationState": {"phase": "Error", "startedAt": AT}}}},
        {**FLUX, "reason": "ReconciliationFailed"},
        {**TERRAFORM, "notifications": [{"run_status": "errored", "run_updated_at": AT}]},
    ],
)
def test_what_failed_says_so(body: object) -> None:
    """In a word that means: it is not in force."""
    (row,) = told(body).rows["lg_changes"]

    assert row["State"] in NOT_IN_FORCE


def test_a_step_without_a_time_is_rejected() -> None:
    """It would be read as of no moment."""
    assert 1 == len(told({**GITLAB, "status_changed_at": "soon"}).rejects)
