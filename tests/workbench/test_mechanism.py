"""What led to what, with its evidence."""

from pathlib import Path

from lastgood.inspections._registry import inspections
from lastgood.model.action import ActionBegun, Effect, EffectMeasured
from lastgood.model.answers import ChangesWeighed, Confirmation, Impact
from lastgood.model.entry import Reopened, Triaged
from lastgood.model.finding import Verdict
from lastgood.model.hypothesis import (
    HypothesisAdded,
    HypothesisChecked,
    HypothesisRuledOut,
    Predicted,
    PredictionResult,
)
from lastgood.model.prediction import Checked, Outcome
from lastgood.workbench.mechanism import Role, mechanism
from postmortems import ASSESSED, over
from rooms import room_in


def test_every_link_cites_the_evidence_of_its_question(tmp_path: Path) -> None:
    """Rows where it has some of its own, else the sitrep that says so."""
    words = {one.gives: one.question for one in inspections()}
    assert ("What changed?", "Is it real?") == (words[ChangesWeighed], words[Confirmation])

    with over(tmp_path) as room:
        chain = mechanism(room.incident, room.entries)

    assert [
        (Role.TRIGGER, (3,)), (Role.CAUSE, (2,)), (Role.CLASS, (2,)), (Role.BREAK, (2,)),
        (Role.SYMPTOM, (2,)), (Role.SPREAD, (2,)), (Role.USERS, (4,)),
    ] == [(link.role, link.cites) for link in chain]  # fmt: skip


def test_where_nothing_was_counted_what_was_seen_stands(tmp_path: Path) -> None:
    """An impact without a number says nothing."""
    with room_in(tmp_path) as room:
        room.append(
            Triaged("", Verdict.YES, "p95 is 0.9 s", impact=Impact(None, None, None, None, None, None))
        )

        assert [(Role.USERS, "p95 is 0.9 s", (2,))] == [
            (link.role, link.found, link.cites) for link in mechanism(room.incident, room.entries)
        ]


def test_without_a_sitrep_that_saw_it_there_is_no_chain(tmp_path: Path) -> None:
    """Nothing is made up."""
    with room_in(tmp_path) as room:
        assert () == mechanism(room.incident, room.entries)


def test_what_was_checked_and_what_ended_it_are_links_too(tmp_path: Path) -> None:
    """A hypothesis that holds up with the rows of its checks, an action that users recovered by; no others."""
    checked = Checked("fails(issuer=ANZ) > 50%", Outcome.SUPPORTED, "80 %", "share")
    windows = ASSESSED.comparison
    assert windows
    with over(
        tmp_path,
        HypothesisAdded("the format changed", (Predicted("fails(issuer=ANZ) > 50%", ""),)),
        HypothesisAdded("the pool is too small", ()),
        HypothesisChecked(1, windows, (PredictionResult(0, checked, (3, 4)),)),
        ActionBegun("flag_off", "anz-3ds", "lee"),
        EffectMeasured(13, Effect.RECOVERED, "0.2 % fail again"),
        ActionBegun("restart", "web", "lee"),
    ) as room:
        chain = mechanism(room.incident, room.entries)

    assert [(Role.SUPPORTED, (3, 4)), (Role.REVERSED, (13,))] == [(one.role, one.cites) for one in chain[-2:]]
    assert 9 == len(chain)


def test_what_is_ruled_out_set_nothing_off(tmp_path: Path) -> None:
    """The trigger is the suspected change whose hypothesis stands; none where none does."""
    first = ASSESSED.changes[0].change_id
    blamed = HypothesisAdded("it is the change", (Predicted("fails() rises", "fails() rises"),), change=first)
    with over(tmp_path, blamed) as room:
        assert Role.TRIGGER in {link.role for link in mechanism(room.incident, room.entries)}
    (tmp_path / "other").mkdir()
    with over(tmp_path / "other", blamed, HypothesisRuledOut(1, "it was never deployed")) as room:
        links = mechanism(room.incident, room.entries)

    assert first not in {getattr(link.found, "change_id", None) for link in links}


def test_an_action_without_credit_did_not_end_it(tmp_path: Path) -> None:
    """It is reported with what was measured; one before a reopening ended nothing."""
    act = ActionBegun("restart", "cart", "kim")
    with room_in(tmp_path / "a") as room:
        number = room.append(act).sequence
        room.append(
            EffectMeasured(number, Effect.RECOVERED_UNCREDITED, "recovered 25 min after restart cart")
        )
        assert [Role.UNCREDITED] == [link.role for link in mechanism(room.incident, room.entries)]
    with room_in(tmp_path / "b") as room:
        number = room.append(act).sequence
        room.append(EffectMeasured(number, Effect.RECOVERED, "0.2 % fail"))
        assert [Role.REVERSED] == [link.role for link in mechanism(room.incident, room.entries)]
        room.append(Reopened("it is back"))
        assert [] == [link.role for link in mechanism(room.incident, room.entries)]
