"""Audits of feature flags."""

import json
from pathlib import Path

import pytest

from intake.changed import decode, written
from lastgood.decoding.input import Input
from lastgood.intake._registry import best_claim
from outcomes import outcome

LAUNCHDARKLY = {
    "items": [
        {"_id": "5", "date": 1795358460000, "kind": "flag", "name": "ANZ 3DS", "titleVerb": "turned on the flag",
         "accesses": [{"action": "updateOn"}], "member": {"email": "eve@acme.example"}, "comment": "for ANZ",
         "target": {"resources": ["proj/shop:env/production:flag/anz-3ds"]}},
    ]
}  # fmt: skip
UNLEASH = {
    "version": 1,
    "events": [
        {"id": 9, "createdAt": "2026-11-22T14:41:00Z", "type": "feature-environment-enabled", "createdBy": "eve@acme.example",
         "featureName": "anz-3ds", "environment": "production", "project": "shop", "data": None},
    ],
}  # fmt: skip
FLAGSMITH = {
    "results": [
        {"id": 1, "created_date": "2026-11-22T14:41:00Z", "log": "Flag state updated for feature: anz-3ds",
         "author": {"email": "eve@acme.example"}, "environment": {"name": "production"}, "related_object_type": "FEATURE"},
    ]
}  # fmt: skip
# As its API lists it and as a script keeps it; what is posted to a webhook is the same in `data`.
BARE = [
    {"created_date": "2026-11-22T14:41:00Z", "log": "Flag state / Remote Config value updated for feature: anz-3ds",
     "author": "eve@acme.example", "environment": "production"},
]  # fmt: skip
POSTED = {"data": {**FLAGSMITH["results"][0]}, "event_type": "AUDIT_LOG_CREATED"}
ITEM = {
    "items": [
        {"_id": "5", "date": 1795358460000, "kind": "flag", "name": "ANZ 3DS", "description": "", "title": "[Eve](https://x.example) turned on",
         "member": {"email": "eve@acme.example"}, "target": {"resources": ["proj/shop:env/production:flag/anz-3ds"]}},
    ]
}  # fmt: skip
GROWTHBOOK = {
    "events": [
        {"id": "aud_1", "dateCreated": "2026-11-22T14:41:00.000Z", "event": "feature.toggle", "entity": {"object": "feature", "id": "anz-3ds"},
         "user": {"id": "u_1", "email": "eve@acme.example", "name": "Eve"},
         "details": '{"pre":{"on":false},"post":{"on":true},"context":{"environment":"production"}}'},
    ]
}  # fmt: skip
CONFIGCAT = [
    {"auditLogId": 3, "auditLogDateTime": "2026-11-22T14:40:00Z", "auditLogTypeEnum": "teamMemberInvited", "auditLogType": "Team member invited",
     "userEmail": "eve@acme.example", "where": "shop", "actionTarget": "bo@acme.example", "details": None},
    {"auditLogId": 4, "auditLogDateTime": "2026-11-22T14:41:00Z", "auditLogTypeEnum": "settingValueChanged", "auditLogType": "Setting value changed",
     "userEmail": "eve@acme.example", "where": "shop, production", "why": "for ANZ", "actionTarget": "anz-3ds", "details": "False → True"},
]  # fmt: skip
GENERIC = [
    {"timestamp": "2026-11-22T14:41:00Z", "flag": "anz-3ds", "action": "enabled", "user": "eve@acme.example",
     "environment": "production", "old_value": False, "new_value": True},
]  # fmt: skip


@pytest.mark.parametrize(
    "audit",
    [LAUNCHDARKLY, ITEM, UNLEASH, FLAGSMITH, BARE, POSTED, GROWTHBOOK, GENERIC],
    ids=["launchdarkly", "item", "unleash", "flagsmith", "bare", "posted", "growthbook", "generic"],
)
def test_every_vendor_tells_the_flag_who_and_where(tmp_path: Path, audit: object) -> None:
    """At the same instant."""
    (change,) = decode(written(tmp_path, json.dumps(audit))).changes
    assert ("flag", "eve@acme.example") == (change["Kind"], change["Actor"])
    assert 1795358460 == change["Timestamp"].timestamp()
    assert "anz-3ds" == change["Attributes"]["feature_flag.key"]
    assert "production" == change["Attributes"]["deployment.environment.name"]


def test_what_it_was_and_became_is_kept(tmp_path: Path) -> None:
    """An entry without a time is a reject."""
    done = decode(written(tmp_path, json.dumps([*GENERIC, {"flag": "x", "action": "y"}])))
    assert ("false", "true") == (done.changes[0]["PreviousVersion"], done.changes[0]["Version"])
    assert [2] == [reject.line for reject in done.rejects]


def test_a_title_is_plain_and_says_what_a_value_became(tmp_path: Path) -> None:
    """The vendor's has links, and the person in front; a description has both sides."""
    (first,) = LAUNCHDARKLY["items"]
    titled = {
        **first,
        "title": "[eve@acme.example](https://x.example) turned on the flag [ANZ 3DS](https://y.example) in `Production`",
    }
    valued = {
        **first,
        "name": "Pay deadline (ms)",
        "description": "* Changed the default variation from `3000` to `250`",
    }

    changes = decode(written(tmp_path, json.dumps({"items": [titled, valued]}))).changes

    assert [
        "eve@acme.example turned on the flag ANZ 3DS in Production",
        "Pay deadline (ms): 3000 to 250",
    ] == [change["Title"] for change in changes]
    assert ("3000", "250") == (changes[1]["PreviousVersion"], changes[1]["Version"])


