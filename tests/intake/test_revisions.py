"""Histories of deploys as their programs print them."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from lastgood.decoding.input import Claim
from lastgood.decoding.tables.dated import FARTHEST_ZONE, LIST_AHEAD
from lastgood.intake import revisions
from lastgood.model.attributes import CHANGE_ZONE
from outcomes import NOW, outcome

MINUTE = timedelta(minutes=1)

HELM = (
    b"REVISION\tUPDATED                 \tSTATUS    \tCHART         \tAPP VERSION\tDESCRIPTION\n"
    b"41      \tSun Nov 22 10:00:00 2026\tsuperseded\tcheckout-1.2.0\tv2.45.0    \tUpgrade complete\n"
    b"42      \tSun Nov 22 14:40:30 2026\tfailed    \tcheckout-1.2.1\tv2.46.0    \tUpgrade failed\n"
)
LIST = (
    b"NAME    \tNAMESPACE\tREVISION\tUPDATED                                \tSTATUS  \tCHART      \tAPP VERSION\n"
    b"shop-pay\tshop     \t7       \t2026-11-22 14:40:30.123456789 +0000 UTC\tdeployed\tpay-1.2.0  \tv3\n"
)
NOMAD = (
    b"ID        Job ID  Job Version  Status      Description            Created At            Notes\n"
    b"4be1f07c  seats   61           successful  Deployment completed   2026-11-22T14:40:30Z  8.2.1 -> 8.2.2\n"
    b"9d20c3aa  plan    7            failed      Failed due to progress 2026-11-22T14:50:30Z  \n"
)
ARGO = (
    b"ID  DATE                           REVISION\n"
    b"41  2026-11-22 10:00:00 +0000 UTC  main (1a2b3c4)\n42  2026-11-22 15:40:30 +0100 CET  v1.2.3\n"
)


def test_helms_revisions_are_deploys_with_the_version_before() -> None:
    """One that failed is not in force."""
    first, second = outcome(HELM, "history.txt").rows["lg_changes"]
    assert ("deploy", "checkout", "v2.45.0", "") == tuple(
        first[n] for n in ("Kind", "Service", "Version", "State")
    )
    assert ("v2.46.0", "v2.45.0", "failed") == tuple(
        second[n] for n in ("Version", "PreviousVersion", "State")
    )
    assert "2026-11-22T14:40:30+00:00" == second["Timestamp"].isoformat()


def test_helm_says_no_zone_in_its_tables_for_people() -> None:
    """Whoever runs it has one, and a list says it."""
    first, _ = outcome(HELM, "history.txt").rows["lg_changes"]
    (listed,) = outcome(LIST, "list.txt").rows["lg_changes"]

    assert (True, False) == tuple(CHANGE_ZONE in dict(one["Attributes"]) for one in (first, listed))


@pytest.mark.parametrize(
    ("minutes", "hours", "known"),
    [
        (LIST_AHEAD // MINUTE, 0, "read as UTC"),
        (LIST_AHEAD // MINUTE + 1, 1, "read as UTC+01:00"),
        (61, 2, "read as UTC+02:00"),
        (FARTHEST_ZONE // MINUTE, 14, "read as UTC+14:00"),
        (FARTHEST_ZONE // MINUTE + 1, 0, "read as UTC"),
    ],
)
def test_a_history_that_goes_on_after_now_is_of_a_zone_ahead(minutes: int, hours: int, known: str) -> None:
    """All of it, by the fewest hours; that its zone is not known stays said."""
    last = NOW + minutes * MINUTE
    text = HELM.replace(b"Sun Nov 22 14:40:30 2026", f"{last:%a %b %d %H:%M:%S %Y}".encode())
    first, second = outcome(text, "history.txt").rows["lg_changes"]

    assert last - timedelta(hours=hours) == second["Timestamp"].to_pydatetime()
    assert first["Timestamp"].to_pydatetime() == datetime(2026, 11, 22, 10, tzinfo=UTC) - timedelta(
        hours=hours
    )
    assert all(known in dict(one["Attributes"])[CHANGE_ZONE] for one in (first, second))


def test_a_list_that_says_its_zone_is_left_after_now() -> None:
    """An entry of the future is a mistake of a clock."""
    (listed,) = outcome(LIST.replace(b"2026-11-22", b"2026-11-23"), "list.txt").rows["lg_changes"]

    assert 23 == listed["Timestamp"].day
    assert CHANGE_ZONE not in dict(listed["Attributes"])


def test_helms_list_and_json_are_known() -> None:
    """By the names of their columns."""
    row = {
        "revision": 7,
        "updated": "2026-11-22T14:40:30Z",
        "status": "deployed",
        "chart": "pay-1.2.0",
        "app_version": "v3",
    }
    (listed,) = outcome(LIST, "list.txt").rows["lg_changes"]
    (read,) = outcome(json.dumps([row]).encode(), "history.json").rows["lg_changes"]
    assert ("shop-pay", "v3") == (listed["Service"], listed["Version"])
    assert ("pay", "v3") == (read["Service"], read["Version"])


def test_nomads_deployments_are_of_jobs() -> None:
    """By the versions of what they run where those are reported, else by Nomad's own count."""
    first, second = outcome(NOMAD, "deployments.txt").rows["lg_changes"]
    assert ("seats", "8.2.2", "8.2.1", "") == tuple(
        first[n] for n in ("Service", "Version", "PreviousVersion", "State")
    )
    assert ("plan", "7", "failed") == tuple(second[n] for n in ("Service", "Version", "State"))
    assert "2026-11-22T14:40:30+00:00" == first["Timestamp"].isoformat()


