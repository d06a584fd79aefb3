"""Hypotheses of an incident: proposed from the sitrep, added by people, checked against the telemetry, ruled out."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from lastgood.algorithms.predictions.language import Slot
from lastgood.errors import QueryFailedError, QuerySyntaxError, UsageError
from lastgood.hypotheses.causation import each_test
from lastgood.hypotheses.measurable import measurable
from lastgood.hypotheses.predictions import (
    Result,
    Scene,
    check,
    check_typed,
    written,
)
from lastgood.hypotheses.proposals import Known, proposals
from lastgood.hypotheses.restated import RESTATES, restates
from lastgood.model.entry import Entry
from lastgood.model.hypothesis import (
    Board,
    Hypothesis,
    HypothesisAdded,
    HypothesisChecked,
    HypothesisReopened,
    HypothesisRuledOut,
    Predicted,
    PredictionResult,
)
from lastgood.model.prediction import VALUE, Checked, Outcome
from lastgood.telemetry.measuring import Measuring
from lastgood.telemetry.reader import Rows
from lastgood.workbench.board import board
from lastgood.workbench.evidence import frozen
from lastgood.workbench.predictions import measuring_for, scene_of
from lastgood.workbench.room import Room, refuse_foreign
from lastgood.workbench.store import Store

QUESTION = "Does the prediction hold?"


def propose(room: Room, store: Store) -> tuple[Entry, ...]:
    """The suspects of the last sitrep as hypotheses, on the record; those that are on the board already stay."""
    said, measuring = room.incident.triaged, measuring_for(room, store)
    if said is None or measuring is None:
        return ()
    there = {one.added.about for one in board(room).hypotheses}
    peers = measuring.known(Slot(of="value", measure="errors", attribute="peer"))
    known = Known(measuring.metrics, peers)
    proposed = (one for one in proposals(said, known) if one.about not in there)
    return tuple(room.append(measurable(one, measuring)) for one in proposed)


def add(room: Room, text: str, predictions: Sequence[Predicted], change: str | None = None) -> Hypothesis:
    """The hypothesis as it stands on the board; the time of its entry is the time of its rules.

    `change` is the id of the change that it blames, where it blames one: that is tested as well.

    Raises:
        UsageError: it predicts nothing.
    """
    if not predictions and change is None:
        raise UsageError(
            "A hypothesis states what must be measured if it is right.",
            hint="Give at least one --predict, such as 'fails(issuer=ANZ) > 50%'.",
        )
    entry = room.append(HypothesisAdded(text, tuple(predictions), change=change))
    return next(one for one in board(room).hypotheses if one.entry == entry.sequence)


def check_hypotheses(
    room: Room, store: Store, number: int | None = None, *, trust_case: bool = False
) -> Board:
    """The board after every prediction of one hypothesis, or of all that are alive, was run as a query.

    The rows behind each result are in the record.

    Raises:
        UsageError: there is no such hypothesis, none at all, or no windows to compare.
        UntrustedCaseError: SQL of one came in with a case that is not trusted; none was checked.
    """
    there = board(room)
    chosen = (hypothesis(there, number),) if number is not None else _alive(there)
    if not trust_case:
        asked = {one.entry: "\n".join(p.sql for p in one.added.predictions if p.sql) for one in chosen}
        refuse_foreign(room, {entry: sql for entry, sql in asked.items() if sql}, "Its SQL")
    scene = scene_of(room, store)
    if scene is None:
        raise UsageError(
            "There is no good window to compare a bad one with.",
            hint="Let Lastgood choose them: `lastgood incident assess`; or give them: --from, --to and --baseline.",
        )
    measuring = store.measuring(scene.comparison)
    for one in chosen:
        results = tuple(
            _recorded(room, place, said, _checked(said, measuring, scene))
            for place, said in enumerate(one.added.predictions)
        )
        tested = _tested(room, one, measuring, scene)
        room.append(HypothesisChecked(one.number, scene.comparison, (*results, *tested)))
    return board(room)


def rule_out(room: Room, number: int, because: str) -> Board:
    """The board after a person ruled a hypothesis out.

    Raises:
        UsageError: there is no such hypothesis.
    """
    hypothesis(board(room), number)
    room.append(HypothesisRuledOut(number, because))
    return board(room)


def reopen(room: Room, number: int, because: str) -> Board:
    """The board after a person took a hypothesis up again.

    Raises:
        UsageError: there is no such hypothesis.
    """
    hypothesis(board(room), number)
    room.append(HypothesisReopened(number, because))
    return board(room)


def hypothesis(there: Board, number: int) -> Hypothesis:
    """The hypothesis of a number.

    Raises:
        UsageError: there is none; says which there are.
    """
    if 1 <= number <= len(there.hypotheses):
        return there.hypotheses[number - 1]
    last = len(there.hypotheses)
    raise UsageError(
        f"There is no hypothesis {number}.",
        hint=f"The last one is {last}."
        if last
        else "Add one: lastgood hypothesis add TEXT --predict PREDICTION",
    )


def _alive(there: Board) -> tuple[Hypothesis, ...]:
    if not there.hypotheses:
        raise UsageError(
            "There is no hypothesis yet.", hint="Add one: lastgood hypothesis add TEXT --predict PREDICTION"
        )
    return tuple(one for one in there.hypotheses if one.alive)


def _checked(said: Predicted, measuring: Measuring, scene: Scene) -> Result:
    """The result; what cannot be read or run any more is untestable, and the rest goes on."""
    try:
        if said.sql:
            return check_typed(said.sql, said.normal, measuring)
        return check(written(said.normal, measuring), measuring, scene)
    except (QuerySyntaxError, QueryFailedError) as problem:
        return Result(Checked(said.normal, Outcome.UNTESTABLE, problem.message, VALUE))


def _recorded(room: Room, place: int, said: Predicted, result: Result) -> PredictionResult:
    kept = _kept(room, result.evidence, f"{result.checked.prediction}: {result.checked.because}")
    triaged = room.incident.triaged
    if said.sql or triaged is None or not restates(written(said.normal), triaged):
        return PredictionResult(place, result.checked, kept, said.key)
    checked = replace(result.checked, limits=(*result.checked.limits, RESTATES))
    return PredictionResult(place, checked, kept, decisive=False)


def _tested(room: Room, one: Hypothesis, measuring: Measuring, scene: Scene) -> tuple[PredictionResult, ...]:
    """The tests of causation of the change that a hypothesis blames; else the checks of its runbook as they were."""
    if one.added.change is None:
        return tuple(result for result in one.results if result.prediction is None)
    return tuple(
        PredictionResult(
            None,
            found.checked,
            _kept(room, found.evidence, f"{found.checked.prediction}: {found.checked.because}"),
            decisive,
        )
        for found, decisive in each_test(one.added.change, measuring, scene, room.incident, room.now)
    )


def _kept(room: Room, evidence: Iterable[Rows], claim: str) -> tuple[int, ...]:
    return tuple(room.append(frozen(room.record, rows, claim, QUESTION)).sequence for rows in evidence)
