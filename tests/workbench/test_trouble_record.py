"""Checks of known troubles on the record of an incident: evidence, answers of databases, and tests of a hypothesis."""

from dataclasses import replace
from pathlib import Path

import pytest

from lastgood.model.entry import Frozen
from lastgood.model.hypothesis import HypothesisAdded, Standing
from lastgood.model.prediction import Outcome
from lastgood.model.trouble import LiveAnswer, System, Trouble, TroublesAsked
from lastgood.workbench.assess import assess
from lastgood.workbench.board import board
from lastgood.workbench.evidence import kept, rerun
from lastgood.workbench.hypotheses import check_hypotheses
from lastgood.workbench.room import Room
from lastgood.workbench.store import Store
from lastgood.workbench.trouble import Asking, troubles
from records import START
from rooms import room_in
from scenario_language.asking import written
from workbench.test_assess import document

INCIDENTS = Path(__file__).parents[1] / "scenarios" / "incidents"
BLOCKED = LiveAnswer(
    System.POSTGRESQL, "postgresql://kim@h/shop", "pg-blocked", "SELECT 1",
    ("pid", "blocked_by", "seconds", "blocker_state", "query", "blocker_query"), ((1, 2, 9.0, "active", "a", "b"),),
)  # fmt: skip
UNREACHABLE = replace(BLOCKED, question="pg-statements", rows=(), columns=(), problem="cannot be reached")


def trial(room: Room, hypothesis: int) -> list[tuple[str, Outcome]]:
    """The checks that stand as tests of a hypothesis."""
    results = board(room).hypotheses[hypothesis - 1].results
    return [(r.checked.prediction, r.checked.outcome) for r in results if r.prediction is None]


@pytest.mark.slow
def test_checks_become_tests_of_the_hypothesis_of_their_class(store: Store, tmp_path: Path) -> None:
    """Each with its evidence, which can be run again; they stay when the hypothesis is checked, and decide nothing."""
    now = written(store, INCIDENTS / "node_exporter_sees_the_disk_fill.txt").whole.end
    with room_in(tmp_path, now=now) as room:
        assess(room, store, document)
        before = len(room.entries)
        there = [one.added.about for one in board(room).hypotheses]
        found = troubles(store, TroublesAsked((Trouble.DISK, Trouble.DNS)), Asking(now), room)
        evidence = [e.sequence for e in room.entries[before:] if isinstance(e.payload, Frozen)]
        number = next(n for n, about in enumerate(there, 1) if about.startswith("class:disk_full"))
        tested = trial(room, number)
        again = [rerun(room, store, sequence) for sequence in evidence]
        standing = check_hypotheses(room, store, number).hypotheses[number - 1].standing

        assert ("Is a file system full?", Outcome.SUPPORTED) in tested
        assert {Outcome.SUPPORTED} == {outcome for _, outcome in tested}
        assert tested == trial(room, number)

    assert [True, False] == [one.verdict == "yes" for one in found]
    assert evidence
    assert all(not one.gone and not one.new for one in again)
    assert Standing.RULED_OUT is not standing


@pytest.mark.slow
def test_a_trouble_that_no_hypothesis_is_about_becomes_one(store: Store, tmp_path: Path) -> None:
    """Once; what its checks say alone leaves it inconclusive, since it need not be the cause."""
    now = written(store, INCIDENTS / "node_exporter_sees_the_disk_fill.txt").whole.end
    asked = TroublesAsked((Trouble.DATABASE,), (BLOCKED, UNREACHABLE))
    with room_in(tmp_path, now=now) as room:
        assess(room, store, document)
        before = len(board(room).hypotheses)
        troubles(store, asked, Asking(now), room)
        troubles(store, asked, Asking(now), room)
        added = board(room).hypotheses[before:]

        assert ["trouble:database"] == [one.added.about for one in added]
        assert Standing.INCONCLUSIVE is added[0].standing


def test_answers_of_a_database_are_kept_without_telemetry_too(tmp_path: Path) -> None:
    """Rows beside the question that asks again; a failure is noted; nothing is blamed before the incident is assessed."""
    with room_in(tmp_path) as room:
        troubles(None, TroublesAsked((Trouble.DATABASE,), (BLOCKED, UNREACHABLE)), Asking(START), room)
        kinds = [entry.kind for entry in room.entries]
        rows = kept(room, next(e.sequence for e in room.entries if isinstance(e.payload, Frozen))).rows

        assert ["opened", "evidence", "note"] == kinds
        assert BLOCKED.rows == rows
        assert not any(isinstance(entry.payload, HypothesisAdded) for entry in room.entries)