def test_argos_history_is_of_revisions() -> None:
    """With the zone of each."""
    first, second = outcome(ARGO, "history.txt").rows["lg_changes"]
    assert ("1a2b3c4", "v1.2.3") == (first["Version"], second["Version"])
    assert "2026-11-22T14:40:30+00:00" == second["Timestamp"].isoformat()


def test_a_revision_that_is_an_image_says_whose_it_is() -> None:
    """And its heading may name the zone."""
    (one,) = outcome(
        b"ID   DATE (UTC)            REVISION\n188  2026-10-29 12:10:33  cart:4.11.2 (1fd02c9)   ann    bump\n",
        "h.txt",
    ).rows["lg_changes"]
    assert ("cart", "4.11.2", "sync 188 to cart:4.11.2 (1fd02c9) ann bump") == tuple(
        one[name] for name in ("Service", "Version", "Title")
    )


def test_a_row_without_a_time_is_a_reject() -> None:
    """The others stay."""
    found = outcome(
        ARGO.replace(b"2026-11-22 10:00:00 +0000 UTC", b"yesterday                    "), "history.txt"
    )
    assert found.balanced
    assert (1, 1) == (len(found.rejects), len(found.rows["lg_changes"]))


def test_an_application_of_argo_has_a_deploy_for_each_sync() -> None:
    """The newest runs the images that its summary names; it went on while it was synced."""
    application = {
        "apiVersion": "argoproj.io/v1alpha1", "kind": "Application", "metadata": {"name": "pay"},
        "status": {
            "history": [
                {"id": 4, "deployStartedAt": "2026-11-22T14:40:00Z", "deployedAt": "2026-11-22T14:40:30Z", "revision": "b" * 40},
                {"id": 3, "deployedAt": "2026-11-20T14:40:30Z", "revision": "a" * 40},
            ],
            "summary": {"images": ["registry.example.com/pay:7.2"]},
        },
    }  # fmt: skip
    first, second = outcome(json.dumps(application, indent=1).encode(), "app.json").rows["lg_changes"]
    assert ("pay", "a" * 40) == (first["Service"], first["Version"])
    assert ("7.2", "a" * 40) == (second["Version"], second["PreviousVersion"])
    assert "b" * 40 == dict(second["Attributes"])["vcs.ref.head.revision"]
    assert 30.0 == (second["EndTimestamp"] - second["Timestamp"]).total_seconds()


@pytest.mark.parametrize("history", [True, False])
def test_a_sync_of_argo_that_failed_is_a_deploy_that_failed(history: bool) -> None:
    """A history has only those that came into force: the last operation says it, and which revision was to be."""
    state = {
        "phase": "Failed", "startedAt": "2026-11-22T14:44:00Z", "finishedAt": "2026-11-22T14:45:00Z",
        "message": "one or more objects failed to apply", "syncResult": {"revision": "c" * 40},
        "operation": {"initiatedBy": {"username": "kim"}},
    }  # fmt: skip
    synced = [{"id": 3, "deployedAt": "2026-11-20T14:40:30Z", "revision": "a" * 40}]
    application = {
        "apiVersion": "argoproj.io/v1alpha1", "kind": "Application", "metadata": {"name": "pay"},
        "status": {"operationState": state, **({"history": synced} if history else {})},
    }  # fmt: skip
    rows = outcome(json.dumps({"items": [application]}).encode(), "apps.json").rows["lg_changes"]
    done = {**application, "status": {"history": synced, "operationState": state | {"phase": "Succeeded"}}}

    assert (1 + history, "failed", "c" * 40, "kim") == (
        len(rows), rows[-1]["State"], rows[-1]["Version"], rows[-1]["Actor"],
    )  # fmt: skip
    assert "sync of pay failed: one or more objects failed to apply" == rows[-1]["Title"]
    assert ("a" * 40 if history else "") == rows[-1]["PreviousVersion"]
    assert 1 == len(outcome(json.dumps(done).encode(), "app.json").rows["lg_changes"])


