"""Registers of changes and audit logs without a format of their own, and what is none of them."""

import json
from typing import Any

import pytest

from lastgood.decoding.input import Input
from lastgood.intake import change_records
from outcomes import outcome

TIME = "2026-11-22T14:41:00Z"
SHIFT = {
    "time": TIME, "actor": "net/a", "ticket": "REQ-7", "pool": "video", "action": "set-weights",
    "old": {"north": 50, "south": 50}, "new": {"north": 100, "south": 0}, "note": "drain",
}  # fmt: skip
REGISTER = [
    {"number": "C1", "start": TIME, "system": "ecs", "by": "ci", "summary": "billing 2.0.1 -> 2.1.0"},
    {
        "number": "C2",
        "start": TIME,
        "system": "firewall",
        "by": "net",
        "summary": "close port 8443 to the office",
    },
    {"number": "C3", "start": TIME, "system": "vault pki", "by": "sec", "summary": "rotate the intermediate"},
    {"number": "C4", "start": TIME, "system": "backoffice", "by": "ann", "summary": "new opening hours"},
]


def test_an_action_tells_what_became_of_its_values() -> None:
    """As a title, and as an edit that diffs are read from."""
    (read,) = outcome(json.dumps({"records": [SHIFT]}, indent=1).encode(), "audit.json").rows["lg_changes"]
    assert "REQ-7: set-weights video: north 50 → 100, south 50 → 0; drain" == read["Title"]
    assert ("config", "REQ-7", "net/a") == (read["Kind"], read["Id"], read["Actor"])
    assert "-north: 50" in read["Diff"]
    assert "+south: 0" in read["Diff"]


@pytest.mark.parametrize(
    ("row", "kind", "service", "version"),
    [
        (REGISTER[0], "deploy", "billing", "2.1.0"),
        (REGISTER[1], "infrastructure", "", ""),
        (REGISTER[2], "certificate", "", ""),
        (REGISTER[3], "config", "", ""),
    ],
)
def test_a_register_of_changes_by_meaning(row: dict[str, Any], kind: str, service: str, version: str) -> None:
    """A version that became another is a deploy; else the system says what was changed."""
    (read,) = outcome(json.dumps([row]).encode(), "register.json").rows["lg_changes"]
    assert (kind, service, version) == (read["Kind"], read["Service"], read["Version"])


@pytest.mark.parametrize(
    "row",
    [
        {"time": TIME, "level": "info", "user": "u1", "message": "logged in", "id": "4"},
        {"time": TIME, "user": "u1", "amount": 4},
        {"time": TIME, "user": "u1", "id": "4", "message": "GET /cart", "status_code": 200},
        {"actor": "a", "ticket": "C1", "summary": "without a time"},
        {"time": "soon", "actor": "a", "ticket": "C1", "summary": "no time either"},
    ],
)
def test_what_is_no_record_of_a_change(row: dict[str, Any]) -> None:
    """Log events, orders, and what has no time."""
    assert None is change_records.recognise(Input(None, "x.json", json.dumps([row]).encode()))


def test_a_resource_of_a_programming_interface_keeps_its_fields_inside() -> None:
    """As JSON:API has them; an id that no person gave is not in the title."""
    event = {
        "id": "Zk3vBqPd81", "type": "event",
        "attributes": {"created_at": TIME, "event_type": "service.purge_all", "description": "Purge all of tiles.example", "user_id": "cms"},
    }  # fmt: skip
    found = outcome(json.dumps({"data": [event], "meta": {"record_count": 1}}).encode(), "events.json")
    (read,) = found.rows["lg_changes"]

    assert ("config", "Zk3vBqPd81", "cms") == (read["Kind"], read["Id"], read["Actor"])
    assert "service.purge_all; Purge all of tiles.example" == read["Title"]


def test_a_resource_that_nobody_did_anything_to_is_no_record() -> None:
    """It has a time and a name, and no more."""
    resource = {"id": "1", "type": "article", "attributes": {"created_at": TIME, "title": "Opening hours"}}

    assert change_records.recognise(Input(None, "a.json", json.dumps({"data": [resource]}).encode())) is None


def test_a_parameter_store_tells_what_a_value_became() -> None:
    """Whose it is stands at the begin of its path."""
    row = {"Name": "/pay/prod/limit", "Type": "String", "LastModifiedDate": TIME, "LastModifiedUser": "arn:aws:iam::1:user/ann",
           "Value": "40/s", "Version": 6, "Description": "was 60/s"}  # fmt: skip
    (read,) = outcome(json.dumps({"Parameters": [row]}).encode(), "history.json").rows["lg_changes"]
    assert ("config", "pay", "/pay/prod/limit = 40/s; was 60/s") == (
        read["Kind"],
        read["Service"],
        read["Title"],
    )
    assert "40/s" in read["Diff"]
