"""Blame: suspicions against services, explained away along the call graph, and ranked.

Every suspicion is of one kind of evidence with its own threshold, already turned into a strength between
0 and 1. Strengths of different kinds against one service combine as independent reasons do. A symptom
that a service may have caught from a callee counts only as far as the callee's own evidence leaves room.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from math import prod

# Kinds of evidence saturate one by one, so that a strength is a cautious reading of them: weak ones are right less often
# than they say, strong ones more often (bench/calibration.py).
SHARPER = 1.5  # power of a strength's odds
UNSEEN = 0.7  # weight of a cause that left no evidence, beside those of the suspects
MOST = 0.97  # nothing is certain
SMALLEST = 1e-9


class Sign(StrEnum):
    """What a suspicion has seen."""

    SLOW = "slow"  # time spent
    FAILS = "fails"  # requests that fail, or lines that say so
    BREAKS = "breaks"  # a sequence that goes on another way; the component says between which two events
    LONGER = "longer"  # a sequence that goes on where it used to end
    USED = "used"  # a resource
    SILENT = "silent"


@dataclass(frozen=True, slots=True)
class Suspicion:
    """One reason to suspect a service.

    `caught` says that it may be the symptom of a callee's fault (a failed call, a broken sequence);
    otherwise it is the service's own (its processor, its network, its own time). `traces` are those that
    show it, as hash buckets; empty when it is not about traces.
    """

    service: str
    kind: str
    strength: float
    because: str
    caught: bool = False
    component: str | None = None
    sign: Sign = Sign.FAILS
    instance: str | None = None
    traces: frozenset[int] = frozenset()
    example: str = ""  # the id of a trace that shows it
    damage: float = 0.0  # decides between equals: seconds, requests or points


@dataclass(frozen=True, slots=True)
class Suspect:
    """A service with what is left of the suspicions against it, strongest first."""

    service: str
    strength: float
    suspicions: tuple[Suspicion, ...]
    explained_by: str | None = None  # the callee that takes most of the blame away

    @property
    def leading(self) -> Suspicion:
        """The strongest suspicion."""
        return self.suspicions[0]


@dataclass(slots=True)
class _Judging:
    by_service: Mapping[str, list[Suspicion]]
    callees: Mapping[str, frozenset[str]]
    judged: dict[str, Suspect] = field(default_factory=dict)


def combined(strengths: Iterable[float]) -> float:
    """The strength of independent reasons together, 0..1."""
    return 1 - prod(1 - min(max(s, 0.0), 1.0) for s in strengths)


def beliefs(strengths: Sequence[float]) -> list[float]:
    """How likely each of some suspects is the one, for strengths in falling order; they fall too.

    A strength weighs by its odds, s to 1 - s, sharpened. The first is believed by its part of its own weight, its
    best rival's and that of what left no evidence. The others are believed by what the first leaves over, and
    never more than it.
    """
    if not strengths:
        return []
    first, second = (_weight(strength) for strength in (strengths[0], max(strengths[1:], default=0.0)))
    sure = min(MOST, first / (first + second + UNSEEN))
    others = [
        min(s * (1 - strengths[0] / 2), sure * (s / max(strengths[0], SMALLEST))) for s in strengths[1:]
    ]
    return [sure, *others]


def _weight(strength: float) -> float:
    return float((min(strength, MOST) / (1 - min(strength, MOST))) ** SHARPER)


def suspects(
    suspicions: Iterable[Suspicion], callees: Mapping[str, Iterable[str]], *, least: float = 0.0
) -> list[Suspect]:
    """The suspects in strict order: strength, then damage, then name.

    `callees` maps a caller to those it calls; cycles are allowed. Suspects at or below `least` are left out.
    """
    by_service: dict[str, list[Suspicion]] = {}
    for suspicion in suspicions:
        by_service.setdefault(suspicion.service, []).append(suspicion)
    judging = _Judging(by_service, reachable(callees))
    found = [_judge(service, judging, ()) for service in sorted(by_service)]
    return sorted(
        (s for s in found if s.strength > least),
        key=lambda s: (-round(s.strength, 9), -sum(x.damage for x in s.suspicions), s.service),
    )


def reachable(callees: Mapping[str, Iterable[str]]) -> dict[str, frozenset[str]]:
    """For each caller everything that it calls, directly or through others, without itself."""
    direct = {caller: set(called) for caller, called in callees.items()}
    found: dict[str, frozenset[str]] = {}
    for caller, called in direct.items():
        seen: set[str] = set()
        waiting = list(called)
        while waiting:
            callee = waiting.pop()
            if callee not in seen:
                seen.add(callee)
                waiting += direct.get(callee, ())
        found[caller] = frozenset(seen - {caller})
    return found


def _judge(service: str, judging: _Judging, above: tuple[str, ...]) -> Suspect:
    if service in judging.judged:
        return judging.judged[service]
    below = judging.callees.get(service, frozenset()) - {service, *above}
    rivals = [
        _judge(callee, judging, (*above, service)) for callee in sorted(below) if callee in judging.by_service
    ]
    left: list[tuple[float, Suspicion]] = []
    taker: tuple[float, str] | None = None
    for suspicion in judging.by_service[service]:
        share, by = _explained(suspicion, rivals)
        if by is not None and (taker is None or share > taker[0]):
            taker = (share, by)
        left.append((suspicion.strength * (1 - share), suspicion))
    left.sort(key=lambda pair: (-pair[0], pair[1].kind, pair[1].because))
    suspect = Suspect(
        service, _by_kind(left), tuple(suspicion for _, suspicion in left), taker[1] if taker else None
    )
    if not above or not (judging.callees.get(service, frozenset()) & set(above)):
        judging.judged[service] = suspect  # seen inside a cycle, it was judged with rivals left out
    return suspect


def _explained(suspicion: Suspicion, rivals: list[Suspect]) -> tuple[float, str | None]:
    """How much of a caught symptom the callees' own evidence explains, 0..1, and whose most."""
    best: tuple[float, str | None] = (0.0, None)
    if not suspicion.caught:
        return best
    for rival in rivals:
        shared = max(overlap(suspicion, own) * own.strength for own in rival.suspicions)
        share = min(rival.strength, shared)
        if share > best[0]:
            best = (share, rival.service)
    return best


def overlap(symptom: Suspicion, cause: Suspicion) -> float:
    """The share of the symptom's traces that show the cause too; all of them when it is not known."""
    if not symptom.traces or not cause.traces:
        return 1.0
    return len(symptom.traces & cause.traces) / len(symptom.traces)


def _by_kind(left: list[tuple[float, Suspicion]]) -> float:
    """Several findings of one kind are one reason, told twice: the strongest of each kind counts."""
    strongest: dict[str, float] = {}
    for strength, suspicion in left:
        strongest[suspicion.kind] = max(strength, strongest.get(suspicion.kind, 0.0))
    return combined(strongest.values())


def own_damage(damage: Mapping[str, float], callees: Mapping[str, Iterable[str]]) -> dict[str, float]:
    """The damage of each service that its callees' damage does not account for, in the same unit.

    Damage is additive over calls (seconds lost, requests failed): a caller waits for its callees, so what
    they lost it lost too. A callee's gain is not a caller's loss.
    """
    return {
        service: lost
        - sum(max(0.0, damage.get(callee, 0.0)) for callee in set(callees.get(service, ())) - {service})
        for service, lost in damage.items()
    }
