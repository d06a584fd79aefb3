"""What the checks of known troubles found, on the record: answers of databases, evidence, and tests of hypotheses."""

from collections.abc import Iterable, Sequence

from lastgood.model.entry import Entry, Frozen
from lastgood.model.failure import FAILURES, FailureKind
from lastgood.model.finding import Finding, Verdict
from lastgood.model.hypothesis import HypothesisAdded, HypothesisChecked, PredictionResult
from lastgood.model.prediction import TEST, Checked, Outcome
from lastgood.model.trouble import TROUBLE_WORDS, CheckVerdict, LiveAnswer, Runbook, Trouble, TroublesAsked
from lastgood.workbench.asked_outside import Answered, keep, keep_failure
from lastgood.workbench.board import board
from lastgood.workbench.evidence import Seen
from lastgood.workbench.room import Room


def record(room: Room, asked: TroublesAsked, findings: Sequence[Finding], seen: Seen) -> None:
    """Every answer of a database; of each runbook that says yes its evidence, and its checks beside a hypothesis."""
    live = {answer.question: _kept(room, answer) for answer in asked.live}
    for finding in findings:
        if finding.verdict is Verdict.YES and isinstance(finding.answer, Runbook):
            before = len(room.entries)
            command = f"lastgood ask trouble --class {finding.answer.trouble}"
            seen.cite(room, finding, question=command)
            cited = [e.sequence for e in room.entries[before:] if isinstance(e.payload, Frozen)]
            cited += [entry.sequence for entry in live.values() if entry]
            _weigh(room, finding.answer, tuple(cited))


def _kept(room: Room, answer: LiveAnswer) -> Entry | None:
    if answer.problem:
        keep_failure(room, answer.database, answer.problem)
        return None
    command = f"lastgood ask trouble --database {answer.given or answer.database}"
    claim = f"{answer.question} of {answer.database}"
    return keep(
        room,
        Answered(claim, command, answer.database, answer.columns, answer.rows, answer.cut_off, answer.asked),
    )


def _weigh(room: Room, runbook: Runbook, cited: tuple[int, ...]) -> None:
    """The checks that say yes as tests of the hypothesis that this trouble is the cause; it is added where none is alive.

    They decide nothing alone: what is there need not be the cause.
    """
    triaged = room.incident.confirmed or room.incident.triaged
    if triaged is None or triaged.comparison is None:
        return
    about = f"trouble:{runbook.trouble}"
    alive = [
        one for one in board(room).hypotheses if one.alive and _is_about(one.added.about, runbook.trouble)
    ]
    if not alive:
        room.append(HypothesisAdded(TROUBLE_WORDS[runbook.trouble], (), about))
        alive = [board(room).hypotheses[-1]]
    first = alive[0]
    kept = tuple(result for result in first.results if result.prediction is not None)
    room.append(HypothesisChecked(first.number, triaged.comparison, (*kept, *_results(runbook, cited))))


def _is_about(about: str, trouble: Trouble) -> bool:
    kind, _, rest = about.partition(":")
    name = rest.partition(":")[0]
    if kind == "class" and name in {*FailureKind}:
        return FAILURES[FailureKind(name)].trouble is trouble
    return kind == "trouble" and name == trouble


def _results(runbook: Runbook, cited: tuple[int, ...]) -> Iterable[PredictionResult]:
    """What says yes; a no of one check refutes nothing, since a trouble has several faces."""
    for one in runbook.saying(CheckVerdict.YES):
        checked = Checked(one.question, Outcome.SUPPORTED, one.because, TEST)
        yield PredictionResult(None, checked, cited, decisive=False)
