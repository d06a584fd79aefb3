"""Change events of PagerDuty, as changes."""

import json
from typing import Any

import pytest

from outcomes import outcome
from platforms import PAGERDUTY_CHANGE


def test_a_change_event_is_a_change_of_each_service_it_names() -> None:
    """With its version and its link."""
    both = [{"summary": "web"}, {"summary": "cart"}]
    found = outcome(
        json.dumps({"change_events": [PAGERDUTY_CHANGE | {"services": both}]}).encode(),
        "change-events-01.json",
    )
    rows = found.rows["lg_changes"]

    assert ["web", "cart"] == [row["Service"] for row in rows]
    assert 2 == len({row["Id"] for row in rows})
    assert ("deploy", "2026-11-30T01:30:00+00:00", "Deployed web 2.4.1", "2.4.1", "kim", "https://ci.test/42") == (
        rows[0]["Kind"], rows[0]["Timestamp"].isoformat(), *(rows[0][name] for name in ("Title", "Version", "Actor", "Url"))
    )  # fmt: skip
    assert found.balanced


@pytest.mark.parametrize(
    ("summary", "kind", "version"),
    [
        ("web v3.1.0", "deploy", "v3.1.0"),
        ("Retries of payments lowered", "config", ""),
        ("Feature flag new-cart turned on", "flag", ""),
    ],
)
def test_the_summary_says_what_kind_of_change_it_is(summary: str, kind: str, version: str) -> None:
    """Its details may say nothing, and name no service."""
    bare: dict[str, Any] = PAGERDUTY_CHANGE | {
        "summary": summary,
        "custom_details": None,
        "services": [],
        "links": [],
    }
    (row,) = outcome(json.dumps({"change_events": [bare]}).encode(), "change-events-01.json").rows[
        "lg_changes"
    ]

    assert (kind, version, "") == (row["Kind"], row["Version"], row["Service"])
