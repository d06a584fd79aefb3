"""Hypotheses of whole incidents: proposed, added, checked, ruled out, on the record."""

from pathlib import Path

import pytest

from lastgood.errors import QuerySyntaxError, UntrustedCaseError, UsageError
from lastgood.model.entry import Frozen
from lastgood.model.hypothesis import Board, HypothesisAdded, HypothesisChecked, Predicted, Standing
from lastgood.model.prediction import Outcome
from lastgood.workbench.assess import assess
from lastgood.workbench.board import board
from lastgood.workbench.case_file import exported, imported
from lastgood.workbench.evidence import rerun
from lastgood.workbench.hypotheses import add, check_hypotheses, propose, reopen, rule_out
from lastgood.workbench.predictions import completed, doubts, measuring_for, predicted, typed
from lastgood.workbench.room import enter
from lastgood.workbench.store import Store
from records import ticking
from rooms import config_in, room_in
from scenario_language.asking import written
from workbench.test_assess import document

pytestmark = pytest.mark.slow  # whole answers, over a store each

SCENARIOS = Path(__file__).parents[1] / "scenarios"


def standings(found: Board) -> dict[str, Standing]:
    """How each stands, by its suspect or its text."""
    return {one.added.about or one.added.text: one.standing for one in found.hypotheses}


def outcomes(found: Board, number: int) -> list[Outcome]:
    """What the latest check of a hypothesis gave, prediction by prediction."""
    return [
        result.checked.outcome
        for result in found.hypotheses[number - 1].results
        if result.prediction is not None
    ]


def test_suspects_become_hypotheses_and_are_checked(store: Store, tmp_path: Path) -> None:
    """The pool starves: waiting up, queries flat; a change whose own effect cannot be seen stays undecided."""
    now = written(store, SCENARIOS / "incidents" / "pool_exhausted_query_flat.txt").whole.end
    with room_in(tmp_path, now=now) as room:
        assess(room, store, document)
        assert {Standing.OPEN} == set(standings(board(room)).values())
        before = len(room.entries)
        assert () == propose(room, store)

        found = check_hypotheses(room, store)

        reported = standings(found)
        assert Standing.SUPPORTED is reported["class:pool_starvation:bookings"]
        assert Standing.INCONCLUSIVE is reported["change:pool"]
        first = found.hypotheses[0]
        assert [p.normal for p in first.added.predictions] == [r.checked.prediction for r in first.results]
        cited = {number for one in found.hypotheses for result in one.results for number in result.evidence}
        kept = {e.sequence for e in room.entries[before:] if isinstance(e.payload, Frozen)}
        assert cited == kept
        for number in sorted(kept)[:4]:
            assert not (again := rerun(room, store, number)).gone
            assert not again.new


def test_a_person_writes_and_a_check_never_edits(store: Store, tmp_path: Path) -> None:
    """Every verdict beside the other, rules as they were written, and what would separate those alive."""
    now = written(store, SCENARIOS / "one_card_issuer.txt").whole.end
    with room_in(tmp_path, now=now) as room:
        assess(room, store, document)
        measuring = measuring_for(room, store)
        reported = (
            "fails(issuer=ANZ) > 50%",
            "fails(issuer!=ANZ) at baseline",
            "metric(db.pool.wait) at baseline",
        )
        one = add(room, "stripe changed 3DS for ANZ", [predicted(text, measuring) for text in reported])
        said = [predicted(text, measuring) for text in (*reported, "onset after 2026-11-20")]
        assert [reported[2]] == [doubt.split(": ")[1] for doubt in doubts(said)]
        assert ["", "", True] == [bool(p.lacks) or "" for p in one.added.predictions]
        query = typed("SELECT countIf(failed) FROM lg_requests WHERE phase = 'good'", "value > 1000")
        two = add(room, "it was always so", [query])
        few = add(room, "adyen too", [predicted("fails(issuer=ANZ, provider=adyen) at baseline", measuring)])
        added = [e.payload for e in room.entries if isinstance(e.payload, HypothesisAdded)]

        found = check_hypotheses(room, store)

        assert [Outcome.SUPPORTED, Outcome.SUPPORTED, Outcome.UNTESTABLE] == outcomes(found, one.number)
        assert [Outcome.REFUTED] == outcomes(found, two.number)
        assert [Outcome.INCONCLUSIVE] == outcomes(found, few.number)
        assert ["supported", "ruled_out", "inconclusive"] == [h.standing for h in found.hypotheses[-3:]]
        assert found.separation
        assert few.number == found.separation.hypothesis
        assert added == [h.added for h in found.hypotheses]
        assert "fails(card.issuer=ANZ) > 50%" == one.added.predictions[0].normal
        check_hypotheses(room, store)  # what is ruled out is not checked again
        checks = [e.payload.hypothesis for e in room.entries if isinstance(e.payload, HypothesisChecked)]
        assert 1 == checks.count(two.number)
        assert ("fails(card.issuer",) == completed(room, store, "fails(iss")
        with pytest.raises(QuerySyntaxError, match="could be several"):
            predicted("fails(id=x) rises", measuring)


