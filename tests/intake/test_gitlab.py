"""GitLab deployments."""

import json
from typing import Any

import pytest

from outcomes import outcome

DEPLOYMENT: dict[str, Any] = {
    "id": 42, "iid": 2, "ref": "v2.46.0", "sha": "a84d88e7554fc823affa9b0d6b3a07c3a2b31d5e", "status": "success",
    "created_at": "2026-11-22T14:40:00.000Z", "updated_at": "2026-11-22T14:44:00.000Z",
    "user": {"name": "Ann", "username": "ann"}, "environment": {"id": 9, "name": "production"},
    "deployable": {
        "name": "deploy", "started_at": "2026-11-22T14:41:00.000Z", "finished_at": "2026-11-22T14:43:00.000Z",
        "web_url": "https://git.example/shop/payments/-/jobs/7",
    },
}  # fmt: skip


def test_a_deployment_lasts_as_long_as_its_job() -> None:
    """Of the project, by the user, in the environment."""
    found = outcome(json.dumps([DEPLOYMENT]).encode())

    (row,) = found.rows["lg_changes"]
    assert "GitLab deployments" == found.claim.format
    assert ("deploy", "payments", "v2.46.0", "ann", "success") == (
        row["Kind"], row["Service"], row["Version"], row["Actor"], row["State"]
    )  # fmt: skip
    assert ("14:41", "14:43") == (f"{row['Timestamp']:%H:%M}", f"{row['EndTimestamp']:%H:%M}")
    assert "production" == dict(row["Attributes"])["deployment.environment.name"]
    assert "deploy v2.46.0 to production: success" == row["Title"]


def test_without_a_job_the_project_is_told_in_other_ways() -> None:
    """By its path or as an object; one without a ref has its revision as version, one without a time is rejected."""
    bare = {**DEPLOYMENT, "deployable": None}
    told = [
        {**bare, "project": "shop/till"},
        {**bare, "project": {"path_with_namespace": "shop/mail"}, "ref": ""},
        bare,
    ]
    late = {**bare, "created_at": "soon"}

    found = outcome(json.dumps([*told, late]).encode())

    assert [("till", "v2.46.0"), ("mail", "a84d88e7554f"), ("", "v2.46.0")] == [
        (row["Service"], row["Version"]) for row in found.rows["lg_changes"]
    ]
    assert ["14:44"] * 3 == [f"{row['EndTimestamp']:%H:%M}" for row in found.rows["lg_changes"]]
    assert [4] == [one.line for one in found.rejects]


@pytest.mark.parametrize(
    ("job", "service"), [("deploy:seats", "seats"), ("deploy:production", ""), ("deploy", "")]
)
def test_the_job_may_name_the_service(job: str, service: str) -> None:
    """Where no project does; an environment is none."""
    row = {
        "iid": 4, "ref": "v1", "sha": "ab" * 20, "created_at": "2026-11-22T14:41:00Z", "status": "success",
        "environment": {"name": "production"}, "deployable": {"name": job},
    }  # fmt: skip
    (made,) = outcome(json.dumps([row]).encode(), "deployments.json").rows["lg_changes"]

    assert service == made["Service"]