def test_a_list_of_applications_need_not_say_what_each_is() -> None:
    """By their histories; a tag that is followed is the version."""
    history = [
        {
            "id": n,
            "deployedAt": f"2026-11-2{n}T14:40:30Z",
            "revision": str(n) * 40,
            "source": {"targetRevision": tag},
        }
        for n, tag in ((1, "v3.8.1"), (2, "main"))
    ]
    listed = {
        "apiVersion": "v1",
        "kind": "List",
        "items": [{"metadata": {"name": "ingest"}, "status": {"history": history}}],
    }
    first, second = outcome(json.dumps(listed).encode(), "apps.json").rows["lg_changes"]

    assert ("ingest", "v3.8.1", "2" * 40) == (first["Service"], first["Version"], second["Version"])


def test_a_history_of_argo_as_json_is_of_the_folder_it_applies() -> None:
    """Oldest first; a folder that is called after a place says nothing, so its repository does."""
    source = {"repoURL": "https://git.example/shop-config.git", "targetRevision": "HEAD"}
    history = [
        {"id": 3, "revision": "b" * 40, "deployStartedAt": "2026-11-22T14:40:50Z", "deployedAt": "2026-11-22T14:41:00Z",
         "source": {**source, "path": "apps/cart/overlays/prod"}, "initiatedBy": {"username": "ann"}},
        {"id": 2, "revision": "a" * 40, "deployedAt": "2026-11-20T14:41:00Z", "source": {**source, "path": "apps/cart/overlays/prod"}},
        {"id": 1, "revision": "c" * 40, "deployedAt": "2026-11-19T14:41:00Z", "source": {**source, "path": "overlays/prod"}},
    ]  # fmt: skip
    other, first, second = outcome(json.dumps(history).encode(), "history.json").rows["lg_changes"]

    assert ("shop-config", "cart") == (other["Service"], first["Service"])
    assert ("b" * 40, "a" * 40, "ann") == (second["Version"], second["PreviousVersion"], second["Actor"])
    assert 10.0 == (second["EndTimestamp"] - second["Timestamp"]).total_seconds()


def test_json_that_breaks_off_is_rejected() -> None:
    """With the reason; nothing escapes."""
    whole = b'[{"revision": 1, "updated": "2026-11-22T14:00:00Z", "status": "deployed", "chart": "pay-1.2.3"}, {"revision": 2'
    claim = Claim("helm history", 0.97, "it has the headings of helm history or helm list")

    found = outcome(whole, by=(revisions.SOURCE, claim))

    assert found.balanced
    assert [True] == [one.reason.startswith("not JSON: ") for one in found.rejects]


RUN = (
    b"   REVISION         ACTIVE  SERVICE  DEPLOYED                 DEPLOYED BY\n"
    b"+  seats-00031-kud  yes     seats    2026-11-22 14:40:30 UTC  ci@kiosk.example\n"
    b"+  seats-00030-wez          seats    2026-11-20 09:00:00 UTC  ci@kiosk.example\n"
)


def test_a_revision_of_cloud_run_is_a_deploy() -> None:
    """The one below is the one before; the time has its zone."""
    found = outcome(RUN, "revisions.txt")
    older, newest = found.rows["lg_changes"]

    assert ("deploy", "seats", "seats-00031-kud", "seats-00030-wez", "ci@kiosk.example") == tuple(
        newest[name] for name in ("Kind", "Service", "Version", "PreviousVersion", "Actor")
    )
    assert "2026-11-22T14:40:30+00:00" == newest["Timestamp"].isoformat()
    assert "" == older["PreviousVersion"]
    assert CHANGE_ZONE not in dict(newest["Attributes"])
    assert found.balanced


@pytest.mark.parametrize("name", ["app", "application"])
def test_histories_that_scripts_collect_are_of_the_applications_beside_them(name: str) -> None:
    """The version is that of the images where they are listed."""
    revisions = [
        {
            "id": n,
            "revision": "f" * 40,
            "deployedAt": f"2026-11-22T14:0{n}:00Z",
            "images": [f"hub/seats:v{n}"],
        }
        for n in (1, 2)
    ]
    found = outcome(json.dumps([{name: "seats", "history": revisions}]).encode(), "history.json")

    assert [("seats", "v1", ""), ("seats", "v2", "v1")] == [
        (row["Service"], row["Version"], row["PreviousVersion"]) for row in found.rows["lg_changes"]
    ]


def test_helms_json_may_have_its_revisions_under_the_names_of_releases() -> None:
    """As scripts collect them; a chart that all share names none."""
    row = {
        "revision": 61,
        "updated": "2026-11-22T14:41:00Z",
        "status": "deployed",
        "chart": "base-2.4.0",
        "app_version": "5.2.0",
    }
    found = outcome(json.dumps({"kiosk": [row], "seats": [row]}).encode(), "history.json")

    assert ["kiosk", "seats"] == [one["Service"] for one in found.rows["lg_changes"]]
    assert found.balanced
