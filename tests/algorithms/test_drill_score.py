"""Who works by the method scores clearly higher."""

from pathlib import Path

import pytest

from hypotheses import checked
from lastgood.algorithms.drill_score import fits, score
from lastgood.algorithms.named_causes import causes_named
from lastgood.model.action import ActionBegun, Effect, EffectMeasured
from lastgood.model.drill import Drill, DrillScore
from lastgood.model.entry import Frozen, Noted, Resolved
from lastgood.model.hypothesis import HypothesisAdded, HypothesisReopened
from lastgood.model.prediction import Outcome
from lastgood.workbench.drill_list import drill_named, drills
from lastgood.workbench.room import Room
from players import at, play_badly, play_well, updated
from records import START
from rooms import room_in


def points(found: DrillScore) -> dict[str, float]:
    """Shares of the points by part."""
    return {part.name: part.points / part.of for part in found.parts}


@pytest.mark.parametrize("drill", drills()[::3], ids=lambda drill: drill.name)
def test_playing_well_and_badly_differ_clearly(drill: Drill, tmp_path: Path) -> None:
    """In every third drill; `make bench ONLY=drills` plays all, and triages each."""
    with room_in(tmp_path / "good") as good, room_in(tmp_path / "bad") as bad:
        play_well(good, drill)
        play_badly(bad, drill)
        well, badly = (score(drill, room.entries, START) for room in (good, bad))

    assert well.percent > 90
    assert badly.percent < 25
    assert all(part.seen for part in well.parts)


def test_each_part_counts_for_itself(tmp_path: Path) -> None:
    """A late mitigation, a wrong one first, a second one before the first is measured, a vague message."""
    drill = drill_named("orders-fail")
    with room_in(tmp_path) as room:
        at(room, 10, updated("We are looking into it.", overridden=("vague: We are looking into it.",)))
        at(room, 20, ActionBegun("restart", "web", "kim"))
        at(room, 30, ActionBegun("rollback", "checkout", "kim"))
        found = points(score(drill, room.entries, START))

    assert 0.5 == found["first update"]
    assert 0 == found["clear messages"] == found["one change at a time"] == found["evidence kept"]
    assert 2 / 3 == found["mitigation"]
    assert 0.5 == found["mitigate first"]
    assert 0 == found["confirm"]


def test_an_update_that_was_not_refused_is_clear(tmp_path: Path) -> None:
    """The check knows names of the record and of the telemetry, which the score does not."""
    with room_in(tmp_path) as room:
        at(room, 4, updated("Payments is slow.\nOwner: root"))
        assert 1 == points(score(drill_named("orders-fail"), room.entries, START))["clear messages"]


def test_evidence_counts_only_before_an_action(tmp_path: Path) -> None:
    """Opening an incident keeps some by itself."""
    drill, kept = (
        drill_named("orders-fail"),
        Frozen("e", "q", "SELECT 1", {}, None, 1, cut_off=False, content=""),
    )
    with room_in(tmp_path) as room:
        at(room, 1, kept)
        before = points(score(drill, room.entries, START))
        at(room, 3, ActionBegun("rollback", "checkout", "kim"))
        after = points(score(drill, room.entries, START))

    assert (0, 1) == (before["evidence kept"], after["evidence kept"])


def test_an_action_fits_by_kind_and_target() -> None:
    """Both of them."""
    drill = drill_named("orders-fail")

    assert fits(drill, ActionBegun("rollback", "checkout", "kim"))
    assert not fits(drill, ActionBegun("restart", "checkout", "kim"))
    assert not fits(drill, ActionBegun("rollback", "web", "kim"))


@pytest.mark.parametrize(
    ("name", "what", "target"),
    [
        ("slow-at-three", "stop_job", "nightly export"),
        ("no-addresses", "flag_off", "suggest on every key"),
        ("empty-feeds", "flag_off", "new_ranker on for a fifth"),
        ("payments-refused", "failover", "api.acme-pay.example"),
        ("evening-peak", "shed_load", "recommend"),
    ],
)
def test_what_the_card_proposes_first_counts(name: str, what: str, target: str) -> None:
    """As it was proposed for the telemetry of the drill at its page."""
    assert fits(drill_named(name), ActionBegun(what, target, "kim"))


@pytest.mark.parametrize(("effect", "share"), [(Effect.TOO_EARLY, 0.5), (Effect.NO_EFFECT, 1)])
def test_only_a_verdict_measures_an_action(effect: Effect, share: float, tmp_path: Path) -> None:
    """To look too early is not to measure."""
    drill = drill_named("orders-fail")
    with room_in(tmp_path) as room:
        at(room, 3, ActionBegun("rollback", "checkout", "kim"))
        at(room, 4, EffectMeasured(1, effect, "counted"))

        assert share == points(score(drill, room.entries, START))["one change at a time"]


def test_a_list_of_all_causes_earns_a_share(tmp_path: Path) -> None:
    """In one hypothesis, in one each, and in notes; what a check refuted is not listed any more, until it is opened again."""
    drill = drill_named("orders-fail")

    def share(room: Room) -> float:
        return points(score(drill, room.entries, START))["cause"]

    with room_in(tmp_path / "one") as room:
        at(room, 3, HypothesisAdded("checkout-v42 or the flag banner", ()))
        assert 1 / 2 == share(room)
    with room_in(tmp_path / "each") as room:
        at(room, 3, HypothesisAdded("the deploy v42", ()))
        at(room, 4, HypothesisAdded("the banner of the sale", ()))
        at(room, 5, Resolved("rolled back"))
        assert 1 / 2 == share(room)
        at(room, 6, checked(2, Outcome.REFUTED))
        assert 1 == share(room)
        at(room, 7, HypothesisReopened(2, "new data"))
        assert 1 / 2 == share(room)
    with room_in(tmp_path / "notes") as room:
        at(room, 3, Noted("It is not the cause: v42."))
        assert 0 == share(room)
        at(room, 4, Noted("v42, banner, dns, certificates, disk, memory or traffic"))
        assert 1 / 4 > share(room) > 0
        at(room, 5, HypothesisAdded("v42 fails on orders without a price", ()))
        assert 1 == share(room)


def test_a_good_run_names_its_cause_alone() -> None:
    """The truth of each drill, in its own words, keeps all its points."""
    for drill in drills():
        truth = drill.truth
        if truth.incident:
            for word in truth.cause:
                assert 1 == causes_named((f"{truth.explanation} ({word}).",), truth).share, drill.name
