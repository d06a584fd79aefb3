"""The board of hypotheses as a card: those alive with what was measured, those ruled out and by what, what to check next."""

from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from lastgood.model import figures
from lastgood.model.hypothesis import (
    Board,
    Hypothesis,
    HypothesisAdded,
    HypothesisChecked,
    HypothesisReopened,
    HypothesisRuledOut,
    PredictionResult,
    Search,
    Separation,
    Standing,
)
from lastgood.model.prediction import VALUE, Outcome
from lastgood.surfaces import numbers, wording
from lastgood.surfaces.card import Card, Row, Section, Tone
from lastgood.surfaces.findings import plain_values
from lastgood.surfaces.invocation import command

STANDINGS = {
    Standing.SUPPORTED: "supported",
    Standing.INCONCLUSIVE: "inconclusive",
    Standing.OPEN: "not checked",
    Standing.RULED_OUT: "ruled out",
}
NO_PREDICTION = (
    "no prediction: nothing in the data would show it and not the others; add one: lastgood hypothesis add"
)
# What the tests of causation ask, by the names that the record has for them.
_TESTS = {
    "timing": "it came before the onset",
    "recurrence": "earlier times had the same effect",
    "segment": "those who have it are affected more than the others",
    "dose": "the more requests have it, the more fail",
    "common cause": "nothing else was changed at that time",
    "reversal": "undone, the failures stop",
}
_TONES = {Standing.SUPPORTED: Tone.GOOD, Standing.RULED_OUT: Tone.QUIET}
_OUTCOME_TONES = {
    Outcome.SUPPORTED: Tone.GOOD,
    Outcome.REFUTED: Tone.BAD,
    Outcome.INCONCLUSIVE: Tone.WARN,
    Outcome.UNTESTABLE: Tone.QUIET,
}


def board_card(search: Search, now: datetime) -> Card:
    """Every hypothesis, and what to do next."""
    board = search.board
    alive = [one for one in board.hypotheses if one.alive]
    sections = (
        *(Section(numbers.hypothesis(one.number), tuple(_rows(one, now))) for one in alive),
        Section("RULED OUT", tuple(map(_ruled_out, board.standing(Standing.RULED_OUT)))),
        Section("NEXT", tuple(next_rows(search))),
    )
    supported = len(board.standing(Standing.SUPPORTED))
    return Card(
        headline=f"{figures.counted(len(alive), 'hypothesis', 'hypotheses')} not ruled out, {supported} supported",
        state="SUPPORTED" if supported else "OPEN",
        tone=Tone.GOOD if supported else Tone.WARN,
        sections=tuple(section for section in sections if section.rows),
    )


def next_rows(search: Search) -> Iterator[Row]:
    """What to do: escalate where the time box is over, and the check that would tell most."""
    board = search.board
    if search.unexplained is not None:
        whom = f"to {search.escalate_to}" if search.escalate_to else "(whom: [incident] escalate_to)"
        passed = figures.duration(search.unexplained.total_seconds())
        yield Row((f"{passed} without a supported cause: escalate {whom}",), Tone.BAD)
    if board.separation:
        check = command("hypothesis", "check", numbers.hypothesis(board.separation.hypothesis))
        yield Row((separation_line(board, board.separation),), command=check)
    elif no_check := no_check_line(board):
        yield Row((no_check,))


def no_check_line(board: Board) -> str:
    """That no open check rules out one of those alive, and what would be needed for one; empty where nothing is alive."""
    alive = [one for one in board.hypotheses if one.alive]
    needed = dict.fromkeys(why for one in alive for why in one.lacks)
    if needed:
        which = _numbers(tuple(one.number for one in alive if one.lacks))
        return f"the data cannot test {which}: {wording.listed(needed, 3)}; add such data, then check again"
    if len(alive) > 1:
        return "no open prediction could rule one of these out: add one on which they differ"
    return ""


def separation_line(board: Board, best: Separation) -> str:
    """The check that would best tell apart those alive, in one line."""
    one = board.hypotheses[best.hypothesis - 1]
    said, result = one.added.predictions[best.prediction], one.result(best.prediction)
    parts = (
        [f"if refuted, {_numbers(best.claimed_by)} {_are(best.claimed_by)} ruled out"]
        if best.claimed_by
        else []
    )
    parts += (
        [f"if supported, {_numbers(best.denied_by)} {_are(best.denied_by)} ruled out"]
        if best.denied_by
        else []
    )
    # A check fills in what is not known before: `version=new` is then a version.
    reported = said.sql or (result.checked.prediction if result else said.normal)
    return f"check `{reported}`: {'; '.join(parts)}"


