"""Grafana annotations."""

import json
from pathlib import Path

from intake.changed import decode, written


def test_notes_are_changes_and_alerts_marks_are_not(tmp_path: Path) -> None:
    """Tags say the kind, the service and the version."""
    notes = [
        {"id": 1, "time": 1795358460000, "timeEnd": 1795358520000, "tags": ["deploy", "service:payments", "version:v2"],
         "text": "<b>Deployed</b> payments", "login": "eve"},
        {"id": 2, "time": 1795358460000, "tags": [], "text": "", "alertName": "High error rate", "newState": "alerting"},
        {"id": 3, "time": "never", "tags": [], "text": "x"},
    ]  # fmt: skip
    done = decode(written(tmp_path, json.dumps(notes)))
    (change,) = done.changes
    assert ("deploy", "payments", "v2", "Deployed payments", "eve") == (
        change["Kind"], change["Service"], change["Version"], change["Title"], change["Actor"],
    )  # fmt: skip
    assert 60 == (change["EndTimestamp"] - change["Timestamp"]).total_seconds()
    assert [3] == [reject.line for reject in done.rejects]


def test_a_bare_tag_that_the_text_names_is_the_service(tmp_path: Path) -> None:
    """Notes of pipelines carry the service as a tag without a key; two such tags, or a tag of all, name none."""
    notes = [
        {"time": 1795358460000, "tags": ["deploy", "search"], "text": "search v301 deployed"},
        {"time": 1795358470000, "tags": ["deploy", "prod"], "text": "Deployed everything"},
        {"time": 1795358480000, "tags": ["cart", "web"], "text": "release of cart and web"},
    ]
    done = decode(written(tmp_path, json.dumps(notes)))
    assert [("search", "v301"), ("", ""), ("", "")] == [
        (one["Service"], one["Version"]) for one in done.changes
    ]
