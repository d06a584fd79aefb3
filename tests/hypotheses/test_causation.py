"""Tests of causation on whole incidents: the guilty pass, the innocent fail by name, the rest say why not."""

from datetime import timedelta
from pathlib import Path

import pytest

from lastgood.algorithms.causation import UNDONE_LONG
from lastgood.decoding.scenario.grammar import parse_text
from lastgood.decoding.scenario.world import make, tables
from lastgood.hypotheses.causation import each_test
from lastgood.incidents.board import board_of
from lastgood.model.action import ActionBegun
from lastgood.model.answers import ChangesWeighed, ChangeVerdict
from lastgood.model.prediction import EXPERIMENT, Checked, Outcome
from lastgood.telemetry.writer import Writer
from lastgood.workbench.assess import assess
from lastgood.workbench.investigate import investigate
from lastgood.workbench.predictions import scene_of
from lastgood.workbench.room import Room
from lastgood.workbench.store import Store
from rooms import room_in
from scenario_language.asking import written
from workbench.test_assess import document

pytestmark = pytest.mark.slow  # a whole incident each
SCENARIOS = Path(__file__).parents[1] / "scenarios"
YES, NO, FEW, MISSING = Outcome.SUPPORTED, Outcome.REFUTED, Outcome.INCONCLUSIVE, Outcome.UNTESTABLE


def outcomes(room: Room, store: Store, change: str) -> dict[str, Checked]:
    """What each test of a change says."""
    scene = scene_of(room, store)
    assert scene
    measuring = store.measuring(scene.comparison)
    found = [result for result, _ in each_test(change, measuring, scene, room.incident, room.now)]
    decided = [r for r in found if r.checked.outcome in {YES, NO}]
    assert all(result.evidence for result in decided)
    return {result.checked.prediction: result.checked for result in found}


def incident(room: Room, store: Store, scenario: str) -> None:
    """A scenario, assessed at its end."""
    room.now = written(store, SCENARIOS / scenario).whole.end
    assess(room, store, document)


@pytest.mark.parametrize(
    ("scenario", "change", "expected"),
    [
        # One instance after the other gets it, and errors grow with it.
        ("incidents/errors_ramp_up_with_rollout.txt", "fa-9",
         {"timing": YES, "recurrence": MISSING, "segment": YES, "dose": YES, "common cause": FEW, "reversal": MISSING}),
        ("incidents/errors_ramp_up_with_rollout.txt", "web-3", {"timing": NO, "segment": MISSING}),
        # One of four instances: the others are as ever, and its share stays what it is.
        ("incidents/canary_fails_beside_the_old.txt", "cart-42", {"timing": YES, "segment": YES, "dose": MISSING}),
        # It went out at the minute in which a bank began to fail: old and new fail alike.
        ("incidents/innocent_canary.txt", "tr-6", {"timing": YES, "segment": NO, "common cause": YES}),
        ("incidents/rolled_back.txt", "co-4", {"timing": YES, "segment": FEW, "reversal": YES}),
        ("incidents/flag_for_a_fifth_of_users.txt", "new-ranker", {"timing": YES, "segment": YES, "dose": MISSING}),
        # It runs every five minutes, and nothing came of it before.
        ("deploy_breaks_checkout.txt", "report@10:30", {"timing": YES, "recurrence": NO, "segment": MISSING}),
        ("deploy_breaks_checkout.txt", "web-v12", {"timing": FEW, "recurrence": MISSING}),
        ("deploy_breaks_checkout.txt", "nothing", {}),
    ],
)  # fmt: skip
def test_each_test_by_name(
    store: Store, tmp_path: Path, scenario: str, change: str, expected: dict[str, Outcome]
) -> None:
    """For the changes of a scenario, as it was made; the card does not blame what the board rules out."""
    with room_in(tmp_path) as room:
        incident(room, store, scenario)
        found = outcomes(room, store, change)

        assert expected == {name: found[name].outcome for name in expected}, found
        assert room.incident.triaged
        blamed = [c.change_id for c in room.incident.triaged.changes if c.verdict is ChangeVerdict.LIKELY]
        decisive = (found[name].outcome for name in ("timing", "recurrence", "segment", "reversal") if found)
        assert change not in blamed or NO not in decisive


