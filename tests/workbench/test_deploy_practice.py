"""Deploy practice counted over a feed, and of the change at fault."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from lastgood.model.answers import ChangeVerdict, WeighedChange
from lastgood.model.change import ChangeKind
from lastgood.model.deploy_practice import Practice
from lastgood.model.window import Window
from lastgood.telemetry.tables import CHANGES
from lastgood.telemetry.writer import Writer
from lastgood.workbench.deploy_practice import at_fault, practice_counts, practice_of
from lastgood.workbench.store import Store

AT = datetime(2026, 11, 20, 10, tzinfo=UTC)
WINDOW = Window(AT - timedelta(hours=1), AT + timedelta(hours=1))
ROWS: tuple[tuple[str, str, str, int, list[tuple[str, str]]], ...] = (
    ("staged", "deploy", "v3", -50, [("deployment.environment.name", "staging")]),
    ("web-2", "deploy", "v2", -40, [("reviewed_by", "kim")]),
    ("web-3", "deploy", "v3", -10, []),
    ("nightly", "cron", "", -5, []),
)


def fill(store: Store) -> None:
    """Two deploys to production, one to staging, and a cron run."""
    writer = Writer(store.engine, "test")
    columns: dict[str, list[object]] = {
        "Id": [row[0] for row in ROWS], "Kind": [row[1] for row in ROWS], "Version": [row[2] for row in ROWS],
        "Timestamp": [AT + timedelta(minutes=row[3]) for row in ROWS],
        "EndTimestamp": [AT + timedelta(minutes=row[3]) for row in ROWS],
        "Service": ["web"] * len(ROWS), "Attributes": [row[4] for row in ROWS],
    }  # fmt: skip
    writer.add(CHANGES, CHANGES.rows(columns))
    writer.flush()


def weighed(change_id: str, within: str | None = None) -> WeighedChange:
    return WeighedChange(
        change_id, ChangeKind.DEPLOY, "web", AT, "", ChangeVerdict.LIKELY, 0.9, (), (), within=within
    )


def test_deploys_to_production_are_counted(store: Store) -> None:
    """With, without and not reported make up all."""
    assert () == practice_counts(store, WINDOW)
    fill(store)
    found = {one.practice: (one.done, one.missing, one.unknown) for one in practice_counts(store, WINDOW)}

    assert {
        Practice.REVIEW: (1, 1, 0), Practice.STAGING: (1, 1, 0), Practice.GRADUAL: (0, 0, 2), Practice.ROLLBACK: (0, 0, 2),
    } == found  # fmt: skip


def test_of_one_change_or_the_deploy_that_carried_it(store: Store) -> None:
    """Nothing of a change that is not on the feed."""
    fill(store)
    own, carried = practice_of(store, weighed("web-3")), practice_of(store, weighed("c1", "web-3"))

    assert own == carried
    assert {Practice.REVIEW: False, Practice.STAGING: True} == {
        one.practice: one.done for one in own if one.done is not None
    }
    assert () == practice_of(store, weighed("gone"))


def test_practice_is_asked_of_the_first_suspect() -> None:
    """Also of one that is only possible: the postmortem names it as the trigger. Not of one that is hardly suspected."""
    one = weighed("web-3")
    asked = {verdict: at_fault([replace(one, verdict=verdict), one]) for verdict in ChangeVerdict}

    assert {ChangeVerdict.LIKELY, ChangeVerdict.POSSIBLE} == {
        verdict for verdict, found in asked.items() if found
    }
    assert at_fault([]) is None