def test_a_change_feed_with_a_flag_is_not_an_audit() -> None:
    """Our own feed of changes stays ours when one of them is about a flag."""
    feed = b'{"time": "2026-11-22T14:40:00Z", "kind": "flag", "service": "pay", "id": "f1"}\n'

    claimed = best_claim(Input(None, "feed.ndjson", feed))

    assert claimed is not None
    assert "changes" == claimed[0].name


def test_what_a_rule_was_given_is_kept() -> None:
    """The values that one state has and the other has not, wherever they stand."""
    before = {"rules": [{"clauses": [{"attribute": "plan", "op": "in", "values": ["S", "M"]}]}]}
    after = {"rules": [{"clauses": [{"attribute": "plan", "op": "in", "values": ["S", "XL"]}]}]}
    row = {
        "kind": "flag", "titleVerb": "updated the rules of", "name": "fast", "date": 1795358400000,
        "target": {"resources": ["proj/a:env/production:flag/fast"]}, "previousVersion": before, "currentVersion": after,
    }  # fmt: skip
    (read,) = outcome(json.dumps({"items": [row]}).encode(), "audit.json").rows["lg_changes"]

    kept = dict(read["Attributes"])
    assert ("XL", "M") == (kept["rule.added"], kept["rule.removed"])


def test_configcat_tells_what_a_setting_was_and_became(tmp_path: Path) -> None:
    """Who was invited changes nothing that runs: a line."""
    done = decode(written(tmp_path, json.dumps(CONFIGCAT)))
    (change,) = done.changes

    assert ("anz-3ds", "False", "True") == (
        change["Attributes"]["feature_flag.key"],
        change["PreviousVersion"],
        change["Version"],
    )
    assert ("for ANZ", "shop, production") == (
        change["Attributes"]["comment"],
        change["Attributes"]["project"],
    )
    assert ["Team member invited bo@acme.example"] == [line["Body"] for line in done.rows["otel_logs"]]


@pytest.mark.parametrize(
    ("words", "flag"),
    [
        ("New Flag / Remote Config created: new cart", "new cart"),
        ("Flag state updated for feature: cart", "cart"),
        ("Remote config value updated for feature: cart", "cart"),
        ("Flag state / Remote config value updated for feature 'cart' and segment 'beta'", "cart"),
        ("Flag state / Remote config updated for feature: cart by Change Request: faster", "cart"),
        ("Scheduled change to Flag state / Remote config value went live for feature: cart by Change Request: x", "cart"),
        ("Segment rules updated for flag: cart in environment: Production", "cart"),
        ("Multivariate option added to feature 'cart'.", "cart"),
        ("Segment updated: beta", "beta"),
        ("Flag state / Remote Config value update scheduled for 2026-11-23 for feature: cart", ""),
        ("Flag state for feature 'cart' scheduled for update by Change Request 'x' at 2026-11-23", ""),
        ("Change Request: faster created", ""),
    ],
)  # fmt: skip
def test_flagsmith_names_a_flag_in_words(tmp_path: Path, words: str, flag: str) -> None:
    """What is planned or asked for is not in force: a line."""
    (entry,) = FLAGSMITH["results"]
    done = decode(written(tmp_path, json.dumps([{**entry, "log": words}])))

    assert ([flag] if flag else []) == [one["Attributes"]["feature_flag.key"] for one in done.changes]
    assert ([] if flag else [words]) == [line["Body"] for line in done.rows.get("otel_logs", [])]


def test_a_note_with_an_author_is_no_audit() -> None:
    """Its log speaks of no flag."""
    note = b'[{"created_date": "2026-11-22T14:41:00Z", "log": "shift begins", "author": "eve"}]'
    claimed = best_claim(Input(None, "notes.json", note))

    assert claimed is None or "flags" != claimed[0].name


def test_what_flagsmith_posts() -> None:
    """What the flag was and became, or that it was deleted."""
    feature = {"feature": {"name": "new_pricing"}, "environment": {"name": "Production"}}
    told = {
        "event_type": "FLAG_UPDATED",
        "data": {
            "changed_by": "ann@example.com", "timestamp": "2026-11-22T14:41:00.000000Z",
            "new_state": {**feature, "enabled": True, "feature_state_value": "v2"},
            "previous_state": {**feature, "enabled": False, "feature_state_value": "v1"},
        },
    }  # fmt: skip
    found = outcome(json.dumps(told).encode())
    (row,) = found.rows["lg_changes"]

    assert "Flagsmith webhook" == found.claim.format
    assert ("flag", "new_pricing: off to v2", "ann@example.com") == (row["Kind"], row["Title"], row["Actor"])
    assert "Production" == dict(row["Attributes"])["deployment.environment.name"]
    gone = {**told, "event_type": "FLAG_DELETED", "data": {**told["data"], "new_state": None}}  # type: ignore[dict-item] # as it is above
    (row,) = outcome(json.dumps(gone).encode()).rows["lg_changes"]
    assert "FLAG_DELETED new_pricing" == row["Title"]
