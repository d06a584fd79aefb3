"""Hypotheses of an incident: proposed from the sitrep, added by people, checked against the telemetry, ruled out."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

import orjson

from lastgood.algorithms.predictions.language import Slot, parse_pass
from lastgood.errors import QueryFailedError, QuerySyntaxError, UsageError
from lastgood.incidents.proposals import Known, proposals
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
from lastgood.model.window import Comparison, Window
from lastgood.telemetry.measuring import Measuring
from lastgood.telemetry.reader import Rows
from lastgood.workbench.board import board
from lastgood.workbench.causation import each_test
from lastgood.workbench.evidence import frozen
from lastgood.workbench.predictions import (
    Result,
    Scene,
    check,
    check_typed,
    completions,
    measuring_of,
    missing,
    written,
)
from lastgood.workbench.room import Room, refuse_foreign
from lastgood.workbench.store import Store

QUESTION = "Does the prediction hold?"


def scene_of(room: Room, store: Store) -> Scene | None:
    """The windows that predictions are held against: those of the sitrep, the bad one up to now while it goes on.

    None where the sitrep found none.
    """
    said = room.incident.triaged
    if said is None or said.comparison is None:
        return None
    comparison, holdings = said.comparison, store.survey()[0]
    held = holdings.telemetry_window
    if said.ended is None and not comparison.given and held:
        end = max(comparison.bad.end, min(room.now, held.end))
        comparison = Comparison(comparison.good, Window(comparison.bad.start, end))
    return Scene(comparison, _onset(room, said.document, said.since))


def measuring_for(room: Room, store: Store) -> Measuring | None:
    """A way to measure what the incident is about; None where no windows are known to compare."""
    scene = scene_of(room, store)
    return measuring_of(store, scene.comparison) if scene else None


def propose(room: Room, store: Store) -> tuple[Entry, ...]:
    """The suspects of the last sitrep as hypotheses, on the record; those that are on the board already stay."""
    said, measuring = room.incident.triaged, measuring_for(room, store)
    if said is None or measuring is None:
        return ()
    there = {one.added.about for one in board(room).hypotheses}
    peers = measuring.known(Slot(of="value", measure="errors", attribute="peer"))
    known = Known(measuring.metrics, peers)
    return tuple(room.append(one) for one in proposals(said, known) if one.about not in there)


def predicted(text: str, measuring: Measuring | None) -> Predicted:
    """What somebody predicts, with names as the store has them.

    Raises:
        QuerySyntaxError: it cannot be parsed, or a name could be several attributes.
    """
    return Predicted(text, str(written(text, measuring)))


def doubts(said: Iterable[Predicted], measuring: Measuring | None) -> Iterator[str]:
    """What keeps predictions from being tested, as things are."""
    for one in said if measuring else ():
        why = missing(written(one.normal), measuring) if measuring else None
        if why:
            yield f"untestable, as things are: {one.text}: {why}"


def completed(room: Room, store: Store, text: str) -> tuple[str, ...]:
    """Every way in which a prediction may go on."""
    return tuple(one.text for one in completions(text, measuring_for(room, store)))


def typed(sql: str, rule: str) -> Predicted:
    """A query that somebody typed, and the rule that its value must pass.

    Raises:
        QuerySyntaxError: the rule is none, or the query is not one SELECT that stays inside the store.
    """
    from lastgood.telemetry.sandbox import checked_select  # noqa: PLC0415 - its parser costs 0.6 s

    limit = parse_pass(rule)
    return Predicted(rule, f"value {limit}", checked_select(sql))


def add(room: Room, text: str, predictions: Sequence[Predicted], change: str | None = None) -> Hypothesis:
    """The hypothesis as it stands on the board; the time of its entry is the time of its rules.

    `change` is the id of the change that it blames, where it blames one: that is tested as well.

    Raises:
        UsageError: it predicts nothing.
    """
    if not predictions and change is None:
        raise UsageError(
            "A hypothesis says what must be measured if it is right.",
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
            hint="Let the sitrep find them: `lastgood incident assess`; or give them: --from, --to and --baseline.",
        )
    measuring = measuring_of(store, scene.comparison)
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
        hint=f"The last one is {last}." if last else "Add one: lastgood hypothesis add TEXT --predict …",
    )


def _alive(there: Board) -> tuple[Hypothesis, ...]:
    if not there.hypotheses:
        raise UsageError(
            "There is no hypothesis yet.", hint="Add one: lastgood hypothesis add TEXT --predict …"
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
    return PredictionResult(place, result.checked, kept, said.key)


def _tested(room: Room, one: Hypothesis, measuring: Measuring, scene: Scene) -> tuple[PredictionResult, ...]:
    """The tests of causation of the change that a hypothesis blames."""
    if one.added.change is None:
        return ()
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


def _onset(room: Room, document: str, since: datetime | None) -> tuple[datetime, datetime] | None:
    """When it began, as an interval: as the kept sitrep says, else the one time that the record has."""
    if since is None:
        return None
    told = orjson.loads(room.record.kept(document)).get("onset") or {}
    try:
        return datetime.fromisoformat(told["low"]), datetime.fromisoformat(told["high"])
    except (KeyError, ValueError, TypeError):
        return since, since