def hypothesis_line(one: Hypothesis) -> str:
    """`supported: stripe changed 3DS`, with what ruled it out."""
    by = f" ({_ruled_by(one)})" if one.standing is Standing.RULED_OUT else ""
    standing = f"cannot be tested ({wording.listed(one.lacks, 2)})" if one.lacks else STANDINGS[one.standing]
    return f"{standing}: {one.added.text}{by}"


def standing_reason(one: Hypothesis) -> str:
    """By what it was ruled out or is supported, or what left it undecided."""
    if one.standing is Standing.RULED_OUT:
        return _ruled_by(one)
    supported = one.standing is Standing.SUPPORTED
    reported = [r for r in one.results if (r.checked.outcome is Outcome.SUPPORTED) is supported]
    reported = reported or [*one.results]  # supported without weight: it restates the incident
    untested = f"cannot be tested: {wording.listed(one.lacks, 2)}" if one.lacks else "nothing was checked"
    return "; ".join(_judged_line(result) for result in reported) or untested


def _judged_line(result: PredictionResult) -> str:
    """A result with its outcome where it is not supported: alone, its sentence would read as a claim."""
    outcome, line = result.checked.outcome, result_line(result, "")
    return line if outcome is Outcome.SUPPORTED else f"{outcome.value}: {line}"


def reported_line(
    reported: HypothesisAdded | HypothesisChecked | HypothesisRuledOut | HypothesisReopened,
) -> str:
    """An entry of the board in one line: `hypothesis 2 checked: 2 supported, 1 untestable`."""
    match reported:
        case HypothesisAdded(text, predictions, about):
            how = "proposed" if about else "added"
            return f"hypothesis {how}: {text} ({figures.counted(len(predictions), 'prediction')})"
        case HypothesisChecked(number, _, results):
            counts = Counter(result.checked.outcome for result in results)
            outcomes = ", ".join(f"{counts[outcome]} {outcome}" for outcome in Outcome if counts[outcome])
            return f"hypothesis {numbers.hypothesis(number)} checked: {outcomes or 'it has no prediction'}"
        case HypothesisRuledOut(number, because):
            return f"hypothesis {numbers.hypothesis(number)} ruled out: {because}"
        case HypothesisReopened(number, because):
            return f"hypothesis {numbers.hypothesis(number)} taken up again: {because}"


def board_document(board: Board) -> dict[str, Any]:
    """The board as JSON values."""
    return plain_values(board)


def _rows(one: Hypothesis, now: datetime) -> Iterator[Row]:
    checked = f", checked {figures.clock(one.checked_at, now)}" if one.checked_at else ""
    yield Row(
        (
            f"{'CANNOT BE TESTED' if one.lacks else STANDINGS[one.standing].upper()}{checked} · {one.added.text}",
        ),
        _TONES.get(one.standing, Tone.PLAIN),
    )
    if not one.added.predictions and one.added.about:
        yield Row((NO_PREDICTION,), Tone.WARN)
    for place, said in enumerate(one.added.predictions):
        result = one.result(place)
        reported = said.sql or said.normal
        if result is None:
            row = ("untestable", f"{reported}: {said.lacks}") if said.lacks else ("not checked", reported)
            yield Row(row, Tone.QUIET)
        else:
            yield Row(
                (result.checked.outcome.value, result_line(result, reported)),
                _OUTCOME_TONES[result.checked.outcome],
            )
    for result in one.results:
        if result.prediction is None:
            yield Row(
                (result.checked.outcome.value, result_line(result, "")),
                _OUTCOME_TONES[result.checked.outcome],
            )


def result_line(result: PredictionResult, reported: str) -> str:
    """`fails(card.issuer=ANZ) > 50%: 79.7 % of 296 requests (E34)`."""
    checked = result.checked
    said = (
        reported if reported and checked.kind == VALUE else _TESTS.get(checked.prediction, checked.prediction)
    )
    limits = f"; {'; '.join(checked.limits)}" if checked.limits else ""
    cited = f" ({', '.join(map(numbers.evidence, result.evidence))})" if result.evidence else ""
    return f"{said}: {checked.because}{limits}{cited}"


def _ruled_out(one: Hypothesis) -> Row:
    return Row((numbers.hypothesis(one.number), f"{one.added.text}; {_ruled_by(one)}"), Tone.QUIET)


def _ruled_by(one: Hypothesis) -> str:
    if one.decided_by is None:
        return one.because
    return f"refuted: {result_line(one.decided_by, '')}"


def _are(which: tuple[int, ...]) -> str:
    return "is" if len(which) == 1 else "are"


def _numbers(which: tuple[int, ...]) -> str:
    return ", ".join(map(numbers.hypothesis, which))
