"""Commits and deploys under common names are changes without a mapping, and never log events."""

import json
from datetime import datetime
from typing import Any

import pytest

from lastgood.decoding.input import Input
from lastgood.intake import change_feeds
from outcomes import outcome

SHA = "1a2b3c4d5e6f708192a3b4c5d6e7f8091a2b3c4d"
TIME = "2026-11-22T14:40:00Z"
COMMITS: list[dict[str, Any]] = [
    {
        "sha": SHA,
        "author": "A Dev",
        "message": "checkout: shorten it\n\nlong",
        "date": TIME,
        "files": ["pay.py"],
        "diff": "+x",
    },
    {"commit": SHA, "author": {"name": "A Dev"}, "subject": "checkout: shorten it", "timestamp": 1795358400},
    {"sha": SHA, "commit": {"author": {"name": "A Dev", "date": TIME}, "message": "checkout: shorten it"}},
    {
        "id": SHA,
        "short_id": SHA[:8],
        "title": "checkout: shorten it",
        "author_name": "A Dev",
        "created_at": TIME,
    },
    {"hash": SHA[:10], "author": "A Dev", "message": "checkout: shorten it", "committed_date": TIME},
]
DEPLOYS = [
    {"service": "pay", "version": "v2", "time": TIME},
    {"app": "pay", "image_tag": "v2", "deployed_at": TIME, "deployed_by": "ci", "environment": "prod"},
    {"event": "deployment_finished", "project": "pay", "release": "v2", "timestamp": TIME, "message": "done"},
    {"service": "pay", "version": "v2", "commit": SHA, "time": TIME, "message": "Deploy v2"},
    {"service": "pay", "version": "v2", "commit": SHA, "started": TIME, "by": "ci", "state": "success"},
]


def only(row: dict[str, Any], shape: str) -> dict[str, Any]:
    """The change of a feed with one element."""
    text = {
        "lines": json.dumps(row),
        "array": json.dumps([row], indent=1),
        "list": json.dumps({"items": [row]}),
    }[shape]
    (read,) = outcome(text.encode(), "feed.json").rows["lg_changes"]
    return read


@pytest.mark.parametrize("shape", ["lines", "array", "list"])
@pytest.mark.parametrize("row", COMMITS)
def test_a_commit_is_known_by_its_hash_and_author(row: dict[str, Any], shape: str) -> None:
    """As git, GitHub and GitLab name them."""
    read = only(row, shape)
    assert ("commit", "checkout: shorten it", "A Dev") == (read["Kind"], read["Title"], read["Actor"])


@pytest.mark.parametrize("row", DEPLOYS)
def test_a_deploy_is_known_by_a_version_of_a_service(row: dict[str, Any]) -> None:
    """Under any of the names in use."""
    read = only(row, "lines")
    assert ("deploy", "pay", "v2") == (read["Kind"], read["Service"], read["Version"])


@pytest.mark.parametrize(
    "row",
    [
        {"time": TIME, "level": "info", "service": "pay", "version": "v2", "msg": "started"},
        {"time": TIME, "service": "pay", "version": "v2", "message": "request handled"},
        {"timestamp": TIME, "trace_id": SHA[:32], "service": "pay", "version": "v2", "author": "x"},
        {"service": "pay", "version": "v2"},
    ],
)
def test_a_log_event_is_no_change(row: dict[str, Any]) -> None:
    """A level, a trace, or a message of a service that only names its version."""
    assert change_feeds.recognise(Input(None, "x.json", json.dumps(row).encode())) is None


def test_files_and_patches_of_a_commit_are_kept() -> None:
    """As GitHub lists them."""
    files = [{"filename": "pay.py", "patch": "@@ -1 +1 @@\n-a\n+b"}]
    row: dict[str, Any] = {
        **dict(COMMITS[0]),
        "files": files,
        "diff": "",
        "stats": {"additions": 1, "deletions": 1},
    }
    read = only(row, "lines")
    assert (["pay.py"], 1, 1) == (read["Files"], read["Additions"], read["Deletions"])
    assert "+++ b/pay.py" in read["Diff"]


