"""Blame: suspicions against services, explained away along the call graph, and ranked.

Every suspicion is of one kind of evidence with its own threshold, already turned into a strength between
0 and 1. Strengths of different kinds against one service combine as independent reasons do. A symptom
that a service may have caught from a callee counts only as far as the callee's own evidence leaves room.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import prod

from lastgood.algorithms.components import components

# Kinds of evidence saturate one by one, so that a strength is a cautious reading of them: weak ones are right less often
# than they say, strong ones more often (bench/calibration.py).
SHARPER = 1.5  # power of a strength's odds
UNSEEN = 0.7  # weight of a cause that left no evidence, beside those of the suspects
BLAME_MOST = 0.97  # nothing is certain
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
    reporter: str = ""  # who was seen to make a call no more, where the callee is suspected for it


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
    sure = min(BLAME_MOST, first / (first + second + UNSEEN))
    others = [
        min(s * (1 - strengths[0] / 2), sure * (s / max(strengths[0], SMALLEST))) for s in strengths[1:]
    ]
    return [sure, *others]


def _weight(strength: float) -> float:
    return float((min(strength, BLAME_MOST) / (1 - min(strength, BLAME_MOST))) ** SHARPER)


def suspects(
    suspicions: Iterable[Suspicion], callees: Mapping[str, Iterable[str]], *, least: float = 0.0
) -> list[Suspect]:
    """The suspects in strict order: strength, then damage, then name.

    `callees` maps a caller to those it calls. Services that call each other in a cycle are all callees of each other:
    what each shows by itself counts against the symptoms of the others. Suspects at or below `least` are left out.
    """
    by_service: dict[str, list[Suspicion]] = {}
    for suspicion in suspicions:
        by_service.setdefault(suspicion.service, []).append(suspicion)
    found = _judged(by_service, callees)
    return sorted(
        (s for s in found if s.strength > least),
        key=lambda s: (-round(s.strength, 9), -sum(x.damage for x in s.suspicions), s.service),
    )


def reachable(callees: Mapping[str, Iterable[str]]) -> dict[str, frozenset[str]]:
    """For each caller everything that it calls, directly or through others, without itself."""
    direct = {caller: frozenset(called) for caller, called in callees.items()}
    below: dict[str, frozenset[str]] = {}  # with itself, if it is in a cycle
    for members in components(direct):
        called = frozenset[str]().union(*(direct.get(member, ()) for member in members))
        whole = called.union(*(below[callee] for callee in called if callee in below))
        below |= dict.fromkeys(members, whole)
    return {caller: below[caller] - {caller} for caller in direct}


def _judged(
    by_service: Mapping[str, list[Suspicion]], callees: Mapping[str, Iterable[str]]
) -> Iterator[Suspect]:
    """Each service once: those below it are judged before, those in a cycle with it by all but the cycle."""
    further = reachable(callees)
    graph = {service: further.get(service, frozenset()) & by_service.keys() for service in by_service}
    judged: dict[str, Suspect] = {}
    for members in components(graph):
        below = [judged[callee] for callee in graph[members[0]] - set(members)]
        alone = {member: _judge(member, by_service[member], below) for member in members}
        for member in members:
            beside = [suspect for name, suspect in alone.items() if name != member]
            judged[member] = _judge(member, by_service[member], below + beside) if beside else alone[member]
    yield from judged.values()


def _judge(service: str, suspicions: Iterable[Suspicion], rivals: Iterable[Suspect]) -> Suspect:
    left: list[tuple[float, Suspicion]] = []
    taker: tuple[float, str] | None = None
    strongest = sorted(rivals, key=lambda rival: (-rival.strength, rival.service))
    for suspicion in suspicions:
        share, by = _explained(suspicion, strongest)
        if by is not None and (taker is None or share > taker[0]):
            taker = (share, by)
        left.append((suspicion.strength * (1 - share), suspicion))
    left.sort(key=lambda pair: (-pair[0], pair[1].kind, pair[1].because))
    return Suspect(
        service, _by_kind(left), tuple(suspicion for _, suspicion in left), taker[1] if taker else None
    )


def _explained(suspicion: Suspicion, strongest: Iterable[Suspect]) -> tuple[float, str | None]:
    """How much of a caught symptom the callees' own evidence explains, 0..1, and whose most: of equals the first by name."""
    best: tuple[float, str | None] = (0.0, None)
    if not suspicion.caught:
        return best
    for rival in strongest:
        if rival.strength < best[0]:
            break  # no rival after it explains more than its own strength
        shared = max(overlap(suspicion, own) * own.strength for own in rival.suspicions)
        share = min(rival.strength, shared)
        if share > best[0] or (share == best[0] and best[1] is not None and rival.service < best[1]):
            best = (share, rival.service)
    return best


def overlap(symptom: Suspicion, cause: Suspicion) -> float:
    """The share of the symptom's traces that show the cause too; all of them when it is not known."""
    if not symptom.traces or not cause.traces:
        return 1.0
    return len(symptom.traces & cause.traces) / len(symptom.traces)


def _by_kind(left: list[tuple[float, Suspicion]]) -> float:
    """Several findings of one kind are one reason, reported twice: the strongest of each kind counts."""
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
