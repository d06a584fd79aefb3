"""Status pages of third parties."""

import json
from pathlib import Path

from intake.changed import decode, written
from outcomes import outcome
from platforms import GOOGLE_INCIDENT

PAGE = {
    "page": {"id": "kctb", "name": "Acme Pay", "url": "https://status.acme.example", "updated_at": "2026-11-22T14:50:00Z"},
    "incidents": [
        {
            "id": "i1", "name": "3DS errors", "status": "investigating", "impact": "major", "page_id": "kctb",
            "created_at": "2026-11-22T14:41:00.000Z", "started_at": "2026-11-22T14:40:00.000Z", "resolved_at": None,
            "shortlink": "https://stspg.example/i1", "components": [{"name": "API"}, {"name": "3DS"}],
            "incident_updates": [
                {"id": "u1", "status": "investigating", "body": "We are looking.", "display_at": "2026-11-22T14:41:00.000Z"},
                {"id": "u2", "status": "identified", "body": "Bank ANZ.", "created_at": "2026-11-22T14:50:00.000Z"},
            ],
        },
        {"id": "i2", "name": "no time", "incident_updates": [], "impact": "none"},
    ],
}  # fmt: skip


def test_an_incident_and_its_updates_are_changes_outside(tmp_path: Path) -> None:
    """Of the provider the page is named after; updates are within their incident."""
    done = decode(written(tmp_path, json.dumps(PAGE)))
    assert [
        ("third_party", "Acme Pay", "investigating", ""),
        ("third_party", "Acme Pay", "investigating", "statuspage/i1"),
        ("third_party", "Acme Pay", "identified", "statuspage/i1"),
    ] == [(c["Kind"], c["Service"], c["State"], c["Within"]) for c in done.changes]
    assert "API, 3DS" == done.changes[0]["Attributes"]["statuspage.components"]
    assert "Acme Pay: 3DS errors: Bank ANZ." == done.changes[2]["Title"]
    assert [2] == [reject.line for reject in done.rejects]


def test_a_page_without_incidents_says_nothing(tmp_path: Path) -> None:
    """And is no error."""
    done = decode(written(tmp_path, json.dumps({"page": PAGE["page"], "incidents": []})))
    assert ([], []) == (done.changes, done.rejects)


def test_an_incident_of_google_is_a_change_of_a_third_party() -> None:
    """And each of its updates, within it."""
    found = outcome(json.dumps([GOOGLE_INCIDENT]).encode(), "incidents.json")
    incident, update = found.rows["lg_changes"]

    assert ("Google Cloud", "Google Cloud: Elevated errors in Cloud SQL", "2026-11-30T01:20:00+00:00") == (
        incident["Service"], incident["Title"], incident["Timestamp"].isoformat()
    )  # fmt: skip
    assert "Cloud SQL" == dict(incident["Attributes"])["statuspage.components"]
    assert (incident["Id"], "Google Cloud: Elevated errors in Cloud SQL: We are investigating") == (
        update["Within"],
        update["Title"],
    )
    assert found.balanced


def test_a_page_may_be_known_by_its_name_alone() -> None:
    """As people cut it down: incidents without ids or updates, components as texts."""
    incident = {
        "name": "Slow seats",
        "status": "monitoring",
        "created_at": "2026-11-22T14:41:00Z",
        "components": ["Halls"],
    }
    (row,) = outcome(
        json.dumps({"page": {"name": "Seats"}, "incidents": [incident]}).encode(), "a.json"
    ).rows["lg_changes"]

    assert ("third_party", "Seats", "Seats: Slow seats") == (row["Kind"], row["Service"], row["Title"])
    assert "Halls" == dict(row["Attributes"])["statuspage.components"]