def test_a_release_pipeline_tells_what_it_brought_and_when() -> None:
    """Of Azure Pipelines: the artifact, its revision, and the last deployment of all stages."""
    release = {
        "id": 41,
        "name": "tickets 2.3.0",
        "createdOn": "2026-11-22T13:00:00Z",
        "environments": [
            {"name": "test", "status": "succeeded", "deploySteps": [{"queuedOn": "2026-11-22T13:10:00Z"}]},
            {
                "name": "live",
                "status": "succeeded",
                "deploySteps": [{"queuedOn": TIME, "lastModifiedOn": TIME}],
            },
        ],
        "artifacts": [{"alias": "tickets", "definitionReference": {"sourceVersion": {"id": SHA}}}],
    }
    text = json.dumps({"count": 1, "value": [release]}).encode()
    (read,) = outcome(text, "releases.json").rows["lg_changes"]

    assert ("deploy", "tickets", "2.3.0") == (read["Kind"], read["Service"], read["Version"])
    assert datetime.fromisoformat(TIME) == read["Timestamp"]


def test_a_pipeline_tells_which_jobs_changed_what_and_when() -> None:
    """Its migration runs, its deploy has not begun: only the first is a change, of the project without its group."""
    jobs = [
        {"id": 1, "name": "test", "status": "success", "started_at": "2026-11-22T14:31:00Z", "finished_at": "2026-11-22T14:38:00Z"},
        {"id": 2, "name": "migrate:live", "status": "running", "started_at": TIME, "finished_at": None},
        {"id": 3, "name": "deploy:live", "stage": "deploy", "status": "created", "started_at": None},
    ]  # fmt: skip
    pipeline = {"id": 9, "project": "shop/tickets", "ref": "main", "sha": SHA, "created_at": "2026-11-22T14:30:00Z", "user": {"username": "dev"}, "jobs": jobs}  # fmt: skip

    (read,) = outcome(json.dumps([pipeline]).encode(), "pipelines.json").rows["lg_changes"]

    assert ("migration", "tickets", SHA[:12], "running") == (
        read["Kind"], read["Service"], read["Version"], read["State"],
    )  # fmt: skip
    assert datetime.fromisoformat(TIME) == read["Timestamp"]


@pytest.mark.parametrize("ended", ["finished_at", "completedAt", "finished", "end"])
def test_a_deploy_lasts_from_its_start_to_its_end(ended: str) -> None:
    """Whichever the record names first; what was done began before it was reported."""
    row = {"service": "pay", "version": "v2", ended: "2026-11-22T14:44:30Z", "started_at": TIME, "by": "ann"}
    (read,) = outcome(json.dumps([row]).encode(), "deployments.json").rows["lg_changes"]

    assert datetime.fromisoformat(TIME) == read["Timestamp"].to_pydatetime()
    assert datetime.fromisoformat("2026-11-22T14:44:30Z") == read["EndTimestamp"].to_pydatetime()


def test_lists_under_the_names_of_services_are_theirs() -> None:
    """As a history by application; names of lists are no one's."""
    entry = {"id": 7, "deployedAt": TIME, "revision": SHA, "source": {"path": "apps"}}
    rows = outcome(json.dumps({"pay": [entry], "cart": [entry]}).encode(), "history.json").rows["lg_changes"]
    assert [("pay", f"pay {SHA[:12]}"), ("cart", f"cart {SHA[:12]}")] == [
        (row["Service"], row["Title"]) for row in rows
    ]
    listed = outcome(
        json.dumps(
            {"deployments": [entry | {"service": "pay"}], "events": [entry | {"service": "pay"}]}
        ).encode(),
        "history.json",
    )
    assert ["pay"] == [row["Service"] for row in listed.rows["lg_changes"]]


@pytest.mark.parametrize("name", ["target", "object", "what", "pipeline"])
def test_a_target_with_a_revision_is_a_service(name: str) -> None:
    """Without one it may be anything."""
    row = {"time": "2026-11-22T14:41:00Z", name: "HelmRelease/seats", "version": "41"}
    (found,) = outcome(json.dumps([row | {"commit": "c4f424bd5c"}]).encode(), "a.json").rows["lg_changes"]

    assert ("seats", "41") == (found["Service"], found["Version"])
    assert change_feeds.recognise(Input(None, "a.json", json.dumps([row]).encode())) is None


def test_what_has_no_revision_is_called_after_its_target() -> None:
    """It is of no service, as a target may be anything."""
    rows = [
        {"at": "2026-11-22T14:41:00Z", "what": "seats", "version": "v2", "sha": "c4f424bd5c"},
        {"at": "2026-11-22T14:51:00Z", "what": "screens of hall 2", "version": "3.2.2", "by": "kim"},
    ]
    first, second = outcome("\n".join(map(json.dumps, rows)).encode(), "deploys.ndjson").rows["lg_changes"]

    assert ("seats", "") == (first["Service"], second["Service"])
    assert ("seats v2", "screens of hall 2 3.2.2") == (first["Title"], second["Title"])
