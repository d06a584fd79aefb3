"""What Puppet, Chef and Salt report of their runs."""

import json
from typing import Any

import pytest

from outcomes import outcome

CHEF = {
    "id": "3c5a", "node_name": "web1", "run_list": ["role[web]"], "start_time": "2026-11-22T14:05:01.5Z", "status": "success",
    "end_time": "2026-11-22T14:05:51Z", "resources": [{"type": "apt_package", "id": "shop", "result": "install"}],
}  # fmt: skip
PUPPET = {
    "host": "web1", "time": "2026-11-22T14:05:01.5+00:00", "configuration_version": "a1b2c3d", "status": "failed", "noop": False,
    "transaction_uuid": "u", "logs": [{"level": "err", "message": "no package", "time": "2026-11-22T14:05:02+00:00"}],
}  # fmt: skip
YAML = b"""---
host: web-3
time: '2026-11-22T14:02:10.1+00:00'
configuration_version: 1795442540
report_format: 12
status: changed
logs:
- level: !ruby/sym notice
  message: content changed
  time: '2026-11-22T14:02:13.2+00:00'
resource_statuses:
  File[/etc/a]: !ruby/object:Puppet::Resource::Status
    time: '2026-11-22T14:02:13.2+00:00'
    changed: true
    events:
    - message: content changed
  Package[curl]: !ruby/object:Puppet::Resource::Status
    time: '2026-11-22T14:02:12.0+00:00'
    changed: false
"""
SALT = {"web-3": {
    "pkg_|-app_|-app_|-latest": {"name": "app", "result": True, "comment": "updated", "changes": {"app": {"old": "2.4.0", "new": "2.4.1"}},
                                 "__sls__": "shop.app", "start_time": "2026-11-22T14:02:15.1"},
    "file_|-motd_|-/etc/motd_|-managed": {"name": "/etc/motd", "result": True, "changes": {}, "start_time": "2026-11-22T14:02:14.1"},
}}  # fmt: skip


@pytest.mark.parametrize(
    ("document", "version", "state"), [(CHEF, "", ""), (PUPPET, "a1b2c3d", "failed")], ids=["chef", "puppet"]
)
def test_a_run_is_a_change(document: Any, version: str, state: str) -> None:
    """With its time, and whether it is in force; nothing is lost."""
    found = outcome(json.dumps(document, indent=1).encode(), "report.json")
    (one,) = found.rows["lg_changes"]

    assert ("config", version, state) == (one["Kind"], one["Version"], one["State"])
    assert "2026-11-22T14:05:01.500000+00:00" == one["Timestamp"].isoformat()
    assert (True, []) == (found.balanced, found.rejects)


def test_each_resource_that_was_changed_is_one() -> None:
    """At its own time, on its host; an epoch in place of a revision is none."""
    found = outcome(YAML, "202611221402.yaml")
    (one,) = found.rows["lg_changes"]
    about = dict(one["Attributes"])

    assert ("config", "", "File[/etc/a] content changed") == (one["Kind"], one["Version"], one["Title"])
    assert ("web-3", None) == (about["host.name"], about.get("vcs.ref.head.revision"))
    assert "14:02:13" == f"{one['Timestamp']:%H:%M:%S}"
    assert [9] == [row["SeverityNumber"] for row in found.rows["otel_logs"]]
    assert found.balanced


def test_what_is_only_refreshed_is_no_change_beside_its_reason() -> None:
    """A service that restarts because its file changed."""
    service = b"""  Service[a]: !ruby/object:Puppet::Resource::Status
    time: '2026-11-22T14:02:14.0+00:00'
    changed: true
    events:
    - message: Triggered 'refresh' from 1 event
"""
    (one,) = outcome(YAML + service, "a.yaml").rows["lg_changes"]
    assert "File[/etc/a] content changed" == one["Title"]


def test_a_trial_run_changed_nothing() -> None:
    """Puppet's noop."""
    assert (
        "lg_changes"
        not in outcome(YAML.replace(b"report_format", b"noop: true\nreport_format"), "a.yaml").rows
    )


def test_a_state_of_salt_with_changes_is_one() -> None:
    """With its formula, and the version of a package."""
    found = outcome(json.dumps(SALT).encode(), "highstate.json")
    (one,) = found.rows["lg_changes"]

    assert ("app", "2.4.1", "2.4.0") == (one["Service"], one["Version"], one["PreviousVersion"])
    assert "web-3" == dict(one["Attributes"])["host.name"]


def test_what_cannot_be_read_is_a_reject() -> None:
    """Nothing goes missing."""
    found = outcome(YAML + b"---\nhost: [\n", "a.yaml")
    assert (True, 1, 1) == (found.balanced, len(found.rejects), len(found.rows["lg_changes"]))


def test_a_run_that_updated_nothing_is_a_line() -> None:
    """It was there, and did nothing."""
    assert ["otel_logs"] == list(outcome(json.dumps({**CHEF, "resources": []}).encode(), "a.json").rows)
