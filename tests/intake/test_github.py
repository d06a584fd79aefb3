"""GitHub deployments."""

import json
from pathlib import Path

import pytest

from intake.changed import decode, written
from outcomes import outcome

DEPLOYMENT = {
    "url": "https://api.github.example/repos/acme/payments/deployments/42", "id": 42, "sha": "a84d88e7554f",
    "ref": "v2.46.0", "task": "deploy", "environment": "production", "description": "", "creator": {"login": "octo"},
    "created_at": "2026-11-22T14:40:00Z", "payload": {},
}  # fmt: skip
STATUS = {
    "id": 7, "state": "success", "creator": {"login": "bot"}, "environment": "production",
    "created_at": "2026-11-22T14:41:00Z", "log_url": "https://ci.example/7", "description": "",
    "deployment_url": "https://api.github.example/repos/acme/payments/deployments/42",
    "repository_url": "https://api.github.example/repos/acme/payments",
}  # fmt: skip


def test_an_array_of_deployments(tmp_path: Path) -> None:
    """Of the repository's name, in the environment."""
    done = decode(written(tmp_path, json.dumps([DEPLOYMENT, {"id": 43, "sha": "x"}])))
    (change,) = done.changes
    assert ("deploy", "payments", "v2.46.0", "octo", "created", "github/42") == (
        change["Kind"], change["Service"], change["Version"], change["Actor"], change["State"], change["Id"],
    )  # fmt: skip
    assert "a84d88e7554f" == change["Attributes"]["vcs.ref.head.revision"]
    assert [2] == [reject.line for reject in done.rejects]


def test_statuses_say_when_it_took_effect(tmp_path: Path) -> None:
    """Each is a row of its own, of the same deployment."""
    (change,) = decode(written(tmp_path, json.dumps([STATUS]))).changes
    assert ("success", "payments", "42", "github/42/7") == (
        change["State"], change["Service"], change["Attributes"]["deployment.id"], change["Id"],
    )  # fmt: skip


def test_a_webhook_names_the_repository(tmp_path: Path) -> None:
    """With deployment and status together; JSON lines of them, too."""
    hook = {
        "action": "created",
        "deployment": DEPLOYMENT,
        "deployment_status": STATUS,
        "repository": {"name": "shop"},
    }
    done = decode(written(tmp_path, f"{json.dumps(hook)}\n{json.dumps(hook)}\n"))
    assert [("shop", "success", "v2.46.0")] * 2 == [
        (change["Service"], change["State"], change["Version"]) for change in done.changes
    ]


@pytest.mark.parametrize("repository", ["halls/seats", {"name": "seats"}])
def test_a_listed_deployment_may_name_its_repository(repository: object) -> None:
    """As a text or an object beside it."""
    row = {
        "id": 7, "sha": "ab" * 20, "ref": "v1.9.2", "task": "deploy", "environment": "production", "creator": {"login": "kim"},
        "created_at": "2026-11-22T14:41:00Z", "updated_at": "2026-11-22T14:42:00Z", "repository": repository,
        "statuses": [{"state": "success", "created_at": "2026-11-22T14:42:00Z"}],
    }  # fmt: skip
    made = outcome(json.dumps([row]).encode(), "deployments.json").rows["lg_changes"]

    assert ["seats", "seats"] == [one["Service"] for one in made]
