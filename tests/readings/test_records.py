"""Records of one release are one change."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from lastgood.model.attributes import ALSO_RECORDED
from lastgood.model.change import Change, ChangeKind
from lastgood.readings.records import (
    ROLLS_OUT_WITHIN,
    TOLD_WITHIN,
    VERSION_LETTERS,
    one_by_release,
    told_once,
)

START = datetime(2026, 11, 27, 9, 30, tzinfo=UTC)
REVISION = "4f1d2c3b5a69788796a5b4c3d2e1f00112233445"


def deploy(name: str, version: str, seconds: float = 0, **given: str) -> Change:
    """A deploy of the cart."""
    at = START + timedelta(seconds=seconds)
    return Change(name, ChangeKind.DEPLOY, at, at, "cart", name, version, attributes=given)


SYNC, ROLL_OUT, DONE = deploy("sync 12", "v42"), deploy("roll-out 8", "v42", 3), deploy("done", REVISION, 5)


def test_a_synchronisation_and_its_roll_out_are_one_change() -> None:
    """By its image and the version before it, from the first record to the last; commits that came with one came with it."""
    rolled = replace(ROLL_OUT, previous="v41")
    commit = Change("c1", ChangeKind.COMMIT, START, START, "cart", within="done")

    one, came = one_by_release([DONE, rolled, SYNC, commit])

    assert ("roll-out 8", "v42", "v41") == (one.change_id, one.version, one.previous)
    assert (SYNC.at, DONE.until) == (one.at, one.until)
    assert {"sync 12", "done"} == set(one.attributes[ALSO_RECORDED].split(", "))
    assert "roll-out 8" == came.within


@pytest.mark.parametrize(
    "other",
    [
        deploy("v43", "v43", 3),
        deploy("later", "v42", ROLLS_OUT_WITHIN.total_seconds() + 1),
        replace(ROLL_OUT, service="web"),
        replace(ROLL_OUT, state="failed"),
        replace(ROLL_OUT, kind=ChangeKind.CONFIG),
        replace(ROLL_OUT, version=""),
    ],
)
def test_other_changes_stay_apart(other: Change) -> None:
    """Another version, time, service, outcome or kind."""
    assert [SYNC, other] == one_by_release([SYNC, other])


def test_two_regions_are_two_roll_outs() -> None:
    """Records that name different places; the namespace of a controller is its own."""
    one, two = (deploy(region, "v42", region=region) for region in ("eu", "us"))
    mine, theirs = (
        replace(each, attributes={"k8s.namespace.name": each.change_id}) for each in (SYNC, ROLL_OUT)
    )

    assert [one, two] == one_by_release([one, two])
    assert 1 == len(one_by_release([mine, theirs]))


def test_two_revisions_are_two_releases() -> None:
    """Though they come within seconds."""
    assert 2 == len(one_by_release([DONE, replace(DONE, change_id="e", version="0" * 40)]))


def migrated(name: str, version: str, seconds: float = 0, service: str = "") -> Change:
    """A migration of a table of them, or of a message."""
    at = START + timedelta(seconds=seconds)
    return Change(name, ChangeKind.MIGRATION, at, at, service, name, version)


ROW = migrated("row", "0087_drop_gift", 14.4)


def test_a_message_about_a_change_on_record_is_no_change_of_its_own() -> None:
    """The record's time counts, for a chat has minutes only; the message is kept by its id."""
    (one,) = told_once([migrated("ran migrate shop, 0087_drop_gift applied", ""), ROW])

    assert (ROW.change_id, ROW.at) == (one.change_id, one.at)
    assert "ran migrate shop, 0087_drop_gift applied" == one.attributes[ALSO_RECORDED]


@pytest.mark.parametrize(
    "message",
    [
        migrated("ran migrate shop, 0088_other applied", ""),
        migrated("ran 0087_drop_gift_2", ""),
        migrated("ran 0087_drop_gift", "", TOLD_WITHIN.total_seconds() + 15),
        replace(migrated("ran 0087_drop_gift", ""), kind=ChangeKind.DEPLOY),
        migrated("ran 0087_drop_gift", "7"),
        migrated("rolled back 0087_drop_gift", ""),
        replace(migrated("ran 0087_drop_gift", ""), state="failed"),
    ],
)
def test_messages_about_something_else_stay(message: Change) -> None:
    """Another version, time, kind or outcome, what undoes it, or a record that has a version of its own."""
    assert [message, ROW] == told_once([message, ROW])


def test_a_message_about_a_deploy_names_its_service_and_version() -> None:
    """Another service's 418 is another deploy, and a short number may be anything."""
    said = replace(deploy("418 is live", "", 20), change_id="said")
    short = "4" * (VERSION_LETTERS - 1)

    assert [deploy("d", "418").change_id] == [one.change_id for one in told_once([deploy("d", "418"), said])]
    assert 2 == len(told_once([deploy("d", "418"), replace(said, service="web")]))
    assert 2 == len(told_once([deploy("d", short), replace(said, title=f"{short} is live")]))


def test_the_first_update_of_a_status_page_is_its_incident() -> None:
    """Later ones stay: they say how it went on."""
    incident, first, later = (
        replace(deploy(name, "", seconds), kind=ChangeKind.THIRD_PARTY, within=within)
        for name, seconds, within in (("i1", 0, ""), ("i1/u1", 960, "i1"), ("i1/u2", 1800, "i1"))
    )

    assert ["i1", "i1/u2"] == [one.change_id for one in told_once([later, first, incident])][::-1]
