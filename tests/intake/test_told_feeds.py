"""JSON feeds of changes whose unknown names."""

import json
from datetime import datetime
from typing import Any

import pytest

from lastgood.decoding.input import Input
from lastgood.intake._registry import best_claim
from outcomes import outcome

SHA = "1a2b3c4d5e6f708192a3b4c5d6e7f8091a2b3c4d"
OCTOPUS = {
    "ItemType": "Deployment",
    "Items": [{"Id": "Deployments-2", "ProjectName": "Shop.Web", "ReleaseVersion": "5.16.2", "QueueTime": "2026-11-22T15:41:00+01:00",
               "CompletedTime": "2026-11-22T15:43:00+01:00", "State": "Success", "DeployedBy": "ann", "Comments": "again, after the variables"}],
}  # fmt: skip
HARNESS = {
    "data": {"content": [{
        "planExecutionId": "4f9123b0", "name": "shop production", "status": "Success", "startTs": 1795358460000, "endTs": 1795358520000,
        "moduleInfo": {"cd": {"serviceIdentifiers": ["shop"], "artifactDisplayNames": ["shop:5.20.0"], "commit": SHA}}, "triggeredBy": "ann",
    }]},
}  # fmt: skip
BITBUCKET = {
    "values": [{"type": "deployment", "number": 7, "state": {"name": "COMPLETED", "started_on": "2026-11-22T14:41:00Z", "completed_on": "2026-11-22T14:42:00Z"},
                "release": {"name": "shop 4.11.0", "commit": {"hash": SHA}}}],
}  # fmt: skip
RUNS = {
    "data": [{"id": "run-1", "type": "runs", "attributes": {"status": "applied", "message": "Remove old names", "created-at": "2026-11-22T14:41:00Z"}}],
}  # fmt: skip


@pytest.mark.parametrize(
    ("document", "expected"),
    [
        (OCTOPUS, ("deploy", "Shop.Web", "5.16.2", "again, after the variables", "ann")),
        (HARNESS, ("deploy", "shop", "5.20.0", "shop production", "ann")),
        (BITBUCKET, ("deploy", "shop", "4.11.0", "shop 4.11.0", "")),
    ],
)
def test_the_words_of_names_say_what_fields_are(document: dict[str, Any], expected: tuple[str, ...]) -> None:
    """A release of a service, when it began, and by whom."""
    (row,) = outcome(json.dumps(document).encode(), "export.json").rows["lg_changes"]
    assert expected == tuple(row[name] for name in ("Kind", "Service", "Version", "Title", "Actor"))
    assert datetime.fromisoformat("2026-11-22T14:41:00+00:00") == row["Timestamp"].to_pydatetime()
    assert row["EndTimestamp"] > row["Timestamp"]


def test_what_was_done_is_a_change_without_a_release() -> None:
    """With what became of it."""
    (row,) = outcome(json.dumps(RUNS).encode(), "runs.json").rows["lg_changes"]
    assert ("Remove old names", "applied", "") == (row["Title"], row["State"], row["Version"])


@pytest.mark.parametrize(
    "document",
    [
        {
            "AlarmHistoryItems": [
                {
                    "AlarmName": "a",
                    "Timestamp": "2026-11-22T14:41:00Z",
                    "HistorySummary": "to OK",
                    "user": "x",
                }
            ]
        },
        {
            "events": [
                {"time": "2026-11-22T14:41:00Z", "level": "error", "message": "no stock", "user": "ann"}
            ]
        },
        {"orders": [{"time": "2026-11-22T14:41:00Z", "total": 4}]},
        {"deployments": []},
    ],
)
def test_alarms_and_log_events_are_none(document: dict[str, Any]) -> None:
    """Nor are objects without anything done, and no objects."""
    claimed = best_claim(Input(None, "export.json", json.dumps(document).encode()))
    assert claimed is None or "told_feeds" != claimed[0].name


def test_an_object_without_a_time_is_rejected() -> None:
    """The others are taken."""
    many = {
        "Items": [OCTOPUS["Items"][0] for _ in range(25)] + [{"Id": "x", "ProjectName": "y"}],
        "ItemType": "Deployment",
    }
    found = outcome(json.dumps(many).encode(), "export.json")
    assert (25, [26]) == (len(found.rows["lg_changes"]), [one.line for one in found.rejects])
    assert found.balanced


def test_lists_in_lists_have_no_bottom() -> None:
    """They are looked into, however deep."""
    deep = b"[" * 1000 + b"1" + b"]" * 1000
    assert best_claim(Input(None, "export.json", b'[{"Id":"D-2","ReleaseVersion":' + deep + b"}]")) is None


def test_a_release_is_of_when_it_was_published() -> None:
    """Not of when it was drafted."""
    release = {
        "tag_name": "v2.46.0",
        "name": "payments 2.46.0",
        "draft": False,
        "author": {"login": "kim"},
        "body": "shorter",
        "created_at": "2026-11-22T14:30:00Z",
        "published_at": "2026-11-22T14:38:00Z",
    }
    (row,) = outcome(json.dumps([release]).encode(), "releases.json").rows["lg_changes"]
    assert "14:38" == f"{row['Timestamp']:%H:%M}"
