"""Limits: what an answer lacks, in the order of how much it limits the answer: a card shows only the first of them."""

from collections.abc import Iterable, Mapping, Sequence

from lastgood.model.finding import Finding, Verdict
from lastgood.model.judgement import Amount

# fmt: off
LIMITS_IMPACT = Amount(1.0, "of weight of what limits whether it is real and when it began", "judgement: all other answers rest on it")
LIMITS_CAUSE = Amount(0.9, "of weight of what limits where it breaks and what did it", "judgement: it decides what to do")
LIMITS_SCOPE = Amount(0.6, "of weight of what limits who is affected and how badly", "judgement: it decides how fast, not what")
LIMITS_DETAIL = Amount(0.3, "of weight of what limits the rest", "judgement: it describes more than it decides")
LIMITS_PARTLY = Amount(0.5, "of the weight of a question, for a limit of its answer: the question is not open", "judgement: half of an answer is lost at most")
# fmt: on
_BY_QUESTION: Mapping[str, Amount] = {
    "confirm": LIMITS_IMPACT,
    "onset": LIMITS_IMPACT,
    "culprit": LIMITS_CAUSE,
    "path": LIMITS_CAUSE,
    "what_changed": LIMITS_CAUSE,
    "mitigation": LIMITS_CAUSE,
    "no_change": LIMITS_SCOPE,
    "us_or_them": LIMITS_SCOPE,
    "blast_radius": LIMITS_SCOPE,
    "severity": LIMITS_SCOPE,
    "failure_class": LIMITS_SCOPE,
}


def limits_of(findings: Sequence[Finding], *, moot: bool) -> tuple[str, ...]:
    """What could not be answered, and what answers lack, the heaviest first; `moot` leaves out open questions."""
    weights: dict[str, float] = {}
    for finding in findings:
        of_question = _BY_QUESTION.get(finding.name, LIMITS_DETAIL)
        if finding.verdict is Verdict.UNKNOWN and not moot:
            _take(weights, [f"{finding.question} {finding.because}"], of_question)
        _take(weights, finding.limits, of_question * LIMITS_PARTLY)
    heaviest = sorted(weights, key=lambda limit: -weights[limit])  # of equals in the order of the method
    return tuple(one for one in heaviest if not any(more.startswith(f"{one}: ") for more in heaviest))


def _take(weights: dict[str, float], limits: Iterable[str], weight: float) -> None:
    for limit in limits:
        weights[limit] = max(weight, weights.get(limit, 0.0))
