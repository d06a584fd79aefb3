"""What a change feed reports of review, staging, rollout and roll-back."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from lastgood.algorithms.deploy_practice import in_production, practised
from lastgood.model.change import Change, ChangeKind
from lastgood.model.deploy_practice import Practice

AT = datetime(2026, 11, 20, 10, tzinfo=UTC)
DEPLOY = Change("d2", ChangeKind.DEPLOY, AT, AT, service="web", version="v2")
OTHER = replace(DEPLOY, change_id="d1", version="v1", at=AT - timedelta(days=1), until=AT - timedelta(days=1))
COMMIT = Change("c1", ChangeKind.COMMIT, AT, AT, service="web", title="one price", within="d2")


def answers(change: Change, *feed: Change) -> dict[Practice, bool | None]:
    return {one.practice: one.done for one in practised(change, (change, *feed))}


def test_a_bare_feed_does_not_report_any_of_it() -> None:
    """Absence is no proof."""
    assert dict.fromkeys(Practice) == answers(DEPLOY, OTHER, COMMIT)


@pytest.mark.parametrize(
    ("name", "value", "practice", "done"),
    [
        ("reviewed_by", "kim", Practice.REVIEW, True),
        ("reviewed", "false", Practice.REVIEW, False),
        ("staging-check", "passed", Practice.STAGING, True),
        ("staging_check", "skipped", Practice.STAGING, False),
        ("rolloutStrategy", "canary", Practice.GRADUAL, True),
        ("strategy", "all-at-once", Practice.GRADUAL, False),
        ("auto_rollback", "true", Practice.ROLLBACK, True),
        ("auto_rollback", "off", Practice.ROLLBACK, False),
    ],
)
def test_a_field_decides_and_its_absence_counts_where_others_have_it(
    name: str, value: str, practice: Practice, done: bool
) -> None:
    """The other three stay unknown."""
    told = replace(DEPLOY, attributes={name: value})

    assert {**dict.fromkeys(Practice), practice: done} == answers(told, OTHER)
    assert answers(OTHER, told)[practice] is False


def test_a_staging_check_is_the_same_version_elsewhere_before() -> None:
    """After it, failed, or of another version does not count; another service's staging says nothing."""
    staged = replace(
        DEPLOY,
        change_id="s2",
        at=AT - timedelta(hours=1),
        attributes={"deployment.environment.name": "staging"},
    )
    later, failed = replace(staged, at=AT + timedelta(hours=1)), replace(staged, state="failed")

    assert not in_production(staged)
    assert answers(DEPLOY, staged)[Practice.STAGING] is True
    for other in (later, failed, replace(staged, version="v1")):
        assert answers(DEPLOY, other)[Practice.STAGING] is False
    assert answers(DEPLOY, replace(staged, service="mail"))[Practice.STAGING] is None


def test_a_review_is_a_sign_on_each_commit_of_the_deploy() -> None:
    """A merge covers the commits of its branch; one bare commit beside signed ones went out without."""
    merge = replace(COMMIT, change_id="m", title="Merge pull request #7 from kim/prices")
    signed = replace(COMMIT, change_id="s", attributes={"message": "why\n\nReviewed-by: kim"})
    squashed = replace(COMMIT, change_id="q", title="one price (#12)")

    for feed in ((COMMIT, merge), (signed, squashed)):
        assert answers(DEPLOY, *feed)[Practice.REVIEW] is True
    assert answers(DEPLOY, COMMIT, signed)[Practice.REVIEW] is False
    assert answers(DEPLOY, COMMIT, replace(squashed, within="d1"))[Practice.REVIEW] is False


def test_a_part_of_it_first_is_a_gradual_rollout() -> None:
    """A canary or a share of traffic, of the same version; 100 % is all of it."""
    part = replace(DEPLOY, change_id="p", at=AT - timedelta(minutes=9), title="web v2 canary")
    share = replace(part, title="web v2 to 5 %")
    whole = replace(part, title="web v2 to 100 %")

    assert [True, True, None] == [answers(DEPLOY, one)[Practice.GRADUAL] for one in (part, share, whole)]
    assert answers(DEPLOY, replace(part, version="v1"))[Practice.GRADUAL] is False