def test_what_cannot_be_asked(store: Store, tmp_path: Path) -> None:
    """No predictions, no hypotheses, no such number, no windows, no rule."""
    with room_in(tmp_path) as room:
        with pytest.raises(UsageError, match="what must be measured"):
            add(room, "something", [])
        with pytest.raises(UsageError, match="no hypothesis yet"):
            check_hypotheses(room, store)
        add(room, "x", [Predicted("fails() rises", "fails() rises")])
        with pytest.raises(UsageError, match="no hypothesis 2"):
            rule_out(room, 2, "x")
        with pytest.raises(UsageError, match="no good window"):
            check_hypotheses(room, store)
        assert () == propose(room, store)


def test_a_person_rules_out_and_takes_up_again(tmp_path: Path) -> None:
    """With the reason on the record."""
    with room_in(tmp_path) as room:
        add(room, "x", [predicted("fails() rises", None)])

        assert [Standing.RULED_OUT] == [
            one.standing for one in rule_out(room, 1, "never deployed").hypotheses
        ]
        assert [Standing.OPEN] == [one.standing for one in reopen(room, 1, "it was").hypotheses]
        assert ["hypothesis-ruled-out", "hypothesis-reopened"] == [entry.kind for entry in room.entries[-2:]]


def test_sql_of_an_imported_case_runs_only_when_the_case_is_trusted(store: Store, tmp_path: Path) -> None:
    """It is shown; predictions are ours to translate and run, and so does SQL that is added after the import."""
    (tmp_path / "there").mkdir()
    now = written(store, SCENARIOS / "one_card_issuer.txt").whole.end
    with room_in(tmp_path, now=now) as room:
        assess(room, store, document)
        evidence = next(entry.sequence for entry in room.entries if isinstance(entry.payload, Frozen))
        asked = add(room, "theirs", [typed("SELECT count() FROM lg_requests", "value > 1")]).number
        reported = add(room, "theirs too", [predicted("fails(issuer=ANZ) > 50%", None)]).number
        exported(room, tmp_path / "case.zip", "")
    imported(config_in(tmp_path / "there"), ticking(), tmp_path / "case.zip")
    with enter(config_in(tmp_path / "there"), ticking(), actor="lee", now=now) as room:
        before = len(room.entries)

        for number in (asked, None):
            with pytest.raises(UntrustedCaseError, match="SELECT count"):
                check_hypotheses(room, store, number)
        with pytest.raises(UntrustedCaseError, match="SELECT"):
            rerun(room, store, evidence)
        assert before == len(room.entries)

        mine = add(room, "mine", [typed("SELECT count() FROM lg_requests", "value > 1")]).number
        for number in (reported, mine):
            assert [Outcome.SUPPORTED] == outcomes(check_hypotheses(room, store, number), number)
        own = room.entries[-2].sequence
        assert not rerun(room, store, own).gone
        assert [Outcome.SUPPORTED] == outcomes(check_hypotheses(room, store, asked, trust_case=True), asked)
        assert not rerun(room, store, evidence, trust_case=True).gone
