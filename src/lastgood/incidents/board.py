"""The board: how each hypothesis stands, folded from entries, and which check would best tell apart those alive."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from lastgood.algorithms.predictions.language import parse
from lastgood.algorithms.predictions.stances import Stance, stance
from lastgood.errors import QuerySyntaxError
from lastgood.model.entry import Entry, Triaged
from lastgood.model.hypothesis import (
    Board,
    Hypothesis,
    HypothesisAdded,
    HypothesisChecked,
    HypothesisReopened,
    HypothesisRuledOut,
    Predicted,
    PredictionResult,
    Separation,
    Standing,
)
from lastgood.model.prediction import EXPERIMENT, TIMING, Outcome

_DECIDED = frozenset({Outcome.SUPPORTED, Outcome.REFUTED, Outcome.UNTESTABLE})


def board_of(entries: Iterable[Entry]) -> Board:
    """The board that entries come to, in the order of their sequence."""
    found: list[Hypothesis] = []
    ended = False
    for entry in entries:
        match entry.payload:
            case HypothesisAdded():
                found.append(Hypothesis(len(found) + 1, entry.sequence, entry.payload, entry.actor, entry.at))
            case HypothesisChecked(number) | HypothesisRuledOut(number) | HypothesisReopened(number):
                if 1 <= number <= len(found):  # a newer version may number what this one cannot read
                    found[number - 1] = _after(found[number - 1], entry)
            case Triaged() as triaged:
                ended = triaged.ended is not None
            case _:
                pass
    return Board(tuple(found), separation(found, ended=ended))


def _after(one: Hypothesis, entry: Entry) -> Hypothesis:
    match entry.payload:
        case HypothesisChecked() as checked if not one.because:  # a person's word stands
            return _checked(one, checked, entry)
        case HypothesisRuledOut(_, because):
            return replace(one, standing=Standing.RULED_OUT, because=because, supported_at=None)
        case HypothesisReopened():
            return Hypothesis(one.number, one.entry, one.added, one.by, one.at)
        case _:
            return one


def _checked(one: Hypothesis, checked: HypothesisChecked, entry: Entry) -> Hypothesis:
    refuted = next((r for r in checked.results if r.decisive and r.checked.outcome is Outcome.REFUTED), None)
    standing = Standing.RULED_OUT if refuted else standing_of(checked.results)
    since = (one.supported_at or entry.at) if standing is Standing.SUPPORTED else None
    return replace(
        one,
        standing=standing,
        results=checked.results,
        checked_at=entry.at,
        checked_by=entry.sequence,
        decided_by=refuted,
        supported_at=since,
    )


def standing_of(results: Iterable[PredictionResult]) -> Standing:
    """How a hypothesis stands by results of which none rules it out.

    Supported: something measured that decides is, and nothing measured that decides is inconclusive; or the change was
    undone, and the harm went. Timing alone, other tests alone, or what no telemetry can show, supports nothing.
    """
    reported = tuple(results)
    if any(r.checked.kind == EXPERIMENT and r.checked.outcome is Outcome.SUPPORTED for r in reported):
        return Standing.SUPPORTED
    outcomes = {
        result.checked.outcome
        for result in reported
        if result.decisive and result.prediction is not None and result.checked.kind != TIMING
    }
    supported = Outcome.SUPPORTED in outcomes and Outcome.INCONCLUSIVE not in outcomes
    return Standing.SUPPORTED if supported else Standing.INCONCLUSIVE


def separation(hypotheses: Iterable[Hypothesis], *, ended: bool = False) -> Separation | None:
    """The open check that rules out most on average, either outcome being as likely; None when none would any.

    Once the impact has `ended`, no more of it can be measured: what was inconclusive stays so.
    """
    alive = [one for one in hypotheses if one.alive]
    options = [option for one in alive for option in _options(one, alive, ended=ended)]
    return max(
        options,
        key=lambda o: (
            len(o.claimed_by) + len(o.denied_by),
            min(len(o.claimed_by), len(o.denied_by)),  # of equals the one that rules out something either way
            -o.hypothesis,
            -o.prediction,
        ),
        default=None,
    )


def _options(one: Hypothesis, alive: list[Hypothesis], *, ended: bool) -> Iterator[Separation]:
    """What checking each undecided prediction of a hypothesis would do to all that are alive."""
    for place, predicted in enumerate(one.added.predictions):
        result = one.result(place)
        if result is None and predicted.lacks:
            continue  # the data could not test it when it was written; a check may still find that they can now
        if result and (ended or result.checked.outcome in _DECIDED or result.checked.kind == TIMING):
            continue
        claimed = [one.number] if predicted.key else []
        denied = []
        for other in alive:
            if other is one:
                continue
            stances = {_stance(theirs, predicted) for theirs in other.added.predictions if theirs.key}
            if Stance.SAME in stances:
                claimed.append(other.number)
            elif Stance.CONTRARY in stances:
                denied.append(other.number)
        if claimed or denied:
            yield Separation(one.number, place, tuple(sorted(claimed)), tuple(denied))


def _stance(theirs: Predicted, ours: Predicted) -> Stance:
    if theirs.sql or ours.sql:
        return Stance.SAME if (theirs.sql, theirs.normal) == (ours.sql, ours.normal) else Stance.SILENT
    try:
        return stance(parse(theirs.normal), parse(ours.normal))
    except QuerySyntaxError:  # of a newer version's language
        return Stance.SILENT