@pytest.mark.parametrize("scenario", ["incidents/rolled_back.txt", "deploy_breaks_checkout.txt"])
def test_card_and_board_time_a_change_alike(store: Store, tmp_path: Path, scenario: str) -> None:
    """By the same onset, in the same words: also for what began within a second of it, and for what came after."""
    with room_in(tmp_path) as room:
        incident(room, store, scenario)
        _, findings = investigate(store, now=room.now, only="what_changed")
        weighed = next(one.answer for one in findings if isinstance(one.answer, ChangesWeighed))
        for change in weighed.ranked:
            board = outcomes(room, store, change.change_id)["timing"].because.split(", long for")[0]
            assert any(one.startswith(board) for one in (*change.for_it, *change.against_it)), change


def test_others_that_began_with_it_are_named(store: Store, tmp_path: Path) -> None:
    """Those of the same minutes."""
    with room_in(tmp_path) as room:
        incident(room, store, "incidents/canary_fails_beside_the_old.txt")
        found = outcomes(room, store, "cart-42")["common cause"]

        assert FEW is found.outcome
        assert "config web header size started at the same time" == found.because


def test_what_runs_all_the_time_began_nothing(store: Store, tmp_path: Path) -> None:
    """A cron of every five minutes is no other cause, also when it ran at that very minute."""
    with room_in(tmp_path) as room:
        incident(room, store, "deploy_breaks_checkout.txt")

        assert YES is outcomes(room, store, "checkout-v42")["common cause"].outcome


def test_an_action_that_undoes_it_is_an_experiment(store: Store, tmp_path: Path) -> None:
    """Where the impact stays for long, the change is innocent; before it was undone, and soon after, nothing is said."""
    with room_in(tmp_path) as room:
        incident(room, store, "incidents/innocent_canary.txt")
        undone = room.now - UNDONE_LONG - timedelta(minutes=2)
        assert MISSING is outcomes(room, store, "tr-6")["reversal"].outcome
        room.append(ActionBegun("rollback", "transfer", "kim"), at=undone)
        stayed = outcomes(room, store, "tr-6")["reversal"]
        room.now = undone + UNDONE_LONG - timedelta(seconds=1)
        soon = outcomes(room, store, "tr-6")["reversal"]

        assert (NO, EXPERIMENT) == (stayed.outcome, stayed.kind), stayed.because
        assert FEW is soon.outcome


CANARY = """
scenario  a deploy on one of two instances
seed      5
time      2026-11-20 10:00 .. 10:45
service   web  instances=w-1
service   checkout  instances=c-1,c-2 version=v41 then version=v42 where service.instance.id=c-2 at 10:29:40
spans     web "POST /checkout" rate=4/s
call      web "POST /checkout" -> checkout Place latency=20ms errors=0.2% then errors=60% where service.instance.id=c-2 at 10:30
logs      checkout info "took order {hex12}" each=request:checkout
logs      checkout error "cannot place {hex12}: no price" each=failure:checkout
metric    checkout http.server.errors level=1 noise=10% every=10s then level=40 noise=5% where service.instance.id=c-2 at 10:30
change    deploy checkout v41 -> v42 id=co-42 at 10:29:40
"""


@pytest.mark.parametrize(
    ("kept", "segment", "because"),
    [
        ("otel_logs", YES, "version=v42 is affected"),
        ("otel_metrics_gauge", MISSING, "metrics do not show which requests failed"),
    ],
)
def test_a_deploy_is_tested_on_what_there_is(
    store: Store, tmp_path: Path, kept: str, segment: Outcome, because: str
) -> None:
    """Where there are no spans: on log lines, and its proposed predictions too; of metrics alone it is said why not."""
    scenario = parse_text(CANARY, Path("canary"))
    writer = Writer(store.engine, "canary")
    for table, rows in tables(make(scenario)):
        if table.name in {kept, "lg_changes"}:
            writer.add(table, rows)
    writer.flush()
    with room_in(tmp_path) as room:
        room.now = scenario.whole.end
        assess(room, store, document)
        found = outcomes(room, store, "co-42")["segment"]
        blamed = [one.added for one in board_of(room.entries).hypotheses if one.added.change]
        tested = [each for one in blamed for each in one.predictions if "errors" in each.normal]

    assert segment is found.outcome
    assert because in found.because
    assert (segment is YES) == any(not one.lacks for one in tested)
